"""A trial planner's question: many trials of one study, from network to ANCOVA, by us and by two peers.

    python benchmarks/power.py [--quick] [--json] [--write] [--only ours,numpy]

The study is planner.yaml. Ours runs in two processes, once at central parameter values and once with a parameter draw
for each trial; a peer runs a few trials in one process, and its CPU seconds for a trial are multiplied. A peer counts
only where its patients change as ours do; otherwise the program ends with exit code 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from measuring.asked import hand_over, parser, verdict
from measuring.cost import Finished, command, medians, on_all_threads
from measuring.machine import machine, sentence, version
from peers import ours
from peers.plan import plan_of
from peers.scenario import Floats
from peers.trial import Engine, Plan, simulated

from anagen.study import Study

PAGE = "benchmarks/power.md"
STUDY = Path(__file__).parent / "planner.yaml"
OURS = Path(ours.__file__)
GREATEST_Z = 4.5
"""Largest difference allowed between a peer's mean and ours, in standard errors of both."""
SECONDS, SECONDS_AT_DRAWS, MEGABYTES, TIMES = 35.0, 120.0, 1024.0, 30.0
"""What is asked of ours: wall seconds of either run, peak memory, and how many times less CPU than a peer."""
PACKAGES = ("numpy", "scipy", "statsmodels", "starsim")


@dataclass(frozen=True)
class Peer:
    """name, title, package; how its engine is made; trials of a quick and of a full run, after one not counted."""

    name: str
    title: str
    package: str
    engine: Callable[[], Engine]
    quick: int
    full: int


def numpy_engine(*, by_events: bool) -> Engine:
    from peers.trial_numpy import NumpyEngine

    return NumpyEngine(by_events)


def starsim_engine() -> Engine:
    from peers.trial_starsim import StarsimEngine

    return StarsimEngine()


PEERS = (
    Peer("starsim", "starsim by days, statsmodels", "starsim", starsim_engine, 1, 8),
    Peer("numpy", "NumPy by days, statsmodels", "numpy", lambda: numpy_engine(by_events=False), 1, 16),
    Peer(
        "numpy-events",
        "NumPy by events before baseline and by days after it, statsmodels",
        "numpy",
        lambda: numpy_engine(by_events=True),
        1,
        32,
    ),
)
ITEMS = ("ours", *(peer.name for peer in PEERS))


@dataclass(frozen=True)
class Size:
    """Trials that are asked for, trials that are run, patients of an arm, processes of ours."""

    asked: int
    run: int
    patients: int
    workers: int


FULL, QUICK = Size(1000, 1000, 100, 2), Size(1000, 3, 10, 1)


def main() -> int:
    """Measure, print, and write the page where asked."""
    options = asked()
    chosen = tuple(options.only.split(","))
    found = measure(chosen, quick=options.quick)
    void = [peer["title"] for peer in found["peers"] if peer["status"] == "void"]
    options.write = options.write and not void
    hand_over(found, options, PAGE, page)
    if void:
        print(f"void, because its patients change otherwise than ours: {'; '.join(void)}", file=sys.stderr)
    return 1 if void else 0


def asked() -> argparse.Namespace:
    """The command line, checked."""
    options = parser(__doc__, PAGE, "three trials of 2 x 10 patients in one process, scaled")
    options.add_argument("--only", default=",".join(ITEMS), help=f"some of {','.join(ITEMS)}; ours always runs")
    chosen = options.parse_args()
    names = chosen.only.split(",")
    if unknown := [name for name in names if name not in ITEMS]:
        options.error(f"unknown: {', '.join(unknown)}; choose from {', '.join(ITEMS)}")
    if chosen.write and set(names) != set(ITEMS):
        options.error("the page holds every peer: --write goes without --only")
    return chosen


def measure(chosen: tuple[str, ...], *, quick: bool) -> dict[str, Any]:
    """Run ours, then the chosen peers, and hold them against it."""
    size, here = QUICK if quick else FULL, machine()
    by_kind = {kind: run_of_ours(kind, size) for kind in ("central", "draws")}
    counted = max((peer.quick if quick else peer.full for peer in PEERS if peer.name in chosen), default=0)
    study = Study.load(STUDY).with_patients(size.patients)
    peers: list[dict[str, Any]] = []
    if counted:
        plan = plan_of(study, 1 + counted, ours.SEED)
        expected = ours.densities(str(STUDY), 1 + counted, size.patients)
        for peer in PEERS:
            if peer.name in chosen:
                peers.append(run_of_peer(peer, plan, expected, peer.quick if quick else peer.full))
    for peer in peers:
        for kind, run in by_kind.items():
            if peer["status"] == "measured":
                peer[f"ours_is_times_{kind}"] = peer["cpu"] / run["cpu_of_a_trial"]
    return {
        "benchmark": "power",
        "quick": quick,
        "machine": here,
        "versions": [version(name) for name in PACKAGES if importlib.util.find_spec(name)],
        "trials": size.asked,
        "trials_run": size.run,
        "patients": size.patients,
        "workers": size.workers,
        "weeks": list(study.measurement.visits),
        "endpoints": [study.endpoints.primary.endpoint, *(each.endpoint for each in study.endpoints.secondary)],
        "ours": by_kind,
        "peers": peers,
        "targets": targets(by_kind, peers, quick=quick),
    }


def run_of_ours(kind: str, size: Size) -> dict[str, Any]:
    """Figures of the processes that run so many trials."""

    def run(trials: int) -> Finished:
        numbers = map(str, (trials, size.patients, size.workers))
        return command([sys.executable, str(OURS), str(STUDY), kind, *numbers])

    if size is FULL:
        run(2)  # not counted: afterwards the kernels lie compiled in the cache
    finished = run(size.run)
    if finished.code:
        raise RuntimeError(finished.errors)
    effects = json.loads(finished.output.splitlines()[-1])
    return {
        **finished.plain(),
        "cpu_of_a_trial": finished.cpu / size.run,
        "wall_of_all_asked": finished.wall * size.asked / size.run,
        "effects": effects,
    }


def run_of_peer(peer: Peer, plan: Plan, expected: dict[str, Floats], counted: int) -> dict[str, Any]:
    """Median CPU seconds of a trial, after one that is not counted; and whether its patients change as ours do."""
    entry: dict[str, Any] = {"name": peer.name, "title": peer.title}
    if importlib.util.find_spec(peer.package) is None:
        return entry | {"status": "not installed"}
    engine = peer.engine()
    outcomes: list[dict[str, Floats]] = []
    runs = [
        on_all_threads(lambda number=number: outcomes.append(simulated(plan, number, engine)[1]))
        for number in range(1 + counted)
    ]
    arm = np.concatenate([outcome["arm"] for outcome in outcomes])
    density = np.concatenate([outcome["total_density"] for outcome in outcomes])
    theirs = {name: density[arm == place] for place, name in enumerate(expected)}
    # trials of the same numbers, which share the batch of the product
    mine = {name: rows[: len(outcomes) * plan.size] for name, rows in expected.items()}
    agreement = compared(theirs, mine)
    entry |= medians(runs[1:]).plain() | {"trials": counted, "agreement": agreement}
    return entry | {"status": "measured" if agreement["largest_z"] < GREATEST_Z else "void"}


def compared(theirs: dict[str, Floats], mine: dict[str, Floats]) -> dict[str, Any]:
    """Density at baseline and mean change at every later visit in each arm: the largest difference, and the last."""
    worst, last = 0.0, {}
    for name, rows in theirs.items():
        means, errors = [], []
        for sample in (rows, mine[name]):
            value = np.concatenate([sample[:, :1], sample[:, 1:] - sample[:, :1]], axis=1)
            means.append(value.mean(axis=0))
            errors.append(value.var(axis=0, ddof=1) / len(value))
        error = np.sqrt(errors[0] + errors[1])
        worst = max(worst, float((np.abs(means[0] - means[1]) / error).max()))
        last[name] = {
            "theirs": float(means[0][-1]),
            "ours": float(means[1][-1]),
            "standard_error": float(error[-1]),
        }
    return {"largest_z": worst, "change_at_last_visit": last}


def targets(by_kind: dict[str, dict[str, Any]], peers: list[dict[str, Any]], *, quick: bool) -> list[dict[str, Any]]:
    """What was asked for, and whether it holds; a short run, most of which is its start, is not judged."""
    rows: list[tuple[str, float | None, float, bool]] = [
        ("wall seconds at central values", by_kind["central"].get("wall_of_all_asked"), SECONDS, False),
        ("peak memory at central values [MB]", by_kind["central"].get("peak_mb"), MEGABYTES, False),
        ("wall seconds with a draw a trial", by_kind["draws"].get("wall_of_all_asked"), SECONDS_AT_DRAWS, False),
        ("peak memory with a draw a trial [MB]", by_kind["draws"].get("peak_mb"), MEGABYTES, False),
    ]
    rows += [(f"times less CPU than {peer['title']}", peer.get("ours_is_times_central"), TIMES, True) for peer in peers]
    return [
        {
            "what": what,
            "found": found,
            "asked": limit,
            "at_least": at_least,
            "verdict": "not measured" if found is None or quick else verdict(found, limit, at_least=at_least),
        }
        for what, found, limit, at_least in rows
    ]


def page(found: dict[str, Any]) -> str:
    """Text of docs/benchmarks/power.md."""
    weeks = " ".join(f"{week:g}" for week in found["weeks"])
    return f"""# A trial planner's question

Generated by `python benchmarks/power.py --write`; `--quick` gives a short run, `--json` one JSON document.

The question: {found["trials"]:,} trials of 2 x {found["patients"]} men with androgenetic alopecia, exosomes against
saline (`benchmarks/planner.yaml`), visits in weeks {weeks}; {", ".join(found["endpoints"])};
from the signalling network to the analysis of covariance. We ran {found["trials_run"]:,} of them, in as many worker
processes as the table says.

{sentence(found["machine"])} {", ".join(found["versions"])}.

{table_of_ours(found)}

CPU seconds are those of all processes, start and imports included. Peak memory adds up the peaks of
all processes, pages that they share counted for each; beside it stands the largest process.

{table_of_peers(found)}

{verdicts(found)}

## What the peers do, and what they leave out

Both peers run the same trial: candidates with correlated traits, the untreated years of every follicle, screening on
what is measured at baseline, permuted blocks within severity, treatment, the errors of counting, raters, diameters and
study, dropout, and an analysis of covariance of each endpoint by statsmodels. They keep the follicles of those
admitted, tabulate rates once for a trial, and follow a follicle only from the day on which its disease began. starsim
runs with common random numbers off. Days are what both step by; NumPy is also timed with its untreated years taken from
event to event, the faster way for it.

They are handed, at no cost, what we work out from the study: parameter values, the population matched to its published
baseline, and the course of every lever in each trial and arm, which means that they solve no network. They leave out
adverse events, patients who stop for them, and single missed visits. All of this is to their advantage. A peer's
figure is the median CPU time of a trial after one that is not counted; its {found["trials"]:,} trials are that median
multiplied.

## Whether they answer the same question

Compared are the mean total density at baseline and its mean change at every later visit in both arms, as the instrument
reads it on average, over trials of the same numbers (the batch of the product is drawn once for a trial, and shared). A
peer counts only where no mean differs by {GREATEST_Z:g} standard errors or more: of {2 * len(found["weeks"])} means
of a peer that simulates the same, one differs as much by chance in about one run of {odds(found)}. The standard error
in the table says how small a difference would be seen.
"""


def odds(found: dict[str, Any]) -> str:
    """After how many runs one of the comparisons of a peer is called different by chance."""
    from scipy.special import ndtr

    return f"{1.0 / (2 * len(found['weeks']) * 2.0 * ndtr(-GREATEST_Z)):,.0f}"


def table_of_ours(found: dict[str, Any]) -> str:
    """Markdown table of both runs of ours."""
    lines = [
        "| ours | processes | CPU s | wall s | CPU ms per trial | peak MB | of the largest |",
        "|---|---|---|---|---|---|---|",
    ]
    titles = {"central": "at central parameter values", "draws": "a parameter draw for each trial"}
    for kind, run in found["ours"].items():
        lines.append(
            f"| {titles[kind]} | {found['workers']} | {run['cpu']:.1f} | {run['wall']:.1f} | "
            f"{1e3 * run['cpu_of_a_trial']:.0f} | {run['peak_mb']:.0f} | {run['largest_mb']:.0f} |"
        )
    return "\n".join(lines)


def table_of_peers(found: dict[str, Any]) -> str:
    """Markdown table of the peers."""
    lines = [
        f"| peer | trials run | CPU ms per trial | wall ms | CPU s for {found['trials']:,}, scaled | "
        "times ours, central | times ours, draws | change at the last visit, theirs / ours (standard error) | "
        "largest z |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for peer in found["peers"]:
        if peer["status"] == "not installed":
            lines.append(f"| {peer['title']} | not installed | | | | | | | |")
            continue
        ratios = [peer.get(f"ours_is_times_{kind}") for kind in ("central", "draws")]
        told = ["" if ratio is None else f"{ratio:.1f}" for ratio in ratios]
        last = "; ".join(
            f"{arm} {each['theirs']:.2f} / {each['ours']:.2f} ({each['standard_error']:.2f})"
            for arm, each in peer["agreement"]["change_at_last_visit"].items()
        )
        void = "void: " if peer["status"] == "void" else ""
        lines.append(
            f"| {peer['title']} | {peer['trials']} | {1e3 * peer['cpu']:.0f} | {1e3 * peer['wall']:.0f} | "
            f"{peer['cpu'] * found['trials']:,.0f} | {told[0]} | {told[1]} | {last} | "
            f"{void}{peer['agreement']['largest_z']:.1f} |"
        )
    return "\n".join(lines)


def verdicts(found: dict[str, Any]) -> str:
    """What was asked for, one line each."""
    lines: list[str] = []
    for target in found["targets"]:
        number = "" if target["found"] is None else f"{target['found']:.3g}, "
        side = "at least" if target["at_least"] else "at most"
        lines.append(f"- {target['what']}: {number}asked {side} {target['asked']:g}: {target['verdict']}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
