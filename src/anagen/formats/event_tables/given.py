"""What is given when: the doses of an arm or of a patient, each into a compartment of its own, in the unit it is given.

The simulation spreads what is given by area over a reference area (`anagen.trials.protocol.amount_of`); here an amount
is what the study file says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.delivery import Doses, Prescription
from anagen.delivery.doses import ROUNDING
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.study import Study
from anagen.study.treatment import TherapyUse
from anagen.therapies import THERAPIES
from anagen.trials.attendance import sessions_attended
from anagen.trials.intercurrent import possible_weeks
from anagen.trials.protocol import prescription_of

CLOSE = 1e-6
"""Days within which times are the same."""
FAR = float("inf")


@dataclass(frozen=True, slots=True)
class Compartment:
    """Where a dose goes: one for each therapy, route and product, and for each side of a split scalp.

    Attributes
    ----------
    name : str
        Letters, digits and underscores.
    title : str
        In words.
    unit : str
        Of amounts.
    """

    name: str
    title: str
    unit: str


@dataclass(frozen=True, slots=True)
class Given:
    """One therapy of a patient or an arm.

    Attributes
    ----------
    compartment : Compartment
        Where it goes.
    prescription : Prescription
        When and how much, in the unit of the compartment.
    """

    compartment: Compartment
    prescription: Prescription

    def with_doses(self, kept: BoolArray, *, later: float = 0.0) -> Given:
        """Some of its doses, all of them `later` weeks later.

        Parameters
        ----------
        kept : BoolArray, shape (n_doses,)
            Which of them.
        later : float
            Weeks.

        Returns
        -------
        Given
            The same course with them.
        """
        doses = self.prescription.doses
        days, amounts = doses.days[kept] + later * DAYS_PER_WEEK, doses.amounts[..., kept]
        return replace(self, prescription=replace(self.prescription, doses=Doses(days, amounts, doses.daily)))

    def until(self, week: float) -> Given:
        """Without its doses in and after a week."""
        return self.with_doses(np.asarray(self.prescription.doses.days < week * DAYS_PER_WEEK - ROUNDING))

    def later(self, weeks: float) -> Given:
        """All doses some weeks later."""
        return self.with_doses(np.ones(len(self.prescription.doses.days), dtype=np.bool_), later=weeks)


@dataclass(frozen=True, slots=True)
class Repeated:
    """An amount that is given once, or again at equal intervals.

    Attributes
    ----------
    day : float
        Of the first.
    amount : float
        Of each.
    interval : float
        Days between two; 0 where there is one.
    further : int
        How many follow the first.
    """

    day: float
    amount: float
    interval: float = 0.0
    further: int = 0


def repeated(days: FloatArray, amounts: FloatArray) -> list[Repeated]:
    """Doses in as few rows as equal amounts at equal intervals make; amounts of 0 are no doses.

    Parameters
    ----------
    days : FloatArray, shape (n_doses,)
        Increasing.
    amounts : FloatArray, shape (n_doses,)
        Not negative.

    Returns
    -------
    list of Repeated
        In the order of their first doses.

    Examples
    --------
    >>> [(row.day, row.interval, row.further) for row in repeated(np.array([0.0, 14.0, 28.0, 30.0]), np.ones(4))]
    [(0.0, 14.0, 2), (30.0, 0.0, 0)]
    """
    rows: list[Repeated] = []
    there = amounts > 0.0
    left_days, left_amounts = days[there], amounts[there]
    first = 0
    while first < len(left_days):
        last = first
        start, amount = float(left_days[first]), float(left_amounts[first])
        interval = float(left_days[first + 1]) - start if first + 1 < len(left_days) else 0.0
        while last + 1 < len(left_days) and interval > CLOSE:
            expected = start + interval * (last + 1 - first)
            if abs(left_days[last + 1] - expected) > CLOSE or left_amounts[last + 1] != amount:
                break
            last += 1
        further = last - first
        rows.append(Repeated(start, amount, interval if further else 0.0, further))
        first = last + 1
    return rows


def given_of(
    uses: Sequence[TherapyUse], last_week: float, study: Study, *, side: str | None = None
) -> tuple[Given, ...]:
    """What is given to people until the last visit, in the unit in which it is given.

    Parameters
    ----------
    uses : Sequence[TherapyUse]
        Therapies.
    last_week : float
        Week of the last visit.
    study : Study
        That gives them.
    side : str, optional
        Arm whose side of the scalp it is, in a split-scalp trial.

    Returns
    -------
    tuple of Given
        One a therapy; none for no treatment.
    """
    found: list[Given] = []
    for use in uses:
        if use.therapy == "none":
            continue
        prescription = prescription_of(use, last_week, study.population)
        area = 1.0 if use.treated_area is None else use.treated_area.value / REFERENCE_AREA
        doses = prescription.doses
        told = replace(prescription, doses=Doses(doses.days, doses.amounts * area, doses.daily))
        found.append(Given(compartment_of(use, side), told))
    return tuple(found)


def compartment_of(use: TherapyUse, side: str | None = None) -> Compartment:
    """Compartment of a therapy as a study gives it.

    Parameters
    ----------
    use : TherapyUse
        Therapy, route, product, strength.
    side : str, optional
        Arm whose side of the scalp it is.

    Returns
    -------
    Compartment
        With the unit of its amounts: mg where a volume has a strength, a session where there is no dose.
    """
    therapy = THERAPIES[use.therapy].by(use.route)
    strong = use.strength is not None or use.formulation is not None
    unit = "mg" if therapy.dose_unit == "mL" and strong else therapy.dose_unit
    parts = [use.therapy, use.route, *filter(None, (use.product, side))]
    title = f"{therapy.title}, {use.route}"
    title += "".join(f", {words}" for words in filter(None, (use.product, side and f"side of {side}")))
    return Compartment(word(" ".join(parts)), title, unit or ("dose" if use.taken else "session"))


def word(text: str) -> str:
    """A name of letters, digits and underscores that begins with a letter.

    Examples
    --------
    >>> word("minoxidil 5 %"), word("5-ar")
    ('minoxidil_5', 'x5_ar')
    """
    plain = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_") or "x"
    return plain if plain[0].isalpha() else f"x{plain}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What every arm of a study is given, and what patients go on with after a rescue or a switch.

    Attributes
    ----------
    study : Study
        The study.
    arms : Mapping[str, tuple[Given, ...]]
        Arm -> its own course.
    rescues : Mapping[str, tuple[Given, ...]]
        Arm -> the course of the rescued, from baseline on.
    """

    study: Study
    arms: Mapping[str, tuple[Given, ...]]
    rescues: Mapping[str, tuple[Given, ...]]

    @property
    def last(self) -> float:
        """Week of the last visit."""
        return float(self.study.measurement.visits[-1])

    @property
    def compartments(self) -> tuple[Compartment, ...]:
        """Every compartment that something can go to, each once."""
        courses = [*self.arms.values(), *self.rescues.values()]
        courses += [given_of(event.therapies, self.last, self.study) for event in self.study.intercurrent]
        return tuple(dict.fromkeys(given.compartment for course in courses for given in course))

    def after(self, arm: str, event: str, week: float) -> tuple[Given, ...]:
        """What somebody is given who has an intercurrent event.

        Parameters
        ----------
        arm : str
            Arm received.
        event : str
            As the table "patients" names it; the empty text without one.
        week : float
            Week of the event.

        Returns
        -------
        tuple of Given
            From baseline on.

        Raises
        ------
        InputError
            Where the study has several switches, of which the table does not tell which.
        """
        own = self.arms[arm]
        if event in ("", "transplant"):
            return own
        if event == "rescue":
            return self.rescues[arm]
        weeks = possible_weeks(self.study.measurement.visits)
        changed = float(weeks[min(int(np.searchsorted(weeks, week - 1e-9)), len(weeks) - 1)])
        cut = tuple(given.until(changed) for given in own)
        switches = [entry for entry in self.study.intercurrent if entry.event == event and entry.therapies]
        if not switches:
            return cut
        if len(switches) > 1:
            message = "has several switches, and a run does not tell which of them a patient had; leave one"
            raise InputError([Problem(None, None, None, "intercurrent", message)])
        onwards = given_of(switches[0].therapies, self.last - changed, self.study)
        return (*cut, *(given.later(changed).until(self.last) for given in onwards))


def plan_of(study: Study) -> Plan:
    """What every arm is given.

    Parameters
    ----------
    study : Study
        The study.

    Returns
    -------
    Plan
        In the order of the arms.
    """
    last = float(study.measurement.visits[-1])
    split = study.design.layout == "split_scalp"
    arms = {arm.name: given_of(arm.therapies, last, study, side=arm.name if split else None) for arm in study.arms}
    rescues = {
        arm.name: (
            *(given.until(arm.rescue.week) for given in arms[arm.name]),
            *given_of(arm.rescue.therapies, last, study),
        )
        for arm in study.arms
        if arm.rescue is not None
    }
    return Plan(study, arms, rescues)


def doses_given(course: Sequence[Given], patient: int, replicate: int, *, seed: int, until: float = FAR) -> list[Given]:
    """The course of a patient with the sessions that he attends, until he leaves.

    Parameters
    ----------
    course : Sequence[Given]
        As it is planned.
    patient : int
        Number of the patient.
    replicate : int
        Number of the trial.
    seed : int
        Of the run.
    until : float
        Week of leaving.

    Returns
    -------
    list of Given
        Those of which something is given.
    """
    who = np.array([patient]), np.array([replicate])
    attended = (given.with_doses(sessions_attended(given.prescription, *who, seed=seed)[0]) for given in course)
    cut = (given if until == FAR else given.until(until) for given in attended)
    return [given for given in cut if len(given.prescription.doses.days)]
