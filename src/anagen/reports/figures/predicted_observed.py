"""Predicted against observed: the published value with its standard error beside the 90 % predictive interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.reports import style
from anagen.reports.numbers import NBSP, is_number
from anagen.reports.wording import (
    EndpointName,
    lower_first,
    measure_scale,
    measure_unit,
    measure_words,
    name_of,
    subject_text,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

VERDICTS = ("inside", "outside", "not compared")


def comparison_data(comparison: pd.DataFrame) -> pd.DataFrame:
    """Rows that have both an observed and a predicted number, with a verdict each.

    Returns
    -------
    pd.DataFrame
        Frame with columns subject, endpoint, week, measure, observed, observed_se, predicted, low90, high90 and
        verdict, one of "inside", "outside" (of the 90 % predictive interval) and "not compared", which values that the
        study file excludes are too.
    """
    columns = ["subject", "endpoint", "week", "measure", "observed", "observed_se", "predicted", "low90", "high90"]
    rows = comparison.loc[
        [is_number(o) and is_number(p) for o, p in zip(comparison["observed"], comparison["predicted"], strict=True)]
    ]
    table = rows[columns].reset_index(drop=True)
    verdicts: list[str] = []
    for comparable, inside, use in zip(rows["comparable"], rows["inside"], rows["use"], strict=True):
        known = not pd.isna(comparable) and bool(comparable) and not pd.isna(inside) and use != "exclude"
        verdicts.append(("inside" if bool(inside) else "outside") if known else "not compared")
    table["verdict"] = verdicts
    return table


def verdict_counts(data: pd.DataFrame) -> dict[str, int]:
    """Number of rows by verdict."""
    return {verdict: int((data["verdict"] == verdict).sum()) for verdict in VERDICTS}


def comparison_title(data: pd.DataFrame) -> str:
    """Title: how many published values the predictions hold."""
    counts = verdict_counts(data)
    compared = counts["inside"] + counts["outside"]
    if not compared:
        return "Published values beside the predictions; none can be compared directly"
    noun = "value lies" if compared == 1 else "values lie"
    return f"{counts['inside']} of {compared} published {noun} inside the 90 % predictive interval"


def comparison_alt(data: pd.DataFrame, names: Mapping[str, EndpointName]) -> str:
    """Text alternative: observed and predicted value of every row."""
    sentences = []
    for _, row in data.iterrows():
        scale = measure_scale(str(row["measure"]))
        title = lower_first(name_of(str(row["endpoint"]), names).title)
        sentences.append(
            f"{subject_text(row['subject'])}, {title}{_week_text(row['week'])}: observed "
            f"{row['observed'] * scale:.3g}, predicted {row['predicted'] * scale:.3g}, {row['verdict']}"
        )
    return "Published values against predictions. " + ". ".join(sentences) + "."


def _week_text(week: object) -> str:
    return f", week{NBSP}{float(week):g}" if is_number(week) else ""  # type: ignore[arg-type]


def comparison_figure(
    data: pd.DataFrame,
    names: Mapping[str, EndpointName],
    thresholds: Mapping[tuple[str, str], float] | None = None,
) -> Figure:
    """One panel per endpoint and measure, one line per published value.

    Parameters
    ----------
    data : pd.DataFrame
        From `comparison_data`, not empty.
    names : Mapping[str, EndpointName]
        Endpoint -> its printed name.
    thresholds : Mapping[tuple[str, str], float], optional
        Endpoint and measure -> threshold of a share of patients.
    """
    words = style.heading(
        comparison_title(data),
        "Dot: published value with one standard error (a bare dot has none). Bar: 90 % predictive interval, its tick "
        "the prediction. Blue: inside; orange: outside; grey: not compared (the table says why).",
    )
    panels = list(data.groupby(["endpoint", "measure"], sort=False, dropna=False))
    titled, below, per_row = 0.27, 0.5, 0.27
    texts = [_row_text(row) for _, row in data.iterrows()]
    left = style.MARGIN + 0.15 + min(2.3, max(style.text_width(text, style.SMALL_SIZE) for text in texts))
    labels = [[_row_label(row, left) for _, row in group.iterrows()] for _, group in panels]
    heights = [titled + below + sum(_row_height(lines, per_row) for lines in panel_labels) for panel_labels in labels]
    figure = style.new_figure(style.WIDTH, words.height + sum(heights) + 0.02)
    style.draw_heading(figure, words)
    top = words.height
    for ((endpoint, measure), group), panel_labels, height in zip(panels, labels, heights, strict=True):
        name = name_of(str(endpoint), names)
        limit = (thresholds or {}).get((str(endpoint), str(measure)))
        title = f"{name.title}, {measure_words(str(measure), limit, name)}"
        room = style.WIDTH - 2 * style.MARGIN
        style.inch_text(figure, style.MARGIN, top, style.shorten(title, room, weight="bold"), fontweight="bold")
        axes = style.inch_axes(figure, left, top + titled, style.WIDTH - left - 0.2, height - titled - below)
        _draw_rows(figure, axes, group, panel_labels, top + titled, per_row, measure_scale(str(measure)))
        unit = measure_unit(str(measure), name.unit, difference=False)
        axes.set_xlabel(unit or "value", fontsize=style.SMALL_SIZE)
        top += height
    return figure


def _row_text(row: pd.Series) -> str:
    return f"{subject_text(row['subject'])}{_week_text(row['week'])}"


def _row_label(row: pd.Series, left: float) -> list[str]:
    lines = style.wrap_text(_row_text(row), left - style.MARGIN - 0.12, style.SMALL_SIZE)
    return lines if len(lines) <= 3 else [*lines[:2], style.shorten(" ".join(lines[2:]), left - 0.3, style.SMALL_SIZE)]


def _row_height(lines: list[str], per_row: float) -> float:
    return max(per_row, len(lines) * style.line_height(style.SMALL_SIZE) + 0.1)


def _draw_rows(
    figure: Figure, axes: Axes, group: pd.DataFrame, labels: list[list[str]], top: float, per_row: float, scale: float
) -> None:
    colours = {"inside": style.INSIDE, "outside": style.OUTSIDE, "not compared": "#8A8A8A"}
    total = sum(_row_height(lines, per_row) for lines in labels)
    used = 0.0
    for (_, row), lines in zip(group.iterrows(), labels, strict=True):
        tall = _row_height(lines, per_row)
        y = total - used - tall / 2
        colour = colours[row["verdict"]]
        if is_number(row["low90"]) and is_number(row["high90"]):
            axes.plot(
                np.array([row["low90"], row["high90"]]) * scale,
                [y, y],
                color=colour,
                alpha=0.3,
                linewidth=8,
                solid_capstyle="butt",
                zorder=1,
            )
        axes.plot(
            row["predicted"] * scale, y, marker="|", markersize=10, markeredgewidth=2, color=colour, linestyle="none"
        )
        if is_number(row["observed_se"]):
            half = row["observed_se"] * scale
            centre = row["observed"] * scale
            axes.plot([centre - half, centre + half], [y, y], color=style.INK, linewidth=1.4, zorder=3)
        hollow = row["verdict"] == "not compared"
        axes.plot(
            row["observed"] * scale,
            y,
            marker="o",
            markersize=5.5,
            linestyle="none",
            zorder=4,
            color=style.INK,
            markerfacecolor=style.PAPER if hollow else style.INK,
        )
        start = top + used + tall / 2 - len(lines) * style.line_height(style.SMALL_SIZE) / 2
        for index, line in enumerate(lines):
            style.inch_text(
                figure,
                style.MARGIN,
                start + index * style.line_height(style.SMALL_SIZE),
                line,
                fontsize=style.SMALL_SIZE,
            )
        used += tall
    low, high = axes.get_xlim()
    if low <= 0.0 <= high:
        axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=0.5)
    axes.set_xlim(low, high)
    axes.set_ylim(0, total)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
