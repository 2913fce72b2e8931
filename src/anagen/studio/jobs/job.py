"""A job: what is done, how far it is, where its result goes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Row

QUEUED, RUNNING, CANCELLING = "queued", "running", "cancelling"
DONE, FAILED, CANCELLED, INTERRUPTED = "done", "failed", "cancelled", "interrupted"
ACTIVE = (QUEUED, RUNNING, CANCELLING)
WORKING = (RUNNING, CANCELLING)
ENDED = (DONE, FAILED, CANCELLED, INTERRUPTED)
STATES = (*ACTIVE, *ENDED)


@dataclass(frozen=True)
class Job:
    """A job as it stands in the database.

    Attributes
    ----------
    id : str
        Its identifier, which is also the name of its result folder.
    kind : str
        Name of its kind.
    title : str
        In the words of who started it.
    spec : dict
        What is asked for, as its kind takes it.
    state : str
        "queued", "running", "cancelling", "done", "failed", "cancelled" or "interrupted".
    stage : str
        What is being done, in a few words.
    done : float
        Finished parts; a part that is half done counts half.
    total : float
        All parts; 0 before they are known.
    seconds_left : float or None
        How much longer the parts take at the pace so far [s].
    error : str or None
        Why it failed, in a sentence.
    folder : Path
        Result folder; there once the job is done.
    log : Path
        What the worker process printed.
    created : datetime
        When it was asked for.
    started : datetime or None
        When work on it began last.
    finished : datetime or None
        When that ended.
    owner : str or None
        Whose it is; None where the studio has no users.
    deleted : datetime or None
        When it was deleted; it can be had back for a time.
    attempt : int
        How often work on it began.
    shared : bool
        Whether other users may look at it.
    """

    id: str
    kind: str
    title: str
    spec: dict[str, Any]
    state: str
    stage: str
    done: float
    total: float
    seconds_left: float | None
    error: str | None
    folder: Path
    log: Path
    created: datetime
    started: datetime | None
    finished: datetime | None
    owner: str | None
    deleted: datetime | None
    attempt: int
    shared: bool

    @property
    def is_active(self) -> bool:
        """Whether it waits, runs or is being stopped."""
        return self.state in ACTIVE

    @property
    def can_go_on(self) -> bool:
        """Whether it ended without a result, so that work on it can begin again."""
        return self.state in (FAILED, CANCELLED, INTERRUPTED)

    @property
    def seconds(self) -> float:
        """How long work on it took, or has taken until now [s]; 0 before it began."""
        if self.started is None:
            return 0.0
        return ((self.finished or datetime.now(UTC)) - self.started).total_seconds()


def job_of(row: Row[Any], folder: Path) -> Job:
    """A job from its row.

    Parameters
    ----------
    row : Row
        Of the table of jobs.
    folder : Path
        Of the studio.

    Returns
    -------
    Job
        The job.
    """
    return Job(
        id=row.id,
        kind=row.kind,
        title=row.title,
        spec=json.loads(row.spec),
        state=row.state,
        stage=row.stage,
        done=row.done,
        total=row.total,
        seconds_left=row.seconds_left if row.state == RUNNING else None,
        error=row.error,
        folder=folder / "runs" / row.folder,
        log=folder / "logs" / f"{row.folder}.log",
        created=datetime.fromtimestamp(row.created, UTC),
        started=_time(row.started),
        finished=_time(row.finished),
        owner=row.owner,
        deleted=_time(row.deleted),
        attempt=row.attempt,
        shared=row.shared is not None,
    )


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
