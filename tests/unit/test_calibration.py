"""Weights, targets, emulators and the density of the joint model."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.calibration.calibrate import calibrate, emulator_of
from anagen.calibration.emulator import fit_emulator
from anagen.calibration.joint import Joint, terms_of
from anagen.calibration.predictive import predictive_draws
from anagen.calibration.records import Settings
from anagen.calibration.simulations import points_simulated, prior_points, summaries, values_at
from anagen.calibration.tables import information_of, informing, verdict
from anagen.calibration.targets import SPREAD_ROWS, Target, chosen, sources_of, targets_of
from anagen.calibration.weights import weight_of, weights
from anagen.core.errors import InputError
from anagen.evidence.between import SMALL_STUDY, UNCONTROLLED, Between
from anagen.parameters import Parameter, load_parameters
from anagen.study.observed import Observed

HYPER = {
    "measurement.study_offset": Parameter(
        "measurement.study_offset", 4.0, "hairs/cm^2", "lognormal", 2.0, 8.0, "test", "C"
    ),
    "heterogeneity.drug": Parameter("heterogeneity.drug", 3.0, "hairs/cm^2", "lognormal", 1.5, 6.0, "test", "C"),
    "heterogeneity.small_study_bias": Parameter(
        "heterogeneity.small_study_bias", 1.0, "hairs/cm^2", "normal", -3.0, 5.0, "test", "C"
    ),
    "heterogeneity.uncontrolled_bias": Parameter(
        "heterogeneity.uncontrolled_bias", 2.0, "hairs/cm^2", "normal", 0.0, 4.0, "test", "C", lower=0.0
    ),
}
PLAIN = {name: Parameter(name, 1.0, "1", "normal", 0.0, 2.0, "test", "C") for name in ("a.x", "a.y", "a.z")}
NAMES = (*PLAIN, *HYPER)


def published(arm: str, mean: float) -> Observed:
    return Observed(
        arm=arm, endpoint="total_density", week=24.0, measure="change", mean=mean, source="test", read="abstract"
    )


def target(study: str, row: int, arm: str, *, observed: float = 5.0, stage: int = 2, **spread: float) -> Target:
    factors = {UNCONTROLLED: spread.get("uncontrolled", 0.0), SMALL_STUDY: spread.get("small", 0.0)}
    gain = spread.get("gain", 0.0)
    between = Between(
        spread.get("offset", 0.0),
        "drug",
        gain,
        "heterogeneity.drug" if gain else None,
        tuple((name, factor) for name, factor in factors.items() if factor),
    )
    return Target(
        study=study, row=row, published=published(arm, observed), se=1.5, se_from="printed", weight=0.5, spread=between,
        sign=1.0, arm=f"{study}: {arm}", stage=1 if stage == 1 else 2,
        therapies=frozenset({arm} if stage == 2 else ()), central=4.0,
    )  # fmt: skip


@pytest.fixture(scope="module")
def joint() -> Joint:
    rng = np.random.default_rng(3)
    z = rng.normal(size=(120, len(NAMES)))
    targets = (
        target("one", 0, "drug", offset=1.0, gain=1.0, uncontrolled=1.0, small=0.5),
        target("one", 1, "drug", observed=7.0, offset=0.5, gain=0.5),
        target("two", 0, "placebo", observed=-3.0, stage=1, offset=1.0),
    )
    shapes = (
        z[:, 0] + 2.0 * z[:, 1] ** 2,
        3.0 * z[:, 0] - z[:, 1] * z[:, 2],
        0.5 * z[:, 2] + 1.0,
    )
    emulators = tuple(fit_emulator(z, shape, np.arange(3)) for shape in shapes)
    return Joint(NAMES, {**PLAIN, **HYPER}, targets, emulators, np.array([0.1, 0.2, 0.3]))


def test_the_gradient_of_the_log_density_is_that_of_finite_differences(joint: Joint) -> None:
    rng = np.random.default_rng(5)
    for _ in range(5):
        x = rng.normal(size=joint.size)
        _, gradient = joint.density(x)
        step = 1e-6
        found = [
            (joint.density(x + step * unit)[0] - joint.density(x - step * unit)[0]) / (2.0 * step)
            for unit in np.eye(joint.size)
        ]
        np.testing.assert_allclose(gradient, found, rtol=2e-6, atol=2e-6)


def test_the_gradient_holds_where_a_bias_is_reflected_at_its_bound(joint: Joint) -> None:
    x = np.full(joint.size, 0.3)
    x[joint.names.index("heterogeneity.uncontrolled_bias")] = -2.6
    _, gradient = joint.density(x)
    step = 1e-6
    unit = np.eye(joint.size)[joint.names.index("heterogeneity.uncontrolled_bias")]
    found = (joint.density(x + step * unit)[0] - joint.density(x - step * unit)[0]) / (2.0 * step)
    assert gradient @ unit == pytest.approx(found, rel=1e-5)


def test_the_compiled_density_is_the_sum_that_is_written_down(joint: Joint) -> None:
    x = np.random.default_rng(8).normal(size=joint.size)
    off = (joint.observed - joint.means(x[None, :])[0]) / joint.error
    assert joint.density(x)[0] == pytest.approx(-0.5 * float(x @ x) - 0.5 * float(off @ off), rel=1e-12)


def test_a_mean_holds_the_emulated_value_the_offset_the_gain_and_the_biases(joint: Joint) -> None:
    x = np.zeros((1, joint.size))
    places = {name: len(joint.names) + i for i, name in enumerate(joint.deviates)}
    x[0, places["study one"]] = 1.0
    x[0, places["arm one: drug"]] = -1.0
    emulated = [emulator.predict(x[:, : len(joint.names)])[0] for emulator in joint.emulators]
    added = joint.means(x)[0] - emulated
    np.testing.assert_allclose(added, [4.0 - 3.0 + 2.0 + 0.5, 2.0 - 1.5, 0.0], rtol=1e-12)


def test_weeks_of_one_arm_share_its_deviate_and_arms_of_one_trial_its_offset(joint: Joint) -> None:
    assert joint.deviates == ("arm one: drug", "study one", "study two")


def test_error_is_widened_by_the_weight_and_the_emulator(joint: Joint) -> None:
    np.testing.assert_allclose(joint.error**2, 1.5**2 / 0.5 + np.array([0.1, 0.2, 0.3]), rtol=1e-12)


def test_predictions_of_new_trials_spread_by_error_offset_and_gain(joint: Joint) -> None:
    z = np.zeros((20_000, len(joint.names)))
    drawn = predictive_draws(joint, z, seed=4)
    assert drawn.var(axis=0) == pytest.approx(
        [1.5**2 + 0.1 + 16.0 + 9.0, 1.5**2 + 0.2 + 4.0 + 2.25, 1.5**2 + 0.3 + 16.0], rel=0.04
    )
    assert np.corrcoef(drawn[:, 0], drawn[:, 1])[0, 1] > 0.7
    assert abs(np.corrcoef(drawn[:, 0], drawn[:, 2])[0, 1]) < 0.03


def test_an_emulator_gives_a_quadratic_function_back() -> None:
    rng = np.random.default_rng(1)
    z = rng.normal(size=(90, 6))
    values = 2.0 + z[:, 0] - 0.5 * z[:, 1] ** 2 + 1.5 * z[:, 2] * z[:, 3]
    emulator = fit_emulator(z, values, np.arange(6))
    new = rng.normal(size=(50, 6))
    wanted = 2.0 + new[:, 0] - 0.5 * new[:, 1] ** 2 + 1.5 * new[:, 2] * new[:, 3]
    np.testing.assert_allclose(emulator.predict(new), wanted, atol=0.02)
    assert emulator.r2() > 0.9999


def test_an_emulator_uses_only_what_the_study_reads() -> None:
    z = np.random.default_rng(2).normal(size=(60, 4))
    emulator = fit_emulator(z, z[:, 0] + 0.2 * z[:, 3], np.array([0, 1]))
    assert set(emulator.linear) <= {0, 1}
    assert emulator.variance() == pytest.approx(0.04, rel=0.6)


def test_slopes_of_an_emulator_are_those_of_finite_differences() -> None:
    rng = np.random.default_rng(4)
    z = rng.normal(size=(80, 3))
    emulator = fit_emulator(z, z[:, 0] ** 2 + z[:, 1] * z[:, 2], np.arange(3))
    at = rng.normal(size=(4, 3))
    step = 1e-6
    found = np.column_stack(
        [(emulator.predict(at + step * e) - emulator.predict(at - step * e)) / (2 * step) for e in np.eye(3)]
    )
    np.testing.assert_allclose(emulator.gradient(at), found, atol=1e-6)


def test_a_constant_value_is_emulated_by_itself() -> None:
    z = np.random.default_rng(2).normal(size=(30, 2))
    emulator = fit_emulator(z, np.full(30, 7.0), np.arange(2))
    assert emulator.predict(z[:2]).tolist() == [7.0, 7.0]
    assert emulator.variance() == 0.0


def test_an_emulator_of_too_few_values_is_refused() -> None:
    values = np.full(40, np.nan)
    values[:10] = 1.0
    with pytest.raises(ValueError, match="trial: 10 of 40 simulated points have a value"):
        fit_emulator(np.zeros((40, 2)), values, np.arange(2), "trial")


def test_slow_studies_are_simulated_at_fewer_points_and_emulated_from_those() -> None:
    priors = load_parameters("prior")
    patchy, ordinary = sources_of(priors, ["al-hamzawi-2019-excimer", "van-neste-2000-finasteride"])
    assert (points_simulated(patchy, 30), points_simulated(patchy, 1), points_simulated(ordinary, 30)) == (10, 1, 30)
    z = np.random.default_rng(2).normal(size=(90, 3))
    at = np.arange(90) % 45 < 15
    values = np.where(at, 1.0 + z[:, 0] - 2.0 * z[:, 1] * z[:, 2], np.nan)
    found = emulator_of(z, values, at, np.arange(3), "test")
    assert np.isfinite(found.residuals).tolist() == at.tolist() and found.r2() == pytest.approx(1.0, abs=1e-3)
    assert found.predict(z[~at]) == pytest.approx(1.0 + z[~at, 0] - 2.0 * z[~at, 1] * z[~at, 2], abs=0.2)


def test_points_from_the_priors_are_the_draws_of_the_parameters() -> None:
    priors = load_parameters("prior")
    names = ("aga.onset_years", "minoxidil.half_dose")
    z = prior_points(names, 3, seed=7)
    drawn, values = priors.draw(7, 2), values_at(priors, names, z[1])
    assert [values[name] for name in names] == [drawn[name] for name in names]
    assert values["follicle.catagen_duration"] == priors["follicle.catagen_duration"].value


def test_every_reading_has_a_weight_with_a_reason() -> None:
    table = weights()
    assert all(0.0 < parameter.value <= 1.0 and parameter.source for parameter in table.values())
    sources = sources_of(load_parameters("prior"), ["van-neste-2000-finasteride"])
    study = sources[0].study
    for row in sources[0].rows:
        assert 0.0 < weight_of(study.observed[row], study, 1) <= 1.0


def test_values_from_memory_or_of_adverse_events_inform_nothing() -> None:
    source = sources_of(load_parameters("prior"), ["van-neste-2000-finasteride"])[0]
    assert all(source.study.observed[row].read != "memory" for row in source.rows)
    assert not any("event" in name or name.startswith("heterogeneity.") for name in source.reads)
    assert "finasteride.androgen_drive" in source.reads


def test_therapies_choose_their_values_and_those_of_untreated_patients() -> None:
    targets = [target("one", 0, "a"), target("two", 0, "b"), target("three", 0, "placebo", stage=1)]
    assert [t.study for t in chosen(targets, frozenset({"b"}))] == ["two", "three"]
    assert chosen(targets, None) == targets
    with pytest.raises(InputError, match="no published value that informs parameters is of c"):
        chosen(targets, frozenset({"c"}))


def test_a_value_without_any_error_is_refused() -> None:
    import pandas as pd

    source = sources_of(load_parameters("prior"), ["van-neste-2000-finasteride"])[0]
    survey = pd.DataFrame({"row": list(source.rows), "central": 1.0, "level": 100.0, "error": 0.0})
    with pytest.raises(InputError, match="has a standard error of 0"):
        targets_of(source, survey)


def test_printed_standard_deviations_are_values_of_their_own() -> None:
    import pandas as pd

    source = sources_of(load_parameters("prior"), ["olsen-2007-minoxidil-foam"])[0]
    assert source.spreads == source.rows
    rows = [*source.rows, *(SPREAD_ROWS + row for row in source.spreads)]
    survey = pd.DataFrame({"row": rows, "central": 20.0, "level": 150.0, "error": 1.5})
    *_, foam, vehicle = targets_of(source, survey)
    assert (foam.row, foam.measure, foam.observed, foam.stage) == (SPREAD_ROWS, "sd of change", 22.5, 2)
    assert (vehicle.observed, vehicle.stage) == (19.7, 1)
    # sampling of 180 men and of 200 simulated ones, and what lies between trials
    assert foam.se == pytest.approx(np.sqrt(22.5**2 / 358 + 20.0**2 / 398 + (0.15 * 22.5) ** 2))
    assert not terms_of(foam) and not terms_of(vehicle), "an offset moves all patients alike"


def test_the_simulated_standard_deviation_is_that_between_measured_patients() -> None:
    """More error of counting, more spread; the mean moves only by who is admitted, which is decided by counts too."""
    priors = load_parameters("prior")
    source = sources_of(priors, ["lanzafame-2014-lllt-women"])[0]
    values = priors.draw(0, 0)
    noisy = values | {f"measurement.{source.study.measurement.method}_count_error": 0.12}
    plain, more = (summaries(source, each, seed=1) for each in (values, noisy))
    spread = [SPREAD_ROWS + row for row in source.spreads]
    assert spread and all(more[row] > 1.2 * plain[row] for row in spread)
    assert all(more[row] == pytest.approx(plain[row], abs=1.0) for row in source.rows)


def test_information_of_a_value_goes_to_the_parameters_that_it_reads(joint: Joint) -> None:
    found = information_of(joint, np.zeros((5, len(joint.names))))
    assert found[2, 2] > 0.0 and found[2, 0] == pytest.approx(0.0, abs=1e-6)
    assert informing(joint, found[:, 2]).startswith("two")


def test_verdicts_follow_the_contraction() -> None:
    assert [verdict(c) for c in (0.51, 0.5, 0.1, 0.09, -0.2)] == ["data inform", "some", "some", "prior", "prior"]


@pytest.mark.parametrize(("studies", "said"), [(("exosome-vs-saline",), "exosome-vs-saline"), ((), "none was named")])
def test_studies_without_published_values_are_refused(studies: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputError, match=f"studies: no study with published values to calibrate against: {said}"):
        calibrate(Settings(studies=studies))
