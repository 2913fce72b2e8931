"""Counts of shed hairs: what a test collects, how it scatters, and that it stands on published counts alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from anagen.core.arrays import FloatArray
from anagen.follicles.arguments import SUMS
from anagen.parameters import load_parameters
from anagen.scalp import ENDPOINTS, Hairs
from anagen.scalp.counting import counted
from anagen.scalp.endpoints.shedding import BUNDLE
from anagen.scalp.judging import Look, Session
from anagen.trials.screening import candidates
from small_studies import small_scene, small_study

VALUES = load_parameters("prior").draw(0, 0)
TESTS = ("comb_count", "wash_count", "hair_pull")
PEOPLE = candidates(small_scene(small_study({"nothing": [], "control": []}), source="prior"), np.arange(6000), 0)
SHED, HAIRS = 75.0, 105_000.0
"""Healthy people shed 50 to 100 of 100,000 to 110,000 hairs a day, as texts have it."""


def _hairs() -> Hairs:
    """Two cm2 with 300 hairs that shed 56 in four weeks, beside spared scalp that sheds 7 per cm2."""
    sums = {**{name: np.ones(1) for name in SUMS}, "hairs": np.array([300.0]), "shed": np.array([56.0])}
    return Hairs(**sums, area=2.0, shed_window=28.0, scalp_area=360.0, spared_shed=np.array([7.0]), spared_share=0.6)


def read(name: str, due: float, visits: tuple[float, ...] = (0.0, 84.0)) -> FloatArray:
    """Counts of everybody, of whom the same is due at every visit [patient, visit]."""
    judge = ENDPOINTS[name].judge
    assert judge is not None
    shape = len(PEOPLE), len(visits)
    session = Session(PEOPLE, np.array(visits), VALUES, 7)
    true, expected, measured = judge.judge(Look(session, np.full(shape, due), np.zeros(shape)), name)
    assert np.array_equal(true, expected)
    assert np.all(measured == np.rint(measured)) and measured.min() >= 0.0
    return measured


@pytest.mark.parametrize(
    ("name", "due", "published", "sd"),
    [
        ("comb_count", SHED, 10.25, None),  # Wasko 2008: 10.2 and 10.3 in two groups of 30
        ("wash_count", SHED, 27.9, 12.2),  # Li 2022
        ("hair_pull", BUNDLE * SHED / HAIRS, 0.44, 0.75),  # McDonald 2017
    ],
)
def test_healthy_people_have_the_published_counts(name: str, due: float, published: float, sd: float | None) -> None:
    """By what is published of their shedding, whatever the model's own patients shed."""
    count = read(name, due)[:, 0]
    assert count.mean() == pytest.approx(published, rel=0.06)
    if sd is not None:
        # patients of the model differ in shedding too, which the published spread holds
        assert 0.75 * sd < count.std() < 1.05 * sd


def test_a_pull_of_two_hairs_or_fewer_is_normal() -> None:
    """97.2 % of 181 healthy volunteers, McDonald 2017: 93.6 to 99.1 % by its standard error."""
    assert 0.936 < (read("hair_pull", BUNDLE * SHED / HAIRS)[:, 0] <= 2.0).mean() < 0.991


def test_the_greatest_of_thirty_combed_counts_is_as_published() -> None:
    """43 and 78 in two groups of 30 men, Wasko 2008: both lie between the 5 and 95 % points of the greatest of 30."""
    greatest = read("comb_count", SHED)[:, 0].reshape(-1, 30).max(axis=1)
    low, high = np.quantile(greatest, (0.05, 0.95))
    assert low < 43.0 and high > 78.0


@pytest.mark.parametrize("name", TESTS)
def test_counts_are_whole_hairs_of_people_who_differ(name: str) -> None:
    """Mean mu and variance mu + (cv mu)^2, and what differs between people stays with them."""
    judge = ENDPOINTS[name].judge
    assert judge is not None
    share, between = (VALUES[each] for each in judge.parameter_names())
    count = read(name, 40.0 / share)
    assert count.mean() == pytest.approx(40.0, rel=0.06)
    assert count[:, 0].var() == pytest.approx(40.0 + (40.0 * between) ** 2, rel=0.25)
    assert (count[:, 1] - count[:, 0]).var() == pytest.approx(2.0 * 40.0, rel=0.12), "a change holds whole hairs alone"


@pytest.mark.parametrize("name", TESTS)
def test_a_further_visit_moves_no_count(name: str) -> None:
    assert np.array_equal(read(name, 60.0), read(name, 60.0, (0.0, 28.0, 84.0))[:, [0, 2]])


def test_counts_follow_their_distribution() -> None:
    """Up to exp(-mu) none, up to exp(-mu) (1 + mu) one, up to exp(-mu) (1 + mu + mu^2 / 2) two hairs."""
    mean, ends = 1.5, np.exp(-1.5) * np.array([1.0, 2.5, 3.625])
    for below, at in enumerate(ends.tolist()):
        u = np.array([at - 1e-9, at + 1e-9])
        assert counted(np.full(2, mean), u).tolist() == [below, below + 1.0]


def test_nothing_is_pulled_from_bald_skin_and_nothing_falls_from_it() -> None:
    bald = replace(_hairs(), **{name: np.zeros(1) for name in ("hairs", "shed")}, spared_shed=np.zeros(1))
    assert np.isnan(ENDPOINTS["hair_pull"].value(bald)[0])
    assert ENDPOINTS["wash_count"].value(bald)[0] == 0.0


def test_scalp_that_the_condition_spares_counts_with_its_share() -> None:
    """All spared: the spared rate; none spared, or nobody asks: the target area's."""
    seen, per_day = _hairs(), ENDPOINTS["shed_per_day"].value
    target, spared = 56.0 / 28.0 / 2.0 * 360.0, 7.0 / 28.0 * 360.0
    assert per_day(replace(seen, spared_share=1.0))[0] == pytest.approx(spared)
    assert per_day(replace(seen, spared_share=0.0))[0] == pytest.approx(target)
    assert per_day(replace(seen, spared_shed=None))[0] == pytest.approx(target)
    assert per_day(replace(seen, spared_share=0.25))[0] == pytest.approx(0.75 * target + 0.25 * spared)
