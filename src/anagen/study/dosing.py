"""How much and how it is given: dose, what it is per, treated area, the settings of the route."""

from __future__ import annotations

from anagen.core.reading import Key, is_mapping, number, shown
from anagen.core.units import quantity_example
from anagen.delivery.prescription import REFERENCE_AREA
from anagen.study.findings import Findings, mapping
from anagen.study.quantities import read_quantity, read_setting
from anagen.study.vocabulary import Vocabulary
from anagen.therapies import Therapy

PER_AREA = "cm^2"
"""What a dose is per where it is given by area; one such dose a session."""
MOST_OF_A_DOSE = 1.0e4
"""A dose this many times the usual one is a slip of the unit or of the exponent."""
LARGEST_TREATED_AREA = 1000.0
"""More skin than a scalp has [cm2]."""
_SPELLINGS = ("cm2", "cm²", "cm**2", "cm^2")


def resolve_dosing(
    section: dict[str, object], therapy: Therapy, path: Key, words: Vocabulary, findings: Findings
) -> dict[str, object]:
    """Keys `per`, `treated_area`, `dose` and `settings` of one therapy use, filled in and checked."""
    per = _per(section, therapy, path, findings)
    area = _treated_area(section, therapy, path, findings)
    return {
        "per": per,
        "treated_area": area,
        "dose": _dose(section | {"per": per, "treated_area": area}, therapy, path, findings),
        "settings": _settings(section, path, words, findings),
    }


def _per(section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> object:
    value = section.get("per")
    if value is None:
        return therapy.per[0]
    if isinstance(value, str) and value in _SPELLINGS:
        value = PER_AREA
    if isinstance(value, str) and value not in therapy.per:
        findings.add_unknown((*path, "per"), f"per of {therapy.name}", value, therapy.per)
    return value


def _treated_area(section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> object:
    """Area over which a dose is spread; the reference area where the file is silent."""
    key: Key = (*path, "treated_area")
    value = section.get("treated_area")
    if PER_AREA not in therapy.per:
        if value is not None:
            findings.add(key, f"{therapy.title} is not given by area; leave the key out", at_key=True)
        return None
    if value is None:
        return {"value": REFERENCE_AREA, "unit": PER_AREA, "text": f"{REFERENCE_AREA:g} {PER_AREA}"}
    area = read_quantity(value, PER_AREA, key, findings)
    amount = number(mapping(area).get("value"))
    if amount is not None and not 0.0 < amount <= LARGEST_TREATED_AREA:
        text = shown(mapping(value).get("text", value))
        findings.add(key, f"{text} is impossible; an area lies between 0 and {LARGEST_TREATED_AREA:g} {PER_AREA}")
        return None
    return area


def _dose(section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> object:
    value = section.get("dose")
    unit = therapy.dose_unit
    if unit is None:
        if value is not None:
            findings.add((*path, "dose"), f"{therapy.title} takes no dose; leave the key out", at_key=True)
        return None
    by_area = section["per"] == PER_AREA
    if value is None:
        if therapy.default_dose is None:
            findings.add((*path, "dose"), f'is missing; expected text with a unit, e.g. "{quantity_example(unit)}"')
            return None
        usual = therapy.default_dose / REFERENCE_AREA if by_area else therapy.default_dose
        return {"value": usual, "unit": unit, "text": f"{usual:g} {unit}"}
    return dose_of(value, section, therapy, (*path, "dose"), findings)


def dose_of(value: object, section: dict[str, object], therapy: Therapy, path: Key, findings: Findings) -> object:
    """A dose that a file gives, read and checked.

    Parameters
    ----------
    value : object
        What the file gives.
    section : dict
        The therapy use, with `per` and `treated_area` filled in.
    therapy : Therapy
        As it is given by the route.
    path : Key
        Place of the dose.
    findings : Findings
        Takes problems.

    Returns
    -------
    object
        The quantity; None, with a finding, where it cannot be read.
    """
    unit = therapy.dose_unit
    if unit is None:
        findings.add(path, f"{therapy.title} takes no dose; leave the key out", at_key=True)
        return None
    area = number(mapping(section.get("treated_area")).get("value"))
    by_area = section.get("per") == PER_AREA
    quantity = read_quantity(value, unit, path, findings)
    amount = number(mapping(quantity).get("value"))
    in_all = None if amount is None else amount * (area or REFERENCE_AREA) if by_area else amount
    usual = therapy.default_dose
    if in_all is not None and usual is not None and in_all > MOST_OF_A_DOSE * usual:
        findings.add(
            path,
            f"{shown(mapping(value).get('text', value))} is more than {MOST_OF_A_DOSE:,.0f} times the usual dose "
            f"({usual:g} {unit}); check the exponent and the unit",
        )
    return quantity


def _settings(section: dict[str, object], path: Key, words: Vocabulary, findings: Findings) -> object:
    """Settings that the file states, in the order of the route; those it leaves out keep the route's default."""
    value = section.get("settings")
    if value is None:
        return {}
    if not is_mapping(value):
        return value
    name = section.get("route")
    route = words.routes.get(name) if isinstance(name, str) else None
    if route is None:
        # The route is reported elsewhere; nothing can be said of its settings.
        return {}
    known = {setting.name: setting for setting in route.settings}
    for key in value:
        if key not in known:
            place: Key = (*path, "settings", key)
            if known:
                findings.add_unknown(place, f"setting of {route.name}", key, known, at_key=True)
            else:
                findings.add(place, f"the route {route.name!r} has no settings; leave the key out", at_key=True)
    settings = {
        key: read_setting(value[key], setting, (*path, "settings", key), findings)
        for key, setting in known.items()
        if key in value
    }
    return {key: quantity for key, quantity in settings.items() if quantity is not None}
