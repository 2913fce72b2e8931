"""A network of nodes, inputs and edges that can be edited, ablated, extended and printed; nothing is computed here."""

from __future__ import annotations

import difflib
import hashlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from anagen.core.errors import InputError, Problem
from anagen.core.reading import shown
from anagen.signalling.imported import ImportedModel
from anagen.signalling.network.elements import Edge, Input, Node

MOST_NEAREST = 20
"""Unknown names for which the nearest right one is looked for, which takes time in a large network."""


@dataclass(frozen=True, slots=True)
class Network:
    """Nodes, inputs and edges; every method returns a new network.

    Attributes
    ----------
    title : str
        What it describes.
    conditions : tuple[str, ...]
        Names for which every node has a basal level.
    nodes : tuple[Node, ...]
        In the order in which they are listed and computed.
    inputs : tuple[Input, ...]
        In the order in which they are listed and computed.
    edges : tuple[Edge, ...]
        In the order in which they are listed and computed.
    model : ImportedModel or None
        Model of somebody else that some nodes and levers follow, see `anagen.signalling.network.coupling`.

    Raises
    ------
    InputError
        With every contradiction between the parts.
    """

    title: str
    conditions: tuple[str, ...]
    nodes: tuple[Node, ...]
    inputs: tuple[Input, ...]
    edges: tuple[Edge, ...]
    model: ImportedModel | None = None

    def __post_init__(self) -> None:
        problems = [Problem(None, None, None, field, message) for field, message in contradictions(self)]
        if problems:
            raise InputError(problems)

    @property
    def node_names(self) -> tuple[str, ...]:
        """Names of the nodes, in the order of every array of levels."""
        return tuple(node.name for node in self.nodes)

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of every array of courses."""
        return tuple(entry.name for entry in self.inputs)

    def edge(self, name: str) -> Edge:
        """The edge named "ORIGIN->TARGET".

        Parameters
        ----------
        name : str
            Name.

        Returns
        -------
        Edge
            The edge.

        Raises
        ------
        InputError
            With the nearest right spelling, where there is no such edge.
        """
        for edge in self.edges:
            if edge.name == name:
                return edge
        names = [edge.name for edge in self.edges]
        near = difflib.get_close_matches(name, names, n=1, cutoff=0.6)
        raise InputError([Problem(None, None, None, "edge", f"unknown edge {name!r}", (), near[0] if near else None)])

    def node(self, name: str) -> Node:
        """The node of that name.

        Parameters
        ----------
        name : str
            Name.

        Returns
        -------
        Node
            The node.

        Raises
        ------
        InputError
            With the nearest right spelling, where there is no such node.
        """
        for node in self.nodes:
            if node.name == name:
                return node
        near = difflib.get_close_matches(name, self.node_names, n=1, cutoff=0.5)
        raise InputError([Problem(None, None, None, "node", f"unknown node {name!r}", (), near[0] if near else None)])

    def without(self, *names: str) -> Network:
        """The same network with edges, or everything that leaves a node or input, at weight 0.

        Parameters
        ----------
        *names : str
            Edges ("AR->DKK1"), nodes or inputs ("DKK1").

        Returns
        -------
        Network
            With the same parts.

        Raises
        ------
        InputError
            Where a name is unknown.

        Examples
        --------
        >>> from anagen.signalling.network import load_network
        >>> load_network().without("AR->DKK1").edge("AR->DKK1").weight
        0.0
        """
        silenced: set[str] = set()
        for name in names:
            if "->" in name:
                silenced.add(self.edge(name).name)
            elif name in self.input_names:
                silenced.update(edge.name for edge in self.edges if edge.origin == name)
            else:
                silenced.update(edge.name for edge in self.edges if edge.origin == self.node(name).name)
        edges = tuple(replace(edge, weight=0.0) if edge.name in silenced else edge for edge in self.edges)
        return replace(self, edges=edges)

    def edited(self, name: str, **changes: Any) -> Network:
        """The same network with fields of one edge or node changed.

        Parameters
        ----------
        name : str
            Of the edge or node.
        **changes : Any
            Fields with their new values.

        Returns
        -------
        Network
            A network with the other values.

        Raises
        ------
        InputError
            Where the name is unknown.
        ValueError
            Where a value is out of range.

        Examples
        --------
        >>> from anagen.signalling.network import load_network
        >>> load_network().edited("AR->DKK1", weight=0.2).edge("AR->DKK1").weight
        0.2
        """
        if "->" in name:
            # an interval belongs to the value around which it lies
            widths = {f"{field}_90": None for field in ("weight", "ec50") if field in changes or "n" in changes}
            changed = replace(self.edge(name), **widths | changes)
            return replace(self, edges=tuple(changed if edge.name == name else edge for edge in self.edges))
        changed_node = replace(self.node(name), **changes)
        return replace(self, nodes=tuple(changed_node if node.name == name else node for node in self.nodes))

    def extended(self, nodes: Iterable[Node] = (), inputs: Iterable[Input] = (), edges: Iterable[Edge] = ()) -> Network:
        """The same network with more parts; a part with a known name takes the place of the old one.

        Parameters
        ----------
        nodes : Iterable[Node]
            Nodes to add.
        inputs : Iterable[Input]
            Inputs to add.
        edges : Iterable[Edge]
            Edges to add.

        Returns
        -------
        Network
            A network with the parts added.

        Raises
        ------
        InputError
            Where the parts contradict one another.
        """
        return replace(
            self,
            nodes=tuple(({n.name: n for n in self.nodes} | {n.name: n for n in nodes}).values()),
            inputs=tuple(({i.name: i for i in self.inputs} | {i.name: i for i in inputs}).values()),
            edges=tuple(({e.name: e for e in self.edges} | {e.name: e for e in edges}).values()),
        )

    def rows(self) -> list[dict[str, Any]]:
        """One mapping per edge, ready for a table."""
        return [{"edge": edge.name, **asdict(edge)} for edge in self.edges]

    def sha256(self) -> str:
        """Hash of everything in the network."""
        content: dict[str, Any] = {
            "conditions": self.conditions,
            "nodes": [asdict(node) | {"basal": dict(node.basal)} for node in self.nodes],
            "inputs": [asdict(entry) for entry in self.inputs],
            "edges": self.rows(),
        }
        if self.model is not None:
            content["model"] = self.model.document()
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def text(self) -> str:
        """The edges as a table of plain text, one per line, those without effect last.

        Returns
        -------
        str
            One line for each part.

        Examples
        --------
        >>> from anagen.signalling.network import load_network
        >>> print(load_network().text().splitlines()[0].split()[:4])
        ['edge', 'sign', 'weight', 'n']
        """
        head = ("edge", "sign", "weight", "n", "EC50", "gate", "grade", "system", "source")
        rows = [
            (e.name, e.sign, f"{e.weight:g}", f"{e.n:g}", f"{e.ec50:g}", e.gate, e.grade, e.system, e.source or e.note)
            for e in sorted(self.edges, key=lambda edge: edge.weight == 0.0)
        ]
        widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head) - 1)]
        return "\n".join(
            "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])
            for row in [head, *rows]
        )


def contradictions(network: Network) -> list[tuple[str, str]]:
    """(field, message) of everything that does not fit together in a network."""
    problems: list[tuple[str, str]] = []
    names = Counter((*network.node_names, *network.input_names))
    problems += [(name, "named twice") for name in sorted(names) if names[name] > 1]
    if not network.nodes:
        problems.append(("node", "a network needs at least one node"))
    if not network.conditions:
        problems.append(("conditions", "a network needs at least one condition"))
    for node in network.nodes:
        missing = [condition for condition in network.conditions if condition not in node.basal]
        if missing:
            problems.append((f"node.{node.name}", f"basal is missing for {', '.join(missing)}"))
    edges = Counter(edge.name for edge in network.edges)
    problems += [(name, "two edges of this name") for name in sorted(edges) if edges[name] > 1]
    nodes = set(network.node_names)
    for edge in network.edges:
        for role, name, allowed in (("from", edge.origin, names), ("to", edge.target, nodes)):
            if name not in allowed:
                problems.append((edge.name, unknown_end(role, name, allowed, few=len(problems) < MOST_NEAREST)))
    return problems


def unknown_end(role: str, name: str, allowed: Collection[str], *, few: bool) -> str:
    """What is said of an edge that begins or ends nowhere; the nearest right name is looked for where there are few."""
    near = difflib.get_close_matches(name, sorted(allowed), n=1, cutoff=0.5) if few else []
    hint = f"; did you mean {near[0]!r}?" if near else ""
    kind = "node or input" if role == "from" else "node"
    return f"{role}: unknown {kind} {shown(name)}{hint}"


def by_name(levels: Any, network: Network) -> Mapping[str, Any]:
    """Node name -> its entry along the last axis of an array of levels."""
    return {name: levels[..., index] for index, name in enumerate(network.node_names)}
