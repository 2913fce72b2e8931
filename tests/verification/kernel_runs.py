"""Runs the compiled kernel on patients of one kind under lever courses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from lever_courses import Course, Floats

from anagen.follicles import FollicleParameters
from anagen.follicles.engine import NO_EVENTS, SHED_WINDOW
from anagen.follicles.kernel import ANAGEN, KENOGEN, N_SUMS, RESTING, simulate
from anagen.follicles.tables import lever_tables

PHASES = {"anagen": ANAGEN, "resting": RESTING, "kenogen": KENOGEN}


@dataclass(frozen=True)
class Patients:
    """Patients who differ only in their draws: number, follicles of each, shafts [um], growth [mm/day], past [day]."""

    n: int
    follicles: int
    start: float = -1200.0
    start_at_target: bool = False
    diameter: tuple[float, float] = (80.0, 12.0)
    terminal_growth: float = 0.367
    first: int = 0


@dataclass(frozen=True)
class KernelRun:
    """sums [patient, course, visit, 16]; events [event, 7], rows being patient * courses + course."""

    sums: Floats
    events: Floats

    def durations(self, phase: str, window: tuple[float, float]) -> Floats:
        """Duration of the first phase of each follicle that begins within the window."""
        row, follicle, _cycle, kind, start, end, _calibre = self.events.T
        rows = np.flatnonzero((kind == PHASES[phase]) & (start >= window[0]) & (start < window[1]))
        key = row[rows].astype(np.int64) * 2**24 + follicle[rows].astype(np.int64)
        _, first = np.unique(key, return_index=True)  # events of a follicle stand in the order of time
        return (end - start)[rows[first]]


def run_kernel(
    process: FollicleParameters,
    sensitivity: Floats,
    courses: Sequence[Course],
    patients: Patients,
    *,
    visits: Floats,
    seed: int,
    thresholds: tuple[float, float] = (30.0, 40.0),
    detection: Floats | None = None,
    events: int = 0,
    step: float = 1.0,
    lost_at_once: bool = False,
) -> KernelRun:
    """Patients, each under every course; `events` is the number of phases to record per follicle and course."""
    n, twins = patients.n, len(courses)

    def rows(name: str) -> Floats:
        return np.tile(np.stack([getattr(course, name) for course in courses]), (n, 1))

    tables = lever_tables(
        androgen_drive=rows("androgen_drive"),
        anagen_brake=rows("anagen_brake"),
        resting_clock=rows("resting_clock"),
        calibre_boost=rows("calibre_boost"),
        attack=rows("attack"),
        sensitivity=np.tile(sensitivity, (n * twins, 1)),
        androgen_on_anagen=process.androgen_on_anagen,
        hill=process.calibre_hill,
        calibre_rate=process.calibre_rate,
        calibre_minimum=process.calibre_minimum,
        step=step,
    )
    out = np.zeros((n * twins, len(visits), 2 * N_SUMS))
    record = np.zeros((n * twins * patients.follicles * events, 7)) if events else NO_EVENTS
    count = simulate(
        seed,
        patients.first + np.arange(n, dtype=np.int64),
        np.zeros(n, dtype=np.int64),
        0,
        np.full(n, patients.follicles, dtype=np.int64),
        np.full(n, patients.start),
        patients.start_at_target,
        np.full(n, patients.diameter[0]),
        np.full(n, patients.diameter[1]),
        np.full(n, patients.terminal_growth),
        np.arange(n, dtype=np.int64) * twins,
        np.full(n, twins, dtype=np.int64),
        process.constants(),
        tables.anagen_clock,
        tables.resting_clock,
        tables.target,
        tables.smoothed,
        tables.hazard,
        tables.untreated_target,
        bool(tables.hazard.any()),
        lost_at_once,
        1.0 / step,
        np.asarray(visits, dtype=np.float64),
        SHED_WINDOW,
        np.array(thresholds),
        np.ones(251) if detection is None else detection,
        out,
        record,
    )
    assert count < len(record) or not events, "more phases than the record can hold"
    return KernelRun(out.reshape(n, twins, len(visits), 2 * N_SUMS), record[:count])
