"""Minoxidil that reaches the papilla, as the dose per day that would sustain it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics, ends
from anagen.delivery.kinetics import dose_rate
from anagen.delivery.prescription import Prescription

HOURS = 24.0


def minoxidil_topical(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Applied dose per day that would sustain what arrives through the follicle and through the stratum corneum.

    One application's cumulative arrival, papilla + capture * permeated, is shifted to each dose and added up; its
    increase over an interval is exact. At steady state the exposure equals the daily dose.
    """
    from anagen.delivery.doses import Doses
    from anagen.delivery.skin.topical import topical_course

    regimen = prescription.regimen
    times = ends(grid)
    step = float(times[1] - times[0])
    one = topical_course("minoxidil", Doses(np.zeros(1), np.ones((1, 1))), times - times[0], values)
    arrived = (one.papilla + values["skin_penetration.papilla_capture"] * one.permeated)[0]
    whole = whole_arrival(values)
    rate = np.diff(arrived) / (step * whole)
    place = np.rint((regimen.days - times[0]) / step).astype(np.int64)
    total = np.zeros(len(grid))
    for at, amount in zip(place.tolist(), regimen.amounts.tolist(), strict=True):
        if at < len(grid):
            total[at:] += amount * rate[: len(grid) - at]
    return Exposure({"main": np.multiply.outer(scales, total)})


def whole_arrival(values: Mapping[str, float]) -> float:
    """Share of one application that arrives in the end: through the follicle, and captured of what permeates."""
    from anagen.delivery.skin.stratum_corneum import permeability

    into_follicle = values["follicular_shunt.entry_share"]
    across = 6.0 * values["skin_penetration.lag"]
    passage = permeability(
        values["skin_penetration.minoxidil_log_partition"], values["skin_penetration.minoxidil_molar_mass"]
    )
    capacity = passage * across / values["skin_penetration.film"]
    loss = math.log(2.0) / values["skin_penetration.surface_half_life"] * across
    permeated = (1.0 - into_follicle) * capacity / (capacity + loss)
    return into_follicle * values["follicular_shunt.papilla_share"] + (
        values["skin_penetration.papilla_capture"] * permeated
    )


def minoxidil_oral(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Dose per day that would sustain what is in blood; absorption takes minutes and is left out."""
    regimen = prescription.regimen
    seen = dose_rate(regimen.days, regimen.amounts, grid, values["minoxidil_kinetics.half_life"] / HOURS)
    return Exposure({"main": np.multiply.outer(scales, seen)})


MINOXIDIL_TOPICAL = Kinetics(
    "minoxidil-topical",
    minoxidil_topical,
    ("skin_penetration.", "follicular_shunt."),
    "Stratum corneum and follicular reservoir, docs/delivery.md",
)
MINOXIDIL_ORAL = Kinetics(
    "minoxidil-oral", minoxidil_oral, ("minoxidil_kinetics.half_life",), "Product information: half-life in blood"
)
