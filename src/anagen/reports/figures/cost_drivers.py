"""What moves the cost of a dose: a bar per number, from the cost at its low end to that at its high end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anagen.core.words import counted
from anagen.reports import style
from anagen.reports.numbers import significant

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from anagen.exosomes import Making
    from anagen.exosomes.cost_drivers import CostDriver

WIDTH = 7.4
LABELS, ENDS = 2.95, 1.6
ROW = 0.3
MOST = 12
"""Bars that are drawn; the others move the cost less."""
WIDE = 8.0
"""Ratio of the costs at the ends beyond which the axis is logarithmic."""
AT_LOW, AT_HIGH = style.PALETTE[0], style.PALETTE[1]


def draw_cost_drivers(making: Making) -> Figure:
    """Tornado plot: how the cost of a dose moves with each uncertain number, the plant being kept.

    Parameters
    ----------
    making : Making
        From `make_product`.

    Returns
    -------
    Figure
        In the style of the reports.

    Raises
    ------
    ValueError
        Where no number moves the cost.
    """
    if not making.drivers:
        raise ValueError("no uncertain number moves the cost of this product")
    with style.styled():
        return _drawn(making, making.drivers[:MOST])


def _drawn(making: Making, drivers: tuple[CostDriver, ...]) -> Figure:
    cost, _ = making.figures["cost per dose"]
    plant = making.plant
    words = style.heading(
        f"What moves the cost of a dose: {making.product.title}",
        f"{counted(making.doses, 'dose')} in {plant.system.title}, {plant.vessel.name}: "
        f"{counted(plant.pooled, 'run')} a batch, {counted(plant.lines, 'line')}. "
        "Each number goes to its 5 and 95 % point, the others stay at their centre, and so does the "
        f"plant; together they give {_money(cost.low)} to {_money(cost.high)} USD. Prices are assumptions.",
        WIDTH,
    )
    body = ROW * len(drivers)
    key = 0.24
    figure = style.new_figure(WIDTH, words.height + key + body + 0.62)
    style.draw_heading(figure, words)
    top = words.height + key
    left = style.MARGIN + LABELS
    axes = style.inch_axes(figure, left, top, WIDTH - left - ENDS - style.MARGIN, body)
    _bars(axes, drivers, cost.central)
    style.inch_text(figure, left, words.height, "low end", color=AT_LOW, fontsize=style.SMALL_SIZE, fontweight="bold")
    style.inch_text(
        figure, left + 0.65, words.height, "high end", color=AT_HIGH, fontsize=style.SMALL_SIZE, fontweight="bold"
    )
    style.inch_text(
        figure, WIDTH - ENDS - 0.02, words.height, "low to high (grade)", color=style.MUTED, fontsize=style.SMALL_SIZE
    )
    for number, driver in enumerate(drivers):
        middle = top + (number + 0.5) * ROW
        label = style.shorten(driver.title, LABELS - 0.1)
        style.inch_text(figure, left - 0.08, middle, label, ha="right", va="center")
        ends = f"{significant(driver.low, 3)} to {significant(driver.high, 3)} ({driver.grade})"
        place = WIDTH - ENDS - 0.02
        style.inch_text(figure, place, middle, ends, va="center", fontsize=style.SMALL_SIZE, color=style.MUTED)
    return figure


def _bars(axes: Axes, drivers: tuple[CostDriver, ...], centre: float) -> None:
    """The bars, widest on top, and the cost at the centre."""
    from matplotlib.ticker import LogLocator, NullFormatter

    costs = [cost for driver in drivers for cost in (driver.cost_at_low, driver.cost_at_high)]
    if max(costs) > WIDE * min(costs):
        axes.set_xscale("log")
        # labels of every minor tick run into one another
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_ylim(len(drivers) - 0.5, -0.5)
    for place, driver in enumerate(drivers):
        ends = ((driver.cost_at_low, AT_LOW, 0.27), (driver.cost_at_high, AT_HIGH, 0.27))
        same_side = (driver.cost_at_low - centre) * (driver.cost_at_high - centre) > 0.0
        for number, (cost, colour, half) in enumerate(ends):
            # Two ends on the same side would hide one another, so each takes half of the row.
            low = place - half if not (same_side and number) else place
            high = place + half if not (same_side and not number) else place
            axes.fill_between([centre, cost], low, high, color=colour, linewidth=0.0)
    axes.axvline(centre, color=style.INK, linewidth=0.9)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.xaxis.set_major_formatter(lambda value, _: _money(value))
    axes.set_xlabel(f"cost of a dose [USD]; the line is the central {_money(centre)} USD")


def _money(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 10.0 else f"{amount:.2g}"
