"""From a number of doses to the plant, the batches, the cost with its range, and what holds it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anagen.core.words import be, counted
from anagen.exosomes.cost_drivers import CostDriver, cost_drivers
from anagen.exosomes.making_flags import flags_of, questions_of, way_out
from anagen.exosomes.plant import Campaign, Plant, find_plant, run_campaign, within_limits
from anagen.exosomes.potency import DRAWS, Spread, product_parameters, spread_of
from anagen.exosomes.process_values import OwnValue, own_values
from anagen.exosomes.product import Product
from anagen.exosomes.stages import GROUPS, Batch, Stage, chosen_vessel, make_batch
from anagen.exosomes.systems import PRODUCTION_SYSTEMS
from anagen.parameters import ParameterSet


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
        The stage that takes longest, its devices side by side, of those that do more than wait.
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
    questions : tuple[str, ...]
        Numbers of the maker's that can hardly be; what is said holds only if they are right.
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
    questions: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """Whether the doses can be made: yes, NO, or yes as far as numbers in question are right."""
        if not self.possible:
            return "NO"
        many = counted(len(self.questions), "number")
        return f"only if {many} in question {be(len(self.questions))} right" if self.questions else "yes"


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
    dense_to = spread_of([campaign.batch.concentration for campaign in campaigns])
    possible, flags = flags_of(product, values, per_batch, plant, central, dense_to)
    if not possible and not (within_limits(central, values) and central.batch.doses >= 1.0):
        flags += way_out(alternatives, plant)
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
        max(_working(central.batch), key=lambda stage: stage.elapsed).name,
        min(central.batch.stages, key=lambda stage: stage.kept).name,
        max(central.batch.stages, key=lambda stage: stage.cost).name,
        per_batch,
        sum(kept) / len(kept),
        possible,
        flags,
        questions_of(product, values, central),
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
