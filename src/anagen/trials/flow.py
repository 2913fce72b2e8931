"""CONSORT numbers of a virtual trial, and in words who was seen and has no outcome."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.measures import PER_CENT, RESPONDERS
from anagen.scalp import ENDPOINTS
from anagen.study.models import EndpointChoice
from anagen.trials.budget import calendar_rows, price_of
from anagen.trials.followed import event_names_of
from anagen.trials.simulation import Trials


def flow_of(trials: Trials, number: int = 0) -> dict[str, Any]:
    """CONSORT numbers: analysed are those with an outcome of the primary endpoint, and per outcome where they differ.

    Parameters
    ----------
    trials : Trials
        Simulated.
    number : int
        Place of the trial among them.

    Returns
    -------
    dict[str, Any]
        `outcomes` has one entry for every endpoint, week and measure that is analysed; `notes` says in words who was
        seen and has no outcome, and what the study states and the simulation does not meet.
    """
    plan = trials.scene.protocol
    rows = trials.rows_of(number)
    because = trials.because[rows]
    gone = np.stack([~np.isnan(trials.left_in(arm)[rows]) for arm in range(len(plan.arms))])
    received = trials.received[:, rows]
    if plan.crossover:
        # everybody is randomised to both; who left before the second period is lost to it
        received, gone = np.ones_like(received), gone | ~received
    choices = (plan.study.endpoints.primary, *plan.study.endpoints.secondary)
    outcomes = [outcome_of(trials, rows, choice) for choice in choices]
    calendar, price = calendar_rows(trials, number), price_of(trials, number)
    return {
        **({} if calendar is None else {"calendar": calendar}),
        **({} if price is None else {"price": price}),
        "screened": trials.screened[number],
        "excluded": dict(trials.excluded[number]),
        "randomised": {arm: int(received[i].sum()) for i, arm in enumerate(plan.arms)},
        "dropped_out": {arm: int((received[i] & gone[i]).sum()) for i, arm in enumerate(plan.arms)},
        "dropped_out_for_adverse_events": {
            arm: int((received[i] & gone[i] & because).sum()) for i, arm in enumerate(plan.arms)
        },
        "analysed": outcomes[0]["analysed"],
        "outcomes": outcomes,
        "notes": [
            *trials.scene.notes,
            *rescue_notes(trials, rows),
            *event_notes(trials, number),
            *conduct_notes(calendar, price),
            *(note for outcome in outcomes if (note := without_outcome(outcome))),
        ],
    }


def rescue_notes(trials: Trials, rows: slice) -> list[str]:
    """How many patients of every arm with a rescue went on with it, in sentences."""
    notes: list[str] = []
    for rescue in trials.scene.protocol.rescues:
        received = trials.received[rescue.arm, rows]
        number = 0 if trials.rescued is None else int((received & trials.rescued[rows]).sum())
        arm = trials.scene.protocol.arms[rescue.arm]
        notes.append(f"{number} of {int(received.sum())} patients in {arm} were rescued in week {rescue.rule.week:g}.")
    return notes


BY_ESTIMAND: Mapping[str, str] = {
    "hypothetical": "values after an intercurrent event are left out, as if it had not happened",
    "composite": "a patient with an intercurrent event counts with the stated worst value, or as no responder",
    "while_on_treatment": "the last value before an intercurrent event counts",
}
"""What effects are made of where that is not what was measured in the arms."""


def event_notes(trials: Trials, number: int) -> list[str]:
    """How many patients of every arm had which intercurrent event, in sentences."""
    if trials.event is None:
        return []
    plan, rows, notes = trials.scene.protocol, trials.rows_of(number), list[str]()
    for arm, name in enumerate(plan.arms):
        received = trials.received[arm, rows]
        names = event_names_of(plan, trials.event[rows][received])
        counts = {event: names.count(event) for event in dict.fromkeys(names) if event not in ("", "rescue")}
        if counts:
            words = ", ".join(f"{event.replace('_', ' ')} {n}" for event, n in counts.items())
            notes.append(f"Intercurrent events among {int(received.sum())} patients in {name}: {words}.")
    if plan.study.analysis.estimand in BY_ESTIMAND:
        notes.append(
            f"The effects are those of the estimand: {BY_ESTIMAND[plan.study.analysis.estimand]}. Numbers measured, "
            "means and courses of the arms hold what was measured, after an event as well."
        )
    return notes


def conduct_notes(calendar: Mapping[str, Any] | None, price: Mapping[str, Any] | None) -> list[str]:
    """Months and price of one trial, in sentences."""
    notes: list[str] = []
    if calendar is not None:
        notes.append(
            f"In this trial the last patient is in after {calendar['last_patient_in_months']:.1f} months and out after "
            f"{calendar['last_patient_out_months']:.1f}; half of the primary outcomes are known after "
            f"{calendar['half_of_outcomes_months']:.1f} months, with {calendar['enrolled_by_then']} patients enrolled."
        )
    if price is not None:
        failed = price.get("screen_failures")
        more = "" if failed is None else f", of which {failed:,.0f} for candidates who were not admitted"
        notes.append(f"This trial costs {price['total']:,.0f} {price['currency']}{more}.")
    return notes


def outcome_of(trials: Trials, rows: slice, choice: EndpointChoice) -> dict[str, Any]:
    """Patients of each arm of a trial who were seen for an outcome, and those of them who have it."""
    plan = trials.scene.protocol
    column = [endpoint.name for endpoint in plan.endpoints].index(choice.endpoint)
    week = int(np.flatnonzero(plan.weeks == choice.week)[0])
    measured = [reading.measured[rows, :, column] for reading in trials.readings]
    has = np.array([has_outcome(choice, values[:, 0], values[:, week]) for values in measured])
    if plan.same_patients:
        # two sides or periods are compared within a patient, who must have both
        has = np.broadcast_to(has.all(axis=0), has.shape)
    present = trials.received[:, rows] & trials.seen_in[:, rows, week]
    if plan.crossover:
        present = np.broadcast_to(present.all(axis=0), present.shape)
    return {
        "endpoint": choice.endpoint,
        "week": choice.week,
        "measure": choice.measure,
        "seen": dict(zip(plan.arms, present.sum(axis=1).tolist(), strict=True)),
        "analysed": dict(zip(plan.arms, (present & has).sum(axis=1).tolist(), strict=True)),
    }


def has_outcome(choice: EndpointChoice, before: FloatArray, after: FloatArray) -> BoolArray:
    """Who has an outcome to analyse, from what was measured at baseline and at its week [patient]."""
    if choice.measure == "responder_value":
        return np.isfinite(after)
    has = np.isfinite(before) & np.isfinite(after)
    return has & (before > 0.0) if RESPONDERS.get(choice.measure, choice.measure) == PER_CENT else has


def without_outcome(outcome: Mapping[str, Any]) -> str:
    """Who was seen and has no outcome, as a sentence; empty where everybody has one.

    Examples
    --------
    >>> outcome = {"endpoint": "total_density", "week": 12.0, "measure": "percent_change"}
    >>> without_outcome({**outcome, "seen": {"a": 25, "b": 24}, "analysed": {"a": 23, "b": 24}})[:75]
    '2 of 49 patients (2 of 25 in a) had a total hair density of 0 at baseline a'
    >>> without_outcome({**outcome, "seen": {"a": 25}, "analysed": {"a": 25}})
    ''
    """
    seen, analysed = outcome["seen"], outcome["analysed"]
    short = {arm: n - analysed[arm] for arm, n in seen.items() if n > analysed[arm]}
    if not short:
        return ""
    title = ENDPOINTS[outcome["endpoint"]].title
    why = f"had no hair in which {title} can be read"
    if RESPONDERS.get(outcome["measure"], outcome["measure"]) == PER_CENT:
        why = f"had a {title} of 0 at baseline and have no percentage change"
    arms = ", ".join(f"{n} of {seen[arm]} in {arm}" for arm, n in short.items())
    return (
        f"{sum(short.values())} of {sum(seen.values())} patients ({arms}) {why} at week {outcome['week']:g}; "
        "they are not analysed."
    )
