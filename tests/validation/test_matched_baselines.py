"""A published baseline is matched by what baldness is: thinner, emptier follicles, not fewer of them."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from anagen.patients import Population
from anagen.scalp import Readings
from anagen.trials.matching import MET, PILOTS, Matched, Pilot, matched_population
from anagen.trials.observation import Scene
from anagen.trials.reference import expected_readings, groups_of
from anagen.trials.screening import baseline_of
from small_studies import FINASTERIDE, MINOXIDIL, PLACEBO, VEHICLE, column, small_scene, small_study

SPARSE, USUAL = 53.0, 150.0
"""Published baselines of men's vertex [hairs/cm2]."""
LARGE = PILOTS[-1]
OF_A_DRAW = (Pilot(groups_of(1), 12, grows=True),)
"""Pilot as the reference patients of a parameter draw have it."""
SEEN = ("mean_diameter", "anagen_share")


def scene_of(
    baseline: dict[str, Any], *, arm: dict[str, Any] = PLACEBO, control: dict[str, Any] = PLACEBO, **study: Any
) -> Scene:
    population = {"baseline": baseline, **study.pop("population", {})}
    (endpoint,) = baseline
    trial = small_study(
        {"on": [arm], "off": [control]},
        endpoint=endpoint,
        population=population,
        **study,
    )
    return small_scene(trial, seed=5, measurement__rater_error=0.0)


def looked_at_again(scene: Scene, matched: Matched) -> tuple[Population, Readings]:
    """The large pilot, drawn and followed anew at the severity and density that were found."""
    there = replace(scene, spec=matched.spec)
    people = LARGE.candidates(there)
    return people, baseline_of(there, people, scene.protocol.area)


def net_effect(arm: dict[str, Any], control: dict[str, Any], mean: float) -> tuple[float, float]:
    """Effect over control at week 24 and its standard error, in trials of a published baseline [hairs/cm2]."""
    scene = scene_of({"total_density": {"mean": mean}}, arm=arm, control=control)
    matched = matched_population(scene)
    assert matched.spec.density_scale == pytest.approx(1.0, rel=1e-12)
    on, off = expected_readings(replace(scene, spec=matched.spec), n_patients=128)
    net = (on.expected - off.expected)[:, -1, 0]
    return float(net.mean()), float(net.std(ddof=1) / np.sqrt(len(net)))


@pytest.mark.parametrize(
    ("arm", "control", "least"),
    [(MINOXIDIL, VEHICLE, 0.45), (FINASTERIDE, PLACEBO, 0.70)],
    ids=["minoxidil", "finasteride"],
)
def test_a_trial_in_balder_men_does_not_lose_its_effect_with_its_hairs(
    arm: dict[str, Any], control: dict[str, Any], least: float
) -> None:
    """With fewer follicles instead, an effect falls as the count does: 53 / 150 = 35 % of it is left."""
    sparse, usual = net_effect(arm, control, SPARSE), net_effect(arm, control, USUAL)
    print(f"at {SPARSE:g}: {sparse[0]:.1f} ({sparse[1]:.1f}), at {USUAL:g}: {usual[0]:.1f} ({usual[1]:.1f}) hairs/cm2")
    assert sparse[0] > least * usual[0]


def test_balder_men_have_as_many_follicles_but_thinner_and_emptier_ones() -> None:
    seen: list[dict[str, float]] = []
    for mean in (SPARSE, USUAL):
        scene = scene_of({"total_density": {"mean": mean}}, secondary=SEEN)
        people, readings = looked_at_again(scene, matched_population(scene))
        true = {name: float(np.nanmean(readings.true[:, 0, column(scene, name)])) for name in ("total_density", *SEEN)}
        follicles = float(people.follicle_density.mean())
        seen.append(true | {"follicles": follicles, "empty": 1.0 - true["total_density"] / follicles})
    sparse, usual = seen
    print(sparse, usual)
    assert sparse["follicles"] == pytest.approx(usual["follicles"], rel=1e-12)
    assert 1.0 - sparse["total_density"] / sparse["follicles"] > 1.5 * (
        1.0 - usual["total_density"] / usual["follicles"]
    )
    assert sparse["mean_diameter"] < usual["mean_diameter"] - 5.0
    assert sparse["anagen_share"] < usual["anagen_share"] - 0.1


@pytest.mark.parametrize(
    ("endpoint", "mean", "sd", "study"),
    [
        ("total_density", 53.0, None, {}),
        ("total_density", 121.7, 30.0, {}),
        ("nonvellus_density", 120.0, 40.0, {}),
        ("terminal_density", 60.0, 35.0, {}),
        ("mean_diameter", 55.0, 5.0, {}),
        ("salt", 60.0, 25.0, {"condition": "aa"}),
        ("salt", 85.5, 16.0, {"condition": "aa", "population": {"severity": {"salt": {"min": 50.0, "max": 100.0}}}}),
        ("total_density", 200.0, 50.0, {"condition": "healthy"}),
    ],
)
def test_mean_and_spread_of_a_published_baseline_are_those_of_the_patients_drawn_from_it(
    endpoint: str, mean: float, sd: float | None, study: dict[str, Any]
) -> None:
    scene = scene_of({endpoint: {"mean": mean, "sd": sd}}, **study)
    matched = matched_population(scene)
    _people, readings = looked_at_again(scene, matched)
    measured, true = readings.measured[:, 0, 0], readings.true[:, 0, 0]
    low, high = scene.spec.severity_range.get(endpoint, (-np.inf, np.inf))
    value = measured[(true >= low) & (true <= high)]
    print(f"{endpoint}: {np.nanmean(value):.1f} ({np.nanstd(value, ddof=1):.1f}) for {mean:g} ({sd})")
    assert np.nanmean(value) == pytest.approx(mean, rel=MET[0])
    if sd is not None:
        assert np.nanstd(value, ddof=1) == pytest.approx(sd, rel=MET[1])


@pytest.mark.parametrize(
    ("baseline", "study", "said"),
    [
        (
            {"total_density": {"mean": 300.0}},
            {},
            "% more follicles .* alopecia as mild as it plausibly is",
        ),
        (
            {"total_density": {"mean": 15.0}},
            {},
            "% fewer follicles .* alopecia as severe as it plausibly is",
        ),
        ({"total_density": {"mean": 150.0}}, {"zone": "occipital"}, "% fewer follicles .* occipital scalp is spared"),
        (
            {"total_density": {"mean": 150.0}},
            {"condition": "te"},
            "% fewer follicles .* telogen effluvium does not",
        ),
        ({"total_density": {"mean": 150.0}}, {"condition": "healthy"}, "% fewer follicles .* healthy follicles do not"),
        ({"mean_diameter": {"mean": 85.0}}, {}, "a mean of 85 um; it is simulated with 7.* as mild as it plausibly is"),
        ({"mean_diameter": {"mean": 60.0}}, {"condition": "healthy"}, "a mean of 60 um; .* healthy follicles do not"),
        ({"salt": {"mean": 99.0, "sd": 1.0}}, {"condition": "aa"}, "a standard deviation of 1 points; it is simulated"),
    ],
)
def test_what_severity_does_not_reach_is_met_by_density_or_not_at_all_and_said(
    baseline: dict[str, Any], study: dict[str, Any], said: str
) -> None:
    matched = matched_population(scene_of(baseline, **study), PILOTS[:1])
    (name,) = baseline
    if name == "total_density":
        assert matched.mean == pytest.approx(baseline[name]["mean"], rel=MET[0])
    else:
        assert matched.spec.density_scale == pytest.approx(1.0, rel=1e-12)
    assert any(re.search(said, note) for note in matched.notes), matched.notes


def test_a_match_moves_smoothly_with_the_parameters_and_does_not_depend_on_threads() -> None:
    """Twice the sensitivity of the condition is half the factor on it, and steps between draws are even."""
    scene = scene_of({"total_density": {"mean": 160.0, "sd": 45.0}})
    name, steps = "aga.sensitivity_men", np.linspace(0.9, 1.1, 11)
    changed = [replace(scene, values={**scene.values, name: factor * scene.values[name]}) for factor in steps.tolist()]
    specs = [matched_population(other, OF_A_DRAW).spec for other in changed]
    together = np.array([spec.severity_shift for spec in specs]) + np.log(steps)
    stretch = np.array([spec.severity_stretch for spec in specs])
    print(np.ptp(together), np.ptp(stretch))
    assert np.ptp(together) < 0.03
    assert np.ptp(stretch) < 0.05
    assert matched_population(replace(changed[3], threads=2), OF_A_DRAW).spec == specs[3]
