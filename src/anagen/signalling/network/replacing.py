"""What a network file puts in place of parts of the network that it extends, in words."""

from __future__ import annotations

from anagen.signalling.network.elements import Edge, Node
from anagen.signalling.network.network import Network

_OF_EDGE = ("sign", "weight", "n", "ec50", "gate")


def replaced_parts(before: Network, after: Network) -> tuple[str, ...]:
    """Nodes and edges that have the same name in both networks and do something else.

    Parameters
    ----------
    before : Network
        The network that was extended.
    after : Network
        What became of it.

    Returns
    -------
    tuple[str, ...]
        One for each part, with what changes.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> network = load_network()
    >>> replaced_parts(network, network.edited("AR->DKK1", weight=0.2))
    ('the edge AR->DKK1 (weight 0.6 becomes 0.2)',)
    """
    nodes = {node.name: node for node in after.nodes}
    edges = {edge.name: edge for edge in after.edges}
    found: list[str] = []
    for node in before.nodes:
        changes = _of_node(node, nodes[node.name]) if node.name in nodes else []
        found += [f"the node {node.name} ({', '.join(changes)})"] if changes else []
    for edge in before.edges:
        changes = _of_edge(edge, edges[edge.name]) if edge.name in edges else []
        found += [f"the edge {edge.name} ({', '.join(changes)})"] if changes else []
    return tuple(found)


def _of_node(old: Node, new: Node) -> list[str]:
    changes = [] if old.tau == new.tau else [f"tau {old.tau:g} becomes {new.tau:g} days"]
    return changes + [
        f"basal level in {condition.replace('_', ' ')} {old.basal[condition]:g} becomes {level:g}"
        for condition, level in new.basal.items()
        if old.basal.get(condition, level) != level
    ]


def _of_edge(old: Edge, new: Edge) -> list[str]:
    values = [(name, getattr(old, name), getattr(new, name)) for name in _OF_EDGE]
    return [
        f"{'EC50' if name == 'ec50' else name} {_text(one)} becomes {_text(other)}"
        for name, one, other in values
        if one != other
    ]


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
