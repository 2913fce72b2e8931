"""How far figures of a picture were off, in pictures of its kind in which every hair is known.

The table `errors.csv` is written by `benchmarks/trichoscopy.py`; no number in it is set by hand.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

FIGURES = (
    "density",
    "nonvellus_density",
    "terminal_density",
    "mean_diameter",
    "terminal_share",
    "units",
    "growing_share",
)
"""Figures whose errors are measured, in the order in which they are told."""
RELATIVE = frozenset({"density", "nonvellus_density", "terminal_density", "units"})
"""Those whose errors are in percent of the truth; the others are in their own unit."""
FINE_SCALE, SHARP_BLUR, DARK_HAIR = 11.0, 16.0, 0.70
"""What parts kinds of pictures: scale [um/px], blur as judged [um], darkness of thick hairs."""


@dataclass(frozen=True, slots=True)
class Error:
    """Error of a figure in pictures of one kind.

    Attributes
    ----------
    bias : float
        Mean of read minus true.
    median : float
        Median of its size.
    ninety : float
        What nine in ten do not exceed.
    pictures : int
        How many were read.
    """

    bias: float
    median: float
    ninety: float
    pictures: int


def kind_of(scale: float, blur: float, full: float) -> str:
    """Kind of a picture, as the table names it.

    Parameters
    ----------
    scale : float
        [um/px].
    blur : float
        As judged [um].
    full : float
        Darkness of thick hairs.

    Examples
    --------
    >>> kind_of(10.0, 12.0, 0.85)
    'fine, sharp, dark hair'
    """
    return ", ".join(
        (
            "fine" if scale <= FINE_SCALE else "coarse",
            "sharp" if blur < SHARP_BLUR else "soft",
            "dark hair" if full >= DARK_HAIR else "pale hair",
        )
    )


@cache
def measured_errors() -> dict[tuple[str, str], Error]:
    """Errors by kind of picture and figure."""
    text = resources.files("anagen.trichoscopy").joinpath("errors.csv").read_text(encoding="utf-8")
    return {
        (row["kind"], row["figure"]): Error(
            float(row["bias"]), float(row["median"]), float(row["ninety"]), int(row["pictures"])
        )
        for row in csv.DictReader(text.splitlines())
    }
