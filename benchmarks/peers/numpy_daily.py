"""A daily automaton over arrays of follicles in NumPy: every day all clocks run, and phases that end give way."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from anagen.follicles import N_CLASSES
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    KENOGEN,
    RUN_IN,
    TELOGEN,
    TERMINAL_GROWTH,
    DailyRates,
    Floats,
    Scenario,
    Start,
    daily_rates,
    stationary_start,
)

Indices = NDArray[np.intp]


def grown(case: Scenario, diameter: Floats, days: Floats) -> NDArray[np.bool_]:
    """Whether hairs of this diameter have emerged after so many days of anagen."""
    p = case.process
    share = np.clip((diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter), 0.0, 1.0)
    rate = p.vellus_growth_rate + (TERMINAL_GROWTH - p.vellus_growth_rate) * share
    return (days - p.emergence_lag) * rate >= p.emergence_length


class Follicles:
    """State of n follicles; `slot` is the column of the daily rates that a follicle reads."""

    def __init__(self, case: Scenario, start: Start, rng: np.random.Generator) -> None:
        self.case, self.rng = case, rng
        self.k, self.shaft, self.phase = start.sensitivity_class, start.shaft, start.phase.copy()
        self.left, self.c = start.left.copy(), np.ones(len(start.shaft))
        self.began = -RUN_IN - start.age
        self.shown, self.gate_open = np.ones(len(self.c), dtype=bool), np.ones(len(self.c), dtype=bool)
        self.slot = np.where(self.phase == ANAGEN, self.k, N_CLASSES + self.phase - 1)
        self.rates: DailyRates = daily_rates(case)

    def step(self, day: int) -> None:
        """One day: clocks run, growing follicles follow their target, phases that have ended give way."""
        row = max(0, day)
        clock = self.rates.clock[row]
        self.left -= clock.take(self.slot)
        self.c += self.rates.gain.take(self.slot) * (self.rates.goal[row].take(self.slot) - self.c)
        ended = np.flatnonzero(self.left <= 0.0)
        if len(ended):
            self.move_on(ended, day, clock)

    def move_on(self, ended: Indices, day: int, clock: Floats) -> None:
        """Begin the next phase of follicles; what was left of the day counts for it."""
        was = self.phase[ended]
        over = -self.left[ended] / clock.take(self.slot[ended])
        time = day + 1.0 - over
        self.stop_growing(ended[was == ANAGEN], time[was == ANAGEN])
        empty = (was == TELOGEN) & (self.rng.random(len(ended)) < self.kenogen_chance(ended))
        now = np.select([was == ANAGEN, was == CATAGEN, empty], [CATAGEN, TELOGEN, KENOGEN], ANAGEN)
        self.start_growing(ended[now == ANAGEN], day)
        self.phase[ended], self.began[ended] = now, time
        self.slot[ended] = np.where(now == ANAGEN, self.k[ended], N_CLASSES + now - 1)
        self.left[ended] = self.durations(ended, now) - over * clock.take(self.slot[ended])

    def stop_growing(self, rows: Indices, time: Floats) -> None:
        """Fix whether the hair of a follicle that enters catagen can be seen."""
        self.shown[rows] = grown(self.case, self.shaft[rows] * self.c[rows], time - self.began[rows])

    def start_growing(self, rows: Indices, day: int) -> None:
        """Step of calibre at a new anagen, unless recovery has been lost."""
        p, c = self.case.process, self.c[rows]
        self.gate_open[rows] &= ~((c < p.gate_calibre) & (self.rng.random(len(rows)) < p.gate_probability))
        step = p.calibre_step * (self.rates.goal[max(0, day), self.k[rows]] - c)
        step = np.where(self.gate_open[rows], step, np.minimum(step, 0.0))
        noise = p.calibre_step_noise * c * self.rng.standard_normal(len(rows))
        self.c[rows] = np.clip(c + step + noise, p.calibre_minimum, 1.0)

    def kenogen_chance(self, rows: Indices) -> Floats:
        """Chance that follicles stay empty after telogen."""
        p = self.case.process
        return np.minimum(p.kenogen_limit, p.kenogen_base + p.kenogen_slope * (1.0 - self.c[rows]))

    def durations(self, rows: Indices, phase: NDArray[np.int64]) -> Floats:
        """Durations of phases that begin [clock day]."""
        p, z = self.case.process, self.rng.standard_normal(len(rows))
        variance, variance_telogen = math.log1p(p.duration_cv**2), math.log1p(p.telogen_cv**2)
        factor = np.exp(math.sqrt(variance) * z - variance / 2.0)
        telogen = p.telogen_mean * np.exp(math.sqrt(variance_telogen) * z - variance_telogen / 2.0)
        anagen = p.anagen_maximum * self.c[rows] ** p.anagen_calibre_exponent * factor + p.anagen_floor
        return np.select(
            [phase == ANAGEN, phase == CATAGEN, phase == TELOGEN],
            [anagen, np.full(len(rows), p.catagen_duration), telogen],
            p.kenogen_mean * factor,
        )

    def visible(self, day: int) -> int:
        """Number of hairs that can be seen."""
        growing = (self.phase == ANAGEN) & grown(self.case, self.shaft * self.c, day - self.began)
        resting = ((self.phase == CATAGEN) | (self.phase == TELOGEN)) & self.shown
        return int(np.count_nonzero(growing | resting))


def run(case: Scenario, n: int, seed: int) -> list[int]:
    """Visible hairs of n follicles at the visits."""
    rng = np.random.default_rng(seed)
    follicles = Follicles(case, stationary_start(case, n, rng), rng)
    visits, counts = set(case.visits.tolist()), []
    for day in range(-RUN_IN, int(case.visits[-1]) + 1):
        if day in visits:
            counts.append(follicles.visible(day))
        follicles.step(day)
    return counts
