"""Gives every test the marker of the folder it lies in; examples in docstrings are unit tests."""

from __future__ import annotations

from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
KINDS = ("unit", "verification", "validation", "system")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        path = item.path.resolve()
        kind = path.relative_to(TESTS).parts[0] if path.is_relative_to(TESTS) else "unit"
        if kind in KINDS:
            item.add_marker(kind)
