"""A daily automaton over arrays of follicles in NumPy: every day all clocks run, and phases that end give way."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from anagen.follicles import FollicleParameters
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    REST,
    RUN_IN,
    DailyRates,
    Floats,
    Scenario,
    Start,
    daily_rates,
    emergence,
    lognormal,
    recovery_left,
    stationary_start,
)

Indices = NDArray[np.intp]


class Follicles:
    """State of n follicles; `slot` is the column of the daily rates that a follicle reads.

    A growing hair is seen from the day `shows` on, the club hair before it, `club` thick [um], until the day `fall`.
    """

    def __init__(self, p: FollicleParameters, start: Start, rates: DailyRates, rng: np.random.Generator) -> None:
        self.p, self.rates, self.rng = p, rates, rng
        self.growing, self.resting, self.slot = start.growing, start.resting, start.slot
        self.shaft, self.terminal_growth, self.phase = start.shaft, start.terminal_growth, start.phase.copy()
        self.left, self.fall, self.shows = start.left.copy(), start.fall.copy(), start.shows.copy()
        self.c, self.club = np.ones(len(start.shaft)), start.shaft.copy()
        self.recovery, self.last_anagen = np.ones(len(self.c)), start.begin.copy()

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
        self.stop_growing(ended[was == ANAGEN], time[was == ANAGEN], row)
        self.rest(ended[was == CATAGEN])
        self.start_growing(ended[was == REST], time[was == REST], row)
        now = (was + 1) % 3
        self.phase[ended] = now
        self.slot[ended] = np.where(now == ANAGEN, self.growing[ended], self.resting[ended] + now - 1)

    def stop_growing(self, rows: Indices, time: Floats, row: int) -> None:
        """Turn the hair, if it has been seen, into a club hair, and set exogen to run from the end of catagen."""
        p = self.p
        exogen = p.exogen_mean * lognormal(self.rng, p.exogen_cv, len(rows))
        self.fall[rows] = np.where(self.shows[rows] <= time, time + p.catagen_duration + exogen, -np.inf)
        self.club[rows] = self.shaft[rows] * self.c[rows] * self.rates.thickening[row].take(self.growing[rows])
        self.shows[rows], self.left[rows] = np.inf, p.catagen_duration

    def rest(self, rows: Indices) -> None:
        """Set the clock of re-entry."""
        p = self.p
        mean = p.reentry_mean * np.exp(p.reentry_slope * (1.0 - self.c[rows]))
        self.left[rows] = mean * lognormal(self.rng, p.reentry_cv, len(rows))

    def start_growing(self, rows: Indices, time: Floats, row: int) -> None:
        """Begin an anagen, with a step of the calibre towards what the follicle can still reach."""
        p, c = self.p, self.c[rows]
        self.recovery[rows] *= recovery_left(p, c, time - self.last_anagen[rows])
        self.last_anagen[rows] = time
        step = p.calibre_step * (np.minimum(self.recovery[rows], self.rates.goal[row].take(self.growing[rows])) - c)
        noise = p.calibre_step_noise * c * self.rng.standard_normal(len(rows))
        self.c[rows] = c = np.clip(c + step + noise, p.calibre_minimum, 1.0)
        self.shows[rows] = time + emergence(p, self.shaft[rows] * c, self.terminal_growth[rows])
        factor = lognormal(self.rng, p.anagen_cv, len(rows))
        self.left[rows] = p.anagen_maximum * c**p.anagen_calibre_exponent * factor + p.anagen_floor

    def visible(self, day: int) -> NDArray[np.bool_]:
        """Which follicles bear a hair that can be seen."""
        return (self.shows <= day) | (day < self.fall)


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
