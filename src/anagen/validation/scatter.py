"""Predicted against observed as a scatter: every published value beside the middle of its prediction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.reports import style
from anagen.reports.numbers import NBSP
from anagen.reports.wording import pretty_unit
from anagen.validation.scores import counted

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, SIDE, LEFT = 4.4, 3.55, 0.7
MANY = 40
"""Values from which intervals are drawn faintly."""
FEW = 12
"""Values up to which the axes hold whole intervals."""


def draw_scatter(rows: pd.DataFrame, unit: str) -> Figure:
    """Published values of one unit against the middle and the 90 % interval of their predictions.

    Parameters
    ----------
    rows : pd.DataFrame
        Scores of one unit, not empty; see `scores.score_samples`.
    unit : str
        As in the table.

    Returns
    -------
    Figure
        Blue circles lie inside, orange triangles outside, hollow grey circles are excluded by their file.
    """
    scale, words_of_unit = (100.0, "% of patients") if unit == "share" else (1.0, pretty_unit(unit))
    kept = counted(rows)
    inside = int(kept["inside90"].astype(bool).sum())
    lie = "value lies inside its" if len(kept) == 1 else "values lie inside their"
    words = style.heading(
        f"{inside} of {len(kept)} published {lie} 90 % predictive interval",
        "Blue circle: inside; orange triangle: outside; hollow: excluded by its file. Upright line: the interval. "
        "On the slanting line prediction and publication agree.",
        WIDTH,
    )
    figure = style.new_figure(WIDTH, words.height + SIDE + 0.55)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, LEFT, words.height + 0.05, WIDTH - LEFT - style.MARGIN, SIDE)
    columns = rows[["observed", "predicted", "low90", "high90"]].to_numpy(dtype=np.float64) * scale
    # few intervals are shown whole; many would press the points together
    shown = columns if len(rows) <= FEW else columns[:, :2]
    ends = shown.min(), shown.max()
    edge = 0.06 * (ends[1] - ends[0]) or 1.0
    low, high = ends[0] - edge, ends[1] + edge
    axes.plot([low, high], [low, high], color=style.MUTED, linewidth=0.9, zorder=1)
    excluded = (rows["use"] == "exclude").to_numpy()
    within = rows["inside90"].astype(bool).to_numpy()
    faint = 0.18 if len(rows) > MANY else 0.45
    for chosen, colour, marker, hollow in (
        (within & ~excluded, style.INSIDE, "o", False),
        (~within & ~excluded, style.OUTSIDE, "^", False),
        (excluded, "#8A8A8A", "o", True),
    ):
        part = columns[chosen]
        axes.vlines(part[:, 0], part[:, 2], part[:, 3], color=colour, alpha=faint, linewidth=1.1, zorder=2)
        axes.plot(
            part[:, 0], part[:, 1], marker, color=colour, markersize=5.0, linestyle="none", zorder=3,
            markerfacecolor=style.PAPER if hollow else colour, alpha=0.85,
        )  # fmt: skip
    axes.set_xlim(low, high)
    axes.set_ylim(low, high)
    axes.set_xlabel(f"published [{words_of_unit}]".replace(" [] ", ""))
    axes.set_ylabel(f"predicted [{words_of_unit}]".replace(" [] ", ""))
    axes.grid()
    return figure


def scatter_alt(rows: pd.DataFrame, unit: str) -> str:
    """Text alternative of the picture.

    Parameters
    ----------
    rows : pd.DataFrame
        As drawn.
    unit : str
        As in the table.

    Returns
    -------
    str
        How many values lie inside, and the largest misses.
    """
    kept = counted(rows)
    inside = int(kept["inside90"].astype(bool).sum())
    out = kept[~kept["inside90"].astype(bool)]
    missed = f" Outside: {', '.join(sorted(set(out['study'])))}." if len(out) else ""
    return (
        f"Published values against predictions in {pretty_unit(unit) or 'no unit'}: {inside} of {len(kept)} inside the "
        f"90{NBSP}% predictive interval.{missed}"
    )
