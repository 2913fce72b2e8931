"""What is drawn of a scalp, apart from how: strokes for hairs and discs for signs, in millimetres of skin."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.follicles.follicle_states import CLASSES
from anagen.scalp.picture.layout import BEND, LENGTH, SIGN, Layout, Site
from anagen.scalp.picture.looks import Look, hair_colour, number, row

VELLUS = CLASSES.index("vellus")
SHADE = 0.30
"""Length of shaft that shines through the skin behind its exit [mm]."""
SECOND = 2**20
"""Address of the second draw of a kind: behind that of every follicle."""
KINDS = ("growing", "resting", "fine")
"""Hairs by their number where a picture has one path for each: vellus hairs are fine whether they grow or rest."""
GROWING, RESTING, FINE = range(3)
COLOUR_STEP = 5.0
"""Hairs of one colour: diameters are rounded to this for colour alone [um]."""


@dataclass(frozen=True, slots=True)
class Hair:
    """State of every follicle on one day; arrays of one length.

    Attributes
    ----------
    phase : IntArray
        Number in `follicle_states.PHASES`.
    diameter : FloatArray
        0 where there is no hair [um].
    growth : FloatArray
        [mm/day].
    length : FloatArray
        If never cut [mm].
    hair_class : IntArray
        Number in `follicle_states.CLASSES`.
    """

    phase: IntArray
    diameter: FloatArray
    growth: FloatArray
    length: FloatArray
    hair_class: IntArray

    @property
    def shown(self) -> BoolArray:
        """Whether there is a hair."""
        return self.diameter > 0.0


@dataclass(frozen=True, slots=True)
class Strokes:
    """Curves with a width, from exit over a control point to tip, each as one quadratic Bezier curve.

    Attributes
    ----------
    points : FloatArray, shape (n, 3, 2)
        [mm].
    width : FloatArray, shape (n,)
        [mm].
    colour : FloatArray, shape (n, 3)
        0 to 1.
    opacity : float
        0 to 1.
    kind : IntArray or None, shape (n,)
        Number in KINDS, of hairs alone.
    """

    points: FloatArray
    width: FloatArray
    colour: FloatArray
    opacity: float = 1.0
    kind: IntArray | None = None


@dataclass(frozen=True, slots=True)
class Discs:
    """Discs of one colour.

    Attributes
    ----------
    centre : FloatArray, shape (n, 2)
        [mm].
    radius : FloatArray, shape (n,)
        [mm].
    colour : FloatArray, shape (3,)
        0 to 1.
    opacity : float
        0 to 1.
    """

    centre: FloatArray
    radius: FloatArray
    colour: FloatArray
    opacity: float


@dataclass(frozen=True, slots=True)
class Outline:
    """A filled shape.

    Attributes
    ----------
    points : FloatArray, shape (n, 2)
        Its corners [mm].
    colour : FloatArray, shape (3,)
        0 to 1.
    """

    points: FloatArray
    colour: FloatArray


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything on one piece of skin, from the bottom to the top.

    Attributes
    ----------
    side : float
        [mm].
    skin : FloatArray, shape (3,)
        0 to 1.
    discs : tuple[Discs, ...]
        Signs.
    shades : Strokes
        Shafts under the skin.
    hairs : Strokes
        Thin ones first.
    length : FloatArray, shape (n_follicles,)
        Drawn length of every follicle's hair along the hair, 0 without [mm].
    empty : FloatArray, shape (n_empty, 2)
        Openings without a hair [mm].
    tones : FloatArray, shape (len(KINDS), 3)
        Colour of each kind where hairs are not coloured one by one.
    outlines : tuple[Outline, ...]
        What lies on the skin below everything else: the head in a view from above.
    """

    side: float
    skin: FloatArray
    discs: tuple[Discs, ...]
    shades: Strokes
    hairs: Strokes
    length: FloatArray
    empty: FloatArray = field(default_factory=lambda: np.zeros((0, 2)))
    tones: FloatArray = field(default_factory=lambda: np.zeros((len(KINDS), 3)))
    outlines: tuple[Outline, ...] = ()


def drawing(hair: Hair, before: Hair | None, days: float, placed: Layout, site: Site, look: Look) -> Drawing:
    """Draw one area on one day.

    Parameters
    ----------
    hair : Hair
        On the day of the picture.
    before : Hair or None
        On the day of shaving, for a phototrichogram; None for grown hair.
    days : float
        Since shaving.
    placed : Layout
        Of the follicles.
    site : Site
        Address of the draws.
    look : Look
        Hair, skin, signs.

    Returns
    -------
    Drawing
        One stroke for every hair shown.
    """
    n = len(hair.diameter)
    length = _lengths(hair, before, days, site)
    order = np.flatnonzero(hair.shown)
    order = order[np.argsort(hair.diameter[order], kind="stable")]
    flat = (length * np.cos(placed.elevation))[order]
    heading = np.column_stack([np.cos(placed.angle), np.sin(placed.angle)])[order]
    aside = np.column_stack([-heading[:, 1], heading[:, 0]])
    start = placed.exit[order]
    # a stub is straight; a grown hair bends by up to a fifth of its length
    bend = (0.012 if before is not None else 0.05) * site.normals(BEND, n)[order] * flat
    middle = start + 0.5 * flat[:, None] * heading - bend[:, None] * aside
    tip = start + flat[:, None] * heading + bend[:, None] * aside
    width = hair.diameter[order] / 1000.0
    rounded = COLOUR_STEP * np.maximum(1.0, np.rint(hair.diameter[order] / COLOUR_STEP))
    colour = hair_colour(rounded, look)
    skin = row(f"skin_{look.skin}")
    thick = hair.diameter[order] >= 25.0
    under = start - SHADE * heading
    shades = Strokes(
        np.stack([start, 0.5 * (start + under), under], axis=1)[thick],
        width[thick],
        np.broadcast_to(skin * [0.66, 0.70, 0.78], colour.shape)[thick],
        0.55,
    )
    return Drawing(
        placed.side,
        skin,
        _signs(hair, placed, site, look),
        shades,
        Strokes(np.stack([start, middle, tip], axis=1), width, colour, kind=_kinds(hair)[order]),
        np.where(hair.shown, length, 0.0),
        placed.exit[~hair.shown],
        _tones(look),
    )


def _kinds(hair: Hair) -> IntArray:
    """Number in KINDS of every follicle; a club hair does not grow."""
    grows = np.where(hair.growth > 0.0, GROWING, RESTING)
    return np.where(hair.hair_class == VELLUS, FINE, grows)


def _tones(look: Look) -> FloatArray:
    """Colour of each kind: a thick hair, the same paler, a fine one."""
    thick, fine = hair_colour(np.array([70.0, 25.0]), look)
    return np.stack([thick, thick + 0.3 * (row(f"skin_{look.skin}") - thick), fine])


def _lengths(hair: Hair, before: Hair | None, days: float, site: Site) -> FloatArray:
    """Length of every hair as it was cut and has grown since [mm]."""
    n = len(hair.diameter)
    z = site.normals(LENGTH, n)
    # a hair whose beginning is not known is longer than any cut
    whole = np.where(np.isnan(hair.length), np.inf, hair.length)
    longest = number("longest")
    if before is None:
        return np.minimum(whole, longest * (1.0 - 0.35 * site.uniforms(LENGTH, n, first=SECOND)))
    stub = np.maximum(0.2, number("stub") + 0.06 * z)
    cut = np.fmin(before.length, stub) + days * hair.growth
    # what came out after the day of shaving was not cut, but for the old hair of a graft planted since
    fresh = np.where(np.isnan(hair.length), stub, whole)
    return np.minimum(np.minimum(whole, longest), np.where(before.shown, cut, fresh))


def _signs(hair: Hair, placed: Layout, site: Site, look: Look) -> tuple[Discs, ...]:
    """Yellow dots of alopecia areata on empty openings; halos around the exits of androgenetic alopecia."""
    skin = row(f"skin_{look.skin}")
    chance = site.uniforms(SIGN, len(hair.diameter))
    size = site.uniforms(SIGN, len(hair.diameter), first=SECOND)
    if look.condition == "aa":
        dots = ~hair.shown & (chance < number("yellow_dots"))
        radius = (0.060 + 0.035 * size)[dots]
        return (Discs(placed.exit[dots], radius, np.clip(skin * [1.04, 1.02, 0.70], 0.0, 1.0), 0.85),)
    if look.condition == "aga":
        # one for a unit, around the first of its hairs that is no vellus hair
        shown = np.flatnonzero(hair.hair_class > VELLUS)
        _, first = np.unique(placed.unit[shown], return_index=True)
        halo = shown[first][chance[np.searchsorted(placed.unit, placed.unit[shown[first]])] < number("peripilar_halo")]
        radius = (0.16 + 0.05 * size)[halo]
        return (Discs(placed.exit[halo], radius, skin * [0.80, 0.70, 0.62], 0.25),)
    return ()
