"""Forest plot of published effects: every study with interval and weight, the pooled mean, where a new one falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import TYPE_CHECKING

from anagen.evidence.estimates import Estimate
from anagen.evidence.pooling import Pooled
from anagen.reports import style
from anagen.reports.wording import pretty_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.4
LABELS, PATIENTS, WEEK = 1.75, 0.42, 0.48
NUMBERS, WEIGHT = 1.5, 0.62
ROW = 0.3
HEAD = 0.26
REACH = 0.75
"""Room beyond the studies' own intervals, in their width, that a prediction interval may take before it is cut."""
SMALLEST, LARGEST = 3.0, 10.0
Z95 = NormalDist().inv_cdf(0.975)
MINUS = "\u2212"


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the pooled mean: the model's own number.

    Attributes
    ----------
    name : str
        In words.
    value : float
        In the unit of the effects.
    low : float
        Lower end.
    high : float
        Upper end.
    legend : str
        What the interval is, in a sentence.
    """

    name: str
    value: float
    low: float
    high: float
    legend: str


def draw_forest(
    estimates: Sequence[Estimate], pooled: Pooled, *, title: str, effect: str, model: Beside | None = None
) -> Figure:
    """Forest plot with a row per study, a diamond for the pooled mean and a bar for the prediction interval.

    Parameters
    ----------
    estimates : Sequence[Estimate]
        One per study, at least one.
    pooled : Pooled
        Of them, in the same order.
    title : str
        In words.
    effect : str
        What the axis shows, without its unit.
    model : Beside, optional
        The model's own number, in a row of its own.

    Raises
    ------
    ValueError
        Where there is no estimate, or not as many weights.
    """
    if not estimates or len(estimates) != len(pooled.weights):
        raise ValueError(f"{len(estimates)} estimates and {len(pooled.weights)} weights")
    legend = " ".join(filter(None, (_legend(estimates, pooled), "" if model is None else model.legend)))
    words = style.heading(title, legend, WIDTH)
    rows = len(estimates) + (0 if pooled.studies == 1 else 1 if pooled.prediction is None else 2)
    rows += 0 if model is None else 1
    forest = ROW * rows
    figure = style.new_figure(WIDTH, words.height + HEAD + forest + 0.62)
    style.draw_heading(figure, words)
    left = style.MARGIN + LABELS + PATIENTS + WEEK
    width = WIDTH - left - NUMBERS - WEIGHT - style.MARGIN
    axes = style.inch_axes(figure, left, words.height + HEAD, width, forest)
    axes.set_xlim(*_range(estimates, pooled, model))
    axes.set_ylim(-0.5, rows - 0.5)
    axes.axvline(0.0, color=style.MUTED, linewidth=0.9)
    top = words.height + HEAD
    _columns(figure, top - 0.13, ("study", "n", "week", "", "effect (95 % interval)", "weight"), bold=True)
    for number, (entry, weight) in enumerate(zip(estimates, pooled.weights, strict=True)):
        place = rows - 1 - number
        _study(axes, entry, weight / max(pooled.weights), place)
        half = Z95 * entry.se
        texts = (
            _name(entry),
            "" if entry.n is None else str(entry.n),
            f"{entry.week:g}",
            "",
            _numbers(entry.value, entry.value - half, entry.value + half),
            f"{100.0 * weight:.0f} %",
        )
        _columns(figure, top + (number + 0.5) * ROW, texts)
    if pooled.studies > 1:
        _pooled(figure, axes, pooled, rows - 1 - len(estimates), top + (len(estimates) + 0.5) * ROW)
    if model is not None:
        _model(figure, axes, model, top + (rows - 0.5) * ROW)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel(f"{effect} [{pretty_unit(estimates[0].unit)}]")
    return figure


def _legend(estimates: Sequence[Estimate], pooled: Pooled) -> str:
    parts = ["Squares: studies, area by weight; lines: 95 % intervals."]
    if any(entry.how.startswith("derived") for entry in estimates):
        parts.append("Hollow: no standard error printed, worked out from n and a typical or printed spread.")
    if pooled.studies == 1:
        parts.append("One study: nothing to pool.")
        return " ".join(parts)
    parts.append("Diamond: random-effects mean, Hartung-Knapp interval.")
    if pooled.prediction is not None:
        parts.append("Bar: 95 % prediction interval of a new study.")
    unit = pretty_unit(estimates[0].unit)
    parts.append(f"Between studies: SD {pooled.tau:.2g} {unit}, I² {100.0 * (pooled.i2 or 0.0):.0f} %.")
    return " ".join(parts)


def _range(estimates: Sequence[Estimate], pooled: Pooled, model: Beside | None) -> tuple[float, float]:
    """Axis from the studies' intervals and zero; what is pooled or predicted may widen it by `REACH` at most."""
    lows = [entry.value - Z95 * entry.se for entry in estimates]
    highs = [entry.value + Z95 * entry.se for entry in estimates]
    low, high = min(*lows, 0.0), max(*highs, 0.0)
    room = REACH * (high - low)
    for ends in (pooled.ci, pooled.prediction, None if model is None else (model.low, model.high)):
        if ends is not None:
            low, high = min(low, max(ends[0], min(lows) - room)), max(high, min(ends[1], max(highs) + room))
    edge = 0.05 * (high - low)
    return low - edge, high + edge


def _study(axes: Axes, entry: Estimate, share: float, place: int) -> None:
    """Interval and square; `share` of the largest weight sets the area."""
    colour = style.PALETTE[0]
    half = Z95 * entry.se
    size = max(SMALLEST, LARGEST * share**0.5)
    hollow = entry.how.startswith("derived")
    axes.plot([entry.value - half, entry.value + half], [place, place], color=colour, linewidth=1.3)
    face = style.PAPER if hollow else colour
    axes.plot(entry.value, place, "s", markersize=size, color=colour, markerfacecolor=face, markeredgewidth=1.3)


def _pooled(figure: Figure, axes: Axes, pooled: Pooled, place: int, top: float) -> None:
    colour = style.PALETTE[1]
    low, high = pooled.ci
    left, right = axes.get_xlim()
    corners = [(low, place), (pooled.estimate, place + 0.28), (high, place), (pooled.estimate, place - 0.28)]
    axes.fill(*zip(*corners, strict=True), color=colour, linewidth=0.0, clip_on=True)
    _cut(axes, (low, high), (left, right), place, colour)
    texts = ("all studies", "", "", "", _numbers(pooled.estimate, low, high), "100 %")
    _columns(figure, top, texts, bold=True)
    if pooled.prediction is None:
        return
    below = place - 1
    ends = max(pooled.prediction[0], left), min(pooled.prediction[1], right)
    axes.plot(ends, (below, below), color=colour, linewidth=4.0, solid_capstyle="butt", alpha=0.55)
    _cut(axes, pooled.prediction, (left, right), below, colour)
    interval = f"{pooled.prediction[0]:.1f} to {pooled.prediction[1]:.1f}".replace("-", MINUS)
    _columns(figure, top + ROW, ("a new study", "", "", "", interval, ""))


def _model(figure: Figure, axes: Axes, model: Beside, top: float) -> None:
    """The lowest row: a circle in its range."""
    colour, limits = style.PALETTE[2], axes.get_xlim()
    ends = max(model.low, limits[0]), min(model.high, limits[1])
    axes.plot(ends, (0, 0), color=colour, linewidth=1.3, linestyle=(0, (4, 2)))
    if limits[0] <= model.value <= limits[1]:
        axes.plot(model.value, 0, "o", markersize=7.0, color=colour)
    _cut(axes, (model.low, model.high), limits, 0, colour)
    _columns(figure, top, (model.name, "", "", "", _numbers(model.value, model.low, model.high), ""), bold=True)


def _cut(axes: Axes, ends: tuple[float, float], limits: tuple[float, float], place: float, colour: str) -> None:
    """Arrow heads where an interval goes on beyond the axis."""
    if ends[0] < limits[0]:
        axes.plot(limits[0], place, "<", markersize=6, color=colour, clip_on=False)
    if ends[1] > limits[1]:
        axes.plot(limits[1], place, ">", markersize=6, color=colour, clip_on=False)


def _name(entry: Estimate) -> str:
    sex = {"male": "men", "female": "women"}.get(entry.sex, "")
    return f"{entry.label}, {sex}" if sex else entry.label


def _numbers(value: float, low: float, high: float) -> str:
    return f"{value:.1f} ({low:.1f} to {high:.1f})".replace("-", MINUS)


def _columns(figure: Figure, top: float, texts: tuple[str, str, str, str, str, str], *, bold: bool = False) -> None:
    """One line of text: names on the left, patients and weeks before the plot, numbers and weight behind it."""
    name, patients, week, _, numbers, weight = texts
    options = {"fontsize": style.SMALL_SIZE, "fontweight": "bold" if bold else "normal", "va": "center"}
    start = style.MARGIN
    behind = WIDTH - style.MARGIN - WEIGHT
    shown = style.shorten(name, LABELS - 0.08, style.SMALL_SIZE, "bold" if bold else "normal")
    style.inch_text(figure, start, top, shown, **options)
    style.inch_text(figure, start + LABELS + PATIENTS - 0.08, top, patients, ha="right", **options)
    style.inch_text(figure, start + LABELS + PATIENTS + WEEK - 0.14, top, week, ha="right", **options)
    style.inch_text(figure, behind, top, numbers, ha="right", **options)
    style.inch_text(figure, WIDTH - style.MARGIN, top, weight, ha="right", **options)
