"""An adaptive Runge-Kutta step, compiled, for the few routes whose equations are not linear.

Tsitouras's pair of order 5(4) with a proportional-integral step control. Amounts that only move from one compartment
to another keep their sum exactly, because every stage adds and subtracts the same flow.

Source: Tsitouras 2011, doi:10.1016/j.camwa.2011.06.002; step control: Hairer, Noersett & Wanner 1993, section II.4.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import inlined

Slopes = Callable[[float, FloatArray, FloatArray, FloatArray], None]
"""slopes(t, y, constants, out): writes dy/dt into `out`."""
STAGES = 7
SMALLEST_STEP = 1e-12
C2, C3, C4, C5 = 0.161, 0.327, 0.9, 0.9800255409045097
A21 = 0.161
A31, A32 = -0.008480655492356989, 0.335480655492357
A41, A42, A43 = 2.8971530571054935, -6.359448489975075, 4.3622954328695815
A51, A52, A53, A54 = 5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525
A61, A62, A63, A64, A65 = (
    5.86145544294642,
    -12.92096931784711,
    8.159367898576159,
    -0.071584973281401,
    -0.028269050394068383,
)
B1, B2, B3, B4, B5, B6 = (
    0.09646076681806523,
    0.01,
    0.4798896504144996,
    1.379008574103742,
    -3.290069515436081,
    2.324710524099774,
)
E1, E2, E3, E4, E5, E6, E7 = (
    -0.00178001105222577714,
    -0.0008164344596567469,
    0.007880878010261995,
    -0.1447110071732629,
    0.5823571654525552,
    -0.45808210592918697,
    0.015151515151515152,
)


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
    """Carry `y` from `start` to `stop` in place; returns the step size for the next call, or -1.0 where it failed.

    Args:
        slopes: compiled right-hand side. start, stop: in the unit of its rates. y: state. constants: passed on.
        floors: absolute tolerance per state. rtol: relative tolerance. first: step to try first. k: workspace,
        shape [STAGES, state]. trial: workspace, shape [state].
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
