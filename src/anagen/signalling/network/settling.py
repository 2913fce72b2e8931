"""States of rest for parameter draws: the iteration of `rest`, compiled, because every draw has weights of its own."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import compiled
from anagen.signalling.network.circuit import Circuit
from anagen.signalling.network.rest import ENOUGH

MOST_STEPS = 400
"""Steps after which a network counts as one that does not settle by itself."""


@compiled
def settle(
    levels: FloatArray,
    occupancy: FloatArray,
    basal: FloatArray,
    of_terms: tuple[IntArray, FloatArray, FloatArray, FloatArray],
    of_edges: tuple[IntArray, FloatArray, FloatArray, IntArray, IntArray, IntArray],
    enough: float,
    steps: int,
) -> bool:
    """Follow y <- f(y) in place until it stands still.

    Parameters
    ----------
    levels : FloatArray, shape (n_nodes,)
        Where it begins, and where it ends.
    occupancy : FloatArray, shape (n_inputs,)
        Of the inputs, 0 to 1.
    basal : FloatArray, shape (n_nodes,)
        Levels where nothing acts.
    of_terms : tuple of arrays
        term_origin, term_power, term_beta and term_shift of a `Circuit`.
    of_edges : tuple of arrays
        edge_term, edge_a, edge_b, or_first, and_first and and_last of a `Circuit`.
    enough : float
        Greatest change of a level in a step that counts as none.
    steps : int
        Most steps.

    Returns
    -------
    bool
        Whether it stands still.
    """
    term_origin, term_power, term_beta, term_shift = of_terms
    edge_term, edge_a, edge_b, or_first, and_first, and_last = of_edges
    n_nodes, n_inputs = len(levels), len(occupancy)
    terms = np.empty(len(term_origin))
    for k in range(n_inputs):
        terms[k] = occupancy[k]
    driven = np.empty(n_nodes)
    for _ in range(steps):
        for k in range(n_inputs, len(term_origin)):
            power = levels[term_origin[k]] ** term_power[k]
            terms[k] = term_beta[k] * power / (term_shift[k] + power)
        most = 0.0
        for i in range(n_nodes):
            off = 1.0 - basal[i]
            for j in range(or_first[i], and_first[i]):
                off *= edge_a[j] + edge_b[j] * terms[edge_term[j]]
            level = 1.0 - off
            for j in range(and_first[i], and_last[i]):
                level *= edge_a[j] + edge_b[j] * terms[edge_term[j]]
            driven[i] = level
            most = max(most, abs(level - levels[i]))
        if most <= enough:
            return True
        levels[:] = driven
    return False


def settled(circuit: Circuit, occupancy: FloatArray, basal: FloatArray) -> FloatArray | None:
    """State of rest of a circuit, reached from its basal levels.

    Parameters
    ----------
    circuit : Circuit
        The network.
    occupancy : FloatArray, shape (n_inputs,)
        Of the inputs, 0 to 1.
    basal : FloatArray, shape (n_nodes,)
        Levels where nothing acts.

    Returns
    -------
    FloatArray or None, shape (n_nodes,)
        None where it does not settle by itself, so that `resting_state` has to look for it.
    """
    levels = basal.copy()
    c = circuit
    of_terms = c.term_origin, c.term_power, c.term_beta, c.term_shift
    of_edges = c.edge_term, c.edge_a, c.edge_b, c.or_first, c.and_first, c.and_last
    stands = settle(levels, occupancy, basal, of_terms, of_edges, ENOUGH, MOST_STEPS)
    return levels if stands else None
