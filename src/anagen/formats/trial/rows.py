"""Rows of a trial's table, cell by cell, as the table of meanings says: roles, numbers, weeks, arms and endpoints."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest
from anagen.formats.trial.grid import FORMULA, Grid, Row
from anagen.formats.trial.numbers import Style, is_missing, style_of
from anagen.formats.trial.table import Meaning, role_of
from anagen.scalp import ENDPOINTS

NUMBERS = ("value", "baseline", "week", "day", "age", "years_since_onset", "n", "mean", "sd", "se", "ci_low", "ci_high")
"""Roles of columns of numbers, beside endpoints."""


def columns_of(grid: Grid, meaning: Meaning) -> dict[str, tuple[str, float | None]]:
    """Column -> role and week, of the columns that mean something.

    Raises
    ------
    InputError
        Where the table of meanings names a column that is not there.
    """
    problems = [
        meaning.wrong("column", name, f"is no column of {grid.file}", grid.header, nearest(name, grid.header))
        for name in meaning.of("column")
        if name not in grid.header
    ]
    if problems:
        raise InputError(problems)
    found = {name: role_of(means) for name, means in meaning.words("column").items()}
    return {name: role for name, role in found.items() if role is not None}


def style_in(grid: Grid, columns: Mapping[str, tuple[str, float | None]], meaning: Meaning) -> Style:
    """How the numbers of a table are written."""
    numeric = [name for name, (role, _) in columns.items() if role in NUMBERS or role in ENDPOINTS]
    cells = (cell for name in numeric for cell in grid.column(name))
    said = meaning.words("file")
    codes = said.get("missing", "")
    # one code can hold a blank, as k. A. does
    missing = tuple(dict.fromkeys(code for code in (*codes.split(), codes.strip()) if code))
    return style_of(cells, grid.file, said.get("decimal", ""), missing)


class RowReader:
    """Reads cells of a table by their roles, and gathers what is wrong, left out and found.

    Parameters
    ----------
    grid : Grid
        The cells.
    meaning : Meaning
        What they mean.
    """

    def __init__(self, grid: Grid, meaning: Meaning) -> None:
        self.grid, self.meaning = grid, meaning
        self.columns = columns_of(grid, meaning)
        self.roles = {role: name for name, (role, week) in self.columns.items() if week is None}
        self.style = style_in(grid, self.columns, meaning)
        self.problems: list[Problem] = []
        self.told: list[str] = list(self.style.told)
        self.left_out: Counter[str] = Counter()
        self.places = {name: place for place, name in enumerate(grid.header)}

    def cell(self, row: Row, role: str) -> str:
        """Text of a row in the column of a role; "" where there is no such column."""
        name = self.roles.get(role)
        return "" if name is None else row.cells[self.places[name]]

    def wrong(self, row: Row, role: str, message: str, allowed: Sequence[str] = (), near: str | None = None) -> None:
        """Add a problem of a row, in the column of a role."""
        field_name = self.roles.get(role, role)
        self.problems.append(Problem(self.grid.file, row.line, None, field_name, message, tuple(allowed), near))

    def endpoint_of_table(self) -> str:
        """The endpoint of a table that has one, as the table of meanings says it."""
        name = self.meaning.words("study").get("endpoint", "")
        if name and name not in ENDPOINTS:
            allowed = tuple(ENDPOINTS.names())
            raise InputError(
                [self.meaning.wrong("study", "endpoint", f"unknown endpoint {name!r}", allowed, nearest(name, allowed))]
            )
        return name

    def arm(self, row: Row, instead: str = "") -> str:
        """Arm of a row; "" where it is left out or wrong."""
        arm = self.cell(row, "arm")
        arm = instead if is_missing(arm) else arm
        if not arm:
            self.wrong(row, "arm", "names no arm")
            return ""
        said = self.meaning.of("arm").get(arm)
        if said is None:
            names = tuple(self.meaning.of("arm"))
            self.wrong(row, "arm", f"arm {arm!r} has no row in {self.meaning.file}", names, nearest(arm, names))
        elif not said.means:
            self.left_out[f"rows of the arm {arm!r}, which has no treatment in the table"] += 1
        elif arm[0] in (*FORMULA, "-"):
            self.wrong(row, "arm", f"{arm!r} begins as a formula does; rename it")
        else:
            return arm
        return ""

    def number(self, row: Row, column: str, text: str) -> float:
        """Number of a cell; not a number where it is missing, or wrong."""
        try:
            return self.style.number(text)
        except ValueError:
            hint = "write the number alone, or name the code in the table: file,missing," + text[:20]
            words = "is a formula" if text[:1] in FORMULA else "is no number"
            self.problems.append(Problem(self.grid.file, row.line, None, column, f"{text!r} {words}; {hint}"))
            return math.nan

    def week(self, row: Row) -> float | None:
        """Week of a row; None where its visit is left out."""
        if "visit" in self.roles:
            visit = self.cell(row, "visit")
            said = self.meaning.of("visit").get(visit)
            if said is None:
                names = tuple(self.meaning.of("visit"))
                self.wrong(
                    row, "visit", f"visit {visit!r} has no row in {self.meaning.file}", names, nearest(visit, names)
                )
                return None
            if not said.means:
                self.left_out[f"rows of the visit {visit!r}, which has no week in the table"] += 1
                return None
            try:
                week = float(said.means)
            except ValueError:
                week = math.nan
            if not math.isfinite(week):
                raise InputError([self.meaning.wrong("visit", visit, f"{said.means!r} is no week; write a number")])
            return week
        text = self.cell(row, "week")
        week = self.number(row, self.roles["week"], text)
        if math.isnan(week):
            if is_missing(text, self.style.missing):
                self.wrong(row, "week", "names no week")
            return None
        if week < 0.0:
            self.left_out["rows before baseline"] += 1
            return None
        return week

    def endpoint(self, row: Row) -> tuple[str, float]:
        """Endpoint and factor of a row; "" where its parameter is left out."""
        if "endpoint" not in self.roles:
            name = self.endpoint_of_table()
            said = self.meaning.of("study").get("endpoint")
            return name, 1.0 if said is None else said.factor
        text = self.cell(row, "endpoint")
        said = self.meaning.of("endpoint").get(text)
        if said is None:
            names = tuple(self.meaning.of("endpoint"))
            self.wrong(row, "endpoint", f"{text!r} has no row in {self.meaning.file}", names, nearest(text, names))
            return "", 1.0
        if not said.means:
            self.left_out[f"rows of {text!r}, which is no endpoint in the table"] += 1
        return said.means, said.factor
