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
PILOT_REPLICATE = 2**32 - 3
"""Number of the pseudo-trial whose patients set the scale; no replicate of a study can have it."""
ROUNDS = 12
PILOT_AREA = 1.0


def matched_population(scene: Scene) -> PopulationSpec:
    """The population with its follicle density scaled to the study's published baseline, if it gives one.

    Counts are proportional to follicle density, so a pilot of patients is measured once and its counts are rescaled
    until mean (and, where printed, standard deviation) of those who would be admitted agree with the publication.

    Raises:
        InputError: where inclusion criteria and published baseline contradict each other.
    """
    wanted = scene.protocol.study.population.baseline
    if not wanted:
        return scene.spec
    (name, target), *_ = wanted.items()
    pilot = candidates(scene, np.arange(PILOT_PATIENTS), PILOT_REPLICATE)
    column = [endpoint.name for endpoint in scene.protocol.endpoints].index(name)
    measured = baseline_readings(scene, pilot, PILOT_AREA)
    log_density = np.log(pilot.follicle_density)
    deviation = log_density - log_density.mean()
    spread = float(deviation.std())
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
    sigma = spread * stretch
    cv = float(np.sqrt(np.expm1(sigma**2))) if target.sd is not None else None
    return replace(scene.spec, density_scale=float(scale * mean_correction(spread, sigma)), density_cv=cv)


def mean_correction(spread: float, sigma: float) -> float:
    """Turns a scale around the geometric mean into one around the mean, which is what the population keeps fixed."""
    return float(np.exp(0.5 * (sigma**2 - spread**2)))


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
        message=f"hardly anybody with a mean {name} of {mean:g} fulfils the inclusion criteria",
        suggestion="check population.inclusion against population.baseline",
    )
