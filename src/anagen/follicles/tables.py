"""Levers over time -> the tables from which a follicle reads when its phase ends and where its calibre goes.

For patient row r, sensitivity class k and day i of the trial (day 0 is baseline):

    S_A[r, k, i]   cumulative anagen clock: integral of exp(androgen_on_anagen * z_k * (a - 1) - g_A)
    S_R[r, i]      cumulative clock of re-entry: integral of exp(g_T)
    C[r, k, i]     calibre target: clip(1 / (1 + (z_k * a)**h))
    W[r, k, i]     the target smoothed by the in-anagen rate: dW/dt = kappa_in * (C - W)
    H[r, i]        cumulative hazard of a premature end of anagen
    G[r, i]        thickening of a growing hair: exp(g_C) when the piece of hair that is now seen was made

Rates hold over a day, so every S and H is linear between days. Before day 0 nothing has been given: the clocks run at
rate 1 and the target is constant, and no table is needed.

The kernel makes the tables of one row at a time, where it reads them: written out for all patients they would be 150 KB
for each, and filling and fetching them would cost more than the follicles do. The classes stand side by side and are
filled in together, in vector instructions.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled, inlined, merged
from anagen.core.elementary import exponential, logarithm
from anagen.follicles.process import FollicleParameters, ProcessConstants

if TYPE_CHECKING:
    from anagen.signalling import Levers


POWER, BRAKED, REENTRY_SPEED, N_SHARED = range(4)
"""Rows of what classes share: a**h; exp(-g_A), the speed of the anagen clock where the androgen drive is that of the
untreated; exp(g_T)."""
DRIVEN, HILL_OF_Z, SPEED, GOAL, CLOCK, LEVEL, N_OF_CLASS = range(7)
"""Rows of what a class carries from point to point: androgen_on_anagen * z, z**h, speed of the anagen clock, target,
clock, smoothed target."""
VECTOR = 8
"""Classes are filled in by multiples of this; the last one is repeated where there are fewer."""
LEAST_DRIVE = 1e-300
"""Stands for an androgen drive of 0, which has no logarithm."""


class LeverRows(NamedTuple):
    """Levers as the kernel takes them.

    Attributes
    ----------
    androgen : FloatArray, shape (n_rows, n_points)
        Androgen drive a, 1 = untreated.
    anagen : FloatArray, shape (n_rows, n_points)
        Brake g_A of the anagen clock.
    reentry : FloatArray, shape (n_rows, n_points)
        Speed-up g_T of the re-entry clock.
    gain : FloatArray, shape (n_rows, n_points)
        Calibre gain g_C.
    attack : FloatArray, shape (n_rows, n_points)
        Hazard [1/day].
    sensitivity : FloatArray, shape (n_rows, n_classes)
        Androgen sensitivity z_k of the classes.
    step : float
        Grid spacing [day].
    """

    androgen: FloatArray
    anagen: FloatArray
    reentry: FloatArray
    gain: FloatArray
    attack: FloatArray
    sensitivity: FloatArray
    step: float


class RowTables(NamedTuple):
    """Tables of one row, in the shape in which `clocks` reads them.

    Attributes
    ----------
    anagen_clock : FloatArray, shape (n_points, n_columns)
        S_A [operational day].
    target : FloatArray, shape (n_points, n_columns)
        C, 0 to 1.
    smoothed : FloatArray, shape (n_points, n_columns)
        W.
    reentry_clock : FloatArray, shape (n_points, 1)
        S_R [operational day].
    hazard : FloatArray, shape (n_points, 1)
        H.
    thickening : FloatArray, shape (n_points, 1)
        G: a hair comes to light `emergence_lag` after it was made.
    shared : FloatArray, shape (N_SHARED, n_points)
        Rows POWER to REENTRY_SPEED, from which the tables are made.
    of_class : FloatArray, shape (N_OF_CLASS, n_columns)
        Rows DRIVEN to LEVEL of the classes.
    """

    anagen_clock: FloatArray
    target: FloatArray
    smoothed: FloatArray
    reentry_clock: FloatArray
    hazard: FloatArray
    thickening: FloatArray
    shared: FloatArray
    of_class: FloatArray


class LeverTables(NamedTuple):
    """The tables of all rows and classes written out.

    Attributes
    ----------
    anagen_clock : FloatArray, shape (n_rows, n_classes, n_points)
        S_A [operational day].
    reentry_clock : FloatArray, shape (n_rows, n_points)
        S_R [operational day].
    target : FloatArray, shape (n_rows, n_classes, n_points)
        C, calibre target, 0 to 1.
    smoothed : FloatArray, shape (n_rows, n_classes, n_points)
        W, smoothed target.
    thickening : FloatArray, shape (n_rows, n_points)
        G.
    hazard : FloatArray, shape (n_rows, n_points)
        H.
    untreated_target : FloatArray, shape (n_rows, n_classes)
        The target before the tables start.
    per_day : float
        Grid points to a day.
    """

    anagen_clock: FloatArray
    reentry_clock: FloatArray
    target: FloatArray
    smoothed: FloatArray
    thickening: FloatArray
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
def room_for_tables(n_classes: int, n_points: int) -> RowTables:
    """Room for the tables of one row.

    Parameters
    ----------
    n_classes : int
        Sensitivity classes.
    n_points : int
        Grid points.

    Returns
    -------
    RowTables
        Zeros.
    """
    n_columns = (n_classes + VECTOR - 1) // VECTOR * VECTOR
    return RowTables(
        np.zeros((n_points, n_columns)),
        np.zeros((n_points, n_columns)),
        np.zeros((n_points, n_columns)),
        np.zeros((n_points, 1)),
        np.zeros((n_points, 1)),
        np.zeros((n_points, 1)),
        np.zeros((N_SHARED, n_points)),
        np.zeros((N_OF_CLASS, n_columns)),
    )


@merged
def fill_shared(row: int, levers: LeverRows, p: ProcessConstants, tables: RowTables) -> None:
    """Fill what all classes of a row share: re-entry clock, hazard, thickening and power of the androgen drive.

    Parameters
    ----------
    row : int
        Row of the levers.
    levers : LeverRows
        Of all rows.
    p : ProcessConstants
        Of the follicles.
    tables : RowTables
        Filled here.
    """
    shared, n_points = tables.shared, levers.androgen.shape[1]
    for i in range(n_points):
        shared[POWER, i] = exponential(p.calibre_hill * logarithm(max(LEAST_DRIVE, levers.androgen[row, i])))
        shared[BRAKED, i] = exponential(-levers.anagen[row, i])
        shared[REENTRY_SPEED, i] = exponential(levers.reentry[row, i])
    clock, hazard = 0.0, 0.0
    for i in range(n_points):
        tables.reentry_clock[i, 0] = clock
        tables.hazard[i, 0] = hazard
        clock += levers.step * shared[REENTRY_SPEED, i]
        hazard += levers.step * levers.attack[row, i]
    # a lever's value is its mean from one point to the next, and so stands in the middle
    delay = p.emergence_lag / levers.step + 0.5
    whole = math.ceil(delay)
    part = whole - delay
    for i in range(min(whole, n_points)):
        tables.thickening[i, 0] = 1.0
    for i in range(whole, n_points):
        before = levers.gain[row, i - whole]
        tables.thickening[i, 0] = exponential(before + (levers.gain[row, i - whole + 1] - before) * part)


@merged
def fill_classes(row: int, levers: LeverRows, p: ProcessConstants, decay: float, tables: RowTables) -> None:
    """Fill the tables of all classes after what they share.

    Parameters
    ----------
    row : int
        Row of the levers.
    levers : LeverRows
        Of all rows.
    p : ProcessConstants
        Of the follicles.
    decay : float
        exp(-kappa_in * step), by which the smoothed target nears the target from point to point.
    tables : RowTables
        Filled here.
    """
    androgen, anagen, shared, of = levers.androgen, levers.anagen, tables.shared, tables.of_class
    n_classes, n_columns = levers.sensitivity.shape[1], tables.target.shape[1]
    step, least = levers.step, p.calibre_minimum
    for j in range(n_columns):
        z = levers.sensitivity[row, min(j, n_classes - 1)]
        of[DRIVEN, j] = p.androgen_on_anagen * z
        of[HILL_OF_Z, j] = z**p.calibre_hill
        of[CLOCK, j] = 0.0
        of[LEVEL, j] = untreated_target(z, p)
    for i in range(androgen.shape[1]):
        drive, brake, power, braked = androgen[row, i], anagen[row, i], shared[POWER, i], shared[BRAKED, i]
        if drive == 1.0:
            for j in range(n_columns):
                of[SPEED, j] = braked
        elif i == 0 or drive != androgen[row, i - 1] or brake != anagen[row, i - 1]:
            for j in range(n_columns):
                of[SPEED, j] = exponential(of[DRIVEN, j] * (drive - 1.0) - brake)
        if i == 0 or drive != androgen[row, i - 1]:
            for j in range(n_columns):
                of[GOAL, j] = min(1.0, max(least, 1.0 / (1.0 + of[HILL_OF_Z, j] * power)))
        for j in range(n_columns):
            tables.anagen_clock[i, j] = of[CLOCK, j]
        for j in range(n_columns):
            tables.smoothed[i, j] = of[LEVEL, j]
        for j in range(n_columns):
            tables.target[i, j] = of[GOAL, j]
        for j in range(n_columns):
            of[CLOCK, j] += step * of[SPEED, j]
            of[LEVEL, j] = of[GOAL, j] + (of[LEVEL, j] - of[GOAL, j]) * decay


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
        np.ascontiguousarray(levers.anagen_extension),
        np.ascontiguousarray(levers.telogen_exit),
        np.ascontiguousarray(levers.calibre_gain),
        np.ascontiguousarray(levers.immune_attack),
        np.ascontiguousarray(sensitivity),
        step,
    )


@compiled
def _write_out(levers: LeverRows, p: ProcessConstants, tables: LeverTables) -> None:
    """Write the tables of all rows and classes.

    Parameters
    ----------
    levers : LeverRows
        Of all rows.
    p : ProcessConstants
        Of the follicles.
    tables : LeverTables
        Filled here.
    """
    decay = math.exp(-p.calibre_rate * levers.step)
    here = room_for_tables(levers.sensitivity.shape[1], levers.androgen.shape[1])
    for row in range(levers.androgen.shape[0]):
        fill_shared(row, levers, p, here)
        fill_classes(row, levers, p, decay, here)
        tables.reentry_clock[row] = here.reentry_clock[:, 0]
        tables.hazard[row] = here.hazard[:, 0]
        tables.thickening[row] = here.thickening[:, 0]
        for k in range(levers.sensitivity.shape[1]):
            tables.untreated_target[row, k] = untreated_target(levers.sensitivity[row, k], p)
            tables.anagen_clock[row, k] = here.anagen_clock[:, k]
            tables.target[row, k] = here.target[:, k]
            tables.smoothed[row, k] = here.smoothed[:, k]


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
        reentry_clock=np.empty((n_rows, n_points)),
        target=np.empty(shape),
        smoothed=np.empty(shape),
        thickening=np.empty((n_rows, n_points)),
        hazard=np.empty((n_rows, n_points)),
        untreated_target=np.empty(shape[:2]),
        per_day=1.0 / step,
    )
    _write_out(rows, process.constants(), tables)
    return tables
