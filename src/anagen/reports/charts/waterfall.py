"""A number that factors make smaller or larger, step by step, on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anagen.reports import style
from anagen.reports.charts.frame import opened, text
from anagen.reports.numbers import significant

ROW, LABELS, TOP, FOOT, RIGHT = 40.0, 168.0, 12.0, 40.0, 86.0
COLOURS = {"total": style.PALETTE[0], "loss": style.PALETTE[1], "gain": style.PALETTE[2], "even": style.MUTED}
LEAST = 1e-12
"""What is left is drawn no smaller than this share of the first."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One step.

    Attributes
    ----------
    name : str
        Of the factor.
    factor : str
        The factor in words, such as "× 0.49"; empty of the first and the last.
    start : float
        Where the bar begins.
    stop : float
        Where it ends: what is left.
    low : float or None
        5 % of what is left; None where it is not told.
    high : float or None
        95 %.
    """

    name: str
    factor: str
    start: float
    stop: float
    low: float | None = None
    high: float | None = None


def waterfall_chart(
    bars: Sequence[Bar], *, name: str, title: str, description: str, x_title: str, width: float = 560.0
) -> str:
    """From the first number to the last, a row for each step.

    Parameters
    ----------
    bars : Sequence of Bar
        The first and the last begin at the axis; numbers above 0, or 0 where nothing is left.
    name : str
        Identifier that no other chart of a page has.
    title : str
        Name of the chart.
    description : str
        What it shows, in a sentence.
    x_title : str
        Of the axis.
    width : float
        [px].

    Returns
    -------
    str
        An SVG element of the class "chart".

    Examples
    --------
    >>> bars = [Bar("label", "", 1e10, 1e10), Bar("kept", "× 0.5", 1e10, 5e9), Bar("potent", "", 5e9, 5e9)]
    >>> waterfall_chart(bars, name="w", title="W", description="Half is left.", x_title="particles").count("<rect")
    4
    """
    first = bars[0].stop
    floor = LEAST * first if first > 0.0 else 1.0
    values = [max(v, floor) for bar in bars for v in (bar.start, bar.stop, bar.low, bar.high) if v is not None]
    low, high = math.floor(math.log10(min(values)) + 1e-9), math.ceil(math.log10(max(values)) - 1e-9)
    low, high = (low - 1 if low == high else low), high
    height = TOP + ROW * len(bars) + FOOT
    wide = width - LABELS - RIGHT

    def place(value: float) -> float:
        return LABELS + wide * (math.log10(max(value, floor)) - low) / (high - low)

    parts = opened(title, description, width, height, name)
    foot = TOP + ROW * len(bars)
    step = max(1, math.ceil((high - low) / 6))
    for power in range(low, high + 1, step):
        x = place(10.0**power)
        parts.append(f'<path class="grid" d="M{x:.1f},{TOP:.1f} V{foot:.1f}" stroke="{style.GRID}" stroke-width="1"/>')
        parts.append(text(x, foot + 16, significant(10.0**power, 1), anchor="middle", kind="muted"))
    parts.append(text(LABELS + 0.5 * wide, foot + 34, x_title, anchor="middle", kind="muted"))
    for row, bar in enumerate(bars):
        parts += _row(bar, TOP + ROW * row, place, whole=row in (0, len(bars) - 1))
        if row + 1 < len(bars):
            x, y = place(bar.stop), TOP + ROW * row + 0.5 * ROW
            parts.append(
                f'<path class="axis" d="M{x:.1f},{y + 9:.1f} v{ROW - 18:.1f}" stroke="{style.MUTED}" '
                'stroke-width="1" stroke-dasharray="2 2"/>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _row(bar: Bar, top: float, place: Callable[[float], float], *, whole: bool) -> list[str]:
    middle = top + 0.5 * ROW
    begin, end = (LABELS, place(bar.stop)) if whole else (place(bar.start), place(bar.stop))
    left, right = min(begin, end), max(begin, end)
    kind = "total" if whole else "gain" if bar.stop > bar.start else "loss" if bar.stop < bar.start else "even"
    colour = COLOURS[kind]
    parts = [
        text(LABELS - 8, middle + (0 if bar.factor else 4), bar.name, anchor="end", bold=whole),
        f'<rect class="{kind}" x="{left:.1f}" y="{middle - 9:.1f}" width="{max(right - left, 1.5):.1f}" height="18" '
        f'fill="{colour}"/>',
    ]
    if bar.factor:
        parts.append(text(LABELS - 8, middle + 14, bar.factor, anchor="end", kind="muted"))
    last = right
    if bar.low is not None and bar.high is not None:
        a, b = place(bar.low), place(bar.high)
        parts.append(
            f'<path class="whisker" d="M{a:.1f},{middle:.1f} H{b:.1f} M{a:.1f},{middle - 5:.1f} v10 '
            f'M{b:.1f},{middle - 5:.1f} v10" stroke="{style.INK}" stroke-width="1.5" fill="none"/>'
        )
        last = max(last, b)
    parts.append(text(last + 6, middle + 4, significant(bar.stop, 3), bold=whole))
    return parts
