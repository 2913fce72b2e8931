"""Runs: the history, and the page of each run with its progress and its result."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup
from starlette.exceptions import HTTPException

from anagen.core.errors import InputError
from anagen.studio import times
from anagen.studio.access import own_job, seen_job, user_of
from anagen.studio.forms.field import CHOICE, TEXT, Choice, Field, read
from anagen.studio.jobs.job import DONE, QUEUED, STATES, Job
from anagen.studio.jobs.queue import Jobs
from anagen.studio.jobs.supervisor import DELETED_IS_KEPT
from anagen.studio.kinds import Kind, kind_of, kinds
from anagen.studio.page import Page, Source, environment, render, show
from anagen.studio.results.effects import Effect, differences, effects_of, picture, reach_of
from anagen.studio.results.files import files_of
from anagen.studio.results.history import history_sheet
from anagen.studio.results.progress import WORDS, Told, told

PAGE = Page("/runs", "Runs", "What was run, what is running, and what came out?", 7)
router = APIRouter(include_in_schema=False)
SOURCES = (
    Source("Primary effect", "one simulated trial", "point and 95 % interval: chance among patients alone"),
    Source("What is not known", "prior or posterior", "the page of a run has bands over parameter draws, and grades"),
    Source("Seconds", "measured", "on this machine, with what else it did"),
)
"""How sure the figures of the history are."""


@router.get(PAGE.path)
def runs(request: Request) -> HTMLResponse:
    """Show the history.

    Parameters
    ----------
    request : Request
        Its query filters: state, kind, words; `deleted` names a run that was just deleted.

    Returns
    -------
    HTMLResponse
        The page.
    """
    fields = read(_filters(), request.query_params)
    chosen = {name: field.value for name, field in fields.items() if field.value and not field.problem}
    found = _found(request, chosen)
    deleted = request.query_params.get("deleted")
    return show(
        request,
        PAGE,
        "runs.html.j2",
        jobs=found,
        listed=_with_effects(found),
        states=WORDS,
        filters=fields.values(),
        filtered=bool(chosen),
        sheet=f"{PAGE.path}/history.csv" + (f"?{urlencode(chosen)}" if chosen else ""),
        sources=SOURCES,
        titles=_Titles(),
        times=times,
        undo=_deleted(request, deleted) if deleted else None,
    )


@router.get("/runs/history.csv")
def history(request: Request) -> Response:
    """Give the history as a table.

    Parameters
    ----------
    request : Request
        Its query filters as that of the page.

    Returns
    -------
    Response
        CSV: a row for each primary effect, and one for a run without.
    """
    fields = read(_filters(), request.query_params)
    found = _found(request, {name: field.value for name, field in fields.items() if not field.problem})
    headers = {"Content-Disposition": 'attachment; filename="anagen-runs.csv"'}
    return Response(history_sheet(found), media_type="text/csv", headers=headers)


@router.post("/runs/demo")
def demo(request: Request) -> RedirectResponse:
    """Run the shipped study of exosomes against saline.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    RedirectResponse
        To the page of the run.
    """
    from anagen.study.shipped import DEMO

    jobs: Jobs = request.app.state.jobs
    id = jobs.start("run", {"study": DEMO}, title="Exosomes against saline", owner=user_of(request))
    return RedirectResponse(f"/runs/{id}", 303)


@router.get("/runs/compare")
def compare(request: Request) -> HTMLResponse:
    """Show two runs side by side.

    Parameters
    ----------
    request : Request
        Its query names them: `run` twice.

    Returns
    -------
    HTMLResponse
        The page; the first two count where more are named.
    """
    chosen = [seen_job(request, id) for id in request.query_params.getlist("run")[:2]]
    return show(
        request,
        PAGE,
        "runs_compared.html.j2",
        title="Two runs side by side",
        jobs=chosen,
        listed=_with_effects(chosen, together=True),
        titles=_Titles(),
        times=times,
        different=differences(*chosen) if len(chosen) == 2 else [],
    )


@router.get("/runs/{id}")
def run(request: Request, id: str) -> HTMLResponse:
    """Show a run: its progress, its result, or why there is none.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.

    Returns
    -------
    HTMLResponse
        The page.
    """
    job = seen_job(request, id)
    kind = kind_of(job.kind)
    return show(
        request,
        PAGE,
        "run.html.j2",
        title=job.title,
        job=job,
        kind=kind,
        mine=job.owner == user_of(request),
        told=_told(request, job),
        times=times,
        until=(job.deleted or job.created) + timedelta(seconds=DELETED_IS_KEPT),
        asked=json.dumps(job.spec, indent=2, ensure_ascii=False),
        downloads=_downloads(job),
        result=_result(request, job, kind),
    )


@router.get("/runs/{id}/progress", response_model=None)
def progress(request: Request, id: str, after: int = 0) -> Response | Told:
    """Tell how far a run is.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.
    after : int
        Number of the last event that is known.

    Returns
    -------
    Response or Told
        204 where nothing has changed since then.
    """
    job = seen_job(request, id)
    now = _told(request, job)
    if now.seq <= after and job.is_active:
        return Response(status_code=204)
    return Response(now.model_dump_json(), media_type="application/json")


@router.post("/runs/{id}/{what}")
def change(request: Request, id: str, what: str) -> RedirectResponse:
    """Stop a run, go on with it, delete it, have it back, share it or not.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.
    what : str
        "stop", "go-on", "delete", "undo", "share" or "unshare".

    Returns
    -------
    RedirectResponse
        To the page of the run; of a deleted one to the history, which offers to undo.
    """
    jobs: Jobs = request.app.state.jobs
    steps = jobs.steps()
    if what not in steps:
        raise HTTPException(404, "There is no such command.")
    own_job(request, id)
    steps[what](id)
    return RedirectResponse(f"/runs?deleted={id}" if what == "delete" else f"/runs/{id}", 303)


def _told(request: Request, job: Job) -> Told:
    jobs: Jobs = request.app.state.jobs
    ahead = jobs.ahead_of(job) if job.state == QUEUED else 0
    seconds = _estimated(job.kind, json.dumps(job.spec)) if job.is_active and not job.done else None
    return told(job, jobs.rows.last_event(job.id), ahead, seconds)


@lru_cache(maxsize=200)
def _estimated(kind: str, spec: str) -> float | None:
    """How long it takes by its estimate, worked out once."""
    return kind_of(kind).estimate(json.loads(spec))


def _result(request: Request, job: Job, kind: Kind) -> Markup:
    """The result by the template of its kind, that is HTML of ours; or why it cannot be shown, beside *Delete*."""
    if job.state != DONE or job.deleted:
        return Markup("")
    try:
        view = kind.view(job)
    except InputError as error:
        words = [(problem.text(), "") for problem in error.problems]
        return environment().globals["parts"].problems(words, "This result cannot be shown")
    shown = {"request": request, "job": job, "times": times, "files": files_of(job), **view}
    return Markup(render(kind.template, **shown))


def _downloads(job: Job) -> list[tuple[str, str]]:
    if job.state != DONE:
        return []
    whole = ("Everything (.zip)", f"/runs/{job.id}/folder.zip")
    return [whole, *((name, f"/runs/{job.id}/files/{name}") for name in files_of(job) if "/" not in name)]


def _with_effects(jobs: Sequence[Job], *, together: bool = False) -> list[tuple[Job, Sequence[Effect], Markup]]:
    """Jobs with their effects and a picture of them, on one scale where all are of one quantity and stand together."""
    found = [(job, effects_of(job)) for job in jobs]
    all_of_them = [effect for _, effects in found for effect in effects]
    comparable = together and len({effect.quantity for effect in all_of_them}) == 1
    reach = reach_of(all_of_them) if comparable else None
    return [(job, effects, picture(effects, reach)) for job, effects in found]


def _deleted(request: Request, id: str) -> Job | None:
    try:
        job = own_job(request, id)
    except HTTPException:
        return None
    return job if job.deleted else None


def _found(request: Request, chosen: Mapping[str, str]) -> Sequence[Job]:
    """Runs of whoever asks that pass the filters, the latest first."""
    jobs: Jobs = request.app.state.jobs
    return jobs.list(
        owner=user_of(request),
        state=chosen.get("state") or None,
        kind=chosen.get("kind") or None,
        words=chosen.get("words", ""),
    )


def _filters() -> list[Field]:
    states = (Choice("", "any"), *(Choice(state, WORDS[state]) for state in STATES))
    known = (Choice("", "any"), *(Choice(kind.name, kind.title) for kind in kinds().values()))
    return [
        Field("state", "State", CHOICE, choices=states, required=False),
        Field("kind", "Kind", CHOICE, choices=known, required=False),
        Field("words", "Words in the title", TEXT, required=False),
    ]


class _Titles(dict[str, Any]):
    """Title of a kind; the name itself of one that this version does not know."""

    def __missing__(self, name: str) -> str:
        return kinds()[name].title if name in kinds() else name
