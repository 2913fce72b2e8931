"""A product composed from one of the library, its potent dose step by step, and its course over storage."""

from __future__ import annotations

from itertools import pairwise

import pytest

from anagen.exosomes import library, load_product, parse_product, potent_dose
from anagen.exosomes.composing import Changes, composed
from anagen.exosomes.shelf_life import shelf_life, storage_course
from anagen.exosomes.storage import StorageStep
from anagen.parameters import load_parameters

TEXT = library()["adsc-native"].read_text(encoding="utf-8")


def test_a_product_of_which_nothing_is_changed_is_the_same_text() -> None:
    assert composed(TEXT, Changes()) == TEXT


def test_other_steps_leave_out_what_was_measured_after_the_old_ones() -> None:
    made = parse_product(composed(TEXT, Changes(isolation=("precipitation",))))
    assert made.preparation.isolation == ("precipitation",)
    assert made.particles.particle_to_protein is None
    assert made.name == "adsc-native-composed" and made.title.endswith("changed")
    # a ratio that is set with them stays
    both = parse_product(composed(TEXT, Changes(isolation=("precipitation",), particle_to_protein=2e9)))
    assert both.particles.particle_to_protein is not None and both.particles.particle_to_protein.value == 2e9


def test_numbers_set_by_hand_are_told_as_assumed() -> None:
    made = parse_product(composed(TEXT, Changes(dose=5e9, concentration=1e9, passage=7)))
    assert (made.dose.value, made.dose.basis, made.preparation.passage) == (5e9, "assumed", 7)
    assert made.particles.concentration.value == 1e9


@pytest.mark.parametrize("name", sorted(library()))
def test_every_product_of_the_library_can_be_stored_otherwise(name: str) -> None:
    text = library()[name].read_text(encoding="utf-8")
    stay = {"temperature": "4 degC", "days": "3 day", "buffer": "pbs", "tube": "glass"}
    made = parse_product(composed(text, Changes(history=(stay,))))
    assert [step.days for step in made.history()] == [3.0]
    assert made.particles.counted == "at_release"


def test_the_steps_of_a_potent_dose_end_at_it() -> None:
    potent = potent_dose(load_product("uc-msc"), load_parameters(), draws=20)
    steps = potent.steps()
    assert steps[0].left == potent.particles.central
    assert steps[-1].left == pytest.approx(potent.potent.central)
    assert all(step.left == pytest.approx(before.left * step.factor.central)
               for before, step in pairwise(steps))  # fmt: skip


def test_the_course_over_storage_is_that_of_the_stability_command() -> None:
    product, parameters = load_product("adsc-native"), load_parameters()
    assert storage_course(product, parameters, draws=20) == shelf_life(product, parameters, draws=20).prior
    warm = storage_course(product, parameters, StorageStep(4.0, 2.0), draws=20)
    assert warm.central[-1] < 0.2 and all(low <= high for low, high in zip(warm.low, warm.high, strict=True))
