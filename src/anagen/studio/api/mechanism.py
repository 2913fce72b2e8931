"""The mechanism of what is given as JSON, as the page shows it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from anagen.core.errors import InputError, Problem
from anagen.studio.answers import REFUSED
from anagen.studio.mechanism.asked import DEFAULTS, MOST_SILENCED, asked
from anagen.studio.mechanism.own_edges import MOST_OWN
from anagen.studio.mechanism.view import MechanismView, view_of
from anagen.studio.uploads import Uploads

router = APIRouter(prefix="/api/v1", tags=["mechanism"], responses=REFUSED)
Text = Annotated[str, Field(max_length=80)]


class MechanismQuery(BaseModel):
    """The controls of the Mechanism page, what is silenced, and edges that are added ("FROM->TO|+|0.3|source")."""

    model_config = ConfigDict(extra="forbid")

    given: Text = DEFAULTS["given"]
    beside: Text = DEFAULTS["beside"]
    route: Text = DEFAULTS["route"]
    condition: Text = DEFAULTS["condition"]
    sex: Text = DEFAULTS["sex"]
    weeks: Text = DEFAULTS["weeks"]
    week: Text = DEFAULTS["week"]
    lever: Text = DEFAULTS["lever"]
    view: Text = DEFAULTS["view"]
    range: Text = DEFAULTS["range"]
    edge: Text = ""
    without: Annotated[list[Text], Field(max_length=MOST_SILENCED)] = []
    own: Annotated[list[Annotated[str, Field(max_length=400)]], Field(max_length=MOST_OWN)] = []


@router.get("/mechanism")
def mechanism(request: Request, query: Annotated[MechanismQuery, Query()]) -> MechanismView:
    """Give the network lit by what is given, and the levers over time.

    Parameters
    ----------
    request : Request
        The request.
    query : MechanismQuery
        The controls of the page.

    Returns
    -------
    MechanismView
        Inputs, nodes, edges with their shares and sources, levers.
    """
    uploads = Uploads(request.app.state.settings.folder)
    controls = query.model_dump(exclude={"without", "own", "edge"})
    now = asked(controls, query.without, query.own, query.edge, uploaded=uploads.text_of)
    problems = [
        Problem(None, None, None, field.name, field.problem, (), field.offer or None)
        for field in now.fields.values()
        if field.problem
    ]
    problems += [Problem(None, None, None, "without or own", words) for words in now.unknown]
    if problems:
        raise InputError(problems)
    return view_of(now)
