"""Anagen's kernel on the benchmark's process; the C program gets the same follicles, tables and visits."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from peers.scenario import FOLLICLES, RUN_IN, SHAFT, SHAFT_SD, TERMINAL_GROWTH, Floats, Scenario

if TYPE_CHECKING:
    from anagen.follicles import Follicles, Visits
    from anagen.follicles.tables import LeverRows, LeverTables
    from anagen.signalling import Levers

BLOCK = 32
"""Patients per call, as in the engine."""
SEED = 7


def levers_of_block(case: Scenario) -> tuple[Levers, Floats]:
    """Levers of a block of patients, and the sensitivity of their classes."""
    from anagen.signalling import Levers

    def rows(lever: Floats) -> Floats:
        return np.tile(lever, (BLOCK, 1))

    nothing = np.zeros_like(case.androgen_drive)
    levers = Levers(
        rows(case.androgen_drive),
        rows(case.anagen_extension),
        rows(case.telogen_exit),
        rows(case.calibre_gain),
        rows(nothing),
        rows(nothing),
    )
    return levers, rows(case.sensitivity)


def levers_for_kernel(case: Scenario) -> LeverRows:
    """Levers of a block as our kernel takes them: it makes the tables itself, in its own time."""
    from anagen.follicles import lever_rows

    return lever_rows(*levers_of_block(case))


def tables_of_block(case: Scenario) -> LeverTables:
    """Tables of a block, made beforehand for the C program."""
    from anagen.follicles import lever_tables

    return lever_tables(*levers_of_block(case), case.process)


def arguments(case: Scenario) -> tuple[Callable[[int], Follicles], Visits]:
    """Follicles of a block of patients that begins with a given number, and visits."""
    from anagen.follicles import Visits, alike

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

    return follicles, visits


def prepare(case: Scenario, patients: int, threads: int = 1) -> Callable[[], Floats]:
    """A call that simulates `patients` (whole blocks) and gives the sums, shape [patient, visit, 22]."""
    from anagen.follicles import run_kernel

    follicles, visits = arguments(case)
    levers = levers_for_kernel(case)
    blocks = range(0, patients, BLOCK)

    def block(first: int) -> Floats:
        return run_kernel(follicles(first), levers, case.process, visits, seed=SEED)[0]

    def run() -> Floats:
        if threads == 1:
            return np.concatenate([block(first) for first in blocks])
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(block, blocks)))

    return run
