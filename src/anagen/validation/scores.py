"""Scores of predictions: intervals, their coverage, errors and the continuous ranked probability score.

References
----------
.. [1] Gneiting & Raftery 2007, doi:10.1198/016214506000001437.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.evidence.predictive import crps, quantiles
from anagen.statistics.shares import wilson

Key = tuple[str, int]
ALL = "all"
GROUPS = ("unit", "kind", "endpoint", "therapies", "use")
"""Columns by which totals are told apart, beside that over everything."""
SCORES = ("predicted", "low50", "high50", "low90", "high90", "inside50", "inside90", "z", "pit", "crps")
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
KINDS = ("drug", "procedure")


def score_samples(rows: pd.DataFrame, samples: Mapping[Key, FloatArray]) -> pd.DataFrame:
    """Rows with the scores of their predictive samples.

    Parameters
    ----------
    rows : pd.DataFrame
        Published values with columns study, row, observed and slack (see `cases.facts`).
    samples : Mapping[Key, FloatArray]
        Equally likely values by (study, row), random or quantiles; a row without samples is not comparable.

    Returns
    -------
    pd.DataFrame
        The rows with columns comparable and SCORES: median, central intervals, whether they hold the value, distance in
        standard deviations, the share of samples below the value (PIT), and CRPS in the unit of the value.

    Examples
    --------
    >>> rows = pd.DataFrame({"study": ["a"], "row": [0], "observed": [1.0], "slack": [0.0]})
    >>> score_samples(rows, {("a", 0): np.arange(0.5, 5.0)})[["predicted", "inside50", "pit"]].values.tolist()
    [[2.5, False, 0.2]]
    """
    keys = zip(rows["study"].astype(str), rows["row"].astype(int), strict=True)
    values = zip(rows["observed"].astype(float), rows["slack"].astype(float), strict=True)
    scores = [_scored(value, samples.get(key), slack) for key, (value, slack) in zip(keys, values, strict=True)]
    scored = pd.DataFrame(scores, index=rows.index, columns=["comparable", *SCORES])
    for name in ("inside50", "inside90"):
        scored[name] = scored[name].astype("boolean")
    return pd.concat([rows, scored], axis=1)


def _scored(value: float, samples: FloatArray | None, slack: float) -> dict[str, Any]:
    if samples is None or not np.isfinite(samples).all() or not math.isfinite(value):
        return {"comparable": False} | dict.fromkeys(SCORES, math.nan) | {"inside50": pd.NA, "inside90": pd.NA}
    low90, low50, centre, high50, high90 = (float(q) for q in quantiles(samples, LEVELS))
    sd = float(samples.std())
    return {
        "comparable": True,
        "predicted": centre,
        **intervals(value, low50, high50, low90, high90, slack),
        "z": (value - centre) / sd if sd > 0.0 else math.nan,
        "pit": float((samples < value).mean() + 0.5 * (samples == value).mean()),
        "crps": crps(samples, value),
    }


def score_normal(value: float, centre: float, sd: float) -> dict[str, Any]:
    """The same scores for a Normal prediction.

    CRPS = sd (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)), z = (value - centre) / sd

    Examples
    --------
    >>> scores = score_normal(0.0, 0.0, 1.0)
    >>> round(scores["crps"], 4), scores["inside50"], round(scores["high90"], 3)
    (0.2337, True, 1.645)
    """
    from scipy.special import ndtr, ndtri

    low90, low50, _, high50, high90 = (centre + sd * float(ndtri(level)) for level in LEVELS)
    z = (value - centre) / sd
    density = math.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return {
        "predicted": centre,
        **intervals(value, low50, high50, low90, high90, 0.0),
        "z": z,
        "pit": float(ndtr(z)),
        "crps": sd * (z * (2.0 * float(ndtr(z)) - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi)),
    }


def intervals(
    value: float, low50: float, high50: float, low90: float, high90: float, slack: float
) -> dict[str, float | bool]:
    """Two intervals and whether they hold a value; `slack` further out still counts as inside."""
    return {
        "low50": low50,
        "high50": high50,
        "low90": low90,
        "high90": high90,
        "inside50": low50 - slack <= value <= high50 + slack,
        "inside90": low90 - slack <= value <= high90 + slack,
    }


def counted(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows that totals count: predicted, as published, and not excluded by their file."""
    return rows[rows["comparable"].astype(bool) & (rows["use"] != "exclude") & ~rows["derived"].astype(bool)]


def totals(rows: pd.DataFrame) -> pd.DataFrame:
    """Coverage and errors over all rows, and by each of GROUPS.

    Returns
    -------
    pd.DataFrame
        One row per group: by, group, n, coverage of both intervals with Wilson limits and, where the group has one unit
        only, that unit with median absolute error, mean error (predicted - observed), root mean square error and mean
        CRPS; errors of several units do not add up and are missing.
    """
    kept = counted(rows)
    records = [{"by": ALL, "group": ALL, **total(kept)}]
    for by in GROUPS:
        for group, part in kept.groupby(by, sort=True):
            records.append({"by": by, "group": str(group), **total(part)})
            if by != "unit" and part["unit"].nunique() > 1:
                inner = part.groupby("unit", sort=True)
                records += [{"by": by, "group": str(group), **total(piece)} for _, piece in inner]
    return pd.DataFrame(records)


def total(rows: pd.DataFrame) -> dict[str, Any]:
    """Coverage and errors of some rows."""
    n = len(rows)
    units = rows["unit"].unique()
    summary: dict[str, Any] = {"unit": str(units[0]) if len(units) == 1 else "several" if n else "", "n": n}
    for level, column in ((50, "inside50"), (90, "inside90")):
        inside = int(rows[column].astype(bool).sum())
        low, high = (float(end) for end in wilson(inside, n, 0.05))
        summary |= {
            f"inside{level}": inside,
            f"coverage{level}": inside / n if n else math.nan,
            f"coverage{level}_low": low,
            f"coverage{level}_high": high,
        }
    if len(units) != 1:
        return summary | dict.fromkeys(("median_absolute_error", "bias", "rmse", "crps"), math.nan)
    error = rows["predicted"].to_numpy(dtype=np.float64) - rows["observed"].to_numpy(dtype=np.float64)
    return summary | {
        "median_absolute_error": float(np.median(np.abs(error))),
        "bias": float(error.mean()),
        "rmse": math.sqrt(float((error**2).mean())),
        "crps": float(rows["crps"].mean()),
    }


def net_change(rows: pd.DataFrame) -> pd.DataFrame:
    """The target figure: errors of net changes in hair density [hairs/cm2] at weeks 16 to 52, drugs and procedures.

    A net change is that of a treated arm over its control, as a contrast was printed or, where only arms were, as their
    difference.
    """
    kept = rows[rows["net"].astype(bool) & rows["comparable"].astype(bool)]
    parts = [("both", kept), *((kind, kept[kept["kind"] == kind]) for kind in KINDS)]
    return pd.DataFrame([{"kind": kind, "studies": part["study"].nunique(), **total(part)} for kind, part in parts])
