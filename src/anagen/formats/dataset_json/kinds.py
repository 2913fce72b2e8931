"""How kinds of columns are told in Dataset-JSON: a data type, and what it is in SAS where that differs."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.formats.dataset import Kind

VERSION = "1.1.0"
KINDS: Mapping[tuple[str, str | None], Kind] = {
    ("string", None): "text",
    ("URI", None): "text",
    ("integer", None): "integer",
    ("float", None): "number",
    ("double", None): "number",
    ("decimal", None): "number",
    ("decimal", "decimal"): "number",
    ("boolean", None): "boolean",
    ("date", None): "iso date",
    ("datetime", None): "iso date",
    ("time", None): "iso date",
    ("date", "integer"): "date",
    ("datetime", "integer"): "datetime",
    ("time", "integer"): "time",
}
"""dataType and targetDataType -> what a column holds. Without a target a date is text in SAS, and may be partial."""
TYPES: Mapping[Kind, tuple[str, str | None]] = {
    "text": ("string", None),
    "iso date": ("date", None),
    "integer": ("integer", None),
    "number": ("double", None),
    "date": ("date", "integer"),
    "datetime": ("datetime", "integer"),
    "time": ("time", "integer"),
    "boolean": ("boolean", None),
}
FORMATS: Mapping[Kind, str] = {"date": "E8601DA.", "datetime": "E8601DT.", "time": "E8601TM."}
"""displayFormat of numbers that are dates."""
