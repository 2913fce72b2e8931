"""The treated time of the follicles of a group: from the start of the tables to the last visit, phase by phase.

At rest two clocks run from the end of catagen: exogen in real time, after which the club hair falls, and re-entry,
which levers move and which begins the next anagen. A club hair that exogen has not taken falls when the new hair can be
counted. A follicle never holds two hairs; it is empty from exogen until then.

Phases alternate, so that follicles take turns: all that grow come to the end of their anagen, then all that rest to the
end of their rest, and so on. In a turn every step is a loop over follicles: what is looked up does not wait for what
another follicle finds, and what is worked out becomes vector instructions. A follicle whose phase outlasts the last
visit leaves.
"""

from __future__ import annotations

from anagen.core.arrays import FloatArray
from anagen.core.compiled import merged
from anagen.core.elementary import exponential
from anagen.follicles.arguments import Visits
from anagen.follicles.board import STEEPEST, Board, add_shed, chance_seen, visit_from
from anagen.follicles.clocks import NEVER, clock_at, hazard_time, value_at
from anagen.follicles.cycle import (
    ANAGEN,
    RESTING,
    Address,
    begin_anagen,
    day_shown,
    hazard_exposure,
    reentry_duration,
)
from anagen.follicles.lanes import (
    AHEAD,
    ANAGEN_NORMAL,
    CALIBRE,
    CALIBRE_START,
    CLASS,
    CLUB_CALIBRE,
    COMPLETED,
    DAY_SHOWN,
    DURATION,
    EXOGEN_FACTOR,
    FALL,
    FOLLICLE,
    HAZARD_EXPOSURE,
    HELD,
    LIVE,
    PHASE,
    PHASE_START,
    RECOVERY,
    REENTRY_NORMAL,
    SHAFT,
    STEP_NORMAL,
    TARGET,
    Lanes,
    whole_vectors,
)
from anagen.follicles.process import ProcessConstants
from anagen.follicles.tables import RowTables
from anagen.follicles.turns import (
    AFTER,
    ATTACKED,
    BEFORE,
    COLUMN,
    DAYS,
    DUE,
    END,
    FIRST_DRAW,
    GAP,
    KEPT,
    LOOKED_UP,
    SECOND_DRAW,
    SHOWN,
    SINCE,
    THICKNESS,
    Turn,
    anagens_ended,
    draw_late,
    find_ends,
)


@merged
def follow(
    n: int,
    row: int,
    first_visit: int,
    address: Address,
    terminal_rate: float,
    p: ProcessConstants,
    lanes: Lanes,
    tables: RowTables,
    per_day: float,
    with_hazard: bool,
    lost_at_once: bool,
    visits: Visits,
    board: Board,
    turn: Turn,
    sums: FloatArray,
    events: FloatArray,
    n_events: int,
) -> int:
    """Follow the follicles of a group from day 0 to the last visit under one row of tables.

    Parameters
    ----------
    n : int
        Number of lanes.
    row : int
        Row of the tables, for the record.
    first_visit : int
        Visit from which hairs are read.
    address : Address
        Of the patient's draws.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicles.
    lanes : Lanes
        State on day 0 and draws; changed in place.
    tables : RowTables
        Of the row.
    per_day : float
        Grid points of the tables to a day.
    with_hazard : bool
        Whether there is a hazard; without one its table is not read.
    lost_at_once : bool
        Whether the hair of an anagen ended by the hazard falls out then.
    visits : Visits
        When and how hairs are read.
    board : Board
        On which hairs are put.
    turn : Turn
        Room.
    sums : FloatArray, shape (n_visits, 2 * N_SUMS)
        Sums of the row, to which shed hairs are added.
    events : FloatArray, shape (n, 8)
        Record of phases, see `kernel.go_on`.
    n_events : int
        Events recorded before.

    Returns
    -------
    int
        Events recorded so far.
    """
    state, marks, draws, who, late, values = lanes.state, lanes.marks, lanes.draws, turn.who, turn.late, turn.values
    places = turn.places
    n_visits, days, detection = visits.days.shape[0], visits.days, visits.detection
    gentle = n_visits > 0 and p.calibre_rate * days[n_visits - 1] < STEEPEST
    growing, there = True, 0
    for i in range(n):
        # from here on the mark counts the rests that have begun after the one that the first draws are for
        marks[LIVE, i] = 0
        if marks[PHASE, i] == ANAGEN:
            marks[LIVE, i] = -1
            who[there] = i
            there += 1
    waiting = there < n
    while there > 0 or waiting:
        if growing:
            for j in range(there):
                i = who[j]
                k, t0 = marks[CLASS, i], state[PHASE_START, i]
                places[COLUMN, j] = k
                values[DUE, j] = clock_at(tables.anagen_clock, k, t0, per_day) + state[DURATION, i]
                values[GAP, j] = state[CALIBRE, i] - value_at(
                    tables.smoothed, k, state[TARGET, i], state[CALIBRE_START, i], per_day
                )
                values[ATTACKED, j] = 0.0
            find_ends(there, tables.anagen_clock, per_day, turn)
            if with_hazard:
                for j in range(there):
                    i = who[j]
                    struck = hazard_time(
                        tables.hazard,
                        state[PHASE_START, i],
                        draws[min(anagens_ended(i, marks), AHEAD - 1), HAZARD_EXPOSURE, i],
                        per_day,
                    )
                    if struck < values[END, j]:
                        values[END, j], values[ATTACKED, j] = struck, 1.0
            # exp(-rate * (t - t_calibre)) in two factors, where both can be told
            for j in range(there):
                values[SINCE, j] = state[CALIBRE_START, who[j]]
            for j in range(whole_vectors(there)):
                values[KEPT, j] = values[GAP, j] * exponential(p.calibre_rate * values[SINCE, j])
        else:
            for j in range(there):
                i = who[j]
                running = state[PHASE_START, i] + p.catagen_duration
                places[COLUMN, j] = 0
                values[DUE, j] = clock_at(tables.reentry_clock, 0, running, per_day) + state[DURATION, i]
            find_ends(there, tables.reentry_clock, per_day, turn)

        staying = 0
        for j in range(there):
            i, end = who[j], values[END, j]
            held, fall, diameter = marks[HELD, i], state[FALL, i], state[SHAFT, i] * state[CLUB_CALIBRE, i]
            if growing:
                # the club hair goes when the new one shows, and never outlives a second anagen
                fall = min(fall, state[DAY_SHOWN, i], end)
            if n_events < events.shape[0]:
                events[n_events, 0], events[n_events, 1] = row, marks[FOLLICLE, i]
                events[n_events, 2] = marks[COMPLETED, i]
                events[n_events, 3], events[n_events, 4] = (ANAGEN if growing else RESTING), state[PHASE_START, i]
                events[n_events, 5], events[n_events, 6] = end, state[CALIBRE, i]
                events[n_events, 7] = fall if held == 1 else -NEVER
                if events.shape[1] > 8:
                    events[n_events, 8] = state[DAY_SHOWN, i]
                n_events += 1
            behind = visit_from(first_visit, end, days, board)
            if held == 1:
                for v in range(
                    visit_from(first_visit, state[PHASE_START, i], days, board),
                    visit_from(first_visit, min(fall, end), days, board),
                ):
                    board.hairs[v, i] = -diameter
                if growing or fall < end:
                    add_shed(first_visit, fall, chance_seen(detection, diameter), visits, board, sums)
                if not growing and fall < end:
                    marks[HELD, i] = 0
            if growing:
                k, shaft, kept = marks[CLASS, i], state[SHAFT, i], values[KEPT, j]
                for v in range(visit_from(first_visit, min(state[DAY_SHOWN, i], end), days, board), behind):
                    over = kept * board.fading[v]
                    if not gentle:
                        over = values[GAP, j] * exponential(p.calibre_rate * (values[SINCE, j] - days[v]))
                    board.hairs[v, i] = shaft * board.thickening[v] * (board.smoothed[k, v] + over)
            if behind < n_visits:
                who[staying] = i
                values[END, staying], values[GAP, staying] = end, values[GAP, j]
                values[ATTACKED, staying] = values[ATTACKED, j]
                staying += 1
        there = staying

        if growing:
            overdue = 0
            for j in range(there):
                i, end = who[j], values[END, j]
                values[LOOKED_UP, j] = value_at(tables.smoothed, marks[CLASS, i], state[TARGET, i], end, per_day)
                values[THICKNESS, j] = value_at(tables.thickening, 0, 1.0, end, per_day)
                values[SINCE, j] = end - state[CALIBRE_START, i]
                marks[COMPLETED, i] += 1
                marks[LIVE, i] += 1
                if marks[LIVE, i] >= AHEAD:
                    late[0, overdue], late[1, overdue], late[2, overdue] = i, marks[FOLLICLE, i], marks[COMPLETED, i]
                    overdue += 1
            draw_late(overdue, address, p, turn, lanes)
            if with_hazard:
                for j in range(there):
                    i = who[j]
                    if anagens_ended(i, marks) >= AHEAD:
                        draws[AHEAD - 1, HAZARD_EXPOSURE, i] = hazard_exposure(
                            address, marks[FOLLICLE, i], marks[COMPLETED, i]
                        )
            for j in range(there):
                i = who[j]
                ahead = min(marks[LIVE, i], AHEAD - 1)
                values[FIRST_DRAW, j] = draws[ahead, EXOGEN_FACTOR, i]
                values[SECOND_DRAW, j] = draws[ahead, REENTRY_NORMAL, i]
            for j in range(whole_vectors(there)):
                c = values[LOOKED_UP, j] + exponential(-p.calibre_rate * values[SINCE, j]) * values[GAP, j]
                values[AFTER, j] = c
                values[DAYS, j] = reentry_duration(c, values[SECOND_DRAW, j], p)
                values[KEPT, j] = values[END, j] + p.catagen_duration + p.exogen_mean * values[FIRST_DRAW, j]
            for j in range(there):
                i, end, c = who[j], values[END, j], values[AFTER, j]
                club = c * values[THICKNESS, j]
                held = 1 if end >= state[DAY_SHOWN, i] else 0
                if lost_at_once and values[ATTACKED, j] == 1.0:
                    if held == 1:
                        add_shed(first_visit, end, chance_seen(detection, state[SHAFT, i] * club), visits, board, sums)
                    held = 0
                state[PHASE_START, i], state[DURATION, i], state[CALIBRE, i] = end, values[DAYS, j], c
                state[CLUB_CALIBRE, i], state[FALL, i], marks[HELD, i] = club, values[KEPT, j], held
            if waiting:
                for i in range(n):
                    if marks[PHASE, i] == RESTING:
                        who[there] = i
                        there += 1
                waiting = False
        else:
            for j in range(there):
                i, end = who[j], values[END, j]
                ahead = min(marks[LIVE, i], AHEAD - 1)
                values[LOOKED_UP, j] = value_at(tables.target, marks[CLASS, i], state[TARGET, i], end, per_day)
                values[SINCE, j] = end - state[CALIBRE_START, i]
                values[BEFORE, j], values[KEPT, j] = state[CALIBRE, i], state[RECOVERY, i]
                values[THICKNESS, j] = state[SHAFT, i]
                values[FIRST_DRAW, j] = draws[ahead, ANAGEN_NORMAL, i]
                values[SECOND_DRAW, j] = draws[ahead, STEP_NORMAL, i]
            for j in range(whole_vectors(there)):
                c, recovery, duration = begin_anagen(
                    values[BEFORE, j],
                    values[LOOKED_UP, j],
                    values[KEPT, j],
                    values[SINCE, j],
                    values[FIRST_DRAW, j],
                    values[SECOND_DRAW, j],
                    p,
                )
                values[AFTER, j], values[KEPT, j], values[DAYS, j] = c, recovery, duration
                values[SHOWN, j] = day_shown(values[END, j], values[THICKNESS, j] * c, terminal_rate, p)
            for j in range(there):
                i, end = who[j], values[END, j]
                state[PHASE_START, i], state[DURATION, i], state[CALIBRE, i] = end, values[DAYS, j], values[AFTER, j]
                state[CALIBRE_START, i], state[RECOVERY, i] = end, values[KEPT, j]
                state[DAY_SHOWN, i] = values[SHOWN, j]
        growing = not growing
    return n_events
