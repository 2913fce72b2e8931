"""One control of a page: its name, its words, its limits, what it holds, and what is wrong with that."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

RANGE, NUMBER, CHOICE, TEXT, TICK = "range", "number", "choice", "text", "tick"
MOST_NAMED = 8
"""Choices that are named where none of them was given."""


@dataclass(frozen=True)
class Choice:
    """One of the values that may be chosen.

    Attributes
    ----------
    value : str
        As it stands in the address and in files.
    label : str
        In words.
    """

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """A control.

    Attributes
    ----------
    name : str
        Name in the address and in forms.
    label : str
        Its words.
    kind : str
        "range" (a slider), "number", "choice", "text" or "tick".
    value : str
        What it holds, as text; "" where it holds nothing, "on" or "" of a tick.
    choices : tuple[Choice, ...]
        What may be chosen.
    low : float or None
        Least value.
    high : float or None
        Largest value.
    step : float or None
        Step of the control.
    unit : str
        Unit of a number, shown behind it.
    note : str
        A sentence below it.
    problem : str
        What is wrong with what it holds; "" where nothing is.
    offer : str
        The nearest allowed value; "" where there is none.
    required : bool
        Whether it has to hold something.
    """

    name: str
    label: str
    kind: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    low: float | None = None
    high: float | None = None
    step: float | None = None
    unit: str = ""
    note: str = ""
    problem: str = ""
    offer: str = ""
    required: bool = True

    @property
    def id(self) -> str:
        """Identifier of the control in the page."""
        return "f-" + "".join(c if c.isalnum() else "-" for c in self.name)

    @property
    def number(self) -> float:
        """What it holds, as a number."""
        return float(self.value)

    def holding(self, text: str) -> Field:
        """The control with what was given, and with what is wrong with it.

        Parameters
        ----------
        text : str
            As it came.

        Returns
        -------
        Field
            The same control.

        Examples
        --------
        >>> age = Field("age", "Age", "range", "40", low=18, high=90, unit="years")
        >>> age.holding("200").problem, age.holding("200").offer
        ('must be 18 to 90 years', '90')
        """
        text = text.strip()
        held = replace(self, value=text, problem="", offer="")
        if not text:
            return replace(held, problem="is needed" if self.required and self.kind not in (TICK, TEXT) else "")
        if self.kind in (RANGE, NUMBER):
            return held._checked_number()
        if self.kind == CHOICE and text not in {choice.value for choice in self.choices}:
            near = get_close_matches(text, [choice.value for choice in self.choices], 1)
            allowed = [choice.value for choice in self.choices if choice.value]
            words = "must be " + ", ".join(allowed)
            if len(allowed) > MOST_NAMED:
                words = f"“{text}” is none of the {len(allowed)} that can be chosen"
            return replace(held, problem=words, offer=near[0] if near else "")
        return held

    def _checked_number(self) -> Field:
        try:
            # Python reads 1_0 and digits of every script, which no number control can show
            number = float(self.value) if self.value.isascii() and "_" not in self.value else math.nan
        except ValueError:
            number = math.nan
        limits = f"{_plain(self.low)} to {_plain(self.high)} {self.unit}".strip()
        if not math.isfinite(number):
            return replace(self, problem=f"must be a number, {limits}" if self.low is not None else "must be a number")
        for limit, outside in (
            (self.low, self.low is not None and number < self.low),
            (self.high, self.high is not None and number > self.high),
        ):
            if outside:
                return replace(self, problem=f"must be {limits}", offer=_plain(limit))
        return self


def read(fields: Sequence[Field], given: Mapping[str, str]) -> dict[str, Field]:
    """Controls with what the address or a form holds; those that it does not name keep their default.

    Parameters
    ----------
    fields : Sequence of Field
        Controls with their defaults.
    given : Mapping of str to str
        What came, by name.

    Returns
    -------
    dict of str to Field
        By name. A range or number with a problem can be shown with its offer.

    Examples
    --------
    >>> read([Field("age", "Age", "range", "40", low=18, high=90)], {"age": "x"})["age"].problem
    'must be a number, 18 to 90'
    """
    return {field.name: field.holding(given[field.name]) if field.name in given else field for field in fields}


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:g}"
