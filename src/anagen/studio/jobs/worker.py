"""The process that does a job: `python -m anagen.studio.jobs.worker ID ATTEMPT`, started by the supervisor.

It reads from its standard input where the database and the folder are, does what the job's kind does, beats while it
does, and notes how it ended. It stops as Ctrl-C stops a command: what is finished is kept, and the next attempt goes on
there.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from anagen.core.errors import AnagenError, InputError
from anagen.core.interruption import STOPPING, handle
from anagen.core.within import heard_by
from anagen.studio.jobs.job import CANCELLED, CANCELLING, DONE, FAILED, INTERRUPTED, Job
from anagen.studio.jobs.living import started_at
from anagen.studio.jobs.queue import Jobs
from anagen.studio.jobs.reporter import Heard, Reporter
from anagen.studio.jobs.rows import Claim, Rows
from anagen.studio.storage.database import Database

BEAT, LOOK = 2.0, 0.25
"""Longest time between two beats, and how often what was told is looked at [s]."""
PATIENCE = 5.0
"""The supervisor stops a worker; where none is there, the worker notices after so long by itself [s]."""
NICENESS = 5
"""Work gives way to pages."""
SECONDS_TO_NOTE = 60.0
"""How long the database may be away when the work has ended."""
log = logging.getLogger("anagen.studio.worker")


def main() -> int:
    """Do the job that the command line names.

    Returns
    -------
    int
        Exit code: 0 where its end was noted.
    """
    # a server that a shell started in the background is deaf to Ctrl-C, and would hand that down
    for number in STOPPING:
        signal.signal(number, signal.default_int_handler)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", stream=sys.stderr)
    given = json.loads(sys.stdin.read() or "null")
    if given is None:  # the server ended before it could tell; the next one takes the job up again
        return 1
    os.nice(NICENESS)
    claim = Claim(sys.argv[1], int(sys.argv[2]))
    database = Database(given["database"])
    rows = Rows(database)
    if not rows.hand_over(claim, os.getpid(), started_at(os.getpid())):
        log.info("job %s was taken up by another process; nothing is left to do", claim.id)
        return 0
    job = Jobs(database, Path(given["folder"])).get(claim.id)
    reporter, over = Reporter(given["workers"]), threading.Event()
    beating = threading.Thread(target=_beat, args=(rows, claim, reporter, over), daemon=True)
    beating.start()
    log.info("begins with %r, attempt %d", job.title, job.attempt)
    state, error = _done(job, reporter)
    handle(signal.SIG_IGN)
    over.set()
    beating.join()
    log.info("%s%s", state, f": {error}" if error else "")
    return 0 if _noted(rows, claim, state, error) else 1


def _done(job: Job, reporter: Reporter) -> tuple[str, str | None]:
    """How the work ended: a state, and why in a sentence."""
    # a folder is written whole or not at all; one that is there was finished by an attempt that could not note it
    from anagen.results.manifest import is_result_folder
    from anagen.runs.folders import RunInterrupted
    from anagen.studio.kinds import kind_of

    error: str | None = None
    state = DONE
    try:
        if not is_result_folder(job.folder):
            job.folder.parent.mkdir(parents=True, exist_ok=True)
            with heard_by(reporter.within):
                kind_of(job.kind).work(job.spec, job.folder, reporter)
    except (KeyboardInterrupt, RunInterrupted):
        state = INTERRUPTED
    except (AnagenError, OSError, MemoryError) as failure:
        state, error = FAILED, _sentence(failure)
        traceback.print_exc()
    except Exception as failure:
        state, error = FAILED, f"Anagen made a mistake ({type(failure).__name__}); the log tells more."
        traceback.print_exc()
    if is_result_folder(job.folder):
        return DONE, None
    return (FAILED, "The work left no result folder.") if state == DONE else (state, error)


def _sentence(failure: BaseException) -> str:
    if isinstance(failure, InputError):
        return "\n".join(problem.text() for problem in failure.problems)
    return str(failure) or "Memory ran out."


def _beat(rows: Rows, claim: Claim, reporter: Reporter, over: threading.Event) -> None:
    """Carry what is told into the database, and end the work where nobody wants it any more."""
    told, last, stopping = Heard(), 0.0, 0.0
    while not over.wait(LOOK):
        heard, now = reporter.heard, time.monotonic()
        if heard == told and now - last < BEAT:
            continue
        try:
            state = rows.beat(claim, None if heard == told else heard)
        except (SQLAlchemyError, OSError) as error:
            log.warning("the database does not answer: %s", error)
            last = now
            continue
        told, last = heard, now
        if state is None:
            log.warning("the job is no longer this process's; it ends")
            os.kill(os.getpid(), signal.SIGINT)
            return
        stopping = (stopping or now) if state == CANCELLING else 0.0
        if stopping and now - stopping > PATIENCE:
            os.kill(os.getpid(), signal.SIGINT)
            return


def _noted(rows: Rows, claim: Claim, state: str, error: str | None) -> bool:
    until = time.monotonic() + SECONDS_TO_NOTE
    while True:
        try:
            if state == INTERRUPTED and rows.is_stopping(claim):
                state = CANCELLED
            return rows.end(claim, state, error)
        except (SQLAlchemyError, OSError) as failure:
            log.warning("the end could not be noted: %s", failure)
            if time.monotonic() > until:
                return False
            time.sleep(1.0)


if __name__ == "__main__":
    sys.exit(main())
