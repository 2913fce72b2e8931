"""The text of a user's file, and the data of TOML and JSON in it: everything that can be wrong is told, nothing raised.

What a file may hold is bounded before anything dear is done with it, so that a megabyte of nonsense is refused at once.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any, cast

from anagen.core.errors import InputError, Problem
from anagen.core.foreign import Wanted, foreign

LARGEST_FILE = 1_000_000
MOST_VALUES = 10_000
"""Keys and values in one file; the largest shipped study has some hundreds, the network about two thousand."""
MOST_LINES = 2 * MOST_VALUES
_LINE_ENDS = ("\n", "\r", "\x85", "\u2028", "\u2029")
"""Where the parsers of one format or another end a line."""
DEEPEST = 20
_MOST_DOTS = 1_000_000
_PLACE = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)")
_JSON_PLACE = re.compile(r":? line (\d+) column (\d+) \(char \d+\)")


def read_text(path: Path, wanted: Wanted, file: str | None = None, largest: int = LARGEST_FILE) -> str:
    """Text of a file, without a byte-order mark and with line feeds at the ends of lines.

    Parameters
    ----------
    path : Path
        The file.
    wanted : Wanted
        What it should be.
    file : str, optional
        Its name in messages; the path where left out.
    largest : int, default LARGEST_FILE
        Most bytes.

    Returns
    -------
    str
        The text.

    Raises
    ------
    InputError
        Where it is missing, a folder, not readable, too large, of another kind or not UTF-8.
    """
    name = str(path) if file is None else file
    try:
        if path.is_dir():
            raise InputError([_whole(name, f"is a folder, not {_a(wanted)}")])
        with path.open("rb") as stream:
            raw = stream.read(largest + 1)
    except FileNotFoundError:
        raise InputError([_whole(name, "there is no such file")]) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name cannot be used"
        raise InputError([_whole(name, f"the file cannot be read: {reason}")]) from None
    return decoded(raw, wanted, name, largest)


def decoded(raw: bytes, wanted: Wanted, file: str | None, largest: int = LARGEST_FILE) -> str:
    """Text of the bytes of a file; see `read_text`.

    Parameters
    ----------
    raw : bytes
        What the file holds.
    wanted : Wanted
        What it should be.
    file : str or None
        Its name in messages.
    largest : int, default LARGEST_FILE
        Most bytes.

    Returns
    -------
    str
        The text.

    Raises
    ------
    InputError
        Where it is too large, has too many lines, is of another kind or not UTF-8.

    Examples
    --------
    >>> decoded(b"\\xef\\xbb\\xbfstudy: a\\r\\n", "study file", None)
    'study: a\\n'
    """
    other = foreign(raw, wanted)
    if other is not None:
        raise InputError([_whole(file, other)])
    if len(raw) > largest:
        few = "; it should have a few kilobytes" if largest == LARGEST_FILE else ""
        raise InputError([_whole(file, f"the file is larger than {largest / 1e6:g} MB{few}")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in raw:
            raise InputError([_whole(file, f"is a file of bytes and no text, so not {_a(wanted)}")]) from None
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"the file is not UTF-8 text (byte 0x{raw[error.start]:02x}); save it as UTF-8"
        raise InputError([Problem(file, line, None, "", message)]) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    check_lines(text, file)
    return text


def check_lines(text: str, file: str | None) -> None:
    """Refuses a text of far too many lines before a parser walks them.

    Parameters
    ----------
    text : str
        Of a file.
    file : str or None
        Its name in messages.

    Raises
    ------
    InputError
        Where there are too many.
    """
    lines = sum(text.count(mark) for mark in _LINE_ENDS)
    if lines > MOST_LINES:
        raise InputError([_whole(file, f"has {lines:,} lines; at most {MOST_LINES:,} are read")])


def toml_data(text: str, file: str | None) -> dict[str, Any]:
    """Data of a TOML text.

    Parameters
    ----------
    text : str
        TOML.
    file : str or None
        Name of the file in messages.

    Returns
    -------
    dict
        Its keys.

    Raises
    ------
    InputError
        Where it cannot be read, holds too much or is nested too deeply; with the line where that is known.

    Examples
    --------
    >>> toml_data('name = "a"', None)
    {'name': 'a'}
    """
    check_lines(text, file)
    # reading takes a microsecond a letter, so that far too many values are counted before
    if text.count(",") + text.count("=") + text.count("\n[") > 5 * MOST_VALUES:
        raise InputError([_whole(file, f"holds more than {MOST_VALUES:,} keys and values")])
    # the time and memory of the library grow with the square of the length of a dotted key
    if sum(line.count(".") ** 2 for line in text.split("\n")) > _MOST_DOTS:
        raise InputError([_whole(file, "keys with far too many points in them; write tables, such as [particles]")])
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError([_toml_problem(str(error), text, file)]) from None
    except RecursionError:
        raise InputError([_whole(file, "lists and tables are nested far too deep")]) from None
    except ValueError:
        line = next((i for i, row in enumerate(text.split("\n"), 1) if re.search(r"[0-9_]{4000}", row)), None)
        raise InputError([Problem(file, line, None, "", "a number has too many digits")]) from None
    _check_extent(data, file)
    return data


def json_data(text: str, file: str | None) -> Any:
    """Data of a JSON text.

    Parameters
    ----------
    text : str
        JSON.
    file : str or None
        Name of the file in messages.

    Returns
    -------
    object
        Plain data.

    Raises
    ------
    InputError
        Where it cannot be read, holds too much or is nested too deeply.

    Examples
    --------
    >>> json_data('{"a": [1]}', None)
    {'a': [1]}
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        reason = _JSON_PLACE.sub("", str(error))
        raise InputError([Problem(file, error.lineno, error.colno, "", f"cannot be read as JSON: {reason}")]) from None
    except RecursionError:
        raise InputError([_whole(file, "lists and keys are nested too deep")]) from None
    except ValueError:
        raise InputError([_whole(file, "a number has too many digits")]) from None
    _check_extent(data, file)
    return data


def _check_extent(data: object, file: str | None) -> None:
    """Refuses data of more values or levels than a file of ours can have."""
    level: list[object] = [data]
    count = depth = 0
    while level:
        count, depth = count + len(level), depth + 1
        if count > MOST_VALUES:
            raise InputError([_whole(file, f"holds more than {MOST_VALUES:,} keys and values")])
        if depth > DEEPEST:
            raise InputError([_whole(file, f"lists and keys are nested more than {DEEPEST} deep")])
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below += cast("dict[str, object]", value).values()
            elif isinstance(value, list):
                below += cast("list[object]", value)
        level = below


def _toml_problem(message: str, text: str, file: str | None) -> Problem:
    place = _PLACE.search(message)
    line, column = (int(place[1]), int(place[2])) if place and place[1] else (None, None)
    words = _PLACE.sub("", message).strip()
    if place is not None and line is None:
        line = max(text.count("\n"), 1)
    written = text.split("\n")[line - 1].strip() if line is not None else ""
    if re.match(r"[\w-]+\s*:(\s|$)", written):
        words += "; in TOML a key and its value are joined by =, not by a colon"
    elif words.startswith("Invalid value") and re.match(r"[\w-]+\s*=\s*[^\s\"'\[{0-9+-]", written):
        words += "; text stands in double quotes"
    elif words.startswith("Invalid value") or words.startswith("Expected newline"):
        words += "; text, such as a number with a unit, stands in double quotes, and a number has a point, no comma"
    return Problem(file, line, column, "", f"is not readable as TOML: {words}")


def _a(wanted: Wanted) -> str:
    return f"an {wanted}" if wanted[0] in "aeiou" else f"a {wanted}"


def _whole(file: str | None, message: str) -> Problem:
    """A problem of the file as a whole."""
    return Problem(file, None, None, "", message)
