"""Trials that are simulated at once are those that are simulated alone, to the byte."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from anagen.study import Study
from anagen.trials import screening
from anagen.trials.simulation import in_batches, simulate_trials
from anagen.trials.tables import simulate_trial, tables_of
from small_studies import EXOSOME, FINASTERIDE, FUE, MINOXIDIL, SALINE, small_scene, small_study

STUDIES = {
    "criteria, strata of several arms": small_study(
        {"exosome": [EXOSOME], "both": [FINASTERIDE, MINOXIDIL], "saline": [SALINE]},
        patients=5,
        block=3,
        dropout=0.3,
        secondary=("mean_diameter", "anagen_share"),
        population={"inclusion": {"total_density": {"min": 170.0, "max": 230.0}}},
    ),
    "split scalp": small_study({"exosome": [EXOSOME], "saline": [SALINE]}, patients=6, layout="split_scalp"),
    "grafts": small_study({"graft": [FUE], "nothing": []}, patients=4, area=0.3),
    "patches": small_study(
        {"exosome": [EXOSOME], "saline": [SALINE]},
        condition="aa",
        patients=3,
        area=0.2,
        endpoint="salt",
        population={"severity": {"salt": {"min": 30.0}}},
    ),
    "a shedding": small_study({"exosome": [EXOSOME], "saline": [SALINE]}, condition="te", patients=4, area=0.3),
}


@pytest.mark.parametrize("study", STUDIES.values(), ids=STUDIES)
def test_a_trial_does_not_depend_on_the_trials_that_are_simulated_with_it(study: Study) -> None:
    scene = small_scene(study, seed=7)
    numbers = [0, 1, 4]
    together = tables_of(simulate_trials(scene, numbers))
    alone = [simulate_trial(scene, replicate=number) for number in numbers]
    for name in ("visits", "patients", "events"):
        expected = pd.concat([getattr(trial, name) for trial in alone], ignore_index=True)
        pd.testing.assert_frame_equal(getattr(together, name), expected, check_exact=True, check_dtype=False)


def test_states_that_are_not_kept_are_worked_out_again_to_the_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = small_scene(STUDIES["criteria, strata of several arms"], seed=7)
    kept = screening.screen(scene, n_patients=15, replicate=np.array([0, 1]), area=1.0)
    before = tables_of(simulate_trials(scene, [0, 1])).visits
    monkeypatch.setattr(screening, "MOST_FOLLICLES", 3000)
    dropped = screening.screen(scene, n_patients=15, replicate=np.array([0, 1]), area=1.0)
    assert kept.states is not None and dropped.states is None
    assert (kept.screened, kept.excluded) == (dropped.screened, dropped.excluded)
    pd.testing.assert_frame_equal(tables_of(simulate_trials(scene, [0, 1])).visits, before, check_exact=True)


def test_batches_hold_every_trial_once_in_order() -> None:
    scene = small_scene(STUDIES["grafts"], seed=7)
    batches = list(in_batches(scene, range(3, 8)))
    assert np.concatenate([batch.replicates for batch in batches]).tolist() == [3, 4, 5, 6, 7]


def test_what_an_arm_was_measured_with_is_missing_in_the_others() -> None:
    trials = simulate_trials(small_scene(STUDIES["criteria, strata of several arms"], seed=7), [0, 2])
    measured: Any = trials.measured()
    assert measured.shape == (3, 2, 15, 3, 3)
    assert (np.isfinite(measured[..., 0, 0]).sum(axis=0) == 1).all()
