"""Picture of docs/what-it-is.md: the way from a vial to the answer of a trial, as the folders of the code part it."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path

PICTURE = Path(__file__).parent / "what-it-is" / "from-vesicle-to-hair.svg"
INK, MUTED, BLUE, ORANGE, GREEN, PAPER, SKIN = (
    "#222222",
    "#5a5a5a",
    "#0072b2",
    "#d55e00",
    "#009e73",
    "#ffffff",
    "#f6e3d3",
)
WIDE, HIGH, STEP = 1120, 250, 160
STAGES = (
    ("Product", "what is in the vial,", "and how sure that is"),
    ("Delivery", "what arrives at the", "follicle, and for how long"),
    ("Signals", "which clocks of the", "follicle are moved"),
    ("Follicle", "each one grows, rests", "and sheds by itself"),
    ("Scalp", "what can be counted,", "and how it is misread"),
    ("Trial", "who is recruited, who", "is control, who leaves"),
    ("Answer", "the effect, with two", "uncertainties apart"),
)


def picture() -> str:
    """The picture as SVG: a stage for each folder, with arrows between them."""
    drawn = (_vesicle, _skin, _network, _cycle, _scalp, _people, _interval)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" role="img" font-family="sans-serif">',
        "<title>From a vial to the answer of a trial</title>",
        f'<rect width="{WIDE}" height="{HIGH}" fill="{PAPER}"/>',
    ]
    for place, ((title, *lines), draw) in enumerate(zip(STAGES, drawn, strict=True)):
        x = STEP * (place + 0.5)
        parts += [f'<g transform="translate({x:g} 85)">', draw(), "</g>", _words(x, 180, title, 17, INK, "bold")]
        parts += [_words(x, 203 + 18 * row, line, 13, MUTED) for row, line in enumerate(lines)]
        if place:
            start = x - STEP / 2
            parts.append(
                f'<path d="M{start - 9:g} 80l18 0m-7 -6l7 6l-7 6" fill="none" stroke="{MUTED}" stroke-width="2"/>'
            )
    return "\n".join([*parts, "</svg>"]) + "\n"


def _words(x: float, y: float, words: str, size: int, colour: str, weight: str = "normal") -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" text-anchor="middle" font-size="{size}" font-weight="{weight}" '
        f'fill="{colour}">{escape(words)}</text>'
    )


def _dot(x: float, y: float, radius: float, colour: str, edge: str = "none") -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{colour}" stroke="{edge}" stroke-width="1.5"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, width: float = 2) -> str:
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="{width:g}" '
        'stroke-linecap="round"/>'
    )


def _vesicle() -> str:
    """A vesicle: a membrane of two layers, proteins on it, cargo in it."""
    around = [(math.cos(angle), math.sin(angle)) for angle in (math.tau * k / 8 for k in range(8))]
    spikes = [_line(42 * x, 42 * y, 53 * x, 53 * y, BLUE, 4) for x, y in around]
    cargo = [_dot(x, y, 5, ORANGE) for x, y in ((-14, -8), (10, -16), (16, 12), (-8, 16))]
    return "".join([*spikes, _dot(0, 0, 42, "#fbf7ef", "#d8a04c"), _dot(0, 0, 36, "none", "#d8a04c"), *cargo])


def _skin() -> str:
    """A needle that leaves a drop beside two follicles."""
    skin = f'<rect x="-55" y="-22" width="110" height="72" fill="{SKIN}"/>'
    hairs = [_line(x, 38, x + 8, -38, INK, 3) + _dot(x, 38, 6, INK) for x in (-38, 26)]
    needle = _line(-2, -55, -2, 12, MUTED, 3) + _dot(-2, 20, 10, BLUE)
    return "".join([skin, *hairs, needle])


def _network() -> str:
    """Nodes and edges, one of which inhibits."""
    places = ((-42, -30), (-42, 30), (0, 0), (42, -30), (42, 30))
    edges = ((0, 2, GREEN), (1, 2, ORANGE), (2, 3, GREEN), (2, 4, GREEN), (0, 3, GREEN))
    lines = [_line(*places[a], *places[b], colour) for a, b, colour in edges]
    return "".join([*lines, *(_dot(x, y, 11, PAPER, INK) for x, y in places)])


def _cycle() -> str:
    """The cycle of a follicle as a ring: most of it is growth."""
    phases = (
        ("anagen", 0, 235, GREEN),
        ("catagen", 240, 258, ORANGE),
        ("telogen", 263, 315, BLUE),
        ("kenogen", 320, 355, MUTED),
    )
    arcs = [_arc(start, end, colour) for _, start, end, colour in phases]
    names = (("anagen", 0, -6, GREEN), ("telogen", 0, 10, BLUE), ("kenogen", 0, 26, MUTED), ("catagen", 0, -22, ORANGE))
    return "".join([*arcs, *(_words(x, y + 2, name, 12, colour) for name, x, y, colour in names)])


def _arc(start: float, end: float, colour: str) -> str:
    (x1, y1), (x2, y2) = ((50 * math.sin(math.radians(a)), -50 * math.cos(math.radians(a))) for a in (start, end))
    large = int(end - start > 180)
    way = f"M{x1:.1f} {y1:.1f}A50 50 0 {large} 1 {x2:.1f} {y2:.1f}"
    return f'<path d="{way}" fill="none" stroke="{colour}" stroke-width="11"/>'


def _scalp() -> str:
    """A square of shaved scalp: stubble of several widths, and openings without a hair."""
    parts = [f'<rect x="-50" y="-50" width="100" height="100" fill="{SKIN}"/>']
    for k in range(25):
        x, y = -40 + 20 * (k % 5) + 4 * math.sin(7 * k), -40 + 20 * (k // 5) + 4 * math.cos(5 * k)
        empty = k % 6 == 4
        parts.append(_dot(x, y, 3, "none", MUTED) if empty else _line(x, y, x + 7, y - 7, INK, 1 + k % 3))
    return "".join(parts)


def _people() -> str:
    """Two groups of people, one in the grey of a control."""
    parts: list[str] = []
    for row, colour in ((-30, BLUE), (26, MUTED)):
        for k in range(5):
            x = -44 + 22 * k
            parts += [_dot(x, row - 9, 7, colour), _line(x, row + 4, x, row + 14, colour, 10)]
    return "".join(parts)


def _interval() -> str:
    """An estimate with its interval, and below it the range of what is not known; a line at no effect."""
    none = f'<line x1="-18" y1="-50" x2="-18" y2="44" stroke="{MUTED}" stroke-width="1.5" stroke-dasharray="4 4"/>'
    trial = _line(-40, -24, 50, -24, INK, 3) + _dot(6, -24, 7, INK)
    known = _line(-34, 18, 34, 18, BLUE, 11) + _dot(-6, 18, 7, PAPER, BLUE)
    return none + trial + known + _words(5, -36, "this trial", 12, INK) + _words(16, 6, "expected", 12, BLUE)


def write() -> None:
    """Write the picture."""
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    write()
