"""What patients expect of being treated: points that the patient's own score gains whatever is in the syringe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.scalp import reading_shift

ROUTE_EXPECTATION = {"oral": "outcomes.expectation_oral", "topical": "outcomes.expectation_topical",
                   "graft": "outcomes.expectation_graft"}  # fmt: skip
"""Routes whose expectation is known apart; every other one on which something is given is a procedure."""
PROCEDURE = "outcomes.expectation_procedure"


def expectation_names(prescriptions: Sequence[Prescription]) -> tuple[str, ...]:
    """Parameters of the expectations that an arm's routes bring; none where nothing is given."""
    return tuple(first_days(prescriptions, _expected))


def first_days(
    prescriptions: Sequence[Prescription], name_of: Callable[[Prescription], str | None]
) -> dict[str, float]:
    """Day of the first dose of everything that carries a name; infinity where no dose is given.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of the arm.
    name_of : callable
        Gives the name, such as that of a parameter, or None.

    Returns
    -------
    dict[str, float]
        Name -> day, in the order of the prescriptions.
    """
    found: dict[str, float] = {}
    for prescription in prescriptions:
        name, days = name_of(prescription), prescription.doses.days
        if name is not None:
            found[name] = min(found.get(name, np.inf), float(days[0]) if len(days) else np.inf)
    return found


def _expected(prescription: Prescription) -> str | None:
    """Parameter of the expectation that a route brings."""
    route = prescription.route.name
    return None if route == "none" else ROUTE_EXPECTATION.get(route, PROCEDURE)


def arm_expectation(
    prescriptions: Sequence[Prescription], values: Mapping[str, float], visits: FloatArray
) -> FloatArray:
    """Expectation of an arm at each visit [percentage points of coverage], rising like the shift of readings.

    The greatest of the routes that have begun counts, because a person hopes once. It follows the route and never the
    substance, so that an inert product is rated as its vehicle is, and it cancels between two arms of one route.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of the arm.
    values : Mapping[str, float]
        Parameter values.
    visits : FloatArray
        Days from baseline, shape (n_visits,).

    Returns
    -------
    FloatArray
        Points of coverage, shape (n_visits,).

    Examples
    --------
    >>> arm_expectation((), {}, np.array([0.0, 84.0])).tolist()
    [0.0, 0.0]
    """
    begun = first_days(prescriptions, _expected)
    greatest = np.full_like(visits, -np.inf)
    for name, day in begun.items():
        response = reading_shift([values[name]], visits - day, values["reading.rise"])
        greatest = np.where(visits > day, np.maximum(greatest, response), greatest)
    return np.where(np.isfinite(greatest), greatest, 0.0)
