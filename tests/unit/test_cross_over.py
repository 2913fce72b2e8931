"""An arm that crosses over is, for a value, what it has had by the week of that value."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.evidence.from_studies import rows_of_study
from anagen.study import Study
from anagen.validation.cases import cases_of, facts
from anagen.validation.result import validate

FILE = Path(__file__).parents[1] / "examples" / "cross-over-extension.yaml"


def test_validation_classes_the_arm_by_what_it_has_had() -> None:
    table = facts(cases_of([FILE])[0])
    assert list(table["therapies"].iloc[:4]) == ["control", "finasteride", "finasteride", "finasteride vs finasteride"]
    assert list(table["kind"].iloc[:4]) == ["control", "drug", "drug", "drug"]
    assert list(table["against"].iloc[:4]) == ["", "", "control", "active"]


def test_the_published_table_does_the_same() -> None:
    rows = rows_of_study("cross-over-extension", Study.load(FILE))
    assert [(row.therapy, row.versus) for row in rows] == [
        ("placebo", ""),
        ("finasteride", ""),
        ("finasteride", "placebo"),
        ("finasteride", "finasteride"),
    ]
    assert [row.dose for row in rows] == ["", "1", "1", "1"]


def test_check_tells_both_parts() -> None:
    words = str(Study.load(FILE).check())
    assert "from week 0 to week 48" in words
    assert "from week 48 to week 96" in words


def test_patients_who_cross_over_gain_after_it() -> None:
    found = validate([FILE], draws=3)
    before, after = (float(value) for value in found.table["predicted"].iloc[:2])
    assert after > before
    assert found.table["comparable"].iloc[:4].all()


@pytest.mark.parametrize("week", [0.0, None])
def test_the_baseline_counts_what_is_to_come(week: float | None) -> None:
    from anagen.evidence.from_studies import begun

    arm = Study.load(FILE).arms[1]
    assert [use.therapy for use in begun(arm, week)] == ["placebo", "finasteride"]
    assert [use.therapy for use in begun(arm, 48.0)] == ["placebo"]
