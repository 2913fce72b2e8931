"""Grafted follicles at visits: prepares blocks of patients and runs the kernel from the day of surgery."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.follicles.arguments import Follicles, Surgery
from anagen.follicles.engine import (
    FollowUp,
    LeverSource,
    TargetArea,
    block_rows,
    in_blocks,
    run_kernel,
    visits_of,
)
from anagen.follicles.kernel import N_SUMS

FIRST_GRAFT_SITE = 128
"""Grafts of target area number s have their draws at site FIRST_GRAFT_SITE + s, so that they share none with it."""
FOLLICLES_PER_SESSION = 2**18
"""Numbers set aside for the follicles of one session inside a target area."""


@dataclass(frozen=True, slots=True)
class Healing:
    """What grafts do after surgery.

    Attributes
    ----------
    shedding_median : float
        Median time to the fall of the old hair [day].
    shedding_spread : float
        Its log standard deviation.
    rest_median : float
        Median rest before a new anagen [day].
    rest_spread : float
        Its log standard deviation.
    """

    shedding_median: float
    shedding_spread: float
    rest_median: float
    rest_spread: float

    @classmethod
    def from_values(cls, values: Mapping[str, float]) -> Healing:
        """Pick the entries "graft.<field>" out of parameter values."""
        return cls(
            values["graft.shedding_median"],
            values["graft.shedding_spread"],
            values["graft.rest_median"],
            values["graft.rest_spread"],
        )


@dataclass(frozen=True, slots=True)
class Planting:
    """One session.

    Attributes
    ----------
    day : float
        Day of surgery, from baseline.
    session : int
        Number of the session.
    counts : IntArray, shape (n_patients, n_twins)
        Growing follicles that it puts into the target area; 0 where a twin has no surgery.
    """

    day: float
    session: int
    counts: IntArray


def graft_sums(
    donor: TargetArea, plantings: Sequence[Planting], levers: LeverSource, healing: Healing, follow_up: FollowUp
) -> FloatArray:
    """Sums over grafted hairs, to be added to those of native ones.

    Parameters
    ----------
    donor : TargetArea
        Population, sensitivity and diameters of the donor area; `site` of the recipient target area.
    plantings : Sequence[Planting]
        Sessions.
    levers : LeverSource
        As in `engine.hair_sums`; their hazard is not read: grafts are not attacked.
    healing : Healing
        What follows surgery.
    follow_up : FollowUp
        Process, visits, grid and seed.

    Returns
    -------
    FloatArray, shape (n_patients, n_twins, n_visits, 2 * N_SUMS)
        Sums as in `engine.hair_sums`.

    Raises
    ------
    ValueError
        Where a session puts more follicles into the target area than can be addressed.
    """
    visits = visits_of(follow_up)

    def run(rows: IntArray) -> FloatArray:
        twins = levers(donor.population.take(rows))
        treated = block_rows(twins, donor.sensitivity[rows], follow_up)
        sums = np.zeros((len(treated.attack), len(visits.days), 2 * N_SUMS))
        for planting in plantings:
            follicles, surgery = planted(donor, planting, rows, healing, follow_up)
            run_kernel(follicles, treated, follow_up.process, visits, seed=follow_up.seed, surgery=surgery, out=sums)
        return sums.reshape(len(rows), len(twins), *sums.shape[1:])

    return in_blocks(len(donor.population), run, follow_up.threads)


def planted(
    donor: TargetArea, planting: Planting, rows: IntArray, healing: Healing, follow_up: FollowUp
) -> tuple[Follicles, Surgery]:
    """Grafts of one session of some patients as the kernel takes them.

    Parameters
    ----------
    donor : TargetArea
        As in `graft_sums`.
    planting : Planting
        The session.
    rows : IntArray, shape (n,)
        Rows of the patients.
    healing : Healing
        What follows surgery.
    follow_up : FollowUp
        Grid.

    Returns
    -------
    follicles : Follicles
        Twins differ in how many grafts they get, so that each is a patient with one row.
    surgery : Surgery
        The session.

    Raises
    ------
    ValueError
        Where the session puts more follicles into the target area than can be addressed.
    """
    if planting.counts.max(initial=0) > FOLLICLES_PER_SESSION:
        raise ValueError(f"a session cannot put more than {FOLLICLES_PER_SESSION} follicles into a target area")
    patients, n_twins = donor.population.take(rows), planting.counts.shape[1]
    n_rows = len(rows) * n_twins
    follicles = Follicles(
        patients=np.repeat(patients.patient, n_twins),
        replicates=np.repeat(patients.replicate, n_twins),
        site=FIRST_GRAFT_SITE + donor.site,
        first=planting.session * FOLLICLES_PER_SESSION,
        counts=planting.counts[rows].ravel(),
        start=np.zeros(n_rows),
        start_at_target=True,
        diameter_mean=np.repeat(patients.shaft_diameter, n_twins),
        diameter_sd=np.full(n_rows, donor.within_patient_sd),
        growth_rate=np.repeat(patients.growth_rate, n_twins),
        first_row=np.arange(n_rows, dtype=np.int64),
        n_rows=np.ones(n_rows, dtype=np.int64),
        lost_at_once=False,
    )
    surgery = Surgery(
        day=planting.day - float(follow_up.grid[0]),
        shed_mu=math.log(healing.shedding_median),
        shed_sigma=healing.shedding_spread,
        rest_mu=math.log(healing.rest_median),
        rest_sigma=healing.rest_spread,
    )
    return follicles, surgery
