"""In whom a therapy was studied, how certain its effect is, and what that does to patients of another kind."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.errors import InputError
from anagen.evidence.table import published_trials
from anagen.parameters import Parameter, load_parameters
from anagen.study import Study
from anagen.study.describe import describe
from anagen.study.shipped import shipped_studies
from anagen.study.standing import INFORMED, beyond, contraction, informed, no_way_to_the_attack, trust_lines
from anagen.therapies import THERAPIES
from anagen.therapies.certainty import LEVELS, Certainty
from anagen.therapies.populations import OTHER_CONDITION, OTHER_SEX, Studied, outside, transfer_by_sex, transfer_of
from anagen.trials.protocol import protocol
from anagen.trials.reference import expected_readings
from faults import every_fault
from small_studies import EXOSOME, FINASTERIDE, PLACEBO, SALINE, small_scene, small_study

PRIORS = load_parameters("prior")
TREATMENTS = {name: therapy for name, therapy in THERAPIES.items() if not therapy.is_control}
WITHOUT_A_STUDY = {"diet", "ginseng", "shampoo", "platelet-lysate"}
"""Treatments of which no study in people with a hair count was read."""


def test_every_treatment_says_in_whom_it_was_studied_and_how_certain_its_effect_is() -> None:
    with every_fault() as row:
        for name, therapy in TREATMENTS.items():
            with row(name):
                assert therapy.certainty is not None and therapy.certainty.level in LEVELS
                assert (therapy.studied is None) == (name in WITHOUT_A_STUDY)
                if therapy.studied is not None:
                    assert len(therapy.studied.source) > 3
                    assert set(therapy.studied.routes) <= set(therapy.routes)
                    assert set(therapy.studied.parameter_names()) <= set(PRIORS)
    assert all(THERAPIES[name].certainty is None for name in THERAPIES if name not in TREATMENTS)


def test_no_more_trials_stand_in_the_table_than_a_therapy_says() -> None:
    """Controlled studies of one therapy, not pooled, with an effect on hair; a program may hold several trials."""
    studies: dict[str, set[str]] = {}
    given = {(row.study, row.arm): row.treatments for row in published_trials()}
    for row in published_trials():
        if row.kind.startswith("pooled") or not (row.kind == "contrast" or row.control):
            continue
        if any(word in row.endpoint for word in ("DHT", "adverse", "event")):
            continue
        minoxidil = frozenset({"minoxidil"} if row.control.endswith(("MNX", "MNX 5% QD", "minoxidil 5%")) else ())
        for name in row.treatments - row.background - given.get((row.study, row.control), minoxidil):
            studies.setdefault(name, set()).add(row.study)
    # not randomised, or controlled by another treatment in another disease
    studies["scalp-cooling"].remove("rugo-2017")
    with every_fault() as fault:
        for name, held in studies.items():
            therapy = TREATMENTS.get(name)
            if therapy is None or therapy.certainty is None:
                continue
            with fault(name):
                print(name, sorted(held))
                assert len(held) <= therapy.certainty.trials


@pytest.mark.parametrize(
    "wrong",
    [
        ("good", (), 1, 10),
        ("low", (), 1, 10),
        ("high", ("imprecision",), 1, 10),
        ("low", ("bad luck",), 1, 10),
        ("low", ("imprecision",), 0, 10),
    ],
)
def test_a_certainty_that_is_none_cannot_be_written(wrong: tuple[str, tuple[str, ...], int, int]) -> None:
    with pytest.raises(ValueError, match=r"certainty|reason|trials"):
        Certainty(*wrong)  # pyright: ignore[reportArgumentType]


def test_a_population_that_is_none_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="sex"):
        Studied("aga", (), (18.0, 40.0), "mild")
    with pytest.raises(ValueError, match="backwards"):
        Studied("aga", ("male",), (40.0, 18.0), "mild")


def test_contraction_is_that_of_the_scale_of_the_prior() -> None:
    """Half the width leaves a quarter of the variance; a physical bound narrows the prior before any data."""
    normal = Parameter("x.y", 0.0, "1", "normal", -2.0, 2.0, "assumed", "C")
    log = Parameter("x.y", 1.0, "1", "lognormal", 0.25, 4.0, "assumed", "C")
    bounded = Parameter("x.y", 1.0, "1", "normal", 0.7, 1.3, "assumed", "C", upper=1.0)
    assert contraction(normal, -1.0, 1.0) == pytest.approx(0.75, abs=0.03)
    assert contraction(log, 0.5, 2.0) == pytest.approx(0.75, abs=0.03)
    # reflected at 1, the prior is a half-normal: 5 and 95 % of |z| are 0.063 and 1.960, sd 0.182
    assert contraction(bounded, 0.643, 0.989) == pytest.approx(0.0, abs=0.05)
    assert contraction(Parameter("x.y", 1.0, "1", "fixed", 1.0, 1.0, "assumed", "C"), 1.0, 1.0) == 0.0


def test_little_informed_is_said_of_effects_that_data_hardly_moved() -> None:
    """By the shipped posterior: trials inform finasteride and hardly exosomes; nothing of spironolactone is "
    "calibrated."""
    posterior = load_parameters().posterior
    assert posterior is not None
    told = {name: informed(THERAPIES[name], PRIORS, posterior.interval_90) for name in TREATMENTS}
    assert told["finasteride"] == "effect size informed by published trials"
    assert f"less than {100 * INFORMED:.0f} %" in told["exosome"] and "little informed" in told["exosome"]
    assert told["spironolactone"].startswith("effect size assumed")
    assert told["microneedling"] == "effect size informed by published trials", "by the act of its route"
    assert told["ginseng"] == ""


def test_the_words_of_check_are_those_of_the_posterior() -> None:
    text = describe(Study.load(shipped_studies()["exosome-vs-saline"]))
    assert "measured in 1 controlled trial of 20 patients" in text.lower()
    assert "GRADE certainty very low, because of risk of bias" in text
    assert "little informed" in text and "calibrated against" not in text.partition("How far to trust it")[2]


@pytest.mark.parametrize(
    ("name", "sexes", "differences", "factors"),
    [
        ("finasteride", ["male"], (), {}),
        ("finasteride", ["female"], ("women",), {"female": "transfer.antiandrogen_in_women"}),
        ("exosome", ["male", "female"], ("women",), {"female": OTHER_SEX}),
        ("spironolactone", ["male"], ("men",), {"male": OTHER_SEX}),
        ("minoxidil", ["male", "female"], (), {}),
    ],
)
def test_who_is_outside(name: str, sexes: list[str], differences: tuple[str, ...], factors: dict[str, str]) -> None:
    therapy = THERAPIES[name]
    found = outside(therapy, therapy.routes[0], condition="aga", sexes=sexes, age=35.0, zone="vertex")
    assert found == differences
    assert transfer_by_sex(therapy, "aga", sexes) == factors
    elsewhere = transfer_by_sex(therapy, "te", sexes)
    assert elsewhere == dict.fromkeys(sexes, OTHER_CONDITION)


def test_the_factor_holds_zero_and_is_of_patients_outside_alone() -> None:
    for name in ("transfer.other_sex", "transfer.other_condition", "transfer.antiandrogen_in_women"):
        prior = PRIORS[name]
        assert prior.grade == "C" and prior.low <= 0.0 < prior.value < 1.0
    found = transfer_of({"female": "x"}, ("male", "female", "male"), {"x": -0.2})
    assert found.tolist() == [1.0, -0.2, 1.0]


def test_what_a_study_is_outside_of_is_said_in_a_sentence() -> None:
    data = small_study({"drug": [FINASTERIDE], "placebo": [PLACEBO]}, population={"sex": {"female": 1.0}}).model_dump()
    said = beyond(THERAPIES["finasteride"], "oral", data)
    assert said.startswith(
        "Evidence for finasteride is from men of 18 to 41 years with loss at the vertex; your study is of women: the "
        "size of the effect there is not known"
    )
    assert "137 women after the menopause" in said
    men = small_study({"drug": [FINASTERIDE], "placebo": [PLACEBO]}).model_dump()
    assert beyond(THERAPIES["finasteride"], "oral", men) == ""
    assert trust_lines(men, PRIORS, {})[0].startswith("finasteride: Measured in 9 controlled trials")


def effect(sex: str, **values: float) -> float:
    """Expected difference of finasteride from placebo at week 24 in women after the menopause or men."""
    people = {"sex": {sex: 1.0}, "age": {"mean": 55.0, "sd": 3.0, "min": 50.0, "max": 60.0}}
    people["exclusions"] = ["pregnancy_potential"]  # pyright: ignore[reportArgumentType]
    study = small_study({"drug": [FINASTERIDE], "placebo": [PLACEBO]}, population=people, visits=(0.0, 24.0))
    drug, placebo = expected_readings(small_scene(study, seed=3, **values), n_patients=40)
    return float((drug.expected - placebo.expected)[:, 1, 0].mean())


def test_finasteride_in_women_follows_the_factor_and_in_men_does_not() -> None:
    """At a factor of 0 it is placebo to the bit; below zero it harms; men do not read it."""
    name = "transfer__antiandrogen_in_women"
    women = {factor: effect("female", **{name: factor}) for factor in (-0.3, 0.0, 0.25, 1.0)}
    print("women, by factor:", women)
    assert women[0.0] == 0.0
    assert women[-0.3] < 0.0 < women[0.25] < women[1.0]
    assert effect("male", **{name: 0.0}) == effect("male", **{name: 1.0}) > 0.0


def test_studies_inside_read_no_factor_and_studies_outside_say_that_they_do() -> None:
    men = protocol(small_study({"drug": [FINASTERIDE], "placebo": [PLACEBO]}))
    assert not any(name.startswith("transfer.") for name in men.parameter_names())
    assert all(not given.transfer for arm in men.prescriptions for given in arm)
    both = small_study({"v": [EXOSOME], "s": [SALINE]}, population={"sex": {"male": 0.5, "female": 0.5}})
    assert {name for name in protocol(both).parameter_names() if name.startswith("transfer.")} == {OTHER_SEX}


def test_shipped_studies_with_published_results_are_inside() -> None:
    """What parameters are calibrated on is within the population of each therapy, so that nothing of it moves."""
    with every_fault() as row:
        for name, path in shipped_studies().items():
            study = Study.load(path)
            if study.observed:
                with row(name):
                    given = [each for arm in protocol(study).courses for each in arm]
                    assert all(not each.transfer for each in given), [each.therapy.name for each in given]


def test_vesicles_have_no_way_to_the_attack_of_alopecia_areata() -> None:
    assert "no effect on the disease itself" in no_way_to_the_attack(THERAPIES["exosome"], "aa")
    assert no_way_to_the_attack(THERAPIES["exosome"], "aga") == ""
    assert no_way_to_the_attack(THERAPIES["deuruxolitinib"], "aa") == ""


def test_transfer_has_the_shape_of_the_patients() -> None:
    sex = ("male", "female") * 3
    assert transfer_of({"male": "x", "female": "y"}, sex, {"x": 0.5, "y": 2.0}).tolist() == [0.5, 2.0] * 3
    assert np.all(transfer_of({}, sex, {}) == 1.0)


def test_the_menopause_is_of_women_and_exclusions_have_names() -> None:
    from anagen.comparative.design import comparison

    after = comparison(["spironolactone", "finasteride"], sex="female", menopause="after", exclude=["kidney-disease"])
    assert after.study.population.age.min == 50.0
    assert "kidney_disease" in after.study.population.exclusions
    assert comparison(["minoxidil"], sex="female", menopause="before").study.population.age.max < 50.0
    for wrong in ({"menopause": "after"}, {"sex": "female", "menopause": "late"}, {"exclude": ["headache"]}):
        with pytest.raises(InputError, match=r"women|not known"):
            comparison(["minoxidil"], **wrong)  # pyright: ignore[reportArgumentType]
