"""A published baseline, matched: follicle density is scaled until admitted patients measure what the paper reports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.patients import PopulationSpec
from anagen.trials.observation import Scene
from anagen.trials.screening import baseline_readings, candidates, judge

PILOT_PATIENTS = 160
PILOT_CV = 0.3
"""Coefficient of variation of follicle density in a pilot whose spread is matched; only its deviates matter."""
PILOT_REPLICATE = 2**32 - 3
"""Number of the pseudo-trial whose patients set the scale; no replicate of a study can have it."""
ROUNDS = 12
PILOT_AREA = 1.0


def matched_population(scene: Scene) -> PopulationSpec:
    """The population with its follicle density scaled to the study's published baseline, if it gives one.

    Counts are proportional to follicle density, so a pilot of patients is measured once and its counts are rescaled
    until mean (and, where printed, standard deviation) of those who would be admitted agree with the publication.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.

    Returns
    -------
    PopulationSpec
        The population with its density scaled, or as it is where no baseline was published.

    Raises
    ------
    InputError
        Where inclusion criteria and published baseline contradict each other.
    """
    wanted = scene.protocol.study.population.baseline
    if not wanted:
        return scene.spec
    (name, target), *_ = wanted.items()
    numbers = np.arange(PILOT_PATIENTS)
    # two raters of a pilot would lend their bias to every trial
    quiet = replace(scene, values={**scene.values, "measurement.rater_error": 0.0})
    start = quiet if target.sd is None else replace(quiet, spec=scene.spec.matched(1.0, PILOT_CV))
    pilot = candidates(start, numbers, PILOT_REPLICATE)
    column = [endpoint.name for endpoint in scene.protocol.endpoints].index(name)
    measured = baseline_readings(start, pilot, PILOT_AREA)
    spread = float(np.sqrt(np.log1p(PILOT_CV**2)))
    # how far each patient's log density lies from the median of their kind: known exactly, not from the pilot's mean
    kind = candidates(replace(scene, spec=scene.spec.matched(1.0, 0.0)), numbers, PILOT_REPLICATE)
    deviation = np.log(pilot.follicle_density / kind.follicle_density) + 0.5 * spread**2
    scale, stretch = 1.0, 1.0
    for _ in range(ROUNDS):
        factor = scale * np.exp((stretch - 1.0) * deviation)
        rescaled = scaled(measured, factor, scene)
        eligible, _reasons = judge(rescaled, scene)
        if eligible.sum() < 20:
            raise InputError([contradiction(name, target.mean)])
        value = rescaled[eligible, column]
        scale *= target.mean / float(value.mean())
        if target.sd is not None:
            stretch = float(np.clip(stretch * (target.sd / float(value.std(ddof=1))) ** 0.7, 0.02, 4.0))
    if target.sd is None:
        return scene.spec.matched(float(scale), None)
    sigma = spread * stretch
    # from a scale around the median to one around the mean, which is what the population keeps fixed
    return scene.spec.matched(float(scale * np.exp(0.5 * (sigma**2 - spread**2))), float(np.sqrt(np.expm1(sigma**2))))


def scaled(measured: FloatArray, factor: FloatArray, scene: Scene) -> FloatArray:
    """Readings with follicle density multiplied by `factor` [patient]: counts scale, means and shares do not."""
    powers = np.array([endpoint.count_power for endpoint in scene.protocol.endpoints])
    return measured * factor[:, None] ** powers[None, :]


def contradiction(name: str, mean: float) -> Problem:
    """The message where nobody with the published baseline would be admitted."""
    return Problem(
        file=None,
        line=None,
        column=None,
        field=f"population.baseline.{name}",
        message=(
            f"hardly anybody with a mean {name} of {mean:g} fulfils the inclusion criteria; "
            "check population.inclusion against it"
        ),
    )
