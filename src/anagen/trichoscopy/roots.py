"""Which end of a hair is its root, and which hairs come out of one follicular unit.

A shaft shines through the skin behind its exit, so that it is darker behind the root than beyond the tip. Hairs near
each other grow alike, so that they are asked together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy import ndimage
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from anagen.core.arrays import FloatArray, IntArray
from anagen.trichoscopy.darkness import Darkness
from anagen.trichoscopy.hair import Hair

BEHIND = np.linspace(0.06, 0.26, 6)
"""Places behind an end where its shadow is looked for [mm]."""
LOCAL = 1.5
"""Neighbourhood in which hairs grow alike [mm]."""
UNIT = 0.35
"""Roots nearer than this belong to one follicular unit [mm]."""


def rooted(hairs: Sequence[Hair], dark: Darkness) -> list[Hair]:
    """Hairs with their points from root to tip.

    Parameters
    ----------
    hairs : Sequence[Hair]
        With points in either order.
    dark : Darkness
        Of the picture.

    Returns
    -------
    list[Hair]
        In the same order.
    """
    if not hairs:
        return []
    along = np.array([hair.along for hair in hairs])
    first, last = (np.array([hair.points[end] for hair in hairs]) for end in (0, -1))
    shadow = _shade(first[:, None] - along[:, None] * BEHIND[:, None], dark)
    shadow -= _shade(last[:, None] + along[:, None] * BEHIND[:, None], dark)
    middle = np.array([hair.middle for hair in hairs])
    near = np.exp(-((middle[:, None] - middle) ** 2).sum(axis=2) / (2.0 * LOCAL**2))
    # what hairs around say of their own first ends, turned to the direction of this one
    votes = (near * (along @ along.T) * shadow).sum(axis=1)
    return [
        hair if vote >= 0.0 else replace(hair, points=hair.points[::-1])
        for hair, vote in zip(hairs, votes, strict=True)
    ]


def _shade(places: FloatArray, dark: Darkness) -> FloatArray:
    x, y = np.moveaxis(places * 1000.0 / dark.scale - 0.5, -1, 0)
    return ndimage.map_coordinates(dark.values, [y, x], order=1, mode="nearest").mean(axis=1)


def units(hairs: Sequence[Hair]) -> IntArray:
    """Number of the follicular unit of each hair: hairs whose roots are near are one, and so are theirs.

    Parameters
    ----------
    hairs : Sequence[Hair]
        With points from root to tip.

    Returns
    -------
    IntArray
        0, 1, 2, ... in the order of the hairs.

    Examples
    --------
    >>> stub = np.array([[0.0, 0.0], [0.4, 0.0]])
    >>> units([Hair(stub + [0.0, y], 60.0, 0.4, 0.8) for y in (1.0, 1.1, 2.0)]).tolist()
    [0, 0, 1]
    """
    if not hairs:
        return np.zeros(0, dtype=np.int64)
    pairs = cKDTree(np.array([hair.points[0] for hair in hairs])).query_pairs(UNIT, output_type="ndarray")
    joined = coo_matrix((np.ones(len(pairs)), tuple(pairs.T)), shape=(len(hairs), len(hairs)))
    return np.asarray(connected_components(joined, directed=False)[1], dtype=np.int64)
