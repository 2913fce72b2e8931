"""An adaptive Runge-Kutta step, compiled, for the few routes whose equations are not linear.

Tsitouras's pair of order 5(4) with a proportional-integral step control. Amounts that only move from one compartment
to another keep their sum exactly, because every stage adds and subtracts the same flow.

References
----------
.. [1] Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002.
.. [2] Step control: Hairer, Noersett & Wanner 1993, section II.4.
"""

from __future__ import annotations

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
)

Slopes = Callable[[float, FloatArray, FloatArray, FloatArray], None]
"""slopes(t, y, constants, out): writes dy/dt into `out`."""
SMALLEST_STEP = 1e-12


@inlined
def advance(
    slopes: Slopes,
    start: float,
    stop: float,
    y: FloatArray,
    constants: FloatArray,
    floors: FloatArray,
    rtol: float,
    first: float,
    k: FloatArray,
    trial: FloatArray,
) -> float:
    """Carry a state from one time to another.

    Parameters
    ----------
    slopes : Slopes
        Compiled right-hand side.
    start : float
        Time, in the unit of the rates.
    stop : float
        Time.
    y : FloatArray, shape (n_states,)
        State, changed in place.
    constants : FloatArray, shape (n_constants,)
        Passed on to the right-hand side.
    floors : FloatArray, shape (n_states,)
        Absolute tolerance.
    rtol : float
        Relative tolerance.
    first : float
        Step to try first.
    k : FloatArray, shape (STAGES, n_states)
        Workspace.
    trial : FloatArray, shape (n_states,)
        Workspace.

    Returns
    -------
    float
        Step to try in the next call, or -1.0 where it failed.

    References
    ----------
    Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002; step control: Hairer, Noersett & Wanner 1993, section II.4.
    """
    n = len(y)
    t = start
    step = first
    before = 1e-4
    failed = False
    slopes(t, y, constants, k[0])
    while t < stop and not failed:
        last = t + step * (1.0 + 1e-9) >= stop
        h = stop - t if last else step
        for i in range(n):
            trial[i] = y[i] + h * A21 * k[0, i]
        slopes(t + C2 * h, trial, constants, k[1])
        for i in range(n):
            trial[i] = y[i] + h * (A31 * k[0, i] + A32 * k[1, i])
        slopes(t + C3 * h, trial, constants, k[2])
        for i in range(n):
            trial[i] = y[i] + h * (A41 * k[0, i] + A42 * k[1, i] + A43 * k[2, i])
        slopes(t + C4 * h, trial, constants, k[3])
        for i in range(n):
            trial[i] = y[i] + h * (A51 * k[0, i] + A52 * k[1, i] + A53 * k[2, i] + A54 * k[3, i])
        slopes(t + C5 * h, trial, constants, k[4])
        for i in range(n):
            trial[i] = y[i] + h * (A61 * k[0, i] + A62 * k[1, i] + A63 * k[2, i] + A64 * k[3, i] + A65 * k[4, i])
        slopes(t + h, trial, constants, k[5])
        for i in range(n):
            trial[i] = y[i] + h * (
                B1 * k[0, i] + B2 * k[1, i] + B3 * k[2, i] + B4 * k[3, i] + B5 * k[4, i] + B6 * k[5, i]
            )
        slopes(t + h, trial, constants, k[6])
        error = 0.0
        for i in range(n):
            wrong = h * (
                E1 * k[0, i] + E2 * k[1, i] + E3 * k[2, i] + E4 * k[3, i] + E5 * k[4, i] + E6 * k[5, i] + E7 * k[6, i]
            )
            ratio = wrong / (floors[i] + rtol * max(abs(y[i]), abs(trial[i])))
            error += ratio * ratio
        error = np.sqrt(error / n)
        if error <= 1.0:
            t = stop if last else t + h
            for i in range(n):
                y[i] = trial[i]
                k[0, i] = k[6, i]
            growth = 5.0 if error < 1e-10 else min(5.0, max(0.2, 0.9 * error**-0.14 * before**0.08))
            before = max(error, 1e-4)
            step = max(step, h * growth) if last else h * growth
        elif h < SMALLEST_STEP or not error < 1e300:
            failed = True
        else:
            step = h * max(0.2, 0.9 * error**-0.2)
    return -1.0 if failed else step
