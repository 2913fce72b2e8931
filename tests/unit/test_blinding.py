"""A comparison without a double dummy cannot have been blinded, and every command that compares says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from anagen.comparative.design import comparison
from anagen.comparative.page import blinding_of
from anagen.study import Study
from anagen.study.blinding import blinding_warnings
from anagen.study.vocabulary import vocabulary
from anagen.validation.cases import cases_of
from anagen.validation.validate import remarks_of
from small_studies import COURSE, FINASTERIDE, MINOXIDIL, PLACEBO, SALINE, VEHICLE, small_study, use

FILE = Path(__file__).parents[1] / "examples" / "no-double-dummy.yaml"
NEEDLING = use("microneedling", "microneedle", schedule=COURSE)
SHAM = use("sham-procedure", "sham", schedule=COURSE)
INJECTED = use("exosome", "intradermal", dose=1.0e10, product="adsc-native")


@pytest.mark.parametrize(
    ("arm", "control", "words"),
    [
        ([FINASTERIDE], [VEHICLE], "a tablet and control a lotion on the scalp"),
        ([MINOXIDIL], [PLACEBO], "a lotion on the scalp and control a tablet"),
        ([INJECTED], [], "an injection and control nothing"),
        ([MINOXIDIL, INJECTED], [MINOXIDIL], "a lotion on the scalp and an injection and control a lotion"),
    ],
)
def test_what_is_given_in_another_way_is_warned_of(arm: list[object], control: list[object], words: str) -> None:
    found = blinding_warnings(small_study({"drug": arm, "control": control}), vocabulary())  # type: ignore[dict-item]
    assert len(found) == 1
    assert words in found[0] and "blinding cannot have held" in found[0]


@pytest.mark.parametrize(
    ("arm", "control"),
    [
        ([FINASTERIDE], [PLACEBO]),
        ([FINASTERIDE, VEHICLE], [PLACEBO, MINOXIDIL]),
        ([INJECTED], [SALINE]),
        ([NEEDLING], [SHAM]),
    ],
)
def test_a_double_dummy_or_a_sham_is_enough(arm: list[object], control: list[object]) -> None:
    assert blinding_warnings(small_study({"drug": arm, "control": control}), vocabulary()) == ()  # type: ignore[dict-item]


def test_check_names_the_readings_that_differ_and_the_design_that_contradicts() -> None:
    words = str(Study.load(FILE).check())
    assert "reading.oral and reading.topical_vehicle" in words
    assert "the file says design.blinding: double" in words


def test_validation_says_it_of_the_study() -> None:
    (told,) = remarks_of(cases_of([FILE]))["no-double-dummy"]
    assert "without a double dummy" in told


def test_a_ranking_of_tablets_and_lotions_says_it_once() -> None:
    assert "without a double dummy" in blinding_of(comparison(["finasteride", "minoxidil"], weeks=24))
    assert blinding_of(comparison(["finasteride", "dutasteride"], weeks=24)) == ""
