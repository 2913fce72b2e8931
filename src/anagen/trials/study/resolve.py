"""Fills in what a study file leaves to its therapies, and turns text with units into values.

Works on plain data and looks past what has the wrong shape: the models report that.
"""

from __future__ import annotations

import math
from functools import reduce

from anagen.core.errors import InputError
from anagen.core.units import parse_quantity, quantity_example
from anagen.therapies import Therapy
from anagen.trials.study.document import Key
from anagen.trials.study.findings import Findings, is_list, is_mapping, mapping, number, sequence, shown, whole
from anagen.trials.study.vocabulary import Vocabulary

LARGEST_AREA = 100.0
MOST_OF_A_DOSE = 1.0e4
"""A dose this many times the usual one is a slip of the unit or of the exponent."""
_CADENCE = ("every", "sessions", "per_day")


def resolve(data: dict[str, object], words: Vocabulary, findings: Findings) -> dict[str, object]:
    """A copy of a study's data with defaults and quantities filled in; what is wrong with them goes to `findings`."""
    resolved = dict(data)
    if "title" not in resolved and isinstance(resolved.get("study"), str):
        resolved["title"] = resolved["study"]
    last = last_visit(resolved)
    if is_mapping(resolved.get("measurement")):
        resolved["measurement"] = _measurement(mapping(resolved["measurement"]), findings)
    if is_list(resolved.get("arms")):
        resolved["arms"] = [
            _arm(arm, ("arms", i), words, findings, last) for i, arm in enumerate(sequence(resolved["arms"]))
        ]
    resolved["design"] = _design(resolved.get("design", {}), resolved)
    for key in ("question", "source", "uncontrolled", "observed", "analysis"):
        # A key that is written and left empty means the same as one that is left out.
        if key in resolved and resolved[key] is None:
            del resolved[key]
    return resolved


def last_visit(data: dict[str, object]) -> float | None:
    """Week of the last visit of a study's data, None where none can be read."""
    weeks = [number(week) for week in sequence(mapping(data.get("measurement")).get("visits"))]
    return max((week for week in weeks if week is not None), default=None)


def _measurement(section: dict[str, object], findings: Findings) -> dict[str, object]:
    if "target_area" not in section:
        return section
    path: Key = ("measurement", "target_area")
    area = _quantity(section["target_area"], "cm^2", path, findings)
    value = mapping(area).get("value")
    if isinstance(value, float) and not 0.0 < value <= LARGEST_AREA:
        findings.add(
            path, f"{shown(section['target_area'])} is impossible; an area lies between 0 and {LARGEST_AREA:g} cm^2"
        )
    return section | {"target_area": area}


def _quantity(value: object, unit: str, path: Key, findings: Findings) -> object:
    """A quantity of text as the model has it; None, with a finding, where it cannot be read."""
    if is_mapping(value):
        written = mapping(value)
        amount = number(written.get("value"))
        if amount is not None and written.get("unit") == unit and set(written) <= {"value", "unit", "text"}:
            return {"value": amount, "unit": unit, "text": str(written.get("text", f"{amount:g} {unit}"))}
    if not isinstance(value, str):
        said = "is empty" if value is None else f"{shown(value)} has no unit"
        suggestion = f"{shown(value)} {unit}" if number(value) is not None else None
        findings.add(path, f'{said}; expected text with a unit, e.g. "{quantity_example(unit)}"', suggestion=suggestion)
        return None
    try:
        amount = parse_quantity(value, unit)
    except InputError as error:
        findings.add_from(path, error)
        return None
    if amount < 0.0:
        findings.add(path, f"{shown(value)} is impossible; it must not be negative")
        return None
    return {"value": amount, "unit": unit, "text": " ".join(value.split())}


def _arm(arm: object, path: Key, words: Vocabulary, findings: Findings, last: float | None) -> object:
    if not is_mapping(arm):
        return arm
    section = dict(mapping(arm))
    if section.get("therapies", ...) is None:
        section["therapies"] = []
    if is_list(section.get("therapies")):
        section["therapies"] = [
            _therapy_use(use, (*path, "therapies", i), words, findings, last)
            for i, use in enumerate(sequence(section["therapies"]))
        ]
    return section


def _therapy_use(use: object, path: Key, words: Vocabulary, findings: Findings, last: float | None) -> object:
    if not is_mapping(use):
        return use
    section = dict(mapping(use))
    name = section.get("therapy")
    therapy = words.therapies.get(name) if isinstance(name, str) else None
    if therapy is None:
        if isinstance(name, str):
            findings.add_unknown((*path, "therapy"), "therapy", name, words.therapies.names())
        # Nothing more can be said of route and dose; these values only keep the models quiet about them.
        return section | {"route": "", "per": "", "dose": None}
    section["route"] = _route(section, therapy, path, words, findings)
    section["product"] = _choice("product", section, therapy, therapy.products, path, findings)
    section["formulation"] = _choice("formulation", section, therapy, tuple(therapy.formulations), path, findings)
    section["dose"] = _dose(section, therapy, path, findings)
    section["per"] = _per(section, therapy, path, findings)
    section["schedule"] = _schedule(section.get("schedule"), therapy, last)
    return section


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


def _choice(
    kind: str, section: dict[str, object], therapy: Therapy, allowed: tuple[str, ...], path: Key, findings: Findings
) -> object:
    """Product or formulation: the first one where the file is silent."""
    value = section.get(kind)
    if value is None:
        return allowed[0] if allowed else None
    if not allowed:
        findings.add((*path, kind), f"{therapy.title} has no {kind} to choose; leave the key out", at_key=True)
    elif isinstance(value, str) and value not in allowed:
        if kind == "product" and ("/" in value or value.endswith((".toml", ".yaml", ".json"))):
            findings.add((*path, kind), f"{shown(value)} is a path; products are named by their library name", allowed)
        else:
            findings.add_unknown((*path, kind), f"{kind} of {therapy.name}", value, allowed)
    return value


def _dose(section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> object:
    value = section.get("dose")
    unit = therapy.dose_unit
    if unit is None:
        if value is not None:
            findings.add((*path, "dose"), f"{therapy.title} takes no dose; leave the key out", at_key=True)
        return None
    if value is None:
        if therapy.default_dose is None:
            findings.add((*path, "dose"), f'is missing; expected text with a unit, e.g. "{quantity_example(unit)}"')
            return None
        return {"value": therapy.default_dose, "unit": unit, "text": f"{therapy.default_dose:g} {unit}"}
    quantity = _quantity(value, unit, (*path, "dose"), findings)
    amount = mapping(quantity).get("value")
    usual = therapy.default_dose
    if isinstance(amount, float) and usual is not None and amount > MOST_OF_A_DOSE * usual:
        findings.add(
            (*path, "dose"),
            f"{shown(value)} is more than {MOST_OF_A_DOSE:,.0f} times the usual dose ({usual:g} {unit}); "
            "check the exponent and the unit",
        )
    return quantity


def _per(section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> object:
    value = section.get("per")
    if value is None:
        return therapy.per[0]
    if isinstance(value, str) and value not in therapy.per:
        findings.add_unknown((*path, "per"), f"per of {therapy.name}", value, therapy.per)
    return value


def _schedule(value: object, therapy: Therapy, last: float | None) -> object:
    """The schedule with the therapy's rhythm where the file gives none; `every` alone gets its sessions counted."""
    if value is not None and not is_mapping(value):
        return value
    written = {key: item for key, item in mapping(value).items() if item is not None}
    usual = therapy.default_schedule
    filled: dict[str, object] = {"start": written.get("start", usual.start)} | written
    if not any(key in written for key in _CADENCE):
        filled |= {key: getattr(usual, key) for key in _CADENCE}
        if "until" in written and usual.sessions is not None:
            filled["sessions"] = None
    start, every = number(filled.get("start")), number(filled.get("every"))
    end = number(filled.get("until")) if "until" in filled else last
    countable = filled.get("sessions") is None and filled.get("per_day") is None
    if countable and start is not None and every is not None and end is not None and every > 0.0 and end > start:
        filled["sessions"] = max(1, math.ceil((end - start) / every - 1e-9))
    return filled


def _design(value: object, data: dict[str, object]) -> object:
    """The design with a block size that fits the arms where the file gives none."""
    design: object = {} if value is None else value
    if not is_mapping(design):
        return design
    chosen = design.get("randomisation")
    randomisation: object = {} if chosen is None else chosen
    if is_mapping(randomisation) and randomisation.get("block") is None:
        block = 1 if randomisation.get("method") == "simple" else default_block(patients_of(data))
        randomisation = randomisation | {"block": block}
    return design | {"randomisation": randomisation}


def patients_of(data: dict[str, object]) -> list[int]:
    """Patients of every arm; empty where one of them is not a positive whole number."""
    numbers = [whole(mapping(arm).get("patients")) for arm in sequence(data.get("arms"))]
    known = [n for n in numbers if n is not None and n > 0]
    return known if len(known) == len(numbers) else []


def smallest_block(patients: list[int]) -> int:
    """Smallest block that holds the arms in the ratio of their patients: sum of patients / greatest common divisor.

    Example:
        >>> smallest_block([60, 30])
        3
    """
    return sum(patients) // reduce(math.gcd, patients) if patients else 1


def default_block(patients: list[int]) -> int:
    """The smallest block that fits and holds at least four patients, because smaller ones give the allocation away.

    Example:
        >>> default_block([30, 30]), default_block([60, 30]), default_block([20, 20, 20, 20, 20])
        (4, 6, 5)
    """
    smallest = smallest_block(patients)
    return smallest * math.ceil(4 / smallest)
