"""Virtual patients as columns, and from whom they are drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from operator import itemgetter
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.patients.empirical import Empirical


@dataclass(frozen=True, slots=True)
class Spread:
    """A normal distribution cut to an interval: mean, sd and bounds in the covariate's unit."""

    mean: float
    sd: float
    minimum: float
    maximum: float

    def quantile(self, z: FloatArray) -> FloatArray:
        """Values at standard normal deviates `z`, by inversion of the truncated normal distribution."""
        from scipy.special import ndtr, ndtri

        if self.sd == 0.0:
            return np.full_like(z, min(max(self.mean, self.minimum), self.maximum))
        low, high = ndtr((self.minimum - self.mean) / self.sd), ndtr((self.maximum - self.mean) / self.sd)
        return np.clip(self.mean + self.sd * ndtri(low + (high - low) * ndtr(z)), self.minimum, self.maximum)


@dataclass(frozen=True, slots=True)
class PopulationSpec:
    """From whom patients are drawn.

    Attributes
    ----------
    condition : str
        Registered name.
    sex : Mapping[str, float]
        Shares of the sexes, summing to 1.
    age : Spread
        Distribution of age [year].
    ethnicity : Mapping[str, float]
        Shares of the ethnicities, summing to 1.
    zone : str
        Zone of the target area.
    severity : Mapping[str, Mapping[str, float]], default dict()
        Scale -> grade -> weight; a scale left out takes the condition's default mix.
    years_since_onset : Spread, optional
        Distribution [year], or None for the condition's default.
    density_scale : float, default 1.0
        Factor on follicle density, 1 unless a published baseline is matched.
    density_cv : float, optional
        Coefficient of variation of follicle density between patients, or None for the parameter.
    severity_shift : float, default 0.0
        What is added to every patient's severity: to the logarithm of the androgen sensitivity of affected follicles;
        on a scale of numbers to the standard normal deviate of the extent. 0 unless a published baseline is matched.
    severity_stretch : float, default 1.0
        Factor on how far patients differ in that severity, by grade and beyond it, and in years since onset, unless
        those are stated.
    severity_range : Mapping[str, tuple[float, float]], default dict()
        Scale of numbers -> least and greatest number admitted.
    onset_week : float, optional
        Week from baseline in which the disease began or begins, the same for all, or None.
    season : int, optional
        None where the hair cycle knows no season, 0 where patients start in any month, 1 to 12 where all start in the
        middle of that month.
    empirical : Empirical, optional
        Patients from whom age, sex, ethnicity, grade and years since onset are drawn together, or None.
    """

    condition: str
    sex: Mapping[str, float]
    age: Spread
    ethnicity: Mapping[str, float]
    zone: str
    severity: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    years_since_onset: Spread | None = None
    density_scale: float = 1.0
    density_cv: float | None = None
    severity_shift: float = 0.0
    severity_stretch: float = 1.0
    severity_range: Mapping[str, tuple[float, float]] = field(default_factory=dict[str, tuple[float, float]])
    onset_week: float | None = None
    season: int | None = None
    empirical: Empirical | None = None

    def matched(self, scale: float, cv: float | None, *, shift: float = 0.0, stretch: float = 1.0) -> PopulationSpec:
        """The same population with density and severity as a published baseline asks for."""
        return replace(self, density_scale=scale, density_cv=cv, severity_shift=shift, severity_stretch=stretch)


@dataclass(frozen=True, slots=True)
class Population:
    """Columns over patients, each of shape [patient].

    Attributes
    ----------
    patient : IntArray
        Number that addresses the patient's draws.
    replicate : IntArray
        Number of the trial it belongs to; age [year].
    sex : tuple[str, ...]
        Names; years_since_onset [year]; follicle_density [1/cm2] in the target zone; shaft_diameter [um], of a
        full-calibre follicle.
    ethnicity : tuple[str, ...]
        Names; years_since_onset [year]; follicle_density [1/cm2] in the target zone; shaft_diameter [um], of a
        full-calibre follicle.
    severity : tuple[str, ...]
        Names; years_since_onset [year]; follicle_density [1/cm2] in the target zone; shaft_diameter [um], of a
        full-calibre follicle.
    sensitivity : FloatArray
        Factor on androgen sensitivity.
    sulfotransferase : FloatArray
        Relative activity of minoxidil sulfation, median 1; growth_rate [mm/day] of a terminal hair.
    extent : FloatArray
        Share of the scalp affected at baseline, 0 where the condition is not graded so.
    season_day : FloatArray
        Day of the year at baseline, meaningful only in a population with seasons.
    responsiveness : FloatArray, optional
        How strongly every therapy acts on the patient, as a standard normal deviate of the response between patients;
        not a number where it is drawn for each therapy, None where it is so in all.
    """

    patient: IntArray
    replicate: IntArray
    age: FloatArray
    sex: tuple[str, ...]
    ethnicity: tuple[str, ...]
    severity: tuple[str, ...]
    years_since_onset: FloatArray
    follicle_density: FloatArray
    shaft_diameter: FloatArray
    sensitivity: FloatArray
    sulfotransferase: FloatArray
    growth_rate: FloatArray
    extent: FloatArray
    season_day: FloatArray
    responsiveness: FloatArray | None = None

    def __len__(self) -> int:
        return int(self.patient.shape[0])

    def take(self, rows: IntArray) -> Population:
        """The patients at the given positions, in that order."""
        places: list[int] = rows.tolist()

        def names(column: tuple[str, ...]) -> tuple[str, ...]:
            return itemgetter(*places)(column) if len(places) > 1 else tuple(column[i] for i in places)

        return Population(
            patient=self.patient[rows],
            replicate=self.replicate[rows],
            age=self.age[rows],
            sex=names(self.sex),
            ethnicity=names(self.ethnicity),
            severity=names(self.severity),
            years_since_onset=self.years_since_onset[rows],
            follicle_density=self.follicle_density[rows],
            shaft_diameter=self.shaft_diameter[rows],
            sensitivity=self.sensitivity[rows],
            sulfotransferase=self.sulfotransferase[rows],
            growth_rate=self.growth_rate[rows],
            extent=self.extent[rows],
            season_day=self.season_day[rows],
            responsiveness=None if self.responsiveness is None else self.responsiveness[rows],
        )

    @classmethod
    def joined(cls, parts: Sequence[Population]) -> Population:
        """Several populations as one, in order."""
        if len(parts) == 1:
            return parts[0]

        def column(name: str) -> Any:
            columns = [getattr(part, name) for part in parts]
            if name == "responsiveness":
                if all(each is None for each in columns):
                    return None
                pairs = zip(columns, parts, strict=True)
                columns = [np.full(len(part), np.nan) if each is None else each for each, part in pairs]
            return sum(columns, ()) if isinstance(columns[0], tuple) else np.concatenate(columns)

        return cls(**{entry.name: column(entry.name) for entry in fields(cls)})
