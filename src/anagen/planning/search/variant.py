"""The study that a choice of values makes: as it is simulated, and as it is written.

Where the week of the primary endpoint is another one than the study's, the trial ends with it: later visits and
sessions fall away, later secondary endpoints move to it, and shares of patients that are lost, or have an event, "by
the last visit" are those of the same rate, as leaving is spread evenly over a trial.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from anagen.core.errors import InputError, Problem
from anagen.planning.search.axes import Space
from anagen.planning.search.named import LAYOUT, WEEK
from anagen.study import Override, Study
from anagen.study.controls import as_left_out
from anagen.study.models import StudyFields
from anagen.study.resolve import default_block, smallest_block

PER_ARM = 40
"""Patients of an arm in a simulated trial."""


def places_of(space: Space, labels: Mapping[str, str]) -> tuple[int, ...]:
    """Places of values on the axes that need a simulation.

    Examples
    --------
    >>> from anagen.planning.search.axes import space_of
    >>> places_of(space_of(Study.load("exosome-vs-saline"), ["dose=1e9,1e10"]), {"dose": "1e10", "week": "12"})
    (1, 0)
    """
    return tuple(axis.labels.index(labels[axis.name]) for axis in space.axes)


def varied(space: Space, places: Sequence[int]) -> dict[str, Any] | None:
    """Data of the study with values put in, all its arms and patients kept; None where a rule of the study refuses it.

    Parameters
    ----------
    space : Space
        What varies.
    places : Sequence[int]
        Place of the value on each axis.

    Returns
    -------
    dict or None
        Keys of a study file.
    """
    try:
        return _varied(space, places)
    except InputError:
        return None


def _varied(space: Space, places: Sequence[int]) -> dict[str, Any]:
    overrides: list[Override] = []
    week, layout = space.study.endpoints.primary.week, space.study.design.layout
    for axis, place in zip(space.axes, places, strict=True):
        if axis.name == WEEK:
            week = cast("float", axis.values[place])
        elif axis.name == LAYOUT:
            layout = cast("Any", axis.values[place])
        else:
            overrides += cast("tuple[Override, ...]", axis.values[place])
    changed = Study.variants(space.study, [overrides])[0]
    data = plain(changed)
    data["observed"] = []
    data["design"]["layout"] = layout
    if week != changed.endpoints.primary.week:
        end_at(data, float(week))
    return data


def refusal(space: Space, places: Sequence[int]) -> tuple[Problem, ...]:
    """Why a rule of the study refuses a combination; empty where none does.

    Parameters
    ----------
    space : Space
        What varies.
    places : Sequence[int]
        Place of the value on each axis.

    Returns
    -------
    tuple[Problem, ...]
        Each under the values that make it.
    """
    try:
        _simulated(_varied(space, places))
    except InputError as error:
        named = ", ".join(f"{axis.name} {axis.labels[place]}" for axis, place in zip(space.axes, places, strict=True))
        return tuple(replace(each, field=f"{named}: {each.field}") for each in error.problems)
    return ()


def plain(study: StudyFields) -> dict[str, Any]:
    """Keys of the file of a study, without what is filled in from other arms."""
    return as_left_out(study.model_dump(mode="json"))


def end_at(data: dict[str, Any], week: float) -> None:
    """Let a trial end with a visit at which its primary endpoint is then measured.

    Parameters
    ----------
    data : dict
        Keys of a study file; changed.
    week : float
        Of a visit.
    """
    measurement, endpoints, design = data["measurement"], data["endpoints"], data["design"]
    share = week / float(measurement["visits"][-1])
    measurement["visits"] = [visit for visit in measurement["visits"] if visit <= week]
    measurement["counted"] = []
    kept: list[dict[str, Any]] = []
    for choice in (endpoints["primary"], *endpoints["secondary"]):
        primary = choice is endpoints["primary"]
        moved = choice | ({"week": week, "counted": None} if primary or choice["week"] > week else {})
        if moved not in kept:
            kept.append(moved)
    endpoints["primary"], endpoints["secondary"] = kept[0], kept[1:]
    for rule in (design, *data.get("intercurrent", ())):
        _scale(rule, share)
    for arm in data["arms"]:
        for use in arm["therapies"]:
            _end_sessions(use, week)


def _scale(rule: dict[str, Any], share: float) -> None:
    """Shares by the last visit as those of a shorter trial at the same rate."""
    lost = rule.get("dropout")
    for section, key in ((rule, "dropout"), (rule, "share"), (lost if isinstance(lost, dict) else {}, "share")):
        if isinstance(section.get(key), int | float):
            section[key] = float(f"{section[key] * share:.6g}")
    for section in (rule, lost if isinstance(lost, dict) else {}):
        if section.get("by_arm"):
            section["by_arm"] = {arm: float(f"{each * share:.6g}") for arm, each in section["by_arm"].items()}


def _end_sessions(use: dict[str, Any], week: float) -> None:
    """Leave out sessions that are not before the last visit, where they are given in one rhythm."""
    schedule = use.get("schedule") or {}
    number, every = schedule.get("sessions"), schedule.get("every")
    if number is None or every is None or schedule.get("phases"):
        return
    before = sum(schedule["start"] + every * i < week for i in range(number))
    schedule["sessions"] = max(before, 1)
    if schedule.get("doses"):
        schedule["doses"] = schedule["doses"][: schedule["sessions"]]


def simulated_study(data: Mapping[str, Any]) -> Study | None:
    """The study of one simulation: as many patients in every arm, the primary endpoint alone.

    Parameters
    ----------
    data : Mapping[str, Any]
        From `varied`.

    Returns
    -------
    Study or None
        None where a rule of the study refuses it.
    """
    try:
        return _simulated(data)
    except InputError:
        return None


def _simulated(data: Mapping[str, Any]) -> Study:
    of_all = dict(data) | {"endpoints": data["endpoints"] | {"secondary": []}}
    return Study.from_dict(sized(of_all, [PER_ARM] * len(data["arms"])))


def written_study(space: Space, data: Mapping[str, Any], kept: Sequence[int], sizes: Sequence[int]) -> Study:
    """The study of a candidate as it is run: its arms and patients.

    Parameters
    ----------
    space : Space
        What varies.
    data : Mapping[str, Any]
        From `varied`.
    kept : Sequence[int]
        Numbers of the arms that are kept.
    sizes : Sequence[int]
        Patients of each of them.

    Returns
    -------
    Study
        Checked.

    Raises
    ------
    InputError
        Where a rule of the study refuses it.
    """
    arms = [dict(data["arms"][i]) for i in kept]
    names = [arm["name"] for arm in arms]
    design = dict(data["design"])
    if isinstance(design["dropout"], dict):
        design["dropout"] = _of_arms(design["dropout"], names)
    if design.get("placebo_response"):
        design["placebo_response"] = {k: v for k, v in design["placebo_response"].items() if k in names}
    fewer = dict(data) | {"arms": arms, "design": design}
    if data.get("intercurrent"):
        fewer["intercurrent"] = [_of_arms(event, names) for event in data["intercurrent"]]
    # what the file says of a trial that was published, and its question in words, are not of this one
    fewer |= dict.fromkeys(("question", "source", "cohort", "sponsor", "blinding", "sham", "add_on"))
    fewer["study"] = f"{space.study.study[:73]}-design"
    alpha = fewer["analysis"]["alpha"]
    many = sum(not arm["control"] for arm in arms)
    if many > 1:
        # at least one arm is to succeed: each contrast has its part of the level
        fewer["analysis"] = fewer["analysis"] | {"alpha": alpha / many}
    return Study.from_dict(sized(fewer, sizes))


def sized(data: Mapping[str, Any], sizes: Sequence[int]) -> dict[str, Any]:
    """A study's data with numbers of patients, and with other blocks where its own do not hold them."""
    numbers = [int(n) for n in sizes]
    arms = [dict(arm) | {"patients": int(n)} for arm, n in zip(data["arms"], sizes, strict=True)]
    design = dict(data["design"])
    rule = dict(design["randomisation"])
    if rule["method"] == "block" and rule["block"] % smallest_block(numbers):
        rule["block"] = default_block(numbers)
    design["randomisation"] = rule
    return dict(data) | {"arms": arms, "design": design}


def _of_arms(section: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """A rule with the shares of the arms that are kept alone."""
    by_arm = section.get("by_arm") or {}
    return dict(section) | {"by_arm": {arm: share for arm, share in by_arm.items() if arm in names}}
