"""Works on tasks in this process, one after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from anagen.execution.tasks import Task

T = TypeVar("T")


class Serial:
    """The process that asks."""

    def run(self, function: Callable[[Task[Any]], T], tasks: Sequence[Task[Any]]) -> Iterator[tuple[int, T]]:
        """As `Executor.run`, in the order of the tasks."""
        for index, task in enumerate(tasks):
            yield index, function(task)
