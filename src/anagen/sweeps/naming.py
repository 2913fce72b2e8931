"""Fields of a study in words: title, unit and value of what a response curve varies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from anagen.delivery import ROUTES
from anagen.study import Study
from anagen.study.document import Key
from anagen.study.overrides import use_place

OF_A_THERAPY: Mapping[tuple[str, ...], tuple[str, str]] = {
    ("dose",): ("Dose", ""),
    ("per",): ("What the dose is per", ""),
    ("treated_area",): ("Treated area", "cm^2"),
    ("route",): ("Route", ""),
    ("product",): ("Product", ""),
    ("formulation",): ("Formulation", ""),
    ("therapy",): ("Therapy", ""),
    ("schedule", "start"): ("Start", "weeks"),
    ("schedule", "every"): ("Time between sessions", "weeks"),
    ("schedule", "sessions"): ("Number of sessions", ""),
    ("schedule", "per_day"): ("Doses a day", ""),
    ("schedule", "until"): ("End", "week"),
    ("adherence", "mean"): ("Share of doses taken", ""),
}
"""Fields of a therapy -> title and unit."""
ELSEWHERE: Mapping[Key, tuple[str, str]] = {
    ("population", "age", "mean"): ("Mean age", "years"),
    ("population", "age", "sd"): ("Standard deviation of age", "years"),
    ("population", "years_since_onset", "mean"): ("Mean time since onset", "years"),
    ("population", "condition"): ("Condition", ""),
    ("measurement", "zone"): ("Zone", ""),
    ("measurement", "target_area"): ("Target area", "cm^2"),
    ("measurement", "visits"): ("Visits", "weeks"),
    ("endpoints", "primary", "week"): ("Week of the primary endpoint", ""),
    ("design", "dropout"): ("Share of patients lost", ""),
}
"""Other fields -> title and unit."""


def axis_title(study: Study, key: Key) -> str:
    """Title of a field.

    Examples
    --------
    >>> from anagen.study.shipped import find_study
    >>> from anagen.study import Study
    >>> study = Study.load(find_study("exosome-vs-saline"))
    >>> axis_title(study, ("arms", 0, "therapies", 0, "dose"))
    'Dose of exosome'
    >>> axis_title(study, ("population", "sex", "male"))
    'Population: sex, male'
    """
    if key in ELSEWHERE:
        return ELSEWHERE[key][0]
    if len(key) > 2 and key[0] == "arms" and isinstance(key[1], int):
        arm = study.arms[key[1]]
        use, field = use_of(study, key), _field_of_use(key)
        whose = f"{arm.name}" if use is None or len(arm.uses) == 1 else f"{use.therapy} in {arm.name}"
        if use is not None and field[:1] == ("settings",) and len(field) == 2:
            titles = {setting.name: setting.title for setting in ROUTES[use.route].settings}
            title = titles.get(field[1], field[1])
            return f"{title[:1].upper()}{title[1:]} in {whose}"
        words = OF_A_THERAPY.get(field, (" ".join(field or map(str, key[2:])).replace("_", " ").capitalize(), ""))[0]
        return f"{words} of {whose}"
    head, *rest = (str(part).replace("_", " ") for part in key)
    return f"{head.capitalize()}: {', '.join(rest)}" if rest else head.capitalize()


def axis_unit(study: Study, key: Key) -> str:
    """Unit of a field that holds a number; empty where it has none."""
    if key in ELSEWHERE:
        return ELSEWHERE[key][1]
    use, field = use_of(study, key), _field_of_use(key)
    if use is None:
        return ""
    if field == ("dose",) and use.dose is not None:
        return f"{use.dose.unit} per {use.per}"
    if field[:1] == ("settings",) and len(field) == 2 and field[1] in use.settings:
        unit = use.settings[field[1]].unit
        return "" if unit == "1" else unit
    return OF_A_THERAPY.get(field, ("", ""))[1]


def use_of(study: Study, key: Key) -> Any:
    """The therapy use that a field belongs to, None where it belongs to none."""
    place = use_place(key)
    if place is None:
        return None
    arm = study.arms[cast("int", key[1])]
    uses = arm.therapies if place[2] == "therapies" or arm.rescue is None else arm.rescue.therapies
    return uses[cast("int", place[-1])]


def _field_of_use(key: Key) -> tuple[str, ...]:
    """What of a therapy use a key names; empty where it belongs to none."""
    return tuple(map(str, key[len(use_place(key) or key) :]))


def value_at(data: object, key: Key) -> object:
    """Value of a field of a dumped study: a float for numbers and quantities, anything else as it is.

    Examples
    --------
    >>> value_at({"design": {"dropout": 0}}, ("design", "dropout"))
    0.0
    """
    node: Any = data
    for part in key:
        node = node[part] if node is not None else None
    if isinstance(node, dict) and "unit" in node:
        node = cast("dict[str, Any]", node)["value"]
    return float(node) if isinstance(node, int | float) and not isinstance(node, bool) else node
