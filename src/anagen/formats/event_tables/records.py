"""The rows of an event table: what every patient of a run was given and measured, or what every arm of a study plans.

Time is in days from the first treatment (week 0). What is measured on a day stands before what is given on it. A row
has the number of its compartment; observations have numbers after those of doses, one an endpoint.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.formats.event_tables.given import FAR, Compartment, Given, Plan, doses_given, plan_of, repeated, word
from anagen.formats.subject import Subject
from anagen.patients import CONDITIONS
from anagen.results import ResultContents
from anagen.scalp import Endpoint

OBSERVED, DOSE, OTHER = 0, 1, 2
"""Values of EVID: an observation, a dose, and a time at which nothing was measured."""
SEXES = ("male", "female")
FACTS = ("study", "study_sha256", "seed", "replicates", "parameters_sha256", "version")
"""Entries of a manifest that stand in the dictionary."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row.

    Attributes
    ----------
    subject : int
        ID, from 1.
    day : float
        Time.
    event : int
        EVID.
    place : int
        Compartment of a dose or an observation, from 1.
    arm : str
        Arm that it belongs to: in a crossover that of the period, on a split scalp that of the side.
    amount : float
        0 where it is no dose.
    interval : float
        Days between repeated doses; 0 for one.
    further : int
        Doses after the first.
    value : str
        What was measured, with the digits that the run holds; empty where nothing was.
    """

    subject: int
    day: float
    event: int
    place: int
    arm: str
    amount: float = 0.0
    interval: float = 0.0
    further: int = 0
    value: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What is the same in all rows of a subject.

    Attributes
    ----------
    trial : int
        Number of the repeated trial, from 0.
    patient : int
        Number in the tables of the run.
    age : float
        [year].
    sex : str
        male or female.
    ethnicity : str
        Name of the group.
    severity : str
        Grade; empty where there is none.
    onset : float
        Years since onset; not a number where there is none.
    """

    trial: int
    patient: int
    age: float
    sex: str
    ethnicity: str
    severity: str
    onset: float


@dataclass(frozen=True)
class EventTable:
    """Rows with what their numbers stand for.

    Attributes
    ----------
    title : str
        Of the study.
    facts : tuple of tuple of str
        What the table was made of: name and value.
    arms : tuple of str
        Arms of the study.
    compartments : tuple of Compartment
        That doses go to.
    endpoints : tuple of Endpoint
        That observations are of.
    records : tuple of Record
        By subject, time, observations first.
    people : Mapping[int, Person]
        Subject -> covariates; empty where a study is planned.
    ethnicities : tuple of str
        Names of groups, in the order of their numbers.
    severities : tuple of str
        Grades in the order of their numbers; empty where a grade is a number itself.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    arms: tuple[str, ...]
    compartments: tuple[Compartment, ...]
    endpoints: tuple[Endpoint, ...]
    records: tuple[Record, ...]
    people: Mapping[int, Person]
    ethnicities: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Names of compartments in the order of their numbers, from 1: those of doses, then those of observations."""
        return (*(entry.name for entry in self.compartments), *(word(entry.name) for entry in self.endpoints))


def events_of(subject: Subject) -> EventTable:
    """The event table of a run, or of a study as it is planned.

    Parameters
    ----------
    subject : Subject
        A study or run.

    Returns
    -------
    EventTable
        One subject a patient of a run (every trial that it kept), or one an arm of a study.
    """
    plan = plan_of(subject.study)
    if subject.contents is None:
        facts = (("study", subject.study.study), ("study_sha256", subject.study.sha256))
        return _planned(subject, plan, facts)
    manifest = subject.contents.manifest
    return _of_run(subject, plan, subject.contents, tuple((name, str(manifest[name])) for name in FACTS))


def _planned(subject: Subject, plan: Plan, facts: tuple[tuple[str, str], ...]) -> EventTable:
    """One subject an arm: its regimen, and its visits as times at which nothing was measured."""
    endpoints, first = subject.protocol.endpoints, len(plan.compartments) + 1
    records: list[Record] = []
    for number, (arm, course) in enumerate(plan.arms.items(), start=1):
        rows = _doses(number, arm, course, plan)
        rows += [
            Record(number, week * DAYS_PER_WEEK, OTHER, first + place, arm)
            for week in plan.study.measurement.visits
            for place in range(len(endpoints))
        ]
        records += _in_order(rows)
    arms = tuple(plan.arms)
    return EventTable(subject.study.title, facts, arms, plan.compartments, endpoints, tuple(records), {})


def _of_run(subject: Subject, plan: Plan, contents: ResultContents, facts: tuple[tuple[str, str], ...]) -> EventTable:
    endpoints, seed = subject.protocol.endpoints, int(contents.manifest["seed"])
    second = subject.protocol.second if subject.protocol.crossover else 0.0
    measured = _measured(contents)
    rows: dict[int, list[Record]] = {}
    people: dict[int, Person] = {}
    numbers: dict[tuple[int, int], int] = {}
    place_of = {entry.name: len(plan.compartments) + 1 + place for place, entry in enumerate(endpoints)}
    for entry in _plain_rows(contents.patients):
        who = int(entry["replicate"]), int(entry["patient"])
        number = numbers.setdefault(who, len(numbers) + 1)
        begins = second if entry.get("period") == 2 else 0.0
        course = _course(plan, entry)
        if subject.protocol.crossover:
            course = tuple(given.until(plan.last).later(begins) for given in course)
        left = _number(entry["dropout_week"])
        until = FAR if left is None else begins + left
        arm = str(entry["arm"])
        found = _doses(number, arm, doses_given(course, who[1], who[0], seed=seed, until=until), plan)
        found += [
            Record(number, (begins + week) * DAYS_PER_WEEK, OBSERVED, place_of[endpoint], arm, value=value)
            for week, endpoint, value in measured.get((*who, arm), ())
        ]
        rows.setdefault(number, []).extend(found)
        people[number] = _person(who, entry)
    ethnicities = tuple(dict.fromkeys(person.ethnicity for person in people.values()))
    return EventTable(
        title=subject.study.title,
        facts=facts,
        arms=tuple(plan.arms),
        compartments=plan.compartments,
        endpoints=endpoints,
        records=tuple(record for number in sorted(rows) for record in _in_order(rows[number])),
        people=people,
        ethnicities=tuple(sorted(ethnicities)),
        severities=_grades(subject, {person.severity for person in people.values()} - {""}),
    )


def _course(plan: Plan, entry: Mapping[str, Any]) -> tuple[Given, ...]:
    """What a patient of the table "patients" was given, before sessions that he missed."""
    arm = str(entry["arm"])
    if entry.get("rescued") is True:
        return plan.rescues[arm]
    event, week = entry.get("event") or "", _number(entry.get("event_week"))
    return plan.arms[arm] if week is None else plan.after(arm, str(event), week)


def _doses(number: int, arm: str, course: Sequence[Given], plan: Plan) -> list[Record]:
    place_of = {compartment: place for place, compartment in enumerate(plan.compartments, start=1)}
    return [
        Record(number, row.day, DOSE, place_of[given.compartment], arm, row.amount, row.interval, row.further)
        for given in course
        for row in repeated(given.prescription.doses.days, given.prescription.doses.amounts)
    ]


def _in_order(rows: Sequence[Record]) -> list[Record]:
    return sorted(rows, key=lambda row: (row.day, row.event == DOSE, row.place))


def _measured(contents: ResultContents) -> dict[tuple[int, int, str], list[tuple[float, str, str]]]:
    """Trial, patient and arm -> week, endpoint and value of everything that was read."""
    table = contents.visits
    seen = table[(table["assigned"] & table["measured"].notna()).to_numpy()]
    found: dict[tuple[int, int, str], list[tuple[float, str, str]]] = {}
    columns = ("replicate", "patient", "arm", "week", "endpoint", "measured")
    for trial, patient, arm, week, endpoint, value in zip(*(seen[name].to_numpy() for name in columns), strict=True):
        # the shortest digits of 32 bits, which is what the run holds
        key = int(trial), int(patient), str(arm)
        found.setdefault(key, []).append((float(week), str(endpoint), str(value).upper()))
    return found


def _plain_rows(table: Any) -> list[dict[str, Any]]:
    return table.to_dict(orient="records")


def _person(who: tuple[int, int], entry: Mapping[str, Any]) -> Person:
    onset = _number(entry["years_since_onset"])
    severity = entry["severity"] if isinstance(entry["severity"], str) else ""
    return Person(
        *who, float(entry["age"]), str(entry["sex"]), str(entry["ethnicity"]), severity,
        math.nan if onset is None else onset,
    )  # fmt: skip


def _grades(subject: Subject, found: set[str]) -> tuple[str, ...]:
    """Grades of the condition in their order; none where they are numbers."""
    scales = CONDITIONS[subject.study.population.condition].severities.values()
    known = list(dict.fromkeys(grade for scale in scales for grade in scale))
    if all(_number(grade) is not None for grade in found):
        return ()
    return tuple([grade for grade in known if grade in found] + sorted(found - set(known)))


def _number(value: object) -> float | None:
    """A number that is there; None for what is missing or no number."""
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None
