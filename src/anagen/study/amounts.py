"""Amounts with the unit of an endpoint: margins, differences that matter, doses that are compared."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from anagen.core.fields import broken
from anagen.core.measures import RESPONDERS
from anagen.study.values import Quantity

PERCENT = ("%", "percent", "percentage points")
_NUMBER = r"(?P<number>[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d{1,2})?)"
_AMOUNT = re.compile(rf"\s*{_NUMBER}\s*(?P<unit>[^\d\s].{{0,39}}?)\s*")


def _amount(value: object) -> Quantity:
    """A number with its unit as it is written; whether the unit fits is a rule across sections."""
    if isinstance(value, Quantity):
        return value
    if isinstance(value, dict):
        return Quantity.model_validate(value)
    match = _AMOUNT.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise broken("", 'needs a number with its unit, e.g. "8 hairs/cm^2" or "1e10 particles"')
    number = float(match["number"])
    if not number >= 0.0:
        raise broken("", f"must be 0 or more, got {number:g}")
    return Quantity(value=number, unit=match["unit"], text=" ".join(str(value).split()))


Amount = Annotated[Quantity, BeforeValidator(_amount), WithJsonSchema({"type": "string", "pattern": r"^\s*[\d.]"})]
"""A number of 0 or more with its unit as it is written; whether the unit fits is a rule across sections."""


def allowed_units(measure: str, unit: str) -> tuple[str, ...]:
    """Units in which a difference of a measure can be written; the first is the usual one.

    Examples
    --------
    >>> allowed_units("responder", "hairs/cm2"), allowed_units("change", "hairs/cm2")[0]
    (('%', 'percent', 'percentage points'), 'hairs/cm^2')
    """
    if measure in RESPONDERS or measure == "percent_change" or unit == "percent":
        return PERCENT
    if unit == "1":
        return ("points",)
    usual = unit.replace("cm2", "cm^2")
    return tuple(dict.fromkeys((usual, unit)))


def fits(amount: Quantity, units: Iterable[str]) -> bool:
    """Whether an amount is written in one of some units, however that is spelt.

    Examples
    --------
    >>> fits(Quantity(value=8.0, unit="hairs per cm²", text="8 hairs per cm²"), ["hairs/cm^2"])
    True
    """
    return _meant(amount.unit) in [_meant(unit) for unit in units]


def _meant(unit: str) -> str:
    """A unit without the spellings that mean the same."""
    plain = "".join(unit.lower().split()).replace("²", "2").replace("^", "").replace("**", "").replace("µ", "u")
    plain = plain.replace("hair/", "hairs/").replace("per", "/") if plain.startswith("hair") else plain
    return {"percent": "%", "percentagepoints": "%", "point": "points"}.get(plain, plain)
