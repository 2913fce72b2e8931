"""Two batches or processes: two one-sided tests on the logarithms of potency and of particles."""

from __future__ import annotations

import math

import numpy as np
import pytest
from release_products import CORD
from scipy.stats import ttest_ind
from statsmodels.stats.weightstats import ttost_ind

from anagen.exosomes import Product, parse_product
from anagen.exosomes.release import compare_products
from anagen.exosomes.release.comparability import Equivalence, equivalence
from anagen.parameters import load_parameters

PARAMETERS = load_parameters("prior")
OLD, NEW = (1.0, 1.1, 0.95, 1.05, 1.02), (1.08, 0.98, 1.12, 1.01, 1.05)


def made(potencies: tuple[float, ...], text: str = CORD) -> Product:
    lots = (
        f'[[lot]]\nname = "{i}"\nrelative_potency = {p}\nparticles = "{p}e11 particles"\n'
        for i, p in enumerate(potencies)
    )
    return parse_product(text + "\n".join(lots))


def found(first: Product, second: Product, quantity: str) -> Equivalence:
    return next(e for e in compare_products(first, second, PARAMETERS).found if e.quantity == quantity)


def test_lots_are_compared_as_statsmodels_does() -> None:
    mine = found(made(OLD), made(NEW), "relative potency")
    reach = math.log(1.5)
    p, _, _ = ttost_ind(np.log(NEW), np.log(OLD), -reach, reach, usevar="unequal")
    assert mine.p == pytest.approx(p, rel=1e-6) and mine.answer == "equivalent" and mine.basis == "5 and 5 lots"
    interval = ttest_ind(np.log(NEW), np.log(OLD), equal_var=False).confidence_interval(0.9)
    assert (mine.low, mine.high) == pytest.approx((math.exp(interval.low), math.exp(interval.high)))
    assert compare_products(made(OLD), made(NEW), PARAMETERS).comparable


def test_few_and_scattered_lots_decide_nothing_and_a_large_shift_is_a_difference() -> None:
    assert found(made((0.6, 1.6)), made((0.7, 1.5)), "relative potency").answer == "not decided"
    far = tuple(3.0 * potency for potency in OLD)
    assert found(made(OLD), made(far), "relative potency").answer == "different"
    assert not compare_products(made(OLD), made(far), PARAMETERS).comparable


def test_without_lots_the_intervals_of_the_files_are_compared() -> None:
    same = found(parse_product(CORD), parse_product(CORD), "relative potency")
    assert same.basis == "intervals of the two files" and same.ratio == 1.0
    assert (same.low, same.high) == pytest.approx(
        (math.exp(-(2**0.5) * math.log(1.5)), math.exp(2**0.5 * math.log(1.5)))
    )
    assert same.answer == "not decided"
    bare = CORD.replace("value = 1.2, low = 0.8, high = 1.8", "value = 1.2")
    assert found(parse_product(bare), parse_product(CORD), "relative potency").answer == "not shown"


def test_containers_are_compared_and_not_concentrations() -> None:
    half = CORD.replace("5e10 particles/mL", "1e11 particles/mL").replace("4e10 particles/mL", "8e10 particles/mL")
    half = half.replace("6e10 particles/mL", "1.2e11 particles/mL").replace(
        'vial_volume = "2 mL"', 'vial_volume = "1 mL"'
    )
    assert found(parse_product(CORD), parse_product(half), "particles per container").ratio == pytest.approx(1.0)


@pytest.mark.parametrize(("shift", "answer"), [(0.0, "equivalent"), (0.2, "not decided"), (1.0, "different")])
def test_the_interval_and_the_p_value_say_the_same(shift: float, answer: str) -> None:
    one = equivalence("x", "y", shift, 0.15, math.inf, 1.5)
    assert one.answer == answer and one.p is not None
    assert (one.p < 0.05) == (answer == "equivalent")
