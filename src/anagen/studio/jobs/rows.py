"""The rows of jobs: each step from one state to the next is one short transaction that asks what the state was."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from anagen.studio.jobs.job import CANCELLING, QUEUED, RUNNING, WORKING
from anagen.studio.jobs.reporter import Heard
from anagen.studio.storage.database import Database
from anagen.studio.storage.tables import events, jobs
from anagen.studio.storage.words import line

HERE = socket.gethostname()[:200]


@dataclass(frozen=True)
class Claim:
    """A job that was taken up: no other server or worker has this number of this job.

    Attributes
    ----------
    id : str
        The job.
    attempt : int
        How often it was taken up.
    """

    id: str
    attempt: int


class Rows:
    """Rows of jobs and their events.

    Parameters
    ----------
    database : Database
        Where they are.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(self, pid: int, pid_started: str | None, at_once: int) -> Claim | None:
        """Take up the job that has waited longest, unless this machine works on enough of them.

        Parameters
        ----------
        pid : int
            Process that takes it up.
        pid_started : str or None
            When that started.
        at_once : int
            Most jobs that this machine works on.

        Returns
        -------
        Claim or None
            None where there is nothing to take up. Two servers never get the same job.
        """
        with self.database.writing(alone=True) as connection:
            working = select(func.count()).where(jobs.c.state.in_(WORKING), jobs.c.host == HERE)
            if connection.execute(working).scalar_one() >= at_once:
                return None
            waiting = select(jobs.c.id, jobs.c.attempt).where(jobs.c.state == QUEUED)
            found = connection.execute(waiting.order_by(jobs.c.created, jobs.c.id).limit(1)).one_or_none()
            if found is None:
                return None
            taken = Claim(found.id, found.attempt + 1)
            now = time.time()
            connection.execute(
                update(jobs)
                .where(jobs.c.id == taken.id)
                .values(
                    state=RUNNING,
                    stage="starting",
                    done=0.0,
                    total=0.0,
                    seconds_left=None,
                    error=None,
                    host=HERE,
                    # negative until the worker is there: a server is asked whether it lives, and never stopped
                    pid=-pid,
                    pid_started=pid_started,
                    attempt=taken.attempt,
                    beat=now,
                    started=now,
                    stop_asked=None,
                    finished=None,
                )
            )
            tell(connection, taken.id, state=RUNNING)
            return taken

    def hand_over(self, claim: Claim, pid: int, pid_started: str | None) -> bool:
        """Note which process works on a job that was taken up.

        Parameters
        ----------
        claim : Claim
            What was taken up.
        pid : int
            The process.
        pid_started : str or None
            When it started.

        Returns
        -------
        bool
            Whether the job is still that of the claim.
        """
        return self._change(claim, WORKING, pid=pid, pid_started=pid_started, host=HERE, beat=time.time())

    def beat(self, claim: Claim, heard: Heard | None) -> str | None:
        """Say that the worker lives, and how far it is where that has changed.

        Parameters
        ----------
        claim : Claim
            What it works on.
        heard : Heard or None
            How far it is; None where nothing has changed.

        Returns
        -------
        str or None
            State of the job; None where it is no longer the worker's.
        """
        told = {} if heard is None else {**vars(heard), "stage": line(heard.stage)}
        with self.database.writing() as connection:
            mine = (jobs.c.id == claim.id, jobs.c.attempt == claim.attempt, jobs.c.state.in_(WORKING))
            changed = update(jobs).where(*mine).values(beat=time.time(), **told).returning(jobs.c.state)
            state = connection.execute(changed).scalar_one_or_none()
            if state is not None and told:
                tell(connection, claim.id, **told)
            return state

    def end(self, claim: Claim, state: str, error: str | None = None, states: Sequence[str] = WORKING) -> bool:
        """Note how the work on a job ended.

        Parameters
        ----------
        claim : Claim
            What was worked on.
        state : str
            "done", "failed", "cancelled" or "interrupted".
        error : str or None
            Why, in a sentence.
        states : Sequence of str
            States that it may end from.

        Returns
        -------
        bool
            False where somebody else had noted an end, or taken it up anew.
        """
        return self._change(claim, states, state=state, error=error, finished=time.time(), pid=None, pid_started=None)

    def working(self) -> Sequence[Row[Any]]:
        """Rows of jobs that are worked on, on any machine.

        Returns
        -------
        Sequence of Row
            Whole rows.
        """
        with self.database.reading() as connection:
            return connection.execute(select(jobs).where(jobs.c.state.in_(WORKING))).all()

    def waiting(self) -> int:
        """How many jobs wait.

        Returns
        -------
        int
            All of them.
        """
        with self.database.reading() as connection:
            return connection.execute(select(func.count()).where(jobs.c.state == QUEUED)).scalar_one()

    def is_stopping(self, claim: Claim) -> bool:
        """Whether somebody asked to stop a job.

        Parameters
        ----------
        claim : Claim
            What is worked on.

        Returns
        -------
        bool
            Whether it is being stopped.
        """
        asked = select(jobs.c.state).where(jobs.c.id == claim.id, jobs.c.attempt == claim.attempt)
        with self.database.reading() as connection:
            return connection.execute(asked).scalar_one_or_none() == CANCELLING

    def add(self, **row: Any) -> None:
        """Put a job into the queue.

        Parameters
        ----------
        **row : Any
            Its columns.
        """
        with self.database.writing() as connection:
            connection.execute(insert(jobs).values(**row))
            tell(connection, row["id"], state=QUEUED)

    def change(self, id: str, states: Sequence[str], **values: Any) -> bool:
        """Change a row where it is in one of some states.

        Parameters
        ----------
        id : str
            The job.
        states : Sequence of str
            States in which it is changed.
        **values : Any
            New values of columns.

        Returns
        -------
        bool
            Whether it was in one of them.
        """
        with self.database.writing() as connection:
            changed = update(jobs).where(jobs.c.id == id, jobs.c.state.in_(states)).values(**values)
            if connection.execute(changed.returning(jobs.c.id)).scalar_one_or_none() is None:
                return False
            if "state" in values:
                tell(connection, id, state=values["state"])
            return True

    def last_event(self, id: str) -> int:
        """Number of the last event of a job.

        Parameters
        ----------
        id : str
            The job.

        Returns
        -------
        int
            0 where there is none.
        """
        with self.database.reading() as connection:
            return connection.execute(select(func.max(events.c.seq)).where(events.c.job == id)).scalar_one() or 0

    def events_after(self, id: str, after: int, most: int = 100) -> Sequence[tuple[int, float, dict[str, Any]]]:
        """Events of a job after one of them.

        Parameters
        ----------
        id : str
            The job.
        after : int
            Number of that event; 0 for all.
        most : int
            How many at most.

        Returns
        -------
        Sequence of tuple
            Number, time, what was told.
        """
        asked = select(events).where(events.c.job == id, events.c.seq > after).order_by(events.c.seq).limit(most)
        with self.database.reading() as connection:
            return [(row.seq, row.at, json.loads(row.body)) for row in connection.execute(asked)]

    def forget_events(self, before: float) -> None:
        """Remove the events of jobs that were made before a time.

        Parameters
        ----------
        before : float
            Seconds since 1970.
        """
        old = select(jobs.c.id).where(jobs.c.created < before, jobs.c.state.not_in((QUEUED, *WORKING)))
        with self.database.writing() as connection:
            connection.execute(delete(events).where(events.c.job.in_(old)))

    def deleted_before(self, before: float) -> Sequence[Row[Any]]:
        """Rows of jobs that were deleted before a time.

        Parameters
        ----------
        before : float
            Seconds since 1970.

        Returns
        -------
        Sequence of Row
            Whole rows.
        """
        with self.database.reading() as connection:
            return connection.execute(select(jobs).where(jobs.c.deleted < before)).all()

    def remove(self, id: str) -> None:
        """Remove a job and its events for good.

        Parameters
        ----------
        id : str
            The job.
        """
        with self.database.writing() as connection:
            connection.execute(delete(events).where(events.c.job == id))
            connection.execute(delete(jobs).where(jobs.c.id == id))

    def _change(self, claim: Claim, states: Sequence[str], **values: Any) -> bool:
        mine = (jobs.c.id == claim.id, jobs.c.attempt == claim.attempt, jobs.c.state.in_(states))
        with self.database.writing() as connection:
            changed = connection.execute(update(jobs).where(*mine).values(**values).returning(jobs.c.id))
            if changed.scalar_one_or_none() is None:
                return False
            if "state" in values:
                tell(connection, claim.id, state=values["state"])
            return True


def tell(connection: Connection, id: str, **body: Any) -> None:
    """Write an event of a job.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    id : str
        The job.
    **body : Any
        What is told.
    """
    connection.execute(insert(events).values(job=id, at=time.time(), body=json.dumps(body)))
