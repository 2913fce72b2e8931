"""Runs tasks in this process or on several, and gives their outputs back in task order."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from multiprocessing.connection import wait
from signal import SIG_IGN, SIGINT, signal
from typing import TYPE_CHECKING, Any, TypeVar

from anagen.core.errors import AnagenError
from anagen.execution.chunks import ChunkStore
from anagen.execution.tasks import Tables, Task

if TYPE_CHECKING:
    from multiprocessing.connection import Connection, PipeConnection

P = TypeVar("P")
TaskFunction = Callable[[Task[P]], Tables]
Progress = Callable[[int, int], None]


class Interrupted(AnagenError):
    """The run was stopped from outside; finished tasks are kept where there is a store.

    Attributes
    ----------
    done : int
        Number of finished tasks.
    total : int
        Number of tasks.
    kept : bool
        Whether a second run with the same store goes on from here.
    """

    def __init__(self, done: int, total: int, *, kept: bool) -> None:
        self.done, self.total, self.kept = done, total, kept
        super().__init__(f"interrupted after {done} of {total} tasks")


class WorkerLost(AnagenError):
    """A worker process ended without an answer, most often because memory ran out."""


def run_tasks(
    tasks: Sequence[Task[P]],
    function: TaskFunction[P],
    *,
    workers: int = 1,
    store: ChunkStore | None = None,
    progress: Progress | None = None,
) -> list[Tables]:
    """Outputs of all tasks, in task order, whatever the number of workers and the order in which they finish.

    Parameters
    ----------
    tasks : Sequence[Task[P]]
        Independent of one another, each with its own key.
    function : TaskFunction[P]
        Turns a task into its tables. With more than one worker it must be importable (a module-level function), because
        workers are spawned, not forked; scripts then need `if __name__ == "__main__":`.
    workers : int
        Number of processes; 1 runs everything in this one.
    store : ChunkStore or None
        Where finished outputs are kept and looked for, or None to keep them in memory only. With a store every output
        is read back from it, so that an output computed now and one kept from an earlier run cannot differ.
    progress : Progress or None
        Called with (done, total) at the start and after every task.

    Returns
    -------
    list[Tables]
        Tables of each task.

    Raises
    ------
    Interrupted
        On Ctrl-C. Tasks under way are given up, finished ones stay in the store.
    WorkerLost
        Where a worker process was killed.
    ValueError
        For fewer than one worker or keys that are not distinct.
    Exception
        Whatever `function` raised, once other finished tasks are kept.
    """
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, got {workers}")
    if len({task.key for task in tasks}) != len(tasks):
        raise ValueError("two tasks have the same key")
    report = progress or _say_nothing
    outputs: dict[int, Tables] = {}
    try:
        for index, task in enumerate(tasks):
            kept = store.read(task.key) if store else None
            if kept is not None:
                outputs[index] = kept
        report(len(outputs), len(tasks))
        pending = [index for index in range(len(tasks)) if index not in outputs]
        run = _run_here if min(workers, len(pending)) <= 1 else _run_on_processes
        run(tasks, pending, function, min(workers, max(1, len(pending))), store, outputs, report)
    except KeyboardInterrupt as error:
        raise Interrupted(len(outputs), len(tasks), kept=store is not None) from error
    return [outputs[index] for index in range(len(tasks))]


def _run_here(
    tasks: Sequence[Task[P]],
    pending: Sequence[int],
    function: TaskFunction[P],
    workers: int,
    store: ChunkStore | None,
    outputs: dict[int, Tables],
    report: Progress,
) -> None:
    del workers
    for index in pending:
        outputs[index] = _collect(tasks[index], _perform(function, tasks[index], store), store)
        report(len(outputs), len(tasks))


def _run_on_processes(
    tasks: Sequence[Task[P]],
    pending: Sequence[int],
    function: TaskFunction[P],
    workers: int,
    store: ChunkStore | None,
    outputs: dict[int, Tables],
    report: Progress,
) -> None:
    context = get_context("spawn")
    alive, lifeline = context.Pipe(duplex=False)
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(alive,))
    futures: dict[Future[Tables | None], int] = {}
    try:
        for index in pending:
            futures[pool.submit(_perform, function, tasks[index], store)] = index
        for future in as_completed(futures):
            index = futures.pop(future)
            outputs[index] = _collect(tasks[index], future.result(), store)
            report(len(outputs), len(tasks))
    except BrokenProcessPool as error:
        raise WorkerLost(
            f"a worker process ended without an answer after {len(outputs)} of {len(tasks)} tasks, most often because "
            "memory ran out; try fewer workers"
        ) from error
    finally:
        # Workers end when the other end of the pipe closes, also in the middle of a task.
        lifeline.close()
        pool.shutdown(wait=True, cancel_futures=True)
        alive.close()


def _perform(function: TaskFunction[P], task: Task[P], store: ChunkStore | None) -> Tables | None:
    tables = function(task)
    if store is None:
        return tables
    store.write(task.key, tables)
    return None


def _collect(task: Task[P], tables: Tables | None, store: ChunkStore | None) -> Tables:
    if store is not None:
        tables = store.read(task.key)
    if tables is None:
        raise AnagenError(f"the output of task {task.name!r} could not be read back from {store}")
    return tables


def _start_worker(alive: Connection[Any, Any] | PipeConnection[Any, Any]) -> None:
    """Leaves Ctrl-C to the parent, and ends with it: a killed parent would otherwise leave its workers behind."""
    signal(SIGINT, SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(alive,), daemon=True).start()


def _end_with_parent(alive: Connection[Any, Any] | PipeConnection[Any, Any]) -> None:
    wait([alive])
    os._exit(1)


def _say_nothing(done: int, total: int) -> None:
    del done, total
