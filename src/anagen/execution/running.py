"""Runs tasks in this process, on several or on a cluster, and gives their outputs back in task order as they come."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from functools import partial
from typing import Any, TypeVar

from anagen.core.errors import AnagenError
from anagen.execution.algebra import on_one_thread
from anagen.execution.chunks import ChunkStore, from_parquet, packed
from anagen.execution.executor import Executor, Workers, executor_of, is_cluster
from anagen.execution.tasks import Tables, Task

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


def run_tasks(
    tasks: Sequence[Task[P]],
    function: TaskFunction[P],
    *,
    workers: Workers = 1,
    store: ChunkStore | None = None,
    progress: Progress | None = None,
) -> Iterator[Tables]:
    """Outputs of all tasks, in task order, whatever works on them and the order in which they are finished.

    Work begins when the first output is asked for. With a store an output is held on the disk alone, and its tables are
    read when they are asked for, so that memory does not grow with the number of tasks.

    Parameters
    ----------
    tasks : Sequence[Task[P]]
        Independent of one another, each with its own key.
    function : TaskFunction[P]
        Turns a task into its tables. With more than one worker it must be importable (a module-level function), because
        workers are spawned, not forked; scripts then need `if __name__ == "__main__":`.
    workers : Workers
        Number of processes, 1 runs everything in this one; or the place of a Dask scheduler.
    store : ChunkStore or None
        Where finished outputs are kept and looked for, or None to keep them in memory only. With a store every output
        is read back from it, so that an output computed now and one kept from an earlier run cannot differ.
    progress : Progress or None
        Called with (done, total) at the start and after every task.

    Returns
    -------
    Iterator[Tables]
        Tables of each task.

    Raises
    ------
    Interrupted
        On Ctrl-C. Tasks under way are given up, finished ones stay in the store.
    InputError
        Where a cluster is not there, or would give other bytes.
    WorkerLost
        Where a worker process was killed, or the cluster went away.
    ValueError
        For fewer than one worker or keys that are not distinct.
    Exception
        Whatever `function` raised, once other finished tasks are kept.
    """
    if not is_cluster(workers) and int(workers) < 1:
        raise ValueError(f"workers must be 1 or more, got {workers}")
    if len({task.key for task in tasks}) != len(tasks):
        raise ValueError("two tasks have the same key")
    return _outputs(tasks, function, workers, store, progress or _say_nothing)


def _outputs(
    tasks: Sequence[Task[P]], function: TaskFunction[P], workers: Workers, store: ChunkStore | None, report: Progress
) -> Iterator[Tables]:
    pending = [index for index, task in enumerate(tasks) if store is None or store.read(task.key) is None]
    waiting, held = set(pending), dict[int, Tables]()
    report(len(tasks) - len(waiting), len(tasks))
    finished = _finished(tasks, pending, function, workers, store)
    try:
        for index, task in enumerate(tasks):
            while index in waiting:
                done, tables = next(finished)
                waiting.remove(done)
                if tables is not None:
                    held[done] = tables
                report(len(tasks) - len(waiting), len(tasks))
            yield held.pop(index) if store is None else _read_back(task, store)
    except KeyboardInterrupt as error:
        raise Interrupted(len(tasks) - len(waiting), len(tasks), kept=store is not None) from error
    finally:
        finished.close()


def _finished(
    tasks: Sequence[Task[P]],
    pending: Sequence[int],
    function: TaskFunction[P],
    workers: Workers,
    store: ChunkStore | None,
) -> Generator[tuple[int, Tables | None]]:
    """Each task as it is finished, with its tables unless the store has them."""
    if not pending:
        return
    chosen = [tasks[index] for index in pending]
    function = partial(_on_one_thread, function)
    executor: Executor = executor_of(workers, len(pending))
    if is_cluster(workers):
        for place, sent in executor.run(partial(_pack, function), chosen):
            if store is None:
                yield pending[place], {name: from_parquet(data) for name, data in sent.items()}
            else:
                store.write(chosen[place].key, sent)
                yield pending[place], None
    elif store is None:
        for place, tables in executor.run(function, chosen):
            yield pending[place], tables
    else:
        for place, _ in executor.run(partial(_keep, function, store), chosen):
            yield pending[place], None


def _on_one_thread(function: TaskFunction[P], task: Task[P]) -> Tables:
    with on_one_thread():
        return function(task)


def _pack(function: TaskFunction[P], task: Task[P]) -> dict[str, bytes]:
    return packed(function(task))


def _keep(function: TaskFunction[P], store: ChunkStore, task: Task[P]) -> None:
    store.write(task.key, packed(function(task)))


def _read_back(task: Task[Any], store: ChunkStore) -> Tables:
    tables = store.read(task.key)
    if tables is None:
        raise AnagenError(f"the output of task {task.name!r} could not be read back from {store.folder}")
    return tables


def _say_nothing(done: int, total: int) -> None:
    del done, total
