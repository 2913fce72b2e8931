"""Transplantation in a trial: from the therapies of an arm to grafts in the target area and the donor's account."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.delivery import Prescription
from anagen.follicles import N_CLASSES, TargetArea
from anagen.follicles.grafts import Planting
from anagen.follicles.harvest import Account, accounts
from anagen.patients import CONDITIONS, Population, PopulationSpec
from anagen.patients.condition import hold_on_zone
from anagen.patients.sampling import sensitivity_classes
from anagen.signalling import Levers

DONOR_ZONE = "occipital"


def surgery_of(prescriptions: Sequence[Prescription]) -> Prescription | None:
    """The transplantation of an arm, or None; one that plants nothing is none."""
    return next((p for p in prescriptions if p.therapy.moves_follicles and np.any(p.doses.amounts > 0.0)), None)


def accounts_of(
    surgery: Prescription, population: Population, values: Mapping[str, float], *, seed: int
) -> tuple[Account, ...]:
    """Account of every session in whole follicles; a dose is the number of units planted per cm2."""
    return accounts(
        population,
        values,
        densities=surgery.doses.amounts,
        area=surgery.setting("recipient_area", values),
        harvest=str(surgery.formulation),
        seed=seed,
    )


def shocked(
    levers: Levers, prescriptions: Sequence[Prescription], values: Mapping[str, float], grid: FloatArray
) -> Levers:
    """Levers of native follicles with the shock of surgery: a step of the hazard, H = -ln(1 - share lost)."""
    surgery = surgery_of(prescriptions)
    share = 0.0 if surgery is None else surgery.setting("shock_loss", values)
    if surgery is None or share == 0.0:
        return levers
    step = float(grid[1] - grid[0])
    attack = levers.immune_attack.copy()
    for day in surgery.doses.days[surgery.doses.amounts > 0.0].tolist():
        point = math.floor((day - float(grid[0])) / step)
        if point < len(grid):
            attack[:, point] -= math.log1p(-share) / step
    return replace(levers, immune_attack=attack)


def donor_target(target: TargetArea, spec: PopulationSpec, values: Mapping[str, float]) -> TargetArea:
    """Follicles of the donor area of the same patients: spared by the condition, and so they stay (donor dominance)."""
    people = target.population
    _, slower = hold_on_zone(CONDITIONS[spec.condition], spec.zone, people.sex, values)
    spared = replace(people, sensitivity=np.ones(len(people)), growth_rate=people.growth_rate / slower)
    return replace(
        target,
        population=spared,
        sensitivity=sensitivity_classes(replace(spec, zone=DONOR_ZONE), spared, values, N_CLASSES),
        starts_terminal=False,
    )


def plantings_of(
    arms: Sequence[Sequence[Prescription]],
    population: Population,
    values: Mapping[str, float],
    *,
    area: float,
    seed: int,
) -> list[Planting]:
    """Growing follicles that every session of every arm puts into the target area; every patient has a twin in each.

    Parameters
    ----------
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    area : float
        Target area [cm2].
    seed : int
        Key of the draws.

    Returns
    -------
    list[Planting]
        Nothing where no arm is operated on.
    """
    plantings: list[Planting] = []
    for number, prescriptions in enumerate(arms):
        surgery = surgery_of(prescriptions)
        if surgery is None:
            continue
        inside = min(1.0, area / surgery.setting("recipient_area", values))
        sessions = accounts_of(surgery, population, values, seed=seed)
        for session, (day, account) in enumerate(zip(surgery.doses.days.tolist(), sessions, strict=True)):
            counts = np.zeros((len(population), len(arms)), dtype=np.int64)
            counts[:, number] = np.rint(account.grown * inside).astype(np.int64)
            plantings.append(Planting(day, session, counts))
    return plantings


def graft_columns(
    prescriptions: Sequence[Prescription], population: Population, values: Mapping[str, float], *, seed: int
) -> dict[str, IntArray]:
    """Columns of the table of patients: units moved, follicles that grow, units that may still be taken; none without
    surgery.
    """
    surgery = surgery_of(prescriptions)
    if surgery is None:
        return {}
    sessions = accounts_of(surgery, population, values, seed=seed)
    return {
        "graft_units_moved": np.sum([account.units for account in sessions], axis=0),
        "graft_follicles_grown": np.sum([account.grown for account in sessions], axis=0),
        "graft_units_left": sessions[-1].units_left,
    }
