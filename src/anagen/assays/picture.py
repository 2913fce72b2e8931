"""Pictures of a fitted assay: every row with what was expected of it before and after."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from anagen.reports import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_SHOWN = 48
ROW, HEAD, FOOT = 0.23, 0.3, 0.42
LABELS = 2.9
POSTERIOR = style.PALETTE[0]
UNITS = {"fold": "times untreated", "level": "level, 0 to 1"}


def draw_rows(table: pd.DataFrame) -> Figure:
    """Measured values over bands of the prior and posterior predictive, one panel for each readout.

    Parameters
    ----------
    table : pd.DataFrame
        `tables.predictive_table`; the first MOST_SHOWN rows are drawn.
    """
    shown = table.head(MOST_SHOWN)
    panels = list(shown.groupby(["readout", "scale"], sort=False))
    words = style.heading(
        "What was measured, and what the network expects of it",
        "Black: measured, with its standard error. Grey: 90 % of repetitions before the assay was seen, blue: after; "
        "ticks: medians.",
    )
    height = sum(len(rows) * ROW + HEAD + FOOT for _, rows in panels)
    figure = style.new_figure(style.WIDTH, words.height + height)
    style.draw_heading(figure, words)
    top = words.height
    for (readout, scale), rows in panels:
        axes = style.inch_axes(figure, LABELS, top + HEAD, style.WIDTH - LABELS - 0.3, len(rows) * ROW)
        places = np.arange(len(rows))
        for name, colour, wide in (("prior", style.RULE, 7.0), ("posterior", POSTERIOR, 3.0)):
            low, middle, high = (rows[f"{name}_{end}"].to_numpy() for end in ("low90", "median", "high90"))
            axes.hlines(places, low, high, color=colour, linewidth=wide)
            axes.vlines(
                middle, places - 0.32, places + 0.32, color=colour if name == "posterior" else style.MUTED, lw=1.2
            )
        axes.errorbar(
            rows["value"], places, xerr=rows["error"], fmt="o", color=style.INK, markersize=3.2, linewidth=1.0, zorder=5
        )
        labels = [_label(row) for row in rows.to_dict(orient="records")]
        axes.set_yticks(places, [style.shorten(text, LABELS - 0.15, style.SMALL_SIZE) for text in labels])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x")
        title = str(readout).replace("_", " ") if str(readout).islower() else str(readout)
        axes.set_title(f"{title}, {UNITS[str(scale)]}", fontsize=style.SMALL_SIZE, loc="left", pad=3)
        top += len(rows) * ROW + HEAD + FOOT
    return figure


def _label(row: Mapping[Hashable, Any]) -> str:
    """A row's inputs, condition and time."""
    day = row["day"]
    hours = f"{float(day) * 24.0:g} h, " if isinstance(day, float) and day == day else ""
    return f"{hours}{str(row['condition']).replace('_', ' ')}: {row['given']}"
