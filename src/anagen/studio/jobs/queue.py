"""What pages do with jobs: start, look at, stop, go on, delete, have back."""

from __future__ import annotations

import json
import math
import secrets
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select

from anagen.core.errors import AnagenError, InputError, Problem
from anagen.core.provenance import sha256_of_json
from anagen.studio.jobs.job import (
    CANCELLED,
    CANCELLING,
    ENDED,
    FAILED,
    INTERRUPTED,
    QUEUED,
    RUNNING,
    STATES,
    Job,
    job_of,
)
from anagen.studio.jobs.rows import Rows
from anagen.studio.kinds import kind_of
from anagen.studio.storage.database import Database
from anagen.studio.storage.tables import jobs
from anagen.studio.storage.words import is_identifier, line
from anagen.studio.times import lasting

MOST_WAITING = 20
SECONDS_UNTIL_ROOM = 30
DEEPEST = 64
"""Most levels of lists and keys within one another; a study file has ten."""


class TooManyJobs(AnagenError):
    """So many jobs wait already that no further one is taken.

    Attributes
    ----------
    seconds : int
        When to try again [s].
    """

    def __init__(self, waiting: int) -> None:
        self.seconds = SECONDS_UNTIL_ROOM
        super().__init__(f"{waiting} runs wait already; start this one when some of them are done, or delete some")


class Jobs:
    """The jobs of a studio, as `request.app.state.jobs`.

    Parameters
    ----------
    database : Database
        Open and up to date.
    folder : Path
        Of the studio.
    most_waiting : int
        How many jobs may wait.
    longest : float
        Longest job that is taken, by its estimate [s].
    nudge : callable
        Called when there may be something to do, so that nobody waits for the supervisor's next round.
    """

    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        most_waiting: int = MOST_WAITING,
        longest: float = math.inf,
        nudge: Callable[[], object] = lambda: None,
    ) -> None:
        self.rows = Rows(database)
        self.database = database
        self.folder = folder
        self.most_waiting = most_waiting
        self.longest = longest
        self.nudge = nudge

    def start(self, kind: str, spec: dict[str, Any], *, title: str, owner: str | None = None) -> str:
        """Check what is asked for and put it into the queue.

        Parameters
        ----------
        kind : str
            Name of its kind.
        spec : dict
            What is asked for, as JSON holds it.
        title : str
            For the history, in words.
        owner : str or None
            Name of the user, `request.state.user`.

        Returns
        -------
        str
            Identifier of the job; its page is /runs/IDENTIFIER.

        Raises
        ------
        InputError
            Where it cannot be done.
        TooManyJobs
            Where too many wait; pages answer 429 to that by themselves.
        """
        waiting = self.rows.waiting()
        if waiting >= self.most_waiting:
            raise TooManyJobs(waiting)
        checked_seconds(kind, spec, self.longest)
        chosen = kind_of(kind)
        id = secrets.token_hex(8)
        self.rows.add(
            id=id,
            kind=chosen.name,
            title=line(title) or chosen.title,
            spec=json.dumps(spec),
            spec_sha256=sha256_of_json(spec),
            state=QUEUED,
            stage="",
            done=0.0,
            total=0.0,
            folder=id,
            attempt=0,
            owner=owner,
            created=time.time(),
        )
        self.nudge()
        return id

    def get(self, id: str) -> Job:
        """A job.

        Parameters
        ----------
        id : str
            Its identifier.

        Returns
        -------
        Job
            As it stands now.

        Raises
        ------
        KeyError
            Where there is none. `access.own_job` answers 404 to that, and to jobs of others.
        """
        if not is_identifier(id):
            raise KeyError(id)
        with self.database.reading() as connection:
            row = connection.execute(select(jobs).where(jobs.c.id == id)).one_or_none()
        if row is None:
            raise KeyError(id)
        return job_of(row, self.folder)

    def list(
        self,
        *,
        owner: str | None = None,
        state: str | None = None,
        kind: str | None = None,
        words: str = "",
        deleted: bool = False,
        most: int = 200,
    ) -> Sequence[Job]:
        """Jobs of a user, the latest first.

        Parameters
        ----------
        owner : str or None
            Name of the user.
        state : str or None
            Only those in this state.
        kind : str or None
            Only those of this kind.
        words : str
            Only those whose title holds this.
        deleted : bool
            Whether to list those that were deleted, in place of the others.
        most : int
            How many at most.

        Returns
        -------
        Sequence of Job
            As they stand now.
        """
        chosen = [jobs.c.owner == owner, jobs.c.deleted.is_not(None) if deleted else jobs.c.deleted.is_(None)]
        if state is not None:
            chosen.append(jobs.c.state == state)
        if kind is not None:
            chosen.append(jobs.c.kind == kind)
        if words:
            chosen.append(jobs.c.title.icontains(line(words), autoescape=True))
        asked = select(jobs).where(*chosen).order_by(jobs.c.created.desc(), jobs.c.id).limit(most)
        with self.database.reading() as connection:
            return [job_of(row, self.folder) for row in connection.execute(asked)]

    def ahead_of(self, job: Job) -> int:
        """How many jobs are done before one that waits.

        Parameters
        ----------
        job : Job
            One that waits.

        Returns
        -------
        int
            Those that wait longer or are worked on.
        """
        waits_longer = (jobs.c.state == QUEUED) & (jobs.c.created < job.created.timestamp())
        earlier = select(jobs.c.id).where(jobs.c.id != job.id, jobs.c.state.in_((RUNNING, CANCELLING)) | waits_longer)
        with self.database.reading() as connection:
            return len(connection.execute(earlier).all())

    def steps(self) -> dict[str, Callable[[str], None]]:
        """What can be done with a job, by the word that addresses have for it.

        Returns
        -------
        dict of str to callable
            Each takes the identifier.
        """
        return {
            "stop": self.stop,
            "go-on": self.go_on,
            "delete": self.delete,
            "undo": self.undo_delete,
            "share": self.share,
            "unshare": self.unshare,
        }

    def stop(self, id: str) -> None:
        """Stop a job; finished parts are kept. Nothing happens to one that has ended.

        Parameters
        ----------
        id : str
            Its identifier.
        """
        now = time.time()
        if not self.rows.change(id, (QUEUED,), state=CANCELLED, finished=now):
            self.rows.change(id, (RUNNING,), state=CANCELLING, stop_asked=now)
        self.nudge()

    def go_on(self, id: str) -> None:
        """Put a job that ended without a result into the queue again; it goes on where it was.

        Parameters
        ----------
        id : str
            Its identifier.

        Raises
        ------
        InputError
            Where it is done, or has not ended.
        TooManyJobs
            Where too many wait.
        """
        waiting = self.rows.waiting()
        if waiting >= self.most_waiting:
            raise TooManyJobs(waiting)
        again = {"state": QUEUED, "stage": "", "error": None, "finished": None, "started": None, "deleted": None}
        # it waits from now on: others that wait were asked for before
        if not self.rows.change(id, (FAILED, CANCELLED, INTERRUPTED), **again):
            raise _refused(id, self.get(id).state, "go on", "only what was stopped or failed can go on")
        self.nudge()

    def delete(self, id: str) -> None:
        """Take a job out of the history; `undo_delete` brings it back as long as its files are there.

        Parameters
        ----------
        id : str
            Its identifier.

        Raises
        ------
        InputError
            Where it runs.
        """
        now = time.time()
        self.rows.change(id, (QUEUED,), state=CANCELLED, finished=now)
        if not self.rows.change(id, ENDED, deleted=now):
            raise _refused(id, self.get(id).state, "be deleted", "stop it first")

    def undo_delete(self, id: str) -> None:
        """Bring back a job that was deleted.

        Parameters
        ----------
        id : str
            Its identifier.
        """
        self.rows.change(id, STATES, deleted=None)

    def share(self, id: str) -> None:
        """Let other users look at a job, who can do nothing with it.

        Parameters
        ----------
        id : str
            Its identifier.
        """
        self.rows.change(id, STATES, shared=time.time())

    def unshare(self, id: str) -> None:
        """Let nobody else look at a job any more.

        Parameters
        ----------
        id : str
            Its identifier.
        """
        self.rows.change(id, STATES, shared=None)


def checked_seconds(kind: str, spec: dict[str, Any], longest: float) -> float | None:
    """How long something takes, once it is sure that it can be done.

    Parameters
    ----------
    kind : str
        Name of its kind.
    spec : dict
        What is asked for.
    longest : float
        Longest job that is taken [s].

    Returns
    -------
    float or None
        By the estimate of its kind [s].

    Raises
    ------
    InputError
        Where it cannot be done, or takes too long.
    """
    chosen = kind_of(kind)
    if _is_deeper(spec, DEEPEST):
        words = f"has more than {DEEPEST} levels of lists and keys within one another"
        raise InputError([Problem(None, None, None, "spec", words)])
    try:
        json.dumps(spec, allow_nan=False, ensure_ascii=False).encode()
    except ValueError as error:
        words = f"cannot be kept: {type(error).__name__}; numbers have to be finite, text has to be text"
        raise InputError([Problem(None, None, None, "spec", words)]) from error
    chosen.check(spec)
    seconds = chosen.estimate(spec)
    if seconds is not None and seconds > longest:
        words = f"takes about {lasting(seconds)}, and this studio takes runs of at most {lasting(longest)}"
        raise InputError([Problem(None, None, None, "size", f"{words}; ask for fewer patients, trials or draws")])
    return seconds


def _is_deeper(value: object, most: int) -> bool:
    """Whether lists and keys lie deeper in one another than anything that reads them may go."""
    level: list[object] = [value]
    for _ in range(most + 1):
        inside = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, dict | list)]
        level = [entry for entries in inside for entry in entries]
        if not level:
            return False
    return True


def _refused(id: str, state: str, what: str, hint: str) -> InputError:
    return InputError([Problem(None, None, None, f"run {id}", f"is {state} and cannot {what}; {hint}")])
