"""Weeks counted from the last session or from the end of treatment are weeks from baseline, and told in both."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.study import Study
from anagen.study.schema import study_json_schema
from anagen.study.yaml_text import yaml_text

FILE = Path(__file__).parents[1] / "examples" / "weeks-after-the-last-session.yaml"
TEXT = FILE.read_text()


def test_they_are_resolved_by_the_schedule_of_the_arm() -> None:
    study = Study.load(FILE)
    assert study.measurement.visits == (0.0, 12.0, 24.0)
    assert study.endpoints.primary.week == 24.0
    assert [row.week for row in study.observed] == [24.0, 12.0]


def test_they_move_with_the_schedule() -> None:
    text = TEXT.replace("{every: 4, sessions: 3}", "{every: 6, sessions: 3}").replace("week: 12,", "week: 16,")
    later = Study.parse(text)
    assert later.measurement.visits == (0.0, 16.0, 28.0)
    assert [row.week for row in later.observed] == [28.0, 16.0]


def test_check_tells_them_in_both() -> None:
    words = str(Study.load(FILE).check())
    assert "in weeks 0, 12 (4 weeks after the last session), 24 (16 weeks after the last session)" in words
    assert "at week 12 (4 weeks after the end of treatment of plasma)" in words


def test_they_are_kept_through_every_way_of_writing_a_study() -> None:
    study = Study.load(FILE)
    assert "after_last_session: 16" in yaml_text(study)
    for same in (Study.parse(study.to_yaml()), Study.from_dict(study.to_dict()), study.with_patients(12)):
        assert same == study


def test_a_week_that_is_put_in_is_one_from_baseline() -> None:
    changed = Study.load(FILE).set("endpoints.primary.measure", "value").set("endpoints.primary.week", 12)
    assert changed.endpoints.primary.week == 12.0
    assert changed.endpoints.primary.counted is None


def test_a_study_without_them_hashes_as_before() -> None:
    plain = TEXT.replace("[0, {after_last_session: 4}, {after_last_session: 16}]", "[0, 12, 24]")
    plain = plain.replace("{after_last_session: 16}", "24").replace("{after_end_of_treatment: 4, arm: plasma}", "12")
    study = Study.parse(plain)
    assert study.observed[0].counted is None
    assert study.sha256 != Study.load(FILE).sha256


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("{after_end_of_treatment: 4, arm: plasma}", "{after_end_of_treatmnt: 4}", "did you mean 'after_end_of_treatm"),
        ("{after_end_of_treatment: 4, arm: plasma}", "{after_last_session: 4, arm: plasm}", "did you mean 'plasma'"),
        ("{after_end_of_treatment: 4, arm: plasma}", "{arm: plasma}", "needs one of after_last_session and"),
        ("{after_end_of_treatment: 4, arm: plasma}", "{after_last_session: soon}", "not a number of weeks"),
        ("{after_end_of_treatment: 4, arm: plasma}", "{after_last_session: 5}", "week 13 is not the week of a visit"),
        ("{every: 4, sessions: 3}", "{every: 4}", "has no last session of its own"),
        ("{therapy: prp, schedule: {every: 4, sessions: 3}}", "{therapy: minoxidil}", "has no last session of its own"),
    ],
)
def test_what_cannot_be_resolved_is_told_with_its_line(old: str, new: str, words: str) -> None:
    with pytest.raises(InputError, match=words) as raised:
        Study.parse(TEXT.replace(old, new))
    assert all(problem.line is not None for problem in raised.value.problems)


def test_arms_that_end_in_different_weeks_need_a_name() -> None:
    other = (
        "  - {name: more, patients: 12, comparator: saline, "
        "therapies: [{therapy: prp, schedule: {every: 4, sessions: 4}}]}"
    )
    text = TEXT.replace("  - {name: saline", f"{other}\n  - {{name: saline")
    with pytest.raises(InputError, match=r"plasma in week 8, more in week 12.*say which counts: arm: plasma"):
        Study.parse(text)


def test_the_schema_knows_them() -> None:
    definitions = study_json_schema()["$defs"]
    assert {"$ref": "#/$defs/CountedWeek"} in definitions["Observed"]["properties"]["week"]["anyOf"]
    assert "Counted" not in definitions
