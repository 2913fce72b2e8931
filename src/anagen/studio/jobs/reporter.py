"""Progress that is listened to: a worker's beat carries it into the database."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from anagen.core.progress import Progress


@dataclass(frozen=True)
class Heard:
    """What was told last.

    Attributes
    ----------
    stage : str
        What is being done.
    done : float
        Finished parts.
    total : float
        All parts.
    seconds_left : float or None
        How much longer these parts take at the pace so far [s]; what an earlier attempt kept is no part of the pace.
    """

    stage: str = "starting"
    done: float = 0.0
    total: float = 0.0
    seconds_left: float | None = None


class Reporter(Progress):
    """Progress of a job. It only remembers what it is told, so that no work ever waits for a database.

    Parameters
    ----------
    workers : int
        Processes that the job may use.
    """

    def __init__(self, workers: int = 1) -> None:
        super().__init__()
        self.workers = workers
        self.heard = Heard()
        self._whole = 0.0
        self._first: tuple[float, float, float] | None = None
        """When the first of these parts was told, how many were done then, and of how many."""

    def __enter__(self) -> Self:
        """Draw nothing."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Draw nothing."""

    def stage(self, description: str) -> None:
        """Take down what is being done now.

        Parameters
        ----------
        description : str
            In a few words.
        """
        self._first, self._whole = None, 0.0
        self.heard = Heard(description)

    def advance(self, done: float, total: float) -> None:
        """Take down how much is done.

        Parameters
        ----------
        done : float
            Finished parts.
        total : float
            All parts.
        """
        now = time.monotonic()
        if self._first is None or done < self._first[1] or total != self._first[2]:
            self._first = now, done, total
        # a part that is finished was under way before, beside others that still are
        goes_on = total == self.heard.total and done >= self._whole
        self._whole = float(done)
        shown = max(self._whole, self.heard.done) if goes_on else self._whole
        self.heard = Heard(self.heard.stage, shown, float(total), self._left(done, total))

    def within(self, share: float) -> None:
        """Take down how much of the parts under way is done.

        Parameters
        ----------
        share : float
            Of all of them together.
        """
        told = self.heard
        if told.total:
            done = round(min(self._whole + share, told.total), 2)
            self.heard = replace(told, done=max(told.done, done), seconds_left=self._left(done, told.total))

    def _left(self, done: float, total: float) -> float | None:
        if self._first is None:
            return None
        start, first, _ = self._first
        return (total - done) * (time.monotonic() - start) / (done - first) if done > first else None
