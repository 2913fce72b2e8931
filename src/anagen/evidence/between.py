"""How far published results of one treatment lie apart: spread and bias between trials, in the unit of a value.

    published = expected + offset of the study + spread of the arm's gain + bias of its design + error of its patients

The offset is that of looking at hairs: it is shared by the arms of a trial, cancels in a contrast, and is not there
where hairs were collected, as it is not in their weight. The spread belongs to a treated arm and is shared by its weeks
and endpoints. Both are given in hairs/cm2 and, for endpoints that do not count hairs, taken as the same share of their
own level, with REFERENCE_LEVEL hairs/cm2 as one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anagen.delivery import Prescription
from anagen.evidence.uses import without_control
from anagen.scalp import ENDPOINTS
from anagen.study.observed import Observed
from anagen.trials.protocol import Protocol

REFERENCE_LEVEL = 200.0
"""Hairs/cm2 of a scalp with androgenetic alopecia: the level to which spreads in hairs/cm2 are relative."""
SMALL = 20.0
"""Patients per arm at which `heterogeneity.small_study_bias` is stated."""
Kind = Literal["none", "drug", "procedure"]


@dataclass(frozen=True, slots=True)
class Between:
    """Spread between trials of one published value, in its own unit.

    Attributes
    ----------
    offset : float
        Factor on `measurement.study_offset`.
    kind : Kind
        Whose spread an arm's gain has.
    gain : float
        Factor on `heterogeneity.<kind>` (or on the parameter `spread_of` names).
    uncontrolled : float
        Factors on the two biases.
    small : float
        Factors on the two biases.
    spread_of : str | None
        Name of the parameter that holds the spread of the gain, or None.
    """

    offset: float
    kind: Kind
    gain: float
    uncontrolled: float
    small: float
    spread_of: str | None

    def offset_sd(self, values: Mapping[str, float]) -> float:
        """SD of the offset that the arms of a trial share."""
        return self.offset * values["measurement.study_offset"]

    def gain_sd(self, values: Mapping[str, float]) -> float:
        """SD between trials of the gain of the arm, or of the contrast."""
        return 0.0 if self.spread_of is None else self.gain * values[self.spread_of]

    def bias(self, values: Mapping[str, float]) -> float:
        """What a publication of this design and size is expected to say too much."""
        return (
            self.uncontrolled * values["heterogeneity.uncontrolled_bias"]
            + self.small * values["heterogeneity.small_study_bias"]
        )


def kind_of(prescriptions: tuple[Prescription, ...]) -> Kind:
    """Whether an arm is treated with a drug, with a procedure (or a product of cells), or not at all.

    Examples
    --------
    >>> kind_of(())
    'none'
    """
    active = [entry for entry in prescriptions if not entry.therapy.is_control]
    if not active:
        return "none"
    drugs = all(entry.route.name in ("oral", "topical") and not entry.therapy.products for entry in active)
    return "drug" if drugs else "procedure"


def prescriptions_of(row: Observed, plan: Protocol) -> tuple[tuple[Prescription, ...], ...]:
    """What each arm of a published value can be given, by its rescue as well."""
    numbers = [plan.arms.index(arm) for arm in row.arms]
    rescues = {rescue.arm: rescue.prescriptions for rescue in plan.rescues}
    return tuple((*plan.prescriptions[number], *rescues.get(number, ())) for number in numbers)


def treated_arms(row: Observed, plan: Protocol) -> tuple[str, ...]:
    """Arms of a published value that are treated with something that acts."""
    pairs = zip(row.arms, prescriptions_of(row, plan), strict=True)
    return tuple(arm for arm, prescriptions in pairs if kind_of(prescriptions) != "none")


def strongest_kind(row: Observed, plan: Protocol) -> Kind:
    """Procedure where an arm of the value has one, else drug where one has that, else none."""
    kinds = {kind_of(prescriptions) for prescriptions in prescriptions_of(row, plan)}
    return "procedure" if "procedure" in kinds else "drug" if "drug" in kinds else "none"


def sign_of(row: Observed, plan: Protocol) -> float:
    """1 where a gain raises the published value, -1 where it lowers it: a contrast that takes the treated arm from its
    control, or an endpoint that is better when it is lower.
    """
    rising = row.is_responders or ENDPOINTS[row.endpoint].higher_is_better
    reverse = row.is_contrast and treated_arms(row, plan) == row.arms[1:]
    return (1.0 if rising else -1.0) * (-1.0 if reverse else 1.0)


def between(row: Observed, plan: Protocol, level: float) -> Between:
    """Spread between trials of a published value.

    Parameters
    ----------
    row : Observed
        The value.
    plan : Protocol
        Its study.
    level : float
        Level of the endpoint at baseline, in its own unit; for shares of responders and SALT it is not used.

    Returns
    -------
    Between
        Factors on the parameters of the spread.
    """
    kind = strongest_kind(row, plan)
    baseline = row.week == 0.0 or row.measure == "value"
    if row.is_responders:
        return Between(0.0, kind, 1.0, 0.0, 0.0, "heterogeneity.responder")
    if row.endpoint == "salt":
        return Between(0.0, kind, 1.0, 0.0, 0.0, None if baseline else "heterogeneity.salt")
    per_hair = _per_hair(row, level)
    looked_at = ENDPOINTS[row.endpoint].shifted and not plan.method.collects
    offset = per_hair if looked_at and not row.is_contrast else 0.0
    if kind == "none" or baseline:
        return Between(0.0 if row.week == 0.0 else offset, kind, 0.0, 0.0, 0.0, None)
    uncontrolled = per_hair if without_control(row, plan.study) else 0.0
    small = per_hair * min(1.0, SMALL / _patients_per_arm(row, plan)) if kind == "procedure" else 0.0
    return Between(offset, kind, per_hair, uncontrolled, small, f"heterogeneity.{kind}")


def _per_hair(row: Observed, level: float) -> float:
    """What one hair/cm2 is in the unit of a value: itself where hairs are counted, else the same share of its level."""
    of = level if ENDPOINTS[row.endpoint].shifted else REFERENCE_LEVEL
    return (100.0 if row.measure == "percent_change" else level) / of


def _patients_per_arm(row: Observed, plan: Protocol) -> float:
    """Patients of an arm as printed, else those of the smaller arm in the study file."""
    if row.n:
        return row.n / (1 if plan.split_scalp else len(row.arms))
    return min(plan.sizes[plan.arms.index(arm)] for arm in row.arms)
