"""The part of a network that moves: a node that no occupied input reaches stays where it rests."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.signalling.network.circuit import Circuit, transferred_levels


@dataclass(frozen=True, slots=True)
class MovingPart:
    """A smaller circuit, and what the resting rest of the network contributes to it.

    Attributes
    ----------
    circuit : Circuit
        The moving nodes and the occupied inputs.
    nodes : IntArray
        Their places in the whole network.
    off : FloatArray, shape (n_patients, n_moving)
        (1 - basal) times the constant "or" factors of each node.
    need : FloatArray, shape (n_patients, n_moving)
        Product of the constant "and" factors of each node.
    """

    circuit: Circuit
    nodes: IntArray
    off: FloatArray
    need: FloatArray


def reached(circuit: Circuit, numbers: Collection[int]) -> IntArray:
    """Nodes that some path leads to from the inputs of these numbers, in order."""
    places = {circuit.n_nodes + number for number in numbers}
    grown = True
    while grown:
        grown = False
        for node in range(circuit.n_nodes):
            edges = circuit.edge_term[circuit.or_first[node] : circuit.and_last[node]]
            if node not in places and not places.isdisjoint(circuit.term_origin[edges].tolist()):
                places.add(node)
                grown = True
    return np.array(sorted(place for place in places if place < circuit.n_nodes), dtype=np.int64)


def leading(circuit: Circuit, nodes: Collection[int]) -> IntArray:
    """Nodes from which some path leads to one of these, these included, in order.

    Parameters
    ----------
    circuit : Circuit
        Whole network.
    nodes : Collection[int]
        Places of nodes.

    Returns
    -------
    IntArray, shape (n_leading,)
        Places, increasing.
    """
    places, fresh = set(nodes), list(nodes)
    while fresh:
        node = fresh.pop()
        edges = circuit.edge_term[circuit.or_first[node] : circuit.and_last[node]]
        origins = {int(origin) for origin in circuit.term_origin[edges] if origin < circuit.n_nodes} - places
        places |= origins
        fresh += origins
    return np.array(sorted(places), dtype=np.int64)


def moving_part(
    circuit: Circuit, nodes: IntArray, numbers: Collection[int], levels: FloatArray, basal: FloatArray
) -> MovingPart:
    """The circuit of `nodes` and of the inputs of `numbers`; everything else stays at `levels`, or is absent.

    Parameters
    ----------
    circuit : Circuit
        Whole network.
    nodes : IntArray
        Moving nodes, in order.
    numbers : Collection[int]
        Numbers of the inputs that are occupied.
    levels : FloatArray
        At rest, and where nothing acts [patient, node].
    basal : FloatArray
        At rest, and where nothing acts [patient, node].

    Returns
    -------
    MovingPart
        The part that has to be followed.
    """
    inputs = sorted(numbers)
    kept = [*nodes.tolist(), *(circuit.n_nodes + number for number in inputs)]
    place = {origin: number for number, origin in enumerate(kept)}
    constant = transferred_levels(circuit, levels, np.zeros((len(levels), circuit.n_inputs)))
    wanted = list(inputs)
    edges: list[int] = []
    starts: list[tuple[int, int, int]] = []
    products: list[list[FloatArray]] = [[], []]
    for node in nodes.tolist():
        bounds = [len(edges)]
        spans = ((circuit.or_first, circuit.and_first), (circuit.and_first, circuit.and_last))
        for (first, last), columns, begin in zip(
            spans, products, (1.0 - basal[:, node], np.ones(len(basal))), strict=True
        ):
            product = begin
            for edge in range(first[node], last[node]):
                term = int(circuit.edge_term[edge])
                if int(circuit.term_origin[term]) in place:
                    edges.append(edge)
                    if term not in wanted:
                        wanted.append(term)
                else:
                    product = product * (circuit.edge_a[edge] + circuit.edge_b[edge] * constant[:, term])
            columns.append(product)
            bounds.append(len(edges))
        starts.append((bounds[0], bounds[1], bounds[2]))
    position = {term: number for number, term in enumerate(wanted)}
    spans_of = np.array(starts, dtype=np.int64).reshape(-1, 3)
    smaller = Circuit(
        n_nodes=len(nodes),
        n_inputs=len(inputs),
        rate=circuit.rate[nodes],
        term_origin=np.array([place[int(circuit.term_origin[term])] for term in wanted], dtype=np.int64),
        term_power=circuit.term_power[wanted],
        term_beta=circuit.term_beta[wanted],
        term_shift=circuit.term_shift[wanted],
        edge_term=np.array([position[int(circuit.edge_term[edge])] for edge in edges], dtype=np.int64),
        edge_a=circuit.edge_a[edges],
        edge_b=circuit.edge_b[edges],
        or_first=spans_of[:, 0].copy(),
        and_first=spans_of[:, 1].copy(),
        and_last=spans_of[:, 2].copy(),
    )
    return MovingPart(smaller, nodes, np.stack(products[0], axis=1), np.stack(products[1], axis=1))
