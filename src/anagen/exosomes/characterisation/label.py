"""Whether a count on a label can be true: volume, protein and cells that it asks for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anagen.core.words import counted
from anagen.exosomes.product import Product
from anagen.exosomes.subpopulations import mean_volume, tells_all
from anagen.exosomes.systems import PRODUCTION_SYSTEMS

UG_PER_G = 1.0e6
CM3_PER_NM3 = 1.0e-21


@dataclass(frozen=True, slots=True)
class LabelFinding:
    """One question to a label: the number, its limit, and whether it is plausible.

    Attributes
    ----------
    name : str
        What is asked.
    value : float
        The number that the label implies.
    unit : str
        The number that the label implies.
    limit : float
        What it is compared with.
    side : Literal["at least", "at most"]
        Whether the limit is the least or the most that is plausible.
    plausible : bool
        The verdict.
    note : str
        The reason.
    """

    name: str
    value: float
    unit: str
    limit: float
    side: Literal["at least", "at most"]
    plausible: bool
    note: str


def vesicle_volume(diameter: float, sd: float) -> float:
    """Mean volume of a vesicle [mL], with diameters [nm] log-normal of this mean and standard deviation.

    E[d^3] = mean^3 (1 + CV^2)^3

    Examples
    --------
    >>> round(vesicle_volume(100.0, 0.0) * 1e16, 3)
    5.236
    """
    cubed = diameter**3 * (1.0 + (sd / diameter) ** 2) ** 3
    return math.pi / 6.0 * cubed * CM3_PER_NM3


def check_label(product: Product, values: Mapping[str, float]) -> tuple[LabelFinding, ...]:
    """What the count of a product implies, against what is possible.

    Parameters
    ----------
    product : Product
        The product.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    tuple of LabelFinding
        Volume and protein of the vesicles, where the file tells enough, then cells and vials behind one dose.
    """
    return (*_volume_and_protein(product, values), _cells_per_dose(product, values), _vials_per_dose(product))


def _volume_and_protein(product: Product, values: Mapping[str, float]) -> tuple[LabelFinding, ...]:
    particles = product.particles
    if tells_all(product.subpopulation):
        volume = math.pi / 6.0 * mean_volume(product.subpopulation) * CM3_PER_NM3
    elif particles.diameter is not None:
        sd = particles.diameter_sd.value if particles.diameter_sd else 0.0
        volume = vesicle_volume(particles.diameter.value, sd)
    else:
        return ()
    share, most = particles.concentration.value * volume, values["vesicle.largest_volume_share"]
    clear = share <= most
    note = "no more than a clear liquid can hold" if clear else "more than a clear liquid can hold"
    findings = [LabelFinding("share of the volume that is vesicles", share, "1", most, "at most", clear, note)]
    if particles.particle_to_protein is not None:
        protein = 1.0 / particles.particle_to_protein.value
        mass = volume * values["vesicle.vesicle_density"] * UG_PER_G
        least = values["vesicle.protein_share_least"]
        enough = protein / mass >= least
        note = (
            "as much protein as membranes need"
            if enough
            else "less protein than membranes need: the count holds things that are no vesicles"
        )
        findings.append(
            LabelFinding("protein over mass of a vesicle", protein / mass, "1", least, "at least", enough, note)
        )
    return tuple(findings)


def _cells_per_dose(product: Product, values: Mapping[str, float]) -> LabelFinding:
    """Cells (or mL of raw material) behind one dose before any loss, against one run of the product's system."""
    system = PRODUCTION_SYSTEMS[product.system]
    dose = product.dose.value
    if not system.grown:
        needed, had = dose / system.number("titre", values), system.crude_volume(values)
        note = "raw material behind one dose, before losses, against one lot"
        return LabelFinding("raw material per dose", needed, "mL", had, "at most", needed <= had, note)
    per_cell = values["manufacture.largest_release"] * system.number("days", values)
    needed, had = dose / per_cell, system.number("cells", values)
    note = "cells behind one dose at the largest believable release, before losses, against one run"
    return LabelFinding("cells per dose", needed, "cells", had, "at most", needed <= had, note)


def _vials_per_dose(product: Product) -> LabelFinding:
    """Volume that holds the dose, against one vial."""
    needed, had = product.dose.value / product.particles.concentration.value, product.particles.vial_volume
    fits = needed <= had * 1.0001
    note = (
        "the dose fits into what one vial holds" if fits else f"a dose takes {counted(math.ceil(needed / had), 'vial')}"
    )
    return LabelFinding("volume of the dose", needed, "mL", had, "at most", fits, note)
