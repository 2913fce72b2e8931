"""Works on tasks in several processes of this machine, which are spawned and end with this one."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, as_completed
from concurrent.futures import wait as wait_for
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context, resource_tracker
from multiprocessing.connection import wait
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING, Any, TypeVar

from anagen.core.within import current_listener, listen, tell_within
from anagen.execution.executor import WorkerLost
from anagen.execution.tasks import Task

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, PipeConnection

T = TypeVar("T")
Shares = tuple[Any, Any] | None
"""How much of its task each process has done, and how many processes have started; None where nobody listens."""
SECONDS_BETWEEN_LOOKS = 0.5
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
        shares = None if current_listener() is None else (context.Array("d", self.number), context.Value("i", 0))
        pool = ProcessPoolExecutor(self.number, mp_context=context, initializer=_start_worker, initargs=(alive, shares))
        done, futures = 0, dict[Future[T], int]()
        try:
            for index, task in enumerate(tasks):
                futures[pool.submit(_from_the_start, function, task)] = index
            for future in _completed(futures, shares):
                output, done = future.result(), done + 1
                # neither may keep what it has given, or every output would stay in memory
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


def _completed(futures: Iterable[Future[T]], shares: Shares) -> Iterator[Future[T]]:
    """Futures as they are finished; meanwhile a listener hears how much of the tasks under way is done."""
    listener = current_listener()
    if shares is None or listener is None:
        yield from as_completed(futures)
        return
    pending = set(futures)
    while pending:
        finished, pending = wait_for(pending, SECONDS_BETWEEN_LOOKS, FIRST_COMPLETED)
        while finished:
            yield finished.pop()
        listener(sum(shares[0]))


def _start_worker(alive: Connection[Any, Any] | PipeConnection[Any, Any], shares: Shares) -> None:
    """Leaves Ctrl-C to the parent, and ends with it: a killed parent would otherwise leave its workers behind."""
    signal(SIGINT, SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()
    if shares is not None:
        done, started = shares
        with started.get_lock():
            place = started.value % len(done)
            started.value += 1

        def hear(share: float) -> None:
            done[place] = share

        listen(hear)


def _from_the_start(function: Callable[[Task[Any]], T], task: Task[Any]) -> T:
    """What a function gives of a task, of which nothing is done before, and nothing is under way afterwards."""
    tell_within(0, 1)
    try:
        return function(task)
    finally:
        tell_within(0, 1)


def _end_with_parent(alive: Connection[Any, Any] | PipeConnection[Any, Any]) -> None:
    wait([alive])
    os._exit(1)
