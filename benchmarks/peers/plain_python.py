"""The daily automaton in plain Python: one follicle after another, numbers in local variables."""

from __future__ import annotations

import math
import random

import numpy as np

from anagen.follicles import N_CLASSES, FollicleParameters
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    KENOGEN,
    RUN_IN,
    TELOGEN,
    TERMINAL_GROWTH,
    Scenario,
    daily_rates,
    stationary_start,
)


def emerged(p: FollicleParameters, diameter: float, days: float) -> bool:
    """Whether a hair of this diameter has emerged after so many days of anagen."""
    share = (diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter)
    rate = p.vellus_growth_rate + (TERMINAL_GROWTH - p.vellus_growth_rate) * min(1.0, max(0.0, share))
    return (days - p.emergence_lag) * rate >= p.emergence_length


def spread(mean: float, cv: float, draw: random.Random) -> float:
    """Log-normal number with a mean and a coefficient of variation."""
    variance = math.log1p(cv * cv)
    return mean * math.exp(draw.gauss(0.0, 1.0) * math.sqrt(variance) - variance / 2.0)


def anagen_duration(p: FollicleParameters, c: float, draw: random.Random) -> float:
    """Duration of an anagen of calibre c."""
    return spread(p.anagen_maximum * c**p.anagen_calibre_exponent, p.duration_cv, draw) + p.anagen_floor


def new_calibre(p: FollicleParameters, c: float, goal: float, gate_open: bool, draw: random.Random) -> float:
    """Calibre after the step and noise of a new anagen."""
    step = p.calibre_step * (goal - c)
    if not gate_open:
        step = min(step, 0.0)
    return min(1.0, max(p.calibre_minimum, c + step + p.calibre_step_noise * c * draw.gauss(0.0, 1.0)))


def run(case: Scenario, n: int, seed: int) -> list[int]:
    """Visible hairs of n follicles at the visits."""
    p, draw = case.process, random.Random(seed)
    start = stationary_start(case, n, np.random.default_rng(seed))
    rates = daily_rates(case)
    clocks, goals, gain = rates.clock.T.tolist(), rates.goal.T.tolist(), float(rates.gain[0])
    visits = case.visits.tolist()
    counts = [0] * len(visits)
    for i in range(n):
        k, shaft, phase = int(start.growing[i]), float(start.shaft[i]), int(start.phase[i])
        left, began, c, gate_open, shown = float(start.left[i]), -RUN_IN - float(start.age[i]), 1.0, True, True
        targets = goals[k]
        clock = clocks[k if phase == ANAGEN else N_CLASSES + phase - 1]
        next_visit = 0
        for day in range(-RUN_IN, visits[-1] + 1):
            if day == visits[next_visit]:
                if phase == ANAGEN:
                    counts[next_visit] += emerged(p, shaft * c, day - began)
                elif phase != KENOGEN:
                    counts[next_visit] += shown
                next_visit += 1
                if next_visit == len(visits):
                    break
            today = day if day > 0 else 0
            left -= clock[today]
            if phase == ANAGEN:
                c += gain * (targets[today] - c)
            if left <= 0.0:
                over = -left / clock[today]
                time = day + 1.0 - over
                if phase == ANAGEN:
                    shown = emerged(p, shaft * c, time - began)
                    phase, left = CATAGEN, p.catagen_duration
                elif phase == CATAGEN:
                    phase, left = TELOGEN, spread(p.telogen_mean, p.telogen_cv, draw)
                elif phase == TELOGEN and draw.random() < p.kenogen_probability(c):
                    phase, left = KENOGEN, spread(p.kenogen_mean, p.duration_cv, draw)
                else:
                    if c < p.gate_calibre and draw.random() < p.gate_probability:
                        gate_open = False
                    c = new_calibre(p, c, targets[today], gate_open, draw)
                    phase, left = ANAGEN, anagen_duration(p, c, draw)
                clock, began = clocks[k if phase == ANAGEN else N_CLASSES + phase - 1], time
                left -= over * clock[today]
    return counts
