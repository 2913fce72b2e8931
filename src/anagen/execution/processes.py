"""Works on tasks in several processes of this machine, which are spawned and end with this one."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import wait
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING, Any, TypeVar

from anagen.execution.executor import WorkerLost
from anagen.execution.tasks import Task

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, PipeConnection

T = TypeVar("T")
LEAKED = "ignore:resource_tracker"
"""What Python's own process that clears up after a killed run says of it; it clears up all the same."""


@dataclass(frozen=True)
class Processes:
    """Processes of this machine.

    Attributes
    ----------
    number : int
        How many.
    """

    number: int

    def run(self, function: Callable[[Task[Any]], T], tasks: Sequence[Task[Any]]) -> Iterator[tuple[int, T]]:
        """As `Executor.run`; the function must be importable (a module-level function)."""
        context = get_context("spawn")
        _track_quietly()
        alive, lifeline = context.Pipe(duplex=False)
        pool = ProcessPoolExecutor(self.number, mp_context=context, initializer=_start_worker, initargs=(alive,))
        done, futures = 0, dict[Future[T], int]()
        try:
            for index, task in enumerate(tasks):
                futures[pool.submit(function, task)] = index
            for future in as_completed(futures):
                output, done = future.result(), done + 1
                # as_completed lets go of what it has given; so must we, or every output would stay in memory
                yield futures.pop(future), output
                del future, output
        except BrokenProcessPool as error:
            raise WorkerLost(
                f"a worker process ended without an answer after {done} of {len(tasks)} tasks, most often because "
                "memory ran out; try fewer workers"
            ) from error
        finally:
            # Workers end when the other end of the pipe closes, also in the middle of a task.
            lifeline.close()
            pool.shutdown(wait=True, cancel_futures=True)
            alive.close()


def _track_quietly() -> None:
    """Start the tracker of semaphores, which outlives a killed run, so that it clears up without a warning."""
    sys.warnoptions.append(LEAKED)
    try:
        resource_tracker.ensure_running()
    finally:
        sys.warnoptions.remove(LEAKED)


def _start_worker(alive: Connection[Any, Any] | PipeConnection[Any, Any]) -> None:
    """Leaves Ctrl-C to the parent, and ends with it: a killed parent would otherwise leave its workers behind."""
    signal(SIGINT, SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()


def _end_with_parent(alive: Connection[Any, Any] | PipeConnection[Any, Any]) -> None:
    wait([alive])
    os._exit(1)
