"""The untreated years of one patient's follicles, many follicles at a time.

Before the tables start every clock runs at rate 1 and no table is read, so a whole cycle (rest of anagen, catagen and
telogen, kenogen, new anagen) is the same arithmetic for every follicle, with choices in place of branches. Written as
loops over arrays of follicles ("lanes"), it becomes vector instructions. Lanes do not influence each other, so a
follicle gets the same bytes in any company.
"""

from __future__ import annotations

from typing import NamedTuple

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import merged
from anagen.core.elementary import exponential, logarithm
from anagen.core.philox import normal, uniform
from anagen.follicles.cycle import (
    ANAGEN,
    KENOGEN,
    RESTING,
    START,
    Address,
    begin_anagen,
    cycle_draws,
    growth_rate,
    hazard_exposure,
    kenogen_chance,
    kenogen_duration,
    words,
)
from anagen.follicles.process import ProcessConstants

LANES = 320
"""Follicles held at a time; few enough for the state to stay in the first-level cache."""
VECTOR = 8
"""Lanes are carried on in multiples of this, so that no follicle is left over for the slow end of a loop."""
AHEAD = 2
"""Cycles whose draws are made in advance for the treated time."""

PHASE_START, DURATION, CALIBRE_START, CALIBRE, SHAFT, TARGET = 0, 1, 2, 3, 4, 5
"""Rows of `state`: start of the phase and its duration [day], day and value of the last known calibre, diameter of a
terminal hair [um], untreated calibre target."""
N_STATE = 6
FOLLICLE, CLASS, PHASE, COMPLETED, GATE_OPEN, SHOWN, LIVE = 0, 1, 2, 3, 4, 5, 6
"""Rows of `marks`: number of the follicle, sensitivity class, phase, completed anagens, whether recovery is open,
whether the hair of a resting follicle has emerged, whether untreated time is left."""
N_MARKS = 7
TELOGEN_FACTOR, KENOGEN_UNIFORM, ANAGEN_NORMAL, STEP_NORMAL, GATE_UNIFORM, HAZARD_EXPOSURE = 0, 1, 2, 3, 4, 5
"""Rows of `draws` of a cycle: what cycle.cycle_draws returns, and cycle.hazard_exposure where there is a hazard."""
N_DRAWS = 6


class Lanes(NamedTuple):
    """Follicles that are carried on together.

    Attributes
    ----------
    state : FloatArray, shape (N_STATE, LANES)
        Rows PHASE_START to TARGET.
    marks : IntArray, shape (N_MARKS, LANES)
        Rows FOLLICLE to LIVE.
    draws : FloatArray, shape (AHEAD, N_DRAWS, LANES)
        Rows TELOGEN_FACTOR to HAZARD_EXPOSURE of the present cycle and the next ones.
    """

    state: FloatArray
    marks: IntArray
    draws: FloatArray


@merged
def start_lanes(
    first: int,
    n: int,
    address: Address,
    untreated_target: FloatArray,
    start_at_target: bool,
    diameter_mean: float,
    diameter_sd: float,
    start: float,
    p: ProcessConstants,
    lanes: Lanes,
) -> None:
    """Put follicles into the lanes as they are at their start: stationary in phase and age.

    The phase is drawn by its share of the mean cycle, its age by length-biased sampling of its duration.

    Parameters
    ----------
    first : int
        Number of the first follicle.
    n : int
        Number of lanes.
    address : Address
        Of the patient's draws.
    untreated_target : FloatArray, shape (n_classes,)
        Calibre target of each sensitivity class.
    start_at_target : bool
        Whether they begin at the calibre target instead of at calibre 1.
    diameter_mean : float
        Shaft diameter of a terminal follicle [um].
    diameter_sd : float
        Its standard deviation [um].
    start : float
        Days after the start of the tables, negative.
    p : ProcessConstants
        Of the follicles.
    lanes : Lanes
        Filled here.
    """
    state, marks = lanes.state, lanes.marks
    n_classes = untreated_target.shape[0]
    resting_mean = p.catagen_duration + p.telogen_mean
    for i in range(n):
        wa, wb, wc, wd = words(address, first + i, 0, START)
        marks[FOLLICLE, i] = first + i
        marks[CLASS, i] = int(uniform(wa) * n_classes)
        state[SHAFT, i] = max(1.0, diameter_mean + diameter_sd * normal(uniform(wb)))
        state[DURATION, i] = uniform(wc)
        state[PHASE_START, i] = uniform(wd)
    # a loop of its own: among arithmetic, a look-up would keep it from becoming vector instructions
    for i in range(n):
        state[TARGET, i] = untreated_target[marks[CLASS, i]]
    for i in range(n):
        we, wf, _g, _h = words(address, first + i, 1, START)
        c = state[TARGET, i] if start_at_target else 1.0
        anagen_scale = p.anagen_maximum * exponential(p.anagen_calibre_exponent * logarithm(c))
        anagen_mean = anagen_scale + p.anagen_floor
        place = state[DURATION, i] * (anagen_mean + resting_mean + kenogen_chance(c, p) * p.kenogen_mean)
        u = uniform(wf)
        phase, mean, fixed, sigma = ANAGEN, anagen_scale, p.anagen_floor, p.duration_sigma
        biased = u * anagen_mean < anagen_scale
        if place >= anagen_mean:
            phase, mean, fixed, sigma = RESTING, p.telogen_mean, p.catagen_duration, p.telogen_sigma
            biased = u * resting_mean < p.telogen_mean
        if place >= anagen_mean + resting_mean:
            phase, mean, fixed, sigma = KENOGEN, p.kenogen_mean, 0.0, p.duration_sigma
            biased = True
        drawn = mean * exponential(sigma * normal(uniform(we)) + (0.5 if biased else -0.5) * sigma * sigma)
        state[PHASE_START, i] = start - state[PHASE_START, i] * (drawn + fixed)
        # catagen keeps real time and is added apart
        state[DURATION, i] = drawn if phase == RESTING else drawn + fixed
        state[CALIBRE_START, i] = start
        state[CALIBRE, i] = c
        marks[PHASE, i] = phase
        marks[COMPLETED, i] = 0
        marks[GATE_OPEN, i] = 1
        marks[SHOWN, i] = 1


@merged
def advance_one_cycle(
    n: int,
    address: Address,
    terminal_rate: float,
    p: ProcessConstants,
    lanes: Lanes,
) -> None:
    """Carry lanes to the beginning of their next anagen, or to the phase in which day 0 finds them.

    Everything is computed for every lane and then chosen from; a lane that has arrived (LIVE 0) stays as it is.

    Parameters
    ----------
    n : int
        Number of lanes.
    address : Address
        Of the patient's draws.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicles.
    lanes : Lanes
        Changed in place.
    """
    state, marks = lanes.state, lanes.marks
    for i in range(n):
        phase = marks[PHASE, i]
        growing = phase == ANAGEN
        t0, duration, c, t_calibre = (
            state[PHASE_START, i],
            state[DURATION, i],
            state[CALIBRE, i],
            state[CALIBRE_START, i],
        )
        goal, gate_open, shown_before = state[TARGET, i], marks[GATE_OPEN, i], marks[SHOWN, i]
        cycle = marks[COMPLETED, i] + (1 if growing else 0)
        factor, u_kenogen, z_anagen, z_step, u_gate = cycle_draws(address, marks[FOLLICLE, i], cycle, p)

        t_rest, telogen, c_rest, shown = t0, duration, c, shown_before
        if growing:
            t_rest = t0 + duration
            telogen = p.telogen_mean * factor
            c_rest = goal + exponential(-p.calibre_rate * (t_rest - t_calibre)) * (c - goal)
            length = (t_rest - t0 - p.emergence_lag) * growth_rate(state[SHAFT, i] * c_rest, terminal_rate, p)
            shown = 1 if length >= p.emergence_length else 0
        t_shed = t0
        if phase != KENOGEN:
            t_shed = t_rest + telogen + p.catagen_duration
        chance = kenogen_chance(c_rest, p)
        kenogen = kenogen_duration(u_kenogen / chance, p) if u_kenogen < chance else 0.0
        if phase == KENOGEN:
            kenogen = duration
        t_anagen = t_shed + kenogen
        c_anagen, gate_anagen, anagen = begin_anagen(c_rest, goal, gate_open, z_anagen, z_step, u_gate, p)

        live = 1 if t_anagen <= 0.0 else 0
        if live == 1:
            phase_now, t0_now, duration_now, c_now, t_calibre, gate_open = (
                ANAGEN,
                t_anagen,
                anagen,
                c_anagen,
                t_anagen,
                gate_anagen,
            )
        else:
            phase_now, t0_now, duration_now, c_now = KENOGEN, t_shed, kenogen, c_rest
        if phase != KENOGEN and t_shed > 0.0:
            phase_now, t0_now, duration_now = RESTING, t_rest, telogen
        if growing and t_rest > 0.0:
            phase_now, t0_now, duration_now, c_now, shown, cycle = ANAGEN, t0, duration, c, shown_before, cycle - 1
        state[PHASE_START, i] = t0_now
        state[DURATION, i] = duration_now
        state[CALIBRE_START, i] = t_calibre
        state[CALIBRE, i] = c_now
        marks[PHASE, i] = phase_now
        marks[COMPLETED, i] = cycle
        marks[GATE_OPEN, i] = gate_open
        marks[SHOWN, i] = shown
        marks[LIVE, i] = live


@merged
def run_untreated(
    n: int,
    address: Address,
    terminal_rate: float,
    p: ProcessConstants,
    lanes: Lanes,
) -> None:
    """Carry lanes to day 0; lanes still on their way change places with arrived ones, and so stay in front.

    Parameters
    ----------
    n : int
        Number of lanes.
    address : Address
        Of the patient's draws.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicles.
    lanes : Lanes
        Changed in place.
    """
    state, marks = lanes.state, lanes.marks
    live = n
    while live > 0:
        advance_one_cycle(whole_vectors(live), address, terminal_rate, p, lanes)
        front, back = 0, live - 1
        while front <= back:
            if marks[LIVE, front] == 1:
                front += 1
            elif marks[LIVE, back] == 0:
                back -= 1
            else:
                for row in range(N_STATE):
                    state[row, front], state[row, back] = state[row, back], state[row, front]
                for row in range(LIVE):
                    marks[row, front], marks[row, back] = marks[row, back], marks[row, front]
                front += 1
                back -= 1
        live = front


@merged
def whole_vectors(n: int) -> int:
    """Round a number of lanes up to whole vectors.

    Parameters
    ----------
    n : int
        Number of lanes.

    Returns
    -------
    int
        A multiple of VECTOR.
    """
    return (n + VECTOR - 1) // VECTOR * VECTOR


@merged
def draw_ahead(
    n: int,
    address: Address,
    p: ProcessConstants,
    with_hazard: bool,
    lanes: Lanes,
) -> None:
    """Make the draws of the present cycle and the next ones.

    Parameters
    ----------
    n : int
        Number of lanes.
    address : Address
        Of the patient's draws.
    p : ProcessConstants
        Of the follicles.
    with_hazard : bool
        Whether there is a hazard, whose draws are then made too.
    lanes : Lanes
        Whose draws are filled here.
    """
    marks, draws = lanes.marks, lanes.draws
    for ahead in range(AHEAD):
        for i in range(n):
            factor, u_kenogen, z_anagen, z_step, u_gate = cycle_draws(
                address, marks[FOLLICLE, i], marks[COMPLETED, i] + ahead, p
            )
            draws[ahead, TELOGEN_FACTOR, i] = factor
            draws[ahead, KENOGEN_UNIFORM, i] = u_kenogen
            draws[ahead, ANAGEN_NORMAL, i] = z_anagen
            draws[ahead, STEP_NORMAL, i] = z_step
            draws[ahead, GATE_UNIFORM, i] = u_gate
        if with_hazard:
            for i in range(n):
                draws[ahead, HAZARD_EXPOSURE, i] = hazard_exposure(
                    address, marks[FOLLICLE, i], marks[COMPLETED, i] + ahead
                )


@merged
def sort_by_class(first: int, n: int, marks: IntArray, lane_of: IntArray, order: IntArray, ends: IntArray) -> None:
    """Order lanes by sensitivity class, then by follicle.

    So the order in which follicles are added up does not depend on which of them share their lanes.

    Parameters
    ----------
    first : int
        Number of the first follicle.
    n : int
        Number of lanes.
    marks : IntArray, shape (N_MARKS, LANES)
        Of the lanes.
    lane_of : IntArray, shape (LANES,)
        Lane of each follicle, filled here.
    order : IntArray, shape (LANES,)
        Lanes in order, filled here.
    ends : IntArray, shape (n_classes + 1,)
        Lanes of class k are order[ends[k]:ends[k + 1]], filled here.
    """
    n_classes = ends.shape[0] - 1
    for k in range(n_classes + 1):
        ends[k] = 0
    for i in range(n):
        lane_of[marks[FOLLICLE, i] - first] = i
        ends[marks[CLASS, i]] += 1
    for k in range(1, n_classes):
        ends[k] += ends[k - 1]
    ends[n_classes] = n
    for j in range(n - 1, -1, -1):
        k = marks[CLASS, lane_of[j]]
        ends[k] -= 1
        order[ends[k]] = lane_of[j]
