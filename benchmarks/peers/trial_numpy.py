"""Follicles of a whole trial in NumPy: days from baseline on, and before it days or, faster, events."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from peers.numpy_daily import Follicles
from peers.scenario import ANAGEN, Floats
from peers.trial import SLOTS, Trial, summed


@dataclass(frozen=True)
class NumpyEngine:
    """Arrays over all follicles of a trial; `by_events` takes the untreated years phase by phase instead of by days."""

    by_events: bool

    def run(self, trial: Trial) -> Floats:
        """Sums of hairs at the visits of those admitted."""
        plan, start = trial.plan, trial.start()
        follicles = Cohort(plan.process, start, trial.untreated(), trial.rng)
        if self.by_events:
            follicles.to_baseline_by_events(start.begin)
        else:
            follicles.to_baseline_by_days(start.begin)
        if not trial.admit(follicles.sums(trial, 0, len(trial.people))):
            return np.zeros((0, len(plan.visits), 4))
        follicles.keep(trial.rows)
        follicles.rates = trial.treated()
        found: list[Floats] = []
        visits = set(plan.visits.tolist())
        for day in range(int(plan.visits[-1]) + 1):
            if day in visits:
                found.append(follicles.sums(trial, day, len(trial.rows)))
            follicles.step(day)
        return np.stack(found, axis=1)


class Cohort(Follicles):
    """Follicles of many patients, those of the longest ill first."""

    def to_baseline_by_days(self, begin: Floats) -> None:
        """Every day of every follicle whose disease has begun."""
        followed = np.searchsorted(begin, np.arange(int(begin[0]), 0), side="right")
        for day, n in zip(range(int(begin[0]), 0), followed.tolist(), strict=True):
            self.step(day, n)

    def to_baseline_by_events(self, begin: Floats) -> None:
        """From phase to phase: untreated clocks run at rate 1, and calibres relax to a goal that stands still."""
        p, goal = self.p, self.rates.goal[0].take(self.growing)
        end, known = begin + self.left, begin.copy()
        rows = np.flatnonzero(end <= 0.0)
        while len(rows):
            time = end[rows]
            growing = rows[self.phase[rows] == ANAGEN]
            self.c[growing] = goal[growing] + (self.c[growing] - goal[growing]) * np.exp(
                -p.calibre_rate * (end[growing] - known[growing])
            )
            self.move_on(rows, time, 0)
            known[rows] = time
            end[rows] = time + self.left[rows]
            rows = rows[end[rows] <= 0.0]
        growing = np.flatnonzero(self.phase == ANAGEN)
        self.c[growing] = goal[growing] + (self.c[growing] - goal[growing]) * np.exp(p.calibre_rate * known[growing])
        self.left = end

    def keep(self, patients: NDArray[np.intp]) -> None:
        """Follow only these patients from now on, numbered anew in their order."""
        number = np.full(int(self.resting.max()) // SLOTS + 1, -1)
        number[patients] = np.arange(len(patients))
        rows = np.flatnonzero(number[self.resting // SLOTS] >= 0)
        for name in ("growing", "resting", "shaft", "terminal_growth", "phase", "left", "c", "club", "fall",
                     "shows", "recovery", "last_anagen", "slot"):  # fmt: skip
            setattr(self, name, getattr(self, name)[rows])
        moved = (number[self.resting // SLOTS] - self.resting // SLOTS) * SLOTS
        self.growing, self.resting, self.slot = self.growing + moved, self.resting + moved, self.slot + moved

    def sums(self, trial: Trial, day: int, n: int) -> Floats:
        """Hairs of n patients on a day."""
        grows = self.shows <= day
        thickening = self.rates.thickening[day].take(self.growing)
        diameter = np.where(grows, self.shaft * self.c * thickening, self.club)
        return summed(trial.plan, self.resting // SLOTS, n, diameter, self.visible(day), grows.astype(float))
