"""Cargo of vesicles as a product file tells it: what it is, how much there is, and the input that it acts through."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, StringConstraints, Tag
from pydantic.functional_validators import model_validator
from pydantic_core import PydanticCustomError

from anagen.core.fields import ONE_LINE, broken
from anagen.exosomes.fields import ActivityFigure, CopiesFigure, Described, Figure, Line, MassFigure, in_unit

MIRNA_NAME = r"^(let|miR)-[0-9]+[a-z]?(-[0-9]+)?(-[35]p)?$"
INPUT_NAME = r"^VESICLE_[A-Z0-9]+(_[A-Z0-9]+)*$"
UPTAKE, WNT, MIR122, ENZYME = "VESICLE_UPTAKE", "VESICLE_WNT", "VESICLE_MIR122", "VESICLE_ENZYME"
"""Inputs of the shipped network that vesicles occupy."""

CargoKind = Literal["mirna", "mrna", "lncrna", "protein", "lipid", "ligand", "enzyme"]
CARGO_KINDS: dict[CargoKind, str] = {
    "mirna": "works inside the cell: what leaves the endosome counts",
    "mrna": "works inside the cell: what leaves the endosome counts",
    "lncrna": "works inside the cell: what leaves the endosome counts",
    "protein": "works inside the cell: what leaves the endosome counts",
    "lipid": "works inside the cell: what leaves the endosome counts",
    "ligand": "works on a receptor at the cell's surface: needs neither uptake nor escape",
    "enzyme": "works by its activity, beside the cell's own",
}
"""Kinds of cargo, with what decides whether it can act."""


def mirna_name(name: object) -> object:
    """A miRBase name without the prefix of our species; that of another species is told as too much.

    Examples
    --------
    >>> mirna_name("hsa-miR-218-5p")
    'miR-218-5p'
    """
    if not isinstance(name, str):
        return name
    bare = re.sub(r"^[a-z]{3}-(?=(let|miR)-)", "", name)
    if name == bare or name == f"hsa-{bare}":
        return bare
    words = f"{name!r} has the prefix of another species than ours"
    raise PydanticCustomError("name", "{words}", {"words": words, "suggestion": bare})


def _ours(name: object) -> object:
    """What was loaded, which need not be a miRNA: its name without the prefix of our species."""
    return re.sub(r"^hsa-(?=(let|miR)-)", "", name) if isinstance(name, str) else name


def _own_input(name: str) -> str:
    if name == UPTAKE:
        raise broken("", f"{UPTAKE} is what the vesicles themselves do, not their cargo; name the cargo's own input")
    return name


InputName = Annotated[str, StringConstraints(pattern=INPUT_NAME, max_length=40), AfterValidator(_own_input)]
MirnaName = Annotated[str, Field(pattern=MIRNA_NAME, max_length=24), BeforeValidator(mirna_name)]
LoadedName = Annotated[str, Field(max_length=40), ONE_LINE, BeforeValidator(_ours)]
Kilodaltons = Annotated[float, in_unit("kDa"), Field(gt=0.0, le=10_000.0)]


class Mirna(Described):
    """A miRNA that the vesicles are said to carry.

    Attributes
    ----------
    name : MirnaName
        As miRBase has it, with "hsa-" or without.
    acts_on : Line
        What it is said to act on.
    source : Line
        Where that was published.
    copies : CopiesFigure, optional
        Copies per vesicle; left out where nobody counted.
    acts_through : InputName, optional
        Input of the signalling network that it occupies.
    """

    name: MirnaName
    acts_on: Line
    source: Line
    copies: CopiesFigure | None = None
    acts_through: InputName | None = None


class CargoItem(Described):
    """Anything else that vesicles carry.

    Attributes
    ----------
    name : Line
        As the field names it ("Wnt3a", "SFRP2 siRNA", "catalase").
    kind : CargoKind
        What it is, which decides how it can act.
    source : Line
        Where it was measured or published.
    acts_on : Line, optional
        What it is said to act on.
    copies : CopiesFigure, optional
        Copies or molecules per vesicle.
    concentration : MassFigure, optional
        Mass per volume of the vial, in place of copies; needs the molar mass.
    molar_mass : Kilodaltons, optional
        Of one molecule.
    activity : ActivityFigure, optional
        Of an enzyme, per protein of the vesicles.
    acts_through : InputName, optional
        Input of the signalling network that it occupies.
    """

    name: Annotated[Line, Field(max_length=60)]
    kind: CargoKind
    source: Line
    acts_on: Line | None = None
    copies: CopiesFigure | None = None
    concentration: MassFigure | None = None
    molar_mass: Kilodaltons | None = None
    activity: ActivityFigure | None = None
    acts_through: InputName | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.kind == "enzyme" and (self.copies is not None or self.concentration is not None):
            raise broken("activity", "is how much there is of an enzyme; leave copies and concentration out")
        if self.kind != "enzyme" and self.activity is not None:
            raise broken("activity", f"is that of an enzyme; a {self.kind} has copies or a concentration")
        if self.copies is not None and self.concentration is not None:
            raise broken("concentration", "stands beside copies; keep the one that was measured")
        if self.concentration is not None and self.molar_mass is None:
            raise broken("molar_mass", "is missing; a mass becomes molecules by it, such as 45 kDa")
        return self

    @property
    def key(self) -> str:
        """Name of its amount among the numbers of the product."""
        return f"cargo_{self.name.replace(' ', '_')}"

    @property
    def amount(self) -> Figure | None:
        """How much there is, in the unit in which it was measured; None where nobody did."""
        return self.copies or self.concentration or self.activity


class CargoTable(Described):
    """Cargo as older files write it, one key for each."""

    surface_wnt: CopiesFigure | None = None
    catalase: ActivityFigure | None = None
    superoxide_dismutase: ActivityFigure | None = None
    vegf: MassFigure | None = None
    igf1: MassFigure | None = None

    def entries(self) -> tuple[CargoItem, ...]:
        """The same as entries of [[cargo]], in the order of the keys."""
        figures = {name: getattr(self, name) for name in CargoTable.model_fields}
        return tuple(
            CargoItem(source=figure.source, **_OLDER[name], **{_MEASURED[name]: figure})
            for name, figure in figures.items()
            if figure is not None
        )


_OLDER: Mapping[str, dict[str, Any]] = {
    "surface_wnt": {"name": "surface Wnt", "kind": "ligand", "acts_through": WNT},
    "catalase": {"name": "catalase", "kind": "enzyme"},
    "superoxide_dismutase": {"name": "superoxide dismutase", "kind": "enzyme"},
    "vegf": {"name": "VEGF", "kind": "ligand", "molar_mass": "45 kDa"},
    "igf1": {"name": "IGF-1", "kind": "ligand", "molar_mass": "7.6 kDa"},
}
_MEASURED = {
    "surface_wnt": "copies",
    "catalase": "activity",
    "superoxide_dismutase": "activity",
    "vegf": "concentration",
    "igf1": "concentration",
}


def _form(value: object) -> str:
    return "table" if isinstance(value, dict | CargoTable) else "list"


def _entries(value: tuple[CargoItem, ...] | CargoTable) -> tuple[CargoItem, ...]:
    return value.entries() if isinstance(value, CargoTable) else value


if TYPE_CHECKING:
    # what is read in either form is kept as entries
    CargoField = tuple[CargoItem, ...]
else:
    CargoField = Annotated[
        Annotated[CargoTable, Tag("table")] | Annotated[tuple[CargoItem, ...], Tag("list")],
        Discriminator(_form),
        AfterValidator(_entries),
    ]
"""[[cargo]], or the [cargo] of older files, as entries."""


_WNT = re.compile(r"\s*(surface\s+)?wnt-?\d*[ab]?\s*", re.IGNORECASE)
_ENZYMES = re.compile(r"\s*(catalase|superoxide dismutase|sod-?[123]?)\s*", re.IGNORECASE)


def usual_input(name: str, kind: str) -> str | None:
    """Input of the shipped network that cargo occupies where its file names none; None where there is none.

    Examples
    --------
    >>> usual_input("miR-122-5p", "mirna"), usual_input("Wnt3a", "ligand"), usual_input("VEGF", "ligand")
    ('VESICLE_MIR122', 'VESICLE_WNT', None)
    """
    if kind == "mirna" and name == "miR-122-5p":
        return MIR122
    if kind == "ligand" and _WNT.fullmatch(name):
        return WNT
    return ENZYME if kind == "enzyme" and _ENZYMES.fullmatch(name) else None


_GROWTH_FACTOR = re.compile(r"\s*(vegf|igf|tgf|pdgf|fgf|egf|hgf|kgf)\b.*", re.IGNORECASE)


def why_not(name: str, kind: str) -> str:
    """Why cargo that was measured moves nothing by itself: what is known of it in hair.

    Examples
    --------
    >>> "not delivery" in why_not("VEGF", "ligand")
    True
    """
    if kind in ("ligand", "protein") and re.match(r"\s*tgf", name, re.IGNORECASE):
        return (
            "what was seen is that vesicles lower TGF-beta 1 in the papilla (Liang 2023), not that they deliver it; "
            "what is delivered would end anagen, and a sign of its own needs an edge of its own"
        )
    if kind in ("ligand", "protein") and _GROWTH_FACTOR.fullmatch(name):
        return (
            "what was seen is secretion by the papilla cells treated, not delivery (doi:10.1038/s41598-017-15505-3); "
            "the way of uptake holds it already, so that a dose in the vial would be counted twice"
        )
    if kind == "enzyme" and _ENZYMES.fullmatch(name):
        return "no hair evidence: its edge has weight 0 in the shipped network"
    return "nothing in the shipped network listens to it"
