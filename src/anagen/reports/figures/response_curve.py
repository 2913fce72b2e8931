"""The picture of a response curve: expected effect over what was varied, with bands from the parameters."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.response import Axis, against
from anagen.reports import style
from anagen.reports.numbers import significant, with_unit
from anagen.reports.style import ArmLook
from anagen.reports.wording import (
    EndpointName,
    lower_first,
    measure_scale,
    measure_unit,
    measure_words,
    pretty_unit,
    sentence_case,
    titled,
    weeks,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from anagen.analysis.response import ResponseCurve

WIDE_SPAN = 20.0
"""Positive values that span more than this factor are drawn on a logarithmic axis."""
MOST_SERIES = len(style.PALETTE)
MOST_BANDS = 2
MOST_PANELS = 12


@dataclass(frozen=True)
class Layout:
    """x: axis drawn from left to right; series: column whose values have a colour each, or None; panels: columns whose
    combinations have a panel each.
    """

    x: Axis
    series: str | None
    panels: tuple[str, ...]


def layout_of(curve: ResponseCurve) -> Layout:
    """Numbers with the most values go from left to right; what has few values is told apart by colour."""
    numeric = [axis for axis in curve.axes if axis.numeric]
    x = max(numeric or curve.axes, key=lambda axis: len(axis.values))
    others = [axis for axis in curve.axes if axis is not x]
    columns = {axis.name: len(axis.values) for axis in others}
    arms = curve.table["arm"].nunique()
    if arms > 1:
        columns["arm"] = arms
    fitting = [name for name, number in columns.items() if number <= MOST_SERIES]
    series = max(fitting, key=lambda name: columns[name]) if fitting else None
    return Layout(x, series, tuple(name for name in columns if name != series))


def is_logarithmic(values: Sequence[float]) -> bool:
    """Whether values are drawn on a logarithmic axis.

    >>> is_logarithmic([1e8, 1e9, 1e10]), is_logarithmic([2, 4, 8]), is_logarithmic([0, 1e10])
    (True, False, False)
    """
    return min(values) > 0.0 and max(values) / min(values) > WIDE_SPAN


def tick_text(value: float | str) -> str:
    """A value below the axis.

    >>> tick_text(1e8), tick_text(5e8), tick_text(4.0), tick_text("oral")
    ('10⁸', '5×10⁸', '4', 'oral')
    """
    if isinstance(value, str):
        return value
    return significant(value, 4).removeprefix("1×")


def effect_words(curve: ResponseCurve, name: EndpointName) -> str:
    """What the vertical axis shows, with its unit."""
    choice = curve.primary
    unit = measure_unit(str(choice["measure"]), name.unit, difference=True)
    return titled(f"Effect on {lower_first(name.title)} at week {weeks(choice['week'])}", unit)


def error_words(curve: ResponseCurve, name: EndpointName) -> str:
    """How far the simulation alone moves a dot, in a sentence."""
    measure = str(curve.primary["measure"])
    unit = measure_unit(measure, name.unit, difference=True)
    greatest = float(curve.table["effect_error"].max()) * measure_scale(measure)
    if not math.isfinite(greatest):
        return ""
    return f" Whiskers: Monte-Carlo standard error of a dot, at most {with_unit(significant(greatest, 2), unit)}."


def draw_response_curve(curve: ResponseCurve, name: EndpointName) -> Figure:
    """The figure, one panel per combination that colour cannot show."""
    layout = layout_of(curve)
    groups = _groups(curve, layout.panels)
    shown = groups[:MOST_PANELS]
    cut = f" The first {len(shown)} of {len(groups)} panels are drawn." if len(groups) > len(shown) else ""
    bands = curve.table["effect_p5"].notna().any()
    control = against(str(curve.table["control"].iloc[0]))
    measure = measure_words(str(curve.primary["measure"]), curve.primary.get("threshold"), name)
    subtitle = (
        f"{sentence_case(measure)}, {control}. Dots: expected effect, the mean over "
        "the same reference patients at every setting, not the result of one trial. "
    ) + (
        "Dark and pale bands (thick and thin bars): 50 % and 90 % ranges over parameter values that are not known."
        if bands
        else f"Fewer than {LEAST_DRAWS} parameter draws were run, so no band is drawn."
    )
    words = style.heading(curve.title, subtitle + error_words(curve, name) + cut)
    looks = _looks(curve, layout)
    key = style.arm_key_height(list(looks)) if len(looks) > 1 else 0.0
    columns = 1 if len(shown) == 1 else 2
    rows = math.ceil(len(shown) / columns)
    left, gap, tall, below, titles = 0.75, 0.55, 2.9 if columns == 1 else 1.9, 0.55, 0.24 if len(groups) > 1 else 0.0
    wide = (style.WIDTH - left - 0.2 - gap * (columns - 1)) / columns
    figure = style.new_figure(style.WIDTH, words.height + key + rows * (titles + tall + below) + 0.1)
    style.draw_heading(figure, words)
    if key:
        style.draw_arm_key(figure, looks, words.height)
    drawn: list[Axes] = []
    for index, (title, rows_of) in enumerate(shown):
        row, column = divmod(index, columns)
        x, y = left + column * (wide + gap), words.height + key + row * (titles + tall + below)
        if title:
            text = style.shorten(title, wide + 0.4, style.SMALL_SIZE)
            style.inch_text(figure, x - 0.45, y, text, fontsize=style.SMALL_SIZE, fontweight="bold")
        axes = style.inch_axes(figure, x, y + titles, wide, tall)
        _draw(axes, rows_of, layout, looks, measure_scale(str(curve.primary["measure"])))
        size = style.TEXT_SIZE if columns == 1 else style.SMALL_SIZE
        axes.set_xlabel(titled(layout.x.title, pretty_unit(layout.x.unit)), fontsize=size)
        if column == 0:
            axes.set_ylabel(_wrapped(effect_words(curve, name), tall), fontsize=size)
        drawn.append(axes)
    low, high = min(a.get_ylim()[0] for a in drawn), max(a.get_ylim()[1] for a in drawn)
    for axes in drawn:
        axes.set_ylim(low, high)
    return figure


def _wrapped(text: str, height: float) -> str:
    return "\n".join(style.wrap_text(text, height, style.TEXT_SIZE))


def _groups(curve: ResponseCurve, columns: Sequence[str]) -> list[tuple[str, pd.DataFrame]]:
    """Rows of every panel with its title."""
    if not columns:
        return [("", curve.table)]
    groups: list[tuple[str, pd.DataFrame]] = []
    for _, rows in curve.table.groupby(list(columns), sort=False):
        words = [_value_words(curve, column, rows[column].iloc[0]) for column in columns]
        groups.append((", ".join(words), rows))
    return groups


def _value_words(curve: ResponseCurve, column: str, value: Any) -> str:
    """A value with the title of its axis, for a panel's title and a key."""
    axis = next((axis for axis in curve.axes if axis.name == column), None)
    if axis is None:
        return str(value)
    return f"{axis.title}: {with_unit(tick_text(_plain(value)), pretty_unit(axis.unit))}"


def _plain(value: Any) -> float | str:
    return value if isinstance(value, str) else float(value)


def _looks(curve: ResponseCurve, layout: Layout) -> dict[str, ArmLook]:
    if layout.series is None:
        return {"": ArmLook(style.PALETTE[0], style.MARKERS[0])}
    values = list(dict.fromkeys(curve.table[layout.series].tolist()))
    return style.arm_looks([_value_words(curve, layout.series, value) for value in values])


def _draw(axes: Axes, table: pd.DataFrame, layout: Layout, looks: dict[str, ArmLook], scale: float) -> None:
    """One panel."""
    values = [value for value in layout.x.values if isinstance(value, float)]
    numeric = len(values) == len(layout.x.values)
    logarithmic = numeric and is_logarithmic(values)
    axes.axhline(0.0, color="#8A8A8A", linewidth=0.9, zorder=1.5)
    if logarithmic:
        axes.set_xscale("log")
    series = [("", table)] if layout.series is None else list(table.groupby(layout.series, sort=False))
    for position, ((_, rows), look) in enumerate(zip(series, looks.values(), strict=False)):
        ordered = rows.sort_values(layout.x.name) if numeric else rows
        places = (
            ordered[layout.x.name].to_numpy(dtype=np.float64)
            if numeric
            else np.array([list(layout.x.values).index(v) for v in ordered[layout.x.name]], dtype=np.float64)
        )
        as_bands = numeric and len(series) <= MOST_BANDS
        shift = position - (len(series) - 1) / 2
        if not numeric:
            places = places + 0.12 * shift
        elif not as_bands:
            span = (max(values) / min(values)) ** 0.018 if logarithmic else 0.018 * (max(values) - min(values))
            places = places * span**shift if logarithmic else places + span * shift
        for ends, alpha, thick in ((("p5", "p95"), 0.13, 1.1), (("p25", "p75"), 0.24, 3.2)):
            low, high = (ordered[f"effect_{end}"].to_numpy(dtype=np.float64) * scale for end in ends)
            if not np.isfinite(low).any():
                continue
            if as_bands:
                axes.fill_between(places, low, high, color=look.colour, alpha=alpha, linewidth=0, zorder=1)
            else:
                axes.vlines(places, low, high, color=look.colour, linewidth=thick, alpha=0.75, zorder=2)
        effect, error = (ordered[key].to_numpy(dtype=np.float64) * scale for key in ("effect", "effect_error"))
        axes.errorbar(places, effect, yerr=error, fmt="none", ecolor=style.INK, elinewidth=0.9, capsize=2.5, zorder=4)
        axes.plot(
            places,
            effect,
            color=look.colour,
            marker=look.marker,
            markersize=6,
            markeredgecolor=style.PAPER,
            markeredgewidth=0.6,
            linestyle="-" if numeric else "none",
            linewidth=1.6,
            zorder=3,
        )
    _ticks(axes, layout.x, values if numeric else None)
    axes.grid(axis="y")


def _ticks(axes: Axes, x: Axis, values: list[float] | None) -> None:
    """Ticks at the values that were run, thinned where their labels would touch."""
    wide = float(axes.get_position().width) * style.WIDTH
    labels = [tick_text(value) for value in x.values]
    most = max(1, int(wide / (max(style.text_width(label, style.SMALL_SIZE) for label in labels) + 0.12)))
    if values is None:
        axes.set_xlim(-0.6, len(labels) - 0.4)
        room = wide / len(labels) - 0.08
        wrapped = ["\n".join(style.wrap_text(label, max(room, 0.3), style.SMALL_SIZE)[:3]) for label in labels]
        axes.set_xticks(range(len(labels)), wrapped)
        return
    ordered = sorted(set(values))
    step = math.ceil(len(ordered) / most)
    kept = ordered[::step]
    axes.set_xticks(kept, [tick_text(value) for value in kept])
    axes.minorticks_off()
