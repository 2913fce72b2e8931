"""The CSV file of an assay: read and checked, everything that is wrong at once, each with its line."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anagen.assays.readouts import known_readouts
from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest
from anagen.core.texts import read_text
from anagen.core.units import parse_quantity
from anagen.signalling.conditions import condition_named
from anagen.signalling.network import Network

REQUIRED, OPTIONAL = ("readout", "value", "error"), ("condition", "time", "scale", "note")
SCALES = ("fold", "level")
"""What a value is: times that of the same condition with nothing given, or the level itself, 0 to 1."""
MOST_ROWS = 400
MOST_FOLD = 1e4
LEAST_ERROR = 1e-4
"""Largest fold that is read, and least error as a share of its value: beyond them lies a slip of the unit."""
LONGEST_DAYS = 400.0
_HEADING = re.compile(r"\s*(?P<names>[^\[\]]+?)\s*(?:\[\s*(?P<unit>[^\[\]]+?)\s*\])?\s*")


@dataclass(frozen=True, slots=True)
class Given:
    """A column that says how much was given.

    Attributes
    ----------
    heading : str
        As the table writes it.
    inputs : tuple[str, ...]
        Inputs of the network that it occupies.
    unit : str
        Of the doses; empty where the column holds occupancies, 0 to 1.
    """

    heading: str
    inputs: tuple[str, ...]
    unit: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """One row of an assay.

    Attributes
    ----------
    file : str
        Name of the file.
    line : int
        In the file.
    readout : str
        What was measured, see `known_readouts`.
    condition : str
        Of the network.
    given : tuple[float, ...]
        Dose or occupancy of every column of `AssayTable.given`.
    day : float or None
        How long it was given [day]; None where the network has come to rest.
    scale : str
        One of `SCALES`.
    value : float
        As measured.
    error : float
        Its standard error, in the unit of the value.
    """

    file: str
    line: int
    readout: str
    condition: str
    given: tuple[float, ...]
    day: float | None
    scale: str
    value: float
    error: float


@dataclass(frozen=True, slots=True)
class AssayTable:
    """Everything that an assay measured.

    Attributes
    ----------
    given : tuple[Given, ...]
        What was given.
    rows : tuple[Measurement, ...]
        What was measured.
    """

    given: tuple[Given, ...]
    rows: tuple[Measurement, ...]


def read_assays(paths: Sequence[Path], network: Network, condition: str) -> AssayTable:
    """The measurements of some files as one table.

    Parameters
    ----------
    paths : Sequence[Path]
        CSV files.
    network : Network
        Whose nodes, readouts and inputs they name.
    condition : str
        Condition of rows that name none.

    Returns
    -------
    AssayTable
        Rows file by file; a column that stands in several files is one.

    Raises
    ------
    InputError
        With everything that is wrong in any of the files.
    """
    tables: list[AssayTable] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            text = read_text(path, "assay of the network")
            tables.append(parse_assay_table(text, str(path), network, condition))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return _together(tables)


def parse_assay_table(text: str, file: str, network: Network, condition: str) -> AssayTable:
    """The measurements of a CSV text.

    Columns: readout, value, error; condition, time, scale and note may be left out; every other column is headed by an
    input of the network (or several, joined by +) and holds how much was given: an occupancy from 0 to 1, or a dose
    where the heading has a unit, as in "VESICLE_UPTAKE [particles/mL]". A blank cell is nothing.

    Parameters
    ----------
    text : str
        CSV with a heading.
    file : str
        Its name in messages.
    network : Network
        Whose nodes, readouts and inputs it names.
    condition : str
        Condition of rows that name none.

    Returns
    -------
    AssayTable
        In the order of the lines.

    Raises
    ------
    InputError
        With everything that is wrong.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> text = "readout,VESICLE_UPTAKE,time,value,error\\nERK,0.5,24 h,1.4,0.1"
    >>> (row,) = parse_assay_table(text, "mine.csv", load_network(), "aga").rows
    >>> row.given, row.day, row.scale
    ((0.5,), 1.0, 'fold')
    """
    reader = csv.reader(io.StringIO(text))
    headings = [heading.strip() for heading in next(reader, [])]
    problems: list[Problem] = []
    columns = _columns(headings, network, file, problems)
    rows: list[Measurement] = []
    lines: dict[tuple[str, ...], int] = {}
    readouts = known_readouts(network)
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            message = f"has {len(cells)} fields, not {len(headings)}; write decimals with a point, and doses plainly"
            problems.append(Problem(file, reader.line_num, None, "", message))
            continue
        row = _Row(file, reader.line_num, dict(zip(headings, (cell.strip() for cell in cells), strict=True)), problems)
        measured = row.measurement(columns, readouts, network, condition)
        if measured is not None:
            earlier = lines.setdefault(tuple(row.cells.values()), reader.line_num)
            if earlier != reader.line_num:
                message = f"repeats line {earlier}; tell replicates apart in a column 'note', or write their mean once"
                problems.append(Problem(file, reader.line_num, None, "", message))
            rows.append(measured)
    if not problems and not rows:
        problems.append(Problem(file, None, None, "", "holds no measurements"))
    if len(rows) > MOST_ROWS:
        problems.append(Problem(file, None, None, "", f"holds {len(rows)} measurements; at most {MOST_ROWS} are read"))
    if problems:
        raise InputError(problems)
    return AssayTable(tuple(given for given in columns.values() if given is not None), tuple(rows))


def _believable(error: float, value: float) -> bool:
    """Whether a standard error can be that of a value in the same unit."""
    return LEAST_ERROR * value <= error <= MOST_FOLD


def _columns(headings: Sequence[str], network: Network, file: str, problems: list[Problem]) -> dict[str, Given | None]:
    """What every heading means: None for what describes a row."""
    known = (*REQUIRED, *OPTIONAL)
    columns: dict[str, Given | None] = {}
    occupied: dict[str, str] = {}
    for heading in headings:
        match = _HEADING.fullmatch(heading)
        names = tuple(name.strip() for name in match["names"].split("+")) if match else (heading,)
        if heading in columns:
            problems.append(Problem(file, 1, None, heading, "heads two columns"))
        elif heading in known or (match and match["names"] == "time"):
            columns[heading] = None
        elif wrong := [name for name in names if name not in network.input_names]:
            allowed = (*known, *network.input_names)
            word = wrong[0].lower() if wrong[0].lower() in known else wrong[0].upper()
            message = "is no column of an assay and no input of the network"
            problems.append(Problem(file, 1, None, wrong[0], message, allowed, nearest(word, allowed)))
        else:
            columns[heading] = Given(heading, names, (match["unit"] or "") if match else "")
            for name in names:
                if name in occupied:
                    message = f"the input {name} stands in the column {occupied[name]!r} as well"
                    problems.append(Problem(file, 1, None, heading, message))
                occupied[name] = heading
    for name in REQUIRED:
        if name not in columns:
            problems.append(Problem(file, 1, None, name, "is no column of the file", known, nearest(name, headings)))
    return columns


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of the file, and where its problems go."""

    file: str
    line: int
    cells: Mapping[str, str]
    problems: list[Problem]

    def measurement(
        self, columns: Mapping[str, Given | None], readouts: Sequence[str], network: Network, condition: str
    ) -> Measurement | None:
        """The row, or None where something of it is wrong."""
        before = len(self.problems)
        readout = self.cells.get("readout", "")
        if readout not in readouts:
            word = readout.lower() if readout.lower() in readouts else readout.upper()
            close = nearest(word, readouts) or nearest(readout.lower(), readouts)
            self.wrong("readout", f"unknown readout {readout!r}", tuple(readouts), close)
        named = self.cells.get("condition", "")
        chosen = condition_named(named, network.conditions) if named else condition
        if isinstance(chosen, Problem):
            self.problems.append(Problem(self.file, self.line, None, "condition", *_said(chosen)))
            chosen = condition
        scale = self.cells.get("scale", "") or SCALES[0]
        if scale not in SCALES:
            self.wrong("scale", f"unknown scale {scale!r}", SCALES, nearest(scale.lower(), SCALES))
        given = tuple(self.amount(column) for column in columns.values() if column is not None)
        value, error = self.number("value"), self.number("error")
        if value is not None and value < 0.0:
            self.wrong("value", f"{value:g} is below 0; a {scale} is not")
        elif value is not None and scale == "level" and value > 1.0:
            self.wrong("value", f"{value:g} is above 1; a level of the network lies between 0 and 1")
        elif value is not None and value > MOST_FOLD:
            self.wrong("value", f"{value:g} times the control is no fold; at most {MOST_FOLD:g} is read")
        if error is not None and error <= 0.0:
            self.wrong("error", f"{error:g} is no standard error; it must be above 0, in the unit of the value")
        elif error is not None and 0.0 <= (value or 0.0) <= MOST_FOLD and not _believable(error, value or 0.0):
            self.wrong("error", f"{error:g} cannot be the standard error of {value:g}; is it in the unit of the value?")
        day = self.day()
        if len(self.problems) > before or value is None or error is None:
            return None
        return Measurement(self.file, self.line, readout, chosen, given, day, scale, value, error)

    def wrong(self, field: str, message: str, allowed: tuple[str, ...] = (), near: str | None = None) -> None:
        """Notes a problem of the line."""
        self.problems.append(Problem(self.file, self.line, None, field, message, allowed, near))

    def number(self, field: str) -> float | None:
        """A finite number, or None with a problem."""
        text = self.cells.get(field, "")
        try:
            found = float(text)
        except ValueError:
            found = math.nan
        if math.isfinite(found):
            return found
        if field in self.cells:
            self.wrong(field, f"{text!r} is no number; write it as 1.5, with a point")
        return None

    def amount(self, column: Given) -> float:
        """What was given, 0 where the cell is blank or wrong."""
        if not self.cells[column.heading]:
            return 0.0
        found = self.number(column.heading)
        if found is None:
            return 0.0
        if found < 0.0:
            self.wrong(column.heading, f"{found:g} is below 0")
        elif not column.unit and found >= 1.0:
            message = (
                f"{found:g} is no occupancy, which lies between 0 and below 1; where these are doses, write their "
            )
            self.wrong(column.heading, f"{message}unit into the heading: '{column.heading} [particles/mL]'")
        return found

    def day(self) -> float | None:
        """How long it was given; None where the cell is blank."""
        heading = next((name for name in self.cells if name.partition("[")[0].strip() == "time"), None)
        text = "" if heading is None else self.cells[heading]
        if heading is None or not text:
            return None
        unit = heading.partition("[")[2].rstrip("] ").strip()
        if not unit and text.replace(".", "", 1).isdigit():
            self.wrong(heading, f"{text} has no unit; write {text} h or {text} days, or head the column time [h]")
            return None
        try:
            found = parse_quantity(f"{text} {unit}".strip(), "day")
        except InputError as error:
            self.problems.extend(Problem(self.file, self.line, None, heading, *_said(p)) for p in error.problems)
            return None
        if not 0.0 < found <= LONGEST_DAYS:
            self.wrong(heading, f"{text} is not a time above 0 and at most {LONGEST_DAYS:g} days")
            return None
        return found


def _said(problem: Problem) -> tuple[str, tuple[str, ...], str | None]:
    """What a problem says, without its place."""
    return problem.message, problem.allowed, problem.suggestion


def _together(tables: Sequence[AssayTable]) -> AssayTable:
    """Tables one below the other: columns that occupy the same inputs in the same unit are one."""
    columns: dict[tuple[tuple[str, ...], str], Given] = {}
    units: dict[str, str] = {}
    for table in tables:
        for given in table.given:
            columns.setdefault((given.inputs, given.unit), given)
            for name in given.inputs:
                if given.unit and units.setdefault(name, given.unit) != given.unit:
                    message = f"is in {given.unit} here and in {units[name]} in another file; use one unit"
                    raise InputError([Problem(table.rows[0].file, 1, None, given.heading, message)])
    place = {key: number for number, key in enumerate(columns)}
    rows: list[Measurement] = []
    for table in tables:
        for row in table.rows:
            given = [0.0] * len(columns)
            for column, amount in zip(table.given, row.given, strict=True):
                given[place[column.inputs, column.unit]] = amount
            rows.append(
                Measurement(
                    row.file, row.line, row.readout, row.condition, tuple(given), row.day, row.scale, row.value,
                    row.error,
                )
            )  # fmt: skip
    return AssayTable(tuple(columns.values()), tuple(rows))
