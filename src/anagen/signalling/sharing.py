"""Sharing a change among those that made it, and a ladder of exposures between which patients are interpolated.

Each of n players enters first (alone) and last (where all others act), and gets a point between the two, the same point
for all, where shares add up to the joint change:

    share of k = (1 - c) first_k + c last_k,       c = (sum of first - joint) / (sum of first - sum of last)
    first_k = R(k) - R(nobody),       last_k = R(all) - R(all but k),       joint = R(all) - R(nobody)

For two players c is a half and this is Shapley's value. It needs 2 n + 2 coalitions where Shapley's needs 2^n. It is
the compromise of Tijs (1981, Bounds for the core and the tau-value) between what a player does alone and what it adds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray

RUNGS, FEWER_RUNGS = 32, 16
"""Rungs, nothing included, of a player that differs between patients: of up to two of them; of each of more, and of one
that differs by clearance alone, hence little."""
LOWEST, HIGHEST = 1.0 / 32.0, 16.0


@dataclass(frozen=True, slots=True)
class Followed:
    """Which combinations of exposures the network is followed for.

    Attributes
    ----------
    rungs : IntArray, shape (n_rows, n_players)
        Rung of every player; the first row is nobody's.
    alone : tuple[IntArray, ...]
        Row in which each player stands at each of its rungs and all others are absent.
    among : tuple[IntArray, ...]
        The same where all others are at the dose given.
    """

    rungs: IntArray
    alone: tuple[IntArray, ...]
    among: tuple[IntArray, ...]


def followed(rungs: Sequence[FloatArray]) -> Followed:
    """Every player at every rung, once alone and once among all others: at most twice the rows of each alone.

    Parameters
    ----------
    rungs : Sequence[FloatArray]
        Scalings of each player's exposure, the first 0, with 1 for the dose given.

    Returns
    -------
    Followed
        Each combination once.

    Examples
    --------
    >>> steps = np.array([0.0, 1.0])
    >>> [len(followed([steps] * players).rungs) for players in (1, 2, 3, 7)]
    [2, 4, 8, 16]
    """
    planned = np.array([planned_rung(scales) for scales in rungs], dtype=np.int64)
    blocks: list[IntArray] = []
    for others in (np.zeros_like(planned), planned):
        for player, scales in enumerate(rungs):
            block = np.repeat(others[None], len(scales), axis=0)
            block[:, player] = np.arange(len(scales))
            blocks.append(block)
    rows, place = np.unique(np.concatenate(blocks), axis=0, return_inverse=True)
    parts = np.split(place.reshape(-1), np.cumsum([len(block) for block in blocks])[:-1])
    return Followed(rows, tuple(parts[: len(rungs)]), tuple(parts[len(rungs) :]))


def planned_rung(scales: FloatArray) -> int:
    """The rung of the dose that is given.

    Parameters
    ----------
    scales : FloatArray
        Scalings of exposure.

    Returns
    -------
    int
        Where the scaling is 1.

    Examples
    --------
    >>> planned_rung(np.array([0.0, 0.5, 1.0]))
    2
    """
    return int(np.argmin(np.abs(scales - 1.0)))


def point_between(first: FloatArray, last: FloatArray, joint: FloatArray) -> FloatArray:
    """The point c between entering first and entering last at which all shares add up to the joint change.

    Parameters
    ----------
    first : FloatArray, shape (n_players, ...)
        What each changes alone.
    last : FloatArray, shape (n_players, ...)
        What each adds to all others.
    joint : FloatArray, shape (...)
        What all change together.

    Returns
    -------
    FloatArray, shape (...)
        0 to 1, and a half for one or two players and where entering first and last is the same.

    Examples
    --------
    >>> # three that do the same, of which any one is enough
    >>> float(point_between(np.ones((3, 1)), np.zeros((3, 1)), np.ones(1))[0])
    0.6666666666666666
    """
    half = np.full(joint.shape, 0.5)
    if len(first) <= 2:
        return half
    spread = first.sum(axis=0) - last.sum(axis=0)
    return np.clip(np.divide(first.sum(axis=0) - joint, spread, out=half, where=spread != 0.0), 0.0, 1.0)


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


@dataclass(frozen=True, slots=True)
class Shares:
    """What each player changes of one output.

    Attributes
    ----------
    first : tuple[FloatArray, ...]
        Alone, shape (n_rungs, n_knots).
    met : tuple[FloatArray, ...]
        What it adds to all others at the doses given, less what it changes alone, shape (n_rungs, n_knots).
    between : FloatArray, shape (n_knots,)
        The point c.
    """

    first: tuple[FloatArray, ...]
    met: tuple[FloatArray, ...]
    between: FloatArray


def shares_of(change: FloatArray, rungs: Sequence[FloatArray]) -> Shares:
    """Shares of all players in a change of which the combinations that are `followed` are known.

    Parameters
    ----------
    change : FloatArray, shape (n_rows, n_knots)
        Change in every combination.
    rungs : Sequence[FloatArray]
        Scalings of each player's exposure.

    Returns
    -------
    Shares
        first + between * met adds up to the joint change where all players are at the doses given.

    Examples
    --------
    >>> steps = np.array([0.0, 1.0])
    >>> shares = shares_of(np.array([[0.0], [2.0], [1.0], [2.5]]), [steps, steps])
    >>> [float((first + shares.between * met)[1, 0]) for first, met in zip(shares.first, shares.met)]
    [0.75, 1.75]
    """
    rows = followed(rungs)
    planned = [planned_rung(scales) for scales in rungs]
    first, last = ([change[row] - change[row[0]] for row in rows_of] for rows_of in (rows.alone, rows.among))
    given, added = (np.stack([own[at] for own, at in zip(of, planned, strict=True)]) for of in (first, last))
    joint = change[rows.among[0][planned[0]]] - change[0]
    met = tuple(after - before for after, before in zip(last, first, strict=True))
    return Shares(tuple(first), met, point_between(given, added, joint))


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


def weights(rungs: FloatArray, scale: FloatArray) -> FloatArray:
    """Weights of the rungs in the response at each scale, cubic in the logarithm, [scale, rung].

    Exact at a rung. Below the lowest rung the response is taken as proportional to the scale; above the highest it
    stays.

    Parameters
    ----------
    rungs : FloatArray
        Scalings, the first 0, shape (n_rungs,).
    scale : FloatArray
        Scale of each patient, shape (n_scales,), or (n_scales, n_knots) where it changes.

    Returns
    -------
    FloatArray
        Shape (n_scales, n_rungs), or (n_scales, n_rungs, n_knots); weights of the rungs add up to 1.

    Examples
    --------
    >>> weights(np.array([0.0, 1.0]), np.array([1.0])).tolist()
    [[0.0, 1.0]]
    """
    if scale.ndim > 1:
        return np.moveaxis(weights(rungs, scale.reshape(-1)).reshape(*scale.shape, len(rungs)), -1, 1)
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
