"""What every comparison gives: an estimate with its error, limits, test, method in words and patients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from anagen.statistics.faults import fault

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Contrast:
    """One comparison, or one mean: numbers are NaN where a method does not give them.

    Attributes
    ----------
    name : str
        What is estimated, for example "dose2 - vehicle".
    estimate : float
        In the unit of the outcome; a ratio where `method` says so.
    standard_error : float
        Of the estimate, of a ratio that of its logarithm; NaN for exact methods.
    df : float
        Degrees of freedom of Student's t, infinity where the normal distribution is used.
    ci_low : float
        Lower confidence limit.
    ci_high : float
        Upper confidence limit.
    statistic : float
        Test statistic: t, z, chi-squared or what `method` says.
    p_value : float
        Two-sided.
    method : str
        How it was estimated, in words.
    n : Mapping[str, int]
        Patients (or pairs) used, by arm.
    at : str
        The visit, where there are several; empty otherwise.

    Examples
    --------
    >>> student("dose - vehicle", 5.0, 2.0, 60, alpha=0.05, method="ANCOVA", n={"dose": 31, "vehicle": 32}).text()
    'dose - vehicle: 5.000 (0.999 to 9.001), p = 0.0152; ANCOVA'
    """

    name: str
    estimate: float
    standard_error: float
    df: float
    ci_low: float
    ci_high: float
    statistic: float
    p_value: float
    method: str
    n: Mapping[str, int]
    at: str = ""

    def text(self) -> str:
        """The comparison on one line."""
        place = f"{self.name} at {self.at}" if self.at else self.name
        limits = f"{self.estimate:.3f} ({self.ci_low:.3f} to {self.ci_high:.3f})"
        p = "no p value" if math.isnan(self.p_value) else f"p = {self.p_value:.3g}"
        return f"{place}: {limits}, {p}; {self.method}"


def check_alpha(alpha: float) -> None:
    """Refuse an error probability that is none.

    Parameters
    ----------
    alpha : float
        Two-sided error.

    Raises
    ------
    DataFault
        Where it does not lie between 0 and 1.
    """
    if not 0.0 < alpha < 1.0:
        raise fault("alpha", f"is {alpha}", "write a share between 0 and 1, 0.05 for a 95 % interval")


def student(
    name: str,
    estimate: float,
    standard_error: float,
    df: float,
    *,
    alpha: float,
    method: str,
    n: Mapping[str, int],
    at: str = "",
) -> Contrast:
    """A comparison with limits and p from Student's t: estimate -+ t(1 - alpha/2, df) SE.

    Parameters
    ----------
    name : str
        What is estimated.
    estimate : float
        In the unit of the outcome.
    standard_error : float
        Of the estimate.
    df : float
        Degrees of freedom; infinity gives the normal distribution.
    alpha : float
        Two-sided error, 0.05 for a 95 % interval.
    method : str
        In words.
    n : Mapping[str, int]
        Patients used, by arm.
    at : str
        The visit.

    Returns
    -------
    Contrast
        With limits, statistic and p value; these are NaN where the standard error is not positive.
    """
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    check_alpha(alpha)
    if not (standard_error > 0.0 and df > 0.0):
        none = math.nan
        return Contrast(name, float(estimate), float(standard_error), float(df), none, none, none, none, method, n, at)
    t = estimate / standard_error
    if math.isinf(df):
        reach, p = ndtri(1.0 - alpha / 2.0), 2.0 * ndtr(-abs(t))
    else:
        reach, p = stdtrit(df, 1.0 - alpha / 2.0), 2.0 * stdtr(df, -abs(t))
    low, high = estimate - reach * standard_error, estimate + reach * standard_error
    return Contrast(
        name,
        float(estimate),
        float(standard_error),
        float(df),
        float(low),
        float(high),
        float(t),
        float(p),
        method,
        n,
        at,
    )


def table(contrasts: Iterable[Contrast]) -> pd.DataFrame:
    """Comparisons as rows, the patients of each arm in one text.

    Parameters
    ----------
    contrasts : Iterable[Contrast]
        Any.

    Returns
    -------
    pd.DataFrame
        One row a comparison, columns as the attributes of `Contrast`.
    """
    import pandas as pd

    names = [field.name for field in fields(Contrast)]
    rows = [
        {name: getattr(one, name) for name in names} | {"n": ", ".join(f"{arm} {n}" for arm, n in one.n.items())}
        for one in contrasts
    ]
    return pd.DataFrame(rows, columns=names)
