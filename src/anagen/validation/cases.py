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
from anagen.evidence.between import kind_of
from anagen.evidence.comparison import standard_error
from anagen.evidence.uses import use_of
from anagen.results.schema import RESPONDERS
from anagen.scalp import ENDPOINTS
from anagen.study import Study, StudyLike
from anagen.study.models import Observed, StudyFields
from anagen.study.shipped import find_study, shipped_studies
from anagen.study.vocabulary import ADVERSE_EVENT
from anagen.trials.protocol import Protocol, protocol

DENSITIES = ("total_density", "nonvellus_density", "terminal_density")
NET_WEEKS = (16.0, 52.0)
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
class Published:
    """One published value of a study: its place in `observed`, or after it where it is a difference of two arms."""

    study: str
    row: int
    value: Observed
    derived: bool


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
        One per study.

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
        return tuple(Case(name, study, study.sha256) for name, study in shipped.items() if study.observed)
    cases: dict[str, Case] = {}
    for each in studies:
        study, name, file = _named(each)
        if not study.observed:
            primary = study.endpoints.primary
            add = ADD.format(arm=study.arms[0].name, endpoint=primary.endpoint, week=primary.week)
            raise InputError([Problem(file, None, None, "observed", add)])
        if name in cases:
            raise InputError([Problem(file, None, None, "FILES", f"a study named {name!r} is given twice")])
        cases[name] = Case(name, study, study.sha256)
    return tuple(cases.values())


def _named(each: StudyLike) -> tuple[Study, str, str | None]:
    """A study, the name it has in tables, and its file where it has one."""
    if not isinstance(each, str | os.PathLike):
        study = Study.of(each)
        return study, study.study, None
    path = find_study(each) if isinstance(each, str) else Path(each)
    names = {path: name for name, path in shipped_studies().items()}
    return Study.load(path), names.get(path, path.stem), str(path)


def published(case: Case) -> tuple[Published, ...]:
    """Published values of a study, then differences of arms from their controls where only the arms were printed.

    Example:
        >>> [each.derived for each in published(cases_of(["shapiro-2020-prp"])[0])]
        [False, False, False, False, False]
    """
    printed = [Published(case.name, row, value, False) for row, value in enumerate(case.study.observed)]
    derived = enumerate(_differences(case.study), start=len(printed))
    return (*printed, *(Published(case.name, row, value, True) for row, value in derived))


def _differences(study: Study) -> Iterator[Observed]:
    plan = protocol(study)
    changes = {
        (row.arm, row.endpoint, row.week, row.measure): row
        for row in study.observed
        if row.arm and row.endpoint in ENDPOINTS
        if row.measure in ("change", "percent_change") and use_of(row, study)[0] != "exclude"
    }
    printed = {(frozenset(row.contrast), row.endpoint, row.week, row.measure) for row in study.observed if row.contrast}
    for arm, control in contrasts_of(plan):
        for (name, *what), row in changes.items():
            against = changes.get((control, *what))  # type: ignore[arg-type]
            if name != arm or against is None or (frozenset((arm, control)), *what) in printed:
                continue
            yield _difference(row, against, plan)


def _difference(row: Observed, against: Observed, plan: Protocol) -> Observed:
    assert row.arm is not None and against.arm is not None
    value, other = (each.mean if each.mean is not None else each.median for each in (row, against))
    assert value is not None and other is not None
    error = math.hypot(standard_error(row), standard_error(against))
    # the two sides of a scalp are correlated, so that their errors do not add up
    known = math.isfinite(error) and not plan.split_scalp
    both = None if row.n is None or against.n is None else row.n if plan.split_scalp else row.n + against.n
    return Observed(
        contrast=(row.arm, against.arm),
        endpoint=row.endpoint,
        week=row.week,
        measure=row.measure,
        mean=value - other,
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
    read, note.
    """
    plan = protocol(case.study)
    return pd.DataFrame([_fact(each, case.study, plan) for each in published(case)])


def _fact(each: Published, study: Study, plan: Protocol) -> dict[str, object]:
    row = each.value
    given = [plan.prescriptions[plan.arms.index(arm)] for arm in ((row.arm,) if row.arm else row.contrast or ())]
    active = [tuple(p for p in arm if not p.therapy.is_control) for arm in given]
    kinds = {kind_of(arm) for arm in given}
    kind = "procedure" if "procedure" in kinds else "drug" if "drug" in kinds else "control"
    names = [{p.therapy.name for p in arm} for arm in active]
    gained = active[0]
    against = ""
    if row.contrast is not None:
        against = "control" if names[1] < names[0] else "active"
        gained = tuple(p for p in active[0] if p.therapy.name not in names[1])
    text = "+".join(sorted({p.therapy.name for p in gained}))
    if against == "active":
        text = " vs ".join("+".join(sorted(found)) or "control" for found in names)
    event = row.endpoint.startswith(ADVERSE_EVENT)
    use, reason = use_of(row, study)
    net = (
        against == "control"
        and row.endpoint in DENSITIES
        and row.measure == "change"
        and row.week is not None
        and NET_WEEKS[0] <= row.week <= NET_WEEKS[1]
        and use != "exclude"
    )
    return {
        "study": each.study,
        "row": each.row,
        "subject": row.arm if row.arm is not None else " - ".join(row.contrast or ()),
        "condition": study.population.condition,
        "therapies": text or "control",
        "kind": kind,
        "treatment": "head to head" if against == "active" else class_of(gained),
        "against": against,
        "endpoint": row.endpoint,
        "week": row.week,
        "measure": row.measure,
        "threshold": row.threshold,
        "unit": unit_of(row),
        "contrast": row.contrast is not None,
        "derived": each.derived,
        "net": net,
        "observed": row.mean if row.mean is not None else row.median,
        "observed_se": standard_error(row),
        "observed_n": row.n,
        # printed shares of few patients are rounded; half a patient does not decide
        "slack": 0.5 / row.n if event and row.n else 0.0,
        "use": use,
        "reason": reason,
        "source": row.source,
        "cohort": study.cohort or "",
        "read": row.read,
        "note": row.note or "",
    }


def class_of(given: tuple[Prescription, ...]) -> str:
    """Class of a treatment in which published gains are pooled: control, drug, light, surgery or procedure.

    Example:
        >>> class_of(())
        'control'
    """
    kind = kind_of(given)
    if kind != "procedure":
        return "control" if kind == "none" else kind
    routes = {p.route.name for p in given}
    return "surgery" if "graft" in routes else "light" if routes == {"light"} else "procedure"


def unit_of(row: Observed) -> str:
    """Unit of a published value.

    Example:
        >>> case = cases_of(["olsen-2002-minoxidil"])[0]
        >>> unit_of(case.study.observed[0])
        'hairs/cm2'
    """
    if row.measure == "share" or row.measure in RESPONDERS:
        return "share"
    if row.measure == "percent_change":
        return "%"
    return ENDPOINTS[row.endpoint].unit if row.endpoint in ENDPOINTS else ""
