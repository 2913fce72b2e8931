"""Hairs as one path for each phase: small and quick, for a picture that follows a slider.

A hair is a filled outline in micrometres of skin, so that each keeps its own width though a path has none. Phases
differ in shape as well as in colour: a resting hair has a club, an empty opening is a ring. Colours are attributes and
every path has a class, so that a style sheet can change them and the picture needs none.
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.picture.looks import hex_of
from anagen.scalp.picture.shapes import KINDS, RESTING, Drawing, Strokes

MICROMETRES = 1000
STRAIGHT = 0.01
"""Half the arrow of a curve below which a hair is drawn straight [mm]."""
CLUB, RING, INSIDE = 110, 120, 70
"""Diameters of a club and of the ring of an empty opening, outside and inside [um]."""
RING_COLOUR = "#8A5A44"


def phase_paths(drawing: Drawing) -> list[str]:
    """Lines of SVG in a group whose unit is a hundredth of a millimetre.

    Parameters
    ----------
    drawing : Drawing
        With kinds of hairs, openings without one, and tones.

    Returns
    -------
    list[str]
        One path for each kind of hair, one for clubs and two for rings.

    Raises
    ------
    ValueError
        Where the kinds of hairs are not known.
    """
    hairs = drawing.hairs
    if hairs.kind is None:
        raise ValueError("hairs without a kind have no phase")
    skin, tones = hex_of(drawing.skin), [hex_of(tone) for tone in drawing.tones]
    lines = ['<g transform="scale(.1)">']
    if len(drawing.empty):
        dots = _dots(drawing.empty)
        pen = 'stroke-linecap="round"'
        lines.append(f'<path class="scalp-empty" d="{dots}" stroke="{RING_COLOUR}" stroke-width="{RING}" {pen}/>')
        lines.append(f'<path class="scalp-inside" d="{dots}" stroke="{skin}" stroke-width="{INSIDE}" {pen}/>')
    outlines = _outlines(hairs)
    # fine hairs lie below the others
    for kind in reversed(range(len(KINDS))):
        members = np.flatnonzero(hairs.kind == kind).tolist()
        if members:
            path = "".join(outlines[i] for i in members)
            lines.append(f'<path class="scalp-{KINDS[kind]}" d="{path}" fill="{tones[kind]}"/>')
    clubs = hairs.points[hairs.kind == RESTING, 0]
    if len(clubs):
        lines.append(
            f'<path class="scalp-club" d="{_dots(clubs)}" stroke="{tones[RESTING]}" stroke-width="{CLUB}" '
            'stroke-linecap="round"/>'
        )
    return [*lines, "</g>"]


def _outlines(hairs: Strokes) -> list[str]:
    """Closed outline of every hair, as wide at its tip as at its exit: it was cut."""
    first, middle, last = (hairs.points[:, k] * MICROMETRES for k in range(3))
    along = last - first
    reach = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    across = hairs.width[:, None] * MICROMETRES * np.column_stack([-along[:, 1], along[:, 0]]) / reach[:, None]
    start = np.rint(first - 0.5 * across).astype(np.int64).tolist()
    there = np.rint(along).astype(np.int64).tolist()
    over = np.rint(middle - first).astype(np.int64).tolist()
    aside = np.rint(across).astype(np.int64).tolist()
    bent = (np.abs(middle - 0.5 * (first + last)).max(axis=1, initial=0.0) > STRAIGHT * MICROMETRES).tolist()
    found: list[str] = []
    for (x, y), (a, b), (c, d), (e, f), curved in zip(start, there, over, aside, bent, strict=True):
        if curved:
            path = f"M{x} {y}q{c} {d} {a} {b}l{e} {f}q{c - a} {d - b} {-a} {-b}z"
        else:
            path = f"M{x} {y}l{a} {b} {e} {f} {-a} {-b}z"
        found.append(path.replace(" -", "-"))
    return found


def _dots(at: FloatArray) -> str:
    return "".join(f"M{x} {y}h0" for x, y in np.rint(at * MICROMETRES).astype(np.int64).tolist())
