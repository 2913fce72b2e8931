"""Restricted maximum likelihood of repeated measurements: the fit, and the precision of what it estimates.

With W_i the inverse of the covariance of patient i's visits that were seen, U_i = W_i X_i, M = sum X_i' W_i X_i,

    -2 log L = sum log |Sigma_i| + log |M| + sum r_i' W_i r_i + (N - p) log 2 pi

and derivatives by theta through D_k = d Sigma / d theta_k are traces against

    G = sum_i (W_i - U_i M^-1 U_i' - W_i r_i r_i' W_i).

Patients lie in one array [patient, visit], 0 where a visit was missed, and share the inverse of their visits' pattern.
Steps are those of Newton where the observed information is positive definite, of Fisher scoring elsewhere, damped until
the likelihood rises: it rises in every step.

References
----------
.. [1] Patterson & Thompson 1971, doi:10.1093/biomet/58.3.545.
.. [2] Jennrich & Schluchter 1986, doi:10.2307/2530695.
.. [3] Satterthwaite 1946, doi:10.2307/3002019; Fai & Cornelius 1996, doi:10.1080/00949659608811740.
.. [4] Kenward & Roger 1997, doi:10.2307/2533558.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.statistics.covariance_structures import Structure
from anagen.statistics.restricted_likelihood import At, Repeated, at, between, expected, score

MOST_STEPS = 200
SMALL_DECREMENT = 1e-9
"""Newton decrement, in units of -2 log L, at which the fit has converged: theta is within 3e-5 standard errors."""
NEGLIGIBLE = 1e-6
"""Decrement at which a fit that floating point does not let rise further has converged as well."""
SINGULAR = 1e-7
"""Smallest eigenvalue of the visits' correlation below which the covariance is called singular."""


@dataclass(frozen=True, slots=True)
class Reml:
    """A fit that has converged.

    Attributes
    ----------
    structure : Structure
        Of the covariance.
    theta : FloatArray
        Its parameters.
    data : Repeated
        What was fitted.
    here : At
        The likelihood at the estimate.
    log_likelihood : float
        Restricted, in units of the outcome.
    sigma : FloatArray, shape (n_visits, n_visits)
        In squared units of the outcome.
    coefficients : FloatArray, shape (n_columns,)
        Of the original columns.
    covariance : FloatArray, shape (n_columns, n_columns)
        Of the coefficients, by generalised least squares.
    observed : FloatArray
        Inverse of the observed information of the parameters of `basis`, their covariance.
    anticipated : FloatArray
        The same of the expected information.
    basis : FloatArray
        Derivatives of Sigma, scaled as `data`.
    steps : int
        Until convergence.
    """

    structure: Structure
    theta: FloatArray
    data: Repeated
    here: At
    log_likelihood: float
    sigma: FloatArray
    coefficients: FloatArray
    covariance: FloatArray
    observed: FloatArray
    anticipated: FloatArray
    basis: FloatArray
    steps: int

    def satterthwaite(self, row: FloatArray) -> tuple[float, float, float]:
        """Estimate, standard error and degrees of freedom 2 V^2 / (g' A g) of a row times the coefficients.

        V is the variance of the estimate, g its exact gradient by the covariance parameters, A their covariance from
        the observed information.

        Parameters
        ----------
        row : FloatArray, shape (n_columns,)
            Weights of the coefficients.

        Returns
        -------
        tuple[float, float, float]
            Estimate, standard error, degrees of freedom.
        """
        variance, gradient, _ = self._parts(row)
        df = 2.0 * variance**2 / float(gradient @ self.observed @ gradient)
        return float(row @ self.coefficients), float(np.sqrt(variance)) * self.data.scale, df

    def kenward_roger(self, row: FloatArray, *, observed: bool = False) -> tuple[float, float, float]:
        """The same with the standard error adjusted for small samples, after [4].

        For one contrast the method's scale factor is 1 and its degrees of freedom are 2 V^2 / (g' W g), W the
        covariance of the covariance parameters. The covariance must be linear in its parameters.

        Parameters
        ----------
        row : FloatArray, shape (n_columns,)
            Weights of the coefficients.
        observed : bool
            Whether W is taken from the observed information, as SAS does, or from the expected one, as published.

        Returns
        -------
        tuple[float, float, float]
            Estimate, adjusted standard error, degrees of freedom.

        Raises
        ------
        ValueError
            For a covariance that is not linear.
        """
        if not self.structure.linear:
            raise ValueError(f"Kenward-Roger is not available for the covariance '{self.structure.name}'")
        variance, gradient, f = self._parts(row)
        w = self.observed if observed else self.anticipated
        df = 2.0 * variance**2 / float(gradient @ w @ gradient)
        adjusted = variance + 2.0 * float((w * between(self.here, f, self.basis)).sum())
        return float(row @ self.coefficients), float(np.sqrt(adjusted)) * self.data.scale, df

    def _parts(self, row: FloatArray) -> tuple[float, FloatArray, FloatArray]:
        """Variance of the estimate, its gradient, and f_i = U_i M^-1 row: all scaled."""
        inner = np.linalg.solve(self.data.triangle.T, row)
        v = self.here.inverse @ inner
        f = self.here.u @ v
        return float(inner @ v), (f.T @ f).ravel() @ self.basis, f


def fit(data: Repeated, structure: Structure) -> Reml | str:
    """Maximise the restricted likelihood.

    Parameters
    ----------
    data : Repeated
        The measurements.
    structure : Structure
        Of the covariance.

    Returns
    -------
    Reml or str
        The fit, or why there is none.
    """
    if data.scale == 0.0:
        return "the model fits every value without error"
    theta = structure.start(_guess(data))
    here = at(data, structure.sigma(theta))
    if here is None:
        return "the likelihood cannot be computed at the start"
    damping, step = 0.0, np.zeros_like(theta)
    for steps in range(1, MOST_STEPS + 1):
        slopes = structure.slopes(theta)
        weight, hat = score(here)
        gradient = weight.ravel() @ slopes
        information = expected(data, here, hat, slopes)
        curvature = structure.curvature(theta, weight)
        newton = 2.0 * between(here, here.e, slopes) - information + curvature
        best = newton if _positive(newton) else information
        size = np.sqrt(np.maximum(np.diag(best), 1e-12))
        scaled = best / (size[:, None] * size[None, :])
        decrement = _decrement(scaled, gradient / size)
        if decrement is None:
            return "the data do not determine all of its parameters"
        moved = None
        while damping < 1e8:
            step = -np.linalg.solve(scaled + damping * np.eye(len(theta)), gradient / size) / size
            following = at(data, structure.sigma(theta + step))
            if following is not None and following.value <= here.value:
                moved = following
                break
            if decrement < NEGLIGIBLE:
                break
            damping = max(4.0 * damping, 1e-3)
        if moved is not None:
            gain, theta, here = here.value - moved.value, theta + step, moved
            damping = damping / 8.0 if damping > 1e-6 and gain > 0.0 else 0.0
        if _singular(structure.sigma(theta)):
            return "the covariance is singular"
        if decrement < SMALL_DECREMENT or (moved is None and decrement < NEGLIGIBLE):
            return _told(data, structure, theta, here, steps)
        if moved is None:
            return "no step raises the likelihood"
    return f"no convergence in {MOST_STEPS} steps"


def _told(data: Repeated, structure: Structure, theta: FloatArray, here: At, steps: int) -> Reml | str:
    basis = structure.basis(theta)
    weight, hat = score(here)
    information = expected(data, here, hat, basis)
    curvature = np.zeros_like(information) if structure.linear else structure.curvature(theta, weight)
    observed = 2.0 * between(here, here.e, basis) - information + curvature
    if not (_positive(observed) and _positive(information)):
        return "the information of the covariance parameters is not positive definite"
    n_rows, p = int(data.patterns[data.pattern].sum()), data.x.shape[2]
    inner = np.linalg.inv(data.triangle)
    # log |X'WX| is of the original columns, and y in its own unit
    constant = (n_rows - p) * (np.log(2.0 * np.pi) + 2.0 * np.log(data.scale))
    constant += 2.0 * np.log(np.abs(np.diag(data.triangle))).sum()
    covariance = inner @ here.inverse @ inner.T * data.scale**2
    return Reml(
        structure,
        theta,
        data,
        here,
        -0.5 * float(here.value + constant),
        structure.sigma(theta) * data.scale**2,
        inner @ here.b * data.scale,
        covariance,
        np.asarray(2.0 * np.linalg.inv(observed), dtype=np.float64),
        np.asarray(2.0 * np.linalg.inv(information), dtype=np.float64),
        basis,
        steps,
    )


def _guess(data: Repeated) -> FloatArray:
    """A positive definite covariance near that of the residuals of least squares, over visits seen in pairs."""
    seen = data.patterns[data.pattern].astype(float)
    pairs = seen.T @ seen
    made = (data.residual.T @ data.residual) / np.maximum(pairs, 1.0)
    diagonal = np.diag(made).copy()
    diagonal[(diagonal <= 1e-6) | (np.diag(pairs) < 2)] = 1.0
    sd = np.sqrt(diagonal)
    correlation = np.where(pairs >= 3, made / (sd[:, None] * sd[None, :]), 0.0)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh((correlation + correlation.T) / 2.0)
    lifted = (vectors * np.maximum(values, 0.05)) @ vectors.T
    return lifted * (sd[:, None] * sd[None, :])


def _positive(matrix: FloatArray) -> bool:
    """Whether a matrix is positive definite beyond rounding, in units of its own diagonal."""
    diagonal = np.diag(matrix)
    if not (np.isfinite(matrix).all() and (diagonal > 0.0).all()):
        return False
    size = np.sqrt(diagonal)
    return bool(np.linalg.eigvalsh(matrix / (size[:, None] * size[None, :]))[0] > 1e-10)


def _decrement(scaled: FloatArray, gradient: FloatArray) -> float | None:
    """Half of g' H^-1 g, the drop that a full step promises; None where H cannot be inverted."""
    values, vectors = np.linalg.eigh(scaled)
    if values[0] <= 1e-11:
        return None
    return 0.5 * float(((vectors.T @ gradient) ** 2 / values).sum())


def _singular(sigma: FloatArray) -> bool:
    sd = np.sqrt(np.diag(sigma))
    if not (np.isfinite(sd).all() and (sd > 1e-6 * sd.max()).all()):
        return True
    return bool(np.linalg.eigvalsh(sigma / (sd[:, None] * sd[None, :]))[0] < SINGULAR)
