"""Linear algebra of tasks is on one thread, and nothing looks for its libraries while another thread imports."""

from __future__ import annotations

from threading import Thread

import pandas as pd
import pytest
import threadpoolctl

from anagen.execution import Task, algebra, run_tasks
from anagen.runs import ahead


def test_the_libraries_of_numpy_and_scipy_are_kept_on_one_thread_and_given_back() -> None:
    before = {each["filepath"]: each["num_threads"] for each in threadpoolctl.threadpool_info()}
    with algebra.on_one_thread():
        inside = [each for each in threadpoolctl.threadpool_info() if each["user_api"] == "blas"]
    assert len(inside) >= 2
    assert {each["num_threads"] for each in inside} == {1}
    after = {each["filepath"]: each["num_threads"] for each in threadpoolctl.threadpool_info()}
    assert {name: after[name] for name in before} == before


def test_libraries_are_found_before_another_thread_imports_and_never_again(monkeypatch: pytest.MonkeyPatch) -> None:
    algebra._controller.cache_clear()
    found: list[int] = []

    class Started(Thread):
        def start(self) -> None:
            found.append(algebra._controller.cache_info().currsize)

    monkeypatch.setattr(ahead, "Thread", Started)
    ahead.import_ahead(ahead.PICTURES)
    assert found == [1]

    def looked(*_: object) -> None:
        raise AssertionError("looked for libraries while another thread may import")

    monkeypatch.setattr(threadpoolctl.ThreadpoolController, "_load_libraries", looked)
    frame = pd.DataFrame({"x": [1.0]})
    tasks = [Task("one", "key", 0)]
    tables = list(run_tasks(tasks, lambda task: {"t": frame}))
    assert [list(each) for each in tables] == [["t"]]
