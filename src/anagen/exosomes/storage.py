"""What is left of the particles after storage: losses as published, composed over a history of steps.

At 4 C the wall takes up A s(t) with s(t) = (1 - exp(-t/tau)) / (1 - exp(-2/tau)), and the bulk loses
exp(-k t) with exp(-2 k) = 1 - L_low; t in days. A = 1 - (1 - L_PP) / (1 - L_low), so that polypropylene with PBS
loses L_PP = 51 % and a low-binding tube L_low = 19.5 % in 48 h (doi:10.1371/journal.pone.0243738).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Buffer = Literal["pbs", "hepes", "pbs-albumin", "pbs-sucrose", "pbs-trehalose", "matrix"]
Tube = Literal["polypropylene", "low-binding", "glass"]
BUFFERS: dict[Buffer, str] = {
    "pbs": "phosphate-buffered saline",
    "hepes": "HEPES-buffered saline",
    "pbs-albumin": "saline with albumin",
    "pbs-sucrose": "saline with 5 % sucrose",
    "pbs-trehalose": "saline with trehalose",
    "matrix": "conditioned medium or a hydrogel matrix",
}
BLOCKS_WALL: frozenset[Buffer] = frozenset({"pbs-albumin", "matrix"})
PROTECTS_FROZEN: frozenset[Buffer] = frozenset({"pbs-albumin", "pbs-sucrose", "pbs-trehalose", "matrix"})
REFERENCE_DAYS = 2.0
MONTH_DAYS = 28.0
DAYS_SEEN_LIQUID = 7.0
"""Liquid storage was followed for days; a longer time is an extrapolation."""


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
        return self.temperature < 0.0 and not self.lyophilised


FRESH: tuple[StorageStep, ...] = ()
REFERENCE_HISTORIES: dict[str, tuple[StorageStep, ...]] = {
    "fresh": FRESH,
    "48 h at 4 C, PBS, polypropylene": (StorageStep(4.0, 2.0),),
    "48 h at 4 C, PBS, low-binding tube": (StorageStep(4.0, 2.0, tube="low-binding"),),
    "28 days at -80 C, PBS": (StorageStep(-80.0, 28.0),),
    "three freeze-thaws": (StorageStep(-80.0, 0.0, freeze_thaws=3),),
    "lyophilised with trehalose": (StorageStep(20.0, 0.0, buffer="pbs-trehalose", lyophilised=True),),
}
"""Histories that products are compared over."""


def remaining_after(history: Sequence[StorageStep], values: Mapping[str, float]) -> float:
    """Share of the particles left after a history.

    Consecutive stays in the same condition are one longer stay, so that a wall fills once. Drying and
    reconstitution are counted once for consecutive dry steps.

    Parameters
    ----------
    history : Sequence[StorageStep]
        Steps in order; none is fresh.
    values : Mapping[str, float]
        Parameter values.

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
    left, dry_before = 1.0, False
    for step in _merged(history):
        left *= _remaining(step, values, dry_before)
        dry_before = step.lyophilised
    return left


def extrapolated(history: Sequence[StorageStep]) -> bool:
    """Whether a history holds a liquid stay longer than any that was followed."""
    return any(not step.frozen and not step.lyophilised and step.days > DAYS_SEEN_LIQUID for step in _merged(history))


def describe_step(step: StorageStep) -> str:
    """A step in words.

    Examples
    --------
    >>> describe_step(StorageStep(-80.0, 28.0, freeze_thaws=1))
    '28 days at -80 C in phosphate-buffered saline, polypropylene, 1 freeze-thaw'
    """
    thaws = f", {step.freeze_thaws} freeze-thaw{'' if step.freeze_thaws == 1 else 's'}" if step.freeze_thaws else ""
    state = "lyophilised from" if step.lyophilised else "in"
    days = f"{step.days:g} day{'' if step.days == 1 else 's'}"
    return f"{days} at {step.temperature:g} C {state} {BUFFERS[step.buffer]}, {step.tube}{thaws}"


def _merged(history: Sequence[StorageStep]) -> list[StorageStep]:
    merged: list[StorageStep] = []
    for step in history:
        last = merged[-1] if merged else None
        if last is not None and _condition(last) == _condition(step):
            merged[-1] = StorageStep(
                step.temperature,
                last.days + step.days,
                step.buffer,
                step.tube,
                last.freeze_thaws + step.freeze_thaws,
                step.lyophilised,
            )
        else:
            merged.append(step)
    return merged


def _condition(step: StorageStep) -> tuple[float, str, str, bool]:
    return (step.temperature, step.buffer, step.tube, step.lyophilised)


def _remaining(step: StorageStep, values: Mapping[str, float], dry_before: bool) -> float:
    thawed = (1.0 - values["storage.freeze_thaw_loss"]) ** step.freeze_thaws
    if step.lyophilised:
        return thawed * _dry(step, values, dry_before)
    return thawed * (_frozen(step, values) if step.frozen else _liquid(step, values))


def _dry(step: StorageStep, values: Mapping[str, float], dry_before: bool) -> float:
    protected = step.buffer in PROTECTS_FROZEN
    recovery = values["storage.lyophilised_recovery" if protected else "storage.lyophilised_recovery_unprotected"]
    # Warmth above room temperature ages a dry cake as it ages a liquid.
    pace = values["storage.q10"] ** (max(step.temperature - 25.0, 0.0) / 10.0)
    kept = (1.0 - values["storage.loss_28d_dry"]) ** (pace * step.days / MONTH_DAYS)
    return kept if dry_before else recovery * kept


def _frozen(step: StorageStep, values: Mapping[str, float]) -> float:
    protected = step.buffer in PROTECTS_FROZEN
    loss = values["storage.loss_28d_minus80_protected" if protected else "storage.loss_28d_minus80"]
    # Between -80 and -20 C the rate is interpolated on a logarithmic scale; beyond, it stays at the nearer end.
    share = min(max((step.temperature + 80.0) / 60.0, 0.0), 1.0)
    rate: float = values["storage.minus20_rate_ratio"] ** share
    return float((1.0 - loss) ** (rate * step.days / MONTH_DAYS))


def _liquid(step: StorageStep, values: Mapping[str, float]) -> float:
    low, matrix = values["storage.loss_48h_low_binding"], values["storage.loss_48h_matrix"]
    bulk = matrix if step.buffer == "matrix" else low
    pace = values["storage.q10"] ** ((step.temperature - 4.0) / 10.0)
    kept: float = (1.0 - bulk) ** (pace * step.days / REFERENCE_DAYS)
    if step.buffer in BLOCKS_WALL or step.tube == "low-binding":
        return kept
    wall = 1.0 - (1.0 - values["storage.loss_48h_polypropylene"]) / (1.0 - low)
    tau = values["storage.adsorption_time"]
    filled = (1.0 - math.exp(-step.days / tau)) / (1.0 - math.exp(-REFERENCE_DAYS / tau))
    return kept * max(1.0 - max(wall, 0.0) * filled, 0.0)
