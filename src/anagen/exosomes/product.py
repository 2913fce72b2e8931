"""What is known of a vesicle product, as its file says it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, ValidationInfo, field_validator
from pydantic.functional_validators import model_validator

from anagen.core.fields import Whole, broken
from anagen.exosomes.cargo import CargoField, InputName, LoadedName, Mirna
from anagen.exosomes.fields import (
    Celsius,
    ConcentrationFigure,
    CopiesFigure,
    Days,
    Described,
    DiameterFigure,
    Flag,
    LengthFigure,
    Line,
    MarkerName,
    MethodName,
    Millilitres,
    Name,
    Number,
    ParticlesFigure,
    Percentage,
    PlainFigure,
    RatioFigure,
    SourceCellName,
    SquareCentimetres,
    SystemName,
    parameters_of,
)
from anagen.exosomes.process import Process, check_process, process_parameters
from anagen.exosomes.release.table import EvTrack, Lot, Release
from anagen.exosomes.series import ShelfLifeClaim, StabilityRow, own_rates, rate_parameters
from anagen.exosomes.source_cells import SOURCE_CELLS, SourceCell
from anagen.exosomes.storage import Buffer, Count, Counted, OwnRates, StorageStep, Tube, Vial, counted_days
from anagen.exosomes.systems import PRODUCTION_SYSTEMS
from anagen.parameters import Parameter

Counting = Literal["nta", "flow", "trps", "spiris", "dls", "not-told"]
Imaging = Literal["tem", "cryo-em", "sem", "afm", "super-resolution"]
Priming = Literal["hypoxia", "hyaluronate"]


class Preparation(Described):
    """How the vesicles are obtained.

    Attributes
    ----------
    isolation : Annotated[tuple[MethodName, ...], Field(max_length=6)], default ()
        Steps in order.
    system : SystemName, optional
        Production system; the usual one of the source where left out.
    medium : Line, optional
        Culture medium or raw material.
    depleted : Flag, optional
        Whether vesicles of serum or lysate were removed, or none used.
    passage : Annotated[Whole, Field(ge=0, le=40)], optional
        Passage of the cells.
    viability : Percentage, optional
        Living cells at harvest [%].
    cells_counted : Flag, default False
        Whether their number is told.
    donors : Line, optional
        Who the cells come from.
    priming : Priming, optional
        What the cells were treated with so that they release more, or other, vesicles.
    """

    isolation: Annotated[tuple[MethodName, ...], Field(max_length=6)] = ()
    system: SystemName | None = None
    medium: Line | None = None
    depleted: Flag | None = None
    passage: Annotated[Whole, Field(ge=0, le=40)] | None = None
    viability: Percentage | None = None
    cells_counted: Flag = False
    donors: Line | None = None
    priming: Priming | None = None


class Particles(Described):
    """What is in the vial.

    Attributes
    ----------
    concentration : ConcentrationFigure
        Particles per mL.
    vial_volume : Millilitres
        Volume of a vial.
    counting : Counting
        Method of the count.
    second_method : Counting, optional
        A second, independent count.
    diameter : DiameterFigure, optional
        Of the size distribution.
    diameter_sd : LengthFigure, optional
        Of the size distribution.
    particle_to_protein : RatioFigure, optional
        Particles per ug protein.
    wetted_surface : SquareCentimetres, optional
        Wall that the content of a vial wets; from its volume where left out.
    counted : Counted, default "at_release"
        When the count was made: what was lost before is not lost again.
    counted_age : Days, optional
        How long the counted vial had been frozen or dry; as long as `storage` tells where left out.
    """

    concentration: ConcentrationFigure
    vial_volume: Millilitres
    counting: Counting
    second_method: Counting | None = None
    diameter: DiameterFigure | None = None
    diameter_sd: LengthFigure | None = None
    particle_to_protein: RatioFigure | None = None
    wetted_surface: SquareCentimetres | None = None
    counted: Counted = "at_release"
    counted_age: Days | None = None


class Marker(Described):
    """One marker and what was found."""

    name: MarkerName
    result: Literal["present", "absent", "not-tested"]
    source: Line


class Engineering(Described):
    """What was changed on purpose.

    Attributes
    ----------
    method : Line
        How.
    loaded : LoadedName, optional
        Name of what was loaded.
    copies : CopiesFigure, optional
        Loaded copies per vesicle, free label removed.
    acts_through : InputName, optional
        Input of the signalling network that what was loaded occupies.
    kept_after_loading : PlainFigure, optional
        Share of particles that the loading leaves.
    targeting : Line, optional
        Ligand.
    uptake : PlainFigure, optional
        Uptake by papilla cells over that of native vesicles.
    """

    method: Line
    loaded: LoadedName | None = None
    copies: CopiesFigure | None = None
    acts_through: InputName | None = None
    kept_after_loading: PlainFigure | None = None
    targeting: Line | None = None
    uptake: PlainFigure | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.loaded is None) != (self.copies is None):
            raise broken(
                "copies" if self.copies is None else "loaded", "is missing; loaded cargo has a name and copies"
            )
        if self.loaded is None and self.acts_through is not None:
            raise broken("acts_through", "is an input, and nothing is loaded; name what was loaded and its copies")
        if self.kept_after_loading is not None and self.kept_after_loading.value > 1.0:
            raise broken("kept_after_loading", "is a share of the particles; it must be at most 1")
        return self


class PotencyAssay(Described):
    """A functional assay and the potency per vesicle relative to the reference product (1).

    passage: of the cells whose vesicles were assayed; a loss of activity up to there is in the number.
    """

    assay: Line
    cells: Line
    dose_response: Flag
    vehicle_control: Flag
    depleted_control: Flag
    source: Line
    passage: Annotated[Whole, Field(ge=0, le=40)] | None = None
    relative_potency: PlainFigure | None = None


class Characterisation(Described):
    """What else was shown of the product; what is left out was not told.

    Attributes
    ----------
    claims : Literal["extracellular vesicle", "exosome"]
        The name used.
    endosomal_origin : Flag, optional
        Shown or not.
    imaging : tuple[Imaging, ...], default ()
        Single-vesicle pictures.
    topology : Flag, optional
        Protease or RNase protection.
    detergent_control : Flag, optional
        Controls of the count.
    buffer_control : Flag, optional
        Controls of the count.
    sterility : Flag, optional
        Release for injection.
    endotoxin : Flag, optional
        Release for injection.
    methods_reported : Flag, optional
        Separation told with enough detail to repeat it (EV-TRACK or alike).
    """

    claims: Literal["extracellular vesicle", "exosome"]
    endosomal_origin: Flag | None = None
    imaging: tuple[Imaging, ...] = ()
    topology: Flag | None = None
    detergent_control: Flag | None = None
    buffer_control: Flag | None = None
    sterility: Flag | None = None
    endotoxin: Flag | None = None
    methods_reported: Flag | None = None


class Stay(Described):
    """One step of a storage history."""

    temperature: Celsius
    days: Days
    buffer: Buffer = "pbs"
    tube: Tube = "polypropylene"
    freeze_thaws: Annotated[Whole, Field(ge=0, le=100)] = 0
    lyophilised: Flag = False

    def step(self) -> StorageStep:
        """The stay as the storage model takes it."""
        return StorageStep(
            self.temperature, self.days, self.buffer, self.tube, self.freeze_thaws, lyophilised=self.lyophilised
        )


class Batches(Described):
    """Variation between batches: coefficient of variation, what of, and how many batches it was seen in.

    of: "potency" or "count"; where left out, the variation is taken as that of potency, and the check says so.
    """

    cv: Annotated[Number, Field(ge=0.0, le=2.0)]
    of: Literal["potency", "count"] | None = None
    seen_in: Annotated[Whole, Field(ge=0)] = 0
    source: Line


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
    marker: tuple[Marker, ...] = ()
    mirna: tuple[Mirna, ...] = ()
    cargo: CargoField = ()
    engineering: Engineering | None = None
    potency: PotencyAssay | None = None
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
    def _check_system(cls, preparation: Preparation, info: ValidationInfo) -> Preparation:
        """Told beside the other problems of the file: the source is read first, and is known or told itself."""
        source = SOURCE_CELLS.get(info.data.get("source_cell", ""))
        if source is not None and preparation.system is not None:
            refused = source.refuses(preparation.system)
            if refused is not None:
                raise broken("system", refused)
        return preparation

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.process is not None:
            made = PRODUCTION_SYSTEMS[self.system]
            check_process(self.process, made, self.preparation.isolation, lyophilised=self.lyophilised)
        if self.preparation.priming is not None and not self.source.grown:
            raise broken("preparation", f"priming treats cells in culture; {self.source.title} are not grown")
        for key, names in (
            ("marker", [entry.name for entry in self.marker]),
            ("mirna", [entry.name for entry in self.mirna]),
            ("cargo", [entry.name for entry in self.cargo]),
        ):
            twice = sorted({name for name in names if names.count(name) > 1})
            if twice:
                raise broken(key, f"lists {', '.join(twice)} more than once")
        if self.dose.value <= 0.0 or self.particles.concentration.value <= 0.0:
            raise broken("dose" if self.dose.value <= 0.0 else "particles", "holds no particles")
        self._check_count()
        return self

    def _check_count(self) -> None:
        counted, age = self.particles.counted, self.particles.counted_age
        if counted == "at_release":
            if age is not None:
                raise broken("particles", "counted_age needs counted after_thaw or after_reconstitution")
            return
        stay = counted_days(self.history(), self.count())
        if self.storage and stay is None:
            missing = "frozen" if counted == "after_thaw" else "lyophilised"
            raise broken("particles", f"counted {counted} needs a {missing} stay in storage; the count ends it")
        if age is not None and age > (stay or 0.0):
            told = f"storage tells {stay or 0.0:g} days"
            raise broken("particles", f"counted_age {age:g} days is longer than the stay that the count ends; {told}")

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
