"""Checks an event table: columns, numbers, the order of subjects and times, what doses and observations may hold."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from anagen.core.errors import Problem
from anagen.core.words import counted
from anagen.formats.event_tables.convention import Convention
from anagen.formats.format import Checked
from anagen.formats.texts import text_of

NEEDED = ("ID", "TIME", "AMT", "DV")
USUAL = ("EVID", "CMT", "MDV")
"""Columns without which a program guesses."""
NUMBERS = ("TIME", "EVID", "AMT", "RATE", "II", "ADDL", "SS", "DV", "MDV")
NOTHING = ("", ".", "NA")
DOSES, RESETS = (1, 4), (3, 4)


@dataclass(slots=True)
class _Seen:
    """What was read so far."""

    file: str
    convention: Convention
    problems: list[Problem] = field(default_factory=list[Problem])
    subjects: dict[str, float] = field(default_factory=dict[str, float])
    last: str = ""
    doses: int = 0
    observations: int = 0
    passed_over: int = 0

    def wrong(self, line: int, column: str, message: str, allowed: tuple[str, ...] = ()) -> None:
        """Note a problem."""
        name = column if self.convention.coded else column.lower()
        self.problems.append(Problem(self.file, line, None, name, message, allowed))


def checked_table(path: Path, convention: Convention) -> Checked:
    """What an event table holds, and what is wrong in it.

    Parameters
    ----------
    path : Path
        The table.
    convention : Convention
        Of the program that is to read it.

    Returns
    -------
    Checked
        Subjects, doses and observations; every problem with its line.
    """
    seen = _Seen(str(path), convention)
    reader = csv.reader(io.StringIO(text_of(path)))
    try:
        header = [name.strip() for name in next(reader, list[str]())]
        columns = _columns(seen, header)
        if seen.problems:
            return Checked((), tuple(seen.problems))
        for cells in reader:
            _row(seen, reader.line_num, header, columns, [cell.strip() for cell in cells])
    except csv.Error as error:
        words = f"cannot be read as a table: {error}; is a quotation mark left open?"
        return Checked((), (Problem(str(path), reader.line_num, None, "", words),))
    if not seen.subjects and not seen.problems:
        seen.problems.append(Problem(str(path), None, None, "", "holds no row"))
    what = f"{counted(len(seen.subjects), 'subject')}, {counted(seen.doses, 'row')} of doses, "
    lines = [f"{convention.program}: {what}{counted(seen.observations, 'observation')}."]
    if seen.passed_over:
        lines.append(f"{counted(seen.passed_over, 'row')} marked as comments, passed over.")
    left_out = [name for name in USUAL if name not in columns]
    if left_out:
        lines.append(f"{', '.join(left_out)} left out: {convention.program} takes them from AMT and DV.")
    return Checked(tuple(lines), tuple(seen.problems))


def _columns(seen: _Seen, header: list[str]) -> Mapping[str, int]:
    """Column in capitals -> its place."""
    convention = seen.convention
    columns = {name.upper(): place for place, name in reversed(list(enumerate(header)))}
    for name in NEEDED:
        if name not in columns:
            seen.wrong(1, name, "is no column of the table", tuple(header))
    for name in dict.fromkeys(name for name in header if header.count(name) > 1):
        seen.wrong(1, name, "is the name of two columns; rename or drop one")
    for name in header if convention.coded else ():
        if len(name) > convention.longest_name:
            words = f"has {len(name)} characters; {convention.program} takes {convention.longest_name} at most"
            seen.wrong(1, name, words)
        if not (name.replace("_", "a").isalnum() and name.isascii() and name[:1].isalpha()):
            words = "is no name: letters, digits and underscores, beginning with a letter"
            seen.wrong(1, name or "(blank)", words)
    return columns


def _row(seen: _Seen, line: int, header: list[str], columns: Mapping[str, int], cells: list[str]) -> None:
    convention = seen.convention
    if not cells or (convention.comment and header[0] == convention.comment and cells[0] == convention.comment):
        seen.passed_over += bool(cells)
        return
    if len(cells) != len(header):
        seen.wrong(line, "", f"has {len(cells)} cells, the header {len(header)}")
        return
    before = len(seen.problems)
    values = {name: cells[place] for name, place in columns.items()}
    for name, text in values.items():
        _cell(seen, line, name, text)
    if len(seen.problems) > before:
        return
    numbers = {name: _number(values.get(name, "")) for name in NUMBERS}
    _order(seen, line, values["ID"], numbers)
    _event(seen, line, numbers, "EVID" in values)


def _cell(seen: _Seen, line: int, name: str, text: str) -> None:
    convention = seen.convention
    if name == convention.comment and convention.comment:
        return
    must_be = name in NUMBERS or convention.coded
    if text in (NOTHING if not convention.coded else NOTHING[:2]):
        if name in ("ID", "TIME"):
            seen.wrong(line, name, "is blank")
        return
    if must_be and _number(text) is None:
        words = f"{text!r} is no number"
        words += f"; {convention.program} reads numbers alone, `nlmixr2` names as well" if convention.coded else ""
        seen.wrong(line, name, words)
    elif must_be and len(text) > convention.longest_value:
        words = f"has {len(text)} characters; {convention.program} takes {convention.longest_value} at most"
        seen.wrong(line, name, words)


def _order(seen: _Seen, line: int, subject: str, numbers: Mapping[str, float | None]) -> None:
    """Rows of a subject stand together, in the order of their times."""
    time = numbers["TIME"]
    if time is None:
        return
    if subject != seen.last and subject in seen.subjects:
        seen.wrong(line, "ID", f"{subject} comes again after another subject; put the rows of a subject together")
    elif subject == seen.last and time < seen.subjects[subject] and numbers["EVID"] not in RESETS:
        seen.wrong(line, "TIME", f"{time:g} comes after {seen.subjects[subject]:g}; sort the rows of subject {subject}")
    seen.last, seen.subjects[subject] = subject, time


def _event(seen: _Seen, line: int, numbers: Mapping[str, float | None], told: bool) -> None:
    amount, value, missing = numbers["AMT"] or 0.0, numbers["DV"], numbers["MDV"]
    event = numbers["EVID"] if told else float(amount > 0.0)
    if event is None or event not in seen.convention.events:
        allowed = tuple(map(str, seen.convention.events))
        seen.wrong(line, "EVID", f"{'is blank' if event is None else f'unknown value {event:g}'}", allowed)
        return
    if missing not in (None, 0.0, 1.0):
        seen.wrong(line, "MDV", f"unknown value {missing:g}", ("0", "1"))
    if event in DOSES:
        seen.doses += 1
        _dose(seen, line, numbers, amount)
        if missing == 0.0 or (value not in (None, 0.0)):
            seen.wrong(line, "DV", "stands in the row of a dose; give the observation a row of its own (EVID 0)")
    elif event in (0, 2) and amount != 0.0:
        seen.wrong(line, "AMT", f"{amount:g} stands in a row that is no dose (EVID {event:g}); write EVID 1, or AMT 0")
    elif event == 0 and missing != 1.0:
        seen.observations += 1
        if value is None:
            seen.wrong(line, "DV", "is missing in an observation; write MDV 1, or EVID 2")


def _dose(seen: _Seen, line: int, numbers: Mapping[str, float | None], amount: float) -> None:
    further, interval = numbers["ADDL"] or 0.0, numbers["II"] or 0.0
    if amount <= 0.0 and not numbers["RATE"]:
        seen.wrong(line, "AMT", f"{amount:g} is no dose; an amount is above 0")
    if further < 0.0 or further != math.floor(further):
        seen.wrong(line, "ADDL", f"{further:g} is no number of doses")
    elif further > 0.0 and interval <= 0.0:
        seen.wrong(line, "II", f"{interval:g} is no interval; ADDL {further:g} needs one above 0")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
