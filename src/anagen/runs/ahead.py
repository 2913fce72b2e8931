"""Loads libraries that the end of a run needs while its beginning computes."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from threading import Thread

from anagen.core.extras import installed
from anagen.execution.algebra import find_libraries

PICTURES = ("matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg")


def import_ahead(modules: Sequence[str]) -> None:
    """Import modules on a thread of their own: compiled kernels leave the interpreter free meanwhile.

    Tasks look for the libraries of linear algebra, which must not happen while another thread imports: it is done
    first, see `anagen.execution.algebra`.

    A module that cannot be imported is not missed here: the import that needs it says so.

    Parameters
    ----------
    modules : sequence of str
        Names of modules.
    """
    find_libraries()
    Thread(target=_import, args=(tuple(modules),), daemon=True).start()


def _import(modules: tuple[str, ...]) -> None:
    for name in modules:
        if installed(name.partition(".")[0]):
            import_module(name)
