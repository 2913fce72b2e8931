"""A maker's stability series: regression on time, batches pooled where they may be, where the bound meets the limit.

ICH Q1E (2003): the attribute is regressed on time, and the shelf life is the earliest time at which the one-sided 95 %
confidence bound of the mean meets the acceptance limit. Batches share a slope, then an intercept, where the test of
their difference has p of 0.25 or more, each against the mean square of separate lines; where they share none, the worst
batch decides. ICH Q5C (1995): for biological products real time decides; nothing beyond the last reading is supported.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from anagen.core.arrays import FloatArray

Scale = Literal["log", "linear"]
Pooled = Literal["one line", "one slope", "separate lines"]
CONFIDENCE, POOLING = 0.95, 0.25
"""Level of the one-sided bound and significance for pooling, ICH Q1E sections 2.4 and appendix B."""
HORIZON = 3650.0
"""Days that are searched for the crossing."""
LEAST_TIMES, LEAST_TEMPERATURES = 3, 3
_TINY = 1.0e-20


@dataclass(frozen=True, slots=True)
class Reading:
    """One result of a series: batch, day, value."""

    batch: str
    days: float
    value: float


@dataclass(frozen=True)
class Line:
    """The regression of one attribute at one condition.

    Attributes
    ----------
    scale : Scale
        Whether the logarithm of the attribute is regressed (loss in proportion) or itself (loss by amount).
    pooled : Pooled
        What batches share.
    p_slopes : float, optional
        Test that slopes are equal; None for one batch or where too few readings allow no test.
    p_intercepts : float, optional
        Test that intercepts are equal, given equal slopes.
    batches : tuple[str, ...]
        Names, in order of the file.
    intercepts : tuple[float, ...]
        One per batch, on the scale of the regression.
    slopes : tuple[float, ...]
        One per batch, per day, on the scale of the regression.
    freedom : int
        Residual degrees of freedom.
    residual : float
        Residual standard deviation, on the scale of the regression.
    last_day : float
        Of the readings.
    covariances : tuple of FloatArray
        Of intercept and slope, one 2 x 2 table per batch.
    """

    scale: Scale
    pooled: Pooled
    p_slopes: float | None
    p_intercepts: float | None
    batches: tuple[str, ...]
    intercepts: tuple[float, ...]
    slopes: tuple[float, ...]
    freedom: int
    residual: float
    last_day: float
    covariances: tuple[FloatArray, ...]

    def mean(self, days: FloatArray, batch: int = 0) -> FloatArray:
        """The line of a batch, in the unit of the attribute."""
        return self._back(self.intercepts[batch] + self.slopes[batch] * days)

    def bound(self, days: FloatArray, batch: int = 0) -> FloatArray:
        """One-sided lower 95 % confidence bound of the mean of a batch, in the unit of the attribute."""
        design = np.stack([np.ones_like(days), days])
        error = np.sqrt(np.maximum(np.einsum("it,ij,jt->t", design, self.covariances[batch], design), 0.0))
        return self._back(self.intercepts[batch] + self.slopes[batch] * days - self.deviate * error)

    @property
    def deviate(self) -> float:
        """Quantile of Student's t for the one-sided bound."""
        from scipy.special import stdtrit

        return float(stdtrit(self.freedom, CONFIDENCE))

    def crossing(self, limit: float) -> float:
        """Day on which the first bound of a batch meets the limit; infinite where none does in ten years."""
        return min(self._crossing(limit, batch) for batch in range(len(self.batches)))

    def _crossing(self, limit: float, batch: int) -> float:
        days = np.linspace(0.0, HORIZON, 3651)
        below = np.flatnonzero(self.bound(days, batch) < limit)
        if below.size == 0:
            return math.inf
        if below[0] == 0:
            return 0.0
        low, high = float(days[below[0] - 1]), float(days[below[0]])
        while high - low > 1.0e-9 * high:
            middle = 0.5 * (low + high)
            if middle in (low, high):
                break
            above = float(self.bound(np.array([middle]), batch)[0]) >= limit
            low, high = (middle, high) if above else (low, middle)
        return high

    def _back(self, fitted: FloatArray) -> FloatArray:
        return np.exp(fitted) if self.scale == "log" else fitted


def fit_line(readings: Sequence[Reading], scale: Scale = "log") -> Line | None:
    """Regress an attribute on time over batches, pooled as ICH Q1E pools them.

    Parameters
    ----------
    readings : Sequence[Reading]
        Of one attribute at one condition; values above 0 where their logarithm is taken.
    scale : Scale, default "log"
        What is regressed.

    Returns
    -------
    Line or None
        None where there are fewer than three times, or no reading is left to tell the scatter.

    Examples
    --------
    >>> line = fit_line([Reading("1", d, v) for d, v in [(0, 100), (90, 98), (180, 93), (270, 92)]], "linear")
    >>> round(line.slopes[0] * 365, 1), round(line.crossing(80.0))
    (-11.8, 451)
    """
    names = tuple(dict.fromkeys(reading.batch for reading in readings))
    days = np.array([reading.days for reading in readings])
    values = np.array([reading.value for reading in readings])
    if np.unique(days).size < LEAST_TIMES:
        return None
    fitted = np.log(values) if scale == "log" else values
    member = np.array([[reading.batch == name for name in names] for reading in readings], dtype=float)
    ones = np.ones((days.size, 1))
    designs: dict[Pooled, FloatArray] = {
        "one line": np.hstack([ones, days[:, None]]),
        "one slope": np.hstack([member, days[:, None]]),
        "separate lines": np.hstack([member, member * days[:, None]]),
    }
    squares: dict[Pooled, float] = {pooled: _squares(design, fitted) for pooled, design in designs.items()}
    pooled, p_slopes, p_intercepts = _pooling(squares, designs, len(names), days.size)
    design = designs[pooled]
    freedom = days.size - design.shape[1]
    if freedom < 1 or np.linalg.matrix_rank(design) < design.shape[1]:
        return None
    coefficients = np.linalg.lstsq(design, fitted, rcond=None)[0]
    variance = squares[pooled] / freedom
    covariance = np.linalg.inv(design.T @ design) * variance
    pick = [_columns(pooled, place, len(names)) for place in range(len(names))]
    return Line(
        scale,
        pooled,
        p_slopes,
        p_intercepts,
        names,
        tuple(float(coefficients[i]) for i, _ in pick),
        tuple(float(coefficients[j]) for _, j in pick),
        freedom,
        math.sqrt(variance),
        float(days.max()),
        tuple(covariance[np.ix_(both, both)] for both in pick),
    )


def _squares(design: FloatArray, fitted: FloatArray) -> float:
    coefficients = np.linalg.lstsq(design, fitted, rcond=None)[0]
    return float(np.sum((fitted - design @ coefficients) ** 2))


def _pooling(
    squares: dict[Pooled, float], designs: dict[Pooled, FloatArray], batches: int, readings: int
) -> tuple[Pooled, float | None, float | None]:
    """What batches share, and the two tests; both have the mean square of separate lines below them."""
    separate = designs["separate lines"]
    freedom = readings - separate.shape[1]
    if batches == 1:
        return "one line", None, None
    if freedom < 1 or np.linalg.matrix_rank(separate) < separate.shape[1]:
        # Without a test batches are not pooled: one slope is the most that such a series can tell.
        return "one slope", None, None
    error = squares["separate lines"] / freedom
    p_slopes = _p_value(squares["one slope"] - squares["separate lines"], batches - 1, error, freedom)
    p_intercepts = _p_value(squares["one line"] - squares["one slope"], batches - 1, error, freedom)
    if p_slopes < POOLING:
        return "separate lines", p_slopes, p_intercepts
    return ("one slope" if p_intercepts < POOLING else "one line"), p_slopes, p_intercepts


def _p_value(extra: float, more: int, error: float, freedom: int) -> float:
    from scipy.special import fdtrc

    if extra <= _TINY:
        return 1.0
    return 0.0 if error <= _TINY else float(fdtrc(more, freedom, extra / more / error))


def _columns(pooled: Pooled, place: int, batches: int) -> tuple[int, int]:
    """Columns of intercept and slope of a batch."""
    if pooled == "one line":
        return 0, 1
    return place, batches if pooled == "one slope" else batches + place


@dataclass(frozen=True, slots=True)
class Rate:
    """Slow loss per day at one temperature [C] with its standard error."""

    temperature: float
    rate: float
    error: float


def loss_rate(line: Line, temperature: float) -> Rate:
    """Loss per day of a line on the logarithm: the mean over batches; they may share a slope or scatter about it."""
    slopes = np.array(line.slopes)
    if line.pooled == "separate lines":
        error = float(slopes.std(ddof=1)) / math.sqrt(slopes.size)
    else:
        error = math.sqrt(float(line.covariances[0][1, 1]))
    return Rate(temperature, -float(slopes.mean()), error)


@dataclass(frozen=True, slots=True)
class Arrhenius:
    """Loss over temperature: ln k = ln k_ref - Ea / R (1 / T - 1 / T_ref).

    Attributes
    ----------
    energy : float
        Activation energy [kJ/mol].
    energy_error : float
        Its standard error.
    reference : float
        Temperature [C] at the mean of 1 / T.
    rate : float
        Loss per day there.
    temperatures : tuple[float, ...]
        Temperatures [C] that were fitted.
    """

    energy: float
    energy_error: float
    reference: float
    rate: float
    temperatures: tuple[float, ...]

    def at(self, temperature: float) -> float:
        """Loss per day at a temperature [C]."""
        from anagen.exosomes.storage import arrhenius

        return self.rate * arrhenius(self.energy, self.reference, temperature)


def fit_arrhenius(rates: Sequence[Rate]) -> Arrhenius | None:
    """The Arrhenius line through losses at three temperatures or more, weighted by how well each is known.

    Parameters
    ----------
    rates : Sequence[Rate]
        Of one state and attribute.

    Returns
    -------
    Arrhenius or None
        None where fewer than three temperatures have a loss above 0.

    Examples
    --------
    >>> fitted = fit_arrhenius([Rate(t, 1e-4 * 2.0 ** ((t - 5) / 10), 1e-5) for t in (5.0, 15.0, 25.0)])
    >>> round(fitted.energy)
    49
    """
    from anagen.exosomes.storage import GAS_CONSTANT, ZERO_CELSIUS

    used = [rate for rate in rates if rate.rate > 0.0]
    if len(used) < LEAST_TEMPERATURES:
        return None
    inverse = np.array([1.0 / (rate.temperature + ZERO_CELSIUS) for rate in used])
    logarithm = np.log([rate.rate for rate in used])
    # The error of a logarithm is the error over the value; a series without scatter weighs as one of a percent.
    weight = np.array([1.0 / max(rate.error / rate.rate, 0.01) ** 2 for rate in used])
    centre = float(np.average(inverse, weights=weight))
    spread = float(np.sum(weight * (inverse - centre) ** 2))
    level = float(np.average(logarithm, weights=weight))
    slope = float(np.sum(weight * (inverse - centre) * logarithm)) / spread
    misfit = float(np.sum(weight * (logarithm - level - slope * (inverse - centre)) ** 2)) / (len(used) - 2)
    error = math.sqrt(max(misfit, 1.0) / spread)
    return Arrhenius(
        -slope * GAS_CONSTANT,
        error * GAS_CONSTANT,
        1.0 / centre - ZERO_CELSIUS,
        math.exp(level),
        tuple(rate.temperature for rate in used),
    )
