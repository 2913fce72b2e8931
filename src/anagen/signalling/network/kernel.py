"""The solver's kernel: Tsitouras' explicit method of order 5, on blocks of 16 patients that share their step.

Method: Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002, with its free interpolant of order 4. One compiled version runs
every network, because a network is data; nothing is compiled when a network is edited.
"""

from __future__ import annotations

import math
from typing import Any

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import compiled, inlined
from anagen.core.tsitouras import (
    A21,
    A31,
    A32,
    A41,
    A42,
    A43,
    A51,
    A52,
    A53,
    A54,
    A61,
    A62,
    A63,
    A64,
    A65,
    B1,
    B2,
    B3,
    B4,
    B5,
    B6,
    E1,
    E2,
    E3,
    E4,
    E5,
    E6,
    E7,
    interpolant,
)
from anagen.signalling.network.lanes import (
    LANES,
    lanes_copy,
    lanes_decay,
    lanes_fill,
    lanes_limit,
    lanes_multiply,
    lanes_ratio,
    lanes_ratio_square,
)
from anagen.signalling.network.sums import lanes_combine, lanes_error, lanes_node

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
    first: int,
    last: int,
    terms: FloatArray,
    state: FloatArray,
    origin: IntArray,
    power: FloatArray,
    beta: FloatArray,
    shift: FloatArray,
) -> None:
    """Transfer levels: terms[j] = beta x^n / (shift + x^n); whole powers are multiplied out.

    Parameters
    ----------
    first : int
        First term that is filled.
    last : int
        The term behind the last.
    terms : FloatArray, shape (n_terms * LANES,)
        Filled here, one term for each distinct transferred level.
    state : FloatArray, shape (n_states * LANES,)
        Levels and exposures.
    origin : IntArray, shape (n_terms,)
        State that each term transfers.
    power : FloatArray, shape (n_terms,)
        Exponent n.
    beta : FloatArray, shape (n_terms,)
        Factor.
    shift : FloatArray, shape (n_terms,)
        Term of the denominator.
    """
    for j in range(first, last):
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

    Parameters
    ----------
    start : FloatArray, shape (n_blocks, n_states * LANES)
        Levels of the nodes, then exposures of the inputs, on days[0].
    off : FloatArray, shape (n_blocks, n_nodes * LANES)
        What multiplies the products of "or" edges.
    need : FloatArray, shape (n_blocks, n_nodes * LANES)
        What multiplies the products of "and" edges.
    decay : FloatArray, shape (n_blocks, n_inputs * LANES)
        Rate constants of the exposures [1/day].
    amounts : FloatArray, shape (n_blocks, n_events, LANES)
        Exposure added at each event.
    event_day : FloatArray, shape (n_events,)
        Day of each event, in order.
    event_input : IntArray, shape (n_events,)
        Input of each event.
    days : FloatArray, shape (n_days,)
        Days on which levels are wanted, rising.
    at_rest : bool
        Whether `start` stays where it is until something is given.
    absolute : float
        Absolute tolerance.
    relative : float
        Relative tolerance.
    share : float
        1 / number of nodes over which the squared error is averaged.
    rate : FloatArray, shape (n_nodes,)
        Rate constant of each node [1/day].
    origin : IntArray, shape (n_terms,)
        See `transfer`, as the next three.
    power : FloatArray, shape (n_terms,)
        Exponents.
    beta : FloatArray, shape (n_terms,)
        Factors.
    shift : FloatArray, shape (n_terms,)
        Terms of the denominators.
    edge_term : IntArray, shape (n_edges,)
        Term of each edge, counted in elements.
    edge_a : FloatArray, shape (n_edges,)
        Constant of each edge's factor.
    edge_b : FloatArray, shape (n_edges,)
        Slope of each edge's factor.
    or_first : IntArray, shape (n_nodes,)
        First "or" edge of each node.
    and_first : IntArray, shape (n_nodes,)
        First "and" edge of each node, behind its "or" edges.
    and_last : IntArray, shape (n_nodes,)
        The edge behind its last.
    work : FloatArray, shape ((10 * n_states + n_terms + 1) * LANES,)
        Workspace.
    out : FloatArray, shape (n_blocks, n_days, n_nodes * LANES)
        Levels, filled here.
    counts : IntArray, shape (2,)
        Accepted and refused steps, added to.

    Returns
    -------
    int
        -1, or the number of the block that could not be followed.

    References
    ----------
    Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002.
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
        first, fading, levels = start[block], decay[block], out[block]
        block_off, block_need = off[block], need[block]
        # an input that does not fade keeps its level from one dose to the next
        fades = False
        for i in range(inputs * LANES):
            fades = fades or fading[i] != 0.0
        moving, first_term = (size, 0) if fades else (nodes * LANES, inputs)
        for i in range(0, size, LANES):
            lanes_copy(y, i, first, i)
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
                lanes_copy(levels[written], i, y, i)
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
            if fresh:
                transfer(0, inputs, terms, y, origin, power, beta, shift)
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
                        for i in range(0, moving, LANES):
                            lanes_combine(trial, i, y, i, k, size, A21 * h, 0.0, 0.0, 0.0, 0.0, 0.0, 1)
                    elif stage == 2:
                        a1, a2 = A31 * h, A32 * h
                        for i in range(0, moving, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, 0.0, 0.0, 0.0, 0.0, 2)
                    elif stage == 3:
                        a1, a2, a3 = A41 * h, A42 * h, A43 * h
                        for i in range(0, moving, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, a3, 0.0, 0.0, 0.0, 3)
                    elif stage == 4:
                        a1, a2, a3, a4 = A51 * h, A52 * h, A53 * h, A54 * h
                        for i in range(0, moving, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, a3, a4, 0.0, 0.0, 4)
                    elif stage == 5:
                        a1, a2, a3, a4, a5 = A61 * h, A62 * h, A63 * h, A64 * h, A65 * h
                        for i in range(0, moving, LANES):
                            lanes_combine(trial, i, y, i, k, size, a1, a2, a3, a4, a5, 0.0, 5)
                    else:
                        a1, a2, a3, a4, a5, a6 = B1 * h, B2 * h, B3 * h, B4 * h, B5 * h, B6 * h
                        for i in range(0, moving, LANES):
                            lanes_combine(new, i, y, i, k, size, a1, a2, a3, a4, a5, a6, 6)
                            lanes_copy(trial, i, new, i)
                    transfer(first_term, origin.shape[0], terms, trial, origin, power, beta, shift)
                    slope = k[stage * size : (stage + 1) * size]
                    for node in range(nodes):
                        lanes_node(
                            slope, node * LANES, block_off, block_need, trial, terms, edge_term, edge_a, edge_b,
                            or_first[node], and_first[node], and_last[node], rate[node],
                        )  # fmt: skip
                    for i in range(nodes * LANES, moving, LANES):
                        lanes_decay(slope, i, fading, i - nodes * LANES, trial, i)
                fresh = False
                lanes_fill(spare, 0, 0.0)
                for i in range(0, moving, LANES):
                    lanes_error(
                        spare, 0, y, new, i, k, size,
                        E1 * h, E2 * h, E3 * h, E4 * h, E5 * h, E6 * h, E7 * h, absolute, relative,
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
                    b1, b2, b3, b4, b5, b6, b7 = interpolant((days[written] - t) / h)
                    row, seventh = levels[written], k[6 * size :]
                    for i in range(0, nodes * LANES, LANES):
                        lanes_combine(trial, i, y, i, k, size, b1 * h, b2 * h, b3 * h, b4 * h, b5 * h, b6 * h, 6)
                        lanes_combine(row, i, trial, i, seventh, size, b7 * h, 0.0, 0.0, 0.0, 0.0, 0.0, 1)
                        lanes_limit(row, i, 0.0, 1.0)
                    written += 1
                for i in range(0, nodes * LANES, LANES):
                    lanes_copy(y, i, new, i)
                    lanes_limit(y, i, 0.0, 1.0)
                    lanes_copy(k, i, k, 6 * size + i)
                for i in range(nodes * LANES, moving, LANES):
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
    """Whether nobody in a block gets anything.

    Parameters
    ----------
    amount : FloatArray, shape (LANES,)
        Of each patient.

    Returns
    -------
    bool
        True where all are zero.
    """
    total = 0
    for lane in range(LANES):
        total += amount[lane] != 0.0
    return total == 0
