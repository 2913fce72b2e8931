"""A run decides what its study claims: in the folder, on the console and in the report, the same on any workers."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from anagen.cli.app import app

TEXT = """
study: claims
population: {condition: aga, sex: {male: 1}, age: {mean: 38, sd: 9, min: 20, max: 60}, ethnicity: {asian: 1}}
arms:
  - {name: low, patients: 12, therapies: [{therapy: finasteride, dose: 0.2 mg, schedule: {per_day: 1}}]}
  - {name: high, patients: 12, therapies: [{therapy: finasteride, dose: 1 mg, schedule: {per_day: 1}}]}
  - {name: placebo, patients: 12, control: true, therapies: [{therapy: placebo, schedule: {per_day: 1}}]}
measurement: {zone: vertex, target_area: 0.3 cm^2, method: phototrichogram, visits: [0, 12, 24]}
endpoints:
  primary: {endpoint: total_density, week: 24, measure: change}
  secondary: [{endpoint: total_density, week: 24, measure: responder, threshold: 10}]
design: {randomisation: {method: block, block: 6}, dropout: 0.2}
analysis: {ANALYSIS}
"""


def run(folder: Path, analysis: str, *, workers: int = 1, report: bool = False) -> str:
    study = folder / "claims.yaml"
    study.write_text(TEXT.replace("ANALYSIS", analysis), encoding="utf-8")
    out = folder / f"out-{workers}"
    options = ["--replicates", "3", "--draws", "0", "--workers", str(workers), "--out", str(out), "--overwrite"]
    result = CliRunner().invoke(app, ["run", str(study), *options, *([] if report else ["--no-report"])])
    assert result.exit_code == 0, result.output
    return result.output


def test_claims_stand_in_folder_console_and_report(tmp_path: Path) -> None:
    sequence = "multiplicity: {method: fixed_sequence, order: [high, low]}"
    printed = run(tmp_path, f"method: mmrm, covariates: [age], {sequence}", report=True)
    claims = pd.read_csv(tmp_path / "out-1" / "claims.csv")
    assert claims["claim"].tolist() == ["high", "low"] * 3
    effects = pd.read_csv(tmp_path / "out-1" / "effects.csv")
    primary = effects[(effects["role"] == "primary") & (effects["kind"] == "trial") & (effects["arm"] == "high")]
    assert claims.loc[claims["claim"] == "high", "estimate"].tolist() == primary["estimate"].tolist()
    # in a fixed sequence a claim is adjusted to those before it
    second = claims[claims["claim"] == "low"].set_index("replicate")["adjusted_p"]
    first = claims[claims["claim"] == "high"].set_index("replicate")["adjusted_p"]
    assert (second >= first).all()
    assert "Claims of this trial" in printed and "MMRM, REML" in printed
    page = (tmp_path / "out-1" / "report.html").read_text(encoding="utf-8")
    assert "Claims: high and low" in page and "<caption>Claims" in page


@pytest.mark.parametrize(
    "analysis",
    [
        "missing: jump_to_reference, imputations: 5, delta: 3 hairs/cm^2",
        pytest.param(
            "sided: 1, alpha: 0.025, interim: {at: [0.5], futility: 0.0}, multiplicity: bonferroni",
            marks=pytest.mark.long,
        ),
    ],
    ids=["drawn outcomes", "looks"],
)
def test_what_is_analysed_does_not_hang_on_the_workers(tmp_path: Path, analysis: str) -> None:
    for workers in (1, 2):
        run(tmp_path, analysis, workers=workers)
    for name in ("effects.csv", "claims.csv"):
        one, two = (tmp_path / f"out-{workers}" / name for workers in (1, 2))
        assert one.exists() == two.exists() == (name == "effects.csv" or "interim" in analysis)
        if one.exists():
            assert one.read_bytes() == two.read_bytes()


def test_a_dose_response_has_a_table_of_its_own(tmp_path: Path) -> None:
    shapes = "shapes: [{shape: linear}, {shape: emax, parameters: {ed50: 0.2}}]"
    printed = run(tmp_path, f"dose_response: {{doses: {{low: 0.2 mg, high: 1 mg}}, {shapes}, target: 5 hairs/cm^2}}")
    doses = pd.read_csv(tmp_path / "out-1" / "dose_response.csv")
    assert doses["shape"].tolist() == ["linear", "emax"] * 3
    assert doses["p_value"].between(0.0, 1.0).all()
    assert "Dose-response (MCP-Mod)" in printed
