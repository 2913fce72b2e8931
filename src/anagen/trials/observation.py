"""Patients under levers, looked at: the one place where follicles, scalp and instrument meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import address_of
from anagen.delivery import Prescription
from anagen.follicles import N_CLASSES, FollicleParameters, FollowUp, TargetArea, hair_sums, time_grid
from anagen.follicles.grafts import Healing, graft_sums
from anagen.patients import CONDITIONS, Population, PopulationSpec
from anagen.patients.sampling import sensitivity_classes
from anagen.scalp import Hairs, Readings, Session, read, reading_shift
from anagen.scalp.patches import bare_scalp
from anagen.signalling import Levers, Response, arm_response, levers_of_arm
from anagen.signalling.disease import Disease
from anagen.trials.expectation import arm_expectation
from anagen.trials.protocol import Protocol
from anagen.trials.transplantation import donor_target, plantings_of, shocked


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
) -> list[Readings]:
    """Simulate patients and read them at visits.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
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
        Response of each arm, where a part of what it does is taken away; what it does where None.

    Returns
    -------
    list[Readings]
        Arrays of shape (n_patients, n_visits, n_endpoints), one for each arm, or a single one where patients are
        assigned.
    """
    protocol, values, disease = scene.protocol, scene.values, scene.disease
    reading = protocol.reading(values, weeks, area)
    grid = time_grid(float(reading.visits[-1]), scene.table_step)
    if responses is None:
        end = float(grid[-1] + scene.table_step)
        responses = [
            arm_response(arm, values, condition=disease.condition.network, end=end, network=protocol.network)
            for arm in arms
        ]
    arm_of = None if assigned is None else dict(zip(population.patient.tolist(), assigned.tolist(), strict=True))

    def levers(patients: Population) -> list[Levers]:
        plain = [levers_of_arm(response, patients, values, seed=scene.seed, grid=grid) for response in responses]
        twins = [shocked(levers, arm, values, grid) for levers, arm in zip(plain, arms, strict=True)]
        if arm_of is None:
            return twins
        return [assigned_levers(twins, np.array([arm_of[p] for p in patients.patient.tolist()], dtype=np.int64))]

    follow_up = FollowUp(scene.process, reading, grid, scene.seed, scene.threads)
    diseased = replace(follow_up, grid=disease.grid(grid))
    target = target_area(scene, population, site=site, grid=diseased.grid)
    sums = hair_sums(
        target, lambda patients: [disease.levers(twin, patients, diseased.grid) for twin in levers(patients)], diseased
    )
    plantings = plantings_of(arms, population, values, area=area, seed=scene.seed, assigned=assigned)
    if plantings:
        donor = donor_target(target, scene.spec, values)
        sums = sums + graft_sums(donor, plantings, levers, Healing.from_values(values), follow_up)
    bare: FloatArray | None = None
    if disease.condition.patches is not None and any(endpoint.whole_scalp for endpoint in protocol.endpoints):
        bare = bare_scalp(population, levers, disease, diseased)

    session = Session(population, reading.visits, values, scene.seed, site)
    shape = len(population), len(weeks)
    shifts = of_twins([arm_shift(arm, values, reading.visits) for arm in arms], assigned, shape)
    hopes = of_twins([arm_expectation(arm, values, reading.visits) for arm in arms], assigned, shape)
    offset_sd = values["measurement.study_offset"] if study_offset and not protocol.method.collects else 0.0

    def hairs(twin: int, detected: bool) -> Hairs:
        return Hairs.from_sums(
            sums[:, twin],
            area=area,
            scalp_area=values["measurement.scalp_area"],
            detected=detected,
            bare=None if bare is None else bare[:, twin],
        )

    return [
        read(
            session,
            hairs(twin, False),
            hairs(twin, True),
            protocol.endpoints,
            protocol.method,
            shift=shift,
            expectation=hope,
            offset_sd=offset_sd,
            study=address_of(protocol.study.study),
        )
        for twin, (shift, hope) in enumerate(zip(shifts, hopes, strict=True))
    ]


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


def assigned_levers(twins: Sequence[Levers], assigned: IntArray) -> Levers:
    """Each patient's row from the levers of the arm it is assigned to.

    Parameters
    ----------
    twins : Sequence[Levers]
        Levers of all patients under each arm.
    assigned : IntArray, shape (n_patients,)
        Arm of each patient.

    Returns
    -------
    Levers
        One row for each patient.
    """
    rows = np.arange(len(assigned))
    return Levers.each(lambda name: np.stack([getattr(levers, name) for levers in twins])[assigned, rows])


def arm_shift(prescriptions: Sequence[Prescription], values: Mapping[str, float], visits: FloatArray) -> FloatArray:
    """Shift of counts at each visit: each route counts once, however many therapies use it.

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
    readings = dict.fromkeys(p.route.reading for p in prescriptions if p.route.reading is not None)
    return reading_shift([values[name] for name in readings], visits, values["reading.rise"])
