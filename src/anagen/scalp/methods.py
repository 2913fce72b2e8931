"""How hairs are looked at: which diameters a method sees, and how well it counts."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.registry import Registry

GREATEST_DIAMETER = 250
LEAST_APART = 0.5
"""Share of hairs told apart at the least, beyond every density that was measured."""
RATERS = 2
"""Raters who count the pictures of a trial."""
RATER_ERROR = "measurement.rater_error"
OWN, OWN_FILE = "picture_method.", "picture_method.toml"
"""How names of numbers begin that stand with an instrument and are no parameters of the model: not drawn, not
calibrated."""


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
    rater_error : str, default RATER_ERROR
        CV of the bias of raters.
    midpoints : Mapping[str, str]
        Midpoints by the ethnicity of a patient, whose hair has its pigment; that of `midpoint` for any other.
    crossing : str or None, default None
        Share of the hairs that is lost for each 100 hairs/cm2, because they touch and cross.
    area : str or None, default None
        Area for which `count_error` holds [cm2]; its square falls with the area. It holds for every one without.
    """

    name: str
    title: str
    sensitivity: str
    midpoint: str
    width: str
    count_error: str
    diameter_error: str
    collects: bool = False
    rater_error: str = RATER_ERROR
    midpoints: Mapping[str, str] = field(default_factory=dict[str, str])
    crossing: str | None = None
    area: str | None = None

    def parameter_names(self) -> tuple[str, ...]:
        """Names of every parameter that this method reads."""
        names = (self.sensitivity, self.midpoint, self.width, self.count_error, self.diameter_error)
        return tuple(name for name in names if not name.startswith(OWN))

    def number(self, name: str, values: Mapping[str, float]) -> float:
        """A number that a field names: one of the instrument's own, or the value of a parameter."""
        return own_numbers()[name] if name.startswith(OWN) else values[name]

    def count_cv(self, values: Mapping[str, float], area: float) -> float:
        """CV of a count in an area [cm2] between sessions."""
        cv = self.number(self.count_error, values)
        return cv if self.area is None else cv * math.sqrt(self.number(self.area, values) / area)

    def apart(self, density: FloatArray, values: Mapping[str, float]) -> FloatArray:
        """Share of hairs that neither touch nor cross another so that one is lost, for densities [1/cm2]."""
        if self.crossing is None:
            return np.ones_like(density)
        return np.maximum(1.0 - self.number(self.crossing, values) * density / 100.0, LEAST_APART)


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


@cache
def own_numbers() -> Mapping[str, float]:
    """Numbers of instruments that are no parameters, by name, in the units that their file gives."""
    text = resources.files("anagen.scalp").joinpath(OWN_FILE).read_text(encoding="utf-8")
    return {f"{OWN}{name}": float(entry["value"]) for name, entry in tomllib.loads(text).items()}


_PICTURE = Method(
    "picture",
    "picture read by software",
    sensitivity=f"{OWN}sensitivity",
    midpoint=f"{OWN}midpoint_brown",
    width=f"{OWN}width",
    count_error=f"{OWN}count_error",
    diameter_error=f"{OWN}diameter_error",
    rater_error=f"{OWN}rater_error",
    midpoints={
        "caucasian": f"{OWN}midpoint_brown",
        "asian": f"{OWN}midpoint_black",
        "african": f"{OWN}midpoint_black",
    },
    crossing=f"{OWN}crossing",
    area=f"{OWN}area",
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
    }
    | {"picture": _PICTURE},
)


def detection_curve(
    method: Method, values: Mapping[str, float], ethnicity: Mapping[str, float] | None = None
) -> FloatArray:
    """Chance that a hair of 0, 1, 2, ... um is detected: sensitivity / (1 + exp(-(d - midpoint) / width)).

    Parameters
    ----------
    method : Method
        Instrument.
    values : Mapping[str, float]
        Of the parameters.
    ethnicity : Mapping[str, float], optional
        Shares of the patients. Where the method's midpoint hangs on the pigment of hair, the curve is the mean of
        theirs.

    Returns
    -------
    FloatArray, shape (GREATEST_DIAMETER + 1,)
        0 to 1.
    """
    diameter = np.arange(GREATEST_DIAMETER + 1, dtype=np.float64)
    most, width = method.number(method.sensitivity, values), method.number(method.width, values)
    shares = ethnicity if ethnicity and method.midpoints else {"": 1.0}
    midpoints = [
        (share, method.number(method.midpoints.get(name, method.midpoint), values)) for name, share in shares.items()
    ]
    if len(midpoints) == 1:
        return most / (1.0 + np.exp(-(diameter - midpoints[0][1]) / width))
    total = sum(share for share, _ in midpoints)
    curves = [share / total / (1.0 + np.exp(-(diameter - midpoint) / width)) for share, midpoint in midpoints]
    return most * np.sum(curves, axis=0)


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
