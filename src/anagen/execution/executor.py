"""Where tasks are worked on: in this process, on several, or on a Dask cluster; results do not depend on it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from anagen.core.errors import AnagenError
from anagen.core.numbers import MOST_WORKERS, whole
from anagen.execution.tasks import Task

T = TypeVar("T")
Workers = int | str
"""Number of processes on this machine, or the place of a Dask scheduler: its address or a file."""
MOST_THREADS = 8


class WorkerLost(AnagenError):
    """A worker ended without an answer, most often because memory ran out, or a cluster went away."""


class Executor(Protocol):
    """Works on tasks."""

    def run(self, function: Callable[[Task[Any]], T], tasks: Sequence[Task[Any]]) -> Iterator[tuple[int, T]]:
        """Place and output of each task as it is finished, in any order.

        Parameters
        ----------
        function : Callable[[Task[Any]], T]
            What is done with a task; elsewhere than in this process, function, tasks and outputs are pickled.
        tasks : Sequence[Task[Any]]
            At least one. Where the iterator is closed early, those under way are given up.

        Returns
        -------
        Iterator[tuple[int, T]]
            Index in `tasks`, and what the function gave.

        Raises
        ------
        WorkerLost
            Where a worker ended without an answer.
        Exception
            Whatever the function raised.
        """
        ...


def workers_of(value: object) -> Workers:
    """The argument `workers` of a function: a number of processes, or where a Dask scheduler is.

    Parameters
    ----------
    value : object
        As it was given.

    Returns
    -------
    Workers
        A whole number, or the place as it was given.

    Raises
    ------
    InputError
        Where it is neither, or Dask is not installed.

    Examples
    --------
    >>> workers_of(2)
    2
    """
    if not isinstance(value, str):
        return whole("workers", value, 1, MOST_WORKERS)
    from anagen.execution.cluster import check_place

    check_place(value)
    return value


def is_cluster(workers: Workers) -> bool:
    """Whether tasks go to a cluster, and their outputs come back from other machines."""
    return isinstance(workers, str)


def executor_of(workers: Workers, tasks: int) -> Executor:
    """What works on a number of tasks: this process where one is enough."""
    from anagen.execution.processes import Processes
    from anagen.execution.serial import Serial

    if isinstance(workers, str):
        from anagen.execution.cluster import DaskCluster

        return DaskCluster(workers)
    return Serial() if min(workers, tasks) <= 1 else Processes(min(workers, tasks))


def threads_here() -> int:
    """Threads for one process: the processors it may use, at most MOST_THREADS."""
    return min(MOST_THREADS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def threads_for(workers: Workers) -> int:
    """Threads of one task: one where several tasks are worked on at once."""
    return threads_here() if workers == 1 else 1


def processes_for(workers: Workers) -> int:
    """Processes of what has to be done on this machine, such as sampling a posterior."""
    return threads_here() if isinstance(workers, str) else workers
