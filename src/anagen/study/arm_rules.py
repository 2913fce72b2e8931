"""Rules of a study's arms: names, controls, patients, and what is given when."""

from __future__ import annotations

from anagen.core.reading import Key, nearest, number
from anagen.signalling.additive import never_one
from anagen.study.dosing import PER_AREA
from anagen.study.findings import Findings, mapping, sequence, uses_of
from anagen.study.resolve import last_visit
from anagen.study.treatment import RHYTHMS, TAKEN
from anagen.study.vocabulary import Vocabulary
from anagen.therapies import Therapy


def check_arms(data: dict[str, object], words: Vocabulary, findings: Findings) -> None:
    """Adds every problem of the section `arms` that a model cannot see; `data` has its defaults filled in."""
    arms = [mapping(arm) for arm in sequence(data.get("arms"))]
    _check_names(arms, findings)
    _check_patients(arms, findings)
    _check_controls(data, arms, words, findings)
    last = last_visit(data)
    names = arm_names(data)
    for i, arm in enumerate(arms):
        comparator = arm.get("comparator")
        check_arm_name(comparator, ("arms", i, "comparator"), names, findings)
        if isinstance(comparator, str) and comparator == arm.get("name"):
            findings.add(("arms", i, "comparator"), "an arm cannot be compared with itself", names)
        first = next((other.get("name") for other in arms if other.get("control")), None)
        against = [comparator or first]
        for j, other in enumerate(sequence(arm.get("further_comparators"))):
            path: Key = ("arms", i, "further_comparators", j)
            check_arm_name(other, path, names, findings)
            if other == arm.get("name"):
                findings.add(path, "an arm cannot be compared with itself", names)
            elif other in against:
                findings.add(path, f"the arm is compared with {other!r} already", names)
            against.append(other)
        uses = uses_of(arm, ("arms", i))
        for path, use in uses:
            beside = sum(other[:-1] == path[:-1] for other, _ in uses) > 1
            if use.get("therapy") == "none" and beside:
                findings.add((*path, "therapy"), "'none' means no treatment and cannot stand beside another therapy")
            _check_schedule(use, path, last, findings)
        _check_one_substance(uses, words, findings)


def _check_one_substance(uses: list[tuple[Key, dict[str, object]]], words: Vocabulary, findings: Findings) -> None:
    """Adds a problem where entries of one therapy in an arm cannot be added up to one course."""
    ways: dict[str, dict[str, tuple[Therapy, str]]] = {}
    for path, use in uses:
        therapy, route = words.therapies.get(str(use.get("therapy"))), str(use.get("route"))
        if therapy is None or route not in therapy.kinetics or not therapy.by(route).actions:
            continue
        of_one = ways.setdefault(therapy.name, {})
        of_one[repr([use.get(key) for key in ("route", "product", "settings", "adherence")])] = therapy.by(route), route
        if (fault := never_one(list(of_one.values()))) is not None:
            findings.add((*path, "therapy"), fault)


def arm_names(data: dict[str, object]) -> tuple[str, ...]:
    """Names of the arms, in order, each once."""
    names = (mapping(arm).get("name") for arm in sequence(data.get("arms")))
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))


def _check_names(arms: list[dict[str, object]], findings: Findings) -> None:
    first: dict[str, int] = {}
    for i, arm in enumerate(arms):
        name = arm.get("name")
        if not isinstance(name, str):
            continue
        if name.casefold() in first:
            findings.add(("arms", i, "name"), f"the name {name!r} is already taken by arms[{first[name.casefold()]}]")
        first.setdefault(name.casefold(), i)


def _check_patients(arms: list[dict[str, object]], findings: Findings) -> None:
    for i, arm in enumerate(arms):
        if number(arm.get("patients")) == 0.0 or arm.get("patients", ...) is None:
            findings.add(("arms", i, "patients"), "an arm without patients; give a whole number from 1, e.g. 30")


def _check_controls(
    data: dict[str, object], arms: list[dict[str, object]], words: Vocabulary, findings: Findings
) -> None:
    controls = [i for i, arm in enumerate(arms) if arm.get("control") is True]
    unreadable = any("control" in arm and not isinstance(arm["control"], bool) for arm in arms)
    reason = data.get("uncontrolled")
    if reason is not None and controls:
        findings.add(
            ("uncontrolled",),
            f"contradicts arms[{controls[0]}], which is a control arm; remove one of the two",
            at_key=True,
        )
    if not arms or reason is not None or unreadable:
        return
    if not controls:
        likely = next((arm.get("name") for arm in arms if _is_control(arm, words)), None)
        hint = f" (to {likely!r}, for example)" if isinstance(likely, str) else ""
        findings.add(
            ("arms",),
            f"no control arm; add control: true to an arm{hint}, or say at the top why not: uncontrolled: <reason>",
            at_key=True,
        )
    elif len(controls) == len(arms):
        findings.add(
            ("arms",), "every arm is a control arm; leave control: true out of the arms to be tested", at_key=True
        )


def _is_control(arm: dict[str, object], words: Vocabulary) -> bool:
    """True where an arm is given nothing but controls."""
    names = [mapping(use).get("therapy") for use in sequence(arm.get("therapies"))]
    known = [words.therapies.get(name) for name in names if isinstance(name, str)]
    return all(therapy is not None and therapy.is_control for therapy in known)


def _check_schedule(use: dict[str, object], path: Key, last: float | None, findings: Findings) -> None:
    schedule = mapping(use.get("schedule"))
    phases = [mapping(phase) for phase in sequence(schedule.get("phases"))]
    key: Key = (*path, "schedule")
    parts = [((*key, "phases", k), phase) for k, phase in enumerate(phases)] or [(key, schedule)]
    for place, part in parts if "schedule" not in mapping(use.get("follows")) else ():
        _check_part(part, place, use.get("per"), last, findings)


def _check_part(part: dict[str, object], path: Key, per: object, last: float | None, findings: Findings) -> None:
    """Adds what is wrong with a schedule or one of its phases."""
    daily = part.get("per_day") is not None
    rhythm = part.get("every") is not None or part.get("days") is not None
    if per in ("session", PER_AREA) and daily:
        findings.add(
            (*path, "per_day"),
            "this therapy is given in sessions; use every and sessions instead",
            ("every", "sessions", "days"),
            at_key=True,
        )
    if per in TAKEN and part.get("sessions") is not None and not rhythm and not daily:
        findings.add(
            (*path, "sessions"),
            f'this therapy is given per {per}; say how often by per_day, by every: "2 days", or by days: [monday]',
            RHYTHMS,
            at_key=True,
        )
    start = number(part.get("start"))
    if start is not None and last is not None and start >= last > 0.0:
        findings.add(
            (*path, "start"),
            f"week {start:g} is not before the last visit (week {last:g}), so nothing would be seen of it",
        )


def check_arm_name(value: object, path: Key, names: tuple[str, ...], findings: Findings) -> None:
    """Adds a problem where a published result names an arm that the study does not have."""
    if isinstance(value, str) and names and value not in names:
        findings.add(path, f"there is no arm {value!r}", names, nearest(value, names))
