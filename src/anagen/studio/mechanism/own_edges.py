"""Edges of a reader's own: from a form to the address and on to the text of a network file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anagen.core.errors import InputError
from anagen.signalling.network import Network, load_network, read_network
from anagen.studio.forms.field import CHOICE, NUMBER, TEXT, Choice, Field, read

MOST_OWN = 8
LONGEST_SOURCE = 200
GRADE, SYSTEM = "C", "added in the studio"
N, EC50 = 1.4, 0.5
"""Transfer of a node where a reader gives none: that of most shipped edges."""
SIGNS = (Choice("+", "activates"), Choice("-", "inhibits"))
FILE = "own-edges.toml"


@dataclass(frozen=True)
class OwnEdge:
    """An edge that was added.

    Attributes
    ----------
    origin : str
        Node or input.
    target : str
        Node.
    sign : str
        "+" or "-".
    weight : float
        0 to 1.
    source : str
        Who showed it.
    """

    origin: str
    target: str
    sign: str
    weight: float
    source: str

    @property
    def name(self) -> str:
        """As edges are named."""
        return f"{self.origin}->{self.target}"

    def written(self) -> str:
        """As it stands in an address.

        Examples
        --------
        >>> OwnEdge("AR", "CYCLIN", "-", 0.4, "my assay").written()
        'AR->CYCLIN|-|0.4|my assay'
        """
        return f"{self.name}|{self.sign}|{self.weight:g}|{self.source}"


def own_edge(written: str) -> OwnEdge | None:
    """An edge from an address.

    Parameters
    ----------
    written : str
        From `OwnEdge.written`.

    Returns
    -------
    OwnEdge or None
        None where it is not written so.

    Examples
    --------
    >>> own_edge("AR->CYCLIN|-|0.4|my assay").weight, own_edge("AR->CYCLIN")
    (0.4, None)
    """
    name, _, rest = written.partition("|")
    origin, arrow, target = name.partition("->")
    parts = rest.split("|", 2)
    if not arrow or len(parts) != 3:
        return None
    try:
        return OwnEdge(origin, target, parts[0], float(parts[1]), parts[2][:LONGEST_SOURCE])
    except ValueError:
        return None


def network_text(edges: Sequence[OwnEdge]) -> str:
    """Text of a network file with the edges.

    Parameters
    ----------
    edges : Sequence of OwnEdge
        Edges that were added.

    Returns
    -------
    str
        TOML; empty where there are none.
    """
    inputs = load_network().input_names
    lines: list[str] = []
    for edge in edges:
        fields: dict[str, object] = {
            "from": edge.origin,
            "to": edge.target,
            "sign": edge.sign,
            "weight": float(edge.weight),
            "gate": "or",
            "source": edge.source,
            "grade": GRADE,
            "system": SYSTEM,
        }
        if edge.origin not in inputs:
            fields |= {"n": N, "ec50": EC50}
        lines += [
            "[[edge]]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()),
            "",
        ]
    return "\n".join(lines)


def extended(edges: Sequence[OwnEdge]) -> Network:
    """The shipped network with the edges, read as a network file is.

    Parameters
    ----------
    edges : Sequence of OwnEdge
        Edges that were added.

    Returns
    -------
    Network
        Larger.

    Raises
    ------
    InputError
        With every problem of the edges.
    """
    return read_network(network_text(edges), FILE, load_network()) if edges else load_network()


def own_fields() -> list[Field]:
    """Controls of a new edge.

    Returns
    -------
    list of Field
        With their defaults.
    """
    network = load_network()
    nodes = [Choice(node.name, f"{_plain(node.name)}: {node.title}") for node in network.nodes]
    inputs = [Choice(entry.name, f"{_plain(entry.name)}: {entry.title}") for entry in network.inputs]
    return [
        Field("origin", "From", CHOICE, inputs[0].value, (*inputs, *nodes)),
        Field("target", "To", CHOICE, nodes[0].value, tuple(nodes)),
        Field("sign", "It", CHOICE, "+", SIGNS),
        Field("weight", "Weight", NUMBER, "0.3", low=0.0, high=1.0, step=0.05, note="0 does nothing, 1 all there is."),
        Field("source", "Source", TEXT, "", note="Who showed it; an edge without a source has no weight."),
    ]


def read_own(
    given: Mapping[str, str], others: Sequence[OwnEdge]
) -> tuple[list[Field], OwnEdge | None, tuple[str, ...]]:
    """A new edge from a form.

    Parameters
    ----------
    given : Mapping of str to str
        What came, by name.
    others : Sequence of OwnEdge
        Edges that were added before.

    Returns
    -------
    fields : list of Field
        With what was given and what is wrong with it.
    edge : OwnEdge or None
        None where something is wrong.
    problems : tuple of str
        What the reading of network files says of it.
    """
    fields = list(read(own_fields(), given).values())
    by = {field.name: field for field in fields}
    if any(field.problem for field in fields):
        return fields, None, ()
    if len(others) >= MOST_OWN:
        return (
            fields,
            None,
            (f"there are {MOST_OWN} of your own already, which is the most; take one away first",),
        )
    source = " ".join(by["source"].value.split())[:LONGEST_SOURCE]
    edge = OwnEdge(by["origin"].value, by["target"].value, by["sign"].value, by["weight"].number, source)
    if any(edge.name == other.name for other in others):
        return fields, None, (f"{edge.name} is there already; take it away first",)
    try:
        extended([*others, edge])
    except InputError as error:
        return fields, None, tuple(f"{problem.field}: {problem.message}" for problem in error.problems)
    return fields, edge, ()


def _plain(name: str) -> str:
    return name.replace("_", " ")
