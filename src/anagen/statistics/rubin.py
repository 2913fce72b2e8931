"""Results of imputed data sets, pooled by Rubin's rules with the degrees of freedom of Barnard and Rubin.

    q = mean q_i,  T = mean u_i + (1 + 1/m) B,  B the variance of the q_i

References
----------
.. [1] Rubin 1987, doi:10.1002/9780470316696.
.. [2] Barnard & Rubin 1999, doi:10.1093/biomet/86.4.948.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.statistics.contrast import Contrast, student
from anagen.statistics.faults import fault


@dataclass(frozen=True, slots=True)
class Pooled:
    """What Rubin's rules give.

    Attributes
    ----------
    estimate : float
        Mean of the estimates.
    within : float
        Mean of their variances.
    between : float
        Variance of the estimates.
    total : float
        Variance of the pooled estimate.
    df : float
        Degrees of freedom of Barnard and Rubin.
    increase : float
        Relative increase of the variance by what is missing.
    missing_information : float
        Fraction of missing information.
    monte_carlo_error : float
        Standard error of the pooled estimate that comes from the number of imputations, sqrt(between / m).
    imputations : int
        How many.
    """

    estimate: float
    within: float
    between: float
    total: float
    df: float
    increase: float
    missing_information: float
    monte_carlo_error: float
    imputations: int

    def contrast(self, name: str, *, method: str, n: Mapping[str, int], alpha: float = 0.05, at: str = "") -> Contrast:
        """The pooled estimate as a comparison.

        Parameters
        ----------
        name : str
            What is estimated.
        method : str
            How the data sets were imputed and analysed.
        n : Mapping[str, int]
            Patients, by arm.
        alpha : float
            Two-sided error.
        at : str
            The visit.

        Returns
        -------
        Contrast
            With Student's t.
        """
        words = f"{method}; {self.imputations} imputations pooled by Rubin's rules, degrees of freedom of Barnard-Rubin"
        return student(name, self.estimate, math.sqrt(self.total), self.df, alpha=alpha, method=words, n=n, at=at)


def pool(estimates: ArrayLike, standard_errors: ArrayLike, *, df_complete: float = math.inf) -> Pooled:
    """Pool the results of imputed data sets.

    Parameters
    ----------
    estimates : ArrayLike, shape (m,)
        One a data set, at least two.
    standard_errors : ArrayLike, shape (m,)
        Theirs.
    df_complete : float
        Degrees of freedom had nothing been missing.

    Returns
    -------
    Pooled
        The pooled result.

    Raises
    ------
    DataFault
        Where there are fewer than two, or a standard error is not positive.

    Examples
    --------
    >>> one = pool([4.1, 5.2, 3.7, 4.9, 4.4], [1.9, 2.1, 2.0, 1.8, 2.2], df_complete=97)
    >>> round(one.estimate, 2), round(one.total, 4), round(one.df, 3), round(one.missing_information, 5)
    (4.46, 4.4556, 71.179, 0.12209)
    """
    q, u = np.asarray(estimates, dtype=float), np.asarray(standard_errors, dtype=float) ** 2
    m = len(q)
    if m < 2 or u.shape != q.shape:
        raise fault("estimates", f"are {m}, with {u.size} standard errors", "give at least two, each with its own")
    if not (np.isfinite(q).all() and np.isfinite(u).all() and (u > 0.0).all()):
        raise fault("standard_errors", "hold one that is not a positive number", "look at that data set's analysis")
    within, between = float(u.mean()), float(q.var(ddof=1))
    extra = (1.0 + 1.0 / m) * between
    total = within + extra
    increase, share = extra / within, extra / total
    old = (m - 1.0) / share**2 if share > 0.0 else math.inf
    if math.isinf(df_complete):
        df = old
    else:
        seen = (df_complete + 1.0) / (df_complete + 3.0) * df_complete * (1.0 - share)
        df = seen if math.isinf(old) else old * seen / (old + seen)
    missing = (increase + 2.0 / (df + 3.0)) / (1.0 + increase)
    error = math.sqrt(between / m)
    return Pooled(float(q.mean()), within, between, total, df, increase, missing, error, m)
