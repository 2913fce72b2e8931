"""What the kernel takes beside tables and process: follicles and how they begin, surgery, and visits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray, IntArray

SUMS = (
    "hairs",
    "nonvellus",
    "terminal",
    "anagen",
    "diameter",
    "mass_rate",
    "growth_rate",
    "shed",
    "terminal_diameter",
    "followed",
    "followed_diameter",
)
"""What is added up at a visit: first over all emerged hairs, then once more weighted by the chance of detection.

Followed hairs are those of follicles that held a non-vellus hair at the first visit.
"""
N_SUMS = len(SUMS)
SHED_WINDOW = 28.0
"""Hairs shed are counted over this many days before a visit; the tables start that long before baseline."""


class Follicles(NamedTuple):
    """Follicles of some patients in one target area, and how they begin.

    Attributes
    ----------
    patients : IntArray, shape (n_patients,)
        Number of each patient, part of the address of its draws.
    replicates : IntArray, shape (n_patients,)
        Number of each patient's trial.
    site : int
        Number of the target area on the scalp.
    first : int
        Number of the first follicle.
    counts : IntArray, shape (n_patients,)
        Follicles in the target area.
    start : FloatArray, shape (n_patients,)
        Beginning of the untreated years, negative days before the tables start; not read for grafts.
    start_at_target : bool
        Whether they begin at the calibre target instead of at calibre 1.
    diameter_mean : FloatArray, shape (n_patients,)
        Shaft diameter of a terminal follicle [um].
    diameter_sd : FloatArray, shape (n_patients,)
        Its standard deviation between the follicles of a patient [um].
    growth_rate : FloatArray, shape (n_patients,)
        Growth of a terminal hair [mm/day].
    first_row : IntArray, shape (n_patients,)
        First row of the tables that belongs to the patient.
    n_rows : IntArray, shape (n_patients,)
        Rows of the patient, one for each twin.
    lost_at_once : bool
        Whether the hair of an anagen ended by the hazard falls out then, and not after its rest.
    """

    patients: IntArray
    replicates: IntArray
    site: int
    first: int
    counts: IntArray
    start: FloatArray
    start_at_target: bool
    diameter_mean: FloatArray
    diameter_sd: FloatArray
    growth_rate: FloatArray
    first_row: IntArray
    n_rows: IntArray
    lost_at_once: bool


class Surgery(NamedTuple):
    """A session in which the follicles are planted.

    Attributes
    ----------
    day : float
        Days after the start of the tables.
    shed_mu : float
        Mean of the logarithm of the time to the fall of the old hair [day].
    shed_sigma : float
        Its standard deviation.
    rest_mu : float
        Mean of the logarithm of the rest before the new anagen [day of the re-entry clock].
    rest_sigma : float
        Its standard deviation.
    """

    day: float
    shed_mu: float
    shed_sigma: float
    rest_mu: float
    rest_sigma: float


class Visits(NamedTuple):
    """When and how hairs are read.

    Attributes
    ----------
    days : FloatArray, shape (n_visits,)
        Days after the start of the tables, increasing.
    thresholds : FloatArray, shape (2,)
        Least diameter of a non-vellus and of a terminal hair [um].
    detection : FloatArray, shape (n_diameters,)
        Chance that a hair of 0, 1, 2, ... um is detected.
    shed_window : float
        Hairs shed in this many days before a visit are counted.
    """

    days: FloatArray
    thresholds: FloatArray
    detection: FloatArray
    shed_window: float = SHED_WINDOW


def alike(
    patients: IntArray,
    *,
    follicles: int,
    start: float,
    diameter: tuple[float, float],
    growth_rate: float,
    start_at_target: bool = False,
    twins: int = 1,
    lost_at_once: bool = False,
) -> Follicles:
    """Follicles of patients who differ only in their draws, for checks and benchmarks.

    Parameters
    ----------
    patients : IntArray, shape (n_patients,)
        Their numbers.
    follicles : int
        Follicles of each.
    start : float
        Beginning of the untreated years, negative days before the tables start.
    diameter : tuple[float, float]
        Mean and standard deviation of the shaft diameter of a terminal follicle [um].
    growth_rate : float
        Growth of a terminal hair [mm/day].
    start_at_target : bool
        See `Follicles`.
    twins : int
        Rows of the tables that belong to each.
    lost_at_once : bool
        See `Follicles`.

    Returns
    -------
    Follicles
        At site 0 of trial 0.
    """
    n = len(patients)
    return Follicles(
        patients=patients,
        replicates=np.zeros(n, dtype=np.int64),
        site=0,
        first=0,
        counts=np.full(n, follicles, dtype=np.int64),
        start=np.full(n, start),
        start_at_target=start_at_target,
        diameter_mean=np.full(n, diameter[0]),
        diameter_sd=np.full(n, diameter[1]),
        growth_rate=np.full(n, growth_rate),
        first_row=np.arange(n, dtype=np.int64) * twins,
        n_rows=np.full(n, twins, dtype=np.int64),
        lost_at_once=lost_at_once,
    )
