"""The maker's own process: vessels, titres, step yields, prices, staff and tests in place of the defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Self, cast

from pydantic import BeforeValidator, Field
from pydantic.functional_validators import model_validator

from anagen.core.fields import Whole, broken
from anagen.core.reading import nearest
from anagen.exosomes.fields import ConcentrationFigure, Described, Figure, Line, Number, PlainFigure, in_unit
from anagen.exosomes.isolation import ISOLATION_METHODS
from anagen.exosomes.systems import ProductionSystem
from anagen.parameters import Parameter, ParameterSet

OWN_SOURCE = "the maker's own number"
FREEZE_DRYING = "freeze-drying"
"""Name of the step beside the isolation methods that a process can describe."""


class DaysFigure(Figure):
    """A duration."""

    unit: ClassVar[str] = "day"
    value: Annotated[float, in_unit("day")]
    low: Annotated[float, in_unit("day")] | None = None
    high: Annotated[float, in_unit("day")] | None = None


class HoursFigure(Figure):
    """Hours of work or machine."""

    unit: ClassVar[str] = "hour"
    value: Annotated[float, in_unit("hour")]
    low: Annotated[float, in_unit("hour")] | None = None
    high: Annotated[float, in_unit("hour")] | None = None


class VolumeFigure(Figure):
    """A volume."""

    unit: ClassVar[str] = "mL"
    value: Annotated[float, in_unit("mL")]
    low: Annotated[float, in_unit("mL")] | None = None
    high: Annotated[float, in_unit("mL")] | None = None


def _figure(value: object) -> object:
    """A bare number or text stands for a figure of the maker's own; a table may leave out what it was measured on."""
    told: dict[str, Any] = cast("dict[str, Any]", value) if isinstance(value, dict) else {"value": value}
    return {"basis": "measured", "source": OWN_SOURCE, "grade": "B", **told}


_OWN = BeforeValidator(_figure)
OwnNumber = Annotated[PlainFigure, _OWN]
OwnDays = Annotated[DaysFigure, _OWN]
OwnHours = Annotated[HoursFigure, _OWN]
OwnVolume = Annotated[VolumeFigure, _OWN]
OwnTitre = Annotated[ConcentrationFigure, _OWN]
WorkingVolume = Annotated[float, in_unit("mL"), Field(gt=0.0, le=2e7)]


class ReleaseTest(Described):
    """One test of a batch: its price [USD] and how long it takes."""

    name: Line
    cost: Annotated[Number, Field(ge=0.0)]
    days: Annotated[float, in_unit("day"), Field(ge=0.0, le=365.0)]


class OwnStep(Described):
    """A separation step as the maker runs it.

    Attributes
    ----------
    yield_share : OwnNumber, optional
        Share of the particles that it keeps.
    capacity : OwnVolume, optional
        Volume that one run takes; for freeze-drying `doses`.
    doses : OwnNumber, optional
        Doses that one run of the freeze-dryer takes.
    hours : OwnHours, optional
        Work of one run.
    cost : OwnNumber, optional
        Consumables of one run [USD].
    concentration : OwnNumber, optional
        Volume in over volume out.
    """

    yield_share: OwnNumber | None = None
    capacity: OwnVolume | None = None
    doses: OwnNumber | None = None
    hours: OwnHours | None = None
    cost: OwnNumber | None = None
    concentration: OwnNumber | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.yield_share is not None and not 0.0 < self.yield_share.value <= 1.0:
            raise broken("yield_share", "is a share of the particles; it must be above 0 and at most 1")
        for key in ("capacity", "doses", "concentration"):
            figure = getattr(self, key)
            if figure is not None and figure.value <= 0.0:
                raise broken(key, "must be above 0")
        return self


class Process(Described):
    """How the maker makes it; what is left out keeps its default.

    Attributes
    ----------
    vessel : Line, optional
        Size of the production vessel, one of those of the system; found where left out.
    volume : WorkingVolume, optional
        Medium per harvest of one vessel; of the size of the vessel where left out.
    pooled : Whole, optional
        Runs that are pooled into one batch; found where left out.
    lines : Whole, optional
        Lines side by side; found where left out.
    titre : OwnTitre, optional
        Particles per mL of a harvest.
    harvests : OwnNumber, optional
        Per run.
    culture_days : OwnDays, optional
        Of one run.
    cells : OwnNumber, optional
        Cells in one vessel.
    run_cost : OwnNumber, optional
        Medium and consumables of one vessel and run [USD].
    culture_care : OwnNumber, optional
        Person-days a day that a vessel needs.
    fill_yield : OwnNumber, optional
        Share kept by filtration and filling.
    sample_share : OwnNumber, optional
        Share of a batch used up for tests.
    fail_share : OwnNumber, optional
        Share of batches that are not released.
    labour_cost : OwnNumber, optional
        A person and day [USD].
    fill_cost : OwnNumber, optional
        A dose [USD].
    release_cost : OwnNumber, optional
        Tests of a batch [USD]; or name them one by one under `test`.
    release_days : OwnDays, optional
        Until the last test is read.
    quality_release_cost : OwnNumber, optional
        Record review and certification of a batch [USD].
    cell_bank_cost : OwnNumber, optional
        A bank with its tests [USD].
    stability_cost : OwnNumber, optional
        A batch on the stability programme [USD].
    overhead : OwnNumber, optional
        Over direct costs.
    room_capital : OwnNumber, optional
        Clean rooms of a line [USD].
    vessel_capital : OwnNumber, optional
        Price of one vessel with its control [USD].
    staff : Whole, optional
        People there are; with fewer than are needed it takes longer.
    horizon : OwnDays, optional
        Time until the last dose must be released.
    capital_limit : OwnNumber, optional
        What can be built [USD].
    step : dict[str, OwnStep], default {}
        By isolation method of the product, or freeze-drying.
    test : tuple[ReleaseTest, ...], default ()
        Release tests, in place of `release_cost` and `release_days`.
    """

    vessel: Line | None = None
    volume: WorkingVolume | None = None
    pooled: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    lines: Annotated[Whole, Field(ge=1, le=1000)] | None = None
    titre: OwnTitre | None = None
    harvests: OwnNumber | None = None
    culture_days: OwnDays | None = None
    cells: OwnNumber | None = None
    run_cost: OwnNumber | None = None
    culture_care: OwnNumber | None = None
    fill_yield: OwnNumber | None = None
    sample_share: OwnNumber | None = None
    fail_share: OwnNumber | None = None
    labour_cost: OwnNumber | None = None
    fill_cost: OwnNumber | None = None
    release_cost: OwnNumber | None = None
    release_days: OwnDays | None = None
    quality_release_cost: OwnNumber | None = None
    cell_bank_cost: OwnNumber | None = None
    stability_cost: OwnNumber | None = None
    overhead: OwnNumber | None = None
    room_capital: OwnNumber | None = None
    vessel_capital: OwnNumber | None = None
    staff: Annotated[Whole, Field(ge=1, le=100000)] | None = None
    horizon: OwnDays | None = None
    capital_limit: OwnNumber | None = None
    step: dict[str, OwnStep] = Field(default_factory=dict)
    test: tuple[ReleaseTest, ...] = ()

    @model_validator(mode="after")
    def _check(self) -> Self:
        for key in ("fill_yield", "sample_share", "fail_share"):
            figure = getattr(self, key)
            if figure is not None and not 0.0 <= figure.value < 1.0 + 1e-9 * (key == "fill_yield"):
                raise broken(key, "is a share; it must be at least 0 and below 1")
        for key in ("titre", "harvests", "culture_days", "overhead", "horizon", "fill_yield"):
            figure = getattr(self, key)
            if figure is not None and figure.value <= 0.0:
                raise broken(key, "must be above 0")
        for key in ("cells", "run_cost", "vessel_capital"):
            if getattr(self, key) is not None and self.vessel is None and self.volume is None:
                raise broken(key, "is of one vessel, so say which: vessel (a size of the system) or volume")
        if self.test and (self.release_cost is not None or self.release_days is not None):
            told = "release_cost" if self.release_cost is not None else "release_days"
            raise broken(told, "and the list of tests say the same thing; keep one")
        return self


_SYSTEM_KEYS = {
    "titre": "manufacture.{}_titre",
    "harvests": "manufacture.{}_harvests",
    "culture_days": "manufacture.{}_days",
    "cells": "manufacture.{}_cells",
    "run_cost": "manufacture.{}_cost",
    "vessel_capital": "facility.{}_capital",
}
OF_ONE_VESSEL = ("titre", "cells", "run_cost", "vessel_capital")
"""Own numbers that hold for the vessel that the file names; they are not scaled from another one."""
_KEYS = {
    **{
        key: f"manufacture.{key}"
        for key in (
            "culture_care", "fill_yield", "sample_share", "fail_share", "labour_cost", "fill_cost", "release_cost",
            "release_days", "overhead",
        )
    },
    **{
        key: f"facility.{key}"
        for key in ("quality_release_cost", "cell_bank_cost", "stability_cost", "room_capital", "capital_limit")
    },
}  # fmt: skip
_STEP_KEYS = {"capacity": "capacity", "hours": "hours", "cost": "cost", "concentration": "concentration"}


@dataclass(frozen=True, slots=True)
class OwnValue:
    """A number of the maker's beside the default.

    Attributes
    ----------
    name : str
        Of the parameter.
    unit : str
        Of both.
    default : float or None
        Central default; None where there is none.
    own : Parameter
        What is used.
    """

    name: str
    unit: str
    default: float | None
    own: Parameter


def process_parameters(process: Process, system: ProductionSystem) -> dict[str, Parameter]:
    """Parameters that a process replaces, by name.

    Parameters
    ----------
    process : Process
        The maker's own.
    system : ProductionSystem
        Of the product.
    """
    found: dict[str, Parameter] = {}

    def take(name: str, figure: Figure | None) -> None:
        if figure is not None:
            found[name] = figure.parameter(name)

    for key, name in _KEYS.items():
        take(name, getattr(process, key))
    for key, name in _SYSTEM_KEYS.items():
        take(name.format(system.name), getattr(process, key))
    for method, step in process.step.items():
        if method == FREEZE_DRYING:
            take("facility.freeze_drying_yield", step.yield_share)
            take("facility.freeze_drying_capacity", step.doses)
            take("facility.freeze_drying_hours", step.hours)
            take("facility.freeze_drying_cost", step.cost)
            continue
        key = ISOLATION_METHODS[method].key
        take(f"isolation.{key}_yield", step.yield_share)
        for field, what in _STEP_KEYS.items():
            take(f"manufacture.{key}_{what}", getattr(step, field))
    if process.horizon is not None:
        name, weeks = "facility.horizon", process.horizon.value / 7.0
        found[name] = Parameter(name, weeks, "week", "fixed", weeks, weeks, process.horizon.source, "B")
    if process.test:
        cost, days = sum(test.cost for test in process.test), max(test.days for test in process.test)
        source = f"{OWN_SOURCE}: {', '.join(test.name for test in process.test)}"
        for name, value, unit in (
            ("manufacture.release_cost", cost, "USD/batch"),
            ("manufacture.release_days", days, "day"),
        ):
            found[name] = Parameter(name, value, unit, "fixed", value, value, source, "B")
    return found


def own_values(process: Process, system: ProductionSystem, defaults: ParameterSet) -> tuple[OwnValue, ...]:
    """Every number that the maker gave, beside the default that it replaces.

    Parameters
    ----------
    process : Process
        The maker's own.
    system : ProductionSystem
        Of the product.
    defaults : ParameterSet
        The parameters of the model.
    """
    found = process_parameters(process, system)
    if process.volume is not None:
        name = f"manufacture.{system.name}_volume"
        found[name] = Parameter(name, process.volume, "mL", "fixed", process.volume, process.volume, OWN_SOURCE, "B")
    central = defaults.central()
    return tuple(
        OwnValue(name, defaults[name].unit if name in defaults else own.unit, central.get(name), own)
        for name, own in found.items()
    )


def check_process(process: Process, system: ProductionSystem, isolation: tuple[str, ...], *, lyophilised: bool) -> None:
    """Refuse what does not fit the product: a vessel of another system, a step that it does not have.

    Parameters
    ----------
    process : Process
        The maker's own.
    system : ProductionSystem
        Of the product.
    isolation : tuple[str, ...]
        Steps of the product.
    lyophilised : bool
        Whether it is freeze-dried.

    Raises
    ------
    PydanticCustomError
        With what is allowed.
    """
    sizes = tuple(vessel.name for vessel in system.vessels)
    if process.vessel is not None and process.vessel not in sizes:
        words = f"vessel {process.vessel!r} is no size of {system.title}; one of {', '.join(sizes)} is"
        raise broken("process", words, nearest(process.vessel, sizes))
    steps = (*isolation, *((FREEZE_DRYING,) if lyophilised else ()))
    for method, step in process.step.items():
        if method not in steps:
            words = f"step {method!r} is not a step of this product; its steps are {', '.join(steps) or 'none'}"
            raise broken("process", words, nearest(method, steps))
        if method == FREEZE_DRYING and (step.capacity is not None or step.concentration is not None):
            raise broken("process", f"{FREEZE_DRYING} takes doses, not a volume; say doses")
        if method != FREEZE_DRYING and step.doses is not None:
            raise broken("process", f"step {method!r} takes a volume, not doses; say capacity")
    if not system.grown and (process.cells is not None or process.cell_bank_cost is not None):
        raise broken("process", f"cells and cell_bank_cost do not fit {system.title}, where no cells are grown")
