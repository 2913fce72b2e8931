"""Who gets in: candidates are measured at baseline and admitted on what was measured.

Selecting on a noisy measurement brings regression to the mean by itself; nothing is added for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.errors import InputError, Problem
from anagen.patients import Population, sample_population
from anagen.scalp import ENDPOINTS
from anagen.trials.observation import Scene, observe

LEAST_ADMITTED = 0.005
"""Share of candidates below which screening gives up: the criteria then describe hardly anybody."""
MOST_CANDIDATES_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class Screened:
    """Patients admitted, with the number screened and why the others were not: reason -> number."""

    population: Population
    screened: int
    excluded: Mapping[str, int]


def screen(scene: Scene, *, n_patients: int, replicate: int, area: float) -> Screened:
    """Screen candidates 0, 1, 2, ... of a trial until `n_patients` are admitted.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    n_patients : int
        Patients to admit.
    replicate : int
        Number of the trial.
    area : float
        Target area [cm2].

    Returns
    -------
    Screened
        Who was admitted, and why others were not.

    Raises
    ------
    InputError
        Where fewer than one candidate in 200 fulfils the criteria.
    """
    criteria = scene.protocol.study.population.inclusion
    if not criteria:
        return Screened(candidates(scene, np.arange(n_patients), replicate), n_patients, {})
    admitted: list[IntArray] = []
    excluded: dict[str, int] = {}
    seen = n_admitted = 0
    while n_admitted < n_patients:
        rate = max(n_admitted / seen, LEAST_ADMITTED) if seen else 0.6
        batch = np.arange(seen, seen + min(MOST_CANDIDATES_AT_ONCE, int((n_patients - n_admitted) / rate * 1.1) + 8))
        population = candidates(scene, batch, replicate)
        measured = baseline_readings(scene, population, area)
        eligible, reasons = judge(measured, scene)
        rows = np.flatnonzero(eligible)
        needed = n_patients - n_admitted
        last = len(batch) if len(rows) < needed else int(rows[needed - 1]) + 1
        for reason, failed in reasons.items():
            excluded[reason] = excluded.get(reason, 0) + int(failed[:last].sum())
        admitted.append(batch[rows[:needed]])
        n_admitted += min(len(rows), needed)
        seen += last
        if seen > max(2000, n_patients) and n_admitted / seen < LEAST_ADMITTED:
            raise InputError([nobody_fits(scene, n_admitted, seen, measured)])
    return Screened(
        candidates(scene, np.concatenate(admitted), replicate), seen, {k: v for k, v in excluded.items() if v}
    )


def candidates(scene: Scene, patients: IntArray, replicate: int) -> Population:
    """Covariates of numbered candidates."""
    return sample_population(
        scene.spec, scene.values, seed=scene.seed, patients=np.asarray(patients, dtype=np.int64), replicate=replicate
    )


def baseline_readings(scene: Scene, population: Population, area: float) -> FloatArray:
    """Measured endpoints at week 0, shape [patient, endpoint]; in a split-scalp trial those of the first side."""
    site = 1 if scene.protocol.split_scalp else 0
    return observe(scene, population, [()], weeks=np.zeros(1), area=area, site=site)[0].measured[:, 0]


def judge(measured: FloatArray, scene: Scene) -> tuple[BoolArray, dict[str, BoolArray]]:
    """Who fulfils every criterion, and per reason who fails it first."""
    eligible = np.ones(len(measured), dtype=np.bool_)
    reasons: dict[str, BoolArray] = {}
    names = [endpoint.name for endpoint in scene.protocol.endpoints]
    for name, limits in scene.protocol.study.population.inclusion.items():
        value, title, unit = measured[:, names.index(name)], ENDPOINTS[name].title, ENDPOINTS[name].unit
        if limits.min is not None:
            failed = eligible & ~(value >= limits.min)
            reasons[f"{title} below {limits.min:g} {unit}"] = failed
            eligible = eligible & ~failed
        if limits.max is not None:
            failed = eligible & ~(value <= limits.max)
            reasons[f"{title} above {limits.max:g} {unit}"] = failed
            eligible = eligible & ~failed
    return eligible, reasons


def nobody_fits(scene: Scene, n_admitted: int, seen: int, measured: FloatArray) -> Problem:
    """The message where inclusion admits hardly anybody, with what the population measures."""
    names = [endpoint.name for endpoint in scene.protocol.endpoints]
    parts: list[str] = []
    for name in scene.protocol.study.population.inclusion:
        low, high = np.nanquantile(measured[:, names.index(name)], [0.05, 0.95])
        parts.append(
            f"{name} of this population lies between {low:.0f} and {high:.0f} {ENDPOINTS[name].unit} (5 to 95 %)"
        )
    return Problem(
        file=None,
        line=None,
        column=None,
        field="population.inclusion",
        message=(
            f"only {n_admitted} of {seen} candidates fulfil the inclusion criteria; {'; '.join(parts)}; "
            "widen the criteria, or describe a population (severity, ethnicity, zone) that fits them"
        ),
    )
