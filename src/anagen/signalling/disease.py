"""What the condition itself does to the levers: its hazard, thinned by therapies, and the seasons.

The tables of an ordinary trial begin shortly before baseline, because untreated follicles at rest need none. A disease
that has been at work before baseline begins them earlier, by `Condition.history_days`; seasons begin them by
`SEASON_DAYS`. Nothing is given in that time, so the levers of therapies are neutral there.

anagen clock  * (1 + A cos(2 pi (d - d_A) / year))        re-entry clock * (1 + B cos(2 pi (d - d_R) / year))
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_YEAR
from anagen.patients import Condition, Population
from anagen.signalling.levers import Levers

SEASON_DAYS = 1095.0
"""Seasons are followed for this long before baseline, until the follicles have forgotten that there were none."""
RESTING_YEARS = "healthy.run_in_years"


@dataclass(frozen=True, slots=True)
class Disease:
    """A condition that acts on follicles over time.

    Attributes
    ----------
    condition : Condition
        What acts.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    season : bool
        Whether the hair cycle knows seasons.
    """

    condition: Condition
    values: Mapping[str, float]
    seed: int
    season: bool = False

    @property
    def history(self) -> float:
        """Days before the first table point of an ordinary trial in which the disease or the seasons are followed."""
        return max(self.condition.history_days, SEASON_DAYS if self.season else 0.0)

    def grid(self, grid: FloatArray) -> FloatArray:
        """A grid of times begun earlier by the history, with the same spacing.

        Parameters
        ----------
        grid : FloatArray, shape (n_points,)
            Times of an ordinary trial [day].

        Returns
        -------
        FloatArray, shape (n_earlier + n_points,)
            Times [day].

        Examples
        --------
        >>> from anagen.patients import CONDITIONS
        >>> Disease(CONDITIONS["te"], {}, 1).grid(np.array([-28.0, -27.0]))[[0, -1]].tolist()
        [-758.0, -27.0]
        """
        if self.history == 0.0:
            return grid
        step = float(grid[1] - grid[0])
        return np.concatenate([grid[0] - step * np.arange(math.ceil(self.history / step), 0, -1), grid])

    def run_in(self, population: Population, grid: FloatArray) -> FloatArray | None:
        """Untreated years of the follicles where they do not begin at onset.

        Parameters
        ----------
        population : Population
            Patients.
        grid : FloatArray, shape (n_points,)
            Times from `grid` [day].

        Returns
        -------
        FloatArray or None, shape (n_patients,)
            [year]; None where they begin at onset.
        """
        if self.condition.hazard is None:
            return None
        return np.full(len(population), self.values[RESTING_YEARS] - float(grid[0]) / DAYS_PER_YEAR)

    def levers(self, treated: Levers, patients: Population, grid: FloatArray, plots: IntArray | None = None) -> Levers:
        """Levers of therapies with the condition's hazard and the seasons added.

        Parameters
        ----------
        treated : Levers
            Of therapies, on the ordinary grid.
        patients : Population
            Patients.
        grid : FloatArray, shape (n_points,)
            Times from `grid` [day].
        plots : IntArray or None, shape (n_patients,)
            Plot of the scalp map; for a condition with patches, where the first patch began if None.

        Returns
        -------
        Levers
            On `grid`; `treated` itself where the condition does nothing over time.
        """
        if self.history == 0.0:
            return treated
        levers = begun_earlier(treated, len(grid))
        if self.condition.hazard is not None:
            if plots is None:
                plots = self.index_plots(patients)
            attack = self.condition.hazard(
                patients, self.values, seed=self.seed, days=grid, factor=levers.attack_factor, plots=plots
            )
            np.add(levers.immune_attack, attack, out=levers.immune_attack)
        if self.condition.reentry_speed is not None:
            sooner = math.log(self.values[self.condition.reentry_speed])
            np.add(levers.telogen_exit, sooner, out=levers.telogen_exit)
        if self.season:
            day = 2.0 * math.pi / DAYS_PER_YEAR * (grid[None, :] + patients.season_day[:, None])
            ending = day - 2.0 * math.pi / DAYS_PER_YEAR * self.values["season.anagen_day"]
            passing = day - 2.0 * math.pi / DAYS_PER_YEAR * self.values["season.resting_day"]
            anagen = np.log1p(self.values["season.anagen_amplitude"] * np.cos(ending))
            resting = np.log1p(self.values["season.resting_amplitude"] * np.cos(passing))
            np.subtract(levers.anagen_extension, anagen, out=levers.anagen_extension)
            np.add(levers.telogen_exit, resting, out=levers.telogen_exit)
        return levers

    def index_plots(self, patients: Population) -> IntArray:
        """Plot in which hairs are counted [patient]: the one in which the first patch began, 0 without patches."""
        if self.condition.patches is None:
            return np.zeros(len(patients), dtype=np.int64)
        return self.condition.patches(patients, self.values, self.seed, 0.0).first


def begun_earlier(levers: Levers, n_points: int) -> Levers:
    """Levers on a longer grid that ends with theirs, neutral before it begins.

    Parameters
    ----------
    levers : Levers
        On the ordinary grid.
    n_points : int
        Points of the longer grid.

    Returns
    -------
    Levers
        On the longer grid.
    """
    n_patients, n_known = levers.attack_factor.shape
    neutral = Levers.untreated(n_patients, n_points - n_known)
    return Levers.each(lambda name: np.concatenate([getattr(neutral, name), getattr(levers, name)], axis=1))


def of_patients(levers: Levers, rows: IntArray) -> Levers:
    """The levers of some patients, by their rows."""
    return Levers.each(lambda name: getattr(levers, name)[rows])
