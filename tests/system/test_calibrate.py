"""A small calibration from end to end: the folder, going on after a stop, simulations used again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from anagen.calibration.job import FinishedCalibration, calibration_to_folder
from anagen.runs.options import RunOptions

from anagen.calibration.further import Asked
from anagen.calibration.records import Settings
from anagen.core.errors import InputError
from anagen.parameters import load_parameters, read_posterior
from anagen.runs.folders import RunInterrupted

STUDY = "van-neste-2000-finasteride"
SMALL = Settings(studies=(STUDY,), points=30, chains=2, warmup=250, draws=300, kept=100, checked=2)


def calibrated(
    out: Path,
    settings: Settings = SMALL,
    *,
    earlier: Path | None = None,
    asked: Asked | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> FinishedCalibration:
    options = RunOptions(out=out, report=asked is not None)
    return calibration_to_folder(
        settings, options, earlier=earlier, asked=asked, progress=progress, stage=lambda words: None
    )


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> FinishedCalibration:
    return calibrated(tmp_path_factory.mktemp("first") / "calibration", asked=Asked(leave_one_out=False))


def test_the_folder_holds_a_posterior_that_the_model_reads(first: FinishedCalibration) -> None:
    posterior = read_posterior(first.folder / "posterior.parquet")
    assert posterior.draws == 100
    drawn = load_parameters(first.folder / "posterior.parquet").draw(1, 3)
    assert (
        drawn["finasteride.androgen_drive"] in posterior.matrix[:, posterior.names.index("finasteride.androgen_drive")]
    )
    assert read_posterior(first.folder / "untreated.parquet").manifest["studies"] == [STUDY]


def test_finasteride_is_informed_by_its_trial_and_emulators_hold(first: FinishedCalibration) -> None:
    table = pd.read_csv(first.folder / "parameters.csv").set_index("name")
    assert table.loc["finasteride.androgen_drive", "contraction"] > 0.1
    assert table["rhat"].max() < 1.05
    targets = pd.read_csv(first.folder / "targets.csv")
    assert targets["check_rmse_over_error"].median() < 1.0
    assert set(targets["stage"]) == {1, 2}
    assert first.facts["posterior"]["divergences"] == 0


def test_the_page_holds_its_pictures(first: FinishedCalibration) -> None:
    assert first.report is not None
    page = first.report.read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml;base64,") == 4
    assert "<script" not in page and "finasteride.androgen_drive" in page


def test_a_stopped_calibration_goes_on_and_gives_the_same_draws(first: FinishedCalibration, tmp_path: Path) -> None:
    out = tmp_path / "again"

    def stop(done: int, total: int) -> None:
        if total > 1 and done == 1:
            raise KeyboardInterrupt

    with pytest.raises(RunInterrupted, match="the same command goes on from there"):
        calibrated(out, progress=stop)
    kept = len(list((out.with_name("again.work")).glob("*/chunk.json")))
    assert kept >= 2
    again = calibrated(out)
    for name in ("posterior.parquet", "deviates.parquet", "simulations/expected.parquet"):
        assert (again.folder / name).read_bytes() == (first.folder / name).read_bytes()


def test_simulations_are_used_again_where_priors_and_studies_are_the_same(
    first: FinishedCalibration, tmp_path: Path
) -> None:
    again = calibrated(tmp_path / "more", earlier=first.folder, asked=Asked(leave_one_out=False))
    assert (again.folder / "posterior.parquet").read_bytes() == (first.folder / "posterior.parquet").read_bytes()
    assert "simulate" not in again.facts["seconds"]
    record = again.folder / "simulations" / "simulations.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"prior_sha256": "other"}))
    with pytest.raises(InputError, match="was simulated with other priors"):
        calibrated(tmp_path / "third", earlier=again.folder)


def test_simulations_that_this_version_would_not_repeat_are_refused(first: FinishedCalibration, tmp_path: Path) -> None:
    again = calibrated(tmp_path / "more", earlier=first.folder)
    file = again.folder / "simulations" / "expected.parquet"
    table = pd.read_parquet(file)
    table.iloc[0, 0] += 1.0
    table.to_parquet(file, index=False)
    with pytest.raises(InputError, match="simulates van-neste-2000-finasteride otherwise"):
        calibrated(tmp_path / "third", earlier=again.folder)


def test_settings_that_cannot_be_fitted_are_refused() -> None:
    with pytest.raises(InputError, match="must be 30 or more"):
        Settings(points=10)
