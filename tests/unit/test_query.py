"""SQL questions to a result folder are answered, and can do nothing but read it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from result_samples import sample_contents

from anagen.core.errors import InputError
from anagen.results import TABLES, query, write_results


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written") / "out"
    write_results(sample_contents(), folder)
    return folder


@pytest.fixture
def folder(written: Path, tmp_path: Path) -> Path:
    return shutil.copytree(written, tmp_path / "it's here")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_can_be_asked(folder: Path, name: str) -> None:
    table = sample_contents().tables()[name]
    found = query(folder, f"SELECT * FROM {name}")
    assert len(found) == len(table)
    assert set(found.columns) == set(table.columns)


def test_values_are_those_of_the_tables(folder: Path) -> None:
    found = query(folder, "SELECT estimate, control FROM effects WHERE kind = 'trial' -- a comment")
    assert found["estimate"].tolist() == [8.1]
    means = query(
        folder, "SELECT arm, avg(measured) AS mean FROM visits WHERE assigned AND week = 24 GROUP BY arm ORDER BY arm;"
    )
    visits = sample_contents().visits
    expected = visits[visits["assigned"] & (visits["week"] == 24)].groupby("arm")["measured"].mean()
    assert means["mean"].tolist() == pytest.approx(expected.tolist(), rel=1e-6)


def test_missing_values_and_quotes_survive_csv(folder: Path) -> None:
    found = query(folder, "SELECT remark, inside, observed_n FROM comparison")
    assert found["remark"].tolist()[1] == 'another zone, "frontal"'
    assert query(folder, "SELECT count(*) AS n FROM comparison WHERE inside IS NULL")["n"].tolist() == [1]


@pytest.mark.parametrize(
    "sql", ["SHOW TABLES", "DESCRIBE visits", "SUMMARIZE arms", "EXPLAIN SELECT 1", "WITH a AS (SELECT 1) FROM a"]
)
def test_statements_that_read_are_allowed(folder: Path, sql: str) -> None:
    assert len(query(folder, sql)) > 0


def test_the_column_that_is_a_word_of_sql_is_told_with_its_quotes(folder: Path) -> None:
    with pytest.raises(InputError, match='the column true is written "true", with quotes'):
        query(folder, "SELECT avg(true) FROM visits")
    assert len(query(folder, 'SELECT avg("true") FROM visits')) == 1
    with pytest.raises(InputError) as caught:
        query(folder, "SELECT avg(assigned) FROM visits")
    assert "with quotes" not in str(caught.value) and "\t" not in caught.value.problems[0].message


def test_a_wrong_name_is_told_with_tables_and_columns(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        query(folder, "SELECT estimat FROM effects")
    problem = caught.value.problems[0]
    assert "estimat" in problem.message
    assert any(entry.startswith("effects(replicate, draw, kind") for entry in problem.allowed)
    assert len(problem.allowed) == len(TABLES)


@pytest.mark.parametrize("sql", ["", "SELEC 1", "SELECT 1; SELECT 2", "SELECT * FROM nowhere", "SELECT 1/'a'"])
def test_wrong_statements_are_bad_input(folder: Path, sql: str) -> None:
    with pytest.raises(InputError):
        query(folder, sql)


@pytest.mark.parametrize(
    "sql",
    [
        "DROP VIEW visits",
        "CREATE TABLE x AS SELECT 1",
        "COPY (SELECT 1) TO 'SECRET.out'",
        "COPY visits TO 'VISITS'",
        "SELECT * FROM read_csv('SECRET')",
        "SELECT * FROM 'SECRET'",
        "SELECT * FROM read_text('SECRET')",
        "SELECT * FROM glob('FOLDER/*')",
        "ATTACH 'SECRET' AS other",
        "INSTALL httpfs",
        "PRAGMA enable_external_access",
        "SET enable_external_access=true",
        "SELECT * FROM SAMPLE_FRAME",
    ],
)
def test_nothing_but_the_folder_can_be_reached_and_nothing_written(folder: Path, tmp_path: Path, sql: str) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    before = sorted(tmp_path.rglob("*"))
    visits = (folder / "visits.parquet").as_posix().replace("'", "''")
    sql = sql.replace("SECRET", str(secret)).replace("VISITS", visits).replace("FOLDER", str(tmp_path))
    SAMPLE_FRAME = sample_contents().arms  # noqa: F841
    with pytest.raises(InputError):
        query(folder, sql)
    assert sorted(tmp_path.rglob("*")) == before


def test_other_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a result folder"):
        query(tmp_path, "SELECT 1")
