"""An adaptive Runge-Kutta step, compiled, for the few routes whose equations are not linear.

Tsitouras's pair of order 5(4) with a proportional-integral step control. Amounts that only move from one compartment
to another keep their sum exactly, because every stage adds and subtracts the same flow. Patients are followed side by
side in lanes, each with its own steps, so that its course does not depend on its neighbours.

References
----------
.. [1] Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002.
.. [2] Step control: Hairer, Noersett & Wanner 1993, section II.4.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import inlined
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
    C2,
    C3,
    C4,
    C5,
    E1,
    E2,
    E3,
    E4,
    E5,
    E6,
    E7,
    STAGES,
)

Slopes = Callable[[FloatArray, FloatArray, FloatArray, FloatArray], None]
"""slopes(t, y, constants, out): writes dy/dt into `out`; each array holds LANES neighbours for each of its entries."""
SMALLEST_STEP = 1e-12
LANES = 16
"""Patients that are followed side by side; more would not fit the fastest memory."""


def stepper(slopes: Slopes, states: int) -> Callable[..., None]:
    """Compile `advance` for the equations of one route.

    Parameters
    ----------
    slopes : Slopes
        Compiled right-hand side.
    states : int
        Number of states.

    Returns
    -------
    callable
        `advance(start, stop, y, constants, floors, rtol, enough, step, room)`, see there.
    """
    size = states * LANES

    @inlined
    def advance(
        start: FloatArray,
        stop: FloatArray,
        y: FloatArray,
        constants: FloatArray,
        floors: FloatArray,
        rtol: float,
        enough: float,
        step: FloatArray,
        room: FloatArray,
    ) -> None:
        """Carry the state of every lane from one time to another.

        Parameters
        ----------
        start : FloatArray, shape (LANES,)
            Time, in the unit of the rates.
        stop : FloatArray, shape (LANES,)
            Time; a lane whose start is not earlier stays as it is.
        y : FloatArray, shape (states * LANES,)
            State, changed in place.
        constants : FloatArray, shape (n_constants * LANES,)
            Passed on to the right-hand side.
        floors : FloatArray, shape (states * LANES,)
            Absolute tolerance.
        rtol : float
            Relative tolerance.
        enough : float
            Step that is long enough for any later call; one that has grown so far is not asked to grow further.
        step : FloatArray, shape (LANES,)
            Step to try first; that to try in the next call, or -1.0 where it failed.
        room : FloatArray, shape (((STAGES + 3) * states + 4) * LANES,)
            Workspace.

        References
        ----------
        Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002; step control: Hairer, Noersett & Wanner 1993, section II.4.
        """
        k, rest = room[: STAGES * size], room[STAGES * size :]
        trial, h, squares, own = rest[:size], rest[size : 2 * size], rest[2 * size : 3 * size], rest[3 * size :]
        now, at, before, error = own[:LANES], own[LANES : 2 * LANES], own[2 * LANES : 3 * LANES], own[3 * LANES :]
        for lane in range(LANES):
            now[lane], before[lane] = start[lane], 1e-4
        slopes(now, y, constants, k[:size])
        pending = True
        while pending:
            for lane in range(LANES):
                last = now[lane] + step[lane] * (1.0 + 1e-9) >= stop[lane]
                # of no length where a lane has arrived
                h[lane] = max(stop[lane] - now[lane] if last else step[lane], 0.0)
            for i in range(LANES, size):
                h[i] = h[i - LANES]
            for i in range(size):
                trial[i] = y[i] + h[i] * A21 * k[i]
            for lane in range(LANES):
                at[lane] = now[lane] + C2 * h[lane]
            slopes(at, trial, constants, k[size : 2 * size])
            for i in range(size):
                trial[i] = y[i] + h[i] * (A31 * k[i] + A32 * k[size + i])
            for lane in range(LANES):
                at[lane] = now[lane] + C3 * h[lane]
            slopes(at, trial, constants, k[2 * size : 3 * size])
            for i in range(size):
                trial[i] = y[i] + h[i] * (A41 * k[i] + A42 * k[size + i] + A43 * k[2 * size + i])
            for lane in range(LANES):
                at[lane] = now[lane] + C4 * h[lane]
            slopes(at, trial, constants, k[3 * size : 4 * size])
            for i in range(size):
                trial[i] = y[i] + h[i] * (
                    A51 * k[i] + A52 * k[size + i] + A53 * k[2 * size + i] + A54 * k[3 * size + i]
                )
            for lane in range(LANES):
                at[lane] = now[lane] + C5 * h[lane]
            slopes(at, trial, constants, k[4 * size : 5 * size])
            for i in range(size):
                trial[i] = y[i] + h[i] * (
                    A61 * k[i]
                    + A62 * k[size + i]
                    + A63 * k[2 * size + i]
                    + A64 * k[3 * size + i]
                    + A65 * k[4 * size + i]
                )
            for lane in range(LANES):
                at[lane] = now[lane] + h[lane]
            slopes(at, trial, constants, k[5 * size : 6 * size])
            for i in range(size):
                trial[i] = y[i] + h[i] * (
                    B1 * k[i]
                    + B2 * k[size + i]
                    + B3 * k[2 * size + i]
                    + B4 * k[3 * size + i]
                    + B5 * k[4 * size + i]
                    + B6 * k[5 * size + i]
                )
            slopes(at, trial, constants, k[6 * size :])
            for i in range(size):
                wrong = h[i] * (
                    E1 * k[i]
                    + E2 * k[size + i]
                    + E3 * k[2 * size + i]
                    + E4 * k[3 * size + i]
                    + E5 * k[4 * size + i]
                    + E6 * k[5 * size + i]
                    + E7 * k[6 * size + i]
                )
                ratio = wrong / (floors[i] + rtol * max(abs(y[i]), abs(trial[i])))
                squares[i] = ratio * ratio
            for lane in range(LANES):
                error[lane] = squares[lane]
            for state in range(1, states):
                for lane in range(LANES):
                    error[lane] += squares[state * LANES + lane]
            for lane in range(LANES):
                error[lane] = math.sqrt(error[lane] / states)
            refused = False
            for lane in range(LANES):
                if now[lane] < stop[lane] and not error[lane] <= 1.0:
                    refused = True
            if not refused:
                # what a lane at its stop holds is the same before and after a step of no length
                for i in range(size):
                    y[i] = trial[i]
                    k[i] = k[6 * size + i]
            pending = False
            for lane in range(LANES):
                if not now[lane] < stop[lane]:
                    continue
                length, last = h[lane], now[lane] + step[lane] * (1.0 + 1e-9) >= stop[lane]
                if error[lane] <= 1.0:
                    if refused:
                        for i in range(lane, size, LANES):
                            y[i] = trial[i]
                            k[i] = k[6 * size + i]
                    now[lane] = stop[lane] if last else now[lane] + length
                    pending = pending or now[lane] < stop[lane]
                    if last and step[lane] >= enough:
                        continue
                    growth = 5.0
                    if not error[lane] < 1e-10:
                        growth = min(5.0, max(0.2, 0.9 * error[lane] ** -0.14 * before[lane] ** 0.08))
                    before[lane] = max(error[lane], 1e-4)
                    step[lane] = max(step[lane], length * growth) if last else length * growth
                elif length < SMALLEST_STEP or not error[lane] < 1e300:
                    step[lane] = -1.0
                    now[lane] = stop[lane]
                else:
                    step[lane] = length * max(0.2, 0.9 * error[lane] ** -0.2)
                    pending = True

    return advance


@inlined
def workspace(states: int) -> FloatArray:
    """Room for `advance`.

    Parameters
    ----------
    states : int
        Number of states.

    Returns
    -------
    FloatArray
        Not filled.
    """
    return np.empty(((STAGES + 3) * states + 4) * LANES)


@inlined
def longest_gap(doses: FloatArray, times: FloatArray) -> float:
    """Longest time between stops.

    Parameters
    ----------
    doses : FloatArray
        Times of doses, not decreasing.
    times : FloatArray
        Wanted times, not decreasing.

    Returns
    -------
    float
        An upper bound of the time from any stop to the next.
    """
    longest = 0.0
    if len(times) > 0 and len(doses) > 0:
        longest = max(longest, times[0] - doses[0])
    for i in range(1, len(times)):
        longest = max(longest, times[i] - times[i - 1])
    return longest
