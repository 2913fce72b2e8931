"""What is claimed of an effect, from its estimate, standard error and degrees of freedom: tests and decisions.

References
----------
.. [1] Schuirmann 1987, doi:10.1007/BF01068419 (two one-sided tests).
.. [2] Fisch, Jones, Jones et al. 2015, doi:10.1177/2168479014533970 (dual criterion).
.. [3] ICH E9, Statistical Principles for Clinical Trials, 1998.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real

Verdict = Literal["go", "consider", "no-go"]


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test of an effect.

    Attributes
    ----------
    p : float
        p value of the claim.
    low : float
        Lower end of the interval that decides as the test does; minus infinity where it is open.
    high : float
        Upper end; infinite where it is open.
    shown : bool
        Whether the claim is shown.
    claim : str
        What it is.
    """

    __test__ = False

    p: float
    low: float
    high: float
    shown: bool
    claim: str


def superiority(
    estimate: float, se: float, df: float = np.inf, alpha: float = 0.05, sides: int = 2, than: float = 0.0
) -> TestResult:
    """Superiority: the effect differs from, or one-sided exceeds, a value.

    Parameters
    ----------
    estimate : float
        Effect; benefit is positive.
    se : float
        Standard error.
    df : float
        Degrees of freedom; infinite for a normal test.
    alpha : float
        Type I error, of both sides together where two-sided.
    sides : int
        1 or 2.
    than : float
        The value; above 0 it makes a test of super-superiority.

    Returns
    -------
    TestResult
        Shown only where the estimate is on the side of benefit.

    Examples
    --------
    >>> result = superiority(6.985, 3.58, 111)
    >>> round(result.p, 4), result.shown
    (0.0536, False)
    """
    _check(se, df, alpha, sides)
    t = (estimate - than) / se
    p = 2.0 * _tail(abs(t), df) if sides == 2 else _tail(t, df)
    reach = _critical(alpha / sides, df) * se
    high = estimate + reach if sides == 2 else np.inf
    return TestResult(
        p, estimate - reach, high, bool(p <= alpha and t > 0), f"better than control by more than {than:g}"
    )


def non_inferiority(
    estimate: float, se: float, margin: float, df: float = np.inf, alpha: float = 0.05, sides: int = 2
) -> TestResult:
    """Non-inferiority: the effect is above minus the margin.

    Parameters
    ----------
    estimate : float
        Effect; benefit is positive.
    se : float
        Standard error.
    margin : float
        Loss that is just not acceptable, above 0.
    df : float
        Degrees of freedom.
    alpha : float
        Type I error; the test is one-sided at alpha / sides, and the interval has 1 - 2 alpha / sides.
    sides : int
        1 or 2.

    Returns
    -------
    TestResult
        With a one-sided p value at level alpha / sides.

    Examples
    --------
    >>> non_inferiority(-1.0, 2.0, margin=8.0).shown
    True
    """
    _check(se, df, alpha, sides)
    _positive(margin)
    p, level = _tail((estimate + margin) / se, df), alpha / sides
    reach = _critical(level, df) * se
    high = estimate + reach if sides == 2 else np.inf
    return TestResult(p, estimate - reach, high, bool(p <= level), f"not worse than control by {margin:g} or more")


def equivalence(
    estimate: float, se: float, margin: float, df: float = np.inf, alpha: float = 0.05, sides: int = 1
) -> TestResult:
    """Equivalence by two one-sided tests: the effect lies within the margin either way.

    Parameters
    ----------
    estimate : float
        Effect.
    se : float
        Standard error.
    margin : float
        Difference that is just not acceptable, above 0.
    df : float
        Degrees of freedom.
    alpha : float
        Each test is at alpha / sides: 0.05 and 1 side (a 90 % interval) is usual for bioequivalence, 0.05 and 2 sides
        (95 %) in clinical trials.
    sides : int
        1 or 2.

    Returns
    -------
    TestResult
        p is the larger of both; the interval has 1 - 2 alpha / sides.

    Examples
    --------
    >>> equivalence(1.0, 2.0, margin=8.0).shown
    True
    """
    _check(se, df, alpha, sides)
    _positive(margin)
    level = alpha / sides
    p = max(_tail((estimate + margin) / se, df), _tail((margin - estimate) / se, df))
    reach = _critical(level, df) * se
    claim = f"within {margin:g} of control either way"
    return TestResult(p, estimate - reach, estimate + reach, bool(p <= level), claim)


def dual_criterion(
    estimate: float, se: float, relevant: float, df: float = np.inf, alpha: float = 0.05, sides: int = 2
) -> Verdict:
    """Go where the effect is significant and its estimate is at least the relevant difference.

    Parameters
    ----------
    estimate : float
        Effect; benefit is positive.
    se : float
        Standard error.
    relevant : float
        Smallest difference that matters to patients, above 0.
    df : float
        Degrees of freedom.
    alpha : float
        Type I error.
    sides : int
        1 or 2.

    Returns
    -------
    {"go", "consider", "no-go"}
        "consider" where one of both criteria is met.

    Examples
    --------
    >>> dual_criterion(12.0, 4.0, 8.0), dual_criterion(6.0, 2.0, 8.0), dual_criterion(2.0, 4.0, 8.0)
    ('go', 'consider', 'no-go')
    """
    _positive(relevant, "relevant")
    significant = superiority(estimate, se, df, alpha, sides).shown
    met = significant + (estimate >= relevant)
    return ("no-go", "consider", "go")[met]


def dual_criterion_chances(
    effect: float, se: float, relevant: float, alpha: float = 0.05, sides: int = 2
) -> dict[Verdict, float]:
    """Chances of each verdict of a planned trial with a known standard error.

    Parameters
    ----------
    effect : float
        True effect.
    se : float
        Standard error that the trial will have.
    relevant : float
        Smallest difference that matters.
    alpha : float
        Type I error.
    sides : int
        1 or 2.

    Returns
    -------
    dict of Verdict to float
        They add up to 1.

    Examples
    --------
    >>> round(dual_criterion_chances(8.0, 3.0, 8.0)["go"], 3)
    0.5
    """
    from scipy.special import ndtr

    _check(se, np.inf, alpha, sides)
    _positive(relevant, "relevant")
    bar = _critical(alpha / sides, np.inf) * se
    go = float(ndtr((effect - max(bar, relevant)) / se))
    some = float(ndtr((effect - min(bar, relevant)) / se))
    return {"go": go, "consider": some - go, "no-go": 1.0 - some}


def _tail(t: float, df: float) -> float:
    """Chance above t."""
    from scipy.special import ndtr, stdtr

    return float(ndtr(-t) if np.isinf(df) else stdtr(df, -t))


def _critical(level: float, df: float) -> float:
    from scipy.special import ndtri, stdtrit

    return -float(ndtri(level) if np.isinf(df) else stdtrit(df, level))


def _check(se: float, df: float, alpha: float, sides: int) -> None:
    real("se", se, 1e-300, 1e300)
    real("alpha", alpha, 1e-9, 0.5)
    if not df > 0:
        raise InputError([Problem(None, None, None, "df", f"must be above 0, got {df:g}")])
    if sides not in (1, 2):
        raise InputError([Problem(None, None, None, "sides", f"must be 1 or 2, got {sides!r}")])


def _positive(margin: float, field: str = "margin") -> None:
    if not 0.0 < margin < np.inf:
        raise InputError([Problem(None, None, None, field, f"must be above 0, got {margin:g}")])
