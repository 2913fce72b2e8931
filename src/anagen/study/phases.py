"""When a therapy is given, as a file says it -> the schedule of the models: the usual rhythm filled in, phases in full.

A file gives one rhythm, or a list of phases. What a phase leaves out of rhythm and dose it takes from the phase before
it; it begins where that one ends, and ends where the next one begins.
"""

from __future__ import annotations

import math
import re
from itertools import islice, takewhile

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.reading import Key, is_list, is_mapping, number, shown
from anagen.study.dosing import dose_of
from anagen.study.findings import Findings, mapping, sequence
from anagen.study.treatment import LEAST_INTERVAL, RHYTHMS, WEEKDAYS, weekday_weeks
from anagen.therapies import Therapy

_CADENCE = ("sessions", *RHYTHMS)
INTERVAL = r"^\s*(\d+(?:\.\d+)?)\s*(days?|d|weeks?|w)\s*$"
"""An interval in words."""
INTERVALS = ("1 day", "2 days", "1 week", "4 weeks")
"""How an interval can be written in words; a plain number is one of weeks."""
MOST_SESSIONS = 1001
"""One more than a schedule can have."""


def resolve_schedule(
    section: dict[str, object], therapy: Therapy, path: Key, last: float | None, findings: Findings
) -> object:
    """The schedule of one therapy use, filled in.

    Parameters
    ----------
    section : dict
        The therapy use, its dose and what it is per filled in.
    therapy : Therapy
        As it is given by the route.
    path : Key
        Place of the use.
    last : float or None
        Week of the last visit.
    findings : Findings
        Takes problems.

    Returns
    -------
    object
        As the model takes it; what has the wrong shape stays as it is.
    """
    value, key = section.get("schedule"), (*path, "schedule")
    written = mapping(value)
    phases = value if is_list(value) else written.get("phases")
    if is_list(phases) and phases:
        at = key if is_list(value) else (*key, "phases")
        return written | {"phases": _phases(sequence(phases), section, therapy, at, last, findings)}
    if is_list(value):
        findings.add(key, "is an empty list; give a phase, e.g. - {from: 0, until: 12}, or leave the key out")
        return {}
    if value is not None and not is_mapping(value):
        return value
    plain = _plain(written, section, therapy, key, findings)
    if plain.get("dose") is not None:
        findings.add((*key, "dose"), "stands beside schedule, not in it; in it a phase of a list can have its own dose")
    return _counted(_usual(plain, therapy), last)


def _phases(
    items: list[object], section: dict[str, object], therapy: Therapy, path: Key, last: float | None, findings: Findings
) -> list[object]:
    """Phases in full."""
    plain = [
        _plain(mapping(item), section, therapy, (*path, k), findings) if is_mapping(item) else item
        for k, item in enumerate(items)
    ]
    filled: list[object] = []
    kept: dict[str, object] = {}
    end: float | None = 0.0
    for k, item in enumerate(plain):
        if not is_mapping(item):
            filled.append(item)
            end = None
            continue
        phase, here, endless = dict(item), (*path, k), False
        if "start" not in phase and end is not None:
            phase["start"] = end
        elif "start" not in phase:
            findings.add(here, "needs `from`, the week in which it begins, as the phase before it has no end")
        start, follows = number(phase.get("start")), mapping(plain[k + 1]) if k + 1 < len(plain) else None
        if k > 0 and start is not None and end is not None and start < end - 1e-9:
            findings.add((*here, "from"), f"week {start:g} is before the phase before it ends (week {end:g})")
            findings.told(path)
        if phase.get("pause") is not True:
            phase = _inherited(phase, kept, therapy, first=not kept)
            kept = {name: phase[name] for name in (*RHYTHMS, "dose") if phase.get(name)}
        if follows is not None and phase.get("until") is None and number(follows.get("start")) is not None:
            phase["until"] = follows["start"]
        elif follows is not None and phase.get("until") is None and phase.get("sessions") is None:
            findings.add(here, "needs `until`, the week in which it ends, or the next phase needs `from`")
            findings.told(path)
            endless = True
        elif follows is None and phase.get("pause") is True and phase.get("until") is None:
            findings.add(here, "is a pause after which nothing is given; leave it out, or say `until` when it ends")
        phase = _counted(phase, last)
        filled.append(phase)
        end = start if endless else _end(phase)
        if follows is not None and not endless and end is not None:
            phase["until"] = end
    return filled


def _inherited(
    phase: dict[str, object], kept: dict[str, object], therapy: Therapy, *, first: bool
) -> dict[str, object]:
    """A phase with the rhythm and the dose of the one before it where it gives none; the first has the usual rhythm."""
    usual = {"every": therapy.default_schedule.every, "per_day": therapy.default_schedule.per_day}
    before = usual if first else kept
    rhythm = {} if any(phase.get(name) for name in RHYTHMS) else {k: v for k, v in before.items() if k in RHYTHMS and v}
    if phase.get("sessions") is not None:
        rhythm.pop("per_day", None)
    elif not rhythm and not any(phase.get(name) for name in RHYTHMS):
        # what is done once, such as an operation, is done once in each phase
        rhythm["sessions"] = therapy.default_schedule.sessions
    dose = {"dose": kept["dose"]} if "dose" in kept and not phase.get("dose") and not phase.get("doses") else {}
    return rhythm | dose | phase


def _usual(written: dict[str, object], therapy: Therapy) -> dict[str, object]:
    """The schedule with the therapy's rhythm where the file gives none."""
    usual = therapy.default_schedule
    filled: dict[str, object] = {"start": written.get("start", usual.start)} | written
    if not any(key in written for key in _CADENCE):
        filled |= {key: getattr(usual, key) for key in ("every", "sessions", "per_day")}
        if "until" in written and usual.every is not None:
            filled["sessions"] = None
    return filled


def _counted(filled: dict[str, object], last: float | None) -> dict[str, object]:
    """The schedule with its sessions counted up to its end where it gives none."""
    start, every = number(filled.get("start")), number(filled.get("every"))
    end = number(filled.get("until")) if "until" in filled else last
    if filled.get("sessions") is not None or filled.get("per_day") is not None or filled.get("pause") is True:
        return filled
    if start is None or end is None or not end > start:
        return filled
    days = [str(day) for day in sequence(filled.get("days")) if day in WEEKDAYS]
    if days:
        within = takewhile(lambda week: week < end - 1e-9, weekday_weeks(days, start))
        return filled | {"sessions": max(1, sum(1 for _ in islice(within, MOST_SESSIONS)))}
    if every is not None and every >= LEAST_INTERVAL:
        return filled | {"sessions": max(1, math.ceil((end - start) / every - 1e-9))}
    return filled


def _end(phase: dict[str, object]) -> float | None:
    """Week in which a phase ends: `until`, or an interval after its last session."""
    until, start, every = (number(phase.get(key)) for key in ("until", "start", "every"))
    sessions = number(phase.get("sessions"))
    if until is not None or start is None or sessions is None:
        return until
    if phase.get("days"):
        days = [str(day) for day in sequence(phase["days"]) if day in WEEKDAYS]
        return max(islice(weekday_weeks(days, start), int(sessions)), default=start) + 1.0 / DAYS_PER_WEEK
    return start + sessions * (every or 0.0) if every else start + 1.0 / DAYS_PER_WEEK


def _plain(
    written: dict[str, object], section: dict[str, object], therapy: Therapy, path: Key, findings: Findings
) -> dict[str, object]:
    """A schedule or phase with the names and values of the models: `from`, text with a unit, short names of days."""
    plain = {key: item for key, item in written.items() if item is not None}
    if "from" in plain and "start" in plain:
        findings.add((*path, "from"), "is the same as start; give one of the two", at_key=True)
    if "from" in plain:
        plain = {"start": plain.pop("from")} | plain
    if isinstance(plain.get("every"), str):
        plain["every"] = _interval(str(plain["every"]), (*path, "every"), findings)
    if "days" in plain:
        plain["days"] = _weekdays(plain["days"], (*path, "days"), findings)
    if "dose" in plain:
        plain["dose"] = dose_of(plain["dose"], section, therapy, (*path, "dose"), findings)
    if "doses" in plain and is_list(plain["doses"]):
        doses = sequence(plain["doses"])
        plain["doses"] = [
            dose_of(dose, section, therapy, (*path, "doses", k), findings) for k, dose in enumerate(doses)
        ]
        if doses and plain.get("sessions") is None and plain.get("per_day") is None:
            plain["sessions"] = len(doses)
    return {key: item for key, item in plain.items() if item is not None}


def _interval(text: str, path: Key, findings: Findings) -> float:
    """Weeks of an interval in words; a week where it is none, so that no other problem comes of it."""
    found = re.fullmatch(INTERVAL, text)
    if found is None:
        findings.add(path, f'{shown(text)} is no interval; give a number of weeks, or text such as "2 days"', INTERVALS)
        return 1.0
    amount = float(found[1])
    return amount / DAYS_PER_WEEK if found[2].startswith("d") else amount


def _weekdays(value: object, path: Key, findings: Findings) -> object:
    """Days of the week in their order, by their whole names; a day that is named twice is a slip for another."""
    names = sequence(value) if is_list(value) else [value]
    found: set[str] = set()
    for k, name in enumerate(names):
        word = name.strip().lower() if isinstance(name, str) else ""
        meant = [day for day in WEEKDAYS if len(word) >= len("mon") and (day.startswith(word) or word == f"{day}s")]
        if len(meant) == 1 and meant[0] in found:
            others = [day for day in WEEKDAYS if day not in found]
            findings.add((*path, k), f"{meant[0]} is named twice; on one day of the week it is given once", others)
        elif len(meant) == 1:
            found.add(meant[0])
        else:
            findings.add_unknown((*path, k) if is_list(value) else path, "day of the week", name, WEEKDAYS)
    if not names:
        findings.add(path, "is empty; name days of the week, e.g. [monday, thursday]", WEEKDAYS)
    return [day for day in WEEKDAYS if day in found]
