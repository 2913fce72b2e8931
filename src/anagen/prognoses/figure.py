"""Pictures of a prognosis for pages and files: courses with their bands, and a hundred people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.prognoses.asked import STOPPED, WITH, WITHOUT
from anagen.prognoses.scalp import HEADS
from anagen.prognoses.sentences import of_hundred
from anagen.reports import style

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HIGH, ROW = 3.0, 0.42
DASHES = {WITH: "-", WITHOUT: "--", STOPPED: ":"}
WORDS = (("gain", "gain visibly", "#0072B2"), ("stay", "stay", "#C9C9C9"), ("lose", "lose visibly", "#D55E00"))


def courses_figure(
    rows: pd.DataFrame, column: str, *, title: str, subtitle: str, unit: str, stop: float | None = None
) -> Figure:
    """One quantity of the person over weeks, under every course.

    Parameters
    ----------
    rows : pandas.DataFrame
        Columns course, week, the column, and `<column>_low`, `<column>_high` where there are bands.
    column : str
        What is drawn.
    title : str
        Of the picture.
    subtitle : str
        What is drawn how.
    unit : str
        Of the axis.
    stop : float or None
        Week in which the course "stopped" parts from the one with treatment.

    Returns
    -------
    matplotlib.figure.Figure
        In the style of the reports.
    """
    names = [name for name in (WITH, WITHOUT, STOPPED) if (rows["course"] == name).any()]
    looks = style.arm_looks(names, [WITHOUT])
    words = style.heading(title, subtitle)
    figure = style.new_figure(style.WIDTH, words.height + HIGH + 0.7)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, 0.75, words.height, style.WIDTH - 0.75 - 1.5, HIGH)
    ends: list[float] = []
    for name in names:
        own = rows[rows["course"] == name]
        if name == STOPPED and stop is not None:
            # until then it is the course with treatment
            own = own[own["week"] >= stop]
        low, high = (own.get(f"{column}_{end}") for end in ("low", "high"))
        if low is not None and high is not None and np.isfinite(low).any():
            axes.fill_between(own["week"], low, high, color=looks[name].colour, alpha=0.15, linewidth=0)
        axes.plot(own["week"], own[column], color=looks[name].colour, linestyle=DASHES[name], linewidth=1.7)
        ends.append(float(own[column].iloc[-1]))
    axes.set_xlabel("week")
    axes.set_ylabel(unit)
    axes.grid(axis="y")
    axes.margins(x=0.0)
    bottom, top = axes.get_ylim()
    gap = (top - bottom) * style.line_height(style.SMALL_SIZE) / HIGH
    for name, place in zip(names, style.spread_labels(ends, gap), strict=True):
        axes.annotate(
            HEADS[name],
            (1.01, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=style.SMALL_SIZE,
            color=looks[name].colour,
            annotation_clip=False,
        )
    return figure


def hundred_figure(shares: Mapping[str, Sequence[float]], *, title: str, subtitle: str) -> Figure:
    """Of a hundred people, how many gain, stay and lose under each course.

    Parameters
    ----------
    shares : Mapping[str, Sequence[float]]
        Course -> shares that gain, stay and lose.
    title : str
        Of the picture.
    subtitle : str
        What is drawn how.

    Returns
    -------
    matplotlib.figure.Figure
        In the style of the reports.
    """
    words = style.heading(title, subtitle)
    figure = style.new_figure(style.WIDTH, words.height + ROW * len(shares) + 0.9)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, 1.5, words.height, style.WIDTH - 1.7, ROW * len(shares))
    places = np.arange(len(shares))[::-1]
    for place, of_course in zip(places, shares.values(), strict=True):
        left = 0.0
        people = of_hundred(list(of_course))
        for number, share, (_, label, colour) in zip(people, of_course, WORDS, strict=True):
            drawn = axes.barh(place, 100.0 * share, left=left, height=0.7, color=colour, edgecolor="white", label=label)
            if share >= 0.04:
                ink = "black" if colour == "#C9C9C9" else "white"
                axes.bar_label(drawn, [str(number)], label_type="center", color=ink)
            left += 100.0 * share
    axes.set_yticks(places, [HEADS[name] for name in shares])
    axes.set_xlim(0.0, 100.0)
    axes.set_xlabel("of 100 people")
    axes.spines["left"].set_visible(False)
    handles = axes.get_legend_handles_labels()[0][: len(WORDS)]
    axes.legend(
        handles,
        [label for _, label, _ in WORDS],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.55),
        ncols=3,
        frameon=False,
    )
    return figure
