"""The tables of a product file: how the vesicles are made, what was counted and shown, how they are kept."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field
from pydantic.functional_validators import model_validator
from pydantic_core import PydanticCustomError

from anagen.core.fields import Whole, broken, tell_together
from anagen.exosomes.cargo import InputName, LoadedName
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
    Nanometres,
    Number,
    Percentage,
    PlainFigure,
    RatioFigure,
    SquareCentimetres,
    SystemName,
)
from anagen.exosomes.storage import Buffer, Counted, StorageStep, Tube

Counting = Literal["nta", "flow", "trps", "spiris", "dls", "not-told"]
Imaging = Literal["tem", "cryo-em", "sem", "afm", "super-resolution"]
Priming = Literal["hypoxia", "hyaluronate"]
Route = Literal["escrt", "ceramide"]


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
    blocked_route : Route, optional
        Way into multivesicular bodies that was shut: ESCRT (HRS, STAM1, TSG101 silenced) or ceramide (neutral
        sphingomyelinase inhibited, as by GW4869).
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
    blocked_route: Route | None = None

    @property
    def treatments(self) -> tuple[str, ...]:
        """Stems of the parameters of what was done to the cells beside culture."""
        told = {"priming": self.priming, "blocked": self.blocked_route}
        return tuple(f"{kind}_{what}" for kind, what in told.items() if what is not None)


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


class Subpopulation(Described):
    """Vesicles of a range of sizes and their share of the count.

    Attributes
    ----------
    name : Line
        Such as "small".
    smallest : Nanometres
        Lower end of the diameters.
    largest : Nanometres
        Upper end.
    share : Percentage
        Of all counted particles [%].
    source : Line
        How they were told apart.
    """

    name: Line
    smallest: Nanometres
    largest: Nanometres
    share: Percentage
    source: Line

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.smallest >= self.largest:
            words = f"{self.smallest:g} nm is not below largest, {self.largest:g} nm"
            raise broken("smallest", words)
        return self


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
        faults = list[PydanticCustomError]()
        if (self.loaded is None) != (self.copies is None):
            key = "copies" if self.copies is None else "loaded"
            faults.append(broken(key, "is missing; loaded cargo has a name and copies"))
        if self.loaded is None and self.acts_through is not None:
            words = "is an input, and nothing is loaded; name what was loaded and its copies"
            faults.append(broken("acts_through", words))
        if self.kept_after_loading is not None and self.kept_after_loading.value > 1.0:
            faults.append(broken("kept_after_loading", "is a share of the particles; it must be at most 1"))
        tell_together(faults)
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
