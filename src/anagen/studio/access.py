"""Whose a thing is: pages show a user's own runs only, and say of others that there are none."""

from __future__ import annotations

from fastapi import Request
from starlette.exceptions import HTTPException

from anagen.studio.jobs.job import Job
from anagen.studio.jobs.queue import Jobs


def seen_job(request: Request, id: str) -> Job:
    """A job that the user who asks may look at: an own one, or one that was shared.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the job.

    Returns
    -------
    Job
        As it stands now.

    Raises
    ------
    HTTPException
        404 where there is none, or it is somebody else's and not shared.
    """
    return _job(request, id, shared=True)


def own_job(request: Request, id: str) -> Job:
    """A job of the user who asks, who may do with it what there is to do.

    Parameters
    ----------
    request : Request
        The request.
    id : str
        Identifier of the job.

    Returns
    -------
    Job
        As it stands now.

    Raises
    ------
    HTTPException
        404 where there is none, or it is somebody else's.
    """
    return _job(request, id, shared=False)


def _job(request: Request, id: str, *, shared: bool) -> Job:
    jobs: Jobs = request.app.state.jobs
    try:
        job = jobs.get(id)
    except KeyError:
        job = None
    if job is None or (job.owner != user_of(request) and not (shared and job.shared and job.deleted is None)):
        raise HTTPException(404, "There is no run of that name.")
    return job


def user_of(request: Request) -> str | None:
    """Name of the user who asks.

    Parameters
    ----------
    request : Request
        The request.

    Returns
    -------
    str or None
        None where the studio has no users.
    """
    return getattr(request.state, "user", None)
