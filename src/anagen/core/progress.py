"""Progress of work that takes more than a moment: a bar in terminals and notebooks, nothing elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

SECONDS_BEFORE_PROGRESS = 2.0


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
        self._timer: threading.Timer | None = None
        self._task: Any = None
        self._since: tuple[float, int, int] | None = None
        """When the first of these parts was told, how many were done then, and of how many."""

    def __enter__(self) -> Self:
        """Start the clock."""
        self._depth += 1
        if self._depth == 1 and (sys.stderr.isatty() or _in_notebook()):
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            texts = ("{task.description}", "{task.fields[pace]}")
            described, pace = (TextColumn(text) for text in texts)
            columns = (described, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), pace)
            console = Console() if _in_notebook() else Console(stderr=True)
            self._bar = Bar(*columns, console=console, transient=True)
            self._task = self._bar.add_task("starting", total=None, pace="")
            self._timer = threading.Timer(SECONDS_BEFORE_PROGRESS, self._bar.start)
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the bar away."""
        self._depth -= 1
        if self._depth == 0 and self._timer is not None and self._bar is not None:
            self._timer.cancel()
            self._timer.join()
            self._bar.stop()
            self._bar = None

    def stage(self, description: str) -> None:
        """Show what is being done now.

        Parameters
        ----------
        description : str
            In a few words, such as "simulating".
        """
        if self._bar is not None:
            self._bar.update(self._task, description=description)

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
        if self._bar is not None:
            self._bar.update(
                self._task, completed=done, total=total, pace=pace(done - first, total - done, now - start)
            )


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


def _in_notebook() -> bool:
    """Whether the code runs in a notebook, which has IPython loaded and a kernel instead of a terminal."""
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"
