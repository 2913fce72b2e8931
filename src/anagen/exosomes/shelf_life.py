"""How long a product keeps: its own stability series after ICH Q1E and Q5C, and what the priors say."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from anagen.exosomes.followed import longest_followed
from anagen.exosomes.potency import product_parameters
from anagen.exosomes.product import Product
from anagen.exosomes.series import AS_NEAR, ATTRIBUTES, Attribute, ShelfLifeClaim, rates_of, readings_of
from anagen.exosomes.stability import Arrhenius, Line, Reading, Scale, fit_arrhenius, fit_line
from anagen.exosomes.storage import (
    AT_RELEASE,
    COUNTED_STATE,
    Count,
    State,
    StorageStep,
    describe_step,
    remaining_after,
)
from anagen.parameters import ParameterSet

DRAWS = 200
MONTH_DAYS = 365.0 / 12.0
LEAST_BATCHES = 3
"""Batches that ICH Q1E and Q5C ask for."""
SHOWN_DAYS: dict[State, float] = {"liquid": 28.0, "frozen": 1095.0, "dry": 1095.0}
"""How far the course of a prior is followed."""
POINTS = 37
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
    supported : float, optional
        Shelf life [days] that real time supports; None where there is no regression.
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
    supported: float | None
    remarks: tuple[str, ...]

    @property
    def unit(self) -> str:
        """Unit of the attribute."""
        return ATTRIBUTES[self.attribute]

    @property
    def name(self) -> str:
        """Attribute and condition in words."""
        return f"{self.attribute}, {self.state}, {self.temperature:g} C"


@dataclass(frozen=True)
class PriorCourse:
    """Share of the particles left over time by the priors alone.

    Attributes
    ----------
    step : StorageStep
        The condition.
    days : tuple[float, ...]
        Days.
    central : tuple[float, ...]
        At central values.
    low : tuple[float, ...]
        5 % over draws.
    high : tuple[float, ...]
        95 % over draws.
    limit : float
        Acceptance limit, share of the count.
    followed : float
        Days that published series at this temperature went on; 0 where there is none.
    source : str
        Of that series; empty where there is none.
    """

    step: StorageStep
    days: tuple[float, ...]
    central: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    limit: float
    followed: float
    source: str

    def above(self, course: tuple[float, ...]) -> float:
        """Day until which a course stays above the limit; infinite where it does as far as it is followed."""
        below = [day for day, share in zip(self.days, course, strict=True) if share < self.limit]
        return below[0] if below else math.inf


@dataclass(frozen=True)
class Stability:
    """How long a product keeps.

    Attributes
    ----------
    product : Product
        The product.
    conditions : tuple[ConditionShelfLife, ...]
        One per attribute and condition of the product's own series.
    arrhenius : tuple[tuple[State, Attribute, Arrhenius], ...]
        Loss over temperature, of states that were followed at three temperatures or more.
    prior : PriorCourse
        What the priors say of the condition on the label.
    verdict : tuple[str, ...]
        What follows, in words.
    """

    product: Product
    conditions: tuple[ConditionShelfLife, ...]
    arrhenius: tuple[tuple[State, Attribute, Arrhenius], ...]
    prior: PriorCourse
    verdict: tuple[str, ...]


def shelf_life(
    product: Product, parameters: ParameterSet, *, scale: Scale = "log", seed: int = 1, draws: int = DRAWS
) -> Stability:
    """How long a product keeps, by its own series where it has one.

    Parameters
    ----------
    product : Product
        The product.
    parameters : ParameterSet
        The parameters of the model.
    scale : Scale, default "log"
        Whether the attribute or its logarithm is regressed on time.
    seed : int, default 1
        Of the band of the priors.
    draws : int, default DRAWS
        Of the band of the priors.

    Returns
    -------
    Stability
        Regressions, bounds, Arrhenius lines, the course of the priors, a verdict.

    References
    ----------
    ICH Q1E, Evaluation of stability data (2003); ICH Q5C, Stability testing of biotechnological products (1995).

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> print(shelf_life(load_product("milk"), load_parameters()).verdict[0])
    no stability series of its own: what follows is a prior, not a shelf life
    """
    read = product_parameters(product, parameters)
    limits = _limits(product, read.draw(seed, 0))
    conditions = tuple(
        _condition(state, temperature, attribute, limits[attribute], readings, scale)
        for attribute in ATTRIBUTES
        for (state, temperature), readings in readings_of(product.stability, attribute).items()
    )
    lines: list[tuple[State, Attribute, Arrhenius | None]] = [
        (state, attribute, fit_arrhenius([rate for rate, _ in rates]))
        for state, (attribute, rates) in rates_of(product.stability).items()
    ]
    arrhenius: tuple[tuple[State, Attribute, Arrhenius], ...] = tuple(
        (state, attribute, line) for state, attribute, line in lines if line is not None
    )
    prior = _prior(product, read, seed, draws, limits["particles"] / product.particles.concentration.value)
    verdict = _verdict(product, conditions, arrhenius, prior)
    return Stability(product, conditions, arrhenius, prior, verdict)


def _limits(product: Product, values: Mapping[str, float]) -> dict[Attribute, float]:
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
    supported = min(crossing, line.last_day)
    remarks: list[str] = []
    if crossing == 0.0:
        remarks.append("the bound lies below the limit from the start")
    elif crossing > line.last_day:
        met = (
            "does not meet the limit in ten years" if math.isinf(crossing) else f"meets the limit on day {crossing:.0f}"
        )
        remarks.append(f"the bound {met}; beyond the last reading that is an extrapolation, which Q5C does not support")
    if len(line.batches) < LEAST_BATCHES:
        remarks.append(f"{len(line.batches)} of the {LEAST_BATCHES} batches that ICH asks for")
    if len(line.batches) > 1 and line.p_slopes is None:
        remarks.append("too few readings to test whether batches may be pooled")
    return ConditionShelfLife(state, temperature, attribute, limit, readings, line, crossing, supported, tuple(remarks))


def _prior(product: Product, read: ParameterSet, seed: int, draws: int, limit: float) -> PriorCourse:
    """The course of the priors at the condition on the label: the claim's, else that of the longest stay."""
    step = _labelled(product)
    counted = product.particles.counted
    # A count that holds the thaw or the drying begins the course at 1; the course goes on from it.
    count = Count(counted, 0.0) if COUNTED_STATE.get(counted) == step.state else AT_RELEASE
    days = np.linspace(0.0, max(SHOWN_DAYS[step.state], 1.25 * step.days), POINTS)
    rows: list[list[float]] = []
    for index in range(draws + 1):
        values = read.draw(seed, index)
        vial = product.vial(values)
        rows.append([remaining_after([replace(step, days=float(day))], values, vial, count) for day in days])
    low, high = np.quantile(np.array(rows[1:]), [0.05, 0.95], axis=0)
    seen = longest_followed(step.state, step.temperature)
    return PriorCourse(
        step,
        tuple(days.tolist()),
        tuple(rows[0]),
        tuple(low.tolist()),
        tuple(high.tolist()),
        limit,
        0.0 if seen is None else seen.days,
        "" if seen is None else seen.source,
    )


def _labelled(product: Product) -> StorageStep:
    longest = max(product.history(), key=lambda step: step.days, default=StorageStep(-80.0, 28.0))
    claim = product.shelf_life
    if claim is None:
        return longest
    return replace(longest, temperature=claim.temperature, days=claim.claimed, lyophilised=claim.lyophilised)


def _verdict(
    product: Product,
    conditions: tuple[ConditionShelfLife, ...],
    arrhenius: tuple[tuple[State, Attribute, Arrhenius], ...],
    prior: PriorCourse,
) -> tuple[str, ...]:
    words: list[str] = []
    if not conditions:
        words.append("no stability series of its own: what follows is a prior, not a shelf life")
    words += [
        f"{entry.name}: {supported(entry.supported)} supported" for entry in conditions if entry.supported is not None
    ]
    if product.shelf_life is not None:
        words.append(_claim(product.shelf_life, conditions))
    words += [
        f"{attribute}, {state}: activation energy {line.energy:.0f} kJ/mol (standard error {line.energy_error:.0f}) "
        f"over {', '.join(f'{t:g}' for t in line.temperatures)} C"
        for state, attribute, line in arrhenius
    ]
    told = describe_step(replace(prior.step, days=prior.days[-1])).partition(" at ")[2]
    centre, low = _until(prior, prior.central), _until(prior, prior.low)
    kept = f"particles stay above {prior.limit:.0%} of the count"
    words.append(f"prior at {told}: {kept} for {centre} at the centre and {low} at the lower 5 %")
    if prior.followed < prior.days[-1]:
        seen = (
            f"published series end at {prior.followed:g} days ({prior.source})"
            if prior.followed
            else "no series was read"
        )
        words.append(f"of the prior: {seen} at {prior.step.temperature:g} C; what lies beyond was never measured")
    return tuple(words)


def _claim(claim: ShelfLifeClaim, conditions: tuple[ConditionShelfLife, ...]) -> str:
    """Whether the series supports what the label claims: every attribute that was followed there has to."""
    there = [
        entry
        for entry in conditions
        if entry.state == claim.state
        and abs(entry.temperature - claim.temperature) <= AS_NEAR[claim.state]
        and entry.supported is not None
    ]
    told = f"claimed: {supported(claim.claimed)} at {claim.temperature:g} C, {claim.state}"
    if not there:
        return f"{told}: NOT supported; no series at this condition can be regressed"
    shortest = min(there, key=lambda entry: entry.supported or 0.0)
    if (shortest.supported or 0.0) >= claim.claimed - CALENDAR:
        return f"{told}: supported"
    return f"{told}: NOT supported; {shortest.name} supports {supported(shortest.supported or 0.0)}"


def supported(days: float) -> str:
    """A time in days and months.

    Examples
    --------
    >>> supported(365.0)
    '365 days (12.0 months)'
    """
    return f"{days:.0f} days ({days / MONTH_DAYS:.1f} months)"


def _until(prior: PriorCourse, course: tuple[float, ...]) -> str:
    day = prior.above(course)
    return f"more than {prior.days[-1]:.0f} days" if math.isinf(day) else f"{day:.0f} days"
