"""Shares compared within strata and put together: Cochran-Mantel-Haenszel."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.statistics.contrast import Contrast
from anagen.statistics.faults import fault
from anagen.statistics.responders import NAME, counts, without_df


def mantel_haenszel(tables: ArrayLike, *, alpha: float = 0.05, name: str = NAME) -> Contrast:
    """Common odds ratio over strata and the Cochran-Mantel-Haenszel test without continuity correction.

    Parameters
    ----------
    tables : ArrayLike, shape (n_strata, 2, 2)
        Rows arm and control, columns responders and others.
    alpha : float
        Two-sided error.
    name : str
        Of the comparison.

    Returns
    -------
    Contrast
        `statistic` is chi-squared with one degree of freedom; limits of the ratio after Robins, Breslow and Greenland;
        `standard_error` is that of the logarithm.

    Raises
    ------
    DataFault
        Where the counts are no counts, or no stratum holds responders and others of both arms.

    Examples
    --------
    >>> one = mantel_haenszel([[[11, 9], [7, 13]], [[12, 9], [9, 7]]])
    >>> round(one.statistic, 4), round(one.p_value, 4), round(one.estimate, 4)
    (0.8968, 0.3436, 1.5529)
    """
    from scipy.special import ndtr, ndtri

    cells = np.asarray(tables, dtype=float)
    if cells.ndim != 3 or cells.shape[1:] != (2, 2):
        raise fault("tables", f"have shape {cells.shape}", "give [stratum, arm and control, responders and others]")
    if not np.isfinite(cells).all() or (cells < 0).any() or (cells != np.floor(cells)).any():
        raise fault("tables", "hold what is no count", "write whole numbers of patients")
    total = cells.sum(axis=(1, 2))
    cells, total = cells[total > 1], total[total > 1]
    a, b, c, d = cells[:, 0, 0], cells[:, 0, 1], cells[:, 1, 0], cells[:, 1, 1]
    variance = float(((a + b) * (c + d) * (a + c) * (b + d) / (total**2 * (total - 1.0))).sum())
    if variance == 0.0:
        raise fault("tables", "have no stratum with both arms, responders and others", "merge strata")
    excess = float((a - (a + b) * (a + c) / total).sum())
    z = excess / math.sqrt(variance)
    r, s, p, q = a * d / total, b * c / total, (a + d) / total, (b + c) / total
    n = {"arm": int((a + b).sum()), "control": int((c + d).sum())}
    words = "Mantel-Haenszel odds ratio over strata, Cochran-Mantel-Haenszel test without continuity correction"
    test = 2.0 * float(ndtr(-abs(z)))
    if r.sum() == 0.0 or s.sum() == 0.0:
        estimate = math.inf if s.sum() == 0.0 else 0.0
        words += ", ratio without limits"
        return without_df(name, estimate, math.nan, math.nan, math.nan, z * z, test, words, n)
    log = float(np.log(r.sum() / s.sum()))
    squared = (p * r).sum() / (2 * r.sum() ** 2) + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
    error = math.sqrt(float(squared + (q * s).sum() / (2 * s.sum() ** 2)))
    reach = float(ndtri(1.0 - alpha / 2.0)) * error
    return without_df(name, math.exp(log), error, math.exp(log - reach), math.exp(log + reach), z * z, test, words, n)


def strata_tables(responded: ArrayLike, in_arm: ArrayLike, stratum: ArrayLike) -> FloatArray:
    """Two-by-two tables of strata from patients, as `mantel_haenszel` takes them.

    Parameters
    ----------
    responded : ArrayLike, shape (n_patients,)
        1, 0, or NaN where it is not known: left out.
    in_arm : ArrayLike, shape (n_patients,)
        Whether in the arm, or in the control.
    stratum : ArrayLike, shape (n_patients,)
        Its name.

    Returns
    -------
    FloatArray, shape (n_strata, 2, 2)
        In the order of names.
    """
    value, arm, names = np.asarray(responded, dtype=float), np.asarray(in_arm, dtype=bool), np.asarray(stratum)
    counts(value)
    known = np.isfinite(value)
    return np.array(
        [
            [[(known & (arm == of) & (names == one) & (value == x)).sum() for x in (1.0, 0.0)] for of in (True, False)]
            for one in np.unique(names)
        ],
        dtype=float,
    )
