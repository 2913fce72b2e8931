"""What is made of an endpoint's readings, by name, and how it is compared between arms."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

RESPONDERS: Mapping[str, str] = MappingProxyType(
    {"responder": "change", "responder_percent": "percent_change", "responder_value": "value"}
)
"""Measure that counts responders -> the measure that its threshold is compared with."""
PER_CENT = "percent_change"
"""Measure that nobody has who had nothing at baseline."""
PAIRWISE = "Every contrast is an analysis of its two arms alone: no other enters its error or its slope on baseline."
"""How a trial with more than two arms is analysed."""


def how_compared(arms: int, method: str = "ancova") -> str:
    """How the contrasts of a trial with so many arms are made, in a sentence; empty for up to two, or for one model.

    Examples
    --------
    >>> how_compared(2), how_compared(3)[:46], how_compared(3, "mmrm")
    ('', 'Every contrast is an analysis of its two arms ', '')
    """
    return PAIRWISE if arms > 2 and method == "ancova" else ""


def two_sided_level(analysis: Mapping[str, object]) -> float:
    """Level of intervals and two-sided p values, from a study's analysis as plain data.

    Examples
    --------
    >>> two_sided_level({"alpha": 0.025, "sided": 1}), two_sided_level({})
    (0.05, 0.05)
    """
    alpha = analysis.get("alpha")
    level = float(alpha) if isinstance(alpha, int | float) else 0.05
    return 2.0 * level if analysis.get("sided") == 1 else level
