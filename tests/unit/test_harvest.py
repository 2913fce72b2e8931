"""The donor's account: whole follicles, none made, none forgotten; supply, cutting and survival as parameters say."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anagen.core.errors import InputError
from anagen.follicles.harvest import Account, accounts, donor_area, survival
from anagen.parameters import load_parameters
from anagen.study import Study
from anagen.study.treatment import TherapyUse
from anagen.trials.protocol import prescription_of
from anagen.trials.screening import candidates
from anagen.trials.transplantation import accounts_of, surgery_of
from small_studies import FUE, FUT, small_scene, small_study

VALUES = load_parameters("prior").draw(0, 0)
SCENE = small_scene(small_study({"graft": [FUT], "nothing": []}))
PEOPLE = candidates(SCENE, np.arange(300), 0)


def made(densities: list[float], harvest: str = "fut", area: float = 60.0, **values: float) -> tuple[Account, ...]:
    changed = {name.replace("__", "."): value for name, value in values.items()}
    return accounts(PEOPLE, {**VALUES, **changed}, densities=np.array(densities), area=area, harvest=harvest, seed=1)


def check_balance(sessions: tuple[Account, ...]) -> None:
    before = donor_area(PEOPLE, VALUES, seed=1).follicles
    for account in sessions:
        assert np.array_equal(account.donor_before, before)
        assert np.array_equal(account.donor_before, account.donor_after + account.grown + account.cut + account.died)
        assert np.array_equal(account.harvested, account.cut + account.planted)
        assert np.array_equal(account.planted, account.grown + account.died)
        for name in Account.__slots__:
            column = getattr(account, name)
            assert column.dtype == np.int64 and column.min() >= 0, name
        assert np.all((account.harvested >= account.units) & (account.harvested <= 4 * account.units))
        before = account.donor_after


@pytest.mark.parametrize("harvest", ["fue", "fut"])
@pytest.mark.parametrize("densities", [[30.0], [0.0], [35.0, 20.0, 20.0], [80.0, 80.0, 80.0]], ids=str)
def test_follicles_are_conserved(harvest: str, densities: list[float]) -> None:
    """To exact counts: what the donor area loses grows in the recipient area, was cut, or did not survive."""
    check_balance(made(densities, harvest, 100.0))


@settings(max_examples=60)
@given(
    st.lists(st.floats(0.0, 80.0), min_size=1, max_size=4),
    st.sampled_from(["fue", "fut"]),
    st.floats(0.1, 400.0),
    st.floats(0.0, 0.9),
    st.floats(0.0, 1.0),
)
def test_follicles_are_conserved_whatever_is_asked(
    densities: list[float], harvest: str, area: float, cut: float, alive: float
) -> None:
    check_balance(
        made(densities, harvest, area, graft__transection_fue=cut, graft__transection_fut=cut, graft__survival=alive)
    )


def test_no_more_is_taken_than_the_donor_area_allows() -> None:
    limit = donor_area(PEOPLE, VALUES, seed=1)
    sessions = made([60.0, 60.0, 60.0], area=200.0)
    taken = np.sum([account.units for account in sessions], axis=0)
    assert np.array_equal(taken, np.minimum(limit.allowed, taken))
    assert np.array_equal(taken + sessions[-1].units_left, limit.allowed)
    assert np.all(sessions[-1].units_left == 0) and np.all(limit.allowed <= VALUES["graft.harvest_limit"] * limit.units)


def test_the_donor_area_is_the_same_whatever_is_done_to_it() -> None:
    for densities, harvest in (([10.0], "fut"), ([50.0, 20.0], "fue")):
        assert np.array_equal(made(densities, harvest)[0].donor_before, donor_area(PEOPLE, VALUES, seed=1).follicles)


def test_numbers_have_their_means() -> None:
    """Units per cm2, hairs per unit, cut and surviving shares, within 4 standard errors."""
    donor, (account,) = donor_area(PEOPLE, VALUES, seed=1), made([30.0], "fue")
    density = donor.units / VALUES["graft.safe_donor_area"]
    assert abs(density.mean() - 80.0) < 4.0 * density.std(ddof=1) / np.sqrt(len(PEOPLE))
    for share, mean in (
        (account.harvested / account.units, VALUES["graft.hairs_per_unit_caucasian"]),
        (account.cut / account.harvested, VALUES["graft.transection_fue"]),
        (account.grown / account.planted, VALUES["graft.survival"] * VALUES["graft.survival_factor_fue"]),
    ):
        assert abs(share.mean() - mean) < 4.0 * share.std(ddof=1) / np.sqrt(len(PEOPLE)) + 1e-4


def test_survival_falls_above_35_units_per_cm2() -> None:
    alive = survival(np.array([20.0, 30.0, 35.0, 40.0, 50.0]), VALUES, "fut")
    assert alive[0] == alive[1] == alive[2] > alive[3] > alive[4]
    published = {20.0: (0.95, 0.88), 30.0: (0.93, 0.92), 40.0: (0.70, 1.00), 50.0: (0.67, 0.93)}
    for density, pair in published.items():
        assert min(pair) - 0.04 < survival(density, VALUES, "fut") < max(pair) + 0.04


def test_punches_cut_more_than_a_strip() -> None:
    (strip,), (punches,) = made([30.0], "fut"), made([30.0], "fue")
    assert np.array_equal(strip.harvested, punches.harvested), "the same units in both"
    assert np.all(punches.cut > strip.cut) and np.all(punches.grown < strip.grown)


def test_unknown_harvest_is_refused() -> None:
    with pytest.raises(ValueError, match="'fue' or 'fut'"):
        made([30.0], "laser")


def use_of(**changes: Any) -> TherapyUse:
    return TherapyUse.model_validate({**FUT, **changes})


def test_a_prescription_says_how_and_how_much() -> None:
    surgery = surgery_of([prescription_of(use_of(), 52.0)])
    assert surgery is not None and surgery.formulation == "fut" and surgery.doses.amounts.tolist() == [30.0]
    (account,) = accounts_of(surgery, PEOPLE, VALUES, seed=1)
    assert np.all(account.units == 30 * 60)
    nothing = prescription_of(use_of(dose={"value": 0.0, "unit": "FU/cm^2", "text": "0 FU/cm^2"}), 52.0)
    assert surgery_of([nothing]) is None and surgery_of([]) is None
    assert not nothing.therapy.is_control and FUE["formulation"] == "fue"


GRAFT_STUDY = """
study: graft
population: {condition: aga, sex: {male: 1}, age: {mean: 40, sd: 8, min: 20, max: 60}, ethnicity: {caucasian: 1}}
arms:
  - {name: graft, patients: 10, therapies: [{therapy: hair-transplantation, formulation: fut, dose: "30 FU/cm^2"}]}
  - {name: nothing, patients: 10, control: true}
measurement: {zone: frontal, target_area: "1 cm^2", method: phototrichogram, visits: [0, 52]}
endpoints: {primary: {endpoint: coverage, week: 52, measure: change}}
design: {layout: parallel}
"""


def test_a_study_reads_units_per_area() -> None:
    dose = Study.parse(GRAFT_STUDY).arms[0].therapies[0].dose
    assert dose is not None and dose.value == 30.0
    other = Study.parse(GRAFT_STUDY.replace("30 FU/cm^2", "0.3 grafts/mm^2")).arms[0].therapies[0].dose
    assert other is not None and other.value == pytest.approx(30.0)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("zone: frontal", "zone: occipital", "takes follicles from the occipital zone"),
        ("condition: aga", "condition: healthy", "is for androgenetic alopecia"),
        ("30 FU/cm^2", "90 FU/cm^2", "denser than a natural scalp"),
        ("30 FU/cm^2", "30 mg", "expected a number of follicular units per area"),
        ("formulation: fut", "formulation: fud", "unknown formulation"),
        ('cm^2"}]', 'cm^2"}, {therapy: hair-transplantation}]', "an arm has one transplantation"),
    ],
)
def test_what_no_surgeon_does_is_refused(old: str, new: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        Study.parse(GRAFT_STUDY.replace(old, new, 1))
    assert [problem.message for problem in caught.value.problems if says in problem.message]
