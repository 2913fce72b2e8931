"""Follicle-days per second: our kernel against C, NumPy, starsim, Mesa and plain Python on one process.

    python benchmarks/follicles.py [--quick] [--json] [--write] [--only ours,numpy]

Every contender simulates the process of peers/scenario.py on one core. A figure counts only where the contender's mean
number of visible hairs at every visit agrees with ours; otherwise the program ends with exit code 1.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from peers import c_program, compiled_kernel
from peers.scenario import FOLLICLES, RUN_IN, VISIT_WEEKS, Scenario, scenario

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
GREATEST_Z = 4.5
"""Largest difference allowed between two means, in standard errors; 13 visits and 4 contenders are compared."""
ROUNDING = 1e-9
BUSY = 0.7
"""Load per core above which the machine is called busy."""
ITEMS = ("ours", "c", "numpy", "starsim", "mesa", "python", "start")


@dataclass(frozen=True)
class Contender:
    """name, title, package; module in peers/; follicles of a quick and of a full run; ratio that we expect of ours."""

    name: str
    title: str
    package: str | None
    module: str
    quick: int
    full: int
    expected: float


PEERS = (
    Contender("numpy", "NumPy, daily automaton over arrays", "numpy", "numpy_daily", 52_000, 104_000, 30.0),
    Contender("starsim", "starsim, daily module", "starsim", "starsim_daily", 52_000, 104_000, 45.0),
    Contender("mesa", "Mesa, one agent per follicle", "mesa", "mesa_daily", 520, 2_600, 1000.0),
    Contender("python", "plain Python", None, "plain_python", 520, 2_600, math.nan),
)
EXPECTED_OF_C = 0.7


def main() -> int:
    """Measure, print, and write the page where asked."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, few repeats: under 50 s")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--write", action="store_true", help="write docs/benchmarks.md")
    parser.add_argument("--only", default=",".join(ITEMS), help=f"some of {','.join(ITEMS)}")
    parser.add_argument("--first-call", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.first_call:
        print(json.dumps(first_call()))
        return 0
    chosen = tuple(options.only.split(","))
    if unknown := [name for name in chosen if name not in ITEMS]:
        parser.error(f"unknown: {', '.join(unknown)}; choose from {', '.join(ITEMS)}")
    if options.write and set(chosen) != set(ITEMS):
        parser.error("the page holds every contender: --write goes without --only")
    report = measure(chosen, quick=options.quick, log=not options.json)
    if options.json:
        print(json.dumps(report, indent=2))
    else:
        print(table(report))
    if void := [entry["title"] for entry in report["contenders"] if entry["status"] == "void"]:
        print(f"void, because its means differ from ours: {', '.join(void)}", file=sys.stderr)
        return 1
    if options.write:
        PAGE.write_text(page(report), encoding="utf-8")
    return 0


def measure(chosen: tuple[str, ...], *, quick: bool, log: bool) -> dict[str, Any]:
    """Run the chosen contenders and compare them with ours."""
    case = scenario()
    load = os.getloadavg()[0] / (os.cpu_count() or 1)
    patients, repeats = (16 * compiled_kernel.BLOCK, 5) if quick else (32 * compiled_kernel.BLOCK, 11)
    days = patients * FOLLICLES * case.days
    ours = compiled_kernel.prepare(case, patients)
    sums = ours()
    entries = [
        measured("ours", "ours, one thread", version("numba", "numba"), timed(ours, repeats), days, log=log),
        measured(
            "ours_two_threads",
            "ours, two threads",
            version("numba", "numba"),
            timed(two := compiled_kernel.prepare(case, patients, threads=2), repeats),
            days,
            log=log,
            agrees=two().tobytes() == sums.tobytes(),
        ),
    ]
    share = sums[:, :, 0].mean(axis=0) / FOLLICLES
    reference = entries[0]["rate"]["median"]
    if "c" in chosen:
        entries.append(compare_with_c(case, patients, repeats, sums, log=log))
    for peer in PEERS:
        if peer.name in chosen:
            entries.append(compare(peer, case, share, patients * FOLLICLES, quick=quick, log=log))
    for entry in entries:
        if entry["status"] == "measured":
            entry["ours_is_times"] = reference / entry["rate"]["median"]
    return {
        "benchmark": "follicles",
        "quick": quick,
        "machine": {"processor": processor(), "cores": os.cpu_count(), "python": platform.python_version()},
        "busy": load > BUSY,
        "scenario": {"untreated_days": RUN_IN, "visit_weeks": VISIT_WEEKS, "days_per_follicle": case.days},
        "visible_share": share.tolist(),
        "contenders": entries,
        "targets": targets(entries),
        "start": start_up() if "start" in chosen else None,
    }


def timed(run: Callable[[], Any], repeats: int) -> list[float]:
    """Seconds of repeated calls, after one that is not counted."""
    run()
    seconds: list[float] = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - begin)
    return seconds


def measured(
    name: str, title: str, software: str, seconds: list[float], follicle_days: int, *, log: bool, **more: Any
) -> dict[str, Any]:
    """Entry of a contender that ran."""
    rates = sorted(follicle_days / s for s in seconds)
    rate = {"median": statistics.median(rates), "min": rates[0], "max": rates[-1], "repeats": len(rates)}
    if log:
        print(f"{title}: {rate['median']:.2e} follicle-days/s", file=sys.stderr)
    status = "measured" if more.get("agrees", True) else "void"
    return {"name": name, "title": title, "software": software, "status": status, "rate": rate, **more}


def missing(name: str, title: str) -> dict[str, Any]:
    """Entry of a contender that is not there."""
    return {"name": name, "title": title, "status": "not installed"}


def compare(
    peer: Contender, case: Scenario, share: np.ndarray, n_ours: int, *, quick: bool, log: bool
) -> dict[str, Any]:
    """Run a daily automaton; its share of visible follicles must agree with ours at every visit."""
    if peer.package is not None and importlib.util.find_spec(peer.package) is None:
        return missing(peer.name, peer.title)
    module = importlib.import_module(f"peers.{peer.module}")
    n, repeats = (peer.quick, 2) if quick else (peer.full, 5)
    counts: list[list[int]] = []

    def run() -> None:
        counts.append(module.run(case, n, seed=1 + len(counts)))

    seconds = timed(run, repeats)
    # every run has its own seed, so together they are a larger sample
    theirs = np.mean(counts, axis=0) / n
    error = np.sqrt(share * (1.0 - share) * (1.0 / n_ours + 1.0 / (n * len(counts))))
    z = float(np.abs((theirs - share) / error).max())
    return measured(
        peer.name,
        peer.title,
        version(peer.package, peer.package),
        seconds,
        n * case.days,
        log=log,
        follicles=n,
        largest_z=z,
        agrees=z < GREATEST_Z,
    )


def compare_with_c(case: Scenario, patients: int, repeats: int, sums: np.ndarray, *, log: bool) -> dict[str, Any]:
    """Run the C program, whose sums must be ours up to rounding."""
    title = "C, same events and draws"
    compiler = c_program.compiler()
    if compiler is None:
        return missing("c", title)
    run = c_program.prepare(case, patients)
    difference = float((np.abs(run() - sums) / np.maximum(np.abs(sums), 1.0)).max())
    return measured(
        "c",
        title,
        f"gcc {compiler.split()[-1]}",
        timed(run, repeats),
        patients * FOLLICLES * case.days,
        log=log,
        largest_difference=difference,
        agrees=difference < ROUNDING,
    )


def targets(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was expected of the kernel, and whether it holds."""
    expected = {peer.name: peer.expected for peer in PEERS if not math.isnan(peer.expected)} | {"c": EXPECTED_OF_C}
    return [
        {
            "against": entry["name"],
            "expected": expected[entry["name"]],
            "ratio": entry["ours_is_times"],
            "met": entry["ours_is_times"] >= expected[entry["name"]],
        }
        for entry in entries
        if entry["status"] == "measured" and entry["name"] in expected
    ]


def first_call() -> dict[str, float]:
    """In a fresh process, imports done: seconds to the first result and to one more."""
    times = [time.perf_counter()]
    run = compiled_kernel.prepare(scenario(), compiled_kernel.BLOCK)
    run()
    times.append(time.perf_counter())
    run()
    times.append(time.perf_counter())
    return dict(zip(("first", "second"), np.diff(times).tolist(), strict=True))


def start_up() -> dict[str, dict[str, float]]:
    """Two fresh processes one after the other: with an empty cache, then with what the first one left there."""
    with tempfile.TemporaryDirectory() as cache:
        environment: Mapping[str, str] = os.environ | {"NUMBA_CACHE_DIR": cache}
        command = [sys.executable, __file__, "--first-call"]
        answers: list[dict[str, float]] = []
        for _ in range(2):
            begin = time.perf_counter()
            process = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
            answers.append(json.loads(process.stdout) | {"process": time.perf_counter() - begin})
    return {"cold": answers[0], "cached": answers[1]}


def version(package: str | None, title: str | None) -> str:
    """Name and version of a package, or of the interpreter."""
    if package is None:
        return f"Python {platform.python_version()}"
    return f"{title} {importlib.metadata.version(package)}"


def processor() -> str:
    """Model name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def table(report: dict[str, Any]) -> str:
    """Markdown table of the contenders, and the sentences below it."""
    lines = [
        "| contender | version | follicle-days per second: median (min to max) | ours / this | agrees with ours |",
        "|---|---|---|---|---|",
    ]
    for entry in report["contenders"]:
        if entry["status"] == "not installed":
            lines.append(f"| {entry['title']} | not installed | | | |")
            continue
        rate = entry["rate"]
        ratio = f"{entry['ours_is_times']:.3g}" if "ours_is_times" in entry else "void"
        lines.append(
            f"| {entry['title']} | {entry['software']} | {rate['median']:.2e} ({rate['min']:.2e} to {rate['max']:.2e}, "
            f"{rate['repeats']} repeats) | {ratio} | {agreement(entry)} |"
        )
    lines.append("")
    for target in report["targets"]:
        lines.append(
            f"- expected at least {target['expected']:g} times {target['against']}: "
            f"{target['ratio']:.3g}, {'met' if target['met'] else 'missed'}"
        )
    if report["start"]:
        for name, seconds in report["start"].items():
            lines.append(
                f"- {name}: first result for {compiled_kernel.BLOCK} patients after {seconds['first']:.2f} s, the same "
                f"again in {seconds['second']:.3f} s, whole process {seconds['process']:.1f} s"
            )
    if report["busy"]:
        lines.append("- other programs were busy on this machine when the run began")
    return "\n".join(lines)


def agreement(entry: dict[str, Any]) -> str:
    """How closely a contender agrees with ours."""
    if "largest_difference" in entry:
        return f"every sum, to {entry['largest_difference']:.0e}"
    if "largest_z" in entry:
        return f"visible hairs, largest z {entry['largest_z']:.1f}"
    return "the reference" if entry["name"] == "ours" else "the same bytes"


def page(report: dict[str, Any]) -> str:
    """Text of docs/benchmarks.md."""
    machine, case = report["machine"], report["scenario"]
    return f"""# Benchmarks

Generated by `python benchmarks/follicles.py --write`; `--quick` gives a short run, `--json` one JSON document.

## Follicles

One process in several hands: men with androgenetic alopecia, {case["untreated_days"]} untreated days, then 48 weeks
of a treatment that builds up and wanes, read at {len(case["visit_weeks"])} visits; {FOLLICLES} follicles per patient in
16 classes of androgen sensitivity. A follicle is simulated for {case["days_per_follicle"]} days, and that is what
counts as follicle-days, whether a program steps through them or jumps from event to event. Before a figure counts, the
contender's mean number of visible hairs must agree with ours at every visit; the C program makes the same draws, so
all its sums must be ours up to rounding.

Machine: {machine["processor"]}, Python {machine["python"]}. One core unless the table says two. Compilation is not in
the table; it is told apart below (cold: a fresh process and an empty cache; cached: a fresh process after that one).

{table(report)}

Cold and cached times include the tables of the treatment. The C program follows one follicle after another, as one
would write it; ours carries many follicles through the untreated years at a time, which the compiler turns into vector
instructions, and copies the tables of a sensitivity class before it reads in them. That is why it can be faster than C:
the difference lies in the layout, not in the language. The daily automata run at a size that suits them: 104,000
follicles at once for NumPy and starsim, with starsim's common random numbers switched off. NumPy's speed rises with
that size (at 2,600 follicles it is about a seventh), ours does not depend on it.
"""


if __name__ == "__main__":
    sys.exit(main())
