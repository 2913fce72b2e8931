"""Predicted against observed: the share of patients with an adverse event.

The predictive interval mixes binomial counts of the published size over the parameter draws. How much studies differ in
what they ask for and record is not in it, beyond the wide priors of the rates.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.evidence.predictive import judged
from anagen.statistics.shares import binomial_quantile
from anagen.study.observed import Observed
from anagen.study.vocabulary import ADVERSE_EVENT
from anagen.trials.protocol import Protocol

LEVELS = (np.arange(99) + 0.5) / 99.0


def compare_event(row: Observed, expected: pd.DataFrame | None, plan: Protocol) -> dict[str, Any]:
    """Columns of a comparison that an adverse event fills; none for anything else.

    Parameters
    ----------
    row : Observed
        Published value.
    expected : pd.DataFrame | None
        Expected shares by draw, arm, event and week, or None.
    plan : Protocol
        The study.

    Returns
    -------
    dict[str, Any]
        By column; a remark alone where no rate of the event is known.
    """
    if expected is None or not row.is_event:
        return {}
    value = row.value
    chosen = chosen_event(row, expected, plan)
    if chosen.empty:
        return {"remark": "; ".join(filter(None, ("no rate of this event is known for these arms", row.note)))}
    shares, sizes = shares_and_sizes(row, chosen, plan)
    predicted = shares[0] if len(shares) == 1 else shares[0] - shares[1]
    centre = float(np.median(predicted))
    variances = [float(np.median(p * (1.0 - p))) / size for p, size in zip(shares, sizes, strict=True)]
    patients = math.sqrt(sum(variances))
    parameters = float(predicted.std(ddof=1)) if len(predicted) > 1 else 0.0
    total = math.hypot(patients, parameters)
    observed_error = (
        {"observed_se": math.sqrt(value * (1.0 - value) / row.n)} if row.arm and row.n and row.se is None else {}
    )
    return {
        **observed_error,
        "predicted": centre,
        "se_patients": patients,
        "sd_parameters": parameters,
        "sd_study": 0.0,
        "sd_gain": 0.0,
        "bias": 0.0,
        # printed shares are rounded; half a patient does not decide
        **judged(predictive(shares, sizes), value, slack=0.5 / sizes[0]),
        "z": (value - centre) / total if total > 0.0 else math.nan,
        "comparable": True,
        "remark": row.note or "",
    }


def event_samples(row: Observed, expected: pd.DataFrame, plan: Protocol) -> FloatArray | None:
    """Equally likely shares that a trial of the published size would see; None where no rate of the event is known.

    Parameters
    ----------
    row : Observed
        Published share.
    expected : pd.DataFrame
        As for `compare_event`.
    plan : Protocol
        The study.
    """
    chosen = chosen_event(row, expected, plan)
    return None if chosen.empty else predictive(*shares_and_sizes(row, chosen, plan))


def chosen_event(row: Observed, expected: pd.DataFrame, plan: Protocol) -> pd.DataFrame:
    """Expected shares of the event of a published value in its week, or by the last visit."""
    week = float(plan.weeks[-1]) if row.week is None else row.week
    return expected[(expected["event"] == row.endpoint.removeprefix(ADVERSE_EVENT)) & (expected["week"] == week)]


def shares_and_sizes(row: Observed, chosen: pd.DataFrame, plan: Protocol) -> tuple[list[FloatArray], list[int]]:
    """Expected shares of each draw, and patients, of the arm or of the two arms of a contrast."""
    wide = chosen.pivot(index="draw", columns="arm", values="share")
    drawn = wide[wide.index > 0] if len(wide) > 1 else wide
    planned = dict(zip(plan.arms, plan.sizes, strict=True))
    sizes = [planned[arm] if row.n is None else max(1, round(row.n / len(row.arms))) for arm in row.arms]
    return [drawn[arm].to_numpy(dtype=np.float64) for arm in row.arms], sizes


def predictive(shares: list[FloatArray], sizes: list[int]) -> FloatArray:
    """Shares that trials of these sizes would see: binomial quantiles of every parameter draw, or their differences.

    Parameters
    ----------
    shares : list[FloatArray]
        Expected share of each draw, for one arm or two.
    sizes : list[int]
        Patients of each arm.

    Examples
    --------
    >>> float(np.median(predictive([np.array([0.5])], [100])))
    0.5
    """
    counts = [
        binomial_quantile(LEVELS[None, :], size, share[:, None]) / size
        for share, size in zip(shares, sizes, strict=True)
    ]
    if len(counts) == 1:
        return counts[0].ravel()
    # the arms are independent: every quantile of one meets every quantile of the other
    return (counts[0][:, :, None] - counts[1][:, None, :]).ravel()
