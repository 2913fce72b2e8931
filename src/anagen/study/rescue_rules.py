"""Rules of a rescue: in which arms, at which visit, by which endpoint, and with what."""

from __future__ import annotations

from anagen.core.reading import Key, number
from anagen.study.findings import Findings, mapping, sequence, uses_of
from anagen.study.vocabulary import Vocabulary


def check_rescues(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of a switch for non-response that a model cannot see; `data` has its defaults filled in."""
    arms = [mapping(arm) for arm in sequence(data.get("arms"))]
    for i, arm in enumerate(arms):
        rescue, path = mapping(arm.get("rescue")), ("arms", i, "rescue")
        if not rescue:
            continue
        _check_arm(data, arms, arm, path, findings)
        _check_visit(data, rescue.get("week"), (*path, "week"), findings)
        _check_change(data, rescue, path, words, findings)
        _check_given(arm, rescue, i, words, findings)


def _check_arm(
    data: dict[str, object], arms: list[dict[str, object]], arm: dict[str, object], path: Key, findings: Findings
) -> None:
    """What others are compared with stays what it is, and the sides of one scalp are not rescued apart."""
    other = next((one for one in arms if arm.get("name") is not None and one.get("comparator") == arm["name"]), None)
    if arm.get("control") is True or other is not None:
        why = "it is a control arm" if other is None else f"{other.get('name')} is compared with it"
        findings.add(
            path,
            f"{why}, so that it has no rescue: every difference from it would hold what the rescue does; leave the key "
            "out, or write the rescue in an arm that is tested",
            at_key=True,
        )
    if mapping(data.get("design")).get("layout") == "split_scalp":
        message = "the sides of one scalp have no rescue of their own; use design.layout parallel, or leave the key out"
        findings.add(path, message, ("parallel",), at_key=True)


def _check_visit(data: dict[str, object], value: object, path: Key, findings: Findings) -> None:
    """The week is that of a visit, with a visit before it and one after it."""
    week = number(value)
    weeks = [number(visit) for visit in sequence(mapping(data.get("measurement")).get("visits"))]
    visits = [visit for visit in weeks if visit is not None]
    if week is None or len(visits) != len(weeks) or len(visits) < 2:
        return
    possible = visits[1:-1]
    if week in possible:
        return
    if not possible:
        fault = "has no visit: the study has none between its first and its last; add one to measurement.visits"
    elif week <= visits[0]:
        fault = "is not after baseline, so that nothing has changed yet"
    elif week >= visits[-1]:
        last = "the last visit" if week == visits[-1] else f"after the last visit (week {visits[-1]:g})"
        fault = f"is {last}, so that nothing would be seen of the rescue"
    else:
        fault = "is not the week of a visit"
    nearest = min(possible, key=lambda visit: abs(visit - week), default=None)
    suggestion = None if nearest is None else f"{nearest:g}"
    findings.add(path, f"week {week:g} {fault}", [f"{visit:g}" for visit in possible], suggestion)


def _check_change(
    data: dict[str, object], rescue: dict[str, object], path: Key, words: Vocabulary, findings: Findings
) -> None:
    """The endpoint can be read in these patients, and the change is on the side of too little."""
    name = rescue.get("endpoint")
    if not isinstance(name, str):
        return
    endpoint = words.endpoints.get(name)
    if endpoint is None:
        findings.add_unknown((*path, "endpoint"), "endpoint", name, words.endpoints.names())
        return
    condition = words.conditions.get(str(mapping(data.get("population")).get("condition")))
    if endpoint.whole_scalp and condition is not None and condition.patches is None:
        fitting = tuple(other.name for other in words.conditions.values() if other.patches is not None)
        message = f"{endpoint.title} is not read in {condition.title}; conditions in which it is"
        findings.add((*path, "endpoint"), message, fitting)
        return
    right, wrong = ("change_below", "change_above") if endpoint.higher_is_better else ("change_above", "change_below")
    if rescue.get(wrong) is not None and rescue.get(right) is None:
        better, side = ("more", "less") if endpoint.higher_is_better else ("less", "more")
        findings.add(
            (*path, wrong),
            f"{better} {endpoint.title} is better, so that those who do not respond have changed by {side}; "
            f"write {right}",
            (right,),
            right,
            at_key=True,
        )
    limit, (low, high) = number(rescue.get(right)), endpoint.possible
    if limit is not None and abs(limit) > high - low:
        unit = "" if endpoint.unit == "1" else f" {endpoint.unit}"
        message = f"{limit:g} cannot be a change: {endpoint.title} changes by at most {high - low:g}{unit}"
        findings.add((*path, right), message)


def _check_given(
    arm: dict[str, object], rescue: dict[str, object], i: int, words: Vocabulary, findings: Findings
) -> None:
    """Nothing of a rescue is given before its week; grafts, which stay, are no part of an arm that switches."""
    week = None if findings.known(("arms", i, "rescue", "week")) else number(rescue.get("week"))
    if rescue.get("therapies", ...) is None or rescue.get("therapies") == []:
        message = "is empty; name what the rescued go on with, or therapy: none where they stop"
        findings.add(("arms", i, "rescue", "therapies"), message)
    for path, use in uses_of(arm, ("arms", i)):
        therapy = words.therapies.get(str(use.get("therapy")))
        if therapy is not None and therapy.moves_follicles:
            message = f"{therapy.title} cannot be given in an arm with a rescue; give it an arm of its own"
            findings.add((*path, "therapy"), message)
        if "rescue" not in path or week is None:
            continue
        schedule = mapping(use.get("schedule"))
        phases = [mapping(phase) for phase in sequence(schedule.get("phases"))]
        key: Key = (*path, "schedule")
        parts = [((*key, "phases", k), phase) for k, phase in enumerate(phases)] or [(key, schedule)]
        for place, part in parts[:1]:
            start = number(part.get("start"))
            if start is not None and start < week:
                findings.add(
                    (*place, "start"),
                    f"week {start:g} is before the rescue (week {week:g}); weeks count from baseline, as everywhere: "
                    f"begin in week {week:g} or later, or leave the key out",
                    suggestion=f"{week:g}",
                )
