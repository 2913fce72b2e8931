"""Published results of a user's own trial: means, standard deviations, shares and differences from patients' values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.formats.trial.patients import Cohort
from anagen.scalp import ENDPOINTS

DIGITS = 10
"""Significant digits that are written."""
FEW = 5
"""The same of what describes a population, as people read it."""
LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Result:
    """One row of `observed`, and a sentence on where it comes from.

    Attributes
    ----------
    row : dict[str, object]
        Keys of the study file.
    told : str
        What stands above it in the file.
    """

    row: dict[str, object]
    told: str


def kept(value: float, digits: int = DIGITS) -> float:
    """A number with as many digits as are written.

    Examples
    --------
    >>> kept(1.0 / 3.0), kept(36.123456, FEW)
    (0.3333333333, 36.123)
    """
    return float(f"{value:.{digits}g}")


def half_width(sd: float, n: int) -> float:
    """Half of the 95 % confidence interval of a mean, by Student's t with n - 1 degrees of freedom.

    Examples
    --------
    >>> round(half_width(10.0, 25), 3)
    4.128
    """
    from scipy.special import stdtrit

    return float(stdtrit(n - 1, 0.5 + 0.5 * LEVEL)) * sd / math.sqrt(n)


def results(cohort: Cohort, control: str, primary: str, threshold: tuple[str, float] | None) -> Iterator[Result]:
    """What the patients show: change from baseline of every arm, endpoint and week; differences; responders.

    Parameters
    ----------
    cohort : Cohort
        The patients.
    control : str
        Arm that the others are compared with; "" for none.
    primary : str
        Endpoint whose differences are written too.
    threshold : tuple of str and float, optional
        Endpoint, and change from which a patient is a responder.

    Yields
    ------
    Result
        In the order of endpoints, weeks and arms.
    """
    for endpoint in cohort.endpoints:
        measure = measure_of(endpoint)
        for week in (week for week in cohort.weeks(endpoint) if week > 0.0):
            found = {arm: outcome(cohort, arm, endpoint, week) for arm in cohort.arms}
            for arm, values in found.items():
                if len(values):
                    yield _of_arm(arm, endpoint, week, measure, values, len(cohort.of(arm)))
            if endpoint == primary and control:
                yield from _differences(found, control, endpoint, week, measure)
            if threshold is not None and threshold[0] == endpoint and measure == "change":
                yield from _responders(found, endpoint, week, threshold[1])


def measure_of(endpoint: str) -> str:
    """How an endpoint is told: as change from baseline, or, of a score that is 0 there, as value."""
    return "value" if ENDPOINTS[endpoint].score else "change"


def outcome(cohort: Cohort, arm: str, endpoint: str, week: float) -> FloatArray:
    """Changes from baseline of the patients of an arm who have both values; of a score the values.

    Parameters
    ----------
    cohort : Cohort
        The patients.
    arm : str
        Name of the arm.
    endpoint : str
        What was measured.
    week : float
        When.

    Returns
    -------
    FloatArray, shape (n_patients,)
        Missing ones left out.
    """
    if measure_of(endpoint) == "value":
        values = [person.values.get(endpoint, {}).get(week, math.nan) for person in cohort.of(arm)]
    else:
        values = [person.change(endpoint, week) for person in cohort.of(arm)]
    array = np.array(values, dtype=np.float64)
    return array[np.isfinite(array)]


def _of_arm(arm: str, endpoint: str, week: float, measure: str, values: FloatArray, total: int) -> Result:
    n, mean = len(values), float(values.mean())
    row: dict[str, object] = {"arm": arm, "endpoint": endpoint, "week": week, "measure": measure, "mean": kept(mean)}
    told = f"{n} of {total} patients"
    if n > 1:
        sd = float(values.std(ddof=1))
        half = half_width(sd, n)
        row["sd"] = kept(sd)
        told += f"; standard error {sd / math.sqrt(n):.4g}, 95 % CI {mean - half:.4g} to {mean + half:.4g}"
    return Result(row | {"n": n}, told)


def _differences(
    found: dict[str, FloatArray], control: str, endpoint: str, week: float, measure: str
) -> Iterator[Result]:
    """Difference of means with its standard error, sqrt(sd1^2 / n1 + sd2^2 / n2), without adjustment (Welch)."""
    other = found.get(control, np.zeros(0))
    for arm, values in found.items():
        if arm == control or min(len(values), len(other)) < 2:
            continue
        difference = float(values.mean() - other.mean())
        error = math.sqrt(values.var(ddof=1) / len(values) + other.var(ddof=1) / len(other))
        row: dict[str, object] = {
            "contrast": [arm, control], "endpoint": endpoint, "week": week, "measure": measure,
            "mean": kept(difference), "se": kept(error), "n": len(values) + len(other),
        }  # fmt: skip
        yield Result(row, f"{len(values)} and {len(other)} patients, unadjusted")


def _responders(found: dict[str, FloatArray], endpoint: str, week: float, threshold: float) -> Iterator[Result]:
    for arm, values in found.items():
        if not len(values):
            continue
        share = float(np.mean(values >= threshold if threshold >= 0.0 else values <= threshold))
        row: dict[str, object] = {
            "arm": arm, "endpoint": endpoint, "week": week, "measure": "responder", "threshold": threshold,
            "mean": kept(share), "n": len(values),
        }  # fmt: skip
        yield Result(row, f"{round(share * len(values))} of {len(values)} patients with a value")


def missing_visits(cohort: Cohort) -> list[str]:
    """Sentences on patients without a value, by endpoint, week and arm.

    Parameters
    ----------
    cohort : Cohort
        The patients.

    Returns
    -------
    list[str]
        One a visit at which a value is missing.
    """
    told: list[str] = []
    for endpoint in cohort.endpoints:
        for week in cohort.weeks(endpoint):
            parts: list[str] = []
            for arm in cohort.arms:
                people = cohort.of(arm)
                missing = sum(week not in person.values.get(endpoint, {}) for person in people)
                parts += [f"{arm} {missing} of {len(people)}"] if missing else []
            told += [f"Missing: {endpoint} at week {week:g}: {', '.join(parts)}."] if parts else []
    return told


def pooled(values: Sequence[float]) -> tuple[float, float | None]:
    """Mean and standard deviation that describe a population; no deviation of a single value.

    Examples
    --------
    >>> pooled([1.0, 2.0, 3.0])
    (2.0, 1.0)
    """
    array = np.array(values, dtype=np.float64)
    return kept(float(array.mean()), FEW), kept(float(array.std(ddof=1)), FEW) if len(array) > 1 else None
