"""What a file leaves out of a placebo, vehicle, sham or saline: it is given as the therapy that it is the control of.

Two arms then differ in the therapy alone. What a file writes is never changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from anagen.core.reading import is_list, is_mapping
from anagen.study.counted_weeks import as_counted
from anagen.study.findings import mapping, sequence
from anagen.study.models import StudyFields
from anagen.study.treatment import TAKEN, Adherence, Arm, Schedule, TherapyUse
from anagen.study.unreported import as_not_reported
from anagen.study.vocabulary import Vocabulary
from anagen.therapies import Therapy

RHYTHM = ("every", "sessions", "per_day", "days", "phases")
"""Keys of a schedule of which a file writes some, or leaves the rhythm to the therapy."""
COPIED = ("route", "schedule", "settings", "adherence")
"""Keys that a control may take from what it is the control of."""
_KEYS = {"schedule": Schedule, "adherence": Adherence}


def is_control_use(use: object, words: Vocabulary) -> bool:
    """Whether a therapy use is a placebo, vehicle, sham or saline."""
    name = mapping(use).get("therapy")
    therapy = words.therapies.get(name) if isinstance(name, str) else None
    return therapy is not None and therapy.is_control and therapy.name != "none"


def followed(use: Mapping[str, object], arm: str, arms: Iterable[object], words: Vocabulary) -> dict[str, object]:
    """A control with the route, schedule, settings and adherence of the therapy that it is the control of.

    Parameters
    ----------
    use : mapping
        The control as the file gives it.
    arm : str
        Name of its arm.
    arms : iterable
        Arms whose therapies have their defaults filled in.
    words : Vocabulary
        Registered names.

    Returns
    -------
    dict
        The use with what it left out, and under `follows` from which arm that is.
    """
    if mapping(use.get("follows")):
        # Dumped before: it follows still, unless somebody has changed what it took.
        again = followed(_left_out(use), arm, arms, words)
        if again.get("follows") == use["follows"] and all(_told(again, key) == _told(use, key) for key in COPIED):
            return again
    section = {key: value for key, value in use.items() if value is not None and key != "follows"}
    control = words.therapies[str(use["therapy"])]
    found = _treated(section, control, arm, arms, words)
    if found is None:
        return section
    other, treated = found
    follows: dict[str, str] = {}
    route = section.get("route")
    if route is None and treated.get("route") in control.routes:
        route = section["route"] = treated["route"]
        follows |= {"route": other} if len(control.routes) > 1 else {}
    timing = mapping(treated.get("schedule"))
    daily = timing.get("per_day") is not None or treated.get("per") in TAKEN
    given = control.by(route) if isinstance(route, str) and route in control.routes else control
    if daily == (given.default_schedule.per_day is not None):
        follows |= _timing(section, treated, other)
    if route == treated.get("route") and "settings" not in section and treated.get("settings"):
        section["settings"] = treated["settings"]
        follows["settings"] = other
    return section | ({"follows": follows} if follows else {})


def as_left_out(data: Mapping[str, object]) -> dict[str, object]:
    """A dumped study without what its controls took from other arms, so that they take it again when it is changed.

    Parameters
    ----------
    data : mapping
        As `model_dump` gives it.

    Returns
    -------
    dict
        The same with those keys left out.
    """
    arms: list[object] = []
    for arm in sequence(data.get("arms")):
        uses = [_left_out(mapping(use)) for use in sequence(mapping(arm).get("therapies"))]
        arms.append(mapping(arm) | {"therapies": uses} | _rescue_left_out(mapping(arm)))
    return as_counted(dict(data) | ({"arms": arms} if is_list(data.get("arms")) else {}))


def other_differences(arm: Arm, control: Arm, last: float, words: Vocabulary) -> tuple[str, ...]:
    """In what an arm and its control differ beside the therapy: route, schedule, settings, adherence.

    Parameters
    ----------
    arm : Arm
        What is tested.
    control : Arm
        What it is compared with.
    last : float
        Week of the last visit.
    words : Vocabulary
        Registered names.

    Returns
    -------
    tuple of str
        Words; empty where there is no other difference, or where no therapy has its own control in that arm.
    """
    differences: dict[str, None] = {}
    if any(not words.therapies[other.therapy].is_control for other in control.therapies):
        return ()  # an active comparator has a route and a rhythm of its own
    usual = {use.therapy: words.therapies[use.therapy].by(use.route).control for use in arm.therapies}
    for name in dict.fromkeys(name for name in usual.values() if name is not None):
        # With the same control beside it (two dummies), the arm has that one's route and schedule as well.
        uses = [use for use in arm.therapies if name in (usual[use.therapy], use.therapy)]
        others = [other for other in control.therapies if other.therapy == name]
        if not others:
            continue
        routes, kept = {use.route for use in uses}, {other.route for other in others} - {"sham"}
        if kept and kept != routes:
            differences["route"] = None
        # One therapy may be written in several entries, and its control in one.
        if _when(uses, last) != _when(others, last):
            differences["schedule"] = None
        if kept == routes and {_set(use) for use in uses} != {_set(other) for other in others}:
            differences["settings"] = None
        if {_taken(use) for use in uses} != {_taken(other) for other in others}:
            differences["adherence"] = None
    return tuple(differences)


def compared(study: StudyFields) -> tuple[tuple[Arm, Arm], ...]:
    """Arms with every arm that each is compared with; a control only with those that it names."""
    arms = {arm.name: arm for arm in study.arms}
    first = next((arm.name for arm in study.arms if arm.control), None)
    names = [
        (arm, name)
        for arm in study.arms
        for name in (arm.comparator or (None if arm.control else first), *arm.further_comparators)
    ]
    # a name that is no arm is told where names are checked
    return tuple((arm, arms[name]) for arm, name in names if name in arms and name != arm.name)


def _treated(
    section: Mapping[str, object], control: Therapy, arm: str, arms: Iterable[object], words: Vocabulary
) -> tuple[str, Mapping[str, object]] | None:
    """The therapy that a control is the control of, with its arm; an arm that names the comparator comes first."""
    others = [mapping(other) for other in arms if mapping(other).get("name") != arm]
    others.sort(key=lambda other: other.get("comparator") != arm)
    uses = [(str(other.get("name")), mapping(use)) for other in others for use in sequence(other.get("therapies"))]
    written = section.get("route")
    for name, use in uses:
        therapy, route = words.therapies.get(str(use.get("therapy"))), use.get("route")
        if therapy is None or therapy.is_control or not isinstance(route, str) or route not in therapy.routes:
            continue
        fits = written in (None, route) or route not in control.routes
        if therapy.by(route).control == control.name and fits:
            return name, use
    return None


def _timing(section: dict[str, object], treated: Mapping[str, object], arm: str) -> dict[str, str]:
    """Fills in schedule and adherence where they can be taken over; gives which were."""
    follows: dict[str, str] = {}
    timing = {key: value for key, value in mapping(treated.get("schedule")).items() if value is not None}
    written = {key: value for key, value in mapping(section.get("schedule")).items() if value is not None}
    shaped = is_mapping(section.get("schedule", {}))
    if shaped and not any(key in written for key in RHYTHM) and _valid("schedule", timing):
        if "until" in written and "per_day" not in timing:
            timing.pop("sessions", None)
        section["schedule"] = _without_doses(timing) | written
        follows["rhythm" if written else "schedule"] = arm
    adherence = treated.get("adherence")
    if "adherence" not in section and adherence is not None and _valid("adherence", adherence):
        section["adherence"] = adherence
        follows["adherence"] = arm
    return follows


def _without_doses(timing: Mapping[str, object]) -> dict[str, object]:
    """A schedule without the doses of its phases and sessions, which a control has not."""
    kept = {key: value for key, value in timing.items() if key not in ("dose", "doses")}
    phases = [_without_doses(mapping(phase)) for phase in sequence(kept.get("phases"))]
    return kept | ({"phases": phases} if phases else {})


def _valid(key: str, value: object) -> bool:
    """Whether a model takes it; what it does not take is reported where it is written."""
    try:
        _KEYS[key].model_validate(value)
    except ValidationError:
        return False
    return True


def _left_out(use: Mapping[str, object]) -> dict[str, object]:
    """A dumped use without what it took from another arm, and with `not_reported` where its file says so."""
    use = as_not_reported(use)
    follows = mapping(use.get("follows"))
    kept = {key: value for key, value in use.items() if key not in follows and key != "follows"}
    if "rhythm" in follows:
        schedule = mapping(kept.get("schedule"))
        kept["schedule"] = {key: value for key, value in schedule.items() if key not in RHYTHM}
    return kept


def _rescue_left_out(arm: Mapping[str, object]) -> dict[str, object]:
    """The rescue of an arm, without starts in its own week, so that they move with it."""
    rescue = mapping(arm.get("rescue"))
    uses: list[object] = []
    for use in map(mapping, sequence(rescue.get("therapies"))):
        schedule = mapping(use.get("schedule"))
        phases = sequence(schedule.get("phases"))
        begun = {"phases": [_without_start(mapping(phases[0]), rescue["week"]), *phases[1:]]} if phases else {}
        uses.append(as_not_reported(mapping(use) | {"schedule": _without_start(schedule, rescue["week"]) | begun}))
    return {"rescue": rescue | {"therapies": uses}} if uses else {}


def _without_start(timing: Mapping[str, object], week: object) -> dict[str, object]:
    return {key: value for key, value in timing.items() if key != "start" or value != week}


def _told(use: Mapping[str, object], key: str) -> object:
    """What a use says under a key, without what it leaves out."""
    return _said(use.get(key))


def _said(value: object) -> object:
    """A value without what it leaves out, however deep."""
    if is_mapping(value):
        return {name: _said(item) for name, item in value.items() if item is not None and item is not False}
    return [_said(item) for item in sequence(value)] if is_list(value) else value


def _when(uses: Iterable[TherapyUse], last: float) -> tuple[tuple[float, ...], ...]:
    """When something is given until the last visit, in one form: every session, and every daily course."""
    sessions: set[float] = set()
    courses: set[tuple[float, ...]] = set()
    for phase in (phase for use in uses for phase in use.schedule.parts):
        if phase.per_day is None:
            sessions |= {round(week, 6) for week in phase.session_weeks()}
        else:
            end = last if phase.until is None else min(phase.until, last)
            courses.add((phase.per_day, phase.start, end))
    return tuple(sorted(sessions)), *sorted(courses)


def _set(use: TherapyUse) -> tuple[tuple[str, float], ...]:
    return tuple(sorted((name, quantity.value) for name, quantity in use.settings.items()))


def _taken(use: TherapyUse) -> tuple[float, float]:
    return (1.0, 0.0) if use.adherence is None else (use.adherence.mean, use.adherence.sd)
