"""Patients of a trial, one value an endpoint and visit, from the rows of a table and what its parts mean."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest
from anagen.formats.trial.grid import Grid, Row
from anagen.formats.trial.numbers import date_of, is_missing, order_of
from anagen.formats.trial.roles import SCALES, WHEN
from anagen.formats.trial.rows import RowReader
from anagen.formats.trial.table import Meaning
from anagen.scalp import ENDPOINTS

DAYS_PER_WEEK = 7.0
MOST_WEEKS_OFF = 0.5
"""Share of the way to the next planned visit up to which a date belongs to a visit."""
YES = ("y", "yes", "1", "true", "1.0")


@dataclass(slots=True)
class Person:
    """One patient.

    Attributes
    ----------
    subject : str
        As the table names him; it goes nowhere else.
    line : int
        Line of the first row.
    facts : dict[str, str]
        Arm, sex, ethnicity, age, years_since_onset and scales of severity, as the study file names them; those known.
    values : dict[str, dict[float, float]]
        Endpoint -> week -> value; missing ones are left out.
    lines : dict[tuple[str, float], int]
        Line of each value, missing or not.
    """

    subject: str
    line: int
    facts: dict[str, str] = field(default_factory=dict[str, str])
    values: dict[str, dict[float, float]] = field(default_factory=dict[str, dict[float, float]])
    lines: dict[tuple[str, float], int] = field(default_factory=dict[tuple[str, float], int])

    def change(self, endpoint: str, week: float) -> float:
        """Change from baseline; not a number where one of both is missing."""
        values = self.values.get(endpoint, {})
        return values.get(week, math.nan) - values.get(0.0, math.nan)


@dataclass(frozen=True, slots=True)
class Cohort:
    """The patients of a trial.

    Attributes
    ----------
    people : tuple[Person, ...]
        In the order of the table.
    arms : tuple[str, ...]
        In the order of the table of meanings.
    told : tuple[str, ...]
        What was recognised, left out and counted, in sentences.
    """

    people: tuple[Person, ...]
    arms: tuple[str, ...]
    told: tuple[str, ...]

    def of(self, arm: str) -> list[Person]:
        """Patients of an arm."""
        return [person for person in self.people if person.facts["arm"] == arm]

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Endpoints with a value, in the order of the table."""
        return tuple(dict.fromkeys(name for person in self.people for name, held in person.values.items() if held))

    def weeks(self, endpoint: str) -> tuple[float, ...]:
        """Weeks with a value of an endpoint, increasing."""
        return tuple(sorted({week for person in self.people for week in person.values.get(endpoint, {})}))


def read_patients(grid: Grid, meaning: Meaning) -> Cohort:
    """Patients of a table in which a row is one of a patient.

    Parameters
    ----------
    grid : Grid
        Its cells.
    meaning : Meaning
        What its parts mean.

    Returns
    -------
    Cohort
        With what was left out, in sentences.

    Raises
    ------
    InputError
        With everything that is wrong, each with its line.
    """
    return _Reading(grid, meaning).cohort()


class _Reading(RowReader):
    """One reading of a table of patients."""

    def __init__(self, grid: Grid, meaning: Meaning) -> None:
        super().__init__(grid, meaning)
        self.people: dict[str, Person] = {}

    def cohort(self) -> Cohort:
        self._check_roles()
        wide = [(name, role, week) for name, (role, week) in self.columns.items() if week is not None]
        long = [name for name, (role, week) in self.columns.items() if week is None and role in ENDPOINTS]
        order = self._date_order()
        dated: list[tuple[Person, Row, float]] = []
        for row in self.grid.rows:
            if "include" in self.roles and self.cell(row, "include").lower() not in YES:
                self.left_out[f"rows in which {self.roles['include']} is not Y"] += 1
                continue
            if not is_missing(self.cell(row, "derived")):
                self.left_out[f"rows with {self.roles['derived']}, which were not measured"] += 1
                continue
            person = self._person(row)
            if person is None:
                continue
            for name, role, week in wide:
                endpoint = self.endpoint_of_table() if role == "value" else role
                if endpoint:
                    self._put(person, row, name, endpoint, week)
            if "date" in self.roles or "day" in self.roles:
                self._add_dated(person, row, order, dated)
                continue
            week = self.week(row) if {"week", "visit"} & self.roles.keys() else None
            if week is not None:
                self._put_row(person, row, long, week)
        self._put_dated(dated, long)
        if self.problems:
            raise InputError(self.problems)
        kept = tuple(self.meaning.words("arm"))
        people = tuple(person for person in self.people.values() if any(person.values.values()))
        if not people:
            raise InputError(
                [Problem(self.grid.file, None, None, "", "holds no patient with a value in an arm that is kept")]
            )
        empty = len(self.people) - len(people)
        if empty:
            self.left_out["patients without any value"] += empty
        self.told += [f"Left out: {number} {what}." for what, number in self.left_out.items()]
        return Cohort(
            people, tuple(arm for arm in kept if any(p.facts["arm"] == arm for p in people)), tuple(self.told)
        )

    def _check_roles(self) -> None:
        needed = ["subject", "arm"]
        wide = any(week is not None for _, week in self.columns.values())
        when = set(WHEN) & self.roles.keys()
        if len(when) > 1:
            words = f"{', '.join(self.roles[role] for role in WHEN if role in when)} all say when; leave one of them"
            raise InputError([Problem(self.meaning.file, None, None, "column", words)])
        what = "value" in self.roles or any(role in ENDPOINTS for role, _ in self.columns.values())
        problems = [
            Problem(
                self.meaning.file,
                None,
                None,
                "column",
                f"no column is the {role}; write {role} under means of the one that is",
            )
            for role in needed
            if role not in self.roles
        ]
        if not wide and not when:
            words = (
                "no column says when: one is week, visit, day or date, or each holds one week (total_density week 12)"
            )
            problems.append(Problem(self.meaning.file, None, None, "column", words))
        if not wide and not what:
            words = "no column holds values: one has to be value, or an endpoint such as total_density"
            problems.append(Problem(self.meaning.file, None, None, "column", words))
        if "value" in self.roles and "endpoint" not in self.roles and not self.endpoint_of_table():
            words = "no column names the endpoint of a value; write it in the row study,endpoint"
            problems.append(Problem(self.meaning.file, None, None, "study endpoint", words))
        if problems:
            raise InputError(problems)

    def _date_order(self) -> str:
        if "date" not in self.roles:
            return ""
        missing = self.style.missing
        cells = [(line, text) for line, text in self.grid.column(self.roles["date"]) if not is_missing(text, missing)]
        order, told = order_of(cells, self.grid.file, self.meaning.words("file").get("dates", ""))
        self.told += told
        return order

    def _person(self, row: Row) -> Person | None:
        """The patient of a row, with what the row says of him; None where he is left out."""
        subject = self.cell(row, "subject")
        if is_missing(subject):
            self.wrong(row, "subject", "names no patient")
            return None
        known = self.people.get(subject)
        arm = self.arm(row, "" if known is None else known.facts["arm"])
        if not arm:
            return None
        if known is None:
            known = self.people[subject] = Person(subject, row.line, {"arm": arm})
        elif known.facts["arm"] != arm:
            before = f"{known.facts['arm']!r} in line {known.line}"
            words = f"patient {subject!r} is in {arm!r} here and in {before}; parallel arms are read"
            self.wrong(row, "arm", words)
            return None
        self._add_facts(known, row)
        return known

    def _add_facts(self, person: Person, row: Row) -> None:
        for role in ("sex", "ethnicity"):
            self._add_fact(person, row, role, self._meant(row, role, role))
        for scale in SCALES:
            if scale in self.roles and scale not in ENDPOINTS:
                self._add_fact(person, row, scale, self._meant(row, scale, "grade"))
        for role in ("age", "years_since_onset"):
            text = self.cell(row, role)
            if text and role not in person.facts and not math.isnan(value := self.number(row, self.roles[role], text)):
                person.facts[role] = f"{value:g}"

    def _add_fact(self, person: Person, row: Row, role: str, value: str) -> None:
        before = person.facts.get(role)
        if value and before is not None and before != value:
            self.wrong(row, role, f"patient {person.subject!r} has {value!r} here and {before!r} before")
        elif value:
            person.facts[role] = value

    def _meant(self, row: Row, role: str, part: str) -> str:
        """What a word of a row means; blank where it is missing or left out."""
        text = self.cell(row, role)
        if not text or is_missing(text, self.style.missing):
            return ""
        said = self.meaning.of(part).get(text)
        if said is None:
            names = tuple(self.meaning.of(part))
            self.wrong(row, role, f"{text!r} has no row {part!r} in {self.meaning.file}", names, nearest(text, names))
            return ""
        return said.means

    def _put_row(self, person: Person, row: Row, long: Sequence[str], week: float) -> None:
        for name in long:
            self._put(person, row, name, self.columns[name][0], week)
        if "value" in self.roles:
            endpoint, factor = self.endpoint(row)
            if endpoint:
                self._put(person, row, self.roles["value"], endpoint, week, factor)
                base = self.cell(row, "baseline")
                if base and week > 0.0 and 0.0 not in person.values.get(endpoint, {}):
                    value = self.number(row, self.roles["baseline"], base) * factor
                    if math.isfinite(value):
                        person.values.setdefault(endpoint, {})[0.0] = value

    def _put(
        self, person: Person, row: Row, column: str, endpoint: str, week: float, factor: float | None = None
    ) -> None:
        """One value of a patient, once."""
        key = (endpoint, week)
        if key in person.lines:
            words = f"patient {person.subject!r} has {endpoint} at week {week:g} in line {person.lines[key]} already"
            hint = "; keep one, or mark the rows to count in a column that is `include`"
            self.problems.append(Problem(self.grid.file, row.line, None, column, words + hint))
            return
        person.lines[key] = row.line
        text = row.cells[self.places[column]]
        if factor is None:
            factor = self.meaning.of("column")[column].factor
        value = self.number(row, column, text) * factor
        if math.isnan(value):
            return
        low, high = ENDPOINTS[endpoint].possible
        if not low <= value <= high:
            known = ENDPOINTS[endpoint]
            words = f"{text!r} is impossible; {known.title} lies between {low:g} and {high:g} {known.unit}"
            hint = f"; a code of a missing value is named in the table: file,missing,{text[:20]}"
            self.problems.append(Problem(self.grid.file, row.line, None, column, words + hint))
            return
        person.values.setdefault(endpoint, {})[week] = value

    def _add_dated(self, person: Person, row: Row, order: str, dated: list[tuple[Person, Row, float]]) -> None:
        """A row with its day: of the calendar, or of the study, of which day 1 is baseline."""
        role = "date" if "date" in self.roles else "day"
        text = self.cell(row, role)
        if is_missing(text, self.style.missing):
            self.wrong(row, role, "has no date")
            return
        try:
            day = float(date_of(text, order).toordinal()) if role == "date" else self.style.number(text) - 1.0
        except ValueError:
            self.wrong(row, role, f"{text!r} is no {'date in the order ' + order if role == 'date' else 'day'}")
            return
        dated.append((person, row, day))

    def _put_dated(self, dated: Sequence[tuple[Person, Row, float]], long: Sequence[str]) -> None:
        """Rows with days, each at the planned visit that it lies next to."""
        if not dated:
            return
        planned = planned_visits(self.meaning)
        if not planned:
            words = "is blank, and days are read as those of planned visits; write their weeks, e.g. 0 12 24"
            raise InputError([self.meaning.wrong("study", "visits", words)])
        first: dict[str, float] = {}
        if "date" in self.roles:
            for person, _, day in dated:
                first[person.subject] = min(day, first.get(person.subject, day))
        furthest = 0.0
        for person, row, day in dated:
            week = (day - first.get(person.subject, 0.0)) / DAYS_PER_WEEK
            visit = min(planned, key=lambda known: abs(known - week))
            gap = min((abs(visit - other) for other in planned if other != visit), default=math.inf)
            if abs(week - visit) >= MOST_WEEKS_OFF * gap or week < -MOST_WEEKS_OFF * gap:
                role = "date" if "date" in self.roles else "day"
                self.wrong(row, role, f"is week {week:.1f}, which lies between two planned visits or beyond them")
                continue
            furthest = max(furthest, abs(week - visit))
            self._put_row(person, row, long, visit)
        self.told.append(
            f"Visits by {'date, from the first of each patient' if first else 'study day, of which 1 is baseline'}: "
            f"weeks {', '.join(f'{week:g}' for week in planned)}, at most {furthest:.1f} weeks away."
        )


def planned_visits(meaning: Meaning) -> tuple[float, ...]:
    """Weeks of the visits that a table of meanings states, increasing.

    Raises
    ------
    InputError
        Where they are no numbers.
    """
    text = meaning.words("study").get("visits", "")
    try:
        return tuple(sorted({float(part) for part in text.replace(",", " ").split()}))
    except ValueError:
        raise InputError([meaning.wrong("study", "visits", f"{text!r}: expected weeks, e.g. 0 12 24")]) from None
