"""The process that every contender simulates: men with AGA, untreated for 4.5 years, then 48 weeks of a treatment.

All patients are of one type, so that a peer needs only one table of daily rates per sensitivity class. The treatment
builds up and wanes: it blocks androgens, lengthens anagen, brings re-entry forward and thickens growing hairs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anagen.core.calendar import DAYS_PER_YEAR
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
ANAGEN, CATAGEN, REST = range(3)


@dataclass(frozen=True)
class Scenario:
    """What a contender needs: parameters, sensitivity classes, levers by day of the tables, and visits [day]."""

    process: FollicleParameters
    sensitivity: Floats
    androgen_drive: Floats
    anagen_extension: Floats
    telogen_exit: Floats
    calibre_gain: Floats
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
        anagen_extension=0.2 * effect,
        telogen_exit=0.9 * effect,
        calibre_gain=0.03 * effect,
        visits=np.array(VISIT_WEEKS, dtype=np.int64) * 7 + BEFORE_BASELINE,
    )


@dataclass(frozen=True)
class DailyRates:
    """For daily automata: clock rates, calibre targets and thickening by day; a day before the tables is read at 0.

    Attributes
    ----------
    clock : Floats
        Advance of the clock, shape [day, slot]; `Start` says which slot a follicle reads.
    goal : Floats
        Calibre target, shape [day, slot]; slots as for `clock`.
    thickening : Floats
        Factor on the diameter of a growing hair, shape [day, slot].
    gain : Floats
        Share of the way to its target that a calibre goes in a day, shape [slot].
    """

    clock: Floats
    goal: Floats
    thickening: Floats
    gain: Floats


def thickening_of(gain: Floats, lag: float) -> Floats:
    """Thickness each day [day, ...] of the piece of hair that is then seen, made `lag` days before.

    A gain holds over a day, so that its value stands at noon.
    """
    days, part = divmod(lag + 0.5, 1.0)
    later, earlier = (np.zeros_like(gain) for _ in range(2))
    later[int(days) :] = gain[: len(gain) - int(days)]
    earlier[int(days) + 1 :] = gain[: len(gain) - int(days) - 1]
    return np.exp((1.0 - part) * later + part * earlier)


def daily_rates(case: Scenario) -> DailyRates:
    """Tabulate the levers for automata that step by days."""
    p, z, a = case.process, case.sensitivity[None, :], case.androgen_drive[:, None]
    anagen = np.exp(p.androgen_on_anagen * z * (a - 1.0) - case.anagen_extension[:, None])
    rest = np.exp(case.telogen_exit)[:, None]
    target = np.clip(1.0 / (1.0 + (z * a) ** p.calibre_hill), p.calibre_minimum, 1.0)
    clock = np.concatenate([anagen, np.ones_like(rest), rest], axis=1)
    return DailyRates(
        clock=clock,
        goal=np.concatenate([target, np.zeros((len(target), 2))], axis=1),
        thickening=np.broadcast_to(thickening_of(case.calibre_gain[:, None], p.emergence_lag), clock.shape),
        gain=np.concatenate([np.full(N_CLASSES, -math.expm1(-p.calibre_rate)), np.zeros(2)]),
    )


@dataclass(frozen=True)
class Start:
    """Follicles on the first untreated day.

    Attributes
    ----------
    growing : NDArray[np.int64]
        Slot of each follicle's rates in anagen.
    resting : NDArray[np.int64]
        Slot in catagen; that of the rest after it follows.
    shaft : Floats
        Diameter at full calibre [um].
    terminal_growth : Floats
        Growth of a terminal hair [mm/day].
    begin : Floats
        First untreated day.
    phase : NDArray[np.int64]
        ANAGEN to REST.
    left : Floats
        Days until it ends.
    fall : Floats
        Day on which exogen takes the club hair.
    shows : Floats
        Day from which the hair of an anagen is seen; infinite in other phases.
    """

    growing: NDArray[np.int64]
    resting: NDArray[np.int64]
    shaft: Floats
    terminal_growth: Floats
    begin: Floats
    phase: NDArray[np.int64]
    left: Floats
    fall: Floats
    shows: Floats

    @property
    def slot(self) -> NDArray[np.int64]:
        """Slot that each follicle reads on the first day."""
        return np.where(self.phase == ANAGEN, self.growing, self.resting + self.phase - 1)


def stationary_start(case: Scenario, n: int, rng: np.random.Generator) -> Start:
    """Follicles of one patient type, in the stationary regime of a healthy scalp."""
    return started(
        case.process,
        growing=rng.integers(0, N_CLASSES, n),
        resting=np.full(n, N_CLASSES),
        shaft=np.maximum(rng.normal(SHAFT, SHAFT_SD, n), 1.0),
        terminal_growth=np.full(n, TERMINAL_GROWTH),
        begin=np.full(n, -float(RUN_IN)),
        rng=rng,
    )


def started(
    p: FollicleParameters,
    *,
    growing: NDArray[np.int64],
    resting: NDArray[np.int64],
    shaft: Floats,
    terminal_growth: Floats,
    begin: Floats,
    rng: np.random.Generator,
) -> Start:
    """Follicles of calibre 1: phase by its share, age length-biased; exogen runs beside it and is not biased."""
    n = len(shaft)
    means = np.array([p.anagen_maximum, p.anagen_floor, p.catagen_duration, p.reentry_mean])
    # the length-biased law of a sum is a mixture: biased in one term with the chance of its share of the mean
    part = rng.choice(4, n, p=means / means.sum())
    anagen, exogen, reentry = (lognormal(rng, cv, n) for cv in (p.anagen_cv, p.exogen_cv, p.reentry_cv))
    exogen, reentry = p.exogen_mean * exogen, p.reentry_mean * reentry
    anagen = p.anagen_maximum * anagen * np.where(part == 0, 1.0 + p.anagen_cv**2, 1.0) + p.anagen_floor
    rest = reentry * np.where(part == 3, 1.0 + p.reentry_cv**2, 1.0) + p.catagen_duration
    in_anagen = part <= 1
    whole = np.where(in_anagen, anagen, rest)
    age = rng.random(n) * whole
    in_catagen = ~in_anagen & (age < p.catagen_duration)
    began = begin - age
    return Start(
        growing=growing,
        resting=resting,
        shaft=shaft,
        terminal_growth=terminal_growth,
        begin=begin,
        phase=np.select([in_anagen, in_catagen], [ANAGEN, CATAGEN], REST),
        left=np.where(in_catagen, p.catagen_duration, whole) - age,
        # the club hair of this rest, or of the rest that came before this anagen
        fall=began + exogen + np.where(in_anagen, -reentry, p.catagen_duration),
        shows=np.where(in_anagen, began + emergence(p, shaft, terminal_growth), np.inf),
    )


def emergence(p: FollicleParameters, diameter: Floats, terminal_growth: Floats) -> Floats:
    """Days from the start of an anagen until its hair, so thick at first, is seen."""
    share = np.clip((diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter), 0.0, 1.0)
    return p.emergence_lag + p.emergence_length / (
        p.vellus_growth_rate + (terminal_growth - p.vellus_growth_rate) * share
    )


def recovery_left(p: FollicleParameters, calibre: Floats, elapsed: Floats) -> Floats:
    """Share of its recovery that a follicle keeps over these days."""
    return np.exp(-p.recovery_loss * np.maximum(0.0, 1.0 - calibre / p.recovery_calibre) * elapsed / DAYS_PER_YEAR)


def lognormal(rng: np.random.Generator, cv: float, shape: Any) -> Floats:
    """Factors of mean 1."""
    variance = math.log1p(cv**2)
    return rng.lognormal(-0.5 * variance, math.sqrt(variance), shape)
