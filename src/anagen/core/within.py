"""How much of the part under way is done: work tells it, and whoever listens hears it.

Progress counts finished parts; a part of some seconds is long for somebody who watches. Where nobody listens, telling
costs the look at one variable, so that work may tell after every draw.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[float], None]
_LISTENER: ContextVar[Listener | None] = ContextVar("listener", default=None)


def tell_within(done: float, total: float) -> None:
    """Tell how much of the part under way is done.

    Parameters
    ----------
    done : float
        Finished pieces.
    total : float
        All pieces of this part, more than 0.

    Examples
    --------
    >>> heard = []
    >>> with heard_by(heard.append):
    ...     tell_within(1, 4)
    >>> tell_within(2, 4)
    >>> heard
    [0.25]
    """
    listener = _LISTENER.get()
    if listener is not None:
        listener(done / total)


def current_listener() -> Listener | None:
    """Who listens.

    Returns
    -------
    callable or None
        Takes the share of the parts under way that is done, all of them together; None where nobody listens.
    """
    return _LISTENER.get()


@contextmanager
def heard_by(listener: Listener) -> Generator[None]:
    """Let somebody listen to work in this thread, and in the processes that it starts.

    Parameters
    ----------
    listener : callable
        Takes the share of the parts under way that is done.

    Returns
    -------
    Generator[None]
        Nothing; the listener hears while the block runs.
    """
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)


def listen(listener: Listener) -> None:
    """Let somebody listen to all further work of this thread.

    Parameters
    ----------
    listener : callable
        Takes the share of the parts under way that is done.
    """
    _LISTENER.set(listener)
