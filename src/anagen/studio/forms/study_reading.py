"""From what was posted to the study: only what was changed is changed, so that nothing of a file is ever lost."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, cast

from anagen.core.errors import InputError
from anagen.core.reading import Key, is_list, is_mapping
from anagen.studio.forms.field import TICK
from anagen.studio.forms.places import MISSING, at, drop, put
from anagen.studio.forms.study import built
from anagen.studio.forms.study_file import refuse_unwritable
from anagen.studio.forms.study_parts import TICKS, Built, Control, Group, Rows
from anagen.studio.forms.study_schema import Form
from anagen.studio.forms.study_words import KEPT
from anagen.study.document import parse, scalar

Posted = Mapping[str, Sequence[str]]
SHOWN_TICKS = "ticks"
"""Name of the hidden controls that say which ticks were on the page: a browser does not send those that are off."""
KEPT_OF_THERAPY = ("therapy", "adherence")
"""What stays where another therapy is chosen: route, dose and schedule are then those that are usual for it."""


def with_posted(data: Mapping[str, Any], posted: Posted) -> dict[str, Any]:
    """The study with what a form holds.

    A control that still holds what it was shown with changes nothing; one that was emptied takes its key away. Text
    that is no number stays text, so that the check of the study tells what is wrong with it.

    Parameters
    ----------
    data : Mapping
        Keys of the study file that the form was made of.
    posted : Mapping of str to Sequence of str
        Values by the name of their control.

    Returns
    -------
    dict
        A new study.

    Examples
    --------
    >>> with_posted({"study": "a", "title": "Old", "arms": []}, {"title": ["New"], "study": ["a"]})
    {'study': 'a', 'title': 'New', 'arms': []}
    """
    form, changed = built(data), deepcopy(dict(data))
    short = {part.key: part.short for part in form.parts() if isinstance(part, Group) and part.short}
    orders = form.orders()
    another: list[Key] = []
    for control in form.controls():
        text = _posted_text(control, posted)
        if text is None or text == control.field.value.strip() or any(control.key[: len(k)] == k for k in another):
            continue
        if not text:
            section = control.key[:-1]
            alone = short.get(section) == control.key[-1] and not is_mapping(at(changed, section))
            drop(changed, section if alone else control.key, KEPT)
            continue
        put(changed, control.key, value_of(control.form, text), short)
        _in_order(changed, control.key, orders)
        if control.key[-1] == "therapy":
            use = control.key[:-1]
            another.append(use)
            held = cast("dict[str, Any]", at(changed, use))
            put(changed, use, {key: value for key, value in held.items() if key in KEPT_OF_THERAPY}, {})
    for key, name in short.items():
        value = at(changed, key)
        if is_mapping(value) and set(value) == {name} and not is_mapping(at(data, key)):
            put(changed, key, value[name], {})
    return changed


def _posted_text(control: Control, posted: Posted) -> str | None:
    """What a control holds; None where it was not on the page."""
    field = control.field
    if field.kind in (TICK, TICKS):
        if field.name not in posted.get(SHOWN_TICKS, ()):
            return None
        return ", ".join(posted.get(field.name, ()))
    values = posted.get(field.name)
    return None if not values else values[-1].replace("\r\n", "\n").strip()


def value_of(form: Form, text: str) -> Any:
    """The value of the file that a text means.

    Parameters
    ----------
    form : Form
        How it was asked for.
    text : str
        Not empty.

    Returns
    -------
    object
        Text stays text where it is not what was asked for.

    Examples
    --------
    >>> value_of(Form("list", numbers=True), "0, 12; 24"), value_of(Form("text", numbers=True), "a few")
    ([0, 12, 24], 'a few')
    """
    if form.what == "yaml":
        try:
            found = parse(text, None).data
            refuse_unwritable({"": found})
        except InputError:
            return text
        return found
    if form.what == "tick":
        return text == "on" or text
    if form.what == "ticks":
        return [part.strip() for part in text.split(",") if part.strip()]
    if form.what == "choice":
        named = {str(option).lower() if isinstance(option, bool) else str(option): option for option in form.options}
        return named.get(text, text)
    if form.what == "list":
        if text in form.options:
            return text
        parts = [part.strip() for part in text.replace(";", ",").split(",")]
        return [_number(part) if form.numbers else part for part in parts if part]
    return _number(text) if form.numbers else text


def _number(text: str) -> Any:
    try:
        value = scalar(text)
    except ValueError:
        return text
    # what is infinite or none could not be kept; as text it is told
    told = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return value if told else text


def _in_order(data: dict[str, Any], key: Key, orders: Mapping[Key, Sequence[str]]) -> None:
    """Put a new key, and the mappings that were made for it, where the schema has them."""
    for depth in range(len(key)):
        holder, order = at(data, key[:depth]), orders.get(key[:depth], ())
        names = list(holder) if is_mapping(holder) else []
        if not names or names[-1] not in order or names[-1] != key[depth]:
            continue
        places = {name: place for place, name in enumerate(order)}
        later = next((name for name in names[:-1] if places.get(name, -1) > places[names[-1]]), None)
        if later is not None:
            moved = holder.pop(names[-1])
            kept = list(holder.items())
            spot = names.index(later)
            holder.clear()
            holder.update([*kept[:spot], (names[-1], moved), *kept[spot:]])


def acted(data: Mapping[str, Any], action: str, posted: Posted) -> tuple[dict[str, Any], Key]:
    """The study after a button that adds, removes, copies or moves an entry.

    Parameters
    ----------
    data : Mapping
        Keys of the study file.
    action : str
        "add:", "remove:", "copy:", "up:" or "down:" and the name of the list or entry, as the button has it.
    posted : Mapping of str to Sequence of str
        What stands beside the button: the name of what is added, under "new:" and the name of the list.

    Returns
    -------
    data : dict
        A new study.
    key : Key
        What the page shows next.
    """
    what, _, name = action.partition(":")
    changed, form = deepcopy(dict(data)), built(data)
    parts = {part.name: part for part in form.parts() if isinstance(part, Group | Rows)}
    part = parts.get(name)
    if isinstance(part, Rows) and what == "add":
        chosen = (posted.get(f"new:{name}") or [""])[-1].strip()
        return changed, _added(changed, part, chosen)
    if not isinstance(part, Group) or not part.removable or what not in _ON_ENTRY:
        return changed, ()
    return changed, _ON_ENTRY[what](changed, part.key)


def _added(data: dict[str, Any], rows: Rows, chosen: str) -> Key:
    key, name = rows.key, str(rows.key[-1])
    if not rows.listed:
        if not chosen:
            return key
        held = at(data, key)
        put(data, key, {**(held if is_mapping(held) else {}), chosen: {}}, {})
        return (*key, chosen)
    if name == "phases" and key[-2] == "schedule":
        # phases are written as a list in place of the one rhythm
        key, name = key[:-1], "schedule"
        rhythm = at(data, key)
        put(data, key, [dict(rhythm)] if is_mapping(rhythm) and rhythm else [], {})
    held = at(data, key)
    entries: list[Any] = list(held) if is_list(held) else []
    entries.append(_entry(name, chosen, entries, data))
    put(data, key, entries, {})
    return (*key, len(entries) - 1)


def _entry(name: str, chosen: str, entries: Sequence[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """A new entry of a list, as far as it can be guessed."""
    if name == "arms":
        last = at(data, ("arms", len(entries) - 1, "patients"))
        names = {entry.get("name") for entry in entries if is_mapping(entry)}
        number = next(n for n in range(len(entries) + 1, len(entries) + 200) if f"arm {n}" not in names)
        return {"name": f"arm {number}", "patients": 30 if last is MISSING else last, "therapies": []}
    if name == "therapies":
        return {"therapy": chosen}
    if name in ("secondary", "observed"):
        week = at(data, ("endpoints", "primary", "week"))
        found = {"endpoint": chosen, "week": 24 if week is MISSING else week, "measure": "change"}
        first = at(data, ("arms", 0, "name"))
        return found if name == "secondary" else ({} if first is MISSING else {"arm": first}) | found
    if name == "schedule":
        return {"from": 0}
    return {{"intercurrent": "event", "shapes": "shape"}.get(name, "name"): chosen}


def _removed(data: dict[str, Any], key: Key) -> Key:
    holder = at(data, key[:-1])
    if isinstance(holder, list):
        del cast("list[Any]", holder)[cast("int", key[-1])]
    else:
        drop(data, key, KEPT)
    return key[:-1]


def _copied(data: dict[str, Any], key: Key) -> Key:
    holder = at(data, key[:-1])
    if not isinstance(holder, list):
        return key
    entries, place = cast("list[Any]", holder), cast("int", key[-1])
    entry = deepcopy(entries[place])
    if key[-2] == "arms" and is_mapping(entry):
        names = {each.get("name") for each in entries if is_mapping(each)}
        first = str(entry.get("name") or "arm")[:50]
        entry["name"] = next(f"{first} {n}" for n in range(2, 300) if f"{first} {n}" not in names)
    entries.insert(place + 1, entry)
    return (*key[:-1], place + 1)


def _moved(step: int) -> Callable[[dict[str, Any], Key], Key]:
    def move(data: dict[str, Any], key: Key) -> Key:
        holder = at(data, key[:-1])
        place = cast("int", key[-1])
        if not isinstance(holder, list) or not 0 <= place + step < len(cast("list[Any]", holder)):
            return key
        entries = cast("list[Any]", holder)
        entries[place], entries[place + step] = entries[place + step], entries[place]
        return (*key[:-1], place + step)

    return move


_ON_ENTRY: Mapping[str, Callable[[dict[str, Any], Key], Key]] = {
    "remove": _removed,
    "copy": _copied,
    "up": _moved(-1),
    "down": _moved(1),
}


def form_values(form: Built) -> dict[str, list[str]]:
    """What a browser posts of a form that nobody has touched.

    Parameters
    ----------
    form : Built
        The form.

    Returns
    -------
    dict of str to list of str
        As `with_posted` takes it.
    """
    posted: dict[str, list[str]] = {SHOWN_TICKS: []}
    for control in form.controls():
        field = control.field
        if field.kind in (TICK, TICKS):
            posted[SHOWN_TICKS].append(field.name)
            chosen = field.value.split(", ") if field.value else []
            posted[field.name] = [choice.value for choice in field.choices if choice.value in chosen] or chosen
        else:
            posted[field.name] = [field.value]
    return posted
