"""The shipped tables of published results are valid, in one unit, and agree with the study files."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.core.words import counted
from anagen.evidence.conversion import CONVERSIONS
from anagen.evidence.effect import pooled_effect
from anagen.evidence.findings import findings
from anagen.evidence.from_studies import with_studies
from anagen.evidence.published import published
from anagen.evidence.table import COLUMNS, READ, TABLES_FOLDER, Published, published_trials, read_published
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.shipped import shipped_studies

SOUND = Published(
    study="a",
    source="doi:10.1/x",
    arm="drug",
    kind="arm",
    therapy="minoxidil",
    endpoint="total_density",
    measure="change",
    unit="hairs/cm2",
    week=24.0,
    n=25,
    statistic="mean",
    mean=10.0,
    sd=20.0,
    se=4.0,
    baseline=150.0,
    followup=160.0,
    printed=10.0,
    printed_unit="hairs/cm2",
    read="abstract",
    use="calibrate",
)


@pytest.fixture(scope="module")
def studies() -> dict[str, Study]:
    return {name: Study.load(path) for name, path in shipped_studies().items()}


def test_nothing_is_wrong_in_the_shipped_table(studies: Mapping[str, Study]) -> None:
    rows = published_trials()
    assert len(rows) > 400
    assert findings(rows, studies) == []


def test_nothing_from_memory_informs_parameters_and_every_other_use_has_a_reason() -> None:
    rows = published_trials()
    assert not [row for row in rows if row.read == "memory" and row.use == "calibrate"]
    assert not [row for row in rows if row.use != "calibrate" and not row.reason]
    assert not [row for row in rows if row.use == "calibrate" and not row.study_arm]


@pytest.mark.parametrize(
    "study", ["dehghani-2024", "dhurat-2013", "conference-2025-exosome", "clinic-claims-grafts", "scalp-2025"]
)
def test_outliers_and_claims_of_sellers_are_excluded(study: str) -> None:
    rows = [row for row in published_trials() if row.study == study]
    assert rows
    assert {row.use for row in rows} == {"exclude"}


def test_a_study_file_adds_what_the_table_does_not_hold(studies: Mapping[str, Study]) -> None:
    rows = with_studies(published_trials(), studies)
    added = [row for row in rows if not row.line]
    assert {row.study_file for row in added} >= {"penha-2024-oral-minoxidil", "healthy-scalp"}
    held = [row for row in published_trials() if row.study_file == "lanzafame-2014-lllt-women" and row.study_arm]
    assert len(held) == 2
    of_lanzafame = [row for row in added if row.study_file == "lanzafame-2014-lllt-women"]
    assert [row.kind for row in of_lanzafame] == ["contrast"]
    assert of_lanzafame[0].study == held[0].study


@pytest.mark.parametrize(
    ("printed", "unit", "target", "value"),
    [
        (107.0, "hairs/5.07 cm2", "hairs/cm2", 21.1),
        (100.3, "hairs/2.85 cm2", "hairs/cm2", 35.2),
        (90.3, "hairs/0.903 cm2", "hairs/cm2", 100.0),
        (12.52, "hairs/inch2", "hairs/cm2", 1.94),
        (0.044, "mm", "um", 44.0),
        (38.8, "%", "1", 0.388),
    ],
)
def test_areas_and_shares_are_converted(printed: float, unit: str, target: str, value: float) -> None:
    assert printed * CONVERSIONS[target][unit] == pytest.approx(value, rel=2e-3)


def test_every_unit_goes_to_itself_and_every_endpoint_has_its_unit() -> None:
    assert all(ways[unit] == 1.0 for unit, ways in CONVERSIONS.items())
    assert {endpoint.unit for endpoint in ENDPOINTS.values()} <= set(CONVERSIONS)


def test_a_sound_row_has_no_finding() -> None:
    assert findings([SOUND]) == []


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("sd", {"sd": 0.0, "se": None}),
        ("se", {"se": -1.0}),
        ("se", {"se": 8.0}),
        ("n", {"n": 0, "se": None}),
        ("mean", {"ci_low": 11.0, "ci_high": 19.0, "se": None, "sd": None}),
        ("ci_low", {"ci_low": 12.0, "ci_high": 8.0, "se": None, "sd": None}),
        ("ci_low", {"ci_low": 9.9, "ci_high": 19.0, "se": None, "sd": None}),
        ("se", {"ci_low": 8.0, "ci_high": 12.0, "sd": None}),
        ("mean", {"followup": 175.0}),
        ("mean", {"printed": 51.0, "printed_unit": "hairs/5.07 cm2", "mean": 51.0, "baseline": None}),
        ("unit", {"unit": "hairs per head", "printed": None}),
        ("unit", {"unit": "um", "printed": None}),
        ("printed_unit", {"printed_unit": "mm"}),
        ("source", {"source": ""}),
        ("reason", {"use": "check"}),
        ("use", {"read": "memory"}),
        ("derived", {"read": "derived"}),
        ("derived", {"derived": "20 - 15"}),
        ("baseline", {"baseline": 4000.0, "followup": 4010.0}),
        ("week", {"week": 5000.0}),
        ("range_low", {"range_low": 9.0, "range_high": 3.0}),
    ],
)
def test_a_planted_error_is_found(field: str, changes: dict[str, object]) -> None:
    found = findings([replace(SOUND, **changes)])  # type: ignore[arg-type]
    assert field in [finding.field for finding in found]


def test_shares_stay_between_0_and_1() -> None:
    share = replace(
        SOUND, measure="share", endpoint="response rate", unit="1", mean=1.4, printed=None, sd=None, se=None,
        baseline=None, followup=None,
    )  # fmt: skip
    assert [finding.field for finding in findings([share])] == ["mean"]
    difference = replace(share, kind="contrast", mean=-0.3)
    assert findings([difference]) == []


def test_a_row_told_twice_is_found() -> None:
    assert [finding.field for finding in findings([SOUND, SOUND])] == ["study"]


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("mean", {"mean": 25.0, "printed": 25.0}),
        ("use", {"use": "check", "reason": "for once"}),
        ("study_arm", {"study_arm": "sugar"}),
        ("study_file", {"study_file": "nowhere"}),
    ],
)
def test_a_row_that_disagrees_with_its_study_file_is_found(
    field: str, changes: dict[str, object], studies: Mapping[str, Study]
) -> None:
    row = next(row for row in published_trials() if row.study == "hoffmann-2005" and row.study_arm)
    assert findings([row], studies) == []
    assert field in [finding.field for finding in findings([replace(row, **changes)], studies)]  # type: ignore[arg-type]


def written(path: Path, **fields: str) -> Path:
    row = {name: "" for name in COLUMNS} | {
        "study": "mine",
        "source": "doi:10.1/x",
        "arm": "drug",
        "kind": "arm",
        "therapy": "minoxidil",
        "endpoint": "total_density",
        "measure": "change",
        "unit": "hairs/cm2",
        "read": "abstract",
        "use": "calibrate",
    }
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, list(row))
        writer.writeheader()
        writer.writerow(row | fields)
    return path


def test_a_file_of_a_reader_is_read_with_line_and_nearest_spelling(tmp_path: Path) -> None:
    assert read_published(written(tmp_path / "good.csv", mean="12.5"))[0].mean == 12.5
    path = written(tmp_path / "bad.csv", therapy="minoxidill", mean="a dozen", use="calibrated", n="2.5")
    with pytest.raises(InputError) as error:
        read_published(path)
    problems = {problem.field: problem for problem in error.value.problems}
    assert set(problems) == {"therapy", "mean", "use", "n"}
    assert {problem.line for problem in problems.values()} == {2}
    assert problems["therapy"].suggestion == "minoxidil"
    assert problems["use"].allowed == ("calibrate", "check", "exclude")


@pytest.mark.parametrize("text", ["", "study,arms\n1,2\n", '"unfinished', "\x00"])
def test_what_is_no_such_table_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text(text)
    with pytest.raises(InputError):
        read_published(path)


@pytest.mark.parametrize("table", ["biology", "drugs", "vesicle_products"])
def test_values_of_the_literature_say_where_they_were_read(table: str) -> None:
    with (TABLES_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) > 50
    for row in rows:
        assert row["read"] in READ, row["name"]
        assert row["source"], row["name"]
        value, low, high = (float(row[name]) if row[name] else None for name in ("value", "low", "high"))
        assert row["words"] or (value, low, high) != (None, None, None), row["name"]
        assert low is None or high is None or low <= high, row["name"]


def test_published_results_are_filtered_by_any_name_of_a_therapy() -> None:
    whole, drug = published(), published("avodart", use="calibrate", read="abstract")
    assert 0 < len(drug) < len(whole)
    assert {(row.therapy, row.use, row.read) for row in drug.rows} == {("dutasteride", "calibrate", "abstract")}
    assert drug.rows == published("dutasteride", use="calibrate", read="abstract").rows
    studies = counted(len({row.study for row in drug.rows}), "study", "studies")
    assert drug.headline() == f"{counted(len(drug), 'row')} of {studies}" == repr(drug)
    assert list(drug.table.columns) == list(COLUMNS)
    assert drug.table["mean"].tolist() == [row.mean for row in drug.rows]
    assert drug.records() == [row.record() for row in drug.rows]
    assert len(json.loads(drug.to_json())["rows"]) == len(drug)


@pytest.mark.parametrize(
    ("filters", "field", "suggestion"),
    [
        ({"therapy": "minoxidill"}, "therapy", "minoxidil"),
        ({"use": "chek"}, "use", "check"),
        ({"study": "olsen-2022"}, "study", "olsen-2002"),
    ],
)
def test_an_unknown_name_is_answered_with_the_nearest(filters: dict[str, str], field: str, suggestion: str) -> None:
    with pytest.raises(InputError) as caught:
        published(**filters)
    (problem,) = caught.value.problems
    assert (problem.field, problem.suggestion) == (field, suggestion)


def test_effects_are_pooled_by_any_name_of_a_therapy() -> None:
    rows = published().rows
    effect = pooled_effect(rows, "avodart")
    assert effect.question.therapy == "dutasteride"
    assert effect.pooled is not None
    assert effect.pooled.studies == len(effect.selection.estimates)
    assert effect.name == "dutasteride-total_density-change-contrast"
    assert pooled_effect(rows, "ginseng").pooled is None
