"""Baldness takes years: a grade that the years since onset cannot have made is told, with what to set."""

from __future__ import annotations

from typing import Any

import pytest

from anagen.runs.rehearsal import rehearse
from anagen.study import Study
from anagen.study.shipped import shipped_studies
from small_studies import EXOSOME, SALINE, small_study

FRESH = {"mean": 1.0, "sd": 0.2, "min": 0.5, "max": 2.0}
TWENTY = {"mean": 20.0, "sd": 0.5, "min": 19.0, "max": 21.0}
BALD = {"severity": {"norwood": ["VII"]}}


def study(**population: Any) -> Study:
    return small_study({"exosome": [EXOSOME], "saline": [SALINE]}, population=population)


@pytest.mark.parametrize("population", [{**BALD, "years_since_onset": FRESH}, {**BALD, "age": TWENTY}])
def test_bald_men_with_a_fresh_onset_are_told(population: dict[str, Any]) -> None:
    rehearsal = rehearse(study(**population))
    assert rehearsal is not None
    (note,) = rehearsal.notes
    assert "The severity stated (VII) is not there at baseline" in note
    assert "hairs/cm2" in note
    assert "population.years_since_onset" in note and "population.age" in note


def test_what_is_told_to_set_mends_it() -> None:
    mended = {"mean": 9.1, "sd": 2.0, "min": 5.0, "max": 15.0}
    assert rehearse(study(**BALD, years_since_onset=mended)) is None


@pytest.mark.parametrize(
    "population",
    [BALD, {"years_since_onset": FRESH}, {"severity": {"norwood": ["I"]}, "years_since_onset": FRESH}],
)
def test_severity_that_is_there_or_is_not_stated_is_not_told(population: dict[str, Any]) -> None:
    assert rehearse(study(**population)) is None


def test_women_are_told_by_their_own_scale() -> None:
    population = {"sex": {"female": 1.0}, "severity": {"ludwig": ["III"]}, "years_since_onset": FRESH}
    rehearsal = rehearse(study(**population))
    assert rehearsal is not None and "The severity stated (III)" in rehearsal.notes[0]


def test_no_shipped_study_states_a_severity_that_is_not_there() -> None:
    from anagen.parameters import load_parameters
    from anagen.trials.protocol import protocol, study_parameters
    from anagen.trials.young_loss import severity_notes

    told: dict[str, tuple[str, ...]] = {}
    for name, path in shipped_studies().items():
        shipped = Study.load(path)
        values = study_parameters(shipped, load_parameters("default")).draw(1, 0)
        told[name] = severity_notes(protocol(shipped), values, seed=1)
    assert [name for name, notes in told.items() if notes] == []
