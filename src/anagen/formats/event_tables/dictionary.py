"""The data dictionary beside an event table: what every column and number stands for, with its unit."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from anagen.core.provenance import package_version
from anagen.formats.event_tables.records import SEXES, EventTable

NAME = "dictionary.csv"
HEADER = ("column", "value", "name", "unit", "meaning")
MISSING = "-99"
"""Of a covariate: a dot would be read as 0."""
COLUMNS: Mapping[str, tuple[str, str]] = {
    "ID": ("", "subject: a patient of one trial, or an arm of a plan"),
    "TIME": ("day", "days from the first treatment (week 0 of the study)"),
    "EVID": ("", "0 observation, 1 dose, 2 time without a dose or an observation"),
    "AMT": ("that of CMT", "amount of a dose as it is given; 0 in other rows"),
    "CMT": ("", "where a dose goes, or what is observed; the numbers of a model of yours may be others"),
    "RATE": ("", "0: what is given is given at once"),
    "II": ("day", "days between the doses that ADDL repeats"),
    "ADDL": ("", "further doses like this one"),
    "DV": ("that of CMT", "what was measured, with its error; missing in rows of doses"),
    "MDV": ("", "1 where DV is missing"),
    "DVID": ("", "what is observed, from 1; 0 in rows of doses"),
    "REP": ("", "number of the repeated trial, from 0"),
    "PAT": ("", "number of the patient in the tables of the run"),
    "ARM": ("", "arm of the study that a row belongs to: of the period in a crossover, of the side of a split scalp"),
    "AGE": ("year", "age at baseline"),
    "SEX": ("", "sex"),
    "ETHN": ("", "ethnicity"),
    "SEV": ("", "severity at baseline"),
    "ONSET": ("year", "years between onset and baseline"),
}
NOTES = (
    "Simulated by Anagen {version}: research software, not medical advice.",
    "Daily doses are those prescribed; who takes only a share of them is not told in a trial.",
    "Sessions are those attended. Doses end where a patient left. Visits at which a patient was not seen have no row.",
    "On a day with both, the reading comes before the dose.",
)


def dictionary_text(table: EventTable, columns: Sequence[str], *, coded: bool, missing: str) -> str:
    """The dictionary of an event table.

    Parameters
    ----------
    table : EventTable
        The table.
    columns : Sequence[str]
        Columns that were written, of `COLUMNS`.
    coded : bool
        Whether numbers stand for names; in lower case and with names where not.
    missing : str
        What stands for a covariate that is missing.

    Returns
    -------
    str
        CSV.
    """
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(("file", "", name, "", value) for name, value in (*table.facts, ("title", table.title)))
    writer.writerows(("file", "", "note", "", note.format(version=package_version())) for note in NOTES)
    codes = _codes(table)
    for column in columns:
        shown = column if coded else column.lower()
        unit, meaning = COLUMNS[column]
        further = f"; {missing} where it is not known" if column in ("SEV", "ONSET") else ""
        writer.writerow((shown, "", "", unit, meaning + further))
        for value, (name, of, words) in enumerate(codes.get(column, ()), start=1):
            writer.writerow((shown, value if coded else name, name, of, words))
    return stream.getvalue()


def _codes(table: EventTable) -> dict[str, list[tuple[str, str, str]]]:
    """Column -> name, unit and meaning of its numbers, from 1."""
    first = len(table.compartments)
    doses = [(entry.name, entry.unit, f"dose: {entry.title}") for entry in table.compartments]
    read = [
        (name, entry.unit, f"observation: {entry.title}")
        for name, entry in zip(table.places[first:], table.endpoints, strict=True)
    ]
    return {
        "CMT": doses + read,
        "DVID": read,
        "ARM": [(name, "", "arm") for name in table.arms],
        "SEX": [(name, "", "") for name in SEXES],
        "ETHN": [(name, "", "") for name in table.ethnicities],
        "SEV": [(name, "", "grade") for name in table.severities],
    }
