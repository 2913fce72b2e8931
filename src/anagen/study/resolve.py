"""Fills in what a study file leaves to its therapies, and turns text with units into values.

Works on plain data and looks past what has the wrong shape: the models report that.
"""

from __future__ import annotations

import math
from functools import reduce
from pathlib import Path

from anagen.core.reading import Key, is_list, is_mapping, number, shown
from anagen.patients.naming import long_names
from anagen.study.attachments import check_product_names, resolve_attachment, resolve_mechanism, resolve_product
from anagen.study.controls import followed, is_control_use
from anagen.study.counted_weeks import has_counted_weeks, resolve_weeks
from anagen.study.covariates import COVARIATES
from anagen.study.dosing import resolve_dosing
from anagen.study.findings import Findings, mapping, sequence, whole
from anagen.study.phases import resolve_schedule
from anagen.study.quantities import read_quantity
from anagen.study.strength import resolve_strength
from anagen.study.unreported import UNREPORTED, without_unreported
from anagen.study.vocabulary import Vocabulary
from anagen.therapies import Therapy
from anagen.therapies.names import meant_by

LARGEST_AREA = 100.0


def resolve(data: dict[str, object], words: Vocabulary, findings: Findings, folder: Path) -> dict[str, object]:
    """A copy of a study's data with defaults and quantities filled in; what is wrong with them goes to `findings`.

    Parameters
    ----------
    data : dict[str, object]
        What the file holds.
    words : Vocabulary
        Names it may use.
    findings : Findings
        Takes problems.
    folder : Path
        Where its paths start.
    """
    resolved = dict(data)
    if "title" not in resolved and isinstance(resolved.get("study"), str):
        resolved["title"] = resolved["study"]
    if is_mapping(resolved.get("population")):
        resolved["population"] = _population(mapping(resolved["population"]), words, findings, folder)
    if has_counted_weeks(resolved):
        # sessions that are counted up to the last visit hang on it, and have no last one of their own
        scratch = Findings(None, {})
        resolved = resolve_weeks(
            resolved, _arms(sequence(resolved.get("arms")), words, scratch, None, folder), findings
        )
    last = last_visit(resolved)
    if is_mapping(resolved.get("measurement")):
        resolved["measurement"] = _measurement(mapping(resolved["measurement"]), findings)
    if is_list(resolved.get("arms")):
        resolved["arms"] = _arms(sequence(resolved["arms"]), words, findings, last, folder)
        check_product_names(resolved["arms"], findings)
    if "mechanism" in resolved:
        resolved["mechanism"] = resolve_mechanism(resolved["mechanism"], folder, findings)
    resolved["design"] = _design(resolved.get("design", {}), resolved)
    if is_list(resolved.get("intercurrent")):
        resolved["intercurrent"] = _switches(sequence(resolved["intercurrent"]), words, findings, last, folder)
    described = ("question", "source", "cohort", "uncontrolled", *COVARIATES)
    for key in (*described, "intercurrent", "observed", "analysis", "safety", "credibility"):
        # A key that is written and left empty means the same as one that is left out.
        if key in resolved and resolved[key] is None:
            del resolved[key]
    return resolved


def last_visit(data: dict[str, object]) -> float | None:
    """Week of the last visit of a study's data, None where none can be read."""
    weeks = [number(week) for week in sequence(mapping(data.get("measurement")).get("visits"))]
    return max((week for week in weeks if week is not None), default=None)


def _population(section: dict[str, object], words: Vocabulary, findings: Findings, folder: Path) -> dict[str, object]:
    """The population with its condition under the name of study files, and with the patients of a file."""
    named = section.get("condition")
    short = long_names(words.conditions).get(named) if isinstance(named, str) else None
    section = section if short is None else section | {"condition": short}
    if "empirical" not in section:
        return section
    kept = resolve_attachment(section["empirical"], "table of patients", ("population", "empirical"), folder, findings)
    return {key: value for key, value in section.items() if key != "empirical"} | (
        {} if kept is None else {"empirical": kept}
    )


def _measurement(section: dict[str, object], findings: Findings) -> dict[str, object]:
    if "target_area" not in section:
        return section
    path: Key = ("measurement", "target_area")
    area = read_quantity(section["target_area"], "cm^2", path, findings)
    value = mapping(area).get("value")
    if isinstance(value, float) and not 0.0 < value <= LARGEST_AREA:
        findings.add(
            path, f"{shown(section['target_area'])} is impossible; an area lies between 0 and {LARGEST_AREA:g} cm^2"
        )
    return section | {"target_area": area}


def _arms(arms: list[object], words: Vocabulary, findings: Findings, last: float | None, folder: Path) -> list[object]:
    """The arms with their therapies filled in: first what is tested, then the controls, which may follow it."""
    known: list[object] = [dict(mapping(arm)) if is_mapping(arm) else arm for arm in arms]
    uses = [(i, j) for i, arm in enumerate(arms) for j, _ in enumerate(sequence(mapping(arm).get("therapies")))]
    controls = [(i, j) for i, j in uses if is_control_use(sequence(mapping(arms[i])["therapies"])[j], words)]
    written = [sequence(mapping(arm).get("therapies")) for arm in arms]
    filled: dict[tuple[int, int], object] = {}

    def put() -> None:
        for i, arm in enumerate(known):
            section = mapping(arm)
            if is_list(section.get("therapies")) or section.get("therapies", ...) is None:
                section["therapies"] = [filled[i, j] for j in range(len(written[i])) if (i, j) in filled]

    for i, j in uses:
        if (i, j) not in controls:
            if mapping(written[i][j]).get("follows"):
                path: Key = ("arms", i, "therapies", j, "follows")
                findings.add(path, "is filled in for controls alone; leave the key out", at_key=True)
            filled[i, j] = _therapy_use(written[i][j], ("arms", i, "therapies", j), words, findings, last, folder)
    put()
    tested = [dict(mapping(arm)) for arm in known]
    for i, j in controls:
        use = followed(mapping(written[i][j]), str(mapping(arms[i]).get("name")), tested, words)
        filled[i, j] = _therapy_use(use, ("arms", i, "therapies", j), words, findings, last, folder)
    put()
    for i, arm in enumerate(known):
        if is_mapping(arm) and is_mapping(arm.get("rescue")):
            path = ("arms", i, "rescue")
            arm["rescue"] = _rescue(mapping(arm["rescue"]), path, words, findings, last, folder)
    return known


def _rescue(
    section: dict[str, object], path: Key, words: Vocabulary, findings: Findings, last: float | None, folder: Path
) -> dict[str, object]:
    """A rescue with its therapies filled in; one that does not say when it starts, starts in the week of the rescue."""
    if not is_list(section.get("therapies")):
        return section
    uses: list[object] = []
    week = number(section.get("week"))
    # a week that cannot be is told where it is written, not once more as a start
    week = None if week is None or (last is not None and week >= last) else week
    for j, use in enumerate(sequence(section["therapies"])):
        place: Key = (*path, "therapies", j)
        if mapping(use).get("follows"):
            findings.add((*place, "follows"), "is not filled in for a rescue; leave the key out", at_key=True)
        begun = mapping(use) | {"schedule": _begun(mapping(use).get("schedule"), week)}
        uses.append(_therapy_use(begun if is_mapping(use) else use, place, words, findings, last, folder))
    return section | {"therapies": uses}


def _switches(
    events: list[object], words: Vocabulary, findings: Findings, last: float | None, folder: Path
) -> list[object]:
    """Intercurrent events with what patients switch to filled in."""
    resolved: list[object] = []
    for i, event in enumerate(events):
        section = mapping(event)
        if not is_list(section.get("therapies")):
            resolved.append(event)
            continue
        uses: list[object] = []
        for j, use in enumerate(sequence(section["therapies"])):
            place: Key = ("intercurrent", i, "therapies", j)
            if mapping(use).get("follows"):
                findings.add((*place, "follows"), "is not filled in for a switch; leave the key out", at_key=True)
            uses.append(_therapy_use(use, place, words, findings, last, folder))
        resolved.append(section | {"therapies": uses})
    return resolved


def _begun(schedule: object, week: float | None) -> object:
    """A schedule that starts in a week, unless it says when; of phases, the first."""
    if week is None:
        return schedule
    phases = schedule if is_list(schedule) else mapping(schedule).get("phases")
    if is_list(phases) and phases:
        begun = [_begun(phases[0], week), *phases[1:]]
        return begun if is_list(schedule) else mapping(schedule) | {"phases": begun}
    if schedule is not None and not is_mapping(schedule):
        return schedule
    written = mapping(schedule)
    return written if {"start", "from"} & written.keys() else {"start": week} | written


def _therapy_use(
    use: object, path: Key, words: Vocabulary, findings: Findings, last: float | None, folder: Path
) -> object:
    if not is_mapping(use):
        return use
    section = dict(mapping(use))
    name = _named(section, path, findings)
    therapy = words.therapies.get(name) if isinstance(name, str) else None
    if therapy is None:
        if isinstance(name, str):
            findings.add_unknown((*path, "therapy"), "therapy", name, words.therapies.names())
        # Nothing more can be said of route and dose; these values only keep the models quiet about them.
        quiet: dict[str, object] = {
            "route": "",
            "per": "",
            "dose": None,
            "treated_area": None,
            "settings": {},
            "product_file": None,
        }
        section.pop(UNREPORTED, None)
        return section | quiet
    route = section["route"] = _route(section, therapy, path, words, findings)
    if isinstance(route, str):
        therapy = therapy.by(route)
    section = without_unreported(section, therapy, path, findings)
    section |= resolve_product(section, therapy, path, folder, findings)
    section = resolve_strength(section, therapy, path, findings)
    section["formulation"] = _formulation(section, therapy, path, findings)
    section |= resolve_dosing(section, therapy, path, words, findings)
    if "schedule" not in mapping(section.get("follows")):
        # what a control follows is filled in, and its faults are told where it is written
        section["schedule"] = resolve_schedule(section, therapy, path, last, findings)
    return {key: value for key, value in section.items() if value is not None or key != "follows"}


def _named(section: dict[str, object], path: Key, findings: Findings) -> object:
    """Registered name of a therapy, whatever it is called; other names, and what they stand for, are filled in."""
    words = section.get("therapy")
    synonym = meant_by(words) if isinstance(words, str) else None
    called = section.get("called")
    kept = meant_by(str(called)) if called is not None else None
    if synonym is None:
        return words
    if called is not None and (kept is None or kept.therapy is not synonym.therapy):
        findings.add((*path, "called"), "is filled in where a therapy has another name; leave the key out", at_key=True)
    section["therapy"] = synonym.therapy.name
    if synonym.what:
        section["called"] = words
    form = section.get("formulation")
    if synonym.formulation is not None and form is None:
        section["formulation"] = synonym.formulation
    elif synonym.formulation is not None and form != synonym.formulation:
        findings.add((*path, "formulation"), f"{words} is the formulation {synonym.formulation!r}; leave the key out")
    return synonym.therapy.name


def _route(section: dict[str, object], therapy: Therapy, path: Key, words: Vocabulary, findings: Findings) -> object:
    value = section.get("route")
    if value is None:
        return therapy.routes[0]
    if isinstance(value, str) and value not in therapy.routes:
        if value in words.routes:
            findings.add((*path, "route"), f"{therapy.title} is not given by the route {value!r}", therapy.routes)
        else:
            findings.add_unknown((*path, "route"), "route", value, therapy.routes)
    return value


def _formulation(section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> object:
    """The formulation; the first one where the file is silent."""
    value, allowed, key = section.get("formulation"), tuple(therapy.formulations), (*path, "formulation")
    if value is None:
        return allowed[0] if allowed else None
    if not allowed:
        findings.add(key, f"{therapy.title} has no formulation to choose; leave the key out", at_key=True)
    elif isinstance(value, str) and value in therapy.refused:
        findings.add(key, therapy.refused[value], allowed)
    elif isinstance(value, str) and value not in allowed:
        findings.add_unknown(key, f"formulation of {therapy.name}", value, allowed)
    return value


def _design(value: object, data: dict[str, object]) -> object:
    """The design with a block size that fits the arms where the file gives none."""
    design: object = {} if value is None else value
    if not is_mapping(design):
        return design
    chosen = design.get("randomisation")
    randomisation: object = {} if chosen is None else chosen
    if is_mapping(randomisation) and randomisation.get("block") is None:
        listless = randomisation.get("method") in ("simple", "minimisation", "cluster")
        block = 1 if listless else default_block(patients_of(data))
        randomisation = randomisation | {"block": block}
    return design | {"randomisation": randomisation}


def patients_of(data: dict[str, object]) -> list[int]:
    """Patients of every arm; empty where one of them is not a positive whole number."""
    numbers = [whole(mapping(arm).get("patients")) for arm in sequence(data.get("arms"))]
    known = [n for n in numbers if n is not None and n > 0]
    return known if len(known) == len(numbers) else []


def smallest_block(patients: list[int]) -> int:
    """Smallest block that holds the arms in the ratio of their patients: sum of patients / greatest common divisor.

    Examples
    --------
    >>> smallest_block([60, 30])
    3
    """
    return sum(patients) // reduce(math.gcd, patients) if patients else 1


def default_block(patients: list[int]) -> int:
    """The smallest block that fits and holds at least four patients, because smaller ones give the allocation away.

    Examples
    --------
    >>> default_block([30, 30]), default_block([60, 30]), default_block([20, 20, 20, 20, 20])
    (4, 6, 5)
    """
    smallest = smallest_block(patients)
    return smallest * math.ceil(4 / smallest)
