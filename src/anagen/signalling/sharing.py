"""Sharing a change among those that made it, and a ladder of exposures between which patients are interpolated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations

import numpy as np

from anagen.core.arrays import FloatArray

LADDER = {0: 1, 1: 32, 2: 16, 3: 12, 4: 8}
"""Rungs per player, nothing included, by how many players differ between patients."""
MOST_VARYING = max(LADDER)
"""Players of one arm that can differ in exposure between patients; a table of all rungs of five has no room."""
LOWEST, HIGHEST = 1.0 / 32.0, 16.0


def ladder(number: int) -> FloatArray:
    """Scalings of exposure: 0, then a geometric series from LOWEST to HIGHEST that holds 1.

    Parameters
    ----------
    number : int
        Number of rungs.

    Returns
    -------
    FloatArray
        Shape (number,), increasing.

    Examples
    --------
    >>> rungs = ladder(16)
    >>> len(rungs), float(rungs[0]), bool((rungs == 1.0).any())
    (16, 0.0, True)
    """
    steps = number - 2
    below = round(steps * math.log(1.0 / LOWEST) / math.log(HIGHEST / LOWEST))
    down = LOWEST ** (np.arange(below, 0, -1) / below)
    up = HIGHEST ** (np.arange(1, steps - below + 1) / (steps - below))
    return np.concatenate([[0.0], down, [1.0], up])


def shapley_weight(size: int, players: int) -> float:
    """Share of all orders in which exactly `size` given others come before a player, s! (n - s - 1)! / n!.

    Parameters
    ----------
    size : int
        How many others come before.
    players : int
        Number of players.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> shapley_weight(0, 2), shapley_weight(1, 3)
    (0.5, 0.16666666666666666)
    """
    return math.factorial(size) * math.factorial(players - size - 1) / math.factorial(players)


def shapley(table: FloatArray, player: int) -> FloatArray:
    """Share of one player in a change, for every rung of every player.

    Parameters
    ----------
    table : FloatArray
        Change [rung of player 1, ..., rung of player n, knot]; rung 0 is absence.
    player : int
        Whose share.

    Returns
    -------
    FloatArray
        Share, shaped like `table`; shares of all players add up to it.

    Examples
    --------
    >>> table = np.array([[[0.0], [2.0]], [[1.0], [2.5]]])
    >>> float(shapley(table, 0)[1, 1, 0]), float(shapley(table, 1)[1, 1, 0])
    (0.75, 1.75)
    """
    n = table.ndim - 1
    others = [other for other in range(n) if other != player]
    share = np.zeros_like(table)
    for size in range(n):
        weight = shapley_weight(size, n)
        for present in combinations(others, size):
            absent = [other for other in others if other not in present]
            without = _at_zero(table, [*absent, player])
            share = share + weight * (_at_zero(table, absent) - without)
    return share


def weights(rungs: FloatArray, scale: FloatArray) -> FloatArray:
    """Weights of the rungs in the response at each scale, cubic in the logarithm, [scale, rung].

    Exact at a rung. Below the lowest rung the response is taken as proportional to the scale; above the highest it
    stays.

    Parameters
    ----------
    rungs : FloatArray
        Scalings, the first 0, shape (n_rungs,).
    scale : FloatArray
        Scale of each patient, shape (n_scales,).

    Returns
    -------
    FloatArray
        Shape (n_scales, n_rungs); rows add up to 1.

    Examples
    --------
    >>> weights(np.array([0.0, 1.0]), np.array([1.0])).tolist()
    [[0.0, 1.0]]
    """
    out = np.zeros((len(scale), len(rungs)))
    rows = np.arange(len(scale))
    if len(rungs) == 2:
        out[:, 0], out[:, 1] = 1.0 - scale, scale
        return out
    low = scale < rungs[1]
    part = scale[low] / rungs[1]
    out[rows[low], 0], out[rows[low], 1] = 1.0 - part, part
    x = np.log(rungs[1:])
    at = np.log(np.clip(scale[~low], rungs[1], rungs[-1]))
    first = np.clip(np.searchsorted(x, at, side="right") - 2, 0, len(x) - 4)
    for i in range(4):
        weight = np.ones(len(at))
        for j in range(4):
            if j != i:
                weight = weight * (at - x[first + j]) / (x[first + i] - x[first + j])
        out[rows[~low], 1 + first + i] = weight
    return out


def _at_zero(table: FloatArray, axes: Sequence[int]) -> FloatArray:
    """The table where the players of `axes` are absent, broadcast."""
    for axis in axes:
        table = np.take(table, [0], axis=axis)
    return table
