"""Follicles all over the scalp of one patient: every zone simulated as the target area is, or every plot with patches.

The target area is what a run counts. Elsewhere the same patient has follicles of his own, with the density, sensitivity
and growth of their zone; what is given reaches all zones alike, and grafts stand in the zone that is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.follicles.follicle_states import FollicleStates, follicle_states
from anagen.patients import CONDITIONS, ZONES, Population
from anagen.patients.scalp_map import PLOTS, REGIONS, patch_centres
from anagen.scalp.patches import FIRST_SITE, TERMINAL, counted_in_plots, diseased_plots
from anagen.signalling import Levers, Response
from anagen.signalling.disease import begun_earlier
from anagen.trials.area_states import area_states
from anagen.trials.observation import Place, Scene, arm_responses, target_area
from anagen.trials.screening import candidates

FIRST_ZONE = 16
"""Zone k beside the target zone draws as target area FIRST_ZONE + k of the patient."""
SPARED_SITE = FIRST_SITE + len(PLOTS)
ZONE_AREA = 1.0
"""Scalp that is simulated of each zone beside the target area [cm2]."""
SPARED_FOLLICLES = 200.0
"""Follicles that stand for the scalp that patches spare."""


@dataclass(frozen=True, slots=True)
class PlotStates:
    """Follicles of one patient on the plots of the map, under one arm.

    Attributes
    ----------
    states : dict[int, FollicleStates]
        Of the plots that the disease reaches, by their number.
    covered : dict[int, float]
        Share of each of these plots that its follicles stand for; the rest is spared.
    spared : FollicleStates
        Follicles that the disease does not reach.
    bare : FloatArray, shape (n_visits,)
        Share of the scalp without terminal hair.
    regions : dict[str, FloatArray]
        The same of each region of the SALT score.
    centres : list[int]
        Plots in which the patches began.
    """

    states: dict[int, FollicleStates]
    covered: dict[int, float]
    spared: FollicleStates
    bare: FloatArray
    regions: dict[str, FloatArray]
    centres: list[int]


def has_patches(scene: Scene) -> bool:
    """Whether the condition takes the scalp in patches."""
    return CONDITIONS[scene.spec.condition].patches is not None


def zone_states(
    scene: Scene,
    patient: Population,
    arm: Sequence[Prescription],
    *,
    weeks: FloatArray,
    again: Callable[[Scene], Population] | None = None,
    responses: Sequence[Response] | None = None,
) -> dict[str, FollicleStates]:
    """Follicles of every zone beside the target zone, under an arm.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    patient : Population
        One patient.
    arm : Sequence[Prescription]
        What is given, without sessions that are missed; surgery is left out, for it is done in the target zone.
    weeks : FloatArray, shape (n_visits,)
        Visits [week].
    again : callable, optional
        Draws the same patient for the scene of another zone; as a candidate of his trial where left out.
    responses : Sequence[Response] or None
        Response of the arm without its surgery, where it is known; None to work it out.

    Returns
    -------
    dict[str, FollicleStates]
        Of an area of ZONE_AREA in each, in the order of the zones.
    """
    given = [prescription for prescription in arm if not prescription.therapy.moves_follicles]
    found: dict[str, FollicleStates] = {}
    # what the network makes of the arm is the same in every zone
    known = arm_responses(scene, [given], float(weeks[-1])) if responses is None else responses
    for number, zone in enumerate(ZONES):
        if zone == scene.spec.zone:
            continue
        there = replace(scene, spec=replace(scene.spec, zone=zone))
        people = candidates(there, patient.patient, int(patient.replicate[0])) if again is None else again(there)
        site = FIRST_ZONE + number
        ((states,),) = area_states(there, people, [given], weeks=weeks, area=ZONE_AREA, site=site, responses=known)
        found[zone] = states[0]
    return found


def plot_states(
    scene: Scene,
    patient: Population,
    arm: Sequence[Prescription],
    *,
    weeks: FloatArray,
    responses: Sequence[Response] | None = None,
) -> PlotStates:
    """Follicles of the plots of the map, under an arm: those of which the SALT score is made.

    Parameters
    ----------
    scene : Scene
        Study, values, seed; of a condition with patches.
    patient : Population
        One patient.
    arm : Sequence[Prescription]
        What is given, without sessions that are missed.
    weeks : FloatArray, shape (n_visits,)
        Visits [week].
    responses : Sequence[Response] or None
        Response of the arm, where it is known; None to work it out.

    Returns
    -------
    PlotStates
        Hairs are those of some length, as the score counts them.
    """
    place = Place(scene, scene.protocol.reading(scene.values, weeks, scene.protocol.area), scene.protocol.area, 0)
    disease = scene.disease
    known = arm_responses(scene, [arm], float(weeks[-1])) if responses is None else responses
    plain, _ = place.lever_sources([arm], known)
    twins = plain(patient)
    here = counted_in_plots(disease, place.follow_up(disease.grid(place.grid)))
    states: dict[int, FollicleStates] = {}
    covered: dict[int, float] = {}
    bare, regions = np.zeros((1, 1, len(weeks))), {region: np.zeros(len(weeks)) for region in REGIONS}
    for plot in diseased_plots(patient, twins, disease, here):
        ((own,),) = follicle_states(plot.target, plot.levers, here)
        states[plot.plot], covered[plot.plot] = own, float(plot.covered[0])
        terminal = own.sums(here.reading.detection)[:, TERMINAL]
        here_bare = plot.bare(terminal[None, None, :], here.reading.visits)
        bare += here_bare
        regions[PLOTS[plot.plot].region] += here_bare[0, 0] / REGIONS[PLOTS[plot.plot].region]
    everywhere = replace(patient, follicle_density=np.full(1, SPARED_FOLLICLES))
    target = target_area(scene, everywhere, site=SPARED_SITE, grid=here.grid)

    def untouched(block: Population) -> list[Levers]:
        treated = begun_earlier(twins[0], len(here.grid))
        sooner = disease.levers(twins[0], block, here.grid)
        return [replace(sooner, immune_attack=treated.immune_attack)]

    ((spared,),) = follicle_states(target, untouched, here)
    centres = patch_centres(patient, scene.seed)[0].tolist()
    return PlotStates(states, covered, spared, np.minimum(bare[0, 0], 1.0), regions, centres)
