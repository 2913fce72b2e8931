"""Calculation verification: how the expected primary effect settles with patients, table step and parameter draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from anagen.analysis.complete import NO_CONTROL
from anagen.core.arrays import FloatArray
from anagen.credibility.outcome import Outcome, patient_effects, primary_of
from anagen.statistics.shares import binomial_quantile
from anagen.trials.observation import Scene
from anagen.trials.reference import expected_readings

PATIENTS = (64, 128, 256, 512)
STEPS = (1.0, 0.5, 0.25)
"""Steps of the lever tables [day]; the first is that of every run."""
STEP_PATIENTS = 128
BATCH = 64
CONFIDENCE = 0.95
TAIL = 0.05


def patient_table(scene: Scene, outcome: Outcome, sizes: Sequence[int] = PATIENTS) -> pd.DataFrame:
    """The expected effect with its Monte-Carlo standard error for growing numbers of reference patients.

    standard_error = sd of the effect between patients / sqrt(patients); the first patients of a larger number are
    those of a smaller one. `batches` is the standard deviation of the means of batches of BATCH patients, where there
    are several, scaled to the number of patients: the same error, found without any formula.

    Returns
    -------
    pd.DataFrame
        Table patients, effect, standard_error, batches.
    """
    effects = patient_effects(scene, outcome, patients=max(sizes))
    rows: list[dict[str, float]] = []
    for size in sizes:
        first = effects[:size]
        whole = first[np.isfinite(first)]
        means = [float(np.nanmean(first[i : i + BATCH])) for i in range(0, size - BATCH + 1, BATCH)]
        several = float(np.std(means, ddof=1)) * math.sqrt(BATCH / size) if len(means) > 2 else math.nan
        error = float(whole.std(ddof=1)) / math.sqrt(len(whole))
        rows.append({"patients": size, "effect": float(whole.mean()), "standard_error": error, "batches": several})
    return pd.DataFrame(rows)


def step_table(
    scene: Scene, outcome: Outcome, steps: Sequence[float] = STEPS, patients: int = STEP_PATIENTS
) -> pd.DataFrame:
    """The expected effect as the step of the lever tables is halved, with the same draws.

    Returns
    -------
    pd.DataFrame
        Table step [day], effect, change (from the step before; missing for the first), visit (largest change of any
        arm's mean of the primary endpoint at any visit; missing for the first).
    """
    rows: list[dict[str, float]] = []
    before: FloatArray | None = None
    for step in steps:
        finer = replace(scene, table_step=step)
        plan = finer.protocol
        column = [endpoint.name for endpoint in plan.endpoints].index(plan.study.endpoints.primary.endpoint)
        readings = expected_readings(finer, n_patients=patients)
        means = np.stack([np.nanmean(reading.true[:, :, column], axis=0) for reading in readings])
        of = {
            arm: float(np.nanmean(primary_of(plan, reading.expected, reading.measured)))
            for arm, reading in zip(plan.arms, readings, strict=True)
        }
        effect = of[outcome.arm] - (0.0 if outcome.control == NO_CONTROL else of[outcome.control])
        change = math.nan if not rows else effect - rows[-1]["effect"]
        visit = math.nan if before is None else float(np.abs(means - before).max())
        rows.append({"step": step, "effect": effect, "change": change, "visit": visit})
        before = means
    return pd.DataFrame(rows)


def interval_table(drawn: FloatArray) -> pd.DataFrame:
    """The 90 % interval of the effect over parameter draws for growing numbers of draws.

    Each end comes with a 95 % interval of its own from order statistics, free of any distribution: the number of draws
    below the true quantile is binomial. Where there are too few draws the interval is open and its end missing.

    Parameters
    ----------
    drawn : FloatArray
        Effects of draws 1, 2, ..., shape [draw].

    Returns
    -------
    pd.DataFrame
        Table draws, low, low_from, low_to, high, high_from, high_to.
    """
    sizes = sorted({size for size in (len(drawn) // 4, len(drawn) // 2, len(drawn)) if size >= 5})
    rows: list[dict[str, float]] = []
    for size in sizes:
        ordered = np.sort(drawn[:size])
        low, high = (float(q) for q in np.quantile(ordered, [TAIL, 1.0 - TAIL]))
        row: dict[str, float] = {"draws": size, "low": low, "high": high}
        for name, share in (("low", TAIL), ("high", 1.0 - TAIL)):
            row[f"{name}_from"], row[f"{name}_to"] = order_interval(ordered, share)
        rows.append(row)
    columns = ["draws", "low", "low_from", "low_to", "high", "high_from", "high_to"]
    return pd.DataFrame(rows, columns=columns)


def order_interval(ordered: FloatArray, share: float) -> tuple[float, float]:
    """Interval of 95 % for a quantile from sorted draws; an end is missing where no draw is low or high enough.

    With n draws the number below the quantile is binomial(n, share), so that the quantile lies between the l-th and the
    u-th smallest with l and u its 2.5 and 97.5 % quantiles.

    References
    ----------
    .. [1] Conover 1999, Practical Nonparametric Statistics, section 3.2.

    Examples
    --------
    >>> order_interval(np.arange(1.0, 101.0), 0.5)
    (40.0, 61.0)
    """
    n, tail = len(ordered), (1.0 - CONFIDENCE) / 2.0
    lower = int(binomial_quantile(tail, n, share))
    upper = int(binomial_quantile(1.0 - tail, n, share)) + 1
    return (
        float(ordered[lower - 1]) if lower >= 1 else math.nan,
        float(ordered[upper - 1]) if upper <= n else math.nan,
    )
