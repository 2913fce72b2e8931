"""A process model: from donors and a bioreactor to filled doses, what it costs, and what holds it up.

One batch = one run of a production system, worked up by the isolation train of the product, filled and released.

crude particles = titre x volume x harvests;  filled = crude x prod(yields) x kept after loading x fill yield
released doses per started batch = filled x (1 - samples) x (1 - fails) / dose
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from anagen.exosomes.isolation import ISOLATION_METHODS
from anagen.exosomes.potency import DRAWS, Spread, product_parameters, spread_of
from anagen.exosomes.product import Product
from anagen.exosomes.systems import PRODUCTION_SYSTEMS, ProductionSystem
from anagen.parameters import ParameterSet

HOURS_PER_DAY = 8.0
"""Hours a day in which a train of separation steps is run."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a batch.

    Attributes
    ----------
    name : str
        What is done.
    runs : float
        Device runs in the stage.
    kept : float
        Share of the particles kept.
    days : float
        Duration.
    cost : float
        Direct cost [USD] with overhead.
    waiting : bool, default False
        Whether the stage only waits, so that batches do not queue for it.
    """

    name: str
    runs: float
    kept: float
    days: float
    cost: float
    waiting: bool = False


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
        Donors needed within the last passage.
    doses : float
        Released doses per started batch.
    release_per_cell : float
        Particles per cell and day that the titre implies; 0 for a raw material.
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


@dataclass(frozen=True, slots=True)
class Making:
    """What it takes to make a number of doses.

    Attributes
    ----------
    doses : int
        Doses asked for.
    stages : tuple[Stage, ...]
        Stages of one batch with central values.
    figures : Mapping[str, tuple[Spread, str]]
        Named numbers with spread: batches started, cells, cost per dose and so on; (value, unit).
    bottleneck : str
        The stage that occupies people and devices longest.
    largest_loss : str
        Stages.
    largest_cost : str
        Stages.
    doses_per_batch : Mapping[str, Spread]
        Released doses per started batch in every system that the source can use.
    possible : bool
        Whether any listed process makes at least one dose per batch at a concentration that can be had.
    flags : tuple[str, ...]
        What is impossible or doubtful.
    """

    product: Product
    doses: int
    stages: tuple[Stage, ...]
    figures: Mapping[str, tuple[Spread, str]]
    bottleneck: str
    largest_loss: str
    largest_cost: str
    doses_per_batch: Mapping[str, Spread]
    possible: bool
    flags: tuple[str, ...]


def make_batch(product: Product, system: ProductionSystem, values: Mapping[str, float]) -> Batch:
    """One batch of a product in a production system.

    Parameters
    ----------
    product : Product
        The product.
    system : ProductionSystem
        The production system.
    values : Mapping[str, float]
        Values of `product_parameters(product, ...)`.

    Returns
    -------
    Batch
        Its stages, particles, cells, donors and doses.
    """
    overhead = values["manufacture.overhead"]
    day = values["manufacture.labour_cost"]
    days = system.number("days", values)
    care = values["manufacture.culture_care"] * day * days if system.grown else 0.0
    culture = Stage(system.title, 1.0, 1.0, days, overhead * (system.number("cost", values) + care))
    stages, volume, left = [culture], system.crude_volume(values), 1.0
    for name in product.preparation.isolation:
        stage, volume = _separation(name, volume, values)
        stages.append(stage)
        left *= stage.kept
    kept_after_loading = values.get(f"{product.name}.kept_after_loading")
    if kept_after_loading is not None:
        stages.append(Stage("loading", 1.0, kept_after_loading, 1.0, overhead * day))
        left *= kept_after_loading
    crude = system.crude_particles(values)
    fill = values["manufacture.fill_yield"]
    filled = crude * left * fill
    passing = (1.0 - values["manufacture.sample_share"]) * (1.0 - values["manufacture.fail_share"])
    doses = filled * passing / values[f"{product.name}.dose"]
    stages += [
        Stage("filling", 1.0, fill, 1.0, overhead * (day + doses * values["manufacture.fill_cost"])),
        Stage(
            "release tests",
            1.0,
            passing,
            values["manufacture.release_days"],
            overhead * values["manufacture.release_cost"],
            waiting=True,
        ),
    ]
    cells, doublings, passages, donors, release = _cells(product, system, values)
    concentration = crude * left / volume
    return Batch(tuple(stages), crude, filled, concentration, cells, doublings, passages, donors, doses, release)


def make_product(
    product: Product,
    doses: int,
    parameters: ParameterSet,
    *,
    seed: int = 1,
    draws: int = DRAWS,
) -> Making:
    """What it takes to make `doses` doses of a product.

    Parameters
    ----------
    product : Product
        The product.
    doses : int
        Released doses, at least 1.
    parameters : ParameterSet
        The parameters of the model.
    seed : int, default 1
        Of the intervals.
    draws : int, default DRAWS
        Of the intervals.

    Raises
    ------
    ValueError
        Where fewer than one dose or fewer than 20 draws are asked for.

    Examples
    --------
    >>> from anagen.exosomes import load_product
    >>> from anagen.parameters import load_parameters
    >>> making = make_product(load_product("adsc-native"), 1000, load_parameters(), draws=20)
    >>> making.possible
    True
    """
    if doses < 1 or draws < 20:
        raise ValueError("at least one dose and 20 draws are needed")
    read = product_parameters(product, parameters)
    drawn = [read.draw(seed, index) for index in range(draws + 1)]
    system = PRODUCTION_SYSTEMS[product.system]
    batches = [make_batch(product, system, values) for values in drawn]
    central = batches[0]
    per_batch = {
        name: spread_of([make_batch(product, PRODUCTION_SYSTEMS[name], values).doses for values in drawn])
        for name in product.source.systems
    }
    possible, flags = _flags(product, drawn[0], per_batch, central)
    return Making(
        product,
        doses,
        central.stages,
        _figures(doses, batches),
        max(_working(central), key=lambda stage: stage.days).name,
        min(central.stages, key=lambda stage: stage.kept).name,
        max(central.stages, key=lambda stage: stage.cost).name,
        per_batch,
        possible,
        flags,
    )


def _working(batch: Batch) -> list[Stage]:
    """Stages that occupy people and devices."""
    return [stage for stage in batch.stages if not stage.waiting]


def _separation(name: str, volume: float, values: Mapping[str, float]) -> tuple[Stage, float]:
    """A separation step on a volume [mL], and the volume that leaves it."""
    method = ISOLATION_METHODS[name]
    runs = math.ceil(volume / values[f"manufacture.{method.key}_capacity"])
    days = runs * values[f"manufacture.{method.key}_hours"] / HOURS_PER_DAY
    direct = runs * values[f"manufacture.{method.key}_cost"] + days * values["manufacture.labour_cost"]
    stage = Stage(method.title, float(runs), method.yield_share(values), days, values["manufacture.overhead"] * direct)
    return stage, volume / values[f"manufacture.{method.key}_concentration"]


def _cells(
    product: Product, system: ProductionSystem, values: Mapping[str, float]
) -> tuple[float, float, float, float, float]:
    """Cells of a run, doublings, passages, donors, particles per cell and day; zeros for a raw material."""
    if not system.grown:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    cells = system.number("cells", values)
    start = values[f"manufacture.{product.source_cell.replace('-', '_')}_cells_per_donor"]
    per_passage, last = values["manufacture.doublings_per_passage"], values["manufacture.last_passage"]
    doublings = max(math.log2(cells / start), 0.0)
    donors = math.ceil(cells / (start * 2.0 ** (per_passage * last)))
    growing = system.number("days", values) * cells
    return cells, doublings, math.ceil(doublings / per_passage), donors, system.crude_particles(values) / growing


def _figures(doses: int, batches: list[Batch]) -> dict[str, tuple[Spread, str]]:
    """Numbers of the whole campaign with their spread."""
    started = [math.ceil(doses / batch.doses) for batch in batches]
    costs = [n * sum(stage.cost for stage in batch.stages) / doses for n, batch in zip(started, batches, strict=True)]
    slowest = [max(stage.days for stage in _working(batch)) for batch in batches]
    first = [sum(stage.days for stage in batch.stages) for batch in batches]
    weeks = [(one + (n - 1) * slow) / 7.0 for one, n, slow in zip(first, started, slowest, strict=True)]
    columns: dict[str, tuple[list[float], str]] = {
        "crude particles per batch": ([batch.crude_particles for batch in batches], "particles"),
        "particles filled per batch": ([batch.filled_particles for batch in batches], "particles"),
        "concentration before filling": ([batch.concentration for batch in batches], "particles/mL"),
        "released doses per batch": ([batch.doses for batch in batches], "doses"),
        "batches started": ([float(n) for n in started], "batches"),
        "cells per batch": ([batch.cells for batch in batches], "cells"),
        "doublings": ([batch.doublings for batch in batches], "1"),
        "passages": ([batch.passages for batch in batches], "1"),
        "donors per batch": ([batch.donors for batch in batches], "donors"),
        "particles per cell and day": ([batch.release_per_cell for batch in batches], "particles/cell/day"),
        "time, one line": (weeks, "week"),
        "cost per dose": (costs, "USD/dose"),
    }
    return {name: (spread_of(numbers), unit) for name, (numbers, unit) in columns.items() if max(numbers) > 0.0}


def _flags(
    product: Product, values: Mapping[str, float], per_batch: Mapping[str, Spread], central: Batch
) -> tuple[bool, tuple[str, ...]]:
    """Whether a dose can be made at all, and what is impossible or doubtful."""
    flags: list[str] = []
    largest = values["manufacture.largest_concentration"]
    in_vial = product.dose.value / product.particles.vial_volume
    able = [name for name, spread in per_batch.items() if spread.central >= 1.0]
    dense = in_vial > largest
    if not able:
        best = max(per_batch, key=lambda name: per_batch[name].central)
        flags.append(
            f"impossible: no listed process makes one dose of {product.dose.value:.2g} particles in a batch; the best, "
            f"{PRODUCTION_SYSTEMS[best].title}, makes {per_batch[best].central:.2g} of a dose"
        )
    elif product.system not in able:
        titles = ", ".join(PRODUCTION_SYSTEMS[name].title for name in able)
        flags.append(f"{PRODUCTION_SYSTEMS[product.system].title} makes less than a dose per batch; {titles} could")
    if dense:
        flags.append(f"impossible: one vial would hold {in_vial:.2g} particles/mL; above {largest:.2g} they aggregate")
    elif central.concentration < in_vial:
        flags.append(
            f"the train ends at {central.concentration:.2g} particles/mL and a vial needs {in_vial:.2g}: a further "
            "concentration step with its own losses is missing"
        )
    if central.release_per_cell > values["manufacture.largest_release"]:
        flags.append(
            f"the published titre implies {central.release_per_cell:.2g} particles per cell and day: probably not all "
            "of them are vesicles"
        )
    if central.passages > values["manufacture.last_passage"]:
        flags.append(
            f"one donor's cells need {central.passages:g} passages; activity falls beyond passage "
            f"{values['manufacture.last_passage']:g}, so {central.donors:g} donors per batch"
        )
    if not product.preparation.isolation:
        flags.append("no isolation step is told: yields and purity are those of the raw material")
    return bool(able) and not dense, tuple(flags)
