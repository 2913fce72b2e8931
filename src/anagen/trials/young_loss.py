"""Whether a population has lost hair for long enough to be as bald as the study's grades say.

Baldness is simulated from its onset up to baseline. A severe grade makes follicles sensitive; it thins hair only as
years go by. So a severe grade with a fresh onset, or in the very young, has hair that nobody would grade so.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.patients import CONDITIONS, Condition, Population, PopulationSpec
from anagen.patients.sampling import ONSET_AGE
from anagen.scalp import ENDPOINTS
from anagen.trials.protocol import Protocol
from anagen.trials.recruited import population_spec

if TYPE_CHECKING:
    from anagen.trials.observation import Scene

PATIENTS = 48
AREA = 0.25
"""Area in which they are looked at [cm2]: a mean over patients needs few follicles of each."""
REPLICATE = 2**32 - 6
"""Number of the pseudo-trial; no replicate of a study can have it."""
LEAST_LOSS = 0.1
"""Share of the hair that the grades usually lose, below which they cannot be told from a full head."""
LEAST_SHARE = 2 / 3
"""Share of that loss which must have happened by baseline; assumption: with less, another grade would be given."""
ENOUGH = 0.9
"""Share of the usual years at which nobody need be simulated: most is lost in the first of them."""
READ = "total_density"


@dataclass(frozen=True, slots=True)
class YoungLoss:
    """A population whose baldness is younger than its severity.

    Attributes
    ----------
    years : float
        Median years since onset at baseline.
    usual : float
        Median years that such grades usually take.
    density : float
        Mean total hair density at baseline [hairs/cm2].
    usual_density : float
        The same after the usual years [hairs/cm2].
    full_density : float
        The same at onset [hairs/cm2].
    """

    years: float
    usual: float
    density: float
    usual_density: float
    full_density: float


def severity_notes(plan: Protocol, values: Mapping[str, float], *, seed: int) -> tuple[str, ...]:
    """What a study states of severity and its patients do not have yet, in a sentence, and what to set.

    Parameters
    ----------
    plan : Protocol
        The study.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    tuple of str
        Empty where there is nothing to say.
    """
    spec = population_spec(plan.study)
    if share_of_usual_years(spec, CONDITIONS[spec.condition], values) >= ENOUGH:
        return ()
    # a description of a study that has lost hair for long enough needs no kernel
    from anagen.trials.observation import Scene

    scene = Scene(plan, spec, values, seed)
    found = young_loss(scene)
    if found is None:
        return ()
    condition = CONDITIONS[scene.spec.condition]
    grades = ", ".join(grade for grades in scene.spec.severity.values() for grade in grades)
    oldest = condition.earliest_age + found.usual
    return (
        f"The severity stated ({grades}) is not there at baseline: a median of {found.years:.2g} years after its "
        f"onset these patients have {found.density:.0f} hairs/cm2 on average, and after the {found.usual:.2g} "
        f"years that are usual for it they have {found.usual_density:.0f} ({found.full_density:.0f} before any loss). "
        f"Set population.years_since_onset to a mean of about {found.usual:.2g} with population.age from "
        f"{oldest:.0f} years on, as nobody begins before {condition.earliest_age:g}; or milder grades.",
    )


def young_loss(scene: Scene) -> YoungLoss | None:
    """What patients have at baseline, where that is not what their grades usually look like.

    Parameters
    ----------
    scene : Scene
        A study under parameter values.

    Returns
    -------
    YoungLoss or None
        None where at least LEAST_SHARE of the usual loss has happened, where the grades lose next to nothing, where no
        grades are stated, where a published baseline is matched, and where years make no difference.
    """
    spec = scene.spec
    condition = CONDITIONS[spec.condition]
    if not spec.severity or scene.protocol.study.population.baseline:
        return None
    if condition.extents or spec.zone not in condition.affected_zones:
        return None
    from anagen.trials.screening import candidates

    people = candidates(scene, np.arange(PATIENTS), REPLICATE)
    usual = usual_years(people, scene)
    density = _density(scene, people)
    full = _density(scene, replace(people, years_since_onset=np.full(PATIENTS, condition.least_years)))
    lost = full - _density(scene, replace(people, years_since_onset=np.maximum(people.years_since_onset, usual)))
    if lost < LEAST_LOSS * full or full - density >= LEAST_SHARE * lost:
        return None
    years = float(np.median(people.years_since_onset))
    return YoungLoss(years, float(np.median(usual)), density, full - lost, full)


def share_of_usual_years(spec: PopulationSpec, condition: Condition, values: Mapping[str, float]) -> float:
    """Years since onset at the means of a population over those that its severest grade usually has.

    Parameters
    ----------
    spec : PopulationSpec
        From whom patients are drawn.
    condition : Condition
        Their condition.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    float
        Infinite where the condition has no grades that take years.
    """
    if condition.extents or not spec.severity or spec.zone not in condition.affected_zones:
        return math.inf
    steps = max(condition.severity_steps[scale][grade] for scale, grades in spec.severity.items() for grade in grades)
    if spec.years_since_onset is not None:
        usual = values[condition.onset_years] * math.exp(values["population.severity_on_onset"] * steps)
        return spec.years_since_onset.mean / usual
    if condition.onset_on_age is None:
        return math.inf
    since = max(spec.age.mean - condition.earliest_age, condition.least_years)
    return (since / (ONSET_AGE - condition.earliest_age)) ** values[condition.onset_on_age]


def usual_years(people: Population, scene: Scene) -> FloatArray:
    """Years since onset that patients of their grades have at the age of reference [patient]."""
    condition, values = CONDITIONS[scene.spec.condition], scene.values
    steps = np.array([condition.step_of(sex, grade) for sex, grade in zip(people.sex, people.severity, strict=True)])
    return values[condition.onset_years] * np.exp(values["population.severity_on_onset"] * steps)


def _density(scene: Scene, people: Population) -> float:
    from anagen.trials.screening import baseline_of

    plain = replace(scene, protocol=replace(scene.protocol, endpoints=(ENDPOINTS[READ],)))
    return float(np.nanmean(baseline_of(plain, people, AREA).true[:, 0]))
