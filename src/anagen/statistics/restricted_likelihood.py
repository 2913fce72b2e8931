"""Repeated measures of patients, and the restricted likelihood of a covariance with its derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Repeated:
    """Repeated measurements of patients, scaled so that columns of X are orthonormal and y has a residual SD of 1.

    Attributes
    ----------
    x : FloatArray, shape (n_patients, n_visits, n_columns)
        Orthonormal columns; 0 where a visit was missed.
    y : FloatArray, shape (n_patients, n_visits)
        Outcome in units of `scale`; 0 where a visit was missed.
    patterns : BoolArray, shape (n_patterns, n_visits)
        Which visits were seen.
    pattern : IntArray, shape (n_patients,)
        Index of each patient's pattern.
    triangle : FloatArray, shape (n_columns, n_columns)
        Original columns = orthonormal columns times this.
    scale : float
        Of the outcome.
    residual : FloatArray, shape (n_patients, n_visits)
        Of ordinary least squares, 0 where missed.
    """

    x: FloatArray
    y: FloatArray
    patterns: BoolArray
    pattern: IntArray
    triangle: FloatArray
    scale: float
    residual: FloatArray


def repeated(x: FloatArray, y: FloatArray, patient: IntArray, visit: IntArray, n_visits: int) -> Repeated:
    """Rows of a long table as arrays of patients and visits.

    Parameters
    ----------
    x : FloatArray, shape (n_rows, n_columns)
        Model matrix of full rank.
    y : FloatArray, shape (n_rows,)
        Outcome, none missing.
    patient : IntArray, shape (n_rows,)
        Index of the patient.
    visit : IntArray, shape (n_rows,)
        Index of the visit; no visit of a patient stands twice.
    n_visits : int
        How many there are.

    Returns
    -------
    Repeated
        The measurements.
    """
    q, triangle = np.linalg.qr(x)
    residual = y - q @ (q.T @ y)
    spread = float(np.sqrt(residual @ residual / max(len(y) - x.shape[1], 1)))
    # a residual that is rounding alone: the fit is perfect, and scaling by it would blow rounding up
    scale = spread if spread > 1e-9 * float(np.abs(y).max(initial=0.0)) else 0.0
    divisor = scale or 1.0
    n = int(patient.max()) + 1
    wide_x, wide_y, wide_r = np.zeros((n, n_visits, x.shape[1])), np.zeros((n, n_visits)), np.zeros((n, n_visits))
    seen = np.zeros((n, n_visits), dtype=bool)
    wide_x[patient, visit], wide_y[patient, visit] = q, y / divisor
    wide_r[patient, visit], seen[patient, visit] = residual / divisor, True
    patterns, pattern = np.unique(seen, axis=0, return_inverse=True)
    return Repeated(wide_x, wide_y, patterns, pattern.ravel(), triangle, scale, wide_r)


@dataclass(frozen=True, slots=True)
class At:
    """The likelihood at one covariance; arrays as in the heading of this file, e = W r."""

    value: float
    w: FloatArray
    by_pattern: FloatArray
    u: FloatArray
    b: FloatArray
    inverse: FloatArray
    e: FloatArray


def at(data: Repeated, sigma: FloatArray) -> At | None:
    """-2 log L and what belongs to it, up to the constant; None where `sigma` is not positive definite."""
    if not np.isfinite(sigma).all():
        return None
    size = len(sigma)
    both = data.patterns[:, :, None] & data.patterns[:, None, :]
    # a missed visit stands as an independent one of variance 1, whose weight is then taken away
    padded = np.where(both, sigma, 0.0) + np.eye(size) * ~data.patterns[:, None, :]
    try:
        factor = np.linalg.cholesky(padded)
        inner = np.linalg.inv(factor)
    except np.linalg.LinAlgError:
        return None
    by_pattern = np.where(both, inner.transpose(0, 2, 1) @ inner, 0.0)
    log_det = 2.0 * np.log(np.diagonal(factor, axis1=1, axis2=2)).sum(axis=1)
    w = by_pattern[data.pattern]
    n, _, p = data.x.shape
    u = w @ data.x
    flat = data.x.reshape(n * size, p)
    information = flat.T @ u.reshape(n * size, p)
    information = (information + information.T) / 2.0
    try:
        root = np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return None
    inner_root = np.linalg.inv(root)
    inverse = inner_root.T @ inner_root
    b = inverse @ (u.reshape(n * size, p).T @ data.y.ravel())
    r = data.y - data.x @ b
    r = np.where(data.patterns[data.pattern], r, 0.0)
    e = (w @ r[:, :, None])[:, :, 0]
    value = float(log_det[data.pattern].sum() + 2.0 * np.log(np.diag(root)).sum() + (r * e).sum())
    return At(value, w, by_pattern, u, b, inverse, e) if np.isfinite(value) else None


def _paired_with_weights(w: FloatArray, h: FloatArray) -> FloatArray:
    """sum_i W_i[b, c] H_i[d, a] as a matrix [ab, cd]: D_k and D_l on either side give sum tr(D_k W D_l H)."""
    n, size, _ = w.shape
    made = w.reshape(n, -1).T @ h.reshape(n, -1)
    return made.reshape(size, size, size, size).transpose(3, 0, 1, 2).reshape(size * size, size * size)


def score(here: At) -> tuple[FloatArray, FloatArray]:
    """G, and U M^-1 U' of each patient."""
    hat = here.u @ here.inverse @ here.u.transpose(0, 2, 1)
    made = here.w.sum(axis=0) - hat.sum(axis=0) - here.e.T @ here.e
    return (made + made.T) / 2.0, hat


def expected(data: Repeated, here: At, hat: FloatArray, slopes: FloatArray) -> FloatArray:
    """Tr(P D_k P D_l): the expected information of -2 log L."""
    size = here.w.shape[1]
    counts = np.bincount(data.pattern, minlength=len(data.patterns)).astype(float)
    first = _paired_with_weights(here.by_pattern * counts[:, None, None], here.by_pattern)
    second = _paired_with_weights(here.w, hat)
    n, _, p = here.u.shape
    z = (here.u @ np.linalg.cholesky(here.inverse)).transpose(0, 1, 2).reshape(n, size * p)
    cross = (z.T @ z).reshape(size, p, size, p).transpose(0, 2, 1, 3).reshape(size * size, p * p)
    made = slopes.T @ (first - 2.0 * second) @ slopes
    through = slopes.T @ cross
    made = made + through @ through.T
    return (made + made.T) / 2.0


def between(here: At, f: FloatArray, slopes: FloatArray) -> FloatArray:
    """sum_i f_i' D_k P D_l f_i with P over all patients, for vectors f_i [patient, visit]."""
    n, size, p = here.u.shape
    made = slopes.T @ _paired_with_weights(here.w, f[:, :, None] * f[:, None, :]) @ slopes
    through = (here.u.transpose(2, 1, 0).reshape(p * size, n) @ f).reshape(p, size * size) @ slopes
    made = made - through.T @ here.inverse @ through
    return (made + made.T) / 2.0
