"""Doses as events: repeated, missed and changed."""

from __future__ import annotations

import numpy as np
import pytest

from anagen.delivery.doses import Doses, changed, missed, repeated, single


def test_a_course_stops_before_its_end() -> None:
    assert repeated(1.0, start=1.0, every=0.5, until=2.0).days.tolist() == [1.0, 1.5]
    assert len(repeated(1.0, start=2.0, every=1.0, until=2.0).days) == 0


def test_missed_doses_are_zero_for_those_who_missed_them() -> None:
    forgotten = np.array([[True, False, False], [False, False, True]])
    taken = missed(repeated(2.0, start=0, every=1, until=3), forgotten)
    assert taken.amounts.tolist() == [[0.0, 2.0, 2.0], [2.0, 2.0, 0.0]]
    assert taken.total().tolist() == [4.0, 4.0]


def test_a_changed_dose_leaves_missed_ones_missed() -> None:
    course = missed(repeated(1.0, start=0, every=1, until=4), np.array([False, False, True, False]))
    assert changed(course, day=1.0, amount=5.0).amounts.tolist() == [[1.0, 5.0, 0.0, 5.0]]


def test_single_doses_add_up_to_the_course() -> None:
    course = repeated(3.0, start=0, every=7, until=28)
    assert sum(float(single(course, i).total()[0]) for i in range(4)) == course.total()[0]


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
