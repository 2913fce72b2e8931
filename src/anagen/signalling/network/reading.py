"""Reads networks, and extensions of them, from TOML; says everything that is wrong, with its line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from anagen.core.errors import InputError, Problem
from anagen.core.reading import ErrorReader, Fault, Key, is_list, is_mapping, nearest, shown
from anagen.core.tables import toml_lines
from anagen.core.texts import read_text, toml_data
from anagen.signalling.conditions import condition_names
from anagen.signalling.network.coupling import coupled
from anagen.signalling.network.elements import NAME, NAME_FORM
from anagen.signalling.network.faults import beside_wrong_fields, told_twice
from anagen.signalling.network.fields import NetworkFields
from anagen.signalling.network.network import MOST_NEAREST, Network, unknown_end

SHIPPED = "hair_follicle.toml"
TRANSFER = frozenset({"n", "ec50", "ec50_90"})
INPUT_N, INPUT_EC50 = 1.0, 0.25
"""Placeholders of an edge that leaves an input, which is transferred as it is."""
_ERRORS = ErrorReader(NetworkFields)


@cache
def load_network() -> Network:
    """The shipped network of the hair follicle, read once.

    Returns
    -------
    Network
        The shipped network.

    Examples
    --------
    >>> network = load_network()
    >>> len(network.nodes) >= 30, network.edge("MIR27B->BCATENIN").weight
    (True, 0.0)
    """
    return read_network(resources.files("anagen.signalling.network").joinpath(SHIPPED).read_text(encoding="utf-8"))


def network_from_file(path: str | Path, base: Network | None = None) -> Network:
    """A network from a file, or `base` extended and edited by the file.

    Parameters
    ----------
    path : str | Path
        TOML file.
    base : Network or None
        Network that the file extends; None where the file is a whole network.

    Returns
    -------
    Network
        The network of the file.

    Raises
    ------
    InputError
        Where it cannot be read, or with every problem of the file.
    """
    return read_network(read_text(Path(path), "network file"), str(path), base)


def read_network(text: str, file: str | None = None, base: Network | None = None) -> Network:
    """A network from TOML text; see `network_from_file`.

    Format: `title`, `conditions = [...]`, `[node.NAME]` with title, tau [day], basal (a number, or one per condition),
    source, grade; `[input.NAME]` with title; `[[edge]]` with from, to, sign, weight, and, where the origin is a node,
    n and ec50; gate ("or" unless given), source, grade, system, note, weight_90, ec50_90; `[model]`, a model of
    somebody else that nodes and levers follow, as `anagen import sbml` writes it. In an extension, a node,
    input or edge of a known name replaces the old one, and fields that are left out keep their old values.

    Parameters
    ----------
    text : str
        Text.
    file : str or None
        Name of the file, for messages.
    base : Network or None
        The network that is extended, or None.

    Returns
    -------
    Network
        The network of the text.

    Raises
    ------
    InputError
        With every problem found and its line.

    Examples
    --------
    >>> changed = read_network('''
    ... [[edge]]
    ... from = "AR"
    ... to = "DKK1"
    ... sign = "+"
    ... weight = 0.1
    ... ''', base=load_network())
    >>> changed.edge("AR->DKK1").weight, changed.edge("AR->DKK1").grade
    (0.1, 'B')
    """
    data = toml_data(text, file)
    lines = toml_lines(text)
    whole, faults = _with_defaults(data, base)
    faults += told_twice(data, base, lines)
    fields: NetworkFields | None = None
    try:
        fields = NetworkFields.model_validate(whole)
    except ValidationError as error:
        of_fields = list(_ERRORS.faults(error))
        faults += of_fields + beside_wrong_fields(whole, of_fields)
    if faults or fields is None:
        problems = dict.fromkeys(_named(fault.problem(file, lines), whole) for fault in faults)
        raise InputError(sorted(problems, key=lambda found: (found.line is None, found.line or 0)))
    nodes = tuple(entry.node(name, fields.conditions) for name, entry in fields.node.items())
    inputs = tuple(entry.input(name) for name, entry in fields.input.items())
    edges = tuple(entry.edge() for entry in fields.edge)
    try:
        if base is not None:
            network = base.extended(nodes, inputs, edges)
        else:
            network = Network(fields.title, fields.conditions, nodes, inputs, edges)
    except InputError as error:
        places = {edge.name: ("edge", i) for i, edge in enumerate(edges)}
        raise InputError(_placed(problem, file, lines, places) for problem in error.problems) from None
    if fields.model is None:
        return network
    try:
        return coupled(network, fields.model.model())
    except ValueError as error:
        raise InputError([Problem(file, lines.get(("model",)), None, "model", str(error))]) from None


def _with_defaults(data: Mapping[str, Any], base: Network | None) -> tuple[dict[str, Any], list[Fault]]:
    """The data of a file with what it may leave out, and what one part cannot be beside the others.

    Left out may be fields of known parts, and the transfer of an input.
    """
    whole: dict[str, Any] = dict(data)
    faults: list[Fault] = []
    if base is not None and list(base.conditions) != whole.setdefault("conditions", list(base.conditions)):
        message = "an extension keeps the conditions of the network it extends"
        faults.append(Fault(("conditions",), message, base.conditions))
    for kind in ("node", "input"):
        for name in whole[kind] if is_mapping(whole.get(kind)) else ():
            if not NAME.fullmatch(name):
                faults.append(Fault((kind, name), f"the name {shown(name)} is not made of {NAME_FORM}"))
    inputs = {entry.name for entry in base.inputs} if base else set[str]()
    if is_mapping(whole.get("input")):
        inputs |= set(whole["input"])
    if is_mapping(whole.get("node")) and base is not None:
        known = {node.name: asdict(node) | {"basal": dict(node.basal)} for node in base.nodes}
        whole["node"] = {name: _over(known.get(name, {}), fields, ("name",)) for name, fields in whole["node"].items()}
    if is_mapping(whole.get("node")) and is_list(whole.get("conditions")):
        whole["node"] = {name: _long_names(fields, whole["conditions"]) for name, fields in whole["node"].items()}
    if is_list(whole.get("edge")):
        edges = {edge.name: asdict(edge) for edge in base.edges} if base else {}
        whole["edge"] = [_edge(fields, edges, inputs) for fields in whole["edge"]]
        for i, fields in enumerate(data["edge"]):
            origin = fields.get("from") if is_mapping(fields) else None
            if isinstance(origin, str) and origin in inputs and fields.keys() & TRANSFER:
                faults.append(Fault(("edge", i), "an input is transferred as it is: leave out n, ec50 and ec50_90"))
        faults += _unknown_ends(data["edge"], whole.get("node"), inputs, base)
    conditions: Any = whole.get("conditions")
    for name, fields in whole["node"].items() if is_mapping(whole.get("node")) and is_list(conditions) else ():
        levels: Any = fields.get("basal") if is_mapping(fields) else None
        unknown = [key for key in levels if key not in conditions] if is_mapping(levels) else []
        missing = [str(key) for key in conditions if key not in levels] if is_mapping(levels) else []
        if missing and not unknown:
            faults.append(Fault(("node", name), f"basal is missing for {', '.join(missing[:10])}"))
        if unknown:
            message = f"basal names unknown conditions: {', '.join(unknown[:10])}"
            names = tuple(condition_names([str(known) for known in conditions]))
            faults.append(Fault(("node", name), message, names, nearest(unknown[0], names)))
    return whole, faults


def _long_names(fields: object, conditions: Collection[object]) -> object:
    """The fields of a node with the conditions of its basal levels named as the network names them."""
    levels = fields.get("basal") if is_mapping(fields) else None
    if not is_mapping(fields) or not is_mapping(levels):
        return fields
    long = condition_names([str(name) for name in conditions])
    named = {key: long.get(str(key), key) for key in levels}
    # a condition under both of its names is left as it is, and refused
    named = named if len(set(named.values())) == len(named) else {key: key for key in levels}
    return {**fields, "basal": {named[key]: level for key, level in levels.items()}}


def _edge(fields: object, edges: Mapping[str, dict[str, Any]], inputs: set[str]) -> object:
    if not is_mapping(fields):
        return fields
    origin, target = fields.get("from"), fields.get("to")
    old = edges.get(f"{origin}->{target}", {})
    from_input = isinstance(origin, str) and origin in inputs
    if from_input:
        # what an input cannot have is told once, and not judged as well
        fields = {key: value for key, value in fields.items() if key not in TRANSFER}
        old = {"n": INPUT_N, "ec50": INPUT_EC50} | old
    # an interval belongs to the value around which it lies
    moved = [f"{key}_90" for key in ("weight", "ec50") if key in fields or (key == "ec50" and "n" in fields)]
    return _over(old, fields, ("origin", "target", "sign", "weight", *moved))


def _unknown_ends(edges: Any, nodes: Any, inputs: set[str], base: Network | None) -> list[Fault]:
    """Edges that begin or end in what neither the file nor the network has."""
    known = set(base.node_names) if base else set[str]()
    known |= set(nodes) if is_mapping(nodes) else set[str]()
    faults: list[Fault] = []
    for i, fields in enumerate(edges):
        for role, allowed in (("from", known | inputs), ("to", known)):
            name = fields.get(role) if is_mapping(fields) else None
            if isinstance(name, str) and name not in allowed:
                faults.append(Fault(("edge", i), unknown_end(role, name, allowed, few=len(faults) < MOST_NEAREST)))
    return faults


def _over(old: Mapping[str, Any], fields: object, without: tuple[str, ...]) -> Any:
    """The fields of a part over the old ones."""
    return {key: old[key] for key in old if key not in without} | fields if is_mapping(fields) else fields


def _named(problem: Problem, data: Mapping[str, Any]) -> Problem:
    """The problem of an edge under the name of the edge."""
    head, bracket, rest = problem.field.partition("]")
    if not bracket or not head.startswith("edge["):
        return problem
    fields: Any = data["edge"][int(head.removeprefix("edge["))]
    if not is_mapping(fields):
        return problem
    return replace(problem, field=f"{fields.get('from', '?')}->{fields.get('to', '?')}{rest}")


def _placed(problem: Problem, file: str | None, lines: Mapping[Key, int], places: Mapping[str, Key]) -> Problem:
    """A contradiction between parts with its file and line."""
    place = places.get(problem.field) or tuple(problem.field.split("."))
    return replace(problem, file=file, line=lines.get(place) or lines.get(place[:1]))
