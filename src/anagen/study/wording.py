"""Errors of the models in plain words, with the allowed values and the nearest right spelling."""

from __future__ import annotations

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from anagen.study.document import Key
from anagen.study.findings import Findings, is_list, is_mapping, nearest, number, shown
from anagen.study.models import StudyFields

_TEXT = ("Quantity", "Attachment")
"""Models that are text in a file, so that no key stands below them."""
_TAGS = ("grades", "range")
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
_FORMS = {
    "study": "lower-case letters, digits and hyphens, e.g. 'exosome-vs-saline'",
    "name": "one line of printable text without spaces at its ends",
}


def add_model_errors(error: ValidationError, findings: Findings) -> None:
    """Adds the errors of the models that are not known yet."""
    items = error.errors(include_url=False)
    places = [_without_tags(item["loc"]) for item in items]
    for item, path in zip(items, places, strict=True):
        if item["type"] == "too_short" and any(
            len(path) < len(other) and other[: len(path)] == path for other in places
        ):
            # the list is not short: pydantic has left out the entries whose own errors are reported here
            continue
        context: Mapping[str, Any] = item.get("ctx", {})
        if item["type"] == "rule":
            path = (*path, context["key"]) if context["key"] else path
            if not findings.known(path):
                findings.add(path, str(context["words"]))
        elif not findings.known(path):
            _add(findings, path, item["type"], item["input"], context)


def _add(findings: Findings, path: Key, kind: str, value: object, context: Mapping[str, Any]) -> None:
    """Adds one error of pydantic."""
    annotation, info = field_at(path)
    if kind == "extra_forbidden":
        keys = keys_at(path[:-1])
        findings.add(path, "unknown key", keys, nearest(path[-1], keys), at_key=True)
    elif kind == "missing":
        findings.add(path, f"is missing{_purpose(info)}")
    elif kind == "literal_error":
        choices = literals(annotation)
        allowed = tuple(str(choice).lower() if isinstance(choice, bool) else str(choice) for choice in choices)
        findings.add(path, f"{shown(value)} is not one of the allowed values", allowed, nearest(value, allowed))
    elif kind in _LIMITS:
        key, words = _LIMITS[kind]
        findings.add(path, f"{shown(value)} is impossible; it must be {words} {context[key]:,.10g}")
    elif kind in _KINDS:
        keys = keys_at(path) if _KINDS[kind].startswith("keys") else ()
        findings.add(path, _wrong_kind(value, _KINDS[kind], info), keys)
    else:
        findings.add(path, _other(kind, path, value, context))


def _wrong_kind(value: object, expected: str, info: FieldInfo | None) -> str:
    """Words for a value of the wrong type."""
    if value is None:
        return f"is empty; expected {expected}{_example(info)}"
    found = "text" if isinstance(value, str) else "a number" if number(value) is not None else ""
    if isinstance(value, str) and expected.startswith("true"):
        return f"{shown(value)} is text; expected {expected} without quotes"
    if isinstance(value, str) and expected.endswith("number"):
        return f"{shown(value)} is text; expected {expected} without quotes or unit{_example(info)}"
    said = f"{shown(value)} is {found}" if found else f"is {shown(value)}"
    return f"{said}; expected {expected}{_example(info)}"


def _other(kind: str, path: Key, value: object, context: Mapping[str, Any]) -> str:
    """Words for the rarer errors."""
    if kind == "string_too_short":
        return "is empty text"
    if kind == "string_too_long":
        return f"the text is longer than {context['max_length']} characters"
    if kind == "string_pattern_mismatch":
        form = _FORMS.get(str(path[-1]) if path else "", "another form")
        return f"{shown(value)} cannot be used; expected {form}" if value else "is empty text"
    if kind == "too_short":
        return f"the list is too short: it needs at least {context['min_length']}"
    if kind == "too_long":
        return f"the list is too long: at most {context['max_length']} are allowed"
    if kind in ("missing_argument", "unexpected_positional_argument"):
        return "needs exactly two values"
    return f"{shown(value)} is not a value that can be used here"


def _purpose(info: FieldInfo | None) -> str:
    """What a missing field is for, with an example."""
    if info is None or info.description is None:
        return ""
    return f" ({info.description[0].lower()}{info.description[1:].rstrip('.')}{_example(info)})"


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


def _without_tags(location: tuple[int | str, ...]) -> Key:
    """A location of pydantic without the names of union members and without the mark of a wrong key."""
    inside_severity = location[:2] == ("population", "severity")
    parts = (part for i, part in enumerate(location) if not (inside_severity and i == 3 and part in _TAGS))
    return tuple(part for part in parts if part != "[key]")


def field_at(path: Key) -> tuple[Any, FieldInfo | None]:
    """Type and field of a path of the study; (None, None) where there is no such field."""
    annotation: Any = StudyFields
    info: FieldInfo | None = None
    for part in path:
        annotation = _bare(annotation)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            info = annotation.model_fields.get(str(part))
            annotation = info.annotation if info is not None else None
        elif get_origin(annotation) in (tuple, dict):
            arguments = [argument for argument in get_args(annotation) if argument is not Ellipsis]
            annotation, info = (arguments[-1], None) if arguments else (None, None)
        else:
            return None, None
    return annotation, info


def keys_at(path: Key) -> tuple[str, ...]:
    """Keys that may stand in the mapping at a path; empty where they are not fixed."""
    annotation = _bare(field_at(path)[0])
    if isinstance(annotation, type) and issubclass(annotation, BaseModel) and annotation.__name__ not in _TEXT:
        return tuple(annotation.model_fields)
    return ()


def literals(annotation: Any) -> tuple[object, ...]:
    """Values of a literal type."""
    bare = _bare(annotation)
    return get_args(bare) if get_origin(bare) is Literal else ()


def _bare(annotation: Any) -> Any:
    """A type without Annotated and without the None of an optional; of other unions the last member."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, UnionType):
            annotation = [member for member in get_args(annotation) if member is not type(None)][-1]
        else:
            return annotation
