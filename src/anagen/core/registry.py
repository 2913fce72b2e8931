"""A read-only mapping of names to things that a study file can name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Named entries of one kind, with the nearest right spelling for a wrong one.

    Attributes
    ----------
    kind : str
        What the entries are, in the singular, for error messages ("therapy").
    entries : Mapping[str, T]
        Name -> entry, in the order in which they are listed to users.

    Raises
    ------
    KeyError
        From `registry[name]` when the name is not registered.

    Examples
    --------
    >>> routes = Registry("route", {"oral": 1, "topical": 2})
    >>> routes["oral"], routes.nearest("topcal")
    (1, 'topical')
    """

    def __init__(self, kind: str, entries: Mapping[str, T]) -> None:
        self.kind = kind
        self._entries = dict(entries)

    def __getitem__(self, name: str) -> T:
        return self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"Registry({self.kind!r}, {', '.join(self._entries)})"

    def names(self) -> tuple[str, ...]:
        """Registered names, in listing order."""
        return tuple(self._entries)

    def nearest(self, name: str) -> str | None:
        """The registered name most like `name`, or None where nothing is close."""
        matches = difflib.get_close_matches(name.lower(), self._entries, n=1, cutoff=0.6)
        return matches[0] if matches else None
