"""Follicle-days per second: our kernel against C, NumPy, starsim, Mesa and plain Python on one process.

    python benchmarks/follicles.py [--quick] [--json] [--write] [--only ours,numpy]

Every contender simulates the process of peers/scenario.py on one core; rates and ratios are per CPU second. A figure
counts only where the contender's mean number of visible hairs at every visit agrees with ours; otherwise the program
ends with exit code 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import statistics
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from measuring.asked import hand_over, parser, verdict
from measuring.cost import Seconds, command, on_all_threads, on_one_thread, repeated
from measuring.machine import machine, sentence, version
from peers import c_program, compiled_kernel
from peers.scenario import FOLLICLES, RUN_IN, VISIT_WEEKS, Scenario, scenario

PAGE = "benchmarks.md"
GREATEST_Z = 4.5
"""Largest difference allowed between two means, in standard errors; 13 visits and 4 contenders are compared."""
ROUNDING = 1e-9
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
    options = asked()
    if options.first_call:
        print(json.dumps(first_call()))
        return 0
    report = measure(tuple(options.only.split(",")), quick=options.quick, log=not options.json)
    void = [entry["title"] for entry in report["contenders"] if entry["status"] == "void"]
    if void:
        options.write = False
    hand_over(report, options, PAGE, page)
    if void:
        print(f"void, because its means differ from ours: {', '.join(void)}", file=sys.stderr)
        return 1
    return 0


def asked() -> argparse.Namespace:
    """The command line, checked."""
    options = parser(__doc__, PAGE, "small sizes, few repeats: under 50 s")
    options.add_argument("--only", default=",".join(ITEMS), help=f"some of {','.join(ITEMS)}")
    options.add_argument("--first-call", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    names = chosen.only.split(",")
    if unknown := [name for name in names if name not in ITEMS]:
        options.error(f"unknown: {', '.join(unknown)}; choose from {', '.join(ITEMS)}")
    if chosen.write and set(names) != set(ITEMS):
        options.error("the page holds every contender: --write goes without --only")
    return chosen


def measure(chosen: tuple[str, ...], *, quick: bool, log: bool) -> dict[str, Any]:
    """Run the chosen contenders and compare them with ours."""
    case, here = scenario(), machine()
    patients, repeats = (16 * compiled_kernel.BLOCK, 5) if quick else (32 * compiled_kernel.BLOCK, 11)
    days = patients * FOLLICLES * case.days
    ours = compiled_kernel.prepare(case, patients)
    two = compiled_kernel.prepare(case, patients, threads=2)
    sums, of_two = ours(), two()
    numba = version("numba")
    entries = [
        measured("ours", "ours, one thread", numba, repeated(ours, repeats), days, log=log),
        measured(
            "ours_two_threads",
            "ours, two threads",
            numba,
            repeated(two, repeats, measure=on_all_threads),
            days,
            log=log,
            agrees=of_two.tobytes() == sums.tobytes(),
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
        "machine": here,
        "scenario": {"untreated_days": RUN_IN, "visit_weeks": VISIT_WEEKS, "days_per_follicle": case.days},
        "visible_share": share.tolist(),
        "contenders": entries,
        "targets": targets(entries),
        "start": start_up() if "start" in chosen else None,
    }


def measured(
    name: str, title: str, software: str, runs: Sequence[Seconds], follicle_days: int, *, log: bool, **more: Any
) -> dict[str, Any]:
    """Entry of a contender that ran: follicle-days per CPU second, and per wall second beside it."""
    rates = sorted(follicle_days / run.cpu for run in runs)
    rate = {"median": statistics.median(rates), "min": rates[0], "max": rates[-1], "repeats": len(rates)}
    wall = statistics.median(follicle_days / run.wall for run in runs)
    if log:
        print(f"{title}: {rate['median']:.2e} follicle-days per CPU second", file=sys.stderr)
    status = "measured" if more.get("agrees", True) else "void"
    return {
        "name": name,
        "title": title,
        "software": software,
        "status": status,
        "rate": rate,
        "rate_by_wall_clock": wall,
        **more,
    }


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

    runs = repeated(run, repeats, measure=on_all_threads)
    # every run has its own seed, so together they are a larger sample
    theirs = np.mean(counts, axis=0) / n
    error = np.sqrt(share * (1.0 - share) * (1.0 / n_ours + 1.0 / (n * len(counts))))
    z = float(np.abs((theirs - share) / error).max())
    return measured(
        peer.name,
        peer.title,
        version(peer.package),
        runs,
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
        repeated(run, repeats),
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


def first_call() -> dict[str, dict[str, float]]:
    """In a fresh process, imports done: seconds to the first result and to one more."""
    made: list[Any] = []

    def first() -> None:
        made.append(compiled_kernel.prepare(scenario(), compiled_kernel.BLOCK))
        made[0]()

    return {
        "first": on_all_threads(first).plain(),
        "second": on_one_thread(made[0]).plain(),
    }


def start_up() -> dict[str, dict[str, Any]]:
    """Two fresh processes one after the other: with an empty cache, then with what the first one left there."""
    answers: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as cache:
        for _ in range(2):
            process = command([sys.executable, __file__, "--first-call"], more={"NUMBA_CACHE_DIR": cache})
            if process.code:
                raise RuntimeError(process.errors)
            answers.append(json.loads(process.output) | {"process": process.plain()})
    return {"cold": answers[0], "cached": answers[1]}


def table(report: dict[str, Any]) -> str:
    """Markdown table of the contenders, and the sentences below it."""
    lines = [
        "| contender | version | follicle-days per CPU second: median (min to max) | per wall second | ours / this | "
        "agrees with ours |",
        "|---|---|---|---|---|---|",
    ]
    for entry in report["contenders"]:
        if entry["status"] == "not installed":
            lines.append(f"| {entry['title']} | not installed | | | | |")
            continue
        rate = entry["rate"]
        ratio = f"{entry['ours_is_times']:.3g}" if "ours_is_times" in entry else "void"
        lines.append(
            f"| {entry['title']} | {entry['software']} | {rate['median']:.2e} ({rate['min']:.2e} to {rate['max']:.2e}, "
            f"{rate['repeats']} repeats) | {entry['rate_by_wall_clock']:.2e} | {ratio} | {agreement(entry)} |"
        )
    lines.append("")
    for target in report["targets"]:
        lines.append(
            f"- expected at least {target['expected']:g} times {target['against']}: "
            f"{target['ratio']:.3g}, {verdict(target['ratio'], target['expected'], at_least=True)}"
        )
    for name, start in (report["start"] or {}).items():
        lines.append(
            f"- {name}: first result for {compiled_kernel.BLOCK} patients after {start['first']['cpu']:.2f} CPU s, the "
            f"same again in {start['second']['cpu']:.3f}, whole process {start['process']['cpu']:.1f} CPU s "
            f"({start['process']['wall']:.1f} s on the clock)"
        )
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
    case = report["scenario"]
    return f"""# Benchmarks

Generated by `python benchmarks/follicles.py --write`; `--quick` gives a short run, `--json` one JSON document. Other
pages: [a trial planner's question](benchmarks/power.md), [commands](benchmarks/commands.md),
[memory](benchmarks/memory.md), [the signalling network](benchmarks/network.md). All rates and ratios are taken from CPU
seconds, which other programs on the machine hardly move; seconds on the clock stand beside them.

## Follicles

One process in several hands: men with androgenetic alopecia, {case["untreated_days"]} untreated days, then 48 weeks
of a treatment that builds up and wanes, read at {len(case["visit_weeks"])} visits; {FOLLICLES} follicles per patient in
16 classes of androgen sensitivity. A follicle is simulated for {case["days_per_follicle"]} days, and that is what
counts as follicle-days, whether a program steps through them or jumps from event to event. Before a figure counts, the
contender's mean number of visible hairs must agree with ours at every visit; the C program makes the same draws, so
all its sums must be ours up to rounding.

{sentence(report["machine"])} One core unless the table says two. Compilation is not in the table; it is told apart
below (cold: a fresh process and an empty cache; cached: a fresh process after that one).

{table(report)}

Cold and cached times include the tables of the treatment. The C program follows one follicle after another, as one
would write it, and is handed its tables; ours carries many follicles through the untreated years and through the phases
of the treated time at once, which the compiler turns into vector instructions, and makes the tables of a patient just
before it reads in them, within its time. The difference to C lies in the layout, not in the language. The daily
automata run at a size that suits them: 104,000 follicles at once for NumPy and starsim, with starsim's common random
numbers switched off. NumPy's speed rises with that size (at 2,600 follicles it is about a seventh), ours does not
depend on it.
"""


if __name__ == "__main__":
    sys.exit(main())
