"""What stands beside the model's mean effect: trials pooled with their bias, and the next product or trial."""

from __future__ import annotations

import math

import numpy as np
import pytest

from anagen.evidence.beside import beside_effect, pooled_trials
from anagen.evidence.bias_adjusted import BIAS, EFFECT_SD, TAU_SCALE, bias_adjusted
from anagen.reports.beside import beside_parts, beside_sentences
from anagen.study import Study
from anagen.study.shipped import find_study
from anagen.trials.protocol import protocol

VALUES = {"heterogeneity.procedure": 9.0, "heterogeneity.drug": 3.0}


def test_the_pooled_effect_is_that_of_brute_force() -> None:
    """Importance sampling from the prior: a hundred thousand mu, b and tau weighed by the likelihood."""
    effects, errors, sizes = np.array([8.0, 4.3, 20.0]), np.array([5.0, 4.8, 7.0]), np.array([10.0, 35.0, 20.0])
    rng = np.random.default_rng(1)
    mu = rng.normal(0.0, EFFECT_SD, 100_000)
    b = rng.normal(*BIAS, 100_000)
    tau = np.abs(rng.normal(0.0, TAU_SCALE, 100_000))
    sd = np.hypot(errors, tau[:, None])
    z = (effects - mu[:, None] - b[:, None] * 20.0 / sizes) / sd
    weight = np.exp(-0.5 * (z**2).sum(axis=1)) / sd.prod(axis=1)
    weight /= weight.sum()
    found = bias_adjusted(effects, errors, sizes)
    assert found.mean == pytest.approx(float(weight @ mu), abs=0.25)
    assert found.below_zero == pytest.approx(float(weight @ (mu < 0.0)), abs=0.02)
    order = np.argsort(mu)
    quantiles = np.interp([0.05, 0.95], np.cumsum(weight[order]), mu[order])
    assert found.interval == pytest.approx(tuple(quantiles), abs=0.5)
    later = mu + tau * rng.normal(size=len(tau))
    order = np.argsort(later)
    quantiles = np.interp([0.05, 0.95], np.cumsum(weight[order]), later[order])
    assert found.next_trial == pytest.approx(tuple(quantiles), abs=0.7)


def test_large_trials_lose_nothing_to_bias() -> None:
    found = bias_adjusted([17.0, 21.0], [1.0, 1.0], [math.inf, math.inf])
    assert 15.0 < found.median < 20.5


def test_sizes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="needs an error and a size for each effect: 2, 1 and 1"):
        bias_adjusted([1.0, 2.0], [1.0], [20.0])


def test_trials_of_another_condition_or_on_top_of_another_drug_are_not_pooled() -> None:
    alone = pooled_trials("microneedling", week=24.0)
    added = pooled_trials("microneedling", week=24.0, background="minoxidil")
    assert alone is None
    assert added is not None and added["names"] == ["Microneedling 2024b (several trials pooled)"]
    assert pooled_trials("baricitinib", week=36.0) is None


def test_the_next_product_is_less_certain_than_the_mean() -> None:
    plan = protocol(Study.load(find_study("exosome-vs-saline")))
    draws = np.linspace(-6.0, 12.0, 101)
    told = beside_effect(plan, "exosome", "saline", draws, [VALUES] * 101)
    assert told is not None
    variance = draws.var() + 81.0
    assert told["next_high"] - told["next_low"] == pytest.approx(2.0 * 1.645 * math.sqrt(variance), rel=0.03)
    assert told["trials"]["names"] == ["Amini 2025"]


def test_nothing_is_told_of_few_draws_or_of_a_diameter() -> None:
    study = Study.load(find_study("exosome-vs-saline"))
    assert beside_effect(protocol(study), "exosome", "saline", np.zeros(5), [VALUES] * 5) is None
    primary = study.endpoints.primary.model_copy(update={"endpoint": "mean_diameter"})
    other = study.model_copy(update={"endpoints": study.endpoints.model_copy(update={"primary": primary})})
    assert beside_effect(protocol(other), "exosome", "saline", np.zeros(50), [VALUES] * 50) is None


def test_a_reader_is_told_why_model_and_trials_lie_apart() -> None:
    told = {
        "arm": "a",
        "control": "b",
        "spread": 9.0,
        "next_low": -12.0,
        "next_high": 20.0,
        "trials": {
            "trials": 1,
            "names": ["A 2020"],
            "found": [18.0],
            "patients": [40.0],
            "median": 14.0,
            "interval": (7.0, 22.0),
            "below_zero": 0.01,
        },
    }
    near = {"arm": "a", "control": "b", "low90": 5.0, "high90": 20.0}
    far = near | {"low90": -6.0, "high90": 6.0}
    assert "starts from a prior" not in beside_sentences({"beside": [told]}, near)[0]
    assert "starts from a prior" in beside_sentences({"beside": [told]}, far)[0]
    assert "A 2020 (40 patients), found +18; with the bias" in beside_sentences({"beside": [told]}, near)[0]
    assert beside_parts({"beside": [told]}, near | {"control": "c"}) == []
    assert "No controlled trial" in beside_sentences({"beside": [told | {"trials": None}]}, near)[0]
