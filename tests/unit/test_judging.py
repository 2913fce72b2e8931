"""Coverage and scores: cuts, noise, expectation, baseline, addressed draws."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anagen.core.arrays import FloatArray
from anagen.parameters import load_parameters
from anagen.scalp import ENDPOINTS
from anagen.scalp.judging import CATEGORIES, Look, Session, coverage, grade, mean_grade
from anagen.statistics.two_arms import ancova, paired_ancova
from anagen.trials.expectation import arm_expectation, expectation_names
from anagen.trials.screening import candidates
from small_studies import (
    EXOSOME,
    FINASTERIDE,
    FUT,
    PLACEBO,
    SALINE,
    VEHICLE,
    column,
    observed,
    small_scene,
    small_study,
)
from small_studies import use as given_use

VALUES = load_parameters("prior").draw(0, 0)
SCORES = ("gpa", "gpa_investigator", "patient_score")
JUDGED = ("coverage", *SCORES)
PEOPLE = candidates(small_scene(small_study({"nothing": [], "control": []})), np.arange(3000), 0)


def look(rates: tuple[float, ...], *, hope: float = 0.0, seed: int = 1, **values: float) -> Look:
    """The same covering rates for everybody, at weeks 0, 26, 52, ..."""
    n = len(PEOPLE)
    visits = np.arange(len(rates)) * 182.0
    numbers = {**VALUES, **{name.replace("__", "."): value for name, value in values.items()}}
    return Look(
        Session(PEOPLE, visits, numbers, seed),
        np.broadcast_to(np.array(rates), (n, len(rates))),
        np.where(visits > 0.0, hope, 0.0) * np.ones((n, 1)),
    )


def judged(name: str, at: Look) -> tuple[FloatArray, FloatArray, FloatArray]:
    judge = ENDPOINTS[name].judge
    assert judge is not None
    return judge.judge(at, name)


@given(st.floats(0.0, 1.0), st.floats(1.0, 200.0))
def test_coverage_is_a_share_that_rises(rate: float, days: float) -> None:
    hidden = coverage(np.array([rate, rate + 0.01]), days)
    assert np.all((hidden >= 0.0) & (hidden <= 1.0)) and hidden[1] >= hidden[0]


def test_coverage_follows_the_published_line() -> None:
    """Scalp coverage score 106.41 - 0.72 TTCC per cent, Van Neste 2021: within 5 points to 80 days, 9 at 100 days.

    The line itself crosses zero, which a share of hidden scalp cannot; so the two part where hair is sparse.
    """
    time_to_cover = np.linspace(20.0, 100.0, 81)
    hidden = 100.0 * coverage(1.0 / time_to_cover, VALUES["outcomes.covering_days"])
    distance = hidden - (106.41 - 0.72 * time_to_cover)
    assert np.abs(distance[time_to_cover <= 80.0]).max() < 5.0 and np.abs(distance).max() < 9.0
    assert np.sqrt((distance**2).mean()) < 3.5


@given(st.floats(-200.0, 200.0), st.floats(0.0, 200.0))
def test_a_greater_change_never_scores_less(latent: float, more: float) -> None:
    scores = grade(np.array([latent, latent + more]), 4.0, 15.0, 10.0)
    assert scores[0] <= scores[1]
    assert set(scores.tolist()) <= set(range(-CATEGORIES, CATEGORIES + 1))


def test_mean_grade_is_the_mean_over_noise() -> None:
    latent, sd, cuts = np.array([-30.0, -5.0, 0.0, 8.0, 40.0]), 6.0, (4.0, 15.0, 10.0)
    z = np.random.default_rng(3).standard_normal((40_000, 1))
    drawn = grade(latent + sd * z, *cuts)
    error = drawn.std(axis=0) / np.sqrt(len(z)) + 1e-4
    assert np.all(np.abs(drawn.mean(axis=0) - mean_grade(latent, sd, *cuts)) < 4.0 * error)


@pytest.mark.parametrize("name", SCORES)
def test_nothing_has_changed_at_baseline(name: str) -> None:
    for reading in judged(name, look((0.02, 0.05), hope=10.0)):
        assert np.array_equal(reading[:, 0], np.zeros(len(PEOPLE)))


@pytest.mark.parametrize("name", SCORES)
def test_true_score_has_neither_noise_nor_hope(name: str) -> None:
    true, _expected, _measured = judged(name, look((0.02, 0.02, 0.2, 0.001), hope=30.0))
    unchanged = 1.0 if VALUES["outcomes.investigator_gain"] < 0.0 and name == "gpa_investigator" else 0.0
    assert np.unique(true[:, 1]).tolist() == [unchanged]
    assert np.unique(true[:, 2]).tolist() == [3.0] and np.unique(true[:, 3]).tolist() in ([-3.0], [-2.0])


@pytest.mark.parametrize("name", SCORES)
def test_measured_scores_average_to_the_expected_one(name: str) -> None:
    _true, expected, measured = judged(name, look((0.02, 0.022, 0.03)))
    for visit in (1, 2):
        error = measured[:, visit].std(ddof=1) / np.sqrt(len(PEOPLE))
        assert abs(measured[:, visit].mean() - expected[:, visit].mean()) < 4.0 * error


def test_hope_raises_the_patients_own_score_only() -> None:
    for name in SCORES:
        without, with_hope = (judged(name, look((0.02, 0.02), hope=hope))[1][:, 1].mean() for hope in (0.0, 10.0))
        assert (with_hope > without) == (name == "patient_score"), name


@pytest.mark.parametrize("name", SCORES)
def test_a_share_of_the_noise_stays(name: str) -> None:
    """Scores of two visits without any change agree as the persistence says: all of them where it is 1."""
    prefix = {"gpa": "panel", "gpa_investigator": "investigator", "patient_score": "patient"}[name]
    for share, low, high in ((0.0, -0.08, 0.08), (1.0, 1.0, 1.0)):
        at = look((0.02, 0.02, 0.02), **{f"outcomes__{prefix}_persistence": share})
        measured = judged(name, at)[2]
        correlation = np.corrcoef(measured[:, 1], measured[:, 2])[0, 1]
        assert low - 1e-9 <= correlation <= high + 1e-9


@pytest.mark.parametrize("name", JUDGED)
def test_draws_are_addressed(name: str) -> None:
    """The same patient at the same visit is judged alike in any company; another seed or site judges anew."""
    whole = look((0.02, 0.024, 0.03))
    rows = np.array([7, 3, 1200])
    some = Look(replace(whole.session, population=PEOPLE.take(rows)), whole.value[rows], whole.expectation[rows])
    for all_readings, some_readings in zip(judged(name, whole), judged(name, some), strict=True):
        assert np.array_equal(all_readings[rows], some_readings)
    session = whole.session
    visits = replace(session, visits=session.visits[[0, 2]])
    fewer = Look(visits, whole.value[:, [0, 2]], whole.expectation[:, [0, 2]])
    assert np.array_equal(judged(name, fewer)[2][:, 1], judged(name, whole)[2][:, 2])
    for other in (replace(whole, session=replace(session, seed=2)), replace(whole, session=replace(session, site=1))):
        assert not np.array_equal(judged(name, other)[2], judged(name, whole)[2])


def test_expectation_follows_the_route_and_never_the_substance() -> None:
    arms = {"drug": [FINASTERIDE], "placebo": [PLACEBO], "vehicle": [VEHICLE], "both": [PLACEBO, EXOSOME], "vesicles": [EXOSOME], "saline": [SALINE], "graft": [FUT], "nothing": []}  # fmt: skip # noqa: E501
    scene = small_scene(small_study(arms, patients=4, block=8))
    names = dict(zip(arms, map(expectation_names, scene.protocol.prescriptions), strict=True))
    assert names["drug"] == names["placebo"] == ("outcomes.expectation_oral",)
    assert names["vehicle"] == ("outcomes.expectation_topical",)
    assert names["vesicles"] == names["saline"] == ("outcomes.expectation_procedure",)
    assert names["graft"] == ("outcomes.expectation_graft",) and names["nothing"] == ()
    days = np.array([0.0, 28.0, 1e6])
    hope = {n: arm_expectation(g, VALUES, days) for n, g in zip(arms, scene.protocol.prescriptions, strict=True)}
    assert np.array_equal(hope["both"], hope["saline"]), "a person hopes once, as much as for the greater thing"
    assert hope["saline"][0] == 0.0 and hope["saline"][2] == VALUES["outcomes.expectation_procedure"]
    assert np.array_equal(hope["nothing"], np.zeros(3))


def test_an_endpoint_changes_no_other_reading() -> None:
    arms = {"finasteride": [FINASTERIDE], "placebo": [PLACEBO]}
    plain, more = (
        small_scene(small_study(arms, secondary=secondary, visits=(0.0, 24.0)), seed=4)
        for secondary in (("shed_per_day",), ("shed_per_day", *JUDGED))
    )
    before, after = (
        observed(scene, list(scene.protocol.prescriptions), patients=20, weeks=(0.0, 24.0)) for scene in (plain, more)
    )
    for name in ("total_density", "shed_per_day"):
        for old, new in zip(before, after, strict=True):
            for kind in ("true", "expected", "measured"):
                one, other = getattr(old, kind)[..., column(plain, name)], getattr(new, kind)[..., column(more, name)]
                assert one.tobytes() == other.tobytes()
    assert plain.protocol.parameter_names() < more.protocol.parameter_names()
    assert "outcomes.expectation_oral" in more.protocol.parameter_names()


def test_an_inert_product_is_judged_as_its_vehicle() -> None:
    dead = given_use("exosome", "intradermal", dose=1.0e10, product="adsc-inactivated")
    scene = small_scene(small_study({"dead": [dead], "saline": [SALINE]}, secondary=JUDGED))
    first, second = observed(scene, list(scene.protocol.prescriptions), patients=16, weeks=(0.0, 12.0))
    assert first.measured.tobytes() == second.measured.tobytes()


def test_a_baseline_that_is_the_same_for_all_is_no_covariate() -> None:
    """The estimate is then the difference of means with the pooled standard error of Student's t test."""
    from scipy.stats import ttest_ind

    arm, control = np.array([0.0, 1.0, 2.0, 1.0, 1.0]), np.array([0.0, 0.0, 1.0, -1.0])
    made = ancova(arm, np.zeros(5), control, np.zeros(4), alpha=0.05)
    test = ttest_ind(arm, control)
    assert made.estimate == pytest.approx(1.0) and made.p_value == pytest.approx(test.pvalue, rel=1e-9)
    assert "same baseline" in made.method
    sides = paired_ancova(arm[:4], np.zeros(4), control, np.zeros(4), alpha=0.05)
    assert sides.estimate == pytest.approx((arm[:4] - control).mean()) and "same baseline" in sides.method
