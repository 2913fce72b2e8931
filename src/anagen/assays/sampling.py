"""Draws from the posterior of an assay by elliptical slice sampling, which needs neither a gradient nor tuning.

Two steps take turns, each of which leaves the posterior as it is. The first moves on ellipses of a normal distribution
that was fitted to the posterior at its mode (generalised elliptical slice sampling), which mixes well where data say
much; the second on ellipses of the prior, which leaves regions that the fit does not reach.

References
----------
.. [1] Murray, Adams & MacKay 2010, Elliptical slice sampling, arXiv:1001.0175.
.. [2] Nishihara, Murray & Adams 2014, Parallel MCMC with generalized elliptical slice sampling,
   J Mach Learn Res 15:2087.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_solve, cholesky
from scipy.optimize import least_squares

from anagen.calibration.sampling import Chains
from anagen.core.arrays import FloatArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, normals, uniforms

Residuals = Callable[[FloatArray], FloatArray]
"""Standardised residuals of the data at deviates; not numbers where nothing can be predicted."""
WIDER = 2.0
"""Factor on the variance that data leave in the fitted normal distribution, so that its tails lie outside."""
MOST_SHRINKS = 40
"""Halvings of an ellipse after which a chain stays where it is."""
STARTS = 16
"""Prior draws of which the best begins a chain, and from the best of which the mode is looked for."""
FAR = 1e6


@dataclass(frozen=True)
class Normal:
    """A normal distribution.

    Attributes
    ----------
    mean : FloatArray, shape (n,)
        Its mean.
    root : FloatArray, shape (n, n)
        Lower triangular; its product with its transpose is the covariance.
    precision : FloatArray, shape (n, n)
        Inverse of the covariance.
    """

    mean: FloatArray
    root: FloatArray
    precision: FloatArray


def fitted_normal(residuals: Residuals, start: FloatArray) -> Normal:
    """A normal distribution around the mode of the posterior, somewhat wider than its curvature there.

    Parameters
    ----------
    residuals : callable
        Of the data.
    start : FloatArray, shape (n,)
        Where the mode is looked for; the prior is standard normal.

    Returns
    -------
    Normal
        Mean at the mode; precision I + J'J / WIDER, J the slopes of the residuals there.
    """

    def both(z: FloatArray) -> FloatArray:
        return np.nan_to_num(np.concatenate([z, residuals(z)]), nan=FAR, posinf=FAR, neginf=-FAR)

    found = least_squares(both, start, method="trf", x_scale=1.0, max_nfev=60)
    slopes = np.asarray(found.jac, dtype=np.float64)[len(start) :]
    precision = np.eye(len(start)) + slopes.T @ slopes / WIDER
    root = cholesky(precision, lower=True)
    covariance = cho_solve((root, True), np.eye(len(start)))
    return Normal(found.x, cholesky(0.5 * (covariance + covariance.T), lower=True), precision)


def sample_ellipses(
    residuals: Residuals,
    size: int,
    *,
    seed: int,
    chains: int = 4,
    warmup: int = 500,
    draws: int = 1000,
    progress: Callable[[int, int], None] | None = None,
) -> Chains:
    """Draws from the posterior of standard normal deviates, given data with normal errors.

    Parameters
    ----------
    residuals : callable
        Standardised residuals of the data at deviates, shape (n_data,).
    size : int
        Number of deviates.
    seed : int
        Of all draws.
    chains : int, default 4
        Each begins at the best of some prior draws of its own.
    warmup : int, default 500
        Of each chain, left out.
    draws : int, default 1000
        Of each chain.
    progress : callable, optional
        Called with (done, total) draws.

    Returns
    -------
    Chains
        Shape (chains, draws, size).
    """
    begun = time.perf_counter()
    total = warmup + draws
    starts = normals(
        seed, Purpose.ASSAY, patient=TRIAL_LEVEL, item=np.arange(chains * STARTS)[:, None], index=np.arange(size)
    )
    asked = _Asked(residuals)
    likely = np.array([asked.log_likelihood(z) for z in starts]).reshape(chains, STARTS)
    around = fitted_normal(residuals, starts[int(np.argmax(likely))] if np.isfinite(likely).any() else np.zeros(size))
    kept = np.empty((chains, draws, size))
    for chain in range(chains):
        at = starts[chain * STARTS + int(np.argmax(likely[chain]))]
        here = asked.log_likelihood(at)
        steps = np.arange(2 * total)
        shifts = normals(
            seed, Purpose.ASSAY, patient=chain, replicate=1, item=steps[:, None], index=np.arange(size)
        )  # fmt: skip
        chances = uniforms(
            seed, Purpose.ASSAY, patient=chain, replicate=2, item=steps[:, None], index=np.arange(MOST_SHRINKS + 1)
        )
        for step in range(total):
            at, here = asked.moved(at, here, around, shifts[2 * step], chances[2 * step])
            at, here = asked.moved(at, here, None, shifts[2 * step + 1], chances[2 * step + 1])
            if step >= warmup:
                kept[chain, step - warmup] = at
            if progress is not None and step % 20 == 19:
                progress(chain * total + step + 1, chains * total)
    return Chains(kept, 0, time.perf_counter() - begun, asked.count)


class _Asked:
    """The log likelihood, and how often it was asked."""

    def __init__(self, residuals: Residuals) -> None:
        self._residuals = residuals
        self.count = 0

    def log_likelihood(self, z: FloatArray) -> float:
        """But for a constant; minus infinity where nothing can be predicted."""
        self.count += 1
        squares = float((self._residuals(z) ** 2).sum())
        return -0.5 * squares if np.isfinite(squares) else -np.inf

    def moved(
        self, at: FloatArray, here: float, around: Normal | None, shift: FloatArray, chances: FloatArray
    ) -> tuple[FloatArray, float]:
        """A step on an ellipse of a normal distribution, the prior where None; gives the place and its likelihood."""
        mean = 0.0 if around is None else around.mean
        other = shift if around is None else around.root @ shift
        floor = _over(around, at, here) + float(np.log(chances[0]))
        angle = 2.0 * np.pi * float(chances[1])
        low, high = angle - 2.0 * np.pi, angle
        for chance in chances[2:].tolist():
            tried = mean + (at - mean) * np.cos(angle) + other * np.sin(angle)
            there = self.log_likelihood(tried)
            if _over(around, tried, there) > floor:
                return tried, there
            low, high = (angle, high) if angle < 0.0 else (low, angle)
            angle = low + (high - low) * chance
        return at, here


def _over(around: Normal | None, z: FloatArray, likelihood: float) -> float:
    """Log of the posterior over the normal distribution, but for a constant."""
    if around is None:
        return likelihood
    off = z - around.mean
    return likelihood - 0.5 * float(z @ z) + 0.5 * float(off @ around.precision @ off)
