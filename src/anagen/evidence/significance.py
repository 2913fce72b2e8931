"""Results that were printed without a number: how probable the model holds it that a test finds what was stated.

A trial of the published size estimates the expected value of a parameter draw with the bias of its design:

    estimate ~ N(expected + bias, patients^2 + offset^2 + gain^2)

and calls it significant at a level where |estimate| / patients > t, with t the two-sided deviate of that level: the
test of a trial knows the error of its patients and nothing of how far trials lie apart. The probability of the stated
result is its mean over parameter draws.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.evidence.between import Between, between, sign_of
from anagen.evidence.comparison import (
    ALL_ALIKE,
    FEW_CHOSEN,
    SHARE_ONLY,
    ValuesByDraw,
    drawn_of,
    error_of_chosen,
    expected_of,
    level_of,
    not_compared,
    patient_error,
)
from anagen.evidence.uses import use_of
from anagen.study.observed import Observed
from anagen.study.p_values import Stated, deviate
from anagen.trials.protocol import Protocol

STATEMENT_COLUMNS = ("subject", "endpoint", "week", "measure", "stated", "significant", "level", "observed_n",
                     "probability", "probability_error", "low90", "high90", "brier", "comparable", "use", "reason",
                     "remark", "source", "read")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Probability:
    """How probable a stated result is.

    Attributes
    ----------
    value : float
        Share of predicted trials that find it, 0 to 1.
    error : float
        Its Monte-Carlo standard error over parameter draws; NaN with one draw.
    low90, high90 : float
        5 % and 95 % point of that share over parameter draws.
    """

    value: float
    error: float
    low90: float
    high90: float

    @property
    def brier(self) -> float:
        """Brier score of the stated result, (1 - value)^2; 0 is perfect, 1/4 is a coin.

        Examples
        --------
        >>> Probability(0.5, 0.0, 0.5, 0.5).brier
        0.25
        """
        return (1.0 - self.value) ** 2


def probability_of(
    stated: Stated,
    expected: FloatArray,
    patients: float,
    spread: Between,
    values: Sequence[Mapping[str, float]],
    *,
    sign: float = 1.0,
    freedom: float = math.inf,
) -> Probability:
    """How probable it is that a trial of the published size finds what was stated.

    Parameters
    ----------
    stated : Stated
        On which side of which p value the result lies.
    expected : FloatArray
        Expected value of each draw [draw].
    patients : float
        Standard error that the patients of the trial give, in the unit of the value.
    spread : Between
        Spread and bias between trials.
    values : sequence of mapping
        Parameter values of each draw.
    sign : float, default 1.0
        -1 where a gain lowers the value.
    freedom : float, default inf
        Degrees of freedom of the trial's t test.

    Returns
    -------
    Probability
        Mean over draws, with its error and the spread between them.

    Examples
    --------
    >>> none = Between(0.0, "none", 0.0, None)
    >>> values = [{"measurement.study_offset": 9.0}]
    >>> round(probability_of(Stated(False, 0.05), np.array([0.0]), 3.0, none, values).value, 3)
    0.95
    """
    from scipy.special import ndtr

    offset = np.array([spread.offset_sd(each) for each in values])
    gain = np.array([spread.gain_sd(each) for each in values])
    centres = expected + sign * np.array([spread.bias(each) for each in values])
    total = np.sqrt(patients**2 + offset**2 + gain**2)
    limit = deviate(stated.level, freedom) * patients
    inside = ndtr((limit - centres) / total) - ndtr((-limit - centres) / total)
    shares = np.asarray(1.0 - inside if stated.significant else inside, dtype=np.float64)
    low, high = (float(end) for end in np.quantile(shares, [0.05, 0.95], method="hazen"))
    error = float(shares.std(ddof=1)) / math.sqrt(len(shares)) if len(shares) > 1 else math.nan
    return Probability(float(shares.mean()), error, low, high)


def predicted_statement(
    row: Observed, visits: pd.DataFrame, expected: pd.DataFrame, plan: Protocol, values_by_draw: ValuesByDraw
) -> Probability | str:
    """How probable a published result without a number is, or why the model cannot tell.

    Parameters
    ----------
    row : Observed
        The result.
    visits, expected : pd.DataFrame
        Measured rows, and expected means by draw.
    plan : Protocol
        The study.
    values_by_draw : mapping
        Parameter values of every draw, 0 the central ones.

    Returns
    -------
    Probability or str
        Over draws 1 and above, or in the centre where there are no others; a reason in words.

    Raises
    ------
    ValueError
        Where the row has a number.
    """
    stated = row.stated(plan.study.analysis.two_sided_alpha)
    if stated is None:
        raise ValueError(f"{row.subject} has a number; it is compared by `compare_row`")
    why = not_compared(row)
    draws = None if why else expected_of(row, expected)
    if draws is None:
        return why or SHARE_ONLY
    error = patient_error(row, visits, plan) if row.among is None else error_of_chosen(row, visits, expected)
    drawn = drawn_of(row, draws)
    if drawn.empty or not math.isfinite(error) or error <= 0.0:
        return ALL_ALIKE if row.among is None else FEW_CHOSEN
    return probability_of(
        stated,
        drawn.to_numpy(dtype=np.float64),
        error,
        between(row, plan, level_of(row, expected, plan)),
        [values_by_draw[int(draw)] for draw in drawn.index],
        sign=sign_of(row, plan),
        freedom=row.freedom,
    )


def statement_words(stated: Stated, found: Probability | str) -> str:
    """What was stated and how probable the model holds it, in one sentence.

    Parameters
    ----------
    stated : Stated
        What was published.
    found : Probability or str
        From `predicted_statement`.

    Returns
    -------
    str
        Words for a remark.

    Examples
    --------
    >>> statement_words(Stated(False, 0.05), Probability(0.83, 0.01, 0.6, 0.9)).partition("; ")[2]
    'probability by the model 0.83 (Monte-Carlo error 0.010), over parameter draws 0.60 to 0.90'
    """
    said = f"published is {stated.words}, without a number"
    if isinstance(found, str):
        return f"{said}; {found}"
    error = "" if math.isnan(found.error) else f" (Monte-Carlo error {found.error:.3f})"
    over = "" if math.isnan(found.error) else f", over parameter draws {found.low90:.2f} to {found.high90:.2f}"
    return f"{said}; probability by the model {found.value:.2f}{error}{over}"


def statement_row(row: Observed, plan: Protocol, found: Probability | str) -> dict[str, Any]:
    """One row with STATEMENT_COLUMNS of a result without a number.

    Parameters
    ----------
    row : Observed
        The result.
    plan : Protocol
        Its study.
    found : Probability or str
        From `predicted_statement`.

    Returns
    -------
    dict
        By column; numbers are missing where the model cannot tell.
    """
    stated = row.stated(plan.study.analysis.two_sided_alpha)
    assert stated is not None
    use, reason = use_of(row, plan.study)
    missing = isinstance(found, str)
    names = ("value", "error", "low90", "high90", "brier")
    numbers = [math.nan if isinstance(found, str) else float(getattr(found, name)) for name in names]
    columns = ("probability", "probability_error", "low90", "high90", "brier")
    return {
        "subject": row.whose,
        "endpoint": row.endpoint,
        "week": row.week,
        "measure": row.measure,
        "stated": stated.words,
        "significant": stated.significant,
        "level": stated.level,
        "observed_n": row.n,
        **dict(zip(columns, numbers, strict=True)),
        "comparable": not missing,
        "use": use,
        "reason": reason,
        "remark": "; ".join(filter(None, (found if isinstance(found, str) else "", row.note))),
        "source": row.source,
        "read": row.read,
    }
