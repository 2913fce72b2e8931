"""Posteriors that are known exactly, and truths that are known because they were put in."""

from __future__ import annotations

import math

import numpy as np
import pytest

from anagen.calibration.emulator import fit_emulator
from anagen.calibration.information import information
from anagen.calibration.joint import Joint
from anagen.calibration.predictive import fresh
from anagen.calibration.sampling import sample_ensemble, sample_nuts
from anagen.calibration.simulation_based import BINS, recover, reduced, uniformity
from anagen.calibration.targets import Target
from anagen.evidence.between import Between
from anagen.parameters import Parameter
from anagen.study.observed import Observed

NAMES = ("a.x", "a.y", "a.z")
NOTHING = Between(0.0, "none", 0.0, None)


def linear(slopes: np.ndarray, observed: list[float], se: float = 0.5) -> Joint:
    """A joint model of values that are linear in three parameters, without any spread between trials."""
    z = np.random.default_rng(1).normal(size=(200, 3))
    targets = tuple(
        Target(
            f"study {i}",
            0,
            Observed(
                arm="arm",
                endpoint="total_density",
                week=24.0,
                measure="change",
                mean=float(value),
                source="test",
                read="abstract",
            ),
            se,
            "printed",
            1.0,
            NOTHING,
            1.0,
            "",
            1,
            frozenset(),
            0.0,
        )
        for i, value in enumerate(observed)
    )
    emulators = tuple(fit_emulator(z, z @ row, np.arange(3)) for row in slopes)
    parameters = {name: Parameter(name, 1.0, "1", "normal", 0.0, 2.0, "test", "C") for name in NAMES}
    return Joint(NAMES, parameters, targets, emulators, np.zeros(len(observed)))


SLOPES = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -1.0], [0.3, 0.0, 2.0]])


@pytest.mark.parametrize("sampler", ["nuts", "ensemble"])
def test_the_posterior_of_a_linear_gaussian_model_is_the_closed_form(sampler: str) -> None:
    joint = linear(SLOPES, [1.0, -0.5, 2.0])
    if sampler == "nuts":
        chains = sample_nuts(joint.density, joint.size, seed=2, chains=4, warmup=400, draws=1000)
    else:
        chains = sample_ensemble(joint.density, joint.size, seed=2, walkers=32, warmup=300, draws=4000)
    covariance = np.linalg.inv(np.eye(3) + SLOPES.T @ SLOPES / 0.25)
    mean = covariance @ SLOPES.T @ joint.observed / 0.25
    np.testing.assert_allclose(chains.flat.mean(axis=0), mean, atol=0.03)
    np.testing.assert_allclose(np.cov(chains.flat.T), covariance, atol=0.03)
    told = chains.diagnostics()
    assert told["worst_rhat"] < 1.02 and told["divergences"] == 0


def test_the_same_seed_gives_the_same_draws_whatever_the_number_of_cores() -> None:
    joint = linear(SLOPES, [1.0, -0.5, 2.0])
    one, two, other = (
        sample_nuts(joint.density, joint.size, seed=seed, chains=2, warmup=100, draws=50, cores=cores).x
        for seed, cores in ((5, 1), (5, 2), (6, 1))
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_ranks_of_known_truths_are_uniform() -> None:
    joint = linear(SLOPES[:2], [0.0, 0.0])
    ranks = recover(joint, 40, seed=3, warmup=150, draws=100)
    assert ranks.ranks.shape == (40, 3)
    assert ranks.uniformity()["p_value"].min() > 0.01


def test_ranks_under_a_density_that_trusts_its_data_too_much_are_not_uniform() -> None:
    joint = linear(SLOPES[:2], [0.0, 0.0], se=1.0)
    rng = np.random.default_rng(4)
    sure = linear(SLOPES[:2], [0.0, 0.0], se=0.2)
    ranks: list[np.ndarray] = []
    for _ in range(25):
        truth = rng.normal(size=3)
        data = joint.means(truth[None, :])[0] + joint.error * rng.normal(size=2)
        chains = sample_nuts(sure.observing(data), 3, seed=1, chains=2, warmup=150, draws=100)
        ranks.append((chains.thinned(99) < truth).sum(axis=0))
    assert uniformity(np.array(ranks).ravel())["p_value"] < 1e-4


def test_uniform_ranks_pass_and_heaped_ones_do_not() -> None:
    assert uniformity(np.repeat(np.arange(100), 3))["p_value"] == 1.0
    assert uniformity(np.zeros(100, dtype=np.int64))["chi2"] == pytest.approx(100.0 * (BINS - 1))


def test_a_reduced_model_is_the_model_with_the_other_parameters_at_their_medians() -> None:
    joint = linear(SLOPES, [1.0, -0.5, 2.0])
    small = reduced(joint, [0, 2], ["a.x", "a.z"])
    at = np.random.default_rng(6).normal(size=(5, 2))
    whole = np.column_stack([at[:, 0], np.zeros(5), at[:, 1]])
    np.testing.assert_allclose(small.means(at), joint.means(whole)[:, [0, 2]], atol=1e-12)


def test_the_information_of_a_gaussian_trial_is_the_closed_form() -> None:
    effect = 3.0 * fresh(["effect"], 600, 1)["effect"]
    told = information(effect, np.zeros(600), np.full(600, 2.0), seed=2)
    assert told["eig"] == pytest.approx(0.5 * math.log(1.0 + 9.0 / 4.0), rel=0.1)
    assert told["eig_gaussian"] == pytest.approx(0.5 * math.log(1.0 + 9.0 / 4.0), rel=0.1)
    assert told["sd_after"] == pytest.approx(math.sqrt(1.0 / (1.0 / 9.0 + 1.0 / 4.0)), rel=0.1)


def test_a_bias_that_is_not_known_is_not_information() -> None:
    drawn = fresh(["effect", "bias"], 600, 1)
    plain = information(drawn["effect"], np.zeros(600), np.ones(600), seed=2)
    biased = information(drawn["effect"], 2.0 * drawn["bias"], np.ones(600), seed=2)
    assert biased["eig"] < 0.5 * plain["eig"]
    assert biased["eig"] == pytest.approx(0.5 * math.log(1.0 + 1.0 / 5.0), abs=0.02)
