"""Published values to predict: the study files that hold them, and one row of facts per value."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from anagen.analysis.effects import contrasts_of
from anagen.core.errors import InputError, Problem
from anagen.delivery import Prescription
from anagen.evidence.between import kind_of, prescriptions_of, strongest_kind
from anagen.evidence.uses import use_of
from anagen.scalp import ENDPOINTS
from anagen.study import Study, StudyLike
from anagen.study.models import StudyFields
from anagen.study.observed import Observed
from anagen.study.shipped import find_study, shipped_studies
from anagen.study.zones import AT, in_zone, is_elsewhere, other_zones
from anagen.trials.protocol import Protocol, protocol

DENSITIES = ("total_density", "nonvellus_density", "terminal_density")
NET_WEEKS = (16.0, 52.0)
AMONG = "among"
"""Column of the condition that patients met, in tables with such a value."""
DIFFERENCE = "difference of the two arms as printed"
ADD = (
    "holds no published results; add a list such as\n"
    "observed:\n"
    "  - {{arm: {arm}, endpoint: {endpoint}, week: {week:g}, measure: change, mean: 12.3, se: 2.1, n: 40,\n"
    '     source: "doi:...", read: abstract}}'
)


@dataclass(frozen=True, slots=True)
class Case:
    """A study with published results: its name (as it is shipped, or of its file), the study and its hash."""

    name: str
    study: Study
    sha256: str


@dataclass(frozen=True, slots=True)
class Treatment:
    """What a published value is about.

    Parameters
    ----------
    therapies : str
        Therapies joined by "+", "control", or both arms of a comparison of two treatments with "vs".
    name : str
        Class of the treatment, see `class_of`, or "head to head".
    against : str
        What a contrast is taken against: "control" or "active"; empty for an arm.
    """

    therapies: str
    name: str
    against: str


def cases_of(studies: StudyLike | Sequence[StudyLike] = ()) -> tuple[Case, ...]:
    """Studies to validate with.

    Parameters
    ----------
    studies : sequence of Study, mapping, str or path
        Studies, study files or names of shipped studies; every shipped study with published results where there are
        none.

    Returns
    -------
    tuple of Case
        One per study, and one more per other zone of which it holds published values, named STUDY@zone.

    Raises
    ------
    InputError
        Where a file is no study, holds no published results, or is given twice.

    Examples
    --------
    >>> [case.name for case in cases_of(["olsen-2002-minoxidil"])]
    ['olsen-2002-minoxidil']
    """
    if isinstance(studies, StudyFields | Mapping | str | os.PathLike):
        studies = [studies]
    if not studies:
        shipped = {name: Study.load(path) for name, path in shipped_studies().items()}
        return tuple(case for name, study in shipped.items() if study.observed for case in _of_zones(name, study))
    cases: dict[str, Case] = {}
    for each in studies:
        study, name, file = _named(each)
        if not study.observed:
            primary = study.endpoints.primary
            add = ADD.format(arm=study.arms[0].name, endpoint=primary.endpoint, week=primary.week)
            raise InputError([Problem(file, None, None, "observed", add)])
        if name in cases:
            raise InputError([Problem(file, None, None, "FILES", f"a study named {name!r} is given twice")])
        cases |= {case.name: case for case in _of_zones(name, study)}
    return tuple(cases.values())


def _of_zones(name: str, study: Study) -> Iterator[Case]:
    """The study itself, then once per other zone of which it holds published values."""
    yield Case(name, study, study.sha256)
    for zone in other_zones(study):
        elsewhere = in_zone(study, zone)
        yield Case(f"{name}{AT}{zone}", elsewhere, elsewhere.sha256)


def of_its_zone(case: Case) -> Iterator[tuple[int, Observed]]:
    """Published values of a case with their places, without those of another zone, which have a case of their own.

    Parameters
    ----------
    case : Case
        The study.

    Yields
    ------
    int and Observed
        Place in `published`, and the value.
    """
    for place, row in enumerate(published(case)):
        if not is_elsewhere(row, case.study):
            yield place, row


def _named(each: StudyLike) -> tuple[Study, str, str | None]:
    """A study, the name it has in tables, and its file where it has one."""
    if not isinstance(each, str | os.PathLike):
        study = Study.of(each)
        return study, study.study, None
    path = find_study(each) if isinstance(each, str) else Path(each)
    names = {path: name for name, path in shipped_studies().items()}
    return Study.load(path), names.get(path, path.stem), str(path)


def published(case: Case) -> tuple[Observed, ...]:
    """Published values of a study, then differences of arms from their controls where only the arms were printed.

    The place of a value is its number in the tables of a validation; those past the study's own are differences.

    Examples
    --------
    >>> case = cases_of(["shapiro-2020-prp"])[0]
    >>> len(published(case)) - len(case.study.observed)
    0
    """
    return (*case.study.observed, *_differences(case.study))


def _differences(study: Study) -> Iterator[Observed]:
    plan = protocol(study)
    changes = {
        (row.arm, row.outcome): row
        for row in study.observed
        if row.arm and row.endpoint in ENDPOINTS
        if row.has_number and not is_elsewhere(row, study)
        if row.measure in ("change", "percent_change") and use_of(row, study).use != "exclude"
    }
    printed = {(frozenset(row.arms), row.outcome) for row in study.observed if row.is_contrast}
    for arm, control in contrasts_of(plan):
        for (name, outcome), row in changes.items():
            against = changes.get((control, outcome))
            if name == arm and against is not None and (frozenset((arm, control)), outcome) not in printed:
                yield _difference(row, against, plan)


def _difference(row: Observed, against: Observed, plan: Protocol) -> Observed:
    assert row.arm is not None and against.arm is not None
    error = math.hypot(row.standard_error, against.standard_error)
    # the two sides of a scalp are correlated, so that their errors do not add up
    known = math.isfinite(error) and not plan.split_scalp
    both = None if row.n is None or against.n is None else row.n if plan.split_scalp else row.n + against.n
    return Observed(
        contrast=(row.arm, against.arm),
        endpoint=row.endpoint,
        week=row.week,
        measure=row.measure,
        among=row.among,
        mean=row.value - against.value,
        se=error if known else None,
        n=both,
        source=row.source,
        read="derived",
        note=DIFFERENCE,
        use="check",
        reason=DIFFERENCE,
    )


def facts(case: Case) -> pd.DataFrame:
    """One row per value of `published`, without a prediction.

    Columns: study, row, subject, condition, therapies, kind (drug, procedure, control), treatment (its class, see
    `class_of`), against (what a contrast is taken against: control, active or empty), endpoint, week, measure,
    threshold, unit, contrast, derived, net, observed, observed_se, observed_n, slack, use, reason, source, cohort,
    read, note; and among, the condition that patients met, where one of the values has one.
    """
    plan = protocol(case.study)
    rows = (_fact(case, place, row, plan) for place, row in of_its_zone(case))
    return pd.DataFrame(list(rows))


def _fact(case: Case, place: int, row: Observed, plan: Protocol) -> dict[str, object]:
    use, reason = use_of(row, case.study)
    treatment = treatment_of(row, plan)
    kind = strongest_kind(row, plan)
    return {
        "study": case.name,
        "row": place,
        "subject": row.whose,
        "condition": case.study.population.condition,
        "therapies": treatment.therapies,
        "kind": "control" if kind == "none" else kind,
        "treatment": treatment.name,
        "against": treatment.against,
        "endpoint": row.endpoint,
        "week": row.week,
        "measure": row.measure,
        "threshold": row.threshold,
        "unit": "share" if row.is_share else row.unit,
        "contrast": row.is_contrast,
        "derived": place >= len(case.study.observed),
        "net": treatment.against == "control" and is_gain_of_density(row) and use != "exclude" and row.has_number,
        "observed": row.value,
        "observed_se": row.standard_error,
        "observed_n": row.n,
        # printed shares of few patients are rounded; half a patient does not decide
        "slack": 0.5 / row.n if row.is_event and row.n else 0.0,
        "use": use,
        "reason": reason,
        "source": row.source,
        "cohort": case.study.cohort or "",
        "read": row.read,
        "note": row.note or "",
        # a column of its own where there is such a value, as other studies have none
        **({} if row.among is None else {AMONG: row.among.label}),
    }


def treatment_of(row: Observed, plan: Protocol) -> Treatment:
    """What a published value says of which therapies.

    Parameters
    ----------
    row : Observed
        The value.
    plan : Protocol
        Its study.

    Returns
    -------
    Treatment
        Of an arm what it is given; of a contrast with less of the same what it is given besides; else both arms.
    """
    first, *others = (tuple(p for p in arm if not p.therapy.is_control) for arm in prescriptions_of(row, plan))
    if not others:
        return Treatment(_joined(first) or "control", class_of(first), "")
    besides = {p.therapy.name for p in others[0]}
    if besides < {p.therapy.name for p in first}:
        gained = tuple(p for p in first if p.therapy.name not in besides)
        return Treatment(_joined(gained), class_of(gained), "control")
    both = " vs ".join(_joined(active) or "control" for active in (first, others[0]))
    return Treatment(both, "head to head", "active")


def _joined(prescriptions: tuple[Prescription, ...]) -> str:
    return "+".join(sorted({p.therapy.name for p in prescriptions}))


def is_gain_of_density(row: Observed) -> bool:
    """Whether a value is a change of a density in the weeks in which net changes are told."""
    if row.endpoint not in DENSITIES or row.measure != "change" or row.week is None:
        return False
    return NET_WEEKS[0] <= row.week <= NET_WEEKS[1]


def class_of(prescriptions: tuple[Prescription, ...]) -> str:
    """Class of a treatment in which published gains are pooled: control, drug, light, surgery or procedure.

    Examples
    --------
    >>> class_of(())
    'control'
    """
    kind = kind_of(prescriptions)
    if kind != "procedure":
        return "control" if kind == "none" else kind
    routes = {p.route.name for p in prescriptions}
    return "surgery" if "graft" in routes else "light" if routes == {"light"} else "procedure"
