"""What is known of a vesicle product, as its file says it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import ValidationInfo, field_validator
from pydantic.functional_validators import model_validator

from anagen.core.fields import broken, once, tell_together
from anagen.exosomes.cargo import CargoField, Mirna
from anagen.exosomes.fields import Described, Flag, Line, Name, ParticlesFigure, SourceCellName, parameters_of
from anagen.exosomes.process import Process
from anagen.exosomes.process_rules import process_faults
from anagen.exosomes.process_values import process_parameters
from anagen.exosomes.product_rules import count_faults, preparation_faults, subpopulation_faults
from anagen.exosomes.product_tables import (
    Batches,
    Characterisation,
    Engineering,
    Marker,
    Particles,
    PotencyAssay,
    Preparation,
    Stay,
    Subpopulation,
)
from anagen.exosomes.release.table import EvTrack, Lot, Release
from anagen.exosomes.series import ShelfLifeClaim, StabilityRow, own_rates, rate_parameters
from anagen.exosomes.source_cells import SOURCE_CELLS, SourceCell
from anagen.exosomes.storage import Count, OwnRates, StorageStep, Vial
from anagen.exosomes.systems import PRODUCTION_SYSTEMS
from anagen.parameters import Parameter


class Product(Described):
    """A vesicle product, generic: no brands.

    name, title, source_cell, summary; unknown: what is not known of it, at least one thing; the tables above.
    inactivated: whether the vesicles were made inactive on purpose (a control).
    """

    name: Name
    title: Line
    source_cell: SourceCellName
    summary: Line
    unknown: tuple[Line, ...]
    inactivated: Flag = False
    preparation: Preparation
    particles: Particles
    dose: ParticlesFigure
    batch: Batches
    characterisation: Characterisation
    marker: Annotated[tuple[Marker, ...], once("name")] = ()
    mirna: Annotated[tuple[Mirna, ...], once("name")] = ()
    cargo: Annotated[CargoField, once("name")] = ()
    engineering: Engineering | None = None
    potency: PotencyAssay | None = None
    subpopulation: Annotated[tuple[Subpopulation, ...], once("name")] = ()
    storage: tuple[Stay, ...] = ()
    process: Process | None = None
    stability: tuple[StabilityRow, ...] = ()
    shelf_life: ShelfLifeClaim | None = None
    release: Release | None = None
    lot: tuple[Lot, ...] = ()
    ev_track: EvTrack | None = None

    @field_validator("unknown")
    @classmethod
    def _check_unknown(cls, unknown: tuple[str, ...]) -> tuple[str, ...]:
        if not unknown:
            raise broken("", 'is empty; write down what is not known of the product, e.g. "dose response in people"')
        return unknown

    @field_validator("preparation")
    @classmethod
    def _check_preparation(cls, preparation: Preparation, info: ValidationInfo) -> Preparation:
        """Told beside the other problems of the file: the source is read first, and is known or told itself."""
        source = SOURCE_CELLS.get(info.data.get("source_cell", ""))
        if source is not None:
            tell_together(list(preparation_faults(preparation, source)))
        return preparation

    @field_validator("particles")
    @classmethod
    def _check_particles(cls, particles: Particles) -> Particles:
        if particles.concentration.value <= 0.0:
            raise broken("concentration", "holds no particles")
        return particles

    @field_validator("dose")
    @classmethod
    def _check_dose(cls, dose: ParticlesFigure) -> ParticlesFigure:
        if dose.value <= 0.0:
            raise broken("", "holds no particles")
        return dose

    @field_validator("subpopulation")
    @classmethod
    def _check_subpopulation(cls, classes: tuple[Subpopulation, ...]) -> tuple[Subpopulation, ...]:
        tell_together(list(subpopulation_faults(classes)))
        return classes

    @field_validator("process")
    @classmethod
    def _check_process(cls, process: Process | None, info: ValidationInfo) -> Process | None:
        """Told beside other problems where what it has to fit was read."""
        told = info.data
        if process is None or not {"source_cell", "preparation", "storage"} <= told.keys():
            return process
        preparation: Preparation = told["preparation"]
        made = PRODUCTION_SYSTEMS[preparation.system or SOURCE_CELLS[told["source_cell"]].systems[0]]
        dry = any(stay.lyophilised for stay in told["storage"])
        tell_together(list(process_faults(process, made, preparation.isolation, lyophilised=dry)))
        return process

    @model_validator(mode="after")
    def _check(self) -> Self:
        tell_together(list(count_faults(self.particles, self.history(), self.count())))
        return self

    @property
    def source(self) -> SourceCell:
        """Where the vesicles come from."""
        return SOURCE_CELLS[self.source_cell]

    @property
    def system(self) -> str:
        """The production system; the usual one of the source where the file names none."""
        return self.preparation.system or self.source.systems[0]

    @property
    def lyophilised(self) -> bool:
        """Whether it is freeze-dried: a stay of its history is dry."""
        return any(stay.lyophilised for stay in self.storage)

    def history(self) -> tuple[StorageStep, ...]:
        """The storage history as the storage model takes it."""
        return tuple(stay.step() for stay in self.storage)

    def count(self) -> Count:
        """When the particles were counted."""
        return Count(self.particles.counted, self.particles.counted_age)

    def vial(self, values: Mapping[str, float]) -> Vial:
        """What the product is kept in, for one draw of its numbers."""
        told = self.particles
        dense = values.get(f"{self.name}.concentration", told.concentration.value)
        return Vial(dense, told.vial_volume, told.wetted_surface)

    def own_rates(self, values: Mapping[str, float]) -> OwnRates:
        """Losses of the product's own stability series, for one draw of its numbers."""
        return own_rates(self.stability, self.name, values)

    def parameters(self) -> dict[str, Parameter]:
        """Numbers of the product as parameters, named "<product>.<field>", with the factor of a batch.

        The factor of a batch is log-normal with median 1 and the coefficient of variation of the file, of potency or of
        the count.
        """
        potency = self.potency.relative_potency if self.potency is not None else None
        engineering = self.engineering
        figures = {
            "concentration": self.particles.concentration,
            "diameter": self.particles.diameter,
            "particle_to_protein": self.particles.particle_to_protein,
            "dose": self.dose,
            "relative_potency": potency,
            "loaded_copies": engineering.copies if engineering else None,
            "kept_after_loading": engineering.kept_after_loading if engineering else None,
            "uptake": engineering.uptake if engineering else None,
            **{f"copies_{entry.name}": entry.copies for entry in self.mirna},
            **{entry.key: entry.amount for entry in self.cargo},
        }
        making = {} if self.process is None else process_parameters(self.process, PRODUCTION_SYSTEMS[self.system])
        rates = rate_parameters(self.stability, self.name)
        return parameters_of(figures, self.name) | rates | self._batch_factor() | making

    def _batch_factor(self) -> dict[str, Parameter]:
        name = f"{self.name}.batch_factor"
        width = math.exp(1.6448536269514722 * math.sqrt(math.log1p(self.batch.cv**2)))
        kind: Literal["fixed", "lognormal"] = "lognormal" if width > 1.0 else "fixed"
        return {name: Parameter(name, 1.0, "1", kind, 1.0 / width, width, self.batch.source, "C")}
