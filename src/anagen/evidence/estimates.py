"""Which published results of a therapy can be pooled, each with its standard error and where that came from.

Contrasts with a control and single arms are never mixed. Pooled results, ranks, results whose week counts from the last
session, excluded rows and, unless asked for, rows from memory stay out, each with its reason.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from scipy.stats import norm

from anagen.evidence.table import Published

TYPICAL_SD = 20.0
"""SD of the change of a density between patients where none was printed [hairs/cm2]; trials print 15 to 25."""
TYPICAL_FOR = ("total_density", "nonvellus_density", "terminal_density")
SHARES = ("share", "responder", "responder_percent", "responder_value")
QUARTILES_APART = 1.349
"""Width of the interquartile range of a normal distribution in SDs; Wan 2014, doi:10.1186/1471-2288-14-135."""
WITHIN = ("split", "half-head", "within-patient")
"""Words of a design in which both arms are the same people."""
Kind = Literal["contrast", "arm"]


@dataclass(frozen=True, slots=True)
class Question:
    """What is pooled.

    therapy: registered name. endpoint, measure: as in the table. week: the time asked for; of a study with several, the
    nearest, and none further away than `window` weeks. kind: contrasts with a control, single arms, or None for
    contrasts where there are any. background: what both arms of a contrast got besides ("" for nothing), None for the
    one with most studies. dose: as in the table, or None for all doses of a study together. memory: whether values
    from memory count.
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
    """One study's effect: value and se in `unit`; n: patients of both arms; how: where the standard error came from."""

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

    @property
    def label(self) -> str:
        """Name of the study as a picture has it.

        Example:
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


@dataclass(frozen=True, slots=True)
class _Mean:
    """Mean of a group with its standard error, number of patients and where the error came from."""

    value: float
    se: float | None
    n: int | None
    how: str


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


def _in(entry: Estimate, found: Iterable[Estimate]) -> bool:
    return any((other.study, other.sex) == (entry.study, entry.sex) for other in found)


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
        found = _estimate(row, "contrast", _contrast_mean(row), "+".join(sorted(row.background)))
        if isinstance(found, Estimate):
            candidates.append((0 if printed and row.read != "derived" else 2, row, found))
        elif not _has_arms(row, rows):
            out.append(found)
    for row, found in _differences(rows, question, out):
        candidates.append((1, row, found))
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

    Source: Cochrane Handbook 23.3.4, groups of one study that share a control.
    """
    found: list[tuple[Published, Estimate]] = []
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
        difference = _difference(
            _together([_arm_mean(row) for row in fair]), _arm_mean(control), within=_within(control)
        )
        text = f"{' + '.join(row.arm for row in fair)} - {control.arm}"
        background = "+".join(sorted(control.treatments))
        entry = _estimate(
            replace(fair[0], arm=text, derived="difference of the arms"), "contrast", difference, background
        )
        if isinstance(entry, Estimate):
            found.append((fair[0], entry))
        else:
            out.append(entry)
    return found


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
        mean = _together([_arm_mean(row) for row in group])
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


def _estimate(row: Published, kind: Kind, mean: _Mean, background: str) -> Estimate | LeftOut:
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
    )


def _printed_error(row: Published) -> tuple[float, str] | None:
    if row.se is not None:
        return row.se, "as printed" if row.read != "derived" else "worked out from the arms"
    if row.ci_low is not None and row.ci_high is not None:
        return (row.ci_high - row.ci_low) / (2.0 * float(norm.ppf(0.975))), "from the 95 % interval"
    return None


def _contrast_mean(row: Published) -> _Mean:
    """A printed contrast; where no error is printed, one from the numbers of patients and a typical SD."""
    value = float(row.mean or 0.0)
    known = _printed_error(row)
    sizes = _sizes(row)
    n = None if sizes is None else _patients(row, sizes)
    if known is not None:
        return _Mean(value, known[0], n, known[1])
    if sizes is None:
        return _Mean(value, None, None, "neither standard error nor number of patients")
    if not _typical(row):
        return _Mean(value, None, n, "no standard error")
    se = TYPICAL_SD * math.sqrt(1.0 / sizes[0] + 1.0 / sizes[1])
    return _Mean(value, se, n, _typical_words(row))


def _sizes(row: Published) -> tuple[float, float] | None:
    if row.n and row.n_control:
        return float(row.n), float(row.n_control)
    if row.n_total:
        return row.n_total / 2.0, row.n_total / 2.0
    return None


def _patients(row: Published, sizes: tuple[float, float]) -> int:
    return int(sizes[0] if _within(row) and not row.n_total else sizes[0] + sizes[1])


def _within(row: Published) -> bool:
    return any(word in row.design.lower() for word in WITHIN)


def _arm_mean(row: Published) -> _Mean:
    """Mean of an arm with the best standard error that its numbers allow."""
    value = float(row.mean or 0.0)
    known = _printed_error(row)
    if known is not None:
        return _Mean(value, known[0], row.n, known[1])
    if not row.n:
        return _Mean(value, None, None, "neither standard error nor number of patients")
    root = math.sqrt(row.n)
    if row.sd is not None and row.sd > 0.0:
        return _Mean(value, row.sd / root, row.n, "from the SDs")
    if row.iqr is not None and row.iqr > 0.0:
        return _Mean(value, row.iqr / QUARTILES_APART / root, row.n, "derived: from the interquartile ranges")
    if row.measure in SHARES and 0.0 < value < 1.0:
        return _Mean(value, math.sqrt(value * (1.0 - value)) / root, row.n, "from the share and n")
    if not _typical(row):
        return _Mean(value, None, row.n, "no standard error")
    return _Mean(value, TYPICAL_SD / root, row.n, _typical_words(row))


def _typical(row: Published) -> bool:
    return row.endpoint in TYPICAL_FOR and row.measure == "change"


def _typical_words(row: Published) -> str:
    read = {"memory": " from memory", "assumed": " assumed"}.get(row.n_read, "")
    return f"derived: SD of {TYPICAL_SD:g} and n{read}"


def _together(parts: list[_Mean]) -> _Mean:
    """Independent groups as one: means weighted by patients, variance sum((n_i / N)^2 se_i^2)."""
    if len(parts) == 1:
        return parts[0]
    missing = next((part for part in parts if part.se is None or part.n is None), None)
    if missing is not None:
        return _Mean(missing.value, None, None, missing.how)
    total = sum(part.n or 0 for part in parts)
    shares = [(part.n or 0) / total for part in parts]
    value = sum(share * part.value for share, part in zip(shares, parts, strict=True))
    variance = sum((share * float(part.se or 0.0)) ** 2 for share, part in zip(shares, parts, strict=True))
    return _Mean(value, math.sqrt(variance), total, _weakest([part.how for part in parts]))


def _difference(treated: _Mean, control: _Mean, *, within: bool) -> _Mean:
    """Treated less control.

    The sides of one scalp are taken as independent, which makes the error too wide rather than too narrow.
    """
    value = treated.value - control.value
    if treated.se is None or control.se is None:
        return _Mean(value, None, None, treated.how if treated.se is None else control.how)
    n = None if treated.n is None or control.n is None else treated.n if within else treated.n + control.n
    return _Mean(value, math.hypot(treated.se, control.se), n, _weakest([treated.how, control.how]))


def _weakest(words: list[str]) -> str:
    return next((word for word in words if word.startswith("derived")), words[0])
