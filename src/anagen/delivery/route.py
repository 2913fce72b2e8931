"""What a route is: what giving something does by itself, and what it leaves to the study file."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.therapies import Action, Occupancy, Therapy, actions, by_effect
from anagen.therapies.safety import AdverseEvent


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice that a route leaves to the study file, such as the depth of a needle.

    Attributes
    ----------
    name : str
        Key under `settings` in a study file.
    title : str
        In words.
    unit : str
        In which the value is kept.
    default : float | str
        Value where the study file is silent, or the name of the parameter that holds it.
    minimum : float
        Least value allowed, included.
    maximum : float
        Greatest value allowed, included.
    """

    name: str
    title: str
    unit: str
    default: float | str
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Act:
    """What the act itself does, whatever is given: the same in the arm and in its control.

    Attributes
    ----------
    kinetics : str
        Name of the kinetics of what it leaves behind.
    occupies : tuple[Occupancy, ...]
        Inputs of the network.
    actions : tuple[Action, ...]
        Levers moved.
    """

    kinetics: str
    occupies: tuple[Occupancy, ...]
    actions: tuple[Action, ...]

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that the act reads, beside those of its kinetics."""
        names = [name for action in self.actions for name in action.parameter_names()]
        names += [name for entry in self.occupies for name in entry.parameter_names()]
        return tuple(dict.fromkeys(names))


@dataclass(frozen=True, slots=True)
class Route:
    """A way of giving a therapy.

    Attributes
    ----------
    name : str
        As a study file names it.
    title : str
        In words.
    source : str
        Where the description comes from.
    act : Act, optional
        What the act does by itself (a needle, a laser), or None.
    reading : str, optional
        Parameter name of the shift [hairs/cm2] in counts that the act brings as a measurement term, or None.
    settings : tuple[Setting, ...], default ()
        Choices of the route, each with a default.
    harms : tuple[AdverseEvent, ...], default ()
        Adverse events of giving anything by it, its control as well.
    systemic : bool, default False
        True where it reaches the whole body, so that it cannot be given to one side of a scalp.
    """

    name: str
    title: str
    source: str
    act: Act | None = None
    reading: str | None = None
    settings: tuple[Setting, ...] = ()
    harms: tuple[AdverseEvent, ...] = ()
    systemic: bool = False

    def way_of(self, therapy: Therapy) -> str:
        """How a therapy is given by this route, in words; empty where the therapy is the act of the route by itself.

        Parameters
        ----------
        therapy : Therapy
            What is given.

        Returns
        -------
        str
            For the middle of a sentence, behind the therapy's title.

        Examples
        --------
        >>> from anagen.delivery import ROUTES
        >>> from anagen.therapies import THERAPIES
        >>> needles = ROUTES["microneedle"]
        >>> needles.way_of(THERAPIES["exosome"]), needles.way_of(THERAPIES["microneedling"])
        ('laid on after microneedling', '')
        """
        alone = self.act is not None and not therapy.is_control and not therapy.kinetics
        return "" if alone else self.title

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that the route itself reads, beside those of its kinetics."""
        names = [] if self.act is None else list(self.act.parameter_names())
        names += [self.reading] if self.reading is not None else []
        names += [setting.default for setting in self.settings if isinstance(setting.default, str)]
        return tuple(dict.fromkeys(names))


WOUND_ACTIONS = by_effect("wound", actions("wound", "telogen_exit", reference=True))
"""What a wound does to follicles, whatever made it."""


def wounding(kinetics: str) -> Act:
    """The act of a route that wounds the skin."""
    return Act(kinetics, (Occupancy("WOUND", reference_occupancy="wound.reference_occupancy"),), WOUND_ACTIONS)
