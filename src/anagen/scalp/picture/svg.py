"""A page as SVG: one curve for each hair, as wide as the hair, in hundredths of a millimetre of skin."""

from __future__ import annotations

from itertools import groupby
from xml.sax.saxutils import escape

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.picture.page import INK, PLATE, Page
from anagen.scalp.picture.shapes import Discs, Drawing, Strokes

UNITS = 100
"""Units of the picture to a millimetre of skin."""
MAGNIFIED = 8
"""Millimetres on paper to a millimetre of skin."""


def to_svg(page: Page) -> bytes:
    """The page as a picture that can be measured.

    Parameters
    ----------
    page : Page
        Laid out.

    Returns
    -------
    bytes
        The same for the same page.
    """
    width, height = round(page.width * UNITS), round(page.height * UNITS)
    size = f'width="{page.width * MAGNIFIED:.1f}mm" height="{page.height * MAGNIFIED:.1f}mm"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {width} {height}" font-family="sans-serif">',
        f"<title>{escape(page.about)}</title>",
        f"<metadata>{escape(page.about)}</metadata>",
        f'<rect width="{width}" height="{height}" fill="{PLATE}"/>',
    ]
    for number, (x, y, drawing) in enumerate(page.panels):
        side = round(drawing.side * UNITS)
        lines.append(f'<clipPath id="p{number}"><rect width="{side}" height="{side}"/></clipPath>')
        lines.append(
            f'<g transform="translate({round(x * UNITS)} {round(y * UNITS)})" clip-path="url(#p{number})" fill="none">'
        )
        lines += [f'<rect width="{side}" height="{side}" fill="{_hex(drawing.skin)}"/>', *_drawn(drawing), "</g>"]
    for text in page.texts:
        weight = ' font-weight="bold"' if text.bold else ""
        place = f'x="{round(text.x * UNITS)}" y="{round(text.y * UNITS)}" font-size="{text.size * UNITS:.1f}"'
        lines.append(f'<text {place}{weight} fill="{text.colour}">{escape(text.words)}</text>')
    x, y, length = (round(value * UNITS) for value in page.bar)
    lines += [f'<path d="M{x} {y}h{length}" stroke="{INK}" stroke-width="12" fill="none"/>', "</svg>"]
    return "\n".join(lines).encode()


def _drawn(drawing: Drawing) -> list[str]:
    lines = [line for discs in drawing.discs for line in _discs(discs)]
    return [*lines, *_strokes(drawing.shades), *_strokes(drawing.hairs)]


def _discs(discs: Discs) -> list[str]:
    if not len(discs.centre):
        return []
    places = zip((discs.centre * UNITS).tolist(), (discs.radius * UNITS).tolist(), strict=True)
    circles = [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.1f}"/>' for (x, y), r in places]
    return [f'<g fill="{_hex(discs.colour)}" opacity="{discs.opacity:g}">', *circles, "</g>"]


def _strokes(strokes: Strokes) -> list[str]:
    """Curves in groups of one colour, in their order."""
    lines: list[str] = []
    start = np.rint(strokes.points[:, 0] * UNITS).astype(np.int64)
    on = np.rint(strokes.points[:, 1:] * UNITS).astype(np.int64) - start[:, None]
    colours = [_hex(colour) for colour in strokes.colour]
    opacity = "" if strokes.opacity == 1.0 else f' opacity="{strokes.opacity:g}"'
    for colour, members in groupby(range(len(colours)), key=colours.__getitem__):
        lines.append(f'<g stroke="{colour}"{opacity}>')
        for i in members:
            (x, y), ((a, b), (c, d)) = start[i].tolist(), on[i].tolist()
            width = strokes.width[i] * UNITS
            straight = abs(2 * a - c) <= 1 and abs(2 * b - d) <= 1
            curve = f"l{c} {d}" if straight else f"q{a} {b} {c} {d}"
            lines.append(f'<path d="M{x} {y}{curve}" stroke-width="{width:.1f}"/>')
        lines.append("</g>")
    return lines


def _hex(colour: FloatArray) -> str:
    return "#" + "".join(f"{round(255 * value):02x}" for value in colour.tolist())
