"""The tables [release] and [[lot]] of a product file: results of a batch, and batches that are compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from anagen.core.errors import InputError
from anagen.core.fields import broken, once
from anagen.core.reading import is_list, nearest, number, shown
from anagen.exosomes.fields import Described, Line, Millilitres, Number, in_unit, known
from anagen.exosomes.release.items import SPECIFICATION, ReleaseItem, Use
from anagen.exosomes.release.limits import NO_UNIT, RATIO, Limit, Quantity, read_limit, read_quantity, with_unit

_TESTS = {
    "endotoxin": "endotoxin per dose",
    "lal": "endotoxin per mL",
    "virus": "adventitious virus",
    "viruses": "adventitious virus",
    "str": "STR profile",
    "ph": "pH",
    "albumin": "residual albumin",
    "antibiotics": "residual antibiotics",
    "dna": "residual DNA",
    "viability": "cell viability",
    "count": "particles per container",
    "subvisible-particles": "subvisible particles 10 um",
    "donors": "donor eligibility",
}
Particles = Annotated[float, in_unit("particles"), Field(gt=0.0)]


def _day(value: object) -> date:
    """A day, as TOML has it or as text."""
    try:
        return value if type(value) is date else date.fromisoformat(str(value))
    except ValueError:
        raise broken("", f"{shown(value)} is no day; expected year, month and day, such as 2026-03-31") from None


Day = Annotated[date, BeforeValidator(_day)]


class TestResult(Described):
    """One result of a batch.

    Attributes
    ----------
    test : str
        An item of the specification.
    result : text, number or list of text
        A quantity with its unit, "< 0.05 EU/mL" where the method tells no less; or an outcome such as "negative"; a
        list where several containers were tested. True or false is read, but is no result.
    method : Line
        How it was tested.
    limit : Line, optional
        The maker's own limit; that of the specification where left out.
    """

    __test__ = False

    test: Annotated[str, known(SPECIFICATION, _TESTS)]
    result: object
    method: Line
    limit: Line | None = None

    @field_validator("test")
    @classmethod
    def _check_test(cls, test: str) -> str:
        if SPECIFICATION[test].told_by_tables:
            raise broken("", f"{test!r} is read from other tables of the file and takes no result")
        return test

    @field_validator("result")
    @classmethod
    def _check_result(cls, result: object, info: ValidationInfo) -> object:
        item = SPECIFICATION.get(info.data.get("test", ""))
        if item is None or isinstance(result, bool):
            return result
        if item.unit is not None:
            _tell(lambda: _quantities(result, item))
        elif result not in item.outcomes:
            words = f"{shown(result)} is no outcome of {item.name!r}; outcomes are {', '.join(item.outcomes)}"
            raise broken("", words, nearest(result, item.outcomes))
        return result

    @field_validator("limit")
    @classmethod
    def _check_limit(cls, limit: str | None, info: ValidationInfo) -> str | None:
        item = SPECIFICATION.get(info.data.get("test", ""))
        unit = None if item is None else item.unit
        if limit is not None and unit is not None:
            _tell(lambda: read_limit(limit, unit))
        return limit

    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers, one per container tested.

        Raises
        ------
        InputError
            Where one cannot be read.
        """
        return _quantities(self.result, SPECIFICATION[self.test])

    def own_limit(self) -> Limit | None:
        """The maker's own limit of a number; None where the file sets none."""
        unit = SPECIFICATION[self.test].unit
        return None if self.limit is None or unit is None else read_limit(self.limit, unit)


def _quantities(result: object, item: ReleaseItem) -> tuple[Quantity, ...]:
    """The numbers of a result in the unit of its item, every one of them possible."""
    unit = item.unit or NO_UNIT
    entries: list[object] = list(result) if is_list(result) else [result]
    if not entries:
        raise broken("", "is an empty list")
    for entry in entries:
        if not isinstance(entry, str) and (unit not in (NO_UNIT, RATIO) or number(entry) is None):
            raise broken("", f'{shown(entry)} has no unit; expected text such as "1 {unit}"')
    found = tuple(read_quantity(entry, unit) for entry in entries)
    if item.possible is not None:
        low, high = item.possible
        for quantity in found:
            if not low <= quantity.value <= high:
                bounds = with_unit(f"{low:g} to {high:g}", unit)
                raise broken("", f"{quantity.text(unit)} is impossible for {item.name!r}; it lies within {bounds}")
    return found


def _tell(read: Callable[[], object]) -> None:
    """Reads, and tells what is wrong at the field."""
    try:
        read()
    except InputError as error:
        problem = error.problems[0]
        raise broken("", problem.message, problem.suggestion) from None


class Release(Described):
    """Results of one batch against the specification.

    Attributes
    ----------
    batch : Line, optional
        Number of the batch.
    date : date, optional
        Of the results, as 2026-03-31.
    use : Use, optional
        What it is for; injected where left out, which asks for most.
    label : Particles, optional
        Particles that the label of a container names.
    dose_volume : Millilitres, optional
        Volume of a dose; dose over concentration where left out.
    result : tuple of TestResult
        Results.
    """

    batch: Line | None = None
    date: Day | None = None
    use: Use | None = None
    label: Particles | None = None
    dose_volume: Millilitres | None = None
    result: Annotated[tuple[TestResult, ...], once("test", "; several containers stand in one list")] = ()


class Lot(Described):
    """One batch of the product, for comparisons between processes: what was counted and assayed."""

    name: Line
    particles: Particles | None = None
    relative_potency: Annotated[Number, Field(gt=0.0)] | None = None


class EvTrack(Described):
    """What the knowledge base EV-TRACK asks for beyond the rest of the file.

    Attributes
    ----------
    ultracentrifugation : Line, optional
        Rotor, speed or g, time, temperature.
    density : Line, optional
        Density of the vesicles that was found in a gradient.
    antibodies : Line, optional
        Supplier, clone or number, dilution of every antibody.
    lysate : Line, optional
        Buffer in which vesicles were lysed for the test of proteins.
    """

    ultracentrifugation: Line | None = None
    density: Line | None = None
    antibodies: Line | None = None
    lysate: Line | None = None
