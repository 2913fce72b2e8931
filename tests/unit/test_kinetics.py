"""Closed-form kinetics against numerical integration, and what regimens add up to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.delivery import daily, sessions
from anagen.delivery.kinetics import dose_rate, remaining

GRID = np.arange(-28.0, 60.0)
DOSES = {
    "on grid points": (np.array([0.0, 14.0, 28.0]), np.array([1.0, 2.0, 0.5])),
    "between grid points": (np.array([0.3, 7.75, 30.5]), np.array([1.0, 2.0, 0.5])),
    "twice in an interval": (np.array([3.1, 3.6]), np.array([1.0, 1.0])),
    "every day": (np.arange(0.0, 40.0), np.full(40, 1.0)),
}


def integrated(days: FloatArray, amounts: FloatArray, half_life: float, grid: FloatArray) -> FloatArray:
    """Mean amount over each interval by the midpoint rule on a fine grid that has every dose on an edge."""
    fine, step = 4000, float(grid[1] - grid[0])
    middle = (np.arange(fine) + 0.5) / fine * step
    k = math.log(2.0) / half_life
    out = np.zeros(len(grid))
    for i, start in enumerate(grid):
        since = start + middle[:, None] - days[None, :]
        out[i] = (np.where(since > 0.0, np.exp(-k * np.maximum(since, 0.0)), 0.0) @ amounts).mean()
    return out


@pytest.mark.parametrize("half_life", [0.25, 1.0, 7.0, 35.0])
@pytest.mark.parametrize(("days", "amounts"), DOSES.values(), ids=DOSES)
def test_mean_amount_is_the_integral(days: FloatArray, amounts: FloatArray, half_life: float) -> None:
    closed = remaining(days, amounts, GRID, half_life)
    # midpoint rule: error h^2 k^2 / 24, below 1e-6 of the amount for the shortest half-life
    assert closed == pytest.approx(integrated(days, amounts, half_life, GRID), rel=2e-6, abs=1e-9)


@pytest.mark.parametrize("step", [1.0, 0.5, 0.25])
def test_amounts_do_not_depend_on_the_grid(step: float) -> None:
    """Means over coarse intervals are means of the fine ones."""
    days, amounts = DOSES["between grid points"]
    fine = remaining(days, amounts, np.arange(-28.0, 60.0, step), 1.0)
    coarse = remaining(days, amounts, GRID, 1.0)
    assert fine.reshape(len(GRID), -1).mean(axis=1) == pytest.approx(coarse, rel=1e-9, abs=1e-15)


def test_whole_area_is_conserved() -> None:
    """The area under the amount is dose * half-life / ln 2 for every dose."""
    days, amounts = DOSES["between grid points"]
    long = np.arange(-28.0, 400.0)
    assert remaining(days, amounts, long, 7.0).sum() == pytest.approx(amounts.sum() * 7.0 / math.log(2.0), rel=1e-12)


def test_nothing_before_the_first_dose() -> None:
    mean = remaining(np.array([10.0]), np.array([1.0]), GRID, 1.0)
    assert np.all(mean[GRID < 10.0] == 0.0) and mean[GRID == 10.0] > 0.0


def test_doses_outside_the_grid() -> None:
    assert np.array_equal(remaining(np.array([500.0]), np.array([1.0]), GRID, 1.0), np.zeros(len(GRID)))
    assert np.array_equal(remaining(np.zeros(0), np.zeros(0), GRID, 1.0), np.zeros(len(GRID)))


@pytest.mark.parametrize("half_life", [0.25, 1.0, 21.0])
def test_dose_rate_settles_at_the_daily_dose(half_life: float) -> None:
    days = np.arange(0.0, 400.0)
    rate = dose_rate(days, np.full(400, 5.0), np.arange(0.0, 400.0), half_life)
    assert rate[-1] == pytest.approx(5.0, rel=2.0 * 2.0 ** (-400.0 / half_life) + 1e-9)
    assert np.all(np.diff(rate) >= -1e-12)


@pytest.mark.parametrize("half_life", [0.0, -1.0, float("nan")])
def test_half_life_must_be_positive(half_life: float) -> None:
    with pytest.raises(ValueError, match="half-life must be positive"):
        remaining(np.array([0.0]), np.array([1.0]), GRID, half_life)


def test_sessions() -> None:
    regimen = sessions(start=2.0, every=4.0, number=3, amount=1e10)
    assert regimen.days.tolist() == [14.0, 42.0, 70.0]
    assert regimen.amounts.tolist() == [1e10] * 3 and not regimen.daily
    assert sessions(start=1.0, every=None, number=1, amount=1.0).days.tolist() == [7.0]


def test_daily() -> None:
    regimen = daily(start=1.0, until=3.0, amount_per_day=2.0)
    assert regimen.days.tolist() == [float(day) for day in range(7, 21)]
    assert regimen.amounts.sum() == 28.0 and regimen.daily
    assert len(daily(start=4.0, until=4.0, amount_per_day=1.0).days) == 0
