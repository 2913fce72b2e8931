"""Compiled course of vesicles on and in the skin: channels that close, uptake that saturates."""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined
from anagen.delivery.stepping import LANES, longest_gap, stepper, workspace

STATES = 7
SURFACE, FOLLICLE, DEPOT, TAKEN_UP, DRAINED, DEGRADED, LOST = range(STATES)
N_CONSTANTS = 12
(TO_FOLLICLE, CHANNEL, CLOSING, LOSS, SHED, WALL, DEGRADE, DRAIN, UPTAKE, HALF_AMOUNT, DRIVE, DRIVE_DAYS) = range(
    N_CONSTANTS
)
OPENED, DRIVEN, OPEN_SHARE = N_CONSTANTS, N_CONSTANTS + 1, N_CONSTANTS + 2
ROW = N_CONSTANTS + 3
AFTER_DOSE = 1e-3
"""First step tried after a dose [day]."""


@inlined
def slopes(t: FloatArray, y: FloatArray, c: FloatArray, out: FloatArray) -> None:
    """Rates of particle numbers; nothing passes an intact stratum corneum.

    Parameters
    ----------
    t : FloatArray, shape (LANES,)
        [day].
    y : FloatArray, shape (STATES * LANES,)
        Particles.
    c : FloatArray, shape (ROW * LANES,)
        Constants, when channels were last opened, the factor of the current, and room for the share of channels that
        are open.
    out : FloatArray, shape (STATES * LANES,)
        Rates [1/day], filled here.
    """
    known, share = 0.0, 1.0
    for lane in range(LANES):
        c[OPEN_SHARE * LANES + lane] = 0.0
        # before the first session there are no channels, nor ever where none are opened
        if c[CHANNEL * LANES + lane] > 0.0 and t[lane] >= c[OPENED * LANES + lane]:
            since = -c[CLOSING * LANES + lane] * (t[lane] - c[OPENED * LANES + lane])
            if since != known:
                known, share = since, math.exp(since)
            c[OPEN_SHARE * LANES + lane] = share
    for i in range(LANES):
        surface, follicle, depot = y[SURFACE * LANES + i], y[FOLLICLE * LANES + i], y[DEPOT * LANES + i]
        into_follicle = c[TO_FOLLICLE * LANES + i] * c[DRIVEN * LANES + i] * surface
        through = c[CHANNEL * LANES + i] * c[DRIVEN * LANES + i] * c[OPEN_SHARE * LANES + i] * surface
        off = c[LOSS * LANES + i] * surface
        carried_out = c[SHED * LANES + i] * follicle
        crossed = c[WALL * LANES + i] * follicle
        degraded = c[DEGRADE * LANES + i] * depot
        drained = c[DRAIN * LANES + i] * depot
        half = c[HALF_AMOUNT * LANES + i]
        taken = c[UPTAKE * LANES + i] * half * depot / (half + depot)
        out[SURFACE * LANES + i] = -into_follicle - through - off
        out[FOLLICLE * LANES + i] = into_follicle - carried_out - crossed
        out[DEPOT * LANES + i] = through + crossed - degraded - drained - taken
        out[TAKEN_UP * LANES + i] = taken
        out[DRAINED * LANES + i] = drained
        out[DEGRADED * LANES + i] = degraded
        out[LOST * LANES + i] = off + carried_out


advance = stepper(slopes, STATES)


@compiled
def course(
    days: FloatArray,
    doses: FloatArray,
    into: int,
    times: FloatArray,
    constants: FloatArray,
    rtol: float,
    out: FloatArray,
) -> int:
    """Follow every patient's vesicles over sessions.

    Parameters
    ----------
    days : FloatArray, shape (n_sessions,)
        Days of the sessions, not decreasing.
    doses : FloatArray, shape (n_patients, n_sessions)
        Particles.
    into : int
        Compartment that doses enter, SURFACE or DEPOT.
    times : FloatArray, shape (n_times,)
        [day], not decreasing.
    constants : FloatArray, shape (n_patients, N_CONSTANTS)
        Rate constants, in the order of their names above.
    rtol : float
        Relative tolerance.
    out : FloatArray, shape (STATES, n_patients, n_times)
        Filled here.

    Returns
    -------
    int
        Number of patients that could not be followed.
    """
    failed = 0
    patients, wanted = len(constants), len(times)
    y, floors, c, room = np.zeros(STATES * LANES), np.zeros(STATES * LANES), np.zeros(ROW * LANES), workspace(STATES)
    now, stop, step, current_off = np.zeros(LANES), np.zeros(LANES), np.zeros(LANES), np.zeros(LANES)
    largest = np.zeros(LANES)
    session, seen = np.zeros(LANES, dtype=np.int64), np.zeros(LANES, dtype=np.int64)
    enough = max(2.0 * longest_gap(days, times), AFTER_DOSE)
    begin = times[0] if wanted > 0 else 0.0
    if len(days) > 0:
        begin = min(begin, days[0])
    for first in range(0, patients, LANES):
        y[:], now[:], step[:], current_off[:], session[:], seen[:] = 0.0, begin, AFTER_DOSE, np.inf, 0, 0
        for lane in range(LANES):
            patient = first + lane
            if patient >= patients:
                # lanes without a patient repeat the last one and are done
                patient, seen[lane] = patients - 1, wanted
            largest[lane] = doses[patient, 0] if len(days) > 0 else 0.0
            for state in range(STATES):
                floors[state * LANES + lane] = rtol * 1e-4 * (largest[lane] + 1e-30)
            for number in range(N_CONSTANTS):
                c[number * LANES + lane] = constants[patient, number]
            c[OPENED * LANES + lane], c[DRIVEN * LANES + lane] = np.inf, 1.0
        while True:
            live = moving = False
            for lane in range(LANES):
                stop[lane] = now[lane]
                if seen[lane] < wanted:
                    arrival = days[session[lane]] if session[lane] < len(days) else np.inf
                    stop[lane] = min(arrival, times[seen[lane]], current_off[lane])
                    live = True
                    moving = moving or stop[lane] > now[lane]
            if not live:
                break
            if moving:
                advance(now, stop, y, c, floors, rtol, enough, step, room)
            for lane in range(LANES):
                if seen[lane] >= wanted:
                    continue
                now[lane] = max(now[lane], stop[lane])
                if step[lane] <= 0.0:
                    failed += 1
                    seen[lane] = wanted
                elif current_off[lane] <= stop[lane]:
                    c[DRIVEN * LANES + lane] = 1.0
                    current_off[lane] = np.inf
                elif session[lane] < len(days) and days[session[lane]] <= stop[lane]:
                    y[into * LANES + lane] += doses[first + lane, session[lane]]
                    if doses[first + lane, session[lane]] > largest[lane]:
                        # by the largest dose so far, so that a later one changes nothing before it
                        largest[lane] = doses[first + lane, session[lane]]
                        for state in range(STATES):
                            floors[state * LANES + lane] = rtol * 1e-4 * (largest[lane] + 1e-30)
                    c[OPENED * LANES + lane] = days[session[lane]]
                    if c[DRIVE_DAYS * LANES + lane] > 0.0:
                        c[DRIVEN * LANES + lane] = c[DRIVE * LANES + lane]
                        current_off[lane] = days[session[lane]] + c[DRIVE_DAYS * LANES + lane]
                    step[lane] = min(step[lane], AFTER_DOSE)
                    session[lane] += 1
                else:
                    for state in range(STATES):
                        out[state, first + lane, seen[lane]] = y[state * LANES + lane]
                    seen[lane] += 1
    return failed
