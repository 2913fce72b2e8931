"""The form of a study: its keys as controls, groups and lists, built from the JSON Schema and what the file holds.

A control is named by its place in the file, as problems are ("arms[0].therapies[1].dose"), so that a problem finds it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from anagen.core.reading import Key, field_text, is_list, is_mapping
from anagen.studio.forms.field import CHOICE, TEXT, TICK, Choice, Field
from anagen.studio.forms.places import MISSING, at
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
from anagen.study.yaml_text import data_text

LINES, TICKS = "lines", "ticks"
"""Kinds of controls beside those of `Field`: text of several lines, and several of a list."""
TEXT_OF = {True: "true", False: "false"}


@dataclass(frozen=True)
class Control:
    """One key of the file that holds one value.

    Attributes
    ----------
    key : Key
        Its place.
    field : Field
        The control; its name is the place in words.
    form : Form
        How text becomes a value of the file.
    """

    key: Key
    field: Field
    form: Form


@dataclass(frozen=True)
class Group:
    """A mapping of the file: controls that belong together.

    Attributes
    ----------
    key : Key
        Its place.
    title : str
        Its words; "" of a group whose title its holder has.
    note : str
        A sentence.
    parts : tuple
        What is shown at once.
    more : tuple
        What is shown under "More".
    filled : int
        How many keys under "More" the file holds.
    order : tuple of str
        Its keys in the order of the schema.
    short : str
        The key that one value alone stands for, where the file may hold one; else "".
    removable : bool
        Whether a button takes it away.
    present : bool
        Whether the file holds it.
    """

    key: Key
    title: str
    note: str = ""
    parts: tuple[Part, ...] = ()
    more: tuple[Part, ...] = ()
    filled: int = 0
    order: tuple[str, ...] = ()
    short: str = ""
    removable: bool = False
    present: bool = True

    @property
    def id(self) -> str:
        """Identifier of the group in the page."""
        return "g-" + "".join(c if c.isalnum() else "-" for c in field_text(self.key))

    @property
    def name(self) -> str:
        """Its place in words."""
        return field_text(self.key)


@dataclass(frozen=True)
class Rows:
    """A list of mappings, or a mapping whose keys the user chooses.

    Attributes
    ----------
    key : Key
        Its place.
    title : str
        Its words.
    note : str
        A sentence.
    rows : tuple of Group
        What it holds.
    adding : str
        Words of the button that adds one.
    choices : tuple of Choice
        What may be added, where that is chosen.
    listed : bool
        Whether it is a list of the file; else a mapping.
    """

    key: Key
    title: str
    note: str = ""
    rows: tuple[Group, ...] = ()
    adding: str = "Add"
    choices: tuple[Choice, ...] = ()
    listed: bool = True

    @property
    def id(self) -> str:
        """Identifier of the list in the page."""
        return "g-" + "".join(c if c.isalnum() else "-" for c in field_text(self.key))

    @property
    def name(self) -> str:
        """Its place in words."""
        return field_text(self.key)


Part = Control | Group | Rows


@dataclass(frozen=True)
class Built:
    """The whole form.

    Attributes
    ----------
    steps : dict of str to Group
        By name of the step.
    """

    steps: Mapping[str, Group] = field(default_factory=dict[str, Group])

    def orders(self) -> dict[Key, tuple[str, ...]]:
        """Keys of every mapping in the order of the schema.

        Returns
        -------
        dict of Key to tuple of str
            By the place of the mapping.
        """
        found = {part.key: part.order for part in self.parts() if isinstance(part, Group) and part.key}
        for step in STEPS:
            if len(step.shown) == 1 and step.name in self.steps:
                # the step stands for its one section
                found[(step.shown[0],)] = self.steps[step.name].order
        return found | {(): tuple(study_schema()["properties"])}

    def controls(self, step: str | None = None) -> Iterator[Control]:
        """Controls of a step, or of all.

        Parameters
        ----------
        step : str or None
            Name of the step.

        Yields
        ------
        Control
            In the order of the page.
        """
        for part in self.parts(step):
            if isinstance(part, Control):
                yield part

    def parts(self, step: str | None = None) -> Iterator[Part]:
        """Everything in a step, or in all.

        Parameters
        ----------
        step : str or None
            Name of the step.

        Yields
        ------
        Control, Group or Rows
            Holders before what they hold.
        """
        for name, group in self.steps.items():
            if step in (None, name):
                yield from _inside(group)


def _inside(part: Part) -> Iterator[Part]:
    yield part
    if isinstance(part, Group):
        for each in (*part.parts, *part.more):
            yield from _inside(each)
    elif isinstance(part, Rows):
        for row in part.rows:
            yield from _inside(row)


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
    return Built({step.name: _step(step, data) for step in STEPS})


def _step(step: Step, data: Mapping[str, Any]) -> Group:
    properties = study_schema()["properties"]

    def made(names: Sequence[str]) -> tuple[Part, ...]:
        found = [_part("study", name, properties[name], data.get(name, MISSING), (name,), data) for name in names]
        return tuple(part for part in found if part is not None)

    parts = made(step.shown)
    if len(step.shown) == 1 and len(parts) == 1 and isinstance(parts[0], Group):
        # one section: its keys stand for themselves
        return Group((), step.title, step.about, parts[0].parts, parts[0].more, parts[0].filled, parts[0].order)
    return Group((), step.title, step.about, parts, made(step.more), _filled(data, step.more))


def _filled(holder: object, names: Sequence[str]) -> int:
    return sum(1 for name in names if is_mapping(holder) and holder.get(name) not in (None, [], {}, ""))


def _part(
    model: str, name: str, schema: Schema, value: Any, key: Key, data: Mapping[str, Any], words: str = ""
) -> Part | None:
    """The control or controls of one key."""
    if model == "Population" and name == "severity":
        return scales_part(schema, value, key, data)
    form = form_of(schema, None if value is MISSING else value)
    title, note = words or label_of(model, name), plain_note(str(schema.get("description") or ""))
    if form.what == "group":
        return _group(form, title, note, value, key, data)
    if form.what == "rows":
        return _rows(form, name, title, note, value, key, data)
    if form.what == "map":
        return _map(form, model, name, schema, title, note, value, key, data)
    return _control(form, model, name, schema, title, note, value, key, data)


def _group(form: Form, title: str, note: str, value: Any, key: Key, data: Mapping[str, Any]) -> Group:
    assert form.schema is not None
    short = SHORT.get(form.model, "")
    if short and value not in (MISSING, None) and not is_mapping(value):
        value = {short: value}
    holds = cast("Mapping[str, Any]", value) if is_mapping(value) else {}
    keys = keys_of(form.schema, holds)
    names = [name for name in keys if name not in HIDDEN or name == "sham"]
    if "from" in names:
        # two spellings of one key: that of the file, or the first
        names.remove("start" if "from" in holds else "from")
    shown = [name for name in SHOWN.get(form.model, tuple(names)) if name in names]
    if form.model == "Population":
        names = [name for name in names if name != "onset_week" or holds.get("condition") != "aga" or name in holds]
    rest = [name for name in names if name not in shown]

    def made(which: Sequence[str]) -> tuple[Part, ...]:
        found = [_part(form.model, n, keys[n], holds.get(n, MISSING), (*key, n), data) for n in which]
        return tuple(part for part in found if part is not None)

    return Group(
        key,
        title,
        note,
        made(shown),
        made(rest),
        _filled(holds, rest),
        tuple(keys),
        short,
        present=value is not MISSING,
    )


def _rows(form: Form, name: str, title: str, note: str, value: Any, key: Key, data: Mapping[str, Any]) -> Rows:
    held = cast("list[Any]", list(value)) if is_list(value) else []
    rows = []
    for place, entry in enumerate(held):
        row = _group(form, "", "", entry, (*key, place), data)
        words = f"{ONE.get(name, 'Entry')} {place + 1}"
        told = row_words(name, entry)
        rows.append(_titled(row, f"{words}: {told}" if told else words))
    return Rows(key, title, note, tuple(rows), ADDED.get(name, "Add"), _addable(form.model))


def _titled(row: Group, title: str) -> Group:
    return replace(row, title=title, note="", removable=True)


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


def _map(
    form: Form,
    model: str,
    name: str,
    schema: Schema,
    title: str,
    note: str,
    value: Any,
    key: Key,
    data: Mapping[str, Any],
) -> Part | None:
    """A mapping whose keys are names: of sexes, endpoints, settings, arms."""
    assert form.schema is not None
    holds = cast("Mapping[str, Any]", value) if is_mapping(value) else {}
    if schema.get("maxProperties") == 0 and not holds:
        return None
    names = list(form.names) or _own_names(model, name, data)
    inner = form_of(form.schema, next(iter(holds.values()), None))
    if inner.what == "group" and names and name not in ("placebo_response", "unblinding"):
        return _rows_of_map(form, name, title, note, holds, key, data, names)
    if not names and not holds:
        return None if name in ("worst", "by_arm", "parameters", "weights", "transitions") else _yaml_part(
            model, name, schema, title, note, value, key
        )  # fmt: skip
    if inner.what in ("yaml", "map"):
        return _yaml_part(model, name, schema, title, note, value, key)
    every = list(dict.fromkeys([*names, *holds]))
    parts: list[Part] = []
    for each in every:
        told = choice_label("", "endpoint", each) if name == "worst" else each if names and not form.names else ""
        part = _part(f"{model}.{name}", each, form.schema, holds.get(each, MISSING), (*key, each), data, told)
        if part is not None:
            parts.append(part)
    return Group(key, title, note, tuple(parts), order=tuple(every), present=bool(holds))


def _own_names(model: str, name: str, data: Mapping[str, Any]) -> list[str]:
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


def _rows_of_map(
    form: Form,
    name: str,
    title: str,
    note: str,
    holds: Mapping[str, Any],
    key: Key,
    data: Mapping[str, Any],
    names: Sequence[str],
) -> Rows:
    assert form.schema is not None
    rows: list[Group] = []
    for each, entry in holds.items():
        inner = form_of(form.schema, entry)
        words = choice_label("", "endpoint", each)
        if inner.what == "group":
            rows.append(_titled(_group(inner, "", "", entry, (*key, each), data), words))
        else:
            held = _control(inner, "", each, form.schema, words, "", entry, (*key, each), data)
            rows.append(Group((*key, each), words, parts=(held,), removable=True))
    choices = tuple(Choice(each, choice_label("", "endpoint", each)) for each in names if each not in holds)
    return Rows(key, title, note, tuple(rows), ADDED.get(name, "Add"), choices, listed=False)


def scales_part(schema: Schema, value: Any, key: Key, data: Mapping[str, Any]) -> Part | None:
    """The grading scales of the condition: grades to tick, or a range.

    Parameters
    ----------
    schema : dict
        Of the mapping of all scales.
    value : object
        What the file holds.
    key : Key
        Its place.
    data : Mapping
        The study.

    Returns
    -------
    Group or None
        None where the condition has no scale and the file names none.
    """
    holds = cast("Mapping[str, Any]", value) if is_mapping(value) else {}
    condition = vocabulary().conditions.get(str(at(data, ("population", "condition"))))
    scales = [*(condition.scales() if condition is not None else ()), *holds]
    parts: list[Part] = []
    for scale in dict.fromkeys(scales):
        one = schema["properties"].get(scale)
        part = (
            _yaml_part("Population", scale, {}, scale, "", holds.get(scale, MISSING), (*key, scale))
            if one is None
            else _part("Severity", scale, one, holds.get(scale, MISSING), (*key, scale), data)
        )
        if part is not None:
            parts.append(part)
    if not parts:
        return None
    note = plain_note(str(schema["description"]))
    return Group(key, label_of("Population", "severity"), note, tuple(parts), order=tuple(scales))


def _control(
    form: Form,
    model: str,
    name: str,
    schema: Schema,
    title: str,
    note: str,
    value: Any,
    key: Key,
    data: Mapping[str, Any],
) -> Part:
    if form.what == "yaml":
        return _yaml_part(model, name, schema, title, note, value, key)
    name_of, held = field_text(key), "" if value in (MISSING, None) else shown_text(form, value)
    choices: tuple[Choice, ...] = ()
    kind = TEXT
    if form.what == "tick":
        kind = TICK
    elif form.what == "ticks":
        kind, choices = TICKS, _choices(form.options, model, name, held.split(", ") if held else [])
    elif form.what == "choice" or (form.what == "text" and name in ("arm", "comparator", "product")):
        kind, choices = CHOICE, _with_blank(_options(form, model, name, data), model, name, schema, held)
    elif name in LONG:
        kind = LINES
    examples = schema.get("examples")
    if kind == TEXT and is_list(examples) and examples and not is_mapping(examples[0]):
        note = f"{note.rstrip('.')}, such as {shown_text(form, examples[0])}."
    return Control(key, Field(name_of, title, kind, held, choices, note=note, required=False), form)


def _yaml_part(model: str, name: str, schema: Schema, title: str, note: str, value: Any, key: Key) -> Control:
    del model, name, schema
    form = Form("yaml")
    held = "" if value in (MISSING, None) else shown_text(form, value)
    words = f"{note} As in a study file." if note else "As in a study file."
    return Control(key, Field(field_text(key), title, LINES, held, note=words, required=False), form)


def shown_text(form: Form, value: Any) -> str:
    """A value of the file as its control shows it.

    Parameters
    ----------
    form : Form
        How it is asked for.
    value : object
        The value.

    Returns
    -------
    str
        Text; "on" of a tick.

    Examples
    --------
    >>> shown_text(Form("list", numbers=True), [0, 12, 24]), shown_text(Form("text"), 0.05)
    ('0, 12, 24', '0.05')
    """
    if form.what == "yaml":
        return data_text(value).rstrip("\n").removesuffix("\n...")
    if form.what == "tick" and isinstance(value, bool):
        return "on" if value else ""
    if is_list(value):
        return ", ".join(shown_text(Form("text"), entry) for entry in value)
    if is_mapping(value):
        return data_text(value).strip()
    if isinstance(value, bool):
        return TEXT_OF[value]
    return repr(value) if isinstance(value, float) else str(value)


def _options(form: Form, model: str, name: str, data: Mapping[str, Any]) -> tuple[object, ...]:
    words = vocabulary()
    if name == "therapy":
        return tuple(choice.value for choice in therapy_choices())
    if name == "condition":
        return words.conditions.names()
    if name in ("arm", "comparator"):
        return tuple(_own_names("", "by_arm", data))
    return tuple(option for option in form.options if option is not None)


def _choices(options: Sequence[object], model: str, name: str, held: Sequence[str]) -> tuple[Choice, ...]:
    listed = [option for option in options if option is not None]
    known = [shown_text(Form("text"), option) for option in listed]
    told = [Choice(text, choice_label(model, name, option)) for text, option in zip(known, listed, strict=True)]
    return (*told, *(Choice(text, text) for text in held if text and text not in known))


def _with_blank(options: Sequence[object], model: str, name: str, schema: Schema, held: str) -> tuple[Choice, ...]:
    default = schema.get("default")
    usual = f"{choice_label(model, name, default)} (usual)" if default is not None else "left out"
    return (Choice("", usual), *_choices(options, model, name, [held]))
