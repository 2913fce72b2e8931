"""How far a run is, in numbers and in words."""

from __future__ import annotations

from pydantic import BaseModel

from anagen.studio.jobs.job import (
    CANCELLED,
    CANCELLING,
    DONE,
    FAILED,
    INTERRUPTED,
    QUEUED,
    RUNNING,
    Job,
)
from anagen.studio.times import lasting

WORDS = {
    QUEUED: "Waits",
    RUNNING: "Running",
    CANCELLING: "Is being stopped",
    DONE: "Done",
    FAILED: "Failed",
    CANCELLED: "Stopped",
    INTERRUPTED: "Interrupted",
}


class Told(BaseModel):
    """How far a run is.

    Attributes
    ----------
    seq : int
        Number of its last event.
    state : str
        As in the database.
    active : bool
        Whether it waits or runs.
    stage : str
        What is being done.
    done : float
        Finished parts.
    total : float
        All parts; 0 where they are not known yet.
    seconds : float
        How long it has taken [s].
    state_words : str
        The state in words.
    stage_words : str
        The stage in words.
    parts_words : str
        Parts in words.
    time_words : str
        Time in words.
    """

    seq: int
    state: str
    active: bool
    stage: str
    done: float
    total: float
    seconds: float
    state_words: str
    stage_words: str
    parts_words: str
    time_words: str


def told(job: Job, seq: int, ahead: int = 0, estimate: float | None = None) -> Told:
    """How far a run is.

    Parameters
    ----------
    job : Job
        The run.
    seq : int
        Number of its last event.
    ahead : int
        Runs that are done before it where it waits.
    estimate : float or None
        How long it takes by its estimate, told as long as there is no pace [s].

    Returns
    -------
    Told
        For its page and for programs.
    """
    stage = job.stage[:1].upper() + job.stage[1:]
    if job.state == QUEUED:
        stage = f"{ahead} {'run is' if ahead == 1 else 'runs are'} done first." if ahead else "Begins in a moment."
    left = job.seconds_left
    times = [] if job.started is None else [f"{lasting(job.seconds)} so far"]
    if left is not None and job.seconds > 2.0:
        times.append(f"about {lasting(left)} left of this stage")
    elif estimate is not None:
        times.append(f"{'of' if times else 'Takes'} about {lasting(estimate)} on one core")
    return Told(
        seq=seq,
        state=job.state,
        active=job.is_active,
        stage=job.stage,
        done=job.done,
        total=job.total,
        seconds=job.seconds,
        state_words=WORDS[job.state],
        stage_words=stage,
        parts_words=f"{int(job.done)} of {job.total:.0f} parts" if job.total else "",
        time_words=", ".join(times),
    )
