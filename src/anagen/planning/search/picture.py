"""Cost against the chance of success, months as colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anagen.planning.search.wording import goal_of, headline
from anagen.reports import style
from anagen.reports.numbers import percent

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anagen.planning.search.result import DesignSearch

TALL, LEFT, BELOW, RIGHT = 3.3, 0.65, 0.5, 1.05
BAR_GAP, BAR = 0.18, 0.14
COLOURS = "viridis"
"""Even in lightness, and told apart with any sight of colours."""
SMALL, LARGE = 12.0, 30.0
DECADE = 10.0
"""Months that lie further apart than so many times are coloured by their logarithm."""
THOUSAND, MILLION = 1e3, 1e6


def draw_front(result: DesignSearch) -> Figure:
    """All candidates, those that no other beats marked, with the goal and the limits.

    Parameters
    ----------
    result : DesignSearch
        What is drawn.

    Returns
    -------
    Figure
        Cost or patients across, the chance of success upwards, months as colour.
    """
    from matplotlib.colors import LogNorm, Normalize
    from matplotlib.ticker import FuncFormatter, LogLocator

    (kind, share), table = goal_of(result), result.table
    priced = bool(table["cost"].notna().any())
    across = table["cost"] if priced else table["patients_in_all"].astype(float)
    ceiling = float(result.designs["ceiling"].max())
    dotted = " Dotted: the highest ceiling of any design." if kind == "assurance" else ""
    limit = " Vertical: the budget." if result.limits.budget is not None else ""
    words = style.heading(
        f"Cost, months and {kind} of {len(table)} candidates" if priced else f"Patients, months and {kind}",
        f"Ringed: no other is cheaper, shorter and likelier. Dashed: the goal of {percent(share)}.{dotted}{limit}",
    )
    figure = style.new_figure(style.WIDTH, words.height + TALL + BELOW)
    style.draw_heading(figure, words)
    wide = style.WIDTH - LEFT - RIGHT
    axes = style.inch_axes(figure, LEFT, words.height, wide, TALL)
    axes.set_xscale("log")
    axes.axhline(100.0 * share, color=style.MUTED, linewidth=1.0, linestyle="--")
    if kind == "assurance":
        axes.axhline(100.0 * ceiling, color=style.MUTED, linewidth=1.2, linestyle=":")
    if result.limits.budget is not None:
        axes.axvline(result.limits.budget, color=style.MUTED, linewidth=1.0)
    front = table["on_front"].to_numpy(dtype=bool)
    months = table["months"].to_numpy(dtype=np.float64)
    low, high = float(months.min()), float(months.max())
    high = high if high > low else low + 1.0
    scale = LogNorm(low, high) if high > DECADE * low else Normalize(low, high)
    shown = None
    for chosen, size, edge in ((~front, SMALL, "none"), (front, LARGE, style.INK)):
        points = axes.scatter(
            across[chosen],
            100.0 * table[kind][chosen],
            c=months[chosen],
            s=size,
            cmap=COLOURS,
            norm=scale,
            edgecolors=edge,
            linewidths=0.8,
            alpha=0.55 if edge == "none" else 1.0,
            zorder=2.0 if edge == "none" else 3.0,
        )
        shown = points if chosen.any() else shown
    if result.best is not None:
        x = result.best.cost["total"] if priced else float(result.best.in_all)
        axes.scatter([x], [100.0 * result.best.reached(kind)], marker="*", s=190.0, color=style.OUTSIDE,
            edgecolors=style.PAPER, linewidths=0.8, zorder=4.0)  # fmt: skip
        axes.annotate("best", (x, 100.0 * result.best.reached(kind)), xytext=(8, -12), textcoords="offset points",
            color=style.OUTSIDE, fontweight="bold", fontsize=style.SMALL_SIZE, zorder=5.0)  # fmt: skip
    axes.set_ylim(0.0, 103.0)
    axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(float(value))))
    axes.xaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    axes.set_xlabel(f"cost ({result.pool.prices.currency})" if priced else "patients in all")
    axes.set_ylabel(f"{kind} (%)")
    axes.grid(axis="y")
    beside = style.inch_axes(figure, LEFT + wide + BAR_GAP, words.height + 0.25, BAR, TALL - 0.5)
    assert shown is not None
    bar = figure.colorbar(shown, cax=beside)
    bar.set_label("months")
    beside.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.3g}"))
    beside.yaxis.set_minor_formatter(FuncFormatter(lambda value, _: ""))
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    beside.tick_params(length=0)
    return figure


def alt_of(result: DesignSearch) -> str:
    """What the picture shows, for those who cannot see it."""
    return f"Chance of success over cost of every candidate, months as colour. {headline(result)}"


def _short(value: float) -> str:
    """An amount on an axis.

    Examples
    --------
    >>> _short(2000.0), _short(500000.0), _short(2e6), _short(50.0)
    ('2k', '500k', '2M', '50')
    """
    for unit, sign in ((MILLION, "M"), (THOUSAND, "k")):
        if value >= unit:
            return f"{value / unit:g}{sign}"
    return f"{value:g}"
