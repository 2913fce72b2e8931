"""Grafted follicles, compiled: the same life as any other's, begun on the day of surgery with a fall and a rest.

On the day of surgery the follicle is at rest; its old hair falls after a time of its own, and a new anagen begins when
the resting clock has run the rest. From there on `kernel.follow` carries it, so that grafts answer to levers as native
follicles do, with the sensitivity of the donor area.
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import compiled
from anagen.core.elementary import exponential
from anagen.core.philox import normal, philox4x32, uniform
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
from anagen.follicles.clocks import NEVER, value_at
from anagen.follicles.cycle import KENOGEN
from anagen.follicles.kernel import ClassTables, copy_row, follow
from anagen.follicles.lanes import (
    AHEAD,
    CALIBRE,
    DURATION,
    FOLLICLE,
    LANES,
    N_DRAWS,
    N_MARKS,
    N_STATE,
    PHASE,
    PHASE_START,
    SHAFT,
    SHOWN,
    draw_ahead,
    sort_by_class,
    start_lanes,
    whole_vectors,
)
from anagen.follicles.process import ProcessConstants

GRAFT = np.uint64(41)
"""Third word of the address of a draw; the same number as core.streams.Purpose.GRAFT."""


@compiled
def simulate_grafts(
    seed: int,
    patients: IntArray,
    replicates: IntArray,
    site: int,
    first_follicle: int,
    n_follicles: IntArray,
    surgery: float,
    shed_mu: float,
    shed_sigma: float,
    rest_mu: float,
    rest_sigma: float,
    diameter_mean: FloatArray,
    diameter_sd: float,
    terminal_growth_rate: FloatArray,
    p: ProcessConstants,
    anagen_clock: FloatArray,
    resting_clock: FloatArray,
    target: FloatArray,
    smoothed: FloatArray,
    hazard: FloatArray,
    untreated_target: FloatArray,
    per_day: float,
    visits: FloatArray,
    shed_window: float,
    thresholds: FloatArray,
    detection: FloatArray,
    out: FloatArray,
) -> None:
    """Add the grafted hairs of one session to the sums of each row.

    Args:
        seed: key of every draw; `patients`, `replicates` [row] and `site` complete its address.
        first_follicle: number of the first follicle of the session; n_follicles: follicles planted that grow [row].
        surgery: days after the start of the tables.
        shed_mu, shed_sigma: log-normal law of the time to the fall of the old hair [day].
        rest_mu, rest_sigma: log-normal law of the rest before the new anagen [day of the resting clock].
        diameter_mean [row], diameter_sd: shaft diameter of a terminal follicle [um].
        terminal_growth_rate: growth of a terminal hair where the follicle comes from [mm/day] [row].
        p: FollicleParameters.constants(). anagen_clock ... untreated_target: LeverTables [row, ...].
        per_day, visits, shed_window, thresholds, detection: as in kernel.simulate.
        out: sums to add to, shape [row, visit, 2 * N_SUMS].
    """
    key, site_word = np.uint64(seed), np.uint64(site) << np.uint64(24)
    n_visits, n_classes, n_points = visits.shape[0], untreated_target.shape[1], resting_clock.shape[1]
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
    events = np.zeros((0, 7))
    board = np.zeros(((n_visits + CHUNK - 1) // CHUNK, N_BOARD, CHUNK))
    for v in range(n_visits):
        board[v // CHUNK, DAY, v % CHUNK] = visits[v]
    # a visit on the day of surgery is made before it
    after = 0
    while after < n_visits and visits[after] <= surgery:
        after += 1

    for q in range(patients.shape[0]):
        patient, replicate, rate = np.uint64(patients[q]), np.uint64(replicates[q]), terminal_growth_rate[q]
        for first in range(first_follicle, first_follicle + n_follicles[q], LANES):
            n = min(LANES, first_follicle + n_follicles[q] - first)
            start_lanes(
                first,
                whole_vectors(n),
                site_word,
                replicate,
                key,
                patient,
                untreated_target[q],
                True,
                diameter_mean[q],
                diameter_sd,
                0.0,
                p,
                state,
                marks,
            )
            draw_ahead(whole_vectors(n), site_word, replicate, key, patient, p, False, marks, draws)
            sort_by_class(first, n, marks, lane_of, order, ends)
            copy_row(resting_clock[q], tables.resting_clock)
            copy_row(hazard[q], tables.hazard)
            clear_board(board)
            for k in range(n_classes):
                copy_row(anagen_clock[q, k], tables.anagen_clock)
                copy_row(target[q, k], tables.target)
                copy_row(smoothed[q, k], tables.smoothed)
                for v in range(n_visits):
                    board[v // CHUNK, SMOOTHED, v % CHUNK] = value_at(
                        tables.smoothed, untreated_target[q, k], visits[v], per_day
                    )
                for place in range(ends[k], ends[k + 1]):
                    i = order[place]
                    wa, wb, _c, _d = philox4x32(
                        np.uint64(marks[FOLLICLE, i]) | site_word, np.uint64(0), GRAFT, replicate, key, patient
                    )
                    fall = surgery + exponential(shed_mu + shed_sigma * normal(uniform(wa)))
                    begin = after
                    while begin < n_visits and visits[begin] < fall:
                        begin += 1
                    if begin > after:
                        add_hair(
                            after,
                            begin,
                            0.0,
                            state[SHAFT, i],
                            state[CALIBRE, i],
                            0.0,
                            -NEVER,
                            rate,
                            p,
                            thresholds,
                            detection,
                            board,
                        )
                    add_shed(
                        after,
                        fall,
                        shed_window,
                        chance_seen(detection, state[SHAFT, i] * state[CALIBRE, i]),
                        visits,
                        out[q],
                    )
                    marks[PHASE, i], marks[SHOWN, i] = KENOGEN, 0
                    state[PHASE_START, i] = surgery
                    state[DURATION, i] = exponential(rest_mu + rest_sigma * normal(uniform(wb)))
                    follow(
                        i,
                        q,
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
                        False,
                        False,
                        per_day,
                        visits,
                        shed_window,
                        thresholds,
                        detection,
                        board,
                        out[q],
                        events,
                        0,
                    )
            add_board(board, out[q])
