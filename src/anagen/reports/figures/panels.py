"""One panel of a course over time, shared by the figures of the primary and the secondary endpoints."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS
from anagen.core.measures import RESPONDERS
from anagen.reports import style
from anagen.reports.numbers import significant, with_unit
from anagen.reports.style import ArmLook
from anagen.reports.wording import EndpointName, measure_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: More arms than this in one panel cannot be told apart with their bars and bands.
MOST_ARMS = 3


@dataclass(frozen=True)
class Panel:
    """Title, line below it, trajectory data, and the arms drawn in it."""

    title: str
    about: str
    data: pd.DataFrame
    looks: Mapping[str, ArmLook]
    measure: str


def shown_measure(measure: str) -> str:
    """Measure drawn over time: responders are a verdict at one visit, so what it is passed on is drawn."""
    return RESPONDERS.get(measure, measure)


def axis_words(name: EndpointName, measure: str) -> str:
    """What the vertical axis shows, with its unit."""
    unit = measure_unit(shown_measure(measure), name.unit)
    what = "Mean" if shown_measure(measure) == "value" else "Mean change from baseline"
    return f"{what} ({unit})" if unit else what


def marks_explained(data: Sequence[pd.DataFrame], confidence_text: str, unit: str = "") -> str:
    """Subtitle that says which mark shows which uncertainty, of panels that share one `unit`."""
    text = (
        f"Dots with bars: measured mean and its {confidence_text} interval over patients. Line: mean the model expects"
    )
    if any(frame["parameter_low"].notna().any() for frame in data):
        text += "; pale band: its 90\u00a0% range over the parameter values that are not known."
    else:
        text += f". Fewer than {LEAST_DRAWS} parameter draws were run, so no band is drawn."
    # one number for endpoints of several units would be true of none
    errors = data[0]["expected_error"].dropna()
    if len(data) == 1 and len(errors):
        greatest = with_unit(significant(float(errors.max()), 1), unit)
        text += f" The Monte-Carlo error of the line is at most {greatest}."
    return text + " A measurement offset shared by the arms of a study can move all dots together."


def readable_ticks(weeks: Sequence[float], most: int = 9) -> list[float]:
    """Visit weeks to print on the axis: first and last always, others where labels do not crowd.

    >>> readable_ticks([0.0, 1.0, 24.0, 48.0])
    [0.0, 24.0, 48.0]
    """
    if len(weeks) < 3:
        return list(weeks)
    gap = (weeks[-1] - weeks[0]) / most * 0.8
    kept = [weeks[0]]
    for week in weeks[1:-1]:
        if week - kept[-1] >= gap and weeks[-1] - week >= gap:
            kept.append(week)
    return [*kept, weeks[-1]]


def draw_panel(
    axes: Axes,
    data: pd.DataFrame,
    looks: Mapping[str, ArmLook],
    measure: str,
    *,
    size: float,
    intervals: bool = True,
    most_ticks: int = 9,
    apart: float = 0.011,
) -> None:
    """Bands, lines, dots and bars of all arms in one panel; without `intervals` only lines and dots.

    Parameters
    ----------
    axes : Axes
        Where it is drawn.
    data : pd.DataFrame
        From `trajectory_data`.
    looks : Mapping[str, ArmLook]
        Arm -> how it is drawn.
    measure : str
        Measure of the endpoint.
    size : float
        Of the dots [points].
    intervals : bool, default True
        Whether bands and bars are drawn.
    most_ticks : int, default 9
        Most ticks of the time axis.
    apart : float, default 0.011
        Sideways shift between arms as a share of the time axis.
    """
    measure = shown_measure(measure)
    last = float(data["week"].max()) if len(data) else 1.0
    step = apart * max(last, 1.0)
    arms = [arm for arm in looks if (data["arm"] == arm).any()]
    for position, arm in enumerate(arms):
        look = looks[arm]
        rows = data.loc[(data["arm"] == arm).to_numpy()].sort_values("week")
        week = rows["week"].to_numpy(float)
        low, high = rows["parameter_low"].to_numpy(float), rows["parameter_high"].to_numpy(float)
        if intervals and np.isfinite(low).any():
            axes.fill_between(week, low, high, color=look.colour, alpha=0.15, linewidth=0, zorder=1)
        axes.plot(week, rows["expected"].to_numpy(float), color=look.colour, linewidth=1.7, zorder=2)
        shift = (position - (len(arms) - 1) / 2) * step if intervals else 0.0
        shown = np.where((week == 0) & (measure != "value"), 0.0, week + shift)
        low, high = rows["ci_low"].to_numpy(float), rows["ci_high"].to_numpy(float)
        bars = np.isfinite(low) & (high > low)
        if intervals:
            axes.vlines(shown[bars], low[bars], high[bars], color=look.colour, linewidth=1.3, zorder=3)
        axes.plot(
            shown,
            rows["mean"].to_numpy(float),
            linestyle="none",
            marker=look.marker,
            markersize=size,
            color=look.colour,
            markeredgecolor=style.PAPER,
            markeredgewidth=0.1 * size,
            zorder=4,
        )
    if measure != "value":
        axes.axhline(0.0, color="#8A8A8A", linewidth=0.8, zorder=1.5)
    axes.set_xticks(readable_ticks(sorted({float(value) for value in data["week"]}), most_ticks))
    axes.set_xlim(-0.03 * max(last, 1.0), (last or 1.0) * 1.03)
    axes.grid(axis="y")


def draw_grid(
    words: style.Heading,
    panels: Sequence[Panel],
    key: Mapping[str, ArmLook],
    *,
    intervals: bool = True,
    one_scale: bool = False,
) -> Figure:
    """Figure of small panels, two a row, with one key of arms; `one_scale` gives all the same vertical axis."""
    columns = min(2, len(panels))
    rows = math.ceil(len(panels) / columns)
    key_height = style.arm_key_height(list(key)) if key else 0.0
    left, gap, tall, below = 0.6, 0.72, 1.55, 0.33
    wide = (style.WIDTH - left - 0.15 - gap * (columns - 1)) / columns
    titles = [style.wrap_text(panel.title, wide + 0.45, style.TEXT_SIZE, "bold")[:3] for panel in panels]
    heading = max(map(len, titles)) * style.line_height(style.TEXT_SIZE)
    titled = heading + 0.26
    figure = style.new_figure(style.WIDTH, words.height + key_height + rows * (titled + tall + below) + 0.18)
    style.draw_heading(figure, words)
    if key:
        style.draw_arm_key(figure, key, words.height)
    drawn: list[Axes] = []
    for index, panel in enumerate(panels):
        row, column = divmod(index, columns)
        x = left + column * (wide + gap)
        y = words.height + key_height + row * (titled + tall + below)
        for number, line in enumerate(titles[index]):
            below_top = y + number * style.line_height(style.TEXT_SIZE)
            style.inch_text(figure, x - 0.48, below_top, line, fontsize=style.TEXT_SIZE, fontweight="bold")
        about = style.shorten(panel.about, wide + 0.45, style.SMALL_SIZE)
        style.inch_text(
            figure,
            x - 0.48,
            y + len(titles[index]) * style.line_height(style.TEXT_SIZE) + 0.01,
            about,
            fontsize=style.SMALL_SIZE,
            color=style.MUTED,
        )
        axes = style.inch_axes(figure, x, y + titled, wide, tall)
        draw_panel(
            axes, panel.data, panel.looks, panel.measure, size=5.0, intervals=intervals, most_ticks=7, apart=0.022
        )
        if index + columns >= len(panels):
            axes.set_xlabel("Weeks since baseline", fontsize=style.SMALL_SIZE)
        drawn.append(axes)
    if one_scale:
        low = min(axes.get_ylim()[0] for axes in drawn)
        high = max(axes.get_ylim()[1] for axes in drawn)
        for axes in drawn:
            axes.set_ylim(low, high)
    return figure
