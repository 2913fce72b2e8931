"""The one way in which kernels are compiled: numba, cached on disk, without the global interpreter lock.

There is a single compiled version of each kernel. Threads call it on separate patients, so one thread and many run the
same machine code and give the same bytes; a second, `parallel=True` version could differ in the last digit.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# numba carries no types.

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.caching import FunctionCache
from numba.core.dispatcher import Dispatcher
from numba.core.runtime.nrt import rtsys

F = TypeVar("F", bound=Callable[..., Any])


class KernelCache(FunctionCache):
    """Machine code on disk, loaded without what only a compiler needs: numba would import all it can compile first.

    It is out of date where any file has changed that a kernel's pieces can come from: those of its folder and of
    `core`. Numba alone would look at the entry point's own file and run old pieces after an update.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__(function)
        cast("Any", self)._cache_file._source_stamp = stamp_of(Path(function.__code__.co_filename).parent)

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


@cache
def stamp_of(folder: Path) -> str:
    """Hash of the source files from which the kernels of a folder are compiled: its own and those of `core`.

    Parameters
    ----------
    folder : Path
        Of the entry point.

    Returns
    -------
    str
        Hexadecimal.

    Examples
    --------
    >>> len(stamp_of(Path(__file__).parent))
    64
    """
    digest = hashlib.sha256()
    for place in (folder, Path(__file__).parent):
        for path in sorted(place.glob("*.py")):
            digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def compiled(function: F) -> F:
    """Compile a kernel entry point: cached on disk, releases the interpreter lock, IEEE arithmetic.

    What is cached is out of date where a file of its folder or of `core` has changed.

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
