"""The file of patients that a study draws from: one row a patient, read and checked with its lines."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest, number
from anagen.patients import CONDITIONS, ETHNICITIES, SEXES, Condition, Empirical
from anagen.patients.limits import least_age
from anagen.study.findings import Findings, mapping, sequence
from anagen.study.values import MOST_YEARS
from anagen.study.vocabulary import Vocabulary

REQUIRED, OPTIONAL = ("age", "sex"), ("ethnicity", "years_since_onset")
FEWEST = 5
"""Patients below which a file is no distribution."""


@lru_cache(maxsize=32)
def empirical_of_text(text: str, file: str, condition: str) -> Empirical:
    """Patients of a file.

    Parameters
    ----------
    text : str
        CSV with the columns age and sex, and of ethnicity, years_since_onset and the scales of the condition those
        that are known; a cell is blank where a patient's value is not.
    file : str
        Its name in messages.
    condition : str
        Of the study.

    Returns
    -------
    Empirical
        In the order of the file.

    Raises
    ------
    InputError
        With everything that is wrong, each with its line.

    Examples
    --------
    >>> empirical_of_text("age,sex,norwood\\n" + "31,male,IV\\n" * 5, "mine.csv", "aga").severity[0]
    'IV'
    """
    known = CONDITIONS[condition]
    scales = () if known.extents else known.scales()
    allowed = (*REQUIRED, *OPTIONAL, *scales)
    reader = csv.reader(io.StringIO(text))
    try:
        header = [name.strip() for name in next(reader, list[str]())]
        rows = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error:
        words = "cannot be read as a table; is a quotation mark left open?"
        raise InputError([Problem(file, reader.line_num, None, "", words)]) from None
    problems = [
        Problem(file, 1, None, name, "is no column of a table of patients", allowed, nearest(name, allowed))
        for name in header
        if name not in allowed
    ]
    problems += [
        Problem(file, 1, None, name, "is no column of the file", allowed) for name in REQUIRED if name not in header
    ]
    problems += [Problem(file, 1, None, name, "stands twice") for name in set(header) if header.count(name) > 1]
    if not problems and len(rows) < FEWEST:
        words = f"holds {len(rows)} patients; at least {FEWEST} make a distribution to draw from"
        problems.append(Problem(file, None, None, "", words))
    read = [_Row(file, line, header, cells, known, problems) for line, cells in rows] if not problems else []
    columns = [(row.years("age"), row.sex(), row.ethnicity(), row.years("years_since_onset")) for row in read]
    grades = [row.grade(scales) for row in read]
    if problems:
        raise InputError(problems)
    age, sex, ethnicity, years = zip(*columns, strict=True)
    return Empirical(tuple(age), tuple(sex), tuple(ethnicity), tuple(grades), tuple(years))


def check_empirical(
    population: Mapping[str, object], condition: Condition | None, words: Vocabulary, findings: Findings
) -> None:
    """Adds every problem of the patients that a study draws from, by themselves and against the population."""
    kept = mapping(population.get("empirical"))
    text, file = kept.get("text"), str(kept.get("file"))
    if condition is None or not isinstance(text, str):
        return
    path = ("population", "empirical")
    try:
        held = empirical_of_text(text, file, condition.name)
    except InputError as error:
        for problem in error.problems:
            place = ":".join(str(part) for part in (problem.file, problem.line) if part is not None)
            message = ": ".join(part for part in (place, problem.field, problem.message) if part)
            findings.add(path, message, problem.allowed, problem.suggestion)
        return
    age = mapping(population.get("age"))
    low, high = number(age.get("min")), number(age.get("max"))
    if low is not None and high is not None and not (low <= min(held.age) and max(held.age) <= high):
        findings.add(
            path,
            f"{file} holds ages from {min(held.age):g} to {max(held.age):g}, and population.age {low:g} to {high:g}; "
            "state min and max as they are in the file",
        )
    for key, names in (("sex", held.sex), ("ethnicity", held.ethnicity)):
        stated = [name for name, share in mapping(population.get(key)).items() if number(share) != 0.0]
        for name in dict.fromkeys(names):
            if name and name not in stated:
                findings.add(path, f"{file} holds {name!r}, which population.{key} does not name", stated)
    _check_grades(population, held, condition, file, findings)


def _check_grades(
    population: Mapping[str, object], held: Empirical, condition: Condition, file: str, findings: Findings
) -> None:
    named = mapping(population.get("severity"))
    for sex in dict.fromkeys(held.sex):
        scale = next((name for name in condition.scales_of(sex) if name in named), None)
        stated = [str(grade) for grade in sequence(named.get(scale))] if scale is not None else []
        graded = [grade for other, grade in zip(held.sex, held.severity, strict=True) if other == sex and grade]
        for grade in dict.fromkeys(graded):
            if stated and grade not in stated:
                words = f"{file} holds the grade {grade!r}, which population.severity.{scale} does not name"
                findings.add(("population", "empirical"), words, stated)


class _Row:
    """One row of a table of patients."""

    def __init__(
        self, file: str, line: int, header: Sequence[str], cells: Sequence[str], condition: Condition,
        problems: list[Problem],
    ) -> None:  # fmt: skip
        self._file, self._line, self._condition, self._problems = file, line, condition, problems
        self._cells = {name: cell.strip() for name, cell in zip(header, cells, strict=False)}
        if len(cells) != len(header):
            self._wrong("", f"has {len(cells)} cells, and the header {len(header)}")

    def _wrong(self, field: str, message: str, allowed: tuple[str, ...] = (), near: str | None = None) -> None:
        self._problems.append(Problem(self._file, self._line, None, field, message, allowed, near))

    def years(self, field: str) -> float:
        text = self._cells.get(field, "")
        if not text and field != "age":
            return math.nan
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        least = least_age(self._condition) if field == "age" else 0.0
        if not least <= value <= MOST_YEARS:
            self._wrong(field, f"is {text!r}; expected years from {least:g} to {MOST_YEARS:g}")
        return value

    def sex(self) -> str:
        return self._one_of("sex", self._condition.sexes or SEXES)

    def ethnicity(self) -> str:
        return self._one_of("ethnicity", tuple(ETHNICITIES)) if self._cells.get("ethnicity") else ""

    def grade(self, scales: Sequence[str]) -> str:
        """Grade on whichever scale of the patient's sex the row fills."""
        filled = [scale for scale in scales if self._cells.get(scale)]
        fitting = self._condition.scales_of(self._cells.get("sex", "")) if filled else ()
        for scale in filled:
            if scale not in fitting:
                self._wrong(scale, f"does not grade a patient whose sex is {self._cells.get('sex')!r}; leave it blank")
        if len(filled) > 1:
            self._wrong(filled[1], f"stands beside {filled[0]}; a patient has one grade")
        return self._one_of(filled[0], self._condition.grades(filled[0])) if filled else ""

    def _one_of(self, field: str, allowed: tuple[str, ...]) -> str:
        name = self._cells.get(field, "")
        if name not in allowed:
            self._wrong(field, f"is {name!r}", allowed, nearest(name, allowed))
        return name
