"""The browser that tests of the studio's pages share within a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from studio_browser import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's own Chromium, or a skip with the reason."""
    with chromium() as started:
        yield started
