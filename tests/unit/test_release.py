"""Release: every item of the specification against three public lists, results against limits, use, certificate."""

from __future__ import annotations

import math

import pytest
from release_products import CORD, RESULTS, complete, with_results

from anagen.core.errors import InputError
from anagen.exosomes import Product, load_product, parse_product
from anagen.exosomes.release import LISTS, SPECIFICATION, Certificate, Judged, certificate_of
from anagen.exosomes.release.items import Use
from anagen.exosomes.release.limits import Limit, Quantity, read_limit, read_quantity
from anagen.exosomes.release.uniformity import uniformity_of
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
EXPECTED = """
batch                       |                | not shown
identity                    | MFDS STTT WJSC | not shown
negative markers            | STTT WJSC      | passes
lipids or RNA               | MFDS           | not shown
morphology                  | WJSC           | not shown
detergent lysis             | WJSC           | not shown
size                        | STTT           | not shown
size peak                   | WJSC           | passes
particles per container     | MFDS STTT      | not shown
dose uniformity             | MFDS           | not shown
particle:protein            |                | passes
protein per dose            | STTT           | not shown
sterility                   | MFDS STTT WJSC | not shown
microbial count             |                | does not apply
mycoplasma                  | MFDS STTT WJSC | not shown
endotoxin per mL            | STTT WJSC      | not shown
endotoxin per dose          | MFDS           | not shown
adventitious virus          | MFDS STTT      | not shown
residual albumin            | MFDS           | not shown
residual antibiotics        | MFDS STTT      | not shown
residual DNA                |                | not shown
pesticides and heavy metals |                | does not apply
appearance                  | MFDS           | not shown
pH                          |                | not shown
osmolality                  |                | not shown
subvisible particles 10 um  |                | not shown
subvisible particles 25 um  |                | not shown
container closure           |                | not shown
potency                     | MFDS STTT      | passes
dose response               | MFDS           | not shown
mock control                | MFDS           | not shown
cell bank                   | MFDS STTT      | not shown
donor eligibility           | MFDS           | not shown
passage                     |                | fails
karyotype                   | MFDS STTT      | not shown
STR profile                 | MFDS STTT      | not shown
cell viability              | WJSC           | passes
cell markers                | WJSC           | not shown
cell differentiation        | WJSC           | not shown
stability                   | MFDS           | not shown
"""
"""What the three lists ask for, and what the file of a product that describes itself well shows of it."""


def certificate(text: str | Product, use: Use | None = None) -> Certificate:
    return certificate_of(parse_product(text) if isinstance(text, str) else text, PARAMETERS, use)


def judged(text: str | Product, item: str, use: Use | None = None) -> Judged:
    return next(entry for entry in certificate(text, use).judged if entry.item.name == item)


def test_a_product_that_describes_itself_well_is_refused_item_by_item() -> None:
    found = certificate(CORD)
    rows = [f"{e.item.name:27} | {' '.join(e.item.lists):14} | {e.verdict}" for e in found.judged]
    assert rows == EXPECTED.strip().splitlines()
    assert not found.released
    assert found.verdict() == "Not to be released: 1 item fails (passage); 32 items not shown"
    assert "taken as injected" in found.notes[0]


def test_what_the_two_tables_and_the_guideline_ask_for_is_in_the_specification() -> None:
    asked = {name: {item.name for item in SPECIFICATION.values() if name in item.lists} for name in LISTS}
    assert {"karyotype", "STR profile", "residual antibiotics", "size", "endotoxin per mL"} <= asked["STTT"]
    assert {"morphology", "detergent lysis", "cell differentiation", "size peak"} <= asked["WJSC"]
    assert {"donor eligibility", "mock control", "appearance", "endotoxin per dose", "stability"} <= asked["MFDS"]
    assert all({"sterility", "mycoplasma", "identity"} <= items for items in asked.values())


def test_a_batch_with_every_result_meets_the_specification() -> None:
    found = certificate(complete())
    assert {e.item.name: e.verdict for e in found.judged if e.verdict not in ("passes", "does not apply")} == {}
    assert found.released and found.batch == "UC-2501" and not found.notes
    assert judged(complete(), "endotoxin per dose").found == "< 0.1 EU/dose, from < 0.05 EU/mL and 2 mL"


@pytest.mark.parametrize("test", [name for name in RESULTS if name not in ("particles per container", "pH")])
def test_true_is_no_result(test: str) -> None:
    found = judged(with_results({test: ("true", "")}), test)
    assert found.verdict == "not shown" and "no result given; the file says true" in found.found


@pytest.mark.parametrize(
    ("test", "result", "limit", "verdict"),
    [
        ("sterility", '"growth"', "", "fails"),
        ("mycoplasma", '"detected"', "", "fails"),
        ("karyotype", '"abnormal"', "", "fails"),
        ("appearance", '"conforms"', "", "not shown"),
        ("appearance", '"does not conform"', "clear", "fails"),
        ("size", '"90 %"', "", "fails"),
        ("size", '"91 %"', "", "passes"),
        ("endotoxin per mL", '"0.25 EU/mL"', "", "fails"),
        ("endotoxin per mL", '"0.3 EU/mL"', "< 0.5 EU/mL", "passes"),
        ("endotoxin per mL", '"< 0.5 EU/mL"', "", "not shown"),
        ("endotoxin per mL", '"> 0.1 EU/mL"', "", "not shown"),
        ("endotoxin per mL", '"> 2 EU/mL"', "", "fails"),
        ("endotoxin per dose", '"251 EU/dose"', "", "fails"),
        ("pH", "6.4", "", "fails"),
        ("pH", '"6.4"', "6 to 7", "passes"),
        ("residual albumin", '"12 ng/mL"', "", "not shown"),
        ("residual albumin", '"0.06 ug/mL"', "<= 50 ng/mL", "fails"),
        ("osmolality", '"0.3 Osm/kg"', "", "passes"),
        ("potency", "2.4", "", "fails"),
        ("particles per container", '"7.9e10 particles"', "", "fails"),
        ("particles per container", '"1.2e11 particles"', "", "passes"),
        ("cell viability", '"85 %"', "", "fails"),
    ],
)
def test_results_are_held_against_limits(test: str, result: str, limit: str, verdict: str) -> None:
    assert judged(with_results({test: (result, limit)}), test).verdict == verdict


def test_a_limit_of_ones_own_that_is_looser_is_told() -> None:
    loose = judged(with_results({"endotoxin per mL": ('"0.3 EU/mL"', "< 0.5 EU/mL")}), "endotoxin per mL")
    strict = judged(with_results({"endotoxin per mL": ('"0.05 EU/mL"', "< 0.1 EU/mL")}), "endotoxin per mL")
    assert "looser than < 0.25 EU/mL" in loose.note and strict.note == "own limit"


def test_containers_are_held_against_the_label_and_against_each_other() -> None:
    far = RESULTS["particles per container"][0].replace("9.40e+10", "7.00e+10")
    found = with_results({"particles per container": (far, "")})
    assert judged(found, "particles per container").verdict == judged(found, "dose uniformity").verdict == "fails"
    few = with_results({"particles per container": ('["1e11 particles", "1.1e11 particles"]', "")})
    assert judged(few, "particles per container").verdict == "passes"
    assert "2 containers counted, 10 are needed" in judged(few, "dose uniformity").found
    unlabelled = with_results({"particles per container": ('"1e11 particles"', "")}).replace(
        'label = "1e11 particles"', ""
    )
    assert "give its label" in judged(unlabelled, "particles per container").note


def test_containers_without_particles_have_no_share_of_variation() -> None:
    assert uniformity_of([0.0, 0.0], 0.2).cv == math.inf


def test_the_variation_of_containers_has_the_confidence_limit_of_chi_squared() -> None:
    found = uniformity_of([9.0, 10.0, 11.0], 0.2)
    assert found.cv == pytest.approx(0.1) and found.outside == 0
    assert found.cv_high == pytest.approx(0.1 * (2.0 / 0.102587) ** 0.5, rel=1e-4)


@pytest.mark.parametrize(
    ("use", "spared"),
    [
        ("injected", {"microbial count"}),
        ("needled", {"microbial count", "subvisible particles 10 um", "subvisible particles 25 um"}),
        ("topical", {"sterility", "endotoxin per mL", "endotoxin per dose", "osmolality", "container closure",
                     "subvisible particles 10 um", "subvisible particles 25 um"}),
        ("cosmetic", {"sterility", "endotoxin per mL", "endotoxin per dose", "osmolality", "container closure",
                      "subvisible particles 10 um", "subvisible particles 25 um", "potency", "dose response",
                      "mock control"}),
    ],
)  # fmt: skip
def test_what_does_not_apply_to_a_use_says_so(use: Use, spared: set[str]) -> None:
    found = certificate(CORD, use)
    told = {e.item.name: e.found for e in found.judged if e.verdict == "does not apply"}
    assert set(told) == spared | {"pesticides and heavy metals"}
    assert all(told.values())
    assert any("human origin" in note for note in found.notes) == (use == "cosmetic")


def test_plants_are_not_asked_for_cells_donors_or_viruses() -> None:
    found = certificate(load_product("plant"), "cosmetic")
    spared = {e.item.name for e in found.judged if e.verdict == "does not apply"}
    assert {"karyotype", "STR profile", "passage", "donor eligibility", "adventitious virus", "cell bank"} <= spared
    assert "pesticides and heavy metals" not in spared and "microbial count" not in spared
    assert not any("human origin" in note for note in found.notes)
    platelets = {e.item.name for e in certificate(load_product("platelet")).judged if e.verdict == "does not apply"}
    assert "donor eligibility" not in platelets and "karyotype" in platelets


def test_a_number_that_was_not_measured_on_the_product_is_no_result() -> None:
    text = CORD.replace('"115 nm", basis = "measured"', '"115 nm", basis = "label"')
    assert judged(text, "size peak").found == "115 nm is a label"
    assert judged(text, "size peak").verdict == "not shown"


@pytest.mark.parametrize(
    ("old", "new", "verdict"),
    [
        ("value = 1.2, low = 0.8, high = 1.8", "value = 1.2", "not shown"),
        ("value = 1.2, low = 0.8, high = 1.8", "value = 1.2, low = 0.4, high = 3.0", "not shown"),
        ("value = 1.2, low = 0.8, high = 1.8", "value = 2.2, low = 2.1, high = 2.5", "fails"),
    ],
)
def test_potency_is_shown_with_its_confidence_limits(old: str, new: str, verdict: str) -> None:
    assert judged(CORD.replace(old, new), "potency").verdict == verdict


def test_an_absent_protein_fails_identity_and_a_present_one_the_negative_markers() -> None:
    assert (
        judged(
            CORD.replace('name = "CD63"\nresult = "present"', 'name = "CD63"\nresult = "absent"'), "identity"
        ).verdict
        == "fails"
    )
    assert judged(CORD.replace('"absent"', '"present"'), "negative markers").verdict == "fails"
    assert judged(CORD.replace('"absent"', '"not-tested"'), "negative markers").verdict == "not shown"


def test_a_number_in_question_stands_in_the_way_of_release() -> None:
    text = complete().replace("e10 particles/ug", "e9 particles/mg")
    assert text.count("particles/mg") == 3
    found = certificate(text)
    assert not found.released and "in question" in found.verdict()


@pytest.mark.parametrize(
    ("test", "result", "limit", "field", "words"),
    [
        ("mycoplasm", '"negative"', "", "release.result[0].test", "unknown test"),
        ("sterility", '"fine"', "", "release.result[0].result", "outcomes are negative, no growth"),
        ("endotoxin per mL", "0.1", "", "release.result[0].result", "has no unit"),
        ("endotoxin per mL", '"0.1 ng/mL"', "", "release.result[0].result", "is a concentration"),
        ("endotoxin per mL", '"0.1 EU/mL"', "0.25 EU/mL", "release.result[0].limit", "is no limit"),
        ("pH", '"7 to"', "", "release.result[0].result", "is not a number"),
        ("identity", '"conforms"', "", "release.result[0].test", "read from other tables"),
    ],
)
def test_a_wrong_result_is_told_with_its_field(test: str, result: str, limit: str, field: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_product(with_results({test: (result, limit)}), "x.toml")
    (problem,) = caught.value.problems
    assert problem.field == field and words in problem.message and problem.line is not None


def test_names_of_tests_that_people_use_are_led_to_ours() -> None:
    with pytest.raises(InputError) as caught:
        parse_product(with_results({"LAL": ('"0.1 EU/mL"', "")}))
    assert caught.value.problems[0].suggestion == "endotoxin per mL"


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("< 0.5 EU/mL", Limit("EU/mL", high=0.5, strict=True)),
        ("at most 500 EU/L", Limit("EU/mL", high=0.5)),
        (">= 1 EU/mL", Limit("EU/mL", 1.0)),
        ("1 to 2 EU/mL", Limit("EU/mL", 1.0, 2.0)),
        ("1 EU/mL to 2 EU/mL", Limit("EU/mL", 1.0, 2.0)),
    ],
)
def test_limits_are_read_as_people_write_them(text: str, limit: Limit) -> None:
    assert read_limit(text, "EU/mL") == limit


def test_a_range_that_runs_down_is_told() -> None:
    with pytest.raises(InputError, match="down to"):
        read_limit("8 to 6", "1")
    assert read_quantity("≤ 5 EU/mL", "EU/mL") == Quantity(5.0, "<")


@pytest.mark.parametrize(("text", "unit"), [("-5 ng/dose", "ng/dose"), ("140 %", "percent")])
def test_results_that_cannot_be_are_refused(text: str, unit: str) -> None:
    with pytest.raises(InputError, match="cannot be"):
        read_quantity(text, unit)
