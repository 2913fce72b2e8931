"""Questions to a result folder in SQL, answered by DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from anagen.core.errors import InputError, Problem
from anagen.results.folder import read_manifest
from anagen.results.schema import SQL_TYPES, TABLES, TableSchema

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def query(folder: Path, sql: str) -> pd.DataFrame:
    """Rows that one SELECT finds in the tables visits, patients, effects, arms, comparison and parameters.

    The statement can read these tables and nothing else: no other file, no network, and it can write nothing.

    Args:
        folder: a result folder.
        sql: one statement that reads (SELECT, WITH, DESCRIBE, SUMMARIZE, SHOW); https://duckdb.org/docs/sql/introduction

    Raises:
        InputError: where the folder is not a result folder, or with DuckDB's message and the tables and their columns
            where the statement is wrong.
    """
    import duckdb

    read_manifest(folder)
    with duckdb.connect(":memory:") as connection:
        try:
            for schema in TABLES.values():
                connection.execute(_view(schema, folder))
            _shut(connection, folder)
            statements = connection.extract_statements(sql)
            if len(statements) != 1:
                raise InputError((_problem(f"expected one statement, got {len(statements)}", connection),))
            if statements[0].type not in (duckdb.StatementType.SELECT, duckdb.StatementType.EXPLAIN):
                raise InputError((_problem("only statements that read are allowed, such as SELECT", connection),))
            return connection.execute(statements[0]).df()
        except duckdb.Error as error:
            raise InputError((_problem(str(error), connection),)) from error


def _view(schema: TableSchema, folder: Path) -> str:
    path = str((folder / schema.file).resolve()).replace("'", "''")
    if schema.format == "parquet":
        source = f"read_parquet('{path}')"
    else:
        types = ", ".join(f"'{column.name}': '{SQL_TYPES[column.kind]}'" for column in schema.columns)
        source = f"read_csv('{path}', header=true, delim=',', quote='\"', nullstr='', columns={{{types}}})"
    return f"CREATE VIEW {schema.name} AS SELECT * FROM {source}"


def _shut(connection: DuckDBPyConnection, folder: Path) -> None:
    files = ", ".join("'" + str((folder / each.file).resolve()).replace("'", "''") + "'" for each in TABLES.values())
    connection.execute(f"SET allowed_paths=[{files}]")
    connection.execute("SET enable_external_access=false")
    connection.execute("SET python_enable_replacements=false")
    connection.execute("SET lock_configuration=true")


def _problem(message: str, connection: DuckDBPyConnection) -> Problem:
    rows = connection.execute(
        "SELECT table_name, string_agg(column_name, ', ' ORDER BY column_index) FROM duckdb_columns() "
        "WHERE NOT internal GROUP BY table_name, table_oid ORDER BY table_oid"
    ).fetchall()
    tables = tuple(f"{name}({columns})" for name, columns in rows)
    return Problem(file=None, line=None, column=None, field="SQL", message=message.strip(), allowed=tables)
