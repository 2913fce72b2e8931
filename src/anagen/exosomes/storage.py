"""What is left of the particles after storage: a thaw and drying paid once, slow loss by state and temperature, walls.

A history is read as runs: stays one after the other in the same state, buffer and tube.

frozen   (1 - L_thaw)^n  (1 - E (1 - exp(-t / t_e)))  (1 - L_year)^(p t / 365), n the thaws, p the pace against -80 C
dry      R  (1 - L_year)^(p t / 365), R drying and reconstitution, p = exp(Ea / R_gas (1 / 278 K - 1 / T))
liquid   (1 - L_low)^(p t / 2)  (1 - taken up by the wall), p = Q10^((T - 4) / 10)

The wall takes up 1 - (1 - A)^(x s(t)) until it is full, with s(t) = (1 - exp(-t / tau)) / (1 - exp(-2 / tau)), x the
surface per volume over that of the published tube, and A = 1 - (1 - L_PP) / (1 - L_low), so that 0.5 mL in a tube of
polypropylene lose L_PP = 51 % in 48 h and in a low-binding one L_low = 19.5 % (doi:10.1371/journal.pone.0243738). Full
is a number of particles per area, so that a dense or a large vial loses a small share. t in days.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from anagen.core.words import counted

Buffer = Literal[
    "pbs",
    "hepes",
    "pbs-albumin",
    "pbs-sucrose",
    "pbs-trehalose",
    "pbs-mannitol",
    "pbs-hat",
    "albumin-trehalose",
    "matrix",
]
Tube = Literal["polypropylene", "low-binding", "glass"]
State = Literal["frozen", "liquid", "dry"]
Counted = Literal["at_release", "after_thaw", "after_reconstitution"]
BUFFERS: dict[Buffer, str] = {
    "pbs": "phosphate-buffered saline",
    "hepes": "HEPES-buffered saline",
    "pbs-albumin": "saline with albumin",
    "pbs-sucrose": "saline with 5 % sucrose",
    "pbs-trehalose": "saline with trehalose",
    "pbs-mannitol": "saline with mannitol",
    "pbs-hat": "saline with HEPES, human albumin and trehalose",
    "albumin-trehalose": "human albumin with trehalose",
    "matrix": "conditioned medium or a hydrogel matrix",
}
BLOCKS_WALL: frozenset[Buffer] = frozenset({"pbs-albumin", "pbs-hat", "albumin-trehalose", "matrix"})
PROTECTS_FROZEN: frozenset[Buffer] = frozenset(
    {"pbs-albumin", "pbs-sucrose", "pbs-trehalose", "pbs-hat", "albumin-trehalose", "matrix"}
)
PROTECTS_DRY: frozenset[Buffer] = frozenset({*PROTECTS_FROZEN, "pbs-mannitol"})
"""Mannitol crystallises in ice and holds a dry cake up; that it spares vesicles there is from memory, not read."""

REFERENCE_DAYS, YEAR_DAYS = 2.0, 365.0
ZERO_CELSIUS = 273.15
FRIDGE, DEEP_FREEZER, FREEZER = 4.0, -80.0, -20.0
DRY_FRIDGE = 5.0
GAS_CONSTANT = 8.314462618e-3
"""kJ/(mol K)."""

COUNTED_STATE: dict[Counted, State] = {"after_thaw": "frozen", "after_reconstitution": "dry"}
COUNTED_WORDS: dict[Counted, str] = {
    "at_release": "at release, before the storage that is told: every loss of it is taken off",
    "after_thaw": "after thawing: the thaw, and what was lost frozen until then, stand in the count and are not taken "
    "off again",
    "after_reconstitution": "after reconstitution: drying and taking up, and what was lost dry until then, stand in "
    "the count and are not taken off again",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class StorageStep:
    """One stay in one condition.

    Attributes
    ----------
    temperature : float
        Degrees Celsius.
    days : float
        Duration.
    buffer : Buffer, default "pbs"
        What the vesicles lie in.
    tube : Tube, default "polypropylene"
        What they are kept in.
    freeze_thaws : int, default 0
        Thaws and refreezings during the step, beyond the thaw that ends frozen storage.
    lyophilised : bool, default False
        Whether the step is dry; the first dry step counts drying and reconstitution.
    """

    temperature: float
    days: float
    buffer: Buffer = "pbs"
    tube: Tube = "polypropylene"
    freeze_thaws: int = 0
    lyophilised: bool = False

    @property
    def frozen(self) -> bool:
        """Whether the step is frozen and not dry."""
        return self.state == "frozen"

    @property
    def state(self) -> State:
        """Dry, frozen or liquid."""
        return state_of(self.temperature, lyophilised=self.lyophilised)


@dataclass(frozen=True, slots=True)
class Vial:
    """What the vesicles lie in while they are kept; what is None is that of the published tube.

    Attributes
    ----------
    concentration : float, optional
        Particles per mL as counted.
    volume : float, optional
        Volume filled in [mL].
    surface : float, optional
        Wall that the liquid wets [cm2]; that of a vial of the same shape as the published tube where None.
    """

    concentration: float | None = None
    volume: float | None = None
    surface: float | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """When the particles were counted.

    Attributes
    ----------
    counted : Counted, default "at_release"
        Before storage, after the last thaw, or after the last reconstitution.
    age : float, optional
        Days that the counted vial had been frozen or dry; all that are told where None.
    """

    counted: Counted = "at_release"
    age: float | None = None


OwnRates = Callable[[State, float], float | None]
"""Slow loss per day that a maker measured, by state and temperature; None where he did not."""


def no_rates(state: State, temperature: float) -> None:
    """No measured loss: the priors hold."""


FRESH: tuple[StorageStep, ...] = ()
TUBE, AT_RELEASE = Vial(), Count()
REFERENCE_HISTORIES: dict[str, tuple[StorageStep, ...]] = {
    "fresh": FRESH,
    "48 h at 4 C, PBS, polypropylene": (StorageStep(4.0, 2.0),),
    "48 h at 4 C, PBS, low-binding tube": (StorageStep(4.0, 2.0, tube="low-binding"),),
    "28 days at -80 C, PBS": (StorageStep(-80.0, 28.0),),
    "a year at -80 C, PBS with trehalose": (StorageStep(-80.0, 365.0, buffer="pbs-trehalose"),),
    "three freeze-thaws": (StorageStep(-80.0, 0.0, freeze_thaws=2),),
    "lyophilised with trehalose": (StorageStep(20.0, 0.0, buffer="pbs-trehalose", lyophilised=True),),
    "two years dry at 5 C, trehalose": (StorageStep(5.0, 730.0, buffer="pbs-trehalose", lyophilised=True),),
    "90 days dry at 50 C, trehalose": (StorageStep(50.0, 90.0, buffer="pbs-trehalose", lyophilised=True),),
}
"""Histories that products are compared over, in the published tube (0.5 mL of 1.3e10 particles/mL in 2 mL)."""


def state_of(temperature: float, *, lyophilised: bool) -> State:
    """Dry, frozen or liquid.

    Examples
    --------
    >>> state_of(-20.0, lyophilised=False), state_of(-20.0, lyophilised=True)
    ('frozen', 'dry')
    """
    return "dry" if lyophilised else "frozen" if temperature < 0.0 else "liquid"


def remaining_after(
    history: Sequence[StorageStep],
    values: Mapping[str, float],
    vial: Vial = TUBE,
    count: Count = AT_RELEASE,
    own: OwnRates = no_rates,
) -> float:
    """Share of the counted particles left after a history.

    Consecutive stays in the same state, buffer and tube are one run, so that a wall fills once, a thaw ends a run of
    frozen stays once, and drying and reconstitution are counted once.

    Parameters
    ----------
    history : Sequence[StorageStep]
        Steps in order; none is fresh.
    values : Mapping[str, float]
        Parameter values.
    vial : Vial, default TUBE
        What they are kept in.
    count : Count, default AT_RELEASE
        When they were counted: what was lost before is not lost again.
    own : OwnRates, default no_rates
        Losses that the maker measured; they replace the priors of slow loss and of the wall.

    Returns
    -------
    float
        A share from 0 to 1.

    Examples
    --------
    >>> from anagen.parameters import load_parameters
    >>> values = load_parameters().draw(1, 0)
    >>> round(remaining_after([StorageStep(4.0, 1.0), StorageStep(4.0, 1.0)], values), 2)
    0.49
    """
    runs = _runs(history)
    left = 1.0
    start = counted_run([run[0].state for run in runs], count)
    if start is not None:
        known = _first_days(runs[start], count.age)
        before = _kept(known, values, vial, 1.0, own)
        left = _kept(runs[start], values, vial, 1.0, own) / before if before > 0.0 else 0.0
        runs = runs[start + 1 :]
    for run in runs:
        left *= _kept(run, values, vial, left, own)
    return left


def counted_run(states: Sequence[State], count: Count) -> int | None:
    """Place of the run that ended before the count; None where the count came before all of them."""
    wanted = COUNTED_STATE.get(count.counted)
    return max((i for i, state in enumerate(states) if state == wanted), default=None)


def counted_days(history: Sequence[StorageStep], count: Count) -> float | None:
    """Days of the run that ended with the count; None where the history has none."""
    runs = _runs(history)
    place = counted_run([run[0].state for run in runs], count)
    return None if place is None else sum(step.days for step in runs[place])


def describe_step(step: StorageStep) -> str:
    """A step in words.

    Examples
    --------
    >>> describe_step(StorageStep(-80.0, 28.0, freeze_thaws=1))
    '28 days at -80 C in phosphate-buffered saline, polypropylene, 1 further freeze-thaw'
    """
    further = "further " if step.frozen else ""
    thaws = f", {counted(step.freeze_thaws, f'{further}freeze-thaw')}" if step.freeze_thaws else ""
    state = "lyophilised from" if step.lyophilised else "in"
    days = counted(step.days, "day")
    return f"{days} at {step.temperature:g} C {state} {BUFFERS[step.buffer]}, {step.tube}{thaws}"


def wetted_surface(vial: Vial, values: Mapping[str, float]) -> float:
    """Wall that the liquid wets [cm2]; without a measured one, that of the published tube scaled with volume^(2/3)."""
    if vial.surface is not None:
        return vial.surface
    volume = values["storage.reference_volume"] if vial.volume is None else vial.volume
    return values["storage.reference_surface"] * (volume / values["storage.reference_volume"]) ** (2.0 / 3.0)


def _runs(history: Sequence[StorageStep]) -> list[list[StorageStep]]:
    """Stays one after the other in the same state, buffer and tube: nothing is thawed or filled over between them."""
    return [list(run) for _, run in itertools.groupby(history, lambda step: (step.state, step.buffer, step.tube))]


def _first_days(run: Sequence[StorageStep], age: float | None) -> list[StorageStep]:
    """The run as it had gone on until a count at an age [days]; the whole of it where none is told."""
    room = math.inf if age is None else age
    known: list[StorageStep] = []
    for step in run:
        # A thaw of the run stands in the count, whenever it was.
        known.append(replace(step, days=min(step.days, room)))
        room -= known[-1].days
    return known


def _kept(run: Sequence[StorageStep], values: Mapping[str, float], vial: Vial, left: float, own: OwnRates) -> float:
    """Share of the particles that a run keeps; `left`: share of the counted ones that it begins with."""
    measured = [own(step.state, step.temperature) for step in run]
    kept = math.exp(-sum(rate * step.days for step, rate in zip(run, measured, strict=True) if rate is not None))
    rest = [step for step, rate in zip(run, measured, strict=True) if rate is None]
    first = run[0]
    thaws = sum(step.freeze_thaws for step in run) + first.frozen
    protected = first.buffer in PROTECTS_FROZEN
    thaw = values["storage.freeze_thaw_loss_protected" if protected else "storage.freeze_thaw_loss"]
    kept *= (1.0 - thaw) ** thaws
    if first.state == "dry":
        return kept * _dried(first, values) * _dry(rest, values)
    if first.state == "frozen":
        return kept * _frozen(rest, values)
    return kept * _liquid(rest, values, vial, left)


def _dried(step: StorageStep, values: Mapping[str, float]) -> float:
    protected = step.buffer in PROTECTS_DRY
    return values["storage.lyophilised_recovery" if protected else "storage.lyophilised_recovery_unprotected"]


def _dry(run: Sequence[StorageStep], values: Mapping[str, float]) -> float:
    ratio = 1.0 if not run or run[0].buffer in PROTECTS_DRY else values["storage.dry_rate_ratio_unprotected"]
    energy = values["storage.dry_activation_energy"]
    aged = sum(step.days * arrhenius(energy, DRY_FRIDGE, step.temperature) for step in run)
    return (1.0 - values["storage.dry_loss_year"]) ** (ratio * aged / YEAR_DAYS)


def arrhenius(energy: float, reference: float, temperature: float) -> float:
    """Rate at a temperature over that at a reference [both C], for an activation energy [kJ/mol].

    Examples
    --------
    >>> round(arrhenius(50.0, 5.0, 50.0), 1)
    20.3
    """
    return math.exp(energy / GAS_CONSTANT * (1.0 / (reference + ZERO_CELSIUS) - 1.0 / (temperature + ZERO_CELSIUS)))


def _frozen(run: Sequence[StorageStep], values: Mapping[str, float]) -> float:
    if not run:
        return 1.0
    kind = "_protected" if run[0].buffer in PROTECTS_FROZEN else ""
    days = sum(step.days for step in run)
    early = values[f"storage.frozen_early_loss{kind}"] * -math.expm1(-days / values["storage.frozen_early_time"])
    aged = sum(step.days * _frozen_pace(step.temperature, values) for step in run)
    return (1.0 - early) * (1.0 - values[f"storage.frozen_loss_year{kind}"]) ** (aged / YEAR_DAYS)


def _frozen_pace(temperature: float, values: Mapping[str, float]) -> float:
    """Slow loss over that at -80 C: an Arrhenius line through -80 and -20 C; beyond, the pace of the nearer end."""
    cold, warm, here = (
        1.0 / (t + ZERO_CELSIUS) for t in (DEEP_FREEZER, FREEZER, min(max(temperature, DEEP_FREEZER), FREEZER))
    )
    return float(values["storage.minus20_rate_ratio"] ** ((cold - here) / (cold - warm)))


def _liquid(run: Sequence[StorageStep], values: Mapping[str, float], vial: Vial, left: float) -> float:
    if not run:
        return 1.0
    first = run[0]
    low, matrix = values["storage.loss_48h_low_binding"], values["storage.loss_48h_matrix"]
    bulk = matrix if first.buffer == "matrix" else low
    aged = sum(step.days * values["storage.q10"] ** ((step.temperature - FRIDGE) / 10.0) for step in run)
    kept: float = (1.0 - bulk) ** (aged / REFERENCE_DAYS)
    if first.buffer in BLOCKS_WALL or first.tube == "low-binding":
        return kept
    return kept * (1.0 - _on_the_wall(sum(step.days for step in run), values, vial, left))


def _on_the_wall(days: float, values: Mapping[str, float], vial: Vial, left: float) -> float:
    """Share of the particles that sticks to a plain wall: so much per surface and volume, until the wall is full."""
    plain, low = values["storage.loss_48h_polypropylene"], values["storage.loss_48h_low_binding"]
    published = max(1.0 - (1.0 - plain) / (1.0 - low), 0.0)
    volume = values["storage.reference_volume"] if vial.volume is None else vial.volume
    dense = values["storage.reference_concentration"] if vial.concentration is None else vial.concentration
    surface = wetted_surface(vial, values)
    ratio = surface / volume / (values["storage.reference_surface"] / values["storage.reference_volume"])
    tau = values["storage.adsorption_time"]
    filled = math.expm1(-days / tau) / math.expm1(-REFERENCE_DAYS / tau)
    taken = 1.0 - (1.0 - published) ** (ratio * filled)
    particles = dense * volume * left
    return min(taken, values["storage.wall_capacity"] * surface / particles) if particles > 0.0 else taken
