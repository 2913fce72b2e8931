"""The event-driven kernel: every follicle from onset to the last visit, read off at visits.

A follicle moves anagen -> catagen -> telogen -> (kenogen) -> anagen. A phase that begins at t0 with duration X of
operational time ends when the cumulative clock has run X, so `end = S^-1(S(t0) + X)`: exact, without a time step.
Catagen keeps real time and is joined to telogen as one resting phase. Within anagen the calibre follows its target in
closed form, c(t) = W(t) + exp(-kappa_in (t - t0)) (c(t0) - W(t0)).

Before the tables start every clock runs at rate 1, so the untreated years cost only their events (lanes.py). Where they
start, the state of the follicle is kept and continued under each row of tables in turn: counterfactual twins share
their past and every draw.

References
----------
.. [1] Time change of a renewal process, Cox & Miller 1965, ch. 4.
.. [2] Follicular automaton, Halloy et al. 2000, doi:10.1073/pnas.97.15.8328.
.. [3] Counter-based draws, Salmon et al. 2011, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined, merged
from anagen.core.elementary import exponential
from anagen.follicles.arguments import N_SUMS, SUMS, Follicles, Surgery, Visits
from anagen.follicles.board import (
    CHUNK,
    DAY,
    N_BOARD,
    SMOOTHED,
    add_board,
    add_hair,
    add_shed,
    chance_seen,
    clear_board,
)
from anagen.follicles.clocks import NEVER, clock_at, clock_inverse, hazard_time, value_at
from anagen.follicles.cycle import (
    ANAGEN,
    KENOGEN,
    RESTING,
    Address,
    begin_anagen,
    cycle_draws,
    growth_rate,
    hazard_exposure,
    kenogen_chance,
    kenogen_duration,
)
from anagen.follicles.lanes import (
    AHEAD,
    ANAGEN_NORMAL,
    CALIBRE,
    CALIBRE_START,
    COMPLETED,
    DURATION,
    FOLLICLE,
    GATE_OPEN,
    GATE_UNIFORM,
    HAZARD_EXPOSURE,
    KENOGEN_UNIFORM,
    LANES,
    N_DRAWS,
    N_MARKS,
    N_STATE,
    PHASE,
    PHASE_START,
    SHAFT,
    SHOWN,
    STEP_NORMAL,
    TARGET,
    TELOGEN_FACTOR,
    Lanes,
    draw_ahead,
    run_untreated,
    sort_by_class,
    start_lanes,
    whole_vectors,
)
from anagen.follicles.process import ProcessConstants
from anagen.follicles.surgery import plant
from anagen.follicles.tables import LeverTables

__all__ = ["ANAGEN", "KENOGEN", "N_SUMS", "RESTING", "SUMS", "simulate"]


class ClassTables(NamedTuple):
    """Tables of one row and class, copied from the large ones.

    Read at random from a large table, each look-up would wait for memory; copied once in order, it does not.

    Attributes
    ----------
    anagen_clock : FloatArray, shape (n_points,)
        See `LeverTables`, as the others.
    resting_clock : FloatArray, shape (n_points,)
        Of the row.
    target : FloatArray, shape (n_points,)
        Of the class.
    smoothed : FloatArray, shape (n_points,)
        Of the class.
    hazard : FloatArray, shape (n_points,)
        Of the row.
    """

    anagen_clock: FloatArray
    resting_clock: FloatArray
    target: FloatArray
    smoothed: FloatArray
    hazard: FloatArray


@inlined
def copy_row(source: FloatArray, to: FloatArray) -> None:
    """Copy numbers in order.

    Parameters
    ----------
    source : FloatArray, shape (n_points,)
        Read.
    to : FloatArray, shape (n_points,)
        Written.
    """
    for i in range(to.shape[0]):
        to[i] = source[i]


@merged
def follow(
    i: int,
    row: int,
    address: Address,
    terminal_rate: float,
    p: ProcessConstants,
    lanes: Lanes,
    tables: ClassTables,
    per_day: float,
    with_hazard: bool,
    lost_at_once: bool,
    visits: Visits,
    board: FloatArray,
    sums: FloatArray,
    events: FloatArray,
    n_events: int,
) -> int:
    """Follow one follicle from day 0 to the last visit under one row of tables.

    Parameters
    ----------
    i : int
        Lane of the follicle.
    row : int
        Row of the tables, for the record.
    address : Address
        Of the patient's draws.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicle.
    lanes : Lanes
        State on day 0 and draws.
    tables : ClassTables
        Of the row and the follicle's class.
    per_day : float
        Grid points of the tables to a day.
    with_hazard : bool
        Whether there is a hazard; without one its table is not read.
    lost_at_once : bool
        Whether the hair of an anagen ended by the hazard falls out then.
    visits : Visits
        When and how hairs are read.
    board : FloatArray, shape (n_chunks, N_BOARD, CHUNK)
        Sums that are added to.
    sums : FloatArray, shape (n_visits, 2 * N_SUMS)
        Sums of the row, to which shed hairs are added.
    events : FloatArray, shape (n, 7)
        Record of phases, see `simulate`.
    n_events : int
        Events recorded before.

    Returns
    -------
    int
        Events recorded so far.
    """
    days, detection = visits.days, visits.detection
    state, marks, draws = lanes.state, lanes.marks, lanes.draws
    n_visits = days.shape[0]
    goal, shaft, follicle = state[TARGET, i], state[SHAFT, i], marks[FOLLICLE, i]
    phase, shown, gate_open, cycle = marks[PHASE, i], marks[SHOWN, i], marks[GATE_OPEN, i], marks[COMPLETED, i]
    t0, duration, c, t_calibre = state[PHASE_START, i], state[DURATION, i], state[CALIBRE, i], state[CALIBRE_START, i]
    factor, u_kenogen, z_anagen = draws[0, TELOGEN_FACTOR, i], draws[0, KENOGEN_UNIFORM, i], draws[0, ANAGEN_NORMAL, i]
    z_step, u_gate, exposure = draws[0, STEP_NORMAL, i], draws[0, GATE_UNIFORM, i], draws[0, HAZARD_EXPOSURE, i]
    ahead = v = first_shed = 0
    while True:
        gap = c
        attacked = False
        if phase == ANAGEN:
            end = clock_inverse(tables.anagen_clock, clock_at(tables.anagen_clock, t0, per_day) + duration, t0, per_day)
            if with_hazard:
                struck = hazard_time(tables.hazard, t0, exposure, per_day)
                attacked = struck < end
                end = min(end, struck)
            gap = c - value_at(tables.smoothed, goal, t_calibre, per_day)
        else:
            running = t0 + (p.catagen_duration if phase == RESTING else 0.0)
            end = clock_inverse(
                tables.resting_clock, clock_at(tables.resting_clock, running, per_day) + duration, running, per_day
            )

        begin = v
        while v < n_visits and days[v] < end:
            v += 1
        if begin < v and (phase == ANAGEN or (phase == RESTING and shown == 1)):
            growing, t_emerging = (1.0, t0 + p.emergence_lag) if phase == ANAGEN else (0.0, -NEVER)
            add_hair(begin, v, growing, shaft, gap, t_calibre, t_emerging, terminal_rate, p, visits, board)
        if n_events < events.shape[0]:
            events[n_events, 0], events[n_events, 1], events[n_events, 2], events[n_events, 3] = (
                row,
                follicle,
                cycle,
                phase,
            )
            events[n_events, 4], events[n_events, 5], events[n_events, 6] = t0, end, c
            n_events += 1
        if v >= n_visits:
            return n_events

        if phase == ANAGEN:
            c = value_at(tables.smoothed, goal, end, per_day) + exponential(-p.calibre_rate * (end - t_calibre)) * gap
            shown = (
                1
                if (end - t0 - p.emergence_lag) * growth_rate(shaft * c, terminal_rate, p) >= p.emergence_length
                else 0
            )
            if attacked and lost_at_once:
                if shown == 1:
                    first_shed = add_shed(first_shed, end, chance_seen(detection, shaft * c), visits, sums)
                shown = 0
            cycle += 1
            ahead += 1
            if ahead < AHEAD:
                factor, u_kenogen, z_anagen = (
                    draws[ahead, TELOGEN_FACTOR, i],
                    draws[ahead, KENOGEN_UNIFORM, i],
                    draws[ahead, ANAGEN_NORMAL, i],
                )
                z_step, u_gate, exposure = (
                    draws[ahead, STEP_NORMAL, i],
                    draws[ahead, GATE_UNIFORM, i],
                    draws[ahead, HAZARD_EXPOSURE, i],
                )
            else:
                factor, u_kenogen, z_anagen, z_step, u_gate = cycle_draws(address, follicle, cycle, p)
                exposure = hazard_exposure(address, follicle, cycle) if with_hazard else 0.0
            phase = RESTING
            duration = p.telogen_mean * factor
        else:
            if phase == RESTING and shown == 1:
                first_shed = add_shed(first_shed, end, chance_seen(detection, shaft * c), visits, sums)
            chance = kenogen_chance(c, p)
            if phase == RESTING and u_kenogen < chance:
                phase = KENOGEN
                duration = kenogen_duration(u_kenogen / chance, p)
            else:
                phase = ANAGEN
                t_calibre = end
                c, gate_open, duration = begin_anagen(
                    c, value_at(tables.target, goal, end, per_day), gate_open, z_anagen, z_step, u_gate, p
                )
        t0 = end


@compiled
def simulate(
    seed: int,
    follicles: Follicles,
    surgery: Surgery | None,
    with_hazard: bool,
    p: ProcessConstants,
    tables: LeverTables,
    visits: Visits,
    out: FloatArray,
    events: FloatArray,
) -> int:
    """Simulate follicles from their start and add up their hairs at each visit.

    Native follicles are carried through untreated years, grafts begin on the day of surgery. A None is known when the
    kernel is compiled, so that either kind runs machine code without the other's.

    Parameters
    ----------
    seed : int
        Key of every draw.
    follicles : Follicles
        Where they are and how they begin.
    surgery : Surgery or None
        For grafts, the session in which they are planted.
    with_hazard : bool
        Whether there is a hazard; without one its table is not read.
    p : ProcessConstants
        Of the follicles.
    tables : LeverTables
        Rows that the patients point to.
    visits : Visits
        When and how hairs are read.
    out : FloatArray, shape (n_rows, n_visits, 2 * N_SUMS)
        Sums that are added to.
    events : FloatArray, shape (n, 7)
        Record of phases: row, follicle, cycle, phase, start, end, calibre at the start after any step. One of length 0
        records nothing.

    Returns
    -------
    int
        Number of events recorded.
    """
    key, site = np.uint64(seed), np.uint64(follicles.site) << np.uint64(24)
    days, untreated_target, per_day = visits.days, tables.untreated_target, tables.per_day
    n_visits, n_classes, n_points = days.shape[0], untreated_target.shape[1], tables.resting_clock.shape[1]
    n_events = 0
    lanes = Lanes(
        np.zeros((N_STATE, LANES)), np.zeros((N_MARKS, LANES), dtype=np.int64), np.zeros((AHEAD, N_DRAWS, LANES))
    )
    lane_of, order = np.zeros(LANES, dtype=np.int64), np.zeros(LANES, dtype=np.int64)
    ends = np.zeros(n_classes + 1, dtype=np.int64)
    here = ClassTables(
        np.zeros(n_points), np.zeros(n_points), np.zeros(n_points), np.zeros(n_points), np.zeros(n_points)
    )
    board = np.zeros(((n_visits + CHUNK - 1) // CHUNK, N_BOARD, CHUNK))
    for v in range(n_visits):
        board[v // CHUNK, DAY, v % CHUNK] = days[v]

    for q in range(follicles.patients.shape[0]):
        address = Address(key, np.uint64(follicles.patients[q]), np.uint64(follicles.replicates[q]), site)
        rate, row0 = follicles.growth_rate[q], follicles.first_row[q]
        behind = follicles.first + follicles.counts[q]
        for first in range(follicles.first, behind, LANES):
            n = min(LANES, behind - first)
            start_lanes(
                first,
                whole_vectors(n),
                address,
                untreated_target[row0],
                follicles.start_at_target,
                follicles.diameter_mean[q],
                follicles.diameter_sd[q],
                follicles.start[q],
                p,
                lanes,
            )
            if surgery is None:
                run_untreated(n, address, rate, p, lanes)
            draw_ahead(whole_vectors(n), address, p, with_hazard, lanes)
            sort_by_class(first, n, lanes.marks, lane_of, order, ends)
            for row in range(row0, row0 + follicles.n_rows[q]):
                copy_row(tables.resting_clock[row], here.resting_clock)
                copy_row(tables.hazard[row], here.hazard)
                clear_board(board)
                for k in range(n_classes):
                    copy_row(tables.anagen_clock[row, k], here.anagen_clock)
                    copy_row(tables.target[row, k], here.target)
                    copy_row(tables.smoothed[row, k], here.smoothed)
                    for v in range(n_visits):
                        board[v // CHUNK, SMOOTHED, v % CHUNK] = value_at(
                            here.smoothed, untreated_target[row, k], days[v], per_day
                        )
                    for place in range(ends[k], ends[k + 1]):
                        i = order[place]
                        if surgery is not None:
                            plant(i, address, surgery, rate, p, lanes, visits, board, out[row])
                        n_events = follow(
                            i,
                            row,
                            address,
                            rate,
                            p,
                            lanes,
                            here,
                            per_day,
                            with_hazard,
                            follicles.lost_at_once,
                            visits,
                            board,
                            out[row],
                            events,
                            n_events,
                        )
                add_board(board, out[row])
    return n_events
