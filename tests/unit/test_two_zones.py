"""What a trial printed of a second zone stands in the same file and is predicted apart."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.evidence.from_studies import rows_of_study
from anagen.evidence.uses import use_of
from anagen.study import Study
from anagen.study.schema import study_json_schema
from anagen.validation.cases import cases_of
from anagen.validation.result import ValidationResult, validate

FILE = Path(__file__).parents[1] / "examples" / "two-zones.yaml"
TEXT = FILE.read_text()


@pytest.fixture(scope="module")
def found() -> ValidationResult:
    return validate([FILE], draws=3)


def test_each_zone_is_a_case_of_its_own() -> None:
    vertex, frontal = cases_of([FILE])
    assert (vertex.name, frontal.name) == ("two-zones", "two-zones@frontal")
    assert (vertex.study.measurement.zone, frontal.study.measurement.zone) == ("vertex", "frontal")
    assert [row.value for row in frontal.study.observed] == [6.0]
    assert frontal.study.population.baseline == {}


def test_validation_predicts_each_value_once_and_in_its_zone(found: ValidationResult) -> None:
    table = found.table
    assert list(zip(table["study"], table["row"], table["observed"], strict=True)) == [
        ("two-zones", 1, 12.0),
        ("two-zones@frontal", 0, 6.0),
    ]
    assert table["comparable"].all()
    assert table["predicted"].nunique() == 2
    (told,) = found.validation.remarks["two-zones"]
    assert told == (
        "values of the frontal zone are predicted as two-zones@frontal, without baseline, which the file gives of the "
        "vertex zone"
    )


def test_a_run_says_that_it_is_of_the_other_zone(found: ValidationResult) -> None:
    row = found.validation.comparisons["two-zones"].iloc[0]
    assert not row["comparable"]
    assert "of the frontal zone; a run simulates the vertex zone" in row["remark"]
    assert "A run simulates the vertex zone alone" in str(Study.load(FILE).check())


def test_it_informs_no_parameter_and_is_pooled_once() -> None:
    study = Study.load(FILE)
    assert [use_of(row, study).use for row in study.observed] == ["check", "calibrate"]
    rows = rows_of_study("two-zones", study)
    assert [(row.study, row.use) for row in rows] == [("two-zones@frontal", "exclude"), ("two-zones", "calibrate")]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("zone: frontal", "zone: fronal", "did you mean 'frontal'"),
        ("zone: frontal", "use: calibrate, zone: frontal", "parameters are informed by the zone that is measured"),
        (
            "zone: frontal, endpoint: total_density, week: 24, measure: change, mean: 6",
            'zone: frontal, endpoint: "adverse_event:pain", week: 24, measure: share, mean: 0.1',
            "belongs to no zone",
        ),
    ],
)
def test_what_cannot_be_is_refused(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError, match=words):
        Study.parse(TEXT.replace(old, new))


def test_the_schema_names_the_zones() -> None:
    zone = study_json_schema()["$defs"]["Observed"]["properties"]["zone"]
    assert "frontal" in zone["anyOf"][0]["enum"]
