"""Courses of levers over days, given alike to the kernel and to the reference follicle."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from anagen.follicles import FollicleParameters

Floats = NDArray[np.float64]
BASELINE = 28
"""Day of baseline after the start of the tables."""
VISITS = np.array([28.0, 84.0, 140.0, 196.0, 280.0, 364.0])
PROCESS = FollicleParameters(
    anagen_maximum=800.0,
    anagen_calibre_exponent=2.9,
    anagen_floor=20.0,
    catagen_duration=18.0,
    anagen_cv=0.35,
    exogen_mean=115.0,
    exogen_cv=0.45,
    reentry_mean=70.0,
    reentry_slope=1.2,
    reentry_cv=0.65,
    calibre_hill=1.55,
    calibre_step=0.38,
    calibre_step_noise=0.05,
    calibre_rate=0.0003,
    calibre_minimum=0.03,
    recovery_loss=0.5,
    recovery_calibre=0.5,
    androgen_on_anagen=0.7,
    emergence_lag=7.0,
    emergence_length=1.0,
    vellus_growth_rate=0.03,
    vellus_diameter=20.0,
    terminal_growth_diameter=80.0,
)
"""Fixed here, so that a new value of a shipped parameter does not draw new samples for these tests."""
QUANTILES = ndtri((np.arange(16) + 0.5) / 16)
AGA_CLASSES = np.exp(0.65 * QUANTILES)
HEALTHY_CLASSES = 0.15 * np.exp(0.3 * QUANTILES)
DETECTION = 1.0 / (1.0 + np.exp(-(np.arange(251) - 20.0) / 2.0))
"""Chance of detection by diameter [um]."""


@dataclass(frozen=True)
class Course:
    """Levers by day; the value of day i holds from i to i + 1."""

    androgen_drive: Floats
    anagen_extension: Floats
    telogen_exit: Floats
    calibre_gain: Floats
    immune_attack: Floats

    @property
    def days(self) -> int:
        return len(self.androgen_drive)

    def at_half_steps(self) -> Course:
        """The same course on a grid of half days."""
        return Course(**{field.name: np.repeat(getattr(self, field.name), 2) for field in fields(self)})


def untreated(days: int) -> Course:
    return Course(np.ones(days), np.zeros(days), np.zeros(days), np.zeros(days), np.zeros(days))


def risen(days: int, *, start: float, stop: float = np.inf, rise: float = 14.0, fall: float = 17.0) -> Floats:
    """0 before `start`, then towards 1, then back to 0 from `stop` on, with one time constant each way."""
    t = np.arange(days, dtype=np.float64)
    up = np.where(t >= start, -np.expm1(-(np.minimum(t, stop) - start) / rise), 0.0)
    return np.where(t > stop, up * np.exp(-(t - np.minimum(t, stop)) / fall), up)


def androgen_lever(days: int) -> Course:
    """Androgen drive down to 0.6 from baseline on."""
    return replace(untreated(days), androgen_drive=1.0 - 0.4 * risen(days, start=BASELINE))


def growth_levers(days: int) -> Course:
    """Longer anagen, quicker telogen and a larger target, withdrawn 24 weeks after baseline."""
    level = risen(days, start=BASELINE, stop=BASELINE + 168)
    return replace(untreated(days), anagen_extension=0.3 * level, telogen_exit=1.2 * level, calibre_gain=0.05 * level)


def attack_step(days: int) -> Course:
    """A shock of one day, and a month of slower attack later."""
    attack = np.zeros(days)
    attack[60] = 0.5
    attack[150:180] = 0.01
    return replace(untreated(days), immune_attack=attack)


def swinging_clocks(days: int) -> Course:
    """Clocks that speed up and slow down several times within one phase."""
    t = np.arange(days, dtype=np.float64)
    return replace(
        untreated(days),
        androgen_drive=0.8 + 0.2 * np.cos(2.0 * np.pi * t / 410.0),
        anagen_extension=0.6 * np.sin(2.0 * np.pi * t / 290.0),
        telogen_exit=0.9 * np.sin(2.0 * np.pi * t / 57.0),
    )
