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
from anagen.follicles.states import States, joined
from anagen.patients import Population, sample_population
from anagen.scalp import ENDPOINTS, Readings
from anagen.trials.observation import Scene, begun_states, observe

LEAST_ADMITTED = 0.005
"""Share of candidates below which screening gives up: the criteria then describe hardly anybody."""
SPARE = 4
"""Candidates looked at beyond those expected to be needed, so that few trials need another round."""
MOST_FOLLICLES = 400_000
"""Follicles looked at at once, 200 bytes each; beyond twice that many the states of a screening are not kept."""
FEWEST_AT_ONCE = 32
DENSE = 250.0
"""Follicles per cm2 with which the candidates looked at at once are counted."""
ROUNDING = 9
"""Decimals to which a true severity is compared with the ends of a range."""


@dataclass(frozen=True, slots=True)
class Screened:
    """Who was admitted to each trial, and why others were not.

    Attributes
    ----------
    population : Population
        Patients admitted, ordered by trial and number.
    screened : tuple[int, ...]
        Candidates of each trial, up to the last who was admitted.
    excluded : tuple[Mapping[str, int], ...]
        For each trial, reason -> number.
    states : States or None
        Of the admitted patients' follicles where the tables start; None where nobody had to be measured.
    """

    population: Population
    screened: tuple[int, ...]
    excluded: tuple[Mapping[str, int], ...]
    states: States | None


def screen(scene: Scene, *, n_patients: int, replicate: int | IntArray, area: float) -> Screened:
    """Screen candidates 0, 1, 2, ... of each trial until `n_patients` are admitted.

    Whom a trial admits does not depend on the trials that are screened with it, nor on how many are looked at at once.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    n_patients : int
        Patients to admit to each trial.
    replicate : int or IntArray, shape (n_trials,)
        Number of the trial, or of each, increasing.
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
    replicates = np.atleast_1d(np.asarray(replicate, dtype=np.int64))
    n_trials = len(replicates)
    if not scene.protocol.study.population.inclusion and not severity_ranges(graded):
        numbers = np.tile(np.arange(n_patients), n_trials)
        everybody = candidates(scene, numbers, np.repeat(replicates, n_patients))
        nobody: Mapping[str, int] = {}
        return Screened(everybody, (n_patients,) * n_trials, (nobody,) * n_trials, None)
    admitted = np.zeros(n_trials, dtype=np.int64)
    seen = np.zeros(n_trials, dtype=np.int64)
    excluded: list[dict[str, int]] = [dict[str, int]() for _ in range(n_trials)]
    people: list[Population] = []
    kept: list[States] | None = []
    states: States | None = None
    at_once = max(int(MOST_FOLLICLES / max(DENSE * area, 1.0)), FEWEST_AT_ONCE)
    while (admitted < n_patients).any():
        numbers, trials = _next_candidates(n_patients - admitted, admitted, seen, at_once)
        population = candidates(scene, numbers, replicates[trials])
        states = begun_states(graded, population, area=area, site=first_site(graded), behind=states)
        readings = baseline_of(graded, population, area, states)
        eligible, reasons = judge(readings.measured[:, 0], graded)
        eligible, outside = judge_severity(readings.true[:, 0], eligible, graded)
        taken: list[IntArray] = []
        for trial in range(n_trials):
            rows = np.flatnonzero(trials == trial)
            if not len(rows):
                continue
            needed = n_patients - int(admitted[trial])
            chosen = rows[eligible[rows]][:needed]
            looked_at = rows if len(chosen) < needed else rows[: int(chosen[-1] - rows[0]) + 1]
            of_trial = excluded[trial]
            for reason, failed in (reasons | outside).items():
                of_trial[reason] = of_trial.get(reason, 0) + int(failed[looked_at].sum())
            taken.append(chosen)
            admitted[trial] += len(chosen)
            seen[trial] += len(looked_at)
            if seen[trial] > max(2000, n_patients) and admitted[trial] / seen[trial] < LEAST_ADMITTED:
                raise InputError(nobody_fits(graded, int(admitted[trial]), int(seen[trial]), readings))
        rows = np.concatenate(taken)
        people.append(population.take(rows))
        if kept is not None:
            kept.append(states.of(rows))
        if states.places > 2 * MOST_FOLLICLES:
            kept = states = None
    everybody = Population.joined(people)
    order = np.lexsort((everybody.patient, everybody.replicate))
    return Screened(
        everybody.take(order),
        tuple(seen.tolist()),
        tuple({reason: number for reason, number in of_trial.items() if number} for of_trial in excluded),
        None if kept is None else joined(kept).of(order),
    )


def _next_candidates(needed: IntArray, admitted: IntArray, seen: IntArray, at_once: int) -> tuple[IntArray, IntArray]:
    """Numbers and trials of the candidates to look at next: as many as are missing, at the rate of those before."""
    rate = np.maximum(np.where(seen > 0, admitted / np.maximum(seen, 1), 1.0), LEAST_ADMITTED)
    margin = np.where(seen > 0, 1.1, 1.0)
    counts = np.where(needed > 0, np.ceil(needed / rate * margin).astype(np.int64) + SPARE, 0)
    counts = np.minimum(counts, max(at_once // int((needed > 0).sum()), 1))
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(seen, counts) + np.arange(int(counts.sum())) - first, np.repeat(np.arange(len(counts)), counts)


def candidates(scene: Scene, patients: IntArray, replicate: int | IntArray) -> Population:
    """Covariates of numbered candidates, of one trial or each of its own."""
    return sample_population(
        scene.spec, scene.values, seed=scene.seed, patients=np.asarray(patients, dtype=np.int64), replicate=replicate
    )


def first_site(scene: Scene) -> int:
    """Number of the target area that is screened: in a split-scalp trial the first side."""
    return 1 if scene.protocol.split_scalp else 0


def baseline_of(scene: Scene, population: Population, area: float, states: States | None = None) -> Readings:
    """Readings at week 0, shape [patient, 1, endpoint]; in a split-scalp trial those of the first side."""
    site = first_site(scene)
    return observe(scene, population, [()], weeks=np.zeros(1), area=area, site=site, states=states)[0]


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
