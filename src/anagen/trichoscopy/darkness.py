"""How much darker than the bare skin around it each place of a picture is.

    D = 1 - I / bare        I: red and green light, in which vessels hardly show

Bare skin is what is brighter than most within a millimetre, so that a slope of the light or a shadow gives no darkness.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from anagen.core.arrays import FloatArray

FINEST, COARSEST = 5.0, 7.0
"""Bounds of the working scale [um/px]: what is finer only adds grain."""
AROUND, SMOOTH, BLOCK = 1100.0, 500.0, 56.0
"""Neighbourhood in which bare skin is looked for, smoothing of it, and size of a block [um]."""
BARE = 70.0
"""Percentile of brightness that counts as bare skin."""
INK = 0.75
"""Saturation from which on a pixel belongs to a line drawn into the picture by the camera's program."""


@dataclass(frozen=True, slots=True)
class Darkness:
    """Darkness of a picture at working scale.

    Attributes
    ----------
    values : FloatArray, shape (height, width)
        -0.5 to 1; 0 is bare skin.
    scale : float
        [um/px].
    """

    values: FloatArray
    scale: float


def darkness(picture: np.ndarray, scale: float) -> Darkness:
    """Darkness of a picture.

    Parameters
    ----------
    picture : np.ndarray, shape (height, width, 3)
        Red, green, blue as bytes.
    scale : float
        [um/px].

    Returns
    -------
    Darkness
        At 5 to 7 um/px.

    Examples
    --------
    >>> float(np.abs(darkness(np.full((300, 300, 3), 200, np.uint8), 10.0).values).max()) < 1e-5
    True
    """
    grey = picture[..., 0] * np.float32(0.6 / 255.0) + picture[..., 1] * np.float32(0.4 / 255.0)
    ink = _ink(picture)
    working = min(COARSEST, max(FINEST, scale))
    if scale < working:
        grey = ndimage.gaussian_filter(grey, 0.4 * working / scale)
    order = 3 if scale > working else 1
    grey = ndimage.zoom(grey, scale / working, order=order, mode="nearest", grid_mode=True)
    bare = _bare(np.asarray(grey), working)
    values = np.clip(1.0 - grey / np.maximum(bare, 0.02), -0.5, 1.0)
    if ink.any():
        drawn = ndimage.zoom(ink.astype(np.float32), scale / working, order=1, mode="nearest", grid_mode=True)
        values[drawn > 0.1] = 0.0
    return Darkness(values, working)


def _bare(grey: np.ndarray, scale: float) -> np.ndarray:
    """Brightness of bare skin nearby, from blocks of the picture."""
    step = max(1, int(BLOCK / scale))
    blocks = ndimage.uniform_filter(grey, step)[step // 2 :: step, step // 2 :: step]
    size = max(3, int(AROUND / (step * scale)))
    bare = ndimage.gaussian_filter(ndimage.percentile_filter(blocks, BARE, size=size), SMOOTH / (step * scale))
    factors = np.array(grey.shape) / np.array(bare.shape)
    return ndimage.zoom(bare, factors, order=1, mode="nearest", grid_mode=True)


def _ink(picture: np.ndarray) -> np.ndarray:
    """Where a line of pure colour was drawn into the picture: no skin and no hair is as saturated and as bright."""
    most = picture.max(axis=2)
    return (most > 160) & (picture.min(axis=2) < (1.0 - INK) * most)
