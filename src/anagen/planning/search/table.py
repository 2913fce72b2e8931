"""The tables of a search: its candidates, and what every design needs for the goal."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from anagen.planning.search.candidates import Candidate, Key, Pool

if TYPE_CHECKING:
    from anagen.planning.search.result import DesignSearch


def candidate_table(candidates: Sequence[Candidate], front: Sequence[bool], result: DesignSearch) -> pd.DataFrame:
    """One row per candidate.

    Parameters
    ----------
    candidates : Sequence[Candidate]
        In the order of the rows.
    front : Sequence[bool]
        Whether no other beats it.
    result : DesignSearch
        Goal and limits.

    Returns
    -------
    pd.DataFrame
        A column per axis, then arms, allocation, patients (of the smallest arm), patients_in_all, cost with its ends,
        months, assurance with its Monte-Carlo error, power, ceiling, on_front, reaches_goal and within_limits.
    """
    ((kind, goal),) = result.manifest["goal"].items()
    rows: list[dict[str, Any]] = []
    for each, unbeaten in zip(candidates, front, strict=True):
        rows.append(
            {
                **each.labels,
                "patients": each.key.patients,
                "patients_in_all": each.in_all,
                "cost": each.cost["total"],
                "cost_low": each.cost["low"],
                "cost_high": each.cost["high"],
                "months": each.months,
                "assurance": each.assurance[0],
                "assurance_error": each.assurance[1],
                "power": each.power,
                "ceiling": each.ceiling,
                "on_front": unbeaten,
                "reaches_goal": bool(each.reached(kind) >= goal),
                "within_limits": result.limits.kept(each),
            }
        )
    return pd.DataFrame(rows)


def design_table(pool: Pool, least: Sequence[Candidate], result: DesignSearch) -> pd.DataFrame:
    """One row per design, arms and ratio: the smallest trial that reaches the goal.

    Parameters
    ----------
    pool : Pool
        What was simulated.
    least : Sequence[Candidate]
        The smallest candidates that reach the goal.
    result : DesignSearch
        Of which the table is.

    Returns
    -------
    pd.DataFrame
        A column per axis, arms, allocation, effect at central values and over the draws with their spread, adjusted
        standard deviation (all of the first contrast), ceiling, and the smallest trial: patients, patients_in_all,
        cost, months; missing where no size reaches the goal.
    """
    del result
    of_key = {(each.key.places, each.key.arms, each.key.allocation): each for each in least}
    rows: list[dict[str, Any]] = []
    for places, arms, allocation, chance in pool.choices():
        smallest = of_key.get((places, arms, allocation))
        first = chance.pairs[0]
        drawn = chance.simulated.effects[:, first]
        rows.append(
            {
                **pool.labels(Key(places, arms, allocation, 0), chance),
                "effect": float(chance.simulated.central[first]),
                "effect_mean": float(drawn.mean()),
                "sd_of_draws": float(drawn.std(ddof=1)),
                "adjusted_sd": float(chance.simulated.sd[first]),
                "ceiling": chance.ceiling,
                "patients": math.nan if smallest is None else smallest.key.patients,
                "patients_in_all": math.nan if smallest is None else smallest.in_all,
                "cost": math.nan if smallest is None else smallest.cost["total"],
                "months": math.nan if smallest is None else smallest.months,
            }
        )
    return pd.DataFrame(rows).sort_values(["cost", "patients_in_all"], kind="stable", ignore_index=True)
