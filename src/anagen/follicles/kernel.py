"""The event-driven kernel: every follicle from onset to the last visit, read off at visits.

A follicle moves anagen -> catagen -> telogen -> (kenogen) -> anagen. A phase that begins at t0 with duration X of
operational time ends when the cumulative clock has run X, so `end = S^-1(S(t0) + X)`: exact, without a time step.
Catagen keeps real time and is joined to telogen as one resting phase. Within anagen the calibre follows its target in
closed form, c(t) = W(t) + exp(-kappa_in (t - t0)) (c(t0) - W(t0)).

Before the tables start every clock runs at rate 1, so the untreated years cost only their events (lanes.py). Where they
start, the state of the follicle is kept and continued under each row of tables in turn: counterfactual twins share
their past and every draw.

Source: time change of a renewal process, Cox & Miller 1965, ch. 4; follicular automaton, Halloy et al. 2000,
doi:10.1073/pnas.97.15.8328; counter-based draws, Salmon et al. 2011, doi:10.1145/2063384.2063405.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import compiled, inlined, merged
from anagen.core.elementary import exponential
from anagen.core.philox import Word
from anagen.follicles.board import (
    CHUNK,
    DAY,
    N_BOARD,
    N_SUMS,
    SMOOTHED,
    SUMS,
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
    draw_ahead,
    run_untreated,
    sort_by_class,
    start_lanes,
    whole_vectors,
)
from anagen.follicles.process import ProcessConstants

__all__ = ["ANAGEN", "KENOGEN", "N_SUMS", "RESTING", "SUMS", "simulate"]


class ClassTables(NamedTuple):
    """Tables of one row and class, copied from the large ones [grid point].

    Read at random from a large table, each look-up would wait for memory; copied once in order, it does not.
    """

    anagen_clock: FloatArray
    resting_clock: FloatArray
    target: FloatArray
    smoothed: FloatArray
    hazard: FloatArray


@inlined
def copy_row(source: FloatArray, to: FloatArray) -> None:
    """Copy numbers in order."""
    for i in range(to.shape[0]):
        to[i] = source[i]


@merged
def follow(
    i: int,
    row: int,
    site: Word,
    replicate: Word,
    seed: Word,
    patient: Word,
    terminal_rate: float,
    p: ProcessConstants,
    state: FloatArray,
    marks: IntArray,
    draws: FloatArray,
    tables: ClassTables,
    with_hazard: bool,
    lost_at_once: bool,
    per_day: float,
    visits: FloatArray,
    shed_window: float,
    thresholds: FloatArray,
    detection: FloatArray,
    board: FloatArray,
    sums: FloatArray,
    events: FloatArray,
    n_events: int,
) -> int:
    """Follow lane i from day 0 to the last visit under one row of tables; gives the events recorded so far."""
    n_visits = visits.shape[0]
    goal, shaft, follicle = state[TARGET, i], state[SHAFT, i], np.uint64(marks[FOLLICLE, i]) | site
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
        while v < n_visits and visits[v] < end:
            v += 1
        if begin < v and (phase == ANAGEN or (phase == RESTING and shown == 1)):
            growing, t_emerging = (1.0, t0 + p.emergence_lag) if phase == ANAGEN else (0.0, -NEVER)
            add_hair(
                begin, v, growing, shaft, gap, t_calibre, t_emerging, terminal_rate, p, thresholds, detection, board
            )
        if n_events < events.shape[0]:
            events[n_events, 0], events[n_events, 1], events[n_events, 2], events[n_events, 3] = (
                row,
                marks[FOLLICLE, i],
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
                    first_shed = add_shed(first_shed, end, shed_window, chance_seen(detection, shaft * c), visits, sums)
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
                factor, u_kenogen, z_anagen, z_step, u_gate = cycle_draws(
                    follicle, np.uint64(cycle), replicate, seed, patient, p
                )
                exposure = hazard_exposure(follicle, np.uint64(cycle), replicate, seed, patient) if with_hazard else 0.0
            phase = RESTING
            duration = p.telogen_mean * factor
        else:
            if phase == RESTING and shown == 1:
                first_shed = add_shed(first_shed, end, shed_window, chance_seen(detection, shaft * c), visits, sums)
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
    patients: IntArray,
    replicates: IntArray,
    site: int,
    n_follicles: IntArray,
    start: FloatArray,
    start_at_target: bool,
    diameter_mean: FloatArray,
    diameter_sd: FloatArray,
    terminal_growth_rate: FloatArray,
    first_row: IntArray,
    n_rows: IntArray,
    p: ProcessConstants,
    anagen_clock: FloatArray,
    resting_clock: FloatArray,
    target: FloatArray,
    smoothed: FloatArray,
    hazard: FloatArray,
    untreated_target: FloatArray,
    with_hazard: bool,
    lost_at_once: bool,
    per_day: float,
    visits: FloatArray,
    shed_window: float,
    thresholds: FloatArray,
    detection: FloatArray,
    out: FloatArray,
    events: FloatArray,
) -> int:
    """Simulate patients and add up their hairs at each visit.

    Args:
        seed: key of every draw; `patients`, `replicates` [patient] and `site` complete its address.
        n_follicles: follicles in the target area [patient].
        start: beginning of the untreated years, negative days before the tables start [patient].
        start_at_target: begin at the calibre target instead of at calibre 1.
        diameter_mean, diameter_sd: shaft diameter of a terminal follicle [um] [patient].
        terminal_growth_rate: growth of a terminal hair [mm/day] [patient].
        first_row, n_rows: rows of the tables that belong to the patient, one per twin [patient].
        p: FollicleParameters.constants().
        anagen_clock ... untreated_target: LeverTables; `with_hazard` False leaves the hazard table unread.
        lost_at_once: the hair of an anagen ended by the hazard falls out then, and not after its rest.
        per_day: grid points of the tables per day.
        visits: days after the start of the tables, increasing [visit].
        shed_window: hairs shed in this many days before a visit are counted.
        thresholds: smallest diameter [um] of a non-vellus and of a terminal hair.
        detection: chance that a hair of 0, 1, 2, ... um is detected.
        out: sums to fill, shape [row, visit, 2 * N_SUMS], zeroed by the caller.
        events: record of phases, shape [n, 7]: row, follicle, cycle, phase, start, end, calibre at the start, after
            any step; (0, 7) records nothing.

    Returns:
        Number of events recorded.
    """
    key, site_word = np.uint64(seed), np.uint64(site) << np.uint64(24)
    n_visits, n_classes, n_points = visits.shape[0], untreated_target.shape[1], resting_clock.shape[1]
    n_events = 0
    state, marks, draws = (
        np.zeros((N_STATE, LANES)),
        np.zeros((N_MARKS, LANES), dtype=np.int64),
        np.zeros((AHEAD, N_DRAWS, LANES)),
    )
    lane_of, order = np.zeros(LANES, dtype=np.int64), np.zeros(LANES, dtype=np.int64)
    ends = np.zeros(n_classes + 1, dtype=np.int64)
    tables = ClassTables(
        np.zeros(n_points), np.zeros(n_points), np.zeros(n_points), np.zeros(n_points), np.zeros(n_points)
    )
    board = np.zeros(((n_visits + CHUNK - 1) // CHUNK, N_BOARD, CHUNK))
    for v in range(n_visits):
        board[v // CHUNK, DAY, v % CHUNK] = visits[v]

    for q in range(patients.shape[0]):
        patient, replicate = np.uint64(patients[q]), np.uint64(replicates[q])
        rate, row0 = terminal_growth_rate[q], first_row[q]
        for first in range(0, n_follicles[q], LANES):
            n = min(LANES, n_follicles[q] - first)
            start_lanes(
                first,
                whole_vectors(n),
                site_word,
                replicate,
                key,
                patient,
                untreated_target[row0],
                start_at_target,
                diameter_mean[q],
                diameter_sd[q],
                start[q],
                p,
                state,
                marks,
            )
            run_untreated(n, site_word, replicate, key, patient, rate, p, state, marks)
            draw_ahead(whole_vectors(n), site_word, replicate, key, patient, p, with_hazard, marks, draws)
            sort_by_class(first, n, marks, lane_of, order, ends)
            for row in range(row0, row0 + n_rows[q]):
                copy_row(resting_clock[row], tables.resting_clock)
                copy_row(hazard[row], tables.hazard)
                clear_board(board)
                for k in range(n_classes):
                    copy_row(anagen_clock[row, k], tables.anagen_clock)
                    copy_row(target[row, k], tables.target)
                    copy_row(smoothed[row, k], tables.smoothed)
                    for v in range(n_visits):
                        board[v // CHUNK, SMOOTHED, v % CHUNK] = value_at(
                            tables.smoothed, untreated_target[row, k], visits[v], per_day
                        )
                    for place in range(ends[k], ends[k + 1]):
                        n_events = follow(
                            order[place],
                            row,
                            site_word,
                            replicate,
                            key,
                            patient,
                            rate,
                            p,
                            state,
                            marks,
                            draws,
                            tables,
                            with_hazard,
                            lost_at_once,
                            per_day,
                            visits,
                            shed_window,
                            thresholds,
                            detection,
                            board,
                            out[row],
                            events,
                            n_events,
                        )
                add_board(board, out[row])
    return n_events
