"""What a match is to meet and by what, and readings of a pilot moved there without another look.

    level    =  logarithm of the mean that severity gives + logarithm of the scale of follicle density
    stretch  =  how different patients are, in follicle density, severity and years since onset

Density takes only what severity does not reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.patients import Population, PopulationSpec
from anagen.scalp import ENDPOINTS
from anagen.study.values import MeanSd
from anagen.trials.observation import Scene
from anagen.trials.severity import Response, severity_of, stretched

PILOT_CV = 0.3
"""Coefficient of variation of follicle density in a pilot whose spread is matched, before it is stretched."""
MOST_SPREAD = 0.8
"""Greatest standard deviation of the logarithm of follicle density between patients: a CV of 95 %. Where a published
deviation asks for more, criteria of inclusion cut it short, and more spread of those screened would not help."""
MOST_APART = 1.6
"""Greatest factor on how far patients differ where severity and density are stretched together; assumption."""
MOST_STRETCH = 4.0
"""Greatest factor on how far extents differ between patients."""
LEAST_STRETCH = 0.02


@dataclass(frozen=True, slots=True)
class Goal:
    """What is to be met, and by what.

    Attributes
    ----------
    name : str
        The endpoint.
    target : MeanSd
        Its published baseline.
    raters : float
        What raters add to the variance of a count.
    response : Response or None
        How it moves with severity; None where it does not.
    """

    name: str
    target: MeanSd
    raters: float
    response: Response | None

    @property
    def thins(self) -> bool:
        """Whether fewer follicles lower it in proportion."""
        return ENDPOINTS[self.name].count_power == 1.0

    @property
    def spread(self) -> float | None:
        """Log standard deviation of follicle density that is stretched; None where it stays that of the parameter."""
        return None if self.target.sd is None or not self.thins else float(np.sqrt(np.log1p(PILOT_CV**2)))

    @property
    def most_stretch(self) -> float:
        """Greatest factor on how far patients differ."""
        if ENDPOINTS[self.name].whole_scalp:
            return MOST_STRETCH
        return MOST_SPREAD / self.spread if self.response is None and self.spread is not None else MOST_APART

    def reachable(self, level: float) -> float:
        """A logarithm of the mean, no further than severity reaches where density does not help."""
        if self.thins:
            return level
        return level if self.response is None else float(np.clip(level, *self.response.reach()))

    def parts(self, level: float) -> tuple[float, float]:
        """Shift of severity for a logarithm of the mean, and the logarithm of the scale of density for the rest.

        Without a response the level is that of the scale alone.
        """
        if self.response is None:
            return 0.0, level if self.thins else 0.0
        shift = self.response.shift_at(level)
        return shift, level - self.response.level_at(shift) if self.thins else 0.0

    def level_of(self, spec: PopulationSpec) -> float:
        """The level whose parts a population has."""
        level = 0.0 if self.response is None else self.response.level_at(spec.severity_shift)
        return level + float(np.log(spec.density_scale))

    def population(self, spec: PopulationSpec, level: float, stretch: float) -> PopulationSpec:
        """The population at a level, its patients as different as `stretch` says."""
        shift, log_scale = self.parts(level)
        cv = None if self.spread is None else float(np.sqrt(np.expm1((stretch * self.spread) ** 2)))
        return spec.matched(float(np.exp(log_scale)), cv, shift=shift, stretch=stretch if self.response else 1.0)

    def stretch_of(self, spec: PopulationSpec) -> float:
        """How different the patients of a population are."""
        if self.spread is None or spec.density_cv is None:
            return spec.severity_stretch
        return float(np.sqrt(np.log1p(spec.density_cv**2))) / self.spread


@dataclass(frozen=True, slots=True)
class Moved:
    """Patients of a pilot whose readings are moved to another severity and density from those at their own.

    Attributes
    ----------
    goal : Goal
        What is to be met.
    spec : PopulationSpec
        From whom they were drawn.
    stretch : float
        How different they are.
    density : FloatArray, shape (n_patients,)
        Logarithm of follicle density against the median of their kind, at a stretch of 1; known exactly.
    place : FloatArray, shape (n_patients,)
        Severity x.
    longer : FloatArray, shape (n_patients,)
        Logarithm of years since onset against those of their kind.
    logs : FloatArray, shape (n_patients, n_endpoints)
        Logarithms of what the response expects of them, at the mean density of their kind.
    usual : FloatArray, shape (n_patients, n_endpoints)
        What the response expects of them.
    powers : FloatArray, shape (n_endpoints,)
        By which readings follow follicle density.
    bounds : FloatArray, shape (n_endpoints, 2)
        Least and greatest possible reading.
    """

    goal: Goal
    spec: PopulationSpec
    stretch: float
    density: FloatArray
    place: FloatArray
    longer: FloatArray
    logs: FloatArray
    usual: FloatArray
    powers: FloatArray
    bounds: FloatArray

    def to(self, measured: FloatArray, true: FloatArray, level: float, stretch: float) -> tuple[FloatArray, FloatArray]:
        """Measured and true readings [patient, endpoint] at a level and a stretch."""
        shift, log_scale = self.goal.parts(level)
        log = np.full(len(measured), log_scale - float(np.log(self.spec.density_scale)))
        if self.goal.spread is not None:
            kept = 0.5 * self.goal.spread**2 * (stretch**2 - self.stretch**2)
            log += (stretch - self.stretch) * self.density - kept
        thinner = np.exp(log[:, None] * self.powers[None, :])
        measured, true = measured * thinner, true * thinner
        if self.goal.response is not None:
            then = stretched(self.place, self.spec, shift, stretch, self.goal.response.variance)
            longer = self.longer * stretch / self.stretch
            factor = np.exp(self.goal.response.logs(then, longer) - self.logs)
            # hairs go in proportion and come as expected: few that are seen by chance do not multiply
            come = self.usual * thinner * np.maximum(factor - 1.0, 0.0)
            measured, true = (value * np.minimum(factor, 1.0) + come for value in (measured, true))
        low, high = self.bounds.T
        return np.clip(measured, low, high), np.clip(true, low, high)


def moved_from(start: Scene, goal: Goal, people: Population, kind: Population) -> Moved:
    """Patients whose readings can be moved.

    Parameters
    ----------
    start : Scene
        From whom they were drawn.
    goal : Goal
        What is to be met.
    people : Population
        The patients.
    kind : Population
        The same, if people of the same kind did not differ in density, severity and years.

    Returns
    -------
    Moved
        For any level and stretch.
    """
    endpoints = start.protocol.endpoints
    stretch, spread = goal.stretch_of(start.spec), goal.spread or 0.0
    apart = np.log(people.follicle_density / kind.follicle_density)
    powers = np.array([endpoint.count_power for endpoint in endpoints])
    place, logs = np.zeros(len(people)), np.zeros((len(people), len(endpoints)))
    longer = np.log(people.years_since_onset / kind.years_since_onset)
    if goal.response is not None:
        place = severity_of(start, people, kind, goal.response, goal.name)
        logs = goal.response.logs(place, longer)
    scale = float(np.log(start.spec.density_scale))
    return Moved(
        goal=goal,
        spec=start.spec,
        stretch=stretch,
        density=apart / stretch + 0.5 * stretch * spread**2,
        place=place,
        longer=longer,
        logs=logs,
        usual=np.exp(logs + (scale + apart)[:, None] * powers[None, :]),
        powers=powers,
        bounds=np.array([endpoint.bounds for endpoint in endpoints]),
    )
