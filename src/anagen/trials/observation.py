"""Patients under levers, looked at: the one place where follicles, scalp and instrument meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from anagen import signalling
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.streams import address_of
from anagen.delivery import Prescription
from anagen.follicles import N_CLASSES, FollicleParameters, FollowUp, Reading, TargetArea, begun, hair_sums, time_grid
from anagen.follicles.arguments import N_SUMS
from anagen.follicles.engine import LeverSource
from anagen.follicles.grafts import Healing, graft_sums
from anagen.follicles.states import States
from anagen.patients import CONDITIONS, ZONES, Population, PopulationSpec
from anagen.patients.sampling import sensitivity_classes
from anagen.scalp import Hairs, Readings, Session, read, reading_shift
from anagen.scalp.patches import bare_scalp
from anagen.signalling import Levers, Response
from anagen.signalling.disease import Disease
from anagen.signalling.levers import levers_of_arms
from anagen.trials.attendance import courses_attended
from anagen.trials.expectation import arm_expectation, first_days
from anagen.trials.protocol import Protocol
from anagen.trials.spared import spared_shed
from anagen.trials.transplantation import donor_target, plantings_of, shocked, surgery_of
from anagen.trials.unblinding import felt


@dataclass(frozen=True, slots=True)
class Scene:
    """What all looks at one population share.

    Attributes
    ----------
    protocol : Protocol
        The study.
    spec : PopulationSpec
        Whom it recruits.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    threads : int
        Blocks of patients at a time; results do not depend on it.
    table_step : float
        Spacing of the tables of levers [day].
    notes : tuple[str, ...]
        What the study states and the simulation does not meet, in sentences.
    """

    protocol: Protocol
    spec: PopulationSpec
    values: Mapping[str, float]
    seed: int
    threads: int = 1
    table_step: float = 1.0
    notes: tuple[str, ...] = ()

    @property
    def process(self) -> FollicleParameters:
        """The follicle's parameters."""
        return FollicleParameters.from_values(self.values)

    @property
    def disease(self) -> Disease:
        """The condition and the seasons, acting over time."""
        season = self.spec.season is not None
        return Disease(CONDITIONS[self.spec.condition], self.values, self.seed, season=season)


def arm_responses(scene: Scene, arms: Sequence[Sequence[Prescription]], last_week: float) -> list[Response]:
    """What the network makes of each arm: it depends on the parameter values and on nobody's follicles.

    Parameters
    ----------
    scene : Scene
        Study and values.
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm.
    last_week : float
        Last visit [week].

    Returns
    -------
    list[Response]
        One for each arm.
    """
    grid = time_grid(last_week * DAYS_PER_WEEK, scene.table_step)
    return signalling.arm_responses(
        arms,
        scene.values,
        condition=CONDITIONS[scene.spec.condition].network,
        end=float(grid[-1] + scene.table_step),
        network=scene.protocol.network,
    )


def observe(
    scene: Scene,
    population: Population,
    arms: Sequence[Sequence[Prescription]],
    *,
    weeks: FloatArray,
    area: float,
    assigned: IntArray | None = None,
    site: int = 0,
    study_offset: bool = True,
    responses: Sequence[Response] | None = None,
    states: States | None = None,
) -> list[Readings]:
    """Simulate patients and read them at visits.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients, of one trial or of many.
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm.
    weeks : FloatArray, shape (n_visits,)
        Visits [week].
    area : float
        Target area [cm2].
    assigned : IntArray or None, shape (n_patients,)
        Arm of each patient; each patient is then simulated once, under that arm. None: every patient under every arm.
    site : int
        Number of the target area on the scalp.
    study_offset : bool
        False leaves out the random offset of the study.
    responses : Sequence[Response] or None
        Response of each arm, where it is known or a part of what the arm does is taken away; None to work it out.
    states : States or None
        Of the patients' follicles in this area where the tables start, from `begun_states`; None to work them out.

    Returns
    -------
    list[Readings]
        Arrays of shape (n_patients, n_visits, n_endpoints), one for each arm, or a single one where patients are
        assigned.
    """
    split = courses_attended(arms, population, assigned, seed=scene.seed)
    if split is not None:
        again = partial(observe, weeks=weeks, area=area, site=site, study_offset=study_offset, states=states)
        return [again(scene, population, courses, assigned=which)[0] for courses, which in split]
    protocol, values = scene.protocol, scene.values
    reading = protocol.reading(values, weeks, area)
    if responses is None:
        responses = arm_responses(scene, arms, float(weeks[-1]))
    place = Place(scene, reading, area, site)
    n_twins = len(arms) if assigned is None else 1
    if assigned is None:
        sums, bare, shed = place.simulated(population, arms, responses, states)
    else:
        sums = np.empty((len(population), 1, len(weeks), 2 * N_SUMS))
        seen = len(population), 1, len(weeks)
        bare, shed = np.empty(seen) if place.has_map else None, np.empty(seen) if place.has_spared else None
        for number, (arm, response) in enumerate(zip(arms, responses, strict=True)):
            rows = np.flatnonzero(assigned == number)
            kept = None if states is None else states.of(rows)
            sums[rows], lost, fallen = place.simulated(population.take(rows), [arm], [response], kept)
            if bare is not None:
                bare[rows] = lost
            if shed is not None:
                shed[rows] = fallen

    session = Session(population, reading.visits, values, scene.seed, site)
    shape = len(population), len(weeks)
    shifts = of_twins([arm_shift(arm, values, reading.visits) for arm in arms], assigned, shape)
    hopes = of_twins([arm_expectation(arm, values, reading.visits) for arm in arms], assigned, shape)
    scenarios = protocol.study.safety.scenarios
    hopes = felt(arms, hopes, assigned, population, values, reading.visits, seed=scene.seed, scenarios=scenarios)
    offset_sd = values["measurement.study_offset"] if study_offset and not protocol.method.collects else 0.0

    # as much scalp of the density of this zone as holds the hairs of a scalp of mean density
    scalp_area = values["measurement.scalp_area"] / values[ZONES[scene.spec.zone].density_factor]

    def hairs(twin: int, detected: bool) -> Hairs:
        return Hairs.from_sums(
            sums[:, twin],
            area=area,
            scalp_area=scalp_area,
            detected=detected,
            bare=None if bare is None else bare[:, twin],
            spared=None if shed is None else (shed[:, twin], values["measurement.spared_share"]),
        )

    return [
        read(
            session,
            hairs(twin, False),
            hairs(twin, True),
            protocol.endpoints,
            protocol.method,
            shift=shifts[twin],
            expectation=hopes[twin],
            offset_sd=offset_sd,
            study=address_of(protocol.study.study),
        )
        for twin in range(n_twins)
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """A target area that is looked at on visits.

    Attributes
    ----------
    scene : Scene
        Study, values, seed.
    reading : Reading
        Visits and instrument.
    area : float
        [cm2].
    site : int
        Number of the area on the scalp.
    """

    scene: Scene
    reading: Reading
    area: float
    site: int

    @property
    def grid(self) -> FloatArray:
        """Times of the levers of therapies [day]."""
        return time_grid(float(self.reading.visits[-1]), self.scene.table_step)

    @property
    def has_map(self) -> bool:
        """Whether patches of the whole scalp are followed."""
        patches = CONDITIONS[self.scene.spec.condition].patches is not None
        return patches and any(endpoint.whole_scalp for endpoint in self.scene.protocol.endpoints)

    @property
    def has_spared(self) -> bool:
        """Whether scalp that the condition spares is followed beside a target area that it affects."""
        affected = self.scene.spec.zone in CONDITIONS[self.scene.spec.condition].affected_zones
        return affected and any(endpoint.spared_zones for endpoint in self.scene.protocol.endpoints)

    def follow_up(self, grid: FloatArray) -> FollowUp:
        """How follicles are followed, on a grid of times."""
        scene = self.scene
        return FollowUp(scene.process, self.reading, grid, scene.seed, scene.threads)

    def lever_sources(
        self, arms: Sequence[Sequence[Prescription]], responses: Sequence[Response]
    ) -> tuple[LeverSource, LeverSource]:
        """Levers that the arms move, and the same with the condition and the seasons beside them."""
        scene, grid, disease = self.scene, self.grid, self.scene.disease
        whole = disease.grid(grid)

        def levers(patients: Population) -> list[Levers]:
            plain = levers_of_arms(responses, patients, scene.values, seed=scene.seed, grid=grid)
            return [shocked(levers, arm, scene.values, grid) for levers, arm in zip(plain, arms, strict=True)]

        return levers, lambda patients: [disease.levers(twin, patients, whole) for twin in levers(patients)]

    def simulated(
        self,
        population: Population,
        arms: Sequence[Sequence[Prescription]],
        responses: Sequence[Response],
        states: States | None,
    ) -> tuple[FloatArray, FloatArray | None, FloatArray | None]:
        """Sums over hairs [patient, arm, visit, sum]; the bare share of the scalp, and hairs shed where it is spared,
        [patient, arm, visit], where they are asked for.
        """
        scene, grid = self.scene, self.grid
        values, disease = scene.values, scene.disease
        levers, with_disease = self.lever_sources(arms, responses)
        whole = disease.grid(grid)
        diseased = self.follow_up(whole)
        target = target_area(scene, population, site=self.site, grid=whole)
        sums = hair_sums(replace(target, states=states), with_disease, diseased)
        plantings = plantings_of(arms, population, values, area=self.area, seed=scene.seed)
        if plantings:
            donor = donor_target(target, scene.spec, values)
            sums = sums + graft_sums(donor, plantings, levers, Healing.from_values(values), self.follow_up(grid))
        bare = bare_scalp(population, levers, disease, diseased) if self.has_map else None
        if not self.has_spared:
            return sums, bare, None
        donor = donor_target(target, scene.spec, values)
        return sums, bare, spared_shed(donor, responses, disease, diseased, grid)


def begun_states(
    scene: Scene, population: Population, *, area: float, site: int = 0, behind: States | None = None
) -> States:
    """States of the patients' follicles where the tables start: what a screening and a trial share.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    area : float
        Target area [cm2].
    site : int
        Number of the area on the scalp.
    behind : States or None
        Of other patients, behind whose places there may be room for these.

    Returns
    -------
    States
        Of the patients.
    """
    place = Place(scene, scene.protocol.reading(scene.values, np.zeros(1), area), area, site)
    grid = scene.disease.grid(place.grid)
    harmed = scene.disease.condition.hazard is not None or any(map(surgery_of, scene.protocol.prescriptions))
    return begun(
        target_area(scene, population, site=site, grid=grid), place.follow_up(grid), with_hazard=harmed, behind=behind
    )


def target_area(scene: Scene, population: Population, *, site: int, grid: FloatArray) -> TargetArea:
    """Follicles of the target area, with the classes and the run-in of the condition.

    Parameters
    ----------
    scene : Scene
        Study and values.
    population : Population
        Patients.
    site : int
        Number of the area on the scalp.
    grid : FloatArray, shape (n_points,)
        Table times of the disease [day].

    Returns
    -------
    TargetArea
        Of all patients.
    """
    condition = CONDITIONS[scene.spec.condition]
    return TargetArea(
        population=population,
        sensitivity=sensitivity_classes(scene.spec, population, scene.values, N_CLASSES),
        within_patient_sd=scene.values["population.shaft_diameter_within_patient"],
        starts_terminal=condition.starts_terminal and scene.spec.zone in condition.affected_zones,
        site=site,
        run_in=scene.disease.run_in(population, grid),
        lost_at_once=condition.loses_hair_at_once,
    )


def of_twins(of_arms: Sequence[FloatArray], assigned: IntArray | None, shape: tuple[int, int]) -> list[FloatArray]:
    """Rows of patients from rows of arms.

    Parameters
    ----------
    of_arms : Sequence[FloatArray]
        One of shape (n_visits,) for each arm.
    assigned : IntArray or None, shape (n_patients,)
        Arm of each patient; None where every patient is under every arm.
    shape : tuple[int, int]
        Patients and visits.

    Returns
    -------
    list[FloatArray]
        One of shape (n_patients, n_visits) for each twin.
    """
    rows = np.stack(of_arms)
    return [np.broadcast_to(row, shape) for row in rows] if assigned is None else [rows[assigned]]


def arm_shift(prescriptions: Sequence[Prescription], values: Mapping[str, float], visits: FloatArray) -> FloatArray:
    """Shift of counts at each visit: each route counts once, from its first dose on, however many therapies use it.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of the arm.
    values : Mapping[str, float]
        Parameter values.
    visits : FloatArray, shape (n_visits,)
        Days from baseline.

    Returns
    -------
    FloatArray, shape (n_visits,)
        [hairs/cm2].
    """
    begun = first_days(prescriptions, lambda prescription: prescription.route.reading)
    shift = np.zeros_like(visits)
    for day in dict.fromkeys(begun.values()):
        together = [values[name] for name, first in begun.items() if first == day]
        shift += reading_shift(together, visits - day, values["reading.rise"])
    return shift
