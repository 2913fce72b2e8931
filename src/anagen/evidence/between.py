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
from anagen.results.schema import RESPONDERS
from anagen.scalp import ENDPOINTS
from anagen.study.models import Observed
from anagen.trials.protocol import Protocol

REFERENCE_LEVEL = 200.0
"""Hairs/cm2 of a scalp with androgenetic alopecia: the level to which spreads in hairs/cm2 are relative."""
SMALL = 20.0
"""Patients per arm at which `heterogeneity.small_study_bias` is stated."""
Kind = Literal["none", "drug", "procedure"]


@dataclass(frozen=True, slots=True)
class Between:
    """Spread between trials of one published value, in its own unit.

    offset: factor on `measurement.study_offset`. kind: whose spread an arm's gain has. gain: factor on
    `heterogeneity.<kind>` (or on the parameter `spread_of` names). uncontrolled, small: factors on the two biases.
    spread_of: name of the parameter that holds the spread of the gain, or None.
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

    Example:
        >>> kind_of(())
        'none'
    """
    active = [given for given in prescriptions if not given.therapy.is_control]
    if not active:
        return "none"
    drugs = all(given.route.name in ("oral", "topical") and not given.therapy.products for given in active)
    return "drug" if drugs else "procedure"


def sign_of(row: Observed, plan: Protocol) -> float:
    """1 where a gain raises the published value, -1 where it lowers it: a contrast that takes the treated arm from its
    control, or an endpoint that is better when it is lower.
    """
    rising = row.measure in RESPONDERS or ENDPOINTS[row.endpoint].higher_is_better
    treated = [kind_of(plan.prescriptions[plan.arms.index(arm)]) != "none" for arm in row.contrast or ()]
    reverse = treated == [False, True]
    return (1.0 if rising else -1.0) * (-1.0 if reverse else 1.0)


def between(row: Observed, plan: Protocol, level: float) -> Between:
    """Spread between trials of a published value.

    Args:
        row: the value. plan: its study. level: level of the endpoint at baseline, in its own unit; for shares of
        responders and SALT it is not used.
    """
    index = {name: number for number, name in enumerate(plan.arms)}
    names = (row.arm,) if row.arm is not None else row.contrast or ()
    kinds = [kind_of(tuple(plan.prescriptions[index[name]])) for name in names if name is not None]
    kind: Kind = "procedure" if "procedure" in kinds else "drug" if "drug" in kinds else "none"
    endpoint = ENDPOINTS[row.endpoint]
    baseline = row.week == 0.0 or row.measure == "value"
    if row.measure in RESPONDERS:
        return Between(0.0, kind, 1.0, 0.0, 0.0, "heterogeneity.responder")
    if row.endpoint == "salt":
        return Between(0.0, kind, 1.0, 0.0, 0.0, None if baseline else "heterogeneity.salt")
    per_hair = 100.0 / REFERENCE_LEVEL if row.measure == "percent_change" else level / REFERENCE_LEVEL
    if endpoint.shifted:
        per_hair = 100.0 / level if row.measure == "percent_change" else 1.0
    seen = endpoint.shifted and not plan.method.collects
    offset = per_hair if seen and row.arm is not None else 0.0
    if kind == "none" or baseline:
        return Between(0.0 if row.week == 0.0 else offset, kind, 0.0, 0.0, 0.0, None)
    uncontrolled = per_hair if without_control(row, plan.study) else 0.0
    arms = 1 if row.arm is not None or plan.split_scalp else 2
    patients = row.n / arms if row.n else min(plan.sizes[index[str(name)]] for name in names)
    small = per_hair * min(1.0, SMALL / patients) if kind == "procedure" else 0.0
    return Between(offset, kind, per_hair, uncontrolled, small, f"heterogeneity.{kind}")
