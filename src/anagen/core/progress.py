"""Progress of work that takes more than a moment: a bar in terminals and notebooks, nothing elsewhere."""

from __future__ import annotations

import sys
import threading
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

    def __enter__(self) -> Self:
        """Start the clock."""
        self._depth += 1
        if self._depth == 1 and (sys.stderr.isatty() or _in_notebook()):
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bar

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
            console = Console() if _in_notebook() else Console(stderr=True)
            self._bar = Bar(*columns, console=console, transient=True)
            self._task = self._bar.add_task("starting", total=None)
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
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=total)


def _in_notebook() -> bool:
    """Whether the code runs in a notebook, which has IPython loaded and a kernel instead of a terminal."""
    if "IPython" not in sys.modules:
        return False
    shell = sys.modules["IPython"].get_ipython()
    return type(shell).__name__ == "ZMQInteractiveShell"
