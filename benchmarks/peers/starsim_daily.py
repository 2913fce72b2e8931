"""The daily automaton as a starsim module: follicles are its agents, state and draws are those of starsim."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("STARSIM_INSTALL_FONTS", "0")

import numpy as np
import starsim as ss

from anagen.follicles import FollicleParameters
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    REST,
    RUN_IN,
    DailyRates,
    Scenario,
    Start,
    daily_rates,
    emergence,
    recovery_left,
    stationary_start,
)


class Follicle(ss.Module):
    """Cycle and calibre of follicles, stepped by days; `first_day` is that of the simulation's first step."""

    def __init__(self, p: FollicleParameters, start: Start, rates: DailyRates, first_day: int) -> None:
        super().__init__()
        self.p, self.start, self.rates, self.first_day = p, start, rates, first_day
        self.define_states(
            ss.IntArr("growing", default=0),
            ss.IntArr("resting", default=0),
            ss.IntArr("phase", default=ANAGEN),
            ss.IntArr("slot", default=0),
            ss.FloatArr("shaft", default=0.0),
            ss.FloatArr("terminal_growth", default=0.0),
            ss.FloatArr("c", default=1.0),
            ss.FloatArr("left", default=0.0),
            ss.FloatArr("club", default=0.0),
            ss.FloatArr("fall", default=0.0),
            ss.FloatArr("shows", default=0.0),
            ss.FloatArr("recovery", default=1.0),
            ss.FloatArr("last_anagen", default=0.0),
        )
        self.anagen_factor = ss.lognorm_ex(mean=1.0, std=p.anagen_cv)
        self.exogen_time = ss.lognorm_ex(mean=p.exogen_mean, std=p.exogen_mean * p.exogen_cv)
        self.reentry_factor = ss.lognorm_ex(mean=1.0, std=p.reentry_cv)
        self.step_noise = ss.normal(loc=0.0, scale=p.calibre_step_noise)

    def init_post(self) -> None:
        """Put the agents into the stationary regime of a healthy scalp."""
        super().init_post()
        start = self.start
        self.growing[:], self.resting[:], self.slot[:] = start.growing, start.resting, start.slot
        self.shaft[:], self.terminal_growth[:], self.phase[:] = start.shaft, start.terminal_growth, start.phase
        self.left[:], self.fall[:], self.shows[:], self.club[:] = start.left, start.fall, start.shows, start.shaft
        self.last_anagen[:] = start.begin

    def read(self, day: int) -> None:
        """Read the hairs at the beginning of a day; nothing is read unless a subclass does."""

    def active(self, day: int) -> Any:
        """Agents whose follicles are followed on a day."""
        return self.c.auids

    def step(self) -> None:
        """One day of every follicle."""
        day = int(self.ti) + self.first_day
        self.read(day)
        row, active = max(0, day), self.active(day)
        clock, slot = self.rates.clock[row], self.slot[active]
        left = self.left[active] - clock.take(slot)
        self.left[active] = left
        c = self.c[active]
        self.c[active] = c + self.rates.gain.take(slot) * (self.rates.goal[row].take(slot) - c)
        ended = active[left <= 0.0]
        if len(ended):
            self.move_on(ended, day, row)

    def move_on(self, ended: Any, day: int, row: int) -> None:
        """Begin the next phase of follicles; what was left of the day counts for it."""
        was, clock = self.phase[ended], self.rates.clock[row]
        over = -self.left[ended] / clock.take(self.slot[ended])
        time = day + 1.0 - over
        for phase, begin in ((ANAGEN, self.stop_growing), (CATAGEN, self.rest), (REST, self.start_growing)):
            if len(rows := ended[was == phase]):
                begin(rows, time[was == phase], row)
        now = (was + 1) % 3
        self.phase[ended] = now
        self.slot[ended] = np.where(now == ANAGEN, self.growing[ended], self.resting[ended] + now - 1)
        self.left[ended] = self.left[ended] - over * clock.take(self.slot[ended])

    def stop_growing(self, rows: Any, time: Any, row: int) -> None:
        """Turn the hair, if it has been seen, into a club hair, and set exogen to run from the end of catagen."""
        fall = time + self.p.catagen_duration + self.exogen_time.rvs(rows)
        self.fall[rows] = np.where(self.shows[rows] <= time, fall, -np.inf)
        self.club[rows] = self.shaft[rows] * self.c[rows] * self.rates.thickening[row].take(self.growing[rows])
        self.shows[rows], self.left[rows] = np.inf, self.p.catagen_duration

    def rest(self, rows: Any, time: Any, row: int) -> None:
        """Set the clock of re-entry."""
        mean = self.p.reentry_mean * np.exp(self.p.reentry_slope * (1.0 - self.c[rows]))
        self.left[rows] = mean * self.reentry_factor.rvs(rows)

    def start_growing(self, rows: Any, time: Any, row: int) -> None:
        """Begin an anagen, with a step of the calibre towards what the follicle can still reach."""
        p, c = self.p, self.c[rows]
        recovery = self.recovery[rows] * recovery_left(p, c, time - self.last_anagen[rows])
        step = p.calibre_step * (np.minimum(recovery, self.rates.goal[row].take(self.growing[rows])) - c)
        c = np.clip(c + step + c * self.step_noise.rvs(rows), p.calibre_minimum, 1.0)
        self.recovery[rows], self.last_anagen[rows], self.c[rows] = recovery, time, c
        self.shows[rows] = time + emergence(p, self.shaft[rows] * c, self.terminal_growth[rows])
        self.left[rows] = (
            p.anagen_maximum * c**p.anagen_calibre_exponent * self.anagen_factor.rvs(rows) + p.anagen_floor
        )

    def visible(self, day: int) -> Any:
        """Which follicles bear a hair that can be seen."""
        return (self.shows.values <= day) | (day < self.fall.values)


class Counted(Follicle):
    """Follicles whose visible hairs are counted at visits."""

    def __init__(self, case: Scenario, start: Start) -> None:
        super().__init__(case.process, start, daily_rates(case), -RUN_IN)
        self.read_on, self.counts = set(case.visits.tolist()), []

    def read(self, day: int) -> None:
        """Count on the day of a visit."""
        if day in self.read_on:
            self.counts.append(int(np.count_nonzero(self.visible(day))))


def followed(module: Follicle, agents: int, days: int, seed: int) -> None:
    """Run a module by days from its first one."""
    ss.options(crn=False)  # common random numbers off: starsim at its fastest
    ss.Sim(
        n_agents=agents,
        modules=[module],
        start=ss.days(0),
        dt=ss.days(1),
        dur=days,
        rand_seed=seed,
        verbose=0,
        copy_inputs=False,
    ).run()


def run(case: Scenario, n: int, seed: int) -> list[int]:
    """Visible hairs of n follicles at the visits."""
    module = Counted(case, stationary_start(case, n, np.random.default_rng(seed)))
    followed(module, n, case.days, seed)
    return module.counts
