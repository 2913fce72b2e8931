"""Vesicles in the dermis by any route, in fresh particles of the reference product over the reference area.

What they carry arrives with them: copies inside a papilla cell, molecules at its surface, activity of an enzyme. The
occupancies of a product's own cargo stand beside those of the therapy (`own_occupancies`).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.exposures.exposure import Exposure, Kinetics, ends
from anagen.delivery.exposures.opening import opened
from anagen.delivery.prescription import REFERENCE_AREA, Prescription
from anagen.exosomes.cargo import MIR122
from anagen.therapies import Occupancy

MINUTES = 60.0
REACHED_AFTER = 1.0
"""Days after which the share of follicles within reach of an injection is taken."""
INSIDE, SURFACE, ACTIVITY = "inside:", "surface:", "activity:"
"""What begins the name of an exposure to cargo; the input that it occupies follows."""
HALVES = {INSIDE: "exosome.half_copies", SURFACE: "exosome.half_molecules", ACTIVITY: "exosome.half_activity"}
"""Parameter of the exposure at half occupancy."""


def vesicles(prescription: Prescription, scales: FloatArray, grid: FloatArray, values: Mapping[str, float]) -> Exposure:
    """Vesicles in the dermis: `depot` and `wnt` in potent particles, cargo by input as `cargo_arriving` has it.

    Potency relative to the reference product scales the dose. The mean over an interval is what was degraded in it over
    the rate of degradation, which is exact.
    """
    from anagen.delivery.vesicles.disposition import vesicle_course, vesicle_rates

    route = prescription.route
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
    return Exposure(
        {
            "depot": held,
            "wnt": held * relative_wnt(prescription, values),
            f"{INSIDE}{MIR122}": np.zeros_like(held),
            **cargo_arriving(prescription, held, values),
        },
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


def relative_wnt(prescription: Prescription, values: Mapping[str, float]) -> float:
    """Wnt on a vesicle over that on one of the reference product; 1 for the reference itself."""
    from anagen.exosomes.carried import wnt_share

    if prescription.product is None or prescription.reference is None:
        return 1.0
    return wnt_share(prescription.product, prescription.reference, values)


def cargo_arriving(prescription: Prescription, held: FloatArray, values: Mapping[str, float]) -> dict[str, FloatArray]:
    """Cargo that arrives at a papilla cell, exposure -> [scale, grid].

    Copies inside the cell, molecules at its surface, or activity per mg of its protein; what acts through one input in
    one manner adds up.

    Parameters
    ----------
    prescription : Prescription
        What is given; the reference product brings nothing but its vesicles.
    held : FloatArray
        Potent particles in the dermis [scale, grid].
    values : Mapping[str, float]
        Parameter values.
    """
    from anagen.exosomes.carried import carried_by, copies_per_vesicle, enzyme_per_vesicle
    from anagen.exosomes.stoichiometry import copies_delivered, vesicles_per_papilla_cell

    product = prescription.product
    arriving: dict[str, FloatArray] = {}
    for entry in carried_by(product) if product is not None else ():
        if product is None or entry.input is None or entry.manner == "wnt":
            continue
        vesicles_per_cell = vesicles_per_papilla_cell(1.0, values)
        if entry.manner == "inside":
            per_vesicle = copies_per_vesicle(product, entry, values)
            amount = held * copies_delivered(values["vesicle.escape"], per_vesicle, vesicles_per_cell)
        elif entry.manner == "surface":
            amount = held * (copies_per_vesicle(product, entry, values) * vesicles_per_cell)
        else:
            amount = held * (enzyme_per_vesicle(product, entry, values) * vesicles_per_cell)
        name = f"{_BEGINS[entry.manner]}{entry.input}"
        arriving[name] = arriving[name] + amount if name in arriving else amount
    return arriving


_BEGINS = {"inside": INSIDE, "surface": SURFACE, "enzyme": ACTIVITY}


def own_occupancies(prescription: Prescription) -> tuple[Occupancy, ...]:
    """Inputs that a product's own cargo occupies, beside those of its therapy; none for other therapies.

    Parameters
    ----------
    prescription : Prescription
        What is given.

    Examples
    --------
    >>> from anagen.delivery import ROUTES, sessions
    >>> from anagen.exosomes import load_product
    >>> from anagen.therapies import THERAPIES
    >>> native, loaded = load_product("adsc-native"), load_product("adsc-mir-122-5p")
    >>> doses = sessions(start=0, every=2, number=3, amount=1e10)
    >>> given = Prescription(THERAPIES["exosome"], ROUTES["intradermal"], doses, loaded, native)
    >>> [(entry.input, entry.exposure) for entry in own_occupancies(given)]
    [('VESICLE_MIR122', 'inside:VESICLE_MIR122')]
    """
    from anagen.exosomes.carried import carried_by

    product = prescription.product
    if product is None or prescription.therapy.reference_product is None:
        return ()
    found: dict[str, Occupancy] = {}
    for entry in carried_by(product):
        if entry.input is not None and entry.manner != "wnt":
            begins = _BEGINS[entry.manner]
            name = f"{begins}{entry.input}"
            found[name] = Occupancy(entry.input, HALVES[begins], name, reference=False)
    return tuple(found[name] for name in sorted(found))


def behind_the_gate(courses: Mapping[str, FloatArray], values: Mapping[str, float]) -> Mapping[str, FloatArray]:
    """Exposures with no copy inside a cell until as many of them as the gate asks for were there at one time."""

    def gated(arrived: FloatArray) -> FloatArray:
        opened_by_now = np.maximum.accumulate(arrived, axis=-1) >= values["vesicle.gate_copies"]
        return np.where(opened_by_now, arrived, 0.0)

    return {name: gated(course) if name.startswith(INSIDE) else course for name, course in courses.items()}


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
