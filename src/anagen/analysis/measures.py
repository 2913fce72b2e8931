"""What is compared: change, percentage change, value, or response, per patient."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray

MEASURES = ("change", "percent_change", "value", "responder")
TABULATED = ("change", "percent_change", "value")
"""Measures tabulated for every endpoint and week; a responder needs a threshold of its own."""


def measure_of(measure: str, value: FloatArray, baseline: FloatArray, threshold: float | None = None) -> FloatArray:
    """A measure per patient; missing stays missing.

    change: value - baseline; percent_change: 100 (value - baseline) / baseline, missing where the baseline is 0;
    value: as it is; responder: 1 where the change reaches `threshold` (falls to it, for a negative threshold), else
    0.

    Raises:
        ValueError: for another measure, or a responder without a threshold.

    Example:
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
    if measure == "responder":
        if threshold is None:
            raise ValueError("a responder needs a threshold")
        reached = change >= threshold if threshold >= 0.0 else change <= threshold
        return np.where(np.isnan(change), np.nan, reached.astype(np.float64))
    raise ValueError(f"measure {measure!r} is not one of {', '.join(MEASURES)}")
