"""From a product file to a product: read, check everything, report every problem with its place."""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from anagen.core.errors import InputError, Problem
from anagen.core.registry import Registry
from anagen.exosomes.product import Product

SUFFIX = ".toml"
LARGEST_FILE = 1_000_000
Key = tuple[str | int, ...]
_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"']+)\s*\]\]?\s*(?:#.*)?")
_ENTRY = re.compile(r"\s*([A-Za-z0-9_\-]+)\s*=")
_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")
_LIMITS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number without quotes",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "model_type": "a table of keys",
    "model_attributes_type": "a table of keys",
    "finite_number": "a finite number",
}


def library() -> Registry[Path]:
    """Files of the shipped products by name.

    Example:
        >>> "adsc-native" in library()
        True
    """
    folder = Path(__file__).resolve().parent / "library"
    return Registry("product", {path.stem: path for path in sorted(folder.glob(f"*{SUFFIX}"))})


def load_product(product: str | os.PathLike[str]) -> Product:
    """A product given as a file or as the name of a shipped one; a file that exists comes first.

    Raises:
        InputError: where it is neither, or with every problem found in the file.

    Example:
        >>> load_product("adsc-native").source_cell
        'adsc'
    """
    path = Path(product)
    if path.is_file():
        return parse_product(_read(path, os.fspath(product)), os.fspath(product))
    shipped = library()
    name = os.fspath(product)
    if name in shipped:
        return parse_product(shipped[name].read_text(encoding="utf-8"), shipped[name].name)
    message = "is a folder, not a product file" if path.is_dir() else "is neither a file nor a product of the library"
    raise InputError([Problem(name, None, None, "PRODUCT", message, shipped.names(), shipped.nearest(path.stem))])


def parse_product(text: str, file: str | None = None) -> Product:
    """Read and check the text of a product file.

    Args:
        text: TOML. file: name of the file in messages.

    Raises:
        InputError: with every problem found.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        line, column = (int(place[1]), int(place[2])) if place else (None, None)
        message = f"is not readable as TOML: {_PLACE.sub('', str(error)).strip()}"
        raise InputError([Problem(file, line, column, "", message)]) from None
    try:
        return Product.model_validate(data)
    except ValidationError as error:
        lines = toml_lines(text)
        found = {_problem(item, file, lines): None for item in error.errors(include_url=False)}
        raise InputError(sorted(found, key=lambda problem: (problem.line is None, problem.line or 0))) from None


def toml_lines(text: str) -> dict[Key, int]:
    """Line of each key and table of a TOML text, counted from 1, as far as the usual way of writing shows it.

    Example:
        >>> toml_lines('name = "a"\\n[[marker]]\\nname = "CD9"')[("marker", 0, "name")]
        3
    """
    lines: dict[Key, int] = {}
    counts: dict[Key, int] = {}
    table: Key = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header, entry = _HEADER.fullmatch(line), _ENTRY.match(line)
        if header is not None:
            table = _table(header[2], double=header[1] == "[[", counts=counts)
            lines.setdefault(table, number)
        elif entry is not None:
            lines.setdefault((*table, entry[1]), number)
    return lines


def _table(header: str, *, double: bool, counts: dict[Key, int]) -> Key:
    """Path of a table header; the last element of a list of tables is the open one."""
    parts = [part.strip("\"' ") for part in header.split(".")]
    path: Key = ()
    for position, part in enumerate(parts):
        path = (*path, part)
        if double and position == len(parts) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _read(path: Path, shown: str) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise InputError([Problem(shown, None, None, "", "has more than 1 MB; a product file is a page of text")])
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InputError([Problem(shown, None, None, "", "is not text in UTF-8")]) from None
    except OSError as error:
        raise InputError([Problem(shown, None, None, "", f"cannot be read: {error.strerror}")]) from None


def _problem(item: Any, file: str | None, lines: Mapping[Key, int]) -> Problem:
    """One error of the models in plain words, with its place."""
    path: Key = tuple(item["loc"])
    context: Mapping[str, Any] = item.get("ctx", {})
    kind, value = str(item["type"]), item["input"]
    allowed: tuple[str, ...] = ()
    suggestion: str | None = None
    if kind == "rule":
        path, message = (*path, str(context["key"])), str(context["words"])
    elif kind in ("quantity", "name"):
        message = str(context["words"])
        allowed, suggestion = tuple(context["allowed"]), context["suggestion"]
    elif kind == "extra_forbidden":
        allowed = _keys(path[:-1])
        message, suggestion = "unknown key", _nearest(path[-1], allowed)
    elif kind == "missing":
        message = "is missing"
    elif kind == "literal_error":
        allowed = _literals(_annotation(path))
        message, suggestion = f"{_shown(value)} is not one of the allowed values", _nearest(value, allowed)
    elif kind in _LIMITS:
        key, words = _LIMITS[kind]
        message = f"{_shown(value)} is impossible; it must be {words} {context[key]:,.10g}"
    elif kind in _KINDS:
        message = f"{_shown(value)} cannot stand here; expected {_KINDS[kind]}"
    else:
        message = f"{_shown(value)}: {item['msg'][:1].lower()}{item['msg'][1:]}"
    return Problem(file, _line(path, lines), None, _field(path), message, allowed, suggestion)


def _line(path: Key, lines: Mapping[Key, int]) -> int | None:
    """Line of a field, or of the nearest table that holds it."""
    return next((lines[path[:length]] for length in range(len(path), 0, -1) if path[:length] in lines), None)


def _field(path: Key) -> str:
    return reduce(lambda text, part: f"{text}[{part}]" if isinstance(part, int) else f"{text}.{part}", path, "")[1:]


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _nearest(value: object, names: Iterable[str]) -> str | None:
    plain = {name.lower(): name for name in names}
    found = difflib.get_close_matches(str(value).lower(), plain, n=1, cutoff=0.6)
    return plain[found[0]] if found else None


def _model(annotation: object) -> type[BaseModel] | None:
    """The model that an annotation holds, through unions, lists and Annotated."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((model for part in get_args(annotation) for model in [_model(part)] if model is not None), None)


def _annotation(path: Key) -> object:
    """Annotation of the field at a path; Product for the root."""
    annotation: object = Product
    for part in path:
        model = _model(annotation)
        if model is None:
            return annotation
        if isinstance(part, str):
            field = model.model_fields.get(part)
            if field is None:
                return None
            annotation = field.annotation
    return annotation


def _keys(path: Key) -> tuple[str, ...]:
    model = _model(_annotation(path))
    return tuple(model.model_fields) if model is not None else ()


def _literals(annotation: object) -> tuple[str, ...]:
    """Choices of a Literal, through unions, lists and Annotated."""
    origin = get_origin(annotation)
    if origin is Literal:
        return tuple(str(choice) for choice in get_args(annotation))
    if origin in (Union, UnionType, tuple, Annotated):
        parts = cast("tuple[object, ...]", get_args(annotation))
        return tuple(choice for part in parts for choice in _literals(part))
    return ()
