"""The daily automaton as a starsim module: follicles are its agents, state and draws are those of starsim."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("STARSIM_INSTALL_FONTS", "0")

import numpy as np
import starsim as ss

from anagen.follicles import FollicleParameters
from peers.numpy_daily import grown
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    KENOGEN,
    RUN_IN,
    TELOGEN,
    DailyRates,
    Scenario,
    Start,
    daily_rates,
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
            ss.FloatArr("began", default=0.0),
            ss.BoolArr("shown", default=True),
            ss.BoolArr("gate_open", default=True),
        )
        self.anagen_factor = ss.lognorm_ex(mean=1.0, std=p.duration_cv)
        self.kenogen_time = ss.lognorm_ex(mean=p.kenogen_mean, std=p.kenogen_mean * p.duration_cv)
        self.telogen_time = ss.lognorm_ex(mean=p.telogen_mean, std=p.telogen_mean * p.telogen_cv)
        self.step_noise = ss.normal(loc=0.0, scale=p.calibre_step_noise)
        self.gate_draw = ss.random()
        self.kenogen_draw = ss.random()

    def init_post(self) -> None:
        """Put the agents into the stationary regime of a healthy scalp."""
        super().init_post()
        start = self.start
        self.growing[:], self.resting[:], self.slot[:] = start.growing, start.resting, start.slot
        self.shaft[:], self.terminal_growth[:], self.phase[:] = start.shaft, start.terminal_growth, start.phase
        self.left[:], self.began[:] = start.left, start.begin - start.age

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
        p, was, clock = self.p, self.phase[ended], self.rates.clock[row]
        over = -self.left[ended] / clock.take(self.slot[ended])
        time = day + 1.0 - over
        stops, ready = ended[was == ANAGEN], ended[was == TELOGEN]
        self.shown[stops] = grown(
            p, self.shaft[stops] * self.c[stops], time[was == ANAGEN] - self.began[stops], self.terminal_growth[stops]
        )
        now = np.select([was == ANAGEN, was == CATAGEN], [CATAGEN, TELOGEN], ANAGEN)
        chance = np.minimum(p.kenogen_limit, p.kenogen_base + p.kenogen_slope * (1.0 - self.c[ready]))
        now[was == TELOGEN] = np.where(self.kenogen_draw.rvs(ready) < chance, KENOGEN, ANAGEN)
        left = np.full(len(ended), p.catagen_duration)
        for phase, duration in ((TELOGEN, self.telogen_time), (KENOGEN, self.kenogen_time)):
            if len(rows := ended[now == phase]):
                left[now == phase] = duration.rvs(rows)
        if len(new := ended[now == ANAGEN]):
            left[now == ANAGEN] = self.begin_anagen(new, row)
        self.phase[ended], self.began[ended] = now, time
        self.slot[ended] = np.where(now == ANAGEN, self.growing[ended], self.resting[ended] + now - 1)
        self.left[ended] = left - over * clock.take(self.slot[ended])

    def begin_anagen(self, new: Any, row: int) -> Any:
        """Calibre and duration of new anagens."""
        p, c = self.p, self.c[new]
        gate_open = self.gate_open[new] & ~((c < p.gate_calibre) & (self.gate_draw.rvs(new) < p.gate_probability))
        step = p.calibre_step * (self.rates.goal[row].take(self.growing[new]) - c)
        step = np.where(gate_open, step, np.minimum(step, 0.0))
        c = np.clip(c + step + c * self.step_noise.rvs(new), p.calibre_minimum, 1.0)
        self.gate_open[new], self.c[new] = gate_open, c
        return p.anagen_maximum * c**p.anagen_calibre_exponent * self.anagen_factor.rvs(new) + p.anagen_floor

    def visible(self, day: int) -> Any:
        """Which follicles bear a hair that can be seen."""
        phase, diameter = self.phase.values, self.shaft.values * self.c.values
        emerged = grown(self.p, diameter, day - self.began.values, self.terminal_growth.values)
        return np.where(phase == ANAGEN, emerged, (phase != KENOGEN) & self.shown.values)


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
