"""The small table that says what columns, parameters, arms and words of a trial mean: to fill in, and read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest
from anagen.core.texts import read_text
from anagen.formats.trial.roles import ROLES, SCALES
from anagen.scalp import ENDPOINTS

COLUMNS = ("part", "name", "means", "factor", "note")
PARTS = ("file", "column", "endpoint", "arm", "visit", "sex", "ethnicity", "grade", "study")
FILE = ("encoding", "delimiter", "decimal", "dates", "missing")
STUDY = (
    "name", "title", "condition", "zone", "target_area", "method", "sex", "age", "ethnicity", "endpoint", "control",
    "primary", "responder", "visits", "blinding", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """One row of the table.

    Attributes
    ----------
    line : int
        Its line.
    means : str
        What the user says; blank for nothing.
    factor : float
        By what values are multiplied.
    """

    line: int
    means: str
    factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a table says.

    Attributes
    ----------
    file : str
        Name of the table in messages.
    parts : Mapping[str, Mapping[str, Said]]
        Part -> name -> what is said of it.
    """

    file: str
    parts: Mapping[str, Mapping[str, Said]] = field(default_factory=dict[str, Mapping[str, Said]])

    def of(self, part: str) -> Mapping[str, Said]:
        """Rows of one part."""
        return self.parts.get(part, {})

    def words(self, part: str) -> dict[str, str]:
        """Name -> what it means, of the rows that say something."""
        return {name: said.means for name, said in self.of(part).items() if said.means}

    def line(self, part: str, name: str) -> int | None:
        """Line of a row, where there is one."""
        said = self.of(part).get(name)
        return None if said is None else said.line

    def wrong(
        self, part: str, name: str, message: str, allowed: Sequence[str] = (), near: str | None = None
    ) -> Problem:
        """A problem of a row of the table."""
        return Problem(self.file, self.line(part, name), None, f"{part} {name}", message, tuple(allowed), near)


def role_of(means: str) -> tuple[str, float | None] | None:
    """Role of a column, and its week where it holds one of a wide table; None where it is no role.

    Examples
    --------
    >>> role_of("subject"), role_of("total_density week 12"), role_of("nonsense")
    (('subject', None), ('total_density', 12.0), None)
    """
    what, _, week = means.partition(" week ")
    known = what in ENDPOINTS or (what == "value" if week else what in ROLES or what in SCALES)
    if not known:
        return None
    try:
        return what, float(week) if week else None
    except ValueError:
        return None


def read_table(path: Path) -> Meaning:
    """What a table says.

    Parameters
    ----------
    path : Path
        CSV with the columns part, name, means and, if wanted, factor and note.

    Returns
    -------
    Meaning
        By part and name.

    Raises
    ------
    InputError
        With everything that is wrong in it, each with its line.
    """
    file = str(path)
    reader = csv.reader(io.StringIO(read_text(path, "table of a trial")))
    try:
        header = [cell.strip() for cell in next(reader, list[str]())]
        rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(cells)]
    except csv.Error:
        words = "cannot be read as a table; is a quotation mark left open?"
        raise InputError([Problem(file, reader.line_num, None, "", words)]) from None
    missing = [name for name in COLUMNS[:3] if name not in header]
    if missing:
        raise InputError([Problem(file, 1, None, name, "is no column of the file", COLUMNS) for name in missing])
    problems: list[Problem] = []
    parts: dict[str, dict[str, Said]] = {part: {} for part in PARTS}
    for line, cells in rows:
        row = dict.fromkeys(header, "") | dict(zip(header, cells, strict=False))
        part, name, means = row["part"], row["name"], row["means"]
        if part not in PARTS:
            problems.append(Problem(file, line, None, "part", f"unknown part {part!r}", PARTS, nearest(part, PARTS)))
            continue
        known: tuple[str, ...] = FILE if part == "file" else STUDY if part == "study" else ()
        if known and name not in known:
            problems.append(Problem(file, line, None, "name", f"unknown {part} {name!r}", known, nearest(name, known)))
        if name in parts[part]:
            words = f"{part} {name!r} stands in line {parts[part][name].line} already"
            problems.append(Problem(file, line, None, "name", words))
        if part == "column" and means and role_of(means) is None:
            allowed = (*ROLES, *SCALES, *ENDPOINTS.names())
            words = (
                f"unknown role {means!r}; of a column that holds one week, an endpoint with it: total_density week 12"
            )
            problems.append(Problem(file, line, None, "means", words, allowed, nearest(means, allowed)))
        if part == "endpoint" and means and means not in ENDPOINTS:
            names = tuple(ENDPOINTS.names())
            problems.append(
                Problem(file, line, None, "means", f"unknown endpoint {means!r}", names, nearest(means, names))
            )
        factor = _factor(row.get("factor", ""), file, line, problems)
        parts[part][name] = Said(line, means, factor)
    roles = [role_of(said.means) for said in parts["column"].values() if said.means]
    for role in ROLES:
        if roles.count((role, None)) > 1:
            problems.append(Problem(file, None, None, "means", f"two columns are {role!r}; leave one of them blank"))
    if problems:
        raise InputError(problems)
    return Meaning(file, parts)


def _factor(text: str, file: str, line: int, problems: list[Problem]) -> float:
    try:
        factor = float(text or 1.0)
    except ValueError:
        factor = 0.0
    if not 0.0 < factor < float("inf"):
        problems.append(Problem(file, line, None, "factor", f"is {text!r}; expected a number above 0 with a point"))
    return factor


def table_text(rows: Sequence[tuple[str, str, str, str, str]]) -> str:
    """A table as CSV.

    Parameters
    ----------
    rows : Sequence of tuples
        Part, name, means, factor and note.

    Returns
    -------
    str
        With its header.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return stream.getvalue()
