"""Runs many independent tasks, on one process, several or a cluster, and goes on where a killed run stopped."""

from anagen.core.own_folders import FolderInUse
from anagen.execution.chunks import ChunkStore, DamagedChunkWarning, KeptTables
from anagen.execution.executor import (
    WorkerLost,
    Workers,
    processes_for,
    threads_for,
    threads_here,
    workers_of,
)
from anagen.execution.running import Interrupted, run_tasks
from anagen.execution.tasks import Tables, Task, gather, task_key

__all__ = [
    "ChunkStore",
    "DamagedChunkWarning",
    "FolderInUse",
    "Interrupted",
    "KeptTables",
    "Tables",
    "Task",
    "WorkerLost",
    "Workers",
    "gather",
    "processes_for",
    "run_tasks",
    "task_key",
    "threads_for",
    "threads_here",
    "workers_of",
]
