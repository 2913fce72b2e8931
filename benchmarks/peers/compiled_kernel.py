"""Anagen's kernel on the benchmark's process; the C program gets the same follicles, tables and visits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from peers.scenario import FOLLICLES, RUN_IN, SHAFT, SHAFT_SD, TERMINAL_GROWTH, Floats, Scenario

if TYPE_CHECKING:
    from anagen.follicles import Follicles, Visits
    from anagen.follicles.tables import LeverTables

BLOCK = 32
"""Patients per call, as in the engine."""
SEED = 7


def arguments(case: Scenario) -> tuple[Callable[[int], Follicles], LeverTables, Visits]:
    """Follicles of a block of patients that begins with a given number, tables of a block, and visits."""
    from anagen.follicles import Visits, alike, lever_tables
    from anagen.signalling import Levers

    def rows(lever: Floats) -> Floats:
        return np.tile(lever, (BLOCK, 1))

    nothing = np.zeros_like(case.androgen_drive)
    levers = Levers(
        rows(case.androgen_drive),
        rows(case.anagen_brake),
        rows(case.resting_clock),
        rows(case.calibre_boost),
        rows(nothing),
        rows(nothing),
    )
    visits = Visits(
        case.visits.astype(np.float64),
        thresholds=np.array([30.0, 40.0]),
        detection=1.0 / (1.0 + np.exp((20.0 - np.arange(201.0)) / 2.0)),
    )

    def follicles(first: int) -> Follicles:
        return alike(
            np.arange(first, first + BLOCK),
            follicles=FOLLICLES,
            start=-float(RUN_IN),
            diameter=(SHAFT, SHAFT_SD),
            growth_rate=TERMINAL_GROWTH,
        )

    return follicles, lever_tables(levers, rows(case.sensitivity), case.process), visits


def prepare(case: Scenario, patients: int, threads: int = 1) -> Callable[[], Floats]:
    """A call that simulates `patients` (whole blocks) and gives the sums, shape [patient, visit, 16]."""
    from anagen.follicles import run_kernel

    follicles, tables, visits = arguments(case)
    blocks = range(0, patients, BLOCK)

    def block(first: int) -> Floats:
        return run_kernel(follicles(first), tables, case.process, visits, seed=SEED)[0]

    def run() -> Floats:
        if threads == 1:
            return np.concatenate([block(first) for first in blocks])
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(block, blocks)))

    return run
