"""What a response curve varies: the settings of a study, each a study of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from anagen.analysis.effects import contrasts_of
from anagen.analysis.response import Axis
from anagen.core.errors import InputError, Problem
from anagen.core.reading import shown
from anagen.study import Override, Study, StudyLike
from anagen.study.document import Key
from anagen.study.overrides import locate
from anagen.sweeps.naming import axis_title, axis_unit, value_at
from anagen.trials.protocol import protocol

MOST_SETTINGS = 64


@dataclass(frozen=True, slots=True)
class Point:
    """One setting: the position of its value on each axis, and the study that it makes."""

    place: tuple[int, ...]
    study: Study


@dataclass(frozen=True, slots=True)
class Sweep:
    """Everything that a response curve runs.

    Attributes
    ----------
    name : str
        Of its folder.
    title : str
        In one line.
    axes : tuple[Axis, ...]
        What is varied.
    points : tuple[Point, ...]
        All combinations, the last axis fastest.
    arms : tuple[str, ...]
        Arms whose effects are followed.
    notes : tuple[str, ...], default ()
        Sentences that a reader needs.
    """

    name: str
    title: str
    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    arms: tuple[str, ...]
    notes: tuple[str, ...] = ()


def study_sweep(study: StudyLike, sets: Sequence[tuple[Override, ...]], fixed: Sequence[Override] = ()) -> Sweep:
    """The response curve of a study file over options with more than one value.

    Parameters
    ----------
    study : StudyLike
        What `Study.of` takes.
    sets : Sequence[tuple[Override, ...]]
        Values of each `--set`; those with one value are the same at every setting.
    fixed : Sequence[Override], default ()
        Further overrides of every setting.

    Returns
    -------
    Sweep
        Every setting with its study.

    Raises
    ------
    InputError
        Where there are too many settings, or with every problem of any of them.
    """
    varied = [values for values in sets if len(values) > 1]
    _refuse_patients(varied)
    constant = [*(values[0] for values in sets if len(values) == 1), *fixed]
    places = places_of([len(values) for values in varied], ", ".join(f"--set {values[0].path}" for values in varied))
    chosen = [[*(values[i] for values, i in zip(varied, place, strict=True)), *constant] for place in places]
    points = tuple(Point(place, variant) for place, variant in zip(places, Study.variants(study, chosen), strict=True))
    _refuse_endpoints(points, varied)
    keys = [locate(_plain(points[0]), str(values[0].path), values[0].option) for values in varied]
    for i, values in enumerate(varied):
        refuse_same(points, i, [each.text for each in values], f"--set {values[0].path}")
    axes = tuple(
        axis_of(points, i, keys[i], name=str(values[0].path), labels=[each.text for each in values])
        for i, values in enumerate(varied)
    )
    first = points[0].study
    title = f"{first.title}: response to {titles_joined(axes)}"
    return Sweep(f"{first.study}-curve", title, axes, points, arms_followed(points[0], keys))


def _refuse_patients(varied: Sequence[tuple[Override, ...]]) -> None:
    """What is expected does not depend on how many take part, so that such a curve would repeat one row."""
    problems: list[Problem] = []
    for values in varied:
        if str(values[0].path).split(".")[-1] == "patients":
            sizes = ",".join(each.text for each in values)
            message = (
                "what is expected does not depend on the number of patients, so every row would be the same; "
                f"`anagen power STUDY --patients {sizes}` tells power and assurance at each"
            )
            problems.append(Problem(None, None, None, f"--set {values[0].path}", message))
    if problems:
        raise InputError(problems)


def _refuse_endpoints(points: Sequence[Point], varied: Sequence[tuple[Override, ...]]) -> None:
    """A curve follows one endpoint at one week; numbers of several would stand in one column."""
    if len({point.study.endpoints.primary.model_dump_json() for point in points}) > 1:
        message = "changes the primary endpoint, and a response curve follows one; run each by itself"
        wrong = [values[0] for values in varied if str(values[0].path).startswith("endpoints")]
        raise InputError([Problem(None, None, None, f"--set {values.path}", message) for values in wrong])


def refuse_same(points: Sequence[Point], index: int, labels: Sequence[str], option: str) -> None:
    """A curve holds every setting once, however its value is written: 1 mL is 1000 uL.

    Raises
    ------
    InputError
        Where two values of an axis make the same studies.
    """
    first: dict[tuple[str, ...], str] = {}
    for position, label in enumerate(labels):
        studies = tuple(point.study.sha256 for point in points if point.place[index] == position)
        same = first.setdefault(studies, label)
        if same != label:
            message = f"the values {shown(same)} and {shown(label)} make the same study; keep one of them"
            raise InputError([Problem(None, None, None, option, message)])


def places_of(numbers: Sequence[int], named: str) -> list[tuple[int, ...]]:
    """All combinations of positions on axes with so many values each.

    Raises
    ------
    InputError
        Where there are more than MOST_SETTINGS.

    Examples
    --------
    >>> places_of([2, 2], "")
    [(0, 0), (0, 1), (1, 0), (1, 1)]
    """
    total = math.prod(numbers)
    if total > MOST_SETTINGS:
        message = (
            f"{' x '.join(map(str, numbers))} values make {total:,} settings; at most {MOST_SETTINGS} are run at once"
        )
        raise InputError([Problem(None, None, None, named, message)])
    return list(product(*(range(number) for number in numbers)))


def axis_of(points: Sequence[Point], index: int, key: Key, *, name: str, labels: Sequence[str]) -> Axis:
    """An axis with its values as the checked studies hold them: numbers in the unit of the field, or the text given."""
    first = {point.place[index]: point for point in reversed(points)}
    settings = [value_at(_plain(first[position]), key) for position in range(len(labels))]
    numbers = [value for value in settings if isinstance(value, float)]
    values: tuple[float | str, ...] = tuple(numbers) if len(numbers) == len(settings) else tuple(labels)
    study = points[0].study
    unit = axis_unit(study, key) if len(numbers) == len(settings) else ""
    return Axis(name, axis_title(study, key), unit, values, tuple(labels))


def arms_followed(point: Point, keys: Sequence[Key]) -> tuple[str, ...]:
    """Arms whose effects can differ between settings: those varied, or all where something else is varied."""
    plan = protocol(point.study)
    arms = [arm for arm, _ in contrasts_of(plan)]
    varied = {plan.arms[key[1]] for key in keys if len(key) > 1 and key[0] == "arms" and isinstance(key[1], int)}
    if all(key[0] == "arms" for key in keys) and varied <= set(arms):
        return tuple(arm for arm in arms if arm in varied)
    return tuple(arms)


def titles_joined(axes: Sequence[Axis]) -> str:
    """Titles of axes for the middle of a sentence.

    Examples
    --------
    >>> titles_joined([Axis(name, name, "", (), ()) for name in ("Dose", "Route", "Storage")])
    'dose, route and storage'
    """
    titles = [axis.title[:1].lower() + axis.title[1:] for axis in axes]
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def _plain(point: Point) -> dict[str, Any]:
    return point.study.model_dump(mode="json")
