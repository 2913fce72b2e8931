"""How often a session may ask: a bucket that fills at a steady rate and lets short bursts through."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_BUCKETS = 10_000


@dataclass
class Rate:
    """Buckets of one rate, one for each who asks.

    Attributes
    ----------
    a_second : float
        How fast a bucket fills.
    at_once : float
        How much it holds.
    now : callable
        The clock [s].
    """

    a_second: float
    at_once: float
    now: Callable[[], float] = time.monotonic
    _held: dict[str, tuple[float, float]] = field(init=False, default_factory=dict[str, tuple[float, float]])
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def seconds_to_wait(self, who: str) -> int:
        """Take one from a bucket.

        Parameters
        ----------
        who : str
            Whose bucket.

        Returns
        -------
        int
            0 where there was one; else when there is one [s].

        Examples
        --------
        >>> rate = Rate(1.0, 2.0, now=lambda: 0.0)
        >>> [rate.seconds_to_wait("me") for _ in range(3)], rate.seconds_to_wait("you")
        ([0, 0, 1], 0)
        """
        moment = self.now()
        with self._lock:
            if who not in self._held and len(self._held) >= MOST_BUCKETS:
                self._forget_full(moment)
            left, since = self._held.get(who, (self.at_once, moment))
            left = min(self.at_once, left + (moment - since) * self.a_second)
            enough = left >= 1.0
            self._held[who] = (left - 1.0 if enough else left, moment)
        return 0 if enough else max(1, math.ceil((1.0 - left) / self.a_second))

    def _forget_full(self, moment: float) -> None:
        """Forget who has not asked for so long that the bucket is full; everybody where that frees nothing."""
        kept = {
            who: (left, since)
            for who, (left, since) in self._held.items()
            if left + (moment - since) * self.a_second < self.at_once
        }
        self._held = kept if len(kept) < MOST_BUCKETS else {}
