"""Linear algebra on one thread: small matrices wait for threads more than they gain by them.

It also keeps the last digits from hanging on the number of processors.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from threadpoolctl import ThreadpoolController  # pyright: ignore[reportMissingTypeStubs]

_FINDING = Lock()


def find_libraries() -> None:
    """Find the libraries of linear algebra, once in a process; to be called before another thread imports anything.

    Looking for them holds the lock of the system's loader while it waits for the interpreter. A thread that imports a
    compiled module holds the interpreter while it waits for that lock. The two would wait for each other for ever.
    """
    with _FINDING:
        _controller()


@contextmanager
def on_one_thread() -> Generator[None]:
    """Keep linear algebra on one thread.

    Returns
    -------
    Generator[None]
        Kept so while the block runs.
    """
    find_libraries()
    with _controller().limit(limits=1, user_api="blas"):  # pyright: ignore[reportUnknownMemberType]
        yield


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    # each brings a library of its own, which is found where it is loaded
    for name in ("numpy.linalg", "scipy.linalg"):
        import_module(name)
    from threadpoolctl import ThreadpoolController  # pyright: ignore[reportMissingTypeStubs]

    return ThreadpoolController()
