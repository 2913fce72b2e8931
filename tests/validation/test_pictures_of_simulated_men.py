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


def held(men: int, retakes: int) -> None:
    rows = read(simulated(men, retakes))
    assert not any("refused" in row for row in rows)
    told = errors_of(rows)
    print(told)
    for name, most in MARGIN.items():
        assert told[name]["median"] < most, name
        assert AIM[name] < most


def test_two_men_are_read_within_the_margins() -> None:
    held(2, 1)


@pytest.mark.long
def test_six_men_are_read_within_the_margins_however_they_are_photographed() -> None:
    held(6, 5)
