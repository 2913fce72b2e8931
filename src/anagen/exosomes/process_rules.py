"""What of a maker's process cannot be, and what can hardly be: vessels, volumes, steps, rates and prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic_core import PydanticCustomError

from anagen.core.fields import broken
from anagen.core.reading import nearest
from anagen.exosomes.process import FREEZE_DRYING, OwnStep, Process
from anagen.exosomes.systems import ML_PER_L, ProductionSystem

FULLER = 1.0 + 1e-9
Range = tuple[float, float, str]
_USD, _DAYS = "USD", "days"
BELIEVABLE: Mapping[str, Range] = {
    "titre": (1e6, 1e12, "particles/mL"),
    "harvests": (1.0, 60.0, "harvests of a run"),
    "culture_days": (0.5, 90.0, _DAYS),
    "run_cost": (10.0, 1e6, _USD),
    "culture_care": (0.005, 10.0, "person-days a day"),
    "fill_yield": (0.3, 1.0, "of the particles"),
    "sample_share": (0.0, 0.5, "of a batch"),
    "fail_share": (0.0, 0.6, "of the batches"),
    "labour_cost": (20.0, 3e3, _USD),
    "fill_cost": (0.05, 500.0, _USD),
    "release_cost": (300.0, 3e5, _USD),
    "release_days": (1.0, 120.0, _DAYS),
    "quality_release_cost": (20.0, 1e5, _USD),
    "cell_bank_cost": (1e3, 1e7, _USD),
    "stability_cost": (1e3, 1e6, _USD),
    "overhead": (1.0, 10.0, "times direct costs"),
    "room_capital": (1e4, 1e9, _USD),
    "vessel_capital": (50.0, 5e7, _USD),
    "capital_limit": (1e4, 1e10, _USD),
}
"""Between what a number of `[process]` is believed; assumptions, a power of ten or more about what is usual."""
BELIEVABLE_STEP: Mapping[str, Range] = {
    "yield_share": (0.01, 1.0, "of the particles"),
    "capacity": (0.5, 1e7, "mL"),
    "doses": (1.0, 1e7, "doses"),
    "hours": (0.1, 200.0, "hours"),
    "cost": (0.5, 1e5, _USD),
    "concentration": (0.01, 1000.0, "times less volume"),
}
"""The same of a separation step."""


def process_faults(
    process: Process, system: ProductionSystem, isolation: tuple[str, ...], *, lyophilised: bool
) -> Iterator[PydanticCustomError]:
    """What does not fit the product: a vessel of another system or too small a one, a step that it does not have.

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

    Yields
    ------
    PydanticCustomError
        With what is allowed.
    """
    yield from _vessel_faults(process, system)
    steps = (*isolation, *((FREEZE_DRYING,) if lyophilised else ()))
    for method, step in process.step.items():
        yield from _step_faults(method, step, steps)
    if not system.grown:
        for key in ("cells", "cell_bank_cost"):
            if getattr(process, key) is not None:
                yield broken(key, f"does not fit {system.title}, where no cells are grown")


def _vessel_faults(process: Process, system: ProductionSystem) -> Iterator[PydanticCustomError]:
    sizes = {vessel.name: vessel for vessel in system.vessels}
    if process.vessel is not None and process.vessel not in sizes:
        words = f"{process.vessel!r} is no size of {system.title}; one of {', '.join(sizes)} is"
        yield broken("vessel", words, nearest(process.vessel, sizes))
        return
    vessel = None if process.vessel is None else sizes[process.vessel]
    if process.volume is None or vessel is None or vessel.holds is None or not system.grown:
        return
    if process.volume > vessel.holds * FULLER:
        fitting = next((size.name for size in sizes.values() if (size.holds or 0.0) >= process.volume), None)
        words = f"{process.volume / ML_PER_L:g} L are more than the vessel {vessel.name} holds"
        yield broken("volume", words, None if fitting is None else f'vessel = "{fitting}"')


def _step_faults(method: str, step: OwnStep, steps: tuple[str, ...]) -> Iterator[PydanticCustomError]:
    if method not in steps:
        words = f"step {method!r} is not a step of this product; its steps are {', '.join(steps) or 'none'}"
        yield broken("step", words, nearest(method, steps))
    if method == FREEZE_DRYING and (step.capacity is not None or step.concentration is not None):
        yield broken("step", f"{FREEZE_DRYING} takes doses, not a volume; say doses")
    if method != FREEZE_DRYING and step.doses is not None:
        yield broken("step", f"step {method!r} takes a volume, not doses; say capacity")


def process_questions(process: Process, system: ProductionSystem, values: Mapping[str, float]) -> tuple[str, ...]:
    """Numbers of a process that can hardly be, each with its field and what is usual.

    Parameters
    ----------
    process : Process
        The maker's own.
    system : ProductionSystem
        Of the product.
    values : Mapping[str, float]
        Central values, the maker's among them.
    """
    asked = [
        _asked(f"process.{key}", figure.value, bounds)
        for key, bounds in BELIEVABLE.items()
        if (figure := getattr(process, key)) is not None
    ]
    for method, step in process.step.items():
        asked += [
            _asked(f"process.step.{method}.{key}", figure.value, bounds)
            for key, bounds in BELIEVABLE_STEP.items()
            if (figure := getattr(step, key)) is not None
        ]
    asked.append(_overfilled(process, system, values))
    return tuple(question for question in asked if question is not None)


def _asked(field: str, value: float, bounds: Range) -> str | None:
    low, high, unit = bounds
    if low <= value <= high:
        return None
    return f"{field}: {value:.4g} {unit} lies outside {low:g} to {high:g}; is it right?"


def _overfilled(process: Process, system: ProductionSystem, values: Mapping[str, float]) -> str | None:
    """A volume beyond the largest vessel that is sold, or far beyond the usual one where a size is not a volume."""
    volume = process.volume
    if volume is None or not system.grown:
        return None
    vessel = next((size for size in system.vessels if size.name == process.vessel), None)
    largest = max(system.vessels, key=lambda size: size.ratio)
    usual = system.number("volume", values)
    if vessel is None and volume > usual * largest.ratio * FULLER:
        words = f"{volume:g} mL a harvest are more than the largest vessel of {system.title}, {largest.name}, takes"
        return f"process.volume: {words} ({usual * largest.ratio:g} mL); are these several runs?"
    if vessel is not None and vessel.holds is None and volume > values["facility.fuller"] * usual * vessel.ratio:
        words = (
            f"{volume:g} mL a harvest are {volume / usual / vessel.ratio:.3g} times the usual volume of {vessel.name}"
        )
        return f"process.volume: {words}; is the vessel right?"
    return None
