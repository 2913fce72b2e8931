"""Courses over time: lines with a mark and a word at their end, bands, a level, and a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from anagen.reports import style
from anagen.reports.charts.frame import SIZE, Plot, axes, opened, path, text, wide

LEFT, RIGHT, TOP, FOOT = 52.0, 16.0, 32.0, 44.0
KEY = 20.0
"""Height of the row that tells which line is which."""
DASHES = ("", "7 4", "2 3", "9 3 2 3")
"""Dashes of the first line, the second and so on, so that colour does not stand alone."""


@dataclass(frozen=True, slots=True)
class Line:
    """A course.

    Attributes
    ----------
    label : str
        Word at its end.
    x : Sequence[float]
        Rising.
    y : Sequence[float]
        As many.
    aside : bool
        Whether it is there to be compared with, and drawn grey.
    """

    label: str
    x: Sequence[float]
    y: Sequence[float]
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """Between a lower and an upper course.

    Attributes
    ----------
    label : str
        What it holds, such as "5 to 95 %".
    x : Sequence[float]
        Rising.
    low : Sequence[float]
        As many.
    high : Sequence[float]
        As many.
    """

    label: str
    x: Sequence[float]
    low: Sequence[float]
    high: Sequence[float]


@dataclass(frozen=True, slots=True)
class Mark:
    """An upright line at a place, or a level at a height.

    Attributes
    ----------
    value : float
        Where.
    label : str
        What is there.
    level : bool
        Whether it lies across, at a height.
    """

    value: float
    label: str
    level: bool = False


def line_chart(
    lines: Sequence[Line],
    *,
    name: str,
    title: str,
    description: str,
    x_title: str,
    y_title: str,
    bands: Sequence[Band] = (),
    marks: Sequence[Mark] = (),
    percent: bool = False,
    width: float = 520.0,
    height: float = 260.0,
) -> str:
    """Courses over time.

    Parameters
    ----------
    lines : Sequence of Line
        At least one.
    name : str
        Identifier that no other chart of a page has.
    title : str
        Name of the chart.
    description : str
        What it shows, in a sentence.
    x_title : str
        Of the lower axis.
    y_title : str
        Of the upright axis.
    bands : Sequence of Band
        Below the lines.
    marks : Sequence of Mark
        Levels and places.
    percent : bool
        Whether the upright axis is a share, told in per cent.
    width : float
        [px].
    height : float
        [px].

    Returns
    -------
    str
        An SVG element of the class "chart".

    Examples
    --------
    >>> chart = line_chart([Line("kept", [0.0, 7.0], [1.0, 0.5])], name="kept", title="Kept", description="Falls.",
    ...     x_title="Days", y_title="Share", percent=True)
    >>> chart.count('class="line')
    1
    """
    low, high = _ends(lines, bands, marks)
    first, last = min(line.x[0] for line in lines), max(line.x[-1] for line in lines)
    top = TOP + (KEY if len(lines) + len(bands) > 1 else 0.0)
    plot = Plot(LEFT, top, width - LEFT - RIGHT, height - top - FOOT, (first, last), (low, high))
    parts = [*opened(title, description, width, height, name), *axes(plot, x_title, y_title, percent=percent)]
    colours = _colours(lines)
    for band in bands:
        x = [*band.x, *reversed(band.x)]
        y = [*band.high, *reversed(band.low)]
        d = " ".join(f"{a:.1f},{b:.1f}" for a, b in (plot.at(*place) for place in zip(x, y, strict=True)))
        parts.append(f'<path class="band" d="M{d} Z" fill="{style.PALETTE[0]}" fill-opacity="0.16"/>')
    for mark in marks:
        parts += _marked(plot, mark)
    for number, line in enumerate(lines):
        dash = f' stroke-dasharray="{DASHES[number % len(DASHES)]}"' if number else ""
        kind = "aside" if line.aside else f"line-{number % len(DASHES)}"
        parts.append(
            f'<path class="line {kind}" d="{path(plot, list(line.x), list(line.y))}" stroke="{colours[number]}" '
            f'stroke-width="{1.6 if line.aside else 2.4:g}"{dash} fill="none" stroke-linejoin="round"/>'
        )
    parts += _key(lines, bands, colours, width)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _ends(lines: Sequence[Line], bands: Sequence[Band], marks: Sequence[Mark]) -> tuple[float, float]:
    """Least and greatest value of the upright axis, 0 among them, with some room."""
    values = [value for line in lines for value in line.y]
    values += [value for band in bands for value in (*band.low, *band.high)]
    values += [mark.value for mark in marks if mark.level]
    low, high = min(0.0, *values), max(0.0, *values)
    if high - low < 1e-12:
        return low, low + 1.0
    # upright marks have their word at the top
    room = (0.06 if all(mark.level for mark in marks) else 0.16) * (high - low)
    return (low - room if low < 0.0 else 0.0), (high + room if high > 0.0 else 0.0)


def _colours(lines: Sequence[Line]) -> list[str]:
    own = iter(style.PALETTE)
    return [style.CONTROL_GREYS[0] if line.aside else next(own, style.INK) for line in lines]


def _marked(plot: Plot, mark: Mark) -> list[str]:
    if mark.level:
        left, y = plot.at(plot.x[0], mark.value)
        words = text(plot.left + plot.width, y - 4, mark.label, anchor="end", kind="muted")
        d = f"M{left:.1f},{y:.1f} h{plot.width:.1f}"
    else:
        x, _ = plot.at(min(max(mark.value, plot.x[0]), plot.x[1]), plot.y[0])
        late = x > plot.left + 0.6 * plot.width
        words = text(x - 5 if late else x + 5, plot.top + 10, mark.label, anchor="end" if late else "start")
        d = f"M{x:.1f},{plot.top:.1f} v{plot.height:.1f}"
    return [f'<path class="mark" d="{d}" stroke="{style.MUTED}" stroke-width="1.2" stroke-dasharray="4 3"/>', words]


def _key(lines: Sequence[Line], bands: Sequence[Band], colours: Sequence[str], width: float) -> list[str]:
    """Which line is which, in a row at the top; nothing where there is one line without a band."""
    if len(lines) + len(bands) < 2:
        return []
    entries = [(line.label, "line") for line in lines] + [(band.label, "band") for band in bands]
    x = 4.0
    parts: list[str] = []
    for number, (label, what) in enumerate(entries):
        if what == "line":
            dash = f' stroke-dasharray="{DASHES[number % len(DASHES)]}"' if number else ""
            kind = "aside" if lines[number].aside else f"line-{number % len(DASHES)}"
            parts.append(
                f'<path class="line {kind}" d="M{x:.1f},14 h24" stroke="{colours[number]}" stroke-width="2.4"{dash} '
                'fill="none"/>'
            )
        else:
            parts.append(
                f'<rect class="band" x="{x:.1f}" y="8" width="24" height="{SIZE:g}" fill="{style.PALETTE[0]}" '
                'fill-opacity="0.16"/>'
            )
        parts.append(text(x + 30, 18, label))
        x += wide(label) + 42.0
    return parts
