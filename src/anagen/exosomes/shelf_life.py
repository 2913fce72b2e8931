"""How long a product keeps: its own stability series after ICH Q1E and Q5C, and what the priors say."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.words import counted
from anagen.exosomes.followed import longest_followed
from anagen.exosomes.potency import product_parameters
from anagen.exosomes.product import Product
from anagen.exosomes.series import Attribute, rates_of
from anagen.exosomes.stability import Arrhenius, Scale, fit_arrhenius
from anagen.exosomes.storage import (
    AT_RELEASE,
    COUNTED_STATE,
    Count,
    State,
    StorageStep,
    describe_step,
    remaining_after,
)
from anagen.exosomes.supported import ConditionShelfLife, answer_claim, conditions_of, limits_of
from anagen.parameters import ParameterSet

DRAWS = 200
SHOWN_DAYS: dict[State, float] = {"liquid": 28.0, "frozen": 1095.0, "dry": 1095.0}
"""How far the course of a prior is followed."""
POINTS = 37


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
    values = read.draw(seed, 0)
    limits, conditions = limits_of(product, values), conditions_of(product, values, scale)
    lines: list[tuple[State, Attribute, Arrhenius | None]] = [
        (state, attribute, fit_arrhenius([rate for rate, _ in rates]))
        for state, (attribute, rates) in rates_of(product.stability).items()
    ]
    arrhenius: tuple[tuple[State, Attribute, Arrhenius], ...] = tuple(
        (state, attribute, line) for state, attribute, line in lines if line is not None
    )
    limit = limits["particles"] / product.particles.concentration.value
    # at the condition on the label: that of the claim, else of the longest stay
    prior = _prior(product, read, _labelled(product), seed, draws, limit)
    verdict = _verdict(product, conditions, arrhenius, prior)
    return Stability(product, conditions, arrhenius, prior, verdict)


def storage_course(
    product: Product,
    parameters: ParameterSet,
    step: StorageStep | None = None,
    *,
    seed: int = 1,
    draws: int = DRAWS,
) -> PriorCourse:
    """Share of the particles left over the time of one stay, as `anagen product stability` has it by the priors.

    Parameters
    ----------
    product : Product
        The product; its vial and when it was counted decide with.
    parameters : ParameterSet
        The parameters of the model.
    step : StorageStep, optional
        The condition; that on the label where left out.
    seed : int, default 1
        Of the band.
    draws : int, default DRAWS
        Of the band.

    Returns
    -------
    PriorCourse
        Central values and 5 to 95 % over draws.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> course = storage_course(load_product("adsc-native"), load_parameters(), StorageStep(4.0, 2.0), draws=20)
    >>> course.central[0], course.days[-1]
    (1.0, 28.0)
    """
    read = product_parameters(product, parameters)
    limit = limits_of(product, read.draw(seed, 0))["particles"] / product.particles.concentration.value
    return _prior(product, read, step or _labelled(product), seed, draws, limit)


def _prior(product: Product, read: ParameterSet, step: StorageStep, seed: int, draws: int, limit: float) -> PriorCourse:
    """The course of the priors at one condition."""
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
    words += [told for entry in conditions if (told := entry.words()) is not None]
    claim = answer_claim(product, conditions)
    if claim is not None:
        words.append(claim.words)
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
            f"published series end at {counted(prior.followed, 'day')} ({prior.source})"
            if prior.followed
            else "no series was read"
        )
        words.append(f"of the prior: {seen} at {prior.step.temperature:g} C; what lies beyond was never measured")
    return tuple(words)


def _until(prior: PriorCourse, course: tuple[float, ...]) -> str:
    day = prior.above(course)
    return f"more than {counted(round(prior.days[-1]), 'day')}" if math.isinf(day) else counted(round(day), "day")
