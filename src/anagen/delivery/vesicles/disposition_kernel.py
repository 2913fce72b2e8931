"""Compiled course of vesicles on and in the skin: channels that close, uptake that saturates."""

from __future__ import annotations

import math

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined
from anagen.core.tsitouras import STAGES
from anagen.delivery.stepping import advance

STATES = 7
SURFACE, FOLLICLE, DEPOT, TAKEN_UP, DRAINED, DEGRADED, LOST = range(STATES)
N_CONSTANTS = 12
(TO_FOLLICLE, CHANNEL, CLOSING, LOSS, SHED, WALL, DEGRADE, DRAIN, UPTAKE, HALF_AMOUNT, DRIVE, DRIVE_DAYS) = range(
    N_CONSTANTS
)
OPENED, DRIVEN = N_CONSTANTS, N_CONSTANTS + 1
ROW = N_CONSTANTS + 2


@inlined
def slopes(t: float, y: FloatArray, c: FloatArray, out: FloatArray) -> None:
    """Rates of particle numbers; nothing passes an intact stratum corneum.

    Parameters
    ----------
    t : float
        [day].
    y : FloatArray, shape (STATES,)
        Particles.
    c : FloatArray, shape (ROW,)
        Constants, when channels were last opened, and the factor of the current.
    out : FloatArray, shape (STATES,)
        Rates [1/day], filled here.
    """
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
    out : FloatArray, shape (n_patients, n_times, STATES)
        Filled here.

    Returns
    -------
    int
        Number of patients that could not be followed.
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
        row[:N_CONSTANTS] = constants[patient]
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
