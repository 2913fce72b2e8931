"""The small table that says what parts of a model mean in the network: inputs, nodes, levers, the unit of time."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest
from anagen.core.texts import read_text
from anagen.core.units import parse_quantity
from anagen.signalling.imported import LinkedInput, LinkedLever, LinkedNode
from anagen.signalling.imported.model import OfLever
from anagen.signalling.network import Network

COLUMNS = ("quantity", "means", "name", "low", "high", "source", "grade")
MEANINGS = ("input", "node", "lever", "time")
LEVERS: tuple[str, ...] = get_args(OfLever)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a table says.

    Attributes
    ----------
    days : float or None
        Days of the model's unit of time, where the table says it.
    inputs : tuple[LinkedInput, ...]
        Constants that follow inputs.
    nodes : tuple[LinkedNode, ...]
        Nodes that follow quantities.
    levers : tuple[LinkedLever, ...]
        Levers that follow quantities.
    """

    days: float | None
    inputs: tuple[LinkedInput, ...]
    nodes: tuple[LinkedNode, ...]
    levers: tuple[LinkedLever, ...]


def read_table(path: Path, network: Network, constants: Collection[str], quantities: Collection[str]) -> Meaning:
    """What a table says of a model.

    Parameters
    ----------
    path : Path
        CSV with the columns quantity, means, name, low, high, source, grade.
    network : Network
        Whose inputs and nodes it names.
    constants : Collection[str]
        Constants of the model.
    quantities : Collection[str]
        All quantities of the model.

    Returns
    -------
    Meaning
        Of every row; a row without a meaning is passed over.

    Raises
    ------
    InputError
        With everything that is wrong, each with its line.
    """
    file, problems = str(path), list[Problem]()
    headings, lines = _lines(read_text(path, "table of a model"), file)
    missing = [name for name in COLUMNS if name not in headings]
    if missing:
        raise InputError([Problem(file, 1, None, name, "is no column of the file", COLUMNS) for name in missing])
    days: float | None = None
    inputs, nodes, levers = list[LinkedInput](), list[LinkedNode](), list[LinkedLever]()
    known: dict[str, tuple[str, ...]] = {"input": network.input_names, "node": network.node_names, "lever": LEVERS}
    for line, cells in lines:
        row = _Row(file, line, cells, problems)
        means = row.cells["means"]
        if not means:
            continue
        if means not in MEANINGS:
            row.wrong("means", f"unknown meaning {means!r}", MEANINGS, nearest(means, MEANINGS))
        elif means == "time":
            days = row.days()
        else:
            name, (low, high) = row.named(known[means]), row.ends()
            quantity = row.quantity(tuple(constants if means == "input" else quantities))
            if means == "input":
                inputs.append(LinkedInput(quantity, name, low, high))
            else:
                source, grade = row.evidence()
                if means == "node":
                    nodes.append(LinkedNode(name, quantity, low, high, source, grade))
                else:
                    levers.append(LinkedLever(cast("OfLever", name), quantity, low, high, source, grade))
    if not problems and not nodes and not levers:
        words = "gives no node and no lever anything to follow, so that the model would do nothing"
        problems.append(Problem(file, None, None, "means", words))
    if problems:
        raise InputError(problems)
    return Meaning(days, tuple(inputs), tuple(nodes), tuple(levers))


def _lines(text: str, file: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Headings of a table, and its rows, each with its line; a cell that is missing is blank."""
    reader = csv.reader(io.StringIO(text))
    try:
        headings = [heading.strip() for heading in next(reader, list[str]())]
        lines = [(reader.line_num, cells) for cells in reader]
    except csv.Error:
        words = "cannot be read as a table; is a quotation mark left open?"
        raise InputError([Problem(file, reader.line_num, None, "", words)]) from None
    blank = dict.fromkeys(headings, "")
    return headings, [
        (line, blank | {key: cell.strip() for key, cell in zip(headings, cells, strict=False)}) for line, cells in lines
    ]


def template(
    titles: Mapping[str, str],
    constants: Mapping[str, float],
    states: Mapping[str, float],
    values: Collection[str] = (),
) -> str:
    """A table to fill in: every quantity of a model, none of which means anything yet.

    Parameters
    ----------
    titles : Mapping[str, str]
        Name -> in words.
    constants : Mapping[str, float]
        Constants of the model.
    states : Mapping[str, float]
        States of the model.
    values : Collection[str]
        What follows from them.

    Returns
    -------
    str
        CSV. `low` and `high` hold the value at the start and twice it, which say nothing yet.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow((*COLUMNS, "note"))
    for name, value in (*states.items(), *constants.items()):
        writer.writerow((name, "", "", repr(value), repr(2.0 * value or 1.0), "", "", titles.get(name, "")))
    for name in values:
        writer.writerow((name, "", "", "", "", "", "", titles.get(name, "")))
    return stream.getvalue()


@dataclass(frozen=True, slots=True)
class _Row:
    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def wrong(self, field: str, message: str, allowed: tuple[str, ...] = (), near: str | None = None) -> None:
        self.problems.append(Problem(self.file, self.line, None, field, message, allowed, near))

    def named(self, allowed: tuple[str, ...]) -> str:
        name = self.cells["name"]
        if name not in allowed:
            self.wrong("name", f"unknown {self.cells['means']} {name!r}", allowed, nearest(name, allowed))
        return name

    def quantity(self, allowed: tuple[str, ...]) -> str:
        name = self.cells["quantity"]
        if name not in allowed:
            what = "constant" if self.cells["means"] == "input" else "quantity"
            self.wrong("quantity", f"the model has no {what} {name!r}", allowed, nearest(name, allowed))
        return name

    def ends(self) -> tuple[float, float]:
        low, high = self.number("low"), self.number("high")
        if low == high:
            self.wrong("high", f"is the same as low, {low:g}")
        return low, high

    def number(self, field: str) -> float:
        try:
            value = float(self.cells[field])
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            self.wrong(field, f"{self.cells[field]!r} is no number; write it as 1.5, in the model's own unit")
            return 0.0
        return value

    def evidence(self) -> tuple[str, Literal["A", "B", "C"]]:
        source, grade = self.cells["source"], self.cells["grade"]
        if not source:
            self.wrong("source", "is blank; say where this meaning comes from, or 'assumption'")
        if grade not in ("A", "B", "C"):
            self.wrong("grade", f"unknown grade {grade!r}", ("A", "B", "C"))
        return source, cast("Literal['A', 'B', 'C']", grade)

    def days(self) -> float | None:
        text = self.cells["name"]
        try:
            return parse_quantity(text if text[:1].isdigit() else f"1 {text}", "day")
        except InputError as error:
            self.wrong("name", f"{error.problems[0].message}; write hour, or 15 minutes")
            return None
