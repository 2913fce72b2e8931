"""The picture of a stability series: readings, regression line, 95 % bound, limit; and what the priors say."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

from anagen.exosomes.storage import ZERO_CELSIUS
from anagen.exosomes.supported import LEAST_BATCHES, too_few
from anagen.reports import style
from anagen.reports.numbers import MINUS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from anagen.core.arrays import FloatArray
    from anagen.exosomes.shelf_life import PriorCourse, Stability
    from anagen.exosomes.stability import Arrhenius
    from anagen.exosomes.storage import State
    from anagen.exosomes.supported import ConditionShelfLife
    from anagen.reports.style import ArmLook

_MARKS = [digit * 10.0**power for power in range(-4, 3) for digit in (1, 2, 5)]
APART = 0.11
"""Share of an axis that two labels of temperatures keep between them."""
MOST_CONDITIONS = 8
IN_MONTHS = 120.0
"""Courses longer than this many days are drawn over months."""
DAYS_A_MONTH = 365.0 / 12.0
LEFT, BETWEEN, RIGHT, TALL, TITLE, BELOW = 0.62, 0.62, 0.15, 1.75, 0.24, 0.55


def draw_stability(stability: Stability) -> Figure:
    """The figure: a panel per attribute and condition, one per Arrhenius line, the priors last.

    Parameters
    ----------
    stability : Stability
        What was found.

    Returns
    -------
    Figure
        In the style of the reports.
    """
    shown = stability.conditions[:MOST_CONDITIONS]
    hidden = len(stability.conditions) - len(shown)
    panels = len(shown) + len(stability.arrhenius) + 1
    columns = 1 if panels == 1 else 2
    rows = math.ceil(panels / columns)
    words = style.heading(f"{stability.product.title}: stability", _subtitle(stability, hidden))
    batches = dict.fromkeys(reading.batch for entry in shown for reading in entry.readings)
    looks = {f"batch {name}": look for name, look in style.arm_looks(list(batches)).items()}
    key = style.arm_key_height(list(looks)) if looks else 0.0
    figure = style.new_figure(style.WIDTH, words.height + key + rows * (TITLE + TALL + BELOW) + 0.1)
    style.draw_heading(figure, words)
    if looks:
        style.draw_arm_key(figure, looks, words.height)
    wide = (style.WIDTH - LEFT - RIGHT - BETWEEN * (columns - 1)) / columns

    def panel(index: int, title: str) -> Axes:
        row, column = divmod(index, columns)
        x, y = LEFT + column * (wide + BETWEEN), words.height + key + row * (TITLE + TALL + BELOW)
        # Bold letters are about a tenth wider than those that are measured.
        text = style.shorten(_degrees(title), 0.88 * (wide + 0.45), style.SMALL_SIZE)
        style.inch_text(figure, x - 0.45, y, text, fontsize=style.SMALL_SIZE, fontweight="bold")
        return style.inch_axes(figure, x, y + TITLE, wide, TALL)

    for index, entry in enumerate(shown):
        label = stability.product.particles.concentration.value
        _condition(panel(index, entry.name), entry, label / 100.0 if entry.attribute == "particles" else 1.0, looks)
    for index, (state, attribute, line) in enumerate(stability.arrhenius, len(shown)):
        _arrhenius(panel(index, f"{attribute}, {state}: loss over temperature"), stability, state, line)
    step = stability.prior.step
    _prior(panel(panels - 1, f"priors of particles, {step.state}, {step.temperature:g} C"), stability.prior)
    return figure


def _subtitle(stability: Stability, hidden: int) -> str:
    if not stability.conditions:
        return (
            "No stability series of its own. Line and band: what the priors leave of the count (centre, 5 to 95 %), "
            "dotted beyond the longest series that was published. A prior is no shelf life."
        )
    more = f" {hidden} further conditions are in the table." if hidden else ""
    followed = min(entry.batches for entry in stability.conditions)
    few = f" A series of {too_few(followed)}." if followed < LEAST_BATCHES else ""
    return (
        "Lines: regression, one where batches may be pooled, dotted beyond the last reading. Dashed: one-sided 95 % "
        f"bound of the mean (ICH Q1E). Level: acceptance limit. Upright: how far real time reaches (Q5C).{few}{more}"
    )


def _time(days: float) -> tuple[float, str]:
    """Days of one unit of the axis, and its title."""
    return (DAYS_A_MONTH, "Months") if days > IN_MONTHS else (1.0, "Days")


def _degrees(text: str) -> str:
    """A temperature as print has it.

    >>> _degrees("potency, frozen, -80 C")
    'potency, frozen, −80 °C'
    """
    return re.sub(r"(-?)(\d+(?:\.\d+)?) C\b", lambda found: f"{MINUS if found[1] else ''}{found[2]} °C", text)


def _condition(axes: Axes, entry: ConditionShelfLife, unit: float, looks: dict[str, ArmLook]) -> None:
    """Readings, line, bound and limit of one condition, in percent."""
    last = max(reading.days for reading in entry.readings)
    crossing = entry.crossing if math.isfinite(entry.crossing) else last
    end = max(1.15 * last, min(1.05 * crossing, 2.0 * last), 1.0)
    per, title = _time(end)
    for reading in entry.readings:
        look = looks[f"batch {reading.batch}"]
        place = (reading.days / per, reading.value / unit)
        axes.plot(*place, marker=look.marker, markersize=4.0, color=look.colour, zorder=3, clip_on=False)
    limit = entry.limit / unit
    _limit(axes, limit)
    if entry.line is not None:
        seen, beyond = np.linspace(0.0, last, 80), np.linspace(last, end, 40)
        pooled = entry.line.pooled == "one line"
        for place, batch in enumerate(entry.line.batches[:1] if pooled else entry.line.batches):
            colour = style.MUTED if pooled else looks[f"batch {batch}"].colour
            for days, kind in ((seen, "-"), (beyond, ":")):
                axes.plot(days / per, entry.line.mean(days, place) / unit, kind, color=colour, linewidth=1.4)
            days = np.concatenate([seen, beyond])
            axes.plot(days / per, entry.line.bound(days, place) / unit, "--", color=colour, linewidth=0.9)
    if entry.reached is not None:
        axes.axvline(entry.reached / per, color=style.MUTED, linewidth=0.9, zorder=1)
    highest = max(reading.value / unit for reading in entry.readings)
    lowest = min(min(reading.value / unit for reading in entry.readings), limit)
    room = 0.12 * (highest - lowest) + 2.0
    axes.set_ylim(max(lowest - room, 0.0), highest + room)
    axes.set_xlim(0.0, end / per)
    of = "label" if entry.attribute == "particles" else "release"
    _titles(axes, title, f"% of {of}")


def _arrhenius(axes: Axes, stability: Stability, state: State, line: Arrhenius) -> None:
    """Loss a month over 1 / T, with the temperatures below it."""
    from anagen.exosomes.series import rates_of

    followed = [rate for rate, _ in rates_of(stability.product.stability)[state][1] if rate.rate > 0.0]

    def percent(rate: FloatArray) -> FloatArray:
        return -100.0 * np.expm1(-rate * DAYS_A_MONTH)

    def place(temperature: FloatArray) -> FloatArray:
        return -1000.0 / (temperature + ZERO_CELSIUS)

    temperatures = np.array([rate.temperature for rate in followed])
    rates, errors = (np.array([getattr(rate, key) for rate in followed]) for key in ("rate", "error"))
    low, high = percent(np.maximum(rates - errors, 0.05 * rates)), percent(rates + errors)
    middle = percent(rates)
    axes.errorbar(
        place(temperatures), middle, yerr=[middle - low, high - middle], fmt="o", color=style.PALETTE[1],
        markersize=4.0, elinewidth=0.9, capsize=2.5, zorder=3,
    )  # fmt: skip
    fine = np.linspace(temperatures.min(), temperatures.max(), 60)
    fitted = percent(np.array([line.at(float(t)) for t in fine]))
    axes.plot(place(fine), fitted, color=style.PALETTE[0], linewidth=1.4)
    axes.set_yscale("log")
    ends = (float(min(low.min(), fitted.min())) / 1.3, float(max(high.max(), fitted.max())) * 1.3)
    axes.set_ylim(*ends)
    marks = [mark for mark in _MARKS if ends[0] <= mark <= ends[1]]
    axes.set_yticks(marks, [f"{mark:g}" for mark in marks])
    axes.set_xticks(place(temperatures), _temperatures(place(temperatures), temperatures))
    axes.minorticks_off()
    _titles(axes, f"°C, spaced as 1/T; Ea {line.energy:.0f} ± {line.energy_error:.0f} kJ/mol", "% lost a month")


def _temperatures(places: FloatArray, temperatures: FloatArray) -> list[str]:
    """Labels of temperatures, left out where one would run into the one before.

    >>> _temperatures(np.array([0.0, 0.05, 1.0]), np.array([-80.0, -78.0, 5.0]))
    ['−80', '', '5']
    """
    wide = float(places.max() - places.min()) or 1.0
    labels, last = [""] * len(places), -math.inf
    for index in np.argsort(places):
        if (places[index] - last) / wide >= APART:
            labels[index], last = f"{temperatures[index]:g}".replace("-", MINUS), float(places[index])
    return labels


def _prior(axes: Axes, prior: PriorCourse) -> None:
    """Share of the count that the priors leave, with its band."""
    per, title = _time(prior.days[-1])
    days = np.array(prior.days)
    central, low, high = (100.0 * np.array(course) for course in (prior.central, prior.low, prior.high))
    axes.fill_between(days / per, low, high, color=style.MUTED, alpha=0.18, linewidth=0)
    seen = days <= prior.followed
    axes.plot(days[seen] / per, central[seen], "-", color=style.INK, linewidth=1.4)
    first = max(int(seen.sum()) - 1, 0)
    axes.plot(days[first:] / per, central[first:], ":", color=style.INK, linewidth=1.4)
    _limit(axes, 100.0 * prior.limit)
    axes.set_xlim(0.0, days[-1] / per)
    axes.set_ylim(0.0, 104.0)
    _titles(axes, title, "% of the count")


def _limit(axes: Axes, level: float) -> None:
    axes.axhline(level, color=style.INK, linewidth=1.5, zorder=2)
    # Below the line and at its beginning, where no course has come down to yet.
    axes.annotate(
        "limit", (0.0, level), (3, -2.5), xycoords=("axes fraction", "data"), textcoords="offset points", ha="left",
        va="top", fontsize=6.5, color=style.INK,
    )  # fmt: skip


def _titles(axes: Axes, below: str, left: str) -> None:
    axes.set_xlabel(below, fontsize=style.SMALL_SIZE)
    axes.set_ylabel(left, fontsize=style.SMALL_SIZE)
    axes.grid(axis="y")
    if below == "Months":
        end = axes.get_xlim()[1]
        step = next(step for step in (1, 2, 3, 6, 12, 24, 48) if end / step <= 7.0)
        axes.set_xticks(np.arange(0.0, end + 1e-9, step))
