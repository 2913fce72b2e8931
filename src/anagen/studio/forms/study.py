"""The form of a study: its keys as controls, groups and lists, built from the JSON Schema and what the file holds.

A control is named by its place in the file, as problems are ("arms[0].therapies[1].dose"), so that a problem finds it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from anagen.core.reading import Key, field_text, is_list, is_mapping
from anagen.studio.forms.field import CHOICE, TEXT, TICK, Choice, Field
from anagen.studio.forms.places import MISSING, at
from anagen.studio.forms.study_parts import LINES, TICKS, Built, Control, Group, Part, Rows, shown_text
from anagen.studio.forms.study_schema import SHORT, Form, Schema, definition, form_of, keys_of, study_schema
from anagen.studio.forms.study_words import (
    ADDED,
    HIDDEN,
    LONG,
    ONE,
    SHOWN,
    STEPS,
    Step,
    choice_label,
    label_of,
    plain_note,
)
from anagen.study.vocabulary import vocabulary

MOST_VALUES = 4_000
"""Keys and values of a study that has controls of its own for each; the largest shipped one has some hundred."""


@dataclass(frozen=True)
class _Place:
    """A key of the file: where it stands, what may stand there, what does, and what it is called."""

    model: str
    name: str
    schema: Schema
    value: Any
    key: Key
    data: Mapping[str, Any]
    title: str
    note: str = ""

    @property
    def holds(self) -> Mapping[str, Any]:
        """What stands there, as a mapping."""
        return cast("Mapping[str, Any]", self.value) if is_mapping(self.value) else {}

    @property
    def listed(self) -> list[Any]:
        """What stands there, as a list."""
        return list(cast("list[Any]", self.value)) if is_list(self.value) else []

    def below(self, model: str, name: str, schema: Schema, title: str = "") -> _Place:
        """A key of the mapping that stands there."""
        words = title or label_of(model, name)
        note = plain_note(str(schema.get("description") or ""))
        return _Place(model, name, schema, self.holds.get(name, MISSING), (*self.key, name), self.data, words, note)


def _top(name: str, data: Mapping[str, Any]) -> _Place:
    root = _Place("", "", {}, data, (), data, "")
    return root.below("study", name, study_schema()["properties"][name])


def built(data: Mapping[str, Any]) -> Built:
    """The form of a study.

    Parameters
    ----------
    data : Mapping
        Keys of a study file, right or wrong.

    Returns
    -------
    Built
        Its five steps, each control with what the file holds.

    Examples
    --------
    >>> [control.field.value for control in built({"study": "a-trial"}).controls("question")][2]
    'a-trial'
    """
    if _values(data) > MOST_VALUES:
        return Built({step.name: _as_file(step, data) for step in STEPS})
    return Built({step.name: _step(step, data) for step in STEPS})


def _values(value: object) -> int:
    if is_mapping(value):
        return 1 + sum(map(_values, value.values()))
    return 1 + sum(map(_values, value)) if is_list(value) else 1


def _as_file(step: Step, data: Mapping[str, Any]) -> Group:
    """A step of a study that is too large for controls: its keys as in a study file."""
    places = [_top(name, data) for name in (*step.shown, *step.more)]
    return Group((), step.title, step.about, tuple(_as_yaml(replace(place, note="")) for place in places))


def _step(step: Step, data: Mapping[str, Any]) -> Group:
    shown, more = (_parts([_top(name, data) for name in names]) for names in (step.shown, step.more))
    if len(step.shown) == 1 and len(shown) == 1 and isinstance(shown[0], Group):
        # one section: its keys stand for themselves
        only = shown[0]
        return Group((), step.title, step.about, only.parts, only.more, only.filled, only.order)
    return Group((), step.title, step.about, shown, more, _filled(data, step.more))


def _filled(holder: Mapping[str, Any], names: Sequence[str]) -> int:
    return sum(1 for name in names if holder.get(name) not in (None, [], {}, ""))


def _parts(places: Sequence[_Place]) -> tuple[Part, ...]:
    found = [_part(place) for place in places]
    return tuple(part for part in found if part is not None)


def _part(place: _Place) -> Part | None:
    """The control or controls of one key; None where nothing can stand there."""
    if (place.model, place.name) == ("Population", "severity"):
        return _scales(place)
    form = form_of(place.schema, None if place.value is MISSING else place.value)
    if form.what == "group":
        return _group(form, place)
    if form.what == "rows":
        return _rows(form, place)
    if form.what == "map":
        return _map(form, place)
    return _as_yaml(place) if form.what == "yaml" else _control(form, place)


def _group(form: Form, place: _Place) -> Group:
    assert form.schema is not None
    short = SHORT.get(form.model, "")
    if short and place.value not in (MISSING, None) and not is_mapping(place.value):
        place = replace(place, value={short: place.value})
    keys = keys_of(form.schema, place.holds)
    names = [name for name in keys if name not in HIDDEN]
    if "from" in names:
        # two spellings of one key: that of the file, or the first
        names.remove("start" if "from" in place.holds else "from")
    shown = [name for name in SHOWN.get(form.model, tuple(names)) if name in names]
    rest = [name for name in names if name not in shown]
    first, more = (_parts([place.below(form.model, n, keys[n]) for n in which]) for which in (shown, rest))
    return Group(place.key, place.title, place.note, first, more, _filled(place.holds, rest), tuple(keys), short)


def _rows(form: Form, place: _Place) -> Rows:
    assert form.schema is not None
    name, rows = place.name, list[Group]()
    for number, entry in enumerate(place.listed):
        words, told = f"{ONE.get(name, 'Entry')} {number + 1}", row_words(name, entry)
        title = f"{words}: {told}" if told else words
        own = _Place(form.model, name, form.schema, entry, (*place.key, number), place.data, title)
        rows.append(replace(_group(form, own), removable=True))
    return Rows(place.key, place.title, place.note, tuple(rows), ADDED.get(name, "Add"), _addable(form.model))


def row_words(name: str, entry: object) -> str:
    """What an entry of a list is, in a few words.

    Parameters
    ----------
    name : str
        Key of the list.
    entry : object
        The entry.

    Returns
    -------
    str
        "" where it says nothing of itself.

    Examples
    --------
    >>> row_words("therapies", {"therapy": "prp"}), row_words("arms", {"name": "high dose"})
    ('platelet-rich plasma', 'high dose')
    """
    if not is_mapping(entry):
        return ""
    if name == "therapies":
        return choice_label("TherapyUse", "therapy", str(entry.get("therapy") or ""))
    if name == "observed":
        contrast = entry.get("contrast")
        pair = cast("list[object]", contrast) if is_list(contrast) else [entry.get("arm")]
        words = [" \N{MINUS SIGN} ".join(str(arm) for arm in pair if arm), str(entry.get("endpoint") or "")]
        words += [f"week {entry['week']}"] if isinstance(entry.get("week"), int | float) else []
        return ", ".join(word.replace("_", " ") for word in words if word)
    told = next((entry.get(key) for key in ("name", "endpoint", "event", "shape") if entry.get(key)), "")
    return str(told) if name == "arms" else str(told).replace("_", " ")


def _addable(model: str) -> tuple[Choice, ...]:
    words = vocabulary()
    if model == "TherapyUse":
        return therapy_choices()
    if model == "EndpointChoice":
        return tuple(Choice(name, endpoint.title) for name, endpoint in words.endpoints.items())
    key = {"Intercurrent": "event", "Shape": "shape"}.get(model)
    if key is None:
        return ()
    options = cast("list[str]", definition(model)["properties"][key]["enum"])
    return tuple(Choice(option, option.replace("_", " ")) for option in options)


def therapy_choices() -> tuple[Choice, ...]:
    """Therapies that may be chosen, treatments by their title, controls after them.

    Returns
    -------
    tuple of Choice
        By name.
    """
    therapies = sorted(vocabulary().therapies.values(), key=lambda each: (each.is_control, each.title.lower()))
    return tuple(Choice(each.name, f"{each.title} (control)" if each.is_control else each.title) for each in therapies)


def _map(form: Form, place: _Place) -> Part | None:
    """A mapping whose keys are names: of sexes, endpoints, settings, arms."""
    assert form.schema is not None
    holds, name = place.holds, place.name
    if place.schema.get("maxProperties") == 0 and not holds:
        return None
    names = list(form.names) or _own_names(name, place.data)
    inner = form_of(form.schema, next(iter(holds.values()), None))
    if not names or inner.what in ("yaml", "map"):
        return None if name in BY_OTHERS and not holds else _as_yaml(place)
    if inner.what == "group" and form.names:
        return _rows_of_map(form, place)
    every = list(dict.fromkeys([*names, *holds]))
    titles = {each: _name_title(name, each, own=not form.names) for each in every}
    below = [place.below(f"{place.model}.{name}", each, form.schema, titles[each]) for each in every]
    return Group(place.key, place.title, place.note, _parts(below), order=tuple(every))


BY_OTHERS = ("by_arm", "worst", "placebo_response", "unblinding", "doses")
"""Mappings whose keys are names of arms or endpoints of the study."""


def _name_title(mapping: str, name: str, *, own: bool) -> str:
    """What an entry of a mapping is called: an endpoint by its title, an arm as the study names it."""
    if mapping == "worst":
        return choice_label("", "endpoint", name)
    return name if own else ""


def _own_names(name: str, data: Mapping[str, Any]) -> list[str]:
    """Names that a mapping is about: scales of the condition, arms of the study, its endpoints."""
    if name in ("by_arm", "placebo_response", "unblinding", "doses"):
        arms = data.get("arms")
        found = (
            [entry.get("name") for entry in cast("list[object]", arms) if is_mapping(entry)] if is_list(arms) else []
        )
        return [each for each in found if isinstance(each, str)]
    if name == "worst":
        choices = at(data, ("endpoints", "secondary"))
        listed = [at(data, ("endpoints", "primary")), *(cast("list[Any]", choices) if is_list(choices) else [])]
        found = [entry.get("endpoint") for entry in listed if is_mapping(entry)]
        return list(dict.fromkeys(each for each in found if isinstance(each, str)))
    return []


def _rows_of_map(form: Form, place: _Place) -> Rows:
    """A mapping of endpoints to sections: one row each, and the others to be added."""
    assert form.schema is not None
    rows: list[Group] = []
    for each, entry in place.holds.items():
        inner, own = form_of(form.schema, entry), place.below("", each, form.schema, choice_label("", "endpoint", each))
        own = replace(own, note="")
        row = _group(inner, own) if inner.what == "group" else Group(own.key, own.title, parts=_parts([own]))
        rows.append(replace(row, removable=True))
    choices = tuple(Choice(each, choice_label("", "endpoint", each)) for each in form.names if each not in place.holds)
    adding = ADDED.get(place.name, "Add")
    return Rows(place.key, place.title, place.note, tuple(rows), adding, choices, listed=False)


def _scales(place: _Place) -> Part | None:
    """The grading scales of the condition: grades to tick, or a range."""
    condition = vocabulary().conditions.get(str(at(place.data, ("population", "condition"))))
    scales = tuple(dict.fromkeys([*(condition.scales() if condition is not None else ()), *place.holds]))
    known = place.schema["properties"]
    # a scale that is none stays as it is in the file
    parts = _parts([place.below("Severity", scale, known.get(scale, {})) for scale in scales])
    return Group(place.key, place.title, place.note, parts, order=scales) if parts else None


def _control(form: Form, place: _Place) -> Control:
    name, held = place.name, "" if place.value in (MISSING, None) else shown_text(form, place.value)
    kind, choices, note = TEXT, tuple[Choice, ...](), place.note
    if form.what == "tick":
        kind = TICK
    elif form.what == "ticks":
        kind, choices = TICKS, _choices(form.options, place, held.split(", ") if held else [])
    elif form.what == "choice" or (form.what == "text" and name in ("arm", "comparator", "product")):
        kind, choices = CHOICE, (_blank(place), *_choices(_options(form, place), place, [held]))
    elif name in LONG:
        kind = LINES
    examples = place.schema.get("examples")
    if kind == TEXT and is_list(examples) and examples and not is_mapping(examples[0]):
        note = f"{note.rstrip('.')}, such as {shown_text(form, examples[0])}."
    control = Field(field_text(place.key), place.title, kind, held, choices, note=note, required=False)
    return Control(place.key, control, form)


def _as_yaml(place: _Place) -> Control:
    """A control for what has no other: text as in a study file."""
    form = Form("yaml")
    held = "" if place.value in (MISSING, None) else shown_text(form, place.value)
    note = f"{place.note} As in a study file.".strip()
    return Control(place.key, Field(field_text(place.key), place.title, LINES, held, note=note, required=False), form)


def _options(form: Form, place: _Place) -> tuple[object, ...]:
    if place.name == "therapy":
        return tuple(choice.value for choice in therapy_choices())
    if place.name == "condition":
        return vocabulary().conditions.names()
    if place.name in ("arm", "comparator"):
        return tuple(_own_names("by_arm", place.data))
    return form.options


def _choices(options: Sequence[object], place: _Place, held: Sequence[str]) -> tuple[Choice, ...]:
    """What may be chosen, and what is held though it may not."""
    listed = [option for option in options if option is not None]
    known = [shown_text(Form("text"), option) for option in listed]
    told = [
        Choice(text, choice_label(place.model, place.name, option)) for text, option in zip(known, listed, strict=True)
    ]
    return (*told, *(Choice(text, text) for text in held if text and text not in known))


def _blank(place: _Place) -> Choice:
    """What is chosen where nothing is."""
    default = place.schema.get("default")
    if default is not None:
        return Choice("", f"{choice_label(place.model, place.name, default)} (usual)")
    needed = place.name in study_schema()["$defs"].get(place.model, {}).get("required", ())
    # of a section that is left out nothing is needed
    stands = is_mapping(at(place.data, place.key[:-1]))
    return Choice("", "choose one" if needed and stands else "left out")
