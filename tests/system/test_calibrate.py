"""A small calibration from end to end: the folder, going on after a stop, simulations used again."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from anagen.calibration.further import FurtherOptions
from anagen.calibration.records import Settings
from anagen.calibration.result import CalibrationResult, calibrate
from anagen.core.errors import InputError
from anagen.core.progress import Progress
from anagen.parameters import load_parameters, read_posterior
from anagen.results.manifest import files_record
from anagen.runs.folders import FolderOptions, RunInterrupted, into_folder

STUDY = "van-neste-2000-finasteride"
SMALL = Settings(studies=(STUDY,), points=50, chains=2, warmup=250, draws=300, kept=100, checked=2)


@dataclass(frozen=True)
class Finished:
    folder: Path
    facts: dict[str, Any]


class Stopped(Progress):
    """Stops the work after the first part of several."""

    def advance(self, done: int, total: int) -> None:
        if total > 1 and done == 1:
            raise KeyboardInterrupt


def calibrated(
    out: Path, *, earlier: Path | None = None, report: bool = False, progress: Progress | None = None
) -> Finished:
    def work(kept: Path) -> CalibrationResult:
        return calibrate(SMALL, further=FurtherOptions(), earlier=earlier, work_dir=kept, progress=progress)

    def write(result: CalibrationResult, folder: Path) -> None:
        result.save(folder, report=report)

    result, folder = into_folder("calibration", FolderOptions(out), work, write)
    assert "posterior (90 %)</th>" in result._repr_html_()
    return Finished(folder, result.diagnostics)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Finished:
    return calibrated(tmp_path_factory.mktemp("first") / "calibration", report=True)


def test_the_folder_holds_a_posterior_that_the_model_reads(first: Finished) -> None:
    posterior = read_posterior(first.folder / "posterior.parquet")
    assert posterior.draws == 100
    drawn = load_parameters(first.folder / "posterior.parquet").draw(1, 3)
    assert (
        drawn["finasteride.androgen_drive"] in posterior.matrix[:, posterior.names.index("finasteride.androgen_drive")]
    )
    assert read_posterior(first.folder / "untreated.parquet").manifest["studies"] == [STUDY]


def test_finasteride_is_informed_by_its_trial_and_emulators_hold(first: Finished) -> None:
    table = pd.read_csv(first.folder / "parameters.csv").set_index("name")
    assert table.loc["finasteride.androgen_drive", "contraction"] > 0.1
    assert table["rhat"].max() < 1.05
    targets = pd.read_csv(first.folder / "targets.csv")
    assert targets["check_rmse_over_error"].median() < 1.0
    assert set(targets["stage"]) == {1, 2}
    assert first.facts["posterior"]["divergences"] == 0


def test_the_page_holds_its_pictures(first: Finished) -> None:
    page = (first.folder / "report.html").read_text(encoding="utf-8")
    assert page.count("data:image/svg+xml;base64,") == 4
    assert "<script" not in page and "finasteride.androgen_drive" in page


def sealed(folder: Path) -> None:
    """The manifest again, as if a run had written the files as they are now."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= files_record(folder, list(manifest["files"]))
    (folder / "manifest.json").write_text(json.dumps(manifest))


# by default simulations of an earlier folder are used again, as those of a stopped one are
@pytest.mark.long
def test_a_stopped_calibration_goes_on_and_gives_the_same_draws(first: Finished, tmp_path: Path) -> None:
    out = tmp_path / "again"
    with pytest.raises(RunInterrupted, match="the same command goes on from there"):
        calibrated(out, progress=Stopped())
    kept = len(list((out.with_name("again.work")).glob("*/chunk.json")))
    assert kept >= 2
    again = calibrated(out)
    for name in ("posterior.parquet", "deviates.parquet", "simulations/expected.parquet"):
        assert (again.folder / name).read_bytes() == (first.folder / name).read_bytes()


def test_simulations_are_used_again_where_priors_and_studies_are_the_same(first: Finished, tmp_path: Path) -> None:
    again = calibrated(tmp_path / "more", earlier=first.folder, report=True)
    assert (again.folder / "posterior.parquet").read_bytes() == (first.folder / "posterior.parquet").read_bytes()
    assert "simulate" not in again.facts["seconds"]
    record = again.folder / "simulations" / "simulations.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"prior_sha256": "other"}))
    with pytest.raises(InputError, match=r"simulations\.json: was changed after it was written"):
        calibrated(tmp_path / "third", earlier=again.folder)
    sealed(again.folder)
    with pytest.raises(InputError, match="was simulated with other priors"):
        calibrated(tmp_path / "third", earlier=again.folder)


def test_simulations_that_this_version_would_not_repeat_are_refused(first: Finished, tmp_path: Path) -> None:
    changed = shutil.copytree(first.folder, tmp_path / "changed")
    file = changed / "simulations" / "expected.parquet"
    table = pd.read_parquet(file)
    table.iloc[0, 0] += 1.0
    table.to_parquet(file, index=False)
    sealed(changed)
    with pytest.raises(InputError, match="simulates van-neste-2000-finasteride otherwise"):
        calibrated(tmp_path / "third", earlier=changed)


def test_settings_that_cannot_be_fitted_are_refused() -> None:
    with pytest.raises(InputError, match="must be 30 or more"):
        Settings(points=10)
