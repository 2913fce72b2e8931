"""A studio in a process of its own, as tests start, ask and kill it; and a kind of work that waits."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

SECONDS = 60.0
PLUGIN = """
import time
from anagen.core.errors import InputError, Problem
from anagen.execution import ChunkStore, Task, run_tasks
from anagen.results.folder import write_folder
from anagen.runs.folders import FolderOptions, into_folder
from anagen.studio.kinds import FILES, Kind

def check(spec):
    if spec.get("parts", 1) > 1000:
        raise InputError([Problem(None, None, None, "parts", "is at most 1000")])

def wait(task):
    import pandas as pd
    seconds, note = task.payload
    with open(note, "a") as lines:
        lines.write(task.name + "\\n")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.01)
    return {"waited": pd.DataFrame({"part": [int(task.name)]})}

def work(spec, folder, progress):
    if spec.get("crash"):
        import os
        os._exit(7)
    if spec.get("fail"):
        raise ValueError("a mistake of ours")
    if spec.get("deaf"):
        import signal
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    progress.stage("waiting")
    note = str(folder) + ".note"
    tasks = [Task(str(n), f"part{n}", (spec.get("seconds", 0.05), note)) for n in range(spec.get("parts", 4))]
    def parts(kept):
        return [int(t["waited"]["part"].iloc[0]) for t in
                run_tasks(tasks, wait, store=ChunkStore(kept), progress=progress.advance)]
    def write(found, target):
        def fill(place):
            (place / "parts.csv").write_text("part\\n" + "\\n".join(map(str, found)) + "\\n")
        import hashlib
        data = ("part\\n" + "\\n".join(map(str, found)) + "\\n").encode()
        write_folder(target, fill, {"package": "anagen", "version": "0", "kind": "waits",
            "files": {"parts.csv": hashlib.sha256(data).hexdigest()}, "sizes": {"parts.csv": len(data)}})
        progress.stage("written")
        time.sleep(spec.get("after", 0.0))
    into_folder("waits", FolderOptions(folder), parts, write)

KIND = Kind("waits", "Waiting", check, lambda spec: spec.get("parts", 4) * spec.get("seconds", 0.05), work,
            lambda job: {}, FILES)
"""
SERVE = """
import json, sys
from pathlib import Path
from anagen.studio.server import serve
from anagen.studio.settings import Settings
given = json.loads(sys.argv[1])
given["host_names"] = tuple(given.get("host_names", ()))
given = {"port": 0, "warm_up": False, **given}
serve(Settings(Path(given.pop("folder")), **given))
"""


def plugin(folder: Path) -> Path:
    """A folder from which the kind `waits` is found as that of an installed package."""
    information = folder / "anagen_waits-1.0.dist-info"
    information.mkdir(parents=True)
    (folder / "anagen_waits.py").write_text(PLUGIN, encoding="utf-8")
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: anagen-waits\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text("[anagen.studio.kinds]\nwaits = anagen_waits:KIND\n")
    return folder


@dataclass
class Studio:
    """A running studio."""

    process: subprocess.Popen[str]
    address: str
    key: str | None
    client: httpx2.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx2.Client(base_url=self.address, timeout=SECONDS)
        if self.key is not None:
            assert self.client.get(f"/?key={self.key}").status_code == 303

    def start(self, **spec: Any) -> str:
        """Start a job of the kind `waits`; its identifier."""
        body = {"kind": "waits", "title": "Waiting", "spec": spec}
        answer = self.client.post("/api/v1/runs", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()["id"]

    def job(self, id: str) -> dict[str, Any]:
        """A job as the API tells it."""
        return self.client.get(f"/api/v1/runs/{id}").json()

    def until(self, id: str, *states: str, done: float = 0.0) -> dict[str, Any]:
        """Wait until a job is in one of some states, and has so many parts done."""
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            job = self.job(id)
            if job["state"] in states and (job["state"] == "done" or job["done"] >= done):
                return job
            time.sleep(0.2)
        raise AssertionError(f"still {job}")

    def do(self, id: str, what: str) -> httpx2.Response:
        """Post a command to a job's page."""
        return self.client.post(f"/runs/{id}/{what}")

    def kill(self) -> None:
        """End the server as a power cut does."""
        self.process.kill()
        self.process.wait()
        self.client.close()


@contextlib.contextmanager
def studio(folder: Path, found: Path | None = None, **settings: Any) -> Iterator[Studio]:
    """Start a studio on a free port."""
    path = os.pathsep.join([str(each) for each in (found, *sys.path) if each])
    given = json.dumps({"folder": str(folder), **settings})
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, given],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": path},
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        told = re.match(r"The studio is at (http://[^/]+)(?:/\?key=(.+))?$", line.strip())
        assert told, line + (process.stderr.read() if process.stderr else "")
        running = Studio(process, told[1], told[2])
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def worker_of(folder: Path, id: str) -> int:
    """Number of the process that works on a job."""
    import sqlite3

    with contextlib.closing(sqlite3.connect(folder / "studio.sqlite")) as database:
        (pid,) = database.execute("select pid from jobs where id = ?", (id,)).fetchone()
    return pid
