"""What a maker's stability series supports: shelf life by condition, and whether the label's claim stands.

`anagen product stability` and the item "stability" of a release both read it here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from anagen.core.words import counted
from anagen.exosomes.product import Product
from anagen.exosomes.series import AS_NEAR, ATTRIBUTES, Attribute, readings_of
from anagen.exosomes.stability import Line, Reading, Scale, fit_line
from anagen.exosomes.storage import State

MONTH_DAYS = 365.0 / 12.0
LEAST_BATCHES = 3
"""Batches that ICH Q1E and Q5C ask for."""
CALENDAR = 1.0
"""Days by which twelve months may differ from 365 days."""


@dataclass(frozen=True)
class ConditionShelfLife:
    """What a series at one condition says of one attribute.

    Attributes
    ----------
    state : State
        Frozen, liquid or dry.
    temperature : float
        Degrees Celsius.
    attribute : Attribute
        What was followed.
    limit : float
        Acceptance limit, in the unit of the attribute.
    readings : tuple[Reading, ...]
        What was found.
    line : Line, optional
        The regression; None where the readings are too few.
    crossing : float
        Day on which the 95 % bound meets the limit; infinite where it does not in ten years.
    reached : float, optional
        Day until which real time keeps the bound above the limit; None where there is no regression.
    remarks : tuple[str, ...]
        What a reader has to know of it.
    """

    state: State
    temperature: float
    attribute: Attribute
    limit: float
    readings: tuple[Reading, ...]
    line: Line | None
    crossing: float
    reached: float | None
    remarks: tuple[str, ...]

    @property
    def unit(self) -> str:
        """Unit of the attribute."""
        return ATTRIBUTES[self.attribute]

    @property
    def name(self) -> str:
        """Attribute and condition in words."""
        return f"{self.attribute}, {self.state}, {self.temperature:g} C"

    @property
    def batches(self) -> int:
        """Batches that were followed."""
        return len({reading.batch for reading in self.readings})

    @property
    def supported(self) -> float | None:
        """Shelf life [days] that the series supports; None where too few batches were followed, or too few readings."""
        return self.reached if self.batches >= LEAST_BATCHES else None

    def words(self) -> str | None:
        """What the condition says of the shelf life; None where there is no regression."""
        if self.reached is None:
            return None
        if self.supported is None:
            return f"{self.name}: {in_days(self.reached)} by {too_few(self.batches)}"
        return f"{self.name}: {in_days(self.supported)} supported"


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """What the series of a product says of the shelf life on its label.

    Attributes
    ----------
    supported : bool or None
        Whether the claim is supported; None where a series tells neither: there is none at that condition that can be
        regressed, or too few batches were followed.
    words : str
        The claim and the answer.
    """

    supported: bool | None
    words: str


def conditions_of(
    product: Product, values: Mapping[str, float], scale: Scale = "log"
) -> tuple[ConditionShelfLife, ...]:
    """What a product's own series says at every condition of every attribute; empty where it has none.

    Parameters
    ----------
    product : Product
        The product.
    values : Mapping[str, float]
        Values of the group "storage" of the parameters.
    scale : Scale, default "log"
        Whether the attribute or its logarithm is regressed on time.
    """
    limits = limits_of(product, values)
    return tuple(
        _condition(state, temperature, attribute, limits[attribute], readings, scale)
        for attribute in ATTRIBUTES
        for (state, temperature), readings in readings_of(product.stability, attribute).items()
    )


def limits_of(product: Product, values: Mapping[str, float]) -> dict[Attribute, float]:
    """Acceptance limits in the unit of each attribute: particles of the label, potency of that at release."""
    claim = product.shelf_life
    particles = claim.particles_least if claim is not None else None
    potency = claim.potency_least if claim is not None else None
    least = values["storage.particles_limit"] if particles is None else particles
    return {
        "particles": least / 100.0 * product.particles.concentration.value,
        "potency": values["storage.potency_limit"] if potency is None else potency,
    }


def _condition(
    state: State, temperature: float, attribute: Attribute, limit: float, readings: tuple[Reading, ...], scale: Scale
) -> ConditionShelfLife:
    line = fit_line(readings, scale)
    if line is None:
        few = "too few readings for a regression: three times are needed, and more readings than lines have numbers"
        return ConditionShelfLife(state, temperature, attribute, limit, readings, None, math.nan, None, (few,))
    crossing = line.crossing(limit)
    reached = min(crossing, line.last_day)
    remarks: list[str] = []
    if crossing == 0.0:
        remarks.append("the bound lies below the limit from the start")
    elif crossing > line.last_day:
        met = (
            "does not meet the limit in ten years" if math.isinf(crossing) else f"meets the limit on day {crossing:.0f}"
        )
        remarks.append(f"the bound {met}; beyond the last reading that is an extrapolation, which Q5C does not support")
    if len(line.batches) < LEAST_BATCHES:
        remarks.append(too_few(len(line.batches)))
    if len(line.batches) > 1 and line.p_slopes is None:
        remarks.append("too few readings to test whether batches may be pooled")
    return ConditionShelfLife(state, temperature, attribute, limit, readings, line, crossing, reached, tuple(remarks))


def answer_claim(product: Product, conditions: tuple[ConditionShelfLife, ...]) -> ClaimAnswer | None:
    """Whether the series supports what the label claims: every attribute that was followed there has to.

    Parameters
    ----------
    product : Product
        The product; None is the answer where its file claims nothing.
    conditions : tuple of ConditionShelfLife
        From `conditions_of`.

    References
    ----------
    ICH Q1E (2003) and Q5C (1995): three batches, real time, one-sided 95 % bound of the mean.
    """
    claim = product.shelf_life
    if claim is None:
        return None
    there = [
        entry
        for entry in conditions
        if entry.state == claim.state
        and abs(entry.temperature - claim.temperature) <= AS_NEAR[claim.state]
        and entry.reached is not None
    ]
    told = f"claimed: {in_days(claim.claimed)} at {claim.temperature:g} C, {claim.state}"
    if not there:
        return ClaimAnswer(None, f"{told}: NOT supported; no series at this condition can be regressed")
    shortest = min(there, key=lambda entry: entry.reached or 0.0)
    if (shortest.reached or 0.0) < claim.claimed - CALENDAR:
        return ClaimAnswer(False, f"{told}: NOT supported; {shortest.name} reaches {in_days(shortest.reached or 0.0)}")
    fewest = min(there, key=lambda entry: entry.batches)
    if fewest.supported is None:
        return ClaimAnswer(None, f"{told}: NOT supported; {fewest.name} was followed in {too_few(fewest.batches)}")
    return ClaimAnswer(True, f"{told}: supported")


def too_few(batches: int) -> str:
    """That a series has not the batches that are asked for.

    Examples
    --------
    >>> print(too_few(1))
    one batch: not enough; ICH Q1E and Q5C ask for three
    """
    told = "one batch" if batches == 1 else counted(batches, "batch", "batches")
    return f"{told}: not enough; ICH Q1E and Q5C ask for three"


def in_days(days: float) -> str:
    """A time in days and months.

    Examples
    --------
    >>> in_days(365.0)
    '365 days (12.0 months)'
    """
    return f"{counted(round(days), 'day')} ({days / MONTH_DAYS:.1f} months)"
