"""Comparability of two batches or processes: two one-sided tests on the logarithms of potency and of particles.

Two processes are equivalent in a quantity where the 90 % confidence interval of the ratio of their geometric means lies
within the margin (Schuirmann 1987, doi:10.1007/BF01068419, from memory, not read; ICH Q5E asks for comparability).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from anagen.parameters import ParameterSet
from anagen.parameters.parameter import Z_90

if TYPE_CHECKING:
    from anagen.exosomes.fields import Figure
    from anagen.exosomes.product import Product

Answer = Literal["equivalent", "different", "not decided", "not shown"]


@dataclass(frozen=True, slots=True)
class Equivalence:
    """One quantity of two processes.

    Attributes
    ----------
    quantity : str
        What was compared.
    basis : str
        Lots of both, or the intervals of the two files.
    ratio : float or None
        Geometric mean of the second over that of the first.
    low : float or None
        Lower end of its 90 % confidence interval.
    high : float or None
        Upper end.
    margin : float
        Largest ratio, and the inverse of the smallest, that counts as the same.
    p : float or None
        The larger p value of the two one-sided tests.
    answer : Answer
        Equivalent where the interval lies within the margin, different where it lies outside, else not decided.
    """

    quantity: str
    basis: str
    ratio: float | None
    low: float | None
    high: float | None
    margin: float
    p: float | None
    answer: Answer


@dataclass(frozen=True, slots=True)
class Comparability:
    """Two products, batches or processes: potency and particles."""

    first: Product
    second: Product
    found: tuple[Equivalence, ...]

    @property
    def comparable(self) -> bool:
        """Whether they are equivalent in all that was compared."""
        return all(entry.answer == "equivalent" for entry in self.found)


def compare_products(first: Product, second: Product, parameters: ParameterSet) -> Comparability:
    """Whether two processes give the same product.

    Lots of both files are compared where each has two or more with the number; else the intervals of the files.

    Parameters
    ----------
    first : Product
        The process before a change.
    second : Product
        The process after it.
    parameters : ParameterSet
        The parameters of the model; margins are among them.
    """
    values = parameters.draw(1, 0)
    figures = (
        ("relative potency", "relative_potency", "release.comparable_potency", _potency(first), _potency(second)),
        ("particles per container", "particles", "release.comparable_particles", _count(first), _count(second)),
    )
    found = [
        _compared(name, _lots(first, field), _lots(second, field), one, other, values[margin])
        for name, field, margin, one, other in figures
    ]
    return Comparability(first, second, tuple(found))


def equivalence(quantity: str, basis: str, shift: float, error: float, free: float, margin: float) -> Equivalence:
    """Two one-sided tests of a difference of logarithms.

    t = (log margin -+ shift) / error; equivalent at 5 % where both p values are below it

    Parameters
    ----------
    quantity : str
        What is compared.
    basis : str
        From what.
    shift : float
        Difference of the means of the logarithms.
    error : float
        Its standard error.
    free : float
        Degrees of freedom; infinite for the normal distribution.
    margin : float
        Largest ratio that counts as the same, above 1.

    Examples
    --------
    >>> equivalence("potency", "lots", 0.0, 0.1, 10.0, 1.5).answer
    'equivalent'
    """
    from scipy.special import ndtr, stdtr, stdtrit

    normal = math.isinf(free)
    reach = math.log(margin)
    width = error * (Z_90 if normal else float(stdtrit(free, 0.95)))
    low, high = shift - width, shift + width
    if error > 0.0:
        ends = ((reach - shift) / error, (reach + shift) / error)
        p = max(float(ndtr(-end) if normal else stdtr(free, -end)) for end in ends)
    else:
        p = 0.0 if abs(shift) < reach else 1.0
    inside = -reach < low and high < reach
    answer: Answer = "equivalent" if inside else "different" if low > reach or high < -reach else "not decided"
    return Equivalence(quantity, basis, math.exp(shift), math.exp(low), math.exp(high), margin, p, answer)


def _compared(
    quantity: str, one: list[float], other: list[float], first: Figure | None, second: Figure | None, margin: float
) -> Equivalence:
    if min(len(one), len(other)) >= 2:
        basis = f"{len(one)} and {len(other)} lots"
        return equivalence(quantity, basis, *_welch(np.log(one), np.log(other)), margin)
    spreads = [_spread(figure) for figure in (first, second)]
    if first is not None and second is not None and None not in spreads:
        error = math.hypot(*(spread for spread in spreads if spread is not None))
        shift = math.log(second.value / first.value)
        return equivalence(quantity, "intervals of the two files", shift, error, math.inf, margin)
    short = "fewer than two lots and no interval in both files"
    return Equivalence(quantity, short, None, None, None, margin, None, "not shown")


def _welch(one: np.ndarray, other: np.ndarray) -> tuple[float, float, float]:
    """Difference of means, its standard error, degrees of freedom after Welch."""
    parts = [float(numbers.var(ddof=1)) / numbers.size for numbers in (one, other)]
    error = math.sqrt(sum(parts))
    below = sum(part**2 / (numbers.size - 1) for part, numbers in zip(parts, (one, other), strict=True))
    return float(other.mean() - one.mean()), error, sum(parts) ** 2 / below if below > 0.0 else math.inf


def _spread(figure: Figure | None) -> float | None:
    """Standard deviation of the logarithm from a 90 % interval."""
    if figure is None or figure.low is None or figure.high is None or figure.value <= 0.0:
        return None
    return math.log(figure.high / figure.low) / (2.0 * Z_90)


def _lots(product: Product, field: str) -> list[float]:
    numbers: Sequence[float | None] = [getattr(lot, field) for lot in product.lot]
    return [number for number in numbers if number is not None]


def _potency(product: Product) -> Figure | None:
    return None if product.potency is None else product.potency.relative_potency


def _count(product: Product) -> Figure | None:
    """The concentration; with vials of the same volume its ratio is that of the containers."""
    concentration, volume = product.particles.concentration, product.particles.vial_volume
    scaled = {
        key: None if getattr(concentration, key) is None else getattr(concentration, key) * volume
        for key in ("value", "low", "high")
    }
    return concentration.model_copy(update=scaled)
