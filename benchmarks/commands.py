"""What the commands cost: CPU seconds, wall seconds and peak memory of each as a process.

    python benchmarks/commands.py [--quick] [--json] [--write] [--only help,check]

A command is run once without counting, so that its kernels lie compiled in the cache, and then up to three times; the
row "cold" has an empty cache. Every figure is that of whole processes, interpreter and imports included.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from measuring.asked import hand_over, parser, verdict
from measuring.cost import Finished, command
from measuring.machine import machine, sentence

PAGE = "benchmarks/commands.md"
ANAGEN = ("-m", "anagen")
OUT = "OUT"
"""Stands for a new name in a folder of its own."""
REPEATS = 3
ENOUGH = 60.0
"""CPU seconds of counted runs after which no further one begins."""
CLOCKS = {"cpu": "CPU s", "wall": "s on the clock"}


@dataclass(frozen=True)
class Case:
    """name; arguments of the interpreter, and those of a quick run, None to leave it out; seconds allowed; cold."""

    name: str
    arguments: tuple[str, ...]
    quick: tuple[str, ...] | None
    cpu: float | None = None
    wall: float | None = None
    cold: bool = False


def of_anagen(*arguments: str) -> tuple[str, ...]:
    return (*ANAGEN, *arguments)


STUDY = "exosome-vs-saline"
START = (str(Path(__file__).parent / "peers" / "network_start.py"),)
FEW = of_anagen("run", STUDY, "--patients", "4", "--draws", "1", "--no-report", "--out", OUT)
CASES = (
    Case("help", of_anagen("--help"), of_anagen("--help")),
    Case("check", of_anagen("check", STUDY), of_anagen("check", STUDY)),
    Case("network start", START, START, cpu=0.5),
    Case("demo", of_anagen("demo", "--out", OUT), None),
    Case("demo with 200 draws", of_anagen("run", STUDY, "--draws", "200", "--out", OUT), FEW, cpu=10.0, wall=6.0),
    Case("demo, cold", of_anagen("demo", "--out", OUT), None, cpu=20.0, cold=True),
    Case("explain", of_anagen("explain", STUDY, "--arm", "exosome", "--out", OUT), None, cpu=10.0),
    Case("validate one study", of_anagen("validate", "olsen-2002-minoxidil", "--out", OUT), None, cpu=8.0),
    Case("credibility", of_anagen("credibility", STUDY, "--out", OUT), None, cpu=50.0),
    Case(
        "compare two drugs",
        of_anagen("compare", "minoxidil", "finasteride", "--draws", "200", "--out", OUT),
        of_anagen("compare", "minoxidil", "finasteride", "--draws", "0", "--patients", "10", "--out", OUT),
        cpu=9.0,
    ),
)


def main() -> int:
    """Run the commands, print, and write the page where asked."""
    options = parser(__doc__, PAGE, "commands that are done at once, and two with few patients: under 30 s")
    options.add_argument("--only", default="", help=f"some of: {', '.join(case.name for case in CASES)}")
    chosen = options.parse_args()
    cases = picked(chosen, options)
    here = machine()
    rows = [figures(case, quick=chosen.quick) for case in cases]
    found = {"benchmark": "commands", "quick": chosen.quick, "machine": here, "commands": rows}
    hand_over(found, chosen, PAGE, page)
    return 0


def picked(chosen: argparse.Namespace, options: argparse.ArgumentParser) -> list[Case]:
    """The commands that were asked for."""
    names = [name.strip() for name in chosen.only.split(",") if name.strip()]
    known = {case.name: case for case in CASES if not chosen.quick or case.quick is not None}
    if unknown := [name for name in names if name not in known]:
        options.error(f"unknown: {', '.join(unknown)}; choose from {', '.join(known)}")
    if chosen.write and names:
        options.error("the page holds every command: --write goes without --only")
    return [known[name] for name in names or known]


def figures(case: Case, *, quick: bool) -> dict[str, Any]:
    """Medians of a command, and whether it keeps to what is allowed."""
    arguments = (case.quick or ()) if quick else case.arguments
    runs: list[Finished] = []
    if not quick and not case.cold:
        finished(arguments, cold=False)
    while not runs or (not quick and len(runs) < REPEATS and sum(run.cpu for run in runs) < ENOUGH):
        runs.append(finished(arguments, cold=case.cold))
    middle = {
        name: statistics.median(getattr(run, name) for run in runs) for name in ("cpu", "wall", "peak_mb", "processes")
    }
    # a short run asks for less than the figures were set for
    limits = {} if quick else {clock: getattr(case, clock) for clock in CLOCKS}
    allowed = {clock: limit for clock, limit in limits.items() if limit is not None}
    return {
        "name": case.name,
        "command": told(arguments),
        "runs": len(runs),
        **middle,
        "allowed": allowed,
        "verdicts": {clock: verdict(middle[clock], limit) for clock, limit in allowed.items()},
    }


def finished(arguments: tuple[str, ...], *, cold: bool) -> Finished:
    """One run of a command in a folder of its own; an error where it fails."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        place = {"NUMBA_CACHE_DIR": str(here / "cache")} if cold else {}
        with_place = [str(here / "out") if part == OUT else part for part in arguments]
        run = command([sys.executable, *with_place], folder=here, more=place)
    if run.code:
        raise RuntimeError(f"{told(arguments)} ended with exit code {run.code}\n{run.errors}")
    return run


def told(arguments: tuple[str, ...]) -> str:
    """A command as one would type it.

    Examples
    --------
    >>> told(of_anagen("demo", "--out", OUT))
    'anagen demo --out OUT'
    """
    words = ["anagen", *arguments[2:]] if arguments[:2] == ANAGEN else ["python", Path(arguments[0]).name]
    return " ".join(words)


def page(found: dict[str, Any]) -> str:
    """Text of docs/benchmarks/commands.md."""
    lines = ["| | command | CPU s | s on the clock | peak MB | runs | allowed |", "|---|---|---|---|---|---|---|"]
    for row in found["commands"]:
        allowed = "; ".join(
            f"{limit:g} {CLOCKS[clock]}: {row['verdicts'][clock]}" for clock, limit in row["allowed"].items()
        )
        lines.append(
            f"| {row['name']} | `{row['command']}` | {row['cpu']:.2f} | {row['wall']:.2f} | {row['peak_mb']:.0f} | "
            f"{row['runs']} | {allowed} |"
        )
    table = "\n".join(lines)
    return f"""# What the commands cost

Generated by `python benchmarks/commands.py --write`; `--quick` gives a short run, `--json` one JSON document.

{sentence(found["machine"])}

{table}

Medians of whole processes, interpreter and imports included; memory adds up the peaks of all processes of a command.
Kernels lie compiled in the cache, but for the row "cold", whose cache is empty.
"""


if __name__ == "__main__":
    sys.exit(main())
