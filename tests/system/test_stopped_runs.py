"""A run that is killed, interrupted or terminated goes on to the same bytes, and its exit code stays what it was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cli_calls import PROGRAM, SECONDS, anagen, files_of

STUDY = "exosome-vs-saline"
SMALL = ("--patients", "4", "--draws", "2", "--no-report")
LONG = ("run", STUDY, "--patients", "3", "--draws", "120", "--no-report", "--out", "out")
SHORT = ("run", STUDY, "--patients", "3", "--draws", "60", "--no-report", "--out", "out")
SHORT_TASKS = (
    "import sys, anagen.runs.tasks as tasks; tasks.SECONDS_PER_TASK = 0.2\n"
    "from anagen.cli.app import main\n"
    "if __name__ == '__main__': sys.exit(main())"
)
"""What the installed program calls, with runs cut into ten times as many parts, so that they can be short."""


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, ...], dict[str, bytes]]:
    written: dict[tuple[str, ...], dict[str, bytes]] = {}
    for command in (LONG, SHORT):
        folder = tmp_path_factory.mktemp("whole")
        finished = anagen(*command, cwd=folder)
        assert finished.returncode == 0, finished.stderr
        written[command] = files_of(folder / "out")
    return written


@pytest.fixture
def heeds_interruption() -> Iterator[None]:
    """Shells start background jobs deaf to Ctrl-C, and programs hand that down: a run under such tests would go on."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeds_interruption")
@pytest.mark.parametrize(
    ("end", "workers"),
    [
        (signal.SIGKILL, "1"),
        pytest.param(signal.SIGKILL, "2", marks=pytest.mark.long),
        (signal.SIGINT, "2"),
        pytest.param(signal.SIGTERM, "1", marks=pytest.mark.long),
    ],
)
def test_a_stopped_run_goes_on_to_the_same_bytes(
    tmp_path: Path, uninterrupted: dict[tuple[str, ...], dict[str, bytes]], end: signal.Signals, workers: str
) -> None:
    # two workers need parts so long that the others are not done before the stop is sent
    program, command = ([PROGRAM], LONG) if workers == "2" else ([sys.executable, "-c", SHORT_TASKS], SHORT)
    arguments = [*program, *command, "--workers", workers]
    running = subprocess.Popen(
        arguments, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    # A chunk per worker: one that is still starting does not know yet that Ctrl-C is left to its parent.
    wait_for(lambda: len(chunks(tmp_path)) >= int(workers), running)
    if end is signal.SIGINT:
        os.killpg(running.pid, end)  # as a terminal sends Ctrl-C
    else:
        running.send_signal(end)
    _, errors = running.communicate(timeout=SECONDS)
    assert running.returncode == (-end if end is signal.SIGKILL else 3), errors
    kept = {path: path.stat().st_mtime_ns for path in chunks(tmp_path)}
    assert kept
    assert not (tmp_path / "out").exists()
    if end is not signal.SIGKILL:
        assert "the same command goes on" in errors
        assert "Traceback" not in errors
    seen = watch_chunks(arguments, tmp_path, kept)
    assert seen, "what was kept is used, not computed again"
    assert files_of(tmp_path / "out") == uninterrupted[command]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.usefixtures("heeds_interruption")
def test_signals_after_an_interruption_was_told_change_nothing(tmp_path: Path) -> None:
    """Impatient people press Ctrl-C more than once: the exit code stays, and no traceback follows."""
    running = subprocess.Popen([PROGRAM, *LONG], cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: chunks(tmp_path), running)
    running.send_signal(signal.SIGINT)
    assert running.stderr is not None
    told = running.stderr.readline()
    while running.poll() is None:
        running.send_signal(signal.SIGINT)
        running.send_signal(signal.SIGTERM)
        time.sleep(0.001)
    assert running.returncode == 3
    assert "the same command goes on from there" in told
    assert running.stderr.read() == ""


@pytest.mark.usefixtures("heeds_interruption")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_interruption_while_a_result_is_printed_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    """The results are whole: "interrupted" would be followed by "exists already". A second one ends the printing."""
    from anagen.cli import summary

    shown = summary.print_summary

    def interrupted(times: int) -> Any:
        def show(document: Any) -> None:
            for _ in range(times):
                signal.raise_signal(number)
            shown(document)

        return show

    monkeypatch.setattr(summary, "print_summary", interrupted(1))
    once = anagen("run", STUDY, *SMALL, "--out", "once", cwd=tmp_path)
    assert (once.returncode, once.stderr) == (0, "") and "once" in once.stdout
    monkeypatch.setattr(summary, "print_summary", interrupted(2))
    twice = anagen("run", STUDY, *SMALL, "--out", "twice", cwd=tmp_path)
    assert (twice.returncode, twice.stdout) == (3, "")
    assert twice.stderr == "interrupted; the results are whole, in twice\n"
    assert files_of(tmp_path / "once") == files_of(tmp_path / "twice")


def chunks(folder: Path) -> list[Path]:
    return [path for path in (folder / "out.work").glob("*/chunk.json") if not path.parent.name.endswith(".partial")]


def watch_chunks(arguments: list[str], folder: Path, kept: dict[Path, int]) -> bool:
    """Runs the command; whether the kept chunks were still the same files while it ran and new ones appeared."""
    running = subprocess.Popen(arguments, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    wait_for(lambda: len(chunks(folder)) > len(kept), running)
    same = all(path.exists() and path.stat().st_mtime_ns == time_ for path, time_ in kept.items())
    _, errors = running.communicate(timeout=SECONDS)
    assert running.returncode == 0, errors
    return same


def wait_for(condition: Any, running: subprocess.Popen[str]) -> None:
    end = time.monotonic() + SECONDS
    while not condition():
        assert running.poll() is None, f"ended too early: {running.stderr.read() if running.stderr else ''}"
        assert time.monotonic() < end, "timed out"
        time.sleep(0.002)
