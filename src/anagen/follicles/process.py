"""The life of one follicle in numbers: the parameters of the semi-Markov process and what they imply at rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np
from scipy.special import ndtr as norm_cdf

from anagen.core.calendar import DAYS_PER_YEAR

N_CLASSES = 16
"""Quantile classes of androgen sensitivity among the follicles of one patient."""
SPREADS = ("anagen_cv", "exogen_cv", "reentry_cv")
"""Coefficients of variation of log-normal durations."""


class ProcessConstants(NamedTuple):
    """FollicleParameters as the compiled kernel takes them."""

    anagen_maximum: float
    anagen_calibre_exponent: float
    anagen_floor: float
    catagen_duration: float
    anagen_sigma: float
    exogen_mean: float
    exogen_sigma: float
    reentry_mean: float
    reentry_slope: float
    reentry_sigma: float
    calibre_hill: float
    calibre_step: float
    calibre_step_noise: float
    calibre_rate: float
    calibre_minimum: float
    recovery_loss: float
    recovery_calibre: float
    androgen_on_anagen: float
    emergence_lag: float
    emergence_length: float
    vellus_growth_rate: float
    vellus_diameter: float
    terminal_growth_diameter: float


@dataclass(frozen=True, slots=True)
class FollicleParameters:
    """Parameters of the follicle's cycle and calibre; durations in days, calibre relative to a terminal follicle.

    Anagen lasts `anagen_maximum * c**anagen_calibre_exponent * L + anagen_floor`; catagen is fixed. From its end two
    clocks race: exogen, `exogen_mean * L`, and re-entry, `reentry_mean * exp(reentry_slope * (1 - c)) * L`, with L
    log-normal of mean 1. Re-entry begins the next anagen. The club hair falls by exogen, or when the new hair shows; a
    follicle that it leaves before re-entry is in kenogen.

    Raises
    ------
    ValueError
        Where a duration is not positive or a probability lies outside 0 to 1.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> FollicleParameters.from_values(load_parameters().draw(0, 0)).catagen_duration
    18.0
    """

    anagen_maximum: float
    anagen_calibre_exponent: float
    anagen_floor: float
    catagen_duration: float
    anagen_cv: float
    exogen_mean: float
    exogen_cv: float
    reentry_mean: float
    reentry_slope: float
    reentry_cv: float
    calibre_hill: float
    calibre_step: float
    calibre_step_noise: float
    calibre_rate: float
    calibre_minimum: float
    recovery_loss: float
    recovery_calibre: float
    androgen_on_anagen: float
    emergence_lag: float
    emergence_length: float
    vellus_growth_rate: float
    vellus_diameter: float
    terminal_growth_diameter: float

    def __post_init__(self) -> None:
        for name in ("anagen_maximum", "catagen_duration", "exogen_mean", "reentry_mean", "recovery_calibre", *SPREADS):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        for name in ("calibre_step", "recovery_calibre"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must lie between 0 and 1, got {getattr(self, name)}")

    @classmethod
    def from_values(cls, values: Mapping[str, float]) -> FollicleParameters:
        """Pick the entries "follicle.<field>" out of parameter values."""
        return cls(**{field.name: values[f"follicle.{field.name}"] for field in fields(cls)})

    def constants(self) -> ProcessConstants:
        """The numbers the kernel takes; log-normal CVs become log standard deviations, sigma**2 = ln(1 + CV**2)."""
        numbers = {field.name: float(getattr(self, field.name)) for field in fields(self)}
        numbers["recovery_loss"] /= DAYS_PER_YEAR
        for name in SPREADS:
            numbers[f"{name.removesuffix('_cv')}_sigma"] = log_sd(numbers.pop(name))
        return ProcessConstants(**numbers)

    def anagen_mean(self, calibre: float) -> float:
        """Mean anagen duration [day] at calibre c: anagen_maximum * c**alpha + floor."""
        return self.anagen_maximum * calibre**self.anagen_calibre_exponent + self.anagen_floor

    def reentry_at(self, calibre: float) -> float:
        """Mean time from the end of catagen to re-entry [day] at calibre c: reentry_mean * exp(slope * (1 - c))."""
        return self.reentry_mean * math.exp(self.reentry_slope * (1.0 - calibre))

    def kenogen_chance(self, calibre: float) -> float:
        """Chance that exogen comes before re-entry at calibre c, so that the follicle is empty for a while."""
        exogen, reentry = log_sd(self.exogen_cv), log_sd(self.reentry_cv)
        ahead = math.log(self.reentry_at(calibre) / self.exogen_mean) + 0.5 * (exogen**2 - reentry**2)
        return float(norm_cdf(ahead / math.hypot(exogen, reentry)))


@dataclass(frozen=True, slots=True)
class StationaryShares:
    """Long-run shares of follicles by phase, and cycles per day, of one follicle at a fixed calibre.

    Telogen is the rest after catagen while the club hair is held, kenogen the rest without it.
    """

    anagen: float
    catagen: float
    telogen: float
    kenogen: float
    cycles_per_day: float

    @property
    def filled(self) -> float:
        """Share of follicles that hold a hair, if that of a new anagen counts at once: A + C + T."""
        return self.anagen + self.catagen + self.telogen


def stationary_shares(process: FollicleParameters, calibre: float) -> StationaryShares:
    """Stationary shares of the phases at a fixed calibre, from renewal theory.

    Share of a phase = its mean duration / mean cycle, with mean cycle = A + C + m_R; cycles per day = 1 / mean cycle.
    Kenogen lasts E[(R - E)+] = m_R N(d) - m_E N(d - s), with s**2 = s_R**2 + s_E**2, d = ln(m_R / m_E) / s + s / 2, the
    value of an option to exchange one log-normal for another.

    Parameters
    ----------
    process : FollicleParameters
        The follicle's parameters.
    calibre : float
        Calibre, 0 to 1.

    Returns
    -------
    StationaryShares
        Shares of the phases, and cycles per day.

    References
    ----------
    .. [1] Alternating renewal process, Cox 1962, "Renewal Theory", ch. 7.
    .. [2] Margrabe 1978, doi:10.1111/j.1540-6261.1978.tb03397.x.
    """
    reentry, exogen = process.reentry_at(calibre), process.exogen_mean
    s = math.hypot(log_sd(process.exogen_cv), log_sd(process.reentry_cv))
    d = math.log(reentry / exogen) / s + 0.5 * s
    kenogen = float(reentry * norm_cdf(d) - exogen * norm_cdf(d - s))
    anagen = process.anagen_mean(calibre)
    cycle = anagen + process.catagen_duration + reentry
    return StationaryShares(
        anagen=anagen / cycle,
        catagen=process.catagen_duration / cycle,
        telogen=(reentry - kenogen) / cycle,
        kenogen=kenogen / cycle,
        cycles_per_day=1.0 / cycle,
    )


def share_with_hair(process: FollicleParameters, calibre: float, growth_rate: float) -> float:
    """Share of follicles that show a hair at a fixed calibre, from renewal theory.

    A new hair shows after a delay l = emergence_lag + emergence_length / growth_rate, until which the club hair may
    stay: share = (A - l + C + E[min(E, R + l)]) / mean cycle, with E[min(E, R + l)] the integral over t of
    P(E > t) P(R + l > t). Anagens that end before their hair shows are left out of account.

    Parameters
    ----------
    process : FollicleParameters
        The follicle's parameters.
    calibre : float
        Calibre, 0 to 1.
    growth_rate : float
        Of the hair [mm/day].

    Returns
    -------
    float
        Share, 0 to 1.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> process = FollicleParameters.from_values(load_parameters().draw(0, 0))
    >>> 0.9 < share_with_hair(process, 0.95, 0.367) < 1.0
    True
    """
    delay = process.emergence_lag + process.emergence_length / growth_rate
    reentry, exogen = process.reentry_at(calibre), process.exogen_mean
    s_reentry, s_exogen = log_sd(process.reentry_cv), log_sd(process.exogen_cv)
    # one panel up to the delay, where R + l > t for certain, and panels over the tail
    edges = np.concatenate([[0.0, delay], delay + np.geomspace(1.0, 12.0 * (reentry + exogen), 24)])
    nodes, weights = np.polynomial.legendre.leggauss(24)
    half = 0.5 * np.diff(edges)[:, None]
    t = edges[:-1, None] + half * (1.0 + nodes)
    held = norm_cdf(-(np.log(t / exogen) + 0.5 * s_exogen**2) / s_exogen)
    waiting = norm_cdf(-(np.log(np.maximum(t - delay, 1e-300) / reentry) + 0.5 * s_reentry**2) / s_reentry)
    resting = process.catagen_duration + float((half * weights * held * waiting).sum())
    anagen = process.anagen_mean(calibre)
    return (anagen - delay + resting) / (anagen + process.catagen_duration + reentry)


def log_sd(cv: float) -> float:
    """Standard deviation of the logarithm of a log-normal of this coefficient of variation: sqrt(ln(1 + CV**2))."""
    return math.sqrt(math.log1p(cv * cv))
