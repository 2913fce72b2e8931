"""A network as flat arrays, and the levels towards which its nodes are driven.

Each edge is one factor `a + b * x` of the transferred level x (see `Edge`), so that weight 0 is the factor 1 exactly:

    or,  activates:  1 - w x          and, activates:  1 - w (1 - x)
    or,  inhibits:   1 - w (1 - x)    and, inhibits:   1 - w x

    f_i = (1 - (1 - basal_i) * product of its "or" factors) * product of its "and" factors
    dy_i/dt = (f_i - y_i) / tau_i

With weights 1 this is the logic of Kraeutler, Soltis & Saucerman 2010, doi:10.1186/1752-0509-4-157: AND is a product,
OR is a + b - a b, inhibition 1 - act.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.signalling.network.elements import GATES, Edge
from anagen.signalling.network.network import Network


@dataclass(frozen=True, slots=True)
class Circuit:
    """A network as arrays, for kernels.

    Attributes
    ----------
    n_nodes : int
        Counts; levels of nodes and then exposures of inputs make a state.
    n_inputs : int
        Counts; levels of nodes and then exposures of inputs make a state.
    rate : FloatArray
        1 / tau of each node [1/day].
    term_origin : IntArray
        One entry per distinct transferred level beta x^n / (shift + x^n); the first `n_inputs` terms are the inputs'
        occupancies e / (1 + e).
    term_power : FloatArray
        One entry per distinct transferred level beta x^n / (shift + x^n); the first `n_inputs` terms are the inputs'
        occupancies e / (1 + e).
    term_beta : FloatArray
        One entry per distinct transferred level beta x^n / (shift + x^n); the first `n_inputs` terms are the inputs'
        occupancies e / (1 + e).
    term_shift : FloatArray
        One entry per distinct transferred level beta x^n / (shift + x^n); the first `n_inputs` terms are the inputs'
        occupancies e / (1 + e).
    edge_term : IntArray
        One entry per edge with a weight, sorted by target.
    edge_a : FloatArray
        One entry per edge with a weight, sorted by target.
    edge_b : FloatArray
        One entry per edge with a weight, sorted by target.
    or_first : IntArray
        Where the "or" edges of a node begin, where its "and" edges begin and end.
    and_first : IntArray
        Where the "or" edges of a node begin, where its "and" edges begin and end.
    and_last : IntArray
        Where the "or" edges of a node begin, where its "and" edges begin and end.
    """

    n_nodes: int
    n_inputs: int
    rate: FloatArray
    term_origin: IntArray
    term_power: FloatArray
    term_beta: FloatArray
    term_shift: FloatArray
    edge_term: IntArray
    edge_a: FloatArray
    edge_b: FloatArray
    or_first: IntArray
    and_first: IntArray
    and_last: IntArray


def factor(edge: Edge) -> tuple[float, float]:
    """(a, b) of the factor a + b x with which an edge enters.

    Parameters
    ----------
    edge : Edge
        An edge with a weight.

    Returns
    -------
    tuple[float, float]
        Constant a and slope b of the factor a + b * term.

    Examples
    --------
    >>> factor(Edge("A", "B", "-", 0.4, 2, 0.5, "and", "assumed", "C", "model"))
    (1.0, -0.4)
    """
    if (edge.gate == "or") == (edge.sign == "+"):
        return 1.0, -edge.weight
    return 1.0 - edge.weight, edge.weight


def edges_in_order(network: Network) -> tuple[Edge, ...]:
    """Edges with a weight in the order of a circuit's arrays: by target, "or" before "and", then as listed.

    Parameters
    ----------
    network : Network
        The network.

    Returns
    -------
    tuple[Edge, ...]
        One for each entry of `Circuit.edge_a`.
    """
    entering: dict[tuple[str, str], list[Edge]] = {}
    for edge in network.edges:
        if edge.weight != 0.0:
            entering.setdefault((edge.target, edge.gate), []).append(edge)
    return tuple(edge for node in network.node_names for gate in GATES for edge in entering.get((node, gate), ()))


def circuit_of(network: Network, *, shared: bool = True) -> Circuit:
    """The arrays of a network; edges of weight 0 are left out.

    Parameters
    ----------
    network : Network
        The network.
    shared : bool, default True
        Whether edges that transfer the same node alike share a term. Else every edge that leaves a node has a term of
        its own, in the order of the edges, after those of the inputs.

    Returns
    -------
    Circuit
        Numbers that the kernel takes.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> circuit_of(load_network()).n_nodes
    38
    """
    nodes, inputs = network.node_names, network.input_names
    position = {name: index for index, name in enumerate((*nodes, *inputs))}
    order = edges_in_order(network)
    terms: dict[tuple[int, float, float, int], tuple[int, float]] = {}
    for index in range(len(inputs)):
        terms[(len(nodes) + index, 1.0, 0.0, -1)] = (index, 1.0)
    rows: list[tuple[int, float, float]] = []
    betas = [1.0] * len(inputs)
    shifts = [1.0] * len(inputs)
    for number, edge in enumerate(order):
        own = -1 if shared else number
        from_input = position[edge.origin] >= len(nodes)
        key = (position[edge.origin], 1.0, 0.0, -1) if from_input else (position[edge.origin], edge.n, edge.ec50, own)
        if key not in terms:
            terms[key] = (len(terms), edge.n)
            beta = edge.beta
            betas.append(beta)
            shifts.append(beta - 1.0)
        rows.append((terms[key][0], *factor(edge)))
    counts = {(node, gate): 0 for node in nodes for gate in GATES}
    for edge in order:
        counts[edge.target, edge.gate] += 1
    ends = np.cumsum(list(counts.values()), dtype=np.int64).reshape(-1, len(GATES))
    return Circuit(
        n_nodes=len(nodes),
        n_inputs=len(inputs),
        rate=np.array([1.0 / node.tau for node in network.nodes]),
        term_origin=np.array([key[0] for key in terms], dtype=np.int64),
        term_power=np.array([key[1] for key in terms]),
        term_beta=np.array(betas),
        term_shift=np.array(shifts),
        edge_term=np.array([row[0] for row in rows], dtype=np.int64),
        edge_a=np.array([row[1] for row in rows]),
        edge_b=np.array([row[2] for row in rows]),
        or_first=np.append(0, ends[:-1, 1]),
        and_first=ends[:, 0].copy(),
        and_last=ends[:, 1].copy(),
    )


def drive(circuit: Circuit, levels: FloatArray, occupancy: FloatArray, basal: FloatArray) -> FloatArray:
    """Levels f towards which the nodes are driven, in plain NumPy.

    Parameters
    ----------
    circuit : Circuit
        Network.
    levels : FloatArray
        Levels of the nodes [..., node].
    occupancy : FloatArray
        Of the inputs [..., input], 0 to 1.
    basal : FloatArray
        Level of each node where nothing acts on it [..., node].

    Returns
    -------
    FloatArray
        Array like `levels`, between 0 and 1.
    """
    transferred = transferred_levels(circuit, levels, occupancy)
    factors = circuit.edge_a + circuit.edge_b * transferred[..., circuit.edge_term]
    off = (1.0 - basal) * _products(factors, circuit.or_first, circuit.and_first)
    return (1.0 - off) * _products(factors, circuit.and_first, circuit.and_last)


def _products(factors: FloatArray, first: IntArray, last: IntArray) -> FloatArray:
    """Product of the factors of each node's edges, one edge of every node at a time [..., node]."""
    product = np.ones((*factors.shape[:-1], len(first)))
    for edge in range(int((last - first).max())):
        having = np.flatnonzero(first + edge < last)
        product[..., having] *= factors[..., first[having] + edge]
    return product


def transferred_levels(circuit: Circuit, levels: FloatArray, occupancy: FloatArray) -> FloatArray:
    """What enters the edges: beta x^n / (shift + x^n) of nodes, occupancies of inputs; [..., term]."""
    state = np.concatenate([levels, occupancy], axis=-1)
    x = state[..., circuit.term_origin]
    transferred = x.copy()
    hill = slice(circuit.n_inputs, None)
    power = np.maximum(x[..., hill], 0.0) ** circuit.term_power[hill]
    transferred[..., hill] = circuit.term_beta[hill] * power / (circuit.term_shift[hill] + power)
    return transferred
