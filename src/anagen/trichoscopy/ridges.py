"""Dark lines: where darkness is curved across a direction and straight along it.

    strength = sigma**1.5 * (curvature across - 1.5 * hollow along - 0.3 * bump along), greatest over sigma

Curvatures are the eigenvalues of the second derivatives of darkness smoothed over sigma; what is curved both ways is a
dot, no hair.

References
----------
Lindeberg 1998, doi:10.1023/A:1008097225773 (ridges over scales); Frangi et al. 1998, doi:10.1007/BFb0056195.
"""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from anagen.core.arrays import FloatArray
from anagen.trichoscopy.darkness import Darkness

SIZES = (9.0, 14.0, 22.0, 33.0, 46.0)
"""Smoothing at which lines are looked for [um]: fine hairs to thick ones."""
LEAST = 1.1
"""Smoothing below which derivatives are grain [px]."""


def ridges(dark: Darkness) -> tuple[FloatArray, FloatArray]:
    """Strength and direction of dark lines.

    Parameters
    ----------
    dark : Darkness
        Of the picture.

    Returns
    -------
    strength : FloatArray, shape (height, width)
        In units of darkness; 0 where there is no line.
    angle : FloatArray, shape (height, width)
        Direction along the line [rad].
    """
    values = dark.values.astype(np.float32)
    best, angle = np.zeros_like(values), np.zeros_like(values)
    for size in SIZES:
        sigma = max(size / dark.scale, LEAST)
        xx, yy, xy = (
            ndimage.gaussian_filter(values, sigma, order=order, truncate=3.0) for order in ((0, 2), (2, 0), (1, 1))
        )
        mean, root = 0.5 * (xx + yy), np.hypot(0.5 * (xx - yy), xy)
        across, along = mean - root, mean + root
        strength = -across - 1.5 * np.maximum(-along, 0.0) - 0.3 * np.maximum(along, 0.0)
        strength *= np.float32(sigma**2 * (SIZES[0] / size) ** 0.5)
        better = strength > best
        best[better] = strength[better]
        angle[better] = 0.5 * np.arctan2(2.0 * xy[better], (xx - yy)[better])
    return np.asarray(best, dtype=np.float64), np.asarray(angle, dtype=np.float64)
