"""What a condition is: whom it affects, how it is graded, and what it does to the follicles' androgen sensitivity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SEXES = ("male", "female")


@dataclass(frozen=True, slots=True)
class Condition:
    """A hair disease, or its absence, as the population draws it.

    Args:
        name: as a study file names it.
        title: in words.
        sexes: sexes in which it is modelled.
        severity_scale: sex -> name of the grading scale ("norwood", "ludwig"); empty where it is not graded.
        severities: scale -> grade -> weight in the default mix.
        severity_steps: scale -> grade -> distance in grades from the reference patient.
        affected_zones: zones in which follicles carry the condition's sensitivity; elsewhere they are healthy.
        sensitivity: sex -> parameter name of the median androgen sensitivity z of affected follicles.
        sensitivity_spread: parameter name of the log standard deviation of z.
        onset_years, onset_spread: parameter names of the median years since onset and of their log standard deviation.
        starts_terminal: True where follicles begin the untreated years at calibre 1 (before onset), False at their
        target.
        source: where the description comes from. network: condition of the signalling network.

    Example:
        >>> from anagen.patients import CONDITIONS
        >>> CONDITIONS["aga"].severity_scale["male"]
        'norwood'
    """

    name: str
    title: str
    sexes: tuple[str, ...]
    severity_scale: Mapping[str, str]
    severities: Mapping[str, Mapping[str, float]]
    severity_steps: Mapping[str, Mapping[str, float]]
    affected_zones: frozenset[str]
    sensitivity: Mapping[str, str]
    sensitivity_spread: str
    onset_years: str
    onset_spread: str
    starts_terminal: bool
    source: str
    network: str = "healthy"

    def grades(self, scale: str) -> tuple[str, ...]:
        """Grades of a scale, mildest first."""
        return tuple(self.severities[scale])
