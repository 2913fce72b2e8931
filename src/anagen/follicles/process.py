"""The life of one follicle in numbers: the parameters of the semi-Markov process and what they imply at rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple

N_CLASSES = 16
"""Quantile classes of androgen sensitivity among the follicles of one patient."""


class ProcessConstants(NamedTuple):
    """FollicleParameters as the compiled kernel takes them."""

    anagen_maximum: float
    anagen_calibre_exponent: float
    anagen_floor: float
    catagen_duration: float
    telogen_mean: float
    telogen_sigma: float
    kenogen_mean: float
    kenogen_base: float
    kenogen_slope: float
    kenogen_limit: float
    duration_sigma: float
    calibre_hill: float
    calibre_step: float
    calibre_step_noise: float
    calibre_rate: float
    calibre_minimum: float
    gate_calibre: float
    gate_probability: float
    androgen_on_anagen: float
    emergence_lag: float
    emergence_length: float
    vellus_growth_rate: float
    vellus_diameter: float
    terminal_growth_diameter: float


@dataclass(frozen=True, slots=True)
class FollicleParameters:
    """Parameters of the follicle's cycle and calibre; durations in days, calibre relative to a terminal follicle.

    Anagen lasts `anagen_maximum * c**anagen_calibre_exponent * L + anagen_floor`, telogen `telogen_mean * L`, kenogen
    `kenogen_mean * L`, with L log-normal of mean 1; catagen is fixed. After telogen the follicle stays empty (kenogen)
    with
    probability `min(kenogen_limit, kenogen_base + kenogen_slope * (1 - c))`.

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
    telogen_mean: float
    telogen_cv: float
    kenogen_mean: float
    kenogen_base: float
    kenogen_slope: float
    kenogen_limit: float
    duration_cv: float
    calibre_hill: float
    calibre_step: float
    calibre_step_noise: float
    calibre_rate: float
    calibre_minimum: float
    gate_calibre: float
    gate_probability: float
    androgen_on_anagen: float
    emergence_lag: float
    emergence_length: float
    vellus_growth_rate: float
    vellus_diameter: float
    terminal_growth_diameter: float

    def __post_init__(self) -> None:
        for name in ("anagen_maximum", "catagen_duration", "telogen_mean", "kenogen_mean", "duration_cv", "telogen_cv"):
            if not getattr(self, name) > 0.0:
                raise ValueError(f"{name} must be positive, got {getattr(self, name)}")
        for name in ("kenogen_base", "kenogen_limit", "gate_probability", "calibre_step", "gate_calibre"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must lie between 0 and 1, got {getattr(self, name)}")

    @classmethod
    def from_values(cls, values: Mapping[str, float]) -> FollicleParameters:
        """Pick the entries "follicle.<field>" out of parameter values."""
        return cls(**{field.name: values[f"follicle.{field.name}"] for field in fields(cls)})

    def constants(self) -> ProcessConstants:
        """The numbers the kernel takes; log-normal CVs become log standard deviations, sigma**2 = ln(1 + CV**2)."""
        numbers = {field.name: float(getattr(self, field.name)) for field in fields(self)}
        numbers["duration_sigma"] = math.sqrt(math.log1p(numbers.pop("duration_cv") ** 2))
        numbers["telogen_sigma"] = math.sqrt(math.log1p(numbers.pop("telogen_cv") ** 2))
        return ProcessConstants(**numbers)

    def anagen_mean(self, calibre: float) -> float:
        """Mean anagen duration [day] at calibre c: anagen_maximum * c**alpha + floor."""
        return self.anagen_maximum * calibre**self.anagen_calibre_exponent + self.anagen_floor

    def kenogen_probability(self, calibre: float) -> float:
        """Chance that a follicle of calibre c passes through kenogen after telogen."""
        return min(self.kenogen_limit, self.kenogen_base + self.kenogen_slope * (1.0 - calibre))


@dataclass(frozen=True, slots=True)
class StationaryShares:
    """Long-run shares of follicles by phase, and cycles per day, of one follicle at a fixed calibre."""

    anagen: float
    catagen: float
    telogen: float
    kenogen: float
    cycles_per_day: float

    @property
    def filled(self) -> float:
        """Share of follicles that hold a hair: A + C + T."""
        return self.anagen + self.catagen + self.telogen

    @property
    def anagen_share(self) -> float:
        """Share of hairs in anagen: A / (A + C + T)."""
        return self.anagen / self.filled


def stationary_shares(process: FollicleParameters, calibre: float) -> StationaryShares:
    """Stationary shares of the phases at a fixed calibre, from renewal theory.

    Share of a phase = its mean duration / mean cycle, with mean cycle = A + C + T + pK * K; cycles per day = 1 / mean
    cycle.

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
    alternating renewal process, Cox 1962, "Renewal Theory", ch. 7.
    """
    anagen = process.anagen_mean(calibre)
    kenogen = process.kenogen_probability(calibre) * process.kenogen_mean
    cycle = anagen + process.catagen_duration + process.telogen_mean + kenogen
    return StationaryShares(
        anagen=anagen / cycle,
        catagen=process.catagen_duration / cycle,
        telogen=process.telogen_mean / cycle,
        kenogen=kenogen / cycle,
        cycles_per_day=1.0 / cycle,
    )
