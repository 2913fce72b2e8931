"""Minoxidil that reaches the papilla, as the dose per day that would sustain it."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics, ends
from anagen.delivery.prescription import Prescription

HOURS = 24.0


def minoxidil_topical(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Applied dose per day that would sustain what arrives through the follicle and through the stratum corneum.

    One application's cumulative arrival, papilla + capture * permeated, is shifted to each dose and added up; its
    increase over an interval is exact. At steady state the exposure equals the daily dose.
    """
    since = ends(grid) - grid[0]
    return Exposure({"main": spread(prescription, scales, grid, arrival(since, values), values)})


def minoxidil_channels(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """The same laid on opened skin: channels let it in as well while they are open.

    Reference needling multiplies the uptake of a day by the factor published for vesicles, which is assumed for a
    small molecule; the papilla captures the share of what came through that it captures of what permeates.
    """
    from anagen.delivery.exposures.opening import opened
    from anagen.delivery.skin.channels import channel_rate, surface_shares

    since = ends(grid) - grid[0]
    intact = arrival(since, values)
    channels = opened(prescription, values)
    loss = math.log(2.0) * HOURS / values["skin_penetration.surface_half_life"]
    uptake = values["follicular_shunt.entry_share"] + permeated_share(values)
    through = channel_rate(channels, uptake * loss / -math.expm1(-loss), loss, values)
    closing = math.log(2.0) * HOURS / channels.half_life
    shares = surface_shares(since, follicle=0.0, channel=through, closing=closing, loss=loss)
    passed = values["skin_penetration.papilla_capture"] * shares.through_channels
    return Exposure({"main": spread(prescription, scales, grid, intact + passed, values)})


def arrival(since: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Share of one application that has arrived at the papilla `since` days after it, shape of `since`."""
    from anagen.delivery.doses import Doses
    from anagen.delivery.skin.topical import topical_course

    one = topical_course("minoxidil", Doses(np.zeros(1), np.ones(1)), since, values)
    return np.asarray((one.papilla + values["skin_penetration.papilla_capture"] * one.permeated)[0])


def spread(
    prescription: Prescription,
    scales: FloatArray,
    grid: FloatArray,
    arrived: FloatArray,
    values: Mapping[str, float],
) -> FloatArray:
    """Exposure [scale, grid] of all doses, from the share of one that has arrived at each end of the grid."""
    doses = prescription.doses
    times = ends(grid)
    step = float(times[1] - times[0])
    rate = np.diff(arrived) / (step * whole_arrival(values))
    place = np.rint((doses.days - times[0]) / step).astype(np.int64)
    total = np.zeros(len(grid))
    # most doses are alike
    of_dose = {amount: amount * rate for amount in set(doses.amounts.tolist())}
    for at, amount in zip(place.tolist(), doses.amounts.tolist(), strict=True):
        if at < len(grid):
            total[at:] += of_dose[amount][: len(grid) - at]
    return np.multiply.outer(scales, total)


def whole_arrival(values: Mapping[str, float]) -> float:
    """Share of one application that arrives in the end: through the follicle, and captured of what permeates."""
    return values["follicular_shunt.entry_share"] * values["follicular_shunt.papilla_share"] + (
        values["skin_penetration.papilla_capture"] * permeated_share(values)
    )


def permeated_share(values: Mapping[str, float]) -> float:
    """Share of one application that comes through the stratum corneum in the end."""
    from anagen.delivery.skin.stratum_corneum import permeability

    into_follicle = values["follicular_shunt.entry_share"]
    across = 6.0 * values["skin_penetration.lag"]
    passage = permeability(
        values["skin_penetration.minoxidil_log_partition"], values["skin_penetration.minoxidil_molar_mass"]
    )
    capacity = passage * across / values["skin_penetration.film"]
    loss = math.log(2.0) / values["skin_penetration.surface_half_life"] * across
    return (1.0 - into_follicle) * capacity / (capacity + loss)


def minoxidil_oral(
    prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]
) -> Exposure:
    """Dose per day that would sustain what is in blood; absorption takes minutes and is left out."""
    from anagen.delivery.kinetics import dose_rate

    doses = prescription.doses
    seen = dose_rate(doses.days, doses.amounts, grid, values["minoxidil_kinetics.half_life"] / HOURS)
    return Exposure({"main": np.multiply.outer(scales, seen)})


MINOXIDIL_TOPICAL = Kinetics(
    "minoxidil-topical",
    minoxidil_topical,
    ("skin_penetration.", "follicular_shunt."),
    "Stratum corneum and follicular reservoir, docs/delivery.md",
)
MINOXIDIL_CHANNELS = Kinetics(
    "minoxidil-channels",
    minoxidil_channels,
    ("skin_penetration.", "follicular_shunt.", "skin_channels.", "microneedle."),
    "Stratum corneum, follicular reservoir and channels, docs/delivery.md",
)
MINOXIDIL_ORAL = Kinetics(
    "minoxidil-oral", minoxidil_oral, ("minoxidil_kinetics.half_life",), "Product information: half-life in blood"
)
