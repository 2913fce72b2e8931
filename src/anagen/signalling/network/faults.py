"""What is wrong in a network file beside its single fields: names told twice, and what a wrong field would hide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from anagen.core.reading import ErrorReader, Fault, Key, is_list, is_mapping
from anagen.signalling.network.fields import EdgeFields, NodeFields
from anagen.signalling.network.network import Network

_MODELS: dict[str, tuple[type[EdgeFields] | type[NodeFields], dict[str, Any]]] = {
    "edge": (
        EdgeFields,
        {"from": "A", "to": "B", "sign": "+", "weight": 0.0, "n": 1.0, "ec50": 0.25, "gate": "or", "source": "assumed",
         "grade": "C", "system": "none", "note": "assumed"},
    ),
    "node": (NodeFields, {"title": "node", "tau": 1.0, "basal": 0.5, "source": "assumed", "grade": "C"}),
}  # fmt: skip
"""Table -> its model, and values of which none is wrong."""
_JUDGED_TOGETHER = ({"n", "ec50", "ec50_90"}, {"weight", "weight_90"}, {"grade", "source", "note"})
"""Fields that are judged by one another: where one cannot be read, nothing is said of the others."""


def told_twice(data: Mapping[str, Any], base: Network | None, lines: Mapping[Key, int]) -> list[Fault]:
    """Edges that stand twice in a file, and names that a node and an input share.

    Parameters
    ----------
    data : Mapping[str, Any]
        The file as it was written.
    base : Network or None
        The network that it extends.
    lines : Mapping[Key, int]
        Line of each table.

    Returns
    -------
    list[Fault]
        At the second of the two, with the line of the first.

    Examples
    --------
    >>> edge = {"from": "A", "to": "B"}
    >>> told_twice({"edge": [edge, edge]}, None, {("edge", 0): 3})[0].message
    'stands in line 3 already; keep one of the two, since the second would take the place of the first'
    """
    faults: list[Fault] = []
    first: dict[tuple[object, object], int] = {}
    for number, fields in enumerate(data["edge"]) if is_list(data.get("edge")) else ():
        ends = (fields.get("from"), fields.get("to")) if is_mapping(fields) else (None, None)
        if not all(isinstance(end, str) for end in ends):
            continue
        if ends in first:
            message = "keep one of the two, since the second would take the place of the first"
            faults.append(Fault(("edge", number), f"stands {_line(lines, ('edge', first[ends]))}already; {message}"))
        first.setdefault(ends, number)
    own: dict[str, Mapping[str, Any]] = {
        kind: data[kind] if is_mapping(data.get(kind)) else {} for kind in ("node", "input")
    }
    for name in own["input"]:
        if name in own["node"]:
            where = _line(lines, ("node", name))
            faults.append(Fault(("input", name), f"named twice: the node {name} stands {where}too"))
    for kind, other, known in (
        ("input", "node", () if base is None else base.node_names),
        ("node", "input", () if base is None else base.input_names),
    ):
        faults += [
            Fault((kind, name), f"named twice: {name} is a shipped {other}; choose another name")
            for name in own[kind]
            if name in known
        ]
    return faults


def beside_wrong_fields(whole: Mapping[str, Any], found: Sequence[Fault]) -> list[Fault]:
    """What else is wrong in nodes and edges of which a field cannot be read, so that nothing is told in a second round.

    Parameters
    ----------
    whole : Mapping[str, Any]
        The file with what it may leave out.
    found : Sequence[Fault]
        What is wrong with single fields.

    Returns
    -------
    list[Fault]
        Nothing that was found before.
    """
    faults: list[Fault] = []
    for place in dict.fromkeys(fault.path[:2] for fault in found if len(fault.path) > 2 and fault.path[0] in _MODELS):
        kind, part = str(place[0]), place[1]
        fields: Any = whole[kind][part]
        model, harmless = _MODELS[kind]
        if not is_mapping(fields):
            continue
        wrong = {str(fault.path[2]) for fault in found if fault.path[:2] == place and len(fault.path) > 2}
        silent = wrong.union(*(group for group in _JUDGED_TOGETHER if group & wrong))
        tried = harmless | {key: value for key, value in fields.items() if key not in silent}
        try:
            model.model_validate(tried)
        except ValidationError as error:
            faults += [
                Fault((*place, *fault.path), fault.message, fault.allowed, fault.suggestion, fault.at_key)
                for fault in ErrorReader(model).faults(error)
            ]
    return faults


def _line(lines: Mapping[Key, int], place: Key) -> str:
    """Where something stands, as far as is known."""
    return f"in line {lines[place]} " if place in lines else ""
