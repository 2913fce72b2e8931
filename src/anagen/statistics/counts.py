"""Events per patient and time: exact Poisson rates, their ratio, and a negative binomial model with exposure.

References
----------
.. [1] Garwood 1936, doi:10.1093/biomet/28.3-4.437.
.. [2] Przyborowski & Wilenski 1940, doi:10.1093/biomet/31.3-4.313.
.. [3] Lawless 1987, doi:10.2307/3314912.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.statistics.contrast import Contrast
from anagen.statistics.faults import fault

NAME = "arm / control"
POISSON = 1e7
"""Shape of the gamma distribution of patients' rates above which they do not differ beyond chance."""
MOST_STEPS = 200


def poisson_rate(events: int, time: float, *, alpha: float = 0.05, name: str = "rate") -> Contrast:
    """Events per unit of time with Garwood's exact interval.

    Parameters
    ----------
    events : int
        Counted.
    time : float
        Sum of the patients' times at risk.
    alpha : float
        Two-sided error.
    name : str
        Of the rate.

    Returns
    -------
    Contrast
        Without a test.

    Examples
    --------
    >>> one = poisson_rate(26, 7.470933)
    >>> round(one.ci_low, 4), round(one.ci_high, 4)
    (2.2734, 5.0992)
    """
    from scipy.special import gammaincinv

    _check((events, time, name))
    low = float(gammaincinv(events, alpha / 2.0)) / time if events > 0 else 0.0
    high = float(gammaincinv(events + 1.0, 1.0 - alpha / 2.0)) / time
    error = math.sqrt(events) / time
    method = "Poisson rate, exact interval of Garwood"
    return Contrast(name, events / time, error, math.inf, low, high, math.nan, math.nan, method, {"events": events})


def rate_ratio(
    events: int, time: float, events_control: int, time_control: float, *, alpha: float = 0.05, name: str = NAME
) -> Contrast:
    """Ratio of two Poisson rates: given the sum of events, those of the arm are binomial.

    Parameters
    ----------
    events : int
        Of the arm.
    time : float
        Its time at risk.
    events_control : int
        Of the control.
    time_control : float
        Its time at risk.
    alpha : float
        Two-sided error.
    name : str
        Of the comparison.

    Returns
    -------
    Contrast
        Exact limits and two-sided p; the ratio is infinite where the control has no event, NaN where neither has one.

    Examples
    --------
    >>> one = rate_ratio(26, 100.0, 12, 98.0)
    >>> round(one.estimate, 3), round(one.ci_low, 3), round(one.ci_high, 3), round(one.p_value, 4)
    (2.123, 1.034, 4.619, 0.0339)
    """
    from scipy.special import betaincinv
    from scipy.stats import binomtest

    _check((events, time, "arm"), (events_control, time_control, "control"))
    method = "ratio of Poisson rates, exact conditional interval and test"
    n = {"arm": events, "control": events_control}
    total = events + events_control
    if total == 0:
        return Contrast(name, math.nan, math.nan, math.inf, 0.0, math.inf, math.nan, 1.0, method, n)
    low = float(betaincinv(events, events_control + 1.0, alpha / 2.0)) if events else 0.0
    high = float(betaincinv(events + 1.0, events_control, 1.0 - alpha / 2.0)) if events_control else 1.0
    scale = time_control / time
    p = float(binomtest(events, total, time / (time + time_control)).pvalue)
    estimate = events / events_control * scale if events_control else math.inf
    error = math.sqrt(1.0 / events + 1.0 / events_control) if events and events_control else math.nan
    top = high / (1.0 - high) * scale if high < 1.0 else math.inf
    return Contrast(name, estimate, error, math.inf, low / (1.0 - low) * scale, top, math.nan, p, method, n)


@dataclass(frozen=True, slots=True)
class NegativeBinomial:
    """A fitted model: events of a patient ~ negative binomial, mean m = time exp(x' b), variance m + m^2 / shape.

    Attributes
    ----------
    coefficients : FloatArray, shape (n_columns,)
        Log rate ratios.
    standard_errors : FloatArray, shape (n_columns,)
        By the observed information of coefficients and shape together.
    shape : float
        Of the gamma distribution of patients' rates; infinity where their counts vary no more than Poisson.
    log_likelihood : float
        At the estimate.
    n : int
        Patients.
    method : str
        In words.
    """

    coefficients: FloatArray
    standard_errors: FloatArray
    shape: float
    log_likelihood: float
    n: int
    method: str


def negative_binomial(events: ArrayLike, time: ArrayLike, x: ArrayLike) -> NegativeBinomial:
    """Fit counts of patients with their times at risk, by maximum likelihood.

    Parameters
    ----------
    events : ArrayLike, shape (n_patients,)
        Counts; patients without one are left out.
    time : ArrayLike, shape (n_patients,)
        Time at risk, positive.
    x : ArrayLike, shape (n_patients, n_columns)
        Model matrix, its first column 1 by custom.

    Returns
    -------
    NegativeBinomial
        The fit; a Poisson model where the counts vary no more than that, which `method` says.

    Raises
    ------
    DataFault
        Where counts or times are none, columns follow from each other, or a column's patients have no event at all.
    """
    y, t, matrix = (np.asarray(one, dtype=float) for one in (events, time, x))
    if matrix.ndim != 2 or not len(y) == len(t) == len(matrix):
        raise fault("x", f"has shape {matrix.shape}, and there are {len(y)} patients", "give a row a patient")
    used = np.isfinite(y)
    place = np.flatnonzero(used)
    y, t, matrix = y[used], t[used], matrix[used]
    for name, bad, fix in (
        ("events", (y < 0.0) | (y != np.floor(y)), "write whole numbers, 0 or more"),
        ("time", ~(np.isfinite(t) & (t > 0.0)), "write a positive time at risk"),
        ("x", ~np.isfinite(matrix).all(axis=1), "leave the patient out, or fill the value in beforehand"),
    ):
        if bad.any():
            row = int(np.flatnonzero(bad)[0])
            what = "has no value" if name == "x" else f"is {(y if name == 'events' else t)[row]:g}"
            raise fault(name, what, fix, row=int(place[row]) + 1)
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        raise fault("x", "has columns that follow from each other", "leave one of them out")
    b = np.linalg.lstsq(matrix, np.log((y + 0.5) / t), rcond=None)[0]
    b, poisson_information, value = _poisson(y, t, matrix, b)
    mean = t * np.exp(matrix @ b)
    excess = float(((y - mean) ** 2 - y).sum())
    if excess > 0.0:
        start = math.log(max(float((mean**2).sum()) / excess, 1e-3))
        fitted = _negative(y, t, matrix, b, start)
        if fitted is not None:
            theta, information, better = fitted
            errors = np.sqrt(np.diag(np.linalg.inv(information)))[:-1]
            method = "negative binomial with exposure, maximum likelihood, Wald limits"
            return NegativeBinomial(theta[:-1], errors, math.exp(theta[-1]), better, len(y), method)
    errors = np.sqrt(np.diag(np.linalg.inv(poisson_information)))
    method = "Poisson with exposure (counts vary no more than Poisson), maximum likelihood, Wald limits"
    return NegativeBinomial(b, errors, math.inf, value, len(y), method)


def negative_binomial_ratio(
    events: ArrayLike, time: ArrayLike, in_arm: ArrayLike, *, alpha: float = 0.05, name: str = NAME
) -> Contrast:
    """Ratio of the rates of an arm and its control by a negative binomial model with exposure.

    Parameters
    ----------
    events : ArrayLike, shape (n_patients,)
        Counts.
    time : ArrayLike, shape (n_patients,)
        Time at risk.
    in_arm : ArrayLike, shape (n_patients,)
        Whether in the arm, or in the control.
    alpha : float
        Two-sided error.
    name : str
        Of the comparison.

    Returns
    -------
    Contrast
        `estimate` and limits are ratios, `standard_error` that of the logarithm.

    Raises
    ------
    DataFault
        Where an arm has no event; `rate_ratio` gives exact limits then.
    """
    from scipy.special import ndtr, ndtri

    arm, y = np.asarray(in_arm, dtype=bool), np.asarray(events, dtype=float)
    for word, rows in (("arm", arm), ("control", ~arm)):
        if not np.nansum(y[rows]) > 0.0:
            raise fault("events", f"are all 0 in the {word}", "take the exact ratio of rates")
    fitted = negative_binomial(y, time, np.column_stack([np.ones(len(arm)), arm]))
    log, error = float(fitted.coefficients[1]), float(fitted.standard_errors[1])
    reach = float(ndtri(1.0 - alpha / 2.0)) * error
    known = np.isfinite(y)
    n = {"arm": int((known & arm).sum()), "control": int((known & ~arm).sum())}
    p = 2.0 * float(ndtr(-abs(log / error)))
    low, high = math.exp(log - reach), math.exp(log + reach)
    return Contrast(name, math.exp(log), error, math.inf, low, high, log / error, p, fitted.method, n)


def _poisson(y: FloatArray, t: FloatArray, x: FloatArray, b: FloatArray) -> tuple[FloatArray, FloatArray, float]:
    from scipy.special import gammaln

    def value(at: FloatArray) -> float:
        eta = np.log(t) + x @ at
        return float((y * eta - np.exp(np.minimum(eta, 500.0)) - gammaln(y + 1.0)).sum())

    here = value(b)
    for _ in range(MOST_STEPS):
        mean = t * np.exp(x @ b)
        information, gradient = x.T @ (mean[:, None] * x), x.T @ (y - mean)
        try:
            step = np.linalg.solve(information, gradient)
        except np.linalg.LinAlgError:
            break
        size = 1.0
        while size > 1e-8 and value(b + size * step) < here:
            size /= 2.0
        b, here = b + size * step, value(b + size * step)
        if float(gradient @ step) < 1e-12:
            return b, information, here
    raise fault("events", "are all 0 where a column of the model is not, so that its rate is 0", "take exact rates")


def _negative(
    y: FloatArray, t: FloatArray, x: FloatArray, b: FloatArray, log_shape: float
) -> tuple[FloatArray, FloatArray, float] | None:
    """Coefficients with the logarithm of the shape, information, log likelihood; None in the Poisson limit."""
    from scipy.special import digamma, gammaln, polygamma

    def value(theta: FloatArray) -> float:
        r, mean = math.exp(theta[-1]), t * np.exp(np.minimum(x @ theta[:-1], 500.0))
        made = gammaln(y + r) - gammaln(r) - gammaln(y + 1.0) - r * np.log1p(mean / r)
        return float((made + y * (np.log(mean) - np.log(r + mean))).sum())

    theta = np.append(b, log_shape)
    here = value(theta)
    damping = 0.0
    for _ in range(MOST_STEPS):
        r, mean = math.exp(theta[-1]), t * np.exp(x @ theta[:-1])
        whole = r + mean
        of_r = float((digamma(y + r) - digamma(r) + np.log(r / whole) + 1.0 - (y + r) / whole).sum())
        of_rr = float((polygamma(1, y + r) - polygamma(1, r) + 1.0 / r - 1.0 / whole - (mean - y) / whole**2).sum())
        gradient = np.append(x.T @ ((y - mean) * r / whole), r * of_r)
        information = np.empty((len(theta), len(theta)))
        information[:-1, :-1] = x.T @ ((mean * r * (r + y) / whole**2)[:, None] * x)
        information[-1, :-1] = information[:-1, -1] = -r * (x.T @ ((y - mean) * mean / whole**2))
        information[-1, -1] = -(r * r * of_rr + r * of_r)
        values, vectors = np.linalg.eigh(information)
        # where the likelihood is not concave, the step goes uphill all the same
        lifted = np.maximum(np.abs(values), 1e-8 * np.abs(values).max()) + damping
        step = vectors @ ((vectors.T @ gradient) / lifted)
        step *= min(1.0, 3.0 / float(np.abs(step).max(initial=1e-300)))
        size = 1.0
        while size > 1e-10 and not value(theta + size * step) >= here - 1e-12 * abs(here):
            size /= 2.0
        theta = theta + size * step
        here = value(theta)
        if theta[-1] > math.log(POISSON):
            return None
        if float(np.abs(gradient @ step)) < 1e-11 and values[0] > 0.0:
            return theta, information, here
    raise fault("events", "give a likelihood that does not converge", "take the exact ratio of rates")


def _check(*given: tuple[int, float, str]) -> None:
    for events, time, name in given:
        if events < 0 or events != int(events):
            raise fault(name, f"has {events} events", "write a whole number, 0 or more")
        if not (math.isfinite(time) and time > 0.0):
            raise fault(name, f"has {time} of time at risk", "write a positive time")
