"""Text with a unit -> a quantity as the models have it, wherever a study file holds one."""

from __future__ import annotations

import re

from anagen.core.errors import InputError, Problem
from anagen.core.reading import Key, number, shown
from anagen.core.units import parse_quantity, quantity_example, with_unit
from anagen.delivery.route import Setting
from anagen.study.findings import Findings, mapping

_PER = re.compile(r"(?:per\s+|1?/\s*)(?P<unit>\S.*)")


def read_quantity(value: object, unit: str, path: Key, findings: Findings) -> object:
    """A quantity of text, or as dumped by the models, in `unit`; None, with a finding, where it cannot be read."""
    written = mapping(value)
    amount = number(written.get("value"))
    if amount is not None and written.get("unit") == unit and set(written) <= {"value", "unit", "text"}:
        return {"value": amount, "unit": unit, "text": str(written.get("text", f"{amount:g} {unit}"))}
    if not isinstance(value, str):
        fault = "is empty" if value is None else f"{shown(value)} has no unit"
        amount = number(value)
        suggestion = None if amount is None else with_unit(amount, unit, shown(value))
        findings.add(
            path, f'{fault}; expected text with a unit, e.g. "{quantity_example(unit)}"', suggestion=suggestion
        )
        return None
    try:
        amount = _in_unit(value, unit)
    except InputError as error:
        findings.add_from(path, error)
        return None
    if amount < 0.0:
        findings.add(path, f"{shown(value)} is impossible; it must not be negative")
        return None
    # In whatever unit it was written, a quantity is the same number: converting one rounds in the sixteenth digit.
    return {"value": float(f"{amount:.15g}"), "unit": unit, "text": " ".join(value.split())}


def read_setting(value: object, setting: Setting, path: Key, findings: Findings) -> object:
    """Value of a route's setting between its limits; a plain number where its unit is "1"."""
    quantity: object
    if setting.unit == "1" and not mapping(value):
        plain = _plain_number(value)
        if plain is None:
            fault = "is empty" if value is None else f"{shown(value)} cannot stand here"
            findings.add(path, f"{fault}; expected a number without a unit{_between(setting)}")
            return None
        quantity = {"value": plain, "unit": "1", "text": str(value).strip()}
    else:
        quantity = read_quantity(value, setting.unit, path, findings)
    amount = number(mapping(quantity).get("value"))
    if amount is not None and not setting.minimum <= amount <= setting.maximum:
        text = shown(mapping(value).get("text", value))
        findings.add(path, f"{text} is impossible; {setting.title} lies{_between(setting)}")
        return None
    return quantity


def _between(setting: Setting) -> str:
    unit = "" if setting.unit == "1" else f" {setting.unit}"
    return f" between {setting.minimum:g} and {setting.maximum:g}{unit}"


def _plain_number(value: object) -> float | None:
    if isinstance(value, str):
        try:
            return number(float(value))
        except ValueError:
            return None
    return number(value)


def _in_unit(text: str, unit: str) -> float:
    """Value in `unit`; where that is 1/x, the text may say "150 /cm^2", "150 per cm^2" or "1.5 /mm^2"."""
    head = re.match(r"\s*[-+.0-9eE]+\s*(?=/|per\b|1/)", text)
    if unit.startswith("1/") and head is not None:
        under = _PER.fullmatch(text[head.end() :].strip())
        if under is not None:
            amount = _part(f"{head[0].strip()} {unit[2:]}", text, "", unit[2:])
            return amount / _part(f"1 {under['unit']}", text, ": the part after / or per", unit[2:])
    return parse_quantity(text, unit)


def _part(part: str, whole: str, where: str, unit: str) -> float:
    """Value of a part of a quantity; a problem quotes the whole, as the user wrote it."""
    try:
        return parse_quantity(part, unit)
    except InputError as error:
        fault = error.problems[0].message.removeprefix(shown(part)).partition(";")[0]
        message = f'{shown(whole)}{where}{fault}; expected a number per area, e.g. "150 /{unit}"'
        raise InputError([Problem(None, None, None, "", message)]) from None
