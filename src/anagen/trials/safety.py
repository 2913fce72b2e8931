"""Adverse events of patients: what can happen to whom, when it happens, and who stops because of it.

A hazard is one event from one cause: a therapy, a route, or the background of a placebo. Its onset follows

    H(x) = -ln(1 - p) (x / R)^k,      event where H(x) = e,   e unit-exponential, x exposure so far

so that stopping a therapy stops its hazard. Causes of one event compete; the first occurrence counts. Draws are
addressed by patient and cause: under two arms with the same route a patient has the same events of that route.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import ndtri

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.streams import Purpose, address_of, uniforms
from anagen.delivery import Prescription
from anagen.patients import Population
from anagen.signalling.ways import one_of_each_day
from anagen.therapies.background import BACKGROUND_EVENTS
from anagen.therapies.safety import AdverseEvent
from anagen.trials.product_risk import Moved, gaps_beside, moved_by_product, taken_days

Cause = Literal["therapy", "route", "background"]
SEVERITIES = ("mild", "moderate", "severe")
GREATEST_SHARE = 0.999
"""A share of 1 would need an infinite hazard."""
DRAWS_PER_SIDE = 4
DRAWS_PER_PERIOD = 16


@dataclass(frozen=True, slots=True)
class Hazard:
    """One event from one cause in one arm, with the exposure that drives it.

    Attributes
    ----------
    event : AdverseEvent
        What.
    cause : Cause
        Kind of cause.
    source : str
        Name of the therapy or route.
    starts : FloatArray
        [day] on which each stretch of exposure begins, increasing.
    lengths : FloatArray
        [day], 0 for a session.
    amounts : FloatArray
        Exposure of each stretch, in weeks or sessions.
    moved : tuple[Moved, ...], default ()
        What the product, its dose and its route do to each stretch; empty where nothing does anything.
    """

    event: AdverseEvent
    cause: Cause
    source: str
    starts: FloatArray
    lengths: FloatArray
    amounts: FloatArray
    moved: tuple[Moved, ...] = ()

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that the hazard reads."""
        names = [name for moved in self.moved for name in moved.parameter_names()]
        return (*self.event.parameter_names(), *dict.fromkeys(names))

    def exposures(self, values: Mapping[str, float]) -> FloatArray:
        """Exposure of each stretch [stretch], so that one factor on all of them is that factor on the hazard."""
        if not self.moved:
            return self.amounts
        power = 1.0 / values[self.event.course.shape]
        return self.amounts * np.array([moved.factor(values) for moved in self.moved]) ** power

    @property
    def address(self) -> int:
        """Item of the hazard's draws: the same in every arm with this cause."""
        return address_of(f"{self.source}/{self.event.name}")

    @property
    def last_day(self) -> float:
        """Day on which exposure ends."""
        return float(self.starts[-1] + self.lengths[-1])

    def total(self, values: Mapping[str, float]) -> float:
        """Cumulative hazard at the reference exposure: -ln(1 - p)."""
        return -math.log1p(-min(max(values[self.event.rate], 0.0), GREATEST_SHARE))

    def cumulative(self, days: FloatArray, values: Mapping[str, float]) -> FloatArray:
        """Cumulative hazard just after each of `days` [day], its lag included."""
        course = self.event.course
        before = days - values[course.lag]
        sums = np.concatenate([np.zeros(1), np.cumsum(self.exposures(values))])
        if self.event.unit == "sessions":
            exposure = sums[np.searchsorted(self.starts, before, side="right")]
        else:
            edges = np.column_stack([self.starts, self.starts + self.lengths]).ravel()
            exposure = np.interp(before, edges, np.column_stack([sums[:-1], sums[1:]]).ravel())
        return self.total(values) * (exposure / self.event.reference) ** values[course.shape]

    def onset(self, threshold: FloatArray, values: Mapping[str, float]) -> FloatArray:
        """Day on which the cumulative hazard reaches `threshold` [patient]; infinity where it never does."""
        course, total = self.event.course, self.total(values)
        if total <= 0.0:
            return np.full_like(threshold, np.inf)
        needed = self.event.reference * (threshold / total) ** (1.0 / values[course.shape])
        amounts = self.exposures(values)
        sums = np.cumsum(amounts)
        stretch = np.searchsorted(sums, needed, side="left")
        inside = np.minimum(stretch, len(sums) - 1)
        left = np.zeros_like(needed)
        # a dose of nothing has no exposure, and the day does not count there
        np.divide(sums[inside] - needed, amounts[inside], out=left, where=amounts[inside] > 0.0)
        share = 1.0 - left
        day = self.starts[inside] + self.lengths[inside] * share + values[course.lag]
        return np.where(stretch < len(sums), day, np.inf)


def hazards_of_arms(
    arms: Sequence[Sequence[Prescription]], *, last_week: float, scenarios: Iterable[str] = ()
) -> tuple[tuple[Hazard, ...], ...]:
    """What can happen in each arm of a study until its last visit.

    Parameters
    ----------
    arms : Sequence[Sequence[Prescription]]
        What each arm is given.
    last_week : float
        Week of the last visit.
    scenarios : Iterable[str]
        Rare events switched on.

    Returns
    -------
    tuple[tuple[Hazard, ...], ...]
        Hazards of each arm. Every arm has the background of the events that any arm of the study can have.
    """
    end, chosen = last_week * DAYS_PER_WEEK, frozenset(scenarios)
    of_arms = [arm_hazards(prescriptions, end=end, scenarios=chosen) for prescriptions in arms]
    names = dict.fromkeys(hazard.event.name for hazards in of_arms for hazard in hazards)
    background = tuple(
        Hazard(
            BACKGROUND_EVENTS[name],
            "background",
            "background",
            np.zeros(1),
            np.array([end]),
            np.array([end / DAYS_PER_WEEK]),
        )
        for name in names
        if name in BACKGROUND_EVENTS
    )
    return tuple((*hazards, *background) for hazards in of_arms)


def arm_hazards(prescriptions: Sequence[Prescription], *, end: float, scenarios: frozenset[str]) -> tuple[Hazard, ...]:
    """Hazards of what one arm is given, each therapy and each route once, whatever shares them."""
    given: dict[tuple[Cause, str, str], list[Prescription]] = {}
    for prescription in prescriptions:
        route = prescription.route.name
        given.setdefault(("therapy", prescription.therapy.name, route), []).append(prescription)
        given.setdefault(("route", route, route), []).append(prescription)
    hazards: list[Hazard] = []
    for (cause, name, route), entries in given.items():
        of_therapy = cause == "therapy"
        together, _ = one_of_each_day(np.concatenate([taken_days(entry, end) for entry in entries]))
        forms = {entry.formulation for entry in entries}
        if not len(together):
            continue
        for event in entries[-1].therapy.harms if of_therapy else entries[-1].route.harms:
            if event.routes and route not in event.routes:
                continue
            if event.formulations and forms.isdisjoint(event.formulations):
                continue
            if event.scenario is None or event.scenario in scenarios:
                moved = moved_by_product(event, entries, together, end) if of_therapy else ()
                hazards.append(Hazard(event, cause, name, *stretches(together, event, end), moved))
    return tuple(hazards)


def stretches(days: FloatArray, event: AdverseEvent, end: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Starts [day], lengths [day] and amounts of the exposure of doses on `days`, in the event's unit.

    A session counts one. Use lasts after each dose as long as the shorter of the gaps beside it: a day for daily doses,
    a week for weekly ones or a single one, so that a pause is no use. It lasts no longer than the study.
    """
    if event.unit == "sessions":
        return days, np.zeros_like(days), np.ones_like(days)
    lengths = np.minimum(gaps_beside(days), end - days)
    return days, lengths, lengths / DAYS_PER_WEEK


@dataclass(frozen=True, slots=True)
class Occurrences:
    """First occurrence of each event, shape [patient, event]; onset is infinity where it does not happen.

    Attributes
    ----------
    names : tuple[str, ...]
        Events, in order.
    onset : FloatArray
        [day].
    duration : FloatArray
        [day].
    severity : IntArray
        0 mild, 1 moderate, 2 severe.
    stops : BoolArray
        True where it leads to stopping.
    cause : IntArray
        Index into the hazards of the arm.
    """

    names: tuple[str, ...]
    onset: FloatArray
    duration: FloatArray
    severity: IntArray
    stops: BoolArray
    cause: IntArray

    def stopping_day(self) -> FloatArray:
        """Day on which each patient stops because of an event; infinity where none does."""
        return np.where(self.stops, self.onset, np.inf).min(axis=1, initial=np.inf)


def occurrences(
    hazards: Sequence[Hazard],
    names: Sequence[str],
    population: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    side: int = 0,
    period: int = 0,
) -> Occurrences:
    """What happens to each patient if nobody left.

    Parameters
    ----------
    hazards : Sequence[Hazard]
        Of the patients' arm.
    names : Sequence[str]
        Events of the study, in the order of the result.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    side : int
        0, or the number of the side in a split-scalp trial: events on the skin differ between sides.
    period : int
        0, or 1 in the second period of a crossover, which has events of its own.

    Returns
    -------
    Occurrences
        Of every event, for every patient.
    """
    shape = (len(population), len(names))
    onset, duration = np.full(shape, np.inf), np.zeros(shape)
    severity, stops = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.bool_)
    cause = np.full(shape, -1, dtype=np.int64)
    for number, hazard in enumerate(hazards):
        column = names.index(hazard.event.name)
        course = hazard.event.course
        offset = DRAWS_PER_PERIOD * period + (DRAWS_PER_SIDE * side if hazard.event.local else 0)
        u = uniforms(
            seed,
            Purpose.ADVERSE_EVENT,
            patient=population.patient[:, None],
            item=hazard.address,
            index=offset + np.arange(DRAWS_PER_SIDE)[None, :],
            replicate=population.replicate[:, None],
        )
        day = hazard.onset(-np.log1p(-u[:, 0]), values)
        if hazard.event.sex is not None:
            day = np.where(np.array(population.sex) == hazard.event.sex, day, np.inf)
        first = day < onset[:, column]
        onset[first, column] = day[first]
        moderate, severe = severity_shares(hazard.event, values)
        grade = np.where(u[:, 1] < severe, 2, np.where(u[:, 1] < severe + moderate, 1, 0))
        severity[first, column] = grade[first]
        stops[first, column] = (u[:, 2] < values[course.discontinuation])[first]
        lasting = values[course.duration] * np.exp(values["event_courses.duration_spread"] * ndtri(u[:, 3]))
        duration[first, column] = lasting[first]
        cause[first, column] = number
    return Occurrences(tuple(names), onset, duration, severity, stops, cause)


def severity_shares(event: AdverseEvent, values: Mapping[str, float]) -> tuple[float, float]:
    """Shares of moderate and of severe events, together at most 1.

    Parameters
    ----------
    event : AdverseEvent
        The event.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    tuple[float, float]
        Share of moderate and of severe occurrences.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> moderate, severe = severity_shares(BACKGROUND_EVENTS["headache"], load_parameters().draw(1, 0))
    >>> moderate + severe < 1.0
    True
    """
    severe = min(values[event.course.severe], 1.0)
    return min(values[event.course.moderate], 1.0 - severe), severe


def event_names(arms: Sequence[Sequence[Hazard]]) -> tuple[str, ...]:
    """Events that any arm of a study can have, in order of appearance."""
    return tuple(dict.fromkeys(hazard.event.name for hazards in arms for hazard in hazards))


def event_titles(arms: Sequence[Sequence[Hazard]]) -> dict[str, str]:
    """Title of every event of a study."""
    titles: dict[str, str] = {}
    for hazards in arms:
        for hazard in hazards:
            titles.setdefault(hazard.event.name, hazard.event.title)
    return titles


def hazard_parameters(arms: Sequence[Sequence[Hazard]]) -> frozenset[str]:
    """Names of the parameters that the events of a study read."""
    return frozenset(name for hazards in arms for hazard in hazards for name in hazard.parameter_names())
