"""Width of a hair from its profile: which round shaft, seen through the picture's blur, is as dark across.

    model_w(x) = blur of (1 - exp(-OPACITY c(x))) / (1 - exp(-OPACITY)),    c(x) = sqrt(1 - (2 x / w)**2)
    a, w = argmin sum (profile - a model_w)**2 + LEAN n (a - full (1 - exp(-w / 28 um)))**2

Where blur hides the width, the second term decides: a hair as dark as the darkest is no thin one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from anagen.core.arrays import BoolArray, FloatArray
from anagen.trichoscopy.darkness import Darkness

WIDTHS = np.arange(8.0, 221.0, 2.0)
"""Widths that are tried [um]."""
STEP = 4.0
ACROSS = np.arange(-152.0, 153.0, STEP)
"""Places across a hair [um]."""
PLACES = 24
"""Places along a hair at which its profile is taken."""
OPACITY = 3.5
LEAN = 0.004
"""Weight of what is expected of darkness, beside the profile."""
FINE = 28.0
"""Width of a hair that lets 1/e of the light pass [um]."""
RISE = 0.08
"""Rise of darkness, outwards, by which a neighbour is known."""
BLURS = np.arange(9.0, 45.0, 2.0)
"""Blurs of profiles that are tried [um]."""
MOST_STRONG = 60
"""Hairs by which blur is judged."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Widths of hairs, arrays of one length.

    Attributes
    ----------
    width : FloatArray
        [um].
    dark : FloatArray
        Darkness of the middle, were there no blur.
    residual : FloatArray
        Sum of squares.
    """

    width: FloatArray
    dark: FloatArray
    residual: FloatArray


def profiles(dark: Darkness, lines: Sequence[FloatArray]) -> FloatArray:
    """Median darkness across each line, taken at right angles to its middle four fifths.

    Parameters
    ----------
    dark : Darkness
        Of the picture.
    lines : Sequence[FloatArray]
        Points of each [px].

    Returns
    -------
    FloatArray, shape (n_lines, len(ACROSS))
        Darkness.
    """
    if not lines:
        return np.zeros((0, len(ACROSS)))
    at = np.stack([_along(line) for line in lines])
    along = np.gradient(at, axis=1)
    along /= np.linalg.norm(along, axis=2, keepdims=True) + 1e-9
    reach = ACROSS / dark.scale
    x = at[..., 0, None] - along[..., 1, None] * reach
    y = at[..., 1, None] + along[..., 0, None] * reach
    rows = ndimage.map_coordinates(dark.values, [y, x], order=1, mode="nearest")
    # every row is moved so that its darkest place stands in the middle
    middle = np.flatnonzero(np.abs(ACROSS) <= 24.0)
    darkest = ndimage.gaussian_filter1d(rows, 2.0, axis=2)[..., middle].argmax(axis=2) + middle[0]
    moved = np.arange(len(ACROSS)) + (darkest - len(ACROSS) // 2)[..., None]
    rows = np.take_along_axis(rows, np.clip(moved, 0, len(ACROSS) - 1), axis=2)
    return np.median(rows, axis=1)


def _along(line: FloatArray) -> FloatArray:
    """PLACES points on the middle four fifths of a line."""
    smooth = ndimage.gaussian_filter1d(line, 3.0, axis=0, mode="nearest") if len(line) > 12 else line
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    at = np.linspace(0.1, 0.9, PLACES) * way[-1]
    return np.column_stack([np.interp(at, way, smooth[:, 0]), np.interp(at, way, smooth[:, 1])])


def models(blur: float, opacity: float = OPACITY) -> FloatArray:
    """Profiles of shafts of WIDTHS, darkness 1, through a blur [um].

    Parameters
    ----------
    blur : float
        Standard deviation [um].
    opacity : float, default OPACITY
        Of a shaft along its greatest chord.

    Returns
    -------
    FloatArray, shape (len(WIDTHS), len(ACROSS))
        Darkness.
    """
    fine = np.arange(-200.0, 201.0, 2.0)
    chord = np.sqrt(np.clip(1.0 - (2.0 * fine / WIDTHS[:, None]) ** 2, 0.0, None))
    shaft = ndimage.gaussian_filter1d(-np.expm1(-opacity * chord) / -np.expm1(-opacity), blur / 2.0, axis=1)
    return np.stack([np.interp(ACROSS, fine, row) for row in shaft])


def fitted(profile: FloatArray, model: FloatArray, full: float, lean: float = LEAN) -> Fit:
    """Width and darkness of each profile.

    Parameters
    ----------
    profile : FloatArray, shape (n, len(ACROSS))
        Of `profiles`.
    model : FloatArray, shape (len(WIDTHS), len(ACROSS))
        Of `models`.
    full : float
        Darkness of thick hairs.
    lean : float, default LEAN
        Weight of what is expected of darkness.

    Returns
    -------
    Fit
        Of n hairs.
    """
    base = np.percentile(profile[:, np.abs(ACROSS) > 60.0], 30.0, axis=1)
    level = profile - base[:, None]
    near = _own(level).astype(np.float64)
    weight = lean * len(ACROSS)
    goal = full * -np.expm1(-WIDTHS / FINE)
    level = level * near
    both = level @ model.T
    squares = np.maximum(near @ (model * model).T, 1e-9)
    dark = (both + weight * goal) / (squares + weight)
    residual = (
        (level * level).sum(axis=1)[:, None] - 2.0 * dark * both + dark**2 * squares + weight * (dark - goal) ** 2
    )
    best = np.clip(residual.argmin(axis=1), 1, len(WIDTHS) - 2)
    each = np.arange(len(profile))
    before, here, after = (residual[each, best + step] for step in (-1, 0, 1))
    # the vertex of the parabola through three widths
    off = np.clip(0.5 * (before - after) / np.maximum(before - 2.0 * here + after, 1e-12), -1.0, 1.0)
    return Fit(WIDTHS[best] + off * (WIDTHS[1] - WIDTHS[0]), dark[each, best], here)


def _own(level: FloatArray) -> BoolArray:
    """Which places belong to the hair itself: outwards to where darkness rises again."""
    own = np.ones(level.shape, dtype=bool)
    middle = level.shape[1] // 2
    for outwards in (slice(middle, None), slice(middle, None, -1)):
        side = level[:, outwards]
        low = np.minimum.accumulate(side, axis=1)
        risen = np.logical_or.accumulate(side > low + RISE, axis=1)
        lowest = np.where(risen, np.inf, side).argmin(axis=1)
        beyond = np.arange(side.shape[1]) >= lowest[:, None]
        own[:, outwards] &= ~(np.any(risen, axis=1, keepdims=True) & beyond)
    return own


def peaks(profile: FloatArray) -> FloatArray:
    """Darkness of the middle of each profile over that of the skin beside it."""
    return profile[:, np.abs(ACROSS) <= 8.0].mean(axis=1) - np.percentile(profile, 20.0, axis=1)
