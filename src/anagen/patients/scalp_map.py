"""A coarse map of the scalp: plots of skin in the four regions of the SALT score, and patches that cover them.

The map is the scalp seen from above, the vertex at the origin, the nose at the top, the edge of the hair at distance 2.
Regions and their shares are those of the Severity of Alopecia Tool: top 40 %, back 24 %, each side 18 %.

References
----------
.. [1] Olsen 2004, "Alopecia areata investigational assessment guidelines, part II", doi:10.1016/j.jaad.2003.09.032.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import Purpose, uniforms
from anagen.patients.population import Population

REGIONS = {"top": 0.40, "back": 0.24, "left side": 0.18, "right side": 0.18}
"""Region of the SALT score -> share of the scalp."""
MOST_PATCHES = 5
"""Patches that a patient can have at baseline; neighbouring ones run together."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A piece of scalp whose follicles share one fate: its region and its place on the map."""

    region: str
    x: float
    y: float


def _ring(region: str, count: int, radius: float, first: float, last: float) -> list[Plot]:
    """Plots of one region on an arc, angles in degrees from the right ear."""
    angles = np.radians(first + (np.arange(count) + 0.5) * (last - first) / count)
    return [Plot(region, radius * math.cos(a), radius * math.sin(a)) for a in angles.tolist()]


PLOTS: tuple[Plot, ...] = (
    *_ring("top", 2, 0.35, 0.0, 360.0),
    *_ring("top", 6, 0.8, 0.0, 360.0),
    *_ring("back", 3, 1.3, 225.0, 315.0),
    *_ring("back", 3, 1.8, 225.0, 315.0),
    *_ring("left side", 2, 1.3, 135.0, 225.0),
    *_ring("left side", 2, 1.8, 135.0, 225.0),
    *_ring("right side", 2, 1.3, -45.0, 45.0),
    *_ring("right side", 2, 1.8, -45.0, 45.0),
)
"""Plots of the map; the forehead bears no hair."""


def plot_shares() -> FloatArray:
    """Share of the scalp that each plot stands for, shape [plot]; adds up to 1.

    Examples
    --------
    >>> len(PLOTS), round(float(plot_shares().sum()), 12)
    (22, 1.0)
    """
    regions = [plot.region for plot in PLOTS]
    return np.array([REGIONS[region] / regions.count(region) for region in regions])


def distances() -> FloatArray:
    """Distance between the middles of plots on the map, shape [plot, plot]."""
    at = np.array([(plot.x, plot.y) for plot in PLOTS])
    return np.hypot(at[:, None, 0] - at[None, :, 0], at[:, None, 1] - at[None, :, 1])


def patch_centres(population: Population, seed: int) -> IntArray:
    """Plots in which the patches of each patient began, shape [patient, patch], a different one for each."""
    u = uniforms(
        seed,
        Purpose.PATCH,
        patient=population.patient[:, None],
        item=np.arange(len(PLOTS))[None, :],
        replicate=population.replicate[:, None],
    )
    return np.argsort(u, axis=1, kind="stable")[:, :MOST_PATCHES]


def nearest_patch(centres: IntArray) -> IntArray:
    """Number of the patch to which each plot belongs or would belong, shape [patient, plot]."""
    return np.argmin(distances()[centres], axis=1)


def cover(extent: FloatArray, centres: IntArray) -> FloatArray:
    """Share of each plot that is covered where patches take `extent` of the scalp, shape [patient, plot].

    The plots nearest to the centres are taken first, the last one in part: sum of share * cover = extent.

    Parameters
    ----------
    extent : FloatArray
        Share of the scalp [patient].
    centres : IntArray
        Plots in which patches began [patient, patch].

    Examples
    --------
    >>> covered = cover(np.array([0.3]), np.array([[0, 9]]))
    >>> round(float((covered * plot_shares()).sum()), 12)
    0.3
    """
    near = distances()[centres].min(axis=1)
    # plots at the same distance fill up in the order in which the map lists them
    order = np.argsort(near, axis=1, kind="stable")
    shares = plot_shares()[order]
    before = np.cumsum(shares, axis=1) - shares
    taken = np.clip((extent[:, None] - before) / shares, 0.0, 1.0)
    taken[taken > 1.0 - 1e-9] = 1.0
    covered = np.empty_like(taken)
    np.put_along_axis(covered, order, taken, axis=1)
    return covered
