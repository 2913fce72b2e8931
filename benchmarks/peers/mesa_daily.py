"""The daily automaton in Mesa: one agent per follicle, all activated once a day through their AgentSet."""

from __future__ import annotations

import math

import mesa
import numpy as np

from anagen.follicles import N_CLASSES
from peers.plain_python import anagen_duration, emergence, fall_of_club_hair, new_calibre, recovery_left, spread
from peers.scenario import ANAGEN, CATAGEN, REST, RUN_IN, Scenario, daily_rates, stationary_start


class Follicle(mesa.Agent):
    """One follicle."""

    def __init__(self, model: Scalp, k: int, shaft: float, phase: int, left: float, fall: float, shows: float) -> None:
        super().__init__(model)
        self.k, self.shaft, self.phase, self.left, self.fall, self.shows = k, shaft, phase, left, fall, shows
        self.c, self.recovery, self.last_anagen = 1.0, 1.0, float(-RUN_IN)
        self.targets = model.goals[k]
        self.clock = model.clocks[k if phase == ANAGEN else N_CLASSES + phase - 1]

    def step(self) -> None:
        """One day."""
        today = self.model.today
        self.left -= self.clock[today]
        if self.phase == ANAGEN:
            self.c += self.model.gain * (self.targets[today] - self.c)
        if self.left <= 0.0:
            self.move_on()

    def move_on(self) -> None:
        """Begin the next phase; what was left of the day counts for it."""
        model = self.model
        p, draw, today = model.case.process, model.random, model.today
        over = -self.left / self.clock[today]
        time = model.day + 1.0 - over
        if self.phase == ANAGEN:
            self.fall, self.shows = fall_of_club_hair(p, time, self.shows, draw), math.inf
            self.phase, self.left = CATAGEN, p.catagen_duration
        elif self.phase == CATAGEN:
            self.phase, self.left = REST, spread(p.reentry_at(self.c), p.reentry_cv, draw)
        else:
            self.recovery *= recovery_left(p, self.c, time - self.last_anagen)
            self.last_anagen = time
            self.c = new_calibre(p, self.c, min(self.recovery, self.targets[today]), draw)
            self.shows = time + emergence(p, self.shaft * self.c)
            self.phase, self.left = ANAGEN, anagen_duration(p, self.c, draw)
        self.clock = model.clocks[self.k if self.phase == ANAGEN else N_CLASSES + self.phase - 1]
        self.left -= over * self.clock[today]

    def visible(self) -> bool:
        """Whether a hair can be seen."""
        return self.shows <= self.model.day or self.model.day < self.fall


class Scalp(mesa.Model):
    """All follicles and the day."""

    def __init__(self, case: Scenario, n: int, seed: int) -> None:
        super().__init__(seed=seed)
        self.case, self.day, self.today = case, -RUN_IN, 0
        rates = daily_rates(case)
        self.clocks, self.goals, self.gain = rates.clock.T.tolist(), rates.goal.T.tolist(), float(rates.gain[0])
        start = stationary_start(case, n, np.random.default_rng(seed))
        columns = (start.growing, start.shaft, start.phase, start.left, start.fall, start.shows)
        for values in zip(*(column.tolist() for column in columns), strict=True):
            Follicle(self, *values)

    def step(self) -> None:
        """One day of every follicle."""
        self.agents.do("step")
        self.day += 1
        self.today = max(0, self.day)


def run(case: Scenario, n: int, seed: int) -> list[int]:
    """Visible hairs of n follicles at the visits."""
    scalp = Scalp(case, n, seed)
    visits, counts = set(case.visits.tolist()), []
    while True:
        if scalp.day in visits:
            counts.append(sum(agent.visible() for agent in scalp.agents))
            if len(counts) == len(visits):
                return counts
        scalp.step()
