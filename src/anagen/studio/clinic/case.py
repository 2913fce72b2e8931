"""What the Clinic follows: courses, scalps and people of a question, kept while somebody moves a slider."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from anagen.core.arrays import FloatArray
from anagen.prognoses.asked import STOPPED, WITHOUT, Asked, Therapy, asked_of
from anagen.prognoses.course import Course, course_of, read_course
from anagen.prognoses.facts import Facts, facts_of
from anagen.prognoses.kept import Kept
from anagen.prognoses.scalp import places_of
from anagen.prognoses.spread import Spread, spread_of
from anagen.studio.clinic.controls import Controls
from anagen.studio.clinic.followers import Followers, Following

if TYPE_CHECKING:
    import pandas as pd
    from fastapi import FastAPI

    from anagen.parameters import ParameterSet
    from anagen.scalp.picture.layout import Layout

KEPT = 200
"""Results that one studio keeps: a course is about 1 MB."""


class Clinic:
    """Courses that were followed, and people who are being followed, of one studio."""

    def __init__(self) -> None:
        self.kept = Kept(KEPT)
        self.followers = Followers()

    @cached_property
    def parameters(self) -> ParameterSet:
        """The shipped posterior."""
        from anagen.parameters import load_parameters

        return load_parameters()

    def case(self, controls: Controls) -> Case:
        """The question that controls ask.

        Parameters
        ----------
        controls : Controls
            Without problems that have no nearest value.

        Returns
        -------
        Case
            Checked.

        Raises
        ------
        InputError
            With every problem.
        """
        return self.ask(controls.person, controls.therapies, controls.stop)

    def ask(self, person: Mapping[str, Any], therapies: Sequence[Therapy], stop: float | None) -> Case:
        """A question.

        Parameters
        ----------
        person : Mapping
            Who, with the fields of a person.
        therapies : Sequence of Therapy
            What is given.
        stop : float or None
            Week from which nothing is given in a third course.

        Returns
        -------
        Case
            Checked.

        Raises
        ------
        InputError
            With every problem.
        """
        stop = stop if therapies else None
        key = json.dumps([person, therapies, stop])
        asked = self.kept.get(
            ("asked", key), lambda: asked_of(person, therapies, stop=stop, parameters=self.parameters)
        )
        return Case(self, asked, json.dumps(person), json.dumps([person, therapies]))


def clinic_of(app: FastAPI) -> Clinic:
    """The Clinic of a studio, made when it is first asked for.

    Parameters
    ----------
    app : FastAPI
        The studio.

    Returns
    -------
    Clinic
        The same for the same studio.
    """
    if not hasattr(app.state, "clinic"):
        app.state.clinic = Clinic()
    found: Clinic = app.state.clinic
    return found


@dataclass(frozen=True)
class Case:
    """One question and what was followed of it.

    Attributes
    ----------
    clinic : Clinic
        Where results are kept.
    asked : Asked
        Who, what is given, when it is stopped.
    who : str
        The person, as a key.
    what : str
        The person and what is given, as a key.
    """

    clinic: Clinic
    asked: Asked
    who: str
    what: str

    @property
    def names(self) -> tuple[str, ...]:
        """Courses, the treated one first."""
        return tuple(self.asked.courses())

    def course(self, name: str) -> Course:
        """A course with every follicle in every week."""
        return self.clinic.kept.get(("course", *self._key(name)), lambda: course_of(self.asked, name))

    def places(self, name: str) -> Layout:
        """Where the follicles of a course stand."""
        key = ("places", *self._key(name))
        return self.clinic.kept.get(key, lambda: places_of(self.asked, self.course(name)))

    def counts(self, name: str) -> pd.DataFrame:
        """Numbers of a course, one row a week."""
        return self.clinic.kept.get(("counts", *self._key(name)), lambda: self.course(name).counts())

    def read(self, name: str) -> Mapping[str, FloatArray]:
        """What is true of a course in every week, by endpoint."""
        return self.clinic.kept.get(("read", *self._key(name)), lambda: read_course(self.asked, self.course(name)))

    def facts(self) -> Facts:
        """Harms, cost, certainty, for whom it is not."""
        return self.clinic.kept.get(("facts", self.what), lambda: facts_of(self.asked))

    def following(self) -> Following:
        """People like the person: those who were followed, or how far it is; following them begins here."""
        return self.clinic.followers.ask(self.what, self._follow)

    def spread(self) -> Spread | None:
        """People like the person, where they have been followed."""
        return self.clinic.followers.found(self.what)

    def _follow(self, following: Following) -> Spread | None:
        return spread_of(self.asked, progress=following.tell, stopped=following.is_left)

    def _key(self, name: str) -> tuple[str, ...]:
        if name == WITHOUT:
            return name, self.who
        return (name, self.what, str(self.asked.stop)) if name == STOPPED else (name, self.what)
