"""What the product, the dose and the route of each dose do to the rates of a therapy's events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Prescription
from anagen.exosomes.release_summary import RELEASED, release_summary
from anagen.signalling.ways import ROUNDED
from anagen.therapies.product_risk import DOSE_DEPENDENT, DOSE_POWER, risk_factors
from anagen.therapies.safety import AdverseEvent


@dataclass(frozen=True, slots=True)
class Moved:
    """What moves the hazard of one stretch of exposure.

    Attributes
    ----------
    parameters : tuple[str, ...]
        Names of the factors.
    dose : float
        Dose over the one for which the rate holds, 1 where the event does not depend on it.
    power : str
        Name of the power with which the hazard rises with the dose.
    """

    parameters: tuple[str, ...]
    dose: float = 1.0
    power: str = DOSE_POWER

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that is read."""
        return self.parameters if self.dose == 1.0 else (*self.parameters, self.power)

    def factor(self, values: Mapping[str, float]) -> float:
        """Factor on the hazard, for one draw of the parameters.

        Examples
        --------
        >>> Moved(("a",), 4.0).factor({"a": 3.0, "exosome_risk.dose_power": 0.5})
        6.0
        """
        dose = 1.0 if self.dose == 1.0 else self.dose ** values[self.power]
        return math.prod(values[name] for name in self.parameters) * dose


def taken_days(prescription: Prescription, end: float) -> FloatArray:
    """Days before the end on which something is given; a dose of no vesicles is none.

    Parameters
    ----------
    prescription : Prescription
        What is given.
    end : float
        Last day.
    """
    doses = prescription.doses
    given = doses.days < end
    if prescription.therapy.reference_product is not None:
        given &= np.atleast_2d(doses.amounts).any(axis=0)
    return doses.days[given]


def moved_by_product(
    event: AdverseEvent, entries: Sequence[Prescription], days: FloatArray, end: float
) -> tuple[Moved, ...]:
    """What moves an event of a therapy on each of its days; empty where nothing does.

    Parameters
    ----------
    event : AdverseEvent
        The event.
    entries : Sequence[Prescription]
        All entries of one therapy and route in an arm.
    days : FloatArray
        Days on which any is given, increasing.
    end : float
        Last day.

    Returns
    -------
    tuple[Moved, ...]
        One for each day: the factors of all products given on it, and the sum of their doses over the usual dose.
    """
    if event.dose_power is not None and event.reference_dose is not None:
        amounts = amounts_on(entries, days, end)
        # of daily use the dose of a day counts, however many parts it is taken in
        doses = amounts if event.unit == "sessions" else amounts / gaps_beside(days)
        return tuple(Moved((), float(dose), event.dose_power) for dose in doses / event.reference_dose)
    usual = entries[0].therapy.default_dose
    if entries[0].therapy.reference_product is None or not usual:
        return ()
    factors: list[dict[str, None]] = [{} for _ in days]
    doses = np.zeros(len(days))
    place = {float(day): number for number, day in enumerate(np.round(days, ROUNDED))}
    for entry in entries:
        summary = RELEASED if entry.product is None else release_summary(entry.product)
        names = [factor.parameter for factor in risk_factors(summary, entry.route.name) if event.name in factor.events]
        amounts = np.atleast_2d(entry.doses.amounts).mean(axis=0)
        for day, amount in zip(np.round(entry.doses.days, ROUNDED), amounts, strict=True):
            number = place.get(float(day))
            if day < end and amount > 0.0 and number is not None:
                doses[number] += amount / usual
                factors[number] |= dict.fromkeys(names)
    depends = event.name in DOSE_DEPENDENT
    moved = tuple(
        Moved(tuple(names), float(dose) if depends else 1.0) for names, dose in zip(factors, doses, strict=True)
    )
    return moved if any(entry.parameters or entry.dose != 1.0 for entry in moved) else ()


def gaps_beside(days: FloatArray) -> FloatArray:
    """Shorter of the gaps before and after each dose [day]: a day for daily doses, a week for weekly or single ones.

    Parameters
    ----------
    days : FloatArray, shape (n_days,)
        Days of doses, increasing.

    Returns
    -------
    FloatArray, shape (n_days,)
        Days for which each dose counts as use.

    Examples
    --------
    >>> gaps_beside(np.array([0.0, 0.5, 1.0, 8.0])).tolist()
    [0.5, 0.5, 0.5, 7.0]
    """
    gaps = np.diff(days) if len(days) > 1 else np.array([DAYS_PER_WEEK])
    return np.minimum(np.append(gaps, np.inf), np.append(np.inf, gaps))[: len(days)]


def amounts_on(entries: Sequence[Prescription], days: FloatArray, end: float) -> FloatArray:
    """Amount of a therapy on each of its days, mean over patients, all its entries together.

    Parameters
    ----------
    entries : Sequence[Prescription]
        All entries of one therapy and route in an arm.
    days : FloatArray
        Days on which any is given, increasing.
    end : float
        Last day.

    Returns
    -------
    FloatArray, shape (n_days,)
        In the unit of the dose.
    """
    amounts = np.zeros(len(days))
    place = {float(day): number for number, day in enumerate(np.round(days, ROUNDED))}
    for entry in entries:
        given = np.atleast_2d(entry.doses.amounts).mean(axis=0)
        for day, amount in zip(np.round(entry.doses.days, ROUNDED), given, strict=True):
            number = place.get(float(day))
            if day < end and number is not None:
                amounts[number] += amount
    return amounts
