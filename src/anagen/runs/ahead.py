"""Loads libraries that the end of a run needs while its beginning computes."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

STATISTICS = ("statsmodels.regression.linear_model",)
PICTURES = ("matplotlib.figure", "matplotlib.backends.backend_agg", "matplotlib.backends.backend_svg")


def import_ahead(report: bool) -> None:
    """Imports what the end of a run needs while its beginning computes: compiled kernels leave the interpreter free.

    A module that cannot be imported is not missed here: the import that needs it says so.
    """
    for name in (*STATISTICS, *(PICTURES if report else ())):
        if find_spec(name.partition(".")[0]) is not None:
            import_module(name)
