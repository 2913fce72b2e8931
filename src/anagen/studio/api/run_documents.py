"""Runs as programs give and get them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from anagen.studio.jobs.job import Job
from anagen.studio.results.files import files_of
from anagen.studio.storage.words import LONGEST


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
