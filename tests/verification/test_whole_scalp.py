"""Follicles beside the target area are simulated as its own are: what is drawn of a scalp adds up to what is read."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.follicles.arguments import N_SUMS, SUMS
from anagen.follicles.follicle_states import TELOGEN
from anagen.reports.overhead import whole_scalp
from anagen.scalp.patches import TERMINAL, bare_scalp, counted_in_plots
from anagen.trials.area_states import area_states
from anagen.trials.observation import Place, Scene, arm_responses, observe
from anagen.trials.screening import candidates
from anagen.trials.whole_scalp import ZONE_AREA, has_patches, plot_states, zone_states
from small_studies import EXOSOME, FUE, MINOXIDIL, small_scene, small_study

WEEKS = np.array([0.0, 12.0, 36.0])


def patchy() -> Scene:
    study = small_study({"nothing": []}, condition="aa", endpoint="salt", visits=(0.0, 12.0, 36.0))
    return small_scene(study, seed=5)


@pytest.mark.parametrize("patient", [0, 2, 6])
def test_what_plots_show_is_the_salt_score_byte_for_byte(patient: int) -> None:
    scene = patchy()
    people = candidates(scene, np.array([patient]), 0)
    found = plot_states(scene, people, [], weeks=WEEKS)
    (read,) = observe(scene, people, [[]], weeks=WEEKS, area=scene.protocol.area)
    salt = [endpoint.name for endpoint in scene.protocol.endpoints].index("salt")
    assert (100.0 * found.bare).tobytes() == read.true[0, :, salt].tobytes()
    shares = {"top": 0.40, "back": 0.24, "left side": 0.18, "right side": 0.18}
    assert sum(shares[region] * bare for region, bare in found.regions.items()) == pytest.approx(found.bare)
    assert set(found.covered) == set(found.states)
    assert all(0.0 < share <= 1.0 for share in found.covered.values())
    assert (found.spared.diameter > 0.0).mean() > 0.8


def test_states_of_plots_add_up_to_the_sums_that_bare_scalp_is_made_of() -> None:
    scene = patchy()
    people = candidates(scene, np.arange(3), 0)
    place = Place(scene, scene.protocol.reading(scene.values, WEEKS, 1.0), 1.0, 0)
    levers, _ = place.lever_sources([[]], arm_responses(scene, [[]], float(WEEKS[-1])))
    here = counted_in_plots(scene.disease, place.follow_up(scene.disease.grid(place.grid)))
    assert here.process.emergence_length == scene.values["salt.least_length"]
    together = bare_scalp(people, levers, scene.disease, place.follow_up(scene.disease.grid(place.grid)))
    for row in range(3):
        alone = plot_states(scene, people.take(np.array([row])), [], weeks=WEEKS)
        assert alone.bare.tobytes() == together[row, 0].tobytes()
        for plot, states in alone.states.items():
            terminal = states.sums(here.reading.detection)[:, TERMINAL]
            assert terminal.tolist() == (states.hair_class == 3).sum(axis=0).tolist(), plot


def test_every_zone_is_the_same_patient_with_the_density_and_sensitivity_of_the_zone() -> None:
    scene = small_scene(small_study({"both": [MINOXIDIL], "nothing": []}), seed=5)
    assert not has_patches(scene)
    shares: dict[str, list[float]] = {}
    vertex = scene.values["population.density_factor_vertex"]
    for patient in range(6):
        people = candidates(scene, np.array([patient]), 0)
        zones = zone_states(scene, people, scene.protocol.prescriptions[0], weeks=WEEKS)
        assert list(zones) == ["frontal", "mid", "hairline", "temporal", "occipital"]
        for zone, states in zones.items():
            factor = scene.values[f"population.density_factor_{zone}"] / vertex
            assert len(states.follicle) == pytest.approx(factor * people.follicle_density[0] * ZONE_AREA, abs=0.5)
            shares.setdefault(zone, []).append(float((states.hair_class[:, 0] == 3).mean()))
    mean = {zone: np.mean(values) for zone, values in shares.items()}
    assert mean["hairline"] < mean["frontal"] < mean["temporal"] < mean["occipital"]
    assert mean["occipital"] > 0.95


def test_loss_by_a_trigger_is_diffuse() -> None:
    study = small_study({"nothing": []}, condition="te", population={"onset_week": -6.0})
    scene = small_scene(study, seed=5)
    people = candidates(scene, np.array([1]), 0)
    (own,) = area_states(scene, people, [[]], weeks=WEEKS, area=1.0)[0][0]
    zones = [own, *zone_states(scene, people, [], weeks=WEEKS).values()]
    resting = [float((states.phase[:, 0] == TELOGEN).mean()) for states in zones]
    assert min(resting) > 0.2
    assert max(resting) - min(resting) < 0.15


def test_grafts_stand_in_the_zone_that_is_counted_and_twins_share_every_other_follicle() -> None:
    scene = small_scene(small_study({"grafts": [FUE], "vesicles": [EXOSOME], "nothing": []}), seed=5)
    people = candidates(scene, np.array([2]), 0)
    scalps = []
    for given in scene.protocol.prescriptions:
        states = area_states(scene, people, [given], weeks=WEEKS, area=scene.protocol.area)[0][0]
        scalps.append(whole_scalp(scene, people, given, states, weeks=WEEKS))
    grafted, treated, untreated = scalps
    assert len(grafted.parts["vertex"].states) == 2 and len(untreated.parts["vertex"].states) == 1
    for zone in set(untreated.parts) - {"vertex"}:
        first = [scalp.parts[zone].states[0].diameter for scalp in scalps]
        assert (first[0] == first[2]).all()
        assert (first[1][:, 0] == first[2][:, 0]).all()
    gained = [scalp.counts(2)["vertex"]["hairs"] - scalp.counts(0)["vertex"]["hairs"] for scalp in (grafted, untreated)]
    assert gained[0] > gained[1] + 10.0
    detection = scene.protocol.reading(scene.values, WEEKS, ZONE_AREA).detection
    states = treated.parts["frontal"].states[0]
    assert states.sums(detection)[:, SUMS.index("hairs")].tolist() == states.shown.sum(axis=0).tolist()
    assert states.sums(detection).shape == (3, 2 * N_SUMS)
