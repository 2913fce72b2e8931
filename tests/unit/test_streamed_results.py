"""Results of many trials stay on the disk in blocks, and give the files that one table in memory would."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from result_samples import sample_contents

from anagen.core import parquet
from anagen.results import Rows, conform, read_results, storage, write_results
from anagen.results.schema import SchemaError
from anagen.runs import tasks
from anagen.runs.result import run
from anagen.runs.tasks import SECONDS_PER_TASK, blocks

SMALL = {"patients": 4, "draws": 0}


def many(name: str, trials: int) -> pd.DataFrame:
    """A sample table, repeated as trials, conformed."""
    table = sample_contents().rows[name].parts[0]
    assert isinstance(table, pd.DataFrame)
    return conform(name, pd.concat([table.assign(replicate=trial) for trial in range(trials)], ignore_index=True))


def cut(table: pd.DataFrame, folder: Path, trials: int) -> list[pd.DataFrame | Path]:
    """The table in blocks of trials: the first in memory, the others in files as a store keeps them."""
    parts: list[pd.DataFrame | Path] = []
    for first in range(0, int(table["replicate"].max()) + 1, trials):
        part = table[table["replicate"].between(first, first + trials - 1)].reset_index(drop=True)
        file = folder / f"{first}.parquet"
        file.write_bytes(parquet.frame_to_parquet(part))
        parts.append(file if parts else part)
    return parts


@pytest.mark.parametrize("name", ["visits", "patients", "events"])
@pytest.mark.parametrize("trials", [1, 3, 7])
def test_a_file_has_the_same_bytes_however_its_rows_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, trials: int
) -> None:
    table = many(name, 7)
    if name == "patients":  # a block of which nobody left holds no reason at all
        table["dropout_reason"] = table["dropout_reason"].where(table["replicate"] > 3)
    monkeypatch.setattr(parquet, "ROWS_PER_GROUP", 5)
    whole = storage.table_to_bytes(name, table)
    streamed = Rows(name, tuple(cut(table, tmp_path, trials)))
    streamed.write(tmp_path / "out.parquet")
    assert (tmp_path / "out.parquet").read_bytes() == whole
    assert_frame_equal(streamed.whole, table)
    assert_frame_equal(conform(name, streamed.first), conform(name, table[table["replicate"] == 0]))


def test_blocks_with_other_columns_are_not_put_together(tmp_path: Path) -> None:
    table = many("patients", 2)
    other = table.assign(further=1.0)
    with pytest.raises(SchemaError, match="differ in columns"):
        Rows("patients", (table, other)).write(tmp_path / "out.parquet")


def test_of_many_trials_few_rows_are_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "SECONDS_PER_TASK", 1.0e-3)
    contents = run("exosome-vs-saline", replicates=4, work_dir=tmp_path / "work", **SMALL).contents
    parts = contents.rows["visits"].parts
    assert len(parts) > 1 and all(isinstance(part, Path) for part in parts)
    written = write_results(contents, tmp_path / "out")
    assert "whole" not in vars(written.rows["visits"]), "nothing reads all rows at once but whoever asks for them"
    assert written.visits["replicate"].nunique() == 4
    assert_frame_equal(read_results(tmp_path / "out").visits, written.visits)


def test_kept_effects_are_those_of_a_run_that_keeps_all(tmp_path: Path) -> None:
    options = {"replicates": 4, **SMALL}
    whole, lean = (run("exosome-vs-saline", keep=keep, **options) for keep in ("all", "effects"))
    for name in ("effects", "arms", "comparison", "safety"):
        assert_frame_equal(getattr(whole.contents, name), getattr(lean.contents, name))
    for name in ("visits", "patients", "events"):
        table = getattr(whole.contents, name)
        first = table[table["replicate"] == 0].reset_index(drop=True)
        assert_frame_equal(getattr(lean.contents, name), first, check_categorical=False)
    assert lean.manifest.pop("kept") == "visits, patients and events of the first trial; effects of all"
    lean.save(tmp_path / "out", report=False)
    assert read_results(tmp_path / "out").visits["replicate"].unique().tolist() == [0]


def test_tasks_are_cut_by_cost_and_hold_everything_once() -> None:
    for number, seconds in ((0, 1.0), (1, 9.0), (21, 0.1), (1000, 0.065), (7, 5.0)):
        found = blocks(number, seconds)
        assert [place for block in found for place in block] == list(range(number))
        sizes = {len(block) for block in found}
        assert not sizes or max(sizes) - min(sizes) <= 1
        assert max(sizes, default=0) * seconds <= max(SECONDS_PER_TASK + seconds, seconds)
