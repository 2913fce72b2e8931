"""What a route is: how a dose becomes exposure at the follicle, and what giving it does by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from anagen.core.arrays import FloatArray
from anagen.therapies import Action

Exposure = Callable[[FloatArray, FloatArray, FloatArray, float], FloatArray]
"""exposure(days, amounts, grid, half_life): doses given on `days` -> mean exposure from each grid point to the next."""


@dataclass(frozen=True, slots=True)
class Setting:
    """A choice that a route leaves to the study file, such as the depth of a needle.

    Args:
        name: key under `settings` in a study file. title: in words. unit: in which the value is kept.
        default: value where the study file is silent, or the name of the parameter that holds it.
        minimum, maximum: least and greatest value allowed, both included.
    """

    name: str
    title: str
    unit: str
    default: float | str
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Route:
    """A way of giving a therapy.

    Args:
        name, title: as a study file names it and in words.
        exposure: doses -> exposure at the follicle [grid point].
        exposure_unit: what exposure is measured in, with {dose} for the unit of the dose.
        actions: levers moved by the act itself (a needle), whatever is given.
        act_half_life: parameter name of the half-life [day] of what the act leaves behind, or None.
        reading: parameter name of the shift [hairs/cm2] in counts that the act brings as a measurement term, or None.
        settings: choices of the route, each with a default.
        source: where the description comes from.
    """

    name: str
    title: str
    exposure: Exposure
    exposure_unit: str
    source: str
    actions: tuple[Action, ...] = ()
    act_half_life: str | None = None
    reading: str | None = None
    settings: tuple[Setting, ...] = ()

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that the route itself reads."""
        names = [name for action in self.actions for name in (action.maximum, action.half, action.rise, action.fall)]
        names += [name for name in (self.act_half_life, self.reading) if name is not None]
        names += [setting.default for setting in self.settings if isinstance(setting.default, str)]
        return tuple(dict.fromkeys(names))
