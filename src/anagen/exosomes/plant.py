"""The plant behind a number of doses: vessel, runs pooled, lines, people, weeks and capital, within limits.

A line starts a batch whenever its vessels are free again, and separation, filling and drying have as many devices as
that needs. Batches needed and the time there is give the number of lines, with a reserve for batches that turn out
poorer than central values. Among vessel sizes and numbers of pooled runs
the plant with the lowest cost is taken, capital being spread over the years that rooms and devices last. That
depreciation is in the overhead of every stage already, so it weighs in the choice and is not charged again.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from anagen.exosomes.product import Product
from anagen.exosomes.stages import Batch, cells_of_a_donor, chosen_vessel, culture_of, make_batch
from anagen.exosomes.systems import ProductionSystem, Vessel

POOLS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128)
"""Numbers of pooled runs that are tried."""
WORKING_DAYS = 5.0
"""Working days of a person in a week."""
ML_PER_L = 1000.0


@dataclass(frozen=True, slots=True)
class Plant:
    """What stands in the building.

    Attributes
    ----------
    system : ProductionSystem
        How the vesicles are obtained.
    vessel : Vessel
        Its size.
    pooled : int
        Vessels of a line, whose runs are pooled into one batch.
    lines : int
        Lines side by side.
    """

    system: ProductionSystem
    vessel: Vessel
    pooled: int
    lines: int


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a plant does to make the doses, for one draw of the parameters.

    Attributes
    ----------
    batch : Batch
        Every batch.
    batches : int
        Batches started.
    weeks : float
        From the start of the cell bank to the last released dose.
    people : int
        Who is needed, with quality staff.
    capital : float
        Rooms, vessels and devices [USD].
    banks : int
        Cell banks; one a donor.
    running : float
        Cost of all batches [USD].
    once : float
        Cost of cell banks and stability programme [USD]; both are bought, so no overhead is put on them.
    """

    batch: Batch
    batches: int
    weeks: float
    people: int
    capital: float
    banks: int
    running: float
    once: float

    @property
    def cost(self) -> float:
        """Cost of the campaign [USD]."""
        return self.running + self.once


def run_campaign(product: Product, plant: Plant, doses: int, values: Mapping[str, float]) -> Campaign:
    """What a plant does to make a number of doses.

    Parameters
    ----------
    product : Product
        The product.
    plant : Plant
        Vessels and lines.
    doses : int
        Released doses.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.
    """
    batch = make_batch(product, plant.system, values, plant.vessel, plant.pooled)
    return _campaign(product, plant, batch, doses, values)


def _campaign(product: Product, plant: Plant, batch: Batch, doses: int, values: Mapping[str, float]) -> Campaign:
    batches = math.ceil(doses / batch.doses)
    banks = math.ceil(batches * batch.cells / cells_of_a_donor(product, values)) if plant.system.grown else 0
    once = banks * values["facility.cell_bank_cost"]
    once += min(batches, values["facility.stability_batches"]) * values["facility.stability_cost"]
    days = _before(plant.system, values) + batch.elapsed + (math.ceil(batches / plant.lines) - 1) * batch.occupied
    quality = 1.0 + values["facility.quality_staff"]
    work = batches * batch.labour * quality
    process = product.process
    if process is not None and process.staff is not None:
        days = max(days, work / process.staff / WORKING_DAYS * 7.0)
    people = max(math.ceil(work / (days / 7.0 * WORKING_DAYS)), int(values["facility.smallest_team"]))
    return Campaign(
        batch,
        batches,
        days / 7.0,
        people,
        plant.lines * _line_capital(product, plant, batch, values),
        banks,
        batches * batch.cost,
        once,
    )


def find_plant(
    product: Product, system: ProductionSystem, doses: int, values: Mapping[str, float], vessel: Vessel | None = None
) -> tuple[Plant, Campaign]:
    """The cheapest plant within time and capital; where none keeps within them, the one that comes nearest.

    Parameters
    ----------
    product : Product
        The product; what its process says of vessel, pooled runs and lines is kept.
    system : ProductionSystem
        The production system.
    doses : int
        Released doses.
    values : Mapping[str, float]
        Central values of `product_parameters(product, ...)`.
    vessel : Vessel, optional
        Only this size.
    """
    process = product.process if system.name == product.system else None
    own = chosen_vessel(product, system, values)
    sizes = (vessel,) if vessel is not None else (own,) if own is not None else system.vessels
    most = values["facility.most_pooled"]
    planned = math.ceil(doses * values["facility.reserve"])
    pools = tuple(n for n in POOLS if n <= most) if process is None or process.pooled is None else (process.pooled,)
    found: list[tuple[tuple[float, ...], Plant, Batch]] = []
    for size in sizes:
        for pooled in pools:
            batch = make_batch(product, system, values, size, pooled)
            lines = process.lines if process is not None and process.lines is not None else None
            plant = Plant(system, size, pooled, lines or _lines(system, batch, planned, values))
            found.append((_rank(_campaign(product, plant, batch, planned, values), values), plant, batch))
    _, plant, batch = min(found, key=lambda entry: entry[0])
    return plant, _campaign(product, plant, batch, doses, values)


def within_limits(campaign: Campaign, values: Mapping[str, float]) -> bool:
    """Whether the doses are there in time, from a plant that can be paid."""
    in_time = campaign.weeks <= values["facility.horizon"] + 1e-9
    return in_time and campaign.capital <= values["facility.capital_limit"]


def _rank(campaign: Campaign, values: Mapping[str, float]) -> tuple[float, ...]:
    """Less is better: how far beyond the limits, then cost with the share of capital that the campaign wears out."""
    late = max(campaign.weeks / values["facility.horizon"], 1.0 + 1e-9)
    dear = max(campaign.capital / values["facility.capital_limit"], 1.0)
    worn = campaign.capital * campaign.weeks / 52.0 / values["facility.depreciation_years"]
    beyond = late * dear
    return (beyond if beyond > 1.0 + 1e-6 else 1.0, campaign.cost + worn)


def _before(system: ProductionSystem, values: Mapping[str, float]) -> float:
    """Days before the first batch: making and testing the cell bank."""
    return values["facility.cell_bank_days"] if system.grown else 0.0


def _lines(system: ProductionSystem, batch: Batch, doses: int, values: Mapping[str, float]) -> int:
    """The fewest lines that keep the time; one where no number of lines could."""
    batches = math.ceil(doses / batch.doses)
    left = values["facility.horizon"] * 7.0 - _before(system, values) - batch.elapsed
    if left < 0.0:
        return 1
    each = 1 + math.floor(left / batch.occupied + 1e-9)
    return math.ceil(batches / each)


def _line_capital(product: Product, plant: Plant, batch: Batch, values: Mapping[str, float]) -> float:
    """Rooms, vessels and devices of one line [USD]."""
    culture = culture_of(product, plant.system, plant.vessel, values)
    volume = culture.volume * plant.pooled / ML_PER_L
    larger = max(volume / values["facility.room_volume"], 1.0) ** values["facility.capital_exponent"]
    return values["facility.room_capital"] * larger + sum(stage.capital for stage in batch.stages)
