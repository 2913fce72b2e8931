"""What one arm is given: a therapy, by a route, at a dose, on days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from anagen.delivery.doses import Doses
from anagen.delivery.route import Route
from anagen.exosomes import Product
from anagen.therapies import Therapy

REFERENCE_AREA = 100.0
"""Skin over which the model's amounts of a session are spread [cm2]: n particles on it are n / 100 per cm2."""


@dataclass(frozen=True, slots=True)
class Noticing:
    """How many patients of an arm notice what they are given.

    Attributes
    ----------
    share : float
        Of patients, or of those with an adverse event.
    factor : float
        On what they expect of it.
    by_event : bool
        Whether an adverse event gives it away.
    """

    share: float
    factor: float
    by_event: bool = False


@dataclass(frozen=True, slots=True)
class Prescription:
    """One therapy of an arm.

    Attributes
    ----------
    therapy : Therapy
        What.
    route : Route
        How.
    doses : Doses
        When and how much.
    product : Product or None
        Vesicle product other than the one for which the therapy's levers are set.
    reference : Product or None
        The product for which they are set, where there is another.
    adherence_mean : float
        Share of daily doses taken, mean over patients.
    adherence_sd : float
        Its standard deviation between patients.
    settings : Mapping[str, float]
        The route's settings as the study file has them, in the setting's unit.
    formulation : str or None
        The form, such as a strength or a way of harvesting grafts; None where there is one form.
    transfer : Mapping[str, str]
        Sex -> name of the factor on the therapy's effects, for patients unlike those in whom it was studied.
    noticed : Noticing or None
        Which of the arm's patients notice it; None for nobody.
    """

    therapy: Therapy
    route: Route
    doses: Doses
    product: Product | None = None
    reference: Product | None = None
    adherence_mean: float = 1.0
    adherence_sd: float = 0.0
    settings: Mapping[str, float] = field(default_factory=dict[str, float])
    formulation: str | None = None
    transfer: Mapping[str, str] = field(default_factory=dict[str, str])
    noticed: Noticing | None = None

    def setting(self, name: str, values: Mapping[str, float]) -> float:
        """Value of a setting of the route: the study's, the therapy's, or its default.

        Parameters
        ----------
        name : str
            Name of the setting.
        values : Mapping[str, float]
            Parameter values, which some defaults are.

        Returns
        -------
        float
            In the setting's unit.

        Raises
        ------
        KeyError
            Where the route has no such setting.
        """
        if name in self.settings:
            return self.settings[name]
        usual = {choice.name: choice.default for choice in self.route.settings}
        default = (usual | {key: value for key, value in self.therapy.settings.items() if key in usual})[name]
        return values[default] if isinstance(default, str) else default
