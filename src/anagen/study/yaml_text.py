"""A study written as the text of a study file."""

from __future__ import annotations

from io import StringIO
from typing import Any, cast

from ruamel.yaml import YAML

from anagen.study.controls import as_left_out
from anagen.study.models import StudyFields

QUANTITY = {"value", "unit", "text"}


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
