"""What a trial costs and how long it takes, from what happens in it; amounts in the currency of the study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.study.conduct import WEEKS
from anagen.trials.enrolment import Calendar, calendar_of
from anagen.trials.simulation import Trials


def calendar_rows(trials: Trials, number: int) -> dict[str, Any] | None:
    """Months of a trial and how many outcomes are known when; None without enrolment.

    Parameters
    ----------
    trials : Trials
        Simulated.
    number : int
        Place of the trial.

    Returns
    -------
    dict[str, Any] or None
        Months from the opening of recruitment.
    """
    plan = trials.scene.protocol
    calendar = calendar_of(plan, trials.replicates[number : number + 1], seed=trials.scene.seed)
    if calendar is None:
        return None
    at = plan.study.endpoints.primary.week
    visit, seen = int(np.flatnonzero(plan.weeks == at)[0]), trials.seen_in[:, trials.rows_of(number)]
    here = seen[:, :, visit]
    has = np.asarray(here.all(axis=0) if plan.crossover else here[0], dtype=np.bool_)[None, :]
    half = calendar.at_fraction(0.5, at, has)
    month = WEEKS["month"]
    return {
        "last_patient_in_months": float(calendar.last_in[0] / month),
        "last_patient_out_months": float(calendar.last_out[0] / month),
        "half_of_outcomes_months": float(half[0] / month),
        "enrolled_by_then": int((calendar.enrolled[0] <= half[0]).sum()),
    }


def price_of(trials: Trials, number: int) -> dict[str, Any] | None:
    """Price of a trial, item by item; None where the study names no costs.

    Parameters
    ----------
    trials : Trials
        Simulated.
    number : int
        Place of the trial.

    Returns
    -------
    dict[str, Any] or None
        Currency, total, and per item number, amount and sum; `screen_failures` is the part of screening that was spent
        on candidates who were not admitted.
    """
    plan = trials.scene.protocol
    cost = plan.study.design.cost
    if cost is None:
        return None
    rows = trials.rows_of(number)
    calendar = calendar_of(plan, trials.replicates[number : number + 1], seed=trials.scene.seed)
    numbers: Mapping[str, float] = {
        "patient": plan.n_patients,
        "screening": trials.screened[number],
        "visit": int(trials.seen[rows].sum() if trials.periods is None else trials.periods.seen[:, rows].sum()),
        "session": sessions_given(trials, rows),
        "centre": 1 if plan.study.design.centres is None else plan.study.design.centres.number,
        "month": months_of(trials, calendar),
    }
    items = {
        name: {"number": numbers[name], "each": amount.value, "sum": numbers[name] * amount.value}
        for name, amount in cost.amounts.items()
    }
    found: dict[str, Any] = {
        "currency": next(iter(cost.amounts.values())).unit,
        "total": sum(item["sum"] for item in items.values()),
        "items": items,
    }
    if cost.screening is not None:
        found["screen_failures"] = (trials.screened[number] - plan.n_patients) * cost.screening.value
    return found


def months_of(trials: Trials, calendar: Calendar | None) -> float:
    """Months from the opening of recruitment, or from baseline, to the last visit."""
    last = trials.scene.protocol.duration if calendar is None else float(calendar.last_out[0])
    return last / WEEKS["month"]


def sessions_given(trials: Trials, rows: slice) -> int:
    """Sessions in the clinic that the patients of a trial had until they left, under the arms that they were given."""
    plan = trials.scene.protocol
    total = 0
    people = np.arange(len(trials.population))[rows]
    for arm in range(len(plan.prescriptions)):
        received, left = trials.received[arm, rows], trials.left_in(arm)[rows]
        left = np.where(np.isnan(left), np.inf, left)
        days, comes = trials.sessions_in(arm, people[received])
        total += int((comes & (days[None, :] < DAYS_PER_WEEK * left[received][:, None])).sum())
    return total
