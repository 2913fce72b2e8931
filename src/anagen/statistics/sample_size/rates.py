"""Patients for a comparison of two rates of events, Poisson or negative binomial.

The log of the rate ratio has variance (1/(rate_1 t) + k) / n1 + (1/(rate_2 t) + k) / n2, with exposure t and
dispersion k
(0 for Poisson).

References
----------
.. [1] Keene, Jones, Lane & Anderson 2007, doi:10.1002/pst.250.
.. [2] Zhu & Lakkis 2014, doi:10.1002/sim.5947.
"""

from __future__ import annotations

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.sample_size.normal import NormalPlan
from anagen.statistics.sample_size.sizes import Test, check_common


def rates_plan(
    first: float,
    second: float,
    exposure: float = 1.0,
    dispersion: float = 0.0,
    alpha: float = 0.05,
    sides: int = 2,
    allocation: float = 1.0,
    test: Test = "superiority",
    margin: float = 0.0,
) -> NormalPlan:
    """A comparison of two rates as a normal test of the log rate ratio; fewer events are better.

    Parameters
    ----------
    first : float
        True rate under treatment, per unit of exposure.
    second : float
        True rate under control.
    exposure : float
        Of a patient, in the same unit of time.
    dispersion : float
        Variance is mean + dispersion mean**2; 0 for Poisson.
    alpha : float
        Type I error.
    sides : int
        1 or 2.
    allocation : float
        Patients of the first arm for each of the second.
    test : {"superiority", "non_inferiority", "equivalence"}
        What is to be shown.
    margin : float
        Log of the rate ratio that is just not acceptable, above 0.

    Returns
    -------
    NormalPlan
        For `normal.patients_for` and `normal.power_of`.

    Raises
    ------
    InputError
        Where a number is out of bounds or the rates lie beyond the border.

    Examples
    --------
    >>> from anagen.statistics.sample_size.normal import patients_for
    >>> patients_for(rates_plan(0.7, 1.0, dispersion=0.5), 0.8).arms
    (212, 212)
    """
    one, two = real("first", first, 1e-9, 1e9), real("second", second, 1e-9, 1e9)
    time, spread = real("exposure", exposure, 1e-9, 1e9), real("dispersion", dispersion, 0.0, 1e6)
    check_common(alpha, sides, allocation, test, margin)
    share = allocation / (1.0 + allocation)
    sd = float(np.sqrt((1.0 / (one * time) + spread) / share + (1.0 / (two * time) + spread) / (1.0 - share)))
    gain = float(np.log(two / one))
    effect = abs(gain) if test == "superiority" and sides == 2 else gain + margin
    other = margin - gain if test == "equivalence" else None
    if effect <= 0.0 or (other is not None and other <= 0.0):
        message = "lie on or beyond the border of what is to be shown; take rates further apart or a larger margin"
        raise InputError([Problem(None, None, None, "rates", message)])
    return NormalPlan(effect, sd, sd, alpha, sides, allocation, other)
