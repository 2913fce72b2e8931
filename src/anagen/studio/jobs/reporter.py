"""Progress that is listened to: a worker's beat carries it into the database."""

from __future__ import annotations

from dataclasses import dataclass
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
    """

    stage: str = "starting"
    done: float = 0.0
    total: float = 0.0


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
        self.heard = Heard(description, 0.0, 0.0)

    def advance(self, done: float, total: float) -> None:
        """Take down how much is done.

        Parameters
        ----------
        done : float
            Finished parts.
        total : float
            All parts.
        """
        self.heard = Heard(self.heard.stage, float(done), float(total))
