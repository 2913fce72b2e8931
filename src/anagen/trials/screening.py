"""Who gets in: candidates are measured at baseline and admitted on what was measured.

Selecting on a noisy measurement brings regression to the mean by itself; nothing is added for it. A range of severity
that the study states holds for the true value: patches that are about to heal, or where a hair was left, can put a
candidate outside it, who is then not admitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.errors import InputError, Problem
from anagen.patients import Population, sample_population
from anagen.scalp import ENDPOINTS, Readings
from anagen.trials.observation import Scene, observe

LEAST_ADMITTED = 0.005
"""Share of candidates below which screening gives up: the criteria then describe hardly anybody."""
MOST_CANDIDATES_AT_ONCE = 20_000
ROUNDING = 9
"""Decimals to which a true severity is compared with the ends of a range."""


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
        Where fewer than one candidate in 200 fulfils the criteria, or has a severity inside the stated range.
    """
    graded = with_severity(scene)
    if not scene.protocol.study.population.inclusion and not severity_ranges(graded):
        return Screened(candidates(scene, np.arange(n_patients), replicate), n_patients, {})
    admitted: list[IntArray] = []
    excluded: dict[str, int] = {}
    seen = n_admitted = 0
    while n_admitted < n_patients:
        rate = max(n_admitted / seen, LEAST_ADMITTED) if seen else 0.6
        batch = np.arange(seen, seen + min(MOST_CANDIDATES_AT_ONCE, int((n_patients - n_admitted) / rate * 1.1) + 8))
        population = candidates(scene, batch, replicate)
        readings = baseline_of(graded, population, area)
        eligible, reasons = judge(readings.measured[:, 0], graded)
        eligible, outside = judge_severity(readings.true[:, 0], eligible, graded)
        reasons |= outside
        rows = np.flatnonzero(eligible)
        needed = n_patients - n_admitted
        last = len(batch) if len(rows) < needed else int(rows[needed - 1]) + 1
        for reason, failed in reasons.items():
            excluded[reason] = excluded.get(reason, 0) + int(failed[:last].sum())
        admitted.append(batch[rows[:needed]])
        n_admitted += min(len(rows), needed)
        seen += last
        if seen > max(2000, n_patients) and n_admitted / seen < LEAST_ADMITTED:
            raise InputError(nobody_fits(graded, n_admitted, seen, readings))
    return Screened(
        candidates(scene, np.concatenate(admitted), replicate), seen, {k: v for k, v in excluded.items() if v}
    )


def candidates(scene: Scene, patients: IntArray, replicate: int) -> Population:
    """Covariates of numbered candidates."""
    return sample_population(
        scene.spec, scene.values, seed=scene.seed, patients=np.asarray(patients, dtype=np.int64), replicate=replicate
    )


def baseline_of(scene: Scene, population: Population, area: float) -> Readings:
    """Readings at week 0, shape [patient, 1, endpoint]; in a split-scalp trial those of the first side."""
    site = 1 if scene.protocol.split_scalp else 0
    return observe(scene, population, [()], weeks=np.zeros(1), area=area, site=site)[0]


def baseline_readings(scene: Scene, population: Population, area: float) -> FloatArray:
    """Measured endpoints at week 0, shape [patient, endpoint]; in a split-scalp trial those of the first side."""
    return baseline_of(scene, population, area).measured[:, 0]


def severity_ranges(scene: Scene) -> dict[str, tuple[float, float]]:
    """Ranges of severity that the study states, of the scales that are read on the scalp: scale -> ends."""
    return {scale: ends for scale, ends in scene.spec.severity_range.items() if scale in ENDPOINTS}


def with_severity(scene: Scene) -> Scene:
    """The scene with the scales of a stated severity among its endpoints, as the last where they are not yet there."""
    known = scene.protocol.endpoints
    further = tuple(ENDPOINTS[scale] for scale in severity_ranges(scene) if ENDPOINTS[scale] not in known)
    return replace(scene, protocol=replace(scene.protocol, endpoints=(*known, *further))) if further else scene


def judge_severity(true: FloatArray, eligible: BoolArray, scene: Scene) -> tuple[BoolArray, dict[str, BoolArray]]:
    """Who of the eligible has a true severity inside the stated range, and per scale who has not.

    Parameters
    ----------
    true : FloatArray, shape (n_patients, n_endpoints)
        True values at baseline.
    eligible : BoolArray, shape (n_patients,)
        Who fulfils the other criteria.
    scene : Scene
        With the scales among its endpoints.

    Returns
    -------
    tuple[BoolArray, dict[str, BoolArray]]
        Who is admitted, and reason -> who is not.
    """
    names = [endpoint.name for endpoint in scene.protocol.endpoints]
    reasons: dict[str, BoolArray] = {}
    for scale, (low, high) in severity_ranges(scene).items():
        # a share of the scalp is a sum over plots, so that 100 % is met up to rounding
        value = np.round(true[:, names.index(scale)], ROUNDING)
        failed = eligible & ~((value >= low) & (value <= high))
        reasons[f"{ENDPOINTS[scale].title} outside {low:g} to {high:g} {ENDPOINTS[scale].unit}"] = failed
        eligible = eligible & ~failed
    return eligible, reasons


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


def nobody_fits(scene: Scene, n_admitted: int, seen: int, readings: Readings) -> list[Problem]:
    """One message for each section that admits hardly anybody together, with what the population measures."""
    names = [endpoint.name for endpoint in scene.protocol.endpoints]

    def spread(name: str, values: FloatArray) -> str:
        low, high = np.nanquantile(values[:, 0, names.index(name)], [0.05, 0.95])
        return f"{name} of this population lies between {low:.0f} and {high:.0f} {ENDPOINTS[name].unit} (5 to 95 %)"

    inclusion, ranges = scene.protocol.study.population.inclusion, severity_ranges(scene)
    problems: list[Problem] = []
    if inclusion:
        message = (
            f"only {n_admitted} of {seen} candidates fulfil the inclusion criteria; "
            f"{'; '.join(spread(name, readings.measured) for name in inclusion)}; "
            "widen the criteria, or describe a population (severity, ethnicity, zone) that fits them"
        )
        problems.append(Problem(None, None, None, "population.inclusion", message))
    for scale, (low, high) in ranges.items():
        message = (
            f"only {n_admitted} of {seen} candidates have a true {scale} of {low:g} to {high:g} at baseline; "
            f"{spread(scale, readings.true)}, as patches heal or keep a hair; widen the range"
        )
        problems.append(Problem(None, None, None, f"population.severity.{scale}", message))
    return problems
