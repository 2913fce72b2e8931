"""The process that every contender simulates: men with AGA, untreated for 4.5 years, then 48 weeks of a treatment.

All patients are of one type, so that a peer needs only one table of daily rates per sensitivity class. The treatment
builds up and wanes: it blocks androgens, lengthens anagen, shortens telogen and kenogen and lifts the calibre target.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from anagen.follicles import N_CLASSES, FollicleParameters
from anagen.parameters import load_parameters

Floats = NDArray[np.float64]

FOLLICLES = 260
"""Follicles per patient, those of 1 cm2 of scalp."""
RUN_IN = 1643
"""Untreated days before the tables: 4.5 years."""
BEFORE_BASELINE = 28
VISIT_WEEKS = tuple(range(0, 49, 4))
SHAFT, SHAFT_SD, TERMINAL_GROWTH = 80.0, 12.0, 0.367
CLASS_MEDIAN, CLASS_LOG_SD = 1.114, 0.715
ANAGEN, CATAGEN, TELOGEN, KENOGEN = range(4)


@dataclass(frozen=True)
class Scenario:
    """What a contender needs: parameters, sensitivity classes, levers by day of the tables, and visits [day]."""

    process: FollicleParameters
    sensitivity: Floats
    androgen_drive: Floats
    anagen_brake: Floats
    resting_clock: Floats
    calibre_boost: Floats
    visits: NDArray[np.int64]

    @property
    def days(self) -> int:
        """Days simulated per follicle."""
        return RUN_IN + int(self.visits[-1])


def scenario() -> Scenario:
    """The benchmark's process with central parameter values."""
    process = FollicleParameters.from_values(load_parameters().draw(0, 0))
    quantiles = [NormalDist().inv_cdf((k + 0.5) / N_CLASSES) for k in range(N_CLASSES)]
    week = (np.arange(BEFORE_BASELINE + 7 * VISIT_WEEKS[-1] + 3) - BEFORE_BASELINE) / 7.0
    rising = np.where(week > 0.0, 1.0 - np.exp(-np.maximum(week, 0.0) / 2.0), 0.0)
    effect = rising * np.where(week > 36.0, np.exp(-np.maximum(week - 36.0, 0.0) / 3.0), 1.0)
    return Scenario(
        process=process,
        sensitivity=CLASS_MEDIAN * np.exp(CLASS_LOG_SD * np.array(quantiles)),
        androgen_drive=1.0 - 0.3 * effect,
        anagen_brake=0.2 * effect,
        resting_clock=0.9 * effect,
        calibre_boost=0.03 * effect,
        visits=np.array(VISIT_WEEKS, dtype=np.int64) * 7 + BEFORE_BASELINE,
    )


@dataclass(frozen=True)
class DailyRates:
    """For daily automata: clock rates and calibre targets by day; a day before the tables is read at index 0.

    Attributes
    ----------
    clock : Floats
        Advance of the clock, shape [day, slot]; `Start` says which slot a follicle reads.
    goal : Floats
        Calibre target, shape [day, slot]; slots as for `clock`.
    gain : Floats
        Share of the way to its target that a calibre goes in a day, shape [slot].
    """

    clock: Floats
    goal: Floats
    gain: Floats


def daily_rates(case: Scenario) -> DailyRates:
    """Tabulate the levers for automata that step by days."""
    p, z, a = case.process, case.sensitivity[None, :], case.androgen_drive[:, None]
    anagen = np.exp(p.androgen_on_anagen * z * (a - 1.0) - case.anagen_brake[:, None])
    resting = np.exp(case.resting_clock)[:, None]
    target = 1.0 / (1.0 + (z * a) ** p.calibre_hill) + case.calibre_boost[:, None]
    others = np.zeros((len(anagen), 3))
    gain = np.concatenate([np.full(N_CLASSES, -math.expm1(-p.calibre_rate)), np.zeros(3)])
    return DailyRates(
        clock=np.concatenate([anagen, np.ones_like(resting), resting, resting], axis=1),
        goal=np.concatenate([np.clip(target, p.calibre_minimum, 1.0), others], axis=1),
        gain=gain,
    )


@dataclass(frozen=True)
class Start:
    """Follicles on the first untreated day.

    Attributes
    ----------
    growing : NDArray[np.int64]
        Slot of each follicle's rates in anagen.
    resting : NDArray[np.int64]
        Slot in catagen; those in telogen and kenogen follow it.
    shaft : Floats
        Diameter at full calibre [um].
    terminal_growth : Floats
        Growth of a terminal hair [mm/day].
    begin : Floats
        First untreated day.
    phase : NDArray[np.int64]
        ANAGEN to KENOGEN.
    age : Floats
        Days since the phase began.
    left : Floats
        Days until it ends.
    """

    growing: NDArray[np.int64]
    resting: NDArray[np.int64]
    shaft: Floats
    terminal_growth: Floats
    begin: Floats
    phase: NDArray[np.int64]
    age: Floats
    left: Floats

    @property
    def slot(self) -> NDArray[np.int64]:
        """Slot that each follicle reads on the first day."""
        return np.where(self.phase == ANAGEN, self.growing, self.resting + self.phase - 1)


def stationary_start(case: Scenario, n: int, rng: np.random.Generator) -> Start:
    """Follicles of one patient type, in the stationary regime of a healthy scalp."""
    phase, age, left = stationary_phases(case.process, n, rng)
    return Start(
        growing=rng.integers(0, N_CLASSES, n),
        resting=np.full(n, N_CLASSES),
        shaft=np.maximum(rng.normal(SHAFT, SHAFT_SD, n), 1.0),
        terminal_growth=np.full(n, TERMINAL_GROWTH),
        begin=np.full(n, -float(RUN_IN)),
        phase=phase,
        age=age,
        left=left,
    )


def stationary_phases(
    p: FollicleParameters, n: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Phase, days since it began and days left of follicles of calibre 1: phase by its share, age length-biased."""
    sigma, sigma_telogen = math.sqrt(math.log1p(p.duration_cv**2)), math.sqrt(math.log1p(p.telogen_cv**2))
    empty = p.kenogen_probability(1.0)
    means = np.array([p.anagen_maximum, p.anagen_floor, p.catagen_duration, p.telogen_mean, empty * p.kenogen_mean])
    # the length-biased law of a sum is a mixture: biased in one term with the chance of its share of the mean
    part = rng.choice(5, n, p=means / means.sum())
    z = rng.standard_normal(n)
    anagen = p.anagen_maximum * np.exp(sigma * z + np.where(part == 0, 0.5, -0.5) * sigma**2) + p.anagen_floor
    telogen = p.telogen_mean * np.exp(sigma_telogen * z + np.where(part == 3, 0.5, -0.5) * sigma_telogen**2)
    kenogen = p.kenogen_mean * np.exp(sigma * z + 0.5 * sigma**2)
    resting = telogen + p.catagen_duration
    whole = np.select([part <= 1, part <= 3], [anagen, resting], kenogen)
    age = rng.random(n) * whole
    in_catagen = (part >= 2) & (part <= 3) & (age < p.catagen_duration)
    phase = np.select([part <= 1, in_catagen, part <= 3], [ANAGEN, CATAGEN, TELOGEN], KENOGEN)
    return phase, age, np.where(in_catagen, p.catagen_duration - age, whole - age)
