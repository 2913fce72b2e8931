"""A studio in one file, and a studio out of one: rows as lines of JSON, result folders as they are.

The same file is read into SQLite and into PostgreSQL, so that it also moves a studio from one to the other. Sessions
and keys are left out: who was signed in signs in again. So are the steps of progress.
"""

from __future__ import annotations

import json
import os
import re
import time
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from anagen.core.disk import cannot_write, sync_file
from anagen.core.errors import InputError, Problem
from anagen.core.own_folders import scratch
from anagen.core.provenance import package_version
from anagen.studio.jobs.job import INTERRUPTED, STATES, WORKING
from anagen.studio.storage.database import FILE, Database
from anagen.studio.storage.tables import jobs, studies, users

TABLES = (users, studies, jobs)
HEAD = "studio.json"
KIND, VERSION = "anagen studio backup", 1
NOT_KEPT = (FILE, f"{FILE}-wal", f"{FILE}-shm", "address.txt")
PLACE = "folder/"
FOLDER = re.compile(r"\w[\w-]*")
"""Names of result folders."""


def back_up(database: Database, folder: Path, file: Path, *, overwrite: bool = False) -> dict[str, int]:
    """Write a studio into one file, while it is used or not.

    Parameters
    ----------
    database : Database
        Open and up to date.
    folder : Path
        Of the studio.
    file : Path
        Where to; whole or not at all.
    overwrite : bool
        Whether a file that exists may be replaced.

    Returns
    -------
    dict
        How many rows of each table, and how many "files".

    Raises
    ------
    InputError
        Where the file exists or cannot be written.
    """
    from anagen.core.files import Target

    Target(file, "FILE", overwrite).check()
    counts: dict[str, int] = {}
    try:
        with scratch(file) as place:
            made = place / "file"
            with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
                with database.reading() as connection:
                    for table in TABLES:
                        counts[table.name] = _write_rows(archive, connection, table)
                counts["files"] = _write_files(archive, folder, file)
                head = {"kind": KIND, "version": VERSION, "package": package_version(), "made": time.time(), **counts}
                archive.writestr(HEAD, json.dumps(head))
            sync_file(made)
            os.replace(made, file)
    except OSError as error:
        raise cannot_write(file, "FILE", error) from error
    return counts


def restore(database: Database, folder: Path, file: Path) -> dict[str, int]:
    """Read a studio out of one file, into a studio that holds nothing yet.

    Parameters
    ----------
    database : Database
        Open, up to date and without rows.
    folder : Path
        Of the studio, without result folders.
    file : Path
        From `back_up`.

    Returns
    -------
    dict
        How many rows of each table, and how many "files".

    Raises
    ------
    InputError
        Where the file is none of a studio or damaged, or the studio holds something already.
    """
    counts: dict[str, int] = {}
    try:
        with zipfile.ZipFile(file) as archive:
            _check(archive, file)
            inside = [name for name in archive.namelist() if name.startswith(PLACE)]
            wrong = [name for name in inside if not _is_inside(name)]
            if wrong:
                raise _refused(file, f"names {wrong[0]!r}, which is no file of a studio; a backup never holds that")
            _refuse_full(folder, inside)
            with database.writing(alone=True) as connection:
                for table in TABLES:
                    if connection.execute(select(func.count()).select_from(table)).scalar_one():
                        words = f"its database holds {table.name} already; restore into a new folder or database"
                        raise _refused(folder, words)
                for table in TABLES:
                    rows = [_as_now(table, row) for row in _rows(archive, table)]
                    if rows:
                        connection.execute(insert(table), rows)
                    counts[table.name] = len(rows)
                # files last: where they cannot be written, no row is kept
                _unpack(archive, folder, inside)
                counts["files"] = len(inside)
    except FileNotFoundError as error:
        raise _refused(file, "is not there") from error
    except SQLAlchemyError as error:
        # its words would hold what the rows hold
        words = "is no backup of a studio, or is damaged: its rows cannot be put into the database"
        raise _refused(file, words) from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, KeyError, EOFError) as error:
        raise _refused(file, f"is no backup of a studio, or is damaged ({error})") from error
    except OSError as error:
        raise cannot_write(folder, "folder", error) from error
    return counts


def _unpack(archive: zipfile.ZipFile, folder: Path, inside: list[str]) -> None:
    """Write the files; none is left where one cannot be written."""
    made: list[Path] = []
    try:
        for name in inside:
            target = folder / name.removeprefix(PLACE)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(name) as source, target.open("xb") as written:
                made.append(target)
                while piece := source.read(1 << 20):
                    written.write(piece)
    except BaseException:
        for target in made:
            target.unlink()
        raise


def _write_rows(archive: zipfile.ZipFile, connection: Connection, table: Table) -> int:
    number = 0
    with archive.open(f"rows/{table.name}.jsonl", "w") as lines:
        for row in connection.execute(select(table).order_by(*table.primary_key.columns)).mappings():
            lines.write(json.dumps(dict(row)).encode() + b"\n")
            number += 1
    return number


def _write_files(archive: zipfile.ZipFile, folder: Path, file: Path) -> int:
    number = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        beside = path.is_relative_to(file.parent / f".{file.name}.anagen-partial") or path == file
        if path.is_symlink() or not path.is_file() or name in NOT_KEPT or beside:
            continue
        try:
            archive.write(path, PLACE + name)
        except FileNotFoundError:  # a run has just put its kept parts away
            continue
        number += 1
    return number


def _check(archive: zipfile.ZipFile, file: Path) -> None:
    head = json.loads(archive.read(HEAD))
    if not isinstance(head, dict) or head.get("kind") != KIND:
        raise _refused(file, "is no backup of a studio")
    if head.get("version") != VERSION:
        raise _refused(file, f"was written by another version of Anagen, {head.get('package')}")
    damaged = archive.testzip()
    if damaged is not None:
        raise _refused(file, f"is damaged: {damaged} does not have the bytes that were written")


def _rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    with archive.open(f"rows/{table.name}.jsonl") as lines:
        for line in lines:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise ValueError(f"a line of {table.name} is no row")
            yield row


def _as_now(table: Table, row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is put into another studio: no process there works on any job."""
    known = {name: value for name, value in row.items() if name in table.columns}
    for name, value in known.items():
        kind = table.columns[name].type.python_type
        if value is not None and not isinstance(value, (int, float) if kind is float else kind):
            raise ValueError(f"{name} of {table.name} is of another type")
    if table is jobs:
        # it becomes a path
        if known["state"] not in STATES or not FOLDER.fullmatch(str(known["folder"])):
            raise ValueError("a run has no folder or state of a run")
        known |= {"host": None, "pid": None, "pid_started": None, "beat": None}
        if known["state"] in WORKING:
            known |= {"state": INTERRUPTED, "finished": time.time()}
    return known


def _is_inside(name: str) -> bool:
    inner = name.removeprefix(PLACE)
    pure = PurePosixPath(inner)
    # "folder//etc/hosts" would be /etc/hosts
    plain = pure.parts and pure.as_posix() == inner and not pure.is_absolute()
    return bool(plain) and ".." not in pure.parts and "\\" not in name and inner not in NOT_KEPT


def _refuse_full(folder: Path, inside: list[str]) -> None:
    there = [name for name in inside if os.path.lexists(folder / name.removeprefix(PLACE))]
    if there:
        raise _refused(folder, f"holds {there[0].removeprefix(PLACE)} already; restore into a new folder")


def _refused(path: Path, words: str) -> InputError:
    return InputError([Problem(str(path), None, None, "", words)])
