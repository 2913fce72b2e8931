"""Gives every test the marker of the folder it lies in; examples in docstrings are unit tests. Long tests wait.

Cases that hypothesis draws are the same in every run, so that what fails here fails elsewhere; with
HYPOTHESIS_PROFILE=default it draws new ones. None has a deadline, since a first call loads modules.
"""

from __future__ import annotations

import gc
import os
from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).resolve().parent
KINDS = ("unit", "verification", "validation", "system")

# set before NumPy is loaded: on the small matrices of tests the threads of its linear algebra wait for each other
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))


def pytest_collection_finish() -> None:
    """Leave alone what is there for good, and look for garbage as seldom as the program does."""
    from anagen.cli.app import OBJECTS_PER_COLLECTION

    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS_PER_COLLECTION)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    wanted = "long" in config.getoption("-m")
    for item in items:
        path = item.path.resolve()
        kind = path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else "unit"
        if kind in KINDS:
            item.add_marker(kind)
        if item.get_closest_marker("long") and not wanted:
            item.add_marker(pytest.mark.skip(reason="long: run it with make test-long"))
