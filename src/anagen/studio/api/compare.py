"""Comparisons of treatments, planned and started, as the page Compare does."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from anagen.core.numbers import MOST_DRAWS, MOST_REFERENCE
from anagen.studio.access import user_of
from anagen.studio.answers import API, REFUSED
from anagen.studio.comparing.asked import plan_of
from anagen.studio.comparing.known import Known, facts_of
from anagen.studio.comparing.words import job_title
from anagen.studio.jobs.queue import Jobs
from anagen.studio.kinds.compare import FEWEST, MOST, check

router = APIRouter(prefix=f"{API}/compare", tags=["compare"], responses=REFUSED)
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Wanted(BaseModel):
    """A comparison that is asked for.

    Attributes
    ----------
    treatments : list of str
        Two to eight therapies; "a+b" is a combination, "exosome@microneedle" names the route.
    condition : str
        Whom.
    sex : str
        Whom.
    menopause : str or None
        Women before or after it only.
    exclude : list of str
        Who is not admitted.
    endpoint : str
        What is ranked.
    weeks : float
        Last visit.
    keep_up : bool
        Whether sessions go on until the last visit.
    responder : float
        Least own measured change of a responder.
    patients : int
        Reference patients.
    draws : int
        Parameter draws.
    seed : int
        Of every random number.
    """

    model_config = ConfigDict(extra="forbid")

    treatments: Annotated[list[Name], Field(min_length=FEWEST, max_length=MOST)]
    condition: Name = "aga"
    sex: Literal["male", "female", "both"] = "male"
    menopause: Literal["before", "after"] | None = None
    exclude: Annotated[list[Name], Field(max_length=20)] = []
    endpoint: Name = "total_density"
    weeks: Annotated[float, Field(ge=4.0, le=520.0)] = 48.0
    keep_up: bool = False
    responder: Annotated[float, Field(ge=-1e4, le=1e4)] = 10.0
    patients: Annotated[int, Field(ge=10, le=MOST_REFERENCE)] = 200
    draws: Annotated[int, Field(ge=0, le=MOST_DRAWS)] = 200
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1


class Started(BaseModel):
    """A comparison that was put into the queue.

    Attributes
    ----------
    id : str
        Identifier of the run.
    address : str
        Its page.
    """

    id: str
    address: str


@router.post("/known")
def known(wanted: Wanted) -> list[Known]:
    """Tell what is known of treatments before anything is simulated.

    Returns
    -------
    list of Known
        One per treatment.
    """
    spec = wanted.model_dump()
    check(spec)
    return list(facts_of(plan_of(spec)))


@router.post("", status_code=202)
def start(request: Request, wanted: Wanted) -> Started:
    """Start a comparison.

    Returns
    -------
    Started
        The run.
    """
    spec = wanted.model_dump()
    check(spec)
    jobs: Jobs = request.app.state.jobs
    id = jobs.start("compare", spec, title=job_title(spec), owner=user_of(request))
    return Started(id=id, address=f"/runs/{id}")
