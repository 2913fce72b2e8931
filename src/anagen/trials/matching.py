"""A published baseline, matched by what baldness is: patients are more or less severe, and differ more or less.

How readings move with severity is looked at in few patients (`trials.severity`), which gives a first severity. A pilot
of that severity is measured, in the study's own target area where a spread is matched, and its readings are moved along
until mean and standard deviation of those who would be admitted agree with the publication; a larger pilot, at the
severity so found, does it again. Follicle density is scaled only for what severity does not reach. What cannot be met,
and what is met by density, is said in words. The number of looks and rounds is fixed, so that a match is as smooth a
function of parameter values as its pilot.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.errors import InputError, Problem
from anagen.patients import CONDITIONS, Population, PopulationSpec
from anagen.patients.limits import greatest_follicle_density, mean_follicle_density
from anagen.scalp import ENDPOINTS
from anagen.scalp.methods import between_raters
from anagen.trials.goal import LEAST_STRETCH, Goal, Moved, moved_from
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol
from anagen.trials.recruited import population_spec
from anagen.trials.screening import baseline_of, candidates, judge, judge_severity, with_severity
from anagen.trials.severity import moves, response_of

PILOT_REPLICATE = 2**32 - 3
"""Number of the pseudo-trial whose patients set the scale; no replicate of a study can have it."""
MOST_PILOT_PATIENTS = 640
LARGEST_FOR_MEAN = 1.0
"""Area in which a mean alone is matched, where the study's is larger [cm2]: a mean does not depend on it."""
LEAST_ELIGIBLE = 20
LEAST_MEAN = 1e-3
ROUNDS = 20
MET = (0.02, 0.05)
"""Relative distances of mean and standard deviation beyond which a baseline is said not to be met."""


@dataclass(frozen=True, slots=True)
class Pilot:
    """Candidates whose baseline sets the scale.

    Attributes
    ----------
    replicates : IntArray, shape (n_trials,)
        Numbers of their pseudo-trials.
    number : int
        Candidates of each.
    grows : bool
        Whether there may be more of them where the criteria leave few.
    """

    replicates: IntArray
    number: int
    grows: bool = False

    def candidates(self, scene: Scene) -> Population:
        """The candidates of a scene."""
        numbers = np.tile(np.arange(self.number), len(self.replicates))
        return candidates(scene, numbers, np.repeat(self.replicates, self.number))

    def larger(self) -> Pilot | None:
        """Twice as many candidates, where that is not too many."""
        doubled = replace(self, number=2 * self.number)
        return doubled if self.grows and doubled.number * len(self.replicates) <= MOST_PILOT_PATIENTS else None


PILOTS = tuple(Pilot(np.array([PILOT_REPLICATE]), number) for number in (160, 640))
"""The two pilots of a trial; the second leaves an error of about 1 % in the mean and 3 % in the spread."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A population matched to a published baseline.

    Attributes
    ----------
    spec : PopulationSpec
        With its severity shifted and, where that does not do, its follicle density scaled.
    mean : float
        Mean of the pilot at that severity, in the endpoint's unit; not a number where nothing was to be matched.
    sd : float
        Standard deviation of the pilot, raters included.
    notes : tuple[str, ...]
        What the publication states and the simulation does not meet, in sentences.
    """

    spec: PopulationSpec
    mean: float
    sd: float
    notes: tuple[str, ...]


def matched_scene(
    plan: Protocol, values: Mapping[str, float], *, seed: int, threads: int = 1, pilots: Sequence[Pilot] = PILOTS
) -> Scene:
    """A study under parameter values, its published baseline matched.

    Parameters
    ----------
    plan : Protocol
        The study.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    threads : int
        Blocks of patients at a time.
    pilots : Sequence[Pilot]
        Whose baseline is matched, one after another.

    Returns
    -------
    Scene
        Ready to simulate.

    Raises
    ------
    InputError
        Where inclusion criteria and published baseline contradict each other.
    """
    scene = Scene(plan, population_spec(plan.study), values, seed, threads)
    matched = matched_population(scene, pilots)
    return replace(scene, spec=matched.spec, notes=matched.notes)


def matched_population(scene: Scene, pilots: Sequence[Pilot] = PILOTS) -> Matched:
    """The population, as severe and as dense as the study's published baseline asks for, if it gives one.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    pilots : Sequence[Pilot]
        Whose baseline is matched, one after another.

    Returns
    -------
    Matched
        The population matched, or as it is where no baseline was published.

    Raises
    ------
    InputError
        Where inclusion criteria and published baseline contradict each other.
    """
    wanted = scene.protocol.study.population.baseline
    if not wanted:
        return Matched(scene.spec, float("nan"), float("nan"), ())
    (name, target), *_ = wanted.items()
    # two raters of a pilot would lend their bias to every trial
    values = ChainMap({"measurement.rater_error": 0.0}, cast("MutableMapping[str, float]", scene.values))
    asked = {name, *scene.protocol.study.population.inclusion}
    endpoints = tuple(endpoint for endpoint in scene.protocol.endpoints if endpoint.name in asked)
    quiet = with_severity(replace(scene, values=values, protocol=replace(scene.protocol, endpoints=endpoints)))
    response = None
    if moves(quiet, name):
        response = response_of(quiet, _alike(quiet, pilots[0]), name)
    goal = Goal(name, target, between_raters(scene.values["measurement.rater_error"]), response)
    mean = sd = float("nan")
    if response is None:
        spec = goal.population(scene.spec, 0.0, 1.0)
    else:
        level = goal.reachable(float(np.log(max(target.mean, LEAST_MEAN))))
        first = replace(quiet, spec=goal.population(scene.spec, level, 1.0))
        spec = _guessed(first, goal, pilots[0])
    for pilot in pilots:
        spec, mean, sd = _fitted(replace(quiet, spec=spec), goal, pilot)
    return Matched(spec, mean, sd, _unmet(scene, spec, goal, mean, sd))


def _alike(scene: Scene, pilot: Pilot) -> Population:
    """The candidates of a pilot, if people of the same kind did not differ in density, severity and years."""
    return pilot.candidates(replace(scene, spec=scene.spec.matched(scene.spec.density_scale, 0.0, stretch=0.0)))


def _fitted(start: Scene, goal: Goal, pilot: Pilot) -> tuple[PopulationSpec, float, float]:
    """Population, mean and standard deviation after the readings of a pilot were moved."""
    target = goal.target
    people = pilot.candidates(start)
    area = start.protocol.area
    readings = baseline_of(start, people, area if target.sd is not None else min(area, LARGEST_FOR_MEAN))
    moved = moved_from(start, goal, people, _alike(start, pilot))
    found = _settled(start, goal, moved, readings.measured[:, 0], readings.true[:, 0])
    if found is None:
        larger = pilot.larger()
        if larger is not None:
            return _fitted(start, goal, larger)
        raise InputError([contradiction(goal.name, target.mean)])
    level, stretch, mean, sd = found
    return goal.population(start.spec, level, stretch), mean, sd


def _guessed(start: Scene, goal: Goal, pilot: Pilot) -> PopulationSpec:
    """The population by the response alone, before a patient is looked at."""
    moved = moved_from(start, goal, pilot.candidates(start), _alike(start, pilot))
    found = _settled(start, goal, moved, moved.usual, moved.usual)
    return start.spec if found is None else goal.population(start.spec, *found[:2])


def _settled(
    start: Scene, goal: Goal, moved: Moved, measured: FloatArray, true: FloatArray
) -> tuple[float, float, float, float] | None:
    """Level, stretch, mean and standard deviation after so many rounds; None where too few would be admitted."""
    target = goal.target
    column = [endpoint.name for endpoint in start.protocol.endpoints].index(goal.name)
    raters = goal.raters * ENDPOINTS[goal.name].count_power
    level, stretch = goal.level_of(start.spec), goal.stretch_of(start.spec)
    for number in range(ROUNDS):
        rescaled, severity = moved.to(measured, true, level, stretch)
        eligible, _reasons = judge_severity(severity, judge(rescaled, start)[0], start)
        value = rescaled[eligible, column]
        value = value[np.isfinite(value)]
        if len(value) < LEAST_ELIGIBLE:
            break
        mean, variance = float(value.mean()), float(value.var(ddof=1))
        sd = float(np.sqrt(variance + raters * (mean**2 + variance)))
        if number == ROUNDS - 1:
            return level, stretch, mean, sd
        away = float(np.log(max(target.mean, LEAST_MEAN) / max(mean, LEAST_MEAN)))
        # patients who differ less move together: the mean of a bounded score then answers more to a shift
        level = goal.reachable(level + away * (min(stretch, 1.0) if ENDPOINTS[goal.name].whole_scalp else 1.0))
        if target.sd is not None:
            stretch = float(np.clip(stretch * (target.sd / sd) ** 0.7, LEAST_STRETCH, goal.most_stretch))
    return None


def _unmet(scene: Scene, spec: PopulationSpec, goal: Goal, mean: float, sd: float) -> tuple[str, ...]:
    """What a publication states and the simulation does not meet, or meets by follicle density, in sentences."""
    endpoint, target = ENDPOINTS[goal.name], goal.target
    stated, unit = f"The published baseline of {endpoint.title}", endpoint.unit
    why = _limit(spec, goal)
    notes: list[str] = []
    if abs(mean / target.mean - 1.0) > MET[0]:
        free = goal.response is not None and abs(spec.severity_shift) < goal.response.most
        criteria = scene.protocol.study.population.inclusion or spec.severity_range
        nobody = "the inclusion criteria admit nobody else" if criteria else "it and the spread are not met together"
        because = nobody if goal.thins or free else why
        notes.append(
            f"{stated} has a mean of {target.mean:g} {unit}; it is simulated with {mean:.1f}, because {because}."
        )
    beyond = spec.density_scale - 1.0
    if abs(beyond) > MET[0]:
        notes.append(
            f"{stated}, a mean of {target.mean:g} {unit}, is met by {100.0 * abs(beyond):.0f} % "
            f"{'more' if beyond > 0.0 else 'fewer'} follicles than this scalp has on average, because {why}."
        )
    if target.sd is not None and abs(sd / target.sd - 1.0) > MET[1]:
        differ = (
            "people as severely affected already differ so much in what is seen"
            if sd > target.sd
            else "the patients admitted do not differ more"
        )
        notes.append(
            f"{stated} has a standard deviation of {target.sd:g} {unit}; it is simulated with {sd:.1f}, because "
            f"{differ}."
        )
    healthy = mean_follicle_density(spec.ethnicity, spec.zone, scene.values)
    if spec.density_scale * healthy > greatest_follicle_density(spec.ethnicity, spec.zone, scene.values):
        notes.append(
            f"{stated}, a mean of {target.mean:g} {unit}, needs {spec.density_scale * healthy:.0f} follicles "
            f"per cm2 at this severity; healthy scalp has {healthy:.0f}. Check its unit and the severity."
        )
    return tuple(notes)


def _limit(spec: PopulationSpec, goal: Goal) -> str:
    """Why severity does not meet a published mean."""
    condition = CONDITIONS[spec.condition]
    if goal.response is not None:
        return (
            f"{condition.title} as {'severe' if spec.severity_shift > 0.0 else 'mild'} as it plausibly is falls short"
        )
    if condition.affected_zones:
        return f"{spec.zone} scalp is spared in {condition.title}"
    if condition.begins:
        return f"{condition.title} does not miniaturise follicles"
    return "healthy follicles do not differ in severity"


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
