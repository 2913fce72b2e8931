"""Watches jobs: takes them up, starts their workers, stops them, and notices when a worker is gone."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError

from anagen.studio.jobs.job import CANCELLED, CANCELLING, FAILED, INTERRUPTED
from anagen.studio.jobs.living import is_alive, started_at
from anagen.studio.jobs.removal import remove_files
from anagen.studio.jobs.rows import HERE, Claim, Rows
from anagen.studio.storage.database import Database

ROUND = 1.0
"""Longest time between two looks [s]."""
PATIENCE = 10.0
"""How long a worker may take to stop before it is killed with all its processes [s]."""
SILENCE = 60.0
"""A worker on another machine that has not beaten for so long is gone [s]."""
DAY = 86_400.0
EVENTS_ARE_KEPT, DELETED_IS_KEPT = 7 * DAY, DAY
LOST = "The work was ended from outside, as when the computer is switched off or memory runs out."
log = logging.getLogger("anagen.studio")


@dataclass
class Supervisor:
    """One thread of the server; any number of servers may have one on the same database.

    Attributes
    ----------
    database : Database
        Open and up to date.
    folder : Path
        Of the studio.
    workers : int
        Processes of one job.
    at_once : int
        Jobs that this machine works on at a time.
    may_begin : callable
        Whether a job may be taken up now.
    """

    database: Database
    folder: Path
    workers: int = 1
    at_once: int = 1
    may_begin: Callable[[], bool] = lambda: True
    _rows: Rows = field(init=False)
    _thread: threading.Thread | None = field(init=False, default=None)
    _wake: threading.Event = field(init=False, default_factory=threading.Event)
    _over: threading.Event = field(init=False, default_factory=threading.Event)
    _children: dict[Claim, subprocess.Popen[bytes]] = field(init=False, default_factory=dict)
    _asked: set[Claim] = field(init=False, default_factory=set)
    _tidied: float = field(init=False, default=0.0)

    def __post_init__(self) -> None:
        """Prepare the rows."""
        self._rows = Rows(self.database)

    def start(self) -> None:
        """Begin to watch."""
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def nudge(self) -> None:
        """Look now: something may have changed."""
        self._wake.set()

    def close(self) -> None:
        """End watching. Workers go on; the next supervisor finds them by their rows."""
        self._over.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def round(self) -> None:
        """Look once: at what has ended, what is to be stopped, and what can be taken up."""
        self._look_at_work()
        while self.may_begin():
            claim = self._rows.claim(os.getpid(), started_at(os.getpid()), self.at_once)
            if claim is None:
                break
            self._start_worker(claim)
        if time.monotonic() - self._tidied > DAY / 24 or not self._tidied:
            self._tidied = time.monotonic()
            self._tidy_up()

    def _watch(self) -> None:
        while not self._over.is_set():
            self._wake.clear()
            try:
                self.round()
            except (SQLAlchemyError, OSError) as error:
                # the database may be busy or away for a while; what it holds is looked at again in the next round
                log.error("the queue of jobs could not be looked at: %s", error)
            self._wake.wait(ROUND)

    def _look_at_work(self) -> None:
        for claim, child in list(self._children.items()):
            if (code := child.poll()) is not None:
                del self._children[claim]
                if code > 0:
                    words = f"The worker process ended with code {code}; its log tells more."
                    self._rows.end(claim, FAILED, words)
        for row in self._rows.working():
            claim = Claim(row.id, row.attempt)
            if self._is_gone(row):
                state = CANCELLED if row.state == CANCELLING else INTERRUPTED
                if self._rows.end(claim, state, None if state == CANCELLED else LOST):
                    self._asked.discard(claim)
            elif row.state == CANCELLING and row.host == HERE and row.pid > 0:
                self._stop(claim, row)

    @staticmethod
    def _is_gone(row: Row[Any]) -> bool:
        if row.host == HERE:
            return row.pid is None or not is_alive(abs(row.pid), row.pid_started)
        return time.time() - (row.beat or 0.0) > SILENCE

    def _stop(self, claim: Claim, row: Row[Any]) -> None:
        """Ask a worker to stop as Ctrl-C does, once; end it and all its processes where it takes too long."""
        with suppress(ProcessLookupError):
            if time.time() - (row.stop_asked or 0.0) > PATIENCE:
                os.killpg(row.pid, signal.SIGKILL)
            elif claim not in self._asked:
                self._asked.add(claim)
                os.kill(row.pid, signal.SIGINT)

    def _start_worker(self, claim: Claim) -> None:
        logs = self.folder / "logs"
        logs.mkdir(parents=True, exist_ok=True)
        # what may hold a password is handed over where no other process sees it
        given = {"database": self.database.address, "folder": str(self.folder), "workers": self.workers}
        command = [sys.executable, "-m", "anagen.studio.jobs.worker", claim.id, str(claim.attempt)]
        try:
            with (logs / f"{claim.id}.log").open("ab") as output:
                child = subprocess.Popen(
                    command, stdin=subprocess.PIPE, stdout=output, stderr=output, start_new_session=True
                )
        except OSError as error:
            self._rows.end(claim, FAILED, f"The worker process could not be started: {error.strerror}.")
            return
        self._children[claim] = child
        self._rows.hand_over(claim, child.pid, started_at(child.pid))
        assert child.stdin is not None
        with suppress(BrokenPipeError), child.stdin:
            child.stdin.write(json.dumps(given).encode())

    def _tidy_up(self) -> None:
        now = time.time()
        self._rows.forget_events(now - EVENTS_ARE_KEPT)
        for row in self._rows.deleted_before(now - DELETED_IS_KEPT):
            remove_files(self.folder, row.folder)
            self._rows.remove(row.id)
