"""Endpoints as functions of hairs, and what instruments add: detection, shifts, errors, bounds."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.follicles.kernel import N_SUMS, SUMS
from anagen.parameters import load_parameters
from anagen.scalp import ENDPOINTS, METHODS, Endpoint, Hairs, detection_curve, reading_shift
from anagen.scalp.methods import GREATEST_DIAMETER
from anagen.trials.observation import arm_shift
from anagen.trials.simulation import simulate_trials
from small_studies import EVERY_ENDPOINT, EXOSOME, PLACEBO, SALINE, VEHICLE, column, observed, small_scene, small_study

VALUES = load_parameters().draw(0, 0)


def hairs(**sums: float) -> Hairs:
    """Two cm2 with 300 hairs unless said otherwise."""
    given = {
        "hairs": 300.0,
        "nonvellus": 220.0,
        "terminal": 150.0,
        "anagen": 200.0,
        "diameter": 15_000.0,
        "mass_rate": 200_000.0,
        "growth_rate": 50.0,
        "shed": 56.0,
        "terminal_diameter": 9_000.0,
        "followed": 200.0,
        "followed_diameter": 11_000.0,
    }
    arrays = {name: np.array([value]) for name, value in {**given, **sums}.items()}
    scalp = {"bare": np.array([0.625]), "spared_shed": np.array([7.0]), "spared_share": 0.6}
    return Hairs(**arrays, area=2.0, shed_window=28.0, scalp_area=500.0, **scalp)


BY_HAND = {
    "total_density": 150.0,
    "terminal_diameter": 60.0,
    "followed_diameter": 55.0,
    "nonvellus_density": 110.0,
    "terminal_density": 75.0,
    "vellus_density": 40.0,
    "anagen_density": 100.0,
    "anagen_share": 2.0 / 3.0,
    "mean_diameter": 50.0,
    "cumulative_thickness": 7.5,
    "growth_rate": 0.25,
    # pi/4 * 200,000 um2 mm/day * 1e-6 mm2/um2 * 30 days * 1.32 mg/mm3 / 2 cm2
    "hair_mass": np.pi / 4.0 * 0.2 * 30.0 * 1.32 / 2.0,
    # 40 % of the scalp sheds 28 hairs/cm2 in four weeks, 60 % sheds 7
    **dict.fromkeys(("shed_per_day", "comb_count", "wash_count"), (0.4 * 28.0 + 0.6 * 7.0) / 28.0 * 500.0),
    "hair_pull": 55.0 * 56.0 / 28.0 / 300.0,
    # what the eye judges is the covering rate: sqrt(200,000 um2 mm/day * 50 mm/day) * 1e-5 / 2 cm2
    **dict.fromkeys(("coverage", "gpa", "gpa_investigator", "patient_score"), np.sqrt(1.0e7) * 1.0e-5 / 2.0),
    "salt": 62.5,
}


@pytest.mark.parametrize(("name", "value"), BY_HAND.items())
def test_value(name: str, value: float) -> None:
    assert ENDPOINTS[name].value(hairs())[0] == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("name", list(ENDPOINTS))
def test_a_value_belongs_to_each_patient_alone(name: str) -> None:
    """Of whatever is registered: a finite number, the same beside others, and of twice the scalp what it is of one."""
    value, one = ENDPOINTS[name].value, hairs()
    assert np.isfinite(value(one)[0])
    sums = {field: np.repeat(getattr(one, field), 2) * np.array([1.0, 0.5]) for field in SUMS}
    sums |= {field: np.repeat(getattr(one, field), 2) for field in ("bare", "spared_shed")}
    assert value(replace(one, **sums))[0] == value(one)[0]
    larger = replace(one, area=2.0 * one.area, **{field: 2.0 * getattr(one, field) for field in SUMS})
    assert value(larger)[0] == pytest.approx(value(one)[0], rel=1e-12)


@pytest.mark.parametrize("name", list(ENDPOINTS))
def test_bald_scalp(name: str) -> None:
    """Nothing there: amounts are 0, means of nothing are missing, what is bare is all; no warning, no infinity."""
    bald = replace(hairs(**dict.fromkeys(SUMS, 0.0)), bare=np.ones(1), spared_shed=np.zeros(1))
    with np.errstate(all="raise"):
        value = ENDPOINTS[name].value(bald)[0]
    if ENDPOINTS[name].whole_scalp:
        assert value == ENDPOINTS[name].bounds[1]
    else:
        assert np.isnan(value) or value == 0.0


@pytest.mark.parametrize("name", ["anagen_share", "mean_diameter", "growth_rate"])
def test_a_mean_of_nothing_is_missing(name: str) -> None:
    assert np.isnan(ENDPOINTS[name].value(hairs(**dict.fromkeys(SUMS, 0.0)))[0])


def test_an_endpoint_without_an_error_of_measurement_is_refused() -> None:
    with pytest.raises(ValueError, match="'thin_share' has no error of measurement; give it count_power"):
        Endpoint("thin_share", "share of thin hairs", "1", lambda seen: seen.hairs, "of this test")
    for error in ({"count_power": 1.0}, {"diameter_power": 1.0}, {"own_error": "salt.error"}):
        assert Endpoint("thin_share", "share of thin hairs", "1", lambda seen: seen.hairs, "of this test", **error)


@pytest.mark.parametrize("name", list(ENDPOINTS))
def test_what_is_measured_is_not_exactly_what_is_expected(name: str, readings) -> None:
    """Every endpoint is read with some error; what is read on the whole scalp, where there are patches."""
    scene, (_vehicle, nothing) = readings
    if ENDPOINTS[name].whole_scalp:
        assert ENDPOINTS[name].own_error is not None
        return
    at = column(scene, name)
    assert np.nanmax(np.abs(nothing.measured[:, 1:, at] - nothing.expected[:, 1:, at])) > 0.0


def test_salt_is_missing_where_no_patches_are_followed() -> None:
    assert np.isnan(ENDPOINTS["salt"].value(replace(hairs(), bare=None))[0])


@pytest.mark.parametrize("name", list(ENDPOINTS))
def test_descriptions_are_complete(name: str) -> None:
    endpoint = ENDPOINTS[name]
    assert endpoint.title and endpoint.unit and endpoint.source
    low, high = endpoint.bounds
    assert low < high


def test_sums_are_picked_by_name() -> None:
    sums = np.arange(2 * N_SUMS, dtype=np.float64)[None, :]
    every = Hairs.from_sums(sums, area=1.0, scalp_area=500.0, detected=False)
    seen = Hairs.from_sums(sums, area=1.0, scalp_area=500.0, detected=True)
    for i, name in enumerate(SUMS):
        assert getattr(every, name)[0] == i and getattr(seen, name)[0] == i + N_SUMS
    assert {field.name for field in fields(Hairs)} == {*SUMS, "area", "shed_window", "scalp_area", "bare"} | {
        "spared_shed",
        "spared_share",
    }


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
def test_detection_curve(method) -> None:
    curve = detection_curve(method, VALUES)
    assert len(curve) == GREATEST_DIAMETER + 1
    most, midpoint = method.number(method.sensitivity, VALUES), method.number(method.midpoint, VALUES)
    assert 0.0 < most <= 1.0
    assert np.all(np.diff(curve) >= 0.0) and curve[0] < 0.5 * most
    assert curve[-1] == pytest.approx(most, rel=1e-3)
    assert np.interp(midpoint, np.arange(len(curve)), curve) == pytest.approx(0.5 * most, abs=0.02)


def test_shift_rises_from_zero_at_baseline() -> None:
    shift = reading_shift([6.0, 4.0], np.array([-28.0, 0.0, 28.0, 1e6]), 28.0)
    assert shift == pytest.approx([0.0, 0.0, 10.0 * (1.0 - np.exp(-1.0)), 10.0])
    assert np.array_equal(reading_shift([], np.array([0.0, 28.0]), 28.0), np.zeros(2))


def test_each_route_shifts_once() -> None:
    study = small_study(
        {"two injections": [EXOSOME, SALINE], "saline": [SALINE], "vehicle": [VEHICLE], "tablet": [PLACEBO]}
    )
    scene = small_scene(study)
    two, saline, vehicle, tablet = (
        arm_shift(given, scene.values, np.array([0.0, 1e6])) for given in scene.protocol.prescriptions
    )
    assert np.array_equal(two, saline)
    assert saline[1] == pytest.approx(VALUES["reading.injection"])
    assert vehicle[1] == pytest.approx(VALUES["reading.topical_vehicle"])
    assert tablet[1] == pytest.approx(VALUES["reading.oral"])


@pytest.fixture(scope="module")
def readings():
    study = small_study({"vehicle": [VEHICLE], "nothing": []}, secondary=EVERY_ENDPOINT, visits=(0.0, 12.0, 24.0))
    scene = small_scene(study, seed=5)
    return scene, observed(scene, list(scene.protocol.prescriptions), patients=400, weeks=(0.0, 12.0, 24.0), area=1.0)


def test_vehicle_shifts_what_is_counted_and_nothing_that_is_true(readings) -> None:
    scene, (vehicle, nothing) = readings
    assert np.array_equal(vehicle.true, nothing.true, equal_nan=True)
    shift = arm_shift(scene.protocol.prescriptions[0], scene.values, scene.protocol.weeks * 7.0)
    total = column(scene, "total_density")
    difference = vehicle.expected - nothing.expected
    share = np.minimum(nothing.expected[..., total] / scene.values["measurement.full_shift_density"], 1.0)
    assert (share == 1.0).mean() > 0.9
    assert difference[..., total] == pytest.approx(shift * share, abs=1e-9)
    for name, endpoint in ENDPOINTS.items():
        moved = np.abs(np.nan_to_num(difference[:, 1:, column(scene, name)])).max() > 0.0
        assert moved == (endpoint.shifted or name == "patient_score"), name


def test_a_method_sees_no_more_than_there_is(readings) -> None:
    """Counts of what is seen lie below the truth, most so for fine hair; what is collected is not looked at."""
    scene, (_vehicle, nothing) = readings
    missed: dict[str, float] = {}
    for name, endpoint in ENDPOINTS.items():
        expected, true = (values[..., column(scene, name)] for values in (nothing.expected, nothing.true))
        if endpoint.collected:
            assert np.array_equal(expected, true), name
        elif endpoint.count_power == 1.0:
            assert np.all(expected <= true + 1e-9), name
            missed[name] = 1.0 - expected.mean() / true.mean()
    most = VALUES["measurement.phototrichogram_sensitivity"]
    assert missed["terminal_density"] == pytest.approx(1.0 - most, abs=0.001)
    assert missed["vellus_density"] > missed["total_density"] > missed["terminal_density"]


def test_count_error_has_its_size(readings) -> None:
    """Measured over expected at baseline, one rater: mean 1 and the CV of the method, within 4 standard errors."""
    cv = VALUES["measurement.phototrichogram_count_error"]
    scene = small_scene(small_study({"nothing": [], "control": []}), seed=5, measurement__rater_error=0.0)
    reading = observed(scene, [()], patients=400, weeks=(0.0, 12.0))[0]
    ratio = reading.measured[:, 0, 0] / reading.expected[:, 0, 0]
    assert abs(ratio.mean() - 1.0) < 4.0 * cv / np.sqrt(len(ratio))
    assert abs(ratio.std(ddof=1) - cv) < 4.0 * cv / np.sqrt(2.0 * (len(ratio) - 1))


def test_each_rater_has_one_bias_and_shares_the_pictures() -> None:
    """Without any other error a reading over its expectation takes two values, in about half of the pictures each."""
    quiet = {"measurement__phototrichogram_count_error": 0.0, "measurement__study_offset": 0.0}
    scene = small_scene(small_study({"nothing": [], "control": []}), seed=5, **quiet)
    reading = observed(scene, [()], patients=200, weeks=(0.0, 12.0))[0]
    biases, pictures = np.unique((reading.measured / reading.expected)[..., 0].round(9), return_counts=True)
    assert len(biases) == 2 and np.all(np.abs(biases - 1.0) < 4.0 * VALUES["measurement.rater_error"])
    assert abs(pictures[0] - 200) < 4.0 * np.sqrt(400 * 0.25)


def test_counts_of_one_picture_share_their_error(readings) -> None:
    scene, (_vehicle, nothing) = readings

    def error(name: str, visit: int) -> FloatArray:
        at = column(scene, name)
        return nothing.measured[:, visit, at] / nothing.expected[:, visit, at]

    assert error("total_density", 0) == pytest.approx(error("anagen_density", 0), rel=1e-9)
    assert abs(np.corrcoef(error("total_density", 0), error("total_density", 1))[0, 1] - STAYS) < 4.0 / np.sqrt(400)


STAYS = VALUES["measurement.visits_correlation"]


@pytest.mark.parametrize("stays", [0.0, 0.2, 0.8])
def test_a_part_of_the_error_stays_with_the_patient_and_cancels_in_a_change(stays: float) -> None:
    """Errors of two visits correlate as stated; a change has the SD cv sqrt(2 (1 - v)); each visit keeps its own CV."""
    quiet = {"measurement__rater_error": 0.0, "measurement__study_offset": 0.0}
    scene = small_scene(
        small_study({"nothing": [], "control": []}), seed=15, measurement__visits_correlation=stays, **quiet
    )
    reading = observed(scene, [()], patients=400, weeks=(0.0, 12.0))[0]
    error = np.log(reading.measured / reading.expected)[..., 0]
    cv = VALUES["measurement.phototrichogram_count_error"]
    assert abs(np.corrcoef(error.T)[0, 1] - stays) < 4.0 * (1.0 - stays**2) / np.sqrt(400)
    assert error.std(axis=0) == pytest.approx(cv, rel=4.0 / np.sqrt(800))
    assert (error[:, 1] - error[:, 0]).std() == pytest.approx(cv * np.sqrt(2.0 * (1.0 - stays)), rel=4.0 / np.sqrt(800))


@pytest.mark.parametrize("together", [0.0, 0.5, 0.9])
def test_errors_of_the_two_sides_of_a_scalp_correlate_as_stated(together: float) -> None:
    quiet = {"measurement__rater_error": 0.0, "measurement__study_offset": 0.0}
    study = small_study({"one": [SALINE], "other": [SALINE]}, patients=400, layout="split_scalp")
    scene = small_scene(study, seed=15, measurement__sides_correlation=together, **quiet)
    one, other = simulate_trials(scene, [0]).readings
    errors = [np.log(side.measured / side.expected)[:, 0, 0] for side in (one, other)]
    assert abs(np.corrcoef(errors)[0, 1] - together) < 4.0 * (1.0 - together**2) / np.sqrt(400)


def test_nobody_reads_more_hairs_into_a_bald_scalp_than_it_has() -> None:
    """A vehicle moves the count by its shift above the stated density, and in proportion to what is left below it."""
    population = {"severity": {"salt": {"min": 90.0, "max": 100.0}}}
    study = small_study({"vehicle": [VEHICLE], "nothing": []}, condition="aa", population=population)
    scene = small_scene(study, seed=16, measurement__full_shift_density=60.0)
    vehicle, nothing = observed(scene, scene.protocol.prescriptions, patients=60, weeks=(0.0, 24.0))
    shift = arm_shift(scene.protocol.prescriptions[0], scene.values, np.array([0.0, 168.0]))[1]
    hairs = nothing.expected[:, 1, 0]
    assert (hairs < 30.0).sum() > 20
    assert vehicle.expected[:, 1, 0] - hairs == pytest.approx(shift * np.minimum(hairs / 60.0, 1.0), abs=1e-9)


def test_measured_values_respect_their_bounds(readings) -> None:
    scene, both = readings
    for name, endpoint in ENDPOINTS.items():
        if endpoint.whole_scalp:
            continue
        for reading in both:
            value = reading.measured[..., column(scene, name)]
            value = value[np.isfinite(value)]
            assert value.min() >= endpoint.bounds[0] and value.max() <= endpoint.bounds[1], name


def test_study_offset_is_shared_by_the_trial_and_absent_at_baseline() -> None:
    study = small_study({"nothing": [], "control": []})
    quiet = {"measurement__phototrichogram_count_error": 0.0, "measurement__rater_error": 0.0}
    scene = small_scene(study, seed=6, **quiet)
    reading = observed(scene, [()], patients=10, weeks=(0.0, 12.0, 24.0), area=1.0)[0]
    offset = (reading.measured - reading.expected)[..., 0]
    assert offset[:, 0] == pytest.approx(np.zeros(10), abs=1e-6)
    assert offset[:, 1:] == pytest.approx(np.full((10, 2), offset[0, 1]), abs=1e-6)
    assert abs(offset[0, 1]) > 0.1
