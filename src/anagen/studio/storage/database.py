"""The studio's database: SQLite in its folder, or PostgreSQL by its address; brought up to date when it is opened."""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from anagen.core.errors import InputError, Problem

FILE = "studio.sqlite"
SECONDS_TO_WAIT = 5.0
"""How long a write waits for another one."""
LOCK = 0x616E6167656E
"""The advisory lock that writers of jobs hold in PostgreSQL, as SQLite lets one writer in at a time by itself."""
MIGRATIONS = "anagen.studio.storage:migrations"
SQLITE, POSTGRESQL = "sqlite", "postgresql"


class Database:
    """An open database.

    Parameters
    ----------
    address : str
        Of SQLAlchemy, such as sqlite:////folder/studio.sqlite or postgresql+pg8000://user@host/name.

    Raises
    ------
    InputError
        Where there is no such kind of database.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        self.engine = _engine(address)

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self.engine.dialect.name == SQLITE

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A connection that reads one state of the database.

        Returns
        -------
        Generator[Connection]
            Open while the block runs.
        """
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self, *, alone: bool = False) -> Generator[Connection]:
        """A transaction: all of the block is written, or nothing.

        Parameters
        ----------
        alone : bool
            Whether no other such block may run at the same time, in any process. SQLite never lets two run.

        Returns
        -------
        Generator[Connection]
            Open while the block runs.
        """
        with self.engine.connect().execution_options(anagen_writes=True) as connection, connection.begin():
            if alone and not self.is_sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:number)"), {"number": LOCK})
            yield connection

    def bring_up_to_date(self) -> None:
        """Run the migrations that the database has not seen; several processes may do so at once.

        Raises
        ------
        InputError
            Where the database cannot be reached or was written by a later version.
        """
        from alembic.util import CommandError

        try:
            with self.writing(alone=True) as connection:
                migrate(connection, "head")
        except DBAPIError as error:
            raise _unreachable(self.address, str(error.orig)) from error
        except CommandError as error:
            words = f"was written by another version of Anagen, which knows more of it ({error})"
            raise _unreachable(self.address, words) from error

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()


def migrate(connection: Connection, revision: str) -> None:
    """Bring the tables to a revision.

    Parameters
    ----------
    connection : Connection
        In a transaction.
    revision : str
        Its name, or "head" for the newest.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", MIGRATIONS)
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def address_of(folder: Path, database: str | None) -> str:
    """Address of the database of a studio.

    Parameters
    ----------
    folder : Path
        Of the studio.
    database : str or None
        What was asked for; None for SQLite in the folder.

    Returns
    -------
    str
        For `Database`.

    Examples
    --------
    >>> address_of(Path("/srv/studio"), None), address_of(Path("/srv/studio"), "postgresql://me@here/anagen")
    ('sqlite:////srv/studio/studio.sqlite', 'postgresql+pg8000://me@here/anagen')
    """
    if database is None:
        return f"sqlite:///{folder / FILE}"
    return database.replace("postgresql://", "postgresql+pg8000://", 1)


def _engine(address: str) -> Engine:
    try:
        url = make_url(address)
        if url.get_backend_name() not in (SQLITE, POSTGRESQL):
            words = f"{url.get_backend_name()!r} is not known"
            raise InputError([Problem(None, None, None, "database", words, ("sqlite:///FILE", "postgresql://..."))])
        if url.get_backend_name() == SQLITE:
            made = create_engine(url, connect_args={"timeout": SECONDS_TO_WAIT, "check_same_thread": False})
            event.listen(made, "connect", _set_up_sqlite)
            event.listen(made, "begin", _begin_sqlite)
            return made
        if not url.username:
            words = "names no user; give it as postgresql://USER@HOST/NAME"
            raise InputError([Problem(None, None, None, "database", words)])
        return create_engine(url, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        words = f"cannot be understood ({str(error).splitlines()[0]}); give it as postgresql://USER@HOST/NAME"
        raise InputError([Problem(None, None, None, "database", words)]) from error


def _set_up_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    del record
    # transactions begin where we say so
    connection.isolation_level = None
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = normal")
    connection.execute("pragma foreign_keys = on")


def _begin_sqlite(connection: Connection) -> None:
    # a transaction that reads first and writes then could not wait for another writer
    writes = connection.get_execution_options().get("anagen_writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _unreachable(address: str, why: str) -> InputError:
    where = make_url(address).render_as_string(hide_password=True)
    return InputError([Problem(None, None, None, "database", f"{where} cannot be used: {why}")])
