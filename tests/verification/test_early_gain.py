"""T13: a vesicle-driven gain above 10 % of baseline on day 45 is flagged implausible, a drug never is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from anagen.analysis.plausibility import WITHOUT, early_gains, flag_text, flags_of
from anagen.trials.early_gain import watched
from anagen.trials.observation import Scene
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import scene_of
from small_studies import (
    COURSE,
    EXOSOME,
    FINASTERIDE,
    MINOXIDIL,
    PLACEBO,
    SALINE,
    VEHICLE,
    small_scene,
    small_study,
    use,
)

ABSURD = {
    "exosome.telogen_exit_per_hair": 15.0,
    "exosome.anagen_extension_per_hair": 3.0,
    "exosome.rise": 0.2,
}
DEAD = use("exosome", "intradermal", dose=1.0e10, product="adsc-inactivated")
PATIENTS = 24


def scene(arms: dict[str, list[dict[str, Any]]], values: dict[str, float] | None = None, **study: Any) -> Scene:
    made = small_study(arms, **study)
    return scene_of(made, {**small_scene(made).values, **(values or {})}, seed=5)


def early(found: Scene) -> pd.DataFrame:
    watch = watched(found)
    assert watch is not None
    return early_gains(expected_readings(watch.scene, n_patients=PATIENTS), watch, draw=0)


def test_an_absurd_lever_is_flagged_and_said_in_words() -> None:
    flags = flags_of(early(scene({"exosome": [EXOSOME], "saline": [SALINE]}, ABSURD)))
    assert [(flag["code"], flag["arm"], flag["basis"]) for flag in flags] == [
        ("early_vesicle_gain", "exosome", "central value")
    ]
    assert flags[0]["percent"] > 10.0 and flags[0]["week"] == pytest.approx(45.0 / 7.0)
    assert "day 45" in flag_text(flags[0]) and "begin a new anagen" in flag_text(flags[0])


def test_central_values_are_not_flagged() -> None:
    table = early(scene({"exosome": [EXOSOME], "saline": [SALINE]}))
    assert table["against"].tolist() == [WITHOUT]
    assert flags_of(table) == []


def test_the_upper_end_over_draws_is_flagged_as_such() -> None:
    table = pd.DataFrame(
        {
            "draw": range(41),
            "arm": "exosome",
            "against": WITHOUT,
            "week": 45 / 7,
            "percent": [2.0, *np.linspace(0.0, 12.0, 40)],
        }
    )
    (flag,) = flags_of(table)
    assert flag["basis"].startswith("upper end") and flag["percent"] == flag["high"] > 10.0 > flag["central"]
    assert flags_of(table[table["draw"] < 8]) == []


def test_drugs_are_never_looked_at() -> None:
    absurd = {"minoxidil.telogen_exit": 40.0, "minoxidil.rise": 0.2}
    assert watched(scene({"minoxidil": [MINOXIDIL], "vehicle": [VEHICLE]}, absurd)) is None
    assert watched(scene({"finasteride": [FINASTERIDE], "placebo": [PLACEBO]})) is None
    assert watched(scene({"injection": [SALINE], "nothing": []})) is None
    assert flags_of(None) == []


def test_a_drug_beside_vesicles_is_not_laid_at_their_door() -> None:
    """The arm is compared with the same arm without vesicles, so what minoxidil does is not theirs."""
    absurd = {"minoxidil.telogen_exit": 40.0, "minoxidil.rise": 0.2}
    together = scene({"both": [EXOSOME, MINOXIDIL], "vehicle": [VEHICLE]}, absurd)
    table = early(together)
    assert table["against"].tolist() == [WITHOUT]
    assert flags_of(table) == []
    alone = early(scene({"both": [DEAD, MINOXIDIL], "vehicle": [VEHICLE]}, absurd))
    assert float(alone["percent"].abs().max()) == 0.0


def test_the_control_is_the_arm_without_vesicles_where_it_is_the_same_act() -> None:
    saline = watched(scene({"exosome": [EXOSOME], "saline": [SALINE]}))
    assert saline is not None and saline.scene.protocol.arms == ("exosome", "saline")
    other = watched(scene({"exosome": [EXOSOME], "nothing": []}))
    assert other is not None and other.scene.protocol.arms == ("exosome", "nothing", "exosome without vesicles")
    fewer = {**SALINE, "schedule": {**COURSE, "sessions": 3}}
    rare = watched(scene({"exosome": [EXOSOME], "saline": [fewer]}))
    assert rare is not None and len(rare.scene.protocol.arms) == 3


def test_without_a_control_the_arm_is_compared_with_its_own_baseline_too() -> None:
    made = small_study({"exosome": [EXOSOME], "saline": [SALINE]})
    arm = made.arms[0]
    single = made.model_copy(update={"arms": (arm,), "uncontrolled": "a series"})
    found = scene_of(single, small_scene(made).values, seed=5)
    assert early(found)["against"].tolist() == [WITHOUT, "its own baseline"]
    against = early(scene({"exosome": [EXOSOME], "nothing": []}))["against"].tolist()
    assert against == [WITHOUT, "control nothing"]


@pytest.mark.parametrize("endpoint", ["total_density", "mean_diameter"])
@pytest.mark.parametrize("visits", [(0.0, 12.0, 24.0), (0.0, 4.0), (0.0, 45.0 / 7.0, 12.0)])
def test_the_hidden_visit_changes_no_byte_of_the_others(endpoint: str, visits: tuple[float, ...]) -> None:
    found = scene({"exosome": [EXOSOME], "nothing": []}, visits=visits, endpoint=endpoint)
    watch = watched(found)
    assert watch is not None
    plain = expected_readings(found, n_patients=PATIENTS)
    seen = watch.as_planned(expected_readings(watch.scene, n_patients=PATIENTS))
    for own, other in zip(plain, seen, strict=True):
        for name in ("true", "expected", "measured"):
            assert np.array_equal(getattr(own, name), getattr(other, name)), name
    assert watch.week == min(45.0 / 7.0, visits[-1])


def test_dead_vesicles_are_watched_and_gain_nothing() -> None:
    table = early(scene({"dead": [DEAD], "saline": [SALINE]}))
    assert float(table["percent"].abs().max()) == 0.0


def test_split_scalp_studies_are_watched() -> None:
    found = scene({"exosome": [EXOSOME], "saline": [SALINE]}, ABSURD, layout="split_scalp")
    assert len(flags_of(early(replace(found)))) == 1
