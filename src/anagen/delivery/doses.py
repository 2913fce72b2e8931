"""Doses as events: when something is given and how much each time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK

ROUNDING = 1e-9
"""Days that rounding can move a dose by."""


@dataclass(frozen=True, slots=True)
class Doses:
    """Days on which something is given and how much each time.

    Attributes
    ----------
    days : FloatArray, shape (n_doses,)
        Days after baseline, not decreasing.
    amounts : FloatArray, shape (n_doses,) or (n_patients, n_doses)
        In the dose's unit, not negative; 1 per session where there is no dose. One row for each patient where they
        differ.
    daily : bool
        Whether doses belong to every day, so that adherence thins them out.

    Raises
    ------
    ValueError
        Where days run backwards, an amount is negative or not finite, or shapes differ.

    Examples
    --------
    >>> Doses(np.array([0.0, 1.0]), np.array([1.0, 0.5])).rows.tolist()
    [[1.0, 0.5]]
    """

    days: FloatArray
    amounts: FloatArray
    daily: bool = False

    def __post_init__(self) -> None:
        if self.days.ndim != 1 or self.amounts.ndim not in (1, 2) or self.amounts.shape[-1] != len(self.days):
            raise ValueError(f"days {self.days.shape} and amounts {self.amounts.shape} are not [dose], [patient, dose]")
        if not (np.all(np.isfinite(self.days)) and np.all(np.diff(self.days) >= 0.0)):
            raise ValueError("days of doses must be finite and must not run backwards")
        if not (np.all(np.isfinite(self.amounts)) and np.all(self.amounts >= 0.0)):
            raise ValueError("amounts must be finite and not negative")

    @property
    def rows(self) -> FloatArray:
        """Amounts with a patient axis, shape (n_patients, n_doses); one row where all patients take the same."""
        return np.atleast_2d(self.amounts)

    def for_patients(self, number: int) -> FloatArray:
        """Amounts with one row for each patient.

        Parameters
        ----------
        number : int
            Number of patients.

        Returns
        -------
        FloatArray, shape (number, n_doses)
            A contiguous copy.

        Raises
        ------
        ValueError
            Where the amounts are of another number of patients.
        """
        return np.ascontiguousarray(np.broadcast_to(self.amounts, (number, len(self.days))), dtype=np.float64)

    def scaled(self, scales: FloatArray) -> Doses:
        """The same doses times each scale, as if each were a patient.

        Parameters
        ----------
        scales : FloatArray, shape (n_scales,)
            Factors on amounts that all patients share.

        Returns
        -------
        Doses
            With amounts of shape (n_scales, n_doses).

        Examples
        --------
        >>> Doses(np.zeros(1), np.ones(1)).scaled(np.array([0.0, 2.0])).amounts.tolist()
        [[0.0], [2.0]]
        """
        return Doses(self.days, np.multiply.outer(scales, self.amounts), self.daily)


def sessions(*, start: float, every: float | None, number: int, amount: float) -> Doses:
    """The same amount in each of several sessions.

    Parameters
    ----------
    start : float
        Week of the first session.
    every : float or None
        Weeks between sessions; None where there is one.
    number : int
        Number of sessions.
    amount : float
        Amount of each, in the dose's unit.

    Returns
    -------
    Doses
        One dose a session.

    Examples
    --------
    >>> sessions(start=0, every=2, number=3, amount=1.0).days.tolist()
    [0.0, 14.0, 28.0]
    """
    weeks = start + (every or 0.0) * np.arange(number, dtype=np.float64)
    return Doses(on_whole_days(weeks * DAYS_PER_WEEK), np.full(number, amount, dtype=np.float64))


def daily(*, start: float, until: float, amount_per_day: float, per_day: float = 1.0) -> Doses:
    """The same amount each day, in parts spread over the day.

    Fewer doses than one a day are given as their daily share.

    Parameters
    ----------
    start : float
        First week.
    until : float
        Week before which the last dose is taken.
    amount_per_day : float
        Amount of a day, in the dose's unit.
    per_day : float
        Doses a day.

    Returns
    -------
    Doses
        Marked as daily.

    Examples
    --------
    >>> daily(start=0, until=1, amount_per_day=1.0, per_day=2).days[:3].tolist()
    [0.0, 0.5, 1.0]
    """
    parts = max(1, round(per_day))
    days = np.arange(start * DAYS_PER_WEEK, until * DAYS_PER_WEEK - 1e-9, 1.0 / parts)
    return Doses(days, np.full(len(days), amount_per_day / parts), daily=True)


def on_whole_days(days: FloatArray) -> FloatArray:
    """Days, those that are whole but for rounding as whole ones: sevenths of a week times seven.

    Parameters
    ----------
    days : FloatArray, shape (n_days,)
        Days.

    Returns
    -------
    FloatArray, shape (n_days,)
        The same to 1e-9.

    Examples
    --------
    >>> on_whole_days(np.array([7.0 * 3.0 * (2.0 / 7.0), 0.5])).tolist()
    [6.0, 0.5]
    """
    whole = np.round(days)
    return np.where(np.abs(days - whole) < ROUNDING, whole, days)


def joined(parts: Sequence[Doses], *, daily: bool) -> Doses:
    """Doses of several stretches of time, one after the other, as one course.

    Parameters
    ----------
    parts : Sequence[Doses]
        In the order of time.
    daily : bool
        Whether patients take them themselves, so that adherence thins them out.

    Returns
    -------
    Doses
        All doses.

    Examples
    --------
    >>> both = joined([sessions(start=week, every=1, number=2, amount=week) for week in (0, 4)], daily=True)
    >>> both.days.tolist(), both.amounts.tolist(), both.daily
    ([0.0, 7.0, 28.0, 35.0], [0.0, 0.0, 4.0, 4.0], True)
    """
    days, amounts = (np.concatenate(arrays) for arrays in zip(*((p.days, p.amounts) for p in parts), strict=True))
    order = np.argsort(days, kind="stable")
    return Doses(days[order], amounts[order], daily)


def repeated(amount: float, *, start: float, every: float, until: float) -> Doses:
    """The same amount at a fixed interval of days.

    Parameters
    ----------
    amount : float
        Amount of each dose.
    start : float
        Day of the first dose.
    every : float
        Days between doses.
    until : float
        Day before which the last dose is taken.

    Returns
    -------
    Doses
        One dose an interval.

    Raises
    ------
    ValueError
        Where the interval is not positive.

    Examples
    --------
    >>> repeated(0.5, start=0.0, every=0.5, until=1.0).days.tolist()
    [0.0, 0.5]
    """
    if not every > 0.0:
        raise ValueError(f"the interval between doses must be positive, got {every}")
    days = start + every * np.arange(max(0, int(np.ceil((until - start) / every - 1e-9))), dtype=np.float64)
    return Doses(days, np.full(len(days), float(amount)))
