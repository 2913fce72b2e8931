"""What patients expect of being treated: points that the patient's own score gains whatever is in the syringe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
    routes = dict.fromkeys(p.route.name for p in prescriptions if p.route.name != "none")
    return tuple(dict.fromkeys(ROUTE_EXPECTATION.get(name, PROCEDURE) for name in routes))


def arm_expectation(
    prescriptions: Sequence[Prescription], values: Mapping[str, float], visits: FloatArray
) -> FloatArray:
    """Expectation of an arm at each visit [percentage points of coverage], rising like the shift of readings.

    The greatest of its routes counts, because a person hopes once. It follows the route and never the substance, so
    that an inert product is rated as its vehicle is, and it cancels between two arms of one route.

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
    expected = [values[name] for name in expectation_names(prescriptions)]
    if not expected:
        return np.zeros_like(visits)
    return reading_shift([max(expected)], visits, values["reading.rise"])
