"""Tasks give the same outputs on any number of workers, and a killed run goes on where it stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from anagen.core.errors import InputError
from anagen.execution import (
    ChunkStore,
    DamagedChunkWarning,
    FolderInUse,
    Interrupted,
    Task,
    WorkerLost,
    gather,
    run_tasks,
    task_key,
    workers_of,
)
from anagen.execution.chunks import packed

# Spawned workers import the task functions by the name of this file.
FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER))
import execution_tasks as work  # noqa: E402


@pytest.fixture(autouse=True)
def importable_by_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(FOLDER), os.environ.get("PYTHONPATH", "")]))


def make_tasks(number: int) -> list[Task[int]]:
    return [Task(f"block {index}", f"{index:040d}", index) for index in range(number)]


def run_all(*arguments, **options) -> list:
    return list(run_tasks(*arguments, **options))


def assert_same(first: list, second: list) -> None:
    assert len(first) == len(second)
    for one, other in zip(first, second, strict=True):
        assert one.keys() == other.keys()
        for name in one:
            assert_frame_equal(one[name], other[name])


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("stored", [False, True])
def test_outputs_stand_in_task_order_whatever_the_workers(tmp_path: Path, workers: int, stored: bool) -> None:
    store = ChunkStore(tmp_path / "work") if stored else None
    # The first task takes longest, so that with two workers it finishes last.
    outputs = run_all(make_tasks(4), work.slow_first, workers=workers, store=store)
    assert_same(outputs, [work.tables_of(index) for index in range(4)])


def test_progress_counts_from_what_is_kept_to_all(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path / "work")
    run_all(make_tasks(2), work.build, store=store)
    calls: list[tuple[int, int]] = []
    run_all(make_tasks(4), work.build, store=store, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(2, 4), (3, 4), (4, 4)]


def test_kept_outputs_are_not_computed_again(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path / "work")
    first = run_all(make_tasks(3), work.build, store=store)
    second = run_all(make_tasks(3), work.fail, store=store)
    assert_same(first, second)


@pytest.mark.parametrize("damage", ["truncate", "flip", "index", "missing"])
def test_a_damaged_chunk_is_computed_again_with_a_warning(tmp_path: Path, damage: str) -> None:
    store = ChunkStore(tmp_path / "work")
    tasks = make_tasks(2)
    whole = run_all(tasks, work.build, store=store)
    file = store.folder / tasks[1].key / "visits.parquet"
    data = file.read_bytes()
    match damage:
        case "truncate":
            file.write_bytes(data[: len(data) // 2])
        case "flip":
            file.write_bytes(bytes([data[0]]) + bytes([data[1] ^ 1]) + data[2:])
        case "index":
            (store.folder / tasks[1].key / "chunk.json").write_bytes(b'{"visits": "')
        case _:
            file.unlink()
    with pytest.warns(DamagedChunkWarning, match="computed again"):
        again = run_all(tasks, work.build, store=store)
    assert_same(whole, again)


def test_a_failing_task_raises_its_own_error_and_the_others_stay(tmp_path: Path) -> None:
    for workers in (1, 2):
        store = ChunkStore(tmp_path / f"work{workers}")
        with pytest.raises(ZeroDivisionError):
            run_all(make_tasks(4), work.fail_third, workers=workers, store=store)
        assert store.read(make_tasks(1)[0].key) is not None


def test_interrupt_keeps_what_is_done(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path / "work")
    with pytest.raises(Interrupted) as caught:
        run_all(make_tasks(4), work.interrupt_third, store=store)
    assert (caught.value.done, caught.value.total, caught.value.kept) == (2, 4, True)
    assert len(store) == 2


def test_a_lost_worker_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkerLost, match="fewer workers"):
        run_all(make_tasks(3), work.die, workers=2, store=ChunkStore(tmp_path / "work"))


def test_workers_end_with_a_killed_parent(tmp_path: Path) -> None:
    script = (
        "import execution_tasks as work\n"
        "from anagen.execution import Task, run_tasks\n"
        "if __name__ == '__main__':\n"
        "    list(run_tasks([Task('a', 'a', 0), Task('b', 'b', 1)], work.note_pid_and_sleep, workers=2))\n"
    )
    (tmp_path / "parent.py").write_text(script)
    environment = {**os.environ, "ANAGEN_TEST_PIDS": str(tmp_path)}
    parent = subprocess.Popen([sys.executable, str(tmp_path / "parent.py")], env=environment)
    wait_for(lambda: len(list(tmp_path.glob("*.pid"))) == 2)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    pids = [int(path.stem) for path in tmp_path.glob("*.pid")]
    wait_for(lambda: not any(is_alive(pid) for pid in pids))
    assert len(pids) == 2 and not any(is_alive(pid) for pid in pids)


def test_wrong_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        run_all(make_tasks(1), work.build, workers=0)
    with pytest.raises(ValueError, match="same key"):
        run_all(make_tasks(1) * 2, work.build)
    with pytest.raises(ValueError, match="letters and digits"):
        Task("escape", "../up", 0)


def test_no_tasks_give_no_outputs() -> None:
    assert run_all([], work.build, workers=2) == []


def test_a_store_is_held_by_one_run(tmp_path: Path) -> None:
    store = ChunkStore(tmp_path / "work")
    (store.folder / "abc.1.partial").mkdir(parents=True)
    (store.folder / "abc.1.partial" / "chunk.json").touch()
    assert len(store) == 0
    with store.locked():
        assert not (store.folder / "abc.1.partial").exists(), "what a killed run left half-written is removed"
        with pytest.raises(FolderInUse), ChunkStore(tmp_path / "work").locked():
            pass
    with store.locked():
        pass


def test_a_chunk_keeps_types_and_bits(tmp_path: Path) -> None:
    table = pd.DataFrame(
        {
            "arm": pd.Categorical(["b", "a"], categories=["b", "a"]),
            "week": np.array([0.1 + 0.2, np.nan]),
            "n": np.array([1, 2], dtype=np.int32),
            "flag": [True, False],
            "short": np.array([1 / 3, 2 / 3], dtype=np.float32),
            "text": ["x", None],
        }
    )
    store = ChunkStore(tmp_path / "work")
    store.write("key", packed({"t": table}))
    store.write("key", packed({"t": table}))
    back = store.read("key")
    assert back is not None
    assert_frame_equal(back["t"], table)


def test_gather_keeps_categories_of_all_parts() -> None:
    parts = [
        {"t": pd.DataFrame({"x": [1], "arm": pd.Categorical(["b"]), "y": [0.5]})},
        {"t": pd.DataFrame({"x": [2], "arm": pd.Categorical(["a"]), "y": [1.5]}), "u": pd.DataFrame({"z": [1]})},
    ]
    whole = gather(parts)
    assert list(whole) == ["t", "u"]
    assert list(whole["t"].columns) == ["x", "arm", "y"]
    assert list(whole["t"]["arm"].cat.categories) == ["b", "a"]
    assert whole["t"]["arm"].tolist() == ["b", "a"]


@pytest.mark.parametrize(
    "change",
    [
        {"study_sha256": "x"},
        {"parameters_sha256": "x"},
        {"seed": 2},
        {"replicates": (1, 1)},
        {"draws": (0, 1)},
        {"settings": {"patients": 5}},
    ],
)
def test_keys_differ_where_anything_differs(change: dict) -> None:
    base = {"study_sha256": "s", "parameters_sha256": "p", "seed": 1, "replicates": (0, 0), "draws": (0, 0)}
    assert task_key(**base) == task_key(**base)
    assert task_key(**base) != task_key(**{**base, **change})


def wait_for(condition, seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A zombie that nobody has waited for has ended all the same.
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] != "Z"


@pytest.mark.parametrize(
    ("place", "words", "meant"),
    [
        ("http://127.0.0.1:8786", "unknown scheme 'http'", "tcp://127.0.0.1:8786"),
        ("http://127.0.0.1:8787/status", "no address", None),
        ("http://node01:8787", "unknown scheme 'http'", "tcp://node01:8786"),
        ("tlss://node01:8786", "unknown scheme 'tlss'", "tls://node01:8786"),
        ("tcp:/node01:8786", "not spelt", "tcp://node01:8786"),
        ("TCP://node01:8786", "unknown scheme 'TCP'", "tcp://node01:8786"),
        ("tcp://node01:87866", "port beyond 1 to 65535", "tcp://node01:8786"),
        ("tls://node01:0", "port beyond 1 to 65535", "tls://node01:8786"),
        ("tcp://node01", "has no port", "tcp://node01:8786"),
        ("tcp://:8786", "has no host", "tcp://127.0.0.1:8786"),
        ("node01", "has no scheme and has no port", "tcp://node01:8786"),
        ("node01:9000", "has no scheme", "tcp://node01:9000"),
        ("tcp://[::1]:99999", "port beyond", "tcp://[::1]:8786"),
        ("tcp://node01:8786/", "not spelt", "tcp://node01:8786"),
        ("a b", "no address", None),
        ("", "has no scheme", "tcp://127.0.0.1:8786"),
    ],
)
def test_a_wrong_place_of_a_cluster_comes_with_the_allowed_ones_and_what_was_meant(
    place: str, words: str, meant: str | None
) -> None:
    with pytest.raises(InputError) as caught:
        workers_of(place)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert "tcp://HOST:PORT" in problem.allowed and "FILE.json" in problem.allowed
    assert problem.suggestion == meant


@pytest.mark.parametrize("place", ["tcp://node01:1", "tls://10.0.0.1:65535", "tcp://[::1]:8786", "wss://a.b.c:443"])
def test_a_place_that_can_be_one_is_taken_as_it_is(place: str) -> None:
    assert workers_of(place) == place


def test_a_wrong_address_in_a_file_is_told_with_the_file(tmp_path: Path) -> None:
    (tmp_path / "scheduler.json").write_text('{"address": "http://node01:8786"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"scheduler\.json: cluster: 'http://node01:8786' has the unknown scheme"):
        workers_of(str(tmp_path / "scheduler.json"))


def test_a_number_of_processes_in_quotes_is_not_taken_for_a_place() -> None:
    with pytest.raises(InputError, match=r"2 processes are --workers 2, workers=2$") as caught:
        workers_of("2")
    assert "tcp://" not in str(caught.value)
