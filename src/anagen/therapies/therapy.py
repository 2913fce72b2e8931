"""What a therapy is: what is given, which inputs of the network it occupies and which levers follow, as data.

No therapy computes anything. The same two forms describe what a route does by itself (the needle, the laser), so that
a vesicle is never credited with the needle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Lever = Literal["androgen_drive", "anagen_brake", "resting_clock", "calibre_boost", "attack"]
LEVERS: dict[Lever, str] = {
    "androgen_drive": "share of androgen-receptor drive removed: a = 1 - effect",
    "anagen_brake": "slows the anagen clock: rate exp(-effect), anagen lasts longer",
    "resting_clock": "speeds the telogen and kenogen clock: rate exp(effect), empty follicles refill sooner",
    "calibre_boost": "added to the calibre target",
    "attack": "share of the immune attack on anagen removed",
}


@dataclass(frozen=True, slots=True)
class Occupancy:
    """One input of the signalling network that something given occupies: level = E / (E + half) for exposure E.

    Args:
        input: name of the input ("VESICLE_UPTAKE").
        half: parameter name of the exposure at half occupancy; None where the exposure is a share already (of DHT
        removed).
        exposure: which exposure of the kinetics.
        reference: True where the input counts in the saturating exposure to which the greatest effect refers; False
        for what only some products carry.
    """

    input: str
    half: str | None = None
    exposure: str = "main"
    reference: bool = True


@dataclass(frozen=True, slots=True)
class Action:
    """One lever moved: goal = maximum * response, dL/dt = (goal - L) / tau.

    The response is that of the network's output behind the lever, 1 where the inputs are saturated; or, where no way
    through the network has a source, an occupancy E / (E + half) of its own.

    Args:
        lever: which lever.
        maximum: parameter name of the effect at saturating exposure; what trials can identify.
        rise, fall: parameter names of the time constants [day] with which the lever follows up and down.
        half: parameter name of the exposure at half the maximum for an action beside the network; None: through it.
        exposure: which exposure of the kinetics an action beside the network follows.
    """

    lever: Lever
    maximum: str
    rise: str
    fall: str
    half: str | None = None
    exposure: str = "main"

    def parameter_names(self) -> tuple[str, ...]:
        """Names of the parameters that the action reads."""
        names = (self.maximum, self.rise, self.fall)
        return names if self.half is None else (*names, self.half)


@dataclass(frozen=True, slots=True)
class RegimenSchedule:
    """Default timing in weeks: `per_day` doses from `start` on, or `sessions` every `every` weeks."""

    start: float = 0.0
    every: float | None = None
    sessions: int | None = None
    per_day: float | None = None


@dataclass(frozen=True, slots=True)
class Therapy:
    """A treatment or a control as a study file names it.

    Args:
        name, title: as named and in words.
        routes: routes by which it can be given, the default first.
        occupies: inputs of the network that the active substance occupies.
        actions: levers moved by the active substance; empty for a control.
        kinetics: route -> name of the kinetics that turn doses into exposure at the follicle.
        dose_unit: unit of a dose, or None where a session is a session.
        default_dose: dose where the study file is silent.
        per: what a dose is per; the default first.
        formulations: name -> strength [mg per mL]; empty where there is one form.
        products: products of the vesicle library; the default first, to which the potency of the others is relative.
        default_schedule: timing where the study file is silent.
        control: name of its own control therapy, or None for a control.
        response: parameter name of the CV of response between patients, or None.
        batch: parameter name of the CV of potency between batches, or None.
        activation: route -> (population column, parameter name of the power) that scales exposure: a prodrug's enzyme.
        moves_follicles: True for transplantation, which acts by moving follicles and not through a lever.
        reads: further parameters that it reads.
        evidence: what is known of it, in a sentence; corrects: what the review has wrong about it.
        source: where the description comes from.

    Example:
        >>> from anagen.therapies import THERAPIES
        >>> THERAPIES["finasteride"].control
        'placebo'
    """

    name: str
    title: str
    routes: tuple[str, ...]
    source: str
    evidence: str
    occupies: tuple[Occupancy, ...] = ()
    actions: tuple[Action, ...] = ()
    kinetics: Mapping[str, str] = field(default_factory=dict[str, str])
    dose_unit: str | None = None
    default_dose: float | None = None
    per: tuple[str, ...] = ("session",)
    formulations: Mapping[str, float] = field(default_factory=dict[str, float])
    products: tuple[str, ...] = ()
    default_schedule: RegimenSchedule = RegimenSchedule()
    control: str | None = None
    response: str | None = None
    batch: str | None = None
    activation: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    corrects: str = ""
    hand_set: bool = True
    moves_follicles: bool = False
    reads: tuple[str, ...] = ()

    @property
    def is_control(self) -> bool:
        """True for placebo, vehicle, sham, saline and no treatment: what has no control of its own."""
        return self.control is None

    @property
    def contains_vehicle(self) -> bool:
        """True where the default route brings a topical vehicle."""
        return self.routes[0] == "topical"

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that this therapy reads."""
        names = [name for action in self.actions for name in action.parameter_names()]
        names += [entry.half for entry in self.occupies if entry.half is not None]
        names += [power for _, power in self.activation.values()]
        names += self.reads
        names += [name for name in (self.response, self.batch) if name is not None]
        return tuple(dict.fromkeys(names))


def actions(prefix: str, *levers: Lever) -> tuple[Action, ...]:
    """Actions through the network whose parameters follow the naming "<prefix>.<lever>", with one pair of time
    constants.
    """
    return tuple(Action(lever, f"{prefix}.{lever}", f"{prefix}.rise", f"{prefix}.fall") for lever in levers)


def direct(prefix: str, *levers: Lever, exposure: str = "main") -> tuple[Action, ...]:
    """Actions beside the network, with one half-dose "<prefix>.half_dose"."""
    return tuple(
        Action(lever, f"{prefix}.{lever}", f"{prefix}.rise", f"{prefix}.fall", f"{prefix}.half_dose", exposure)
        for lever in levers
    )
