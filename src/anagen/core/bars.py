"""Where progress is shown: on a terminal, in Jupyter or in marimo, each by what is running there already."""

from __future__ import annotations

import html
import sys
import threading
import time
from importlib import import_module
from typing import Any, Protocol

SECONDS_BEFORE_PROGRESS = 2.0
SECONDS_BETWEEN = 0.2
"""Least time between two pictures of a bar in a notebook."""


class Bar(Protocol):
    """A bar that appears once the work has taken a while."""

    def tell(self, stage: str, done: int, total: int | None, pace: str) -> None:
        """Show how far the work is; `total` is None before it is known."""

    def close(self, *, finished: bool) -> None:
        """The work is over, or was stopped."""


def bar_here() -> Bar | None:
    """The bar of the place where the code runs.

    Returns
    -------
    Bar or None
        None where nobody looks: standard error is a file, and there is no notebook.
    """
    if _in_jupyter():
        return JupyterBar()
    if _in_marimo():
        return MarimoBar()
    return TerminalBar() if sys.stderr.isatty() else None


class TerminalBar:
    """A bar on standard error, which goes away when the work is over."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        texts = ("{task.description}", "{task.fields[pace]}")
        described, pace = (TextColumn(text) for text in texts)
        columns = (described, BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), pace)
        self._drawn = Progress(*columns, console=Console(stderr=True), transient=True)
        self._task = self._drawn.add_task("starting", total=None, pace="")
        self._timer = _after_a_while(self._drawn.start)

    def tell(self, stage: str, done: int, total: int | None, pace: str) -> None:
        """Show how far the work is."""
        self._drawn.update(self._task, description=stage, completed=done, total=total, pace=pace)

    def close(self, *, finished: bool) -> None:
        """Take the bar away."""
        del finished
        self._timer.cancel()
        self._timer.join()
        self._drawn.stop()


class JupyterBar:
    """A bar in the output of a cell, drawn by the browser; the last state stays, such as "simulating: 28 of 28".

    A display with an id is changed in place, so that no widget library is needed and a saved notebook shows it too.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: tuple[str, int, int | None, str] = ("starting", 0, None, "")
        self._handle: Any = None
        self._drawn = 0.0
        self._timer = _after_a_while(self._appear)

    def tell(self, stage: str, done: int, total: int | None, pace: str) -> None:
        """Show how far the work is."""
        with self._lock:
            self._state = stage, done, total, pace
            if self._handle is not None and time.monotonic() - self._drawn >= SECONDS_BETWEEN:
                self._draw()

    def close(self, *, finished: bool) -> None:
        """Show the last state, where anything was shown."""
        self._timer.cancel()
        self._timer.join()
        with self._lock:
            stage, done, total, _ = self._state
            self._state = stage, done, total, "" if finished else "stopped"
            if self._handle is not None:
                self._draw()

    def _appear(self) -> None:
        display = import_module("IPython.display").display
        with self._lock:
            self._handle = display(self._pictured(), raw=True, display_id=True)

    def _draw(self) -> None:
        self._handle.update(self._pictured(), raw=True)
        self._drawn = time.monotonic()

    def _pictured(self) -> dict[str, str]:
        stage, done, total, pace = self._state
        words = ", ".join(filter(None, (stage if total is None else f"{stage}: {done} of {total}", pace)))
        shape = "" if total is None else f' value="{done}" max="{total}"'
        bar = f'<progress{shape} aria-label="progress" style="width:16em;vertical-align:middle"></progress>'
        return {"text/plain": words, "text/html": f"<div>{bar} {html.escape(words)}</div>"}


class MarimoBar:
    """The bar of marimo, which goes away when the work is over."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._manager: Any = None
        self._drawn: Any = None
        self._told = 0, 0

    def tell(self, stage: str, done: int, total: int | None, pace: str) -> None:
        """Show how far the work is."""
        if total is None or time.monotonic() - self._began < SECONDS_BEFORE_PROGRESS:
            return
        before, of = self._told
        if self._drawn is None or total != of or done < before:
            # a bar of marimo has one total: another stage has another bar
            self.close(finished=True)
            self._manager = sys.modules["marimo"].status.progress_bar(total=total, title=stage, remove_on_exit=True)
            self._drawn, before = self._manager.__enter__(), 0
        self._drawn.update(done - before, title=stage, subtitle=pace)
        self._told = done, total

    def close(self, *, finished: bool) -> None:
        """Take the bar away."""
        del finished
        if self._manager is not None:
            self._manager.__exit__(None, None, None)
        self._manager = self._drawn = None


def _after_a_while(act: Any) -> threading.Timer:
    timer = threading.Timer(SECONDS_BEFORE_PROGRESS, act)
    timer.daemon = True
    timer.start()
    return timer


def _in_jupyter() -> bool:
    """Whether the code runs in a kernel of Jupyter: IPython is loaded, and has a kernel instead of a terminal."""
    if "IPython" not in sys.modules:
        return False
    return type(sys.modules["IPython"].get_ipython()).__name__ == "ZMQInteractiveShell"


def _in_marimo() -> bool:
    """Whether the code runs in a cell of marimo, in the thread that owns the cell's output."""
    return "marimo" in sys.modules and bool(sys.modules["marimo"].running_in_notebook())
