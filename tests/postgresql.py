"""A PostgreSQL of Debian's package on a socket of its own, for the tests that ask for one."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PLACES = "/usr/lib/postgresql/*/bin"
SECONDS = 60


def programs() -> Path | None:
    """Folder of the newest PostgreSQL, or None where there is none."""
    found = [path for path in Path("/").glob(PLACES[1:]) if (path / "initdb").is_file()]
    on_path = shutil.which("initdb")
    newest = sorted(found, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    return newest[-1] if newest else Path(on_path).resolve().parent if on_path else None


@contextmanager
def postgresql() -> Iterator[str]:
    """Address of an empty database; it is gone afterwards."""
    place = programs()
    if place is None:
        pytest.skip("no PostgreSQL is installed (Debian: apt-get install postgresql)")
    # it refuses to be run by root, and the longest name of a socket is about 100 characters
    as_user: list[str] = []
    folder = Path(tempfile.mkdtemp(prefix="anagen-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            shutil.rmtree(folder)
            pytest.skip("PostgreSQL refuses to run as root, and there is no user postgres")
        as_user = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        os.chown(folder, user.pw_uid, user.pw_gid)
    data, log = folder / "data", folder / "log"

    def run(program: str, *arguments: str) -> None:
        command = [*as_user, str(place / program), *arguments]
        finished = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=SECONDS, check=False, stdin=subprocess.DEVNULL
        )
        if finished.returncode:
            told = log.read_text() if log.is_file() else ""
            raise RuntimeError(f"{program}: {finished.stderr}{told}")

    try:
        run("initdb", "--auth=trust", "--username=anagen", "--encoding=UTF8", "--no-sync", "-D", str(data))
        options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-D", str(data), "-l", str(log), "-w", "-o", options, "start")
        try:
            yield f"postgresql://anagen@/postgres?unix_sock={folder}/.s.PGSQL.5432"
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
