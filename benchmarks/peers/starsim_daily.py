"""The daily automaton as a starsim module: follicles are its agents, state and draws are those of starsim."""

from __future__ import annotations

import os
from typing import Any

os.environ.setdefault("STARSIM_INSTALL_FONTS", "0")

import numpy as np
import starsim as ss

from anagen.follicles import N_CLASSES
from peers.numpy_daily import grown
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    KENOGEN,
    RUN_IN,
    TELOGEN,
    Scenario,
    daily_rates,
    stationary_start,
)


class Follicle(ss.Module):
    """Cycle and calibre of follicles, stepped by days."""

    def __init__(self, case: Scenario, seed: int) -> None:
        super().__init__()
        self.case, self.seed = case, seed
        self.rates = daily_rates(case)
        self.read_on, self.counts = set(case.visits.tolist()), []
        self.define_states(
            ss.IntArr("k", default=0),
            ss.IntArr("phase", default=ANAGEN),
            ss.IntArr("slot", default=0),
            ss.FloatArr("shaft", default=0.0),
            ss.FloatArr("c", default=1.0),
            ss.FloatArr("left", default=0.0),
            ss.FloatArr("began", default=0.0),
            ss.BoolArr("shown", default=True),
            ss.BoolArr("gate_open", default=True),
        )
        p = case.process
        self.anagen_factor = ss.lognorm_ex(mean=1.0, std=p.duration_cv)
        self.kenogen_time = ss.lognorm_ex(mean=p.kenogen_mean, std=p.kenogen_mean * p.duration_cv)
        self.telogen_time = ss.lognorm_ex(mean=p.telogen_mean, std=p.telogen_mean * p.telogen_cv)
        self.step_noise = ss.normal(loc=0.0, scale=p.calibre_step_noise)
        self.gate_draw = ss.random()
        self.kenogen_draw = ss.random()

    def init_post(self) -> None:
        """Put the agents into the stationary regime of a healthy scalp."""
        super().init_post()
        start = stationary_start(self.case, len(self.c), np.random.default_rng(self.seed))
        self.k[:], self.shaft[:], self.phase[:] = start.sensitivity_class, start.shaft, start.phase
        self.left[:], self.began[:] = start.left, -RUN_IN - start.age
        self.slot[:] = np.where(start.phase == ANAGEN, start.sensitivity_class, N_CLASSES + start.phase - 1)

    def step(self) -> None:
        """One day of every follicle."""
        day = int(self.ti) - RUN_IN
        if day in self.read_on:
            self.counts.append(self.visible(day))
        row = max(0, day)
        clock, slot = self.rates.clock[row], self.slot.values
        self.left[:] = self.left.values - clock.take(slot)
        c = self.c.values
        self.c[:] = c + self.rates.gain.take(slot) * (self.rates.goal[row].take(slot) - c)
        ended = (self.left <= 0.0).uids
        if len(ended):
            self.move_on(ended, day, clock)

    def move_on(self, ended: Any, day: int, clock: Any) -> None:
        """Begin the next phase of follicles; what was left of the day counts for it."""
        p, was = self.case.process, self.phase[ended]
        over = -self.left[ended] / clock.take(self.slot[ended])
        time = day + 1.0 - over
        stops, ready = ended[was == ANAGEN], ended[was == TELOGEN]
        self.shown[stops] = grown(self.case, self.shaft[stops] * self.c[stops], time[was == ANAGEN] - self.began[stops])
        now = np.select([was == ANAGEN, was == CATAGEN], [CATAGEN, TELOGEN], ANAGEN)
        chance = np.minimum(p.kenogen_limit, p.kenogen_base + p.kenogen_slope * (1.0 - self.c[ready]))
        now[was == TELOGEN] = np.where(self.kenogen_draw.rvs(ready) < chance, KENOGEN, ANAGEN)
        left = np.full(len(ended), p.catagen_duration)
        for phase, duration in ((TELOGEN, self.telogen_time), (KENOGEN, self.kenogen_time)):
            if len(rows := ended[now == phase]):
                left[now == phase] = duration.rvs(rows)
        if len(new := ended[now == ANAGEN]):
            left[now == ANAGEN] = self.begin_anagen(new, day)
        self.phase[ended], self.began[ended] = now, time
        self.slot[ended] = np.where(now == ANAGEN, self.k[ended], N_CLASSES + now - 1)
        self.left[ended] = left - over * clock.take(self.slot[ended])

    def begin_anagen(self, new: Any, day: int) -> Any:
        """Calibre and duration of new anagens."""
        p, c = self.case.process, self.c[new]
        gate_open = self.gate_open[new] & ~((c < p.gate_calibre) & (self.gate_draw.rvs(new) < p.gate_probability))
        step = p.calibre_step * (self.rates.goal[max(0, day), self.k[new]] - c)
        step = np.where(gate_open, step, np.minimum(step, 0.0))
        c = np.clip(c + step + c * self.step_noise.rvs(new), p.calibre_minimum, 1.0)
        self.gate_open[new], self.c[new] = gate_open, c
        return p.anagen_maximum * c**p.anagen_calibre_exponent * self.anagen_factor.rvs(new) + p.anagen_floor

    def visible(self, day: int) -> int:
        """Number of hairs that can be seen."""
        phase = self.phase.values
        growing = (phase == ANAGEN) & grown(self.case, self.shaft.values * self.c.values, day - self.began.values)
        resting = ((phase == CATAGEN) | (phase == TELOGEN)) & self.shown.values
        return int(np.count_nonzero(growing | resting))


def run(case: Scenario, n: int, seed: int) -> list[int]:
    """Visible hairs of n follicles at the visits."""
    ss.options(crn=False)  # common random numbers off: starsim at its fastest
    module = Follicle(case, seed)
    sim = ss.Sim(
        n_agents=n,
        modules=[module],
        start=ss.days(0),
        dt=ss.days(1),
        dur=case.days,
        rand_seed=seed,
        verbose=0,
        copy_inputs=False,
    )
    sim.run()
    return module.counts
