"""The maker's own process: vessels, titres, step yields, prices, staff and tests in place of the defaults."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Self, cast

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator
from pydantic.functional_validators import model_validator
from pydantic_core import PydanticCustomError

from anagen.core.fields import Whole, broken, tell_together
from anagen.exosomes.fields import ConcentrationFigure, Described, Figure, Line, Number, PlainFigure, in_unit

OWN_SOURCE = "the maker's own number"
FREEZE_DRYING = "freeze-drying"
"""Name of the step beside the isolation methods that a process can describe."""
OF_ONE_VESSEL = ("titre", "cells", "run_cost", "vessel_capital")
"""Own numbers that hold for the vessel that the file names; they are not scaled from another one."""


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


def _above_nothing(figure: Figure | None) -> Figure | None:
    if figure is not None and figure.value <= 0.0:
        raise broken("", "must be above 0")
    return figure


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

    @field_validator("yield_share")
    @classmethod
    def _check_share(cls, figure: Figure | None) -> Figure | None:
        if figure is not None and not 0.0 < figure.value <= 1.0:
            raise broken("", "is a share of the particles; it must be above 0 and at most 1")
        return figure

    @field_validator("capacity", "doses", "hours", "concentration")
    @classmethod
    def _check_positive(cls, figure: Figure | None) -> Figure | None:
        return _above_nothing(figure)


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

    @field_validator("fill_yield", "sample_share", "fail_share")
    @classmethod
    def _check_share(cls, figure: Figure | None, info: ValidationInfo) -> Figure | None:
        if figure is not None and not 0.0 <= figure.value < 1.0 + 1e-9 * (info.field_name == "fill_yield"):
            raise broken("", "is a share; it must be at least 0 and below 1")
        return figure

    @field_validator("titre", "culture_days", "overhead", "horizon", "fill_yield", "cells", "capital_limit")
    @classmethod
    def _check_positive(cls, figure: Figure | None) -> Figure | None:
        return _above_nothing(figure)

    @field_validator("harvests")
    @classmethod
    def _check_harvests(cls, figure: Figure | None) -> Figure | None:
        if figure is not None and figure.value < 1.0:
            raise broken("", f"{figure.value:g} is impossible; a run is harvested once or more")
        return figure

    @model_validator(mode="after")
    def _check(self) -> Self:
        faults = list[PydanticCustomError]()
        for key in ("cells", "run_cost", "vessel_capital"):
            if getattr(self, key) is not None and self.vessel is None and self.volume is None:
                faults.append(broken(key, "is of one vessel, so say which: vessel (a size of the system) or volume"))
        if self.test and (self.release_cost is not None or self.release_days is not None):
            told = "release_cost" if self.release_cost is not None else "release_days"
            faults.append(broken(told, "and the list of tests say the same thing; keep one"))
        tell_together(faults)
        return self
