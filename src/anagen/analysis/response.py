"""Response curves: the expected effect over settings of a study, with bands from the parameters.

A point is an expected effect, the difference of two means over the same reference patients, simulated as twins under an
arm and its control; it is not the result of one trial. All settings share seed, patients and parameter draws (common
random numbers), so two points differ by their settings alone. A point stands with its Monte-Carlo standard error, as
the expected effect of a run does; that of the difference of two points is smaller, because they share patients.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.balance import Balance
from anagen.analysis.bands import BAND, QUARTERS, band
from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.expected import expected_effects, over_draws, rows_of
from anagen.trials.protocol import Protocol

BANDS: Mapping[str, float] = {"p5": BAND[0], "p25": QUARTERS[0], "p75": QUARTERS[1], "p95": BAND[1]}
"""Quantiles over parameter draws, by the ending of their columns."""
QUANTITIES = ("effect", "own")
"""What is followed: the difference from the control, and the arm's own mean."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What is varied.

    Attributes
    ----------
    name : str
        Column of the tables.
    title : str
        In words.
    unit : str
        Of the values, empty where they have none.
    values : tuple[float | str, ...]
        Numbers in `unit`, or text.
    labels : tuple[str, ...]
        The values as they were given.
    """

    name: str
    title: str
    unit: str
    values: tuple[float | str, ...]
    labels: tuple[str, ...]

    @property
    def numeric(self) -> bool:
        """Whether the values are numbers."""
        return all(isinstance(value, float) for value in self.values)


@dataclass(frozen=True)
class ResponseCurve:
    """Expected effects over all settings.

    Attributes
    ----------
    title : str
        In one line.
    axes : tuple[Axis, ...]
        What was varied, the first most slowly.
    primary : Mapping[str, Any]
        Endpoint, week, measure and threshold that the curve is about.
    table : pd.DataFrame
        One row per setting and contrast, see `response_table`.
    draws : pd.DataFrame
        One row per setting, draw and contrast.
    studies : Sequence[Mapping[str, Any]]
        Every setting with its study as it was simulated.
    manifest : Mapping[str, Any]
        What was run.
    notes : tuple[str, ...], default ()
        Sentences that a reader of this curve needs.
    """

    title: str
    axes: tuple[Axis, ...]
    primary: Mapping[str, Any]
    table: pd.DataFrame
    draws: pd.DataFrame
    studies: Sequence[Mapping[str, Any]]
    manifest: Mapping[str, Any]
    notes: tuple[str, ...] = ()


def response_draws(
    expected: pd.DataFrame, plan: Protocol, *, setting: int, arms: Sequence[str], balance: Balance | None = None
) -> pd.DataFrame:
    """Expected effect and own mean of arms under every parameter draw, for the primary endpoint at its week.

    Parameters
    ----------
    expected : pd.DataFrame
        Rows of `expected_table` of every draw.
    plan : Protocol
        The study of the setting.
    setting : int
        Its number.
    arms : Sequence[str]
        Arms to follow; others are left out.
    balance : Balance or None
        From `balance_of`, which rows of a posterior the draws took; None where they are independent.

    Returns
    -------
    pd.DataFrame
        Table with columns setting, draw, arm, control, effect, own, effect_error, own_error; errors are the Monte-Carlo
        standard errors of `over_draws`.
    """
    effects = expected_effects(expected, plan, balance=balance)
    effects = effects[(effects["role"] == "primary") & effects["arm"].isin(list(arms))]
    chosen = rows_of(plan.study.endpoints.primary, expected, alone=True)
    alone = {arm: over_draws(chosen, arm, balance=balance) for arm in set(effects["arm"])}
    places = list(zip(effects["draw"], effects["arm"], strict=True))
    return pd.DataFrame(
        {
            "setting": np.full(len(effects), setting, dtype=np.int64),
            "draw": effects["draw"].to_numpy(dtype=np.int64),
            "arm": effects["arm"].astype(str).to_numpy(dtype=object),
            "control": effects["control"].astype(str).to_numpy(dtype=object),
            "effect": effects["estimate"].to_numpy(dtype=np.float64),
            "own": [alone[arm].at[draw, "expected"] for draw, arm in places],
            "effect_error": effects["standard_error"].to_numpy(dtype=np.float64),
            "own_error": [alone[arm].at[draw, "error"] for draw, arm in places],
        }
    )


def response_table(
    draws: pd.DataFrame, axes: Sequence[Axis], settings: Sequence[Sequence[int]], primary: Mapping[str, Any]
) -> pd.DataFrame:
    """One row per setting and contrast.

    Parameters
    ----------
    draws : pd.DataFrame
        Rows of `response_draws` of every setting.
    axes : Sequence[Axis]
        What was varied.
    settings : Sequence[Sequence[int]]
        For each setting the position of its value on every axis.
    primary : Mapping[str, Any]
        Endpoint, week, measure.

    Returns
    -------
    pd.DataFrame
        Table with columns setting, one per axis, endpoint, week, measure, arm, control, then effect and own: the value
        of the centre, with _error its Monte-Carlo standard error, and with _p5, _p25, _p75, _p95 the quantiles over the
        other draws, missing where there are fewer than two.
    """
    rows: list[dict[str, Any]] = []
    for _, group in draws.groupby(["setting", "arm", "control"], sort=False):
        setting, arm, control = (group[key].iloc[0] for key in ("setting", "arm", "control"))
        place = settings[int(setting)]
        row: dict[str, Any] = {"setting": int(setting)}
        row |= {axis.name: axis.values[place[i]] for i, axis in enumerate(axes)}
        row |= {key: primary[key] for key in ("endpoint", "week", "measure")}
        row |= {"arm": str(arm), "control": str(control)}
        for quantity in QUANTITIES:
            centre = group["draw"] == 0
            others = group.loc[~centre, quantity]
            row |= {name: float(group.loc[centre, name].iloc[0]) for name in (quantity, f"{quantity}_error")}
            ends = zip(BANDS, band(others, tuple(BANDS.values())), strict=True)
            row |= {f"{quantity}_{ending}": end for ending, end in ends}
        rows.append(row)
    return pd.DataFrame(rows)


def against(control: str) -> str:
    """What an effect is measured against, in words.

    Examples
    --------
    >>> against("saline"), against(NO_CONTROL)
    ('against saline', 'from baseline, without a control')
    """
    return "from baseline, without a control" if control == NO_CONTROL else f"against {control}"
