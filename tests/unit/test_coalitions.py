"""Sharing among groups: additive, fair to those who are alike, nothing to those who do nothing."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.explanation.coalitions import drawn_order, lookup, masks_of, shares, terms_of


def game(members: int, seed: int = 0) -> FloatArray:
    """A value for every coalition, zero for nobody."""
    value = np.random.default_rng(seed).normal(size=2**members)
    value[0] = 0.0
    return value


def shared(groups: list[list[int]], value: FloatArray, **options: int) -> tuple[FloatArray, FloatArray]:
    terms = terms_of(groups, **options)
    found, errors = shares(terms, lookup(list(range(len(value))), value))
    return np.array(found), np.array(errors)


def by_orders(groups: list[list[int]], value: FloatArray) -> FloatArray:
    """Owen's value by its definition: the mean over all orders of groups and of members within them."""
    members = sum(len(group) for group in groups)
    total, number = np.zeros(members), 0
    for order in permutations(groups):
        lines: list[list[int]] = [[]]
        for group in order:
            lines = [[*line, *inner] for line in lines for inner in permutations(group)]
        for line in lines:
            mask = 0
            for member in line:
                total[member] += value[mask | 1 << member] - value[mask]
                mask |= 1 << member
            number += 1
    return total / number


@pytest.mark.parametrize("groups", [[[0, 1, 2, 3]], [[0], [1, 2, 3]], [[0, 1], [2, 3], [4]], [[0, 1], [], [2]]])
def test_exact_shares_are_the_mean_over_all_orders_and_add_up(groups: list[list[int]]) -> None:
    value = game(sum(len(group) for group in groups))
    found, errors = shared(groups, value)
    assert found == pytest.approx(by_orders([group for group in groups if group], value), abs=1e-12)
    assert found.sum() == pytest.approx(value[-1] - value[0], abs=1e-9)
    assert not errors.any()


def test_a_group_gets_what_it_would_get_as_one_player() -> None:
    value = game(4)
    found, _ = shared([[0], [1, 2, 3]], value)
    whole = np.array([value[0], value[0b0001], value[0b1110], value[0b1111]])
    alone, _ = shared([[0], [1]], whole)
    assert [found[0], found[1:].sum()] == pytest.approx(alone.tolist(), abs=1e-12)


def test_who_does_nothing_gets_nothing_and_who_is_alike_gets_alike() -> None:
    def value(mask: int) -> FloatArray:
        # 0 and 1 are alike, 2 is a dummy, 3 works only with another
        both = (mask & 1) + (mask >> 1 & 1)
        return np.array(both + 0.3 * both**2 + (mask >> 3 & 1) * both)

    found, _ = shares(terms_of([[0, 1, 2, 3]]), value)
    assert float(found[2]) == 0.0
    assert float(found[0]) == float(found[1])


def test_a_member_that_cannot_matter_gets_exactly_zero_whatever_the_error_of_the_values() -> None:
    value = game(3)
    relevant = 0b011
    found, _ = shares(terms_of([[0, 1, 2]]), lookup(list(range(8)), value), relevant)
    assert float(found[2]) == 0.0
    assert float(sum(found)) == pytest.approx(value[0b011], abs=1e-12)
    assert set(masks_of(terms_of([[0, 1, 2]]), [relevant])) == {0, 1, 2, 3}


def test_sampled_shares_add_up_and_agree_within_their_error() -> None:
    value = game(6, seed=4)
    exact, _ = shared([list(range(6))], value)
    drawn, errors = shared([list(range(6))], value, most_exact=3, pairs=400, seed=7)
    assert drawn.sum() == pytest.approx(value[-1], abs=1e-9)
    assert (errors > 0.0).all()
    assert (np.abs(drawn - exact) < 4.0 * errors).all()
    again, _ = shared([list(range(6))], value, most_exact=3, pairs=400, seed=7)
    assert again.tobytes() == drawn.tobytes()


def test_more_than_four_players_are_drawn_and_their_error_covers_the_exact_shares(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Four players with levers of their own, followed and drawn; errors are those of about 68 % and 95 %."""
    groups = [[0, 1], [2], [3, 4], [5, 6]]
    value = game(7, seed=9)
    exact, none = shared(groups, value)
    assert not none.any()
    monkeypatch.setattr("anagen.explanation.coalitions.MOST_PLAYERS", 3)
    off = np.array(
        [
            (drawn - exact) / errors
            for drawn, errors in (shared(groups, value, pairs=60, seed=seed) for seed in range(40))
        ]
    )
    assert 0.55 < np.mean(np.abs(off) < 1.0) < 0.8
    assert np.mean(np.abs(off) < 2.0) > 0.9
    drawn, _ = shared(groups, value, pairs=60)
    assert drawn.sum() == pytest.approx(value[-1], abs=1e-9)


def test_seven_players_are_drawn_and_add_up() -> None:
    value = game(9, seed=2)
    found, errors = shared([[0], [1, 2], [3], [4], [5], [6, 7], [8]], value, pairs=64)
    assert found.sum() == pytest.approx(value[-1], abs=1e-9)
    assert (errors > 0.0).all()


def test_reversed_orders_make_an_additive_game_exact() -> None:
    weights = np.arange(1.0, 6.0)
    value = np.array([sum(weights[i] for i in range(5) if mask >> i & 1) for mask in range(32)])
    found, errors = shared([list(range(5))], value, most_exact=2, pairs=8)
    assert found == pytest.approx(weights, abs=1e-12)
    assert errors == pytest.approx(np.zeros(5), abs=1e-12)
    assert drawn_order(5, 0, 1) != drawn_order(5, 1, 1)


def test_members_are_numbered_once() -> None:
    with pytest.raises(ValueError, match="numbered"):
        terms_of([[0, 1], [1]])
