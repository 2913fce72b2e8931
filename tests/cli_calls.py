"""The command line as tests call it: in this process, or as a process of its own where that is the point.

A fresh process costs two seconds of imports and loads the compiled kernels again, so `anagen` calls `main`, which the
installed program calls too, and gives what a user would see: exit code, standard output, standard error with warnings.
"""

from __future__ import annotations

import contextlib
import gc
import io
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

PROGRAM = str(Path(sys.executable).with_name("anagen"))
SECONDS = 240
SILENT = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
"""Warnings that Python does not show its users."""


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left behind in the terminal."""

    returncode: int
    stdout: str
    stderr: str


def anagen(*arguments: str, cwd: Path) -> Finished:
    """Run a command in this process, as if it had been started in `cwd` with its output in a pipe."""
    from anagen.cli.app import main

    output, errors = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd),
        patch.object(sys, "argv", ["anagen", *arguments]),
        contextlib.redirect_stdout(output),
        contextlib.redirect_stderr(errors),
        _process_settings_kept(),
        warnings.catch_warnings(record=True) as raised,
    ):
        warnings.resetwarnings()
        for category in SILENT:
            warnings.simplefilter("ignore", category)
        code = main()
    shown = "".join(warnings.formatwarning(each.message, each.category, each.filename, each.lineno) for each in raised)
    return Finished(code, output.getvalue(), errors.getvalue() + shown)


def anagen_process(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the installed program."""
    command = [PROGRAM, *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=SECONDS, check=False)


def files_of(folder: Path) -> dict[str, bytes]:
    """Bytes of every file below a folder, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextlib.contextmanager
def _process_settings_kept() -> Iterator[None]:
    """The program sets signals and garbage collection for its own process, which here is that of the tests."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    threshold = gc.get_threshold()
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        for number, handler in handlers.items():
            signal.signal(number, handler)
