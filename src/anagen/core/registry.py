"""A read-only mapping of names to things that a study file can name."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import TypeVar

from anagen.core.plugins import Origin

T = TypeVar("T")


class Registry(Mapping[str, T]):
    """Named entries of one kind, with the nearest right spelling for a wrong one.

    Parameters
    ----------
    kind : str
        What the entries are, in the singular, for error messages ("therapy").
    entries : Mapping[str, T] or callable
        Name -> entry, in the order in which they are listed to users; or a function that finds entries and where each
        comes from when the first of them is asked for, so that importing a registry costs nothing.

    Raises
    ------
    KeyError
        From `registry[name]` when the name is not registered.
    InputError
        From any use, where an installed package brings an entry that cannot be used.

    Examples
    --------
    >>> routes = Registry("route", {"oral": 1, "topical": 2})
    >>> routes["oral"], routes.nearest("topcal")
    (1, 'topical')
    """

    def __init__(self, kind: str, entries: Mapping[str, T] | Callable[[], Mapping[str, tuple[T, Origin]]]) -> None:
        self.kind = kind
        self._source = entries if callable(entries) else dict(entries)

    @cached_property
    def _with_origins(self) -> Mapping[str, tuple[T, Origin]]:
        return self._source() if callable(self._source) else {}

    @cached_property
    def _entries(self) -> dict[str, T]:
        if callable(self._source):
            return {name: entry for name, (entry, _) in self._with_origins.items()}
        return dict(self._source)

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

    def origin(self, name: str) -> Origin:
        """Where an entry comes from.

        Raises
        ------
        KeyError
            Where the name is not registered, or the registry was made from a plain mapping.
        """
        return self._with_origins[name][1]

    def nearest(self, name: str) -> str | None:
        """The registered name most like `name`, or None where nothing is close."""
        matches = difflib.get_close_matches(name[:80].lower(), self._entries, n=1, cutoff=0.6)
        return matches[0] if matches else None
