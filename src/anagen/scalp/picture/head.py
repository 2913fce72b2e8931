"""A head seen from above, laid flat: outline, where hair grows, zone or plot of a place, how hair lies.

Places are those of the scalp map: the vertex at the origin, the nose at the top, the edge of the hair at distance 2.
They say where zones lie and nothing of how full they are: that is simulated.
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.patients.scalp_map import PLOTS, distances

UNIT = np.array([46.0, 56.0])
"""Millimetres to a unit of the map, from ear to ear and from nose to nape."""
EDGE = 2.0
SIDE = 270.0
"""Square in which a head is drawn [mm]."""
MIDDLE = np.array([0.5 * SIDE, 0.48 * SIDE])
"""Place of the vertex in it [mm]."""
TOP = 1.05
"""Edge of the top of the scalp, between its plots and those around it."""
RING_PARTS = 16
WHORL = np.array([0.08, -0.45])
"""Where the hair turns."""
ZONES_ABOVE = ("hairline", "frontal", "mid", "vertex", "temporal", "occipital")
"""Zones by their number on the map."""
HAIRLINE, FRONTAL, MID, VERTEX, TEMPORAL, OCCIPITAL = range(6)


def on_paper(at: FloatArray) -> FloatArray:
    """Places of the map in millimetres of the square, y downwards.

    Examples
    --------
    >>> on_paper(np.zeros((1, 2))).tolist()
    [[135.0, 129.6]]
    """
    return MIDDLE + at * UNIT * np.array([1.0, -1.0])


def front(x: FloatArray) -> FloatArray:
    """Height of the hairline of somebody who has lost nothing, over the middle of the head."""
    return 1.42 - 0.2 * x * x


def bears_hair(at: FloatArray) -> BoolArray:
    """Whether hair grows at places of the map where nothing is lost."""
    return (np.hypot(at[:, 0], at[:, 1]) < EDGE) & (at[:, 1] < front(at[:, 0]))


def zones_at(at: FloatArray) -> IntArray:
    """Number in ZONES_ABOVE of places of the map.

    The hairline is the first centimetre and the corners over the temples; behind it are the frontal scalp, a bridge,
    and the vertex around the whorl; temples and nape surround them.
    """
    x, y = np.abs(at[:, 0]), at[:, 1]
    behind = front(x) - y
    corner = 0.18 + 0.5 * np.exp(-(((x - 0.95) / 0.33) ** 2))
    crown = (x / 0.95) ** 2 + ((y + 0.45) / 0.72) ** 2 < 1.0
    zone = np.where(y < -0.75, OCCIPITAL, TEMPORAL)
    zone = np.where((x < 1.15) & (y > 0.5), FRONTAL, zone)
    zone = np.where((x < 1.1) & (y <= 0.5) & (y > 0.0), MID, zone)
    zone = np.where(crown & (y <= 0.1), VERTEX, zone)
    return np.where((behind < corner) & (x < 1.4), HAIRLINE, zone)


def plots_at(at: FloatArray) -> IntArray:
    """Number of the plot of the scalp map that is nearest to places."""
    middles = np.array([(plot.x, plot.y) for plot in PLOTS])
    apart = at[:, None, :] - middles
    return np.argmin((apart * apart).sum(axis=2), axis=1)


def from_patches(at: FloatArray, plots: IntArray, centres: list[int]) -> FloatArray:
    """Rank of every place among those of its plot by its distance from the patch that the plot belongs to, 0 to 1.

    Parameters
    ----------
    at : FloatArray, shape (n, 2)
        Places.
    plots : IntArray, shape (n,)
        Plot of each.
    centres : list[int]
        Plots in which patches began.

    Returns
    -------
    FloatArray, shape (n,)
        A patch that covers a share of a plot covers the places with a lower rank.
    """
    own = np.array(centres)[np.argmin(distances()[centres], axis=0)]
    middles = np.array([(plot.x, plot.y) for plot in PLOTS])
    apart = at - middles[own[plots]]
    away = np.hypot(apart[:, 0], apart[:, 1])
    rank = np.empty(len(at))
    for plot in np.unique(plots):
        rows = np.flatnonzero(plots == plot)
        rank[rows[np.argsort(away[rows], kind="stable")]] = (np.arange(len(rows)) + 0.5) / len(rows)
    return rank


def heading(at: FloatArray) -> FloatArray:
    """Direction in which hair lies at places of the map: outwards from the whorl, turning close to it [rad]."""
    apart = (at - WHORL) * UNIT
    near = np.hypot(apart[:, 0], apart[:, 1]) / UNIT[0]
    return np.arctan2(apart[:, 1], apart[:, 0]) + 1.2 * np.exp(-near / 0.45)


def region_borders() -> FloatArray:
    """Borders of the four regions of the SALT score as curves in millimetres of the square, shape (n, 3, 2).

    The forehead bears no hair, so that the top ends with the hairline.
    """
    turn = np.radians(np.linspace(135.0, 405.0, 2 * RING_PARTS + 1))
    ring = TOP * np.column_stack([np.cos(turn), np.sin(turn)])
    # the middle of each part lies on the ring, and so its control point a little outside
    middles = 2.0 * ring[1::2] - 0.5 * (ring[:-1:2] + ring[2::2])
    parts = np.stack([ring[:-1:2], middles, ring[2::2]], axis=1)
    corner = np.radians([45.0, 135.0, 225.0, 315.0])
    out = np.column_stack([np.cos(corner), np.sin(corner)])
    spokes = np.stack([TOP * out, 0.5 * (TOP + EDGE) * out, EDGE * out], axis=1)
    return np.stack([on_paper(points) for points in [*parts, *spokes]])


def shapes() -> dict[str, FloatArray]:
    """Corners of ears, nose and head in millimetres of the square, in the order in which they are drawn."""
    turn = np.linspace(0.0, 2.0 * np.pi, 72, endpoint=False)
    round_ = np.column_stack([np.cos(turn), np.sin(turn)])
    ear = 0.14 * round_ * np.array([1.0, 1.7])
    return {
        "left ear": on_paper(ear + np.array([-2.05, -0.15])),
        "right ear": on_paper(ear + np.array([2.05, -0.15])),
        "nose": on_paper(np.array([[-0.2, 1.9], [-0.11, 2.12], [0.11, 2.12], [0.2, 1.9]])),
        "head": on_paper(EDGE * round_),
    }
