"""The tables [release] and [[lot]] of a product file: results of a batch, and batches that are compared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Self

from pydantic import Field
from pydantic.functional_validators import model_validator

from anagen.core.errors import InputError
from anagen.core.fields import broken
from anagen.core.reading import is_list, number, shown
from anagen.exosomes.fields import Described, Line, Millilitres, Number, in_unit, known
from anagen.exosomes.release.items import SPECIFICATION, Use
from anagen.exosomes.release.limits import NO_UNIT, Limit, Quantity, read_limit, read_quantity

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

    @model_validator(mode="after")
    def _check(self) -> Self:
        item = SPECIFICATION[self.test]
        if item.told_by_tables:
            raise broken("test", f"{self.test!r} is read from other tables of the file and takes no result")
        if not isinstance(self.result, bool):
            _tell("result", self.quantities if item.unit is not None else self._check_outcome)
        if item.unit is not None and self.limit is not None:
            _tell("limit", self.own_limit)
        return self

    def quantities(self) -> tuple[Quantity, ...]:
        """The numbers, one per container tested.

        Raises
        ------
        InputError
            Where one cannot be read.
        """
        unit = SPECIFICATION[self.test].unit or NO_UNIT
        entries: list[object] = list(self.result) if is_list(self.result) else [self.result]
        if not entries:
            raise broken("result", "is an empty list")
        for entry in entries:
            if not isinstance(entry, str) and (unit != NO_UNIT or number(entry) is None):
                raise broken("result", f'{shown(entry)} has no unit; expected text such as "1 {unit}"')
        return tuple(read_quantity(entry, unit) for entry in entries)

    def own_limit(self) -> Limit | None:
        """The maker's own limit of a number; None where the file sets none."""
        unit = SPECIFICATION[self.test].unit
        return None if self.limit is None or unit is None else read_limit(self.limit, unit)

    def _check_outcome(self) -> None:
        item = SPECIFICATION[self.test]
        if self.result not in item.outcomes:
            words = f"{shown(self.result)} is no outcome of {self.test!r}; outcomes are {', '.join(item.outcomes)}"
            raise broken("result", words)


def _tell(key: str, read: Callable[[], object]) -> None:
    """Reads, and tells what is wrong at its key."""
    try:
        read()
    except InputError as error:
        problem = error.problems[0]
        raise broken(key, problem.message, problem.suggestion) from None


class Release(Described):
    """Results of one batch against the specification.

    Attributes
    ----------
    batch : Line, optional
        Number of the batch.
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
    use: Use | None = None
    label: Particles | None = None
    dose_volume: Millilitres | None = None
    result: tuple[TestResult, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        names = [entry.test for entry in self.result]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise broken("result", f"lists {', '.join(twice)} more than once; several containers stand in one list")
        return self


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
