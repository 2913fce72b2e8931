"""Copies of a miRNA that reach a papilla cell, and whether they can matter.

copies per cell = escape x copies per vesicle x vesicles per cell

Below about 100 copies a single-miRNA route is switched off. On average a vesicle holds far less than one copy of a
given miRNA (Chevillet 2014, doi:10.1073/pnas.1408301111).
"""

from __future__ import annotations

from collections.abc import Mapping


def copies_delivered(escape: float, copies_per_vesicle: float, vesicles_per_cell: float) -> float:
    """Copies that reach the cytosol of one papilla cell.

    Parameters
    ----------
    escape : float
        Share of the cargo that leaves the endosome, 0 to 1.
    copies_per_vesicle : float
        Mean copies of the miRNA in a vesicle.
    vesicles_per_cell : float
        Vesicles that one papilla cell takes up.

    Raises
    ------
    ValueError
        Where a factor is negative or escape is above 1.

    Examples
    --------
    >>> copies_delivered(0.001, 0.01, 1.0e6)
    10.0
    """
    if not 0.0 <= escape <= 1.0 or copies_per_vesicle < 0.0 or vesicles_per_cell < 0.0:
        raise ValueError("escape lies between 0 and 1; copies and vesicles are not negative")
    return escape * copies_per_vesicle * vesicles_per_cell


def route_open(copies: float, values: Mapping[str, float]) -> bool:
    """Whether a single-miRNA route acts: at least `vesicle.gate_copies` copies a cell."""
    return copies >= values["vesicle.gate_copies"]


def vesicles_needed(escape: float, copies_per_vesicle: float, values: Mapping[str, float]) -> float:
    """Vesicles per cell at which the route opens; infinite where the vesicle holds none.

    Examples
    --------
    >>> vesicles_needed(0.001, 0.01, {"vesicle.gate_copies": 100.0})
    10000000.0
    """
    delivered = escape * copies_per_vesicle
    return values["vesicle.gate_copies"] / delivered if delivered > 0.0 else float("inf")


def vesicles_per_papilla_cell(particles: float, values: Mapping[str, float]) -> float:
    """Vesicles that one papilla cell takes up from a session, spread evenly over the treated skin.

    n = dose / (area x depth) x papilla volume / papilla cells x capture

    A geometric estimate for the check of a product; a route's own model of delivery replaces it in a trial.

    Parameters
    ----------
    particles : float
        Particles given in one session.
    values : Mapping[str, float]
        Parameter values.
    """
    concentration = particles / (values["vesicle.treated_area"] * values["vesicle.skin_depth"])
    per_cell = values["vesicle.papilla_volume"] / values["vesicle.papilla_cells"]
    return concentration * per_cell * values["vesicle.capture"]
