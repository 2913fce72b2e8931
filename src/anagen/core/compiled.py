"""The one way in which kernels are compiled: numba, cached on disk, without the global interpreter lock.

There is a single compiled version of each kernel. Threads call it on separate patients, so one thread and many run the
same machine code and give the same bytes; a second, `parallel=True` version could differ in the last digit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a kernel entry point: cached on disk, releases the interpreter lock, IEEE arithmetic.

    Numba looks only at the file that holds the entry point to tell whether what it cached is out of date.
    After changing a piece in another file, touch the file of the entry point.

    Parameters
    ----------
    function : callable
        An entry point.

    Returns
    -------
    callable
        Its compiled form, called in the same way.
    """
    decorate = cast("Callable[[F], F]", numba.njit(cache=True, nogil=True, fastmath=False, error_model="numpy"))
    return decorate(function)


def inlined(function: F) -> F:
    """Compile a short piece of a kernel that becomes part of the machine code of whatever calls it.

    It is never cached by itself: a piece loaded from the cache could not be inlined again, which can halve the speed.

    Parameters
    ----------
    function : callable
        A short piece.

    Returns
    -------
    callable
        Its compiled form, called in the same way.
    """
    decorate = cast("Callable[[F], F]", numba.njit(forceinline=True, fastmath=False, error_model="numpy"))
    return decorate(function)


def merged(function: F) -> F:
    """Compile a long piece of a kernel, called in one place, as if its lines stood there.

    It is then compiled once and not twice, and the sizes of local arrays are known inside it, which lets loops over
    them become vector instructions.

    Parameters
    ----------
    function : callable
        A long piece.

    Returns
    -------
    callable
        Its compiled form, called in the same way.
    """
    decorate = cast("Callable[[F], F]", numba.njit(inline="always", fastmath=False, error_model="numpy"))
    return decorate(function)
