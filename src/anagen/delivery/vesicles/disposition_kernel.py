"""Compiled course of vesicles on and in the skin: channels that close, uptake that saturates."""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined
from anagen.delivery.stepping import STAGES, advance

STATES = 7
SURFACE, FOLLICLE, DEPOT, TAKEN_UP, DRAINED, DEGRADED, LOST = range(STATES)
GIVEN_CONSTANTS = 12
(TO_FOLLICLE, CHANNEL, CLOSING, LOSS, SHED, WALL, DEGRADE, DRAIN, UPTAKE, HALF_AMOUNT, DRIVE, DRIVE_DAYS) = range(
    GIVEN_CONSTANTS
)
OPENED, DRIVEN = GIVEN_CONSTANTS, GIVEN_CONSTANTS + 1
ROW = GIVEN_CONSTANTS + 2


@inlined
def slopes(t: float, y: FloatArray, c: FloatArray, out: FloatArray) -> None:
    """Rates per day of particle numbers; nothing passes an intact stratum corneum."""
    # before the first session there are no channels
    open_share = math.exp(-c[CLOSING] * (t - c[OPENED])) if t >= c[OPENED] else 0.0
    into_follicle = c[TO_FOLLICLE] * c[DRIVEN] * y[SURFACE]
    through = c[CHANNEL] * c[DRIVEN] * open_share * y[SURFACE]
    off = c[LOSS] * y[SURFACE]
    carried_out = c[SHED] * y[FOLLICLE]
    crossed = c[WALL] * y[FOLLICLE]
    degraded = c[DEGRADE] * y[DEPOT]
    drained = c[DRAIN] * y[DEPOT]
    taken = c[UPTAKE] * c[HALF_AMOUNT] * y[DEPOT] / (c[HALF_AMOUNT] + y[DEPOT])
    out[SURFACE] = -into_follicle - through - off
    out[FOLLICLE] = into_follicle - carried_out - crossed
    out[DEPOT] = through + crossed - degraded - drained - taken
    out[TAKEN_UP] = taken
    out[DRAINED] = drained
    out[DEGRADED] = degraded
    out[LOST] = off + carried_out


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
    """Write the state of every patient at every time into `out`; returns the number of patients that failed.

    Args:
        days: of sessions, not decreasing, shape [session]. doses: particles, shape [patient, session]. into: SURFACE or
        DEPOT. times: [day], not decreasing. constants: shape [patient, GIVEN_CONSTANTS]. rtol: relative tolerance.
        out: shape [patient, time, STATES].
    """
    failed = 0
    y = np.zeros(STATES)
    floors = np.zeros(STATES)
    row = np.zeros(ROW)
    k = np.zeros((STAGES, STATES))
    trial = np.zeros(STATES)
    for patient in range(len(constants)):
        y[:] = 0.0
        largest = 0.0
        for session in range(len(days)):
            largest = max(largest, doses[patient, session])
        for i in range(STATES):
            floors[i] = rtol * 1e-4 * (largest + 1e-30)
        row[:GIVEN_CONSTANTS] = constants[patient]
        row[OPENED] = np.inf
        row[DRIVEN] = 1.0
        now = times[0] if len(times) > 0 else 0.0
        if len(days) > 0:
            now = min(now, days[0])
        session, seen, step, current_off = 0, 0, 1e-3, np.inf
        while seen < len(times) and step > 0.0:
            arrival = days[session] if session < len(days) else np.inf
            stop = min(arrival, times[seen], current_off)
            if stop > now:
                step = advance(slopes, now, stop, y, row, floors, rtol, step, k, trial)
                now = stop
            if current_off <= stop:
                row[DRIVEN] = 1.0
                current_off = np.inf
            elif arrival <= stop:
                y[into] += doses[patient, session]
                row[OPENED] = arrival
                if row[DRIVE_DAYS] > 0.0:
                    row[DRIVEN] = row[DRIVE]
                    current_off = arrival + row[DRIVE_DAYS]
                step = min(step, 1e-3) if step > 0.0 else step
                session += 1
            else:
                out[patient, seen] = y
                seen += 1
        if not step > 0.0:
            failed += 1
    return failed
