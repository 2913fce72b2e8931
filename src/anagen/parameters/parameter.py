"""One number of the model with its unit, uncertainty, source and grade."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Distribution = Literal["fixed", "normal", "lognormal"]
Grade = Literal["A", "B", "C"]
DISTRIBUTIONS: tuple[Distribution, ...] = ("fixed", "normal", "lognormal")
GRADES: dict[Grade, str] = {
    "A": "established and sourced",
    "B": "supported, but thin",
    "C": "assumption or wide prior",
}
Z_90 = 1.6448536269514722
"""Half-width of a central 90 % interval in standard deviations of the normal distribution."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value in a documented unit with its prior.

    Attributes
    ----------
    name : str
        "<file>.<entry>", for example "follicle.exogen_mean".
    value : float
        Central value (the median of the prior).
    unit : str
        Unit in words, "1" where it has none.
    distribution : Distribution
        "fixed", "normal" or "lognormal".
    low : float
        5 % quantile of the prior; equal to `value` where fixed.
    high : float
        95 % quantile of the prior; equal to `value` where fixed.
    source : str
        Where the value comes from (DOI, PMID, or the reasoning).
    grade : Grade
        A established, B thin, C assumption.
    hand_set : bool, default True
        True where nobody fitted the value to data in this project.
    note : str, default ""
        What a reader should know before trusting it.
    lower : float, default -math.inf
        Physical bounds; draws are reflected into them.
    upper : float, default math.inf
        Physical bounds; draws are reflected into them.

    Raises
    ------
    ValueError
        Where the fields contradict one another.

    Examples
    --------
    >>> Parameter("x.y", 2.0, "day", "lognormal", 1.0, 4.0, "assumed", "C").quantile(0.0)
    2.0
    """

    name: str
    value: float
    unit: str
    distribution: Distribution
    low: float
    high: float
    source: str
    grade: Grade
    hand_set: bool = True
    note: str = ""
    lower: float = -math.inf
    upper: float = math.inf

    def __post_init__(self) -> None:
        numbers = (self.value, self.low, self.high)
        if not all(map(math.isfinite, numbers)) or math.isnan(self.lower) or math.isnan(self.upper):
            raise ValueError(f"{self.name}: value and interval must be finite numbers, and bounds numbers")
        if not self.lower <= self.value <= self.upper:
            raise ValueError(f"{self.name}: {self.value:g} lies outside its bounds, {self.lower:g} to {self.upper:g}")
        if self.distribution not in DISTRIBUTIONS:
            raise ValueError(
                f"{self.name}: distribution {self.distribution!r} is not one of {', '.join(DISTRIBUTIONS)}"
            )
        if self.grade not in GRADES:
            raise ValueError(f"{self.name}: grade {self.grade!r} is not one of {', '.join(GRADES)}")
        if not self.source.strip() or not self.unit.strip():
            raise ValueError(f"{self.name}: a source and a unit are required")
        if not self.low <= self.value <= self.high:
            raise ValueError(
                f"{self.name}: the 90 % interval [{self.low}, {self.high}] does not hold the value {self.value}"
            )
        if self.distribution == "lognormal" and self.low <= 0.0:
            raise ValueError(f"{self.name}: a log-normal prior needs positive quantiles")
        if self.distribution != "fixed" and self.low == self.high:
            raise ValueError(f"{self.name}: a {self.distribution} prior needs an interval of some width")

    def quantile(self, z: float) -> float:
        """Value of the prior at standard normal deviate `z`.

        normal: value + z (high - low) / (2 * 1.645); log-normal: value * (high / low) ** (z / (2 * 1.645)).
        A draw beyond a physical bound is reflected at it, and at the other one where it then lies beyond that; 0 is a
        bound of every log-normal prior.

        Examples
        --------
        >>> share = Parameter("x.share", 0.3, "1", "lognormal", 0.06, 1.5, "assumed", "C", upper=1.0)
        >>> [round(share.quantile(z), 2) for z in (0.0, 1.5, 3.0)]
        [0.3, 0.7, 0.35]
        """
        if self.distribution == "fixed":
            return self.value
        if self.distribution == "normal":
            drawn = self.value + z * (self.high - self.low) / (2.0 * Z_90)
        else:
            drawn = self.value * (self.high / self.low) ** (z / (2.0 * Z_90))
        lower = max(self.lower, 0.0) if self.distribution == "lognormal" else self.lower
        if lower <= drawn <= self.upper:
            return drawn
        if math.isfinite(lower) and math.isfinite(self.upper):
            width = self.upper - lower
            beyond = (drawn - lower) % (2.0 * width)
            return lower + min(beyond, 2.0 * width - beyond)
        return 2.0 * (lower if drawn < lower else self.upper) - drawn
