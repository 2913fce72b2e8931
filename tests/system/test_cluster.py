"""Runs on a Dask cluster: a real scheduler and two workers as processes, killed, absent or of another version."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from cli_calls import PROGRAM, SECONDS, anagen, files_of

pytest.importorskip("distributed", reason="the extra anagen[cluster] is not installed")

STUDY = "exosome-vs-saline"
RUN = ("run", STUDY, "--patients", "4", "--draws", "50", "--no-report", "--out", "out")
FEW = ("run", STUDY, "--patients", "4", "--draws", "0", "--no-report", "--out", "out")


@dataclass
class Cluster:
    """A scheduler and workers on the loopback."""

    folder: Path
    place: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def start(self, name: str, *command: str, **environment: str) -> None:
        command = (sys.executable, "-m", "distributed.cli." + command[0], *command[1:])
        with (self.folder / f"{name}.log").open("wb") as log:
            settings = {**os.environ, **environment}
            self.processes[name] = subprocess.Popen(command, stdout=log, stderr=log, env=settings, cwd=self.folder)

    def scheduler(self) -> None:
        self.place.unlink(missing_ok=True)
        options = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.place))
        self.start("scheduler", "dask_scheduler", *options)
        wait_for(self.place.exists)

    def worker(self, name: str, **environment: str) -> None:
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        place = ("--scheduler-file", str(self.place), "--local-directory", str(self.folder))
        self.start(name, "dask_worker", *options, *place, **environment)

    def ready(self, workers: int) -> None:
        from anagen.execution.cluster import address_of, identity

        wait_for(lambda: len(identity(address_of(str(self.place)))["workers"]) == workers)

    def kill(self, *names: str) -> None:
        for name in names:
            process = self.processes.pop(name)
            process.kill()
            process.wait()


def wait_for(condition, seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.05)


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    folder = tmp_path_factory.mktemp("cluster")
    made = Cluster(folder, folder / "scheduler.json")
    try:
        made.scheduler()
        yield made
    finally:
        made.kill(*made.processes)


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the run on this machine."""
    folder = tmp_path_factory.mktemp("alone")
    assert anagen(*RUN, cwd=folder).returncode == 0
    return files_of(folder / "out")


def client(cluster: Cluster, folder: Path, *, most_bytes: int | None = None) -> subprocess.Popen[str]:
    def limit() -> None:
        if most_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))

    command = [PROGRAM, *RUN, "--cluster", str(cluster.place)]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=limit
    )


def ended(running: subprocess.Popen[str]) -> tuple[int, str]:
    _, errors = running.communicate(timeout=SECONDS)
    return running.returncode, errors


def chunks(folder: Path) -> list[Path]:
    return [path for path in (folder / "out.work").glob("*/chunk.json") if path.parent.suffix != ".partial"]


def test_whatever_is_killed_the_run_ends_with_the_same_bytes(
    tmp_path: Path, cluster: Cluster, alone: dict[str, bytes]
) -> None:
    """A worker, then the client, then the scheduler with a clear word, then a disk that is full; nothing is lost."""
    cluster.worker("one")
    cluster.worker("two")
    cluster.ready(2)
    first = client(cluster, tmp_path)
    wait_for(lambda: chunks(tmp_path))
    cluster.kill("one")  # what it worked on is given to the other
    kept = len(chunks(tmp_path))
    wait_for(lambda: len(chunks(tmp_path)) > kept or first.poll() is not None)
    if first.poll() is None:
        first.kill()
    ended(first)
    before = {path: path.stat().st_mtime_ns for path in chunks(tmp_path)}
    assert before and not (tmp_path / "out").exists()

    second = client(cluster, tmp_path)
    wait_for(lambda: len(chunks(tmp_path)) > len(before) or second.poll() is not None)
    cluster.kill("scheduler")
    code, errors = ended(second)
    if code != 0:
        assert code == 1 and "scheduler" in errors and "give the command again" in errors, errors
        assert {path: path.stat().st_mtime_ns for path in before} == before, "what was kept is still there"
        cluster.kill("two")
        cluster.scheduler()
        cluster.worker("three")
        cluster.ready(1)
        code, errors = ended(client(cluster, tmp_path, most_bytes=2_000))
        assert code == 2 and "File too large" in errors, errors
        assert not (tmp_path / "out").exists()
        code, errors = ended(client(cluster, tmp_path))
    assert code == 0, errors
    assert files_of(tmp_path / "out") == alone
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_cluster_that_cannot_give_the_same_bytes_is_refused_with_the_fix(tmp_path: Path, cluster: Cluster) -> None:
    """Without workers, with a worker of other sources, with one that lacks the package, and with a worker's address."""
    none = anagen(*FEW, "--cluster", str(cluster.place), cwd=tmp_path)
    assert none.returncode == 2 and "--cluster" in none.stderr and "has no workers" in none.stderr

    # Other sources: a copy of the package with one more line; none: a folder that shadows it with nothing in it.
    import anagen as package

    source, other = Path(package.__file__).parent, cluster.folder / "other"
    shutil.copytree(source, other / "anagen", ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "anagen" / "core" / "units.py").open("a") as stream:
        stream.write("# changed\n")
    (cluster.folder / "none" / "anagen").mkdir(parents=True)
    (cluster.folder / "none" / "anagen" / "__init__.py").write_text("raise ModuleNotFoundError('no anagen here')\n")
    cluster.worker("other", PYTHONPATH=str(other))
    cluster.worker("none", PYTHONPATH=str(cluster.folder / "none"))
    cluster.ready(2)
    wrong = anagen(*FEW, "--cluster", str(cluster.place), cwd=tmp_path)
    assert wrong.returncode == 2, wrong.stderr
    lines = {line for line in wrong.stderr.splitlines() if "worker tcp://127.0.0.1:" in line}
    assert any("sources of anagen" in line and "same checkout" in line for line in lines), wrong.stderr
    assert any("anagen is not installed there" in line for line in lines), wrong.stderr

    from anagen.execution.cluster import address_of, identity

    worker = next(iter(identity(address_of(str(cluster.place)))["workers"]))
    mistaken = anagen(*FEW, "--cluster", worker, cwd=tmp_path)
    assert mistaken.returncode == 2 and "is a worker, not a Dask scheduler" in mistaken.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer is waited for as always, and given up sooner."""
    monkeypatch.setattr("anagen.execution.cluster.ANSWER_SECONDS", 0.5)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("tcp://127.0.0.1:9", "no Dask scheduler answers at tcp://127.0.0.1:9"),
        ("127.0.0.1:8786", "did you mean 'tcp://127.0.0.1:8786'?"),
        ("http://127.0.0.1:8786", "allowed: tcp://HOST:PORT, tls://HOST:PORT"),
        ("missing.json", "missing.json: --cluster: there is no such file"),
        ("empty.yaml", "has no scheduler-address"),
        ("gone.json", "gone.json: --cluster: no Dask scheduler answers at tcp://127.0.0.1:9"),
    ],
)
def test_a_place_without_a_scheduler_is_refused(tmp_path: Path, place: str, words: str) -> None:
    (tmp_path / "empty.yaml").write_text("{}\n")
    (tmp_path / "gone.json").write_text('{"address": "tcp://127.0.0.1:9"}\n')
    finished = anagen(*FEW, "--cluster", place, cwd=tmp_path)
    assert finished.returncode == 2 and words in finished.stderr, finished.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.yaml", "gone.json"]


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("said", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", b"HTTP/1.0 400 Bad request\r\n\r\n"])
def test_another_program_at_the_place_is_refused_in_time(tmp_path: Path, said: bytes) -> None:
    """One that says nothing and keeps the line open, and ones whose words a scheduler would not say."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            line, _ = listener.accept()
            line.sendall(said)
            over.wait()
            line.close()

        over = threading.Event()
        threading.Thread(target=answer, daemon=True).start()
        begun = time.monotonic()
        place = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        finished = anagen(*FEW, "--cluster", place, cwd=tmp_path)
        over.set()
    assert finished.returncode == 2 and f"no Dask scheduler answers at {place}" in finished.stderr, finished.stderr
    assert time.monotonic() - begun < 10.0
    assert not list(tmp_path.iterdir())


def test_workers_beside_a_cluster_and_a_cluster_without_dask_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = anagen(*FEW, "--cluster", "tcp://127.0.0.1:9", "--workers", "2", cwd=tmp_path)
    assert both.returncode == 2 and "leave one of them out" in both.stderr
    from anagen.core import extras

    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    without = anagen(*FEW, "--cluster", "tcp://127.0.0.1:9", cwd=tmp_path)
    assert without.returncode == 2 and "pip install 'anagen[cluster]'" in without.stderr


def test_a_killed_run_leaves_no_word_of_semaphores(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [PROGRAM, *RUN, "--workers", "2"], cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    wait_for(lambda: chunks(tmp_path))
    running.send_signal(signal.SIGKILL)
    assert running.stderr is not None
    assert running.stderr.read() == ""  # until the tracker of semaphores has ended as well
    running.wait()
