"""Types of the fields of a product file: quantities with a unit, registered names, figures with interval and source."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, Strict, StringConstraints
from pydantic.functional_validators import model_validator
from pydantic_core import PydanticCustomError

from anagen.core.errors import InputError
from anagen.core.fields import ONE_LINE, broken
from anagen.core.reading import nearest, number, shown
from anagen.core.registry import Registry
from anagen.core.units import parse_quantity, quantity_example, with_unit
from anagen.exosomes.isolation import ISOLATION_METHODS
from anagen.exosomes.markers import MARKERS
from anagen.exosomes.source_cells import SOURCE_CELLS
from anagen.exosomes.systems import PRODUCTION_SYSTEMS
from anagen.parameters import Parameter
from anagen.parameters.parameter import Grade

Basis = Literal["measured", "published", "label", "assumed"]
Line = Annotated[str, StringConstraints(min_length=1, max_length=600, strip_whitespace=True), ONE_LINE]
PRODUCT_NAME = r"^[a-z0-9][a-z0-9-]*$"
Name = Annotated[str, StringConstraints(pattern=PRODUCT_NAME, max_length=80)]
NARROWEST, WIDEST = 30.0, 1000.0
"""Diameters of extracellular vesicles [nm], see `DiameterFigure`."""
Flag = Annotated[bool, Strict()]
Number = Annotated[float, Strict(), Field(allow_inf_nan=False)]


def in_unit(unit: str) -> BeforeValidator:
    """Reads text such as "5 mL" into a number of `unit`."""
    return BeforeValidator(_reader(unit))


def known(registry: Registry[Any], short: Mapping[str, str] = MappingProxyType({})) -> AfterValidator:
    """Lets pass only names that are registered; what people call them is told as the right spelling."""

    def check(name: str) -> str:
        if name not in registry:
            context = {
                "words": f"unknown {registry.kind} {name[:60]!r}",
                "allowed": registry.names(),
                "suggestion": short.get("-".join(name.lower().replace("_", " ").split())) or nearest(name, registry),
            }
            raise PydanticCustomError("name", "{words}", context)
        return name

    return AfterValidator(check)


def _reader(unit: str) -> Callable[[object], float]:
    def read(value: object) -> float:
        if isinstance(value, str):
            # A bare C is how people write it, and a coulomb to a unit library.
            text = re.sub(r"(?<=[\d\s])(°|deg)?C$", "degC", value.strip()) if unit == "degC" else value
            try:
                return parse_quantity(text, unit)
            except InputError as error:
                problem = error.problems[0]
                context = {"words": problem.message, "allowed": problem.allowed, "suggestion": problem.suggestion}
                raise PydanticCustomError("quantity", "{words}", context) from None
        words = f'{shown(value)} has no unit; expected text such as "{quantity_example(unit)}"'
        amount = number(value)
        suggestion = None if amount is None else with_unit(amount, unit)
        raise PydanticCustomError("quantity", "{words}", {"words": words, "allowed": (), "suggestion": suggestion})

    return read


CELLS_MEANT = {
    "wharton-jelly": "uc-msc",
    "wharton's-jelly": "uc-msc",
    "wj-msc": "uc-msc",
    "huc-msc": "uc-msc",
    "umbilical-cord": "uc-msc",
    "bone-marrow": "bm-msc",
    "adipose": "adsc",
    "asc": "adsc",
    "dpc": "dermal-papilla",
    "prp": "platelet",
    "colostrum": "milk",
}
"""What people call source cells -> their name here."""
_METHODS = {
    "tff": "tangential-flow",
    "sec": "size-exclusion",
    "uc": "ultracentrifugation",
    "duc": "ultracentrifugation",
    "uf": "ultrafiltration",
    "peg": "precipitation",
    "iodixanol": "density-gradient",
    "sucrose-gradient": "density-gradient",
    "ipc": "immunoaffinity",
}
VALUES_MEANT = {
    "nanosight": "nta",
    "zetaview": "nta",
    "videodrop": "nta",
    "nanofcm": "flow",
    "nano-flow": "flow",
    "cytoflex": "flow",
    "qnano": "trps",
    "exoid": "trps",
    "exoview": "spiris",
    "leprechaun": "spiris",
    "zetasizer": "dls",
    "yes": "present",
    "positive": "present",
    "+": "present",
    "no": "absent",
    "negative": "absent",
    "-": "absent",
    "cryo-tem": "cryo-em",
    "eppendorf": "polypropylene",
    "vial": "glass",
}
"""What people write for a method, a result or a tube -> the value that is allowed there."""
SourceCellName = Annotated[str, known(SOURCE_CELLS, CELLS_MEANT)]
MethodName = Annotated[str, known(ISOLATION_METHODS, _METHODS)]
SystemName = Annotated[str, known(PRODUCTION_SYSTEMS)]
MarkerName = Annotated[str, known(MARKERS)]
Days = Annotated[float, in_unit("day"), Field(ge=0.0, le=3650.0)]
Celsius = Annotated[float, in_unit("degC"), Field(ge=-200.0, le=60.0)]
Millilitres = Annotated[float, in_unit("mL"), Field(gt=0.0, le=1000.0)]
SquareCentimetres = Annotated[float, in_unit("cm^2"), Field(gt=0.0, le=1.0e4)]
Nanometres = Annotated[float, in_unit("nm"), Field(ge=10.0, le=WIDEST)]
Percentage = Annotated[float, in_unit("percent"), Field(ge=0.0, le=100.0)]


class Described(BaseModel):
    """Base of every table of a product file: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Figure(Described):
    """A number of a product with its interval, basis, source and grade.

    Attributes
    ----------
    value : float
        Central value.
    low : float, optional
        5 % limit; both limits or none. Without them the number is taken as exact.
    high : float, optional
        95 % limit.
    basis : Basis
        Measured (on this product), published (on a product like it), label (claimed), assumed.
    source : Line
        Where it comes from.
    grade : Grade
        A established, B thin, C assumption.
    """

    unit: ClassVar[str] = "1"
    value: float
    low: float | None = None
    high: float | None = None
    basis: Basis
    source: Line
    grade: Grade

    @model_validator(mode="after")
    def _check_interval(self) -> Self:
        if self.value < 0.0:
            raise broken("value", f"{self.value:g} is impossible; it must be at least 0")
        if (self.low is None) != (self.high is None):
            missing = "high" if self.high is None else "low"
            raise broken(missing, "is missing; an interval has low and high, or neither")
        if self.low is not None and self.high is not None:
            if not self.low <= self.value <= self.high:
                raise broken("value", f"{self.value:g} does not lie between low {self.low:g} and high {self.high:g}")
            if not 0.0 < self.low < self.high:
                raise broken("low", "must be above 0 and below high; the number is drawn on a logarithmic scale")
        return self

    def parameter(self, name: str) -> Parameter:
        """The number as a parameter with a log-normal prior, or fixed where it has no interval."""
        if self.low is None or self.high is None:
            return Parameter(name, self.value, self.unit, "fixed", self.value, self.value, self.source, self.grade)
        return Parameter(name, self.value, self.unit, "lognormal", self.low, self.high, self.source, self.grade)


class PlainFigure(Figure):
    """A number without a unit, or in the unit that its key names."""

    value: Number
    low: Number | None = None
    high: Number | None = None


class CopiesFigure(PlainFigure):
    """Copies or molecules per vesicle."""

    unit: ClassVar[str] = "copies/vesicle"


class ParticlesFigure(Figure):
    """A number of particles."""

    unit: ClassVar[str] = "particles"
    value: Annotated[float, in_unit("particles")]
    low: Annotated[float, in_unit("particles")] | None = None
    high: Annotated[float, in_unit("particles")] | None = None


class ConcentrationFigure(Figure):
    """Particles per volume."""

    unit: ClassVar[str] = "particles/mL"
    value: Annotated[float, in_unit("particles/mL")]
    low: Annotated[float, in_unit("particles/mL")] | None = None
    high: Annotated[float, in_unit("particles/mL")] | None = None


class RatioFigure(Figure):
    """Particles per mass of protein."""

    unit: ClassVar[str] = "particles/ug"
    value: Annotated[float, in_unit("particles/ug")]
    low: Annotated[float, in_unit("particles/ug")] | None = None
    high: Annotated[float, in_unit("particles/ug")] | None = None


class LengthFigure(Figure):
    """A diameter."""

    unit: ClassVar[str] = "nm"
    value: Annotated[float, in_unit("nm")]
    low: Annotated[float, in_unit("nm")] | None = None
    high: Annotated[float, in_unit("nm")] | None = None


class DiameterFigure(LengthFigure):
    """The mean or median diameter of vesicles.

    Extracellular vesicles are about 30 to 1000 nm wide; what is wider is an apoptotic body or an oncosome, and what is
    narrower no vesicle (van Niel 2018, doi:10.1038/nrm.2017.125).
    """

    @model_validator(mode="after")
    def _check_size(self) -> Self:
        if not NARROWEST <= self.value <= WIDEST:
            words = f"{self.value:g} nm is impossible; vesicles are {NARROWEST:g} to {WIDEST:g} nm wide"
            meant = f"{self.value:g} um" if NARROWEST <= self.value * 1000.0 <= WIDEST else None
            raise broken("value", f"{words} (doi:10.1038/nrm.2017.125)", meant)
        return self


class MassFigure(Figure):
    """A mass per volume."""

    unit: ClassVar[str] = "ng/mL"
    value: Annotated[float, in_unit("ng/mL")]
    low: Annotated[float, in_unit("ng/mL")] | None = None
    high: Annotated[float, in_unit("ng/mL")] | None = None


class ActivityFigure(Figure):
    """An enzyme activity per mass of protein."""

    unit: ClassVar[str] = "U/mg"
    value: Annotated[float, in_unit("U/mg")]
    low: Annotated[float, in_unit("U/mg")] | None = None
    high: Annotated[float, in_unit("U/mg")] | None = None


def parameters_of(figures: Mapping[str, Figure | None], prefix: str) -> dict[str, Parameter]:
    """Parameters of the figures that are there, named "<prefix>.<key>"."""
    return {
        f"{prefix}.{key}": figure.parameter(f"{prefix}.{key}") for key, figure in figures.items() if figure is not None
    }
