"""The predictive distribution of a published value over parameter draws, made without random numbers.

    published = expected + bias + noise,   noise ~ N(0, patients^2 + offset^2 + gain^2)

Expected value, bias, offset and gain are those of each parameter draw, so the distribution is a mixture of one Normal
per draw. Its samples are NOISE_QUANTILES of every draw's Normal: the same bytes on any number of workers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtri

from anagen.core.arrays import FloatArray
from anagen.evidence.between import Between

NOISE_QUANTILES = ndtri((np.arange(99) + 0.5) / 99.0)
ANY_VALUE = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True, eq=False)
class Predictive:
    """Predictive distribution of one published value, in its own unit.

    Attributes
    ----------
    samples : FloatArray
        Equally likely values.
    se_patients : float
        Standard error of a trial of the published size.
    sd_parameters : float
        Of the expected value over draws.
    sd_study : float
        Root mean square over draws of the spreads between trials.
    sd_gain : float
        Root mean square over draws of the spreads between trials.
    bias : float
        Mean over draws.
    sd : float
        Of everything together.
    """

    samples: FloatArray
    se_patients: float
    sd_parameters: float
    sd_study: float
    sd_gain: float
    bias: float
    sd: float

    @property
    def centre(self) -> float:
        """Median of the distribution."""
        return float(np.median(self.samples))


def predictive(
    expected: FloatArray,
    patients: float,
    spread: Between,
    values: Sequence[Mapping[str, float]],
    *,
    sign: float = 1.0,
    bounds: tuple[float, float] = ANY_VALUE,
) -> Predictive:
    """Predictive distribution of a published value.

    Parameters
    ----------
    expected : FloatArray
        Expected value of each draw [draw].
    patients : float
        Standard error of a trial of the published size.
    spread : Between
        Spread and bias between trials.
    values : Sequence[Mapping[str, float]]
        Parameter values of each draw.
    sign : float, default 1.0
        -1 where a gain lowers the value.
    bounds : tuple[float, float], default ANY_VALUE
        Least and greatest possible value.

    Examples
    --------
    >>> spread = Between(0.0, "drug", 1.0, "heterogeneity.drug")
    >>> values = {"measurement.study_offset": 8.0, "heterogeneity.drug": 4.0}
    >>> predictive(np.array([10.0]), 3.0, spread, [values]).sd
    5.0
    """
    offset = np.array([spread.offset_sd(each) for each in values])
    gain = np.array([spread.gain_sd(each) for each in values])
    bias = sign * np.array([spread.bias(each) for each in values])
    noise = np.sqrt(patients**2 + offset**2 + gain**2)
    centres = expected + bias
    samples = np.clip((centres[:, None] + noise[:, None] * NOISE_QUANTILES).ravel(), *bounds)
    between = float(centres.var(ddof=1)) if len(centres) > 1 else 0.0
    return Predictive(
        samples=np.asarray(samples, dtype=np.float64),
        se_patients=patients,
        sd_parameters=float(expected.std(ddof=1)) if len(expected) > 1 else 0.0,
        sd_study=_root_mean_square(offset),
        sd_gain=_root_mean_square(gain),
        bias=float(bias.mean()),
        sd=math.sqrt(between + float((noise**2).mean())),
    )


def judged(samples: FloatArray, value: float, *, slack: float = 0.0) -> dict[str, Any]:
    """Central 50 and 90 % intervals of the samples, whether they hold a value, and its CRPS.

    Parameters
    ----------
    samples : FloatArray
        Equally likely values.
    value : float
        What was published.
    slack : float, default 0.0
        How far outside an interval still counts as inside, for values printed coarsely.

    Examples
    --------
    >>> found = judged(np.arange(0.5, 100.0), 20.0)
    >>> found["low50"], found["high50"], found["inside50"], found["inside"]
    (25.0, 75.0, False, True)
    """
    low90, low50, high50, high90 = (float(q) for q in quantiles(samples, [0.05, 0.25, 0.75, 0.95]))
    return {
        "low50": low50,
        "high50": high50,
        "low90": low90,
        "high90": high90,
        "inside50": bool(low50 - slack <= value <= high50 + slack),
        "inside": bool(low90 - slack <= value <= high90 + slack),
        "crps": crps(samples, value),
    }


def quantiles(samples: FloatArray, levels: Sequence[float]) -> FloatArray:
    """Quantiles of samples that stand in the middle of equal shares, as NOISE_QUANTILES do (Hazen's position)."""
    return np.asarray(np.quantile(samples, levels, method="hazen"), dtype=np.float64)


def crps(samples: FloatArray, value: float) -> float:
    """Continuous ranked probability score of equally likely samples, in the unit of the value; 0 is perfect.

        CRPS = mean |x_i - y| - sum_ij |x_i - x_j| / (2 m^2)

    For a prediction that is one point it is the absolute error.

    References
    ----------
    .. [1] Gneiting & Raftery 2007, doi:10.1198/016214506000001437, equation 21.

    Examples
    --------
    >>> crps(np.array([3.0]), 5.0), crps(np.array([0.0, 2.0]), 1.0)
    (2.0, 0.5)
    """
    ordered = np.sort(samples)
    m = len(ordered)
    # of the sorted samples, x_(i) is added 2 i - m - 1 times in the sum of differences
    differences = float(((2.0 * np.arange(1, m + 1) - m - 1.0) * ordered).sum()) / (m * m)
    return float(np.abs(ordered - value).mean()) - differences


def _root_mean_square(values: FloatArray) -> float:
    return math.sqrt(float((values**2).mean())) if len(values) else 0.0
