"""How vesicles are separated: yields and carry-overs of protein multiply along a train of steps."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from anagen.core.registry import Registry
from anagen.exosomes.source_cells import RawMaterial

FREE_PROTEIN: dict[RawMaterial, str] = {
    "cells": "isolation.free_protein_conditioned_medium",
    "body fluid": "isolation.free_protein_body_fluid",
    "plant juice": "isolation.free_protein_plant_juice",
}
"""Parameter with the free protein per particle [ug] of each raw material."""


@dataclass(frozen=True, slots=True)
class IsolationMethod:
    """One way to separate vesicles; its numbers are the parameters isolation.<key>_... and manufacture.<key>_...

    Attributes
    ----------
    name : str
        Name in product files.
    title : str
        Name in words.
    key : str
        Stem of its parameters.
    separates_by : str
        The property by which it separates.
    brings_along : str
        What comes with the vesicles.
    """

    name: str
    title: str
    key: str
    separates_by: str
    brings_along: str

    def yield_share(self, values: Mapping[str, float]) -> float:
        """Share of the particles that the step keeps."""
        return values[f"isolation.{self.key}_yield"]

    def carry_over(self, values: Mapping[str, float]) -> float:
        """Share of the free protein that the step keeps."""
        return values[f"isolation.{self.key}_carry_over"]


_METHODS = (
    IsolationMethod(
        "ultracentrifugation",
        "ultracentrifugation",
        "ultracentrifugation",
        "sedimentation",
        "protein aggregates, lipoproteins, broken vesicles",
    ),
    IsolationMethod(
        "density-gradient", "density gradient", "density_gradient", "buoyant density", "high-density lipoprotein"
    ),
    IsolationMethod("ultrafiltration", "ultrafiltration", "ultrafiltration", "size, on a membrane", "large proteins"),
    IsolationMethod(
        "size-exclusion",
        "size-exclusion chromatography",
        "size_exclusion",
        "size, in a column",
        "lipoproteins of vesicle size",
    ),
    IsolationMethod(
        "tangential-flow",
        "tangential-flow filtration",
        "tangential_flow",
        "size, along a membrane",
        "large protein complexes, virus-sized particles",
    ),
    IsolationMethod(
        "precipitation", "polymer precipitation", "precipitation", "solubility", "most protein, and the polymer"
    ),
    IsolationMethod(
        "immunoaffinity", "immunoaffinity capture", "immunoaffinity", "a surface antigen", "antibody that is eluted"
    ),
    IsolationMethod("microfluidic", "microfluidic chip", "microfluidic", "size or charge", "depends on the chip"),
)
ISOLATION_METHODS: Registry[IsolationMethod] = Registry("isolation method", {entry.name: entry for entry in _METHODS})
"""Isolation methods by the name that product files use."""


@dataclass(frozen=True, slots=True)
class TrainOutcome:
    """What a train of steps does.

    Attributes
    ----------
    yields : tuple[float, ...]
        Share of particles kept by each step.
    carry_overs : tuple[float, ...]
        Share of free protein kept by each step.
    particles_per_ug : float
        Particle:protein ratio after the last step [particles/ug].
    """

    yields: tuple[float, ...]
    carry_overs: tuple[float, ...]
    particles_per_ug: float

    @property
    def yield_share(self) -> float:
        """Share of the particles that the whole train keeps: the product of the steps."""
        return math.prod(self.yields)

    @property
    def carry_over(self) -> float:
        """Share of the free protein that the whole train keeps: the product of the steps."""
        return math.prod(self.carry_overs)

    @property
    def purity_gain(self) -> float:
        """How many times less free protein comes with a particle."""
        return self.yield_share / self.carry_over


def run_train(methods: Sequence[str], raw_material: RawMaterial, values: Mapping[str, float]) -> TrainOutcome:
    """Yield and purity of isolation steps in sequence.

    Y = prod y_i, C = prod c_i, particle:protein = 1 / (m + f C / Y), with m the protein of a vesicle and f the free
    protein per particle of the raw material [ug]. Steps are taken as independent; a second step by the same
    principle gains less than that, because what passed once passes again.

    Parameters
    ----------
    methods : Sequence[str]
        Names of isolation methods, in order; none leaves the raw material as it is.
    raw_material : RawMaterial
        What is worked up.
    values : Mapping[str, float]
        Parameter values.

    Raises
    ------
    KeyError
        Where a method is not registered.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> outcome = run_train(["ultrafiltration", "size-exclusion"], "cells", load_parameters().draw(1, 0))
    >>> round(outcome.yield_share, 3)
    0.171
    """
    steps = [ISOLATION_METHODS[name] for name in methods]
    yields = tuple(step.yield_share(values) for step in steps)
    carry_overs = tuple(step.carry_over(values) for step in steps)
    free = values[FREE_PROTEIN[raw_material]] * math.prod(carry_overs) / math.prod(yields)
    return TrainOutcome(yields, carry_overs, 1.0 / (values["isolation.vesicle_protein"] + free))
