"""Ctrl-C and the signal to end: held back where a half-done step would mislead, told apart from a finished command."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM)
Handler = Callable[[int, FrameType | None], None]


@contextmanager
def undisturbed() -> Generator[None]:
    """Lets a few steps on the disk be done before Ctrl-C or the signal to end is heeded.

    Returns
    -------
    Generator[None]
        Nothing; a signal that came meanwhile is given again when the block is over.
    """
    came: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        del frame
        came.append(number)

    before = {number: signal.getsignal(number) for number in STOPPING}
    handle(note)
    try:
        yield
    finally:
        if _is_main_thread():
            for number, handler in before.items():
                if handler is not None:
                    signal.signal(number, handler)
        for number in came[:1]:
            signal.raise_signal(number)


def handle(handler: Handler | signal.Handlers) -> None:
    """Sets what both signals do, but where they are ignored already; other threads than the first never get them.

    Parameters
    ----------
    handler : callable or signal.Handlers
        As `signal.signal` takes it.
    """
    if not _is_main_thread():
        return
    for number in STOPPING:
        # None: something other than Python handles it.
        if signal.getsignal(number) not in (signal.SIG_IGN, None):
            signal.signal(number, handler)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
