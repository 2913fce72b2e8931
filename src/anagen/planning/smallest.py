"""The smallest trial that reaches a goal, by power and by assurance, and why there may be none.

Between two simulated sizes the share of successes is interpolated on the scale on which it is straight: for a test of
Normal means Phi^-1(power) = delta / s sqrt(n / 2) - z, a straight line in sqrt(n). Beyond the sizes that were simulated
the closed form alone answers.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.decisions import wanted_direction
from anagen.core.arrays import FloatArray
from anagen.planning.characteristics import Found, residual_sd, true_effect
from anagen.planning.closed_form import power_by_t, smallest_size

SPAN = 1.96
"""Monte-Carlo standard errors on either side of a size."""


def smallest_sizes(found: Found, table: pd.DataFrame, goal: float) -> pd.DataFrame:
    """Smallest number of patients per arm for a goal: one row per contrast and outcome.

    Parameters
    ----------
    found : Found
        What was simulated.
    table : pd.DataFrame
        From `characteristics`.
    goal : float
        Share of trials that should succeed, between 0 and 1.

    Returns
    -------
    pd.DataFrame
        For power at central values, power at the stated effect and assurance: `<which>` with `_low` and `_high`, the
        ends of its 95 % Monte-Carlo interval, missing where they lie outside the simulated sizes, and `_closed_form`;
        `assurance_ceiling` and whether the goal lies above it.
    """
    question, rows = found.question, list[dict[str, Any]]()
    sizes = np.array(question.sizes, dtype=np.float64)
    for p, (arm, control) in enumerate(question.pairs):
        for c, choice in enumerate(question.choices):
            here = table[
                (table["arm"] == arm)
                & (table["control"] == control)
                & (table["endpoint"] == choice.endpoint)
                & (table["week"] == choice.week)
                & (table["measure"] == choice.measure)
            ]
            here = here[here["threshold"].isna() if choice.threshold is None else here["threshold"] == choice.threshold]
            row: dict[str, Any] = {
                "arm": arm,
                "control": control,
                "endpoint": choice.endpoint,
                "week": choice.week,
                "measure": choice.measure,
                "threshold": math.nan if choice.threshold is None else choice.threshold,
                "goal": goal,
            }
            sign = wanted_direction(choice)
            closed = {
                "power": np.array([true_effect(found.effects, p, c)[0]]),
                "assurance": found.possible(p, c),
            }
            for which in ("power", "power_fixed", "assurance"):
                shares, errors = (here[name].to_numpy(dtype=np.float64) for name in (which, f"{which}_error"))
                row[which] = reaching(sizes, shares, goal)
                row[f"{which}_low"] = reaching(sizes, np.clip(shares + SPAN * errors, 0.0, 1.0), goal)
                row[f"{which}_high"] = reaching(sizes, np.clip(shares - SPAN * errors, 0.0, 1.0), goal)
                row[f"{which}_least"], row[f"{which}_greatest"] = float(shares[0]), float(shares[-1])
                if which in closed:
                    beyond = sign * closed[which] - question.beyond(choice)
                    row[f"{which}_closed_form"] = _closed(found, (p, c), beyond, goal)
            ceiling = float(here["ceiling"].iloc[0])
            row |= {"assurance_ceiling": ceiling, "above_ceiling": bool(goal >= ceiling)}
            rows.append(row)
    return pd.DataFrame(rows)


def reaching(sizes: FloatArray, shares: FloatArray, goal: float) -> float:
    """Size at which a share of successes reaches a goal, between the sizes that were simulated.

    Parameters
    ----------
    sizes : FloatArray, shape (n,)
        Increasing.
    shares : FloatArray, shape (n,)
        Share of successes at each; a fall from one to the next is luck and is passed over.
    goal : float
        0 to 1.

    Returns
    -------
    float
        A whole number, rounded up; missing where the goal lies outside, or was reached at the smallest size already.

    Examples
    --------
    >>> reaching(np.array([20.0, 80.0]), np.array([0.5, 0.9]), 0.8)
    55.0
    """
    from scipy.special import ndtri

    if not np.isfinite(shares).all():
        return math.nan
    rising = np.maximum.accumulate(shares)
    if goal > rising[-1] or goal < rising[0] or len(sizes) < 2:
        return float(sizes[0]) if len(sizes) and goal == rising[0] else math.nan
    last = int(np.argmax(rising >= goal))
    if rising[last] == goal or last == 0:
        return float(sizes[last])
    low, high, wanted = ndtri(np.clip([rising[last - 1], rising[last], goal], 1e-9, 1.0 - 1e-9))
    roots = np.sqrt(sizes[last - 1 : last + 1])
    root = roots[0] + (roots[1] - roots[0]) * (wanted - low) / (high - low)
    return float(math.ceil(round(root**2, 6)))


def _closed(found: Found, place: tuple[int, int], effects: FloatArray, goal: float) -> float:
    """Smallest size in closed form for a mean over effects; missing where there are none or too many are needed."""
    question, (p, c) = found.question, place
    if not len(effects) or not (effects > 0.0).mean() > goal:
        return math.nan
    split, largest = question.plan.split_scalp, question.sizes[-1]
    estimates = found.estimates
    rows = estimates[
        (estimates["truth"] == "central")
        & (estimates["pair"] == p)
        & (estimates["outcome"] == c)
        & (estimates["patients"] == largest)
    ]
    sd = residual_sd(rows, split=split)
    n, control = (float(rows[name].mean()) / largest for name in ("n_arm", "n_control"))
    if not (n > 0.0 and control > 0.0 and np.isfinite(sd)):
        return math.nan

    def power(patients: int) -> float:
        error = sd * math.sqrt(1.0 / (n * patients) if split else (1.0 / n + 1.0 / control) / patients)
        freedom = n * patients - 2.0 if split else (n + control) * patients - 3.0
        return float(power_by_t(effects, error, freedom, question.study.analysis.two_sided_alpha).mean())

    return smallest_size(power, goal)
