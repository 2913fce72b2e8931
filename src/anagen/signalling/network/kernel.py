"""The solver's kernel: Tsitouras' explicit method of order 5, on blocks of 16 patients that share their step.

Method: Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002, with its free interpolant of order 4. One compiled version runs
every network, because a network is data; nothing is compiled when a network is edited.
"""

from __future__ import annotations

import math
from typing import Any

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import compiled, inlined
from anagen.signalling.network.lanes import (
    LANES,
    lanes_combine,
    lanes_copy,
    lanes_decay,
    lanes_error,
    lanes_fill,
    lanes_limit,
    lanes_multiply,
    lanes_node,
    lanes_ratio,
    lanes_ratio_square,
)

SAFETY, SHRINK, GROW = 0.9, 0.2, 6.0
FIRST_STEP = 1e-3
"""First step tried [day]."""
LEAST_STEP = 1e-9
"""A step this short [day] means that the equations cannot be followed."""
MOST = 1e300
LONGEST = 3.2
"""Longest step in units of the fastest time constant: near rest, a longer one would only amplify rounding."""


@inlined
def transfer(
    terms: FloatArray, state: FloatArray, origin: IntArray, power: FloatArray, beta: FloatArray, shift: FloatArray
) -> None:
    """terms[j] = beta x^n / (shift + x^n) for every distinct transferred level; whole powers are multiplied out."""
    for j in range(origin.shape[0]):
        at, x, n = j * LANES, origin[j] * LANES, power[j]
        if n == 2.0:
            lanes_ratio_square(terms, at, state, x, beta[j], shift[j])
        elif n == 1.0:
            lanes_ratio(terms, at, state, x, beta[j], shift[j])
        else:
            if n == math.floor(n) and n <= 8.0:
                lanes_copy(terms, at, state, x)
                for _ in range(int(n) - 1):
                    lanes_multiply(terms, at, state, x)
            else:
                for lane in range(LANES):
                    terms[at + lane] = max(state[x + lane], 0.0) ** n
            lanes_ratio(terms, at, terms, at, beta[j], shift[j])


@compiled
def follow(
    start: Any,
    off: Any,
    need: Any,
    decay: Any,
    amounts: Any,
    event_day: FloatArray,
    event_input: IntArray,
    days: FloatArray,
    at_rest: bool,
    absolute: float,
    relative: float,
    share: float,
    rate: FloatArray,
    origin: IntArray,
    power: FloatArray,
    beta: FloatArray,
    shift: FloatArray,
    edge_term: IntArray,
    edge_a: FloatArray,
    edge_b: FloatArray,
    or_first: IntArray,
    and_first: IntArray,
    and_last: IntArray,
    work: Any,
    out: Any,
    counts: IntArray,
) -> int:
    """Follow every block over its doses; see `anagen.signalling.network.solver.solve`.

    Args:
        start: levels, then exposures, at days[0] [block, (node + input) * 16]. off, need: what multiplies the products
        of "or" and of "and" edges [block, node * 16].
        decay: rate constants of the exposures [block, input * 16]. amounts: added at events [block, event, 16].
        event_day, event_input: day, in order, and input of each event. days: wanted days, rising.
        at_rest: whether `start` stays where it is until something is given. absolute, relative: tolerances.
        share: 1 / number of nodes over which the squared error is averaged.
        rate ... and_last: the circuit, with edge_term counted in elements.
        work: room of its own, (10 * states + terms + 1) * 16 elements.
        out: levels [block, day, node * 16], filled here. counts: accepted and refused steps, added to.

    Returns:
        -1, or the number of the block that could not be followed.
    """
    nodes, states = rate.shape[0], start.shape[1] // LANES
    inputs, size = states - rate.shape[0], start.shape[1]
    y, new, trial, k = work[:size], work[size : 2 * size], work[2 * size : 3 * size], work[3 * size : 10 * size]
    terms = work[10 * size : 10 * size + origin.shape[0] * LANES]
    spare = work[10 * size + origin.shape[0] * LANES :]
    last_day = days[-1]
    fastest = 0.0
    for node in range(nodes):
        fastest = max(fastest, rate[node])
    longest = LONGEST / fastest
    for block in range(start.shape[0]):
        own_start, own_decay, own_out = start[block], decay[block], out[block]
        own_off, own_need = off[block], need[block]
        for i in range(0, size, LANES):
            lanes_copy(y, i, own_start, i)
        t, event, written = days[0], 0, 0
        wakes = t
        if at_rest:
            wakes = last_day + 1.0
            for m in range(event_day.shape[0]):
                if not nothing(amounts[block, m]):
                    wakes = max(event_day[m], days[0])
                    break
            t = min(wakes, last_day)
        while written < days.shape[0] and days[written] <= t:
            for i in range(0, nodes * LANES, LANES):
                lanes_copy(own_out[written], i, y, i)
            written += 1
        step, restart, error_before, fresh = FIRST_STEP, FIRST_STEP, 1.0, True
        while written < days.shape[0]:
            while event < event_day.shape[0] and event_day[event] <= t:
                if not nothing(amounts[block, event]):
                    at = (nodes + event_input[event]) * LANES
                    for lane in range(LANES):
                        y[at + lane] = max(y[at + lane] + amounts[block, event, lane], 0.0)
                    if not fresh:
                        step = min(step, restart)
                    fresh = True
                event += 1
            ahead = event
            while ahead < event_day.shape[0] and nothing(amounts[block, ahead]):
                ahead += 1
            event = ahead
            stop = last_day
            if event < event_day.shape[0] and event_day[event] < last_day:
                stop = event_day[event]
            first_after_dose = fresh
            while t < stop:
                h = step
                arrives = t + h * 1.0000001 >= stop
                if arrives:
                    h = stop - t
                for stage in range(0 if fresh else 1, 7):
                    if stage == 0:
                        for i in range(0, size, LANES):
                            lanes_copy(trial, i, y, i)
                    elif stage == 1:
                        for i in range(0, size, LANES):
                            lanes_combine(trial, i, y, i, k, size, 0.161 * h, 0.0, 0.0, 0.0, 0.0, 0.0, 1)
                    elif stage == 2:
                        a1, a2 = -0.008480655492356989 * h, 0.335480655492357 * h
                        for i in range(0, size, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, 0.0, 0.0, 0.0, 0.0, 2)
                    elif stage == 3:
                        a1, a2, a3 = 2.8971530571054935 * h, -6.359448489975075 * h, 4.3622954328695815 * h
                        for i in range(0, size, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, a3, 0.0, 0.0, 0.0, 3)
                    elif stage == 4:
                        a1, a2 = 5.325864828439257 * h, -11.748883564062828 * h
                        a3, a4 = 7.4955393428898365 * h, -0.09249506636175525 * h
                        for i in range(0, size, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, a3, a4, 0.0, 0.0, 4)
                    elif stage == 5:
                        a1, a2, a3 = 5.86145544294642 * h, -12.92096931784711 * h, 8.159367898576159 * h
                        a4, a5 = -0.071584973281401 * h, -0.028269050394068383 * h
                        for i in range(0, size, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, a3, a4, a5, 0.0, 5)
                    else:
                        a1, a2, a3 = 0.09646076681806523 * h, 0.01 * h, 0.4798896504144996 * h
                        a4, a5, a6 = 1.379008574103742 * h, -3.290069515436081 * h, 2.324710524099774 * h
                        for i in range(0, size, LANES):
                            lanes_combine(new, i, y, i, k, size, a1, a2, a3, a4, a5, a6, 6)
                            lanes_copy(trial, i, new, i)
                    transfer(terms, trial, origin, power, beta, shift)
                    slope = k[stage * size : (stage + 1) * size]
                    for node in range(nodes):
                        lanes_node(
                            slope, node * LANES, own_off, own_need, trial, terms, edge_term, edge_a, edge_b,
                            or_first[node], and_first[node], and_last[node], rate[node],
                        )  # fmt: skip
                    for j in range(inputs):
                        i = (nodes + j) * LANES
                        lanes_decay(slope, i, own_decay, j * LANES, trial, i)
                fresh = False
                lanes_fill(spare, 0, 0.0)
                for i in range(0, size, LANES):
                    lanes_error(
                        spare, 0, y, new, i, k, size,
                        -0.00178001105222577714 * h, -0.0008164344596567469 * h, 0.007880878010261995 * h,
                        -0.1447110071732629 * h, 0.5823571654525552 * h, -0.45808210592918697 * h,
                        0.015151515151515152 * h, absolute, relative,
                    )  # fmt: skip
                error = 0.0
                for lane in range(LANES):
                    # written so that a value that is not a number is kept, and the step refused
                    if not spare[lane] <= error:
                        error = float(spare[lane])
                error = math.sqrt(error * share)
                if not error <= 1.0:
                    counts[1] += 1
                    step = h * max(SHRINK, SAFETY * error**-0.2) if error <= MOST else h * SHRINK
                    if not step >= LEAST_STEP:
                        return block
                    continue
                counts[0] += 1
                end = stop if arrives else t + h
                while written < days.shape[0] and days[written] <= end:
                    s = (days[written] - t) / h
                    b1 = s * (1.0 + s * (-2.763706197274826 + s * (2.9132554618219126 - s * 1.0530884977290216)))
                    b2 = s * s * (0.1317 + s * (-0.2234 + s * 0.1017))
                    b3 = s * s * (3.9302962368947516 + s * (-5.941033872131505 + s * 2.490627285651253))
                    b4 = s * s * (-12.411077166933676 + s * (30.33818863028232 - s * 16.548102889244902))
                    b5 = s * s * (37.50931341651104 + s * (-88.1789048947664 + s * 47.37952196281928))
                    b6 = s * s * (-27.896526289197286 + s * (65.09189467479366 - s * 34.87065786149661))
                    b7 = s * s * (1.5 + s * (-4.0 + s * 2.5))
                    row, seventh = own_out[written], k[6 * size :]
                    for i in range(0, nodes * LANES, LANES):
                        lanes_combine(trial, i, y, i, k, size, b1 * h, b2 * h, b3 * h, b4 * h, b5 * h, b6 * h, 6)
                        lanes_combine(row, i, trial, i, seventh, size, b7 * h, 0.0, 0.0, 0.0, 0.0, 0.0, 1)
                        lanes_limit(row, i, 0.0, 1.0)
                    written += 1
                for i in range(0, nodes * LANES, LANES):
                    lanes_copy(y, i, new, i)
                    lanes_limit(y, i, 0.0, 1.0)
                    lanes_copy(k, i, k, 6 * size + i)
                for i in range(nodes * LANES, size, LANES):
                    lanes_copy(y, i, new, i)
                    lanes_limit(y, i, 0.0, MOST)
                    lanes_copy(k, i, k, 6 * size + i)
                t = end
                error = max(error, 1e-4)
                growth = min(GROW, max(SHRINK, SAFETY * error**-0.17 * error_before**0.03))
                error_before = error
                if first_after_dose:
                    restart = max(h * growth, FIRST_STEP)
                    first_after_dose = False
                # a step cut short by a dose says nothing against the longer one that was planned
                step = min(longest, max(step, h * growth) if arrives else h * growth)
    return -1


@inlined
def nothing(amount: Any) -> bool:
    """Whether nobody in the block gets anything."""
    total = 0
    for lane in range(LANES):
        total += amount[lane] != 0.0
    return total == 0
