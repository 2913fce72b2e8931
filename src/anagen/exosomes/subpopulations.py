"""Vesicles of a product by size: what small and large ones hold of the count, of the membrane and of the content.

Within a class the diameter is taken as log-uniform from a to b, so that E[d^k] = (b^k - a^k) / (k ln(b / a)); membrane
goes with d^2 and content with d^3. What the classes do to a cell is not known and is not told apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from anagen.exosomes.product_tables import Subpopulation

PERCENT = 100.0
WHOLE = 99.0
"""Percent of the count from which on the classes tell of all vesicles."""


@dataclass(frozen=True, slots=True)
class SizeClass:
    """One subpopulation and its shares.

    Attributes
    ----------
    name : str
        As the file names it.
    smallest : float
        Diameter [nm].
    largest : float
        Diameter [nm].
    count : float
        Share of the particles of all classes.
    membrane : float
        Share of their surface: what ligands and markers sit on.
    content : float
        Share of their volume: what fills a vesicle.
    """

    name: str
    smallest: float
    largest: float
    count: float
    membrane: float
    content: float


def moment(smallest: float, largest: float, power: int) -> float:
    """Mean of a power of a diameter that is log-uniform between two sizes.

    Parameters
    ----------
    smallest : float
        Diameter [nm].
    largest : float
        Larger diameter [nm].
    power : int
        At least 1.

    Examples
    --------
    >>> round(moment(50.0, 150.0, 1), 1), round(moment(99.9, 100.1, 3) / 1e6, 3)
    (91.0, 1.0)
    """
    return (largest**power - smallest**power) / (power * math.log(largest / smallest))


def size_classes(classes: Sequence[Subpopulation]) -> tuple[SizeClass, ...]:
    """Shares of every subpopulation in the count, the membrane and the content of all of them.

    Parameters
    ----------
    classes : Sequence of Subpopulation
        Of the product file.
    """
    weights = [
        tuple(
            entry.share * (1.0 if power == 0 else moment(entry.smallest, entry.largest, power)) for power in (0, 2, 3)
        )
        for entry in classes
    ]
    totals = [sum(column) for column in zip(*weights, strict=True)]
    return tuple(
        SizeClass(entry.name, entry.smallest, entry.largest, *(w / t for w, t in zip(row, totals, strict=True)))
        for entry, row in zip(classes, weights, strict=True)
    )


def tells_all(classes: Sequence[Subpopulation]) -> bool:
    """Whether the classes tell of (nearly) all particles of the count."""
    return sum(entry.share for entry in classes) >= WHOLE


def mean_volume(classes: Sequence[Subpopulation]) -> float:
    """Mean of the cubed diameter over all classes [nm3]."""
    total = sum(entry.share for entry in classes)
    return sum(entry.share * moment(entry.smallest, entry.largest, 3) for entry in classes) / total


def mean_between(classes: Sequence[Subpopulation]) -> tuple[float, float]:
    """Between which diameters [nm] the mean over all classes must lie, whatever their shape within."""
    total = sum(entry.share for entry in classes)
    low, high = (sum(entry.share * getattr(entry, end) for entry in classes) / total for end in ("smallest", "largest"))
    return low, high


def share_between(classes: Sequence[Subpopulation], low: float, high: float) -> tuple[float, float]:
    """Between which bounds [percent] the share of the particles from `low` to `high` [nm] lies.

    A class that reaches outside counts not at all in the lower bound and wholly in the upper one; so does what no class
    tells of.

    Parameters
    ----------
    classes : Sequence of Subpopulation
        Of the product file.
    low : float
        Diameter [nm].
    high : float
        Diameter [nm].
    """
    inside = sum(entry.share for entry in classes if low <= entry.smallest and entry.largest <= high)
    outside = sum(entry.share for entry in classes if entry.largest <= low or entry.smallest >= high)
    return inside, PERCENT - outside
