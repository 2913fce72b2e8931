"""Runs for programs: start, look at, stop, go on, delete, have back, fetch files."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field

from anagen.studio.access import own_job, seen_job, user_of
from anagen.studio.answers import API, Refusal
from anagen.studio.jobs.job import STATES, Job
from anagen.studio.jobs.queue import Jobs, checked_seconds
from anagen.studio.kinds import kinds
from anagen.studio.results.files import SAFE_POLICY, file_of, files_of
from anagen.studio.storage.words import LONGEST

REFUSED: dict[int | str, dict[str, Any]] = {
    401: {"model": Refusal, "description": "Nobody who is known."},
    404: {"model": Refusal, "description": "There is none, or it is somebody else's."},
    422: {"model": Refusal, "description": "What was sent cannot be used: every problem."},
    429: {"model": Refusal, "description": "Too many at once; Retry-After tells when."},
    503: {"model": Refusal, "description": "The database does not answer, or the disk is full; nothing was saved."},
}
router = APIRouter(prefix=API, tags=["runs"], responses=REFUSED)
Id = Annotated[str, Path(description="Identifier of the run.", pattern="^[0-9a-f]{16}$")]
State = Annotated[str | None, Query(description="Only those in this state.", pattern=f"^({'|'.join(STATES)})$")]
MOST_EVENTS = 2**62


class KindDocument(BaseModel):
    """A kind of long work.

    Attributes
    ----------
    name : str
        For `kind` of a run.
    title : str
        What people call it.
    """

    name: str
    title: str


class Asked(BaseModel):
    """What is asked for.

    Attributes
    ----------
    kind : str
        Name of its kind.
    spec : dict
        As the kind takes it.
    title : str
        For the history.
    """

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=40, examples=["run"])
    spec: dict[str, Any] = Field(examples=[{"study": "exosome-vs-saline", "patients": 20}])
    title: str = Field("", max_length=LONGEST)


class Estimate(BaseModel):
    """How long something takes.

    Attributes
    ----------
    seconds : float or None
        On one core of this machine; None where it is not known.
    """

    seconds: float | None


class RunDocument(BaseModel):
    """A run.

    Attributes
    ----------
    id : str
        Its identifier.
    kind : str
        Name of its kind.
    title : str
        For the history.
    state : str
        "queued", "running", "cancelling", "done", "failed", "cancelled" or "interrupted".
    stage : str
        What is being done.
    done : float
        Finished parts.
    total : float
        All parts; 0 where they are not known.
    seconds : float
        How long it has taken [s].
    seconds_left : float or None
        How much longer the parts take [s].
    error : str or None
        Why it failed.
    created : datetime
        When it was asked for.
    started : datetime or None
        When work on it began last.
    finished : datetime or None
        When that ended.
    deleted : datetime or None
        When it was deleted.
    shared : bool
        Whether other users may look at it.
    spec : dict
        What was asked for.
    files : tuple of str
        Files of its result.
    """

    id: str
    kind: str
    title: str
    state: str
    stage: str
    done: float
    total: float
    seconds: float
    seconds_left: float | None
    error: str | None
    created: datetime
    started: datetime | None
    finished: datetime | None
    deleted: datetime | None
    shared: bool
    spec: dict[str, Any]
    files: tuple[str, ...]


class EventDocument(BaseModel):
    """A step of a run.

    Attributes
    ----------
    seq : int
        Its number.
    at : float
        When it was [s since 1970].
    body : dict
        What was told: a new state, or stage, done, total and seconds_left.
    """

    seq: int
    at: float
    body: dict[str, Any]


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
    return _after(request, id, request.app.state.jobs.delete)


@router.post("/runs/{id}/undo")
def undo_delete(request: Request, id: Id) -> RunDocument:
    """Have a deleted run back.

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
    return _after(request, id, request.app.state.jobs.undo_delete)


@router.post("/runs/{id}/stop")
def stop(request: Request, id: Id) -> RunDocument:
    """Stop a run; what is finished is kept.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Its identifier.

    Returns
    -------
    RunDocument
        Being stopped.
    """
    return _after(request, id, request.app.state.jobs.stop)


@router.post("/runs/{id}/go-on")
def go_on(request: Request, id: Id) -> RunDocument:
    """Go on with a run that was stopped, interrupted or failed.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Its identifier.

    Returns
    -------
    RunDocument
        Waiting.
    """
    return _after(request, id, request.app.state.jobs.go_on)


@router.post("/runs/{id}/share")
def share(request: Request, id: Id) -> RunDocument:
    """Let other users look at a run.

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
    return _after(request, id, request.app.state.jobs.share)


@router.post("/runs/{id}/unshare")
def unshare(request: Request, id: Id) -> RunDocument:
    """Let nobody else look at a run any more.

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
    return _after(request, id, request.app.state.jobs.unshare)


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


def document(job: Job) -> RunDocument:
    """A job as programs get it.

    Parameters
    ----------
    job : Job
        The job.

    Returns
    -------
    RunDocument
        Its document.
    """
    plain = {name: getattr(job, name) for name in RunDocument.model_fields if name != "files"}
    return RunDocument(**plain, files=files_of(job))


def _after(request: Request, id: str, step: Any) -> RunDocument:
    step(own_job(request, id).id)
    return document(own_job(request, id))
