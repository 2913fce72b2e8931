"""The names that a study file may use, gathered from the registries that own them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.core.registry import Registry
from anagen.delivery import ROUTES, Route
from anagen.patients import CONDITIONS, ETHNICITIES, SEXES, ZONES, Condition, Ethnicity, Zone
from anagen.scalp import ENDPOINTS, METHODS, Endpoint, Method
from anagen.therapies import THERAPIES, Therapy

MATCHABLE = ("total_density", "nonvellus_density", "terminal_density", "mean_diameter", "salt")
"""Endpoints whose published baseline can be matched, by the severity of the patients and the density of follicles."""
MEASURE_NAMES = ("change", "percent_change", "value", "responder", "responder_percent", "responder_value")
ADVERSE_EVENT = "adverse_event:"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Registries by what a study file names with them."""

    therapies: Registry[Therapy]
    routes: Registry[Route]
    endpoints: Registry[Endpoint]
    methods: Registry[Method]
    conditions: Registry[Condition]
    zones: Registry[Zone]
    ethnicities: Registry[Ethnicity]
    sexes: tuple[str, ...]

    def scales(self) -> tuple[str, ...]:
        """Names of every grading scale of every condition."""
        return tuple(dict.fromkeys(scale for c in self.conditions.values() for scale in c.scales()))


def vocabulary() -> Vocabulary:
    """The names known to this version of the package.

    Examples
    --------
    >>> "exosome" in vocabulary().therapies
    True
    """
    return Vocabulary(THERAPIES, ROUTES, ENDPOINTS, METHODS, CONDITIONS, ZONES, ETHNICITIES, SEXES)


def grades_of(condition: Condition, scale: str) -> tuple[str, ...]:
    """Grades of a scale, empty where the scale is one of numbers."""
    grades: Mapping[str, float] = condition.severities.get(scale, {})
    return tuple(grades)
