"""What may vary in a search: values of fields of the study, and what belongs to a whole trial.

A short name stands for what a planner means by it: `dose`, `sessions` and `interval` for the fields of the therapies
that have them, `arms` for which of the tested arms are kept, `allocation` for the ratio in which patients are
randomised, `week` for the visit of the primary endpoint, with which the trial ends, `layout`, and `patients` for the
smallest arm. Any other name is a path, as `--set` writes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import whole
from anagen.core.reading import is_mapping, nearest
from anagen.planning.question import LEAST_PATIENTS, MOST_PATIENTS
from anagen.planning.search.named import (
    ALLOCATION,
    ARMS,
    DOSE,
    EXAMPLE,
    INTERVAL,
    LAYOUT,
    OPTION,
    PATIENTS,
    SESSIONS,
    SHORT,
    WEEK,
    Named,
    named_values,
    placed,
    wrong,
)
from anagen.study import Override, Study
from anagen.study.overrides import locate, override_of
from anagen.study.treatment import TherapyUse

FIELDS = {DOSE: "dose", SESSIONS: "schedule.sessions", INTERVAL: "schedule.every"}
"""Fields of a therapy that three of them stand for."""
LAYOUTS = ("parallel", "split_scalp")
FEWEST, MOST_TIMES = 0.25, 8.0
"""Patients of the smallest arm where none are named: from a quarter of the study's to eight times as many."""
MOST_VALUES, MOST_PART = 100, 20
"""Values of an axis, and the greatest number in a ratio."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One thing that varies.

    Attributes
    ----------
    name : str
        As it was written.
    labels : tuple[str, ...]
        Its values as they were written.
    values : tuple[object, ...]
        What they stand for: overrides, a week, a layout, names of arms, a ratio over the arms, or patients.
    derived : bool
        Whether it follows from the study because nobody named it.
    """

    name: str
    labels: tuple[str, ...]
    values: tuple[object, ...]
    derived: bool = False


@dataclass(frozen=True, slots=True)
class Space:
    """Everything that is searched.

    Attributes
    ----------
    study : Study
        What is varied.
    axes : tuple[Axis, ...]
        Fields, week and layout: each of their combinations needs a simulation.
    arms : Axis
        Which arms are kept: tuples of their numbers.
    allocation : Axis
        Tuples of whole numbers, one an arm of the study.
    patients : Axis
        Sizes of the smallest arm; with two values and `ranged` the ends of a range.
    ranged : bool
        Whether any whole number between the two ends may be taken.
    """

    study: Study
    axes: tuple[Axis, ...]
    arms: Axis
    allocation: Axis
    patients: Axis
    ranged: bool

    @property
    def designs(self) -> int:
        """How many combinations need a simulation."""
        return math.prod(len(axis.values) for axis in self.axes)


def space_of(study: Study, vary: Sequence[str] | Mapping[str, object]) -> Space:
    """What is searched: what was named, and allocation, week and patients by the study where they were not.

    Parameters
    ----------
    study : Study
        What is varied.
    vary : Sequence[str] or Mapping[str, object]
        "NAME=A,B" each, or the name of a file of such; or names with lists of values.

    Returns
    -------
    Space
        Checked, each value by itself.

    Raises
    ------
    InputError
        With every name and value that is wrong, what would be right, and the nearest spelling.

    Examples
    --------
    >>> space = space_of(Study.load("exosome-vs-saline"), ["dose=1e9,1e10"])
    >>> [(axis.name, axis.labels) for axis in space.axes]
    [('dose', ('1e9', '1e10')), ('week', ('12', '16', '24'))]
    >>> space.allocation.labels, space.patients.labels
    (('1:1', '2:1', '1:2'), ('7', '240'))
    """
    named = named_values(vary)
    try:
        return _space(study, named)
    except InputError as error:
        raise InputError(placed(error.problems, named)) from None


def _space(study: Study, named: Mapping[str, Named]) -> Space:
    problems: list[Problem] = []
    made: dict[str, Axis] = {}
    ranged = PATIENTS not in named
    for name, each in named.items():
        labels, values = each.labels, each.values
        try:
            if len(labels) > MOST_VALUES:
                raise wrong(name, f"has {len(labels)} values; at most {MOST_VALUES} are searched")
            if name == PATIENTS:
                made[name], ranged = _patients(study, labels, values)
            else:
                made[name] = Axis(name, labels, _values(study, name, labels, values))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    fields = [axis for name, axis in made.items() if name not in (ARMS, ALLOCATION, PATIENTS, WEEK, LAYOUT)]
    _refuse_wrong(study, fields)
    fields += [made[WEEK] if WEEK in made else _own_weeks(study)]
    fields += [made[LAYOUT]] if LAYOUT in made else []
    return Space(
        study,
        tuple(fields),
        made.get(ARMS, _all_arms(study)),
        made.get(ALLOCATION, _own_allocation(study)),
        made.get(PATIENTS, _own_patients(study)),
        ranged,
    )


def _values(study: Study, name: str, labels: Sequence[str], values: Sequence[object]) -> tuple[object, ...]:
    twice = next((label for i, label in enumerate(labels) if label in labels[:i]), None)
    if twice is not None:
        raise wrong(name, f"the value {twice!r} is given twice")
    if name == ARMS:
        return tuple(_kept(study, label) for label in labels)
    if name == ALLOCATION:
        return tuple(_ratio(study, label) for label in labels)
    if name == WEEK:
        return tuple(_week(study, label, value) for label, value in zip(labels, values, strict=True))
    if name == LAYOUT:
        for label in labels:
            if label not in LAYOUTS:
                raise wrong(name, f"there is no layout {label!r}", nearest(label, LAYOUTS), LAYOUTS)
        return tuple(labels)
    paths = _paths(study, name)
    option = f"{OPTION} {name}"
    return tuple(
        tuple(replace(override_of(path, value), option=f"{option}={label}", text=label) for path in paths)
        for label, value in zip(labels, values, strict=True)
    )


def _paths(study: Study, name: str) -> tuple[str, ...]:
    """Fields that a name stands for."""
    if name not in FIELDS:
        if name.split(".")[-1] == PATIENTS:
            message = "is no field that varies by itself; `patients` varies the smallest arm, `allocation` the ratio"
            raise wrong(name, message, PATIENTS)
        if "." not in name and name not in type(study).model_fields:
            raise wrong(name, f"is neither a path nor one of the short names; {EXAMPLE}", nearest(name, SHORT), SHORT)
        locate(study.model_dump(mode="json"), name, f"{OPTION} {name}")
        return (name,)
    found = [
        f"arms.{i}.therapies.{j}.{FIELDS[name]}"
        for i, arm in enumerate(study.arms)
        for j, use in enumerate(arm.therapies)
        if _has(use, name) and (name != DOSE or not arm.control)
    ]
    if not found:
        what = {DOSE: "no tested arm takes a dose", SESSIONS: "nothing is given in sessions"}
        what[INTERVAL] = "nothing is given in several sessions"
        raise wrong(name, f"cannot vary: {what[name]} in one rhythm")
    doses = {use.dose.value for arm in study.arms if not arm.control for use in arm.therapies if use.dose is not None}
    if name == DOSE and len(found) > 1 and len(doses) > 1:
        message = "means several doses that differ; name the field"
        raise wrong(name, message, None, tuple(f"{path}" for path in found))
    return tuple(found)


def _has(use: TherapyUse, name: str) -> bool:
    """Whether a therapy has a dose, sessions or an interval of its own."""
    if name == DOSE:
        return use.dose is not None
    if {"schedule", "rhythm"} & use.follows.keys() or use.schedule.phases or use.schedule.sessions is None:
        return False
    return name == SESSIONS or (use.schedule.every is not None and use.schedule.sessions > 1)


def _kept(study: Study, label: str) -> tuple[int, ...]:
    """Numbers of the arms that are kept: those named, joined by +, with every control."""
    names = [arm.name for arm in study.arms]
    tested = tuple(arm.name for arm in study.arms if not arm.control)
    chosen = [part.strip() for part in label.split("+")]
    for part in chosen:
        if part not in names:
            message = f"there is no arm {part!r}; arms that are kept are joined by +"
            raise wrong(ARMS, message, nearest(part, tested), tested)
    kept = tuple(i for i, arm in enumerate(study.arms) if arm.name in chosen or arm.control)
    if not any(not study.arms[i].control for i in kept):
        raise wrong(ARMS, f"{label!r} keeps no tested arm; controls are kept anyhow", None, tested)
    return kept


def _ratio(study: Study, label: str) -> tuple[int, ...]:
    """Ratio over the arms: tested to control, or one number an arm."""
    parts = label.replace(" ", "").split(":")
    numbers = [int(part) for part in parts if part.isdecimal() and 1 <= int(part) <= MOST_PART]
    if len(numbers) != len(parts) or len(parts) not in (2, len(study.arms)):
        several = "" if len(study.arms) == 2 else f", or {len(study.arms)} of them, one an arm"
        message = f"{label!r} is no ratio; expected tested to control, e.g. 2:1{several}, from 1 to {MOST_PART}"
        raise wrong(ALLOCATION, message)
    common = math.gcd(*numbers)
    numbers = [number // common for number in numbers]
    if len(numbers) == len(study.arms) and len(numbers) != 2:
        return tuple(numbers)
    return tuple(numbers[1] if arm.control else numbers[0] for arm in study.arms)


def _week(study: Study, label: str, value: object) -> float:
    visits = tuple(float(week) for week in study.measurement.visits[1:])
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value) in visits:
        return float(value)
    listed = tuple(f"{week:g}" for week in visits)
    message = f"{label!r} is not the week of a visit after baseline; visits are in measurement.visits"
    raise wrong(WEEK, message, nearest(label, listed), listed)


def _patients(study: Study, labels: tuple[str, ...], values: tuple[object, ...]) -> tuple[Axis, bool]:
    """Sizes of the smallest arm: values, or {min: 20, max: 400} for every number between."""
    if len(values) == 1 and is_mapping(values[0]):
        ends = values[0]
        if set(ends) != {"min", "max"}:
            raise wrong(PATIENTS, "a range has min and max, e.g. {min: 20, max: 400}")
        low, high = (whole(PATIENTS, ends[end], LEAST_PATIENTS, MOST_PATIENTS) for end in ("min", "max"))
        if low >= high:
            raise wrong(PATIENTS, f"min ({low}) is not below max ({high})")
        return Axis(PATIENTS, (str(low), str(high)), (low, high)), True
    sizes = sorted({whole(PATIENTS, value, LEAST_PATIENTS, MOST_PATIENTS) for value in values})
    if len(sizes) < len(values):
        raise wrong(PATIENTS, "a size is given twice")
    return Axis(PATIENTS, tuple(map(str, sizes)), tuple(sizes)), False


def _own_weeks(study: Study) -> Axis:
    """Visits from half of the time of the primary endpoint on, up to it."""
    primary = float(study.endpoints.primary.week)
    weeks = [float(week) for week in study.measurement.visits[1:] if primary / 2.0 <= week <= primary]
    return Axis(WEEK, tuple(f"{week:g}" for week in weeks), tuple(weeks), derived=True)


def _all_arms(study: Study) -> Axis:
    return Axis(ARMS, ("all",), (tuple(range(len(study.arms))),), derived=True)


def _own_allocation(study: Study) -> Axis:
    """The study's own ratio, as many in every arm, twice as many tested, twice as many controls."""
    common = math.gcd(*(arm.patients for arm in study.arms))
    own = tuple(arm.patients // common for arm in study.arms)
    ratios = {own: allocation_label(study, own)}
    for label in ("1:1", "2:1", "1:2"):
        ratios.setdefault(_ratio(study, label), label)
    if study.design.layout == "split_scalp":
        ratios = {own: "1:1"}
    return Axis(ALLOCATION, tuple(ratios.values()), tuple(ratios), derived=True)


def allocation_label(study: Study, ratio: Sequence[int]) -> str:
    """A ratio in words: tested to control where all arms of a kind are alike, else arm by arm.

    Examples
    --------
    >>> allocation_label(Study.load("exosome-vs-saline"), (2, 1))
    '2:1'
    """
    tested = {number for number, arm in zip(ratio, study.arms, strict=True) if not arm.control}
    control = {number for number, arm in zip(ratio, study.arms, strict=True) if arm.control}
    if len(tested) == len(control) == 1:
        return f"{tested.pop()}:{control.pop()}"
    return ":".join(map(str, ratio))


def _own_patients(study: Study) -> Axis:
    least = min(arm.patients for arm in study.arms)
    low = max(int(FEWEST * least), LEAST_PATIENTS)
    high = min(max(int(MOST_TIMES * least), low + 1), MOST_PATIENTS)
    return Axis(PATIENTS, (str(low), str(high)), (low, high), derived=True)


def _refuse_wrong(study: Study, axes: Sequence[Axis]) -> None:
    """Every value by itself makes a study that can be run, no two make the same one, and no field varies twice."""
    problems: list[Problem] = []
    data, by_field = study.model_dump(mode="json"), dict[object, str]()
    for axis in axes:
        for each in cast("tuple[Override, ...]", axis.values[0]):
            other = by_field.setdefault(locate(data, str(each.path), each.option), axis.name)
            if other != axis.name:
                problems.append(
                    Problem(None, None, None, f"{OPTION} {axis.name}", f"is varied by --vary {other} as well")
                )
    if problems:
        raise InputError(dict.fromkeys(problems))
    for axis in axes:
        chosen = [list(cast("tuple[Override, ...]", value)) for value in axis.values]
        try:
            made = Study.variants(study, chosen)
        except InputError as error:
            problems += error.problems
            continue
        first: dict[str, str] = {}
        for label, variant in zip(axis.labels, made, strict=True):
            if first.setdefault(variant.sha256, label) != label:
                message = f"the values {first[variant.sha256]!r} and {label!r} make the same study; keep one of them"
                problems.append(Problem(None, None, None, f"{OPTION} {axis.name}", message))
    if problems:
        raise InputError(problems)
