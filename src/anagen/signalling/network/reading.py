"""Reads networks, and extensions of them, from TOML; says everything that is wrong, with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any, cast

from anagen.core.errors import InputError, Problem
from anagen.signalling.network.elements import Edge, EvidenceGrade, Gate, Input, Node, Sign
from anagen.signalling.network.network import Network

SHIPPED = "hair_follicle.toml"
TOP_KEYS = frozenset({"title", "conditions", "node", "input", "edge"})
NODE_KEYS = frozenset({"title", "tau", "basal", "source", "grade"})
EDGE_KEYS = frozenset({"from", "to", "sign", "weight", "n", "ec50", "gate", "source", "grade", "system", "note"})
EDGE_REQUIRED = ("from", "to", "sign", "weight")
INPUT_N, INPUT_EC50 = 1.0, 0.25
"""Placeholders of an edge that leaves an input, which is transferred as it is."""


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
        With every problem of the file.
    OSError
        Where it cannot be read.
    """
    return read_network(Path(path).read_text(encoding="utf-8"), str(path), base)


def read_network(text: str, file: str | None = None, base: Network | None = None) -> Network:
    """A network from TOML text; see `network_from_file`.

    Format: `title`, `conditions = [...]`, `[node.NAME]` with title, tau [day], basal (a number, or one per condition),
    source, grade; `[input.NAME]` with title; `[[edge]]` with from, to, sign, weight, and, where the origin is a node,
    n and ec50; gate ("or" unless given), source, grade, system, note. In an extension, a node, input or edge of a known
    name replaces the old one, and fields that are left out keep their old values.

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
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([Problem(file, None, None, "", f"not valid TOML: {error}")]) from error
    reader = _Reader(raw, text, file, base)
    network = reader.network()
    if network is None:
        raise InputError(reader.problems)
    return network


class _Reader:
    """One pass over a decoded file that collects problems instead of stopping at the first."""

    def __init__(self, raw: Mapping[str, Any], text: str, file: str | None, base: Network | None) -> None:
        self.raw, self.file, self.base = raw, file, base
        self.lines = _lines_of_headers(text)
        self.problems: list[Problem] = []
        conditions = raw.get("conditions", base.conditions if base else ())
        self.conditions = tuple(str(name) for name in conditions)
        self.inputs = {entry.name for entry in base.inputs} if base else set[str]()

    def network(self) -> Network | None:
        """The network, or None where there are problems."""
        for key in sorted(self.raw.keys() - TOP_KEYS):
            self._report(key, "unknown key", allowed=tuple(sorted(TOP_KEYS)))
        inputs = [self._input(name, _table(fields)) for name, fields in _table(self.raw.get("input", {})).items()]
        self.inputs |= {entry.name for entry in inputs if entry}
        nodes = [self._node(name, _table(fields)) for name, fields in _table(self.raw.get("node", {})).items()]
        edges = [self._edge(index, _table(fields)) for index, fields in enumerate(self.raw.get("edge", []))]
        base = self.base
        if base is not None and self.conditions != base.conditions:
            self._report("conditions", "an extension keeps the conditions of the network it extends")
        if self.problems:
            return None
        parts = ([n for n in nodes if n], [i for i in inputs if i], [e for e in edges if e])
        try:
            if base is not None:
                return base.extended(*parts)
            title = str(self.raw.get("title", ""))
            return Network(title, self.conditions, tuple(parts[0]), tuple(parts[1]), tuple(parts[2]))
        except InputError as error:
            for problem in error.problems:
                self.problems.append(replace(problem, file=self.file, line=self.lines.get(problem.field)))
            return None

    def _input(self, name: str, fields: Mapping[str, Any]) -> Input | None:
        where = f"input.{name}"
        if not self._keys(where, fields, frozenset({"title"}), ("title",)):
            return None
        try:
            return Input(name, str(fields["title"]))
        except ValueError as error:
            return self._report(where, str(error))

    def _node(self, name: str, table: Mapping[str, Any]) -> Node | None:
        where = f"node.{name}"
        old = {node.name: node for node in self.base.nodes}.get(name) if self.base else None
        if not self._keys(where, table, NODE_KEYS, () if old else ("title", "tau", "basal", "source", "grade")):
            return None
        kept: dict[str, Any] = (
            {"title": old.title, "tau": old.tau, "basal": old.basal, "source": old.source, "grade": old.grade}
            if old
            else {}
        )
        fields = kept | dict(table)
        try:
            basal: Any = fields["basal"]
            if isinstance(basal, Mapping):
                levels = {str(key): float(level) for key, level in cast("Mapping[str, Any]", basal).items()}
                unknown = [key for key in levels if key not in self.conditions]
                if unknown:
                    raise ValueError(f"basal names unknown conditions: {', '.join(unknown)}")
            else:
                levels = dict.fromkeys(self.conditions, float(basal))
            grade = cast("EvidenceGrade", fields["grade"])
            return Node(name, str(fields["title"]), float(fields["tau"]), levels, str(fields["source"]), grade)
        except (TypeError, ValueError) as error:
            return self._report(where, str(error))

    def _edge(self, index: int, table: Mapping[str, Any]) -> Edge | None:
        name = f"{table.get('from', '?')}->{table.get('to', '?')}"
        line = self.lines.get(f"edge[{index}]")
        if line is not None:
            self.lines[name] = line
        old = next((edge for edge in self.base.edges if edge.name == name), None) if self.base else None
        from_input = table.get("from") in self.inputs
        required = EDGE_REQUIRED if old or from_input else (*EDGE_REQUIRED, "n", "ec50")
        if not self._keys(name, table, EDGE_KEYS, required):
            return None
        if from_input and table.keys() & {"n", "ec50"}:
            return self._report(name, "an input is transferred as it is: leave out n and ec50")
        fields: dict[str, Any] = {"gate": "or", "source": "", "grade": "none", "system": "none", "note": ""}
        if old:
            fields |= {key: getattr(old, key) for key in ("n", "ec50", "gate", "source", "grade", "system", "note")}
        fields |= {"n": fields.get("n", INPUT_N), "ec50": fields.get("ec50", INPUT_EC50)} | dict(table)
        try:
            return Edge(
                origin=str(fields["from"]),
                target=str(fields["to"]),
                sign=cast("Sign", fields["sign"]),
                weight=float(fields["weight"]),
                n=float(fields["n"]),
                ec50=float(fields["ec50"]),
                gate=cast("Gate", fields["gate"]),
                source=str(fields["source"]),
                grade=cast("EvidenceGrade", fields["grade"]),
                system=str(fields["system"]),
                note=str(fields["note"]),
            )
        except (TypeError, ValueError) as error:
            return self._report(name, str(error))

    def _keys(self, where: str, fields: Mapping[str, Any], known: frozenset[str], required: tuple[str, ...]) -> bool:
        unknown = sorted(fields.keys() - known)
        missing = [key for key in required if key not in fields]
        if unknown:
            self._report(where, f"unknown key {unknown[0]!r}", allowed=tuple(sorted(known)))
        if missing:
            self._report(where, f"missing: {', '.join(missing)}")
        return not unknown and not missing

    def _report(self, field: str, message: str, allowed: tuple[str, ...] = ()) -> None:
        self.problems.append(Problem(self.file, self.lines.get(field), None, field, message, allowed))


def _table(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _lines_of_headers(text: str) -> dict[str, int]:
    """Field -> line of its header; TOML's parser keeps no lines."""
    lines: dict[str, int] = {}
    edges = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"\s*\[\[\s*edge\s*\]\]", line):
            lines[f"edge[{edges}]"] = number
            edges += 1
        elif header := re.match(r"\s*\[\s*(node|input)\s*\.\s*(\w+)\s*\]", line):
            lines[f"{header[1]}.{header[2]}"] = number
        elif key := re.match(r"(\w+)\s*=", line):
            lines.setdefault(key[1], number)
    return lines
