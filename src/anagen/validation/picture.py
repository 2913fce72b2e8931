"""Pictures of a validation: published values in their predictive intervals, calibration, and references."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.reports import style
from anagen.reports.numbers import NBSP
from anagen.reports.wording import endpoint_names, pretty_unit, subject_text
from anagen.statistics.shares import binomial_quantile, wilson
from anagen.validation.references import REFERENCES
from anagen.validation.scores import counted
from anagen.validation.validate import MODEL

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

ROW = 0.205
LABELS = 3.55
FOREST_WIDTH = 8.2
BINS = 10
KIND_WORDS = {"drug": "Drugs", "procedure": "Procedures", "control": "Controls and untreated patients"}
BARS = {MODEL: style.PALETTE[0], "no effect": "#A3A3A3", "mean of the class": "#6E6E6E", "meta-analysis": "#454545"}


def forests(rows: pd.DataFrame) -> dict[str, Figure]:
    """Published values in their predictive intervals: one picture per kind of treatment and unit, by name of file."""
    shown = rows[rows["comparable"].astype(bool) & ~rows["derived"].astype(bool)]
    return {
        f"forest-{kind}-{_file_word(str(unit))}": forest(part, str(kind), str(unit))
        for (kind, unit), part in shown.groupby(["kind", "unit"], sort=True)
    }


def forest(rows: pd.DataFrame, kind: str, unit: str) -> Figure:
    """Published values of one kind and unit, study by study, each in its 50 and 90 % predictive interval."""
    scale, words_of_unit = (100.0, "% of patients") if unit == "share" else (1.0, pretty_unit(unit))
    kept = counted(rows)
    inside = int(kept["inside90"].astype(bool).sum())
    words = style.heading(
        f"{KIND_WORDS.get(kind, kind)}, {words_of_unit}: {inside} of {len(kept)} published values lie inside their "
        "90 % predictive interval",
        "Dot: published, with one standard error where printed. Bars: 50 % (dark) and 90 % (light) predictive "
        "interval, tick: median. Blue: inside 90 %; orange: outside; hollow and grey: excluded by its file, not "
        "counted.",
        FOREST_WIDTH,
    )
    studies = list(rows.groupby("study", sort=True))
    tall = ROW * (len(rows) + len(studies)) + 0.1
    figure = style.new_figure(FOREST_WIDTH, words.height + tall + 0.5)
    style.draw_heading(figure, words)
    left = style.MARGIN + LABELS
    axes = style.inch_axes(figure, left, words.height, FOREST_WIDTH - left - 0.2, tall)
    place, top = tall - 0.05, words.height + 0.05
    for study, part in studies:
        style.inch_text(figure, style.MARGIN, top, str(study), fontsize=style.SMALL_SIZE, fontweight="bold")
        place, top = place - ROW, top + ROW
        for _, row in part.iterrows():
            _value(axes, row, place - ROW / 2, scale)
            label = style.shorten(_label(row), LABELS - 0.25, style.SMALL_SIZE)
            style.inch_text(figure, style.MARGIN + 0.12, top + ROW / 2, label, va="center", fontsize=style.SMALL_SIZE)
            place, top = place - ROW, top + ROW
    axes.axvline(0.0, color=style.INK, linewidth=0.8, zorder=0.5)
    axes.set_ylim(0.0, tall)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel(words_of_unit, fontsize=style.SMALL_SIZE)
    return figure


def _label(row: pd.Series) -> str:
    endpoint = str(row["endpoint"])
    name = endpoint_names([endpoint])[endpoint].title
    short = name.replace("hair density", "").replace("Adverse event: ", "").strip().lower()
    week = "" if pd.isna(row["week"]) else f", week{NBSP}{row['week']:g}"
    level = ", level" if row["measure"] == "value" else ""
    return f"{subject_text(row['subject'])}: {short}{level}{week}"


def _value(axes: Axes, row: pd.Series, y: float, scale: float) -> None:
    out = row["use"] == "exclude"
    colour = "#8A8A8A" if out else style.INSIDE if bool(row["inside90"]) else style.OUTSIDE
    for low, high, width, alpha in (("low90", "high90", 5.5, 0.28), ("low50", "high50", 5.5, 0.6)):
        axes.plot(
            [row[low] * scale, row[high] * scale], [y, y], color=colour, alpha=alpha, linewidth=width,
            solid_capstyle="butt", zorder=1,
        )  # fmt: skip
    axes.plot(row["predicted"] * scale, y, marker="|", markersize=8, markeredgewidth=1.6, color=colour, zorder=2)
    if math.isfinite(row["observed_se"]):
        ends = [(row["observed"] + sign * row["observed_se"]) * scale for sign in (-1.0, 1.0)]
        axes.plot(ends, [y, y], color=style.INK, linewidth=1.1, zorder=3)
    face = style.PAPER if out else style.INK
    axes.plot(row["observed"] * scale, y, marker="o", markersize=4.2, color=style.INK, markerfacecolor=face, zorder=4)


def calibration_picture(rows: pd.DataFrame) -> Figure:
    """Where published values lie in their predictive distributions, and how many lie inside central intervals."""
    pit = counted(rows)["pit"].to_numpy(dtype=np.float64)
    n = len(pit)
    words = style.heading(
        f"Where {n} published values lie in their predictive distributions",
        "Left: share of the distribution below the value, flat where predictions are right; humped in the middle where "
        "intervals are too wide, at the ends where they are too narrow. Band: 90 % range of one bar of a flat one. "
        "Right: share of values inside central intervals, with 95 % Wilson limits; on the line where they are right.",
    )
    width, height = 2.55, 2.3
    figure = style.new_figure(style.WIDTH, words.height + height + 0.55)
    style.draw_heading(figure, words)
    left = style.inch_axes(figure, 0.6, words.height, width, height)
    _histogram(left, pit)
    right = style.inch_axes(figure, style.WIDTH - width - 0.25, words.height, width, height)
    levels = np.arange(0.05, 1.0, 0.05)
    inside = [int((np.abs(2.0 * pit - 1.0) <= level).sum()) for level in levels]
    limits = np.stack(wilson(inside, n, 0.05), axis=1)
    right.plot([0, 100], [0, 100], color=style.MUTED, linewidth=0.9)
    right.fill_between(100 * levels, 100 * limits[:, 0], 100 * limits[:, 1], color=style.INSIDE, alpha=0.2, linewidth=0)
    right.plot(100 * levels, 100 * np.array(inside) / max(1, n), color=style.INSIDE, marker="o", markersize=3)
    right.set_xlim(0, 100)
    right.set_ylim(0, 100)
    right.set_xlabel("central predictive interval [%]")
    right.set_ylabel("published values inside [%]")
    right.grid()
    return figure


def _histogram(axes: Axes, pit: np.ndarray) -> None:
    counts, edges = np.histogram(pit, bins=BINS, range=(0.0, 1.0))
    n = len(pit)
    low, high = binomial_quantile([0.05, 0.95], n, 1.0 / BINS)
    axes.axhspan(low, high, color=style.RULE, alpha=0.5, linewidth=0)
    axes.axhline(n / BINS, color=style.MUTED, linewidth=0.9)
    axes.bar(edges[:-1], counts, width=1.0 / BINS, align="edge", color=style.INSIDE, alpha=0.75, edgecolor=style.PAPER)
    axes.set_xlim(0.0, 1.0)
    axes.set_xlabel("share of the prediction below the value")
    axes.set_ylabel("published values")
    axes.grid(axis="y")


def skill_picture(table: pd.DataFrame) -> Figure:
    """Mean CRPS of the model and of the references on the same values, by unit and kind.

    Parameters
    ----------
    table : pd.DataFrame
        `validate.skill`, not empty.

    Returns
    -------
    Figure
        One panel per unit.
    """
    words = style.heading(
        "Distance of predictions from published values: the model beside three simple forecasters",
        "Mean continuous ranked probability score (smaller is better), on the values that all four predict. References "
        "are made without the study they predict; the model's parameters may have been set with it in sight.",
    )
    units = list(table.groupby("unit", sort=True))
    bar, gap, title = 0.17, 0.14, 0.3
    groups = [[(kind, part) for kind, part in of_unit.groupby("kind", sort=False)] for _, of_unit in units]
    heights = [len(kinds) * (len(BARS) * bar + gap) for kinds in groups]
    key = style.line_height(style.TEXT_SIZE) + 0.12
    figure = style.new_figure(style.WIDTH, words.height + key + sum(heights) + len(units) * (title + 0.5))
    style.draw_heading(figure, words)
    _key(figure, words.height)
    top = words.height + key
    for (unit, _), kinds, height in zip(units, groups, heights, strict=True):
        scale, in_words = (100.0, "percentage points of patients") if unit == "share" else (1.0, pretty_unit(str(unit)))
        style.inch_text(figure, style.MARGIN, top, in_words, fontweight="bold")
        axes = style.inch_axes(figure, 1.75, top + title, style.WIDTH - 1.75 - 0.55, height)
        for number, (kind, part) in enumerate(kinds):
            start = height - number * (len(BARS) * bar + gap) - gap / 2
            by_name = part.set_index("forecaster")["crps"]
            for i, name in enumerate((MODEL, *REFERENCES)):
                y = start - (i + 0.5) * bar
                score = float(by_name[name]) * scale
                axes.barh(y, score, height=bar * 0.88, color=BARS[name])
                axes.annotate(f" {score:.3g}", (score, y), va="center", fontsize=style.SMALL_SIZE - 0.5)
            label = f"{kind}, {int(part['n'].iloc[0])} values"
            middle = top + title + height - (start - len(BARS) * bar / 2)
            style.inch_text(figure, style.MARGIN + 0.1, middle, label, va="center", fontsize=style.SMALL_SIZE)
        axes.set_ylim(0.0, height)
        axes.set_yticks([])
        axes.set_xlabel(f"mean CRPS [{in_words}]", fontsize=style.SMALL_SIZE)
        axes.grid(axis="x")
        top += title + height + 0.5
    return figure


def _key(figure: Figure, top: float) -> None:
    from matplotlib.patches import Rectangle

    width, height = (float(side) for side in figure.get_size_inches())
    left = style.MARGIN + 0.1
    for name in (MODEL, *REFERENCES):
        box = Rectangle(
            (left / width, 1.0 - (top + 0.13) / height), 0.14 / width, 0.11 / height, color=BARS[name],
            transform=figure.transFigure,
        )  # fmt: skip
        figure.add_artist(box)
        style.inch_text(figure, left + 0.2, top, name)
        left += 0.2 + style.text_width(name) + 0.3


def _file_word(unit: str) -> str:
    named = {"%": "percent", "hairs/cm2": "density", "1": "ratio"}
    return named.get(unit, "".join(c if c.isalnum() else "-" for c in unit.lower()).strip("-") or "none")


def pictures(rows: pd.DataFrame, skill: pd.DataFrame) -> dict[str, Figure]:
    """Every picture of a validation, by name of file; none where nothing could be compared."""
    figures = forests(rows)
    if len(counted(rows)):
        figures["calibration"] = calibration_picture(rows)
    if len(skill):
        figures["references"] = skill_picture(skill)
    return figures
