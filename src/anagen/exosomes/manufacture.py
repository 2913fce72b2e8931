"""From a number of doses to the plant, the batches, the cost with its range, and what holds it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.exosomes.cost_drivers import CostDriver, cost_drivers
from anagen.exosomes.plant import Campaign, Plant, find_plant, run_campaign, within_limits
from anagen.exosomes.potency import DRAWS, Spread, product_parameters, spread_of
from anagen.exosomes.process import OwnValue, own_values
from anagen.exosomes.product import Product
from anagen.exosomes.stages import GROUPS, Batch, Stage, chosen_vessel, make_batch
from anagen.exosomes.systems import PRODUCTION_SYSTEMS
from anagen.parameters import ParameterSet

CENTRAL_MONEY = 1e6
"""Money in flags is told in millions of USD."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """The cheapest plant with another system or vessel, by central values.

    Attributes
    ----------
    system : str
        Name of the production system.
    vessel : str
        Size.
    pooled : int
        Runs pooled into a batch.
    lines : int
        Side by side.
    weeks : float
        Until the last released dose.
    capital : float
        Rooms, vessels and devices [USD].
    cost_per_dose : float
        With cell banks and stability programme [USD].
    within_limits : bool
        Whether time and capital are kept.
    """

    system: str
    vessel: str
    pooled: int
    lines: int
    weeks: float
    capital: float
    cost_per_dose: float
    within_limits: bool


@dataclass(frozen=True, slots=True)
class Making:
    """What it takes to make a number of doses.

    Attributes
    ----------
    product : Product
        The product.
    doses : int
        Doses asked for.
    plant : Plant
        Vessels and lines.
    horizon : float
        Weeks in which the last dose must be released.
    capital_limit : float
        What can be built [USD].
    stages : tuple[Stage, ...]
        Stages of one batch with central values.
    figures : Mapping[str, tuple[Spread, str]]
        Named numbers with spread: batches started, cells, cost per dose and so on; (value, unit).
    cost_shares : Mapping[str, float]
        Share of the cost by part of the process, and what stands once; they add to 1.
    labour_share : float
        Share of the cost that is labour of making, with its overhead.
    drivers : tuple[CostDriver, ...]
        What moves the cost of a dose, the largest first.
    own : tuple[OwnValue, ...]
        Numbers of the maker's beside their defaults.
    alternatives : tuple[Alternative, ...]
        Other systems and vessels, the cheapest first; those beyond the limits last.
    bottleneck : str
        The stage that occupies people and devices longest.
    largest_loss : str
        Stages.
    largest_cost : str
        Stages.
    doses_per_batch : Mapping[str, Spread]
        Released doses of one run in the usual vessel, in every system that the source can use.
    kept_limits : float
        Share of the draws in which this plant keeps time and capital.
    possible : bool
        Whether a listed process makes the doses at a concentration that can be had, in time and with the capital.
    flags : tuple[str, ...]
        What is impossible or doubtful.
    """

    product: Product
    doses: int
    plant: Plant
    horizon: float
    capital_limit: float
    stages: tuple[Stage, ...]
    figures: Mapping[str, tuple[Spread, str]]
    cost_shares: Mapping[str, float]
    labour_share: float
    drivers: tuple[CostDriver, ...]
    own: tuple[OwnValue, ...]
    alternatives: tuple[Alternative, ...]
    bottleneck: str
    largest_loss: str
    largest_cost: str
    doses_per_batch: Mapping[str, Spread]
    kept_limits: float
    possible: bool
    flags: tuple[str, ...]


def make_product(
    product: Product,
    doses: int,
    parameters: ParameterSet,
    *,
    weeks: float | None = None,
    capital: float | None = None,
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
    weeks : float, optional
        Time limit; the horizon of the product's process or of the parameters where left out.
    capital : float, optional
        Limit of the capital [USD]; that of the product's process or of the parameters where left out.
    seed : int, default 1
        Of the intervals.
    draws : int, default DRAWS
        Of the intervals.

    Raises
    ------
    ValueError
        Where fewer than one dose or fewer than 20 draws are asked for, or a limit is not above 0.

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
    if (weeks is not None and weeks <= 0.0) or (capital is not None and capital <= 0.0):
        raise ValueError("limits of time and capital must be above 0")
    read = product_parameters(product, parameters)
    limits = {"facility.horizon": weeks, "facility.capital_limit": capital}
    told = {name: value for name, value in limits.items() if value is not None}
    drawn = [read.draw(seed, index) | told for index in range(draws + 1)]
    values = drawn[0]
    system = PRODUCTION_SYSTEMS[product.system]
    plant, central = find_plant(product, system, doses, values)
    campaigns = [run_campaign(product, plant, doses, entry) for entry in drawn]
    per_batch = {
        name: spread_of([make_batch(product, PRODUCTION_SYSTEMS[name], entry).doses for entry in drawn])
        for name in product.source.systems
    }
    kept = [within_limits(campaign, values) for campaign in campaigns[1:]]
    alternatives = _alternatives(product, doses, values)
    possible, flags = _flags(product, values, per_batch, plant, central)
    if not possible:
        flags += _way_out(alternatives, plant)
    shares, labour = _shares(central, values)
    return Making(
        product,
        doses,
        plant,
        values["facility.horizon"],
        values["facility.capital_limit"],
        central.batch.stages,
        _figures(doses, campaigns),
        shares,
        labour,
        cost_drivers(product, plant, doses, read, values),
        () if product.process is None else own_values(product.process, system, parameters),
        alternatives,
        max(_working(central.batch), key=lambda stage: stage.days).name,
        min(central.batch.stages, key=lambda stage: stage.kept).name,
        max(central.batch.stages, key=lambda stage: stage.cost).name,
        per_batch,
        sum(kept) / len(kept),
        possible,
        flags,
    )


def _working(batch: Batch) -> list[Stage]:
    """Stages that occupy people and devices."""
    return [stage for stage in batch.stages if not stage.waiting]


def _figures(doses: int, campaigns: list[Campaign]) -> dict[str, tuple[Spread, str]]:
    """Numbers of the whole campaign with their spread."""
    batches = [campaign.batch for campaign in campaigns]
    columns: dict[str, tuple[list[float], str]] = {
        "crude particles per batch": ([batch.crude_particles for batch in batches], "particles"),
        "particles filled per batch": ([batch.filled_particles for batch in batches], "particles"),
        "concentration before filling": ([batch.concentration for batch in batches], "particles/mL"),
        "released doses per batch": ([batch.doses for batch in batches], "doses"),
        "batches started": ([float(campaign.batches) for campaign in campaigns], "batches"),
        "cells per batch": ([batch.cells for batch in batches], "cells"),
        "doublings": ([batch.doublings for batch in batches], "1"),
        "passages": ([batch.passages for batch in batches], "1"),
        "donors per batch": ([batch.donors for batch in batches], "donors"),
        "cell banks": ([float(campaign.banks) for campaign in campaigns], "banks"),
        "particles per cell and day": ([batch.release_per_cell for batch in batches], "particles/cell/day"),
        "time to the last dose": ([campaign.weeks for campaign in campaigns], "week"),
        "people": ([float(campaign.people) for campaign in campaigns], "people"),
        "capital": ([campaign.capital for campaign in campaigns], "USD"),
        "cost of a batch": ([batch.cost for batch in batches], "USD/batch"),
        "cost per dose, batches only": ([campaign.running / doses for campaign in campaigns], "USD/dose"),
        "cost per dose": ([campaign.cost / doses for campaign in campaigns], "USD/dose"),
    }
    return {name: (spread_of(numbers), unit) for name, (numbers, unit) in columns.items() if max(numbers) > 0.0}


def _shares(campaign: Campaign, values: Mapping[str, float]) -> tuple[dict[str, float], float]:
    """Shares of the cost by part of the process, and the share that is labour of making."""
    stages = campaign.batch.stages
    shares = {
        str(group): campaign.batches * sum(stage.cost for stage in stages if stage.group == group) / campaign.cost
        for group in GROUPS
    }
    shares["cell bank and stability programme"] = campaign.once / campaign.cost
    paid = values["manufacture.overhead"] * values["manufacture.labour_cost"] * campaign.batch.labour
    return shares, campaign.batches * paid / campaign.cost


def _alternatives(product: Product, doses: int, values: Mapping[str, float]) -> tuple[Alternative, ...]:
    """The cheapest plant with every system and vessel of the source."""
    rows: list[Alternative] = []
    for name in product.source.systems:
        system = PRODUCTION_SYSTEMS[name]
        own = chosen_vessel(product, system, values)
        # A vessel of the maker's own stands in place of the size that it is sold as.
        sizes = [vessel for vessel in system.vessels if own is None or vessel.name != own.name]
        for vessel in [*sizes, *(() if own is None else (own,))]:
            plant, campaign = find_plant(product, system, doses, values, vessel)
            rows.append(
                Alternative(
                    name,
                    vessel.name,
                    plant.pooled,
                    plant.lines,
                    campaign.weeks,
                    campaign.capital,
                    campaign.cost / doses,
                    within_limits(campaign, values),
                )
            )
    return tuple(sorted(rows, key=lambda row: (not row.within_limits, row.cost_per_dose)))


def _flags(
    product: Product, values: Mapping[str, float], per_batch: Mapping[str, Spread], plant: Plant, campaign: Campaign
) -> tuple[bool, tuple[str, ...]]:
    """Whether the doses can be made, and what is impossible or doubtful."""
    flags: list[str] = []
    largest = values["manufacture.largest_concentration"]
    in_vial = product.dose.value / product.particles.vial_volume
    batch = campaign.batch
    dense = in_vial > largest
    if batch.doses < 1.0:
        flags.append(
            f"impossible: no plant makes one dose of {product.dose.value:.2g} particles in a batch; "
            f"{plant.pooled} pooled runs in {plant.system.title}, {plant.vessel.name}, make {batch.doses:.2g} of a dose"
        )
    elif per_batch[product.system].central < 1.0:
        able = [PRODUCTION_SYSTEMS[name].title for name, spread in per_batch.items() if spread.central >= 1.0]
        others = f"; {', '.join(able)} could in one" if able else ""
        flags.append(
            f"{plant.system.title} makes less than a dose per run of the usual vessel, so a larger vessel or pooled "
            f"runs are needed{others}"
        )
    flags += _limit_flags(values, campaign)
    if dense:
        flags.append(f"impossible: one vial would hold {in_vial:.2g} particles/mL; above {largest:.2g} they aggregate")
    elif batch.concentration < in_vial:
        flags.append(
            f"the train ends at {batch.concentration:.2g} particles/mL and a vial needs {in_vial:.2g}: a further "
            "concentration step with its own losses is missing"
        )
    flags += _cell_flags(product, values, campaign)
    if plant.vessel.ratio > 1.0 and (product.process is None or product.process.titre is None):
        flags.append(
            f"the titre was published for another vessel than {plant.vessel.name}; that it is kept on scale-up is "
            "an assumption"
        )
    if not product.preparation.isolation:
        flags.append("no isolation step is told: yields and purity are those of the raw material")
    return batch.doses >= 1.0 and not dense and within_limits(campaign, values), tuple(flags)


def _limit_flags(values: Mapping[str, float], campaign: Campaign) -> list[str]:
    """What goes beyond the limits of time and capital."""
    flags: list[str] = []
    horizon, limit = values["facility.horizon"], values["facility.capital_limit"]
    if campaign.weeks > horizon + 1e-9:
        flags.append(f"too late: the last dose is released after {campaign.weeks:,.0f} weeks; the limit is {horizon:g}")
    if campaign.capital > limit:
        flags.append(
            f"too dear: the plant needs {campaign.capital / CENTRAL_MONEY:,.0f} million USD; the limit is "
            f"{limit / CENTRAL_MONEY:,.0f} million"
        )
    return flags


def _way_out(alternatives: tuple[Alternative, ...], plant: Plant) -> tuple[str, ...]:
    """The cheapest other plant that keeps the limits, where there is one."""
    for row in alternatives:
        if row.within_limits and (row.system, row.vessel) != (plant.system.name, plant.vessel.name):
            return (
                f"within the limits, by central values: {PRODUCTION_SYSTEMS[row.system].title}, {row.vessel}, "
                f"{row.pooled} pooled, {row.lines} lines side by side",
            )
    return ()


def _cell_flags(product: Product, values: Mapping[str, float], campaign: Campaign) -> list[str]:
    """What cells and their passage leave in doubt."""
    batch = campaign.batch
    flags: list[str] = []
    last = values["manufacture.last_passage"]
    told = product.preparation.passage
    if batch.cells > 0.0 and told is not None and told > last:
        flags.append(f"the file says passage {told}; activity falls beyond passage {last:g}")
    if batch.release_per_cell > values["manufacture.largest_release"]:
        flags.append(
            f"the titre implies {batch.release_per_cell:.2g} particles per cell and day: probably not all of them are "
            "vesicles"
        )
    passage = last if told is None else float(told)
    if batch.passages > passage:
        flags.append(
            f"one donor's cells would need {batch.passages:g} passages for a batch and are used at passage "
            f"{passage:g}, so a batch needs {batch.donors:g} donors"
        )
    if campaign.banks > 1:
        flags.append(
            f"the doses need the cells of {campaign.banks:,} donors, each with a tested cell bank; a cell line that "
            "does not age would need one"
        )
    return flags
