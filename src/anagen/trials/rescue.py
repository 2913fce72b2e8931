"""A switch for non-response: the second course of an arm, and who goes on with it.

The arm's own therapies all along, and the same cut at the week of the rescue and followed by those of the rescue, are
two courses of one patient. Twins share every draw, so that both are the same up to that week; what a patient was
measured with by then decides which of the two is his.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from anagen.core.arrays import BoolArray, IntArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Doses, Prescription
from anagen.delivery.doses import ROUNDING
from anagen.scalp import Readings
from anagen.study.treatment import Rescue

if TYPE_CHECKING:
    from anagen.trials.protocol import Protocol


@dataclass(frozen=True, slots=True)
class Rescued:
    """The second course of an arm with a rescue.

    Attributes
    ----------
    arm : int
        Place of the arm.
    rule : Rescue
        As the study states it.
    prescriptions : tuple[Prescription, ...]
        What the rescued are given, from baseline on.
    """

    arm: int
    rule: Rescue
    prescriptions: tuple[Prescription, ...]

    def visit(self, plan: Protocol) -> int:
        """Place of the visit that decides."""
        return int(np.flatnonzero(plan.weeks == self.rule.week)[0])

    def is_for(self, readings: Readings, plan: Protocol) -> BoolArray:
        """Whose measured change is too little [patient]; nobody's who has no reading."""
        column = [endpoint.name for endpoint in plan.endpoints].index(self.rule.endpoint)
        measured = readings.measured[:, :, column]
        change = measured[:, self.visit(plan)] - measured[:, 0]
        if self.rule.change_below is not None:
            return np.asarray(change < self.rule.change_below)
        assert self.rule.change_above is not None  # a rescue has one of the two
        return np.asarray(change > self.rule.change_above)

    def taken(self, own: Readings, other: Readings, rows: IntArray, plan: Protocol) -> Readings:
        """Readings of an arm in which some patients have another course after the visit that decides.

        Parameters
        ----------
        own : Readings
            Of the arm's own course, every patient.
        other : Readings
            Of the other course, of every patient or of `rows` alone.
        rows : IntArray, shape (n_rescued,)
            Who is rescued.
        plan : Protocol
            The study.

        Returns
        -------
        Readings
            Of every patient.
        """
        after = self.visit(plan) + 1
        of_rows = slice(None) if len(other.measured) == len(rows) else rows
        parts = [getattr(own, name).copy() for name in ("true", "expected", "measured")]
        for part, name in zip(parts, ("true", "expected", "measured"), strict=True):
            part[rows, after:] = getattr(other, name)[of_rows, after:]
        return Readings(*parts)


def rescued(arm: int, own: Sequence[Prescription], rule: Rescue, therapies: Sequence[Prescription]) -> Rescued:
    """The second course of an arm: its own therapies cut at the week of the rescue, then those of the rescue.

    Parameters
    ----------
    arm : int
        Place of the arm.
    own : Sequence[Prescription]
        Its own therapies.
    rule : Rescue
        As the study states it.
    therapies : Sequence[Prescription]
        Those of the rescue, none of which is given before its week.

    Returns
    -------
    Rescued
        The second course.
    """
    cut = [until(prescription, rule.week) for prescription in own]
    return Rescued(arm, rule, (*(part for part in cut if len(part.doses.days)), *therapies))


def until(prescription: Prescription, week: float) -> Prescription:
    """A therapy without its doses in and after a week.

    Parameters
    ----------
    prescription : Prescription
        As it is given.
    week : float
        Week in which it is given no more.

    Returns
    -------
    Prescription
        The same until then.
    """
    doses = prescription.doses
    kept = doses.days < week * DAYS_PER_WEEK - ROUNDING
    return replace(prescription, doses=Doses(doses.days[kept], doses.amounts[..., kept], doses.daily))


def without_rescue(
    plan: Protocol,
    own: Sequence[Readings],
    readings: Sequence[Readings],
    given: BoolArray,
    seen: BoolArray,
    *,
    twins: bool,
) -> tuple[list[Readings], BoolArray]:
    """Readings and courses in which patients who had left before the visit of a rescue stay on the arm's own course.

    Who leaves hangs on the change, and so on the course after the rescue; up to it both are the same, and so is who has
    left by then.

    Parameters
    ----------
    plan : Protocol
        The study.
    own : Sequence[Readings]
        Of each arm's own course.
    readings : Sequence[Readings]
        Of each arm, with those who were rescued.
    given : BoolArray, shape (n_courses, n_patients)
        Who has which course.
    seen : BoolArray, shape (n_patients, n_visits)
        Who came to which visit.
    twins : bool
        Whether every patient was followed under every arm; else one reading stands for all arms.

    Returns
    -------
    tuple[list[Readings], BoolArray]
        Readings of each arm, and who has which course.
    """
    n_arms, kept, of_arms = len(plan.arms), given.copy(), list(readings)
    for course, rescue in enumerate(plan.rescues, start=n_arms):
        back = given[course] & ~seen[:, rescue.visit(plan)]
        kept[course] &= ~back
        kept[rescue.arm] |= back
        rows = np.flatnonzero(back)
        if not len(rows):
            continue
        mended = rescue.taken(of_arms[rescue.arm], own[rescue.arm], rows, plan)
        of_arms = [mended if arm == rescue.arm or not twins else of_arms[arm] for arm in range(n_arms)]
    return of_arms, kept


def with_rescues(readings: Sequence[Readings], plan: Protocol) -> list[Readings]:
    """Readings of every arm, from those of twins in every course who miss no visit.

    Parameters
    ----------
    readings : Sequence[Readings]
        Of each course of the study.
    plan : Protocol
        The study.

    Returns
    -------
    list[Readings]
        Of each arm: every patient in the course that his own measured change decides.
    """
    of_arms = list(readings[: len(plan.prescriptions)])
    for rescue, other in zip(plan.rescues, readings[len(of_arms) :], strict=True):
        rows = np.flatnonzero(rescue.is_for(of_arms[rescue.arm], plan))
        of_arms[rescue.arm] = rescue.taken(of_arms[rescue.arm], other, rows, plan)
    return of_arms


def shares_below(readings: Sequence[Readings], plan: Protocol) -> list[float]:
    """Share of patients whose measured change is too little, for every rescue; a rescue moves no reading until then.

    Parameters
    ----------
    readings : Sequence[Readings]
        Of each arm.
    plan : Protocol
        The study.

    Returns
    -------
    list[float]
        0 to 1.
    """
    return [float(rescue.is_for(readings[rescue.arm], plan).mean()) for rescue in plan.rescues]
