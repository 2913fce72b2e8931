"""Exposure -> levers over time, for every patient of an arm.

Until the network of named nodes takes its place, each action is a saturating occupancy followed with one time constant
up
and another down. Its parameters are hand-set.

    occupancy = E / (E + half)        goal = maximum * response * occupancy        dL/dt = (goal - L) / tau(rise or
    fall)

Effects on the anagen clock, the resting clock and the calibre target add up; those on androgen drive multiply as
a = product of (1 - effect), so that two drugs never remove more than all of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, normals
from anagen.delivery import Prescription
from anagen.delivery.kinetics import remaining
from anagen.exosomes import relative_potency
from anagen.patients import Population
from anagen.therapies import Action

FINE_PER_DAY = 8
"""Points a day on which occupancy is followed."""
GREATEST_ANDROGEN_EFFECT = 0.98
"""Androgen drive never falls to zero: bounds the product of a greatest effect and a strong response."""


@dataclass(frozen=True, slots=True)
class Levers:
    """Levers of each patient on a time grid, shape [patient, grid point]; each value holds to the next point.

    androgen_drive: 1 = untreated. anagen_brake: the anagen clock runs at exp(-value). resting_clock: the telogen and
    kenogen clock runs at exp(value). calibre_boost: added to the calibre target. attack: hazard of a premature end of
    anagen [1/day]. attack_factor: what therapies leave of the condition's own hazard, 1 = untreated.
    """

    androgen_drive: FloatArray
    anagen_brake: FloatArray
    resting_clock: FloatArray
    calibre_boost: FloatArray
    attack: FloatArray
    attack_factor: FloatArray

    @classmethod
    def untreated(cls, n_patients: int, n_points: int) -> Levers:
        """Levers where nothing is given."""
        shape = (n_patients, n_points)
        return cls(np.ones(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape), np.ones(shape))


@compiled
def mean_effect(
    exposure: FloatArray,
    scale: FloatArray,
    greatest: FloatArray,
    half: float,
    rise: float,
    fall: float,
    fine: float,
    ratio: int,
) -> FloatArray:
    """Effect of each patient averaged between grid points, for an exposure on a finer grid.

    occupancy = E / (E + half), goal = greatest * occupancy, dL/dt = (goal - L) / tau with tau = rise while the goal
    lies further from zero than L and fall while it lies nearer; L starts at 0 and each fine interval is solved exactly.

    Args:
        exposure: unit exposure on the fine grid [fine]; scale: factor on it [patient]; greatest: effect at saturation
        [patient]; half: exposure at half of it; rise, fall: time constants [day]; fine: spacing [day]; ratio: fine
        intervals per grid interval.

    Returns:
        Mean effect, shape [patient, fine // ratio].
    """
    n_points = exposure.shape[0] // ratio
    effect = np.zeros((scale.shape[0], n_points))
    up, down = math.exp(-fine / rise), math.exp(-fine / fall)
    mean_up, mean_down = (1.0 - up) * rise / fine, (1.0 - down) * fall / fine
    for i in range(scale.shape[0]):
        level = 0.0
        for j in range(n_points):
            total = 0.0
            for k in range(j * ratio, (j + 1) * ratio):
                dose = scale[i] * exposure[k]
                goal = greatest[i] * dose / (dose + half)
                gap = level - goal
                if abs(goal) > abs(level):
                    total += goal + gap * mean_up
                    level = goal + gap * up
                else:
                    total += goal + gap * mean_down
                    level = goal + gap * down
            effect[i, j] = total / ratio
    return effect


def log_normal_factor(z: FloatArray, cv: float) -> FloatArray:
    """Log-normal factor of mean 1 and coefficient of variation `cv`."""
    sigma2 = math.log1p(cv * cv)
    return np.exp(math.sqrt(sigma2) * z - 0.5 * sigma2)


def exposure_scale(
    prescription: Prescription, population: Population, values: Mapping[str, float], seed: int
) -> FloatArray:
    """Factor on exposure of each patient: doses taken, product potency, batch, and activation of a prodrug."""
    therapy = prescription.therapy
    scale = np.ones(len(population))
    if prescription.regimen.daily and (prescription.adherence_mean < 1.0 or prescription.adherence_sd > 0.0):
        z = normals(
            seed,
            Purpose.ADHERENCE,
            patient=population.patient,
            item=address_of(therapy.name),
            replicate=population.replicate,
        )
        scale = scale * np.clip(prescription.adherence_mean + prescription.adherence_sd * z, 0.0, 1.0)
    if prescription.product is not None and prescription.reference is not None:
        scale = scale * relative_potency(prescription.product, prescription.reference, values)
    if therapy.batch is not None:
        z = normals(
            seed, Purpose.BATCH, patient=TRIAL_LEVEL, item=address_of(therapy.name), replicate=population.replicate
        )
        scale = scale * log_normal_factor(z, values[therapy.batch])
    if therapy.activation is not None:
        scale = scale * np.asarray(getattr(population, therapy.activation), dtype=np.float64)
    return scale


def levers_of_arm(
    prescriptions: Sequence[Prescription],
    population: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    grid: FloatArray,
) -> Levers:
    """Levers of every patient under everything that an arm is given.

    Args:
        prescriptions: therapies of the arm; none at all is the natural course.
        population: patients. values: parameter values. seed: key of the draws.
        grid: evenly spaced times [day].

    Returns:
        Levers, shape [patient, grid point]. An exposure of zero leaves every lever exactly where the route alone puts
        it.
    """
    levers = Levers.untreated(len(population), len(grid))
    fine = fine_grid(grid)
    everybody = np.ones(len(population))
    for route in dict.fromkeys(prescription.route for prescription in prescriptions):
        if route.actions and route.act_half_life is not None:
            # whatever is given through one needle on one day, the skin is pierced once
            days = np.unique(np.concatenate([p.regimen.days for p in prescriptions if p.route is route]))
            act = remaining(days, np.ones_like(days), fine, values[route.act_half_life])
            apply(levers, route.actions, act, everybody, everybody, values, grid)
    for prescription in prescriptions:
        therapy, route, regimen = prescription.therapy, prescription.route, prescription.regimen
        if not therapy.actions:
            continue
        exposure = route.exposure(regimen.days, regimen.amounts, fine, values[therapy.half_life[route.name]])
        response = everybody
        if therapy.response is not None:
            z = normals(
                seed,
                Purpose.THERAPY_RESPONSE,
                patient=population.patient,
                item=address_of(therapy.name),
                replicate=population.replicate,
            )
            response = log_normal_factor(z, values[therapy.response])
        scale = exposure_scale(prescription, population, values, seed)
        apply(levers, therapy.actions, exposure, scale, response, values, grid)
    return levers


def fine_grid(grid: FloatArray) -> FloatArray:
    """Grid on which occupancy is followed: FINE_PER_DAY points a day whatever the spacing of the tables.

    Half-lives can be shorter than a day and occupancy is not linear, so levers must not depend on the tables' spacing.

    Raises:
        ValueError: where the tables' spacing is no multiple of the fine spacing.
    """
    ratio = float(grid[1] - grid[0]) * FINE_PER_DAY
    if abs(ratio - round(ratio)) > 1e-9 or round(ratio) < 1:
        raise ValueError(f"the spacing of the tables must be a multiple of 1/{FINE_PER_DAY} day")
    return np.asarray(grid[0] + np.arange(len(grid) * round(ratio)) / FINE_PER_DAY, dtype=np.float64)


def apply(
    levers: Levers,
    moved: Sequence[Action],
    exposure: FloatArray,
    scale: FloatArray,
    response: FloatArray,
    values: Mapping[str, float],
    grid: FloatArray,
) -> None:
    """Add the effects of actions to levers, in place; `exposure` is on the fine grid."""
    ratio = len(exposure) // len(grid)
    for action in moved:
        effect = mean_effect(
            exposure,
            scale,
            values[action.maximum] * response,
            values[action.half],
            values[action.rise],
            values[action.fall],
            1.0 / FINE_PER_DAY,
            ratio,
        )
        if action.lever == "androgen_drive":
            np.multiply(
                levers.androgen_drive, 1.0 - np.minimum(effect, GREATEST_ANDROGEN_EFFECT), out=levers.androgen_drive
            )
        elif action.lever == "anagen_brake":
            np.add(levers.anagen_brake, effect, out=levers.anagen_brake)
        elif action.lever == "resting_clock":
            np.add(levers.resting_clock, effect, out=levers.resting_clock)
        else:
            np.add(levers.calibre_boost, effect, out=levers.calibre_boost)
