"""What a candidate costs and how many months it takes, on average, from the prices and the enrolment of its study.

    visits a patient   =  1 + sum over later visits but the last of (1 - missed) S(t)  +  S(last)
    sessions of an arm =  patients x sum over its days of S(day)
    screened           =  patients / share admitted,        S(t) = 1 - left t / last

`left` and the share admitted are those of the simulated trials; leaving is spread evenly over a trial. The last patient
is in when the sum of as many unit exponentials as there are patients reaches the cumulated intensity of enrolment
(`trials.enrolment`); its mean is taken over that sum's gamma distribution.

A study that states no price is given the usual yearly prices of its therapies, which have a source each, and nothing
for its conduct; therapies without a price are left out by name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from anagen.core.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from anagen.core.errors import InputError, Problem
from anagen.planning.search.simulated import Simulated
from anagen.study import Study
from anagen.study.conduct import WEEKS, Money
from anagen.study.treatment import TherapyUse
from anagen.study.values import Quantity
from anagen.therapies import THERAPIES
from anagen.trials.attendance import session_days

STATED, TREATMENTS, NOTHING = "stated", "treatments", "none"
EUR = "EUR"
"""Currency of the usual prices of therapies."""
QUANTILES = 400
"""Equally likely sums of exponentials that stand for their distribution."""


@dataclass(frozen=True)
class Prices:
    """Where costs come from.

    Attributes
    ----------
    kind : str
        "stated" in the study, "treatments" by the usual prices of therapies, "none".
    currency : str
        Of all amounts; empty where there are none.
    sources : Mapping[str, str]
        Therapy -> where its usual price comes from.
    left_out : tuple[str, ...]
        Items without a price.
    """

    kind: str
    currency: str = ""
    sources: Mapping[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()


def prices_of(study: Study) -> Prices:
    """Where the costs of a study come from.

    Parameters
    ----------
    study : Study
        What is searched.

    Returns
    -------
    Prices
        Of every candidate.

    Examples
    --------
    >>> prices_of(Study.load("exosome-vs-saline")).kind
    'treatments'
    """
    stated = study.design.cost
    if stated is not None:
        named = stated.amounts
        missing = tuple(name for name in type(stated).model_fields if name not in named)
        return Prices(STATED, next(iter(named.values())).unit, left_out=missing)
    given = dict.fromkeys(use.therapy for arm in study.arms for use in arm.therapies)
    sources = {name: THERAPIES[name].cost_source for name in given if THERAPIES[name].cost_per_year is not None}
    left_out = tuple(name for name in given if name not in sources)
    return Prices(TREATMENTS if sources else NOTHING, EUR if sources else "", sources, left_out)


def budget_of(text: str | None, prices: Prices) -> float | None:
    """A budget as a number in the currency of the study.

    Parameters
    ----------
    text : str or None
        Such as "500000 EUR".
    prices : Prices
        Of the study.

    Returns
    -------
    float or None
        None where none is given.

    Raises
    ------
    InputError
        Where it cannot be read, is in another currency, or the study states no price.
    """
    if text is None:
        return None
    if prices.kind != STATED:
        message = (
            "needs the prices of the trial, and the study states none; write design.cost, e.g. "
            '--set design.cost.patient="3000 EUR" --set design.cost.visit="150 EUR"'
        )
        raise InputError([Problem(None, None, None, "budget", message)])
    try:
        amount: Quantity = TypeAdapter(Money).validate_python(text)
    except ValidationError as error:
        message = error.errors()[0]["msg"]
        raise InputError([Problem(None, None, None, "budget", f"{text!r} {message}")]) from None
    if amount.unit != prices.currency:
        message = f"is in {amount.unit} and the prices of the study in {prices.currency}; nothing is converted"
        raise InputError([Problem(None, None, None, "budget", message)])
    return amount.value


def cost_of(prices: Prices, found: Simulated, kept: Sequence[int], sizes: Sequence[int]) -> dict[str, Any]:
    """Cost of a candidate, item by item.

    Parameters
    ----------
    prices : Prices
        Of the study.
    found : Simulated
        Its design.
    kept : Sequence[int]
        Numbers of its arms.
    sizes : Sequence[int]
        Patients of each of them.

    Returns
    -------
    dict[str, Any]
        `total`, `low` and `high`; with prices of the study also `items`: number, each and sum.
    """
    if prices.kind == STATED:
        items = _items(found, kept, sizes)
        total = sum(item["sum"] for item in items.values())
        return {"total": total, "low": total, "high": total, "items": items}
    if prices.kind == NOTHING:
        return {"total": float("nan"), "low": float("nan"), "high": float("nan")}
    years = float(found.study.measurement.visits[-1]) * DAYS_PER_WEEK / DAYS_PER_YEAR
    low = high = 0.0
    for arm, n in zip(kept, sizes, strict=True):
        for use in found.study.arms[arm].therapies:
            ends = THERAPIES[use.therapy].cost_per_year
            if ends is not None:
                share = years if use.taken else _courses(use, found)
                low, high = low + n * share * ends[0], high + n * share * ends[1]
    return {"total": 0.5 * (low + high), "low": low, "high": high}


def _courses(use: TherapyUse, found: Simulated) -> float:
    """Courses of sessions that a patient is given in the trial: a year's price is that of one usual course."""
    last = float(found.study.measurement.visits[-1])
    usual = THERAPIES[use.therapy].by(use.route).default_schedule.sessions or 1
    given = 0
    for phase in use.schedule.parts:
        sessions, every = phase.sessions or 1, phase.every or 0.0
        given += sum(phase.start + number * every <= last for number in range(sessions))
    return given / usual


def _items(found: Simulated, kept: Sequence[int], sizes: Sequence[int]) -> dict[str, dict[str, float]]:
    study, plan = found.study, found.question.plan
    cost = study.design.cost
    assert cost is not None
    n = patients_in_all(study, sizes)
    weeks = plan.weeks
    staying = 1.0 - found.left * weeks / weeks[-1]
    seen = np.where(np.arange(len(weeks)) == len(weeks) - 1, 1.0, 1.0 - found.missed) * staying
    seen[0] = 1.0
    given = 0.0
    for arm, size in zip(kept, sizes, strict=True):
        at = session_days(plan.prescriptions[arm]) / DAYS_PER_WEEK
        given += size * float(np.clip(1.0 - found.left * at / weeks[-1], 1.0 - found.left, 1.0).sum())
    numbers = {
        "patient": float(n),
        "screening": n / found.admitted,
        "visit": n * float(seen.sum()),
        "session": given,
        "centre": 1.0 if study.design.centres is None else float(study.design.centres.number),
        "month": months_of(found, n),
    }
    return {
        name: {"number": numbers[name], "each": amount.value, "sum": numbers[name] * amount.value}
        for name, amount in cost.amounts.items()
    }


def patients_in_all(study: Study, sizes: Sequence[int]) -> int:
    """Patients of a trial: of one side where both sides are the same patients."""
    return int(sizes[0]) if study.design.layout == "split_scalp" else int(sum(sizes))


def months_of(found: Simulated, patients: int) -> float:
    """Months from the opening of recruitment to the last visit of the last patient, on average.

    Parameters
    ----------
    found : Simulated
        The design.
    patients : int
        Randomised, all arms together.

    Returns
    -------
    float
        Without enrolment in the study: from baseline to the last visit.
    """
    design, weeks = found.study.design, float(found.study.measurement.visits[-1])
    if design.enrolment is None:
        return weeks / WEEKS["month"]
    rate, ramp = design.enrolment.per_month / WEEKS["month"], design.enrolment.ramp.value
    return (last_in(patients, rate, ramp) + (design.wash_in or 0.0) + weeks) / WEEKS["month"]


def last_in(patients: int, rate: float, ramp: float) -> float:
    """Mean week in which the last patient is enrolled.

    Parameters
    ----------
    patients : int
        Number.
    rate : float
        Patients a week once recruitment is under way.
    ramp : float
        Weeks in which the rate rises from nothing to that.

    Returns
    -------
    float
        From the opening of recruitment [week].

    Examples
    --------
    >>> round(last_in(100, 5.0, 0.0), 2)
    20.0
    """
    from scipy.special import gammaincinv

    sums = np.asarray(gammaincinv(float(patients), (np.arange(QUANTILES) + 0.5) / QUANTILES), dtype=np.float64)
    early = np.sqrt(2.0 * ramp * sums / rate)
    return float(np.where(early < ramp, early, sums / rate + 0.5 * ramp).mean())
