"""Where transplanted follicles come from and where they end: an account in whole follicles that always balances.

    donor before = donor after + grown in the recipient area + cut in harvesting + not surviving

A follicular unit holds 1 to 4 follicles, 1 + Binomial(3, (mean - 1) / 3). Numbers of follicles are drawn as normal
approximations of the binomial and hypergeometric laws, rounded and kept within their limits; they run to thousands.

    survival s(D) = s0 * f * exp(-slope * max(0, D - D0))            D: units planted per cm2
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import Purpose, normals
from anagen.patients import Population

LARGEST_UNIT = 4
"""Follicles of the largest follicular unit."""
DONOR = 2**32 - 1
"""Item under which a patient's donor area is drawn; sessions are items 0, 1, 2, ..."""


@dataclass(frozen=True, slots=True)
class Account:
    """Follicles of each patient in one session, arrays of shape [patient]; all but `units` count follicles.

    units: follicular units moved. donor_before, donor_after: in the safe donor area. harvested = cut + planted;
    planted = grown + died. units_left: units that may still be taken.
    """

    units: IntArray
    donor_before: IntArray
    donor_after: IntArray
    harvested: IntArray
    cut: IntArray
    planted: IntArray
    grown: IntArray
    died: IntArray
    units_left: IntArray


@dataclass(frozen=True, slots=True)
class Donor:
    """The safe donor area of each patient: units and follicles in it, and units that may be taken [patient]."""

    units: IntArray
    follicles: IntArray
    allowed: IntArray


def survival(density: ArrayLike, values: Mapping[str, float], harvest: str) -> FloatArray:
    """Share of planted follicles that grow, by the density planted [FU/cm2] and the harvest ("fue" or "fut").

    Parameters
    ----------
    density : ArrayLike
        Units planted per cm2.
    values : Mapping[str, float]
        Parameter values.
    harvest : str
        "fue" or "fut".

    Returns
    -------
    FloatArray
        Share, 0 to 1, of the shape of the density.

    References
    ----------
    Form assumed; numbers from Beehner 2005 (2 patients, 20 to 50 FU/cm2).

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> survival([20.0, 35.0, 50.0], load_parameters("prior").draw(0, 0), "fut").round(2).tolist()
    [0.92, 0.92, 0.8]
    """
    factor = values["graft.survival_factor_fue"] if harvest == "fue" else 1.0
    crowding = np.maximum(np.asarray(density, dtype=np.float64) - values["graft.crowding_from"], 0.0)
    return np.clip(values["graft.survival"] * factor * np.exp(-values["graft.crowding_slope"] * crowding), 0.0, 1.0)


def whole_number(mean: ArrayLike, variance: ArrayLike, z: FloatArray, low: ArrayLike, high: ArrayLike) -> IntArray:
    """A count drawn as a rounded normal, kept within its limits."""
    drawn = np.rint(np.asarray(mean) + np.sqrt(np.maximum(variance, 0.0)) * z)
    return np.clip(drawn, low, high).astype(np.int64)


def donor_area(population: Population, values: Mapping[str, float], *, seed: int) -> Donor:
    """Draw the safe donor area of every patient: the same whatever is done to it later."""
    z = _draws(population, seed, DONOR, 2)
    cv = values["graft.donor_density_cv"]
    log_sd = float(np.sqrt(np.log1p(cv * cv)))
    density = values["graft.donor_density"] * np.exp(log_sd * z[:, 0] - 0.5 * log_sd**2)
    units = np.rint(values["graft.safe_donor_area"] * density).astype(np.int64)
    slots, share = (LARGEST_UNIT - 1) * units, extra_share(population, values)
    extra = whole_number(slots * share, slots * share * (1.0 - share), z[:, 1], 0, slots)
    allowed = np.floor(values["graft.harvest_limit"] * units).astype(np.int64)
    return Donor(units, units + extra, allowed)


def extra_share(population: Population, values: Mapping[str, float]) -> FloatArray:
    """Chance that each further place of a follicular unit is taken: (mean - 1) / 3 [patient]."""
    mean = np.array([values[f"graft.hairs_per_unit_{name}"] for name in population.ethnicity])
    return np.clip((mean - 1.0) / (LARGEST_UNIT - 1), 0.0, 1.0)


def accounts(
    population: Population,
    values: Mapping[str, float],
    *,
    densities: FloatArray,
    area: float,
    harvest: str,
    seed: int,
) -> tuple[Account, ...]:
    """Harvest and plant, session by session, until the donor area is used up.

    Parameters
    ----------
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    densities : FloatArray
        Units wanted per cm2 in each session [session].
    area : float
        Recipient area [cm2].
    harvest : str
        "fue" or "fut".
    seed : int
        Key of the draws.

    Returns
    -------
    tuple[Account, ...]
        One Account per session; where the supply is short, fewer units are planted, so less densely.

    Raises
    ------
    ValueError
        Where the harvest is unknown.
    """
    if harvest not in ("fue", "fut"):
        raise ValueError(f"a harvest is 'fue' or 'fut', got {harvest!r}")
    donor = donor_area(population, values, seed=seed)
    units, follicles, allowed = donor.units, donor.follicles, donor.allowed
    sessions: list[Account] = []
    for session, density in enumerate(densities.tolist()):
        z = _draws(population, seed, session, 3)
        moved = np.minimum(np.int64(np.rint(density * area)), allowed)
        # places in the units taken are a sample without replacement of all places that are left
        slots, taken, extra = (LARGEST_UNIT - 1) * units, (LARGEST_UNIT - 1) * moved, follicles - units
        each = np.maximum(slots, 1).astype(np.float64)
        share, full = taken / each, extra / each
        most, least = np.minimum(taken, extra), np.maximum(0, taken - (slots - extra))
        more = whole_number(extra * share, extra * share * (1.0 - share) * (1.0 - full), z[:, 0], least, most)
        harvested = moved + more
        chance = values[f"graft.transection_{harvest}"]
        cut = whole_number(harvested * chance, harvested * chance * (1.0 - chance), z[:, 1], 0, harvested)
        planted = harvested - cut
        alive = survival(moved / area, values, harvest)
        # more survive where z is high, so that twins who lose more in one way of harvesting do so in the other
        grown = whole_number(planted * alive, planted * alive * (1.0 - alive), z[:, 2], 0, planted)
        units, allowed = units - moved, allowed - moved
        sessions.append(
            Account(
                units=moved,
                donor_before=follicles,
                donor_after=follicles - harvested,
                harvested=harvested,
                cut=cut,
                planted=planted,
                grown=grown,
                died=planted - grown,
                units_left=allowed,
            )
        )
        follicles = follicles - harvested
    return tuple(sessions)


def _draws(population: Population, seed: int, item: int, n: int) -> FloatArray:
    """Standard normals of each patient [patient, n]."""
    return normals(
        seed,
        Purpose.GRAFT,
        patient=population.patient[:, None],
        item=item,
        index=np.arange(n)[None, :],
        replicate=population.replicate[:, None],
    )
