"""Emulator: the expected value of a published result as a quadratic function of standard normal deviates.

    f(z) = c + sum_j a_j z_j + sum_jk b_jk z_j z_k

Simulated means of the same reference patients are smooth in the parameters, but for the steps of single follicles; what
a quadratic leaves over is measured by leaving out one point at a time, and enters the likelihood as a variance.

References
----------
.. [1] Ridge regression with leave-one-out residuals, Hastie, Tibshirani & Friedman 2009, section 7.10,
   doi:10.1007/978-0-387-84858-7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray

PENALTIES = np.logspace(-4.0, 2.0, 9)
KEPT = (12, 30, 1_000)
"""How many parameters may be in the emulator, the most active first; the best by leaving one out is taken."""
CROSSED = (0, 6, 12, 18)
"""Among how many of the most active all products are taken."""
LEAST_POINTS = 20
MOST_MISSING = 0.1
"""Share of points that may be without a value, where no patient could be recruited."""


@dataclass(frozen=True, eq=False)
class Emulator:
    """One emulated value.

    Attributes
    ----------
    constant : float
        c.
    linear : IntArray
        Places of the parameters that act linearly.
    slopes : FloatArray
        Slope of each of them, a.
    first : IntArray
        Place of the first factor of every product.
    second : IntArray
        Place of the second factor of every product.
    products : FloatArray
        Coefficient of every product, b.
    residuals : FloatArray
        Value minus its prediction from all other points; NaN where a point has no value.
    values : FloatArray
        What was simulated.
    """

    constant: float
    linear: IntArray
    slopes: FloatArray
    first: IntArray
    second: IntArray
    products: FloatArray
    residuals: FloatArray
    values: FloatArray

    def predict(self, z: FloatArray) -> FloatArray:
        """Values [point] at deviates z [point, parameter]."""
        return self.constant + z[:, self.linear] @ self.slopes + (z[:, self.first] * z[:, self.second]) @ self.products

    def gradient(self, z: FloatArray) -> FloatArray:
        """Slopes [point, parameter] at deviates z [point, parameter]."""
        slopes = np.zeros_like(z)
        slopes[:, self.linear] = self.slopes
        for first, second, product in zip(self.first, self.second, self.products, strict=True):
            slopes[:, first] += product * z[:, second]
            slopes[:, second] += product * z[:, first]
        return slopes

    def variance(self, rows: slice = slice(None)) -> float:
        """Mean square of what is left out, over some of the points."""
        return float(np.nanmean(self.residuals[rows] ** 2))

    def r2(self, rows: slice = slice(None)) -> float:
        """Share of the variance between points that is explained in points left out; 1 for a constant value."""
        spread = float(np.nanvar(self.values[rows]))
        return 1.0 - self.variance(rows) / spread if spread > 0.0 else 1.0


def fit_emulator(z: FloatArray, values: FloatArray, reads: IntArray, what: str = "") -> Emulator:
    """Emulator of one value from simulated points.

    Parameters
    ----------
    z : FloatArray
        Deviates [point, parameter].
    values : FloatArray
        Simulated [point]; NaN where there is none.
    reads : IntArray
        Places of the parameters that can matter.
    what : str, default ""
        The value in words, for messages.

    Returns
    -------
    Emulator
        The candidate (penalty, parameters kept, products) with the least mean square of left-out residuals.

    Raises
    ------
    ValueError
        For fewer than LEAST_POINTS points, or more than MOST_MISSING of them without a value.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> z = rng.normal(size=(60, 3))
    >>> exact = fit_emulator(z, 1.0 + z[:, 0] - 2.0 * z[:, 1] * z[:, 2], np.arange(3))
    >>> round(exact.r2(), 3)
    1.0
    """
    whole = np.isfinite(values)
    if whole.sum() < LEAST_POINTS or whole.mean() < 1.0 - MOST_MISSING:
        raise ValueError(f"{what}: {int(whole.sum())} of {len(values)} simulated points have a value; too few")
    known, y = z[whole], values[whole]
    residuals = np.full(len(values), np.nan)
    none = np.empty(0, dtype=np.int64)
    if not len(reads) or np.ptp(y) == 0.0:
        residuals[whole] = (y - y.mean()) * len(y) / (len(y) - 1)
        return Emulator(float(y.mean()), none, np.empty(0), none, none, np.empty(0), residuals, values)
    ranked = reads[np.argsort(-_activity(known[:, reads], y), kind="stable")]
    best: tuple[float, FloatArray, FloatArray, IntArray, IntArray, IntArray] | None = None
    for kept in dict.fromkeys(min(number, len(ranked)) for number in KEPT):
        for crossed in dict.fromkeys(min(number, kept) for number in CROSSED):
            linear = ranked[:kept]
            first, second = _pairs(linear, ranked[:crossed])
            features = np.column_stack([known[:, linear], known[:, first] * known[:, second]])
            fit = _ridge(features, y)
            if best is None or fit[0] < best[0]:
                best = (*fit, linear, first, second)
    assert best is not None
    _, coefficients, left_out, linear, first, second = best
    residuals[whole] = left_out
    n = len(linear)
    return Emulator(
        float(coefficients[0]), linear, coefficients[1 : n + 1], first, second, coefficients[n + 1 :], residuals, values
    )


def _activity(z: FloatArray, y: FloatArray) -> FloatArray:
    """Size of the linear and square effects of each parameter, by ridge regression on all of them."""
    features = np.column_stack([z, z**2])
    coefficients = _ridge(features, y)[1][1:]
    return np.abs(coefficients[: z.shape[1]]) + np.abs(coefficients[z.shape[1] :])


def _pairs(kept: IntArray, crossed: IntArray) -> tuple[IntArray, IntArray]:
    """Squares of all that are kept, and products of all pairs of those crossed."""
    upper = np.triu_indices(len(crossed), 1)
    return np.concatenate([kept, crossed[upper[0]]]), np.concatenate([kept, crossed[upper[1]]])


def _ridge(features: FloatArray, y: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Mean square left out, coefficients (the constant first) and left-out residuals at the best penalty.

    Features are brought to one scale; the constant is not penalised.
    """
    n = len(y)
    centre, scale = features.mean(axis=0), features.std(axis=0)
    scale[scale == 0.0] = 1.0
    x, shifted = (features - centre) / scale, y - y.mean()
    eigenvalues, vectors = np.linalg.eigh(x.T @ x)
    eigenvalues = np.maximum(eigenvalues, 0.0)
    turned = x @ vectors
    projected = turned.T @ shifted
    best: tuple[float, FloatArray, FloatArray] | None = None
    for penalty in PENALTIES * n / 100.0:
        shrunk = 1.0 / (eigenvalues + penalty)
        leverage = (turned**2) @ shrunk + 1.0 / n
        residuals = (shifted - turned @ (shrunk * projected)) / (1.0 - np.minimum(leverage, 1.0 - 1e-9))
        error = float((residuals**2).mean())
        if best is None or error < best[0]:
            slopes = vectors @ (shrunk * projected) / scale
            best = (error, np.concatenate([[y.mean() - centre @ slopes], slopes]), residuals)
    assert best is not None
    return best


def predictions(emulators: Sequence[Emulator], z: FloatArray) -> FloatArray:
    """Values [point, target] of many emulators."""
    return np.column_stack([emulator.predict(z) for emulator in emulators])
