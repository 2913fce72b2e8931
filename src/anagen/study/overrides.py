"""Values given on the command line that take the place of what a study file says, before the file is checked.

A path is written as a user would guess it: `arms.exosome.dose` (an arm by its name or number; the fields of its only
therapy directly), `arms.combo.exosome.dose`, `arms.minoxidil.rescue.exosome.dose`, `population.age.mean`,
`measurement.visits`.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from anagen.core.errors import InputError, Problem
from anagen.core.plain import unpacked
from anagen.core.reading import Key, field_text, is_list, is_mapping, nearest, number, shown
from anagen.study.attachments import looks_like_path
from anagen.study.document import parse
from anagen.study.findings import mapping, sequence
from anagen.study.treatment import FILLED_IN, Arm, Rescue, TherapyUse
from anagen.study.vocabulary import Vocabulary
from anagen.study.wording import STUDY
from anagen.therapies import Therapy
from anagen.therapies.names import meant_by

MOST_VALUES, LONGEST_VALUES, LONGEST_SHOWN = 1000, 100_000, 100
ARM_KEYS, RESCUE_KEYS = tuple(Arm.model_fields), tuple(Rescue.model_fields)
USE_KEYS = tuple(key for key in TherapyUse.model_fields if key not in FILLED_IN)


@dataclass(frozen=True, slots=True)
class Override:
    """One value for one field.

    Attributes
    ----------
    option : str
        As messages name it ("--set design.dropout=0.2").
    path : str | Key
        The field, in words of the user, or as a resolved key.
    value : object
        Plain data of a study file.
    text : str, default ""
        The value as it was written.
    """

    option: str
    path: str | Key
    value: object
    text: str = ""


def parse_set(argument: str) -> tuple[Override, ...]:
    """Overrides of one `--set PATH=VALUE`, one per value where a comma list is given.

    Raises
    ------
    InputError
        Where it is not PATH=VALUE, a value is empty or cannot be read, or one is given twice.

    Examples
    --------
    >>> [override.value for override in parse_set("arms.exosome.dose=1e8,1e9")]
    [100000000.0, 1000000000.0]
    >>> parse_set("measurement.visits=[0,12,24]")[0].value
    [0, 12, 24]
    """
    option = f"--set {argument[:LONGEST_SHOWN]}"
    path, equals, written = argument.partition("=")
    if not equals or not path.strip() or not written.strip():
        raise _error(option, "expected PATH=VALUE, e.g. arms.exosome.dose=1e9")
    texts = split_list(written) if len(written) <= LONGEST_VALUES else [""] * (MOST_VALUES + 1)
    if len(texts) > MOST_VALUES:
        message = f"more than {MOST_VALUES:,} values; a list that is one value stands in brackets: [0, 12, 24]"
        raise _error(option, message)
    if "" in texts:
        raise _error(option, "a value is empty; write the values with single commas between them, e.g. 1e8,1e9")
    twice = next((text for text, count in Counter(texts).items() if count > 1), None)
    if twice is not None:
        raise _error(option, f"the value {shown(twice)} is given twice")
    overrides: list[Override] = []
    for text in texts:
        one = f"--set {path.strip()}={text}"[:LONGEST_SHOWN]
        try:
            document = parse(text, None)
        except InputError as error:
            raise _error(one, error.problems[0].message) from None
        if document.problems:
            raise _error(one, document.problems[0].message)
        overrides.append(Override(one, path.strip(), document.data, text))
    return tuple(overrides)


def override_of(path: str, value: object) -> Override:
    """The override of one field by a value.

    Parameters
    ----------
    path : str
        The field in words of the user.
    value : object
        Plain data as in a study file.

    Returns
    -------
    Override
        Named as the option of the command line that does the same.

    Examples
    --------
    >>> override_of("arms.exosome.dose", 1e9).option
    '--set arms.exosome.dose=1000000000.0'
    """
    if not isinstance(path, str) or not path.strip():  # pyright: ignore[reportUnnecessaryIsInstance]
        raise _error(f"--set {path}", "names no field; expected one such as arms.exosome.dose")
    plain = unpacked(value)
    return Override(f"--set {path}={plain}", path, plain, str(plain))


def without_edge(name: str) -> Override:
    """The override of one `--without EDGE`."""
    return Override(f"--without {name}", ("mechanism", "without", -1), name, name)


def split_list(text: str) -> list[str]:
    """Values of a comma list; commas inside brackets, braces and quotes do not split.

    Examples
    --------
    >>> split_list("1e8, 1e9"), split_list("[0,12,24]"), split_list('"a, b",c')
    (['1e8', '1e9'], ['[0,12,24]'], ['"a, b"', 'c'])
    """
    parts, depth, quote = [""], 0, ""
    for letter in text:
        if quote:
            quote = "" if letter == quote else quote
        elif letter in "\"'":
            quote = letter
        elif letter in "[{":
            depth += 1
        elif letter in "]}":
            depth -= 1
        if letter == "," and depth <= 0 and not quote:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def overridden(
    data: Mapping[str, object], overrides: Sequence[Override], words: Vocabulary
) -> tuple[dict[str, object], dict[Key, str]]:
    """A study's data with values put in, and which option put one where.

    A bare number where text with a unit is needed takes the unit of the field. A product or network file named on the
    command line is looked for from the working folder.

    Raises
    ------
    InputError
        With every path that leads nowhere.
    """
    if not overrides:
        return dict(data), {}
    changed: dict[str, object] = copy.deepcopy(dict(data))
    problems: list[Problem] = []
    placed: list[tuple[Key, Override]] = []
    for override in overrides:
        try:
            key = locate(changed, override.path, override.option) if isinstance(override.path, str) else override.path
            placed.append((_put(changed, key, override), override))
        except InputError as error:
            problems += error.problems
    first: dict[Key, str] = {}
    for key, override in placed:
        if first.setdefault(key, override.option) != override.option:
            problems += _error(override.option, f"{field_text(key)} is set by {first[key]} as well").problems
    if problems:
        raise InputError(problems)
    for key, override in placed:
        # A unit depends on the therapy and the route, which another option may have changed.
        unit = unit_of(changed, key, words)
        if unit is not None and number(override.value) is not None:
            _put(changed, key, Override(override.option, key, f"{override.text or override.value} {unit}"))
    return changed, {key: override.option for key, override in placed}


def locate(data: Mapping[str, object], path: str, option: str) -> Key:
    """The key of a path written by a user, in the data of a study.

    Raises
    ------
    InputError
        Where there is no such field, with those there are and the nearest one.

    Examples
    --------
    >>> arms = [{"name": "exosome", "therapies": [{"therapy": "exosome"}]}]
    >>> locate({"arms": arms}, "arms.exosome.dose", "--set")
    ('arms', 0, 'therapies', 0, 'dose')
    """
    rest = re.sub(r"\[(\d+)\]", r".\1", path.strip())
    key: Key = ()
    while rest:
        part, rest, key = _step(data, key, rest, option)
        key = (*key, part)
    return key


def unit_of(data: Mapping[str, object], key: Key, words: Vocabulary) -> str | None:
    """The unit in which a field is kept, None where its value has none."""
    if key[-1] in ("treated_area", "target_area"):
        return "cm^2"
    place = use_place(key)
    if place is None or len(key) == len(place):
        return None
    use, field = mapping(_at(data, place)), key[len(place) :]
    synonym = meant_by(str(use.get("therapy")))
    therapy: Therapy | None = None if synonym is None else synonym.therapy
    if therapy is None:
        return None
    if field == ("dose",) or (field[0] == "schedule" and {"dose", "doses"} & {*key[-2:]}):
        return therapy.by(str(use.get("route") or therapy.routes[0])).dose_unit
    if field[0] == "settings" and len(field) == 2:
        route = words.routes.get(str(use.get("route") or therapy.routes[0]))
        units = {setting.name: setting.unit for setting in route.settings} if route is not None else {}
        unit = units.get(str(field[1]))
        return None if unit == "1" else unit
    return None


def use_place(key: Key) -> Key | None:
    """Place of the therapy use that a field belongs to, of an arm or of its rescue; None where it belongs to none.

    Examples
    --------
    >>> use_place(("arms", 0, "rescue", "therapies", 1, "dose"))
    ('arms', 0, 'rescue', 'therapies', 1)
    >>> use_place(("arms", 0, "patients")) is None
    True
    """
    length = 5 if key[2:3] == ("rescue",) else 4
    of_a_use = len(key) >= length and key[0] == "arms" and key[length - 2] == "therapies"
    return key[:length] if of_a_use else None


def _step(data: Mapping[str, object], key: Key, rest: str, option: str) -> tuple[str | int, str, Key]:
    """The next part of a path, what follows it, and the key so far, moved into an arm's therapy where that is meant."""
    node = _at(data, key)
    if key == ("arms",):
        return (*_entry(sequence(node), rest, option, "arm", "name"), key)
    token, _, after = rest.partition(".")
    own = _own_keys(key)
    if own and token not in own:
        index, remaining = _therapy(mapping(node), rest, option, own)
        use: Key = (*key, "therapies", index)
        if remaining == rest:
            token, _, after = rest.partition(".")
            return _known(token, USE_KEYS, option), after, use
        if not remaining:
            raise _error(option, "names a therapy; name one of its fields too", USE_KEYS)
        token, _, after = remaining.partition(".")
        return _known(token, USE_KEYS, option), after, use
    phases = mapping(node).get("phases")
    if key[-1:] == ("schedule",) and token.isdecimal() and is_list(phases):
        # a file has the list of phases itself, a study that was read has it under a key
        return "phases", rest, key
    if key[-1:] == ("schedule",) and token == "phases" and is_list(node):
        return (*_entry(node, after, option, "phase", None), key)
    if token in ("from", "start") and "schedule" in key and is_mapping(node):
        # the two say the same; what a file has of them is set
        return ("start" if "start" in node else "from" if "from" in node else token), after, key
    if is_list(node) and key[-1:] == ("therapies",):
        names = [str(mapping(use).get("therapy")) for use in sequence(node)]
        if names.count(token) > 1:
            raise _twice(token, option)
        return (*_entry(node, rest, option, "therapy", "therapy"), key)
    if is_list(node):
        return (*_entry(node, rest, option, "entry", None), key)
    allowed = USE_KEYS if use_place(key) == key else STUDY.keys_at(key)
    if allowed:
        return _known(token, allowed, option), after, key
    if node is not None and not is_mapping(node):
        raise _error(option, f"{field_text(key)} has no fields of its own")
    return token, after, key


def _own_keys(key: Key) -> tuple[str, ...]:
    """Keys of what is given therapies, an arm or its rescue; empty elsewhere."""
    if key[:1] != ("arms",) or len(key) not in (2, 3):
        return ()
    return ARM_KEYS if len(key) == 2 else RESCUE_KEYS if key[2] == "rescue" else ()


def _entry(entries: Sequence[object], rest: str, option: str, kind: str, by: str | None) -> tuple[int, str]:
    """Number of the entry of a list that a path names, and what follows it; the longest name that fits."""
    names = [str(mapping(entry).get(by)) for entry in entries] if by is not None else []
    fitting = [name for name in names if rest == name or rest.startswith(f"{name}.")]
    if fitting:
        name = max(fitting, key=len)
        return names.index(name), rest[len(name) + 1 :]
    token, _, after = rest.partition(".")
    if token.isdecimal() and int(token) < len(entries):
        return int(token), after
    numbers = tuple(str(i) for i in range(len(entries)))
    raise _error(option, f"there is no {kind} {shown(token)}", tuple(names) or numbers, nearest(token, names))


def _therapy(arm: Mapping[str, object], rest: str, option: str, own: tuple[str, ...]) -> tuple[int, str]:
    """Number of the therapy of an arm or a rescue that a path means, and the path of its field."""
    kind = "arm" if own is ARM_KEYS else "rescue"
    uses = [mapping(use) for use in sequence(arm.get("therapies"))]
    names = [str(use.get("therapy")) for use in uses]
    token, _, after = rest.partition(".")
    if names.count(token) == 1:
        return names.index(token), after
    if token in names:
        raise _twice(token, option)
    if token not in USE_KEYS:
        allowed = (*dict.fromkeys(names), *own, *USE_KEYS)
        raise _error(
            option,
            f"{'an' if kind == 'arm' else 'a'} {kind} has no field {shown(token)}",
            allowed,
            nearest(token, allowed),
        )
    if len(uses) != 1:
        if not uses:
            raise _error(option, f"the {kind} is given nothing, so that it has no such field")
        listed = tuple(f"{name}.{token}" for name in dict.fromkeys(names))
        raise _error(option, f"the {kind} is given {len(uses)} therapies; name one of them", listed)
    return 0, rest


def _twice(name: str, option: str) -> InputError:
    return _error(option, f"{shown(name)} is given here more than once; use therapies.0, therapies.1 ...")


def _known(token: str, allowed: tuple[str, ...], option: str) -> str:
    if token not in allowed:
        raise _error(option, f"unknown key {shown(token)}", allowed, nearest(token, allowed))
    return token


def _at(data: object, key: Key) -> object:
    """The value at a key, None where there is none."""
    for part in key:
        if isinstance(part, int):
            entries = sequence(data)
            data = entries[part] if part < len(entries) else None
        else:
            data = mapping(data).get(part)
    return data


def _put(data: dict[str, object], key: Key, override: Override) -> Key:
    """Puts a value at a key, making what is missing above it; -1 at the end adds to a list. Returns where it stands."""
    node: object = data
    for i, part in enumerate(key[:-1]):
        holder = _holder(node, part, key[:i], override.option)
        if holder[part] is None:
            holder[part] = [] if isinstance(key[i + 1], int) else {}
        node = holder[part]
    last = key[-1]
    if last == -1 and isinstance(node, list):
        entries = cast("list[object]", node)
        entries.append(None)
        node, last = cast("object", entries), len(entries) - 1
    if last == "product":
        # A file kept with the study would win over the new name.
        mapping(node).pop("product_file", None)
    _holder(node, last, key[:-1], override.option)[last] = _from_here(key, override.value)
    return (*key[:-1], last)


def _holder(node: object, part: str | int, key: Key, option: str) -> dict[str | int, object]:
    """A mapping or list that can hold a part, a missing one as None; a list is written to as a mapping is."""
    if isinstance(node, dict) and isinstance(part, str):
        cast("dict[str, object]", node).setdefault(part, None)
    elif not (isinstance(node, list) and isinstance(part, int) and 0 <= part < len(cast("list[object]", node))):
        raise _error(option, f"{field_text(key)} cannot hold this field")
    return cast("dict[str | int, object]", node)


def _from_here(key: Key, value: object) -> object:
    """A file named on the command line is meant from the working folder, not from the study's."""
    place = use_place(key)
    files = (
        place is not None and key == (*place, "product"),
        key in (("mechanism", "network"), ("population", "empirical")),
    )
    return str(Path(value).absolute()) if any(files) and isinstance(value, str) and looks_like_path(value) else value


def _error(option: str, message: str, allowed: tuple[str, ...] = (), suggestion: str | None = None) -> InputError:
    return InputError([Problem(None, None, None, option, message, allowed, suggestion)])
