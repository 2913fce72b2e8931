"""Follicles of a whole trial as starsim agents, stepped by days; patients are admitted on the day of baseline."""

from __future__ import annotations

from typing import Any

import numpy as np

from peers.scenario import Floats
from peers.starsim_daily import Follicle, followed
from peers.trial import SLOTS, Trial, summed


class Treated(Follicle):
    """Follicles of candidates, who are read and admitted at baseline and read again at every visit."""

    def __init__(self, trial: Trial) -> None:
        start = trial.start()
        super().__init__(trial.plan.process, start, trial.untreated(), int(start.begin[0]))
        self.trial, self.found = trial, []
        self.visits = set(trial.plan.visits.tolist())
        self.owner = start.resting // SLOTS
        self.begun = np.searchsorted(start.begin, np.arange(self.first_day, 1), side="right").tolist()
        self.kept: Any = None

    def read(self, day: int) -> None:
        """Read on the day of a visit; at baseline admit, and follow only those admitted from then on."""
        if day not in self.visits:
            return
        trial = self.trial
        grows = self.shows.values <= day
        thickening = self.rates.thickening[day].take(self.growing.values)
        diameter = np.where(grows, self.shaft.values * self.c.values * thickening, self.club.values)
        sums = summed(trial.plan, self.owner, len(trial.people), diameter, self.visible(day), grows.astype(float))
        if day == 0:
            if trial.admit(sums):
                self.rates = trial.treated(everyone=True)
            self.kept = self.c.auids[np.isin(self.owner, trial.rows)]
        self.found.append(sums[trial.rows])

    def active(self, day: int) -> Any:
        """Before baseline those whose disease has begun, the first ones; then those admitted."""
        return self.c.auids[: self.begun[day - self.first_day]] if day < 0 else self.kept


class StarsimEngine:
    """One simulation for each trial."""

    def run(self, trial: Trial) -> Floats:
        """Sums of hairs at the visits of those admitted."""
        module = Treated(trial)
        days = int(trial.plan.visits[-1]) - module.first_day
        followed(module, len(module.owner), days, seed=1 + trial.number)
        return np.stack(module.found, axis=1)
