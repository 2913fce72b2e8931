"""Task functions for test_execution.py, in a file of their own because spawned workers import them."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
import pandas as pd

from anagen.core.within import tell_within
from anagen.execution import Task


def tables_of(index: int) -> dict[str, pd.DataFrame]:
    values = np.random.default_rng(index).normal(size=5)
    arms = pd.Categorical(["exosome", "saline"] * 2 + ["saline"])
    return {"visits": pd.DataFrame({"arm": arms, "value": values}), "flow": pd.DataFrame({"index": [index]})}


def build(task: Task[int]) -> dict[str, pd.DataFrame]:
    return tables_of(task.payload)


def slow_first(task: Task[int]) -> dict[str, pd.DataFrame]:
    time.sleep(0.3 if task.payload == 0 else 0.0)
    return tables_of(task.payload)


def fail(task: Task[int]) -> dict[str, pd.DataFrame]:
    raise AssertionError(f"{task.name} should not have been computed")


def fail_third(task: Task[int]) -> dict[str, pd.DataFrame]:
    if task.payload == 2:
        time.sleep(0.3)
        raise ZeroDivisionError
    return tables_of(task.payload)


def interrupt_third(task: Task[int]) -> dict[str, pd.DataFrame]:
    if task.payload == 2:
        raise KeyboardInterrupt
    return tables_of(task.payload)


def die(task: Task[int]) -> dict[str, pd.DataFrame]:
    os._exit(9)


def note_pid_and_sleep(task: Task[int]) -> dict[str, pd.DataFrame]:
    (Path(os.environ["ANAGEN_TEST_PIDS"]) / f"{os.getpid()}.pid").touch()
    time.sleep(120)
    return tables_of(task.payload)


def tell_quarters(task: Task[int]) -> dict[str, pd.DataFrame]:
    for quarter in range(1, 5):
        tell_within(quarter, 4)
        time.sleep(0.3)
    return tables_of(task.payload)
