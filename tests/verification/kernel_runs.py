"""Runs the compiled kernel on patients of one kind under lever courses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from lever_courses import Course, Floats

from anagen.follicles import FollicleParameters, Visits, alike, lever_rows
from anagen.follicles import run_kernel as run_follicles
from anagen.follicles.kernel import ANAGEN, RESTING
from anagen.signalling import Levers

PHASES = {"anagen": ANAGEN, "resting": RESTING}


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
    """sums [patient, course, visit, 22]; events [event, 8], rows being patient * courses + course."""

    sums: Floats
    events: Floats

    def durations(self, phase: str, window: tuple[float, float]) -> Floats:
        """Duration of the first spell of each follicle that begins within the window.

        Beside the phases, "club" is the time from the end of an anagen to the fall of its hair, and "kenogen" the rest
        after it. Where no hair was held there is neither.
        """
        row, follicle, _cycle, kind, start, end, _calibre, fall = self.events.T
        if phase in PHASES:
            here = kind == PHASES[phase]
        else:
            held = (kind == RESTING) & (fall >= start)
            alone = fall < end
            if phase == "kenogen":
                here, start = held & alone, fall
            else:
                here, end = held, np.where(alone, fall, np.append(fall[1:], np.inf))
        rows = np.flatnonzero(here & (start >= window[0]) & (start < window[1]))
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

    levers = Levers.untreated(n * twins, len(courses[0].immune_attack))
    names = ("androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack")
    levers = replace(levers, **{name: rows(name) for name in names})
    follicles = alike(
        patients.first + np.arange(n, dtype=np.int64),
        follicles=patients.follicles,
        start=patients.start,
        diameter=patients.diameter,
        growth_rate=patients.terminal_growth,
        start_at_target=patients.start_at_target,
        twins=twins,
        lost_at_once=lost_at_once,
    )
    seen = np.ones(251) if detection is None else detection
    record = np.zeros((n * twins * patients.follicles * events, 8))
    sums, count = run_follicles(
        follicles,
        lever_rows(levers, np.tile(sensitivity, (n * twins, 1)), step=step),
        process,
        Visits(np.asarray(visits, dtype=np.float64), np.array(thresholds), seen),
        seed=seed,
        events=record,
    )
    assert count < len(record) or not events, "more phases than the record can hold"
    return KernelRun(sums.reshape(n, twins, *sums.shape[1:]), record[:count])
