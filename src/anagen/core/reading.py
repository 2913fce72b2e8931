"""What is wrong in a file, in plain words: errors of pydantic models with field, allowed values, nearest spelling."""

from __future__ import annotations

import difflib
import math
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, time
from types import UnionType
from typing import Annotated, Any, Literal, TypeGuard, Union, get_args, get_origin

from pydantic import BaseModel, Tag, ValidationError
from pydantic.fields import FieldInfo

from anagen.core.errors import Problem

Key = tuple[str | int, ...]
"""Path of a value: keys of mappings and indices of lists."""

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "keys with values",
    "model_type": "keys with values",
    "model_attributes_type": "keys with values",
    "finite_number": "a finite number",
}
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_MARK_OF_KEY = "[key]"
_COMMA = re.compile(r"\s*[-+]?\d+,\d+\s*")


MOST_TOLD = 100
"""Problems of one file that are told; who has more begins with these."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong in data, before its line is known.

    Parameters
    ----------
    path : Key
        The field.
    message : str
        What is wrong, in plain words.
    allowed : tuple of str
        Values or keys that would be right, where they can be listed.
    suggestion : str or None
        The nearest right spelling.
    at_key : bool
        Whether the key is wrong, not its value.
    """

    path: Key
    message: str
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None
    at_key: bool = False

    def problem(self, file: str | None, lines: Mapping[Key, int]) -> Problem:
        """The fault with the line of its field, or of the nearest one that holds it.

        Parameters
        ----------
        file : str or None
            Name of the file in messages.
        lines : mapping of Key to int
            Line of every key that stands in the file.

        Returns
        -------
        Problem
            What a user is shown.
        """
        places = (self.path[:length] for length in range(len(self.path), 0, -1))
        line = next((lines[place] for place in places if place in lines), None)
        return Problem(file, line, None, field_text(self.path), self.message, self.allowed, self.suggestion)


@dataclass(frozen=True)
class ErrorReader:
    """Reads the errors of a model and of the models in it.

    Parameters
    ----------
    model : type of BaseModel
        The model of the whole file.
    forms : mapping of str to str
        Pattern of a text -> how such a text looks, in words.
    as_text : tuple of type
        Models that are written as text, so that no key stands below them.
    filled_in : tuple of str
        Keys that nobody writes.
    synonyms : mapping of str to str
        What people write in small letters -> the allowed value that they mean.
    """

    model: type[BaseModel]
    forms: Mapping[str, str] = field(default_factory=dict[str, str])
    as_text: tuple[type[BaseModel], ...] = ()
    filled_in: tuple[str, ...] = ()
    synonyms: Mapping[str, str] = field(default_factory=dict[str, str])

    def faults(self, error: ValidationError) -> Iterator[Fault]:
        """Every error in plain words, in the order of pydantic."""
        items = error.errors(include_url=False)
        paths = [self._path(item["loc"]) for item in items]
        for told, (item, path) in enumerate(zip(items, paths, strict=True)):
            if told == MOST_TOLD:
                yield Fault((), f"{len(items) - told:,} more problems are not told; mend these first")
                return
            inside = (len(other) > len(path) and other[: len(path)] == path for other in paths)
            if item["type"] == "too_short" and any(inside):
                # the list is not short: pydantic has left out the entries whose own errors are reported here
                continue
            yield self._fault(path, item["type"], item["input"], item.get("ctx", {}))

    def field_at(self, path: Key) -> tuple[Any, FieldInfo | None]:
        """Type and field at a path; (None, None) where there is no such field."""
        annotation: Any = self.model
        info: FieldInfo | None = None
        for part in path:
            annotation, info = _inside(annotation, part)
        return annotation, info

    def keys_at(self, path: Key) -> tuple[str, ...]:
        """Keys that may stand in the mapping at a path; empty where they are not fixed."""
        annotation = _bare(self.field_at(path)[0])
        if not _is_model(annotation) or annotation in self.as_text:
            return ()
        keys = (info.alias or name for name, info in annotation.model_fields.items())
        return tuple(key for key in keys if key not in self.filled_in)

    def _path(self, location: tuple[int | str, ...]) -> Key:
        """A location of pydantic without the names of union members and without the mark of a wrong key."""
        annotation: Any = self.model
        path: Key = ()
        for part in location:
            member = _tagged(annotation, part)
            if member is not None:
                annotation = member
            elif part != _MARK_OF_KEY:
                annotation, _ = _inside(annotation, part)
                path = (*path, part)
        return path

    def _fault(self, path: Key, kind: str, value: object, context: Mapping[str, Any]) -> Fault:
        if "words" in context:
            at = (*path, context["key"]) if context.get("key") else path
            return Fault(at, str(context["words"]), tuple(context.get("allowed", ())), context.get("suggestion"))
        annotation, info = self.field_at(path)
        if kind == "extra_forbidden":
            keys = self.keys_at(path[:-1])
            return Fault(path, "unknown key", keys, nearest(path[-1], keys), at_key=True)
        if kind == "missing":
            return Fault(path, f"is missing{_purpose(info)}")
        if kind == "literal_error":
            allowed = _literals(annotation)
            meant = self.synonyms.get(value.strip().lower()) if isinstance(value, str) else None
            likely = meant if meant in allowed else nearest(value, allowed)
            return Fault(path, f"{shown(value)} is not one of the allowed values", allowed, likely)
        if kind in _LIMITS:
            limit, words = _LIMITS[kind]
            message = f"{shown(value)} is impossible; it must be {words} {context[limit]:,.10g}"
            meant = share_of(value) if context[limit] == 1.0 and (kind, value) != ("less_than", 100) else None
            return Fault(path, message, suggestion=meant)
        if kind in _KINDS:
            keys = self.keys_at(path) if _KINDS[kind].startswith("keys") else ()
            return Fault(path, _wrong_kind(value, _KINDS[kind], info), keys, _meant(value, kind, annotation))
        return Fault(path, self._rarer(kind, value, context))

    def _rarer(self, kind: str, value: object, context: Mapping[str, Any]) -> str:
        """Words for the rarer errors."""
        if kind == "string_too_short" or (kind == "string_pattern_mismatch" and not value):
            return "is empty text"
        if kind == "string_too_long":
            return f"the text is longer than {context['max_length']} characters"
        if kind == "string_pattern_mismatch":
            return f"{shown(value)} cannot be used; expected {self.forms.get(context['pattern'], 'another form')}"
        if kind == "too_short":
            return f"the list is too short: it needs at least {context['min_length']}"
        if kind == "too_long" and is_mapping(value):
            return f"there are too many: at most {context['max_length']} are allowed"
        if kind == "too_long":
            return f"the list is too long: at most {context['max_length']} are allowed"
        if kind in ("missing_argument", "unexpected_positional_argument"):
            return "needs exactly two values"
        return f"{shown(value)} is not a value that can be used here"


def field_text(path: Key) -> str:
    """A path as it is shown to users.

    Examples
    --------
    >>> field_text(("arms", 1, "therapies", 0, "dose"))
    'arms[1].therapies[0].dose'
    """
    words = ""
    for part in path:
        words += f"[{part}]" if isinstance(part, int) else f".{part}" if words else part
    return words


def nearest(value: object, names: Iterable[str]) -> str | None:
    """The name most like `value`, or None where nothing is close.

    Examples
    --------
    >>> nearest("Total density", ["anagen_share", "total_density"])
    'total_density'
    """
    if not isinstance(value, str):
        return None
    plain = {_plain(name): name for name in names}
    matches = difflib.get_close_matches(_plain(value[:80]), plain, n=1, cutoff=0.6)
    return plain[matches[0]] if matches else None


def _plain(name: str) -> str:
    """A name without what is easily mistaken: capitals, hyphens, underscores, spaces."""
    return name.strip().lower().replace("_", "").replace("-", "").replace(" ", "")


def shown(value: object) -> str:
    """A value as a message shows it: text in quotes, the rest as in YAML, cut where it is long."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_mapping(value):
        return "a mapping"
    if is_list(value):
        return "a list"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return (
            str(value) if abs(value) < 10**30 else f"{'-' if value < 0 else ''}1e{value.bit_length() * 30103 // 100000}"
        )
    if isinstance(value, date | time):
        return "a date" if isinstance(value, date) else "a time of day"
    text = str(value)
    return repr(text if len(text) <= 60 else text[:57] + "...")


def is_mapping(value: object) -> TypeGuard[dict[str, object]]:
    """True for a mapping; its keys are text, as the parser makes them."""
    return isinstance(value, dict)


def is_list(value: object) -> TypeGuard[list[object]]:
    """True for a list or a tuple."""
    return isinstance(value, list | tuple)


def number(value: object) -> float | None:
    """`value` if it is a finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, int) and abs(value) > sys.float_info.max:
        return None
    return float(value) if math.isfinite(value) else None


def share_of(value: object) -> str | None:
    """The share that a percentage is, as text; None where it is none.

    Examples
    --------
    >>> share_of(38.8), share_of(1.0)
    ('0.388', None)
    """
    percentage = number(value)
    return f"{percentage / 100.0:.10g}" if percentage is not None and 1.0 < percentage <= 100.0 else None


def _meant(value: object, kind: str, annotation: Any) -> str | None:
    """What was probably meant by a value of the wrong type: a point for a comma, the only needed key of a mapping."""
    if isinstance(value, str) and kind in ("float_type", "int_type") and _COMMA.fullmatch(value):
        return value.replace(",", ".").strip()
    bare = _bare(annotation)
    if number(value) is None or not _is_model(bare):
        return None
    needed = [name for name, info in bare.model_fields.items() if info.is_required()]
    if len(needed) != 1:
        return None
    for written in (f"{number(value):.10g}", share_of(value)):
        with suppress(ValidationError):
            if written is not None and bare.model_validate({needed[0]: float(written)}):
                return f"{{{needed[0]}: {written}}}"
    return None


def _wrong_kind(value: object, expected: str, info: FieldInfo | None) -> str:
    """Words for a value of the wrong type."""
    if value is None:
        return f"is empty; expected {expected}{_example(info)}"
    if isinstance(value, str) and expected.startswith("true"):
        return f"{shown(value)} is text; expected {expected} without quotes"
    if isinstance(value, str) and expected.endswith("number"):
        return f"{shown(value)} is text; expected {expected} without quotes or unit{_example(info)}"
    kind = "text" if isinstance(value, str) else "a number" if number(value) is not None else ""
    if isinstance(value, date | time) and expected == "text":
        expected += " in quotes"
    what = f"{shown(value)} is {kind}" if kind else f"is {shown(value)}"
    return f"{what}; expected {expected}{_example(info)}"


def _purpose(info: FieldInfo | None) -> str:
    """What a missing field is for, with an example."""
    if info is None or info.description is None:
        return ""
    words = info.description.rstrip(".")
    if not words[1:2].isupper():  # an abbreviation keeps its capitals
        words = f"{words[:1].lower()}{words[1:]}"
    return f" ({words}{_example(info)})"


def _example(info: FieldInfo | None) -> str:
    """The first example of a field, as it would be written."""
    if info is None or not info.examples:
        return ""
    return f", e.g. {_yaml(info.examples[0])}"


def _yaml(value: object) -> str:
    """A small value in YAML's flow style."""
    if is_mapping(value):
        return "{" + ", ".join(f"{key}: {_yaml(item)}" for key, item in value.items()) + "}"
    if is_list(value):
        return "[" + ", ".join(_yaml(item) for item in value) + "]"
    return str(value)


def _inside(annotation: Any, part: str | int) -> tuple[Any, FieldInfo | None]:
    """Type and field of a part of a type; (None, None) where it has no such part."""
    annotation = _bare(annotation)
    if _is_model(annotation):
        by_key = {info.alias or name: info for name, info in annotation.model_fields.items() if info.alias}
        info = by_key.get(str(part)) or annotation.model_fields.get(str(part))
        return (info.annotation, info) if info is not None else (None, None)
    if get_origin(annotation) in (tuple, dict):
        arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
        return (arguments[-1], None) if arguments else (None, None)
    return None, None


def _is_model(annotation: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _tagged(annotation: Any, tag: str | int) -> Any:
    """The member of a union that carries a tag of pydantic; None where none does."""
    while get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if get_origin(annotation) not in (Union, UnionType):
        return None
    members = [member for member in get_args(annotation) if get_origin(member) is Annotated]
    tags = (Tag(tag),) if isinstance(tag, str) else ()
    found = next((member for member in members if any(mark in tags for mark in get_args(member)[1:])), None)
    # an optional union is a union in a union
    return found or next((inner for member in members if (inner := _tagged(member, tag)) is not None), None)


def _literals(annotation: Any) -> tuple[str, ...]:
    """Values of a literal type, as they are written."""
    bare = _bare(annotation)
    values: tuple[object, ...] = get_args(bare) if get_origin(bare) is Literal else ()
    return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)


def _bare(annotation: Any) -> Any:
    """A type without Annotated and without the None of an optional; of other unions the last member."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            annotation = [member for member in get_args(annotation) if member is not type(None)][-1]
        else:
            return annotation
