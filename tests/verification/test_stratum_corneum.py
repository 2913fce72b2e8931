"""Exact diffusion through the stratum corneum: lag, flux, mass, and a fine numerical solution."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import expm

from anagen.core.arrays import FloatArray
from anagen.delivery.skin.finite_dose import EARLY, finite_dose, roots
from anagen.delivery.skin.stratum_corneum import MEET, amount_out, flux_out, lag_time, permeability
from delivery_references import amount_held, amount_in, profile

TIMES = np.array([0.003, 0.01, 0.03, 0.0999, 0.1, 0.1001, 0.3, 1.0, 4.0])


def long_series(scaled: float, terms: int = 400) -> float:
    """1 + 2 sum (-1)^n exp(-n^2 pi^2 T) with many terms."""
    n = np.arange(1, terms + 1)
    return float(1.0 + 2.0 * ((-1.0) ** n * np.exp(-(n**2) * math.pi**2 * scaled)).sum())


@pytest.mark.parametrize("scaled", TIMES)
def test_flux_is_the_published_series(scaled: float) -> None:
    assert flux_out(np.array([scaled]))[0] == pytest.approx(long_series(scaled), abs=1e-13)


def test_early_and_late_forms_meet() -> None:
    around = np.array([MEET * (1.0 - 1e-13), MEET])
    for quantity in (flux_out, amount_out, amount_in, amount_held):
        early, late = quantity(around)
        assert early == pytest.approx(late, rel=1e-10)


def test_lag_is_the_intercept_of_the_steady_part() -> None:
    thickness, diffusivity = 15e-4, 2e-7
    late = 20.0
    slope = flux_out(np.array([late]))[0]
    intercept = late - amount_out(np.array([late]))[0] / slope
    assert intercept * thickness**2 / diffusivity == pytest.approx(lag_time(thickness, diffusivity), rel=1e-12)


def test_mass_balances_at_every_time() -> None:
    times = np.concatenate([np.geomspace(1e-8, 1e-3, 40), np.geomspace(1e-3, 50.0, 400)])
    assert np.abs(amount_in(times) - amount_out(times) - amount_held(times)).max() < 1e-12


@pytest.mark.parametrize("scaled", [0.01, 0.05, 0.0999, 0.1, 0.5])
def test_profile_holds_what_the_series_says(scaled: float) -> None:
    depth = np.linspace(0.0, 1.0, 2001)
    held = np.trapezoid(profile(depth, scaled), depth)
    assert held == pytest.approx(amount_held(np.array([scaled]))[0], abs=1e-6)


def method_of_lines(stop: FloatArray, capacity: float, loss: float, cells: int) -> FloatArray:
    """Surface, held, permeated, lost of a finite dose by finite volumes; capacity 0 keeps the surface at 1.

    Values on the faces are second order; the result is extrapolated by the caller.
    """
    h = 1.0 / cells

    def slopes(_: float, y: FloatArray) -> FloatArray:
        film, c = y[0], y[3:]
        entering = (film - c[0]) / (0.5 * h)
        between = (c[:-1] - c[1:]) / h
        leaving = c[-1] / (0.5 * h)
        dc = -np.diff(np.concatenate([[entering], between, [leaving]])) / h
        if capacity == 0.0:
            return np.concatenate([[0.0, leaving, entering], dc])
        return np.concatenate([[-capacity * entering - loss * film, capacity * leaving, loss * film], dc])

    # the equations are linear, so that the grid is solved without a time step
    matrix = np.array([slopes(0.0, unit) for unit in np.eye(cells + 3)]).T
    y = np.array([expm(matrix * time)[:, 0] for time in stop]).T
    held = h * y[3:].sum(axis=0) * (capacity if capacity > 0.0 else 1.0)
    return np.array([y[0], held, y[1], y[2]])


def extrapolated(stop: FloatArray, capacity: float, loss: float) -> FloatArray:
    coarse, fine = (method_of_lines(stop, capacity, loss, cells) for cells in (60, 120))
    return fine + (fine - coarse) / 3.0


def test_lasting_excess_agrees_with_a_fine_numerical_solution() -> None:
    times = np.array([0.02, 0.1, 0.5, 2.0])
    _, held, out, into = extrapolated(times, 0.0, 0.0)
    assert np.abs(out - amount_out(times)).max() < 1e-6
    assert np.abs(held - amount_held(times)).max() < 1e-5
    assert np.abs(into - amount_in(times)).max() < 1e-5


@pytest.mark.parametrize(("capacity", "loss"), [(0.5, 0.0), (0.5, 23.0), (3.0, 1.0), (0.02, 0.1)])
def test_finite_dose_agrees_with_a_fine_numerical_solution(capacity: float, loss: float) -> None:
    times = np.array([0.02, 0.1, 0.5, 2.0])
    exact = finite_dose(times, capacity=capacity, loss=loss)
    surface, held, permeated, lost = extrapolated(times, capacity, loss)
    pairs = ((exact.surface, surface), (exact.held, held), (exact.permeated, permeated), (exact.lost, lost))
    for mine, theirs in pairs:
        assert np.abs(mine - theirs).max() < 2e-5


@settings(max_examples=60)
@given(
    capacity=st.floats(1e-4, 50.0),
    loss=st.one_of(st.just(0.0), st.floats(1e-4, 200.0)),
    scaled=st.floats(0.0, 100.0),
)
def test_finite_dose_keeps_its_mass(capacity: float, loss: float, scaled: float) -> None:
    shares = finite_dose(np.array([scaled]), capacity=capacity, loss=loss)
    parts = np.array([shares.surface[0], shares.held[0], shares.permeated[0], shares.lost[0]])
    assert parts.sum() == pytest.approx(1.0, abs=1e-9)
    assert np.all(parts >= -1e-9) and np.all(parts <= 1.0 + 1e-9)


@pytest.mark.parametrize(("capacity", "loss"), [(0.5, 0.0), (0.5, 23.0), (3.0, 2.25)])
def test_finite_dose_is_continuous_where_its_forms_meet(capacity: float, loss: float) -> None:
    """At (3, 2.25) the two roots of the early form coincide."""
    shares = finite_dose(np.array([EARLY * (1.0 - 1e-12), EARLY]), capacity=capacity, loss=loss)
    for part in (shares.surface, shares.held, shares.permeated, shares.lost):
        assert part[0] == pytest.approx(part[1], abs=1e-8)


def test_roots_lie_one_in_each_interval() -> None:
    b = roots(2.0, 5.0)
    assert np.all((b > np.arange(len(b)) * math.pi) & (b < (np.arange(len(b)) + 1) * math.pi))


def test_a_dose_with_no_loss_goes_through_in_the_end() -> None:
    assert finite_dose(np.array([1e4]), capacity=0.1, loss=0.0).permeated[0] == pytest.approx(1.0, abs=1e-9)


def test_permeability_falls_with_mass_and_rises_with_lipophilicity() -> None:
    assert permeability(3.0, 300.0) > permeability(1.0, 300.0) > permeability(1.0, 500.0)
    assert permeability(1.24, 209.2) == pytest.approx(10 ** (-2.7 + 0.71 * 1.24 - 0.0061 * 209.2))


@pytest.mark.parametrize(("capacity", "loss"), [(0.0, 1.0), (1.0, -1.0)])
def test_impossible_skin_is_refused(capacity: float, loss: float) -> None:
    with pytest.raises(ValueError, match=r"must (not )?be"):
        finite_dose(np.zeros(1), capacity=capacity, loss=loss)
