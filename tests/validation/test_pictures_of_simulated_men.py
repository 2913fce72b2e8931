"""Figures read in photographs of simulated men are those that the product simulated, within the margins set before."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytest.importorskip("PIL")
pytest.importorskip("skimage")
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from measuring.scalps import simulated
from trichoscopy import AIM, MARGIN, errors_of, read


def medians(men: int, retakes: int) -> dict[str, float]:
    """Median error of every figure that has a margin."""
    rows = read(simulated(men, retakes))
    assert not any("refused" in row for row in rows)
    told = errors_of(rows)
    return {name: told[name]["median"] for name in MARGIN}


def test_two_men_are_read_within_the_margins() -> None:
    found = medians(2, 1)
    assert all(found[name] < most for name, most in MARGIN.items()), found


@pytest.mark.long
def test_six_men_are_read_within_the_margins_however_they_are_photographed() -> None:
    found = medians(6, 5)
    assert all(found[name] < AIM[name] < most for name, most in MARGIN.items()), found
