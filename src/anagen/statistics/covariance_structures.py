"""How the visits of a patient vary together: covariance matrices of a few parameters, with their derivatives.

Each structure gives Sigma(theta), its first derivatives, and sum_ab G_ab d2 Sigma_ab / (d theta_k d theta_l) for any
symmetric G, which is all that a likelihood needs of the second ones. The fit moves in coordinates in which Sigma stays
positive definite or a step is refused; standard errors and degrees of freedom are told in those of `basis`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Protocol

import numpy as np

from anagen.core.arrays import FloatArray


class Structure(Protocol):
    """A covariance of `size` visits."""

    name: str
    linear: bool
    """Whether Sigma is linear in the coordinates of `basis`, as the adjustment of Kenward and Roger asks for."""

    def start(self, guess: FloatArray) -> FloatArray:
        """Parameters near a positive definite matrix."""
        ...

    def sigma(self, theta: FloatArray) -> FloatArray:
        """The covariance, shape (size, size); maybe not positive definite."""
        ...

    def slopes(self, theta: FloatArray) -> FloatArray:
        """Its derivatives, shape (size * size, n_parameters)."""
        ...

    def curvature(self, theta: FloatArray, weight: FloatArray) -> FloatArray:
        """Second derivatives of the sum of `weight` times Sigma, shape (n_parameters, n_parameters)."""
        ...

    def basis(self, theta: FloatArray) -> FloatArray:
        """Derivatives in the coordinates in which inference is told, shape (size * size, n_parameters)."""
        ...


class Unstructured:
    """Every variance and every covariance free: Sigma = L L', theta = (log diagonal of L, the rest of L)."""

    name = "unstructured"
    linear = True

    def __init__(self, size: int) -> None:
        self.size = size
        below = np.tril_indices(size, -1)
        self._row = np.concatenate([np.arange(size), below[0]])
        self._column = np.concatenate([np.arange(size), below[1]])

    def start(self, guess: FloatArray) -> FloatArray:
        """The factor of Cholesky."""
        factor = np.linalg.cholesky(guess)
        theta = factor[self._row, self._column].copy()
        theta[: self.size] = np.log(theta[: self.size])
        return np.asarray(theta, dtype=np.float64)

    def _factor(self, theta: FloatArray) -> FloatArray:
        factor = np.zeros((self.size, self.size))
        factor[self._row, self._column] = theta
        factor[np.arange(self.size), np.arange(self.size)] = np.exp(theta[: self.size])
        return factor

    def _rates(self, theta: FloatArray) -> FloatArray:
        """D L[row, column] / d theta of each parameter."""
        rates = np.ones(len(theta))
        rates[: self.size] = np.exp(theta[: self.size])
        return rates

    def sigma(self, theta: FloatArray) -> FloatArray:
        """L L'."""
        factor = self._factor(theta)
        return factor @ factor.T

    def slopes(self, theta: FloatArray) -> FloatArray:
        """E L' + L E', E the derivative of L."""
        factor, k = self._factor(theta), np.arange(len(theta))
        made = np.zeros((len(theta), self.size, self.size))
        made[k, self._row] = self._rates(theta)[:, None] * factor[:, self._column].T
        return (made + made.transpose(0, 2, 1)).reshape(len(theta), -1).T

    def curvature(self, theta: FloatArray, weight: FloatArray) -> FloatArray:
        """E_k E_l' + E_l E_k', and the second derivative of exp on the diagonal of L."""
        factor, rates = self._factor(theta), self._rates(theta)
        same = self._column[:, None] == self._column[None, :]
        made = 2.0 * same * rates[:, None] * rates[None, :] * weight[self._row[:, None], self._row[None, :]]
        k = np.arange(self.size)
        made[k, k] += 2.0 * rates[: self.size] * np.einsum("mk,mk->k", factor, weight)
        return made

    def basis(self, theta: FloatArray) -> FloatArray:
        """The variances and covariances themselves."""
        k = np.arange(len(theta))
        made = np.zeros((len(theta), self.size, self.size))
        made[k, self._row, self._column] = 1.0
        made[k, self._column, self._row] = 1.0
        return made.reshape(len(theta), -1).T


class _Heterogeneous(ABC):
    """A standard deviation for each visit, and correlations: theta = (log standard deviations, correlations)."""

    name = ""
    linear = False

    def __init__(self, size: int) -> None:
        self.size = size
        self.lag = np.abs(np.arange(size)[:, None] - np.arange(size)[None, :])

    @abstractmethod
    def correlation(self, r: FloatArray) -> FloatArray:
        """Correlations between visits."""

    @abstractmethod
    def correlation_slopes(self, r: FloatArray) -> FloatArray:
        """Their derivatives by each parameter [parameter, visit, visit]."""

    @abstractmethod
    def correlation_curvature(self, r: FloatArray, weight: FloatArray) -> FloatArray:
        """Their second derivatives, weighted and summed over visits [parameter, parameter]."""

    @abstractmethod
    def first_correlations(self, by_lag: FloatArray) -> FloatArray:
        """Parameters to start from, of the mean correlation at each lag."""

    def start(self, guess: FloatArray) -> FloatArray:
        """Standard deviations as they are, correlations averaged, and shrunk until the matrix is positive definite."""
        sd = np.sqrt(np.diag(guess))
        whole = guess / (sd[:, None] * sd[None, :])
        by_lag = np.array([whole[self.lag == lag].mean() for lag in range(1, self.size)])
        r = self.first_correlations(np.clip(by_lag, -0.95, 0.95))
        while np.linalg.eigvalsh(self.correlation(r))[0] < 0.02:
            r = 0.8 * r
        return np.concatenate([np.log(sd), r])

    def _split(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        sd = np.exp(theta[: self.size])
        return sd[:, None] * sd[None, :], theta[self.size :]

    def sigma(self, theta: FloatArray) -> FloatArray:
        """sd_j sd_k r_jk."""
        scale, r = self._split(theta)
        return scale * self.correlation(r)

    def slopes(self, theta: FloatArray) -> FloatArray:
        """By the logarithm of each standard deviation, then by each correlation."""
        scale, r = self._split(theta)
        sigma, k = scale * self.correlation(r), np.arange(self.size)
        made = np.zeros((self.size, self.size, self.size))
        made[k, k, :] += sigma
        made[k, :, k] += sigma
        of_r = scale[None] * self.correlation_slopes(r)
        return np.concatenate([made, of_r]).reshape(len(theta), -1).T

    def curvature(self, theta: FloatArray, weight: FloatArray) -> FloatArray:
        """By parts: standard deviations, both, correlations."""
        scale, r = self._split(theta)
        part = weight * scale * self.correlation(r)
        of_sd = 2.0 * part + np.diag(2.0 * part.sum(axis=1))
        both = 2.0 * (weight * scale * self.correlation_slopes(r)).sum(axis=2).T
        of_r = self.correlation_curvature(r, weight * scale)
        return np.block([[of_sd, both], [both.T, of_r]])

    def basis(self, theta: FloatArray) -> FloatArray:
        """The coordinates of the fit."""
        return self.slopes(theta)


class HeterogeneousToeplitz(_Heterogeneous):
    """A standard deviation for each visit, and one correlation for each distance between visits, in visits."""

    name = "heterogeneous Toeplitz"

    def correlation(self, r: FloatArray) -> FloatArray:
        """R by lag."""
        return np.concatenate([[1.0], r])[self.lag]

    def correlation_slopes(self, r: FloatArray) -> FloatArray:
        """Indicators of the lags."""
        return (self.lag[None] == np.arange(1, self.size)[:, None, None]).astype(float)

    def correlation_curvature(self, r: FloatArray, weight: FloatArray) -> FloatArray:
        """None."""
        return np.zeros((len(r), len(r)))

    def first_correlations(self, by_lag: FloatArray) -> FloatArray:
        """As they are."""
        return by_lag


class HeterogeneousAutoregressive(_Heterogeneous):
    """A standard deviation for each visit, and correlations r^lag, the lag in visits."""

    name = "heterogeneous AR(1)"

    def correlation(self, r: FloatArray) -> FloatArray:
        """r^lag; NaN where r is no correlation, so that the step is refused."""
        return np.power(r[0], self.lag) if abs(r[0]) < 1.0 else np.full(self.lag.shape, np.nan)

    def correlation_slopes(self, r: FloatArray) -> FloatArray:
        """Lag r^(lag - 1)."""
        return (self.lag * np.power(r[0], np.maximum(self.lag - 1, 0)))[None]

    def correlation_curvature(self, r: FloatArray, weight: FloatArray) -> FloatArray:
        """Lag (lag - 1) r^(lag - 2)."""
        second = self.lag * (self.lag - 1) * np.power(r[0], np.maximum(self.lag - 2, 0))
        return np.array([[float((weight * second).sum())]])

    def first_correlations(self, by_lag: FloatArray) -> FloatArray:
        """That of neighbours."""
        return by_lag[:1]


class CompoundSymmetry:
    """Sigma = a I + b J: the same variance at all visits and the same covariance between any two.

    A patient's random intercept has variance b where b is not negative; a slightly negative b is not refused.
    """

    name = "compound symmetry"
    linear = True

    def __init__(self, size: int) -> None:
        self.size = size
        self._slopes = np.column_stack([np.eye(size).ravel(), np.ones(size * size)])

    def start(self, guess: FloatArray) -> FloatArray:
        """Mean variance and mean covariance."""
        variance = float(np.diag(guess).mean())
        off = guess[~np.eye(self.size, dtype=bool)]
        b = float(np.clip(off.mean(), 0.0, 0.9 * variance)) if len(off) else 0.0
        return np.array([variance - b, b])

    def sigma(self, theta: FloatArray) -> FloatArray:
        """A I + b J; NaN where a is not positive, so that the step is refused."""
        if theta[0] <= 0.0:
            return np.full((self.size, self.size), np.nan)
        return theta[0] * np.eye(self.size) + theta[1]

    def slopes(self, theta: FloatArray) -> FloatArray:
        """I and J."""
        return self._slopes

    def curvature(self, theta: FloatArray, weight: FloatArray) -> FloatArray:
        """None."""
        return np.zeros((2, 2))

    def basis(self, theta: FloatArray) -> FloatArray:
        """The coordinates of the fit."""
        return self._slopes


STRUCTURES: dict[str, type] = {
    one.name: one for one in (Unstructured, HeterogeneousToeplitz, HeterogeneousAutoregressive, CompoundSymmetry)
}
"""By their name."""
