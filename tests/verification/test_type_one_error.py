"""Two identical arms are found different in 5 % of trials, within the Monte-Carlo error."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binom

from anagen.analysis.batch import batch_of
from anagen.analysis.effects import effects_of
from anagen.trials.observation import Scene
from anagen.trials.simulation import in_batches
from small_studies import PLACEBO, SALINE, small_scene, small_study

CONFIDENCE = 0.999
NULL_TRIALS = {"parallel": ("parallel", PLACEBO, 10), "split-scalp": ("split_scalp", SALINE, 14)}


def null_scene(layout: str, given: dict[str, object], patients: int) -> Scene:
    study = small_study(
        {"arm": [given], "control": [given]}, patients=patients, visits=(0.0, 8.0), area=0.2, layout=layout, dropout=0.1
    )
    # a short past: the years before the trial cost most of the time and are not in question here
    return small_scene(study, seed=2024, aga__onset_years=1.0)


def p_values(scene: Scene, replicates: range) -> np.ndarray:
    """p of the primary endpoint in each replicate of the trial."""
    effects = [effects_of(batch_of(trials), scene.protocol) for trials in in_batches(scene, replicates)]
    return np.concatenate([each.loc[each["role"] == "primary", "p_value"].to_numpy() for each in effects])


def assert_five_per_cent(p: np.ndarray) -> None:
    low, high = binom.interval(CONFIDENCE, len(p), 0.05)
    rejected = int((p < 0.05).sum())
    print(f"{rejected} of {len(p)} trials rejected ({rejected / len(p):.2%}), 99.9 % interval {low:.0f} to {high:.0f}")
    assert np.all((p >= 0.0) & (p <= 1.0))
    assert low <= rejected <= high


@pytest.mark.parametrize(("layout", "given", "patients"), NULL_TRIALS.values(), ids=NULL_TRIALS)
def test_type_one_error_of_400_trials(layout: str, given: dict[str, object], patients: int) -> None:
    p = p_values(null_scene(layout, given, patients), range(400))
    assert len(p) == 400
    assert_five_per_cent(p)


@pytest.mark.long
@pytest.mark.parametrize(("layout", "given", "patients"), NULL_TRIALS.values(), ids=NULL_TRIALS)
def test_type_one_error_of_2000_trials(layout: str, given: dict[str, object], patients: int) -> None:
    assert_five_per_cent(p_values(null_scene(layout, given, patients), range(2000)))
