"""Grafted follicles at visits: prepares tables in blocks of patients and runs the graft kernel."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.follicles.engine import (
    SHED_WINDOW,
    LeverSource,
    Reading,
    TargetArea,
    block_tables,
    in_blocks,
)
from anagen.follicles.graft_kernel import simulate_grafts
from anagen.follicles.kernel import N_SUMS
from anagen.follicles.process import FollicleParameters

FIRST_GRAFT_SITE = 128
"""Grafts of target area number s have their draws at site FIRST_GRAFT_SITE + s, so that they share none with it."""
FOLLICLES_PER_SESSION = 2**18
"""Numbers set aside for the follicles of one session inside a target area."""


@dataclass(frozen=True, slots=True)
class Healing:
    """What grafts do after surgery: medians [day] and log standard deviations of the fall of the old hair and of the
    rest before a new anagen.
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
    """One session: day of surgery, number of the session, and growing follicles it puts into the target area.

    counts: follicles that grow, shape [patient, twin]; 0 where a twin has no surgery.
    """

    day: float
    session: int
    counts: IntArray


def graft_sums(
    donor: TargetArea,
    plantings: Sequence[Planting],
    levers: LeverSource,
    process: FollicleParameters,
    healing: Healing,
    reading: Reading,
    *,
    seed: int,
    grid: FloatArray,
    threads: int = 1,
) -> FloatArray:
    """Sums over grafted hairs, to be added to those of native ones.

    Args:
        donor: population, sensitivity and diameters of the donor area; `site` of the recipient target area.
        plantings: sessions. levers, process, reading, seed, grid, threads: as in engine.hair_sums. The hazard of the
        levers is not read: grafts are not attacked.
        healing: what follows surgery.

    Returns:
        Sums [patient, twin, visit, 2 * N_SUMS].

    Raises:
        ValueError: where a session puts more follicles into the target area than can be addressed.
    """
    if any(planting.counts.max(initial=0) > FOLLICLES_PER_SESSION for planting in plantings):
        raise ValueError(f"a session cannot put more than {FOLLICLES_PER_SESSION} follicles into a target area")

    def run(rows: IntArray) -> FloatArray:
        return _block(donor, rows, plantings, levers, process, healing, reading, seed, grid)

    return in_blocks(len(donor.population), run, threads)


def _block(
    donor: TargetArea,
    rows: IntArray,
    plantings: Sequence[Planting],
    levers: LeverSource,
    process: FollicleParameters,
    healing: Healing,
    reading: Reading,
    seed: int,
    grid: FloatArray,
) -> FloatArray:
    patients = donor.population.take(rows)
    tables, twins = block_tables(levers(patients), donor.sensitivity[rows], process, grid)
    out = np.zeros((len(rows) * twins, len(reading.visits), 2 * N_SUMS))
    for planting in plantings:
        simulate_grafts(
            seed,
            np.repeat(patients.patient, twins),
            np.repeat(patients.replicate, twins),
            FIRST_GRAFT_SITE + donor.site,
            planting.session * FOLLICLES_PER_SESSION,
            planting.counts[rows].ravel(),
            planting.day - float(grid[0]),
            math.log(healing.shedding_median),
            healing.shedding_spread,
            math.log(healing.rest_median),
            healing.rest_spread,
            np.repeat(patients.shaft_diameter, twins),
            donor.within_patient_sd,
            np.repeat(patients.growth_rate, twins),
            process.constants(),
            tables.anagen_clock,
            tables.resting_clock,
            tables.target,
            tables.smoothed,
            tables.hazard,
            tables.untreated_target,
            1.0 / float(grid[1] - grid[0]),
            reading.visits - grid[0],
            SHED_WINDOW,
            reading.thresholds,
            reading.detection,
            out,
        )
    return out.reshape(len(rows), twins, len(reading.visits), 2 * N_SUMS)
