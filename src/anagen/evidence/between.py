"""How far published results of one treatment lie apart: spread and bias between trials, in the unit of a value.

    published = expected + offset of the study + spread of the arm's gain + bias of its design + error of its patients

The offset is that of looking at hairs: it is shared by the arms of a trial, cancels in a contrast, and is not there
where hairs were collected, as it is not in their weight. The spread belongs to a treated arm and is shared by its weeks
and endpoints. Both are given in hairs/cm2 and, for endpoints that do not count hairs, taken as the same share of their
own level, with REFERENCE_LEVEL hairs/cm2 as one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.delivery import Prescription
from anagen.evidence.uses import without_control
from anagen.scalp import ENDPOINTS
from anagen.study.observed import Observed
from anagen.trials.protocol import Protocol

REFERENCE_LEVEL = 200.0
"""Hairs/cm2 of a scalp with androgenetic alopecia: the level to which spreads in hairs/cm2 are relative."""
SMALL = 20.0
"""Patients per arm at which biases of small trials are stated."""
UNCONTROLLED = "heterogeneity.uncontrolled_bias"
SMALL_STUDY = "heterogeneity.small_study_bias"
SELECTION = "heterogeneity.selection_bias"
SPLIT_SCALP = "heterogeneity.split_scalp_bias"
ADD_ON = "heterogeneity.add_on_bias"
UNBLINDED = "heterogeneity.unblinded_bias"
INDUSTRY = "heterogeneity.industry_bias"
"""Parameters of what publications of a design are expected to say too much."""
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
    spread_of : str | None
        Name of the parameter that holds the spread of the gain, or None.
    biases : tuple[tuple[str, float], ...], default ()
        Parameter of each bias that counts, and the factor on it.
    """

    offset: float
    kind: Kind
    gain: float
    spread_of: str | None
    biases: tuple[tuple[str, float], ...] = ()

    def offset_sd(self, values: Mapping[str, float]) -> float:
        """SD of the offset that the arms of a trial share."""
        return self.offset * values["measurement.study_offset"]

    def gain_sd(self, values: Mapping[str, float]) -> float:
        """SD between trials of the gain of the arm, or of the contrast."""
        return 0.0 if self.spread_of is None else self.gain * values[self.spread_of]

    def bias(self, values: Mapping[str, float]) -> float:
        """What a publication of this design and size is expected to say too much."""
        return sum(factor * values[name] for name, factor in self.biases)


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
    """What each arm of a published value can have been given by its week, by its rescue as well.

    What begins later is not there yet; an adverse event without a week counts to the end.
    """
    numbers = [plan.arms.index(arm) for arm in row.arms]
    rescues = {rescue.arm: rescue.prescriptions for rescue in plan.rescues}
    given = ((*plan.prescriptions[number], *rescues.get(number, ())) for number in numbers)
    end = math.inf if row.week is None else float(row.week) * DAYS_PER_WEEK
    return tuple(tuple(entry for entry in entries if _begun(entry, end)) for entries in given)


def _begun(entry: Prescription, end: float) -> bool:
    """Whether a first dose was given before a day, or may have been; the baseline counts what is to come."""
    days = entry.doses.days
    return end <= 0.0 or not len(days) or float(days[0]) < end


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
        return Between(0.0, kind, 1.0, "heterogeneity.responder")
    if row.endpoint == "salt":
        return Between(0.0, kind, 1.0, None if baseline else "heterogeneity.salt")
    per_hair = _per_hair(row, level)
    looked_at = ENDPOINTS[row.endpoint].shifted and not plan.method.collects
    offset = per_hair if looked_at and not row.is_contrast else 0.0
    if kind == "none" or baseline:
        return Between(0.0 if row.week == 0.0 else offset, kind, 0.0, None)
    biases = tuple((name, per_hair * factor) for name, factor in _biases(row, plan, kind).items())
    return Between(offset, kind, per_hair, f"heterogeneity.{kind}", biases)


def _biases(row: Observed, plan: Protocol, kind: Kind) -> dict[str, float]:
    """Parameter of each bias that the design and the size of a trial bring into a gain -> its factor.

    Small trials of procedures say too much as 20 / n of an arm. What is published because it worked says too much as
    its standard error does, so as sqrt(20 / n). A controlled trial without any blinding, one whose maker paid for it,
    split scalps and procedures added to a drug have their own. Hair that was planted is counted, whoever counts and
    however few were planted: nothing of this applies.
    """
    given = [entry for prescriptions in prescriptions_of(row, plan) for entry in prescriptions]
    if all(entry.therapy.moves_follicles for entry in given if not entry.therapy.is_control):
        return {}
    small = SMALL / _patients_per_arm(row, plan)
    found = {SELECTION: math.sqrt(small)}
    if without_control(row, plan.study):
        found[UNCONTROLLED] = 1.0
    elif plan.study.design.blinding == "none":
        found[UNBLINDED] = 1.0
    if plan.study.sponsor == "industry":
        found[INDUSTRY] = 1.0
    if kind != "procedure":
        return found
    found[SMALL_STUDY] = small
    if plan.split_scalp:
        found[SPLIT_SCALP] = 1.0
    if any(kind_of((entry,)) == "drug" for entry in given):
        found[ADD_ON] = 1.0
    return found


def _per_hair(row: Observed, level: float) -> float:
    """What one hair/cm2 is in the unit of a value: itself where hairs are counted, else the same share of its level."""
    of = level if ENDPOINTS[row.endpoint].shifted else REFERENCE_LEVEL
    return (100.0 if row.measure == "percent_change" else level) / of


def _patients_per_arm(row: Observed, plan: Protocol) -> float:
    """Patients of an arm as printed, else those of the smaller arm in the study file."""
    if row.n:
        return row.n / (1 if plan.same_patients else len(row.arms))
    return min(plan.sizes[plan.arms.index(arm)] for arm in row.arms)
