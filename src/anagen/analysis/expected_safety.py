"""Share of patients who are seen with each adverse event, as the parameter values alone give it.

Hazards of different events are independent, so that on a daily grid, with h the increments of the cumulative hazard

    share_i = sum over t of  exp(-H_i(t-)) (1 - exp(-h_i(t)))  S(t)  product over j != i of G_j(t-)

S is the share that has not left for other reasons and G_j the share that no event j has made stop. Sexes are averaged
with their shares in the population; in a split-scalp trial the other side makes patients leave as well.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.trials.protocol import Protocol
from anagen.trials.safety import Hazard, event_names

ANY = "any_adverse_event"
SEVERE = "any_severe_event"
DISCONTINUATION = "discontinuation"
TOGETHER = {ANY: "any adverse event", SEVERE: "any severe event", DISCONTINUATION: "left for an adverse event"}
"""Rows of the safety table that hold several events."""
EXPECTED_COLUMNS = ("draw", "arm", "event", "week", "share")


def expected_safety(
    plan: Protocol, values: Mapping[str, float], *, draw: int, below: Sequence[float] = ()
) -> pd.DataFrame:
    """Expected share of patients with each event by each visit after baseline.

    The share of an arm with a rescue is that of its two courses, weighted by who is rescued: up to the week of the
    rescue both are the same, who has left by then has no event after it, and events do not decide who is rescued.

    Parameters
    ----------
    plan : Protocol
        The study.
    values : Mapping[str, float]
        Parameter values.
    draw : int
        Number of the parameter draw.
    below : Sequence[float]
        For every rescue of the study, the share of reference patients whose change is too little, from
        `trials.rescue.shares_below`.

    Returns
    -------
    pd.DataFrame
        Table with EXPECTED_COLUMNS: every event of the study in every arm, any event, and leaving because of one. A
        severe event has no row: whether one is seen depends on the events before it.
    """
    arms = plan.hazards
    names = event_names(arms)
    weeks = plan.weeks[plan.weeks > 0.0]
    days = np.arange(math.ceil(plan.weeks[-1] * DAYS_PER_WEEK) + 1, dtype=np.float64)
    sexes = plan.study.population.sex
    rows: list[tuple[int, str, str, float, float]] = []
    for number, arm in enumerate(plan.arms):
        shares = np.zeros((len(names) + 2, len(weeks)))
        weights = weights_of(number, plan, values, below)
        for sex, share in sexes.items():
            elsewhere = [
                hazard
                for other, hazards in enumerate(arms)
                for hazard in hazards
                if plan.split_scalp and other != number and hazard.cause != "background"
            ]
            for course, weight in weights.items():
                shares += (
                    share
                    * weight
                    * shares_of_sex(
                        of_sex(arms[course], sex),
                        of_sex(elsewhere, sex),
                        names,
                        days,
                        plan,
                        values,
                        weeks,
                        plan.study.design.leaving.of(arm),
                    )
                )
        for name, course in zip((*names, ANY, DISCONTINUATION), shares, strict=True):
            rows += [(draw, arm, name, week, float(value)) for week, value in zip(weeks.tolist(), course, strict=True)]
    return pd.DataFrame(rows, columns=list(EXPECTED_COLUMNS))


def weights_of(arm: int, plan: Protocol, values: Mapping[str, float], below: Sequence[float]) -> dict[int, float]:
    """Share of the patients of an arm in each of its courses: its own, and that of its rescue if it has one."""
    for course, (rescue, share) in enumerate(zip(plan.rescues, below, strict=True), start=len(plan.arms)):
        if rescue.arm == arm:
            went_on = share * (1.0 - values["measurement.missed_visit"])
            return {arm: 1.0 - went_on, course: went_on}
    return {arm: 1.0}


def of_sex(hazards: Sequence[Hazard], sex: str) -> list[Hazard]:
    """Hazards that patients of a sex have."""
    return [hazard for hazard in hazards if hazard.event.sex in (None, sex)]


@dataclass(frozen=True, slots=True)
class Increments:
    """What one event does on each day if nobody left for another reason: first occurrences, and those that stop."""

    happening: FloatArray
    stopping: FloatArray

    @property
    def going_on(self) -> FloatArray:
        """Share that the event has not stopped before each day."""
        return 1.0 - np.concatenate([np.zeros(1), np.cumsum(self.stopping)[:-1]])


def increments(hazards: Sequence[Hazard], days: FloatArray, values: Mapping[str, float]) -> Increments:
    """First occurrences of an event with competing causes, per day."""
    steps = [np.diff(hazard.cumulative(days, values), prepend=0.0) for hazard in hazards]
    total = np.sum(steps, axis=0) if steps else np.zeros_like(days)
    before = np.cumsum(total) - total
    happening = np.exp(-before) * -np.expm1(-total)
    per_step = np.divide(happening, total, out=np.zeros_like(total), where=total > 0.0)
    stopping = np.zeros_like(days)
    for hazard, step in zip(hazards, steps, strict=True):
        stopping += min(values[hazard.event.course.discontinuation], 1.0) * per_step * step
    return Increments(happening, stopping)


def shares_of_sex(
    hazards: Sequence[Hazard],
    elsewhere: Sequence[Hazard],
    names: Sequence[str],
    days: FloatArray,
    plan: Protocol,
    values: Mapping[str, float],
    weeks: FloatArray,
    lost: float,
) -> FloatArray:
    """Shares of one sex in one arm, shape [event, week]; the last two rows are any event and leaving for one."""
    end = float(plan.weeks[-1]) * DAYS_PER_WEEK
    staying = 1.0 - lost * np.clip(days / end, 0.0, 1.0)
    for name in dict.fromkeys(hazard.event.name for hazard in elsewhere):
        staying *= increments([h for h in elsewhere if h.event.name == name], days, values).going_on
    events = [increments([h for h in hazards if h.event.name == name], days, values) for name in names]
    going_on = np.array([event.going_on for event in events]).reshape(len(events), len(days))
    # without one event: the product of the others, which division would lose where a share is zero
    daily = [
        event.happening * staying * np.delete(going_on, number, axis=0).prod(axis=0)
        for number, event in enumerate(events)
    ]
    nothing = np.ones_like(days)
    for event in events:
        nothing *= 1.0 - np.cumsum(event.happening)
    # an event that stops a patient is itself an event: until the first one nobody has left because of one
    daily.append(-np.diff(nothing, prepend=1.0) * staying)
    still = going_on.prod(axis=0)
    after = np.array([1.0 - np.cumsum(event.stopping) for event in events]).reshape(len(events), len(days)).prod(axis=0)
    daily.append((still - after) * staying)
    sums = np.cumsum(np.array(daily), axis=1)
    last = np.searchsorted(days, np.minimum(weeks * DAYS_PER_WEEK, end - 1e-9), side="right") - 1
    return sums[:, last]
