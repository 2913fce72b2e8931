"""Reading cumulative clocks: S(t), its inverse, and tabulated values, compiled for kernels.

All times are days after the start of the tables. Before it every clock runs at rate 1 and every target is constant.
"""

from __future__ import annotations

from anagen.core.arrays import FloatArray
from anagen.core.compiled import inlined

NEVER = 1.0e18


@inlined
def looked_up(table: FloatArray, t: float, per_day: float) -> float:
    """Tabulated value after the start of a table: linear between grid points, the last value behind them.

    Parameters
    ----------
    table : FloatArray, shape (n_points,)
        Values on an even grid.
    t : float
        Days after the start of the table, positive.
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        In the unit of the table.
    """
    x = t * per_day
    i = int(x)
    last = table.shape[0] - 1
    if i >= last:
        return float(table[last])
    return float(table[i] + (table[i + 1] - table[i]) * (x - i))


@inlined
def clock_at(table: FloatArray, t: float, per_day: float) -> float:
    """Cumulative clock at a time; before the table starts, the time itself.

    Parameters
    ----------
    table : FloatArray, shape (n_points,)
        Cumulative clock [operational day].
    t : float
        Days after the start of the table.
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        [operational day].
    """
    if t <= 0.0:
        return t
    return looked_up(table, t, per_day)


@inlined
def value_at(table: FloatArray, before: float, t: float, per_day: float) -> float:
    """Tabulated value at a time.

    Parameters
    ----------
    table : FloatArray, shape (n_points,)
        Values on an even grid.
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
    if t <= 0.0:
        return before
    return looked_up(table, t, per_day)


@inlined
def clock_inverse(table: FloatArray, goal: float, after: float, per_day: float) -> float:
    """Time at which a cumulative clock reaches a goal.

    A clock is increasing, and reaches the goal no earlier than `after`. Most clocks are nearly straight, so the search
    begins where a straight line to the end of the table would be, widens until the goal is enclosed, then halves what
    is left.

    Parameters
    ----------
    table : FloatArray, shape (n_points,)
        Cumulative clock, increasing [operational day].
    goal : float
        [operational day].
    after : float
        Days after the start of the table before which the goal is not reached.
    per_day : float
        Grid points to a day.

    Returns
    -------
    float
        Days after the start of the table, or NEVER where the table ends first.
    """
    if goal <= 0.0:
        return goal
    last = table.shape[0] - 1
    if goal >= table[last]:
        return NEVER
    low = int(after * per_day) if after > 0.0 else 0
    high = last
    guess = low + int((goal - table[low]) / (table[last] - table[low]) * (last - low))
    guess = min(last - 1, max(low, guess))
    reach = 1
    if table[guess] <= goal:
        low = guess
        while low + reach < high and table[low + reach] <= goal:
            low += reach
            reach += reach
        high = min(high, low + reach)
    else:
        high = guess
        while high - reach > low and table[high - reach] > goal:
            high -= reach
            reach += reach
        low = max(low, high - reach)
    while high - low > 1:
        middle = (low + high) >> 1
        if table[middle] <= goal:
            low = middle
        else:
            high = middle
    return (low + (goal - table[low]) / (table[low + 1] - table[low])) / per_day


@inlined
def hazard_time(table: FloatArray, t0: float, exposure: float, per_day: float) -> float:
    """Time at which a cumulative hazard has grown by an exposure.

    The hazard is zero before the table starts, and may stand still or rise steeply (a shock) within it.

    Parameters
    ----------
    table : FloatArray, shape (n_points,)
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
    last = table.shape[0] - 1
    goal = value_at(table, 0.0, t0, per_day) + exposure
    if goal >= table[last]:
        return NEVER
    low = int(t0 * per_day) if t0 > 0.0 else 0
    high = last
    while high - low > 1:
        middle = (low + high) >> 1
        if table[middle] <= goal:
            low = middle
        else:
            high = middle
    return (low + (goal - table[low]) / (table[low + 1] - table[low])) / per_day
