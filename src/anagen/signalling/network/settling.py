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
    levels: FloatArray, occupancy: FloatArray, basal: FloatArray, term_origin: IntArray, term_power: FloatArray,
    term_beta: FloatArray, term_shift: FloatArray, edge_term: IntArray, edge_a: FloatArray, edge_b: FloatArray,
    or_first: IntArray, and_first: IntArray, and_last: IntArray, enough: float, steps: int,
) -> bool:  # fmt: skip
    """Follow y <- f(y) in place until it stands still.

    Parameters
    ----------
    levels : FloatArray, shape (n_nodes,)
        Where it begins, and where it ends.
    occupancy : FloatArray, shape (n_inputs,)
        Of the inputs, 0 to 1.
    basal : FloatArray, shape (n_nodes,)
        Levels where nothing acts.
    term_origin : IntArray, shape (n_terms,)
        See `Circuit`.
    term_power : FloatArray, shape (n_terms,)
        See `Circuit`.
    term_beta : FloatArray, shape (n_terms,)
        See `Circuit`.
    term_shift : FloatArray, shape (n_terms,)
        See `Circuit`.
    edge_term : IntArray, shape (n_edges,)
        See `Circuit`.
    edge_a : FloatArray, shape (n_edges,)
        See `Circuit`.
    edge_b : FloatArray, shape (n_edges,)
        See `Circuit`.
    or_first : IntArray, shape (n_nodes,)
        See `Circuit`.
    and_first : IntArray, shape (n_nodes,)
        See `Circuit`.
    and_last : IntArray, shape (n_nodes,)
        See `Circuit`.
    enough : float
        Greatest change of a level in a step that counts as none.
    steps : int
        Most steps.

    Returns
    -------
    bool
        Whether it stands still.
    """
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
    stands = settle(
        levels, occupancy, basal, circuit.term_origin, circuit.term_power, circuit.term_beta, circuit.term_shift,
        circuit.edge_term, circuit.edge_a, circuit.edge_b, circuit.or_first, circuit.and_first, circuit.and_last,
        ENOUGH, MOST_STEPS,
    )  # fmt: skip
    return levels if stands else None
