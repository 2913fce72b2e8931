"""What is compared: change, percentage change, value, or response, per patient."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.measures import RESPONDERS

MEASURES = ("change", "percent_change", "value", *RESPONDERS)
TABULATED = ("change", "percent_change", "value")
"""Measures tabulated for every endpoint and week; a responder needs a threshold of its own."""


def measure_of(
    measure: str, value: FloatArray, baseline: FloatArray, threshold: float | None = None, *, rising: bool = True
) -> FloatArray:
    """A measure per patient; missing stays missing.

    change: value - baseline; percent_change: 100 (value - baseline) / baseline, missing where the baseline is 0;
    value: as it is; responder and responder_percent: 1 where the change, or percentage change, reaches `threshold`
    (falls to it, for a negative threshold), else 0; responder_value: 1 where the value lies at or above the threshold,
    or at or below it where a fall is wanted (`rising` False).

    Raises
    ------
    ValueError
        For another measure, or a responder without a threshold.

    Examples
    --------
    >>> measure_of("percent_change", np.array([110.0]), np.array([100.0])).tolist()
    [10.0]
    """
    change = value - baseline
    if measure == "change":
        return change
    if measure == "value":
        return value
    if measure == "percent_change":
        return np.divide(100.0 * change, baseline, out=np.full_like(change, np.nan), where=baseline > 0.0)
    if measure in RESPONDERS:
        if threshold is None:
            raise ValueError("a responder needs a threshold")
        judged = measure_of(RESPONDERS[measure], value, baseline)
        upwards = rising if measure == "responder_value" else threshold >= 0.0
        reached = judged >= threshold if upwards else judged <= threshold
        return np.where(np.isnan(judged), np.nan, reached.astype(np.float64))
    raise ValueError(f"measure {measure!r} is not one of {', '.join(MEASURES)}")
