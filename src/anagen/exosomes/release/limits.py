"""Limits and results of tests as they are written: "< 0.25 EU/mL", "6.5 to 8", "2e10 particles/ug"."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from anagen.core.errors import InputError, Problem
from anagen.core.units import parse_quantity, quantity_example

Sign = Literal["", "<", ">"]
_SIGN = re.compile(r"\s*(<=|>=|<|>|≤|≥|at most|at least|below|above|less than|more than)?\s*(.+)", re.DOTALL)
_RANGE = re.compile(r"\s*(\S.*?)\s*(?:\bto\b|–|\.\.)\s*(.+)", re.DOTALL)
_BELOW = ("<", "<=", "≤", "at most", "below", "less than")
PERCENT = 100.0
_STRICT = ("<", ">", "below", "above", "less than", "more than")
NO_UNIT, RATIO = "1", "ratio"
"""Units of plain numbers: one that has no unit, and one over a reference, which may be written in percent."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What a result must lie in; an end that is open is not itself allowed.

    Attributes
    ----------
    unit : str
        Of both ends, "1" where there is none.
    low : float or None
        Lower end.
    high : float or None
        Upper end.
    strict : bool
        Whether the ends themselves are outside.
    """

    unit: str
    low: float | None = None
    high: float | None = None
    strict: bool = False

    def holds(self, value: float) -> bool:
        """Whether a value lies inside.

        Examples
        --------
        >>> Limit("EU/mL", high=0.25, strict=True).holds(0.25), Limit("1", 6.5, 8.0).holds(8.0)
        (False, True)
        """
        above = self.low is None or (value > self.low if self.strict else value >= self.low)
        below = self.high is None or (value < self.high if self.strict else value <= self.high)
        return above and below

    def text(self) -> str:
        """The limit in words.

        Examples
        --------
        >>> Limit("EU/mL", high=0.25, strict=True).text(), Limit("1", 6.5, 8.0).text()
        ('< 0.25 EU/mL', '6.5 to 8')
        """
        if self.low is not None and self.high is not None:
            return with_unit(f"{self.low:g} to {self.high:g}", self.unit)
        bound, sign = (self.high, "<") if self.high is not None else (self.low, ">")
        return with_unit(f"{sign}{'' if self.strict else '='} {bound:g}", self.unit)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A result: a number, or one that lies below or above what the method can tell."""

    value: float
    sign: Sign = ""

    def text(self, unit: str) -> str:
        """The result in words."""
        return with_unit(f"{self.sign}{' ' if self.sign else ''}{self.value:.4g}", unit)

    def within(self, limit: Limit) -> bool | None:
        """Whether the result lies inside a limit; None where what the method can tell does not reach the limit."""
        if not self.sign:
            return limit.holds(self.value)
        if self.sign == "<":
            if limit.low is not None:
                return None if self.value > limit.low else False
            return True if limit.high is not None and self.value <= limit.high else None
        if limit.high is not None:
            return None if self.value < limit.high else False
        return True if limit.low is not None and self.value >= limit.low else None


def with_unit(text: str, unit: str) -> str:
    """A number with its unit; a plain number has none."""
    return text if unit in (NO_UNIT, RATIO) else f"{text} {'%' if unit == 'percent' else unit}"


def written_as(unit: str) -> tuple[str, ...]:
    """Units in which a result may be written, the usual one first; others of the same kind are converted.

    Examples
    --------
    >>> written_as("EU/mL"), written_as("ratio"), written_as("1")
    (('EU/mL',), ('a plain number', '%'), ('a plain number',))
    """
    if unit == RATIO:
        return ("a plain number", "%")
    if unit == NO_UNIT:
        return ("a plain number",)
    return ("mOsm/kg", "mosmol/kg") if unit == "mOsm/kg" else ("%",) if unit == "percent" else (unit,)


def read_quantity(text: object, unit: str) -> Quantity:
    """A result as it is written.

    Parameters
    ----------
    text : object
        Text such as "< 0.05 EU/mL"; a plain number only where there is no unit.
    unit : str
        Its unit.

    Raises
    ------
    InputError
        With one problem without file and field, where it cannot be read.

    Examples
    --------
    >>> read_quantity("< 0.05 EU/mL", "EU/mL"), read_quantity(7.2, "1")
    (Quantity(value=0.05, sign='<'), Quantity(value=7.2, sign=''))
    """
    match = _SIGN.fullmatch(str(text))
    sign: Sign = "" if match is None or match[1] is None else "<" if match[1] in _BELOW else ">"
    value = _number(str(text) if match is None else match[2].strip(), unit)
    if value < 0.0 or (unit == "percent" and value > 100.0):
        raise _error(f"{text!r} cannot be; it is {'below 0' if value < 0.0 else 'more than the whole'}")
    return Quantity(value, sign)


def read_limit(text: str, unit: str) -> Limit:
    """A limit as it is written.

    Parameters
    ----------
    text : str
        Text such as "<= 10 ng/dose", "at least 90 %" or "6.5 to 8".
    unit : str
        Its unit.

    Raises
    ------
    InputError
        With one problem without file and field, where it cannot be read.

    Examples
    --------
    >>> read_limit("6.5 to 8", "1"), read_limit("< 0.5 EU/mL", "EU/mL").strict
    (Limit(unit='1', low=6.5, high=8.0, strict=False), True)
    """
    between = _RANGE.fullmatch(text)
    if between is not None:
        high = _number(between[2].strip(), unit)
        written = (
            between[1] if unit == NO_UNIT or not _bare(between[1]) else f"{between[1]} {_unit_of(between[2])}".strip()
        )
        low = _number(written, unit)
        if low < high:
            return Limit(unit, low, high)
        raise _error(f"{text!r} runs from {low:g} down to {high:g}")
    match = _SIGN.fullmatch(text)
    if match is None or match[1] is None:
        example = "7" if unit == NO_UNIT else "0.8" if unit == RATIO else quantity_example(unit)
        raise _error(f'{text!r} is no limit; expected text such as "< {example}", ">= {example}" or a range with "to"')
    bound, strict = _number(match[2].strip(), unit), match[1] in _STRICT
    return Limit(unit, high=bound, strict=strict) if match[1] in _BELOW else Limit(unit, bound, strict=strict)


def _number(text: str, unit: str) -> float:
    """A number in its unit, or alone where there is none."""
    if unit == RATIO and text.endswith("%"):
        return parse_quantity(text, "percent") / PERCENT
    if unit not in (NO_UNIT, RATIO):
        return parse_quantity(text, unit)
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        words = "a number, alone or in percent" if unit == RATIO else "a number without a unit"
        raise _error(f"{text!r} is not {words}")
    return value


def _bare(text: str) -> bool:
    return re.fullmatch(r"[-+\d.eE]+", text) is not None


def _unit_of(text: str) -> str:
    """What stands after the number."""
    return re.sub(r"^\s*[-+]?[\d.]+(?:[eE][-+]?\d+)?\s*", "", text)


def _error(message: str) -> InputError:
    return InputError([Problem(None, None, None, "", message)])
