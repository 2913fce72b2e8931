"""Any strength can be written; one that no trial studied is said to be so."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.core.errors import InputError
from anagen.study import Study
from anagen.trials.protocol import amount_of, protocol
from anagen.validation.cases import cases_of
from anagen.validation.validate import remarks_of

FILE = Path(__file__).parents[1] / "examples" / "any-strength.yaml"
TEXT = FILE.read_text()


def test_the_amount_is_volume_times_strength() -> None:
    minoxidil, finasteride = (arm.therapies[0] for arm in Study.load(FILE).arms[:2])
    assert minoxidil.dose is not None and finasteride.dose is not None
    assert amount_of(minoxidil) == pytest.approx(70.0 * minoxidil.dose.value)
    assert amount_of(finasteride) == pytest.approx(1.0 * finasteride.dose.value)
    amounts = protocol(Study.load(FILE)).prescriptions[0][0].doses.amounts
    assert amounts[0] == pytest.approx(70.0)


@pytest.mark.parametrize("written", ["formulation: solution-5%", "formulation: solution 5 %", 'strength: "50 mg/mL"'])
def test_a_registered_strength_is_its_formulation_however_it_is_written(written: str) -> None:
    usual = Study.parse(TEXT.replace("formulation: solution 7 %", "formulation: solution-5%"))
    same = Study.parse(TEXT.replace("formulation: solution 7 %", written))
    assert same.arms[0].therapies[0].strength is None
    assert same.sha256 == usual.sha256


def test_per_cent_and_mg_per_ml_say_the_same() -> None:
    other = Study.parse(TEXT.replace("formulation: solution 7 %", 'strength: "70 mg/mL"'))
    assert other.sha256 == Study.load(FILE).sha256


def test_it_is_kept_through_every_way_of_writing_a_study() -> None:
    study = Study.load(FILE)
    for same in (Study.parse(study.to_yaml()), Study.from_dict(study.to_dict()), study.with_patients(12)):
        assert same == study


def test_check_and_validate_say_what_no_trial_studied() -> None:
    words = str(Study.load(FILE).check())
    assert "minoxidil, solution 7 % (stronger than what was studied (2 to 5 %)" in words
    told = remarks_of(cases_of([FILE]))["any-strength"]
    assert told[0].startswith("minoxidil 7 % in minoxidil is stronger than what was studied (2 to 5 %)")
    assert told[1].startswith("finasteride 0.1 % in finasteride is weaker than what was studied (0.25 %)")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('strength: "0.1 %"', "strength: 0.1", 'write text such as "7 %"'),
        ('strength: "0.1 %"', 'strength: "90 %"', "lies above 0 and up to 50 %"),
        ('route: topical, strength: "0.1 %"', 'route: oral, strength: "0.1 %"', "is not given as a volume"),
        ("formulation: solution 7 %", "formulation: solutoin 7 %", "unknown formulation of minoxidil"),
        ("formulation: solution 7 %", 'formulation: solution 7 %, strength: "7 %"', "say the strength once"),
    ],
)
def test_what_cannot_be_is_refused(old: str, new: str, words: str) -> None:
    assert old in TEXT
    with pytest.raises(InputError, match=words):
        Study.parse(TEXT.replace(old, new))
