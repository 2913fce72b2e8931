"""A dose or rhythm that a paper does not report is simulated as usual, and said to be."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.study import Study
from anagen.study.schema import study_json_schema
from anagen.study.yaml_text import yaml_text
from anagen.therapies import THERAPIES
from anagen.validation.cases import cases_of
from anagen.validation.validate import remarks_of

FILE = Path(__file__).parents[1] / "examples" / "dose-not-reported.yaml"


def test_the_usual_dose_and_rhythm_are_simulated() -> None:
    minoxidil, plasma = (arm.therapies[0] for arm in Study.load(FILE).arms[:2])
    assert minoxidil.dose is not None
    assert minoxidil.dose.value == THERAPIES["minoxidil"].by("topical").default_dose
    assert plasma.schedule.sessions == THERAPIES["prp"].by("intradermal").default_schedule.sessions
    assert (minoxidil.unreported, plasma.unreported) == (("dose",), ("sessions",))


def test_check_and_validate_say_so() -> None:
    words = "dose not reported; the usual dose"
    assert words in str(Study.load(FILE).check())
    told = remarks_of(cases_of([FILE]))["dose-not-reported"]
    assert told[0].startswith("minoxidil in minoxidil: dose not reported; the usual dose (1 mL) was simulated")
    assert "number of sessions not reported" in told[1]


def test_it_is_kept_through_every_way_of_writing_a_study() -> None:
    study = Study.load(FILE)
    assert "dose: not_reported" in yaml_text(study)
    assert "sessions: not_reported" in yaml_text(study)
    for same in (Study.parse(study.to_yaml()), Study.from_dict(study.to_dict()), study.with_patients(12)):
        assert same.sha256 == study.sha256
        assert [use.unreported for arm in same.arms for use in arm.uses][:2] == [("dose",), ("sessions",)]


def test_a_dose_that_is_put_in_is_no_longer_unreported() -> None:
    changed = Study.load(FILE).set("arms.minoxidil.dose", "2 mL")
    assert changed.arms[0].therapies[0].unreported == ()
    data = Study.load(FILE).to_dict()
    data["arms"][0]["therapies"][0]["dose"] = "2 mL"
    assert Study.from_dict(data).arms[0].therapies[0].unreported == ()


def test_it_says_another_thing_than_a_dose_that_is_written() -> None:
    study = Study.load(FILE)
    written = study.set("arms.minoxidil.dose", "1 mL")
    assert written.sha256 != study.sha256
    assert written.arms[0].therapies[0].dose == study.arms[0].therapies[0].dose


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("dose: not_reported", "dose: not reported", "did you mean 'not_reported'"),
        ("sessions: not_reported", "sessions: unknown", "did you mean 'not_reported'"),
        ("therapy: saline-injection", "therapy: saline-injection, dose: not_reported", "takes no dose"),
        (
            "route: topical, dose: not_reported",
            "route: topical, schedule: {sessions: not_reported}",
            "has no usual number of sessions",
        ),
        ("dose: not_reported", "unreported: [dose]", "write not_reported in place of the value"),
    ],
)
def test_other_spellings_and_what_cannot_be_are_refused(old: str, new: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        Study.parse(FILE.read_text().replace(old, new))


def test_the_schema_knows_it() -> None:
    properties = study_json_schema()["$defs"]["TherapyUse"]["properties"]
    assert {"const": "not_reported"} in properties["dose"]["anyOf"]
    assert "unreported" not in properties
