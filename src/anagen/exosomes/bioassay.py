"""Relative potency of preparations from one assay, by parallel lines or by four-parameter logistic curves.

Parallel lines     y = a_p + b ln(dose);          ln R = (a_T - a_S) / b, limits by Fieller's theorem
Four parameters    y = A + (B - A) / (1 + (dose R_p / C)^-h), one A, B, C, h for all;  limits by profile likelihood

R is potency per unit of dose over that of the reference. Parallelism asks whether curves of their own fit better than
those that are shifted copies of one; where they do, no single number says how potent a preparation is.

References
----------
.. [1] European Pharmacopoeia 5.3, Statistical analysis of results of biological assays and tests.
.. [2] Finney 1978, Statistical Method in Biological Assay, 3rd ed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.optimize import brentq, least_squares
from scipy.special import fdtrc, stdtrit

from anagen.core.arrays import FloatArray

Method = Literal["parallel-line", "four-parameter"]
PARALLEL_LEVEL = 0.05
"""Level of the tests of slope, parallelism and linearity."""
CURVE = 4
LEAST_DOSES = 2
FARTHEST = 40.0
"""|ln R| at which the search for a limit ends."""


@dataclass(frozen=True, slots=True)
class Dilutions:
    """Responses of one preparation.

    Attributes
    ----------
    name : str
        Of the preparation.
    doses : FloatArray
        Above 0, shape (n,).
    responses : FloatArray
        Shape (n,).
    """

    name: str
    doses: FloatArray
    responses: FloatArray


@dataclass(frozen=True, slots=True)
class Test:
    """A test of the assay.

    Attributes
    ----------
    name : str
        "slope", "parallelism" or "linearity".
    f : float
        F statistic.
    df : tuple[int, int]
        Degrees of freedom.
    p : float
        Chance of as large a statistic.
    passed : bool
        Whether the assay may go on: a slope that is there, no departure from parallelism or linearity.
    """

    name: str
    f: float
    df: tuple[int, int]
    p: float
    passed: bool


@dataclass(frozen=True, slots=True)
class RelativePotency:
    """Potency of one preparation over that of the reference.

    Attributes
    ----------
    name : str
        Of the preparation.
    value : float
        Potency over that of the reference, per unit of dose.
    low : float
        Lower limit; 0 where the assay gives none.
    high : float
        Upper limit; infinite where the assay gives none.
    """

    name: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Assay:
    """What an assay says.

    Attributes
    ----------
    method : Method
        How it was fitted.
    reference : str
        Preparation of potency 1.
    level : float
        Of the limits.
    potencies : tuple[RelativePotency, ...]
        One for each other preparation.
    tests : tuple[Test, ...]
        Of slope, parallelism and, for lines with three doses or more and replicates, linearity.
    residual_sd : float
        In the unit of the response.
    observations : int
        Number of responses.
    """

    method: Method
    reference: str
    level: float
    potencies: tuple[RelativePotency, ...]
    tests: tuple[Test, ...]
    residual_sd: float
    observations: int

    @property
    def valid(self) -> bool:
        """Whether every test was passed, so that the potencies mean something."""
        return all(test.passed for test in self.tests)


def relative_potencies(
    preparations: Sequence[Dilutions], reference: str, *, method: Method = "parallel-line", level: float = 0.95
) -> Assay:
    """Potencies of all preparations of one assay over the reference.

    Parameters
    ----------
    preparations : Sequence[Dilutions]
        All of one assay, the reference among them.
    reference : str
        Name of the reference.
    method : Method, default "parallel-line"
        Straight lines on the logarithm of dose, or sigmoid curves.
    level : float, default 0.95
        Of the limits.

    Returns
    -------
    Assay
        Potencies, limits and tests.

    Raises
    ------
    ValueError
        Where there are too few doses or responses, or the reference is none of the preparations.
    """
    first = [entry for entry in preparations if entry.name == reference]
    others = [entry for entry in preparations if entry.name != reference]
    if len(first) != 1 or not others:
        raise ValueError(f"{reference!r} and at least one other preparation are needed")
    entries = [*first, *others]
    least = LEAST_DOSES if method == "parallel-line" else CURVE
    for entry in entries:
        if len(np.unique(entry.doses)) < least:
            raise ValueError(f"{entry.name} has fewer than {least} doses, too few for the method {method}")
    if method == "parallel-line":
        return _parallel_lines(entries, level)
    return _curves(entries, level)


def _parallel_lines(entries: Sequence[Dilutions], level: float) -> Assay:
    """Common slope over all preparations; the residual is that within treatments where any is replicated."""
    logs = [np.log(entry.doses) for entry in entries]
    means = [(float(x.mean()), float(entry.responses.mean())) for x, entry in zip(logs, entries, strict=True)]
    sxx = [float(((x - m[0]) ** 2).sum()) for x, m in zip(logs, means, strict=True)]
    sxy = [
        float(((x - m[0]) * (entry.responses - m[1])).sum()) for x, m, entry in zip(logs, means, entries, strict=True)
    ]
    syy = sum(float(((entry.responses - m[1]) ** 2).sum()) for m, entry in zip(means, entries, strict=True))
    slope, within = sum(sxy) / sum(sxx), sum(sxx)
    if slope == 0.0:
        raise ValueError("no response changes with the dose; nothing can be said of potency")
    regression = slope * sum(sxy)
    separate = sum(xy * xy / xx for xy, xx in zip(sxy, sxx, strict=True))
    total = sum(len(entry.doses) for entry in entries)
    pure, groups = _within_treatments(entries)
    lines = syy - separate
    replicated = total > groups
    residual, df = (pure, total - groups) if replicated else (lines, total - 2 * len(entries))
    if df < 1:
        raise ValueError("there are too few responses to tell their scatter; measure every dose more than once")
    variance = residual / df
    tests = [
        _test("slope", regression, 1, variance, df, wanted=True),
        _test("parallelism", separate - regression, len(entries) - 1, variance, df),
    ]
    if replicated and groups > 2 * len(entries):
        tests.append(_test("linearity", lines - pure, groups - 2 * len(entries), variance, df))
    t = float(stdtrit(df, 0.5 + level / 2.0))
    sizes = [len(entry.doses) for entry in entries]
    potencies: list[RelativePotency] = []
    for number in range(1, len(entries)):
        ratio = (means[number][1] - means[0][1]) / slope
        shift = means[0][0] - means[number][0]
        unequal = 1.0 / sizes[0] + 1.0 / sizes[number]
        low, high = _fieller(ratio, slope, variance * unequal, variance / within, t)
        name = entries[number].name
        potencies.append(RelativePotency(name, _exp(shift + ratio), _exp(shift + low), _exp(shift + high)))
    return Assay(
        "parallel-line",
        entries[0].name,
        level,
        tuple(potencies),
        tuple(tests),
        math.sqrt(variance),
        total,
    )


def _fieller(ratio: float, below: float, above_variance: float, below_variance: float, t: float) -> tuple[float, float]:
    """Limits of a ratio of two independent normal estimates; infinite where the one below may be 0."""
    g = t * t * below_variance / (below * below)
    if g >= 1.0:
        return -math.inf, math.inf
    half = t / abs(below) * math.sqrt((1.0 - g) * above_variance + ratio * ratio * below_variance)
    return (ratio - half) / (1.0 - g), (ratio + half) / (1.0 - g)


def _curves(entries: Sequence[Dilutions], level: float) -> Assay:
    """Four-parameter curves that are copies of one, against curves of their own."""
    total = sum(len(entry.doses) for entry in entries)
    shifted = _fit(entries, {})
    own = sum(_fit([entry], {}).squares for entry in entries)
    df_shifted, df_own = total - CURVE - (len(entries) - 1), total - CURVE * len(entries)
    if df_own < 1:
        raise ValueError("there are too few responses for curves of their own; measure more doses")
    flat = sum(float(((entry.responses - entry.responses.mean()) ** 2).sum()) for entry in entries)
    pure, groups = _within_treatments(entries)
    replicated = total > groups
    residual, df = (pure, total - groups) if replicated else (own, df_own)
    tests = [
        _test("slope", flat - shifted.squares, CURVE - 1, residual / df, df, wanted=True),
        _test("parallelism", shifted.squares - own, (CURVE - 1) * (len(entries) - 1), residual / df, df),
    ]
    if replicated and groups > CURVE * len(entries):
        tests.append(_test("linearity", own - pure, groups - CURVE * len(entries), residual / df, df))
    bound = shifted.squares * (1.0 + float(stdtrit(df_shifted, 0.5 + level / 2.0)) ** 2 / df_shifted)
    potencies: list[RelativePotency] = []
    for number in range(1, len(entries)):
        best = shifted.shifts[number]

        def excess(shift: float, number: int = number) -> float:
            return _fit(entries, {number: shift}, start=shifted).squares - bound

        low, high = _crossing(excess, best, -1.0), _crossing(excess, best, 1.0)
        potencies.append(RelativePotency(entries[number].name, _exp(best), _exp(low), _exp(high)))
    return Assay(
        "four-parameter",
        entries[0].name,
        level,
        tuple(potencies),
        tuple(tests),
        math.sqrt(shifted.squares / df_shifted),
        total,
    )


@dataclass(frozen=True, slots=True)
class _Fit:
    """A least-squares fit: bottom, top, log of the dose at half, log of the slope; shift of every preparation."""

    curve: FloatArray
    shifts: tuple[float, ...]
    squares: float


def _fit(entries: Sequence[Dilutions], fixed: Mapping[int, float], start: _Fit | None = None) -> _Fit:
    """Curves that are copies of one; `fixed` shifts are held, that of the first is 0."""
    free = [number for number in range(1, len(entries)) if number not in fixed]
    logs = [np.log(entry.doses) for entry in entries]
    responses = np.concatenate([entry.responses for entry in entries])
    scale = float(np.ptp(responses)) or 1.0

    def shifts_of(values: FloatArray) -> dict[int, float]:
        return {0: 0.0, **dict(fixed), **{number: float(values[CURVE + k]) for k, number in enumerate(free)}}

    def residuals(values: FloatArray) -> FloatArray:
        shifts = shifts_of(values)
        steep = math.exp(min(values[3], 10.0))
        fitted = [
            values[0]
            + (values[1] - values[0]) / (1.0 + np.exp(-np.clip(steep * (x + shifts[k] - values[2]), -500, 500)))
            for k, x in enumerate(logs)
        ]
        return (np.concatenate(fitted) - responses) / scale

    starts = [_first_guess(logs, entries, free, steepness) for steepness in (1.0, 2.5)]
    if start is not None:
        starts = [np.array([*start.curve, *(start.shifts[number] for number in free)])]
    fits = [least_squares(residuals, guess, x_scale="jac", max_nfev=2000) for guess in starts]
    best = min(fits, key=lambda fit: fit.cost)
    shifts = shifts_of(best.x)
    return _Fit(
        best.x[:CURVE],
        tuple(shifts[number] for number in range(len(entries))),
        float(2.0 * best.cost) * scale * scale,
    )


def _first_guess(
    logs: Sequence[FloatArray], entries: Sequence[Dilutions], free: Sequence[int], steepness: float
) -> FloatArray:
    """Ends from the means at the lowest and highest dose of the reference, the middle from the middle of its doses."""
    x, y = logs[0], entries[0].responses
    low, high = float(y[x == x.min()].mean()), float(y[x == x.max()].mean())
    return np.array([low, high, float(x.mean()), math.log(steepness), *(0.0 for _ in free)])


def _crossing(excess: Callable[[float], float], best: float, direction: float) -> float:
    """Where the sum of squares passes its bound on one side; infinite where it never does."""
    step, inner = 0.1, best
    while abs(inner - best) < FARTHEST:
        outer = inner + direction * step
        if excess(outer) > 0.0:
            return float(brentq(excess, min(inner, outer), max(inner, outer), xtol=1e-10))
        inner, step = outer, step * 1.6
    return direction * math.inf


def _within_treatments(entries: Sequence[Dilutions]) -> tuple[float, int]:
    """Sum of squares within doses of a preparation, and how many of these there are."""
    squares, groups = 0.0, 0
    for entry in entries:
        for dose in np.unique(entry.doses):
            group = entry.responses[entry.doses == dose]
            squares += float(((group - group.mean()) ** 2).sum())
            groups += 1
    return squares, groups


def _test(name: str, squares: float, df: int, variance: float, residual_df: int, *, wanted: bool = False) -> Test:
    """An F test; `wanted` where a large statistic is what an assay needs."""
    ratio = max(squares, 0.0) / df / variance if variance > 0.0 else math.inf if squares > 1e-9 else 0.0
    p = float(fdtrc(df, residual_df, ratio))
    return Test(name, ratio, (df, residual_df), p, (p < PARALLEL_LEVEL) if wanted else (p >= PARALLEL_LEVEL))


def _exp(number: float) -> float:
    return 0.0 if number == -math.inf else math.inf if number > 700.0 else math.exp(number)
