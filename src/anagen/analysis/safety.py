"""Adverse events per arm: shares and rates with exact intervals, and differences from the control arm.

Shares: exact interval of Clopper and Pearson. Rates per patient-year: exact Poisson interval of Garwood. Difference of
independent shares: Newcombe's hybrid score interval (see `shares`). Difference of paired shares: adjusted Wald
interval of Bonett & Price 2012, doi:10.1177/0962280211415469. Zero in n: the upper end of a one-sided 95 % interval is
about 3/n, Hanley & Lippman-Hand 1983, doi:10.1001/jama.1983.03330370053031.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS, band
from anagen.analysis.effects import contrasts_of
from anagen.analysis.expected_safety import ANY, DISCONTINUATION, SEVERE, TOGETHER
from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from anagen.results.schema import TABLES
from anagen.statistics.shares import clopper_pearson, garwood, newcombe, two_sided
from anagen.trials.protocol import Protocol
from anagen.trials.safety import event_names, event_titles

SAFETY_COLUMNS = tuple(column.name for column in TABLES["safety"].columns)
NEWCOMBE = "Newcombe hybrid score"
BONETT_PRICE = "Bonett-Price adjusted Wald, paired"


@dataclass(frozen=True, slots=True)
class Tally:
    """Patients of one arm and one event, ordered by patient.

    Attributes
    ----------
    happened : BoolArray
        Who had it.
    severe : BoolArray
        Who had it severely.
    left : BoolArray
        Who left because of it.
    years : FloatArray
        Time at risk of each patient.
    """

    happened: BoolArray
    severe: BoolArray
    left: BoolArray
    years: FloatArray


def safety_table(events: pd.DataFrame, patients: pd.DataFrame, expected: pd.DataFrame, plan: Protocol) -> pd.DataFrame:
    """Adverse events of replicate 0: one row per arm and event, any event and any severe one first.

    Parameters
    ----------
    events : pd.DataFrame
        Tables of the trial.
    patients : pd.DataFrame
        Tables of the trial.
    expected : pd.DataFrame
        Expected shares by draw.
    plan : Protocol
        The study.

    Returns
    -------
    pd.DataFrame
        Table with SAFETY_COLUMNS; an event that nobody of an arm had has a row as well.
    """
    alpha = plan.study.analysis.two_sided_alpha
    hazards = plan.hazards
    titles = {**TOGETHER, **event_titles(hazards)}
    scenarios = {h.event.name for arm in hazards for h in arm if h.event.scenario is not None}
    control_of = dict(contrasts_of(plan))
    tallies = {arm: tallies_of(arm, events, patients, plan) for arm in plan.arms}
    rows: list[dict[str, Any]] = []
    for arm in plan.arms:
        control = control_of.get(arm)
        for name in (*TOGETHER, *event_names(hazards)):
            tally = tallies[arm][name]
            against = tallies.get(control, {}).get(name) if control is not None else None
            rows.append(
                {
                    "arm": arm,
                    "event": name,
                    "title": titles[name],
                    "scenario": name in scenarios,
                    **counts(tally, alpha),
                    "control": None if against is None else control,
                    **difference(tally, against, paired=plan.split_scalp, alpha=alpha),
                    **model(arm, name, expected),
                }
            )
    return pd.DataFrame(rows, columns=list(SAFETY_COLUMNS))


def tallies_of(arm: str, events: pd.DataFrame, patients: pd.DataFrame, plan: Protocol) -> dict[str, Tally]:
    """Who had what in an arm of replicate 0, by event."""
    people = patients[(patients["replicate"] == 0) & (patients["arm"] == arm)].sort_values("patient")
    numbers = people["patient"].to_numpy()
    stay = np.nan_to_num(people["dropout_week"].to_numpy(dtype=np.float64), nan=float(plan.weeks[-1]))
    seen = events[(events["replicate"] == 0) & (events["arm"] == arm)]

    def tally(rows: pd.DataFrame) -> Tally:
        first = rows.groupby("patient")["onset_week"].min().reindex(numbers).to_numpy(dtype=np.float64)
        happened = np.isfinite(first)
        weeks = np.where(happened, np.minimum(np.nan_to_num(first, nan=np.inf), stay), stay)
        return Tally(
            happened,
            np.isin(numbers, rows.loc[rows["severity"] == "severe", "patient"]),
            np.isin(numbers, rows.loc[rows["discontinued"].astype(bool), "patient"]),
            weeks * (DAYS_PER_WEEK / DAYS_PER_YEAR),
        )

    tallies = {
        ANY: tally(seen),
        SEVERE: tally(seen[seen["severity"] == "severe"]),
        DISCONTINUATION: tally(seen[seen["discontinued"].astype(bool)]),
    }
    return tallies | {name: tally(seen[seen["event"] == name]) for name in event_names(plan.hazards)}


def counts(tally: Tally, alpha: float) -> dict[str, Any]:
    """Counts, share and rate with their exact intervals."""
    n, k, years = len(tally.happened), int(tally.happened.sum()), float(tally.years.sum())
    low, high = share_interval(k, n, alpha)
    rate_low, rate_high = rate_interval(k, years, alpha)
    return {
        "n": n,
        "with_event": k,
        "severe": int(tally.severe.sum()),
        "discontinued": int(tally.left.sum()),
        "share": k / n,
        "share_low": low,
        "share_high": high,
        "zero_upper": rule_of_three(n) if k == 0 else math.nan,
        "patient_years": years,
        "rate": 100.0 * k / years if years > 0.0 else math.nan,
        "rate_low": 100.0 * rate_low,
        "rate_high": 100.0 * rate_high,
    }


def share_interval(k: int, n: int, alpha: float) -> tuple[float, float]:
    """Exact interval of a share, k of n.

    Examples
    --------
    >>> [round(end, 4) for end in share_interval(0, 30, 0.05)]
    [0.0, 0.1157]
    """
    low, high = clopper_pearson(k, n, alpha)
    return float(low), float(high)


def rate_interval(k: int, years: float, alpha: float) -> tuple[float, float]:
    """Exact Poisson interval of a rate, k events in `years`; missing where no time was spent.

    Examples
    --------
    >>> [round(end, 3) for end in rate_interval(3, 10.0, 0.05)]
    [0.062, 0.877]
    """
    if years <= 0.0:
        return math.nan, math.nan
    low, high = garwood(k, years, alpha)
    return float(low), float(high)


def rule_of_three(n: int) -> float:
    """Upper end of a one-sided 95 % interval where none of n patients had an event.

    Examples
    --------
    >>> rule_of_three(300)
    0.01
    """
    return min(1.0, 3.0 / n)


def difference(tally: Tally, against: Tally | None, *, paired: bool, alpha: float) -> dict[str, Any]:
    """Difference of two shares with its interval; missing for the control arm."""
    if against is None:
        return {"difference": math.nan, "difference_low": math.nan, "difference_high": math.nan, "method": None}
    low, high = (
        paired_interval(tally.happened, against.happened, alpha)
        if paired
        else independent_interval(
            int(tally.happened.sum()), len(tally.happened), int(against.happened.sum()), len(against.happened), alpha
        )
    )
    return {
        "difference": float(tally.happened.mean() - against.happened.mean()),
        "difference_low": low,
        "difference_high": high,
        "method": BONETT_PRICE if paired else NEWCOMBE,
    }


def independent_interval(k: int, n: int, k_control: int, n_control: int, alpha: float) -> tuple[float, float]:
    """Interval of the difference k/n - k_control/n_control of independent shares.

    Examples
    --------
    >>> [round(end, 4) for end in independent_interval(56, 70, 48, 80, 0.05)]
    [0.0524, 0.3339]
    """
    low, high = newcombe(k, n, k_control, n_control, alpha)
    return float(low), float(high)


def paired_interval(arm: BoolArray, control: BoolArray, alpha: float) -> tuple[float, float]:
    """Interval of the difference of two shares of the same patients.

    p10 = (f10 + 1) / (n + 2), p01 = (f01 + 1) / (n + 2), with f10 and f01 the patients with the event on one side only:
    p10 - p01 +- z sqrt((p10 + p01 - (p10 - p01)^2) / (n + 2)).
    """
    n = len(arm)
    one, other = (int((arm & ~control).sum()) + 1) / (n + 2), (int((control & ~arm).sum()) + 1) / (n + 2)
    half = two_sided(alpha) * math.sqrt((one + other - (one - other) ** 2) / (n + 2))
    return max(-1.0, one - other - half), min(1.0, one - other + half)


def model(arm: str, name: str, expected: pd.DataFrame) -> dict[str, float]:
    """Expected share by the last visit, in the centre and over parameter draws; missing where there is none."""
    rows = expected[(expected["arm"] == arm) & (expected["event"] == name)]
    rows = rows[rows["week"] == rows["week"].max()]
    drawn = rows.loc[rows["draw"] > 0, "share"]
    central = rows.loc[rows["draw"] == 0, "share"] if len(drawn) < LEAST_DRAWS else drawn
    low, high = band(drawn)
    return {
        "expected": float(central.mean()) if len(central) else math.nan,
        "parameter_low": low,
        "parameter_high": high,
    }
