"""How far a grid of injections reaches: exact areas against thrown points."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from anagen.core.streams import Purpose, uniforms
from anagen.delivery.vesicles.grid import Grid, Lattice, covered_share, reach, treated_share
from anagen.parameters import load_parameters

VALUES = load_parameters("prior").draw(1, 0)


def thrown(radius: float, lattice: Lattice, number: int = 200_000) -> float:
    """Share of points thrown on the plane that lie within `radius` of a lattice point at spacing 1."""
    u, v = (uniforms(3, Purpose.COVARIATE, patient=np.arange(number), item=i) for i in (0, 1))
    second = np.array([0.0, 1.0]) if lattice == "square" else np.array([0.5, math.sqrt(0.75)])
    points = u[:, None] * np.array([1.0, 0.0]) + v[:, None] * second
    nearest = np.full(number, np.inf)
    for i in range(-2, 4):
        for j in range(-2, 4):
            node = i * np.array([1.0, 0.0]) + j * second
            nearest = np.minimum(nearest, np.hypot(*(points - node).T))
    return float((nearest <= radius).mean())


@pytest.mark.parametrize("lattice", ["square", "hexagonal"])
@pytest.mark.parametrize("radius", [0.2, 0.45, 0.5, 0.53, 0.56, 0.6, 0.66, 0.7])
def test_share_agrees_with_thrown_points(lattice: Lattice, radius: float) -> None:
    share = float(covered_share(np.array([radius]), 1.0, lattice)[0])
    error = math.sqrt(max(share * (1.0 - share), 1e-5) / 200_000)
    assert abs(share - thrown(radius, lattice)) < 4.0 * error + 1e-5


@pytest.mark.parametrize(("lattice", "corner"), [("square", math.sqrt(0.5)), ("hexagonal", math.sqrt(1.0 / 3.0))])
def test_share_grows_without_a_jump_and_ends_at_the_corner(lattice: Lattice, corner: float) -> None:
    radius = np.linspace(0.0, 0.8, 8001)
    share = covered_share(radius, 1.0, lattice)
    assert np.all(np.diff(share) >= 0.0) and np.diff(share).max() < 1e-3
    assert np.all(share[radius < corner - 1e-3] < 1.0) and np.all(share[radius > corner] == 1.0)


def test_only_the_ratio_of_radius_and_spacing_counts() -> None:
    assert covered_share(np.array([6.0]), 10.0)[0] == pytest.approx(covered_share(np.array([0.6]), 1.0)[0], rel=1e-14)


def test_blebs_of_a_tenth_of_a_millilitre_on_one_centimetre_cover_half() -> None:
    assert treated_share(Grid(10.0, 50, 0.1), np.array([0.0]), VALUES)[0] == pytest.approx(0.5, abs=0.01)


def test_reach_grows_by_less_than_a_millimetre_a_day() -> None:
    for diffusivity in (0.1, 2.0):
        path = reach(np.array([0.0, 1.0]), 0.1, {**VALUES, "injection_grid.diffusivity": diffusivity})
        assert 0.15 < path[1] - path[0] < 0.85


def test_narrower_spacing_or_more_volume_treats_more() -> None:
    grid = Grid(10.0, 50, 0.1)
    share = treated_share(grid, np.array([1.0]), VALUES)
    assert treated_share(replace(grid, spacing=8.0), np.array([1.0]), VALUES) > share
    assert treated_share(replace(grid, bleb_volume=0.15), np.array([1.0]), VALUES) > share
    assert treated_share(replace(grid, lattice="hexagonal"), np.array([1.0]), VALUES) > share


def test_area_and_volume_of_a_grid() -> None:
    assert Grid(10.0, 50, 0.1).area() == pytest.approx(50.0)
    assert Grid(10.0, 50, 0.1, "hexagonal").area() == pytest.approx(50.0 * math.sqrt(0.75))
    assert Grid(10.0, 50, 0.1).volume() == pytest.approx(5.0)


@pytest.mark.parametrize("change", [{"spacing": 0.0}, {"points": 0}, {"bleb_volume": -0.1}])
def test_impossible_grids_are_refused(change: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        replace(Grid(10.0, 50, 0.1), **change)
