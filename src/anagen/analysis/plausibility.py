"""Flags on results that no follicle allows, kept apart from errors: the run is whole, a figure in it is not.

A vesicle-driven gain in total density above 10 % of baseline on day 45 is flagged. Whatever wakes a follicle on day 0,
its telogen hair leaves first, and the new one must grow, come out and become thick enough to be counted, which takes
six to eight weeks; so a course of vesicles shows next to nothing before week 12 (docs/model.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS, band
from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.effects import contrasts_of
from anagen.scalp import Readings
from anagen.trials.early_gain import Watched

LIMIT = 10.0
"""Greatest plausible gain [% of baseline total density]."""
CODE = "early_vesicle_gain"
COLUMNS = ("draw", "arm", "against", "week", "percent")
WITHOUT = "the same arm without vesicles"
WHY = (
    "a resting follicle must first begin a new anagen, and few do so within six weeks, so that so much so early is "
    "hard to believe of any course of vesicles"
)
SOURCE = "the structure of the follicle's cycle, docs/model.md, 'What the structure says whatever the values'"


def early_gains(readings: Sequence[Readings], watch: Watched, *, draw: int) -> pd.DataFrame:
    """Gain in total density at the hidden visit, in per cent of baseline, per arm with vesicles and comparison.

    Against the same arm without vesicles always; where vesicles are all that acts in the arm, against the study's
    control too, or against its own baseline where there is none.

    Returns
    -------
    pd.DataFrame
        Table with COLUMNS.
    """
    plan = watch.plan
    control = dict(contrasts_of(plan))
    rows: list[tuple[int, str, str, float, float]] = []
    for watched in watch.arms:
        name = plan.arms[watched.arm]
        base, count = watch.counts(readings[watched.arm])
        other = watch.counts(readings[watched.without])[1]
        compared = {WITHOUT: other}
        control_name = control.get(name)
        if watched.alone and control_name == NO_CONTROL:
            compared["its own baseline"] = base
        elif watched.alone and control_name is not None and plan.arms.index(control_name) != watched.without:
            compared[f"control {control_name}"] = watch.counts(readings[plan.arms.index(control_name)])[1]
        rows += [
            (draw, name, against, watch.week, 100.0 * (count - reference) / base)
            for against, reference in compared.items()
            if base > 0.0
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def flags_of(early: pd.DataFrame | None) -> list[dict[str, Any]]:
    """Flags, one per arm and comparison whose gain lies above LIMIT at central values or at the upper 95 % point.

    Parameters
    ----------
    early : pd.DataFrame | None
        Tables of `early_gains` of all draws, or None where no arm is given vesicles.

    Returns
    -------
    list[dict[str, Any]]
        Mappings with code, arm, week, against, basis ("central value" or "upper end of the 90 % range over
        parameters"), percent (the figure that is flagged), central, low, high, limit, why, source.
    """
    if early is None:
        return []
    flags: list[dict[str, Any]] = []
    for (arm, against), rows in early.groupby(["arm", "against"], sort=False, observed=True):
        drawn = rows.loc[rows["draw"] > 0, "percent"]
        central = float((rows.loc[rows["draw"] == 0, "percent"] if len(drawn) < LEAST_DRAWS else drawn).mean())
        low, high = (None if math.isnan(end) else end for end in band(drawn))
        if central > LIMIT:
            basis, figure = "central value", central
        elif high is not None and high > LIMIT:
            basis, figure = "upper end of the 90 % range over parameters", high
        else:
            continue
        flags.append(
            {
                "code": CODE,
                "arm": str(arm),
                "week": float(rows["week"].iloc[0]),
                "against": str(against),
                "basis": basis,
                "percent": figure,
                "central": central,
                "low": low,
                "high": high,
                "limit": LIMIT,
                "why": WHY,
                "source": SOURCE,
            }
        )
    return flags


def flag_text(flag: dict[str, Any]) -> str:
    """A flag as a sentence.

    Examples
    --------
    >>> flag = {"arm": "exosome", "against": WITHOUT, "week": 45 / 7, "percent": 12.0, "basis": "central value"}
    >>> flag_text({**flag, "limit": 10.0, "why": "hairs need time"})[:64]
    'Implausible: exosome gains 12 % of baseline total density by day'
    """
    day = round(7.0 * float(flag["week"]), 1)
    return (
        f"Implausible: {flag['arm']} gains {flag['percent']:.3g} % of baseline total density by day {day:g} against "
        f"{flag['against']} ({flag['basis']}); above {flag['limit']:g} % because {flag['why']}."
    )
