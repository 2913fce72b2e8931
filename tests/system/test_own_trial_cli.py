"""A simulated trial, saved as a flat table, comes back as a study whose published results are the trial's own."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest

from anagen.formats.registry import FORMATS
from anagen.study import Study
from cli_calls import anagen

SMALL = """
study: small
population:
  condition: aga
  sex: {male: 1}
  age: {mean: 35, sd: 8, min: 20, max: 55}
  ethnicity: {caucasian: 1}
arms:
  - {name: Finasteride 1 mg, patients: 8, therapies: [{therapy: finasteride}]}
  - {name: Placebo, patients: 8, control: true, therapies: [{therapy: placebo, route: oral}]}
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 12, 24]}
endpoints:
  primary: {endpoint: total_density, week: 24, measure: change}
  secondary: [{endpoint: mean_diameter, week: 24, measure: change}]
design: {dropout: 0.2}
"""
needs_cdisc = pytest.mark.skipif(
    "cdisc" not in FORMATS or find_spec("pyreadstat") is None,
    reason="ADaM is written by the format cdisc, with pyreadstat",
)
FACTS = {"zone": "vertex", "target_area": "1 cm^2", "method": "phototrichogram"}


def fill(path: Path) -> None:
    """Fill in a table of meanings what no data tell."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    for name, means in FACTS.items():
        table.loc[(table["part"] == "study") & (table["name"] == name), "means"] = means
    table.to_csv(path, index=False)


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run, its trial as a flat table, the table of meanings and the study file made of them."""
    place = tmp_path_factory.mktemp("own-trial")
    (place / "small.yaml").write_text(SMALL, encoding="utf-8")
    done = anagen("run", "small.yaml", "--draws", "0", "--out", "run", "--no-report", cwd=place)
    assert done.returncode == 0, done.stderr
    people = pd.read_parquet(place / "run" / "patients.parquet")
    visits = pd.read_parquet(place / "run" / "visits.parquet")
    flat = visits[visits["assigned"]].merge(people[["patient", "age", "sex", "ethnicity", "severity"]], on="patient")
    flat = flat.rename(columns={"severity": "norwood", "measured": "value"})
    columns = ["patient", "arm", "age", "sex", "ethnicity", "norwood", "week", "endpoint", "value"]
    flat[columns].to_csv(place / "flat.csv", index=False, sep=";", decimal=",", na_rep="NA")
    done = anagen("import", "trial", "flat.csv", "--out", "table.csv", cwd=place)
    assert done.returncode == 0 and "Decimal sign: comma." in done.stdout, done.stderr
    fill(place / "table.csv")
    done = anagen("import", "trial", "flat.csv", "--table", "table.csv", "--out", "own.yaml", cwd=place)
    assert done.returncode == 0, done.stderr
    return place


def test_observed_means_are_those_of_the_trial(trial: Path) -> None:
    study = Study.load(trial / "own.yaml")
    arms = pd.read_csv(trial / "run" / "arms.csv")
    assert anagen("check", "own.yaml", cwd=trial).returncode == 0
    rows = [row for row in study.observed if row.arm is not None]
    assert len(rows) == 8 and all(row.measure == "change" for row in rows)
    for row in rows:
        of = (arms["arm"] == row.arm) & (arms["endpoint"] == row.endpoint) & (arms["week"] == row.week)
        (own,) = arms[of & (arms["measure"] == "change")].itertuples()
        # values on the disk have seven digits
        assert (row.mean, row.sd) == (pytest.approx(own.mean, abs=1e-4), pytest.approx(own.sd, abs=1e-4))
        assert row.n == own.n
    people = pd.read_parquet(trial / "run" / "patients.parquet")
    held = study.population.empirical
    assert held is not None and len(held.text.splitlines()) == 1 + len(people)
    assert {grade for grades in study.population.severity.values() for grade in grades} == set(people["severity"])  # type: ignore[union-attr]
    assert [arm.patients for arm in study.arms] == [8, 8]


@needs_cdisc
def test_our_own_adam_says_what_the_flat_table_says(trial: Path) -> None:
    assert anagen("export", "cdisc", "run", "package", cwd=trial).returncode == 0
    done = anagen("import", "trial", "package", "--out", "adam.csv", cwd=trial)
    assert done.returncode == 0 and "to be filled in: zone, target_area, method." in done.stdout, done.stderr
    fill(trial / "adam.csv")
    done = anagen("import", "trial", "package", "--table", "adam.csv", "--out", "adam.yaml", cwd=trial)
    assert done.returncode == 0, done.stderr
    flat, adam = Study.load(trial / "own.yaml"), Study.load(trial / "adam.yaml")
    assert len(flat.observed) == len(adam.observed) > 0
    for one, other in zip(flat.observed, adam.observed, strict=True):
        assert (one.subject, one.endpoint, one.week, one.n) == (other.subject, other.endpoint, other.week, other.n)
        assert one.mean == pytest.approx(other.mean, abs=1e-4)
    assert dict(flat.population.severity) == dict(adam.population.severity)


@pytest.mark.long
def test_the_study_is_validated_and_run(trial: Path) -> None:
    done = anagen("validate", "own.yaml", "--draws", "0", "--out", "scores", cwd=trial)
    assert done.returncode == 0, done.stderr
    scores = pd.read_csv(trial / "scores" / "scores.csv")
    means = scores[(scores["measure"] == "change") & ~scores["derived"]]
    assert len(means) >= 8 and means["comparable"].all() and (means["use"] == "check").all()
    # the model predicts a trial of its own
    assert means["inside90"].mean() > 0.5
    done = anagen("run", "own.yaml", "--draws", "0", "--no-report", "--out", "again", cwd=trial)
    assert done.returncode == 0 and "inside" in done.stdout, done.stderr
    people = pd.read_parquet(trial / "again" / "patients.parquet")
    before = pd.read_parquet(trial / "run" / "patients.parquet")
    assert set(people["age"].round(2)) <= set(before["age"].round(2))
