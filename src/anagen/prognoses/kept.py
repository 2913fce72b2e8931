"""What was worked out before: courses and spreads of the last questions, in a bounded place of its own."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

Made = TypeVar("Made")


class Kept:
    """Keeps the results that were asked for last; several threads may ask at once.

    What two ask for at the same time is made once; what cannot be made is not kept.

    Parameters
    ----------
    most : int
        How many results are kept.

    Raises
    ------
    ValueError
        Where nothing may be kept.

    Examples
    --------
    >>> kept = Kept(2)
    >>> [kept.get(key, lambda key=key: key.upper()) for key in "abca"]
    ['A', 'B', 'C', 'A']
    >>> len(kept)
    2
    """

    def __init__(self, most: int = 64) -> None:
        if most < 1:
            raise ValueError(f"at least one result is kept, not {most}")
        self._most = most
        self._lock = threading.Lock()
        self._results: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def __len__(self) -> int:
        """Results that are kept now."""
        return len(self._results)

    def get(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """A result, made where it is not kept.

        Parameters
        ----------
        key : Hashable
            What it is the result of.
        make : callable
            Makes it.

        Returns
        -------
        object
            What `make` gave, now or before.
        """
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return cast("Made", self._results[key])
            making = self._making.setdefault(key, threading.Lock())
        with making:
            with self._lock:
                if key in self._results:
                    self._results.move_to_end(key)
                    return cast("Made", self._results[key])
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._results[key] = made
                while len(self._results) > self._most:
                    self._results.popitem(last=False)
            return made

    def found(self, key: Hashable) -> object | None:
        """A result if it is kept.

        Parameters
        ----------
        key : Hashable
            What it is the result of.

        Returns
        -------
        object or None
            None where it is not.
        """
        with self._lock:
            return self._results.get(key)
