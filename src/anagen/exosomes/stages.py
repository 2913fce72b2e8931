"""One batch, stage by stage: particles, work, time and money, in vessels of a size and a number.

One batch = `pooled` runs of a production vessel, worked up by the isolation train of the product, filled and released.

crude particles = titre x volume x harvests x pooled;  filled = crude x prod(yields) x kept after loading x fill yield
released doses per started batch = filled x (1 - samples) x (1 - fails) / dose

In a vessel r times the usual one, volume and cells are r times as many, consumables r^a, capital r^c, and the titre is
multiplied by f for every tenfold (a, c, f: parameters).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anagen.exosomes.isolation import ISOLATION_METHODS
from anagen.exosomes.process import FREEZE_DRYING, OF_ONE_VESSEL
from anagen.exosomes.product import Product
from anagen.exosomes.systems import ProductionSystem, Vessel

HOURS_PER_DAY = 8.0
"""Hours a day in which a train of separation steps is run."""
Group = Literal["upstream", "downstream", "fill and finish", "quality"]
GROUPS: tuple[Group, ...] = ("upstream", "downstream", "fill and finish", "quality")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a batch.

    Attributes
    ----------
    name : str
        What is done.
    group : Group
        Part of the process.
    runs : float
        Device runs in the stage.
    kept : float
        Share of the particles kept.
    days : float
        Duration on one device.
    cost : float
        Direct cost [USD] with overhead.
    labour : float, default 0.0
        Person-days, which are part of the cost.
    devices : int, default 1
        Devices side by side, so that the stage is no slower than the vessels.
    capital : float, default 0.0
        Price of the devices [USD]; not part of the cost.
    waiting : bool, default False
        Whether the stage only waits, so that batches do not queue for it.
    """

    name: str
    group: Group
    runs: float
    kept: float
    days: float
    cost: float
    labour: float = 0.0
    devices: int = 1
    capital: float = 0.0
    waiting: bool = False

    @property
    def elapsed(self) -> float:
        """Days that pass, with the devices side by side."""
        return self.days / self.devices


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch, for one draw of the parameters.

    Attributes
    ----------
    stages : tuple[Stage, ...]
        In order.
    crude_particles : float
        Particles harvested.
    filled_particles : float
        Particles in vials, before samples and failures.
    concentration : float
        particles/mL after the last separation step.
    cells : float
        Cells in culture; 0 for a raw material.
    doublings : float
        From the first passage of a donor to that number of cells.
    passages : float
        From the first passage of a donor to that number of cells.
    donors : float
        Donors needed within the passage of the product.
    doses : float
        Released doses per started batch.
    release_per_cell : float
        Particles per cell and day that the titre implies; 0 for a raw material.
    occupied : float
        Days from one batch to the next in the same vessels.
    """

    stages: tuple[Stage, ...]
    crude_particles: float
    filled_particles: float
    concentration: float
    cells: float
    doublings: float
    passages: float
    donors: float
    doses: float
    release_per_cell: float
    occupied: float

    @property
    def cost(self) -> float:
        """Cost of the batch [USD]."""
        return sum(stage.cost for stage in self.stages)

    @property
    def labour(self) -> float:
        """Person-days of the batch."""
        return sum(stage.labour for stage in self.stages)

    @property
    def elapsed(self) -> float:
        """Days from thaw to released doses."""
        return sum(stage.elapsed for stage in self.stages)


@dataclass(frozen=True, slots=True)
class Culture:
    """What one vessel gives and needs, after scaling."""

    titre: float
    volume: float
    harvests: float
    days: float
    cells: float
    cost: float
    capital: float


def chosen_vessel(product: Product, system: ProductionSystem, values: Mapping[str, float]) -> Vessel | None:
    """The vessel that the product's file names, by size or by volume; None where none is named.

    Parameters
    ----------
    product : Product
        The product.
    system : ProductionSystem
        A production system; a file names vessels of its own system only.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.
    """
    process = product.process
    if process is None or system.name != product.system:
        return None
    if process.volume is not None:
        name = process.vessel or f"own vessel, {process.volume / 1000.0:g} L"
        return Vessel(name, process.volume / system.number("volume", values))
    return next((vessel for vessel in system.vessels if vessel.name == process.vessel), None)


def culture_of(product: Product, system: ProductionSystem, vessel: Vessel, values: Mapping[str, float]) -> Culture:
    """What one vessel of a size gives and needs.

    A maker's own numbers are of the vessel that the file names and are scaled from there; a titre without a vessel
    holds for every size.

    Parameters
    ----------
    product : Product
        The product; its process counts where the system is its own.
    system : ProductionSystem
        The production system.
    vessel : Vessel
        Its size.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.
    """
    process = product.process if system.name == product.system else None
    own = {key for key in OF_ONE_VESSEL if process is not None and getattr(process, key) is not None}
    measured = chosen_vessel(product, system, values) or vessel

    def scale(key: str) -> float:
        return vessel.ratio / measured.ratio if key in own else vessel.ratio

    treatments = () if "titre" in own else product.preparation.treatments
    more = math.prod(values[f"facility.{name}_titre"] for name in treatments)
    return Culture(
        more * system.number("titre", values) * values["facility.titre_per_decade"] ** math.log10(scale("titre")),
        system.number("volume", values) * vessel.ratio,
        system.number("harvests", values),
        system.number("days", values),
        system.number("cells", values) * scale("cells") if system.grown else 0.0,
        system.number("cost", values) * scale("run_cost") ** values["facility.cost_exponent"],
        values[f"facility.{system.name}_capital"] * scale("vessel_capital") ** values["facility.capital_exponent"],
    )


def make_batch(
    product: Product,
    system: ProductionSystem,
    values: Mapping[str, float],
    vessel: Vessel | None = None,
    pooled: int = 1,
) -> Batch:
    """One batch of a product in a production system.

    Parameters
    ----------
    product : Product
        The product.
    system : ProductionSystem
        The production system.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.
    vessel : Vessel, optional
        Size; that of the product's file, or the usual one, where left out.
    pooled : int, default 1
        Runs in vessels side by side that are pooled.

    Returns
    -------
    Batch
        Its stages, particles, cells, donors and doses.
    """
    size = vessel or chosen_vessel(product, system, values) or system.usual
    culture = culture_of(product, system, size, values)
    occupied = culture.days + values["facility.turnaround_days"]
    stages = list(_upstream(system, culture, size.ratio * pooled, pooled, values))
    volume, left = culture.volume * culture.harvests * pooled, 1.0
    crude = culture.titre * volume
    for name in product.preparation.isolation:
        stage, volume = _separation(name, volume, occupied, values)
        stages.append(stage)
        left *= stage.kept
    loaded = values.get(f"{product.name}.kept_after_loading")
    if loaded is not None:
        day = values["manufacture.overhead"] * values["manufacture.labour_cost"]
        stages.append(Stage("loading", "downstream", 1.0, loaded, 1.0, day, labour=1.0))
        left *= loaded
    filled = crude * left * values["manufacture.fill_yield"]
    if product.lyophilised:
        filled *= values["facility.freeze_drying_yield"]
    passing = (1.0 - values["manufacture.sample_share"]) * (1.0 - values["manufacture.fail_share"])
    doses = filled * passing / values[f"{product.name}.dose"]
    stages += _finish(product, doses, passing, occupied, values)
    cells, doublings, passages, donors = _cells(product, culture.cells * pooled, values)
    release = crude / (cells * culture.days) if cells > 0.0 else 0.0
    concentration = crude * left / volume
    return Batch(
        tuple(stages), crude, filled, concentration, cells, doublings, passages, donors, doses, release, occupied
    )


def _upstream(
    system: ProductionSystem, culture: Culture, times: float, pooled: int, values: Mapping[str, float]
) -> tuple[Stage, ...]:
    """The vessels before the last ones, where there are more cells than in one usual vessel, and the last ones."""
    overhead, day = values["manufacture.overhead"], values["manufacture.labour_cost"]
    labour = values["manufacture.culture_care"] * culture.days * pooled if system.grown else 0.0
    cost = overhead * (culture.cost * pooled + labour * day)
    last = Stage(
        system.title, "upstream", float(pooled), 1.0, culture.days, cost, labour, capital=culture.capital * pooled
    )
    if not system.grown or times <= 1.0:
        return (last,)
    days = math.log2(times) * values["facility.doubling_days"]
    care = values["manufacture.culture_care"] * days
    consumables = values["facility.seed_train_share"] * culture.cost * pooled * (1.0 - 1.0 / times)
    # Vessels of the seed train are others than the last ones: a batch grows up while the one before is harvested.
    seed = Stage(
        "seed train", "upstream", 1.0, 1.0, days, overhead * (consumables + care * day), care,
        capital=values["facility.seed_train_share"] * culture.capital * pooled, waiting=True,
    )  # fmt: skip
    return (seed, last)


def _scaled(days: float, occupied: float, largest: float) -> tuple[float, int]:
    """Size and number of devices that keep up with the vessels: first a larger one, then more of the largest."""
    size = min(max(days / occupied, 1.0), largest)
    return size, max(1, math.ceil(days / size / occupied - 1e-9))


def _separation(name: str, volume: float, occupied: float, values: Mapping[str, float]) -> tuple[Stage, float]:
    """A separation step on a volume [mL], and the volume that leaves it."""
    method = ISOLATION_METHODS[name]
    capacity, hours = values[f"manufacture.{method.key}_capacity"], values[f"manufacture.{method.key}_hours"]
    usual = math.ceil(volume / capacity) * hours / HOURS_PER_DAY
    size, _ = _scaled(usual, occupied, values[f"facility.{method.key}_scale"])
    runs = math.ceil(volume / (capacity * size))
    days = runs * hours / HOURS_PER_DAY
    devices = max(1, math.ceil(days / occupied - 1e-9))
    dearer = size ** values["facility.cost_exponent"]
    direct = runs * values[f"manufacture.{method.key}_cost"] * dearer + days * values["manufacture.labour_cost"]
    price = values[f"facility.{method.key}_capital"] * size ** values["facility.capital_exponent"]
    stage = Stage(
        method.title, "downstream", float(runs), method.yield_share(values), days,
        values["manufacture.overhead"] * direct, days, devices, devices * price,
    )  # fmt: skip
    return stage, volume / values[f"manufacture.{method.key}_concentration"]


def _finish(
    product: Product, doses: float, passing: float, occupied: float, values: Mapping[str, float]
) -> list[Stage]:
    """Filling, drying where the product is dry, tests, and certification."""
    overhead, day = values["manufacture.overhead"], values["manufacture.labour_cost"]
    power = values["facility.capital_exponent"]
    usual = max(1.0, doses / values["facility.fill_capacity"])
    size, devices = _scaled(usual, occupied, values["facility.fill_scale"])
    days = max(1.0, usual / size)
    cost = overhead * (days * day + doses * values["manufacture.fill_cost"])
    price = values["facility.fill_capital"] * size**power * devices
    stages = [
        Stage("filling", "fill and finish", 1.0, values["manufacture.fill_yield"], days, cost, days, devices, price)
    ]
    if product.lyophilised:
        stages.append(_drying(doses, occupied, values))
    return [
        *stages,
        Stage(
            "release tests", "quality", 1.0, passing, values["manufacture.release_days"],
            overhead * values["manufacture.release_cost"], waiting=True,
        ),
        Stage(
            "quality release", "quality", 1.0, 1.0, values["facility.quality_release_days"],
            overhead * values["facility.quality_release_cost"], waiting=True,
        ),
    ]  # fmt: skip


def _drying(doses: float, occupied: float, values: Mapping[str, float]) -> Stage:
    """Freeze-drying of a batch."""
    capacity, hours = values["facility.freeze_drying_capacity"], values["facility.freeze_drying_hours"]
    usual = math.ceil(doses / capacity) * hours / HOURS_PER_DAY
    size, _ = _scaled(usual, occupied, values["facility.freeze_drying_scale"])
    runs = max(1, math.ceil(doses / (capacity * size)))
    days = runs * hours / HOURS_PER_DAY
    devices = max(1, math.ceil(days / occupied - 1e-9))
    labour = runs * values["facility.freeze_drying_labour"]
    direct = runs * values["facility.freeze_drying_cost"] * size ** values["facility.cost_exponent"]
    cost = values["manufacture.overhead"] * (direct + labour * values["manufacture.labour_cost"])
    price = values["facility.freeze_drying_capital"] * size ** values["facility.capital_exponent"]
    kept = values["facility.freeze_drying_yield"]
    return Stage(FREEZE_DRYING, "fill and finish", float(runs), kept, days, cost, labour, devices, devices * price)


def cells_of_a_donor(product: Product, values: Mapping[str, float]) -> float:
    """Cells that one donor gives at the passage of the product; that of the file, or the last one with activity."""
    start = values[f"manufacture.{product.source_cell.replace('-', '_')}_cells_per_donor"]
    passage = product.preparation.passage
    last = values["manufacture.last_passage"] if passage is None else float(passage)
    return start * 2.0 ** (values["manufacture.doublings_per_passage"] * last)


def _cells(product: Product, cells: float, values: Mapping[str, float]) -> tuple[float, float, float, float]:
    """Cells of a batch, doublings, passages, donors; zeros for a raw material."""
    if cells <= 0.0:
        return 0.0, 0.0, 0.0, 0.0
    start = values[f"manufacture.{product.source_cell.replace('-', '_')}_cells_per_donor"]
    doublings = max(math.log2(cells / start), 0.0)
    passages = math.ceil(doublings / values["manufacture.doublings_per_passage"])
    return cells, doublings, passages, math.ceil(cells / cells_of_a_donor(product, values))
