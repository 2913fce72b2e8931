"""A small molecule on the scalp: the stratum corneum beside the follicle's reservoir, in closed form.

A share of each application lies over follicle openings and fills a reservoir that empties over days; the rest meets the
stratum corneum as a finite dose. The film on the skin is renewed by each application and the equations are linear, so
that a course is the sum of its single applications.

References
----------
.. [1] Stratum corneum, `anagen.delivery.skin.finite_dose`.
.. [2] Reservoir up to 10 days, about ten times as long as the stratum corneum (Lademann 2006, 2011)
.. [3] Openings, Otberg 2004, doi:10.1046/j.0022-202X.2003.22110.x.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.doses import Doses
from anagen.delivery.skin.finite_dose import finite_dose
from anagen.delivery.skin.stratum_corneum import permeability

HOURS = 24.0
MOLECULES = ("minoxidil", "finasteride", "clascoterone", "cetirizine")


@dataclass(frozen=True, slots=True)
class TopicalCourse:
    """Where an applied drug is, in the dose's unit, shape [patient, time] each; parts add up to what was given.

    Attributes
    ----------
    surface : FloatArray
        On the skin.
    corneum : FloatArray
        Within the stratum corneum.
    permeated : FloatArray
        Came through into skin and blood.
    lost : FloatArray
        Rubbed, washed or crystallised off.
    reservoir : FloatArray
        In the follicle.
    papilla : FloatArray
        Passed from there to the papilla.
    shed : FloatArray
        Carried out of the follicle with sebum.
    """

    surface: FloatArray
    corneum: FloatArray
    permeated: FloatArray
    lost: FloatArray
    reservoir: FloatArray
    papilla: FloatArray
    shed: FloatArray

    def total(self) -> FloatArray:
        """Everything that was given, shape [patient, time]."""
        through = self.surface + self.corneum + self.permeated + self.lost
        return through + self.reservoir + self.papilla + self.shed


def topical_course(molecule: str, doses: Doses, times: FloatArray, values: Mapping[str, float]) -> TopicalCourse:
    """Follow a drug that is applied on days.

    Parameters
    ----------
    molecule : str
        One of MOLECULES.
    doses : Doses
        In any unit of amount.
    times : FloatArray, shape (n_times,)
        [day].
    values : Mapping[str, float]
        Parameters.

    Returns
    -------
    TopicalCourse
        Amounts of shape (n_patients, n_times).

    Raises
    ------
    ValueError
        Where the molecule is not known.

    Examples
    --------
    >>> from anagen.delivery.doses import repeated
    >>> from anagen.parameters import load_parameters
    >>> course = topical_course(
    ...     "minoxidil", repeated(50.0, start=0, every=0.5, until=7), np.array([7.0]), load_parameters().draw(1, 0)
    ... )
    >>> round(float(course.total()[0, 0]), 6)
    700.0
    """
    if molecule not in MOLECULES:
        raise ValueError(f"no skin penetration of {molecule!r}; known are {', '.join(MOLECULES)}")
    name = f"skin_penetration.{molecule}"
    lag = values["skin_penetration.lag"]
    across = 6.0 * lag
    passage = permeability(values[f"{name}_log_partition"], values[f"{name}_molar_mass"])
    capacity = passage * across / values["skin_penetration.film"]
    loss = math.log(2.0) / values["skin_penetration.surface_half_life"] * across
    into_follicle = values["follicular_shunt.entry_share"]
    emptying = math.log(2.0) / values["follicular_shunt.half_life"]
    to_papilla = values["follicular_shunt.papilla_share"]

    since = np.maximum(times[None, :] - doses.days[:, None], 0.0)
    laid_on = (times[None, :] >= doses.days[:, None]).astype(np.float64)
    shares = finite_dose(since * HOURS / across, capacity=capacity, loss=loss)
    emptied = -np.expm1(-emptying * since)

    def add_up(share: FloatArray, part: float) -> FloatArray:
        return np.asarray(doses.rows @ (part * share * laid_on), dtype=np.float64)

    through = 1.0 - into_follicle
    return TopicalCourse(
        surface=add_up(shares.surface, through),
        corneum=add_up(shares.held, through),
        permeated=add_up(shares.permeated, through),
        lost=add_up(shares.lost, through),
        reservoir=add_up(np.exp(-emptying * since), into_follicle),
        papilla=add_up(emptied, into_follicle * to_papilla),
        shed=add_up(emptied, into_follicle * (1.0 - to_papilla)),
    )
