"""What a published value is for: to inform parameters, to be compared with only, or to be shown only."""

from __future__ import annotations

from typing import Literal

from anagen.study import Study
from anagen.study.models import Observed

PublishedUse = Literal["calibrate", "check", "exclude"]
SAME_NUMBERS = "the difference of two arms whose own values are there"
FROM_MEMORY = "recalled, not read"
OF_EVENTS = "rates of adverse events are set from their own sources, not fitted with the follicle"


def use_of(row: Observed, study: Study) -> tuple[PublishedUse, str]:
    """Use of a published value with the reason where it informs nothing.

    What the file says counts. Where it is silent, a number from memory and one that its arms give already are for
    checking, and everything else may inform parameters.

    Example:
        >>> from anagen.study.shipped import shipped_studies
        >>> from anagen.study import Study
        >>> study = Study.load(shipped_studies()["van-neste-2000-finasteride"])
        >>> sorted({use_of(row, study)[0] for row in study.observed})
        ['calibrate', 'check']
    """
    if row.use is not None:
        return row.use, row.reason or ""
    if row.read == "memory":
        return "check", FROM_MEMORY
    if row.endpoint.startswith("adverse_event"):
        return "check", OF_EVENTS
    if row.contrast is not None and all(_printed(arm, row, study) for arm in row.contrast):
        return "check", SAME_NUMBERS
    return "calibrate", ""


def without_control(row: Observed, study: Study) -> bool:
    """True for a change from baseline of a treated arm whose control is not printed at that endpoint and week.

    Such a number holds expectation, regression to the mean and the choice of what is published; see
    `heterogeneity.uncontrolled_bias`.
    """
    controls = [arm.name for arm in study.arms if arm.control]
    if row.arm is None or row.arm in controls or row.measure in ("value", "share", "responder_value"):
        return False
    return not any(other.arm in controls and _same(other, row) for other in study.observed)


def _printed(arm: str, row: Observed, study: Study) -> bool:
    return any(
        other.arm == arm and _same(other, row) and use_of(other, study)[0] == "calibrate" for other in study.observed
    )


def _same(one: Observed, other: Observed) -> bool:
    return (one.endpoint, one.week, one.measure, one.threshold) == (
        other.endpoint,
        other.week,
        other.measure,
        other.threshold,
    )
