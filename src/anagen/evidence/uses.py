"""What a published value is for: to inform parameters, to be compared with only, or to be shown only."""

from __future__ import annotations

from typing import NamedTuple

from anagen.study import Study
from anagen.study.observed import Observed, Use
from anagen.study.treatment import Arm, TherapyUse
from anagen.therapies import THERAPIES

SAME_NUMBERS = "the difference of two arms whose own values are there"
WITHOUT_NUMBER = "a result in words; nothing is fitted to it"
OTHER_ZONE = "of another zone than the one that is measured"
CHOSEN = "of patients who were chosen by their response; nothing is fitted to them"
FROM_MEMORY = "recalled, not read"
OF_EVENTS = "rates of adverse events are set from their own sources, not fitted with the follicle"


class Purpose(NamedTuple):
    """Use of a published value, with the reason where it informs nothing."""

    use: Use
    reason: str


def use_of(row: Observed, study: Study) -> Purpose:
    """Use of a published value.

    What the file says counts. Where it is silent, a number from memory and one that its arms give already are for
    checking, and everything else may inform parameters. It is no property of the value, because it depends on the other
    values of its study.

    Parameters
    ----------
    row : Observed
        The value.
    study : Study
        Its study.

    Returns
    -------
    Purpose
        Use and reason; the reason is empty where the value may inform parameters.

    Examples
    --------
    >>> from anagen.study.shipped import shipped_studies
    >>> from anagen.study import Study
    >>> study = Study.load(shipped_studies()["van-neste-2000-finasteride"])
    >>> sorted({use_of(row, study).use for row in study.observed})
    ['calibrate', 'check']
    """
    if row.use is not None:
        return Purpose(row.use, row.reason or "")
    if row.zone not in (None, study.measurement.zone):
        return Purpose("check", OTHER_ZONE)
    if row.among is not None:
        return Purpose("check", CHOSEN)
    if not row.has_number:
        return Purpose("check", WITHOUT_NUMBER)
    if row.read == "memory":
        return Purpose("check", FROM_MEMORY)
    if row.is_event:
        return Purpose("check", OF_EVENTS)
    if row.is_contrast and all(_printed(arm, row, study) for arm in row.arms):
        return Purpose("check", SAME_NUMBERS)
    return Purpose("calibrate", "")


def without_control(row: Observed, study: Study) -> bool:
    """True for a change from baseline of a treated arm whose control is not printed at that endpoint and week.

    Such a number holds expectation, regression to the mean and the choice of what is published; see
    `heterogeneity.uncontrolled_bias`. A control arm that has crossed over to a treatment by that week is none.
    """
    controls = [
        arm.name
        for arm in study.arms
        if arm.control and all(THERAPIES[use.therapy].is_control for use in begun(arm, row.week))
    ]
    if row.arm is None or row.arm in controls or row.measure in ("value", "share", "responder_value"):
        return False
    return not any(other.arm in controls and other.outcome == row.outcome for other in study.observed)


def _printed(arm: str, row: Observed, study: Study) -> bool:
    """Whether the value of an arm that a contrast is taken from informs parameters itself."""
    return any(
        other.arm == arm and other.outcome == row.outcome and use_of(other, study).use == "calibrate"
        for other in study.observed
    )


def begun(arm: Arm, week: float | None) -> tuple[TherapyUse, ...]:
    """What an arm can have been given by a week, by its rescue as well; an arm that crosses over is what it has had.

    Parameters
    ----------
    arm : Arm
        Of a study.
    week : float or None
        Week from baseline; baseline itself, or None, counts what is to come.

    Returns
    -------
    tuple of TherapyUse
        In the order of the arm.
    """
    if not week:
        return arm.uses
    return tuple(use for use in arm.uses if min(phase.start for phase in use.schedule.parts) < week)
