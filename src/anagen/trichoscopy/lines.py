"""Centre lines of hairs: crests of the ridges, cut where they branch, joined again where one goes on as another."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from scipy import ndimage
from scipy.spatial import cKDTree

from anagen.core.arrays import FloatArray

LOW = 0.45
"""Share of the threshold to which a line is followed that passes it somewhere."""
END = 150.0
"""Length of an end of a line, from which its direction is taken [um]."""
BENT = 50.0
"""Length of an end that is left out of it where there is enough [um]."""
GAP, ASIDE, TURN = 130.0, 26.0, 0.20
"""Ends are joined that lie no farther apart and no farther beside each other [um], and turn by less [rad]."""
SHORTEST = 4
"""Points of a line [px]."""


def centre_lines(strength: FloatArray, angle: FloatArray, threshold: float) -> list[FloatArray]:
    """Lines along which strength is greatest across the line.

    Parameters
    ----------
    strength : FloatArray, shape (height, width)
        Of ridges.
    angle : FloatArray, shape (height, width)
        Direction of ridges [rad].
    threshold : float
        A line passes it somewhere, and nowhere falls below LOW of it.

    Returns
    -------
    list[FloatArray]
        Points (x, y) of each line in order [px].
    """
    from skimage.morphology import skeletonize

    y, x = np.nonzero(strength > LOW * threshold)
    aside = -np.sin(angle[y, x]), np.cos(angle[y, x])
    here = strength[y, x]
    crest = np.ones(len(here), dtype=bool)
    for side in (1.0, -1.0):
        beside = [y + side * aside[1], x + side * aside[0]]
        crest &= here >= ndimage.map_coordinates(strength, beside, order=1, mode="nearest")
    line = np.zeros(strength.shape, dtype=bool)
    line[y[crest], x[crest]] = True
    line = skeletonize(line)
    labels, n = ndimage.label(line, np.ones((3, 3)))
    if n == 0:
        return []
    peak = ndimage.maximum(strength, labels, np.arange(1, n + 1))
    line &= np.concatenate([[False], np.asarray(peak) > threshold])[labels]
    neighbours = ndimage.convolve(line.astype(np.uint8), np.ones((3, 3), dtype=np.uint8), mode="constant")
    labels, _ = ndimage.label(line & (neighbours <= 3), np.ones((3, 3)))
    return _pieces(np.asarray(labels))


def _pieces(labels: np.ndarray) -> list[FloatArray]:
    """Points of each labelled line, from one end to the other."""
    y, x = np.nonzero(labels)
    order = np.argsort(labels[y, x], kind="stable")
    points = np.column_stack([x, y])[order].astype(np.float64)
    starts = np.flatnonzero(np.diff(labels[y, x][order])) + 1
    pieces: list[FloatArray] = []
    for part in np.split(points, starts):
        if len(part) >= SHORTEST:
            pieces.append(part[np.argsort(part @ _axis(part), kind="stable")])
    return pieces


def _axis(points: FloatArray) -> FloatArray:
    """Unit vector along which points lie."""
    centred = points - points.mean(axis=0)
    (a, b), (_, c) = centred.T @ centred
    angle = 0.5 * np.arctan2(2.0 * b, a - c)
    return np.array([np.cos(angle), np.sin(angle)])


def linked(pieces: Sequence[FloatArray], scale: float) -> list[FloatArray]:
    """Join lines end to end where they go on as one, best first: over crossings and small gaps.

    Parameters
    ----------
    pieces : Sequence[FloatArray]
        Points of each line [px].
    scale : float
        [um/px].

    Returns
    -------
    list[FloatArray]
        Points of each joined line [px].
    """
    if not pieces:
        return []
    m, bent = max(SHORTEST, int(END / scale)), int(BENT / scale)
    sides = [side for piece in pieces for side in (piece, piece[::-1])]
    at = np.array([side[0] for side in sides])
    # beside a crossing a crest bends towards the other hair
    out = np.array([_outward(side[bent if len(side) >= SHORTEST + 2 * bent else 0 :][:m]) for side in sides])
    pairs = cKDTree(at).query_pairs(GAP / scale, output_type="ndarray")
    i, j = pairs[pairs[:, 0] // 2 != pairs[:, 1] // 2].T
    gap = at[j] - at[i]
    far = np.hypot(*gap.T)
    turn = np.arccos(np.clip(-(out[i] * out[j]).sum(axis=1), -1.0, 1.0))
    ahead = gap / np.maximum(far, 1e-9)[:, None]
    # ends that touch have no direction from one to the other
    off = [
        np.where(far > 3.0, np.arccos(np.clip(sign * (ahead * out[k]).sum(axis=1), -1.0, 1.0)), 0.0)
        for k, sign in ((i, 1), (j, -1))
    ]
    aside = np.maximum(*(np.abs(gap[:, 0] * out[k, 1] - gap[:, 1] * out[k, 0]) for k in (i, j))) * scale
    fits = (turn < TURN) & (off[0] < 0.7) & (off[1] < 0.7) & (aside < ASIDE)
    cost = turn + (off[0] + off[1]) / 3.0 + far * scale / 400.0
    partner: dict[int, int] = {}
    for k in np.flatnonzero(fits)[np.argsort(cost[fits], kind="stable")].tolist():
        a, b = int(i[k]), int(j[k])
        if a not in partner and b not in partner:
            partner[a], partner[b] = b, a
    return _chains(pieces, partner)


def _outward(end: FloatArray) -> FloatArray:
    axis = _axis(end)
    return axis if (end[0] - end[-1]) @ axis >= 0.0 else -axis


def _chains(pieces: Sequence[FloatArray], partner: dict[int, int]) -> list[FloatArray]:
    """Lines made of pieces; end 2k is the first of piece k, 2k + 1 the last."""
    seen: set[int] = set()
    lines: list[FloatArray] = []
    for start in sorted(range(2 * len(pieces)), key=lambda end: end in partner):
        chain: list[FloatArray] = []
        end: int | None = start
        while end is not None and end // 2 not in seen:
            seen.add(end // 2)
            piece = pieces[end // 2]
            chain.append(piece if end % 2 == 0 else piece[::-1])
            end = partner.get(end ^ 1)
        if chain:
            lines.append(np.vstack(chain))
    return lines


def trimmed(dark: FloatArray, line: FloatArray, scale: float, share: float = 0.5) -> FloatArray:
    """The longest run of a line where it is at least `share` as dark as its dark half: without its shadow under the
    skin.

    Parameters
    ----------
    dark : FloatArray, shape (height, width)
        Darkness.
    line : FloatArray, shape (n, 2)
        [px].
    scale : float
        [um/px].
    share : float, default 0.5
        Of the darkness of its dark half.

    Returns
    -------
    FloatArray
        A run of the points.
    """
    along = ndimage.gaussian_filter1d(
        ndimage.map_coordinates(dark, line.T[::-1], order=1, mode="nearest"), 15.0 / scale
    )
    enough = along > share * np.percentile(along, 75)
    enough |= ndimage.binary_closing(enough, np.ones(max(3, int(90.0 / scale)), dtype=bool))
    edges = np.flatnonzero(np.diff(np.concatenate([[False], enough, [False]]).astype(np.int8)))
    runs = list(pairwise(edges))[::2]
    if not runs:
        return line[:0]
    first, last = max(runs, key=lambda run: run[1] - run[0])
    return line[first:last]


def length_of(line: FloatArray) -> float:
    """Length along a line, smoothed so that the steps of the grid add nothing, in its own unit.

    Examples
    --------
    >>> round(length_of(np.array([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]])), 3)
    10.0
    """
    if len(line) < 8:
        return float(np.hypot(*(line[-1] - line[0])))
    smooth = ndimage.gaussian_filter1d(line, 2.0, axis=0, mode="nearest")
    smooth[0], smooth[-1] = line[0], line[-1]
    return float(np.hypot(*np.diff(smooth, axis=0).T).sum())
