"""The event-driven kernel: every follicle from onset to the last visit, read off at visits.

A follicle moves anagen -> rest -> anagen. A phase that begins at t0 with duration X of operational time ends when the
cumulative clock has run X, so `end = S^-1(S(t0) + X)`: exact, without a time step. A rest begins with catagen, in
real time. Then exogen, in real time, races with re-entry, on the clock that levers move: the club hair falls by
exogen, or when the hair of the next anagen shows. What of the rest is left after exogen is kenogen. Within anagen the
calibre follows its target in closed form, c(t) = W(t) + exp(-kappa_in (t - t0)) (c(t0) - W(t0)).

Before the tables start every clock runs at rate 1, so the untreated years cost only their events (lanes.py). `begin`
carries the follicles there and keeps their states; `go_on` continues them under each row of tables in turn. So
counterfactual twins share their past and every draw, and a patient who was screened is not simulated again.

References
----------
.. [1] Time change of a renewal process, Cox & Miller 1965, ch. 4.
.. [2] Follicular automaton, Halloy et al. 2000, doi:10.1073/pnas.97.15.8328.
.. [3] Counter-based draws, Salmon et al. 2011, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, merged
from anagen.follicles.arguments import N_SUMS, SUMS, Follicles, Surgery, Visits
from anagen.follicles.board import add_hairs, clear_board, keep_hairs, prepare_row, room_for_board, visit_from
from anagen.follicles.cycle import ANAGEN, RESTING, Address
from anagen.follicles.lanes import (
    AHEAD,
    LANES,
    N_DRAWS,
    N_MARKS,
    N_STATE,
    PHASE,
    Lanes,
    draw_ahead,
    run_untreated,
    sort_by_class,
    start_lanes,
    whole_vectors,
)
from anagen.follicles.process import ProcessConstants
from anagen.follicles.states import States
from anagen.follicles.surgery import plant
from anagen.follicles.tables import LeverRows, fill_classes, fill_shared, room_for_tables, untreated_target
from anagen.follicles.treated import follow
from anagen.follicles.turns import room_for_turn

__all__ = ["ANAGEN", "N_SUMS", "RESTING", "SUMS", "begin", "go_on"]


@compiled
def begin(
    seed: int,
    follicles: Follicles,
    planted: bool,
    with_hazard: bool,
    p: ProcessConstants,
    sensitivity: FloatArray,
    states: States,
) -> None:
    """Carry follicles from their start to the start of the tables, and keep their states.

    Native follicles are carried through untreated years; grafts begin on the day of surgery and only get their draws.

    Parameters
    ----------
    seed : int
        Key of every draw.
    follicles : Follicles
        Where they are and how they begin.
    planted : bool
        Whether they are grafts.
    with_hazard : bool
        Whether there can be a hazard, whose draws are then made too.
    p : ProcessConstants
        Of the follicles.
    sensitivity : FloatArray, shape (n_patients, n_classes)
        Androgen sensitivity of the classes.
    states : States
        Filled here, where the patients' places are.
    """
    key, site = np.uint64(seed), np.uint64(follicles.site) << np.uint64(24)
    n_classes = sensitivity.shape[1]
    lanes = Lanes(
        np.zeros((N_STATE, LANES)), np.zeros((N_MARKS, LANES), dtype=np.int64), np.zeros((AHEAD, N_DRAWS, LANES))
    )
    lane_of, order = np.zeros(LANES, dtype=np.int64), np.zeros(LANES, dtype=np.int64)
    ends, target = np.zeros(n_classes + 1, dtype=np.int64), np.zeros(n_classes)
    for q in range(follicles.patients.shape[0]):
        address = Address(key, np.uint64(follicles.patients[q]), np.uint64(follicles.replicates[q]), site)
        for k in range(n_classes):
            target[k] = untreated_target(sensitivity[q, k], p)
        behind, group = follicles.first + follicles.counts[q], states.first_group[q]
        place = states.first_place[q]
        for first in range(follicles.first, behind, LANES):
            n = min(LANES, behind - first)
            start_lanes(
                first,
                whole_vectors(n),
                address,
                target,
                follicles.start_at_target,
                follicles.diameter_mean[q],
                follicles.diameter_sd[q],
                follicles.start[q],
                follicles.growth_rate[q],
                p,
                lanes,
            )
            if not planted:
                run_untreated(n, address, follicles.growth_rate[q], p, lanes)
            if planted:
                # a graft is planted in its rest
                for i in range(n):
                    lanes.marks[PHASE, i] = RESTING
            draw_ahead(whole_vectors(n), address, p, with_hazard, 0 if planted else 1, lanes)
            sort_by_class(first, n, lanes.marks, lane_of, order, ends)
            for row in range(N_STATE):
                for i in range(n):
                    states.state[row, place + i] = lanes.state[row, i]
            for row in range(N_MARKS):
                for i in range(n):
                    states.marks[row, place + i] = lanes.marks[row, i]
            for ahead in range(AHEAD):
                for row in range(N_DRAWS):
                    for i in range(n):
                        states.draws[ahead, row, place + i] = lanes.draws[ahead, row, i]
            for i in range(n):
                states.order[place + i] = order[i]
            for k in range(n_classes + 1):
                states.ends[group, k] = ends[k]
            place += n
            group += 1


@compiled
def go_on(
    seed: int,
    follicles: Follicles,
    states: States,
    surgery: Surgery | None,
    with_hazard: bool,
    p: ProcessConstants,
    levers: LeverRows,
    visits: Visits,
    out: FloatArray,
    events: FloatArray,
    kept: FloatArray,
) -> int:
    """Continue kept follicles to the last visit and add up their hairs at each visit.

    A None is known when the kernel is compiled, so that native follicles and grafts each run machine code without the
    other's.

    Parameters
    ----------
    seed : int
        Key of every draw.
    follicles : Follicles
        Where they are.
    states : States
        From `begin`; it is not changed.
    surgery : Surgery or None
        For grafts, the session in which they are planted.
    with_hazard : bool
        Whether there is a hazard; without one its table is not read.
    p : ProcessConstants
        Of the follicles.
    levers : LeverRows
        Rows that the patients point to.
    visits : Visits
        When and how hairs are read.
    out : FloatArray, shape (n_rows, n_visits, 2 * N_SUMS)
        Sums that are added to.
    events : FloatArray, shape (n, 8) or (n, 9)
        Record of phases: row, follicle, cycle, phase, start, end, calibre at the start after any step, and a fall. At
        rest it is the day on which exogen ends, and the follicle is in kenogen from then to the end of the phase; in
        anagen the day on which the club hair of the rest before falls; -1e18 where no club hair is held. A ninth
        column gets the day on which the hair of the last anagen begun could be counted. A record of length 0 records
        nothing.
    kept : FloatArray, shape (n_follicles, 2, n_visits)
        Record of what every follicle shows, filled row by row in the order in which they are added up: the diameter of
        its hair, less than 0 for a club hair and 0 for none [um], and its growth [mm/day]. A record of length 0 records
        nothing.

    Returns
    -------
    int
        Number of events recorded.
    """
    key, site = np.uint64(seed), np.uint64(follicles.site) << np.uint64(24)
    days, per_day, decay = visits.days, 1.0 / levers.step, math.exp(-p.calibre_rate * levers.step)
    n_classes, n_events, n_kept = levers.sensitivity.shape[1], 0, 0
    lanes = Lanes(
        np.zeros((N_STATE, LANES)), np.zeros((N_MARKS, LANES), dtype=np.int64), np.zeros((AHEAD, N_DRAWS, LANES))
    )
    tables = room_for_tables(n_classes, levers.androgen.shape[1])
    board, turn = room_for_board(n_classes, visits, p), room_for_turn()

    first_visit = 0
    if surgery is not None:
        # a visit on the day of surgery is made before it
        first_visit = visit_from(0, np.nextafter(surgery.day, np.inf), days, board)

    for q in range(follicles.patients.shape[0]):
        address = Address(key, np.uint64(follicles.patients[q]), np.uint64(follicles.replicates[q]), site)
        rate, row0 = follicles.growth_rate[q], follicles.first_row[q]
        for row in range(row0, row0 + follicles.n_rows[q]):
            fill_shared(row, levers, p, tables)
            fill_classes(row, levers, p, decay, tables)
            prepare_row(row, levers, p, tables, per_day, visits, board)
            place = states.first_place[q]
            behind = place + follicles.counts[q]
            while place < behind:
                n = min(LANES, behind - place)
                copy_ordered(n, place, states, lanes)
                if surgery is not None:
                    for i in range(n):
                        plant(i, address, surgery, p, lanes)
                clear_board(n, board)
                n_events = follow(
                    n,
                    row,
                    first_visit,
                    address,
                    rate,
                    p,
                    lanes,
                    tables,
                    per_day,
                    with_hazard,
                    follicles.lost_at_once,
                    visits,
                    board,
                    turn,
                    out[row],
                    events,
                    n_events,
                )
                add_hairs(n, rate, p, visits, board, out[row])
                if n_kept < kept.shape[0]:
                    keep_hairs(n, n_kept, rate, p, board, kept)
                    n_kept += n
                place += n
    return n_events


@merged
def copy_ordered(n: int, place: int, states: States, lanes: Lanes) -> None:
    """Copy kept states of a group into lanes, ordered by sensitivity class and follicle.

    Parameters
    ----------
    n : int
        Follicles of the group.
    place : int
        First place of the group.
    states : States
        From `begin`.
    lanes : Lanes
        Filled here.
    """
    for i in range(n):
        source = place + states.order[place + i]
        for s in range(N_STATE):
            lanes.state[s, i] = states.state[s, source]
        for s in range(N_MARKS):
            lanes.marks[s, i] = states.marks[s, source]
        for ahead in range(AHEAD):
            for s in range(N_DRAWS):
                lanes.draws[ahead, s, i] = states.draws[ahead, s, source]
