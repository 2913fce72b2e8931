"""Levers over time -> the tables from which a follicle reads when its phase ends and where its calibre goes.

For patient row r, sensitivity class k and day i of the trial (day 0 is baseline):

    S_A[r, k, i]   cumulative anagen clock: integral of exp(androgen_on_anagen * z_k * (a - 1) - g_A)
    S_R[r, i]      cumulative clock of telogen and kenogen: integral of exp(g_T)
    C[r, k, i]     calibre target: clip(1 / (1 + (z_k * a)**h) + b)
    W[r, k, i]     the target smoothed by the in-anagen rate: dW/dt = kappa_in * (C - W)
    H[r, i]        cumulative hazard of a premature end of anagen

Rates hold over a day, so every S and H is linear between days. Before day 0 nothing has been given: the clocks run at
rate 1 and the target is constant, and no table is needed.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled
from anagen.follicles.process import FollicleParameters

if TYPE_CHECKING:
    from anagen.signalling import Levers


class LeverTables(NamedTuple):
    """Cumulative clocks and calibre targets on an even grid.

    Attributes
    ----------
    anagen_clock : FloatArray, shape (n_rows, n_classes, n_points)
        S_A [operational day].
    resting_clock : FloatArray, shape (n_rows, n_points)
        S_R [operational day].
    target : FloatArray, shape (n_rows, n_classes, n_points)
        C, calibre target, 0 to 1.
    smoothed : FloatArray, shape (n_rows, n_classes, n_points)
        W, smoothed target.
    hazard : FloatArray, shape (n_rows, n_points)
        H.
    untreated_target : FloatArray, shape (n_rows, n_classes)
        The target before the tables start.
    per_day : float
        Grid points to a day.
    """

    anagen_clock: FloatArray
    resting_clock: FloatArray
    target: FloatArray
    smoothed: FloatArray
    hazard: FloatArray
    untreated_target: FloatArray
    per_day: float


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
    tables: LeverTables,
) -> None:
    """Fill tables from levers.

    Parameters
    ----------
    androgen : FloatArray, shape (n_rows, n_points)
        Androgen drive a.
    anagen : FloatArray, shape (n_rows, n_points)
        Brake g_A.
    resting : FloatArray, shape (n_rows, n_points)
        Speed-up g_T.
    boost : FloatArray, shape (n_rows, n_points)
        Boost b of the calibre target.
    attack : FloatArray, shape (n_rows, n_points)
        Hazard [1/day].
    sensitivity : FloatArray, shape (n_rows, n_classes)
        Androgen sensitivity z_k.
    step : float
        Grid spacing [day].
    androgen_on_anagen : float
        See `FollicleParameters`, as the next three.
    hill : float
        Exponent h.
    rate : float
        kappa_in [1/day].
    minimum : float
        Least calibre.
    tables : LeverTables
        Filled here.
    """
    anagen_clock, resting_clock, target = tables.anagen_clock, tables.resting_clock, tables.target
    smoothed, hazard, untreated_target = tables.smoothed, tables.hazard, tables.untreated_target
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
    levers: Levers, sensitivity: FloatArray, process: FollicleParameters, *, step: float = 1.0
) -> LeverTables:
    """Tabulate clocks and calibre targets.

    Parameters
    ----------
    levers : Levers
        Arrays of shape (n_rows, n_points); they hold from one grid point to the next.
    sensitivity : FloatArray, shape (n_rows, n_classes)
        Androgen sensitivity z_k of the classes.
    process : FollicleParameters
        Of the follicles.
    step : float
        Grid spacing [day].

    Returns
    -------
    LeverTables
        On the same grid.
    """
    n_rows, n_steps = levers.androgen_drive.shape
    shape = (n_rows, sensitivity.shape[1], n_steps)
    tables = LeverTables(
        anagen_clock=np.empty(shape),
        resting_clock=np.empty((n_rows, n_steps)),
        target=np.empty(shape),
        smoothed=np.empty(shape),
        hazard=np.empty((n_rows, n_steps)),
        untreated_target=np.empty(shape[:2]),
        per_day=1.0 / step,
    )
    _fill(
        np.ascontiguousarray(levers.androgen_drive),
        np.ascontiguousarray(levers.anagen_brake),
        np.ascontiguousarray(levers.resting_clock),
        np.ascontiguousarray(levers.calibre_boost),
        np.ascontiguousarray(levers.attack),
        np.ascontiguousarray(sensitivity),
        step,
        process.androgen_on_anagen,
        process.calibre_hill,
        process.calibre_rate,
        process.calibre_minimum,
        tables,
    )
    return tables
