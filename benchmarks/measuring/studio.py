"""A studio that runs in a process of its own, what it holds and uses, and a client that keeps its connection."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from measuring.cost import now

SECONDS = 60.0
"""Longest wait for an answer, and for the end of the server [s]."""
SERVE = """
import json, sys
from pathlib import Path
from anagen.studio.server import serve
from anagen.studio.settings import Settings
serve(Settings(Path(sys.argv[1]), port=0, warm_up=False, pictures_a_second=1e9, pictures_at_once=1e9,
               posts_a_minute=1e9, most_waiting=1000))
"""


@dataclass
class Server:
    """A studio that runs, and a session in it."""

    process: subprocess.Popen[str]
    host: str
    port: int
    cookie: str = field(default="")

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"

    def client(self) -> Client:
        return Client(http.client.HTTPConnection(self.host, self.port, timeout=SECONDS), self.cookie)

    def cpu(self) -> float:
        """CPU seconds of the server alone."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_mb(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024.0


@dataclass
class Client:
    """A connection that is kept."""

    connection: http.client.HTTPConnection
    cookie: str

    def ask(self, path: str, body: dict[str, Any] | None = None) -> tuple[int, bytes, float]:
        """Status, body and milliseconds of a request."""
        begin = now()
        headers = {"Cookie": self.cookie, "X-Fragment": "1"}
        if body is None:
            self.connection.request("GET", path, headers=headers)
        else:
            self.connection.request("POST", path, json.dumps(body), headers | {"Content-Type": "application/json"})
        answer = self.connection.getresponse()
        data = answer.read()
        return answer.status, data, 1000.0 * (now() - begin)


@contextlib.contextmanager
def served(folder: Path) -> Iterator[Server]:
    """A studio in a process of its own, on a free port."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(folder)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert process.stdout is not None
        told = re.search(r"http://([^:/]+):(\d+)/\?key=(\S+)", process.stdout.readline())
        if told is None:
            raise SystemExit("the studio did not start")
        server = Server(process, told[1], int(told[2]))
        connection = http.client.HTTPConnection(server.host, server.port, timeout=SECONDS)
        connection.request("GET", f"/?key={told[3]}")
        answer = connection.getresponse()
        answer.read()
        server.cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
