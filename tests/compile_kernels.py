"""Compile every kernel once, in one process, before tests run in several, each of which would compile it for itself.

Numba compiles a kernel when it is first called and keeps the machine code beside its source, so that calling is all
there is to do: this runs tests, quick once all is compiled, that reach every kernel between them, and fails where a
kernel was not reached.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator

import pytest
from numba.core.caching import NullCache
from numba.core.dispatcher import Dispatcher

import anagen

REACHING = (
    "src/anagen/delivery/kinetics.py",
    "src/anagen/delivery/systemic/dutasteride.py",
    "src/anagen/delivery/vesicles/disposition.py",
    "src/anagen/signalling",
    "tests/unit/test_calibration.py::test_the_gradient_of_the_log_density_is_that_of_finite_differences",
    "tests/unit/test_conditions.py::test_attack_follows_its_goal_on_a_log_scale",
    "tests/unit/test_levers.py::test_nothing_moves_before_baseline",
    "tests/unit/test_levers.py::test_tables_against_direct_sums",
    "tests/verification/test_grafts.py::test_sessions_add_up",
)


def kernels() -> Iterator[Dispatcher]:
    """Functions of the package that numba compiles and keeps on disk."""
    for info in pkgutil.walk_packages(anagen.__path__, "anagen."):
        if not info.name.endswith("__main__"):
            for each in vars(importlib.import_module(info.name)).values():
                kept = isinstance(each, Dispatcher) and not isinstance(each._cache, NullCache)
                if kept and each.py_func.__module__ == info.name:
                    yield each


def main() -> int:
    """Exit code of the tests, or 1 where they left a kernel uncompiled."""
    code = pytest.main(["-q", "-n", "0", "--no-header", "--no-summary", *REACHING])
    missed = [f"{kernel.py_func.__module__}.{kernel.__name__}" for kernel in kernels() if not kernel.signatures]
    if missed:
        print(f"no test in {__file__} reaches {', '.join(missed)}", file=sys.stderr)
    return 1 if missed else int(code)


if __name__ == "__main__":
    sys.exit(main())
