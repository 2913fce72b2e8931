"""Progress of work that takes more than a moment: a bar in terminals and notebooks, nothing elsewhere."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from anagen.core.bars import Bar, bar_here


class Progress(AbstractContextManager["Progress"]):
    """A progress bar that appears once the work has taken 2 s, on a terminal's standard error or in a notebook.

    Entered again while it is shown, it stays the same bar, so that a function can show progress by itself or within
    that of its caller.

    Examples
    --------
    >>> with Progress() as progress:
    ...     progress.stage("simulating")
    ...     progress.advance(1, 2)
    """

    def __init__(self) -> None:
        self._depth = 0
        self._bar: Bar | None = None
        self._told: tuple[str, int, int | None, str] = ("starting", 0, None, "")
        """Stage, parts done, of how many, pace."""
        self._since: tuple[float, int, int] | None = None
        """When the first of these parts was told, how many were done then, and of how many."""

    def __enter__(self) -> Self:
        """Start the clock."""
        self._depth += 1
        if self._depth == 1:
            self._bar = bar_here()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._depth -= 1
        if self._depth == 0 and self._bar is not None:
            self._bar.close(finished=kind is None)
            self._bar = None

    def stage(self, description: str) -> None:
        """Show what is being done now.

        Parameters
        ----------
        description : str
            In a few words, such as "simulating".
        """
        self._tell(description, *self._told[1:])

    def advance(self, done: int, total: int) -> None:
        """Show how much is done.

        Parameters
        ----------
        done : int
            Finished parts.
        total : int
            All parts.
        """
        now = time.monotonic()
        if self._since is None or done < self._since[1] or total != self._since[2]:
            self._since = now, done, total
        start, first, _ = self._since
        self._tell(self._told[0], done, total, pace(done - first, total - done, now - start))

    def _tell(self, stage: str, done: int, total: int | None, rate: str) -> None:
        self._told = stage, done, total, rate
        if self._bar is not None:
            self._bar.tell(stage, done, total, rate)


def pace(done: int, left: int, seconds: float) -> str:
    """Rate and time left, in words; empty before there is a rate. What an earlier call kept is no part of the rate.

    Parameters
    ----------
    done : int
        Parts that were finished in this time.
    left : int
        Parts that are not finished.
    seconds : float
        The time.

    Returns
    -------
    str
        Such as "2.0 a second, 1:30 left".

    Examples
    --------
    >>> pace(20, 180, 10.0), pace(2, 120, 60.0)
    ('2.0 a second, 1:30 left', '2.0 a minute, 1:00:00 left')
    """
    if done <= 0 or seconds <= 0.0 or left <= 0:
        return ""
    rate, remaining = done / seconds, round(left * seconds / done)
    hours, minutes = divmod(remaining // 60, 60)
    clock = f"{hours}:{minutes:02d}:{remaining % 60:02d}" if hours else f"{minutes}:{remaining % 60:02d}"
    return f"{rate:.1f} a second, {clock} left" if rate >= 1.0 else f"{60.0 * rate:.1f} a minute, {clock} left"
