"""Patients under levers, looked at: the one place where follicles, scalp and instrument meet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import address_of
from anagen.delivery import Prescription
from anagen.follicles import N_CLASSES, FollicleParameters, TargetArea, hair_sums, time_grid
from anagen.patients import CONDITIONS, Population, PopulationSpec
from anagen.patients.population import sensitivity_classes
from anagen.scalp import Hairs, Readings, read, reading_shift
from anagen.scalp.patches import bare_scalp
from anagen.signalling import Levers, Response, arm_response, levers_of_arm
from anagen.signalling.disease import Disease
from anagen.trials.expectation import arm_expectation
from anagen.trials.protocol import Protocol
from anagen.trials.transplantation import shocked, with_grafts


@dataclass(frozen=True, slots=True)
class Scene:
    """What all looks at one population share: the study, its parameter values and the seed."""

    protocol: Protocol
    spec: PopulationSpec
    values: Mapping[str, float]
    seed: int
    threads: int = 1
    table_step: float = 1.0

    @property
    def process(self) -> FollicleParameters:
        """The follicle's parameters."""
        return FollicleParameters.from_values(self.values)


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

    Args:
        scene: study, values, seed. population: patients. arms: what each arm is given.
        weeks: visits [week]. area: target area [cm2].
        assigned: arm of each patient; each patient is then simulated once, under that arm. None: every patient under
        every arm.
        site: number of the target area on the scalp. study_offset: False leaves out the random offset of the study.
        responses: response of each arm, where a part of what it does is taken away; what it does where None.

    Returns:
        One Readings [patient, visit, endpoint] per arm, or a single one where `assigned` is given.
    """
    protocol, values = scene.protocol, scene.values
    reading = protocol.reading(values, weeks, area)
    grid = time_grid(float(reading.visits[-1]), scene.table_step)
    condition = CONDITIONS[scene.spec.condition]
    affected = scene.spec.zone in condition.affected_zones
    disease = Disease(condition, values, scene.seed, season=scene.spec.season is not None)
    tables = disease.grid(grid)
    target = TargetArea(
        population=population,
        sensitivity=sensitivity_classes(scene.spec, population, values, N_CLASSES),
        within_patient_sd=values["population.shaft_diameter_within_patient"],
        starts_terminal=condition.starts_terminal and affected,
        site=site,
        run_in=disease.run_in(population, tables),
        lost_at_once=condition.loses_hair_at_once,
    )
    arm_of = None if assigned is None else dict(zip(population.patient.tolist(), assigned.tolist(), strict=True))

    end = float(grid[-1] + scene.table_step)
    if responses is None:
        network = protocol.network
        responses = [
            arm_response(given, values, condition=condition.network, end=end, network=network) for given in arms
        ]

    def levers(patients: Population) -> list[Levers]:
        of_arm = [levers_of_arm(response, patients, values, seed=scene.seed, grid=grid) for response in responses]
        of_arm = [shocked(arm, given, values, grid) for arm, given in zip(of_arm, arms, strict=True)]
        if arm_of is None:
            return of_arm
        return [own_levers(of_arm, np.array([arm_of[p] for p in patients.patient.tolist()], dtype=np.int64))]

    def diseased(patients: Population) -> list[Levers]:
        return [disease.levers(given, patients, tables) for given in levers(patients)]

    seed, threads = scene.seed, scene.threads
    sums = hair_sums(target, diseased, scene.process, reading, seed=seed, grid=tables, threads=threads)
    sums = with_grafts(
        sums,
        target,
        scene.spec,
        values,
        arms,
        levers,
        reading,
        assigned=assigned,
        seed=seed,
        grid=grid,
        threads=threads,
    )
    bare: FloatArray | None = None
    if condition.patches is not None and any(endpoint.whole_scalp for endpoint in protocol.endpoints):
        bare = bare_scalp(
            population, levers, disease, scene.process, reading, values, seed=seed, grid=tables, threads=threads
        )
    shifts = np.stack([arm_shift(prescriptions, values, reading.visits) for prescriptions in arms])
    shift_of_twin = (
        [np.broadcast_to(shift, (len(population), len(weeks))) for shift in shifts]
        if assigned is None
        else [shifts[assigned]]
    )
    hopes = np.stack([arm_expectation(prescriptions, values, reading.visits) for prescriptions in arms])
    hopes = hopes[:, None, :] if assigned is None else hopes[assigned][None]
    scalp_area = values["measurement.scalp_area"]

    def hairs(twin: int, detected: bool) -> Hairs:
        own = None if bare is None else bare[:, twin]
        return Hairs.from_sums(sums[:, twin], area=area, scalp_area=scalp_area, detected=detected, bare=own)

    return [
        read(
            population,
            hairs(twin, False),
            hairs(twin, True),
            protocol.endpoints,
            protocol.method,
            values,
            shift=shift,
            visits=reading.visits,
            seed=scene.seed,
            site=site,
            offset_sd=values["measurement.study_offset"] if study_offset and not protocol.method.collects else 0.0,
            study=address_of(protocol.study.study),
            expectation=np.broadcast_to(hopes[twin], shift.shape),
        )
        for twin, shift in enumerate(shift_of_twin)
    ]


def own_levers(of_arm: Sequence[Levers], assigned: IntArray) -> Levers:
    """Each patient's row from the levers of its own arm."""
    rows = np.arange(len(assigned))

    def pick(arrays: list[FloatArray]) -> FloatArray:
        return np.stack(arrays)[assigned, rows]

    return Levers(
        androgen_drive=pick([arm.androgen_drive for arm in of_arm]),
        anagen_brake=pick([arm.anagen_brake for arm in of_arm]),
        resting_clock=pick([arm.resting_clock for arm in of_arm]),
        calibre_boost=pick([arm.calibre_boost for arm in of_arm]),
        attack=pick([arm.attack for arm in of_arm]),
        attack_factor=pick([arm.attack_factor for arm in of_arm]),
    )


def arm_shift(prescriptions: Sequence[Prescription], values: Mapping[str, float], visits: FloatArray) -> FloatArray:
    """Shift of counts at each visit [hairs/cm2]: each route counts once, however many therapies use it."""
    readings = dict.fromkeys(p.route.reading for p in prescriptions if p.route.reading is not None)
    return reading_shift([values[name] for name in readings], visits, values["reading.rise"])
