"""What the fields of a file are made of: whole numbers, text in which every character can be seen, broken rules."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, cast

from pydantic import AfterValidator, BeforeValidator, Strict, ValidationError, WrapValidator
from pydantic_core import InitErrorDetails, PydanticCustomError

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


def tell_together(faults: Sequence[PydanticCustomError], others: ValidationError | None = None) -> None:
    """Raise every rule that is broken at once, beside errors that were found already; nothing where there is none.

    Parameters
    ----------
    faults : Sequence of PydanticCustomError
        From `broken`.
    others : ValidationError, optional
        Errors of the fields.

    Raises
    ------
    PydanticCustomError
        Where one rule is all that is wrong.
    ValidationError
        Where several things are.
    """
    if others is None and len(faults) == 1:
        raise faults[0]
    found = [] if others is None else [_again(item) for item in others.errors(include_url=False)]
    found += [InitErrorDetails(type=fault, input=None) for fault in faults]
    if found:
        raise ValidationError.from_exception_data("together", found)


def _again(item: Any) -> InitErrorDetails:
    """An error that was told, to be raised a second time."""
    context: dict[str, Any] = item.get("ctx", {})
    kind = PydanticCustomError(item["type"], "{words}", context) if "words" in context else item["type"]
    return InitErrorDetails(type=kind, loc=item["loc"], input=item["input"], ctx=context)


def once(key: str, hint: str = "") -> WrapValidator:
    """A validator of a list of tables in which a value of `key` may stand once; told beside what else is wrong.

    Parameters
    ----------
    key : str
        Of each table.
    hint : str, default ""
        What to do, put behind the message.
    """

    def check(value: Any, read: Any) -> Any:
        others: ValidationError | None = None
        entries = cast("Iterable[Any]", value) if isinstance(value, list | tuple) else ()
        try:
            entries = read(value)
        except ValidationError as error:
            others = error
        twice = _twice(_names(entries, key))
        tell_together([broken("", f"lists {', '.join(twice)} more than once{hint}")] if twice else [], others)
        return entries

    return WrapValidator(check)


def _names(entries: Iterable[Any], key: str) -> Iterator[str]:
    """Text under a key of tables, whether they were read already or not."""
    for entry in entries:
        told: Any = cast("dict[str, Any]", entry).get(key) if isinstance(entry, dict) else getattr(entry, key, None)
        if isinstance(told, str):
            yield told


def _twice(names: Iterable[str]) -> list[str]:
    listed = list(names)
    return sorted({name for name in listed if listed.count(name) > 1})
