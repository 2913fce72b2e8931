"""Which hairs have grown between two pictures of one place.

The second picture is moved so that the most hairs of the first fall on hairs of it. Then every hair is looked for
where it stood, and followed beyond its old tip for as long as there is hair: what rests ends where it was cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from anagen.core.arrays import BoolArray, FloatArray
from anagen.trichoscopy.count import Found
from anagen.trichoscopy.darkness import Darkness
from anagen.trichoscopy.hair import Hair

GROWTH = 0.06
"""Rate from which on a hair counts as growing [mm/day]."""
FASTEST = 0.6
"""Rate to which a hair is followed [mm/day]."""
SHIFT = 1.5
"""Farthest that the second picture may lie beside the first [mm]."""
CELL, TURN = 0.06, 0.45
"""Steps in which the shift is looked for [mm], and by how much directions of one hair differ [rad]."""
CANDIDATES = 24
"""Shifts that are tried."""
LEAST_COMMON = 0.6
"""Least share of hairs that two pictures of one place have in common."""
STEP = 0.015
"""Steps in which a hair is followed [mm]."""
BENDS = np.linspace(-0.15, 0.15, 7)
"""Directions in which it is followed beyond its tip [rad]."""
SEEN, GOES_ON = 0.3, 0.5
"""Share of its darkness with which a hair is there again, and with which it goes on."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What became of the hairs of the first picture, arrays of one length.

    Attributes
    ----------
    seen : BoolArray
        Whether each is there again.
    rate : FloatArray
        [mm/day] along the skin; not a number where the hair is not there again.
    shift : tuple[float, float]
        By which the second picture lies beside the first [mm].
    common : float
        Share of hairs of the first picture that are there again, of those that can be.
    """

    seen: BoolArray
    rate: FloatArray
    shift: tuple[float, float]
    common: float

    @property
    def growing(self) -> BoolArray:
        """Whether each hair grows."""
        return np.nan_to_num(self.rate) > GROWTH


def growth(hairs: Sequence[Hair], second: Found, days: float) -> Growth:
    """Follow hairs into a second picture.

    Parameters
    ----------
    hairs : Sequence[Hair]
        Of the first picture, from root to tip.
    second : Found
        Hairs of the same place some days later.
    days : float
        Between the pictures.

    Returns
    -------
    Growth
        Of each hair of the first picture.
    """
    n = len(hairs)
    if not n or not second.hairs:
        return Growth(np.zeros(n, dtype=bool), np.full(n, np.nan), (0.0, 0.0), 0.0)
    shift = max(_shifts(hairs, second.hairs), key=lambda each: _Again(hairs, second, each).common)
    again = _Again(hairs, second, shift)
    rate = np.where(again.seen, _beyond(hairs, second, shift, again.own, days) / days, np.nan)
    return Growth(again.seen, rate, (float(shift[0]), float(shift[1])), again.common)


class _Again:
    """Which hairs are there again when the second picture is moved by a shift."""

    def __init__(self, hairs: Sequence[Hair], second: Found, shift: FloatArray) -> None:
        places = [
            hair.points[np.rint(np.linspace(0.1, 0.9, 7) * (len(hair.points) - 1)).astype(np.int64)] for hair in hairs
        ]
        body = np.stack(places) + shift
        self.own = np.median(_dark_at(second.dark, body), axis=1)
        inside = _inside(body[:, 0], second) & _inside(body[:, -1], second)
        self.seen = inside & (self.own > SEEN * np.array([hair.dark for hair in hairs]))
        self.common = float(self.seen.sum() / max(1, inside.sum())) if 2 * inside.sum() > len(hairs) else 0.0


def _inside(places: FloatArray, picture: Found) -> BoolArray:
    return np.all((places > 0.0) & (places < np.array(picture.size)), axis=1)


def _beyond(hairs: Sequence[Hair], second: Found, shift: FloatArray, own: FloatArray, days: float) -> FloatArray:
    """How far each hair goes on beyond its old tip, on the straightest way that it does [mm]."""
    steps = np.arange(STEP, FASTEST * days, STEP)
    angle = np.array([np.arctan2(hair.along[1], hair.along[0]) for hair in hairs])[:, None] + BENDS
    heading = np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    tips = np.array([hair.points[-1] for hair in hairs]) + shift
    places = tips[:, None, None] + steps[:, None] * heading[:, :, None]
    dark = ndimage.uniform_filter1d(_dark_at(second.dark, places), 3, axis=2)
    ended = dark < GOES_ON * own[:, None, None]
    run = np.where(ended.any(axis=2), ended.argmax(axis=2), len(steps))
    return run.max(axis=1) * STEP


def _dark_at(dark: Darkness, places: FloatArray) -> FloatArray:
    """Darkness at places [mm]."""
    x, y = np.moveaxis(places * 1000.0 / dark.scale - 0.5, -1, 0)
    return ndimage.map_coordinates(dark.values, [y, x], order=1, mode="constant", cval=0.0)


def _shifts(first: Sequence[Hair], second: Sequence[Hair]) -> list[FloatArray]:
    """Ways on which many ends of hairs of the first picture meet one of the second: the mean of each full cell."""
    ends = [np.array([hair.points[end] for hair in hairs for end in (0, -1)]) for hairs in (first, second)]
    along = [np.repeat([hair.along for hair in hairs], 2, axis=0) for hairs in (first, second)]
    ways = (ends[1][None] - ends[0][:, None])[np.abs(along[0] @ along[1].T) > np.cos(TURN)]
    near = ways[np.abs(ways).max(axis=1) < SHIFT]
    edges = np.arange(-SHIFT - 0.5 * CELL, SHIFT + CELL, CELL)
    counts, _, _ = np.histogram2d(near[:, 0], near[:, 1], bins=(edges, edges))
    counts = ndimage.uniform_filter(counts, 3, mode="constant")
    shifts: list[FloatArray] = []
    for cell in np.argsort(-counts, axis=None, kind="stable")[:CANDIDATES].tolist():
        x, y = np.unravel_index(cell, counts.shape)
        centre = np.array([edges[x], edges[y]]) + 0.5 * CELL
        close = near[np.hypot(*(near - centre).T) < 1.2 * CELL]
        shifts.append(close.mean(axis=0) if len(close) else centre)
    return [*shifts, np.zeros(2)]
