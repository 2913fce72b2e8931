"""What leads where in a network, along edges that have a weight."""

from __future__ import annotations

from collections.abc import Iterable

from anagen.signalling.network.network import Network


def leading_to(network: Network, nodes: Iterable[str]) -> frozenset[str]:
    """Nodes and inputs from which some path of weighted edges leads to one of the nodes, these included.

    Parameters
    ----------
    network : Network
        The network.
    nodes : Iterable[str]
        Names of nodes.

    Returns
    -------
    frozenset[str]
        Names of nodes and inputs.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> leading = leading_to(load_network(), ["AR"])
    >>> "DHT_BLOCK" in leading, "BCL2" in leading
    (True, False)
    """
    return _closure(nodes, [(edge.target, edge.origin) for edge in network.edges if edge.weight > 0.0])


def reached_from(network: Network, names: Iterable[str]) -> frozenset[str]:
    """Nodes to which some path of weighted edges leads from one of the names, these included.

    Parameters
    ----------
    network : Network
        The network.
    names : Iterable[str]
        Of nodes or inputs.

    Returns
    -------
    frozenset[str]
        Names of nodes, and the names given.
    """
    return _closure(names, [(edge.origin, edge.target) for edge in network.edges if edge.weight > 0.0])


def _closure(start: Iterable[str], steps: list[tuple[str, str]]) -> frozenset[str]:
    nodes = set(start)
    grown = True
    while grown:
        fresh = {target for origin, target in steps if origin in nodes} - nodes
        nodes |= fresh
        grown = bool(fresh)
    return frozenset(nodes)
