"""A study written as the text of a study file."""

from __future__ import annotations

from io import StringIO
from typing import Any, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from anagen.study.controls import as_left_out
from anagen.study.document import scalar
from anagen.study.models import StudyFields

QUANTITY = {"value", "unit", "text"}
FLAT = 100
"""Longest mapping or list that stands on one line [characters]."""


def yaml_text(study: StudyFields) -> str:
    """Text of a study file that says what a study says.

    Values that a file leaves out, because they are the usual ones, are left out; quantities are text with a unit.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    str
        YAML, keys in the order of the study file.
    """
    yaml: Any = YAML()
    yaml.width = 120
    yaml.default_flow_style = False
    out = StringIO()
    yaml.dump(_written(as_left_out(study.model_dump(mode="json", exclude_defaults=True))), out)
    return out.getvalue()


def _written(value: Any) -> Any:
    """Plain data with quantities as text."""
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        if items.keys() == QUANTITY:
            return items["text"]
        return {key: _written(item) for key, item in items.items()}
    if isinstance(value, list):
        return [_written(item) for item in cast("list[Any]", value)]
    return value


def data_text(data: object) -> str:
    """Text of a study file that holds plain data as it is: nothing is filled in, nothing is left out.

    Short mappings and lists that hold no others stand on one line, as people write them.

    Parameters
    ----------
    data : object
        Mappings, lists, text, numbers, true, false and None.

    Returns
    -------
    str
        YAML; parsed again it gives the same data.

    Examples
    --------
    >>> print(data_text({"study": "a-trial", "visits": [0, 12], "dose": "1e10 particles"}), end="")
    study: a-trial
    visits: [0, 12]
    dose: 1e10 particles
    """
    yaml: Any = YAML()
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    out = StringIO()
    yaml.dump(_laid_out(data, alone=not isinstance(data, dict)), out)
    return out.getvalue()


def _laid_out(value: Any, *, alone: bool = True) -> Any:
    """Plain data with what is short on one line (where it may stand `alone`), and text in quotes where needed."""
    made: Any
    length = len(str(value))
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value)
        inside = list(items.values())
        made = CommentedMap((_quoted_where_needed(key), _laid_out(item)) for key, item in items.items())
    elif isinstance(value, list | tuple):
        inside = list(cast("list[Any]", value))
        made = CommentedSeq(_laid_out(item) for item in inside)
    else:
        return _quoted_where_needed(value)
    flat = alone and not any(isinstance(item, dict | list | tuple) for item in inside)
    if not inside or (flat and length <= FLAT):
        made.fa.set_flow_style()
    return made


def _quoted_where_needed(value: Any) -> Any:
    """Text in quotes where it would be read as something else, or holds what means something in a list or mapping."""
    if not isinstance(value, str):
        return value
    if "\n" in value:
        lines = value.split("\n")
        block = len(lines) > 2 and lines[0].strip() and not lines[0].startswith(" ")
        block = block and all(line.isprintable() and line == line.rstrip() for line in lines)
        return LiteralScalarString(value) if block else DoubleQuotedScalarString(value)
    told = value.isprintable() and value == value.strip() and not set(value) & set("{}[],#&*!|>%@`\"'")
    begun = value[:1].isalnum() or value[:1] in ("(", "+", "/", "_")
    plain = told and begun and _reads_as_text(value) and ": " not in value and not value.endswith(":")
    return value if plain else DoubleQuotedScalarString(value)


def _reads_as_text(value: str) -> bool:
    """Whether text without quotes is read as text again."""
    try:
        return isinstance(scalar(value), str)
    except ValueError:
        # a number of too many digits
        return False
