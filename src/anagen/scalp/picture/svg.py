"""A page as SVG: every hair as wide as it is, in hundredths of a millimetre of skin."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from anagen.scalp.picture.looks import hex_of
from anagen.scalp.picture.page import INK, Page
from anagen.scalp.picture.phase_paths import phase_paths
from anagen.scalp.picture.shapes import Discs, Drawing, Outline, Strokes

WAYS = ("hair", "phase")
"""How hairs are written: each in its own colour and width, or one path for each phase."""


def to_svg(page: Page, *, by: str = "hair", label: str | None = None) -> bytes:
    """The page as a picture that can be measured.

    Parameters
    ----------
    page : Page
        Laid out.
    by : {"hair", "phase"}
        Hairs in their own colours, those of one width in one path; or all hairs of a phase in one path with a class,
        for pictures that are drawn anew while somebody moves a slider. Both are true to scale.
    label : str, optional
        What the picture shows, for those who cannot see it; what the metadata says where left out.

    Returns
    -------
    bytes
        The same for the same page.

    Raises
    ------
    ValueError
        Where `by` is neither.
    """
    if by not in WAYS:
        raise ValueError(f"{by!r} is not one of {WAYS}")
    units = page.units
    width, height = round(page.width * units), round(page.height * units)
    size = f'width="{page.width * page.magnified:.1f}mm" height="{page.height * page.magnified:.1f}mm"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label={quoteattr(label or page.about)} {size} '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif">',
        f"<title>{escape(page.about)}</title>",
        f"<metadata>{escape(page.about)}</metadata>",
        f'<rect class="scalp-plate" width="{width}" height="{height}" fill="{page.plate}"/>',
    ]
    for number, (x, y, drawing) in enumerate(page.panels):
        side = round(drawing.side * units)
        drawn = [f'<rect class="scalp-skin" width="{side}" height="{side}" fill="{hex_of(drawing.skin)}"/>']
        drawn += _below(drawing, units)
        drawn += phase_paths(drawing) if by == "phase" else _hairs(drawing, units)
        # a name of its own, so that pictures that stand in one page do not cut each other off
        name = f"c{zlib.crc32(''.join(drawn).encode()):x}-{number}"
        lines.append(f'<clipPath id="{name}"><rect width="{side}" height="{side}"/></clipPath>')
        place = f"translate({round(x * units)} {round(y * units)})"
        lines += [f'<g transform="{place}" clip-path="url(#{name})" fill="none">', *drawn, "</g>"]
    for text in page.texts:
        weight = ' font-weight="bold"' if text.bold else ""
        place = f'x="{round(text.x * units)}" y="{round(text.y * units)}" font-size="{text.size * units:.1f}"'
        lines.append(f'<text {place}{weight} fill="{text.colour}">{escape(text.words)}</text>')
    x, y, length = (round(value * units) for value in page.bar)
    thick = round(page.bar_width * units)
    lines += [f'<path d="M{x} {y}h{length}" stroke="{INK}" stroke-width="{thick}" fill="none"/>', "</svg>"]
    return "\n".join(lines).encode()


def _below(drawing: Drawing, units: float) -> Iterator[str]:
    for outline in drawing.outlines:
        yield _outline(outline, units)
    for discs in drawing.discs:
        yield from _discs(discs, units)


def _hairs(drawing: Drawing, units: float) -> Iterator[str]:
    yield from _strokes(drawing.shades, units)
    yield from _strokes(drawing.hairs, units)


def _outline(outline: Outline, units: float) -> str:
    at = np.rint(outline.points * units).astype(np.int64)
    steps = _numbers(np.diff(at, axis=0).ravel().tolist())
    return f'<path d="M{_numbers(at[0].tolist())}l{steps}z" fill="{hex_of(outline.colour)}"/>'


def _discs(discs: Discs, units: float) -> Iterator[str]:
    """Discs as dots of a round pen, those of one size in one path."""
    if not len(discs.centre):
        return
    size = np.rint(2.0 * discs.radius * units).astype(np.int64)
    order = np.argsort(size, kind="stable")
    at = np.rint(discs.centre * units).astype(np.int64)
    yield f'<g stroke="{hex_of(discs.colour)}" opacity="{discs.opacity:g}" stroke-linecap="round">'
    for width, members in groupby(order.tolist(), key=size.tolist().__getitem__):
        dots = "".join(f"M{at[i, 0]} {at[i, 1]}h0" for i in members)
        yield f'<path d="{dots}" stroke-width="{width}"/>'
    yield "</g>"


def _strokes(strokes: Strokes, units: float) -> Iterator[str]:
    """Curves in groups of one colour, and in them of one width, in their order."""
    start = np.rint(strokes.points[:, 0] * units).astype(np.int64).tolist()
    on = np.rint(strokes.points[:, 1:] * units).astype(np.int64) - np.array(start).reshape(-1, 1, 2)
    bent = np.any(np.abs(2 * on[:, 0] - on[:, 1]) > 1, axis=1).tolist()
    steps = on.reshape(-1, 4).tolist()
    colours = [hex_of(colour) for colour in strokes.colour]
    widths = [f"{width:.1f}".removesuffix(".0") for width in (strokes.width * units).tolist()]
    opacity = "" if strokes.opacity == 1.0 else f' opacity="{strokes.opacity:g}"'
    for colour, members in groupby(range(len(colours)), key=colours.__getitem__):
        yield f'<g stroke="{colour}"{opacity}>'
        for width, alike in groupby(members, key=widths.__getitem__):
            curves = "".join(
                f"M{_numbers(start[i])}{'q' + _numbers(steps[i]) if bent[i] else 'l' + _numbers(steps[i][2:])}"
                for i in alike
            )
            yield f'<path d="{curves}" stroke-width="{width}"/>'
        yield "</g>"


def _numbers(values: list[int]) -> str:
    """Numbers with a space between them only where no sign parts them."""
    text = str(values[0])
    for value in values[1:]:
        text += f"{value}" if value < 0 else f" {value}"
    return text
