"""The arithmetic inside kernels: elementary functions, the normal quantile and the search in a cumulative clock."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from anagen.core.arrays import FloatArray
from anagen.core.elementary import exponential, logarithm
from anagen.core.philox import normal
from anagen.follicles.clocks import NEVER, clock_at, clock_time, last_below

RNG = np.random.default_rng(1)


def test_exponential_is_exact_to_rounding() -> None:
    x = np.concatenate([RNG.uniform(-700.0, 700.0, 2000), RNG.uniform(-2.0, 2.0, 2000), [0.0]])
    got = np.array([exponential(value) for value in x])
    assert np.abs(got / np.exp(x) - 1.0).max() < 5e-16


def test_exponential_stays_finite_beyond_its_range() -> None:
    assert exponential(-1e6) == exponential(-708.0) > 0.0
    assert np.isfinite(exponential(1e6))


def test_logarithm_is_exact_to_rounding() -> None:
    x = np.exp(np.concatenate([RNG.uniform(-700.0, 700.0, 2000), RNG.uniform(-0.5, 0.5, 2000), [0.0]]))
    got = np.array([logarithm(value) for value in x])
    assert (np.abs(got - np.log(x)) / np.maximum(1.0, np.abs(np.log(x)))).max() < 5e-16


def test_normal_quantile_is_right_to_nine_digits() -> None:
    u = np.concatenate([RNG.random(4000), [0.5 / 2**32, 1.0 - 0.5 / 2**32, 0.02425, 0.97575]])
    got = np.array([normal(value) for value in u])
    assert np.abs(got / ndtri(u) - 1.0).max() < 1.2e-9


def time_of(clock: FloatArray, goal: float, per_day: float) -> float:
    """Time at which the only column of a clock reaches a goal."""
    return clock_time(clock, 0, last_below(clock, 0, goal), goal, per_day)


def test_clock_inverse_undoes_the_clock() -> None:
    for rates in (np.full(400, 1.0), RNG.uniform(0.1, 7.0, 400), np.repeat([0.14, 7.0, 0.14, 1.0], 100)):
        table = np.concatenate([[0.0], np.cumsum(rates)])[:, None]
        for t in (*RNG.uniform(0.0, 400.0, 200), 0.25, 399.75):
            assert abs(time_of(table, clock_at(table, 0, t, 1.0), 1.0) - t) < 1e-9


def test_clock_inverse_before_and_after_the_table() -> None:
    table = np.arange(11.0)[:, None]
    assert time_of(table, -3.5, 1.0) == -3.5
    assert time_of(table, 10.0, 1.0) == NEVER
    assert time_of(table, 1.0, 2.0) == 0.5


def test_search_in_a_clock_finds_the_last_point_not_passed() -> None:
    for n in (2, 3, 17, 366):
        clock = np.concatenate([[0.0], np.cumsum(RNG.choice([0.0, 0.5, 2.0], n - 1)) + 0.25])
        for goal in (0.0, *clock[:-1], *RNG.uniform(0.0, clock[-1], 50)):
            if goal < clock[-1]:
                assert last_below(clock[:, None], 0, goal) == np.searchsorted(clock, goal, side="right") - 1
