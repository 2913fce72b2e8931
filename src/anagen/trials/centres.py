"""Centres of a trial, and what is counted more because it is expected: shifts of measured densities of hairs.

    measured = value + b_centre + (c_centre + e_centre + placebo response of the arm * rise) after baseline

b, c and e are normal with the stated standard deviations, drawn anew for every trial; e belongs to arms that are
compared with a control. Patients are screened before that is added.
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.streams import TRIAL_LEVEL, Purpose, normals, uniforms
from anagen.patients import Population
from anagen.scalp import Readings
from anagen.study.conduct import Centres
from anagen.study.conduct_rules import COUNTED
from anagen.trials.observation import Scene

LEVEL, EFFECT, CHANGE = 0, 1, 2


def centre_of(population: Population, centres: Centres, *, seed: int) -> IntArray:
    """Centre that recruited each patient, at random by their sizes.

    Parameters
    ----------
    population : Population
        Patients.
    centres : Centres
        Of the study.
    seed : int
        Key of the draws.

    Returns
    -------
    IntArray, shape (n_patients,)
        From 0.
    """
    sizes = np.ones(centres.number) if centres.sizes == "equal" else np.asarray(centres.sizes, dtype=np.float64)
    ends = np.cumsum(sizes) / sizes.sum()
    u = uniforms(seed, Purpose.CENTRE, patient=population.patient, replicate=population.replicate)
    return np.minimum(np.searchsorted(ends, u, side="right"), centres.number - 1)


def centre_effects(population: Population, centre: IntArray, sd: float, which: int, *, seed: int) -> FloatArray:
    """Random effect of each patient's centre.

    Parameters
    ----------
    population : Population
        Patients.
    centre : IntArray, shape (n_patients,)
        Centre of each.
    sd : float
        Standard deviation between centres.
    which : int
        LEVEL, EFFECT or CHANGE.
    seed : int
        Key of the draws.

    Returns
    -------
    FloatArray, shape (n_patients,)
        In the unit of the deviation.
    """
    return sd * normals(
        seed, Purpose.CENTRE, patient=TRIAL_LEVEL, item=centre, index=which, replicate=population.replicate
    )


def moved(scene: Scene, population: Population, arm: IntArray, readings: Readings, *, centres: bool = True) -> Readings:
    """Readings with what centres and a stated placebo response add; the same where the study states neither.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    arm : IntArray, shape (n_patients,)
        Arm under which each was followed.
    readings : Readings
        Of these patients.
    centres : bool
        False leaves out the centres, whose effects are zero on average.

    Returns
    -------
    Readings
        Of the same patients.
    """
    plan, design = scene.protocol, scene.protocol.study.design
    columns = [i for i, endpoint in enumerate(plan.endpoints) if endpoint.unit == COUNTED]
    if (design.centres is None and not design.placebo_response) or not columns:
        return readings
    expected, measured = readings.expected.copy(), readings.measured.copy()
    after = plan.weeks > 0.0
    if design.placebo_response:
        shifts = np.array(
            [design.placebo_response[name].value if name in design.placebo_response else 0.0 for name in plan.arms]
        )
        rise = -np.expm1(-plan.weeks * DAYS_PER_WEEK / scene.values["reading.rise"])
        shift = (shifts[arm][:, None] * rise)[:, :, None]
        expected[:, :, columns] += shift
        measured[:, :, columns] += shift
    if design.centres is not None and centres:
        rule = design.centres
        centre = centre_of(population, rule, seed=scene.seed)
        level = centre_effects(population, centre, rule.sd.value, LEVEL, seed=scene.seed)
        shift = np.repeat(level[:, None], len(plan.weeks), axis=1)
        if rule.change_sd is not None:
            change = centre_effects(population, centre, rule.change_sd.value, CHANGE, seed=scene.seed)
            shift += change[:, None] * after
        if rule.effect_sd is not None:
            effect = centre_effects(population, centre, rule.effect_sd.value, EFFECT, seed=scene.seed)
            tested = np.array([not entry.control for entry in plan.study.arms])[arm]
            shift += np.where(tested, effect, 0.0)[:, None] * after
        measured[:, :, columns] += shift[:, :, None]
    return Readings(readings.true, np.maximum(expected, 0.0), np.maximum(measured, 0.0))
