"""Vesicles in the dermis by any route, in fresh particles of the reference product over the reference area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics, ends
from anagen.delivery.exposures.opening import opened
from anagen.delivery.prescription import REFERENCE_AREA, Prescription

MINUTES = 60.0
REACHED_AFTER = 1.0
"""Days after which the share of follicles within reach of an injection is taken."""
MIR122 = "miR-122-5p"


def vesicles(prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]) -> Exposure:
    """Vesicles in the dermis: `depot` and `wnt` in potent particles, `mir122` in copies per papilla cell.

    Potency relative to the reference product scales the dose. The mean over an interval is what was degraded in it over
    the rate of degradation, which is exact.
    """
    from anagen.delivery.vesicles.disposition import vesicle_course, vesicle_rates

    product, route = prescription.product, prescription.route
    potency = relative_potency_of(prescription, values)
    channels = None if route.name in ("intradermal", "topical") else opened(prescription, values)
    minutes = 0.0 if route.name == "intradermal" else prescription.setting("iontophoresis", values)
    rates = vesicle_rates(
        values,
        diameter=diameter(prescription, values),
        volume=REFERENCE_AREA * values["vesicle.skin_depth"],
        channels=channels,
        iontophoresis_hours=minutes / MINUTES,
    )
    times = ends(grid)
    course = vesicle_course(
        prescription.doses.scaled(scales * potency),
        times,
        rates,
        into="depot" if route.name == "intradermal" else "surface",
    )
    held = np.diff(course.degraded, axis=1) / (rates.degraded * np.diff(times))
    bare = product is not None and product.cargo.surface_wnt is not None and product.cargo.surface_wnt.value == 0.0
    return Exposure(
        {"depot": held, "wnt": np.zeros_like(held) if bare else held, "mir122": copies(prescription, held, values)},
        reach(prescription, values),
    )


def relative_potency_of(prescription: Prescription, values: Mapping[str, float]) -> float:
    """Potent particles per counted particle over those of the reference product; 1 for the reference itself."""
    from anagen.exosomes import relative_potency

    if prescription.product is None or prescription.reference is None:
        return 1.0
    return relative_potency(prescription.product, prescription.reference, values)


def diameter(prescription: Prescription, values: Mapping[str, float]) -> float:
    """Diameter [nm]: the reference diameter times the product's over the reference product's."""
    usual = values["vesicle_delivery.reference_diameter"]
    if prescription.product is None or prescription.reference is None:
        return usual
    product_diameter = values.get(f"{prescription.product.name}.diameter", usual)
    return usual * product_diameter / values.get(f"{prescription.reference.name}.diameter", usual)


def reach(prescription: Prescription, values: Mapping[str, float]) -> float:
    """Share of follicles reached over that of the reference grid; what lies on the skin reaches all of them."""
    from anagen.delivery.vesicles.grid import Grid, treated_share

    def share(spacing: float, volume: float) -> float:
        return float(treated_share(Grid(spacing, 1, volume), np.array([REACHED_AFTER]), values)[0])

    usual = share(values["injection_grid.spacing"], values["injection_grid.bleb_volume"])
    if prescription.route.name != "intradermal":
        return 1.0 / usual
    return share(prescription.setting("spacing", values), prescription.setting("bleb_volume", values)) / usual


def copies(prescription: Prescription, held: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Copies of miR-122-5p per papilla cell that arrive [scale, grid]."""
    from anagen.exosomes.stoichiometry import copies_delivered, vesicles_per_papilla_cell

    product = prescription.product
    if product is None:
        return np.zeros_like(held)
    engineering = product.engineering
    loaded = engineering is not None and engineering.loaded == MIR122
    per_vesicle = values[f"{product.name}.loaded_copies"] if loaded else values.get(f"{product.name}.copies_{MIR122}")
    if per_vesicle is None:
        carried = any(entry.name == MIR122 for entry in product.mirna)
        per_vesicle = values["vesicle.copies_not_measured"] if carried else 0.0
    return held * copies_delivered(values["vesicle.escape"], per_vesicle, vesicles_per_papilla_cell(1.0, values))


def behind_the_gate(courses: Mapping[str, FloatArray], values: Mapping[str, float]) -> Mapping[str, FloatArray]:
    """Exposures with no copy of miR-122-5p until as many of them as the gate asks for were there at one time."""
    arrived = courses["mir122"]
    opened_by_now = np.maximum.accumulate(arrived, axis=-1) >= values["vesicle.gate_copies"]
    return {**courses, "mir122": np.where(opened_by_now, arrived, 0.0)}


VESICLES = Kinetics(
    "vesicles",
    vesicles,
    (
        "vesicle_delivery.",
        "injection_grid.",
        "skin_channels.",
        "follicular_shunt.half_life",
        "microneedle.",
        "vesicle.",
    ),
    "Surface, follicle, channels, depot, lymph and uptake, docs/delivery.md",
    behind_the_gate,
    spread="vesicle_delivery.clearance_cv",
)
