"""Is there a dose-response? One optimal contrast for each candidate shape, p values adjusted for their number.

References
----------
.. [1] Bretz, Pinheiro & Branson 2005, doi:10.1111/j.1541-0420.2005.00344.x.
.. [2] Pinheiro, Bornkamp, Glimm & Bretz 2014, doi:10.1002/sim.6052.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.statistics.dose_finding.data import DoseResponse
from anagen.statistics.dose_finding.models import Candidate, curve
from anagen.statistics.multivariate import chance_within


@dataclass(frozen=True, slots=True)
class ContrastTest:
    """The multiple contrast test.

    Attributes
    ----------
    contrasts : FloatArray, shape (candidates, doses)
        Each adds up to 0 and has length 1.
    correlation : FloatArray, shape (candidates, candidates)
        Of the contrast statistics.
    t : FloatArray, shape (candidates,)
        Contrast statistics.
    p : FloatArray, shape (candidates,)
        Adjusted p values, one-sided.
    p_error : FloatArray, shape (candidates,)
        Their standard errors of integration.
    critical : float
        Critical value of every t at alpha.
    alpha : float
        One-sided.
    """

    contrasts: FloatArray
    correlation: FloatArray
    t: FloatArray
    p: FloatArray
    p_error: FloatArray
    critical: float
    alpha: float

    @property
    def shown(self) -> bool:
        """Whether there is a dose-response."""
        return bool(self.p.min() <= self.alpha)


def optimal_contrasts(
    candidates: Sequence[Candidate], doses: FloatArray, covariance: FloatArray, direction: int = 1
) -> FloatArray:
    """Contrasts with the greatest power for each candidate: S**-1 (g - weighted mean of g), of length 1.

    Parameters
    ----------
    candidates : Sequence of Candidate
        One or more.
    doses : FloatArray, shape (doses,)
        Of the trial.
    covariance : FloatArray, shape (doses, doses)
        Of the estimates; only its shape counts.
    direction : int
        1 where a larger response is better, -1 where a smaller.

    Returns
    -------
    FloatArray, shape (candidates, doses)
        A row for each candidate.

    Raises
    ------
    InputError
        Where a candidate is flat over these doses.

    Examples
    --------
    >>> optimal_contrasts([Candidate("linear")], np.array([0.0, 0.5, 1.0]), np.eye(3)).round(4).tolist()
    [[-0.7071, 0.0, 0.7071]]
    """
    precision = np.linalg.inv(covariance)
    weights = precision.sum(axis=1)
    rows: list[FloatArray] = []
    for candidate in candidates:
        g = curve(candidate.shape, doses, candidate.parameters, float(doses.max()))
        # the standardised curve rises over most of the range, whatever the parameters' signs
        up = 1.0 if candidate.shape != "quadratic" else float(np.sign(g[np.argmax(np.abs(g - g[0]))] - g[0]) or 1.0)
        row = precision @ (up * direction * (g - weights @ g / weights.sum()))
        length = float(np.sqrt(row @ row))
        if not length > 1e-12:
            message = f"{candidate.shape} with these parameters is flat over the doses"
            raise InputError([Problem(None, None, None, "candidates", message)])
        rows.append(row / length)
    if not rows:
        raise InputError([Problem(None, None, None, "candidates", "must be one or more")])
    return np.array(rows)


def contrast_test(
    data: DoseResponse, candidates: Sequence[Candidate], alpha: float = 0.025, direction: int = 1
) -> ContrastTest:
    """Test for a dose-response.

    Parameters
    ----------
    data : DoseResponse
        Estimates.
    candidates : Sequence of Candidate
        Shapes that are thought possible.
    alpha : float
        One-sided type I error.
    direction : int
        1 where a larger response is better, -1 where a smaller.

    Returns
    -------
    ContrastTest
        In the order of the candidates.
    """
    rows, correlation, t = _statistics(data, candidates, direction)
    tails = [_above(float(each), correlation, data.df) for each in t]
    p, errors = (np.array(column) for column in zip(*tails, strict=True))
    return ContrastTest(
        rows, correlation, t, np.clip(p, 0.0, 1.0), errors, critical(correlation, data.df, alpha), alpha
    )


def contrast_statistics(
    data: DoseResponse, candidates: Sequence[Candidate], direction: int = 1
) -> tuple[FloatArray, FloatArray]:
    """Contrast statistics with their adjusted p values, without the critical value, which takes longer than both.

    Parameters
    ----------
    data : DoseResponse
        Estimates.
    candidates : Sequence of Candidate
        Shapes that are thought possible.
    direction : int
        1 where a larger response is better, -1 where a smaller.

    Returns
    -------
    FloatArray, shape (candidates,)
        t.
    FloatArray, shape (candidates,)
        One-sided p, adjusted for the number of shapes.
    """
    _, correlation, t = _statistics(data, candidates, direction)
    return t, np.clip([_above(float(each), correlation, data.df)[0] for each in t], 0.0, 1.0)


def _statistics(
    data: DoseResponse, candidates: Sequence[Candidate], direction: int
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Contrasts, the correlation of their statistics, and the statistics."""
    rows = optimal_contrasts(candidates, data.doses, data.covariance, direction)
    spread = rows @ data.covariance @ rows.T
    sd = np.sqrt(np.diagonal(spread))
    correlation = np.clip(spread / np.outer(sd, sd), -1.0, 1.0)
    np.fill_diagonal(correlation, 1.0)
    return rows, correlation, (rows @ data.means) / sd


def critical(correlation: FloatArray, df: float, alpha: float = 0.025) -> float:
    """Critical value of the largest contrast statistic, one-sided.

    Parameters
    ----------
    correlation : FloatArray, shape (candidates, candidates)
        Of the contrast statistics.
    df : float
        Degrees of freedom.
    alpha : float
        One-sided type I error.

    Returns
    -------
    float
        Between those of one test and of Bonferroni.
    """
    from scipy.optimize import brentq

    return float(brentq(lambda c: _above(c, correlation, df)[0] - alpha, -10.0, 60.0, xtol=1e-6))


def power(
    means: FloatArray, candidates: Sequence[Candidate], data: DoseResponse, alpha: float = 0.025, direction: int = 1
) -> tuple[float, float]:
    """Chance that the test shows a dose-response where the true means are known; the SD is taken as known.

    Parameters
    ----------
    means : FloatArray, shape (doses,)
        True means.
    candidates : Sequence of Candidate
        Shapes that are thought possible.
    data : DoseResponse
        Doses and covariance that are planned; its means are left out.
    alpha : float
        One-sided type I error.
    direction : int
        1 where a larger response is better, -1 where a smaller.

    Returns
    -------
    float
        Power.
    float
        Its standard error of integration.
    """
    rows = optimal_contrasts(candidates, data.doses, data.covariance, direction)
    spread = rows @ data.covariance @ rows.T
    sd = np.sqrt(np.diagonal(spread))
    correlation = spread / np.outer(sd, sd)
    np.fill_diagonal(correlation, 1.0)
    bound = critical(correlation, np.inf, alpha) - (rows @ np.asarray(means)) / sd
    inside, error = chance_within(np.full(len(rows), -np.inf), bound, correlation)
    return 1.0 - inside, error


def _above(t: float, correlation: FloatArray, df: float) -> tuple[float, float]:
    """Chance that the largest statistic lies above t, with its error of integration."""
    k = len(correlation)
    inside, error = chance_within(np.full(k, -np.inf), np.full(k, t), correlation, df)
    return 1.0 - inside, error
