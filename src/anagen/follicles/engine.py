"""Levers -> hair sums at visits: prepares tables in blocks of patients and runs the kernel on one thread or many."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_YEAR
from anagen.follicles.kernel import N_SUMS, simulate
from anagen.follicles.process import FollicleParameters
from anagen.follicles.tables import LeverTables, lever_tables
from anagen.patients import Population
from anagen.signalling import Levers

PATIENTS_PER_BLOCK = 32
NO_EVENTS = np.zeros((0, 7))
SHED_WINDOW = 28.0
"""Hairs shed are counted over this many days before a visit; the tables start that long before baseline."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How visits are read: `visits` in days from baseline, the target area [cm2], thresholds [um] and detection by
    diameter.

    detection[i] is the chance that a hair of i um is detected; thresholds are the least diameters of a non-vellus and a
    terminal hair.
    """

    visits: FloatArray
    area: float
    thresholds: FloatArray
    detection: FloatArray


@dataclass(frozen=True, slots=True)
class TargetArea:
    """The follicles of each patient inside the target area.

    population: the patients. sensitivity: z of each class [patient, class]. within_patient_sd: SD of shaft diameter
    between the follicles of a patient [um]. starts_terminal: onset at calibre 1. site: number of the area on the
    scalp, for draws. run_in: untreated years of the follicles before baseline [patient], or None for the years since
    onset. lost_at_once: an attacked hair falls out at once.
    """

    population: Population
    sensitivity: FloatArray
    within_patient_sd: float
    starts_terminal: bool
    site: int = 0
    run_in: FloatArray | None = None
    lost_at_once: bool = False


def time_grid(last_visit: float, step: float = 1.0) -> FloatArray:
    """Table times [day]: from SHED_WINDOW before baseline to just after the last visit."""
    return np.arange(-SHED_WINDOW, last_visit + 2.0 + step, step)


LeverSource = Callable[[Population], list[Levers]]
"""levers(patients) -> one Levers per twin, on the grid of `time_grid`."""


def hair_sums(
    target: TargetArea,
    levers: LeverSource,
    process: FollicleParameters,
    reading: Reading,
    *,
    seed: int,
    grid: FloatArray,
    threads: int = 1,
) -> FloatArray:
    """Simulate every patient under each of the given levers and read the hairs at visits.

    Args:
        target: follicles. levers: called per block of patients; every patient gets the same number of twins.
        process: the follicle's parameters. reading: visits and instrument. seed: key of the draws.
        grid: table times from `time_grid`, or the same begun earlier. threads: blocks run at a time; the result does
        not depend on it.

    Returns:
        Sums, shape [patient, twin, visit, 2 * N_SUMS]: kernel.SUMS over all emerged hairs, then over detected ones.

    Raises:
        ValueError: where a patient's target area holds no follicle, or more than the address allows.
    """
    n = len(target.population)
    counts = np.maximum(np.rint(target.population.follicle_density * reading.area), 1.0).astype(np.int64)
    if counts.max(initial=0) >= 2**24:
        raise ValueError(f"a target area of {reading.area} cm2 holds more follicles than can be addressed (2**24)")

    def run(rows: IntArray) -> FloatArray:
        return _block(target, rows, counts[rows], levers, process, reading, seed, grid)

    return in_blocks(n, run, threads)


def in_blocks(n: int, run: Callable[[IntArray], FloatArray], threads: int) -> FloatArray:
    """Outputs of `run` for the rows 0 to n - 1 in blocks of PATIENTS_PER_BLOCK, in order, on one thread or many."""
    blocks = [np.arange(i, min(i + PATIENTS_PER_BLOCK, n), dtype=np.int64) for i in range(0, n, PATIENTS_PER_BLOCK)]
    if threads > 1 and len(blocks) > 1:
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(run, blocks)))
    return np.concatenate([run(rows) for rows in blocks])


def _block(
    target: TargetArea,
    rows: IntArray,
    counts: IntArray,
    levers: LeverSource,
    process: FollicleParameters,
    reading: Reading,
    seed: int,
    grid: FloatArray,
) -> FloatArray:
    patients = target.population.take(rows)
    tables, twins = block_tables(levers(patients), target.sensitivity[rows], process, grid)
    untreated = patients.years_since_onset if target.run_in is None else target.run_in[rows]
    out = np.zeros((len(rows) * twins, len(reading.visits), 2 * N_SUMS))
    simulate(
        seed,
        patients.patient,
        patients.replicate,
        target.site,
        counts,
        -untreated * DAYS_PER_YEAR - float(grid[0]),
        not target.starts_terminal,
        patients.shaft_diameter,
        np.full(len(rows), target.within_patient_sd),
        patients.growth_rate,
        np.arange(len(rows), dtype=np.int64) * twins,
        np.full(len(rows), twins, dtype=np.int64),
        process.constants(),
        tables.anagen_clock,
        tables.resting_clock,
        tables.target,
        tables.smoothed,
        tables.hazard,
        tables.untreated_target,
        bool(tables.hazard.any()),
        target.lost_at_once,
        1.0 / float(grid[1] - grid[0]),
        reading.visits - grid[0],
        SHED_WINDOW,
        reading.thresholds,
        reading.detection,
        out,
        NO_EVENTS,
    )
    return out.reshape(len(rows), twins, len(reading.visits), 2 * N_SUMS)


def block_tables(
    twins: list[Levers], sensitivity: FloatArray, process: FollicleParameters, grid: FloatArray
) -> tuple[LeverTables, int]:
    """Tables of a block of patients, rows ordered patient by patient with the twins of one patient together."""

    def woven(arrays: list[FloatArray]) -> FloatArray:
        stacked = np.stack(arrays, axis=1)
        return stacked.reshape(-1, stacked.shape[-1])

    tables = lever_tables(
        androgen_drive=woven([lever.androgen_drive for lever in twins]),
        anagen_brake=woven([lever.anagen_brake for lever in twins]),
        resting_clock=woven([lever.resting_clock for lever in twins]),
        calibre_boost=woven([lever.calibre_boost for lever in twins]),
        attack=woven([lever.attack for lever in twins]),
        sensitivity=np.repeat(sensitivity, len(twins), axis=0),
        androgen_on_anagen=process.androgen_on_anagen,
        hill=process.calibre_hill,
        calibre_rate=process.calibre_rate,
        calibre_minimum=process.calibre_minimum,
        step=float(grid[1] - grid[0]),
    )
    return tables, len(twins)
