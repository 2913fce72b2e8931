"""Shares of patients, such as those with SALT 20 or less: differences, ratios, exact tests, pairs, strata.

Functions take counts: x of n with the outcome. `counts` makes them from patients.

References
----------
.. [1] Newcombe 1998, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
.. [2] Miettinen & Nurminen 1985, doi:10.1002/sim.4780040211.
.. [3] Clopper & Pearson 1934, doi:10.1093/biomet/26.4.404.
.. [4] Mantel & Haenszel 1959, doi:10.1093/jnci/22.4.719; Robins, Breslow & Greenland 1986, doi:10.2307/2531052.
.. [5] Fagerland, Lydersen & Laake 2013 (mid-p), doi:10.1186/1471-2288-13-91.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from anagen.statistics.contrast import Contrast
from anagen.statistics.faults import fault

NAME = "arm - control"


def counts(responded: ArrayLike) -> tuple[int, int]:
    """How many responded, of how many: patients without a value are left out.

    Parameters
    ----------
    responded : ArrayLike
        1 or true, 0 or false, NaN where it is not known.

    Returns
    -------
    tuple[int, int]
        Responders, patients.

    Raises
    ------
    DataFault
        Where a value is none of these.

    Examples
    --------
    >>> counts([1, 0, 1, float("nan")])
    (2, 3)
    """
    values = np.asarray(responded, dtype=float).ravel()
    known = np.isfinite(values)
    wrong = known & (values != 0.0) & (values != 1.0)
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        raise fault("responded", f"is {values[row]:g}", "write 1 for a responder and 0 for none", row=row + 1)
    return int(values[known].sum()), int(known.sum())


def clopper_pearson(x: int, n: int, *, alpha: float = 0.05, name: str = "share") -> Contrast:
    """A share with its exact interval.

    Parameters
    ----------
    x : int
        Responders.
    n : int
        Patients.
    alpha : float
        Two-sided error.
    name : str
        Of the share.

    Returns
    -------
    Contrast
        Without a test.

    Examples
    --------
    >>> one = clopper_pearson(20, 30)
    >>> round(one.ci_low, 3), round(one.ci_high, 3)
    (0.472, 0.827)
    """
    from scipy.special import betaincinv

    _check((x, n, name))
    low = float(betaincinv(x, n - x + 1.0, alpha / 2.0)) if x > 0 else 0.0
    high = float(betaincinv(x + 1.0, n - x, 1.0 - alpha / 2.0)) if x < n else 1.0
    words = "exact interval of Clopper and Pearson"
    return without_df(name, x / n, math.nan, low, high, math.nan, math.nan, words, {"": n})


def risk_difference(
    x: int,
    n: int,
    x_control: int,
    n_control: int,
    *,
    method: Literal["newcombe", "wald", "score"] = "newcombe",
    alpha: float = 0.05,
    name: str = NAME,
) -> Contrast:
    """Difference of two shares.

    Parameters
    ----------
    x : int
        Responders of the arm.
    n : int
        Its patients.
    x_control : int
        Responders of the control.
    n_control : int
        Its patients.
    method : {"newcombe", "wald", "score"}
        Interval: Newcombe's hybrid of Wilson intervals; p -+ z SE; or that of Miettinen and Nurminen, the differences
        that the score test does not reject.
    alpha : float
        Two-sided error.
    name : str
        Of the comparison.

    Returns
    -------
    Contrast
        p is that of the score test of equal shares (chi-squared without correction), with "wald" that of z = estimate /
        SE; NaN where nobody or everybody responded.

    Examples
    --------
    >>> one = risk_difference(30, 36, 24, 36)
    >>> round(one.estimate, 4), round(one.ci_low, 4), round(one.ci_high, 4), round(one.p_value, 4)
    (0.1667, -0.0343, 0.3522, 0.1025)
    """
    from scipy.special import ndtr, ndtri

    _check((x, n, "arm"), (x_control, n_control, "control"))
    if method not in ("newcombe", "wald", "score"):
        raise fault("method", f"cannot be '{method}'", "name one", allowed=("newcombe", "wald", "score"))
    p, q = x / n, x_control / n_control
    d, z = p - q, float(ndtri(1.0 - alpha / 2.0))
    error = math.sqrt(p * (1.0 - p) / n + q * (1.0 - q) / n_control)
    shared = (x + x_control) / (n + n_control)
    null = math.sqrt(shared * (1.0 - shared) * (1.0 / n + 1.0 / n_control))
    statistic = d / null if null > 0.0 else math.nan
    if method == "wald":
        low, high = d - z * error, d + z * error
        statistic = d / error if error > 0.0 else math.nan
    elif method == "score":
        low, high = _score_limits(x, n, x_control, n_control, z)
    else:
        (a, b), (c, e) = _wilson(x, n, z), _wilson(x_control, n_control, z)
        low, high = d - math.hypot(p - a, e - q), d + math.hypot(b - p, q - c)
    words = {"newcombe": "Newcombe", "wald": "Wald", "score": "Miettinen-Nurminen"}[method]
    test = 2.0 * float(ndtr(-abs(statistic)))
    told = f"difference of shares, {words} interval"
    if math.isnan(test):
        told += "; no p value, as all responded alike"
    return without_df(name, d, error, low, high, statistic, test, told, {"arm": n, "control": n_control})


def _wilson(x: int, n: int, z: float) -> tuple[float, float]:
    p, square = x / n, z * z
    middle, reach = p + square / (2 * n), z * math.sqrt(p * (1.0 - p) / n + square / (4 * n * n))
    return (middle - reach) / (1.0 + square / n), (middle + reach) / (1.0 + square / n)


def _score_limits(x: int, n: int, x_control: int, n_control: int, z: float) -> tuple[float, float]:
    from scipy.optimize import brentq

    d = x / n - x_control / n_control

    def beyond(delta: float) -> float:
        q = _restricted(x, n, x_control, n_control, delta)
        p = min(max(q + delta, 0.0), 1.0)
        total = n + n_control
        variance = (p * (1.0 - p) / n + q * (1.0 - q) / n_control) * total / (total - 1.0)
        return (d - delta) ** 2 - z * z * variance

    # where nobody responded, the difference seen has no variance: the bracket starts a little beside it
    edge, beside = 1.0 - 1e-12, 1e-9
    low = -1.0 if d - beside <= -edge or beyond(-edge) <= 0.0 else float(brentq(beyond, -edge, d - beside, xtol=1e-12))
    high = 1.0 if d + beside >= edge or beyond(edge) <= 0.0 else float(brentq(beyond, d + beside, edge, xtol=1e-12))
    return low, high


def _restricted(x: int, n: int, x_control: int, n_control: int, delta: float) -> float:
    """The control's share of greatest likelihood where the difference is `delta`: a root of a cubic, after [2]."""
    total, sum_x = float(n + n_control), float(x + x_control)
    b = ((n + 2.0 * n_control) * delta - total - sum_x) / (3.0 * total)
    c = ((n_control * delta - total - 2.0 * x_control) * delta + sum_x) / total
    d = x_control * delta * (1.0 - delta) / total
    v = b**3 - b * c / 2.0 + d / 2.0
    u = math.copysign(math.sqrt(max(b * b - c / 3.0, 0.0)), v)
    angle = 0.0 if u == 0.0 else math.acos(min(max(v / u**3, -1.0), 1.0))
    root = 2.0 * u * math.cos((math.pi + angle) / 3.0) - b
    return min(max(root, max(0.0, -delta)), min(1.0, 1.0 - delta))


def odds_ratio(
    x: int,
    n: int,
    x_control: int,
    n_control: int,
    *,
    method: Literal["woolf", "exact"] = "woolf",
    alpha: float = 0.05,
    name: str = NAME,
) -> Contrast:
    """Odds of responding in the arm over those in the control.

    Parameters
    ----------
    x : int
        Responders of the arm.
    n : int
        Its patients.
    x_control : int
        Responders of the control.
    n_control : int
        Its patients.
    method : {"woolf", "exact"}
        The sample odds ratio with the normal interval of its logarithm, 0.5 being added to every cell where one is
        empty; or the conditional estimate with its exact interval, and Fisher's test.
    alpha : float
        Two-sided error.
    name : str
        Of the comparison.

    Returns
    -------
    Contrast
        `estimate` and limits are ratios; `standard_error` is that of the logarithm.

    Examples
    --------
    >>> one = odds_ratio(30, 36, 24, 36)
    >>> round(one.estimate, 3), round(one.ci_low, 3), round(one.ci_high, 3)
    (2.5, 0.818, 7.642)
    """
    from scipy.special import ndtr, ndtri

    _check((x, n, "arm"), (x_control, n_control, "control"))
    told = {"arm": n, "control": n_control}
    cells = np.array([x, n - x, x_control, n_control - x_control], dtype=float)
    if method == "exact":
        from scipy.stats.contingency import odds_ratio as conditional

        made = conditional(np.array([[x, n - x], [x_control, n_control - x_control]]), kind="conditional")
        limits = made.confidence_interval(confidence_level=1.0 - alpha)
        p = fisher_p(x, n, x_control, n_control)
        words = "conditional odds ratio, exact interval, Fisher's exact test"
        low, high = float(limits.low), float(limits.high)
        return without_df(name, float(made.statistic), math.nan, low, high, math.nan, p, words, told)
    if method != "woolf":
        raise fault("method", f"cannot be '{method}'", "name one", allowed=("woolf", "exact"))
    words = "odds ratio, Woolf interval"
    if (cells == 0.0).any():
        cells, words = cells + 0.5, "odds ratio, Woolf interval, 0.5 added to every cell because one is empty"
    log, error = float(np.log(cells[0] * cells[3] / (cells[1] * cells[2]))), float(np.sqrt((1.0 / cells).sum()))
    z = float(ndtri(1.0 - alpha / 2.0))
    p = 2.0 * float(ndtr(-abs(log / error)))
    low, high = math.exp(log - z * error), math.exp(log + z * error)
    return without_df(name, math.exp(log), error, low, high, log / error, p, words, told)


def fisher_p(x: int, n: int, x_control: int, n_control: int) -> float:
    """Two-sided p value of Fisher's exact test.

    Examples
    --------
    >>> round(fisher_p(40, 40, 33, 40), 5)
    0.01174
    """
    from scipy.stats import fisher_exact

    _check((x, n, "arm"), (x_control, n_control, "control"))
    return float(fisher_exact(np.array([[x, n - x], [x_control, n_control - x_control]]))[1])


def chi_squared_p(x: int, n: int, x_control: int, n_control: int) -> float:
    """P value of the chi-squared test without continuity correction; NaN where nobody or everybody responded.

    Examples
    --------
    >>> round(chi_squared_p(40, 40, 33, 40), 5)
    0.00561
    """
    return risk_difference(x, n, x_control, n_control).p_value


def mcnemar(
    only_active: int, only_control: int, *, method: Literal["exact", "mid-p", "chi-squared"] = "exact"
) -> float:
    """Two-sided p value of pairs, such as two sides of a scalp, that differ.

    Parameters
    ----------
    only_active : int
        Pairs in which the active side alone responded.
    only_control : int
        Pairs in which the control side alone responded.
    method : {"exact", "mid-p", "chi-squared"}
        Binomial; binomial with half the probability of what was seen; (b - c)^2 / (b + c) without correction.

    Returns
    -------
    float
        1 where no pair differs, NaN by chi-squared.

    Examples
    --------
    >>> round(mcnemar(9, 3), 4), round(mcnemar(9, 3, method="mid-p"), 4), round(mcnemar(9, 3, method="chi-squared"), 4)
    (0.146, 0.0923, 0.0833)
    """
    from scipy.special import bdtr, ndtr

    _whole((only_active, "only_active"), (only_control, "only_control"))
    total, least = only_active + only_control, min(only_active, only_control)
    if method == "chi-squared":
        return 2.0 * float(ndtr(-abs(only_active - only_control) / math.sqrt(total))) if total else math.nan
    if method not in ("exact", "mid-p"):
        raise fault("method", f"cannot be '{method}'", "name one", allowed=("exact", "mid-p", "chi-squared"))
    if total == 0:
        return 1.0
    exact = 2.0 * float(bdtr(least, total, 0.5))
    if method == "exact":
        return min(1.0, exact)
    return min(1.0, exact - math.comb(total, least) / 2.0**total)


def _whole(*given: tuple[int, str]) -> None:
    for value, name in given:
        known = isinstance(value, int | float | np.integer) and not isinstance(value, bool)
        if not known or value < 0 or not float(value).is_integer():
            raise fault(name, f"is {value}", "write a whole number, 0 or more")


def _check(*given: tuple[int, int, str]) -> None:
    for x, n, name in given:
        _whole((x, name), (n, name))
        if n < 1:
            raise fault(name, "has no patients", "leave the comparison out")
        if x > n:
            raise fault(name, f"has {x} responders of {n} patients", "write responders first, then patients")


def without_df(
    name: str,
    estimate: float,
    error: float,
    low: float,
    high: float,
    statistic: float,
    p: float,
    method: str,
    n: dict[str, int],
) -> Contrast:
    """A contrast that is told by the Normal law or exactly, and has no degrees of freedom."""
    return Contrast(name, estimate, error, math.inf, low, high, statistic, p, method, n)
