"""Predicted against observed: what a study published beside what the model expects of a trial of that size.

    predictive = expected mean of a draw + patient error + study offset + spread of the gain + bias of the design

Patient error is the standard error of a trial with as many patients as the publication had. The study offset enters
the mean of an arm and cancels in a contrast; how far trials of one treatment lie apart, and what their design makes
them say too much, enter both (see `between`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.among import chosen_patients
from anagen.analysis.expected import over_draws
from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray
from anagen.evidence.between import between, sign_of
from anagen.evidence.events import compare_event
from anagen.evidence.predictive import ANY_VALUE, Predictive, judged, predictive
from anagen.evidence.uses import use_of
from anagen.results.schema import TABLES
from anagen.scalp import ENDPOINTS
from anagen.study.counted_weeks import counted_in_words
from anagen.study.observed import Observed
from anagen.trials.protocol import Protocol

COMPARISON_COLUMNS = tuple(column.name for column in TABLES["comparison"].columns)
SHARE_ONLY = "shares of responders are compared only as a trial endpoint"
ALL_ALIKE = "the simulated patients do not differ in it"
FEW_CHOSEN = "too few of the simulated patients meet the condition"
LEAST_LEVEL = 1.0
"""Least level of an endpoint that spreads between trials are taken relative to, so that scores of change have one."""
ValuesByDraw = Mapping[int, Mapping[str, float]]


def comparison_table(
    visits: pd.DataFrame,
    expected: pd.DataFrame,
    plan: Protocol,
    *,
    values_by_draw: ValuesByDraw,
    expected_events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per published value of the study.

    Parameters
    ----------
    visits : pd.DataFrame
        Measured rows.
    expected : pd.DataFrame
        Expected means by draw.
    plan : Protocol
        The study.
    values_by_draw : ValuesByDraw
        Parameter values of every draw, 0 the central ones.
    expected_events : pd.DataFrame, optional
        Expected shares of adverse events by draw; None where they are not compared.

    Returns
    -------
    pd.DataFrame
        Table with COMPARISON_COLUMNS; `comparable` is False, with a remark, where the model has no such value.
    """
    rows = [
        {**compare_row(row, visits, expected, plan, values_by_draw), **compare_event(row, expected_events, plan)}
        for row in plan.study.observed
    ]
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))


def compare_row(
    row: Observed, visits: pd.DataFrame, expected: pd.DataFrame, plan: Protocol, values_by_draw: ValuesByDraw
) -> dict[str, Any]:
    """One published value against its prediction."""
    if row.zone not in (None, plan.study.measurement.zone):
        measured = plan.study.measurement.zone
        why = f"of the {row.zone} zone; a run simulates the {measured} zone, and `anagen validate` predicts this apart"
        return uncompared(row, plan, why)
    if not row.has_number:
        return _stated(row, visits, expected, plan, values_by_draw)
    why = not_compared(row)
    prediction = None if why else predictive_of(row, visits, expected, plan, values_by_draw)
    if prediction is None:
        return uncompared(row, plan, why or (SHARE_ONLY if row.among is None else FEW_CHOSEN))
    if not math.isfinite(prediction.se_patients):
        return uncompared(row, plan, ALL_ALIKE if row.among is None else FEW_CHOSEN)
    remark = joined("the publication gives a median" if row.is_median else "", _derived(row))
    return {
        **uncompared(row, plan, joined(remark, _nobody_in(row, expected))),
        **judged(prediction.samples, row.value),
        "predicted": prediction.centre,
        "se_patients": prediction.se_patients,
        "sd_parameters": prediction.sd_parameters,
        "sd_study": prediction.sd_study,
        "sd_gain": prediction.sd_gain,
        "bias": prediction.bias,
        "z": (row.value - prediction.centre) / prediction.sd if prediction.sd > 0.0 else math.nan,
        "comparable": True,
    }


def _stated(
    row: Observed, visits: pd.DataFrame, expected: pd.DataFrame, plan: Protocol, values_by_draw: ValuesByDraw
) -> dict[str, Any]:
    """A published result without a number: its probability stands in the remark, scores leave it out."""
    from anagen.evidence.significance import predicted_statement, statement_words

    stated = row.stated(plan.study.analysis.two_sided_alpha)
    assert stated is not None
    found = predicted_statement(row, visits, expected, plan, values_by_draw)
    return uncompared(row, plan, statement_words(stated, found))


def _counted(row: Observed) -> str:
    """How the paper counts the week, where it does not count from baseline."""
    if row.counted is None:
        return ""
    return f"week {row.week:g} is {counted_in_words(row.counted).strip(' ()')}"


def _nobody_in(row: Observed, expected: pd.DataFrame) -> str:
    """In how many draws nobody is among those chosen, so that they say nothing of the value."""
    draws = None if row.among is None else expected_of(row, expected)
    if draws is None:
        return ""
    drawn = draws[draws.index > 0] if len(draws) > 1 else draws
    nobody = int(drawn.isna().sum())
    if not nobody:
        return ""
    return f"nobody meets the condition in {nobody} of {len(drawn)} parameter draws, which are left out"


def _derived(row: Observed) -> str:
    """How the standard error was derived, where it was not printed."""
    return f"standard error {row.error_from}" if row.error_from else ""


def uncompared(row: Observed, plan: Protocol, remark: str) -> dict[str, Any]:
    """The columns of a published value that has no prediction."""
    use, reason = use_of(row, plan.study)
    missing = ("predicted", "se_patients", "sd_parameters", "sd_study", "sd_gain", "bias", "low50", "high50", "low90",
               "high90", "z", "crps")  # fmt: skip
    return {
        "subject": row.whose,
        "endpoint": row.endpoint,
        "week": row.week,
        "measure": row.measure,
        "observed": row.value,
        "observed_se": row.standard_error,
        "observed_n": row.n,
        **dict.fromkeys(missing, math.nan),
        "inside50": pd.NA,
        "inside": pd.NA,
        "comparable": False,
        "use": use,
        "reason": reason,
        "remark": joined(joined(remark, _counted(row)), row.note),
        "source": row.source,
        "read": row.read,
    }


def predictive_of(
    row: Observed, visits: pd.DataFrame, expected: pd.DataFrame, plan: Protocol, values_by_draw: ValuesByDraw
) -> Predictive | None:
    """Predictive distribution of a published value that `not_compared` lets pass; None for a share that no endpoint
    asks for. Draws 1 and above count, or the central one where there are no others.
    """
    draws = expected_of(row, expected)
    if draws is None:
        return None
    drawn = drawn_of(row, draws)
    if drawn.empty:
        return None
    return predictive(
        drawn.to_numpy(dtype=np.float64),
        patient_error(row, visits, plan) if row.among is None else error_of_chosen(row, visits, expected),
        between(row, plan, level_of(row, expected, plan)),
        [values_by_draw[int(draw)] for draw in drawn.index],
        sign=sign_of(row, plan),
        bounds=(-1.0 if row.is_contrast else 0.0, 1.0) if row.is_responders else ANY_VALUE,
    )


def drawn_of(row: Observed, draws: pd.Series) -> pd.Series:
    """Draws that count: 1 and above, or the central one; of chosen patients those in which somebody was chosen."""
    drawn = draws[draws.index > 0] if len(draws) > 1 else draws
    return drawn if row.among is None else drawn.dropna()


def error_of_chosen(row: Observed, visits: pd.DataFrame, expected: pd.DataFrame) -> float:
    """Standard error that a trial of the published size has in a value of chosen patients.

    Of a share it is the binomial one of what is expected, with one success and one failure added, as few of the
    simulated patients are chosen; of a mean it comes from the spread between those of the first trial. Where the file
    gives no n, it is the number that were chosen there. NaN where there are fewer than two.

    Parameters
    ----------
    row : Observed
        The value.
    visits : pd.DataFrame
        Measured rows.
    expected : pd.DataFrame
        Expected means by draw.

    Returns
    -------
    float
        In the unit of the value.
    """
    variance = 0.0
    for arm in row.arms:
        values = _measured(outcomes(arm, row, visits))
        n = row.n / len(row.arms) if row.n else float(len(values))
        if row.is_responders:
            draws = expected_of(row, expected, arm)
            share = math.nan if draws is None else float(drawn_of(row, draws).mean())
            share = (share * n + 1.0) / (n + 2.0)
            variance += share * (1.0 - share) / n if n > 0.0 else math.nan
        else:
            variance += float(values.var(ddof=1)) / n if len(values) > 1 else math.nan
    return math.sqrt(variance)


def level_of(row: Observed, expected: pd.DataFrame, plan: Protocol) -> float:
    """Level of the endpoint at baseline in the centre, in its own unit, never below LEAST_LEVEL."""
    chosen = expected[
        (expected["endpoint"] == row.endpoint) & (expected["week"] == plan.weeks[0]) & (expected["measure"] == "value")
    ]
    return max(LEAST_LEVEL, float(over_draws(chosen, row.arms[0])["expected"].to_numpy()[0]))


def not_compared(row: Observed) -> str:
    """Why the model has no expected value beside a published one; empty where it may have one."""
    if row.endpoint not in ENDPOINTS or row.week is None:
        return "no prediction for this kind of value"
    # an offset of counts moves a share of patients over a threshold by an amount that is not followed
    unknown = row.measure == "share" or (row.is_responders and ENDPOINTS[row.endpoint].shifted)
    return SHARE_ONLY if unknown else ""


def joined(reason: str, note: str | None) -> str:
    """A reason with the note of the study file."""
    return "; ".join(filter(None, (reason, note)))


def expected_of(row: Observed, expected: pd.DataFrame, arm: str | None = None) -> pd.Series | None:
    """Expected value of each draw for the arm or contrast of a published value, or for one of its arms; None for a
    share that no endpoint asks for.
    """
    chosen = expected[
        (expected["endpoint"] == row.endpoint) & (expected["week"] == row.week) & (expected["measure"] == row.tabulated)
    ]
    if row.is_responders:
        chosen = chosen[chosen["threshold"] == row.threshold]
    return over_draws(chosen, *(row.arms if arm is None else (arm,)))["expected"] if len(chosen) else None


def outcomes(arm: str, row: Observed, visits: pd.DataFrame) -> FloatArray:
    """Measured outcome of the patients of an arm in replicate 0; of those who were chosen where not all are meant."""
    rows = visits[
        (visits["replicate"] == 0) & visits["assigned"] & (visits["arm"] == arm) & (visits["endpoint"] == row.endpoint)
    ]
    wide = rows.pivot(index="patient", columns="week", values="measured")
    if row.among is not None:
        wide = wide[wide.index.isin(chosen_patients(row.among, arm, visits))]
    value, baseline = (wide[week].to_numpy(dtype=np.float64) for week in (row.week, 0.0))
    rising = ENDPOINTS[row.endpoint].higher_is_better
    return measure_of(row.measure, value, baseline, row.threshold, rising=rising)


def patient_error(row: Observed, visits: pd.DataFrame, plan: Protocol) -> float:
    """Standard error that a trial of the published size has, from the spread between simulated patients; NaN where
    there are fewer than two.
    """
    first, *second = (outcomes(arm, row, visits) for arm in row.arms)
    if not second or plan.split_scalp:
        values = _measured(first - second[0] if second else first)
        return float(values.std(ddof=1)) / math.sqrt(row.n or len(values)) if len(values) > 1 else math.nan
    groups = (_measured(first), _measured(second[0]))
    return math.sqrt(sum(float(group.var(ddof=1)) / (row.n / 2.0 if row.n else len(group)) for group in groups))


def _measured(values: FloatArray) -> FloatArray:
    """Values of the patients who were measured."""
    return values[np.isfinite(values)]
