"""What the product, the dose and the route of each session do to the rates of a vesicle therapy's events."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.exosomes.release_summary import RELEASED, release_summary
from anagen.signalling.players import ROUNDED
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
        Dose over the usual one, 1 where the event does not depend on it.
    """

    parameters: tuple[str, ...]
    dose: float = 1.0

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that is read."""
        return self.parameters if self.dose == 1.0 else (*self.parameters, DOSE_POWER)

    def factor(self, values: Mapping[str, float]) -> float:
        """Factor on the hazard, for one draw of the parameters.

        Examples
        --------
        >>> Moved(("a",), 4.0).factor({"a": 3.0, "exosome_risk.dose_power": 0.5})
        6.0
        """
        dose = 1.0 if self.dose == 1.0 else self.dose ** values[DOSE_POWER]
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
