"""What is impossible, missing or doubtful in how a product is to be made, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from anagen.core.words import counted
from anagen.exosomes.plant import Campaign, Plant, within_limits
from anagen.exosomes.potency import Spread
from anagen.exosomes.process_rules import process_questions
from anagen.exosomes.product import Product
from anagen.exosomes.systems import PRODUCTION_SYSTEMS

if TYPE_CHECKING:
    from anagen.exosomes.manufacture import Alternative

ABSURD = 100.0
"""Times the largest believable release of a cell from which on a maker's own numbers are questioned."""
CENTRAL_MONEY = 1e6
"""Money in flags is told in millions of USD."""


def questions_of(product: Product, values: Mapping[str, float], campaign: Campaign) -> tuple[str, ...]:
    """The maker's numbers that can hardly be, and what they make of a cell."""
    process = product.process
    if process is None:
        return ()
    asked = process_questions(process, PRODUCTION_SYSTEMS[product.system], values)
    release, most = campaign.batch.release_per_cell, values["manufacture.largest_release"]
    if release > ABSURD * most:
        told = " and ".join(f"process.{key}" for key in ("titre", "volume", "harvests", "culture_days", "cells")
                            if getattr(process, key) is not None)  # fmt: skip
        asked += (
            f"{told or 'process'}: {release:.2g} particles per cell and day; {most:g} are believable; is a unit wrong?",
        )
    return asked


def flags_of(
    product: Product,
    values: Mapping[str, float],
    per_batch: Mapping[str, Spread],
    plant: Plant,
    campaign: Campaign,
    dense_to: Spread,
) -> tuple[bool, tuple[str, ...]]:
    """Whether the doses can be made, and what is impossible or doubtful.

    dense_to: what the train of steps ends at [particles/mL].
    """
    flags: list[str] = []
    largest = values["manufacture.largest_concentration"]
    asked = product.particles.concentration.value
    in_vial = max(asked, product.dose.value / product.particles.vial_volume)
    batch = campaign.batch
    dense, thin = in_vial > largest, batch.concentration < (product.particles.concentration.low or asked)
    if batch.doses < 1.0:
        flags.append(
            f"impossible: no plant makes one dose of {product.dose.value:.2g} particles in a batch; "
            f"{counted(plant.pooled, 'pooled run')} in {plant.system.title}, {plant.vessel.name}, "
            f"{'makes' if plant.pooled == 1 else 'make'} {batch.doses:.2g} of a dose"
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
    elif thin:
        flags.append(
            f"a step is missing: the train ends at {batch.concentration:.2g} particles/mL ({dense_to.low:.2g} to "
            f"{dense_to.high:.2g}) and a vial is to hold {asked:.2g}; put a step that concentrates, such as "
            "tangential-flow or ultrafiltration, into preparation.isolation, or give the concentration of yours in "
            "[process.step]"
        )
    flags += _cell_flags(product, values, campaign)
    if plant.vessel.ratio > 1.0 and (product.process is None or product.process.titre is None):
        flags.append(
            f"the titre was published for another vessel than {plant.vessel.name}; that it is kept on scale-up is "
            "an assumption"
        )
    if not product.preparation.isolation:
        flags.append("no isolation step is told: yields and purity are those of the raw material")
    return batch.doses >= 1.0 and not dense and not thin and within_limits(campaign, values), tuple(flags)


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


def way_out(alternatives: tuple[Alternative, ...], plant: Plant) -> tuple[str, ...]:
    """The cheapest other plant that keeps the limits, where there is one."""
    for row in alternatives:
        if row.within_limits and (row.system, row.vessel) != (plant.system.name, plant.vessel.name):
            return (
                f"within the limits, by central values: {PRODUCTION_SYSTEMS[row.system].title}, {row.vessel}, "
                f"{counted(row.pooled, 'pooled run')}, {counted(row.lines, 'line')} side by side",
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
            f"one donor's cells would need {counted(batch.passages, 'passage')} for a batch and are used at passage "
            f"{passage:g}, so a batch needs {counted(batch.donors, 'donor')}"
        )
    if campaign.banks > 1:
        flags.append(
            f"the doses need the cells of {campaign.banks:,} donors, each with a tested cell bank; a cell line that "
            "does not age would need one"
        )
    return flags
