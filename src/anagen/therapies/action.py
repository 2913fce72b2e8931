"""What a therapy does, as data: inputs of the network that it occupies, and the levers of the hair cycle that follow.

The size of an action is the lever's own greatest effect, or what a usual course gains, from which the lever follows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Lever = Literal["androgen_drive", "anagen_extension", "telogen_exit", "calibre_gain", "immune_attack"]
LEVERS: dict[Lever, str] = {
    "androgen_drive": "share of androgen-receptor drive removed: a = 1 - effect",
    "anagen_extension": "lengthens anagen: its clock runs at exp(-effect)",
    "telogen_exit": "brings resting follicles back into anagen sooner: their clock runs at exp(effect)",
    "calibre_gain": "log of the factor on the diameter of growing hair",
    "immune_attack": "share of the attack on growing hair removed: the immune attack, or that of chemotherapy",
}


@dataclass(frozen=True, slots=True)
class Occupancy:
    """One input of the signalling network that something given occupies: level = E / (E + half) for exposure E.

    Attributes
    ----------
    input : str
        Name of the input ("VESICLE_UPTAKE").
    half : str, optional
        Parameter name of the exposure at half occupancy; None where the exposure is a share already (of DHT removed).
    exposure : str, default "main"
        Which exposure of the kinetics.
    reference : bool, default True
        True where the input counts in the saturating exposure to which the greatest effect refers; False for what only
        some products carry.
    reference_occupancy : str, optional
        Parameter name of the occupancy at the usual dose, at which the response of the levers is known; None: 1.
    """

    input: str
    half: str | None = None
    exposure: str = "main"
    reference: bool = True
    reference_occupancy: str | None = None

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters that it reads."""
        return tuple(name for name in (self.half, self.reference_occupancy) if name is not None)


@dataclass(frozen=True, slots=True)
class Action:
    """One lever moved: goal = maximum * response, dL/dt = (goal - L) / tau.

    The response is that of the network's output behind the lever, 1 where the inputs are saturated; or, where no way
    through the network has a source, an occupancy E / (E + half) of its own.

    Where `effect` names what a usual course gains, the greatest effect on the lever follows from it:

        goal = maximum * e * exp(max(e, 0) / bound) * response,   e = sum of the parameters of `effect`

    `maximum` is then the lever per unit of effect. The more hair is brought back, the fewer resting follicles are left
    to bring more, so that the levers of a large effect are larger than in proportion.

    Attributes
    ----------
    lever : Lever
        Which lever.
    maximum : str
        Parameter name of the effect at saturating exposure, what trials can identify; or of that per unit of `effect`.
    rise : str
        Parameter name of the time constant with which the lever follows up [day].
    fall : str
        Parameter name of the time constant with which the lever follows down [day].
    half : str, optional
        Parameter name of the exposure at half the maximum for an action beside the network; None: through it.
    exposure : str, default "main"
        Which exposure of the kinetics an action beside the network follows.
    reference_response : str, optional
        Parameter name of the response at the `reference_occupancy` of the inputs; None: 1.
    effect : tuple[str, ...], default ()
        Parameter names whose sum is what a usual course gains [hairs/cm2, or um of diameter]; empty where the lever
        itself is known.
    bound : str, optional
        Parameter name of the effect beyond which levers grow e-fold out of proportion; None: in proportion.
    """

    lever: Lever
    maximum: str
    rise: str
    fall: str
    half: str | None = None
    exposure: str = "main"
    reference_response: str | None = None
    effect: tuple[str, ...] = ()
    bound: str | None = None

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters that the action reads."""
        names = (self.maximum, self.rise, self.fall, self.half, self.reference_response, *self.effect, self.bound)
        return tuple(name for name in names if name is not None)

    def greatest(self, values: Mapping[str, float]) -> float:
        """Greatest effect on the lever, in its own unit.

        Parameters
        ----------
        values : Mapping[str, float]
            Parameter values.

        Returns
        -------
        float
            Where the response is 1.

        Examples
        --------
        >>> action = Action("telogen_exit", "per_hair", "rise", "fall", effect=("family", "apart"), bound="bound")
        >>> values = {"per_hair": 0.1, "family": 3.0, "apart": 2.0, "bound": 25.0}
        >>> round(action.greatest(values), 3), round(action.greatest(values | {"apart": -5.0}), 3)
        (0.611, -0.2)
        """
        if not self.effect:
            return values[self.maximum]
        effect = sum(values[name] for name in self.effect)
        beyond = 0.0 if self.bound is None else max(effect, 0.0) / values[self.bound]
        return values[self.maximum] * effect * math.exp(beyond)


def actions(prefix: str, *levers: Lever, reference: bool = False) -> tuple[Action, ...]:
    """Actions through the network whose parameters follow the naming "<prefix>.<lever>", with one pair of time
    constants; with `reference` also the response "<prefix>.reference_<lever>" at the usual occupancy.
    """
    return tuple(
        Action(
            lever,
            f"{prefix}.{lever}",
            f"{prefix}.rise",
            f"{prefix}.fall",
            reference_response=f"{prefix}.reference_{lever}" if reference else None,
        )
        for lever in levers
    )


def direct(prefix: str, *levers: Lever, exposure: str = "main") -> tuple[Action, ...]:
    """Actions beside the network, with one half-dose "<prefix>.half_dose"."""
    return tuple(
        Action(lever, f"{prefix}.{lever}", f"{prefix}.rise", f"{prefix}.fall", f"{prefix}.half_dose", exposure)
        for lever in levers
    )


def by_effect(prefix: str, acts: tuple[Action, ...], *, family: str | None = None) -> tuple[Action, ...]:
    """Actions whose size is judged by what a usual course gains, "<prefix>.effect" hairs/cm2 and
    "<prefix>.diameter_effect" um, so that the parameters of the levers are those per hair and per um; with a `family`
    the gain is "<family>.effect" + "<prefix>.effect_deviation".
    """
    hairs = (f"{prefix}.effect",) if family is None else (f"{family}.effect", f"{prefix}.effect_deviation")
    return tuple(
        replace(act, maximum=f"{act.maximum}_per_um", effect=(f"{prefix}.diameter_effect",))
        if act.lever == "calibre_gain"
        else replace(act, maximum=f"{act.maximum}_per_hair", effect=hairs, bound="effect_to_lever.bound")
        for act in acts
    )
