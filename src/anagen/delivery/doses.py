"""Doses as events: repeated, missed and changed doses are lists of days and amounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray
from anagen.delivery.prescription import Regimen


@dataclass(frozen=True, slots=True)
class Doses:
    """Days on which a dose is given and how much each patient takes.

    Args:
        days: [day] after baseline, not decreasing, shape [dose].
        amounts: in the dose's unit, not negative, shape [patient, dose]; one row where all patients take the same.

    Raises:
        ValueError: where days run backwards, an amount is negative or not finite, or shapes differ.

    Example:
        >>> Doses(np.array([0.0, 1.0]), np.array([[1.0, 0.0]])).total().tolist()
        [1.0]
    """

    days: FloatArray
    amounts: FloatArray

    def __post_init__(self) -> None:
        if self.days.ndim != 1 or self.amounts.ndim != 2 or self.amounts.shape[1] != len(self.days):
            raise ValueError(f"days {self.days.shape} and amounts {self.amounts.shape} are not [dose], [patient, dose]")
        if not (np.all(np.isfinite(self.days)) and np.all(np.diff(self.days) >= 0.0)):
            raise ValueError("days of doses must be finite and must not run backwards")
        if not (np.all(np.isfinite(self.amounts)) and np.all(self.amounts >= 0.0)):
            raise ValueError("amounts must be finite and not negative")

    def total(self) -> FloatArray:
        """Sum of all doses, shape [patient]."""
        return self.amounts.sum(axis=1)

    def for_patients(self, number: int) -> FloatArray:
        """Amounts with one row per patient, shape [patient, dose].

        Raises:
            ValueError: where the amounts are of another number of patients.
        """
        return np.ascontiguousarray(np.broadcast_to(self.amounts, (number, len(self.days))), dtype=np.float64)


def repeated(amount: float, *, start: float, every: float, until: float) -> Doses:
    """The same amount every `every` days from day `start`, before day `until`.

    Raises:
        ValueError: where `every` is not positive.

    Example:
        >>> repeated(0.5, start=0.0, every=0.5, until=1.0).days.tolist()
        [0.0, 0.5]
    """
    if not every > 0.0:
        raise ValueError(f"the interval between doses must be positive, got {every}")
    days = start + every * np.arange(max(0, int(np.ceil((until - start) / every - 1e-9))), dtype=np.float64)
    return Doses(days, np.full((1, len(days)), float(amount)))


def of_regimen(regimen: Regimen) -> Doses:
    """The doses of a regimen, every one taken.

    Example:
        >>> from anagen.delivery.prescription import sessions
        >>> of_regimen(sessions(start=0, every=2, number=2, amount=1e10)).days.tolist()
        [0.0, 14.0]
    """
    return Doses(np.asarray(regimen.days, dtype=np.float64), np.asarray(regimen.amounts, dtype=np.float64)[None, :])


def missed(doses: Doses, forgotten: BoolArray) -> Doses:
    """The same course with some doses not taken.

    Args:
        doses: the course. forgotten: True where a dose is missed, shape [dose] or [patient, dose].

    Example:
        >>> missed(repeated(1.0, start=0, every=1, until=3), np.array([False, True, False])).amounts.tolist()
        [[1.0, 0.0, 1.0]]
    """
    return Doses(doses.days, np.where(np.atleast_2d(forgotten), 0.0, doses.amounts))


def changed(doses: Doses, *, day: float, amount: float) -> Doses:
    """The same course with another amount from `day` on; a dose that was missed stays missed.

    Example:
        >>> changed(repeated(1.0, start=0, every=1, until=3), day=2.0, amount=5.0).amounts.tolist()
        [[1.0, 1.0, 5.0]]
    """
    return Doses(doses.days, np.where((doses.days[None, :] >= day) & (doses.amounts > 0.0), amount, doses.amounts))


def single(doses: Doses, number: int) -> Doses:
    """Only dose `number` of a course, for checks of superposition.

    Example:
        >>> single(repeated(1.0, start=0, every=1, until=3), 2).days.tolist()
        [2.0]
    """
    return Doses(doses.days[number : number + 1], doses.amounts[:, number : number + 1])
