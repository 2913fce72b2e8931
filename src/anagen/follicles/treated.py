"""The treated time of one follicle: from the start of the tables to the last visit, phase by phase."""

from __future__ import annotations

from anagen.core.arrays import FloatArray
from anagen.core.compiled import merged
from anagen.core.elementary import exponential
from anagen.follicles.arguments import Visits
from anagen.follicles.board import add_hair, add_shed, chance_seen
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
    PHASE,
    PHASE_START,
    SHAFT,
    SHOWN,
    STEP_NORMAL,
    TARGET,
    TELOGEN_FACTOR,
    Lanes,
)
from anagen.follicles.process import ProcessConstants
from anagen.follicles.tables import ClassTables


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
