"""What is known of a treatment beside its effect: evidence, cost, adverse events."""

from __future__ import annotations

import pandas as pd

from anagen.analysis.expected_safety import ANY, DISCONTINUATION, expected_safety
from anagen.comparative.design import Comparison
from anagen.core.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from anagen.parameters import ParameterSet
from anagen.trials.protocol import protocol

WEAKEST_FIRST = ("none", "D", "C", "B", "A")
NOT_SET = "not set"
EVENTS_NAMED = 2
LEAST_EXCESS = 0.005
"""Share of patients below which an excess of an event over the control is not named."""


def with_facts(table: pd.DataFrame, comparison: Comparison, parameters: ParameterSet, *, weeks: float) -> pd.DataFrame:
    """The ranked table with adverse events, cost, grade and evidence of each treatment, at the central
    values of the study's parameters.

    Columns added: any_adverse_event and its control's share, left_for_it, adverse_events in words, cost_low and
    cost_high [EUR over the weeks compared] and cost in words, grade (the weakest of a combination) and evidence.
    """
    study = comparison.study
    expected = expected_safety(protocol(study), parameters.central(), draw=0)
    last = expected[expected["week"] == expected["week"].max()]
    share = last.pivot(index="event", columns="arm", values="share")
    rows: list[dict[str, object]] = []
    for name in (str(arm) for arm in table["arm"]):
        parts, control = comparison.parts[name], comparison.own_control[name]
        excess = (share[name] - share[control]).drop([ANY, DISCONTINUATION]).sort_values(ascending=False)
        named = [
            f"{event.replace('_', ' ')} {_points(value)}"
            for event, value in excess.head(EVENTS_NAMED).items()
            if value > LEAST_EXCESS
        ]
        priced = [part.therapy.cost_per_year for part in parts]
        years = weeks * DAYS_PER_WEEK / DAYS_PER_YEAR
        known = [price for price in priced if price is not None]
        low, high = (sum(price[i] for price in known) * years for i in (0, 1))
        complete = len(known) == len(priced)
        rows.append(
            {
                "any_adverse_event": float(share.loc[ANY, name]),
                "any_adverse_event_control": float(share.loc[ANY, control]),
                "left_for_it": float(share.loc[DISCONTINUATION, name]),
                "adverse_events": f"{100 * float(share.loc[ANY, name]):.0f} % any"
                + (f"; over control: {', '.join(named)}" if named else ""),
                "cost_low": low if complete else float("nan"),
                "cost_high": high if complete else float("nan"),
                "cost": f"EUR {low:,.0f} to {high:,.0f}" if complete else NOT_SET,
                "grade": min((part.therapy.grade for part in parts), key=WEAKEST_FIRST.index),
                "evidence": " | ".join(part.therapy.evidence for part in parts),
            }
        )
    return pd.concat([table, pd.DataFrame(rows)], axis=1)


def _points(share: float) -> str:
    return f"+{100 * share:.0f} points" if share >= 0.01 else f"+{100 * share:.1f} points"
