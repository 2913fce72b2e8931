"""T11 and T16: what cannot act does nothing, byte for byte, and the step of the tables does not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from anagen.follicles import time_grid
from anagen.signalling import Levers
from anagen.trials.reference import expected_readings
from anagen.trials.screening import candidates
from anagen.trials.simulation import scene_of
from anagen.trials.tables import TrialTables, simulate_trial
from small_studies import (
    COURSE,
    DAILY,
    EXOSOME,
    FINASTERIDE,
    MINOXIDIL,
    PLACEBO,
    SALINE,
    VEHICLE,
    column,
    levers_of,
    observed,
    small_scene,
    small_study,
    use,
)

DEAD = use("exosome", "intradermal", dose=1.0e10, product="adsc-inactivated")
EMPTY = use("exosome", "intradermal", dose=0.0, product="adsc-native")
NULLS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "dead vesicles": (DEAD, SALINE),
    "dead vesicles, a thousandfold": (
        {**DEAD, **use("exosome", "intradermal", dose=1.0e13, product="adsc-inactivated")},
        SALINE,
    ),
    "no vesicles": (EMPTY, SALINE),
    "0 mg finasteride": (use("finasteride", "oral", dose=0.0, schedule=DAILY), PLACEBO),
    "0 mL minoxidil": (
        use("minoxidil", "topical", dose=0.0, formulation="solution-5%", schedule={"per_day": 2.0}),
        VEHICLE,
    ),
}
LEVERS = ("androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack")
SECONDARY = ("anagen_share", "mean_diameter", "hair_mass", "shed_per_day")


def trial(use_of_arm: dict[str, Any], control: dict[str, Any], *, twins: bool, **study: Any) -> TrialTables:
    made = small_study({"arm": [use_of_arm], "control": [control]}, patients=8, area=0.5, secondary=SECONDARY, **study)
    return simulate_trial(scene_of(made, small_scene(made).values, seed=17), replicate=0, twins=twins)


@pytest.mark.parametrize(("null", "control"), NULLS.values(), ids=NULLS)
def test_levers_are_those_of_the_control(null: dict[str, Any], control: dict[str, Any]) -> None:
    scene = small_scene(small_study({"arm": [null], "control": [control]}))
    people, grid = candidates(scene, np.arange(20), 0), time_grid(168.0)
    arm, other = (levers_of(given, people, scene.values, seed=1, grid=grid) for given in scene.protocol.prescriptions)
    for lever in LEVERS:
        assert getattr(arm, lever).tobytes() == getattr(other, lever).tobytes(), lever
    if control is SALINE:
        assert other.telogen_exit.max() > 0.0, "the needle is not nothing"


@pytest.mark.parametrize("layout", ["parallel", "split_scalp"])
@pytest.mark.parametrize(("null", "control"), NULLS.values(), ids=NULLS)
def test_whole_trials_are_equal(null: dict[str, Any], control: dict[str, Any], layout: str) -> None:
    """T11: measured tables of the trial with the null treatment and of the trial with its control on both sides."""
    with_null, with_control = (
        trial(null, control, twins=False, layout=layout),
        trial(control, control, twins=False, layout=layout),
    )
    pd.testing.assert_frame_equal(with_null.visits, with_control.visits, check_exact=True)
    pd.testing.assert_frame_equal(with_null.patients, with_control.patients, check_exact=True)
    assert with_null.visits["measured"].to_numpy().tobytes() == with_control.visits["measured"].to_numpy().tobytes()
    assert with_null.flow == with_control.flow


@pytest.mark.parametrize(("null", "control"), NULLS.values(), ids=NULLS)
def test_twins_are_equal(null: dict[str, Any], control: dict[str, Any]) -> None:
    """T11: the same patient under the null treatment and under its control."""
    visits = trial(null, control, twins=True).visits
    arms = [visits[visits["arm"] == name].sort_values(["patient", "week", "endpoint"]) for name in ("arm", "control")]
    assert len(arms[0]) == len(arms[1]) == 16 * 3 * (1 + len(SECONDARY))
    for name in ("true", "expected"):
        assert arms[0][name].to_numpy().tobytes() == arms[1][name].to_numpy().tobytes(), name


def test_expected_effect_of_a_null_treatment_is_zero() -> None:
    study = small_study({"arm": [DEAD], "control": [SALINE]})
    arm, control = expected_readings(scene_of(study, small_scene(study).values, seed=1), n_patients=16)
    assert arm.expected.tobytes() == control.expected.tobytes()


def test_living_vesicles_are_not_saline() -> None:
    """The comparison above can fail: native vesicles at the same dose change hairs."""
    living, dead = trial(EXOSOME, SALINE, twins=True), trial(DEAD, SALINE, twins=True)
    assert not np.array_equal(living.visits["true"].to_numpy(), dead.visits["true"].to_numpy())


def test_untreated_levers_are_at_rest() -> None:
    scene = small_scene(small_study({"nothing": [], "placebo": [PLACEBO]}))
    people, grid = candidates(scene, np.arange(5), 0), time_grid(168.0)
    rest = Levers.untreated(5, len(grid))
    for given in scene.protocol.prescriptions:
        levers = levers_of(given, people, scene.values, seed=1, grid=grid)
        assert all(np.array_equal(getattr(levers, lever), getattr(rest, lever)) for lever in LEVERS)


def test_halving_the_table_step_changes_no_visit_mean() -> None:
    """T16: at most 0.1 hairs/cm2 on every visit mean, with the same draws, in every arm."""
    arms = {
        "finasteride": [FINASTERIDE],
        "minoxidil": [{**MINOXIDIL, "schedule": {"per_day": 2.0, "until": 24.0}}],
        "exosome": [{**EXOSOME, "schedule": COURSE}],
        "nothing": [],
    }
    weeks = (0.0, 6.0, 12.0, 24.0, 36.0, 48.0)
    study = small_study(arms, visits=weeks, secondary=("anagen_density", "nonvellus_density", "terminal_density"))
    scene = small_scene(study, seed=8)
    coarse, fine = (
        observed(
            replace(scene, table_step=step), list(scene.protocol.prescriptions), patients=256, weeks=weeks, area=1.0
        )
        for step in (1.0, 0.5)
    )
    changes = {
        arm: float(np.abs((a.true - b.true).mean(axis=0)).max()) for arm, a, b in zip(arms, coarse, fine, strict=True)
    }
    print("largest change of a visit mean, hairs/cm2:", {arm: round(change, 3) for arm, change in changes.items()})
    assert max(changes.values()) <= 0.1, changes
    total = column(scene, "total_density")
    assert abs((coarse[0].true - coarse[3].true)[:, -1, total].mean()) > 5.0, "the levers of this test do act"
