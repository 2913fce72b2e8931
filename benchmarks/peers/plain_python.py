"""The daily automaton in plain Python: one follicle after another, numbers in local variables."""

from __future__ import annotations

import math
import random

import numpy as np

from anagen.core.calendar import DAYS_PER_YEAR
from anagen.follicles import N_CLASSES, FollicleParameters
from peers.scenario import (
    ANAGEN,
    CATAGEN,
    REST,
    RUN_IN,
    TERMINAL_GROWTH,
    Scenario,
    daily_rates,
    stationary_start,
)


def emergence(p: FollicleParameters, diameter: float) -> float:
    """Days from the start of an anagen until its hair, so thick at first, is seen."""
    share = (diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter)
    rate = p.vellus_growth_rate + (TERMINAL_GROWTH - p.vellus_growth_rate) * min(1.0, max(0.0, share))
    return p.emergence_lag + p.emergence_length / rate


def spread(mean: float, cv: float, draw: random.Random) -> float:
    """Log-normal number with a mean and a coefficient of variation."""
    variance = math.log1p(cv * cv)
    return mean * math.exp(draw.gauss(0.0, 1.0) * math.sqrt(variance) - variance / 2.0)


def anagen_duration(p: FollicleParameters, c: float, draw: random.Random) -> float:
    """Duration of an anagen of calibre c."""
    return spread(p.anagen_maximum * c**p.anagen_calibre_exponent, p.anagen_cv, draw) + p.anagen_floor


def fall_of_club_hair(p: FollicleParameters, time: float, shows: float, draw: random.Random) -> float:
    """Day on which exogen takes the hair of an anagen that ends now; none is left of one that was never seen."""
    return time + p.catagen_duration + spread(p.exogen_mean, p.exogen_cv, draw) if shows <= time else -math.inf


def recovery_left(p: FollicleParameters, c: float, elapsed: float) -> float:
    """Share of its recovery that a follicle of calibre c keeps over these days."""
    return math.exp(-p.recovery_loss * max(0.0, 1.0 - c / p.recovery_calibre) * elapsed / DAYS_PER_YEAR)


def new_calibre(p: FollicleParameters, c: float, goal: float, draw: random.Random) -> float:
    """Calibre after the step and noise of a new anagen."""
    step = p.calibre_step * (goal - c)
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
        k, shaft, phase, left = int(start.growing[i]), float(start.shaft[i]), int(start.phase[i]), float(start.left[i])
        fall, shows, c = float(start.fall[i]), float(start.shows[i]), 1.0
        recovery, last_anagen = 1.0, float(start.begin[i])
        targets = goals[k]
        clock = clocks[k if phase == ANAGEN else N_CLASSES + phase - 1]
        next_visit = 0
        for day in range(-RUN_IN, visits[-1] + 1):
            if day == visits[next_visit]:
                counts[next_visit] += shows <= day or day < fall
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
                    fall, shows = fall_of_club_hair(p, time, shows, draw), math.inf
                    phase, left = CATAGEN, p.catagen_duration
                elif phase == CATAGEN:
                    phase, left = REST, spread(p.reentry_at(c), p.reentry_cv, draw)
                else:
                    recovery *= recovery_left(p, c, time - last_anagen)
                    last_anagen = time
                    c = new_calibre(p, c, min(recovery, targets[today]), draw)
                    shows = time + emergence(p, shaft * c)
                    phase, left = ANAGEN, anagen_duration(p, c, draw)
                clock = clocks[k if phase == ANAGEN else N_CLASSES + phase - 1]
                left -= over * clock[today]
    return counts
