"""Allocation: exact sizes, balanced blocks, strata with lists of their own, and no arm preferred."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.stats import chisquare

from anagen.core.arrays import IntArray
from anagen.trials.dropout import attended, dropout_week
from anagen.trials.randomisation import allocation_ratio, randomise
from anagen.trials.screening import candidates
from faults import every_fault
from small_studies import PLACEBO, small_scene, small_study


@pytest.mark.parametrize(
    ("sizes", "ratio"),
    [([30, 30], (1, 1)), ([60, 30], (2, 1)), ([10, 20, 30], (1, 2, 3)), ([7], (1,)), ([5, 3], (5, 3))],
)
def test_ratio(sizes: list[int], ratio: tuple[int, ...]) -> None:
    assert allocation_ratio(sizes) == ratio


def one_list(sizes: list[int], strata: list[str], *, block: int | None, seed: int, replicate: int) -> IntArray:
    return randomise(sizes, [strata], block=block, seed=seed, replicates=np.array([replicate]))[0]


def test_a_list_does_not_depend_on_the_trials_that_are_dealt_with_it() -> None:
    strata = [["low", "high"] * 12, ["low"] * 24, ["high", "high", "low"] * 8, ["a", "b", "c", "d"] * 6]
    together = randomise([16, 8], strata, block=6, seed=4, replicates=np.array([3, 5, 8, 9]))
    for labels, replicate, arms in zip(strata, (3, 5, 8, 9), together, strict=True):
        assert np.array_equal(one_list([16, 8], labels, block=6, seed=4, replicate=replicate), arms)


SIZES = ([15, 15], [7, 7], [20, 10], [9, 9, 9], [5, 3], [1, 1])


def test_sizes_are_exact() -> None:
    with every_fault() as row:
        for sizes, blocks, replicate in itertools.product(SIZES, (1, 2, None), (0, 1, 2)):
            with row(f"{sizes} {blocks} {replicate}"):
                block = None if blocks is None else blocks * sum(allocation_ratio(sizes))
                arms = one_list(sizes, [""] * sum(sizes), block=block, seed=4, replicate=replicate)
                assert np.bincount(arms, minlength=len(sizes)).tolist() == sizes


def test_every_block_is_balanced() -> None:
    arms = one_list([40, 20], [""] * 60, block=6, seed=4, replicate=0)
    for block in arms.reshape(-1, 6):
        assert np.bincount(block, minlength=2).tolist() == [4, 2]


def test_strata_are_balanced_each_for_itself() -> None:
    strata = ["a", "b", "a", "a", "b", "b", "a", "b"] * 5
    arms = one_list([20, 20], strata, block=4, seed=4, replicate=0)
    for stratum in ("a", "b"):
        own = arms[[s == stratum for s in strata]]
        assert np.bincount(own).tolist() == [10, 10]
        assert all(np.bincount(block, minlength=2).tolist() == [2, 2] for block in own.reshape(-1, 4))


def test_strata_that_end_in_the_middle_of_a_block_differ_by_at_most_half_of_it() -> None:
    strata = ["a"] * 11 + ["b"] * 9
    for replicate in range(50):
        arms = one_list([10, 10], strata, block=4, seed=4, replicate=replicate)
        for stratum in ("a", "b"):
            own = np.bincount(arms[[s == stratum for s in strata]], minlength=2)
            assert abs(own[0] - own[1]) <= 2


def test_exact_sizes_within_strata_leave_complete_blocks_as_they_were() -> None:
    """A pool of incomplete blocks makes sizes exact, and no stratum differs by more than a block would let it."""
    spread: set[int] = set()
    for sizes, block in (([20, 10], 6), ([10, 10, 10], 6), ([15, 15], 4)):
        for replicate in range(40):
            labels = np.random.default_rng(replicate).choice(["a", "b", "c", "d"], size=30).tolist()
            numbers = np.array([replicate])
            plain, exact = (
                randomise(sizes, [labels], block=block, seed=4, replicates=numbers, exact=flag)[0]
                for flag in (False, True)
            )
            assert np.bincount(exact, minlength=len(sizes)).tolist() == sizes
            spread.add(int(np.bincount(plain, minlength=len(sizes))[0]) - sizes[0])
            for stratum in "abcd":
                rows = np.flatnonzero([label == stratum for label in labels])
                whole = len(rows) // block * block
                assert np.array_equal(plain[rows[:whole]], exact[rows[:whole]])
                assert abs((exact[rows] == 0).sum() - len(rows) * sizes[0] / 30) <= block / 2
    assert len(spread) > 2  # without it sizes vary


def test_the_pool_of_incomplete_blocks_prefers_no_arm() -> None:
    n, labels = 2000, ["a"] * 3 + ["b"] * 5 + ["c"] * 4
    numbers = np.arange(n)
    arms = randomise([8, 4], [labels] * n, block=6, seed=9, replicates=numbers, exact=True)
    share = (arms == 0).mean(axis=0)
    assert np.abs(share - 2 / 3).max() < 4.0 * np.sqrt(2 / 9 / n)


def test_lists_are_reproducible_and_differ_between_trials() -> None:
    def list_of(seed: int, replicate: int) -> list[int]:
        return one_list([30, 30], [""] * 60, block=4, seed=seed, replicate=replicate).tolist()

    assert list_of(1, 0) == list_of(1, 0)
    assert len({tuple(list_of(1, replicate)) for replicate in range(20)}) == 20
    assert list_of(1, 0) != list_of(2, 0)


@pytest.mark.parametrize("block", [4, 12, None])
def test_every_place_of_the_list_is_fair(block: int | None) -> None:
    """Over 3,000 lists each patient gets each arm in half of them, within 4.5 binomial standard errors."""
    n = 3000
    first = np.mean([one_list([6, 6], [""] * 12, block=block, seed=9, replicate=r) == 0 for r in range(n)], axis=0)
    assert np.abs(first - 0.5).max() < 4.5 * 0.5 / np.sqrt(n)


def test_all_orders_of_a_block_are_equally_likely() -> None:
    n = 3000
    lists = [tuple(one_list([2, 2], [""] * 4, block=4, seed=9, replicate=r).tolist()) for r in range(n)]
    counts = np.unique(lists, axis=0, return_counts=True)[1]
    assert len(counts) == 6
    assert chisquare(counts).pvalue > 0.001


@pytest.fixture(scope="module")
def people():
    return candidates(small_scene(small_study({"a": [PLACEBO], "b": [PLACEBO]})), np.arange(5000), 0)


@pytest.mark.parametrize("share", [0.0, 0.1, 0.4])
def test_dropout_has_its_share_and_is_spread_over_the_trial(people, share: float) -> None:
    weeks = dropout_week(people, share=share, last_week=24.0, seed=2)
    left = ~np.isnan(weeks)
    assert abs(left.mean() - share) <= 4.0 * np.sqrt(share * (1.0 - share) / len(weeks))
    if share > 0.0:
        assert weeks[left].min() > 0.0 and weeks[left].max() < 24.0
        assert abs(weeks[left].mean() - 12.0) < 4.0 * 24.0 / np.sqrt(12.0 * left.sum())


def test_attendance(people) -> None:
    weeks = np.array([0.0, 4.0, 12.0, 24.0])
    left = dropout_week(people, share=0.2, last_week=24.0, seed=2)
    seen = attended(people, weeks, left, missed=0.1, seed=2)
    assert np.all(seen[:, 0])
    assert np.array_equal(seen[:, -1], np.isnan(left))
    assert not np.any(seen[(left < 4.0)][:, 1:])
    stayed = seen[np.isnan(left)][:, 1:-1]
    assert abs(stayed.mean() - 0.9) < 4.0 * np.sqrt(0.09 / stayed.size)
