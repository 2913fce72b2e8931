"""Weeks that a paper counts from the last session or from the end of treatment -> weeks from baseline, and back.

week from baseline = week of the last session (or of the end of treatment) of an arm + weeks counted from it
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pydantic import ValidationError

from anagen.core.reading import Key, is_mapping, nearest, number, shown
from anagen.core.words import counted as counted_words
from anagen.study.findings import Findings, mapping, sequence
from anagen.study.treatment import Schedule
from anagen.study.values import MOST_WEEKS, Counted

LAST_SESSION, END = "after_last_session", "after_end_of_treatment"
EVENTS = (LAST_SESSION, END)
KEYS = (*EVENTS, "arm")
KEPT = "counted"
"""Key under which a resolved week keeps how it was counted."""


def has_counted_weeks(data: Mapping[str, object]) -> bool:
    """Whether a study's data counts any week from the last session or from the end of treatment.

    Parameters
    ----------
    data : mapping
        What the file holds, or a dumped study.
    """
    endpoints = mapping(data.get("endpoints"))
    rows = [endpoints.get("primary"), *sequence(endpoints.get("secondary")), *sequence(data.get("observed"))]
    measurement = mapping(data.get("measurement"))
    visits = sequence(measurement.get("visits"))
    return (
        any(is_mapping(week) for week in (*visits, *(mapping(row).get("week") for row in rows)))
        or bool(measurement.get(KEPT))
        or any(mapping(row).get(KEPT) for row in rows)
    )


def resolve_weeks(data: dict[str, object], arms: Sequence[object], findings: Findings) -> dict[str, object]:
    """A study's data with every counted week turned into weeks from baseline; how it was counted stays beside it.

    Parameters
    ----------
    data : dict
        What the file holds, or a dumped study.
    arms : sequence
        Its arms with their schedules filled in, as far as they do not depend on the last visit.
    findings : Findings
        Takes problems.

    Returns
    -------
    dict
        The data; what cannot be resolved is told and left out.
    """
    known = {str(mapping(arm).get("name")): mapping(arm) for arm in arms}
    treated = [name for name, arm in known.items() if arm.get("control") is not True] or list(known)
    resolved = as_counted(data)
    measurement = mapping(resolved.get("measurement"))
    if any(is_mapping(week) for week in sequence(measurement.get("visits"))):
        visits: list[object] = []
        kept: list[object] = []
        for i, week in enumerate(sequence(measurement["visits"])):
            found = _resolved(week, ("measurement", "visits", i), known, treated, findings)
            if found is None and is_mapping(week):
                findings.told(("measurement", "visits", i))
            visits.append(found["week"] if found is not None else week)
            kept += [found] if found is not None else []
        resolved["measurement"] = measurement | {"visits": visits, KEPT: kept}
    endpoints = mapping(resolved.get("endpoints"))
    if endpoints:
        primary = _choice(endpoints.get("primary"), ("endpoints", "primary"), known, treated, findings)
        resolved["endpoints"] = endpoints | {"primary": primary}
        if sequence(endpoints.get("secondary")):
            mapping(resolved["endpoints"])["secondary"] = [
                _choice(row, ("endpoints", "secondary", i), known, treated, findings)
                for i, row in enumerate(sequence(endpoints["secondary"]))
            ]
    if sequence(resolved.get("observed")):
        resolved["observed"] = [
            _choice(row, ("observed", i), known, _arms_of(mapping(row), known) or treated, findings)
            for i, row in enumerate(sequence(resolved["observed"]))
        ]
    return resolved


def as_counted(data: Mapping[str, object]) -> dict[str, object]:
    """A dumped study with its weeks as they were counted, so that they move with the schedule; anything else as it is.

    A week that was changed since is a week from baseline.

    Parameters
    ----------
    data : mapping
        As `model_dump` gives it.

    Returns
    -------
    dict
        The same without the keys that keep how a week was counted.
    """
    whole = dict(data)
    measurement = mapping(whole.get("measurement"))
    if KEPT in measurement:
        said = {number(mapping(item).get("week")): _written(mapping(item)) for item in sequence(measurement[KEPT])}
        visits = [said.get(number(week), week) if not is_mapping(week) else week for week in sequence(
            measurement.get("visits")
        )]  # fmt: skip
        kept = {key: value for key, value in measurement.items() if key != KEPT}
        whole["measurement"] = kept | {"visits": visits}
    endpoints = mapping(whole.get("endpoints"))
    if endpoints:
        again = {key: _row_as_counted(value) if key == "primary" else value for key, value in endpoints.items()}
        if "secondary" in again:
            again["secondary"] = [_row_as_counted(row) for row in sequence(again["secondary"])]
        whole["endpoints"] = again
    if sequence(whole.get("observed")):
        whole["observed"] = [_row_as_counted(row) for row in sequence(whole["observed"])]
    return whole


def counted_in_words(counted: Counted | None) -> str:
    """How a week was counted, in brackets, to stand after the week from baseline; empty where it was from baseline.

    Parameters
    ----------
    counted : Counted or None
        Of a resolved week.

    Returns
    -------
    str
        Words.

    Examples
    --------
    >>> counted_in_words(Counted(after="last_session", weeks=12.0, week=20.0))
    ' (12 weeks after the last session)'
    """
    if counted is None:
        return ""
    event = "the last session" if counted.after == "last_session" else "the end of treatment"
    weeks = counted_words(int(counted.weeks), "week") if counted.weeks.is_integer() else f"{counted.weeks:g} weeks"
    return f" ({weeks} after {event}{f' of {counted.arm}' if counted.arm else ''})"


def visits_in_words(visits: Iterable[float], counted: Iterable[Counted]) -> str:
    """Weeks of the visits in one line, each with how it was counted.

    Parameters
    ----------
    visits : iterable of float
        Weeks from baseline.
    counted : iterable of Counted
        Those that were counted otherwise.

    Returns
    -------
    str
        Weeks joined by commas.
    """
    said = {one.week: one for one in counted}
    return ", ".join(f"{week:g}{counted_in_words(said.get(week))}" for week in visits)


def _choice(
    row: object, path: Key, arms: Mapping[str, Mapping[str, object]], names: Sequence[str], findings: Findings
) -> object:
    """An endpoint or published value with its week from baseline."""
    section = mapping(row)
    if not is_mapping(section.get("week")):
        return row
    found = _resolved(section["week"], (*path, "week"), arms, names, findings)
    if found is None:
        findings.told((*path, "week"))
        return row
    return section | {"week": found["week"], KEPT: found}


def _arms_of(row: Mapping[str, object], arms: Mapping[str, object]) -> list[str]:
    """Arms of a published value that the study has."""
    return [str(name) for name in (row.get("arm"), *sequence(row.get("contrast"))) if str(name) in arms]


def _resolved(
    value: object, path: Key, arms: Mapping[str, Mapping[str, object]], names: Sequence[str], findings: Findings
) -> dict[str, object] | None:
    """A counted week with its week from baseline; None, with a finding, where it cannot be had."""
    if not is_mapping(value):
        return None
    for key in value:
        if key not in KEYS:
            findings.add((*path, key), "unknown key of a week", KEYS, nearest(key, KEYS), at_key=True)
            return None
    events = [event for event in EVENTS if event in value]
    if len(events) != 1:
        findings.add(path, f"needs one of {LAST_SESSION} and {END}, e.g. {{{LAST_SESSION}: 12}}", EVENTS)
        return None
    weeks = number(value[events[0]])
    if weeks is None or not 0.0 <= weeks <= MOST_WEEKS:
        message = f"{shown(value[events[0]])} is not a number of weeks from 0 to {MOST_WEEKS:g}"
        findings.add((*path, events[0]), message)
        return None
    named = value.get("arm")
    if named is not None and str(named) not in arms:
        findings.add_unknown((*path, "arm"), "arm", named, arms)
        return None
    ends = {name: _end(arms[name], events[0]) for name in ([str(named)] if named is not None else names)}
    known = {name: end for name, end in ends.items() if end is not None}
    if not known:
        whose = " and ".join(ends)
        findings.add(
            path,
            f"{whose} has no last session of its own: give its schedule `sessions` or `until`, or name another arm"
            if events[0] == LAST_SESSION
            else f"the treatment of {whose} has no end of its own: give its schedule `until` or `sessions`",
        )
        return None
    if len(set(known.values())) > 1:
        told = ", ".join(f"{name} in week {end:g}" for name, end in known.items())
        findings.add(path, f"arms end in different weeks ({told}); say which counts: arm: {next(iter(known))}", known)
        return None
    week = round(next(iter(known.values())) + weeks, 9)
    return {"after": events[0].removeprefix("after_"), "weeks": weeks, "arm": named, "week": week}


def _end(arm: Mapping[str, object], event: str) -> float | None:
    """Week of the last session, or of the end of treatment, of an arm; None where it hangs on the last visit."""
    ends: list[float | None] = []
    for use in sequence(arm.get("therapies")):
        try:
            schedule = Schedule.model_validate(mapping(use).get("schedule"))
        except ValidationError:
            return None  # told where it is written
        for phase in schedule.parts:
            sessions = phase.session_weeks()
            if sessions:
                ends.append(max(sessions))
            elif event == END:
                ends.append(phase.until)
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _row_as_counted(row: object) -> object:
    section = mapping(row)
    if KEPT not in section:
        return row
    kept = {key: value for key, value in section.items() if key != KEPT}
    said = mapping(section[KEPT])
    same = said and number(said.get("week")) == number(section.get("week"))
    return kept | ({"week": _written(said)} if same else {})


def _written(said: Mapping[str, object]) -> dict[str, object]:
    """How a week was counted, as a file writes it."""
    arm = {"arm": said["arm"]} if said.get("arm") is not None else {}
    return {f"after_{said.get('after')}": said.get("weeks"), **arm}
