"""Reading cumulative clocks: S(t), its inverse, and tabulated values, compiled for kernels.

All times are days after the start of the tables. Before it every clock runs at rate 1 and every target is constant.

Tables have shape [point, k]: those of the sensitivity classes stand side by side, and what classes share has one
column. `k` is the column.
"""

from __future__ import annotations

from anagen.core.arrays import FloatArray
from anagen.core.compiled import inlined

NEVER = 1.0e18


@inlined
def looked_up(table: FloatArray, k: int, t: float, per_day: float) -> float:
    """Tabulated value after the start of a table: linear between grid points, the last value behind them.

    Parameters
    ----------
    table : FloatArray, shape (n_points, n_columns)
        Values on an even grid.
    k : int
        Column.
    t : float
        Days after the start of the table, positive.
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        In the unit of the table.
    """
    last = table.shape[0] - 1
    x = min(t * per_day, float(last))
    i = min(int(x), last - 1)
    value = table[i, k]
    return float(value + (table[i + 1, k] - value) * (x - i))


@inlined
def clock_at(table: FloatArray, k: int, t: float, per_day: float) -> float:
    """Cumulative clock at a time; before the table starts, the time itself.

    Parameters
    ----------
    table : FloatArray, shape (n_points, n_columns)
        Cumulative clock [operational day].
    k : int
        Column.
    t : float
        Days after the start of the table.
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        [operational day].
    """
    found = looked_up(table, k, max(t, 0.0), per_day)
    return t if t <= 0.0 else found


@inlined
def value_at(table: FloatArray, k: int, before: float, t: float, per_day: float) -> float:
    """Tabulated value at a time.

    Parameters
    ----------
    table : FloatArray, shape (n_points, n_columns)
        Values on an even grid.
    k : int
        Column.
    before : float
        Value before the table starts.
    t : float
        Days after the start of the table.
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        In the unit of the table.
    """
    found = looked_up(table, k, max(t, 0.0), per_day)
    return before if t <= 0.0 else found


@inlined
def last_below(table: FloatArray, k: int, goal: float) -> int:
    """Last grid point at which a cumulative clock has not passed a goal.

    Parameters
    ----------
    table : FloatArray, shape (n_points, n_columns)
        Cumulative clock, not decreasing.
    k : int
        Column.
    goal : float
        At least the first value and below the last.

    Returns
    -------
    int
        Not the last point.
    """
    low, size = 0, table.shape[0] - 1
    while size > 1:
        half = size >> 1
        low += half * int(table[low + half, k] <= goal)
        size -= half
    return low


@inlined
def clock_time(table: FloatArray, k: int, low: int, goal: float, per_day: float) -> float:
    """Time at which a cumulative clock reaches a goal.

    Parameters
    ----------
    table : FloatArray, shape (n_points, n_columns)
        Cumulative clock, increasing from 0 [operational day].
    k : int
        Column.
    low : int
        From `last_below`; any point where the clock does not reach the goal.
    goal : float
        [operational day].
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        Days after the start of the table, or NEVER where the table ends first.
    """
    before, behind = table[low, k], table[low + 1, k]
    time = (low + (goal - before) / (behind - before)) / per_day
    if goal >= table[table.shape[0] - 1, k]:
        time = NEVER
    return goal if goal <= 0.0 else time


@inlined
def hazard_time(table: FloatArray, t0: float, exposure: float, per_day: float) -> float:
    """Time at which a cumulative hazard has grown by an exposure.

    The hazard is zero before the table starts, and may stand still or rise steeply (a shock) within it.

    Parameters
    ----------
    table : FloatArray, shape (n_points, 1)
        Cumulative hazard, not decreasing.
    t0 : float
        Days after the start of the table from which it counts.
    exposure : float
        Growth of the cumulative hazard that is survived.
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        Days after the start of the table, or NEVER.
    """
    goal = value_at(table, 0, 0.0, t0, per_day) + exposure
    if goal >= table[table.shape[0] - 1, 0]:
        return NEVER
    low = last_below(table, 0, goal)
    return (low + (goal - table[low, 0]) / (table[low + 1, 0] - table[low, 0])) / per_day
