"""One test over many rows, such as all entries of a registry or a file, that names every row that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

Row = Callable[[str], AbstractContextManager[None]]


@contextmanager
def every_fault() -> Iterator[Row]:
    """Checks of one row after another; the test fails at the end with all rows whose check failed.

    It fails as well where no row was checked, since such a test proves nothing.

    Examples
    --------
    >>> with every_fault() as row:
    ...     for name, value in {"a": 1, "b": 2}.items():
    ...         with row(name):
    ...             assert value > 0
    """
    faults: list[str] = []
    checked = 0

    @contextmanager
    def row(name: str) -> Iterator[None]:
        nonlocal checked
        checked += 1
        try:
            yield
        except Exception as error:
            kind = "" if isinstance(error, AssertionError) else f"{type(error).__name__}: "
            faults.append(f"{name}: {kind}{error}")

    yield row
    if not checked:
        pytest.fail("no row was checked", pytrace=False)
    if faults:
        pytest.fail(f"{len(faults)} of {checked} rows are wrong\n" + "\n".join(faults), pytrace=False)
