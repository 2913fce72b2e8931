"""The Clinic for programs: one person with a treatment and without, as the page shows it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from anagen.core.errors import InputError, Problem
from anagen.core.fields import Whole
from anagen.prognoses.asked import MOST_THERAPIES, MOST_WEEKS
from anagen.prognoses.person import Person
from anagen.studio.answers import REFUSED
from anagen.studio.clinic.case import Case, clinic_of
from anagen.studio.clinic.models import ClinicView, People
from anagen.studio.clinic.shown import scalps
from anagen.studio.clinic.view import people_of, view_of, week_of

router = APIRouter(prefix="/api/v1/clinic", tags=["clinic"], responses=REFUSED)

Given = Annotated[str | dict[str, Any], Field(description='A name ("exosome@microneedle"), or keys of a study file.')]


class Question(BaseModel):
    """Who, what is given, which week is looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Person = Field(default_factory=Person, description="The person.")
    therapies: list[Given] = Field(default_factory=list, max_length=MOST_THERAPIES, description="What is given.")
    stop: Annotated[float, Field(gt=0, lt=MOST_WEEKS)] | None = Field(
        default=None, description="Week from which nothing is given in a third course."
    )
    week: Annotated[Whole, Field(ge=0, le=MOST_WEEKS)] = Field(default=26, description="Week that is looked at.")


class PeopleSoFar(BaseModel):
    """People like the person, or how far they have been followed.

    Attributes
    ----------
    done : int
        Parameter draws that are done.
    total : int
        All of them; 0 before the first.
    people : People or None
        None until it is done: ask again.
    """

    done: int
    total: int
    people: People | None


@router.post("/course")
def course(request: Request, question: Question) -> ClinicView:
    """Tell what happens to one person with a treatment and without.

    Parameters
    ----------
    request : Request
        The request.
    question : Question
        Who, what is given.

    Returns
    -------
    ClinicView
        Courses, numbers of a week, harms, cost, certainty; people like this one where they have been followed.
    """
    return view_of(_case(request, question), question.week)


@router.post("/people", responses={202: {"model": PeopleSoFar, "description": "They are being followed."}})
def people(request: Request, question: Question, response: Response) -> PeopleSoFar:
    """Follow people like the person; ask again until they are there (status 202 before).

    Parameters
    ----------
    request : Request
        The request.
    question : Question
        Who, what is given.
    response : Response
        The answer.

    Returns
    -------
    PeopleSoFar
        Of a hundred, who gain, stay and lose.
    """
    case = _case(request, question)
    following = case.following()
    if following.result is None:
        response.status_code = 202
        return PeopleSoFar(done=following.done, total=following.total, people=None)
    found = people_of(case, following.result, question.week)
    return PeopleSoFar(done=following.result.draws, total=following.result.draws, people=found)


@router.post("/scalp/{name}", response_class=Response, responses={200: {"content": {"image/svg+xml": {}}}})
def scalp(request: Request, name: Literal["with", "without"], question: Question) -> Response:
    """Draw the scalp in a week: `with` or `without` treatment.

    Parameters
    ----------
    request : Request
        The request.
    name : str
        "with" or "without".
    question : Question
        Who, what is given.

    Returns
    -------
    Response
        SVG, true to scale.

    Raises
    ------
    InputError
        Where there is no such course.
    """
    case = _case(request, question)
    shown = {one.name: one for one in scalps(case, week_of(case, question.week))}
    if name not in shown:
        message = f"there is no course {name!r} here"
        raise InputError([Problem(None, None, None, "name", message, tuple(shown))])
    return Response(str(shown[name].svg), media_type="image/svg+xml")


def _case(request: Request, question: Question) -> Case:
    person = question.person.model_dump(mode="json")
    return clinic_of(request.app).ask(person, question.therapies, question.stop)
