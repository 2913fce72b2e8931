"""What all charts share: the frame, the axes and their ticks, words that wrap."""

from __future__ import annotations

import math
from dataclasses import dataclass
from html import escape

from anagen.reports import style
from anagen.reports.numbers import number, significant

SIZE = 12.0
CHARACTER = 0.55
"""Mean width of a letter over its height, in the fonts that browsers take for sans-serif."""
UNSEEN = 0.1
"""Distance from a straight line that nobody sees [px]."""
NICE = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the axes of a chart stand, and between which values.

    Attributes
    ----------
    left : float
        Left edge of the plot [px].
    top : float
        Upper edge [px].
    width : float
        Width [px].
    height : float
        Height [px].
    x : tuple[float, float]
        Values at the left and right edge.
    y : tuple[float, float]
        Values at the lower and upper edge.
    """

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Place of a value [px]."""
        along = (x - self.x[0]) / (self.x[1] - self.x[0])
        up = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + along * self.width, self.top + (1.0 - up) * self.height


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers between two values, at most so many.

    Parameters
    ----------
    low : float
        Least value.
    high : float
        Greatest value, above the least.
    most : int
        Most ticks.

    Returns
    -------
    list of float
        Rising.

    Examples
    --------
    >>> ticks(0.0, 26.0), ticks(0.0, 0.47)
    ([0.0, 5.0, 10.0, 15.0, 20.0, 25.0], [0.0, 0.1, 0.2, 0.3, 0.4])
    """
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    steps = (nice * larger * power for larger in (1.0, 10.0, 100.0) for nice in NICE)
    step = next(each for each in steps if math.floor(high / each + 1e-9) - math.ceil(low / each - 1e-9) < most)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(number * step, 12) + 0.0 for number in range(first, last + 1)]


def opened(title: str, description: str, width: float, height: float, name: str) -> list[str]:
    """The beginning of a chart: its name and what it shows, for those who do not see it.

    Parameters
    ----------
    title : str
        Name.
    description : str
        What it shows, in a sentence.
    width : float
        [px].
    height : float
        [px].
    name : str
        Identifier that no other chart of a page has.

    Returns
    -------
    list of str
        Lines of SVG.
    """
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'aria-labelledby="{name}-title {name}-words" font-family="sans-serif" font-size="{SIZE:g}">',
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-words">{escape(description)}</desc>',
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" fill="{style.PAPER}"/>',
    ]


def text(x: float, y: float, words: str, *, anchor: str = "start", kind: str = "ink", bold: bool = False) -> str:
    """One line of words.

    Parameters
    ----------
    x : float
        [px].
    y : float
        Of the base line [px].
    words : str
        Plain text.
    anchor : str
        "start", "middle" or "end".
    kind : str
        "ink" or "muted".
    bold : bool
        Whether it is bold.

    Returns
    -------
    str
        SVG.
    """
    colour = style.MUTED if kind == "muted" else style.INK
    weight = ' font-weight="bold"' if bold else ""
    return (
        f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"{weight}>'
        f"{escape(words)}</text>"
    )


def wide(words: str) -> float:
    """Width of words, about [px].

    Parameters
    ----------
    words : str
        Plain text.

    Returns
    -------
    float
        Width.
    """
    return len(words) * SIZE * CHARACTER


def axes(plot: Plot, x_title: str, y_title: str, *, percent: bool = False) -> list[str]:
    """Axes with ticks, their numbers and titles; a fine line at each tick of the upright axis.

    Parameters
    ----------
    plot : Plot
        Where.
    x_title : str
        Below the chart.
    y_title : str
        Above the upright axis.
    percent : bool
        Whether the upright axis is a share, told in per cent.

    Returns
    -------
    list of str
        Lines of SVG.
    """
    parts: list[str] = []
    right, foot = plot.left + plot.width, plot.top + plot.height
    levels = ticks(*plot.y, most=5)
    decimals = 0 if not percent or len(levels) < 2 else max(0, -math.floor(math.log10(100.0 * (levels[1] - levels[0]))))
    for value in levels:
        _, y = plot.at(plot.x[0], value)
        told = number(100.0 * value, decimals) if percent else significant(value, 3)
        parts.append(
            f'<path class="grid" d="M{plot.left:.1f},{y:.1f} H{right:.1f}" stroke="{style.GRID}" stroke-width="1"/>'
        )
        parts.append(text(plot.left - 6, y + 4, told, anchor="end", kind="muted"))
    for value in ticks(*plot.x, most=max(2, int(plot.width // 70))):
        x, _ = plot.at(value, plot.y[0])
        parts.append(f'<path class="axis" d="M{x:.1f},{foot:.1f} v4" stroke="{style.MUTED}" stroke-width="1"/>')
        parts.append(text(x, foot + 17, significant(value, 4), anchor="middle", kind="muted"))
    parts.append(
        f'<path class="axis" d="M{plot.left:.1f},{foot:.1f} H{right:.1f}" stroke="{style.MUTED}" stroke-width="1"/>'
    )
    parts.append(text(plot.left + 0.5 * plot.width, foot + 34, x_title, anchor="middle", kind="muted"))
    parts.append(text(4.0, plot.top - 10, y_title, kind="muted"))
    return parts


def path(plot: Plot, x: list[float], y: list[float]) -> str:
    """The way through points, as SVG writes it, without those that it would pass anyway.

    Parameters
    ----------
    plot : Plot
        Where.
    x : list of float
        Rising.
    y : list of float
        As many.

    Returns
    -------
    str
        For the attribute `d`.

    References
    ----------
    Ramer 1972, doi:10.1016/S0146-664X(72)80017-0; Douglas & Peucker 1973, doi:10.3138/FM57-6770-U75U-7727.

    Examples
    --------
    >>> path(Plot(0.0, 0.0, 10.0, 10.0, (0.0, 2.0), (0.0, 1.0)), [0.0, 1.0, 2.0], [0.0, 0.5, 1.0])
    'M0.0,10.0 10.0,0.0'
    """
    places = [plot.at(a, b) for a, b in zip(x, y, strict=True)]
    kept = {0, len(places) - 1}
    spans = [(0, len(places) - 1)]
    while spans:
        first, last = spans.pop()
        apart = [(_apart(places[first], places[i], places[last]), i) for i in range(first + 1, last)]
        furthest, place = max(apart, default=(0.0, first))
        if furthest > UNSEEN:
            kept.add(place)
            spans += [(first, place), (place, last)]
    return "M" + " ".join(f"{places[i][0]:.1f},{places[i][1]:.1f}" for i in sorted(kept))


def _apart(before: tuple[float, float], here: tuple[float, float], after: tuple[float, float]) -> float:
    """How far a point lies above or below the straight line between two others [px]."""
    span = after[0] - before[0]
    if span <= 0.0:
        return 0.0
    return abs(before[1] + (after[1] - before[1]) * (here[0] - before[0]) / span - here[1])
