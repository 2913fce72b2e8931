"""Two identical arms are found different in 5 % of trials, within the Monte-Carlo error."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from scipy.stats import binom

from anagen.trials.observation import Scene
from anagen.trials.tables import simulate_trial
from batches import trial_effects
from small_studies import PLACEBO, SALINE, small_scene, small_study

CONFIDENCE = 0.999
NULL_TRIALS = {"parallel": ("parallel", PLACEBO, 10), "split-scalp": ("split_scalp", SALINE, 14)}


def null_scene(layout: str, given: dict[str, object], patients: int) -> Scene:
    study = small_study(
        {"arm": [given], "control": [given]}, patients=patients, visits=(0.0, 8.0), area=0.2, layout=layout, dropout=0.1
    )
    # a short past: the years before the trial cost most of the time and are not in question here
    return small_scene(study, seed=2024, aga__onset_years=1.0)


def p_values(scene: Scene, replicates: Iterable[int]) -> np.ndarray:
    """p of the primary endpoint in each replicate of the trial."""

    def one(replicate: int) -> float:
        tables = simulate_trial(scene, replicate=replicate)
        effects = trial_effects(tables.visits, scene.protocol, replicate=replicate)
        return float(effects.loc[effects["role"] == "primary", "p_value"].iloc[0])

    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(one, replicates)))


def assert_five_per_cent(p: np.ndarray) -> None:
    low, high = binom.interval(CONFIDENCE, len(p), 0.05)
    rejected = int((p < 0.05).sum())
    print(f"{rejected} of {len(p)} trials rejected ({rejected / len(p):.2%}), 99.9 % interval {low:.0f} to {high:.0f}")
    assert np.all((p >= 0.0) & (p <= 1.0))
    assert low <= rejected <= high


@pytest.mark.parametrize(("layout", "given", "patients"), NULL_TRIALS.values(), ids=NULL_TRIALS)
def test_type_one_error_of_400_trials(layout: str, given: dict[str, object], patients: int) -> None:
    assert_five_per_cent(p_values(null_scene(layout, given, patients), range(400)))


@pytest.mark.long
@pytest.mark.parametrize(("layout", "given", "patients"), NULL_TRIALS.values(), ids=NULL_TRIALS)
def test_type_one_error_of_2000_trials(layout: str, given: dict[str, object], patients: int) -> None:
    assert_five_per_cent(p_values(null_scene(layout, given, patients), range(2000)))
