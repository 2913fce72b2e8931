"""Which nodes stand behind which lever, what can reach them, and how levers are told to a reader."""

from __future__ import annotations

from collections.abc import Iterable

from anagen.signalling.network import EVIDENCE_GRADES, Edge, Network

BESIDE = "beside the network"
"""Entry of an action for which no way through the network has a source."""
GRADES = tuple(EVIDENCE_GRADES)
"""Grades from the best to the weakest."""


def leading_to(network: Network, nodes: Iterable[str]) -> frozenset[str]:
    """Nodes and inputs from which some path of weighted edges leads to one of the nodes, these included.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> leading = leading_to(load_network(), ["AR"])
    >>> "DHT_BLOCK" in leading, "BCL2" in leading
    (True, False)
    """
    return _closure(nodes, [(edge.target, edge.origin) for edge in network.edges if edge.weight > 0.0])


def reached_from(network: Network, names: Iterable[str]) -> frozenset[str]:
    """Nodes to which some path of weighted edges leads from one of the names, these included."""
    return _closure(names, [(edge.origin, edge.target) for edge in network.edges if edge.weight > 0.0])


def weakest(edges: Iterable[Edge]) -> Edge:
    """The edge with the weakest evidence; the first of several.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> network = load_network()
    >>> weakest([network.edge("WNT->GSK3B"), network.edge("VESICLE_WNT->WNT")]).name
    'VESICLE_WNT->WNT'
    """
    return max(edges, key=lambda edge: GRADES.index(edge.grade))


def _closure(start: Iterable[str], steps: list[tuple[str, str]]) -> frozenset[str]:
    nodes = set(start)
    grown = True
    while grown:
        fresh = {target for origin, target in steps if origin in nodes} - nodes
        nodes |= fresh
        grown = bool(fresh)
    return frozenset(nodes)
