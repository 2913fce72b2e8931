"""The gains of usual courses that come with the package belong to its parameters, and say when they do not."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from anagen.comparative.gains import (
    ENDPOINTS,
    NEAREST,
    SEXES,
    SHIPPED,
    THERAPIES,
    NoGains,
    gains_of,
    read_gains,
    shipped_gains,
)
from anagen.comparative.result import compare
from anagen.parameters import load_parameters
from anagen.parameters.files import shipped_priors


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for file in (SHIPPED, SHIPPED.with_suffix(".json")):
        shutil.copy(file, tmp_path)
    return tmp_path / SHIPPED.name


def test_gains_belong_to_the_parameters() -> None:
    found = shipped_gains()
    assert found.manifest["parameters_sha256"] == load_parameters().only(shipped_priors()).sha256(), "run `make docs`"
    assert found.current
    assert set(found.table["therapy"]) == set(THERAPIES)
    assert len(found.table) == len(THERAPIES) * len(ENDPOINTS) * len(SEXES) * 6
    assert (found.table["low"] <= found.table["gain"]).all() and (found.table["gain"] <= found.table["high"]).all()


def test_gains_of_other_parameters_say_so(copied: Path) -> None:
    beside = copied.with_suffix(".json")
    beside.write_text(json.dumps(json.loads(beside.read_text()) | {"parameters_sha256": "0" * 64}))
    assert not read_gains(copied).current


def test_another_table_is_refused(copied: Path) -> None:
    copied.write_text(copied.read_text().replace("male", "mail", 1))
    with pytest.raises(NoGains, match="is not the table"):
        read_gains(copied)
    copied.unlink()
    with pytest.raises(NoGains, match="no such file"):
        read_gains(copied)


def test_the_nearest_week_is_taken_and_none_far_away() -> None:
    gains = shipped_gains()
    nearest = gains.of("finasteride", "total_density", 27.0)
    assert nearest is not None and nearest.week == 24.0
    assert gains.of("finasteride", "total_density", 48.0 + NEAREST + 1.0) is None
    assert gains.of("ginseng", "total_density", 24.0) is None


def test_gains_are_those_of_a_comparison() -> None:
    ranking = compare("finasteride", weeks=16, draws=2, patients=10)
    found = gains_of(ranking)
    assert found["week"].tolist() == [8.0, 16.0]
    last = found.iloc[-1]
    assert last["gain"] == pytest.approx(ranking.table["gain"].iloc[0])
    assert (last["low"], last["high"]) == pytest.approx(tuple(ranking.table[["gain_low", "gain_high"]].iloc[0]))


def test_a_single_treatment_has_no_chance_of_being_best() -> None:
    table = compare("finasteride", weeks=8, draws=2, patients=10).table
    assert table[["best", "beats", "best_parameters", "best_patients"]].isna().all(axis=None)
    pd.testing.assert_series_equal(table["rank"], pd.Series([1], name="rank"))
