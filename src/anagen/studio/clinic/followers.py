"""People who are followed in the background for as long as somebody waits for them."""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

from anagen.prognoses.spread import Spread

LEFT = 3.0
"""Seconds without a question after which nobody waits any more."""
STILL, LOOK = 0.4, 0.05
"""Seconds since the last picture after which following goes on, and between two looks at that."""
AT_ONCE = 2
"""Questions that are followed at a time; others wait."""
KEPT = 32


class Pictures:
    """When a picture was last asked for: those who follow people give way to somebody who moves a slider."""

    def __init__(self) -> None:
        self._asked = -math.inf

    def asked(self) -> None:
        """Take note that a picture is asked for."""
        self._asked = time.monotonic()

    def give_way(self, is_left: Callable[[], bool]) -> None:
        """Wait until no picture has been asked for a moment.

        Parameters
        ----------
        is_left : callable
            Ends the waiting.
        """
        while time.monotonic() - self._asked < STILL and not is_left():
            time.sleep(LOOK)


class Following:
    """How far the people of one question have been followed."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures
        self.done = 0
        self.total = 0
        self.result: Spread | None = None
        self.fault: BaseException | None = None
        self.ended = threading.Event()
        self._asked = time.monotonic()

    def tell(self, done: int, total: int) -> None:
        """Take note of what is done.

        Parameters
        ----------
        done : int
            Finished draws.
        total : int
            All draws.
        """
        self.done, self.total = done, total
        self._pictures.give_way(self.is_left)

    def touch(self) -> None:
        """Take note that somebody waits."""
        self._asked = time.monotonic()

    def is_left(self) -> bool:
        """Whether nobody has asked for a while."""
        return time.monotonic() - self._asked > LEFT


class Followers:
    """What is being followed and what was followed last; results are given to all who ask."""

    def __init__(self) -> None:
        self.pictures = Pictures()
        self._lock = threading.Lock()
        self._places = threading.Semaphore(AT_ONCE)
        self._running: dict[str, Following] = {}
        self._results: OrderedDict[str, Following] = OrderedDict()

    def ask(self, key: str, make: Callable[[Following], Spread | None]) -> Following:
        """The people of a question; following them begins where nobody has asked before.

        Parameters
        ----------
        key : str
            Of the question.
        make : callable
            Follows them; gives None where it was left.

        Returns
        -------
        Following
            With its result once it has one.

        Raises
        ------
        RuntimeError
            Where following them failed.
        """
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
                return self._results[key]
            following = self._running.get(key)
            if following is None or following.ended.is_set():
                if following is not None and following.fault is not None:
                    del self._running[key]
                    raise RuntimeError("people could not be followed") from following.fault
                following = self._running[key] = Following(self.pictures)
                threading.Thread(target=self._follow, args=(key, following, make), daemon=True).start()
            following.touch()
            return following

    def found(self, key: str) -> Spread | None:
        """The people of a question, where they have been followed.

        Parameters
        ----------
        key : str
            Of the question.

        Returns
        -------
        Spread or None
            None where they have not.
        """
        with self._lock:
            following = self._results.get(key)
            return None if following is None else following.result

    def _follow(self, key: str, following: Following, make: Callable[[Following], Spread | None]) -> None:
        with self._places:
            try:
                following.result = None if following.is_left() else make(following)
            except Exception as fault:  # told to whom asks next
                following.fault = fault
        with self._lock:
            if following.result is not None:
                self._results[key] = following
                while len(self._results) > KEPT:
                    self._results.popitem(last=False)
            if following.fault is None and self._running.get(key) is following:
                del self._running[key]
            following.ended.set()
