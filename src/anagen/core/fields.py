"""What the fields of a file are made of: whole numbers, text in which every character can be seen, broken rules."""

from __future__ import annotations

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Strict
from pydantic_core import PydanticCustomError

_UNSEEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_JOINERS = "\u200c\u200d"


def unseen(text: str, allowed: str = "") -> str | None:
    """What is wrong with a text that holds a character nobody sees: a control, a line separator, a mark of direction.

    Parameters
    ----------
    text : str
        Any text.
    allowed : str, default ""
        Such characters that may stand in it.

    Returns
    -------
    str or None
        Words for a message; None where every character can be seen. The joiners of Persian and Indic scripts may stand.

    Examples
    --------
    >>> unseen("saline\u202e"), unseen("0.9 % saline") is None
    ('holds the invisible character U+202E (right-to-left override); take it out', True)
    """
    if text.isprintable():
        return None
    for letter in text:
        if unicodedata.category(letter) in _UNSEEN and letter not in allowed and letter not in _JOINERS:
            if letter in "\n\r\u2028\u2029\x85":
                return "holds a line break; write it in one line"
            name = unicodedata.name(letter, "control character").lower()
            return f"holds the invisible character U+{ord(letter):04X} ({name}); take it out"
    return None


def _seen(allowed: str) -> AfterValidator:
    def check(text: str) -> str:
        fault = unseen(text, allowed)
        if fault is not None:
            raise broken("", fault)
        return text

    return AfterValidator(check)


ONE_LINE, SOME_LINES = _seen(""), _seen("\n\t")
"""Validators of text: every character can be seen; with line breaks and tabs, or without."""


def _integral(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


Whole = Annotated[int, Strict(), BeforeValidator(_integral)]
"""A whole number; 12.0 is one."""


def broken(key: str, message: str, suggestion: str | None = None) -> PydanticCustomError:
    """A rule of a model that is broken.

    Parameters
    ----------
    key : str
        The wrong key, empty for the model itself.
    message : str
        What is wrong, in plain words.
    suggestion : str, optional
        What was probably meant.

    Returns
    -------
    PydanticCustomError
        To be raised by a validator of the model.
    """
    return PydanticCustomError("rule", "{words}", {"words": message, "key": key, "suggestion": suggestion})
