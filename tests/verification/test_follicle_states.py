"""Follicles one by one are those that the kernel adds up: summed in its order they give its bytes."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.follicles.arguments import N_SUMS, SUMS
from anagen.follicles.follicle_states import ANAGEN, CATAGEN, KENOGEN, NOT_PLANTED, PHASES, TELOGEN, FollicleStates
from anagen.follicles.process import FollicleParameters, stationary_shares
from anagen.scalp import Hairs
from anagen.trials.area_states import area_states
from anagen.trials.observation import Place, Scene, arm_responses, observe
from anagen.trials.screening import candidates
from small_studies import EXOSOME, FINASTERIDE, FUE, MINOXIDIL, SALINE, small_scene, small_study

WEEKS = np.array([0.0, 3.0, 12.0, 24.0, 52.0])
AREA = 2.5
"""More follicles than stand side by side in the kernel."""
NOT_SHED = [i for i in range(2 * N_SUMS) if SUMS[i % N_SUMS] != "shed"]
SCENES: dict[str, Scene] = {
    "androgenetic": small_scene(
        small_study({"both": [FINASTERIDE, MINOXIDIL], "vesicles": [EXOSOME], "saline": [SALINE]}), seed=5
    ),
    "areata": small_scene(small_study({"exosome": [EXOSOME], "nothing": []}, condition="aa"), seed=5),
    "effluvium": small_scene(small_study({"exosome": [EXOSOME], "nothing": []}, condition="te"), seed=5),
    "grafts": small_scene(small_study({"surgery": [FUE], "both": [FUE, MINOXIDIL], "nothing": []}), seed=5),
}


def states_of(scene: Scene, patients: int = 3) -> list[list[tuple[FollicleStates, ...]]]:
    """Of candidates 0, 1, ..., under every arm."""
    people = candidates(scene, np.arange(patients), 0)
    return area_states(scene, people, scene.protocol.prescriptions, weeks=WEEKS, area=AREA)


def detection_of(scene: Scene) -> FloatArray:
    return scene.protocol.reading(scene.values, WEEKS, AREA).detection


def summed(parts: tuple[FollicleStates, ...], detection: FloatArray) -> FloatArray:
    """Native follicles, and all grafts one behind the other."""
    native = parts[0].sums(detection)
    if len(parts) == 1:
        return native
    grafts = np.zeros_like(native)
    for part in parts[1:]:
        part.sums(detection, grafts)
    return native + grafts


@pytest.mark.parametrize("name", SCENES)
def test_states_add_up_to_the_sums_and_readings_byte_for_byte(name: str) -> None:
    scene = SCENES[name]
    people = candidates(scene, np.arange(3), 0)
    arms = scene.protocol.prescriptions
    place = Place(scene, scene.protocol.reading(scene.values, WEEKS, AREA), AREA, 0)
    sums, _bare, _shed = place.simulated(people, arms, arm_responses(scene, arms, 52.0), None)
    readings = observe(scene, people, arms, weeks=WEEKS, area=AREA)
    total_density = [endpoint.name for endpoint in scene.protocol.endpoints].index("total_density")
    for patient, of_arms in enumerate(states_of(scene)):
        for arm, parts in enumerate(of_arms):
            own = summed(parts, place.reading.detection)
            assert own[:, NOT_SHED].tobytes() == sums[patient, arm][:, NOT_SHED].tobytes()
            hairs = Hairs.from_sums(own, area=AREA, scalp_area=500.0, detected=False)
            stored = readings[arm].true[patient, :, total_density]
            assert (hairs.hairs / AREA).tobytes() == stored.tobytes()


def test_phases_and_hairs_belong_together() -> None:
    for scene in SCENES.values():
        for parts in states_of(scene)[0]:
            for states in parts:
                grows = states.growth > 0.0
                assert (grows == (states.shown & ~states.club)).all()
                assert (states.phase[grows] == ANAGEN).all()
                assert states.club[states.phase == TELOGEN].all()
                assert not states.shown[np.isin(states.phase, [KENOGEN, NOT_PLANTED])].any()
                known = states.length[states.shown & ~np.isnan(states.length)]
                assert (known >= 1.0).all()
                assert (states.length[~states.shown] == 0.0).all()
                assert set(np.unique(states.phase)) <= set(range(len(PHASES)))
                assert (states.phase == NOT_PLANTED).any() == (states.grafted and len(states.follicle) > 0)
                classes = [(states.hair_class == k).sum() for k in range(4)]
                assert classes[0] == (~states.shown).sum()
                assert classes[3] == (states.diameter >= states.thresholds[1]).sum()


def test_a_hair_grows_by_its_rate_and_a_club_hair_does_not() -> None:
    scene = SCENES["androgenetic"]
    people = candidates(scene, np.arange(2), 0)
    weeks = np.array([0.0, 1.0])
    for (states,) in (
        of_arms[-1] for of_arms in area_states(scene, people, scene.protocol.prescriptions, weeks=weeks, area=AREA)
    ):
        grows = (states.growth > 0.0).all(axis=1) & (states.length[:, 1] < 100.0)
        assert grows.sum() > 50
        gained = (states.length[:, 1] - states.length[:, 0])[grows]
        # the rate of a hair that thins or thickens changes a little, and with it the length that is reckoned
        assert np.median(gained / (7.0 * states.growth[grows, 1])) == pytest.approx(1.0, abs=0.02)
        rests = states.club.all(axis=1)
        unchanged = states.length[rests, 0] == states.length[rests, 1]
        assert (unchanged | np.isnan(states.length[rests, 0])).all()


def test_phases_of_a_scalp_have_their_stationary_shares() -> None:
    scene = small_scene(small_study({"nothing": []}, condition="healthy"), seed=5)
    people = candidates(scene, np.arange(12), 0)
    phases = np.concatenate(
        [
            of_arms[0][0].phase[:, 0]
            for of_arms in area_states(scene, people, scene.protocol.prescriptions, weeks=WEEKS[:1], area=AREA)
        ]
    )
    shares = stationary_shares(FollicleParameters.from_values(scene.values), 0.95)
    error = 4.0 * np.sqrt(0.25 / len(phases))
    assert (phases == ANAGEN).mean() == pytest.approx(shares.anagen, abs=error)
    assert (phases == CATAGEN).mean() == pytest.approx(shares.catagen, abs=error)
