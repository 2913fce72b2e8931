"""Pictures of the Clinic as SVG, drawn while a slider moves: scalps, curves with a cursor, a hundred people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.prognoses.asked import STOPPED, WITH, WITHOUT
from anagen.scalp.picture.looks import hex_of
from anagen.scalp.picture.phase_paths import phase_paths
from anagen.scalp.picture.shapes import Drawing

UNITS = 100
"""Units of a scalp to a millimetre."""
XMLNS = 'xmlns="http://www.w3.org/2000/svg"'
COLOURS = {WITH: "#0072B2", WITHOUT: "#5A5A5A", STOPPED: "#D55E00"}
DASHES = {WITH: "", WITHOUT: "7 5", STOPPED: "2 4"}
WIDE, HIGH, LEFT, RIGHT, TOP, BOTTOM = 440, 260, 52, 12, 12, 40
"""Size of a chart and of its margins."""
MARKS = (
    ("gain", "#0072B2", "M-7 6L0 -7 7 6z"),
    ("stay", "#5A5A5A", "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0 -10 0z"),
    ("lose", "#D55E00", "M-7 -6L0 7 7 -6z"),
)
"""How people are drawn: a triangle that points up, a ring, a triangle that points down."""


def scalp_svg(drawing: Drawing, label: str) -> str:
    """A scalp to scale, with a bar of a millimetre on a light plate.

    Parameters
    ----------
    drawing : Drawing
        What is drawn.
    label : str
        What it shows, in words.

    Returns
    -------
    str
        One SVG element.
    """
    side = round(drawing.side * UNITS)
    lines = [
        f'<svg {XMLNS} class="scalp" role="img" aria-label={quoteattr(label)} viewBox="0 0 {side} {side}" fill="none">'
    ]
    lines.append(f'<rect class="scalp-skin" width="{side}" height="{side}" fill="{hex_of(drawing.skin)}"/>')
    for discs in drawing.discs:
        places = zip((discs.centre * UNITS).tolist(), (discs.radius * UNITS).tolist(), strict=True)
        circles = "".join(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.1f}"/>' for (x, y), r in places)
        lines.append(f'<g fill="{hex_of(discs.colour)}" opacity="{discs.opacity:g}">{circles}</g>')
    lines += phase_paths(drawing)
    bottom = side - 40
    lines.append(f'<rect x="20" y="{bottom - 34}" width="232" height="56" rx="8" fill="#ffffff" opacity="0.9"/>')
    lines.append(f'<path d="M40 {bottom - 6}h100" stroke="#222222" stroke-width="10"/>')
    lines.append(
        f'<text x="156" y="{bottom + 6}" font-size="36" font-family="sans-serif" fill="#222222">1 mm</text></svg>'
    )
    return "".join(lines)


@dataclass(frozen=True)
class Line:
    """One course of a chart.

    Attributes
    ----------
    name : str
        WITH, WITHOUT or STOPPED.
    label : str
        In words.
    weeks : FloatArray
        Their weeks.
    values : FloatArray
        Of the same length.
    low : FloatArray or None
        Lower end of the band.
    high : FloatArray or None
        Upper end.
    """

    name: str
    label: str
    weeks: FloatArray
    values: FloatArray
    low: FloatArray | None = None
    high: FloatArray | None = None


def chart_svg(lines: Sequence[Line], *, week: int, last: int, label: str, whole: bool) -> str:
    """Courses over weeks with bands and a cursor.

    The cursor is a line with the class "cursor"; `data-left` and `data-step` of the picture tell where a week is.

    Parameters
    ----------
    lines : Sequence[Line]
        Courses.
    week : int
        Where the cursor stands.
    last : int
        Last week.
    label : str
        What it shows, in words.
    whole : bool
        Whether values are whole numbers.

    Returns
    -------
    str
        One SVG element.
    """
    known = [values for line in lines for values in (line.values, line.low, line.high) if values is not None]
    low, high = min(float(np.nanmin(v)) for v in known), max(float(np.nanmax(v)) for v in known)
    ticks = _ticks(low, high)
    low, high = ticks[0], ticks[-1]
    step = (WIDE - LEFT - RIGHT) / last
    tall = HIGH - TOP - BOTTOM

    def x(weeks: FloatArray) -> FloatArray:
        return LEFT + step * weeks

    def y(values: FloatArray) -> FloatArray:
        return TOP + tall * (high - values) / (high - low)

    drawn = [
        f'<svg {XMLNS} class="chart" role="img" aria-label={quoteattr(label)} viewBox="0 0 {WIDE} {HIGH}" fill="none" '
        f'font-family="sans-serif" font-size="13" data-left="{LEFT}" data-step="{step:.5f}">'
    ]
    for tick in ticks:
        at = float(y(np.array(tick)))
        words = f"{tick:.0f}" if whole or abs(ticks[1] - ticks[0]) >= 1.0 else f"{tick:.2f}".rstrip("0").rstrip(".")
        drawn.append(f'<path class="rule" d="M{LEFT} {at:.1f}H{WIDE - RIGHT}" stroke="#C9C9C9"/>')
        drawn.append(_words(words, LEFT - 6, at + 4.0, "end"))
    for at in range(0, last + 1, 26 if last > 52 else 8):
        place = LEFT + step * at
        drawn.append(_words(str(at), place, HIGH - BOTTOM + 18, "middle"))
    middle = 0.5 * (LEFT + WIDE - RIGHT)
    drawn.append(_words("week", middle, HIGH - 5, "middle"))
    for line in lines:
        if line.low is not None and line.high is not None and np.isfinite(line.low).all():
            across = np.concatenate([x(line.weeks), x(line.weeks)[::-1]])
            along = np.concatenate([y(line.high), y(line.low)[::-1]])
            shape = _path(across, along)
            drawn.append(f'<path class="band {line.name}" d="{shape}z" fill="{COLOURS[line.name]}" opacity="0.16"/>')
    for line in lines:
        dash = f' stroke-dasharray="{DASHES[line.name]}"' if DASHES[line.name] else ""
        shape = _path(x(line.weeks), y(line.values))
        drawn.append(
            f'<path class="line {line.name}" d="{shape}" stroke="{COLOURS[line.name]}" stroke-width="2.2"{dash}/>'
        )
    place = LEFT + step * week
    drawn.append(
        f'<path class="cursor" d="M0 {TOP}V{HIGH - BOTTOM}" transform="translate({place:.1f} 0)" stroke="#222222"/>'
    )
    return "".join([*drawn, "</svg>"])


def hundred_svg(people: Mapping[str, int], label: str) -> str:
    """A hundred people in ten rows, those who gain first.

    Parameters
    ----------
    people : Mapping[str, int]
        "gain", "stay", "lose" -> how many.
    label : str
        What it shows, in words.

    Returns
    -------
    str
        One SVG element, with one path for each kind.
    """
    drawn = [f'<svg {XMLNS} class="people" role="img" aria-label={quoteattr(label)} viewBox="0 0 220 220" fill="none">']
    first = 0
    for kind, colour, shape in MARKS:
        places = range(first, first + people[kind])
        first += people[kind]
        marks = "".join(_moved(shape, 20 * (place % 10) + 20, 20 * (place // 10) + 20) for place in places)
        if marks:
            filled = 'stroke-width="2" stroke=' if kind == "stay" else "fill="
            drawn.append(f'<path class="{kind}" d="{marks}" {filled}"{colour}"/>')
    return "".join([*drawn, "</svg>"])


def _words(words: str, x: float, y: float, anchor: str) -> str:
    return f'<text class="ink" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="#222222">{escape(words)}</text>'


def _moved(shape: str, x: int, y: int) -> str:
    """A mark at a place: its first point is absolute, and so are the points of its triangle."""
    start, _, rest = shape[1:].partition("a" if "a" in shape else "L")
    dx, dy = (float(part) for part in start.split())
    if "a" in shape:
        return f"M{x + dx:g} {y + dy:g}a{rest}"
    points = rest.rstrip("z").split()
    moved = [f"{float(value) + (x if i % 2 == 0 else y):g}" for i, value in enumerate(points)]
    return f"M{x + dx:g} {y + dy:g}L{' '.join(moved)}z"


def _path(across: FloatArray, along: FloatArray) -> str:
    points = [f"{a:.1f} {b:.1f}" for a, b in zip(across.tolist(), along.tolist(), strict=True)]
    return "M" + "L".join(points)


def _ticks(low: float, high: float) -> list[float]:
    """A few round numbers around all values.

    >>> _ticks(196.0, 262.0)
    [190.0, 200.0, 210.0, 220.0, 230.0, 240.0, 250.0, 260.0, 270.0]
    >>> _ticks(0.61, 0.86)
    [0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9]
    """
    span = max(high - low, 1e-6 * max(abs(high), 1.0), 1e-9)
    size = 10.0 ** np.floor(np.log10(span))
    step = float(next(times * size for times in (0.1, 0.2, 0.5, 1.0, 2.0) if span / (times * size) <= 7.5))
    first, past = np.floor(low / step), np.ceil(high / step)
    return [float(f"{step * i:.10g}") for i in np.arange(first, max(past, first + 1.0) + 1.0)]
