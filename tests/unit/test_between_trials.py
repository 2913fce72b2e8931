"""Uses of published values, and the spread between trials that they are given."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.evidence.between import (
    ADD_ON,
    INDUSTRY,
    SELECTION,
    SMALL_STUDY,
    SPLIT_SCALP,
    UNBLINDED,
    between,
    strongest_kind,
)
from anagen.evidence.uses import use_of, without_control
from anagen.parameters import load_parameters
from anagen.study import Study
from anagen.study.observed import Observed
from anagen.study.shipped import shipped_studies
from anagen.trials.protocol import protocol
from small_studies import VEHICLE, small_study, use


def shipped(name: str) -> Study:
    return Study.load(shipped_studies()[name])


def of(name: str, **fields: object) -> Observed:
    rows = [row for row in shipped(name).observed if all(getattr(row, k) == v for k, v in fields.items())]
    assert rows
    return rows[0]


VALUES = load_parameters().draw(1, 0)


def test_uses_follow_the_rule_and_the_file() -> None:
    olsen = shipped("olsen-2006-dutasteride")
    uses = {(row.arm or row.contrast, row.read): use_of(row, olsen)[0] for row in olsen.observed}
    assert uses["dutasteride 0.5 mg", "secondary source"] == "calibrate"
    assert uses["finasteride 5 mg", "memory"] == "check"
    assert uses[("dutasteride 0.5 mg", "placebo"), "derived"] == "check"
    dhurat = shipped("dhurat-2013-microneedling")
    assert {use_of(row, dhurat)[0] for row in dhurat.observed} == {"exclude"}
    kaufman = shipped("kaufman-1998-finasteride")
    assert [use_of(row, kaufman)[0] for row in kaufman.observed] == ["calibrate", "check"]


@pytest.mark.parametrize(
    ("extra", "field"),
    [("use: check", "reason"), ("use: calibrate\n    read: memory", "use")],
)
def test_a_file_says_why_and_fits_nothing_that_was_recalled(extra: str, field: str) -> None:
    text = shipped_studies()["cervelli-2014-activated-prp"].read_text(encoding="utf-8")
    kept = text.replace("    read: abstract\n", "") if "read:" in extra else text
    with pytest.raises(InputError) as caught:
        Study.parse(kept.rstrip() + f"\n    {extra}\n")
    assert any(problem.field.endswith(field) for problem in caught.value.problems)


def test_offset_is_shared_by_arms_and_cancels_in_a_contrast() -> None:
    plan = protocol(shipped("van-neste-2000-finasteride"))
    arm = next(row for row in plan.study.observed if row.arm == "finasteride" and row.measure == "change")
    pair = next(row for row in plan.study.observed if row.contrast is not None and row.measure == "change")
    assert between(arm, plan, 200.0).offset_sd(VALUES) == VALUES["measurement.study_offset"]
    assert between(pair, plan, 200.0).offset_sd(VALUES) == 0.0
    assert between(pair, plan, 200.0).gain_sd(VALUES) == VALUES["heterogeneity.drug"]


def test_untreated_arms_have_no_spread_of_a_gain() -> None:
    plan = protocol(shipped("olsen-2002-minoxidil"))
    vehicle = of("olsen-2002-minoxidil", arm="vehicle", endpoint="nonvellus_density")
    assert between(vehicle, plan, 150.0).gain_sd(VALUES) == 0.0


def test_a_change_without_its_control_is_expected_to_say_too_much() -> None:
    lee, plan = of("lee-2011-erbium-glass"), protocol(shipped("lee-2011-erbium-glass"))
    assert without_control(lee, plan.study)
    shapiro = shipped("shapiro-2020-prp")
    assert not any(without_control(row, shapiro) for row in shapiro.observed)
    spread = between(lee, plan, 100.0)
    small = VALUES["heterogeneity.small_study_bias"] * 20.0 / 27.0
    small += VALUES["heterogeneity.selection_bias"] * (20.0 / 27.0) ** 0.5
    assert spread.bias(VALUES) == pytest.approx(VALUES["heterogeneity.uncontrolled_bias"] + small)


def test_the_bias_of_a_small_trial_has_no_bound() -> None:
    """Ten patients per arm say twice too much what twenty do."""
    amini, plan = of("amini-2025-exosome", arm="exosome"), protocol(shipped("amini-2025-exosome"))
    assert dict(between(amini, plan, 100.0).biases)[SMALL_STUDY] == pytest.approx(2.0)


def test_hair_that_was_planted_is_counted_as_it_is() -> None:
    plan = protocol(shipped("beehner-2005-graft-density"))
    assert all(between(row, plan, 100.0).biases == () for row in plan.study.observed)


def test_split_scalps_and_procedures_beside_a_drug_have_a_bias_of_their_own() -> None:
    shapiro = protocol(shipped("shapiro-2020-prp"))
    pair = next(row for row in shapiro.study.observed if row.is_contrast)
    assert SPLIT_SCALP in dict(between(pair, shapiro, 150.0).biases)
    kumar = protocol(shipped("kumar-2018-microneedling"))
    pair = next(row for row in kumar.study.observed if row.is_contrast)
    assert ADD_ON in dict(between(pair, kumar, 100.0).biases)
    olsen = protocol(shipped("olsen-2002-minoxidil"))
    treated = of("olsen-2002-minoxidil", arm="minoxidil 5 %", endpoint="nonvellus_density")
    assert set(dict(between(treated, olsen, 150.0).biases)) == {SELECTION}


def test_a_controlled_trial_that_nobody_was_blinded_in_has_a_bias_of_its_own() -> None:
    """The same trial has it no longer where patients or assessors were blinded."""
    study = small_study({"drops": [use("minoxidil", "topical")], "vehicle": [VEHICLE]})
    row = Observed(
        contrast=("drops", "vehicle"),
        endpoint="total_density",
        week=24.0,
        measure="change",
        mean=9.0,
        n=80,
        source="test",
        read="abstract",
    )
    for blinding, there in (("none", True), ("assessor", False), ("double", False)):
        design = study.design.model_copy(update={"blinding": blinding})
        plan = protocol(study.model_copy(update={"design": design}))
        assert (UNBLINDED in dict(between(row, plan, 150.0).biases)) is there


def test_a_trial_that_its_maker_paid_for_has_a_bias_that_may_be_nothing() -> None:
    olsen = protocol(shipped("olsen-2007-minoxidil-foam"))
    pair = next(row for row in olsen.study.observed if row.arms == ("foam",))
    assert INDUSTRY in dict(between(pair, olsen, 150.0).biases)
    bias = load_parameters("prior")[INDUSTRY]
    assert bias.low < 0.0 < bias.high


def test_a_control_that_has_crossed_over_is_no_control() -> None:
    """Vehicle up to week 24 and minoxidil from then on, beside minoxidil throughout: nothing untreated at week 48."""
    lotion = use("minoxidil", "topical", schedule={"per_day": 2, "start": 24})
    rows = [
        {"arm": arm, "endpoint": "total_density", "week": week, "measure": "change", "mean": 1.0, "source": "test",
         "read": "abstract"}
        for arm in ("drops", "crossed") for week in (24.0, 48.0)
    ]  # fmt: skip
    study = small_study(
        {"drops": [use("minoxidil", "topical")], "crossed": [VEHICLE, lotion]}, visits=(0.0, 24.0, 48.0)
    ).model_copy(update={"observed": tuple(Observed(**row) for row in rows)})
    early, late = study.observed[:2]
    assert not without_control(early, study)
    assert without_control(late, study)


def test_other_endpoints_take_the_same_share_of_their_level() -> None:
    plan = protocol(shipped("price-2002-finasteride"))
    weight = next(row for row in plan.study.observed if row.endpoint != "total_density")
    found = between(weight, plan, 50.0).gain_sd(VALUES)
    assert np.isclose(found, 100.0 / 200.0 * VALUES["heterogeneity.drug"])


def test_an_arm_is_what_it_has_had_by_that_week() -> None:
    """Vehicle up to week 24 and minoxidil from then on: untreated at week 24, on a drug at week 48."""
    lotion = use("minoxidil", "topical", schedule={"per_day": 2, "start": 24})
    study = small_study({"late": [lotion], "never": [VEHICLE]}, visits=(0.0, 24.0, 48.0))
    plan = protocol(study)
    row = {"arm": "late", "endpoint": "total_density", "measure": "change", "mean": 1.0, "source": "test"}
    early, late = (Observed(**row, week=week, read="abstract") for week in (24.0, 48.0))
    assert [strongest_kind(each, plan) for each in (early, late)] == ["none", "drug"]
