"""The one way in which kernels are compiled: numba, cached on disk, without the global interpreter lock.

There is a single compiled version of each kernel. Threads call it on separate patients, so one thread and many run the
same machine code and give the same bytes; a second, `parallel=True` version could differ in the last digit.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# numba carries no types.

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher
from numba.core.runtime.nrt import rtsys

F = TypeVar("F", bound=Callable[..., Any])


class KernelCache(FunctionCache):
    """Machine code on disk, loaded without what only a compiler needs: numba would import all it can compile first."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Compiled code of a signature, or None where there is none.

        Parameters
        ----------
        sig : object
            Types of the arguments.
        target_context : object
            Of numba, which passes it.

        Returns
        -------
        object
            What numba calls.
        """
        # numba's own runtime, in which arrays are made
        rtsys.initialize(target_context)
        with self._guard_against_spurious_io_errors():
            return cast("Any", self)._load_overload(sig, target_context)


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
    kernel: F = decorate(function)
    # with NUMBA_DISABLE_JIT a kernel is the plain function
    if isinstance(cast("object", kernel), Dispatcher):
        cast("Any", kernel)._cache = KernelCache(function)
    return kernel


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
