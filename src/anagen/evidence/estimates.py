"""Which published results of a therapy can be pooled, each with its standard error and where that came from.

Contrasts with a control and single arms are never mixed. Pooled results, ranks, results whose week counts from the last
session, excluded rows and, unless asked for, rows from memory stay out, each with its reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from anagen.evidence.means import Mean, arm_mean, contrast_mean, mean_difference, pooled_groups, within_patients
from anagen.evidence.table import Published
from anagen.study.covariates import COVARIATES

Kind = Literal["contrast", "arm"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is pooled.

    Attributes
    ----------
    therapy : str
        Registered name.
    endpoint : str
        As in the table.
    measure : str, default "change"
        As in the table.
    week : float, default 24.0
        The time asked for; of a study with several, the nearest, and none further away than `window` weeks.
    kind : Kind, optional
        Contrasts with a control, single arms, or None for contrasts where there are any.
    background : str, optional
        What both arms of a contrast got besides ("" for nothing), None for the one with most studies.
    dose : str, optional
        As in the table, or None for all doses of a study together.
    memory : bool, default False
        Whether values from memory count.
    """

    therapy: str
    endpoint: str
    measure: str = "change"
    week: float = 24.0
    kind: Kind | None = None
    background: str | None = None
    dose: str | None = None
    memory: bool = False
    window: float = 28.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """One study's effect: value and se in `unit`; n of both arms; how: where the standard error came from.

    sponsor, blinding, sham and add_on say how the trial was conducted, as far as is known; pooling does not use them.
    """

    study: str
    sex: str
    subject: str
    kind: Kind
    background: str
    week: float
    value: float
    se: float
    unit: str
    n: int | None
    how: str
    citation: str
    read: str
    sponsor: str = ""
    blinding: str = ""
    sham: str = ""
    add_on: str = ""

    @property
    def label(self) -> str:
        """Name of the study as a picture has it.

        Examples
        --------
        >>> Estimate("olsen-2002", "male", "drug", "arm", "", 48, 1, 1, "", None, "", "", "").label
        'Olsen 2002'
        """
        words = self.study.split("-")
        names = next((place for place, word in enumerate(words) if word.isdigit()), 1)
        return " ".join([*(word.capitalize() for word in words[:names]), *words[names:]])


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A result that is not pooled, and why."""

    study: str
    subject: str
    week: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """What can be pooled and what cannot."""

    kind: Kind
    background: str
    estimates: tuple[Estimate, ...]
    left_out: tuple[LeftOut, ...]


def select(rows: Sequence[Published], question: Question) -> Selection:
    """Results that answer a question, one per study and sex, and those left out with the reason."""
    out: list[LeftOut] = []
    about = (row for row in rows if row.endpoint == question.endpoint and row.measure == question.measure)
    usable = [row for row in about if _usable(row, question, out)]
    contrasts = _contrasts(usable, question, out)
    arms, bare = _single_arms(usable, question)
    kind: Kind = question.kind or ("contrast" if contrasts else "arm")
    estimates = contrasts if kind == "contrast" else arms
    if kind == "contrast":
        out += [_left_out(e, "a single arm, not a contrast") for e in arms if not _in(e, estimates)]
    mentioned = {(entry.study, entry.week) for entry in (*out, *estimates)}
    out += [entry for entry in bare if kind == "arm" or (entry.study, entry.week) not in mentioned]
    background = _commonest(estimates) if question.background is None else question.background
    out += [_left_out(e, f"on top of {e.background or 'nothing'}") for e in estimates if e.background != background]
    kept = sorted((e for e in estimates if e.background == background), key=lambda entry: (entry.study, entry.sex))
    return Selection(kind, background, tuple(kept), tuple(dict.fromkeys(out)))


def _left_out(entry: Estimate, reason: str) -> LeftOut:
    return LeftOut(entry.study, entry.subject, entry.week, reason)


def _commonest(estimates: Sequence[Estimate]) -> str:
    """The background of most estimates, the first by name where several are as common; none where there are none."""
    backgrounds = [entry.background for entry in estimates]
    return max(sorted(set(backgrounds)), key=backgrounds.count, default="")


def _in(entry: Estimate, others: Iterable[Estimate]) -> bool:
    return any((other.study, other.sex) == (entry.study, entry.sex) for other in others)


def _usable(row: Published, question: Question, out: list[LeftOut]) -> bool:
    """Whether a row can take part; controls stay silently, rows of the therapy that cannot are told."""
    about = question.therapy in row.treatments | row.background
    reason = ""
    if row.use == "exclude":
        reason = f"excluded: {row.reason}"
    elif row.kind.startswith("pooled"):
        reason = "pooled already"
    elif row.mean is None:
        reason = "no number was seen"
    elif row.read == "memory" and not question.memory:
        reason = "from memory"
    elif row.week is None:
        reason = "no single week"
    elif row.week_from == "last session":
        reason = "weeks from the last session"
    elif abs(row.week - question.week) > question.window:
        reason = f"further than {question.window:g} weeks from week {question.week:g}"
    elif question.dose is not None and about and row.dose != question.dose:
        reason = f"another dose ({row.dose or 'not stated'})"
    if reason and about:
        out.append(LeftOut(row.study, row.arm, row.week, reason))
    return not reason


def _contrasts(rows: Sequence[Published], question: Question, out: list[LeftOut]) -> list[Estimate]:
    """One contrast per study and sex: the printed one with its error, else the difference of the arms."""
    candidates: list[tuple[int, Published, Estimate]] = []
    for row in rows:
        if row.kind != "contrast" or question.therapy not in row.treatments:
            continue
        if row.treatments - {question.therapy} != row.background:
            out.append(LeftOut(row.study, row.arm, row.week, _unfair(row.background, question)))
            continue
        printed = row.se is not None or row.ci_low is not None
        estimate = _estimate(row, "contrast", contrast_mean(row), "+".join(sorted(row.background)))
        if isinstance(estimate, Estimate):
            candidates.append((0 if printed and row.read != "derived" else 2, row, estimate))
        elif not _has_arms(row, rows):
            out.append(estimate)
    for row, estimate in _differences(rows, question, out):
        candidates.append((1, row, estimate))
    return _one_each(candidates, question)


def _unfair(background: frozenset[str], question: Question) -> str:
    if question.therapy in background:
        return "both arms got it"
    return f"against an active treatment ({'+'.join(sorted(background)) or 'none'}), not its own background"


def _has_arms(contrast: Published, rows: Sequence[Published]) -> bool:
    """Whether the arms of a study are there themselves, so that its bare contrast is not missed."""
    return any(row.study == contrast.study and row.kind == "arm" and row.control for row in rows)


def _differences(rows: Sequence[Published], question: Question, out: list[LeftOut]) -> list[tuple[Published, Estimate]]:
    """Differences of treated arms and their control; several doses against one control are first put together.

    References
    ----------
    .. [1] Cochrane Handbook 23.3.4, groups of one study that share a control.
    """
    differences: list[tuple[Published, Estimate]] = []
    arms = [row for row in rows if row.kind == "arm"]
    treated = [row for row in arms if question.therapy in row.treatments and row.control]
    for (study, name, week, _), members in groupby(sorted(treated, key=_by_control), key=_by_control):
        group = list(members)
        control = next((row for row in arms if (row.study, row.arm, row.week) == (study, name, week)), None)
        if control is None:
            out += [LeftOut(row.study, row.arm, row.week, f"its control ({name}) cannot be used") for row in group]
            continue
        fair = [row for row in group if row.treatments - {question.therapy} == control.treatments]
        out += [
            LeftOut(row.study, row.arm, row.week, _unfair(control.treatments, question))
            for row in group
            if row not in fair
        ]
        if not fair:
            continue
        difference = mean_difference(
            pooled_groups([arm_mean(row) for row in fair]), arm_mean(control), within=within_patients(control)
        )
        text = f"{' + '.join(row.arm for row in fair)} - {control.arm}"
        background = "+".join(sorted(control.treatments))
        entry = _estimate(
            replace(fair[0], arm=text, derived="difference of the arms"), "contrast", difference, background
        )
        if isinstance(entry, Estimate):
            differences.append((fair[0], entry))
        else:
            out.append(entry)
    return differences


def _by_control(row: Published) -> tuple[str, str, float, str]:
    return row.study, row.control, row.week or 0.0, row.sex


def _by_week(row: Published) -> tuple[str, str, float]:
    return row.study, row.sex, row.week or 0.0


def _single_arms(rows: Sequence[Published], question: Question) -> tuple[list[Estimate], list[LeftOut]]:
    """Changes of arms that got the therapy alone, one per study and sex, and those without a standard error."""
    candidates: list[tuple[int, Published, Estimate]] = []
    bare: list[LeftOut] = []
    alone = [row for row in rows if row.kind == "arm" and row.treatments == {question.therapy}]
    for _, members in groupby(sorted(alone, key=_by_week), key=_by_week):
        group = list(members)
        mean = pooled_groups([arm_mean(row) for row in group])
        row = replace(group[0], arm=" + ".join(dict.fromkeys(each.arm for each in group)))
        entry = _estimate(row, "arm", mean, "")
        if isinstance(entry, Estimate):
            candidates.append((0, row, entry))
        else:
            bare.append(entry)
    return _one_each(candidates, question), bare


def _one_each(candidates: list[tuple[int, Published, Estimate]], question: Question) -> list[Estimate]:
    """The best candidate of each study and sex: nearest to the week asked for, then the better standard error."""
    best: dict[tuple[str, str], tuple[tuple[float, int, float], Estimate]] = {}
    for rank, _, entry in candidates:
        order = (abs(entry.week - question.week), rank, entry.week)
        place = (entry.study, entry.sex)
        if place not in best or order < best[place][0]:
            best[place] = (order, entry)
    return [entry for _, entry in best.values()]


def _estimate(row: Published, kind: Kind, mean: Mean, background: str) -> Estimate | LeftOut:
    if mean.se is None or row.week is None:
        return LeftOut(row.study, row.arm, row.week, mean.how)
    return Estimate(
        study=row.study,
        sex=row.sex,
        subject=row.arm,
        kind=kind,
        background=background,
        week=row.week,
        value=mean.value,
        se=mean.se,
        unit=row.unit,
        n=mean.n,
        how=mean.how,
        citation=row.citation,
        read=row.read,
        **{key: getattr(row, key) for key in COVARIATES},
    )
