"""Predicted against observed: what a study published beside what the model expects of a trial of that size.

    predictive = expected mean of a parameter draw + patient error + study offset

Patient error is the standard error of a trial with as many patients as the publication had; the study offset enters
the mean
of an arm and cancels in a contrast.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri

from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray
from anagen.evidence.events import compare_event
from anagen.results.schema import RESPONDERS, TABLES
from anagen.scalp import ENDPOINTS
from anagen.trials.protocol import Protocol
from anagen.trials.study.models import Observed

COMPARISON_COLUMNS = tuple(column.name for column in TABLES["comparison"].columns)
SHARE_ONLY = "shares of responders are compared only as a trial endpoint"
NOISE_QUANTILES = ndtri((np.arange(99) + 0.5) / 99.0)


def comparison_table(
    visits: pd.DataFrame,
    expected: pd.DataFrame,
    plan: Protocol,
    *,
    study_offset: float,
    expected_events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """One row per published value of the study.

    Args:
        visits: measured rows. expected: expected means by draw. plan: the study. study_offset: SD between studies
        [hairs/cm2]. expected_events: expected shares of adverse events by draw; None where they are not compared.

    Returns:
        Table with COMPARISON_COLUMNS; `comparable` is False, with a remark, where the model has no such value.
    """
    rows = [
        {**compare_row(row, visits, expected, plan, study_offset), **compare_event(row, expected_events, plan)}
        for row in plan.study.observed
    ]
    return pd.DataFrame(rows, columns=list(COMPARISON_COLUMNS))


def compare_row(
    row: Observed, visits: pd.DataFrame, expected: pd.DataFrame, plan: Protocol, study_offset: float
) -> dict[str, Any]:
    """One published value against its prediction."""
    subject = row.arm if row.arm is not None else " - ".join(row.contrast or ())
    value = row.mean if row.mean is not None else row.median
    base: dict[str, Any] = {
        "subject": subject,
        "endpoint": row.endpoint,
        "week": row.week,
        "measure": row.measure,
        "observed": value,
        "observed_se": standard_error(row),
        "observed_n": row.n,
        "source": row.source,
        "read": row.read,
        "predicted": math.nan,
        "se_patients": math.nan,
        "sd_parameters": math.nan,
        "sd_study": math.nan,
        "low90": math.nan,
        "high90": math.nan,
        "inside": pd.NA,
        "z": math.nan,
        "comparable": False,
        "remark": row.note or "",
    }
    why = not_compared(row)
    draws = None if why else expected_of(row, expected)
    if draws is None or value is None:
        return base | {"remark": joined(why or SHARE_ONLY, row.note)}
    central = float(draws[draws.index == 0].iloc[0])
    drawn = draws[draws.index > 0].to_numpy(dtype=np.float64)
    drawn = drawn if len(drawn) else np.array([central])
    patients = patient_error(row, visits, plan)
    study = 0.0 if row.contrast is not None else study_sd(row, visits, study_offset)
    noise = math.hypot(patients, study)
    spread = (drawn[:, None] + noise * NOISE_QUANTILES[None, :]).ravel()
    if row.measure in RESPONDERS:
        spread = np.clip(spread, 0.0 if row.contrast is None else -1.0, 1.0)
    low, high = (float(q) for q in np.quantile(spread, [0.05, 0.95]))
    predicted = float(np.median(drawn))
    sd_parameters = float(drawn.std(ddof=1)) if len(drawn) > 1 else 0.0
    remark = joined("the publication gives a median", row.note) if row.mean is None else (row.note or "")
    return base | {
        "predicted": predicted,
        "se_patients": patients,
        "sd_parameters": sd_parameters,
        "sd_study": study,
        "low90": low,
        "high90": high,
        "inside": bool(low <= value <= high),
        "z": (value - predicted) / math.hypot(noise, sd_parameters),
        "comparable": True,
        "remark": remark,
    }


def not_compared(row: Observed) -> str:
    """Why the model has no expected value beside a published one; empty where it may have one."""
    if row.endpoint not in ENDPOINTS or row.week is None or (row.mean is None and row.median is None):
        return "no prediction for this kind of value"
    # an offset of counts moves a share of patients over a threshold by an amount that is not followed
    unknown = row.measure == "share" or (row.measure in RESPONDERS and ENDPOINTS[row.endpoint].shifted)
    return SHARE_ONLY if unknown else ""


def joined(reason: str, note: str | None) -> str:
    """A reason with the note of the study file."""
    return reason if not note else f"{reason}; {note}"


def standard_error(row: Observed) -> float:
    """Standard error as printed, or from sd and n, or from a 95 % interval; missing where none was printed."""
    if row.se is not None:
        return row.se
    if row.sd is not None and row.n is not None:
        return row.sd / math.sqrt(row.n)
    if row.ci is not None:
        return (row.ci[1] - row.ci[0]) / (2.0 * 1.959964)
    return math.nan


def expected_of(row: Observed, expected: pd.DataFrame) -> pd.Series | None:
    """Expected value of each draw for the arm or contrast of a published value; None for a share that no endpoint asks
    for.
    """
    chosen = expected[
        (expected["endpoint"] == row.endpoint) & (expected["week"] == row.week) & (expected["measure"] == row.measure)
    ]
    if row.measure in RESPONDERS:
        chosen = chosen[chosen["threshold"] == row.threshold]
    if not len(chosen):
        return None
    wide = chosen.pivot(index="draw", columns="arm", values="expected")
    if row.arm is not None:
        return wide[row.arm]
    assert row.contrast is not None
    return wide[row.contrast[0]] - wide[row.contrast[1]]


def outcomes(arm: str, row: Observed, visits: pd.DataFrame) -> FloatArray:
    """Measured outcome of the patients of an arm in replicate 0."""
    rows = visits[
        (visits["replicate"] == 0) & visits["assigned"] & (visits["arm"] == arm) & (visits["endpoint"] == row.endpoint)
    ]
    wide = rows.pivot(index="patient", columns="week", values="measured")
    value, baseline = (wide[week].to_numpy(dtype=np.float64) for week in (row.week, 0.0))
    rising = ENDPOINTS[row.endpoint].higher_is_better
    return measure_of(row.measure, value, baseline, row.threshold, rising=rising)


def patient_error(row: Observed, visits: pd.DataFrame, plan: Protocol) -> float:
    """Standard error that a trial of the published size has, from the spread between simulated patients."""
    if row.arm is not None:
        values = outcomes(row.arm, row, visits)
        whole = values[np.isfinite(values)]
        return float(whole.std(ddof=1)) / math.sqrt(row.n or len(whole)) if len(whole) > 1 else math.nan
    assert row.contrast is not None
    first, second = (outcomes(arm, row, visits) for arm in row.contrast)
    if plan.split_scalp:
        whole = (first - second)[np.isfinite(first - second)]
        return float(whole.std(ddof=1)) / math.sqrt(row.n or len(whole)) if len(whole) > 1 else math.nan
    variances = 0.0
    for values in (first, second):
        whole = values[np.isfinite(values)]
        variances += float(whole.var(ddof=1)) / ((row.n / 2.0) if row.n else len(whole))
    return math.sqrt(variances)


def study_sd(row: Observed, visits: pd.DataFrame, study_offset: float) -> float:
    """SD between studies of an arm's mean, in the unit of the measure; zero for what an offset of counts does not
    reach.
    """
    endpoint = ENDPOINTS[row.endpoint]
    if not endpoint.shifted or row.week == 0.0:
        return 0.0
    rows = visits[
        (visits["replicate"] == 0) & visits["assigned"] & (visits["arm"] == row.arm) & (visits["week"] == 0.0)
    ]
    level = float(rows[rows["endpoint"] == row.endpoint]["measured"].mean())
    if row.measure == "percent_change":
        return 100.0 * study_offset / level
    if row.measure in RESPONDERS:
        # how far an offset moves a share depends on how many lie near the threshold: not modelled
        return 0.0
    return study_offset
