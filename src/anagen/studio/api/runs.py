"""Runs for programs: start, look at, stop, go on, delete, have back, fetch files."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse

from anagen.studio.access import own_job, seen_job, user_of
from anagen.studio.answers import API, REFUSED
from anagen.studio.api.run_documents import Asked, Estimate, EventDocument, KindDocument, RunDocument, document
from anagen.studio.jobs.job import STATES
from anagen.studio.jobs.queue import Jobs, checked_seconds
from anagen.studio.kinds import kinds
from anagen.studio.results.files import SAFE_POLICY, file_of
from anagen.studio.storage.words import LONGEST

router = APIRouter(prefix=API, tags=["runs"], responses=REFUSED)
Id = Annotated[str, Path(description="Identifier of the run.", pattern="^[0-9a-f]{16}$")]
State = Annotated[str | None, Query(description="Only those in this state.", pattern=f"^({'|'.join(STATES)})$")]
Step = Annotated[Literal["stop", "go-on", "undo", "share", "unshare"], Path(description="What is done.")]
MOST_EVENTS = 2**62


@router.get("/kinds")
def list_kinds() -> list[KindDocument]:
    """List the kinds of long work.

    Returns
    -------
    list of KindDocument
        In alphabetical order.
    """
    return [KindDocument(name=kind.name, title=kind.title) for kind in kinds().values()]


@router.post("/estimate")
def estimate(request: Request, asked: Asked) -> Estimate:
    """Check what would be asked for, and tell how long it takes; nothing is started.

    Parameters
    ----------
    request : Request
        The request.
    asked : Asked
        As for a run.

    Returns
    -------
    Estimate
        On one core.
    """
    return Estimate(seconds=checked_seconds(asked.kind, asked.spec, request.app.state.settings.longest_job))


@router.get("/runs")
def list_runs(
    request: Request,
    state: State = None,
    kind: Annotated[str | None, Query(max_length=40, pattern="^[a-z0-9_-]+$")] = None,
    words: Annotated[str, Query(max_length=LONGEST)] = "",
    most: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[RunDocument]:
    """List runs, the latest first.

    Parameters
    ----------
    request : Request
        The request.
    state : str or None
        Only those in this state.
    kind : str or None
        Only those of this kind.
    words : str
        Only those whose title holds this.
    most : int
        How many at most.

    Returns
    -------
    list of RunDocument
        Own runs.
    """
    jobs: Jobs = request.app.state.jobs
    found = jobs.list(owner=user_of(request), state=state, kind=kind, words=words, most=most)
    return [document(job) for job in found]


@router.post("/runs", status_code=201)
def start(request: Request, asked: Asked) -> RunDocument:
    """Start a run.

    Parameters
    ----------
    request : Request
        The request.
    asked : Asked
        What is asked for.

    Returns
    -------
    RunDocument
        Waiting.
    """
    jobs: Jobs = request.app.state.jobs
    return document(jobs.get(jobs.start(asked.kind, asked.spec, title=asked.title, owner=user_of(request))))


@router.get("/runs/{id}")
def show_run(request: Request, id: Id) -> RunDocument:
    """Tell how a run stands.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Its identifier.

    Returns
    -------
    RunDocument
        As it stands now.
    """
    return document(seen_job(request, id))


@router.delete("/runs/{id}")
def delete_run(request: Request, id: Id) -> RunDocument:
    """Delete a run that does not run; for a day it can be had back.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Its identifier.

    Returns
    -------
    RunDocument
        As it stands now.
    """
    return _after(request, id, "delete")


@router.post("/runs/{id}/{step}")
def change_run(request: Request, id: Id, step: Step) -> RunDocument:
    """Stop a run, go on with it, have a deleted one back, share it with other users or not.

    What is finished of a stopped run is kept; one that was stopped, interrupted or failed can go on.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Its identifier.
    step : str
        "stop", "go-on", "undo", "share" or "unshare".

    Returns
    -------
    RunDocument
        As it stands now.
    """
    return _after(request, id, step)


@router.get("/runs/{id}/events")
def events(request: Request, id: Id, after: Annotated[int, Query(ge=0, le=MOST_EVENTS)] = 0) -> list[EventDocument]:
    """List steps of a run.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Its identifier.
    after : int
        Number of the last one that is known.

    Returns
    -------
    list of EventDocument
        At most 100; none of a run that ended more than a week ago.
    """
    job, jobs = seen_job(request, id), request.app.state.jobs
    return [EventDocument(seq=seq, at=at, body=body) for seq, at, body in jobs.rows.events_after(job.id, after)]


@router.get("/runs/{id}/files/{name:path}", response_class=FileResponse)
def fetch_file(request: Request, id: Id, name: Annotated[str, Path(max_length=500)]) -> FileResponse:
    """Fetch a file of the result.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the run.
    name : str
        One of the run's `files`.

    Returns
    -------
    FileResponse
        Its bytes.
    """
    return FileResponse(file_of(seen_job(request, id), name), headers={"Content-Security-Policy": SAFE_POLICY})


def _after(request: Request, id: str, step: str) -> RunDocument:
    jobs: Jobs = request.app.state.jobs
    jobs.steps()[step](own_job(request, id).id)
    return document(own_job(request, id))
