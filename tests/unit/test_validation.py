"""Validation: scores against closed forms, references that never see their own study, and the command."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtri
from typer.testing import CliRunner

from anagen.core.errors import InputError
from anagen.evidence.cohorts import groups
from anagen.statistics.shares import wilson
from anagen.validation.cases import cases_of, facts, published
from anagen.validation.folder import NoScores, read_scores
from anagen.validation.references import REFERENCES, class_mean, forecasts, meta_analysis, no_effect, peers_of
from anagen.validation.scores import net_change, score_normal, score_samples, totals
from anagen.validation.validate import scored, skill, with_differences

NORMAL = ndtri((np.arange(2000) + 0.5) / 2000.0)


def rows_of(values: list[float], **given: object) -> pd.DataFrame:
    """Published contrasts of one drug, each in a study of its own."""
    n = len(values)
    table = pd.DataFrame(
        {
            "study": [f"s{i}" for i in range(n)], "row": 0, "subject": "drug - placebo", "condition": "aga",
            "therapies": "drug", "kind": "drug", "treatment": "drug", "against": "control",
            "endpoint": "total_density", "week": 24.0, "measure": "change", "threshold": math.nan,
            "unit": "hairs/cm2", "contrast": True, "derived": False, "net": True, "observed": values,
            "observed_se": 2.0, "observed_n": 50, "slack": 0.0, "use": "calibrate", "reason": "",
            "source": [f"doi:{i}" for i in range(n)], "cohort": "", "read": "abstract", "note": "", "se_patients": 2.0,
        }
    )  # fmt: skip
    return table.assign(**given)


def predicted(rows: pd.DataFrame, centre: float = 0.0, sd: float = 1.0) -> pd.DataFrame:
    keys = zip(rows["study"], rows["row"], strict=True)
    return score_samples(rows, {(str(s), int(r)): centre + sd * NORMAL for s, r in keys})


def test_samples_of_a_normal_score_as_the_normal() -> None:
    found = predicted(rows_of([4.0]), 3.0, 2.0).iloc[0]
    exact = score_normal(4.0, 3.0, 2.0)
    for name in ("low50", "high50", "low90", "high90", "z", "pit", "crps"):
        assert found[name] == pytest.approx(exact[name], rel=0.01), name
    z = 0.5
    density, below = math.exp(-z * z / 2.0) / math.sqrt(2.0 * math.pi), 0.5 * (1.0 + math.erf(z / math.sqrt(2.0)))
    assert exact["crps"] == pytest.approx(2.0 * (z * (2.0 * below - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi)))
    assert exact["inside50"] and exact["inside90"]


def test_coverage_of_a_known_predictive_is_its_level() -> None:
    values = ndtri((np.arange(200) + 0.5) / 200.0).tolist()
    table = totals(predicted(rows_of(values)))
    whole = table.iloc[0]
    assert (whole["coverage50"], whole["coverage90"]) == (0.5, 0.9)
    assert whole["bias"] == pytest.approx(0.0, abs=1e-9)
    assert whole["median_absolute_error"] == pytest.approx(float(ndtri(0.75)), rel=0.01)
    assert whole["crps"] == pytest.approx(1.0 / math.sqrt(math.pi), rel=0.01)
    narrow = totals(predicted(rows_of(values), sd=0.25)).iloc[0]
    assert narrow["coverage90"] < 0.4


def test_wilson_interval_as_printed_in_textbooks() -> None:
    p, n, z = 0.3, 10, 1.959964
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert wilson(3, 10, 0.05) == pytest.approx(((middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)))
    assert all(math.isnan(end) for end in wilson(0, 0, 0.05))


def test_excluded_and_derived_values_are_not_counted() -> None:
    rows = rows_of([0.0, 50.0, 60.0], use=["calibrate", "exclude", "check"], derived=[False, False, True])
    table = predicted(rows)
    assert totals(table).iloc[0]["n"] == 1
    assert net_change(table.assign(net=table["use"] != "exclude")).set_index("kind").at["drug", "n"] == 2


def test_errors_of_several_units_are_not_added_up() -> None:
    table = totals(predicted(rows_of([1.0, 2.0], unit=["hairs/cm2", "%"])))
    assert math.isnan(table.iloc[0]["median_absolute_error"])
    assert set(table[table["by"] == "unit"]["median_absolute_error"]) == {1.0, 2.0}


@pytest.mark.parametrize("name", list(REFERENCES))
def test_references_never_see_their_own_study(name: str) -> None:
    values = [10.0, 12.0, 14.0, 16.0, 1000.0]
    rows, mild = rows_of(values), rows_of([*values[:4], 11.0])
    forecaster = REFERENCES[name]
    planted, usual = forecaster(rows.iloc[4], rows), forecaster(mild.iloc[4], mild)
    assert planted == usual and planted is not None
    other = forecaster(rows.iloc[0], rows)
    assert other is not None and other.sd > 5.0 * planted.sd


def test_studies_of_one_publication_are_left_out_together() -> None:
    rows = rows_of([10.0, 12.0, 14.0, 16.0, 1000.0], source=["a", "b", "c", "d", "a"])
    assert sorted(peers_of(rows.iloc[0], rows)["study"]) == ["s1", "s2", "s3"]


def test_studies_of_the_same_patients_are_left_out_together() -> None:
    rows = rows_of([10.0, 12.0, 14.0, 16.0, 1000.0], cohort=["one", "", "", "", "one"])
    assert sorted(peers_of(rows.iloc[0], rows)["study"]) == ["s1", "s2", "s3"]
    assert sorted(peers_of(rows.iloc[1], rows)["study"]) == ["s0", "s2", "s3", "s4"], "no cohort is no shared one"


def test_a_trial_and_its_extension_are_one_group() -> None:
    cases = cases_of(["price-2002-finasteride", "olsen-2002-minoxidil", "price-2006-untreated"])
    assert groups({case.name: case.study for case in cases}) == (
        ("price-2002-finasteride", "price-2006-untreated"),
        ("olsen-2002-minoxidil",),
    )


def test_what_is_shared_is_handed_on() -> None:
    study = cases_of(["olsen-2007-minoxidil-foam"])[0].study.model_copy(update={"observed": ()})
    one, two, three = (
        study.model_copy(update={"source": source, "cohort": cohort})
        for source, cohort in (("a", None), ("b", "x"), ("a", "x"))
    )
    assert groups({"one": one, "two": two}) == (("one",), ("two",))
    assert groups({"one": one, "two": two, "three": three}) == (("one", "two", "three"),)


def test_references_by_hand() -> None:
    rows = rows_of([99.0, 10.0, 14.0, 18.0])
    nothing, mean, meta = (f(rows.iloc[0], rows) for f in (no_effect, class_mean, meta_analysis))
    assert nothing is not None and mean is not None and meta is not None
    assert nothing.centre == 0.0
    assert nothing.sd == pytest.approx(math.sqrt(4.0 + (100.0 + 196.0 + 324.0) / 3.0))
    assert (mean.centre, mean.sd) == (14.0, pytest.approx(math.sqrt(4.0 + 16.0 * 4.0 / 3.0)))
    # equal errors: Paule-Mandel gives tau^2 = s^2 - se^2, and the mean has variance s^2 / k; t with 1 d.f. at 95 %
    stretch = 6.313752 / 1.644854
    assert meta.centre == pytest.approx(14.0)
    assert meta.sd == pytest.approx(math.sqrt(4.0 + stretch**2 * (12.0 + 16.0 / 3.0)), rel=1e-5)


def test_without_two_other_studies_there_is_no_reference() -> None:
    table = predicted(rows_of([1.0, 2.0]))
    references = forecasts(table)
    assert references.empty and skill(table, references).empty


def test_model_and_references_are_compared_on_the_same_values() -> None:
    table = predicted(rows_of([10.0, 12.0, 14.0, 16.0]), 13.0, 3.0)
    found = skill(table, forecasts(table))
    assert set(found["n"]) == {4} and set(found["forecaster"]) == {"model", *REFERENCES}
    by_name = found[found["kind"] == "all"].set_index("forecaster")["crps"]
    assert by_name["model"] < by_name["mean of the class"] < by_name["no effect"]


def test_differences_of_arms_are_derived_where_no_contrast_was_printed() -> None:
    case = cases_of(["amini-2025-exosome"])[0]
    table = facts(case)
    derived = table[table["derived"]].iloc[0]
    assert derived["observed"] == pytest.approx(8.0) and derived["net"] and derived["treatment"] == "procedure"
    assert not facts(cases_of(["shapiro-2020-prp"])[0])["derived"].any()
    draws = np.arange(3.0)
    samples = with_differences([case], {(case.name, 0): draws + 5.0, (case.name, 1): draws})
    assert samples[case.name, len(published(case)) - 1].tolist() == [5.0, 5.0, 5.0]


def test_head_to_head_contrasts_are_no_net_change() -> None:
    table = facts(cases_of(["olsen-2002-minoxidil"])[0]).set_index("subject")
    assert table.at["minoxidil 5 % - vehicle", "net"]
    assert not table.at["minoxidil 5 % - minoxidil 2 %", "net"]


STUDY = """study: mine
title: A small trial
population:
  condition: aga
  sex: {male: 1.0}
  age: {mean: 35, sd: 8, min: 20, max: 50}
  ethnicity: {caucasian: 1.0}
  severity: {norwood: [III, IV]}
arms:
  - name: minoxidil
    patients: 6
    therapies: [{therapy: minoxidil, formulation: solution-5%, schedule: {per_day: 2}}]
  - name: vehicle
    patients: 6
    control: true
    therapies: [{therapy: placebo, route: topical, schedule: {per_day: 2}}]
measurement: {zone: vertex, target_area: "1 cm^2", method: phototrichogram, visits: [0, 24]}
endpoints: {primary: {endpoint: total_density, week: 24, measure: change}}
design: {layout: parallel}
"""
OBSERVED = """observed:
  - {arm: minoxidil, endpoint: total_density, week: 24, measure: change, mean: 14, se: 3, source: me, read: abstract}
  - {arm: vehicle, endpoint: total_density, week: 24, measure: change, mean: 2, se: 3, source: me, read: abstract}
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A user's own file with published values, validated."""
    from anagen.cli.app import app

    folder = tmp_path_factory.mktemp("validation")
    (folder / "mine.yaml").write_text(STUDY + OBSERVED)
    arguments = ["--draws", "2", "--out", str(folder / "out"), "--csv", str(folder / "rows.csv")]
    arguments += ["--write", str(folder / "scores.csv"), "--json"]
    result = CliRunner().invoke(app, ["validate", str(folder / "mine.yaml"), *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return folder, result.stdout


def test_json_is_one_document(ran: tuple[Path, str]) -> None:
    found = json.loads(ran[1])
    assert [value["derived"] for value in found["values"]] == [False, False, True]
    assert found["net_change"][0]["n"] == 1 and found["references"] == []
    assert found["manifest"]["draws"] == 2 and not found["manifest"]["leave_one_out"]


def test_folder_holds_tables_and_pictures(ran: tuple[Path, str]) -> None:
    written = {path.relative_to(ran[0] / "out").as_posix() for path in (ran[0] / "out").rglob("*")}
    assert {"scores.csv", "totals.csv", "net_change.csv", "manifest.json", "figures/calibration.png"} <= written
    assert {"figures/forest-drug-density.svg", "figures/forest-control-density.svg"} <= written
    assert (ran[0] / "rows.csv").read_bytes() == (ran[0] / "out" / "scores.csv").read_bytes()


def test_written_scores_are_read_back_or_refused(ran: tuple[Path, str], tmp_path: Path) -> None:
    found = read_scores(ran[0] / "scores.csv")
    assert found.current and len(found.table) == 3 and found.manifest["studies"].keys() == {"mine"}
    for name in ("scores.csv", "scores.json"):
        (tmp_path / name).write_bytes((ran[0] / name).read_bytes())
    (tmp_path / "scores.csv").write_bytes((tmp_path / "scores.csv").read_bytes()[:-1])
    with pytest.raises(NoScores, match=r"not the table that scores\.json speaks of"):
        read_scores(tmp_path / "scores.csv")
    with pytest.raises(NoScores, match="anagen validate --write"):
        read_scores(tmp_path / "none.csv")


def test_a_file_without_published_results_is_told_what_to_add(tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text(STUDY)
    with pytest.raises(InputError, match=r"bare\.yaml: observed: holds no published results.*\n.*\n.*arm: minoxidil"):
        cases_of([str(tmp_path / "bare.yaml")])
    with pytest.raises(InputError, match="given twice"):
        cases_of(["olsen-2002-minoxidil", "olsen-2002-minoxidil"])


def test_totals_follow_from_rows_and_samples_alone() -> None:
    rows = rows_of([1.0, 2.0, 3.0])
    samples = {(f"s{i}", 0): NORMAL for i in range(2)}
    found = scored(rows, samples, {}, {})
    assert found.totals.iloc[0]["n"] == 2 and not found.rows["comparable"].iloc[2]
