"""What may stand at a place of a study file, by its JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, cast

from anagen.core.reading import is_list, is_mapping
from anagen.study.schema import study_json_schema

Schema = dict[str, Any]
What = Literal["text", "choice", "tick", "ticks", "list", "group", "map", "rows", "yaml"]
SHORT = {"Dropout": "share", "Hypothesis": "type", "Multiplicity": "method"}
"""Sections that a file may write as one value, and the key that it is meant for."""
SCALARS = ("string", "number", "integer", "boolean")


@dataclass(frozen=True)
class Form:
    """How a value is asked for.

    Attributes
    ----------
    what : str
        "text", "choice", "tick", "ticks" (several of a list), "list" (text with commas), "group" (a mapping with
        known keys), "map" (a mapping with keys of one's own), "rows" (a list of mappings), or "yaml" (as in a file).
    model : str
        Name of the mapping's definition; "" where it has none.
    schema : dict
        Of the mapping, of an entry of the map, or of a row.
    options : tuple
        What may be chosen, as in a file.
    numbers : bool
        Whether text can be a number.
    names : tuple of str
        Keys that a map may have; empty where they are the user's own.
    """

    what: What
    model: str = ""
    schema: Schema | None = None
    options: tuple[object, ...] = ()
    numbers: bool = False
    names: tuple[str, ...] = ()


@lru_cache(maxsize=1)
def study_schema() -> Schema:
    """The JSON Schema of study files, made once.

    Returns
    -------
    dict
        As `anagen schema` prints it.
    """
    return study_json_schema()


def definition(name: str) -> Schema:
    """A definition of the schema.

    Parameters
    ----------
    name : str
        Such as "Arm".

    Returns
    -------
    dict
        Its schema.
    """
    return cast("Schema", study_schema()["$defs"][name])


def form_of(schema: Schema, value: object) -> Form:
    """How the value of a key is asked for.

    Parameters
    ----------
    schema : dict
        Of the key.
    value : object
        What the file holds, as some keys can be written in several ways.

    Returns
    -------
    Form
        Of its control or controls.
    """
    members = [_resolved(each) for each in _members(schema)]
    members = [(name, each) for name, each in members if each.get("type") != "null"]
    mappings = [(name, each) for name, each in members if "properties" in each]
    lists = [each for _, each in members if each.get("type") == "array"]
    scalars = [each for _, each in members if each.get("type") in SCALARS or "enum" in each or "const" in each]
    if is_list(value) and lists:
        return _of_list(lists[0], value)
    if mappings and (is_mapping(value) or _asked_as_group(mappings[0][0], len(scalars), value)):
        return Form("group", mappings[0][0], mappings[0][1])
    if is_mapping(value) and not any(each.get("type") == "object" for _, each in members):
        return Form("yaml")
    if is_list(value) and not lists:
        return Form("yaml")
    if lists and not scalars:
        return _of_list(lists[0], value)
    if lists:
        # days of the week: one name or several
        form = _of_list(lists[0], [value] if isinstance(value, str) else value)
        return replace(form, options=form.options or tuple(each["const"] for each in scalars if "const" in each))
    for _, each in members:
        if each.get("type") == "object" and "properties" not in each:
            return _of_map(each)
    return _of_scalars(schema, scalars)


def _asked_as_group(name: str, scalars: int, value: object) -> bool:
    """Whether a mapping that could be written as one value is asked for key by key."""
    if value is None:
        return name in (*SHORT, "Schedule", "Attachment") or not scalars
    return name in SHORT


def _members(schema: Schema) -> list[Schema]:
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return [inner for each in schema[key] for inner in _members(cast("Schema", each))]
    return [schema]


def _resolved(schema: Schema) -> tuple[str, Schema]:
    if "$ref" not in schema:
        return "", schema
    name = str(schema["$ref"]).rsplit("/", 1)[-1]
    return name, definition(name)


def _of_list(schema: Schema, value: object) -> Form:
    items = cast("Schema", schema.get("items", {}))
    name, item = _resolved(items)
    if "properties" in item:
        return Form("rows", name, item)
    members = [_resolved(each)[1] for each in _members(item)]
    held = cast("list[object]", value) if is_list(value) else []
    if any(is_mapping(each) or is_list(each) for each in held):
        return Form("yaml")
    if "enum" in item:
        options = tuple(item["enum"])
        days = [each for each in options if each in WEEKDAYS]
        return Form("ticks", options=tuple(days) or options)
    numbers = any(each.get("type") in ("number", "integer") for each in members) or "prefixItems" in schema
    return Form("list", numbers=numbers)


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def _of_map(schema: Schema) -> Form:
    names = tuple(schema.get("propertyNames", {}).get("enum", ()))
    patterns = cast("dict[str, Schema]", schema.get("patternProperties", {}))
    inner = next(iter(patterns.values()), None) or schema.get("additionalProperties")
    if not isinstance(inner, dict):
        return Form("yaml")
    return Form("map", schema=cast("Schema", inner), names=names)


def _of_scalars(schema: Schema, scalars: list[Schema]) -> Form:
    options: list[object] = []
    for each in scalars:
        options += each.get("enum", [each["const"]] if "const" in each else [])
    free = [each for each in scalars if "enum" not in each and "const" not in each]
    if options and not free:
        return Form("choice", options=tuple(dict.fromkeys(options)))
    if len(scalars) == 1 and scalars[0].get("type") == "boolean":
        if schema.get("default") is False:
            return Form("tick")
        return Form("choice", options=(True, False))
    if not scalars:
        return Form("yaml")
    numbers = any(each.get("type") in ("number", "integer") for each in scalars)
    return Form("text", options=tuple(options), numbers=numbers)


def keys_of(schema: Schema, value: Mapping[str, object]) -> dict[str, Schema]:
    """Keys that may stand in a mapping, with what the value of each may be.

    What depends on another key (a therapy's routes, doses and products, a route's settings) is narrowed to what fits.

    Parameters
    ----------
    schema : dict
        Of the mapping.
    value : Mapping
        What the file holds there.

    Returns
    -------
    dict of str to dict
        In the order of the schema. What does not fit the rest is left out, unless the file has it.
    """
    keys = {name: cast("Schema", each) for name, each in schema["properties"].items()}
    known = dict(value)
    for rule in schema.get("allOf", ()):
        if not _holds(rule["if"], known):
            continue
        for name, narrowed in rule["then"]["properties"].items():
            if narrowed.get("type") == "null":
                if known.get(name) is None:
                    keys.pop(name, None)
                continue
            keys[name] = _narrowed(keys[name], narrowed)
            if name == "route" and "route" not in known:
                # a route that is left out is the therapy's first
                known["route"] = narrowed["enum"][0]
    return keys


def _narrowed(schema: Schema, narrowed: Schema) -> Schema:
    told = {key: schema[key] for key in ("title", "description", "examples", "default") if key in schema}
    if "propertyNames" in narrowed or "maxProperties" in narrowed:
        return {**schema, **narrowed}
    return {**told, **narrowed}


def _holds(condition: Schema, value: Mapping[str, object]) -> bool:
    for name, rule in condition["properties"].items():
        allowed = rule.get("enum", [rule.get("const")])
        if value.get(name) not in allowed:
            return False
    return True
