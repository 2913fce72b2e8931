"""A test over many rows tells all that are wrong, and fails where there was none to look at."""

from __future__ import annotations

import pytest

from faults import every_fault


def test_every_wrong_row_is_named() -> None:
    with pytest.raises(pytest.fail.Exception) as caught, every_fault() as row:
        for name, value in {"right": 1, "wrong": 2, "odd": "x"}.items():
            with row(name):
                assert 1 / value == 1.0
    said = str(caught.value)
    assert said.startswith("2 of 3 rows are wrong\nwrong: ")
    assert "odd: TypeError: " in said and "right" not in said


def test_no_row_is_no_proof() -> None:
    with pytest.raises(pytest.fail.Exception, match="no row was checked"), every_fault():
        pass
