"""Treatments side by side: gains over their own controls with ranges, and courses over time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.reports import style
from anagen.reports.amounts import Amounts

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW = 0.34
LABELS = 2.3
RIGHT = 1.05
COURSES = 2.6


def draw_comparison(
    table: pd.DataFrame, courses: pd.DataFrame, titles: Mapping[str, str], *, title: str, unit: str
) -> Figure:
    """Forest plot of the ranked gains above the courses of the same patients.

    Parameters
    ----------
    table : pandas.DataFrame
        Ranked gains, see `ranking.ranked`; a treatment without ends of a band has no line.
    courses : pandas.DataFrame
        Gain by arm, week and draw, see `ranking.compare`.
    titles : Mapping of str to str
        Treatments in words.
    title : str
        Of the picture.
    unit : str
        Printed unit of the gains.
    """
    table = table.assign(title=[titles[str(name)] for name in table["arm"]])
    looks = style.arm_looks([str(name) for name in table["arm"]])
    words = style.heading(
        title,
        "Point: mean over parameter draws; line: 5 to 95 % of them; ±: Monte-Carlo standard error. Each treatment "
        "against its own control.",
    )
    forest = ROW * len(table)
    height = words.height + forest + 0.75 + COURSES + 0.7
    figure = style.new_figure(style.WIDTH, height)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, LABELS, words.height, style.WIDTH - LABELS - RIGHT, forest)
    _forest(axes, table, looks)
    axes.set_xlabel(f"gain over own control [{unit}]")
    below = style.inch_axes(figure, 0.75, words.height + forest + 0.75, style.WIDTH - 0.75 - LABELS + 0.4, COURSES)
    _courses(below, courses, table, looks, unit)
    return figure


def _forest(axes: object, table: pd.DataFrame, looks: dict[str, style.ArmLook]) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    places = np.arange(len(table))[::-1]
    axes.axvline(0.0, color=style.MUTED, linewidth=0.9)
    for place, (_, row) in zip(places, table.iterrows(), strict=True):
        look = looks[str(row["arm"])]
        if np.isfinite(row["gain_low"]):
            axes.plot([row["gain_low"], row["gain_high"]], [place, place], color=look.colour)
        axes.plot(row["gain"], place, marker=look.marker, color=look.colour, markersize=6.5, linestyle="none")
        axes.annotate(
            Amounts("", 1.0, 1).with_error(row["gain"], row["gain_error"], finer=0),
            (1.02, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=style.SMALL_SIZE,
        )
    axes.set_yticks(places, [style.shorten(str(name), LABELS - 0.35, style.SMALL_SIZE) for name in table["title"]])
    axes.set_ylim(-0.7, len(table) - 0.3)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")


def _courses(
    axes: object, courses: pd.DataFrame, table: pd.DataFrame, looks: dict[str, style.ArmLook], unit: str
) -> None:
    from matplotlib.axes import Axes

    assert isinstance(axes, Axes)
    ends: list[float] = []
    names = [str(name) for name in table["arm"]]
    central = courses[courses["draw"] == 0]
    for name in names:
        course = central[central["arm"] == name]
        axes.plot(course["week"], course["gain"], color=looks[name].colour, marker=looks[name].marker, markersize=4)
        ends.append(float(course["gain"].iloc[-1]))
    axes.axhline(0.0, color=style.MUTED, linewidth=0.9)
    axes.set_xlabel("week")
    axes.set_ylabel(f"gain over own control [{unit}]")
    axes.grid(axis="y")
    low, high = axes.get_ylim()
    gap = (high - low) * style.line_height(style.SMALL_SIZE) / COURSES
    for name, words, place in zip(names, table["title"], style.spread_labels(ends, gap), strict=True):
        axes.annotate(
            style.shorten(str(words), LABELS - 0.5, style.SMALL_SIZE),
            (1.01, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=style.SMALL_SIZE,
            color=looks[name].colour,
            annotation_clip=False,
        )
