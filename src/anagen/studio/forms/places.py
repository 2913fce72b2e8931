"""Values in plain data by their place: read, put, taken away, without touching what lies beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from anagen.core.reading import Key, is_list, is_mapping


class _Missing:
    """What stands where nothing stands."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Any = _Missing()


def at(data: object, key: Key) -> Any:
    """What stands at a place.

    Parameters
    ----------
    data : object
        Mappings and lists.
    key : Key
        The place.

    Returns
    -------
    object
        The value, or MISSING.

    Examples
    --------
    >>> at({"arms": [{"name": "a"}]}, ("arms", 0, "name")), at({}, ("arms", 0))
    ('a', MISSING)
    """
    for part in key:
        if isinstance(part, int):
            if not is_list(data) or not 0 <= part < len(data):
                return MISSING
            data = data[part]
        elif is_mapping(data) and part in data:
            data = data[part]
        else:
            return MISSING
    return data


def put(data: dict[str, Any], key: Key, value: object, short: Mapping[Key, str]) -> None:
    """Set the value at a place; mappings on the way are made.

    Parameters
    ----------
    data : dict
        Is changed.
    key : Key
        The place.
    value : object
        What stands there from now on.
    short : Mapping of Key to str
        Places where one value stands for a mapping, and the key that it is then meant for.
    """
    here: Any = data
    for depth, part in enumerate(key[:-1], 1):
        below = here[part] if isinstance(part, int) else here.get(part)
        if not isinstance(below, dict | list):
            place = key[:depth]
            below = {} if below is None or place not in short else {short[place]: below}
            here[part] = below
        here = cast("Any", below)
    here[key[-1]] = value


def drop(data: dict[str, Any], key: Key, kept: frozenset[Key]) -> None:
    """Take away the value at a place, and the mappings that are empty then.

    Parameters
    ----------
    data : dict
        Is changed.
    key : Key
        The place; nothing happens where nothing stands there.
    kept : frozenset of Key
        Mappings that stay though they are empty, because a file has to have them.
    """
    holder = at(data, key[:-1])
    if not isinstance(holder, dict) or key[-1] not in holder:
        return
    del holder[key[-1]]
    place = key[:-1]
    if not holder and place and place not in kept and isinstance(place[-1], str):
        drop(data, place, kept)
