"""The same product after another storage: conditions in words -> storage history -> text of a product file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from typing import Any, cast, get_args

from anagen.core.errors import InputError, Problem
from anagen.exosomes.storage import BUFFERS, Tube

FRESH, PRODUCT_HISTORY = "fresh", "as told"
_SHORT = {name.removeprefix("pbs-"): name for name in BUFFERS if name.startswith("pbs-")}
_UNITS = {"h": "hour", "d": "day", "w": "week", "m": "month"}
_TEMPERATURE = re.compile(r"([-\u2212+]?\d+(?:\.\d+)?)\s*(?:°|deg)?\s*C\b")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(h|hours?|d|days?|w|weeks?|months?)\b")
_THAWS = re.compile(r"(\d+)\s*(?:freeze-)?thaws?\b")
_DRY = re.compile(r"\b(?:lyophili[sz]ed|dry)\b")
_FILLERS = re.compile(r"\b(?:at|in|for|and|tubes?|with)\b|,")
EXAMPLES = (
    "fresh",
    "as told",
    "4 C 48 h",
    "4 C 48 h low-binding",
    "-80 C 28 d trehalose",
    "lyophilised",
    "lyophilised 25 C 90 d",
)


def read_history(words: str) -> list[dict[str, Any]] | None:
    """Storage history of a condition in words, as a product file holds it; None for "as told", the product's own.

    A condition is a temperature and a time, with what the vesicles lie in (a buffer), the tube, "3 thaws", or
    "lyophilised", in any order; `+` joins stays one after the other. "fresh" is no storage. Lyophilised stands for dry
    from saline with trehalose at 20 C for no time unless it says otherwise.

    Raises
    ------
    InputError
        Where a word is not known or the temperature or time is missing.

    Examples
    --------
    >>> read_history("4 C 48 h")
    [{'temperature': '4 degC', 'days': '48 hour'}]
    >>> [stay["temperature"] for stay in read_history("-80 C 28 d + 4 C 2 d")]
    ['-80 degC', '4 degC']
    """
    text = " ".join(words.split())
    if text.lower() == PRODUCT_HISTORY:
        return None
    if text.lower() == FRESH:
        return []
    return [_stay(part.strip(), text) for part in text.split("+")]


def stored_otherwise(text: str, history: list[dict[str, Any]] | None) -> str:
    """Text of a product file with another storage history; the same text where `history` is None.

    Examples
    --------
    >>> 'temperature = "4 degC"' in stored_otherwise('name = "a"', [{"temperature": "4 degC", "days": "2 day"}])
    True
    """
    if history is None:
        return text
    data: dict[str, Any] = tomllib.loads(text) | {"storage": history}
    # The condition is what follows the count, so that what the count already holds is not lost again.
    for key in ("counted", "counted_age"):
        data.get("particles", {}).pop(key, None)
    return toml_text(data)


def _stay(part: str, whole: str) -> dict[str, Any]:
    """One stay of a condition in words."""
    stay: dict[str, Any] = {}
    rest = f" {part} "
    temperature, duration, thaws = (pattern.search(rest) for pattern in (_TEMPERATURE, _DURATION, _THAWS))
    dry = _DRY.search(rest.lower()) is not None
    for pattern in (_TEMPERATURE, _DURATION, _THAWS):
        rest = pattern.sub(" ", rest, count=1)
    left = _FILLERS.sub(" ", _DRY.sub(" ", rest.lower())).split()
    if temperature is None and not dry:
        raise _error(whole, "has no temperature")
    if duration is None and not dry and thaws is None:
        raise _error(whole, "has no time")
    stay["temperature"] = f"{temperature[1].replace(chr(0x2212), '-')} degC" if temperature else "20 degC"
    stay["days"] = f"{duration[1]} {_UNITS[duration[2][0]]}" if duration else "0 day"
    if dry:
        stay |= {"lyophilised": True, "buffer": "pbs-trehalose"}
    if thaws is not None:
        # The thaw that ends a frozen stay is one of those that are named.
        frozen = temperature is not None and float(temperature[1].replace(chr(0x2212), "-")) < 0.0 and not dry
        stay["freeze_thaws"] = max(int(thaws[1]) - frozen, 0)
    for word in left:
        if word in get_args(Tube):
            stay["tube"] = word
        elif word in BUFFERS or word in _SHORT:
            stay["buffer"] = _SHORT.get(word, word)
        else:
            known = (*get_args(Tube), *BUFFERS, *_SHORT, "lyophilised", "thaws")
            raise _error(whole, f"has the unknown word {word!r}", known)
    return stay


def toml_text(data: Mapping[str, Any]) -> str:
    """Data of a product file as its text.

    Parameters
    ----------
    data : Mapping[str, Any]
        Text, numbers, flags, lists and tables.

    Returns
    -------
    str
        TOML.

    Examples
    --------
    >>> print(toml_text({"name": "a", "dose": {"value": "1e10 particles"}}))
    name = "a"
    <BLANKLINE>
    [dose]
    value = "1e10 particles"
    <BLANKLINE>
    """
    return "\n".join(_toml(data, ())) + "\n"


def _toml(data: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    """Lines of a table: its values, then its tables."""
    lines: list[str] = []
    later: list[str] = []
    for key, value in data.items():
        place = (*path, key)
        name = ".".join(place)
        if isinstance(value, dict):
            later += ["", f"[{name}]", *_toml(cast("dict[str, Any]", value), place)]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for entry in cast("list[dict[str, Any]]", value):
                later += ["", f"[[{name}]]", *_toml(entry, place)]
        else:
            # Text, numbers, flags and lists of them are written alike in JSON and TOML.
            lines.append(f"{key} = {json.dumps(value, ensure_ascii=False)}")
    return [*lines, *later]


def _error(words: str, message: str, known: tuple[str, ...] = ()) -> InputError:
    hint = f"; words are {', '.join(known)}" if known else ""
    examples = ", ".join(f"{example!r}" for example in EXAMPLES)
    return InputError([Problem(None, None, None, f"storage {words}", f"{message}{hint}; conditions are {examples}")])
