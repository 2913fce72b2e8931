"""What is known of a treatment beside its effect: evidence, cost, adverse events."""

from __future__ import annotations

import pandas as pd

from anagen.analysis.expected_safety import ANY, DISCONTINUATION, expected_safety
from anagen.comparative.admission import reasons, transfer_of_evidence
from anagen.comparative.design import Comparison
from anagen.core.calendar import DAYS_PER_WEEK, DAYS_PER_YEAR
from anagen.parameters import ParameterSet
from anagen.study.safety_rules import warnings_of
from anagen.study.standing import beyond, informed, no_way_to_the_attack
from anagen.therapies import Therapy
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
    cost_high [EUR over the weeks compared] and cost in words, grade (the weakest of a combination), grade_from (in
    whom it was earned, where these are others than the patients compared), certainty in these patients, not_known (in
    whom the size of the effect is not known), contraindicated (in words, for those who are not admitted), evidence,
    warnings (whom to be careful with, in words; empty where nothing is known), and how the patients are unlike those
    studied.
    """
    study = comparison.study
    expected = expected_safety(protocol(study), parameters.central(), draw=0)
    last = expected[expected["week"] == expected["week"].max()]
    share = last.pivot(index="event", columns="arm", values="share")
    given = study.model_dump()
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
        transfer = transfer_of_evidence(parts, study)
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
                "evidence": " | ".join(known_of(part.therapy, parameters) for part in parts),
                "grade_from": transfer.studied,
                "certainty": NOT_SET if transfer.level is None else transfer.level,
                "not_known": transfer.not_known,
                "contraindicated": "; ".join(
                    message for told in reasons(comparison, name, grades=("error",)).values() for message in told
                ),
                "warnings": "; ".join(
                    warnings_of({**given, "arms": [arm for arm in given["arms"] if arm["name"] == name]})
                ),
                "unlike_those_studied": " ".join(
                    text
                    for part in parts
                    for text in (
                        beyond(part.therapy.by(part.route), part.route, given),
                        no_way_to_the_attack(part.therapy, study.population.condition),
                    )
                    if text
                ),
            }
        )
    return pd.concat([table, pd.DataFrame(rows)], axis=1)


def known_of(therapy: Therapy, parameters: ParameterSet) -> str:
    """What was measured of a therapy, what the size of its effect rests on, and its evidence, in sentences.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> from anagen.therapies import THERAPIES
    >>> known_of(THERAPIES["exosome"], load_parameters("prior")).partition(".")[0]
    'Measured in 1 controlled trial of 20 patients; effect size assumed: written down by hand, not fitted to data'
    """
    ends = {} if parameters.posterior is None else parameters.posterior.interval_90
    trials = "" if therapy.certainty is None else therapy.certainty.measured()
    facts = "; ".join(part for part in (trials, informed(therapy, parameters, ends)) if part)
    return f"{facts[:1].upper()}{facts[1:]}. {therapy.evidence}" if facts else therapy.evidence


def _points(share: float) -> str:
    return f"+{100 * share:.0f} points" if share >= 0.01 else f"+{100 * share:.1f} points"
