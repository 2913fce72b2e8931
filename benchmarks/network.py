"""Speed of the signalling network against other solvers: same network, doses and tolerance, one core.

Each tool is first held against a reference at rtol 1e-10; one that is further than 1e-4 from it is not timed.
Tools that are not installed are left out with the reason. Rates are patient-years per CPU second.

    python benchmarks/network.py [--quick] [--json] [--write]
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "XLA_FLAGS"):
    os.environ.setdefault(
        variable,
        "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1" if variable == "XLA_FLAGS" else "1",
    )

import numpy as np  # noqa: E402
from measuring.asked import hand_over, parser  # noqa: E402
from measuring.cost import Finished, command, medians, on_all_threads, repeated  # noqa: E402
from measuring.machine import machine, sentence  # noqa: E402
from peers.network_solvers import (  # noqa: E402
    ABSOLUTE,
    DAYS,
    RELATIVE,
    Case,
    by_scipy,
    case,
    copasi,
    diffrax,
    roadrunner,
)

from anagen.signalling.network import resting_state, solve  # noqa: E402

WORST = 1e-4
TARGETS = {"libRoadRunner": 50.0, "COPASI": 50.0, "SciPy LSODA": 120.0, "diffrax": 4.0}
PAGE = "benchmarks/network.md"
START = 0.5
"""CPU seconds that a new process may take until its first answer."""


def ours(of: Case, n: int, precision: str, *, every_node: bool = False) -> Callable[[], np.ndarray]:
    """The solver; with `every_node` it also follows those that it could leave at rest, as the other tools do."""
    basal, courses = np.tile(of.basal, (n, 1)), of.courses(n)
    start = resting_state(of.network, basal) if every_node else None
    return lambda: solve(of.network, basal, courses, DAYS, precision=precision, start=start)[0]


def measure(of: Case, repeats: int, limit: float, patients: int) -> list[dict[str, Any]]:
    exact = by_scipy(of, "odeint", 1e-10, 1e-13)
    tools: list[tuple[str, int, Callable[[], Callable[[], np.ndarray]]]] = [
        ("anagen, double", patients, lambda: ours(of, patients, "double")),
        ("anagen, double, every node", patients, lambda: ours(of, patients, "double", every_node=True)),
        ("anagen, single", patients, lambda: ours(of, patients, "single")),
        ("SciPy LSODA", 1, lambda: lambda: by_scipy(of, "LSODA", RELATIVE, ABSOLUTE)),
        ("SciPy LSODA, odeint", 1, lambda: lambda: by_scipy(of, "odeint", RELATIVE, ABSOLUTE)),
        ("libRoadRunner", 1, lambda: roadrunner(of)),
        ("COPASI", 1, lambda: copasi(of)),
        ("diffrax", 64, lambda: diffrax(of, 64)),
    ]
    rows: list[dict[str, Any]] = []
    for name, n, prepare in tools:
        try:
            run = prepare()
        except ImportError as error:
            rows.append({"case": of.name, "tool": name, "left_out": f"not installed: {error.name}"})
            continue
        error = float((np.abs(run() - exact) / np.maximum(exact, 0.01)).max())
        row: dict[str, Any] = {"case": of.name, "tool": name, "patients": n, "relative_error": error}
        if error > WORST and "single" not in name:
            row["left_out"] = "its result is too far from the reference"
        else:
            runs = repeated(run, repeats, measure=on_all_threads, limit=limit)
            row |= {
                "seconds": medians(runs).plain(), "fastest_cpu_seconds": min(each.cpu for each in runs),
                "runs": len(runs), "patient_years_per_second": n * 364.0 / 365.25 / medians(runs).cpu,
            }  # fmt: skip
        rows.append(row)
    for row in rows:
        if "left_out" not in row:
            row["ours_is_faster_by"] = rows[0]["patient_years_per_second"] / row["patient_years_per_second"]
    return rows


def process(*arguments: str, **more: str) -> Finished:
    """A new interpreter that has run something."""
    finished = command([sys.executable, *arguments], more=more)
    if finished.code:
        raise RuntimeError(finished.errors)
    return finished


def cold_start() -> dict[str, float]:
    """CPU and wall seconds of interpreter, import, network and a first answer in new processes, code from the cache."""
    file = str(Path(__file__).parent / "peers" / "network_start.py")
    process(file)
    return medians([process(file) for _ in range(3)]).plain()


def fresh_and_cached(of: Case) -> dict[str, float]:
    """CPU seconds of the same work by code that was just compiled, and by code from the cache."""
    program = (
        f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); import network as n\n"
        "of = n.case('x', True); run = n.ours(of, 64, 'double')\n"
        "print(min(each.cpu for each in n.repeated(run, 7, limit=3.0)))"
    )
    with tempfile.TemporaryDirectory() as folder:
        found = [float(process("-c", program, NUMBA_CACHE_DIR=folder).output) for _ in range(2)]
    return {"freshly_compiled_seconds": found[0], "from_cache_seconds": found[1]}


def report(result: dict[str, Any]) -> str:
    lines = [
        "# Speed of the signalling network",
        "",
        f"Written by `benchmarks/network.py`, one core, CPU seconds. {sentence(result['machine'])}",
        f"Network: the shipped one, {result['nodes']} nodes; 52 weeks, levels every week, rtol {RELATIVE:g}, atol "
        f"{ABSOLUTE:g} for every tool. Medians; error is the largest one relative to LSODA at rtol 1e-10 (levels "
        "below 0.01 relative to 0.01). Anagen leaves nodes at rest that nothing given can reach; "
        "`every node` follows them too. Single precision runs at rtol 1e-4 and is no part of the comparison.",
        "",
    ]
    rows = [row for row in result["rows"] if isinstance(row, dict)]
    for name in dict.fromkeys(str(row["case"]) for row in rows):
        head = "| solver | patient-years per CPU second | error | anagen is faster by | target |"
        lines += [f"## {name[0].upper()}{name[1:]}", "", head, "|---|---|---|---|---|"]
        for row in rows:
            if row["case"] != name:
                continue
            target = TARGETS.get(str(row["tool"]))
            wanted = f"{target:g}" if target and "daily" in name else ""
            if "left_out" in row:
                lines.append(f"| {row['tool']} | left out: {row['left_out']} | | | {wanted} |")
                continue
            lines.append(
                f"| {row['tool']} | {row['patient_years_per_second']:.3g} | {row['relative_error']:.1e} | "
                f"{row['ours_is_faster_by']:.3g} | {wanted} |"
            )
        lines.append("")
    start, code = result["cold_start_seconds"], result["code"]
    lines += [
        "## Start",
        "",
        "Interpreter, import, network and a first answer in a new process, code from the cache: "
        f"{start['cpu']:.2f} CPU s, {start['wall']:.2f} s on the clock (target: {START} CPU s).",
        f"The same work takes {1e3 * code['freshly_compiled_seconds']:.0f} ms with freshly compiled code and "
        f"{1e3 * code['from_cache_seconds']:.0f} ms with code from the cache.",
        "",
        "`SciPy LSODA` is `solve_ivp`, `SciPy LSODA, odeint` the older interface to the same code with less Python "
        "around it; both call a right-hand side compiled by numba.",
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    options = parser(__doc__, PAGE, "fewer repeats: under 50 s").parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    here = machine()
    repeats, limit = (3, 1.5) if options.quick else (9, 8.0)
    cases = [case("a daily drug and monthly sessions", True), case("monthly sessions alone", False)]
    rows = [row for of in cases for row in measure(of, repeats, limit, 64 if options.quick else 256)]
    main_rows = {str(row["tool"]): row for row in rows if row["case"] == cases[0].name}
    result: dict[str, Any] = {
        "benchmark": "network",
        "quick": options.quick,
        "machine": here,
        "nodes": len(cases[0].network.nodes),
        "rows": rows,
        "cold_start_seconds": cold_start(),
        "code": fresh_and_cached(cases[0]),
        "targets": {
            name: {"wanted": wanted, "found": main_rows[name].get("ours_is_faster_by")}
            for name, wanted in TARGETS.items()
        },
    }
    hand_over(result, options, PAGE, report)


if __name__ == "__main__":
    main()
