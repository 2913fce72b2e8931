"""Doses taken: the mean and the spread between patients that a study states are those of its patients."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.delivery.adherence import greatest_sd, is_possible, shares_taken
from anagen.signalling.patients import exposure_scale
from anagen.signalling.players import players_of
from anagen.trials.screening import candidates
from small_studies import FINASTERIDE, PLACEBO, small_scene, small_study

PATIENTS = 40_000


@pytest.mark.parametrize("mean", [0.05, 0.2, 0.5, 0.8, 0.95, 0.99])
@pytest.mark.parametrize("part", [0.05, 0.3, 0.6, 0.95])
def test_patients_take_the_stated_mean_share_of_doses_with_the_stated_spread(mean: float, part: float) -> None:
    """`part` is the spread relative to the greatest that the mean allows."""
    sd = part * greatest_sd(mean)
    adherent = {**FINASTERIDE, "adherence": {"mean": mean, "sd": sd}}
    # patients differ in clearance as well, which is no share of doses
    alike = {"finasteride_kinetics__oral_cv": 0.0}
    scene = small_scene(small_study({"arm": [adherent], "control": [PLACEBO]}), **alike)
    (player,) = players_of(scene.protocol.prescriptions[0])
    share = exposure_scale(player, candidates(scene, np.arange(PATIENTS), 0), scene.values, scene.seed)
    away = (share - mean) ** 2
    print(f"stated {mean:g} and {sd:.4f}: simulated {share.mean():.4f} and {share.std():.4f}")
    assert share.min() >= 0.0
    assert share.max() <= 1.0
    assert abs(share.mean() - mean) < 4.0 * sd / np.sqrt(PATIENTS)
    assert abs(away.mean() - sd**2) < 4.0 * away.std() / np.sqrt(PATIENTS)


@pytest.mark.parametrize("sd", [1e-12, 1e-6, 1e-4, 0.01])
def test_a_very_small_spread_is_met_as_well(sd: float) -> None:
    share = shares_taken(0.7, sd, (np.arange(2000) + 0.5) / 2000)
    assert share.mean() == pytest.approx(0.7, abs=1e-3 * sd)
    assert share.std() == pytest.approx(sd, rel=1e-3)


@pytest.mark.parametrize("mean", [0.0, 0.6, 1.0])
def test_without_a_spread_all_patients_take_the_same_share(mean: float) -> None:
    assert shares_taken(mean, 0.0, np.array([1e-12, 0.5, 1.0 - 1e-12])).tolist() == [mean] * 3


@pytest.mark.parametrize(("mean", "sd"), [(1.0, 0.1), (0.0, 0.1), (0.5, 0.5), (0.95, 0.3)])
def test_a_spread_that_no_shares_can_have_is_refused(mean: float, sd: float) -> None:
    assert not is_possible(mean, sd)
    with pytest.raises(ValueError, match="no shares of doses"):
        shares_taken(mean, sd, np.array([0.5]))
