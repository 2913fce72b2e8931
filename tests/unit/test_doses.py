"""Doses as events: days and amounts, for all patients or for each."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.delivery.doses import Doses, repeated


def test_a_course_stops_before_its_end() -> None:
    assert repeated(1.0, start=1.0, every=0.5, until=2.0).days.tolist() == [1.0, 1.5]
    assert len(repeated(1.0, start=2.0, every=1.0, until=2.0).days) == 0


def test_amounts_of_all_patients_are_those_of_each() -> None:
    course = repeated(2.0, start=0, every=1, until=3)
    assert course.rows.tolist() == [[2.0, 2.0, 2.0]]
    assert course.for_patients(2).tolist() == [[2.0, 2.0, 2.0]] * 2
    with pytest.raises(ValueError, match="broadcast"):
        course.scaled(np.array([0.5, 1.0])).for_patients(3)


@pytest.mark.parametrize(
    ("days", "amounts", "message"),
    [
        ([1.0, 0.0], [[1.0, 1.0]], "must not run backwards"),
        ([0.0], [[-1.0]], "not negative"),
        ([0.0], [[float("nan")]], "finite"),
        ([0.0, 1.0], [[1.0]], "are not"),
    ],
)
def test_impossible_doses_are_refused(days: list[float], amounts: list[list[float]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Doses(np.array(days), np.array(amounts))


def test_doses_never_come_at_once() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        repeated(1.0, start=0, every=0, until=3)
