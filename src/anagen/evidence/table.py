"""The shipped table of published trials, and any file in the same form: one row per arm, endpoint and time.

The schema is that of the CSV file: a column per attribute of `Published`. A value stands in the unit of the tables,
with the printed value and unit beside it; a value that was worked out carries its formula.
"""

from __future__ import annotations

import csv
import re
from contextlib import suppress
from dataclasses import dataclass, fields
from functools import cache
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from anagen.core.errors import InputError, Problem
from anagen.core.fields import unseen
from anagen.core.provenance import PACKAGE_FOLDER
from anagen.core.reading import MOST_TOLD, shown
from anagen.core.registry import Registry
from anagen.core.texts import read_text
from anagen.delivery import ROUTES
from anagen.patients import CONDITIONS
from anagen.study.covariates import Blinding, Sham, Sponsor
from anagen.study.observed import Read, Use
from anagen.therapies import THERAPIES

TABLES_FOLDER = PACKAGE_FOLDER / "evidence" / "tables"
TRIALS = TABLES_FOLDER / "published_trials.csv"

LARGEST_TABLE, MOST_ROWS, LONGEST_TEXT, MOST_PARTS = 4_000_000, 5000, 4000, 20
"""Of a file that is read: bytes, rows, characters of a field, therapies given together."""
OTHER = "other"
"""A therapy, condition or route that the package does not have."""
KINDS = ("arm", "contrast", "pooled_arm", "pooled_contrast")
MEASURES = (
    "change",
    "percent_change",
    "value",
    "share",
    "responder",
    "responder_percent",
    "responder_value",
    "risk_ratio",
    "odds_ratio",
    "standardised_difference",
    "ratio",
    "rank",
    "sucra",
)
READ: tuple[str, ...] = get_args(Read)
USES: tuple[str, ...] = get_args(Use)
REQUIRED = ("study", "source", "arm", "kind", "therapy", "endpoint", "measure", "unit", "read", "use")
CHOICES: dict[str, tuple[str, ...]] = {
    "kind": KINDS,
    "measure": MEASURES,
    "read": READ,
    "use": USES,
    "sex": ("male", "female", "both", ""),
    "condition": (*CONDITIONS, OTHER, ""),
    "route": (*ROUTES, OTHER, ""),
    "statistic": ("mean", "median", ""),
    "week_from": ("start", "last session", ""),
    "sponsor": (*get_args(Sponsor), ""),
    "blinding": (*get_args(Blinding), ""),
    "sham": (*get_args(Sham), ""),
    "add_on": ("yes", "no", ""),
    "n_read": ("", "memory", "assumed"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One published result, or one that could be read in words only.

    therapy and versus: names of registered therapies joined by "+", or "other"; versus only of a contrast. control: the
    arm of the same study that an arm is compared with. unit: of mean, sd, se, iqr, ci, range, baseline (in the unit of
    the endpoint where `measure` is percent_change) and follow-up. printed, printed_unit: mean as printed. range: ends
    where no single number was printed. n_read: where the number of patients came from. derived: formula of a value
    that was worked out. sponsor, blinding, sham, add_on: how the trial was conducted, as a study file says it.
    study_file, study_arm: shipped study and its arm or contrast that hold the same value. line:
    of the file it was read from, 0 where it was not read from a table.
    """

    study: str
    citation: str = ""
    year: int | None = None
    source: str
    url: str = ""
    funding: str = ""
    sponsor: str = ""
    blinding: str = ""
    sham: str = ""
    add_on: str = ""
    design: str = ""
    condition: str = ""
    sex: str = ""
    age: str = ""
    severity: str = ""
    study_file: str = ""
    study_arm: str = ""
    arm: str
    control: str = ""
    kind: str
    therapy: str
    versus: str = ""
    dose: str = ""
    dose_unit: str = ""
    route: str = ""
    schedule: str = ""
    endpoint: str
    endpoint_printed: str = ""
    measure: str
    threshold: float | None = None
    unit: str
    week: float | None = None
    week_low: float | None = None
    week_high: float | None = None
    week_from: str = ""
    n: int | None = None
    n_control: int | None = None
    n_total: int | None = None
    n_read: str = ""
    statistic: str = ""
    mean: float | None = None
    sd: float | None = None
    se: float | None = None
    iqr: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    baseline: float | None = None
    baseline_sd: float | None = None
    followup: float | None = None
    followup_sd: float | None = None
    range_low: float | None = None
    range_high: float | None = None
    printed: float | None = None
    printed_unit: str = ""
    p: str = ""
    adverse_events: str = ""
    read: str
    derived: str = ""
    use: str
    reason: str = ""
    note: str = ""
    line: int = 0

    @property
    def treatments(self) -> frozenset[str]:
        """Therapies given, without controls and "none"."""
        return _active(self.therapy)

    @property
    def background(self) -> frozenset[str]:
        """Therapies of the other arm of a contrast, without controls and "none"."""
        return _active(self.versus)

    def record(self) -> dict[str, Any]:
        """The row as a plain mapping, without what is not stated."""
        values = ((column.name, getattr(self, column.name)) for column in fields(self))
        return {name: value for name, value in values if name != "line" and value not in (None, "")}


COLUMNS = tuple(column.name for column in fields(Published) if column.name != "line")
_NUMBERS = frozenset(column.name for column in fields(Published) if column.type == "float | None")
_COUNTS = frozenset(column.name for column in fields(Published) if column.type == "int | None")


def published_trials() -> tuple[Published, ...]:
    """Rows of the shipped table.

    Examples
    --------
    >>> rows = published_trials()
    >>> next(row.mean for row in rows if row.study == "price-2002" and row.week == 48)
    9.2
    """
    return read_published(TRIALS)


def read_published(path: Path) -> tuple[Published, ...]:
    """Rows of a CSV file in the schema of the shipped table; columns other than `REQUIRED` may be missing.

    Raises
    ------
    InputError
        Where the file cannot be read, lacks a column, has one that is not known, or a field that cannot be read, with
        line, field, allowed values and the nearest right one.
    """
    name = str(path)
    reader = csv.DictReader(
        read_text(path, "evidence table", largest=LARGEST_TABLE).splitlines(keepends=True), restkey="", strict=True
    )
    try:
        header = tuple(reader.fieldnames or ())
        _check_header(name, header)
        read = [(reader.line_num, row) for row in islice(reader, MOST_ROWS + 1)]
    except csv.Error as error:
        message = f"cannot be read as a CSV file: {error}"
        raise InputError((Problem(name, max(reader.line_num, 1), None, "", message),)) from error
    if len(read) > MOST_ROWS:
        raise InputError([Problem(name, None, None, "", f"has more than {MOST_ROWS:,} rows; give it in parts")])
    problems: list[Problem] = []
    rows: list[Published | None] = []
    for line, row in read:
        rows.append(_row(name, line, row, problems))
        if len(problems) > MOST_TOLD:
            problems[MOST_TOLD:] = [Problem(name, None, None, "", "later rows are not told; mend these first")]
            break
    if problems:
        raise InputError(problems)
    return tuple(row for row in rows if row is not None)


def _check_header(name: str, header: tuple[str, ...]) -> None:
    known = Registry("column", dict.fromkeys(COLUMNS))
    if len(header) > 2 * len(COLUMNS):
        raise InputError([Problem(name, 1, None, "", f"has {len(header):,} columns; the table has {len(COLUMNS)}")])
    if len(set(header)) < len(header):
        twice = sorted({column for column in header if header.count(column) > 1})
        raise InputError(Problem(name, 1, None, column, "this column stands twice") for column in twice)
    problems = [
        Problem(name, 1, None, column, "is not a column of this table", COLUMNS, known.nearest(column))
        for column in header
        if column not in known
    ]
    problems += [
        Problem(name, 1, None, column, "this column is missing", REQUIRED)
        for column in REQUIRED
        if column not in header
    ]
    if problems:
        raise InputError(problems)


def _row(name: str, line: int, row: dict[str, Any], problems: list[Problem]) -> Published | None:
    before = len(problems)
    if "" in row or None in row.values():
        problems.append(Problem(name, line, None, "", "has not as many fields as the first line"))
        return None
    values: dict[str, Any] = {"line": line}
    for column, text in row.items():
        text = text.strip()
        fault = unseen(text, "\n\t")
        if fault is not None or len(text) > LONGEST_TEXT:
            words = fault or f"the text is longer than {LONGEST_TEXT:,} characters"
            problems.append(Problem(name, line, None, column, words))
            continue
        if column in _NUMBERS or column in _COUNTS:
            values[column] = _number(name, line, column, text, problems)
            continue
        values[column] = text
        allowed = CHOICES.get(column)
        if allowed is not None and text not in allowed:
            choices = tuple(choice for choice in allowed if choice)
            nearest = Registry(column, dict.fromkeys(choices)).nearest(text)
            problems.append(Problem(name, line, None, column, f"unknown {column} {shown(text)}", choices, nearest))
        if column in ("therapy", "versus") and text:
            problems += _unknown_therapies(name, line, column, text)
        if column in REQUIRED and not text and column not in ("unit", "source"):
            problems.append(Problem(name, line, None, column, "must be stated", allowed or ()))
    return Published(**values) if len(problems) == before else None


def _number(name: str, line: int, column: str, text: str, problems: list[Problem]) -> float | int | None:
    if not text:
        return None
    counted = column in _COUNTS
    # the library reads 1_000 and the digits of other scripts as well, which nobody means
    if text.isascii() and "_" not in text and len(text) <= 40:
        with suppress(ValueError):
            number = float(text)
            if isfinite(number) and (not counted or number.is_integer()):
                return int(number) if counted else number
    what = "a whole number" if counted else "a finite number"
    comma = text.replace(",", ".", 1)
    near = comma if re.fullmatch(r"[-+]?\d+\.\d+", comma) and comma != text else None
    message = f"{shown(text)} is not {what}; leave it empty where none was seen"
    problems.append(Problem(name, line, None, column, message, (), near))
    return None


@cache
def _therapies() -> Registry[None]:
    return Registry("therapy", dict.fromkeys((*THERAPIES, OTHER)))


def _unknown_therapies(name: str, line: int, column: str, text: str) -> list[Problem]:
    known = _therapies()
    return [
        Problem(name, line, None, column, f"unknown therapy {shown(part)}", known.names(), known.nearest(part[:80]))
        for part in text.split("+")[:MOST_PARTS]
        if part not in known
    ]


def _active(names: str) -> frozenset[str]:
    parts = [part for part in names.split("+") if part]
    return frozenset(part for part in parts if part == OTHER or not THERAPIES[part].is_control)
