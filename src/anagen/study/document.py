"""YAML text -> plain data in which every key and value still knows its line and column.

Only what a study file needs is read: mappings, lists and scalars by the YAML 1.2 core schema. Anchors, aliases and
tags are refused, so that a small file cannot unfold into a huge one or build objects.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from anagen.core import texts
from anagen.core.errors import InputError, Problem
from anagen.core.reading import MOST_TOLD, Key, field_text

DEEPEST = 12
MOST_EVENTS = 2 * texts.MOST_VALUES

_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_REST = re.compile(r"[0-9]+([eE][-+]?[0-9]+)?( *[^0-9 ].*)?")
"""What follows the comma of a number, with its unit."""
_WORDS: Mapping[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True, slots=True)
class Position:
    """Line and column, from 1, of a value and of the key before it (of the value again where there is no key)."""

    line: int
    column: int
    key_line: int
    key_column: int


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its data, where everything stands, and problems such as keys written twice."""

    data: object
    positions: Mapping[Key, Position]
    problems: tuple[Problem, ...]


def read_text(path: Path, file: str) -> str:
    """Text of a study file.

    Parameters
    ----------
    path : Path
        The file.
    file : str
        Its name in messages.

    Raises
    ------
    InputError
        Where it is missing, a folder, not readable, larger than 1 MB or not UTF-8.
    """
    return texts.read_text(path, "study file", file)


def decode(raw: bytes, file: str | None) -> str:
    """Text of the bytes of a study file.

    Raises
    ------
    InputError
        Where they are more than 1 MB or not UTF-8.
    """
    return texts.decoded(raw, "study file", file)


def parse(text: str, file: str | None) -> Document:
    """Data of a YAML text with the positions of its keys and values.

    Raises
    ------
    InputError
        Where the text is not one YAML document of mappings, lists and scalars.

    Examples
    --------
    >>> document = parse("arms:\\n  - name: saline\\n", None)
    >>> document.data, document.positions["arms", 0, "name"].line
    ({'arms': [{'name': 'saline'}]}, 2)
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    texts.check_lines(text, file)
    builder = _Builder(file)
    try:
        events = cast("Iterator[Any]", cast("Any", YAML(typ="safe", pure=True)).parse(text))
        for count, event in enumerate(events):
            if count > MOST_EVENTS:
                message = f"the file holds more than {texts.MOST_VALUES:,} keys and values; a study has some hundred"
                raise InputError([*builder.problems[:MOST_TOLD], _whole(file, message)])
            builder.take(event)
    except MarkedYAMLError as error:
        problem = _toml_problem(text, file) or _syntax_problem(error, file)
        raise InputError([*builder.problems, problem]) from None
    except YAMLError as error:
        message = f"is not readable as YAML: {str(error).splitlines()[0] if str(error) else 'the text is broken'}"
        raise InputError([*builder.problems, _whole(file, message)]) from None
    except (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, AssertionError, RecursionError):
        # The YAML library answers some malformed directives and characters with errors of other kinds.
        line = next((i for i, row in enumerate(text.split("\n"), 1) if row.startswith("%") or "\\" in row), None)
        message = "is not readable as YAML: a directive (%) or a character after a backslash is none"
        raise InputError([*builder.problems, Problem(file, line, None, "", message)]) from None
    return Document(builder.root, builder.positions, tuple(builder.problems))


class _Builder:
    """Builds data from the events of a YAML parser; keeps positions and problems on the way."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.root: object = None
        self.positions: dict[Key, Position] = {}
        self.problems: list[Problem] = []
        self._documents = 0
        self._open: list[tuple[dict[str, object] | list[object], Key]] = []
        self._key: tuple[str, Any] | None = None
        self._skipping = 0
        self._number: tuple[str, Any] | None = None

    def take(self, event: Any) -> None:
        """Takes one event."""
        kind = type(event).__name__
        if kind in ("ScalarEvent", "MappingStartEvent", "SequenceStartEvent", "AliasEvent"):
            self._refuse_unsafe(event, kind)
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise InputError(
                    [
                        *self.problems,
                        self._problem(event, "a second document starts here (---); a file holds one study"),
                    ]
                )
        elif self._skipping:
            self._skipping += {
                "MappingStartEvent": 1,
                "SequenceStartEvent": 1,
                "MappingEndEvent": -1,
                "SequenceEndEvent": -1,
            }.get(kind, 0)
        elif kind == "ScalarEvent":
            self._scalar(event)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._start(event, {} if kind == "MappingStartEvent" else [])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._open.pop()

    def _refuse_unsafe(self, event: Any, kind: str) -> None:
        if kind == "AliasEvent" or event.anchor is not None:
            raise InputError(
                [*self.problems, self._problem(event, "anchors (&) and aliases (*) are not read; write the value out")]
            )
        if event.tag is not None and event.tag != "!":
            raise InputError(
                [
                    *self.problems,
                    self._problem(event, f"tags such as {str(event.tag)[:40]} are not read; write plain values"),
                ]
            )

    def _scalar(self, event: Any) -> None:
        holder = self._open[-1][0] if self._open else None
        if isinstance(holder, dict) and self._key is None:
            self._key = (str(event.value), event.start_mark)
            return
        plain = bool(event.implicit[0]) and event.style in (None, "")
        if plain and self._after_a_comma(event):
            return
        try:
            value = scalar(event.value) if plain else str(event.value)
        except ValueError:
            self.problems.append(self._problem(event, "the number has too many digits"))
            value = None
        self._place(event, value)
        number = plain and isinstance(value, int | float) and not isinstance(value, bool)
        self._number = (event.value, event.end_mark) if number else None

    def _after_a_comma(self, event: Any) -> bool:
        """Whether this is the empty value of a key that is the rest of a number with a decimal comma: {mean: 35,5}."""
        if self._key is None or event.value or self._number is None:
            return False
        if not (_REST.fullmatch(self._key[0]) and self._key[0].isprintable()):
            return False
        (rest, mark), (written, end) = self._key, self._number
        if (mark.line, mark.column) != (end.line, end.column + 1):
            return False
        self._key = None
        holder, path = cast("tuple[dict[str, object], Key]", self._open[-1])
        key = next(reversed(holder))
        point, plain = f"{written}.{rest}", f"{written}{rest}"
        thousands = re.fullmatch("[0-9]{3}", rest) and not written.lstrip("+-").startswith("0")
        meant = f"{plain} if the comma marks thousands, {point} if it marks decimals" if thousands else point
        message = f"{written},{rest} has a comma, and in {{}} a comma ends the value; write {meant}"
        suggestion = None if thousands else point
        self.problems.append(
            Problem(self.file, mark.line + 1, mark.column + 1, field_text((*path, key)), message, (), suggestion)
        )
        # what was meant stands there from now on, so that rules do not blame half a number
        holder[key] = holder[key] if thousands else scalar(point)
        return True

    def _start(self, event: Any, holder: dict[str, object] | list[object]) -> None:
        if len(self._open) >= DEEPEST:
            raise InputError(
                [*self.problems, self._problem(event, f"lists and keys are nested more than {DEEPEST} deep")]
            )
        if self._open and isinstance(self._open[-1][0], dict) and self._key is None:
            self.problems.append(self._problem(event, "a key is a list or a mapping; a key is one word"))
            raise InputError(self.problems)
        path = self._place(event, holder)
        if path is None:
            self._skipping = 1
        else:
            self._open.append((holder, path))

    def _place(self, event: Any, value: object) -> Key | None:
        """Puts a value where it belongs; returns its path, or None where its key was there before."""
        mark = event.start_mark
        if not self._open:
            self.root = value
            self.positions[()] = Position(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1)
            return ()
        holder, parent = self._open[-1]
        if isinstance(holder, list):
            path: Key = (*parent, len(holder))
            holder.append(value)
            self.positions[path] = Position(mark.line + 1, mark.column + 1, mark.line + 1, mark.column + 1)
            return path
        assert self._key is not None
        (key, key_mark), self._key = self._key, None
        path = (*parent, key)
        if key in holder:
            first = self.positions[path].key_line
            message = f"the key is written twice; the first is in line {first}"
            self.problems.append(Problem(self.file, key_mark.line + 1, key_mark.column + 1, field_text(path), message))
            return None
        holder[key] = value
        self.positions[path] = Position(mark.line + 1, mark.column + 1, key_mark.line + 1, key_mark.column + 1)
        return path

    def _problem(self, event: Any, message: str) -> Problem:
        path: Key = self._open[-1][1] if self._open else ()
        if self._key is not None:
            path = (*path, self._key[0])
        return Problem(self.file, event.start_mark.line + 1, event.start_mark.column + 1, field_text(path), message)


def scalar(text: str) -> str | int | float | bool | None:
    """Value of an unquoted scalar by the YAML 1.2 core schema: yes, no, on and off are text.

    Raises
    ------
    ValueError
        Where an integer has more digits than Python reads.

    Examples
    --------
    >>> scalar("1e10"), scalar("30"), scalar("yes"), scalar("true"), scalar("~")
    (10000000000.0, 30, 'yes', True, None)
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float("-inf") if text.startswith("-") else float("inf")
    return float("nan") if text in (".nan", ".NaN", ".NAN") else text


def _syntax_problem(error: Any, file: str | None) -> Problem:
    """A syntax error of the YAML parser in plain words."""
    mark = error.problem_mark or error.context_mark
    message = str(error.problem or error.context or "not readable as YAML")
    if "'\\t'" in message:
        words = "a tab stands where YAML allows only spaces; indent with spaces"
    elif "mapping values are not allowed" in message:
        words = "a colon stands where no key can be; check the indentation, and quote text that holds a colon"
    elif "could not find expected ':'" in message:
        words = "a line without a colon stands where a key is expected; write key: value"
    elif "expected <block end>" in message:
        words = "the indentation does not fit the lines above"
    elif "expected ',' or" in message:
        words = "a comma or a closing bracket is missing"
    elif "end of stream" in message or "stream end" in message or "document separator" in message:
        words = "a quotation mark or bracket is opened and never closed"
    elif "cannot start any token" in message:
        words = f"text cannot start with {_quoted(message)}; put it in quotes"
    else:
        words = f"is not readable as YAML: {message}"
    return Problem(file, mark.line + 1 if mark else None, mark.column + 1 if mark else None, "", words)


def _toml_problem(text: str, file: str | None) -> Problem | None:
    """What is wrong with a file that is TOML; None where it is none."""
    try:
        data = texts.toml_data(text, file)
    except InputError:
        return None
    if not data:
        return None
    return _whole(file, "is TOML, and a study file is YAML: it starts with its keys, e.g. study: my-first-trial")


def _quoted(message: str) -> str:
    """The part of a message between apostrophes."""
    parts = message.split("'")
    return repr(parts[1]) if len(parts) > 2 else "this character"


def _whole(file: str | None, message: str) -> Problem:
    """A problem of the file as a whole."""
    return Problem(file, None, None, "", message)
