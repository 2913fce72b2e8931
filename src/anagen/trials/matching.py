"""A published baseline, matched: follicle density is scaled until admitted patients measure what the paper reports.

A pilot of patients is measured, in the study's own target area where a spread is matched, and its counts are rescaled
until mean and standard deviation of those who would be admitted agree with the publication; a larger pilot, at the
scale so found, does it again. What cannot be met is said in words.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.errors import InputError, Problem
from anagen.patients import Population, PopulationSpec
from anagen.patients.limits import greatest_follicle_density, mean_follicle_density
from anagen.scalp import ENDPOINTS
from anagen.scalp.methods import between_raters
from anagen.study.values import MeanSd
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol, population_spec
from anagen.trials.screening import baseline_of, candidates, judge, judge_severity, with_severity

PILOT_CV = 0.3
"""Coefficient of variation of follicle density in a pilot whose spread is matched; only its deviates matter."""
PILOT_REPLICATE = 2**32 - 3
"""Number of the pseudo-trial whose patients set the scale; no replicate of a study can have it."""
MOST_PILOT_PATIENTS = 640
LARGEST_FOR_MEAN = 1.0
"""Area in which a mean alone is matched, where the study's is larger [cm2]: a mean does not depend on it."""
LEAST_ELIGIBLE = 20
MOST_SPREAD = 0.8
"""Greatest standard deviation of the logarithm of follicle density between patients: a CV of 95 %. Where a published
deviation asks for more, criteria of inclusion cut it short, and more spread of those screened would not help."""
ROUNDS = 40
CLOSE = 0.001
"""Relative distance from the publication at which the rounds end."""
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
        With its follicle density scaled.
    mean : float
        Mean of the pilot at that scale [hairs/cm2]; not a number where nothing was to be matched.
    sd : float
        Standard deviation of the pilot, raters included [hairs/cm2].
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
    """The population with its follicle density scaled to the study's published baseline, if it gives one.

    Parameters
    ----------
    scene : Scene
        Study, parameter values and seed.
    pilots : Sequence[Pilot]
        Whose baseline is matched, one after another.

    Returns
    -------
    Matched
        The population with its density scaled, or as it is where no baseline was published.

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
    quiet = with_severity(replace(scene, values=values))
    spec = scene.spec if target.sd is None else scene.spec.matched(1.0, PILOT_CV)
    mean = sd = float("nan")
    raters = between_raters(scene.values["measurement.rater_error"])
    for pilot in pilots:
        spec, mean, sd = _fitted(replace(quiet, spec=spec), name, target, pilot, raters)
    return Matched(spec, mean, sd, _unmet(scene, spec, name, target, mean, sd))


def _fitted(
    start: Scene, name: str, target: MeanSd, pilot: Pilot, raters: float
) -> tuple[PopulationSpec, float, float]:
    """Population, mean and standard deviation after the counts of a pilot were rescaled."""
    spec, people = start.spec, pilot.candidates(start)
    column = [endpoint.name for endpoint in start.protocol.endpoints].index(name)
    area = start.protocol.area
    readings = baseline_of(start, people, area if target.sd is not None else min(area, LARGEST_FOR_MEAN))
    spread = 0.0 if spec.density_cv is None else float(np.sqrt(np.log1p(spec.density_cv**2)))
    # how far each patient's log density lies from the median of their kind: known exactly, not from the pilot's mean
    kind = pilot.candidates(replace(start, spec=spec.matched(spec.density_scale, 0.0)))
    deviation = np.log(people.follicle_density / kind.follicle_density) + 0.5 * spread**2
    scale, stretch, mean, sd = 1.0, 1.0, float("nan"), float("nan")
    for _ in range(ROUNDS):
        factor = scale * np.exp((stretch - 1.0) * deviation)
        rescaled = scaled(readings.measured[:, 0], factor, start)
        eligible, _reasons = judge_severity(readings.true[:, 0], judge(rescaled, start)[0], start)
        if eligible.sum() < LEAST_ELIGIBLE:
            larger = pilot.larger()
            if larger is not None:
                return _fitted(start, name, target, larger, raters)
            raise InputError([contradiction(name, target.mean)])
        value = rescaled[eligible, column]
        mean, variance = float(value.mean()), float(value.var(ddof=1))
        sd = float(np.sqrt(variance + raters * (mean**2 + variance)))
        near = abs(mean / target.mean - 1.0) < CLOSE
        if near and (target.sd is None or abs(sd / target.sd - 1.0) < CLOSE):
            break
        scale *= target.mean / mean
        if target.sd is not None:
            stretch = float(np.clip(stretch * (target.sd / sd) ** 0.7, 0.02, MOST_SPREAD / spread))
    if target.sd is None:
        return spec.matched(spec.density_scale * scale, None), mean, sd
    sigma = spread * stretch
    # from a scale around the median to one around the mean, which is what the population keeps fixed
    further = float(scale * np.exp(0.5 * (sigma**2 - spread**2)))
    return spec.matched(spec.density_scale * further, float(np.sqrt(np.expm1(sigma**2)))), mean, sd


def _unmet(scene: Scene, spec: PopulationSpec, name: str, target: MeanSd, mean: float, sd: float) -> tuple[str, ...]:
    """What a publication states and the simulation does not meet, in sentences."""
    endpoint = ENDPOINTS[name]
    stated = f"The published baseline of {endpoint.title}"
    notes: list[str] = []
    if abs(mean / target.mean - 1.0) > MET[0]:
        notes.append(
            f"{stated} has a mean of {target.mean:g} {endpoint.unit}; it is simulated with {mean:.1f}, because the "
            "inclusion criteria admit nobody else."
        )
    if target.sd is not None and abs(sd / target.sd - 1.0) > MET[1]:
        why = (
            "because people with equally many follicles already differ so much in hairs that are seen and counted"
            if sd > target.sd
            else "because the patients admitted do not differ more"
        )
        notes.append(
            f"{stated} has a standard deviation of {target.sd:g} {endpoint.unit}; it is simulated with {sd:.1f}, {why}."
        )
    healthy = mean_follicle_density(spec.ethnicity, spec.zone, scene.values)
    if spec.density_scale * healthy > greatest_follicle_density(spec.ethnicity, spec.zone, scene.values):
        notes.append(
            f"{stated}, a mean of {target.mean:g} {endpoint.unit}, needs {spec.density_scale * healthy:.0f} follicles "
            f"per cm2 at this severity; healthy scalp has {healthy:.0f}. Check its unit and the severity."
        )
    return tuple(notes)


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
