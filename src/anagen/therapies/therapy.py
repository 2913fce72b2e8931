"""What a therapy is: what is given and which levers it moves, as data. No therapy computes anything.

An action names a lever, the parameter that holds its greatest effect, the dose at half of it, and how fast the follicle
follows. The same form describes what a route does by itself (the needle, the vehicle), so that a vesicle is never
credited
with the needle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Lever = Literal["androgen_drive", "anagen_brake", "resting_clock", "calibre_boost"]
LEVERS: dict[Lever, str] = {
    "androgen_drive": "share of androgen-receptor drive removed: a = product of (1 - effect)",
    "anagen_brake": "slows the anagen clock: rate exp(-effect), anagen lasts longer",
    "resting_clock": "speeds the telogen and kenogen clock: rate exp(effect), empty follicles refill sooner",
    "calibre_boost": "added to the calibre target",
}


@dataclass(frozen=True, slots=True)
class Action:
    """One lever moved: effect = maximum * occupancy, occupancy = E / (E + half) for exposure E.

    Args:
        lever: which lever.
        maximum: parameter name of the effect at saturating exposure.
        half: parameter name of the exposure at half the maximum, in the exposure's unit.
        rise, fall: parameter names of the time constants [day] with which the lever follows occupancy up and down.
    """

    lever: Lever
    maximum: str
    half: str
    rise: str
    fall: str


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
        actions: levers moved by the active substance; empty for a control.
        half_life: route -> parameter name of the half-life [day] at the follicle.
        dose_unit: unit of a dose, or None where a session is a session.
        default_dose: dose where the study file is silent.
        per: what a dose is per; the default first.
        formulations: name -> strength [mg per mL]; empty where there is one form.
        products: products of the vesicle library; the default first, to which the potency of the others is relative.
        default_schedule: timing where the study file is silent.
        control: name of its own control therapy, or None for a control.
        response: parameter name of the CV of response between patients, or None.
        batch: parameter name of the CV of potency between batches, or None.
        activation: population column that scales exposure (a prodrug's enzyme), or None.
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
    actions: tuple[Action, ...] = ()
    half_life: Mapping[str, str] = field(default_factory=dict[str, str])
    dose_unit: str | None = None
    default_dose: float | None = None
    per: tuple[str, ...] = ("session",)
    formulations: Mapping[str, float] = field(default_factory=dict[str, float])
    products: tuple[str, ...] = ()
    default_schedule: RegimenSchedule = RegimenSchedule()
    control: str | None = None
    response: str | None = None
    batch: str | None = None
    activation: str | None = None
    corrects: str = ""
    hand_set: bool = True

    @property
    def is_control(self) -> bool:
        """True for placebo, sham, saline and no treatment."""
        return not self.actions

    @property
    def contains_vehicle(self) -> bool:
        """True where the default route brings a topical vehicle."""
        return self.routes[0] == "topical"

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that this therapy reads."""
        names = [name for action in self.actions for name in (action.maximum, action.half, action.rise, action.fall)]
        names += self.half_life.values()
        names += [name for name in (self.response, self.batch) if name is not None]
        return tuple(dict.fromkeys(names))


def actions(prefix: str, *levers: Lever) -> tuple[Action, ...]:
    """Actions whose parameters follow the naming "<prefix>.<lever>", with one half-dose and one pair of time
    constants.
    """
    return tuple(
        Action(lever, f"{prefix}.{lever}", f"{prefix}.half_dose", f"{prefix}.rise", f"{prefix}.fall")
        for lever in levers
    )
