"""Questions to a result folder in SQL, answered by DuckDB."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.results.curves import CURVE, CURVE_KIND, DRAWS
from anagen.results.manifest import MANIFEST, problem, read_manifest, verify
from anagen.results.schema import SQL_TYPES, TABLES, TableSchema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection, Statement

TRUE = re.compile(r"(?<![\"\w])true(?![\"\w])", re.IGNORECASE)
"""The word, where it does not stand in quotes."""


def query(folder: Path, sql: str, *, verified: bool = True) -> pd.DataFrame:
    """Rows that one SELECT finds in the tables visits, patients, effects, arms, comparison, events, safety and
    parameters, or in curve and draws of a response curve.

    The statement can read these tables and nothing else: no other file, no network, and it can write nothing.

    Parameters
    ----------
    folder : Path
        A result folder.
    sql : str
        One statement that reads (SELECT, WITH, DESCRIBE, SUMMARIZE, SHOW); https://duckdb.org/docs/sql/introduction.
    verified : bool
        Whether to compare every file with its size and hash in the manifest first.

    Raises
    ------
    InputError
        Where the folder is not a result folder or a file in it was changed; where the statement is wrong, with DuckDB's
        message and the tables and their columns.
    """
    import duckdb

    manifest = read_manifest(folder)
    curve = manifest.get("kind") == CURVE_KIND
    if verified:
        verify(folder, manifest)
        read = (CURVE, DRAWS) if curve else tuple(s.file for s in TABLES.values() if not s.optional)
        unlisted = [name for name in read if name not in manifest["files"]]
        if unlisted:
            raise InputError([problem(folder / MANIFEST, f"does not list {name}") for name in unlisted])
    files = _files(folder, curve=curve)
    with duckdb.connect(":memory:") as connection:
        try:
            for name, source in files.items():
                connection.execute(f"CREATE VIEW {name} AS SELECT * FROM {source[1]}")
            _shut(connection, [path for path, _ in files.values()])
            statements = connection.extract_statements(sql)
            if len(statements) != 1:
                raise InputError((_problem(f"expected one statement, got {len(statements)}", connection),))
            if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
                raise InputError((_problem("only statements that read are allowed, such as SELECT", connection),))
            return _answer(connection, statements[0])
        except duckdb.Error as error:
            raise InputError((_problem(f"{error}{_quoting(str(error), sql)}", connection),)) from error


def _quoting(error: str, sql: str) -> str:
    """What to write where `true`, a column of visits and a word of SQL, was taken for the word."""
    return '; the column true is written "true", with quotes' if "BOOLEAN" in error and TRUE.search(sql) else ""


def _answer(connection: DuckDBPyConnection, statement: Statement) -> pd.DataFrame:
    """Rows of a statement, worked out on a thread, so that Ctrl-C stops a query that would not end."""
    with ThreadPoolExecutor(1) as thread:
        rows = thread.submit(lambda: connection.execute(statement).df())
        try:
            return rows.result()
        except KeyboardInterrupt:
            connection.interrupt()
            raise


def _files(folder: Path, *, curve: bool) -> dict[str, tuple[str, str]]:
    """Table -> its file and how DuckDB reads it, both as quoted text; of a response curve, curve and draws."""
    if curve:
        paths = {Path(name).stem: _quoted(folder / name) for name in (CURVE, DRAWS)}
        return {name: (path, f"read_parquet({path})") for name, path in paths.items()}
    there = [schema for schema in TABLES.values() if not schema.optional or (folder / schema.file).is_file()]
    return {schema.name: (_quoted(folder / schema.file), _source(schema, folder)) for schema in there}


def _source(schema: TableSchema, folder: Path) -> str:
    path = _quoted(folder / schema.file)
    if schema.format == "parquet":
        return f"read_parquet({path})"
    types = ", ".join(f"'{column.name}': '{SQL_TYPES[column.kind]}'" for column in schema.columns)
    return f"read_csv({path}, header=true, delim=',', quote='\"', nullstr='', columns={{{types}}})"


def _quoted(path: Path) -> str:
    return "'" + str(path.resolve()).replace("'", "''") + "'"


def _shut(connection: DuckDBPyConnection, files: list[str]) -> None:
    connection.execute(f"SET allowed_paths=[{', '.join(files)}]")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET python_enable_replacements=false")
    connection.execute("SET lock_configuration=true")


def _problem(message: str, connection: DuckDBPyConnection) -> Problem:
    rows = connection.execute(
        "SELECT table_name, string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns() "
        "WHERE NOT internal GROUP BY table_name, table_oid ORDER BY table_oid"
    ).fetchall()
    tables = tuple(f"{name}({columns})" for name, columns in rows)
    return Problem(
        file=None, line=None, column=None, field="SQL", message=message.strip().replace("\t", " "), allowed=tables
    )
