"""Reading cumulative clocks: S(t), its inverse, and tabulated values, compiled for kernels.

All times are days after the start of the tables. Before it every clock runs at rate 1 and every target is constant.
"""

from __future__ import annotations

from anagen.core.arrays import FloatArray
from anagen.core.compiled import inlined

NEVER = 1.0e18


@inlined
def clock_at(table: FloatArray, t: float, per_day: float) -> float:
    """Cumulative clock at time t: linear between grid points, t itself before the table starts."""
    if t <= 0.0:
        return t
    x = t * per_day
    i = int(x)
    last = table.shape[0] - 1
    if i >= last:
        return float(table[last])
    return float(table[i] + (table[i + 1] - table[i]) * (x - i))


@inlined
def clock_inverse(table: FloatArray, goal: float, after: float, per_day: float) -> float:
    """Time at which the cumulative clock reaches `goal`, or NEVER where the table ends first.

    A clock is increasing, and reaches the goal no earlier than `after`. Most clocks are nearly straight, so the search
    begins where a straight line to the end of the table would be, widens until the goal is enclosed, then halves what
    is left.
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
def value_at(table: FloatArray, before: float, t: float, per_day: float) -> float:
    """Tabulated value at time t, linear between grid points; `before` where the table has not started."""
    if t <= 0.0:
        return before
    x = t * per_day
    i = int(x)
    last = table.shape[0] - 1
    if i >= last:
        return float(table[last])
    return float(table[i] + (table[i + 1] - table[i]) * (x - i))


@inlined
def hazard_time(table: FloatArray, t0: float, exposure: float, per_day: float) -> float:
    """Time at which a cumulative hazard has grown by `exposure` since t0, or NEVER.

    The hazard is zero before the table starts, and may stand still or rise steeply (a shock) within it.
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
