"""CPU seconds, wall seconds and peak memory of a call or of a command.

Rates and ratios come from CPU seconds: on a machine with other work, wall seconds are those of the neighbours as well.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import Any

GLANCE = 0.02
"""Share of the time that a command has run for until its processes are looked at again."""
LEAST_GLANCE, MOST_GLANCE = 0.005, 0.25
"""Seconds; no two looks are nearer or farther apart."""


@dataclass(frozen=True)
class Seconds:
    """What a call took: CPU seconds and wall seconds."""

    cpu: float
    wall: float

    def plain(self) -> dict[str, float]:
        return asdict(self)


def on_one_thread(call: Callable[[], Any]) -> Seconds:
    """What a call takes that stays on this thread."""
    return _timed(call, time.thread_time)


def on_all_threads(call: Callable[[], Any]) -> Seconds:
    """What a call takes that works on several threads or processes; a process counts once it has ended."""
    return _timed(call, all_cpu_seconds)


def all_cpu_seconds() -> float:
    """CPU seconds of this process, and of those that it started and that have ended."""
    usages = getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def now() -> float:
    """Seconds by the clock on the wall, for what is measured from outside a process that answers."""
    return time.perf_counter()


def repeated(
    call: Callable[[], Any],
    repeats: int,
    *,
    measure: Callable[[Callable[[], Any]], Seconds] = on_one_thread,
    limit: float = float("inf"),
) -> list[Seconds]:
    """Several runs after one that is not counted; stops at the limit of CPU seconds, but not before one."""
    call()
    runs: list[Seconds] = []
    while len(runs) < repeats and (not runs or sum(run.cpu for run in runs) < limit):
        runs.append(measure(call))
    return runs


def medians(runs: Sequence[Seconds | Finished]) -> Seconds:
    """Medians of CPU and of wall seconds."""
    return Seconds(statistics.median(run.cpu for run in runs), statistics.median(run.wall for run in runs))


@dataclass(frozen=True)
class Finished:
    """A command that has ended.

    `processes` is how many were seen; `peak_mb` adds up the peak resident memory of each of them, which is more than
    was ever held at once where they peak apart or share pages; `largest_mb` is the peak of the largest.
    """

    code: int
    output: str
    errors: str
    cpu: float
    wall: float
    peak_mb: float
    largest_mb: float
    processes: int

    def plain(self) -> dict[str, Any]:
        """Its figures, without what it printed."""
        return {name: getattr(self, name) for name in ("cpu", "wall", "peak_mb", "largest_mb", "processes")}


def command(arguments: Sequence[str], *, folder: Path | None = None, more: Mapping[str, str] | None = None) -> Finished:
    """Run a command to its end; its figures hold those of every process that it starts and waits for."""
    looks: dict[int, list[float]] = {}
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        begin = time.perf_counter()
        process = subprocess.Popen(
            arguments,
            stdout=output,
            stderr=errors,
            stdin=subprocess.DEVNULL,
            cwd=folder,
            env={**os.environ, **(more or {})},
        )
        while True:
            for pid in family(process.pid):
                looks.setdefault(pid, []).append(peak_of(pid))
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(min(max(GLANCE * (time.perf_counter() - begin), LEAST_GLANCE), MOST_GLANCE))
        wall = time.perf_counter() - begin
        # waited for here, so that Popen must not wait again
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        # the kernel's figure of the largest one: exact, and all there is without /proc
        # one that was seen once may be a copy of its parent that was about to become another program
        peaks = {pid: max(seen[-2:]) for pid, seen in looks.items() if len(seen) > 1 or pid == process.pid}
        largest = max(usage.ru_maxrss / (2.0**20 if sys.platform == "darwin" else 1024.0), *peaks.values())
        return Finished(
            code=process.returncode,
            output=output.read(),
            errors=errors.read(),
            cpu=usage.ru_utime + usage.ru_stime,
            wall=wall,
            peak_mb=max(sum(peaks.values()), largest),
            largest_mb=largest,
            processes=max(1, len(peaks)),
        )


def family(pid: int) -> list[int]:
    """A process and all that descend from it; itself alone where /proc does not tell."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found.extend(int(child) for child in children.read_text().split())
            except OSError:
                continue  # it has ended since
    return found


def peak_of(pid: int) -> float:
    """Peak resident memory of a process so far [MB]; 0 where it has ended or /proc does not tell."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024.0 for line in lines if line.startswith("VmHWM")), 0.0)


def _timed(call: Callable[[], Any], clock: Callable[[], float]) -> Seconds:
    begin, cpu = time.perf_counter(), clock()
    call()
    return Seconds(clock() - cpu, time.perf_counter() - begin)
