"""Runs many independent tasks, serially or on several processes, and goes on where a killed run stopped."""

from anagen.core.own_folders import FolderInUse
from anagen.execution.chunks import ChunkStore, DamagedChunkWarning
from anagen.execution.running import Interrupted, WorkerLost, run_tasks
from anagen.execution.tasks import Tables, Task, gather, task_key

__all__ = [
    "ChunkStore",
    "DamagedChunkWarning",
    "FolderInUse",
    "Interrupted",
    "Tables",
    "Task",
    "WorkerLost",
    "gather",
    "run_tasks",
    "task_key",
]
