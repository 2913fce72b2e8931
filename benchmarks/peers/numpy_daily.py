"""A daily automaton over arrays of follicles in NumPy: every day all clocks run, and phases that end give way."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from anagen.follicles import FollicleParameters
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    KENOGEN,
    RUN_IN,
    TELOGEN,
    DailyRates,
    Floats,
    Scenario,
    Start,
    daily_rates,
    stationary_start,
)

Indices = NDArray[np.intp]


def growth_rate(p: FollicleParameters, diameter: Floats, terminal_growth: Floats) -> Floats:
    """Growth of hairs of these diameters [mm/day]."""
    share = np.clip((diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter), 0.0, 1.0)
    return p.vellus_growth_rate + (terminal_growth - p.vellus_growth_rate) * share


def grown(p: FollicleParameters, diameter: Floats, days: Floats, terminal_growth: Floats) -> NDArray[np.bool_]:
    """Whether hairs of this diameter have emerged after so many days of anagen."""
    return (days - p.emergence_lag) * growth_rate(p, diameter, terminal_growth) >= p.emergence_length


class Follicles:
    """State of n follicles; `slot` is the column of the daily rates that a follicle reads."""

    def __init__(self, p: FollicleParameters, start: Start, rates: DailyRates, rng: np.random.Generator) -> None:
        self.p, self.rates, self.rng = p, rates, rng
        self.growing, self.resting = start.growing, start.resting
        self.shaft, self.terminal_growth, self.phase = start.shaft, start.terminal_growth, start.phase.copy()
        self.left, self.c, self.began = start.left.copy(), np.ones(len(start.shaft)), start.begin - start.age
        self.shown, self.gate_open = np.ones(len(self.c), dtype=bool), np.ones(len(self.c), dtype=bool)
        self.slot = start.slot

    def step(self, day: int, n: int | None = None) -> None:
        """One day of the first n follicles: clocks run, calibres follow their target, phases that end give way."""
        row = max(0, day)
        clock, slot, left, c = self.rates.clock[row], self.slot[:n], self.left[:n], self.c[:n]
        left -= clock.take(slot)
        c += self.rates.gain.take(slot) * (self.rates.goal[row].take(slot) - c)
        ended = np.flatnonzero(left <= 0.0)
        if len(ended):
            # what was left of the day counts for the next phase
            over = -left[ended] / clock.take(slot[ended])
            self.move_on(ended, day + 1.0 - over, row)
            left[ended] -= over * clock.take(slot[ended])

    def move_on(self, ended: Indices, time: Floats, row: int) -> None:
        """Begin the next phase of follicles at these times."""
        was = self.phase[ended]
        self.stop_growing(ended[was == ANAGEN], time[was == ANAGEN])
        empty = (was == TELOGEN) & (self.rng.random(len(ended)) < self.kenogen_chance(ended))
        now = np.select([was == ANAGEN, was == CATAGEN, empty], [CATAGEN, TELOGEN, KENOGEN], ANAGEN)
        self.start_growing(ended[now == ANAGEN], row)
        self.phase[ended], self.began[ended] = now, time
        self.slot[ended] = np.where(now == ANAGEN, self.growing[ended], self.resting[ended] + now - 1)
        self.left[ended] = self.durations(ended, now)

    def stop_growing(self, rows: Indices, time: Floats) -> None:
        """Fix whether the hair of a follicle that enters catagen can be seen."""
        diameter, days = self.shaft[rows] * self.c[rows], time - self.began[rows]
        self.shown[rows] = grown(self.p, diameter, days, self.terminal_growth[rows])

    def start_growing(self, rows: Indices, row: int) -> None:
        """Step of calibre at a new anagen, unless recovery has been lost."""
        p, c = self.p, self.c[rows]
        self.gate_open[rows] &= ~((c < p.gate_calibre) & (self.rng.random(len(rows)) < p.gate_probability))
        step = p.calibre_step * (self.rates.goal[row].take(self.growing[rows]) - c)
        step = np.where(self.gate_open[rows], step, np.minimum(step, 0.0))
        noise = p.calibre_step_noise * c * self.rng.standard_normal(len(rows))
        self.c[rows] = np.clip(c + step + noise, p.calibre_minimum, 1.0)

    def kenogen_chance(self, rows: Indices) -> Floats:
        """Chance that follicles stay empty after telogen."""
        p = self.p
        return np.minimum(p.kenogen_limit, p.kenogen_base + p.kenogen_slope * (1.0 - self.c[rows]))

    def durations(self, rows: Indices, phase: NDArray[np.int64]) -> Floats:
        """Durations of phases that begin [clock day]."""
        p, z = self.p, self.rng.standard_normal(len(rows))
        variance, variance_telogen = math.log1p(p.duration_cv**2), math.log1p(p.telogen_cv**2)
        factor = np.exp(math.sqrt(variance) * z - variance / 2.0)
        telogen = p.telogen_mean * np.exp(math.sqrt(variance_telogen) * z - variance_telogen / 2.0)
        anagen = p.anagen_maximum * self.c[rows] ** p.anagen_calibre_exponent * factor + p.anagen_floor
        return np.select(
            [phase == ANAGEN, phase == CATAGEN, phase == TELOGEN],
            [anagen, np.full(len(rows), p.catagen_duration), telogen],
            p.kenogen_mean * factor,
        )

    def visible(self, day: int) -> NDArray[np.bool_]:
        """Which follicles bear a hair that can be seen."""
        emerged = grown(self.p, self.shaft * self.c, day - self.began, self.terminal_growth)
        return np.where(self.phase == ANAGEN, emerged, (self.phase != KENOGEN) & self.shown)


def run(case: Scenario, n: int, seed: int) -> list[int]:
    """Visible hairs of n follicles at the visits."""
    rng = np.random.default_rng(seed)
    follicles = Follicles(case.process, stationary_start(case, n, rng), daily_rates(case), rng)
    visits, counts = set(case.visits.tolist()), []
    for day in range(-RUN_IN, int(case.visits[-1]) + 1):
        if day in visits:
            counts.append(int(np.count_nonzero(follicles.visible(day))))
        follicles.step(day)
    return counts
