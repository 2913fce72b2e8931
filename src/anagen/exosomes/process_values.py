"""A maker's own process as parameters: which defaults it replaces, and both side by side."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.exosomes.fields import Figure
from anagen.exosomes.isolation import ISOLATION_METHODS
from anagen.exosomes.process import FREEZE_DRYING, OWN_SOURCE, Process
from anagen.exosomes.systems import ProductionSystem
from anagen.parameters import Parameter, ParameterSet

_SYSTEM_KEYS = {
    "titre": "manufacture.{}_titre",
    "harvests": "manufacture.{}_harvests",
    "culture_days": "manufacture.{}_days",
    "cells": "manufacture.{}_cells",
    "run_cost": "manufacture.{}_cost",
    "vessel_capital": "facility.{}_capital",
}
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
    """Every number of `process_parameters`, and the volume of a vessel, beside the defaults that they replace.

    Parameters
    ----------
    process : Process
        The maker's own.
    system : ProductionSystem
        Which the volume is of.
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
