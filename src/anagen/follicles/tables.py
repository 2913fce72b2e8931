"""Levers over time -> the tables from which a follicle reads when its phase ends and where its calibre goes.

For patient row r, sensitivity class k and day i of the trial (day 0 is baseline):

    S_A[r, k, i]   cumulative anagen clock: integral of exp(androgen_on_anagen * z_k * (a - 1) - g_A)
    S_R[r, i]      cumulative clock of telogen and kenogen: integral of exp(g_T)
    C[r, k, i]     calibre target: clip(1 / (1 + (z_k * a)**h) + b)
    W[r, k, i]     the target smoothed by the in-anagen rate: dW/dt = kappa_in * (C - W)
    H[r, i]        cumulative hazard of a premature end of anagen

Rates hold over a day, so every S and H is linear between days. Before day 0 nothing has been given: the clocks run at
rate
1 and the target is constant, and no table is needed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled


@dataclass(frozen=True, slots=True)
class LeverTables:
    """Cumulative clocks and calibre targets on a daily grid.

    Shapes: anagen_clock, target, smoothed [row, class, day]; resting_clock, hazard [row, day];
    untreated_target [row, class], the target before day 0.
    """

    anagen_clock: FloatArray
    resting_clock: FloatArray
    target: FloatArray
    smoothed: FloatArray
    hazard: FloatArray
    untreated_target: FloatArray


@compiled
def _fill(
    androgen: FloatArray,
    anagen: FloatArray,
    resting: FloatArray,
    boost: FloatArray,
    attack: FloatArray,
    sensitivity: FloatArray,
    step: float,
    androgen_on_anagen: float,
    hill: float,
    rate: float,
    minimum: float,
    anagen_clock: FloatArray,
    resting_clock: FloatArray,
    target: FloatArray,
    smoothed: FloatArray,
    hazard: FloatArray,
    untreated_target: FloatArray,
) -> None:
    n_rows, n_steps = androgen.shape
    n_classes = sensitivity.shape[1]
    decay = math.exp(-rate * step)
    for r in range(n_rows):
        resting_clock[r, 0] = 0.0
        hazard[r, 0] = 0.0
        for i in range(n_steps - 1):
            resting_clock[r, i + 1] = resting_clock[r, i] + step * math.exp(resting[r, i])
            hazard[r, i + 1] = hazard[r, i] + step * attack[r, i]
        for k in range(n_classes):
            z = sensitivity[r, k]
            z_hill = z**hill
            untreated = min(1.0, max(minimum, 1.0 / (1.0 + z_hill)))
            untreated_target[r, k] = untreated
            clock = 0.0
            level = untreated
            speed = 1.0
            goal = untreated
            for i in range(n_steps):
                if (
                    i == 0
                    or androgen[r, i] != androgen[r, i - 1]
                    or anagen[r, i] != anagen[r, i - 1]
                    or boost[r, i] != boost[r, i - 1]
                ):
                    speed = math.exp(androgen_on_anagen * z * (androgen[r, i] - 1.0) - anagen[r, i])
                    goal = min(1.0, max(minimum, 1.0 / (1.0 + z_hill * androgen[r, i] ** hill) + boost[r, i]))
                anagen_clock[r, k, i] = clock
                smoothed[r, k, i] = level
                target[r, k, i] = goal
                clock += step * speed
                level = goal + (level - goal) * decay


def lever_tables(
    *,
    androgen_drive: FloatArray,
    anagen_brake: FloatArray,
    resting_clock: FloatArray,
    calibre_boost: FloatArray,
    attack: FloatArray,
    sensitivity: FloatArray,
    androgen_on_anagen: float,
    hill: float,
    calibre_rate: float,
    calibre_minimum: float,
    step: float = 1.0,
) -> LeverTables:
    """Tabulate clocks and calibre targets from daily levers.

    Args:
        androgen_drive: a, 1 = untreated, shape [row, day].
        anagen_brake: g_A, the anagen clock runs at exp(-g_A) [row, day].
        resting_clock: g_T, the telogen and kenogen clock runs at exp(g_T) [row, day].
        calibre_boost: b, added to the calibre target [row, day].
        attack: hazard of a premature end of anagen [1/day], [row, day].
        sensitivity: z_k, androgen sensitivity of the classes [row, class].
        androgen_on_anagen, hill, calibre_rate [1/day], calibre_minimum: see FollicleParameters.
        step: grid spacing [day]; levers hold from one grid point to the next.

    Returns:
        LeverTables on the same grid.
    """
    n_rows, n_steps = androgen_drive.shape
    n_classes = sensitivity.shape[1]
    shape = (n_rows, n_classes, n_steps)
    tables = LeverTables(
        anagen_clock=np.empty(shape),
        resting_clock=np.empty((n_rows, n_steps)),
        target=np.empty(shape),
        smoothed=np.empty(shape),
        hazard=np.empty((n_rows, n_steps)),
        untreated_target=np.empty((n_rows, n_classes)),
    )
    _fill(
        np.ascontiguousarray(androgen_drive),
        np.ascontiguousarray(anagen_brake),
        np.ascontiguousarray(resting_clock),
        np.ascontiguousarray(calibre_boost),
        np.ascontiguousarray(attack),
        np.ascontiguousarray(sensitivity),
        step,
        androgen_on_anagen,
        hill,
        calibre_rate,
        calibre_minimum,
        tables.anagen_clock,
        tables.resting_clock,
        tables.target,
        tables.smoothed,
        tables.hazard,
        tables.untreated_target,
    )
    return tables
