"""Hypotheses in a graph: each has a share of alpha and hands it on to others once it is rejected.

Holm is the graph in which all share alike and hand on to all; a fixed sequence is a chain; gatekeeping and fallback
procedures are others.

References
----------
.. [1] Bretz, Maurer, Brannath & Posch 2009, doi:10.1002/sim.3495.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem

NEARLY = 1e-9


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph of hypotheses.

    Attributes
    ----------
    names : tuple of str
        Of the hypotheses.
    weights : FloatArray, shape (hypotheses,)
        Shares of alpha at the start, in all at most 1.
    transitions : FloatArray, shape (hypotheses, hypotheses)
        Share of its alpha that hypothesis i (row) hands to j once it is rejected; nothing to itself, rows in all at
        most 1.
    """

    names: tuple[str, ...]
    weights: FloatArray
    transitions: FloatArray

    @classmethod
    def of(cls, names: Sequence[str], weights: ArrayLike, transitions: ArrayLike) -> Graph:
        """A graph from its names, weights and transitions.

        Parameters
        ----------
        names : Sequence of str
            Of the hypotheses, no two alike.
        weights : array_like
            One for each.
        transitions : array_like
            A row for each.

        Returns
        -------
        Graph
            Checked.

        Raises
        ------
        InputError
            With everything that is wrong.
        """
        shares, moves = np.asarray(weights, dtype=np.float64), np.asarray(transitions, dtype=np.float64)
        m = len(names)
        problems: list[tuple[str, str]] = []
        if m == 0 or len(set(names)) != m:
            problems.append(("names", "must be one or more, no two alike"))
        if shares.shape != (m,) or not (shares >= 0).all() or shares.sum() > 1 + NEARLY:
            problems.append(("weights", f"must be {m} shares of alpha from 0, in all at most 1"))
        if moves.shape != (m, m) or not (moves >= 0).all() or (moves.sum(axis=1) > 1 + NEARLY).any():
            problems.append(("transitions", f"must be {m} rows of {m} shares from 0, every row in all at most 1"))
        elif (np.diagonal(moves) != 0).any():
            problems.append(("transitions", "must have 0 on the diagonal: no hypothesis hands alpha to itself"))
        if problems:
            raise InputError([Problem(None, None, None, field, message) for field, message in problems])
        return cls(tuple(names), shares, moves)

    @classmethod
    def holm(cls, names: Sequence[str]) -> Graph:
        """All share alike and hand on to all others.

        Parameters
        ----------
        names : Sequence of str
            Of the hypotheses.

        Returns
        -------
        Graph
            Holm's procedure.
        """
        m = len(names)
        moves = np.full((m, m), 1.0 / max(m - 1, 1))
        np.fill_diagonal(moves, 0.0)
        return cls.of(names, np.full(m, 1.0 / m), moves)

    @classmethod
    def chain(cls, names: Sequence[str]) -> Graph:
        """All of alpha to the first, then to the next, and so on.

        Parameters
        ----------
        names : Sequence of str
            Of the hypotheses, in the order of testing.

        Returns
        -------
        Graph
            The fixed sequence.
        """
        m = len(names)
        return cls.of(names, np.eye(m)[0], np.eye(m, k=1))

    def without(self, rejected: int) -> Graph:
        """The graph after a hypothesis was rejected: its alpha is handed on, and paths through it are closed.

        Parameters
        ----------
        rejected : int
            Its number, from 0; it stays in the graph with neither weight nor transitions.

        Returns
        -------
        Graph
            Updated.
        """
        g, j = self.transitions, rejected
        weights = self.weights + self.weights[j] * g[j]
        weights[j] = 0.0
        loop = g[:, j] * g[j]
        through = g + np.outer(g[:, j], g[j])
        room = (1.0 - loop)[:, None]
        moves = np.divide(through, room, out=np.zeros_like(through), where=room > NEARLY)
        moves[j] = 0.0
        moves[:, j] = 0.0
        np.fill_diagonal(moves, 0.0)
        return Graph(self.names, weights, moves)


def adjusted_p(graph: Graph, p: Sequence[float]) -> FloatArray:
    """P values adjusted by the graph; a hypothesis is rejected at every alpha from its adjusted p on.

    Parameters
    ----------
    graph : Graph
        Weights and transitions.
    p : Sequence of float
        p value of every hypothesis, 0 to 1.

    Returns
    -------
    FloatArray, shape (hypotheses,)
        At most 1.

    Raises
    ------
    InputError
        Where there is not one p value for each hypothesis.

    Examples
    --------
    >>> adjusted_p(Graph.holm(["low dose", "high dose"]), [0.03, 0.01]).tolist()
    [0.03, 0.02]
    """
    values = np.asarray(p, dtype=np.float64)
    if values.shape != graph.weights.shape or not ((values >= 0) & (values <= 1)).all():
        message = f"must be {len(graph.names)} p values between 0 and 1"
        raise InputError([Problem(None, None, None, "p", message)])
    open_, highest = np.ones(len(values), dtype=bool), 0.0
    out = np.ones(len(values))
    while open_.any():
        ratio = np.divide(values, graph.weights, out=np.full(len(values), np.inf), where=open_ & (graph.weights > 0))
        ratio[~open_] = np.inf
        best = int(np.argmin(ratio))
        if not np.isfinite(ratio[best]):
            break
        highest = min(max(highest, float(ratio[best])), 1.0)
        out[best], open_[best] = highest, False
        graph = graph.without(best)
    return out


def rejected(graph: Graph, p: Sequence[float], alpha: float = 0.05) -> dict[str, bool]:
    """Which hypotheses are rejected.

    Parameters
    ----------
    graph : Graph
        Weights and transitions.
    p : Sequence of float
        p value of every hypothesis.
    alpha : float
        Chance of any false claim.

    Returns
    -------
    dict of str to bool
        By name.
    """
    return {name: bool(each <= alpha) for name, each in zip(graph.names, adjusted_p(graph, p), strict=True)}
