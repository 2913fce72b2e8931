"""How hairs are looked at: which diameters a method sees, and how well it counts."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.registry import Registry

GREATEST_DIAMETER = 250
RATERS = 2
"""Raters who count the pictures of a trial."""


@dataclass(frozen=True, slots=True)
class Method:
    """An instrument: the fields name parameters.

    Attributes
    ----------
    sensitivity : str
        Share of thick hairs that it sees (pale and overlapping ones are missed).
    midpoint : str
        Diameter at which half of that is left [um].
    width : str
        Logistic width of that edge [um].
    count_error : str
        CV of a count between sessions of the same rater.
    diameter_error : str
        CV of a mean diameter.
    collects : bool, default False
        Hairs are taken off and counted under a microscope, so that what makes one study's pictures differ from
        another's does not matter.
    """

    name: str
    title: str
    sensitivity: str
    midpoint: str
    width: str
    count_error: str
    diameter_error: str
    collects: bool = False

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that this method reads."""
        return (self.sensitivity, self.midpoint, self.width, self.count_error, self.diameter_error)


def _method(name: str, title: str, *, collects: bool = False) -> Method:
    prefix = f"measurement.{name.replace('-', '_')}"
    return Method(
        name,
        title,
        f"{prefix}_sensitivity",
        f"{prefix}_midpoint",
        "measurement.detection_width",
        f"{prefix}_count_error",
        "measurement.diameter_error",
        collects,
    )


METHODS: Registry[Method] = Registry(
    "method",
    {
        name: _method(name, title, collects=collects)
        for name, title, collects in (
            ("phototrichogram", "phototrichogram", False),
            ("macrophotograph", "macrophotograph with visible hairs counted", False),
            ("trichoscan", "automated phototrichogram (TrichoScan)", False),
            ("unit-area-trichogram", "unit area trichogram", True),
        )
    },
)


def detection_curve(method: Method, values: Mapping[str, float]) -> FloatArray:
    """Chance that a hair of 0, 1, 2, ... um is detected: sensitivity / (1 + exp(-(d - midpoint) / width))."""
    diameter = np.arange(GREATEST_DIAMETER + 1, dtype=np.float64)
    return values[method.sensitivity] / (1.0 + np.exp(-(diameter - values[method.midpoint]) / values[method.width]))


def between_raters(rater_error: float) -> float:
    """Variance that the raters of one trial add to its counts, relative to their mean square.

    Each of RATERS raters has a bias of coefficient of variation `rater_error` and every picture goes to one of them at
    random; what they have in common cancels within a trial.

    Examples
    --------
    >>> between_raters(0.1)
    0.005000000000000001
    """
    return rater_error**2 * (1.0 - 1.0 / RATERS)


def least_spread(mean: float, *, count_error: float, rater_error: float) -> float:
    """Standard deviation of counts below which no group of patients can lie: that of counting the same scalp.

    Parameters
    ----------
    mean : float
        Mean count, in any unit.
    count_error : float
        CV of a count between sessions of the same rater: the parameter that `Method.count_error` names.
    rater_error : float
        CV of the bias of raters, measurement.rater_error.

    Returns
    -------
    float
        In the unit of the mean.

    Examples
    --------
    >>> round(least_spread(150.0, count_error=0.062, rater_error=0.029), 1)
    9.8
    """
    return mean * math.sqrt(count_error**2 + between_raters(rater_error))
