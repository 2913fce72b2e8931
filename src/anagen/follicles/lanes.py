"""The untreated years of one patient's follicles, many follicles at a time.

Before the tables start every clock runs at rate 1 and no table is read, so a whole cycle (rest of anagen,
rest, new anagen) is the same arithmetic for every follicle, with choices in place of branches. Written as
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
    RESTING,
    START,
    Address,
    begin_anagen,
    cycle_draws,
    day_shown,
    hazard_exposure,
    reentry_duration,
    words,
)
from anagen.follicles.process import ProcessConstants

LANES = 320
"""Follicles held at a time; few enough for the state to stay in the first-level cache."""
VECTOR = 8
"""Lanes are carried on in multiples of this, so that no follicle is left over for the slow end of a loop."""
AHEAD = 2
"""Cycles whose draws are made in advance for the treated time."""

PHASE_START, DURATION, CALIBRE_START, CALIBRE, SHAFT, TARGET, FALL, CLUB_CALIBRE, DAY_SHOWN, RECOVERY = range(10)
"""Rows of `state`: start of the phase [day] and its duration on its clock, catagen apart [day]; day and value of the
last known calibre; diameter of a terminal hair [um]; untreated calibre target; day on which exogen ends, and in anagen
on which the club hair before falls by exogen or by the new hair; calibre of that club hair; in anagen, day on which the
new hair can be counted; calibre that the follicle can still reach."""
N_STATE = 10
FOLLICLE, CLASS, PHASE, COMPLETED, HELD, LIVE = range(6)
"""Rows of `marks`: number of the follicle, sensitivity class, phase, completed anagens, whether a club hair was held
when the phase began, whether untreated time is left."""
N_MARKS = 6
EXOGEN_FACTOR, REENTRY_NORMAL, ANAGEN_NORMAL, STEP_NORMAL, HAZARD_EXPOSURE = range(5)
"""Rows of `draws` of a cycle: what cycle.cycle_draws returns, and cycle.hazard_exposure where there is a hazard. Draws
begin with those of the present rest, or in anagen of the next one; exposures with the present or next anagen."""
N_DRAWS = 5


class Lanes(NamedTuple):
    """Follicles that are carried on together.

    Attributes
    ----------
    state : FloatArray, shape (N_STATE, LANES)
        Rows PHASE_START to RECOVERY.
    marks : IntArray, shape (N_MARKS, LANES)
        Rows FOLLICLE to LIVE.
    draws : FloatArray, shape (AHEAD, N_DRAWS, LANES)
        Rows EXOGEN_FACTOR to HAZARD_EXPOSURE of a cycle and the next ones.
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
    terminal_rate: float,
    p: ProcessConstants,
    lanes: Lanes,
) -> None:
    """Put follicles into the lanes as they are at their start: stationary in phase and age.

    The phase is drawn by its share of the mean cycle, its age by length-biased sampling of its duration. Exogen runs
    beside re-entry and is not length-biased.

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
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicles.
    lanes : Lanes
        Filled here.
    """
    state, marks = lanes.state, lanes.marks
    n_classes = untreated_target.shape[0]
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
        we, wf, wg, wh = words(address, first + i, 1, START)
        c = state[TARGET, i] if start_at_target else 1.0
        anagen_scale = p.anagen_maximum * exponential(p.anagen_calibre_exponent * logarithm(c))
        anagen_mean = anagen_scale + p.anagen_floor
        reentry_mean = p.reentry_mean * exponential(p.reentry_slope * (1.0 - c))
        resting_mean = p.catagen_duration + reentry_mean
        growing = state[DURATION, i] * (anagen_mean + resting_mean) < anagen_mean
        u = uniform(wf)
        phase, mean, fixed, sigma = ANAGEN, anagen_scale, p.anagen_floor, p.anagen_sigma
        biased = u * anagen_mean < anagen_scale
        if not growing:
            phase, mean, fixed, sigma = RESTING, reentry_mean, p.catagen_duration, p.reentry_sigma
            biased = u * resting_mean < reentry_mean
        drawn = mean * exponential(sigma * normal(uniform(we)) + (0.5 if biased else -0.5) * sigma * sigma)
        t0 = start - state[PHASE_START, i] * (drawn + fixed)
        # the club hair of this rest, or of the rest that came before this anagen
        exogen = p.exogen_mean * exponential(
            p.exogen_sigma * normal(uniform(wg)) - 0.5 * p.exogen_sigma * p.exogen_sigma
        )
        fall = t0 + p.catagen_duration + exogen
        held = 1
        if growing:
            fall = t0 + exogen - reentry_duration(c, normal(uniform(wh)), p)
            held = 1 if fall >= t0 else 0
        state[PHASE_START, i] = t0
        # catagen keeps real time and is added apart
        state[DURATION, i] = drawn + fixed if growing else drawn
        state[CALIBRE_START, i] = start
        state[CALIBRE, i] = c
        state[CLUB_CALIBRE, i] = c
        state[FALL, i] = fall
        state[DAY_SHOWN, i] = day_shown(t0, state[SHAFT, i] * c, terminal_rate, p)
        marks[PHASE, i] = phase
        marks[COMPLETED, i] = 0
        state[RECOVERY, i] = 1.0
        marks[HELD, i] = held


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
    state, marks, draws = lanes.state, lanes.marks, lanes.draws
    for i in range(n):
        growing = marks[PHASE, i] == ANAGEN
        t0, duration, c, t_calibre = (
            state[PHASE_START, i],
            state[DURATION, i],
            state[CALIBRE, i],
            state[CALIBRE_START, i],
        )
        goal, recovery, held, shaft = state[TARGET, i], state[RECOVERY, i], marks[HELD, i], state[SHAFT, i]
        fall, club, t_shown = state[FALL, i], state[CLUB_CALIBRE, i], state[DAY_SHOWN, i]
        cycle = marks[COMPLETED, i] + (1 if growing else 0)
        factor, z_reentry, z_anagen, z_step = cycle_draws(address, marks[FOLLICLE, i], cycle, p)
        # where day 0 is reached, these are the draws that the treated time begins with
        draws[0, EXOGEN_FACTOR, i] = factor
        draws[0, REENTRY_NORMAL, i] = z_reentry
        draws[0, ANAGEN_NORMAL, i] = z_anagen
        draws[0, STEP_NORMAL, i] = z_step

        t_rest, c_rest, fall_rest, reentry, held_rest = t0, c, fall, duration, held
        if growing:
            t_rest = t0 + duration
            c_rest = goal + exponential(-p.calibre_rate * (t_rest - t_calibre)) * (c - goal)
            fall_rest = t_rest + p.catagen_duration + p.exogen_mean * factor
            reentry = reentry_duration(c_rest, z_reentry, p)
            held_rest = 1 if t_rest >= t_shown else 0
        t_anagen = t_rest + p.catagen_duration + reentry
        c_anagen, recovered, anagen = begin_anagen(c_rest, goal, recovery, t_anagen - t_calibre, z_anagen, z_step, p)

        live = 1 if t_anagen <= 0.0 else 0
        if live == 1:
            phase_now, t0_now, duration_now, c_now, t_calibre, recovery = (
                ANAGEN,
                t_anagen,
                anagen,
                c_anagen,
                t_anagen,
                recovered,
            )
            held_now = held_rest if fall_rest >= t_anagen else 0
            t_shown = day_shown(t_anagen, shaft * c_anagen, terminal_rate, p)
        else:
            phase_now, t0_now, duration_now, c_now, held_now = RESTING, t_rest, reentry, c_rest, held_rest
        if growing and t_rest > 0.0:
            phase_now, t0_now, duration_now, c_now, held_now, cycle = ANAGEN, t0, duration, c, held, cycle - 1
            fall_rest, c_rest = fall, club
        state[PHASE_START, i] = t0_now
        state[DURATION, i] = duration_now
        state[CALIBRE_START, i] = t_calibre
        state[CALIBRE, i] = c_now
        state[FALL, i] = fall_rest
        state[CLUB_CALIBRE, i] = c_rest
        state[DAY_SHOWN, i] = t_shown
        marks[PHASE, i] = phase_now
        marks[COMPLETED, i] = cycle
        state[RECOVERY, i] = recovery
        marks[HELD, i] = held_now
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
    state, marks, draws = lanes.state, lanes.marks, lanes.draws
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
                for row in range(HAZARD_EXPOSURE):
                    draws[0, row, front], draws[0, row, back] = draws[0, row, back], draws[0, row, front]
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
    made: int,
    lanes: Lanes,
) -> None:
    """Make the draws with which the treated time begins.

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
    made : int
        Cycles whose draws are there already.
    lanes : Lanes
        Whose draws are filled here.
    """
    marks, draws = lanes.marks, lanes.draws
    for ahead in range(made, AHEAD):
        for i in range(n):
            cycle = marks[COMPLETED, i] + ahead + (1 if marks[PHASE, i] == ANAGEN else 0)
            factor, z_reentry, z_anagen, z_step = cycle_draws(address, marks[FOLLICLE, i], cycle, p)
            draws[ahead, EXOGEN_FACTOR, i] = factor
            draws[ahead, REENTRY_NORMAL, i] = z_reentry
            draws[ahead, ANAGEN_NORMAL, i] = z_anagen
            draws[ahead, STEP_NORMAL, i] = z_step
    if with_hazard:
        for ahead in range(AHEAD):
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
