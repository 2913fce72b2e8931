"""What the shipped studies published, and how near it lies to an arm under assessment."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from anagen.evidence.uses import SAME_NUMBERS, use_of
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.observed import Observed, Use
from anagen.study.shipped import shipped_studies
from anagen.study.treatment import Arm, TherapyUse
from anagen.therapies import THERAPIES

RELATIONS = ("same therapy, same route", "same therapy", "same route", "same condition")
"""How a published value is related to the arm, the nearest first."""
NEAREST = RELATIONS[0]
INFORMS, CHECKS, DERIVED = "informs parameters", "checks only", "follows from its arms"
"""What a published value is for; only one that checks and does not follow from others is independent of the model."""
NOT_EVIDENCE: Use = "exclude"


@dataclass(frozen=True, slots=True)
class Reported:
    """A published value of a shipped study with the arm that it tells of."""

    study: Study
    row: Observed

    @property
    def arm(self) -> Arm:
        """The arm, of a contrast the first one."""
        return next(arm for arm in self.study.arms if arm.name == self.row.arms[0])

    @property
    def can_be_predicted(self) -> bool:
        """Whether the model has such a value and the study file does not exclude it."""
        known = self.row.endpoint in ENDPOINTS and self.row.week is not None
        return known and use_of(self.row, self.study).use != NOT_EVIDENCE


def reported_values(studies: Sequence[Study] | None = None) -> tuple[Reported, ...]:
    """Published values that the model can predict, of all shipped studies or of those given.

    Values that a study file excludes from comparison are left out.
    """
    whole = [Study.load(path) for path in shipped_studies().values()] if studies is None else studies
    reported = (Reported(study, row) for study in whole for row in study.observed)
    return tuple(entry for entry in reported if entry.can_be_predicted)


def with_study(study: Study, reported: Sequence[Reported]) -> tuple[Reported, ...]:
    """The published values with those of a study as its file gives them, in place of a shipped one of that name."""
    others = (entry for entry in reported if entry.study.study != study.study)
    return (*others, *reported_values([study]))


def active_uses(arm: Arm) -> tuple[TherapyUse, ...]:
    """Therapies of an arm that are no controls."""
    return tuple(use for use in arm.uses if not THERAPIES[use.therapy].is_control)


def relation_of(study: Study, arm: Arm, reported: Reported) -> str | None:
    """How a published value is related to an arm of a study: the nearest of RELATIONS, None where not at all.

    An arm of several therapies is met by a value on an arm with all of them; one on some of them shares the therapy.
    """
    uses = {(use.therapy, use.route) for use in active_uses(arm)}
    other_uses = {(use.therapy, use.route) for use in active_uses(reported.arm)}
    same_condition = study.population.condition == reported.study.population.condition
    if uses and uses == other_uses and same_condition:
        return RELATIONS[0]
    if {name for name, _ in uses} & {name for name, _ in other_uses}:
        return RELATIONS[1]
    if {route for _, route in uses} & {route for _, route in other_uses}:
        return RELATIONS[2]
    return RELATIONS[3] if same_condition else None


def published_table(study: Study, arm: Arm, reported: Sequence[Reported]) -> pd.DataFrame:
    """Published values related to an arm: study, subject, relation, endpoint, week, measure, use, patients, read,
    printed (whether a standard error can be had) and matched (whether the study file matches the published baseline).
    """
    rows = [
        {
            "study": entry.study.study,
            "subject": entry.row.subject,
            "relation": relation,
            "endpoint": entry.row.endpoint,
            "week": entry.row.week,
            "measure": entry.row.measure,
            "use": role_of(entry),
            "patients": entry.row.n or 0,
            "read": entry.row.read,
            "printed": not math.isnan(entry.row.standard_error),
            "matched": bool(entry.study.population.baseline),
        }
        for entry in reported
        for relation in [relation_of(study, arm, entry)]
        if relation is not None
    ]
    columns = ["study", "subject", "relation", "endpoint", "week", "measure", "use", "patients", "read", "printed"]
    columns.append("matched")
    table = pd.DataFrame(rows, columns=columns)
    order = table["relation"].map({name: place for place, name in enumerate(RELATIONS)})
    return table.assign(_order=order).sort_values("_order", kind="stable", ignore_index=True)[columns]


def role_of(entry: Reported) -> str:
    """What a published value is for, in words; a contrast whose arms inform parameters is no check of its own."""
    use, reason = use_of(entry.row, entry.study)
    return DERIVED if reason == SAME_NUMBERS else CHECKS if use == "check" else INFORMS


def patients_behind(published: pd.DataFrame) -> int:
    """Patients behind published values, each study counted once by the largest number of one of its values."""
    return int(published.groupby("study")["patients"].max().sum()) if len(published) else 0
