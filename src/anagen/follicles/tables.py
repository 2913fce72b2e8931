"""Levers over time -> the tables from which a follicle reads when its phase ends and where its calibre goes.

For patient row r, sensitivity class k and day i of the trial (day 0 is baseline):

    S_A[r, k, i]   cumulative anagen clock: integral of exp(androgen_on_anagen * z_k * (a - 1) - g_A)
    S_R[r, i]      cumulative clock of telogen and kenogen: integral of exp(g_T)
    C[r, k, i]     calibre target: clip(1 / (1 + (z_k * a)**h) + b)
    W[r, k, i]     the target smoothed by the in-anagen rate: dW/dt = kappa_in * (C - W)
    H[r, i]        cumulative hazard of a premature end of anagen

Rates hold over a day, so every S and H is linear between days. Before day 0 nothing has been given: the clocks run at
rate 1 and the target is constant, and no table is needed.

The kernel makes the tables of one row and class at a time, where it reads them: written out for all patients they would
be 150 KB for each, and filling and fetching them would cost more than the follicles do.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined, merged
from anagen.follicles.process import FollicleParameters, ProcessConstants

if TYPE_CHECKING:
    from anagen.signalling import Levers


class LeverRows(NamedTuple):
    """Levers as the kernel takes them.

    Attributes
    ----------
    androgen : FloatArray, shape (n_rows, n_points)
        Androgen drive a, 1 = untreated.
    anagen : FloatArray, shape (n_rows, n_points)
        Brake g_A of the anagen clock.
    resting : FloatArray, shape (n_rows, n_points)
        Speed-up g_T of the resting clock.
    boost : FloatArray, shape (n_rows, n_points)
        Boost b of the calibre target.
    attack : FloatArray, shape (n_rows, n_points)
        Hazard [1/day].
    sensitivity : FloatArray, shape (n_rows, n_classes)
        Androgen sensitivity z_k of the classes.
    step : float
        Grid spacing [day].
    """

    androgen: FloatArray
    anagen: FloatArray
    resting: FloatArray
    boost: FloatArray
    attack: FloatArray
    sensitivity: FloatArray
    step: float


class ClassTables(NamedTuple):
    """Tables of one row and class.

    Attributes
    ----------
    anagen_clock : FloatArray, shape (n_points,)
        S_A of the class [operational day].
    resting_clock : FloatArray, shape (n_points,)
        S_R of the row [operational day].
    target : FloatArray, shape (n_points,)
        C of the class, 0 to 1.
    smoothed : FloatArray, shape (n_points,)
        W of the class.
    hazard : FloatArray, shape (n_points,)
        H of the row.
    power : FloatArray, shape (n_points,)
        a**h of the row, which no class changes.
    braked : FloatArray, shape (n_points,)
        exp(-g_A) of the row: speed of the anagen clock where the androgen drive is that of the untreated.
    """

    anagen_clock: FloatArray
    resting_clock: FloatArray
    target: FloatArray
    smoothed: FloatArray
    hazard: FloatArray
    power: FloatArray
    braked: FloatArray


class LeverTables(NamedTuple):
    """The tables of all rows and classes written out.

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


@inlined
def untreated_target(z: float, p: ProcessConstants) -> float:
    """Calibre target of a class before the tables start: clip(1 / (1 + z**h)).

    Parameters
    ----------
    z : float
        Androgen sensitivity of the class.
    p : ProcessConstants
        Of the follicles.

    Returns
    -------
    float
        0 to 1.
    """
    return min(1.0, max(p.calibre_minimum, 1.0 / (1.0 + z**p.calibre_hill)))


@merged
def fill_row(row: int, levers: LeverRows, p: ProcessConstants, tables: ClassTables) -> None:
    """Fill what all classes of a row share: resting clock, hazard and power of the androgen drive.

    Parameters
    ----------
    row : int
        Row of the levers.
    levers : LeverRows
        Of all rows.
    p : ProcessConstants
        Of the follicles.
    tables : ClassTables
        Filled here.
    """
    androgen, anagen, resting, attack = levers.androgen, levers.anagen, levers.resting, levers.attack
    n_points = androgen.shape[1]
    clock, hazard = 0.0, 0.0
    speed, power, braked = math.exp(resting[row, 0]), androgen[row, 0] ** p.calibre_hill, math.exp(-anagen[row, 0])
    for i in range(n_points):
        if i > 0 and resting[row, i] != resting[row, i - 1]:
            speed = math.exp(resting[row, i])
        if i > 0 and androgen[row, i] != androgen[row, i - 1]:
            power = androgen[row, i] ** p.calibre_hill
        if i > 0 and anagen[row, i] != anagen[row, i - 1]:
            braked = math.exp(-anagen[row, i])
        tables.resting_clock[i] = clock
        tables.hazard[i] = hazard
        tables.power[i] = power
        tables.braked[i] = braked
        clock += levers.step * speed
        hazard += levers.step * attack[row, i]


@merged
def fill_class(row: int, k: int, levers: LeverRows, p: ProcessConstants, decay: float, tables: ClassTables) -> None:
    """Fill the tables of a class after those of its row.

    Parameters
    ----------
    row : int
        Row of the levers.
    k : int
        Class.
    levers : LeverRows
        Of all rows.
    p : ProcessConstants
        Of the follicles.
    decay : float
        exp(-kappa_in * step), by which the smoothed target nears the target from point to point.
    tables : ClassTables
        Filled here.
    """
    androgen, anagen, boost = levers.androgen, levers.anagen, levers.boost
    z = levers.sensitivity[row, k]
    z_hill = z**p.calibre_hill
    clock, level = 0.0, untreated_target(z, p)
    speed, goal, before = 1.0, level, level
    for i in range(androgen.shape[1]):
        if androgen[row, i] == 1.0:
            speed = tables.braked[i]
        elif i == 0 or androgen[row, i] != androgen[row, i - 1] or anagen[row, i] != anagen[row, i - 1]:
            speed = math.exp(p.androgen_on_anagen * z * (androgen[row, i] - 1.0) - anagen[row, i])
        if i == 0 or tables.power[i] != tables.power[i - 1]:
            before = 1.0 / (1.0 + z_hill * tables.power[i])
        goal = min(1.0, max(p.calibre_minimum, before + boost[row, i]))
        tables.anagen_clock[i] = clock
        tables.smoothed[i] = level
        tables.target[i] = goal
        clock += levers.step * speed
        level = goal + (level - goal) * decay


def lever_rows(levers: Levers, sensitivity: FloatArray, *, step: float = 1.0) -> LeverRows:
    """Levers and sensitivities as the kernel takes them.

    Parameters
    ----------
    levers : Levers
        Arrays of shape (n_rows, n_points); they hold from one grid point to the next.
    sensitivity : FloatArray, shape (n_rows, n_classes)
        Androgen sensitivity z_k of the classes.
    step : float
        Grid spacing [day].

    Returns
    -------
    LeverRows
        Contiguous.
    """
    return LeverRows(
        np.ascontiguousarray(levers.androgen_drive),
        np.ascontiguousarray(levers.anagen_brake),
        np.ascontiguousarray(levers.resting_clock),
        np.ascontiguousarray(levers.calibre_boost),
        np.ascontiguousarray(levers.attack),
        np.ascontiguousarray(sensitivity),
        step,
    )


@compiled
def _write_out(levers: LeverRows, p: ProcessConstants, here: ClassTables, tables: LeverTables) -> None:
    """Write the tables of all rows and classes.

    Parameters
    ----------
    levers : LeverRows
        Of all rows.
    p : ProcessConstants
        Of the follicles.
    here : ClassTables
        Room for one row and class.
    tables : LeverTables
        Filled here.
    """
    decay = math.exp(-p.calibre_rate * levers.step)
    for row in range(levers.androgen.shape[0]):
        fill_row(row, levers, p, here)
        tables.resting_clock[row] = here.resting_clock
        tables.hazard[row] = here.hazard
        for k in range(levers.sensitivity.shape[1]):
            fill_class(row, k, levers, p, decay, here)
            tables.untreated_target[row, k] = untreated_target(levers.sensitivity[row, k], p)
            tables.anagen_clock[row, k] = here.anagen_clock
            tables.target[row, k] = here.target
            tables.smoothed[row, k] = here.smoothed


def lever_tables(
    levers: Levers, sensitivity: FloatArray, process: FollicleParameters, *, step: float = 1.0
) -> LeverTables:
    """The tables of all rows and classes written out, as the kernel makes them: to be looked at or compared with.

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
    rows = lever_rows(levers, sensitivity, step=step)
    n_rows, n_points = rows.androgen.shape
    shape = (n_rows, sensitivity.shape[1], n_points)
    tables = LeverTables(
        anagen_clock=np.empty(shape),
        resting_clock=np.empty((n_rows, n_points)),
        target=np.empty(shape),
        smoothed=np.empty(shape),
        hazard=np.empty((n_rows, n_points)),
        untreated_target=np.empty(shape[:2]),
        per_day=1.0 / step,
    )
    here = ClassTables(*(np.zeros(n_points) for _ in ClassTables._fields))
    _write_out(rows, process.constants(), here, tables)
    return tables
