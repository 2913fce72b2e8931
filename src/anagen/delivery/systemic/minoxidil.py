"""Minoxidil, topical and by mouth: drug at the follicle and the sulfate that does the work.

Blood is one compartment with first-order absorption. On the scalp the follicle's reservoir and the stratum corneum take
up the drug (`anagen.delivery.skin.topical`). Sulfotransferase turns the drug into its active sulfate. Its patient
factor s is 1 at the population's median:

    topical:  active = local drug * s ** p,   p > 0: who has more enzyme in the follicle responds more
    oral:     active = drug in blood * s ** q,   q < 0: the direction reverses (85 % of low, 43 % of high responders)

References
----------
.. [1] Roberts 2014, doi:10.1111/dth.12130.
.. [2] Goren 2015, doi:10.1111/dth.12164; product information.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.compartments import Compartments, amounts, join
from anagen.delivery.doses import Doses

HOURS = 24.0


def blood(values: Mapping[str, float], *, route: Literal["oral", "topical"]) -> Compartments:
    """Depot, blood and what has left. On the scalp most of the dose never gets in and goes to `lost`.

    Parameters
    ----------
    values : Mapping[str, float]
        Parameter values.
    route : Literal['oral', 'topical']
        By mouth or on the scalp.

    Returns
    -------
    Compartments
        Compartments joined by their flows.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> blood(load_parameters().draw(1, 0), route="oral").names
    ('depot', 'blood', 'eliminated', 'lost')
    """
    share = values[f"minoxidil_kinetics.{route}_bioavailability"]
    absorbed = np.log(2.0) * HOURS / values[f"minoxidil_kinetics.{route}_absorption_half_life"]
    eliminated = np.log(2.0) * HOURS / values["minoxidil_kinetics.half_life"]
    return join(
        ("depot", "blood", "eliminated", "lost"),
        {
            ("depot", "blood"): share * absorbed,
            ("depot", "lost"): (1.0 - share) * absorbed,
            ("blood", "eliminated"): eliminated,
        },
    )


def concentration(
    doses: Doses, times: FloatArray, values: Mapping[str, float], *, route: Literal["oral", "topical"]
) -> FloatArray:
    """Minoxidil in blood [ng/mL] for doses in mg, shape [patient, time].

    Parameters
    ----------
    doses : Doses
        In mg.
    times : FloatArray
        Days, not decreasing, shape (n_times,).
    values : Mapping[str, float]
        Parameter values.
    route : Literal['oral', 'topical']
        By mouth or on the scalp.

    Returns
    -------
    FloatArray
        [ng/mL], shape (n_patients, n_times).

    Examples
    --------
    >>> from anagen.delivery.doses import repeated
    >>> from anagen.parameters import load_parameters
    >>> level = concentration(
    ...     repeated(50.0, start=0, every=0.5, until=14), np.linspace(13, 13.5, 50), load_parameters().draw(1, 0),
    ...     route="topical",
    ... )
    >>> bool(0.5 < level.max() < 5.0)
    True
    """
    held = amounts(blood(values, route=route), doses, times, into="depot")[:, :, 1]
    return 1000.0 * held / values["minoxidil_kinetics.volume"]


def activation(
    sulfotransferase: FloatArray, values: Mapping[str, float], *, route: Literal["oral", "topical"]
) -> FloatArray:
    """How much active sulfate a patient makes relative to the median patient, by route.

    Parameters
    ----------
    sulfotransferase : FloatArray
        Activity over that of the median patient, of any shape.
    values : Mapping[str, float]
        Parameter values.
    route : Literal['oral', 'topical']
        By mouth or on the scalp.

    Returns
    -------
    FloatArray
        1 in the median patient, of the shape of the activity.

    Raises
    ------
    ValueError
        Where activity is not positive.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> values = load_parameters().draw(1, 0)
    >>> s = np.array([0.5, 1.0, 2.0])
    >>> bool(np.all(np.diff(activation(s, values, route="topical")) > 0.0))
    True
    >>> bool(np.all(np.diff(activation(s, values, route="oral")) < 0.0))
    True
    """
    if not np.all(sulfotransferase > 0.0):
        raise ValueError("sulfotransferase activity must be positive")
    return np.asarray(sulfotransferase ** values[f"minoxidil_kinetics.{route}_activation"], dtype=np.float64)
