"""The scalp from above: each strand is one simulated follicle of its zone, and stands for the follicles around it.

A strand has a place and a follicle that depend on the patient alone, so that all weeks and twins show one scalp. It is
drawn where its follicle has a hair, as long as that hair up to the length of the cut, and as wide as the hairs that it
stands for are side by side. So density and calibre of a zone in the picture are those of its simulated follicles.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.scalp.picture.head import (
    MIDDLE,
    SIDE,
    UNIT,
    WHORL,
    ZONES_ABOVE,
    bears_hair,
    from_patches,
    heading,
    on_paper,
    plots_at,
    region_borders,
    shapes,
    zones_at,
)
from anagen.scalp.picture.layout import Site
from anagen.scalp.picture.looks import Look, hair_colour, number, row
from anagen.scalp.picture.page import PLATE
from anagen.scalp.picture.shapes import COLOUR_STEP, Drawing, Hair, Outline, Strokes

PLACE, BLUR, DRAWN, CUT, LIE, TONE = range(32, 38)
"""What a draw is for; items behind those of a target area."""
DENSEST = 600.0
"""Follicles to a square centimetre above which a zone is drawn no denser."""
BANDS = 7
"""Rings around the whorl; those within lie over those without."""
TONES = 5
"""Steps of brightness."""
BORDER = 0.8
"""Width of the borders of regions [mm]."""
LIGHT = np.array([-0.35, -0.45, 0.82])
"""Where light comes from: x to the right, y downwards, z towards the viewer."""


@dataclass(frozen=True, slots=True)
class ZoneHair:
    """Follicles of one zone on one day.

    Attributes
    ----------
    density : float
        Follicles in the zone [1/cm2].
    diameter : FloatArray, shape (n,)
        Of each simulated follicle's hair, 0 without one [um]; in an order that does not change.
    length : FloatArray, shape (n,)
        If never cut, not a number where that is not known [mm].
    """

    density: float
    diameter: FloatArray
    length: FloatArray


def zone_hair(hair: Hair, area: float) -> ZoneHair:
    """A zone from the follicles of an area [cm2] of it."""
    return ZoneHair(len(hair.diameter) / area, hair.diameter, hair.length)


def zones_from_above(zones: Mapping[str, ZoneHair], site: Site, look: Look) -> Drawing:
    """Draw a scalp from follicles of its zones.

    Parameters
    ----------
    zones : Mapping[str, ZoneHair]
        Of every zone in `head.ZONES_ABOVE`.
    site : Site
        Address of the draws.
    look : Look
        Hair and skin.

    Returns
    -------
    Drawing
        In millimetres of scalp.

    Raises
    ------
    ValueError
        Where a zone is missing.
    """
    if missing := [zone for zone in ZONES_ABOVE if zone not in zones]:
        raise ValueError(f"no follicles of {', '.join(missing)}")
    strands = Strands.of(site)
    # zones have no sharp border
    blurred = strands.at + 0.07 * strands.blur
    return _drawn(strands, zones_at(blurred), [zones[zone] for zone in ZONES_ABOVE], look)


def plots_from_above(
    plots: Mapping[int, ZoneHair],
    covered: Mapping[int, float],
    spared: ZoneHair,
    centres: Sequence[int],
    site: Site,
    look: Look,
) -> Drawing:
    """Draw a scalp with patches from follicles of the plots of the scalp map.

    Parameters
    ----------
    plots : Mapping[int, ZoneHair]
        Of the plots that the disease reaches.
    covered : Mapping[int, float]
        Share of each of these plots that lies under its patch, 0 to 1.
    spared : ZoneHair
        Of all other scalp.
    centres : Sequence[int]
        Plots in which patches began.
    site : Site
        Address of the draws.
    look : Look
        Hair and skin.

    Returns
    -------
    Drawing
        In millimetres of scalp.
    """
    strands = Strands.of(site)
    plot = plots_at(strands.at + 0.02 * strands.blur)
    rank = from_patches(strands.at + 0.02 * strands.blur, plot, list(centres))
    numbers = sorted(plots)
    group = np.full(len(plot), len(numbers), dtype=np.int64)
    for place, own in enumerate(numbers):
        group[(plot == own) & (rank < covered[own])] = place
    return _drawn(strands, group, [*(plots[own] for own in numbers), spared], look, region_borders())


@dataclass(frozen=True, slots=True)
class Strands:
    """Places where strands can stand on a scalp that has lost nothing.

    Attributes
    ----------
    at : FloatArray, shape (n, 2)
        On the map.
    blur : FloatArray, shape (n, 2)
        Standard normal draws.
    rank : FloatArray, shape (n,)
        Follicles to a square centimetre from which on the strand is there [1/cm2].
    cut : FloatArray, shape (n,)
        Uniform draws.
    lie : FloatArray, shape (n, 2)
        Standard normal draws.
    tone : FloatArray, shape (n,)
        Standard normal draws.
    """

    at: FloatArray
    blur: FloatArray
    rank: FloatArray
    cut: FloatArray
    lie: FloatArray
    tone: FloatArray

    @classmethod
    def of(cls, site: Site) -> Strands:
        """Those of a patient: the same for every arm and week."""
        n = round(SIDE * SIDE / 100.0 * DENSEST / number("follicles_a_strand"))
        paper = SIDE * site.uniforms(PLACE, 2 * n).reshape(-1, 2)
        at = (paper - MIDDLE) / UNIT * np.array([1.0, -1.0])
        kept = np.flatnonzero(bears_hair(at))
        draws = site.normals(BLUR, 2 * n).reshape(-1, 2), site.normals(LIE, 2 * n).reshape(-1, 2)
        return cls(
            at[kept],
            draws[0][kept],
            DENSEST * site.uniforms(DRAWN, n)[kept],
            site.uniforms(CUT, n)[kept],
            draws[1][kept],
            site.normals(TONE, n)[kept],
        )


def _drawn(
    strands: Strands, group: IntArray, groups: Sequence[ZoneHair], look: Look, borders: FloatArray | None = None
) -> Drawing:
    diameter, whole = np.zeros(len(group)), np.zeros(len(group))
    for place, zone in enumerate(groups):
        rows = np.flatnonzero((group == place) & (strands.rank < zone.density))
        follicle = (strands.rank[rows] * len(zone.diameter) / zone.density).astype(np.int64)
        diameter[rows], whole[rows] = zone.diameter[follicle], zone.length[follicle]
    whole = np.where(np.isnan(whole), np.inf, whole)
    length = np.minimum(whole, number("cut_above") * (1.0 - 0.35 * strands.cut))
    skin = row(f"skin_{look.skin}")
    return Drawing(
        SIDE,
        np.array([int(PLATE[k : k + 2], 16) / 255.0 for k in (1, 3, 5)]),
        (),
        _lines(np.zeros((0, 3, 2)) if borders is None else borders, 0.6 * skin),
        _strokes(strands, diameter, length, look),
        np.where(diameter > 0.0, length, 0.0),
        outlines=tuple(
            Outline(corners, skin * (1.0 if name == "head" else 0.93)) for name, corners in shapes().items()
        ),
    )


def _lines(curves: FloatArray, colour: FloatArray) -> Strokes:
    return Strokes(curves, np.full(len(curves), BORDER), np.broadcast_to(colour, (len(curves), 3)), 0.4)


def _strokes(strands: Strands, diameter: FloatArray, length: FloatArray, look: Look) -> Strokes:
    shown: BoolArray = diameter > 0.0
    rows = np.flatnonzero(shown)
    at = strands.at[rows]
    angle = heading(at) + 0.10 * strands.lie[rows, 0]
    start = on_paper(at)
    along = np.column_stack([np.cos(angle), -np.sin(angle)])
    aside = np.column_stack([-along[:, 1], along[:, 0]])
    long = length[rows, None]
    bend = 0.06 * strands.lie[rows, 1, None] * long
    points = np.stack([start, start + 0.5 * long * along - bend * aside, start + long * along + bend * aside], axis=1)
    rounded = COLOUR_STEP * np.maximum(1.0, np.rint(diameter[rows] / COLOUR_STEP))
    width = number("follicles_a_strand") * rounded / 1000.0
    apart = (at - WHORL) * UNIT
    ring = np.hypot(apart[:, 0], apart[:, 1])
    band = np.minimum((ring / 22.0).astype(np.int64), BANDS - 1)
    bright = _brightness(at, along) * (1.0 + 0.13 * strands.tone[rows])
    tone = np.clip(np.rint((bright - 0.6) / 1.0 * (TONES - 1)), 0, TONES - 1)
    colour = np.clip(hair_colour(rounded, look) * (0.6 + 1.0 * tone / (TONES - 1))[:, None], 0.0, 1.0)
    order = np.lexsort((rounded, tone, -band))
    return Strokes(points[order], width[order], colour[order])


def _brightness(at: FloatArray, along: FloatArray) -> FloatArray:
    """Light that a strand sends upwards: a hair is brightest across the light, and gleams where it is flat."""
    out = at * np.array([1.0, -1.0]) / 2.3
    high = np.sqrt(np.clip(1.0 - (out * out).sum(axis=1), 0.05, 1.0))
    # a strand lies on the round of the head: it falls as it goes outwards
    fall = -(out * along).sum(axis=1) / high
    tangent = np.column_stack([along, fall])
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    light = LIGHT / np.linalg.norm(LIGHT)
    half = light + np.array([0.0, 0.0, 1.0])
    half /= np.linalg.norm(half)
    diffuse = np.sqrt(np.clip(1.0 - (tangent @ light) ** 2, 0.0, 1.0))
    gleam = np.sqrt(np.clip(1.0 - (tangent @ half) ** 2, 0.0, 1.0)) ** 40
    return 0.45 + 0.5 * diffuse * (0.4 + 0.6 * high) + 0.45 * gleam
