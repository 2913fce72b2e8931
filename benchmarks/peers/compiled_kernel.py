"""Anagen's kernel on the benchmark's process; the same arguments go to the C program."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from peers.scenario import FOLLICLES, RUN_IN, SHAFT, SHAFT_SD, TERMINAL_GROWTH, Floats, Scenario

BLOCK = 32
"""Patients per call, as in the engine."""
SHED_WINDOW = 28.0
SEED = 7


def arguments(case: Scenario) -> Callable[[int, Floats], tuple[Any, ...]]:
    """Arguments of the kernel for a block of patients that begins with a given number; tables lie there per patient."""
    from anagen.follicles.tables import lever_tables

    def rows(lever: Floats) -> Floats:
        return np.tile(lever, (BLOCK, 1))

    p = case.process
    tables = lever_tables(
        androgen_drive=rows(case.androgen_drive),
        anagen_brake=rows(case.anagen_brake),
        resting_clock=rows(case.resting_clock),
        calibre_boost=rows(case.calibre_boost),
        attack=rows(np.zeros_like(case.androgen_drive)),
        sensitivity=rows(case.sensitivity),
        androgen_on_anagen=p.androgen_on_anagen,
        hill=p.calibre_hill,
        calibre_rate=p.calibre_rate,
        calibre_minimum=p.calibre_minimum,
    )
    constants, visits = p.constants(), case.visits.astype(np.float64)
    thresholds, detection = np.array([30.0, 40.0]), 1.0 / (1.0 + np.exp((20.0 - np.arange(201.0)) / 2.0))

    def of_block(first: int, out: Floats) -> tuple[Any, ...]:
        return (
            SEED,
            np.arange(first, first + BLOCK),
            np.zeros(BLOCK, dtype=np.int64),
            0,
            np.full(BLOCK, FOLLICLES),
            np.full(BLOCK, -float(RUN_IN)),
            False,
            np.full(BLOCK, SHAFT),
            np.full(BLOCK, SHAFT_SD),
            np.full(BLOCK, TERMINAL_GROWTH),
            np.arange(BLOCK),
            np.ones(BLOCK, dtype=np.int64),
            constants,
            tables.anagen_clock,
            tables.resting_clock,
            tables.target,
            tables.smoothed,
            tables.hazard,
            tables.untreated_target,
            False,
            False,
            1.0,
            visits,
            SHED_WINDOW,
            thresholds,
            detection,
            out,
            np.zeros((0, 7)),
        )

    return of_block


def prepare(case: Scenario, patients: int, threads: int = 1) -> Callable[[], Floats]:
    """A call that simulates `patients` (whole blocks) and gives the sums, shape [patient, visit, 16]."""
    from anagen.follicles.kernel import simulate

    of_block = arguments(case)
    blocks = range(0, patients, BLOCK)

    def block(first: int) -> Floats:
        out = np.zeros((BLOCK, len(case.visits), 16))
        simulate(*of_block(first, out))
        return out

    def run() -> Floats:
        if threads == 1:
            return np.concatenate([block(first) for first in blocks])
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(block, blocks)))

    return run
