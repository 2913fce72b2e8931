"""An event table as CSV, by the conventions of one program or another."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Mapping

from anagen.formats.event_tables.convention import Convention
from anagen.formats.event_tables.dictionary import NAME as DICTIONARY
from anagen.formats.event_tables.dictionary import dictionary_text
from anagen.formats.event_tables.records import DOSE, OBSERVED, SEXES, EventTable, Person, Record

EVENTS = ("ID", "TIME", "EVID", "AMT", "CMT", "RATE", "II", "ADDL", "DV", "MDV")
COVARIATES = ("REP", "PAT", "ARM", "AGE", "SEX", "ETHN", "SEV", "ONSET")


def files_of(table: EventTable, convention: Convention) -> dict[str, bytes]:
    """The table and its dictionary.

    Parameters
    ----------
    table : EventTable
        The rows.
    convention : Convention
        How they are written.

    Returns
    -------
    dict of str to bytes
        Two files; the same bytes each time.
    """
    columns = [*EVENTS, *(["DVID"] if convention.numbered else []), *(COVARIATES if table.people else ["ARM"])]
    head = [name if convention.coded else name.lower() for name in columns]
    cells_of = _cells(table, convention)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([convention.comment, *head] if convention.comment else head)
    for record in table.records:
        cells = cells_of(record)
        row = [cells[column] for column in columns]
        writer.writerow([".", *row] if convention.comment else row)
    words = dictionary_text(table, columns, coded=convention.coded, missing=convention.missing)
    return {convention.file: stream.getvalue().encode(), DICTIONARY: words.encode()}


def _cells(table: EventTable, convention: Convention) -> Callable[[Record], Mapping[str, str]]:
    first, places, coded = len(table.compartments), table.places, convention.coded

    def named(name: str, names: tuple[str, ...]) -> str:
        return (str(names.index(name) + 1) if coded else name) if name in names else name or convention.missing

    def of_person(person: Person) -> dict[str, str]:
        return {
            "REP": str(person.trial), "PAT": str(person.patient), "AGE": digits(person.age),
            "SEX": named(person.sex, SEXES), "ETHN": named(person.ethnicity, table.ethnicities),
            "SEV": named(person.severity, table.severities),
            "ONSET": convention.missing if math.isnan(person.onset) else digits(person.onset),
        }  # fmt: skip

    people = {number: of_person(person) for number, person in table.people.items()}
    arms = {name: named(name, table.arms) for name in table.arms}

    def cells(record: Record) -> Mapping[str, str]:
        return people.get(record.subject, {}) | {
            "ARM": arms[record.arm],
            "ID": str(record.subject), "TIME": digits(record.day), "EVID": str(record.event),
            "AMT": digits(record.amount), "CMT": str(record.place) if coded else places[record.place - 1],
            "RATE": "0", "II": digits(record.interval), "ADDL": str(record.further),
            "DV": record.value or convention.empty, "MDV": str(int(record.event != OBSERVED)),
            "DVID": "0" if record.event == DOSE else str(record.place - first),
        }  # fmt: skip

    return cells


def digits(value: float) -> str:
    """A number in at most 12 digits, as Fortran reads it.

    Examples
    --------
    >>> digits(1e10), digits(0.5), digits(-0.0), digits(1 / 3)
    ('10000000000', '0.5', '0', '0.333333333333')
    """
    # adding 0 takes the sign from a zero
    return f"{value + 0.0:.12g}".upper()
