"""The controls of the Clinic, read from an address: the person, what is given, which week is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from anagen.core.errors import Problem
from anagen.delivery import ROUTES
from anagen.patients import CONDITIONS
from anagen.patients.zones import ETHNICITIES, ZONES
from anagen.prognoses.asked import MOST_THERAPIES, MOST_WEEKS
from anagen.prognoses.person import grades_of
from anagen.studio.clinic.given import GIVEN, controls_of_therapy, use_of
from anagen.studio.forms.field import CHOICE, NUMBER, RANGE, Choice, Field
from anagen.therapies import THERAPIES

SHOWN = ("aga", "aa", "te")
"""Conditions of the Clinic."""
NEVER = "never"
STOPS = ("13", "26", "52", "78")
SCALES = {"male": "norwood", "female": "ludwig"}
DEFAULT_GRADES = {"norwood": "IV", "ludwig": "II", "course": "acute"}
WEEK, USUAL_WEEK = "week", "26"
_OF_PERSON = {"age": "age", "years_since_onset": "years", "zone": "zone", "sex": "sex", "seed": "seed"}
"""Fields of a person -> controls; a grade has the name of its scale."""


@dataclass(frozen=True)
class Controls:
    """What the address asks for.

    Attributes
    ----------
    fields : Mapping[str, Field]
        Controls by name, with what is wrong with them, in the order of the page.
    """

    fields: Mapping[str, Field]

    def value(self, name: str) -> str:
        """What a control holds, or the nearest allowed value; "" where the page does not show it."""
        field = self.fields.get(name)
        return "" if field is None else field.offer or field.value

    @property
    def week(self) -> int:
        """Week that is looked at; the usual one where the address holds no number."""
        field = self.fields[WEEK]
        return round(float(field.offer or (USUAL_WEEK if field.problem else field.value)))

    @property
    def wrong(self) -> list[Field]:
        """Controls with a problem, so that nothing is simulated: but for numbers, which are shown at the nearest."""
        return [field for field in self.fields.values() if field.problem and (not field.offer or field.kind == CHOICE)]

    @property
    def person(self) -> dict[str, Any]:
        """The person, as `anagen.prognosis` takes it."""
        years, salt = self.value("years"), self.value("salt")
        sensitivity = self.value("sensitivity")
        scale = next((name for name in (*SCALES.values(), "course") if name in self.fields), None)
        return {
            "condition": self.value("condition"),
            "sex": self.value("sex"),
            "age": float(self.value("age")),
            "grade": float(salt) if salt else None if scale is None else self.value(scale),
            "years_since_onset": float(years) if years else None,
            "zone": self.value("zone"),
            "sensitivity": sensitivity if sensitivity else None,
            "ethnicity": self.value("ethnicity"),
            "seed": round(float(self.value("seed"))),
        }

    @property
    def therapies(self) -> list[dict[str, Any]]:
        """What is given, with the keys of a study file."""
        return [use_of(self.fields, slot) for slot in self.slots]

    @property
    def slots(self) -> list[int]:
        """Numbers of the places at which something is given, counted from 1."""
        return [slot for slot in range(1, MOST_THERAPIES + 1) if self.value(f"{GIVEN}{slot}")]

    @property
    def stop(self) -> float | None:
        """Week from which nothing is given in the third course."""
        value = self.value("stop")
        return None if value in ("", NEVER) else float(value)

    def query(self, **changes: object) -> str:
        """The address of what is shown.

        Parameters
        ----------
        **changes : object
            Values of controls that are to differ, by name; None leaves one out.

        Returns
        -------
        str
            A query with its question mark.
        """
        values = {name: self.value(name) for name in self.fields} | {
            name: "" if value is None else str(value) for name, value in changes.items()
        }
        return "?" + urlencode({name: value for name, value in values.items() if value})

    def with_problems(self, problems: tuple[Problem, ...]) -> tuple[Controls, list[tuple[str, str]]]:
        """The controls with problems of the simulation at the controls that they belong to.

        Parameters
        ----------
        problems : tuple[Problem, ...]
            Of an `InputError`.

        Returns
        -------
        Controls
            With the problems.
        list of tuple
            All problems in words, each with the address of its control.
        """
        fields, told = dict(self.fields), []
        for problem in problems:
            name = self._control_of(problem.field)
            words = problem.message + (f" (did you mean {problem.suggestion}?)" if problem.suggestion else "")
            if name in fields:
                fields[name] = replace(fields[name], problem=words)
                told.append((f"{fields[name].label}: {words}", f"#{fields[name].id}"))
            else:
                told.append((words, ""))
        return Controls(fields), told

    def _control_of(self, field: str) -> str:
        """Control that a problem's field belongs to; "" where there is none."""
        if field.startswith("therapies["):
            slot = self.slots[int(field[len("therapies[") :].partition("]")[0])]
            rest = field.partition("].")[2].split(".")[-1].split("[")[0]
            own = f"{GIVEN}{slot}-{rest}"
            return own if own in self.fields else f"{GIVEN}{slot}"
        if field == "grade":
            return next((name for name in ("salt", "course", *SCALES.values()) if name in self.fields), "")
        return _OF_PERSON.get(field, "")


def controls_of(given: Mapping[str, str]) -> Controls:
    """The controls with what an address holds.

    Parameters
    ----------
    given : Mapping of str to str
        A query.

    Returns
    -------
    Controls
        Those that the person and the therapies have.

    Examples
    --------
    >>> controls_of({"sex": "female", "given1": "minoxidil"}).person["grade"]
    'II'
    """
    fields: dict[str, Field] = {}

    def add(field: Field) -> Field:
        held = field.holding(given[field.name]) if field.name in given else field
        fields[field.name] = held
        return held

    conditions = tuple(Choice(name, _capital(CONDITIONS[name].title)) for name in SHOWN)
    condition = add(Field("condition", "Condition", CHOICE, "aga", conditions))
    sex = add(Field("sex", "Sex", CHOICE, "male", (Choice("male", "Man"), Choice("female", "Woman"))))
    add(Field("age", "Age", RANGE, "35", low=18, high=80, step=1, unit="years"))
    of = condition.offer or condition.value
    who = sex.offer or sex.value
    for field in _severity(of if of in SHOWN else "aga", who if who in SCALES else "male"):
        add(field)
    zones = tuple(Choice(name, _capital(name)) for name in ZONES.names())
    add(Field("zone", "Zone of the scalp", CHOICE, "vertex", zones))
    told = (
        Choice("", "Not known"),
        Choice("low", "Low: nine in ten respond more"),
        Choice("typical", "Typical"),
        Choice("high", "High: nine in ten respond less"),
    )
    add(Field("sensitivity", "Sensitivity to treatment", CHOICE, "", told, required=False))
    people = tuple(Choice(name, _capital(name)) for name in ETHNICITIES.names())
    add(Field("ethnicity", "Ethnicity", CHOICE, "caucasian", people, note="Decides how dense follicles are."))
    add(Field("seed", "Person number", NUMBER, "1", low=0, high=2**32 - 1, step=1))
    choices = therapy_choices()
    empty = Choice("", "Nothing")
    for slot in range(1, MOST_THERAPIES + 1):
        if slot > 1 and not fields[f"{GIVEN}{slot - 1}"].value:
            break
        name = f"{GIVEN}{slot}"
        label = "Therapy" if slot == 1 else f"Therapy {slot}"
        chosen = add(Field(name, label, CHOICE, "", (empty, *choices), required=False))
        if chosen.problem:
            fields[name] = replace(chosen, problem=f"{chosen.value!r} is not known")
        if chosen.value and not chosen.problem:
            for field in controls_of_therapy(slot, THERAPIES[chosen.value], given):
                add(field)
    if any(fields.get(f"{GIVEN}{slot}", empty).value for slot in range(1, MOST_THERAPIES + 1)):
        stops = (Choice(NEVER, "Do not show"), *(Choice(week, f"Stop in week {week}") for week in STOPS))
        add(Field("stop", "What stopping does", CHOICE, "52", stops))
    add(Field(WEEK, "Week", RANGE, USUAL_WEEK, low=0, high=MOST_WEEKS, step=1))
    return Controls(fields)


def therapy_choices() -> tuple[Choice, ...]:
    """Therapies that can be chosen, by title: those that act, by themselves or by their route.

    Returns
    -------
    tuple of Choice
        Without controls.
    """
    acting = [
        therapy
        for therapy in THERAPIES.values()
        if not therapy.is_control
        and (therapy.actions or therapy.moves_follicles or any(ROUTES[r].act is not None for r in therapy.routes))
    ]
    return tuple(
        Choice(therapy.name, _capital(therapy.title)) for therapy in sorted(acting, key=lambda t: t.title.casefold())
    )


def _severity(condition: str, sex: str) -> list[Field]:
    """Controls of how far the condition has gone."""
    if CONDITIONS[condition].extents:
        note = "Severity of Alopecia Tool: percentage of the scalp that is bare."
        found = [Field("salt", "SALT", RANGE, "60", low=1, high=100, step=1, unit="points", note=note)]
    else:
        scale = next(iter(grades_of(condition, sex)))
        label = "Course" if scale == "course" else f"Grade ({scale.capitalize()})"
        choices = tuple(Choice(grade, _capital(grade)) for grade in grades_of(condition, sex)[scale])
        found = [Field(scale, label, CHOICE, DEFAULT_GRADES[scale], choices)]
    note = "Left empty, it is drawn."
    if condition == "te":
        found.append(
            Field("years", "Years since the trigger", NUMBER, "0.1", low=0, high=10, step=0.05, unit="years", note=note)
        )
        return found
    years = Field("years", "Years since the loss began", NUMBER, "", low=0, high=60, step=1, unit="years", note=note)
    return [*found, replace(years, required=False)]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
