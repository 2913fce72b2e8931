"""Levers -> hair sums at visits: prepares blocks of patients and runs the kernel on one thread or many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_YEAR
from anagen.follicles.arguments import SHED_WINDOW, Follicles, Surgery, Visits
from anagen.follicles.kernel import N_SUMS, begin, go_on
from anagen.follicles.process import FollicleParameters
from anagen.follicles.states import States, room_for
from anagen.follicles.tables import LeverRows, lever_rows
from anagen.patients import Population
from anagen.signalling import Levers

PATIENTS_PER_BLOCK = 128
NO_EVENTS = np.zeros((0, 8))
NOTHING_KEPT = np.zeros((0, 2, 0))


@dataclass(frozen=True, slots=True)
class Reading:
    """How visits are read.

    Attributes
    ----------
    visits : FloatArray, shape (n_visits,)
        Days from baseline.
    area : float
        Target area [cm2].
    thresholds : FloatArray, shape (2,)
        Least diameter of a non-vellus and of a terminal hair [um].
    detection : FloatArray, shape (n_diameters,)
        Chance that a hair of 0, 1, 2, ... um is detected.
    """

    visits: FloatArray
    area: float
    thresholds: FloatArray
    detection: FloatArray


@dataclass(frozen=True, slots=True)
class FollowUp:
    """How follicles are followed over the time of a trial.

    Attributes
    ----------
    process : FollicleParameters
        The follicle's parameters.
    reading : Reading
        Visits and instrument.
    grid : FloatArray, shape (n_points,)
        Table times from `time_grid`, or the same begun earlier [day].
    seed : int
        Key of the draws.
    threads : int
        Blocks of patients at a time; results do not depend on it.
    """

    process: FollicleParameters
    reading: Reading
    grid: FloatArray
    seed: int
    threads: int = 1

    @property
    def step(self) -> float:
        """Spacing of the table times [day]."""
        return float(self.grid[1] - self.grid[0])


@dataclass(frozen=True, slots=True)
class TargetArea:
    """The follicles of each patient inside the target area.

    Attributes
    ----------
    population : Population
        The patients.
    sensitivity : FloatArray, shape (n_patients, n_classes)
        Androgen sensitivity z of each class.
    within_patient_sd : float
        Standard deviation of shaft diameter between the follicles of a patient [um].
    starts_terminal : bool
        Whether onset is at calibre 1.
    site : int
        Number of the area on the scalp, for draws.
    run_in : FloatArray or None, shape (n_patients,)
        Untreated years of the follicles before baseline; None for the years since onset.
    lost_at_once : bool
        Whether an attacked hair falls out at once.
    states : States or None
        Of the follicles where the tables start, from `begun` of the same target area; None where they are not kept.
    """

    population: Population
    sensitivity: FloatArray
    within_patient_sd: float
    starts_terminal: bool
    site: int = 0
    run_in: FloatArray | None = None
    lost_at_once: bool = False
    states: States | None = None

    def counts(self, area: float) -> IntArray:
        """Follicles of each patient in an area [cm2].

        Raises
        ------
        ValueError
            Where it holds more follicles than the address allows.
        """
        # rounded without a least number: one follicle in an area too small for it would be a denser scalp
        counts = np.rint(self.population.follicle_density * area).astype(np.int64)
        if counts.max(initial=0) >= 2**24:
            raise ValueError(f"a target area of {area} cm2 holds more follicles than can be addressed (2**24)")
        return counts

    def follicles(self, rows: IntArray, counts: IntArray, grid: FloatArray, n_twins: int) -> Follicles:
        """Follicles of some patients as the kernel takes them; `counts` are those of all patients."""
        patients = self.population
        untreated = patients.years_since_onset if self.run_in is None else self.run_in
        return Follicles(
            patients=patients.patient[rows],
            replicates=patients.replicate[rows],
            site=self.site,
            first=0,
            counts=counts[rows],
            start=-untreated[rows] * DAYS_PER_YEAR - float(grid[0]),
            start_at_target=not self.starts_terminal,
            diameter_mean=patients.shaft_diameter[rows],
            diameter_sd=np.full(len(rows), self.within_patient_sd),
            growth_rate=patients.growth_rate[rows],
            first_row=np.arange(len(rows), dtype=np.int64) * n_twins,
            n_rows=np.full(len(rows), n_twins, dtype=np.int64),
            lost_at_once=self.lost_at_once,
        )


LeverSource = Callable[[Population], list[Levers]]
"""levers(patients) -> one Levers for each twin, on the grid of `time_grid`."""


def time_grid(last_visit: float, step: float = 1.0) -> FloatArray:
    """Table times: from SHED_WINDOW before baseline to just after the last visit.

    Parameters
    ----------
    last_visit : float
        Days from baseline.
    step : float
        Spacing [day].

    Returns
    -------
    FloatArray, shape (n_points,)
        Days from baseline.
    """
    return np.arange(-SHED_WINDOW, last_visit + 2.0 + step, step)


def begun(target: TargetArea, follow_up: FollowUp, *, with_hazard: bool, behind: States | None = None) -> States:
    """Carry the follicles of every patient to the start of the tables, and keep their states.

    Parameters
    ----------
    target : TargetArea
        The follicles.
    follow_up : FollowUp
        Process, area, grid and seed.
    with_hazard : bool
        Whether there can be a hazard later on.
    behind : States or None
        Of other patients, behind whose places there may be room for these.

    Returns
    -------
    States
        Of the patients: 200 bytes a follicle.

    Raises
    ------
    ValueError
        Where a target area holds more follicles than the address allows.
    """
    counts = target.counts(follow_up.reading.area)
    states = room_for(counts, target.sensitivity.shape[1], behind=behind, spare=1.0)

    def run(rows: IntArray) -> FloatArray:
        begin(
            follow_up.seed,
            target.follicles(rows, counts, follow_up.grid, 1),
            False,
            with_hazard,
            follow_up.process.constants(),
            target.sensitivity[rows],
            states.of(rows),
        )
        return np.zeros((len(rows), 0))

    in_blocks(len(counts), run, follow_up.threads)
    return states


def hair_sums(target: TargetArea, levers: LeverSource, follow_up: FollowUp) -> FloatArray:
    """Simulate every patient under levers and read the hairs at visits.

    Parameters
    ----------
    target : TargetArea
        The follicles; where their states are kept they go on from there.
    levers : LeverSource
        Called for each block of patients; every patient gets the same number of twins.
    follow_up : FollowUp
        Process, visits, grid and seed.

    Returns
    -------
    FloatArray, shape (n_patients, n_twins, n_visits, 2 * N_SUMS)
        kernel.SUMS over all emerged hairs, then over detected ones.

    Raises
    ------
    ValueError
        Where a target area holds more follicles than the address allows.
    """
    grid = follow_up.grid
    counts = target.counts(follow_up.reading.area)

    def run(rows: IntArray) -> FloatArray:
        twins = levers(target.population.take(rows))
        sums, _events = run_kernel(
            target.follicles(rows, counts, grid, len(twins)),
            block_rows(twins, target.sensitivity[rows], follow_up),
            follow_up.process,
            visits_of(follow_up),
            seed=follow_up.seed,
            states=None if target.states is None else target.states.of(rows),
        )
        return sums.reshape(len(rows), len(twins), *sums.shape[1:])

    return in_blocks(len(target.population), run, follow_up.threads)


def run_kernel(
    follicles: Follicles,
    levers: LeverRows,
    process: FollicleParameters,
    visits: Visits,
    *,
    seed: int,
    surgery: Surgery | None = None,
    states: States | None = None,
    out: FloatArray | None = None,
    events: FloatArray = NO_EVENTS,
    kept: FloatArray = NOTHING_KEPT,
) -> tuple[FloatArray, int]:
    """Simulate follicles on this thread: the one call of the kernel.

    Parameters
    ----------
    follicles : Follicles
        Where they are and how they begin.
    levers : LeverRows
        Rows that the patients point to.
    process : FollicleParameters
        The follicle's parameters.
    visits : Visits
        When and how hairs are read.
    seed : int
        Key of the draws.
    surgery : Surgery or None
        The session in which the follicles are planted; they are then not attacked. None for native follicles.
    states : States or None
        Of the follicles where the tables start; None where they are not kept, and are then made.
    out : FloatArray or None, shape (n_rows, n_visits, 2 * N_SUMS)
        Sums that are added to; None for new ones.
    events : FloatArray, shape (n, 8) or (n, 9)
        Record of phases that is filled, see `kernel.go_on`; ordered by row, follicle and time.
    kept : FloatArray, shape (n_follicles, 2, n_visits)
        Record of hairs that is filled, see `kernel.go_on`; in the order in which follicles are added up.

    Returns
    -------
    sums : FloatArray, shape (n_rows, n_visits, 2 * N_SUMS)
        `out`, or new sums.
    n_events : int
        Phases recorded.
    """
    sums = np.zeros((len(levers.attack), len(visits.days), 2 * N_SUMS)) if out is None else out
    # the last point is behind the last visit: what it holds acts on nobody
    with_hazard = surgery is None and bool(levers.attack[:, :-1].any())
    constants = process.constants()
    if states is None:
        sensitivity = levers.sensitivity[follicles.first_row]
        states = room_for(follicles.counts, sensitivity.shape[1])
        begin(seed, follicles, surgery is not None, with_hazard, constants, sensitivity, states)
    n_events = go_on(seed, follicles, states, surgery, with_hazard, constants, levers, visits, sums, events, kept)
    # follicles take turns in the kernel
    events[:n_events] = events[:n_events][np.lexsort(events[:n_events, [4, 1, 0]].T)]
    return sums, n_events


def visits_of(follow_up: FollowUp) -> Visits:
    """Visits of a follow-up as the kernel takes them."""
    reading = follow_up.reading
    return Visits(reading.visits - follow_up.grid[0], reading.thresholds, reading.detection)


def block_rows(twins: Sequence[Levers], sensitivity: FloatArray, follow_up: FollowUp) -> LeverRows:
    """Rows of a block of patients, ordered patient by patient with the twins of one patient together.

    Parameters
    ----------
    twins : Sequence[Levers]
        Levers of each twin, arrays of shape (n_patients, n_points).
    sensitivity : FloatArray, shape (n_patients, n_classes)
        Androgen sensitivity of the classes.
    follow_up : FollowUp
        Process and grid.

    Returns
    -------
    LeverRows
        Of n_patients * n_twins rows.
    """
    if len(twins) == 1:
        return lever_rows(twins[0], sensitivity, step=follow_up.step)

    def woven(name: str) -> FloatArray:
        stacked = np.stack([getattr(levers, name) for levers in twins], axis=1)
        return stacked.reshape(-1, stacked.shape[-1])

    return lever_rows(Levers.each(woven), np.repeat(sensitivity, len(twins), axis=0), step=follow_up.step)


def in_blocks(n: int, run: Callable[[IntArray], FloatArray], threads: int) -> FloatArray:
    """Outputs for the rows of patients in blocks of at most PATIENTS_PER_BLOCK, on one thread or many.

    Parameters
    ----------
    n : int
        Number of patients.
    run : callable
        Rows of a block, increasing -> its output, patients along the first axis.
    threads : int
        Blocks at a time.

    Returns
    -------
    FloatArray, shape (n, ...)
        In the order of the patients.
    """
    size = max(1, min(PATIENTS_PER_BLOCK, -(-n // threads)))
    blocks = [np.arange(i, min(i + size, n), dtype=np.int64) for i in range(0, max(n, 1), size)]
    if threads > 1 and len(blocks) > 1:
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(run, blocks)))
    return np.concatenate([run(rows) for rows in blocks])
