"""A person: covariates that somebody can tell of himself, and a seed for what nobody can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import Field, StrictStr, ValidationError

from anagen.core.errors import InputError, Problem
from anagen.core.fields import Whole
from anagen.core.numbers import MAX_SEED
from anagen.core.plain import unpacked
from anagen.core.reading import ErrorReader, nearest
from anagen.patients import CONDITIONS, Condition, PopulationSpec
from anagen.patients.zones import ETHNICITIES, ZONES
from anagen.study.values import Model, Years

SENSITIVITIES = {"low": 0.1, "typical": 0.5, "high": 0.9}
"""Words for a share of people in whom therapies act less than in this person."""
Sensitivity = Annotated[float, Field(gt=0.0, lt=1.0, allow_inf_nan=False)] | Literal["low", "typical", "high"]


class Person(Model):
    """One person.

    What is left out (years since onset, sensitivity) and what nobody knows of himself (density of follicles, thickness
    of hair, clearance, activity of sulfotransferase) is drawn; another seed is another person with these covariates.
    """

    condition: StrictStr = Field(default="aga", description="Hair disease.", examples=["aga"])
    sex: Literal["male", "female"] = Field(default="male", description="Sex.")
    age: Annotated[Years, Field(gt=0.0)] = Field(default=35.0, description="Age in years.")
    grade: StrictStr | Annotated[float, Field(ge=0.0, le=100.0, allow_inf_nan=False)] | None = Field(
        default=None,
        description="Grade on a scale of the condition and sex (Norwood, Ludwig, Sinclair, Savin; acute or chronic), "
        "or SALT as a number. The middle one where left out.",
        examples=["IV"],
    )
    years_since_onset: Years | None = Field(default=None, description="Years since the loss began; drawn if left out.")
    zone: StrictStr = Field(default="vertex", description="Zone of the scalp that is looked at.", examples=["vertex"])
    sensitivity: Sensitivity | None = Field(
        default=None,
        description="Share of people in whom therapies act less than here: low (0.1), typical (0.5), high (0.9) or a "
        "number between 0 and 1. Drawn for each therapy where left out.",
    )
    ethnicity: StrictStr = Field(default="caucasian", description="Decides the density of follicles and growth.")
    seed: Annotated[Whole, Field(ge=0, le=MAX_SEED)] = Field(default=1, description="Another seed is another person.")

    @classmethod
    def of(cls, person: Person | Mapping[str, object]) -> Person:
        """A person from plain data, checked; a person stands for itself.

        Parameters
        ----------
        person : Person or mapping
            The fields of a person.

        Returns
        -------
        Person
            Checked.

        Raises
        ------
        InputError
            With every problem.

        Examples
        --------
        >>> Person.of({"age": 40, "grade": "IV"}).age
        40.0
        """
        if isinstance(person, Person):
            made = person
        else:
            given = unpacked(person)
            given = {key: float(value) if _is_whole(key, value) else value for key, value in given.items()}
            condition = CONDITIONS.get(str(given.get("condition", "aga")))
            if isinstance(given.get("grade"), float) and condition is not None and not condition.extents:
                given["grade"] = f"{given['grade']:g}"  # grades of Sinclair are digits
            try:
                made = cls.model_validate(given)
            except ValidationError as error:
                faults = ErrorReader(cls).faults(error)
                found = list(dict.fromkeys(fault.problem(None, {}) for fault in faults))
                raise InputError(_of_one_kind(found, given)) from None
        if problems := _unknown(made):
            raise InputError(problems)
        return made

    @property
    def deviate(self) -> float | None:
        """Sensitivity as a standard normal deviate; None where it is drawn."""
        if self.sensitivity is None:
            return None
        share = SENSITIVITIES[self.sensitivity] if isinstance(self.sensitivity, str) else self.sensitivity
        return NormalDist().inv_cdf(share)

    def population(self, *, last_week: float) -> dict[str, Any]:
        """The section `population` of a study of people like this one.

        Parameters
        ----------
        last_week : float
            Last visit, before which a condition with a trigger begins.

        Returns
        -------
        dict
            As a study file has it.
        """
        condition = CONDITIONS[self.condition]
        section: dict[str, Any] = {
            "condition": self.condition,
            "sex": {self.sex: 1.0},
            "age": _all(self.age),
            "ethnicity": {self.ethnicity: 1.0},
        }
        grade = grade_of(self, condition)
        if not isinstance(grade, str):
            section["severity"] = {condition.severity_scale[self.sex]: {"min": grade, "max": grade}}
        elif grade:
            section["severity"] = {scale_of(condition, self.sex, grade): [grade]}
        if self.years_since_onset is not None and condition.triggered:
            section["onset_week"] = min(-self.years_since_onset * 365.25 / 7.0, last_week)
        elif self.years_since_onset is not None:
            section["years_since_onset"] = _all(self.years_since_onset)
        return section

    def words(self) -> str:
        """The person in a line.

        Returns
        -------
        str
            Such as "man of 35 years, androgenetic alopecia, IV, vertex".

        Examples
        --------
        >>> Person(grade="IV").words()
        'man of 35 years, androgenetic alopecia, Norwood IV, vertex'
        """
        condition = CONDITIONS[self.condition]
        grade = grade_of(self, condition)
        who = "man" if self.sex == "male" else "woman"
        parts = [f"{who} of {self.age:g} years", condition.title]
        if not isinstance(grade, str):
            parts.append(f"SALT {grade:g}")
        elif grade:
            scale = scale_of(condition, self.sex, grade)
            parts.append(grade if scale == "course" else f"{scale.capitalize()} {grade}")
        if self.years_since_onset is not None:
            parts.append(f"{self.years_since_onset:g} years since onset")
        return ", ".join([*parts, self.zone])


def grades_of(condition: str, sex: str) -> dict[str, tuple[str, ...]]:
    """Grades that a person can have, by scale; empty where it is graded by a number or not at all.

    Parameters
    ----------
    condition : str
        Name of a condition.
    sex : str
        "male" or "female".

    Returns
    -------
    dict[str, tuple[str, ...]]
        Scale -> grades, mildest first.

    Examples
    --------
    >>> list(grades_of("aga", "female")), grades_of("te", "male")["course"]
    (['ludwig', 'sinclair', 'savin'], ('acute', 'chronic'))
    """
    described = CONDITIONS[condition]
    return {scale: described.grades(scale) for scale in described.scales_of(sex) if described.severities[scale]}


def grade_of(person: Person, condition: Condition) -> str | float:
    """Grade of a person: the one stated, or the middle one; a SALT of the middle of the severe; empty if not graded.

    Examples
    --------
    >>> grade_of(Person(), CONDITIONS["aga"]), grade_of(Person(condition="aa"), CONDITIONS["aa"])
    ('IV', 70.0)
    """
    if person.grade is not None:
        return person.grade
    if condition.extents:
        return 70.0
    scales = grades_of(person.condition, person.sex)
    if not scales:
        return ""
    steps = condition.severity_steps[next(iter(scales))]
    return min(steps, key=lambda grade: abs(steps[grade] - 0.5)) if len(steps) > 2 else next(iter(steps))


def scale_of(condition: Condition, sex: str, grade: str) -> str:
    """Scale on which a grade stands.

    Examples
    --------
    >>> scale_of(CONDITIONS["aga"], "female", "II"), scale_of(CONDITIONS["aga"], "female", "3")
    ('ludwig', 'sinclair')
    """
    return next(scale for scale in condition.scales_of(sex) if grade in condition.severities[scale])


def spec_of(person: Person, spec: PopulationSpec) -> PopulationSpec:
    """The population of a study of people like this one, with nothing spread that the person states.

    Parameters
    ----------
    person : Person
        Whom.
    spec : PopulationSpec
        Of the study that was made of the person.

    Returns
    -------
    PopulationSpec
        The same, with spreads of nothing.

    Raises
    ------
    ValueError
        Where the study's people differ in what the person states.
    """
    spreads = [spread for spread in (spec.age, spec.years_since_onset) if spread is not None]
    if any(spread.sd != 0.0 for spread in spreads) or len(spec.sex) > 1 or len(spec.ethnicity) > 1:
        raise ValueError(f"the study of a {person.words()} admits people who are unlike")
    return spec


def _all(years: float) -> dict[str, float]:
    """The same years in everybody."""
    return {"mean": years, "sd": 0.0, "min": years, "max": years}


def _is_whole(key: str, value: object) -> bool:
    """Whether a whole number stands where any number may: files and forms write 40 for 40.0."""
    return key != "seed" and isinstance(value, int) and not isinstance(value, bool)


def _of_one_kind(problems: list[Problem], given: Mapping[str, object]) -> list[Problem]:
    """Problems of a field that is a number or words, as the one that was given: of each kind there is one."""
    told: list[Problem] = []
    for name in dict.fromkeys(problem.field.partition(".")[0] for problem in problems):
        own = [problem for problem in problems if problem.field.partition(".")[0] == name]
        number = isinstance(given.get(name), float)
        fitting = [problem for problem in own if ("float" in problem.field) == number]
        words = tuple(SENSITIVITIES) if name == "sensitivity" and not number else ()
        told += [replace(problem, field=name, allowed=problem.allowed or words) for problem in fitting or own]
    return told


def _unknown(person: Person) -> list[Problem]:
    """Names that are not registered, and a grade that the condition and sex do not have."""
    problems = [
        Problem(None, None, None, field, f"unknown {field} {name!r}", known, nearest(name, known))
        for field, name, known in (
            ("condition", person.condition, CONDITIONS.names()),
            ("zone", person.zone, ZONES.names()),
            ("ethnicity", person.ethnicity, ETHNICITIES.names()),
        )
        if name not in known
    ]
    if person.condition not in CONDITIONS:
        return problems
    condition, grade = CONDITIONS[person.condition], person.grade
    if person.sex not in condition.sexes:
        message = f"{condition.title} is not modelled in this sex"
        problems.append(Problem(None, None, None, "sex", message, condition.sexes))
    elif condition.extents and grade is not None and not isinstance(grade, float):
        message = (
            f"{grade!r} is no number; {condition.title} is graded by SALT, the percentage of the scalp that is bare"
        )
        problems.append(Problem(None, None, None, "grade", message, suggestion=None))
    elif not condition.extents and grade is not None:
        known = tuple(name for grades in grades_of(person.condition, person.sex).values() for name in grades)
        if grade not in known:
            shown = f"{grade:g}" if isinstance(grade, float) else str(grade)
            scales = " or ".join(name.capitalize() for name in grades_of(person.condition, person.sex))
            message = f"{shown!r} is no grade of {condition.title}" + (f" ({scales})" if scales else "")
            problems.append(Problem(None, None, None, "grade", message, known, nearest(shown, known)))
    return problems
