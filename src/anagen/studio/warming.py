"""Compiles kernels in the background at the first start, so that the first page of a visitor need not wait for it.

What was compiled lies beside the sources, or in the user's cache; a note in the studio's folder says that it was done
for these sources on this machine, so that later starts do nothing.
"""

from __future__ import annotations

import logging
import os
import platform
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

from anagen.core.provenance import sha256_of_json, source_sha256

NOTE = "ready.txt"
NICENESS = 5
log = logging.getLogger("anagen.studio")


@dataclass
class Warming:
    """The process that compiles, as the server sees it.

    Attributes
    ----------
    folder : Path
        Of the studio.
    """

    folder: Path
    _process: subprocess.Popen[bytes] | None = field(init=False, default=None)
    _over: threading.Event = field(init=False, default_factory=threading.Event)

    @property
    def is_active(self) -> bool:
        """Whether kernels are being compiled now."""
        return self._process is not None and not self._over.is_set()

    def start(self) -> None:
        """Compile, unless that was done."""
        note = self.folder / NOTE
        if note.is_file() and note.read_text(encoding="utf-8") == compiled_here():
            return
        command = [sys.executable, "-m", "anagen.studio.warming", str(note)]
        logs = self.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        with (logs / "getting-ready.log").open("wb") as output:
            self._process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
            )
        threading.Thread(target=self._wait, name="warming", daemon=True).start()

    def close(self) -> None:
        """Give up what is still being compiled."""
        if self._process is not None and not self._over.is_set():
            self._process.terminate()

    def _wait(self) -> None:
        assert self._process is not None
        code = self._process.wait()
        self._over.set()
        if code > 0:
            log.warning("kernels could not be compiled ahead; they are compiled when they are needed (code %d)", code)


def compiled_here() -> str:
    """What decides whether kernels have to be compiled again.

    Returns
    -------
    str
        A hash of the sources, of Python, of numba and of the machine.
    """
    from importlib.metadata import version

    return sha256_of_json([source_sha256(), sys.version, version("numba"), platform.machine(), platform.node()])


def main() -> int:
    """Run what reaches the kernels of pages and trials, and note that it was done.

    Returns
    -------
    int
        Exit code.
    """
    os.nice(NICENESS)
    # only here: the server asks for none of this
    from anagen.prognoses.result import prognosis
    from anagen.runs.result import run
    from anagen.study.shipped import DEMO

    run(DEMO, patients=4, draws=1)
    run("olsen-2002-minoxidil", patients=4, draws=1)
    prognosis({}, ["minoxidil"], draws=20, each=2)
    Path(sys.argv[1]).write_text(compiled_here(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
