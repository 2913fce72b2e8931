"""What one arm is given: a therapy, by a route, at a dose, on days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery.route import Route
from anagen.exosomes import Product
from anagen.therapies import Therapy

REFERENCE_AREA = 100.0
"""Skin over which the model's amounts of a session are spread [cm2]: n particles on it are n / 100 per cm2."""


@dataclass(frozen=True, slots=True)
class Regimen:
    """Days on which something is given and how much each time.

    days: [day] after baseline, increasing. amounts: in the dose's unit; 1 per session where there is no dose.
    daily: True where adherence thins the doses out.
    """

    days: FloatArray
    amounts: FloatArray
    daily: bool


@dataclass(frozen=True, slots=True)
class Prescription:
    """One therapy of an arm.

    Args:
        therapy, route: what and how.
        regimen: when and how much.
        product: vesicle product other than the one for which the therapy's levers are set, or None.
        reference: the product for which they are set, where there is another.
        adherence_mean, adherence_sd: share of daily doses taken, mean and standard deviation between patients.
        formulation: the form chosen, such as a strength or a way of harvesting grafts; None where there is one form.
        settings: the route's settings as the study file chose them, name -> value in the setting's unit.
    """

    therapy: Therapy
    route: Route
    regimen: Regimen
    product: Product | None = None
    reference: Product | None = None
    adherence_mean: float = 1.0
    adherence_sd: float = 0.0
    settings: Mapping[str, float] = field(default_factory=dict[str, float])
    formulation: str | None = None

    def setting(self, name: str, values: Mapping[str, float]) -> float:
        """Value of a setting of the route: the study's, the therapy's, or its default under the parameter values.

        Raises:
            KeyError: where the route has no such setting.
        """
        if name in self.settings:
            return self.settings[name]
        usual = {choice.name: choice.default for choice in self.route.settings}
        default = (usual | {key: value for key, value in self.therapy.settings.items() if key in usual})[name]
        return values[default] if isinstance(default, str) else default


def sessions(*, start: float, every: float | None, number: int, amount: float) -> Regimen:
    """`number` sessions, the first at week `start`, then every `every` weeks.

    Example:
        >>> sessions(start=0, every=2, number=3, amount=1.0).days.tolist()
        [0.0, 14.0, 28.0]
    """
    weeks = start + (every or 0.0) * np.arange(number, dtype=np.float64)
    return Regimen(days=weeks * DAYS_PER_WEEK, amounts=np.full(number, amount), daily=False)


def daily(*, start: float, until: float, amount_per_day: float, per_day: float = 1.0) -> Regimen:
    """The same amount each day from week `start` up to week `until`, in `per_day` parts spread over the day.

    Fewer doses than one a day are given as their daily share.

    Example:
        >>> daily(start=0, until=1, amount_per_day=1.0, per_day=2).days[:3].tolist()
        [0.0, 0.5, 1.0]
    """
    parts = max(1, round(per_day))
    days = np.arange(start * DAYS_PER_WEEK, until * DAYS_PER_WEEK - 1e-9, 1.0 / parts)
    return Regimen(days=days, amounts=np.full(len(days), amount_per_day / parts), daily=True)
