"""Which shape has the dose-response? Nonlinear generalised least squares, the best by AIC, or an average.

The distance Q = (m - f)' S**-1 (m - f) of estimates m with covariance S from a curve f is minimised. For given shape
parameters e0 and e1 are linear and found in closed form, so that only the shape is searched. AIC is Q + 2 p.

References
----------
.. [1] Pinheiro, Bornkamp, Glimm & Bretz 2014, doi:10.1002/sim.6052 (generalised least squares and AIC).
.. [2] Schorning, Bornkamp, Bretz & Dette 2016, doi:10.1002/sim.6991 (averages).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.statistics.dose_finding.data import DoseResponse
from anagen.statistics.dose_finding.models import curve, shape_of

GRID = {0: 1, 1: 200, 2: 40}
"""Points per shape parameter at which a search starts."""


@dataclass(frozen=True, slots=True)
class FittedCurve:
    """A curve that was fitted.

    Attributes
    ----------
    shape : str
        Its family.
    e0 : float
        Response at g = 0.
    e1 : float
        Multiple of g.
    parameters : tuple of float
        Of the shape.
    highest : float
        Highest dose of the trial.
    distance : float
        Q, from the estimates.
    aic : float
        Q + 2 times the number of parameters.
    at_bound : bool
        Whether a shape parameter lies on the border of its search, so that the data do not tell it.
    """

    shape: str
    e0: float
    e1: float
    parameters: tuple[float, ...]
    highest: float
    distance: float
    aic: float
    at_bound: bool

    def at(self, dose: ArrayLike) -> FloatArray:
        """Response of the curve.

        Parameters
        ----------
        dose : array_like
            Doses, 0 to the highest.

        Returns
        -------
        FloatArray
            Of the shape of `dose`.
        """
        return self.e0 + self.e1 * curve(self.shape, dose, self.parameters, self.highest)


def fit(data: DoseResponse, shape: str, bounds: Sequence[tuple[float, float]] | None = None) -> FittedCurve:
    """Fit one shape.

    Parameters
    ----------
    data : DoseResponse
        Estimates.
    shape : str
        One of `models.SHAPES`.
    bounds : Sequence of tuple of float, optional
        Where each shape parameter is sought, in its own unit.

    Returns
    -------
    FittedCurve
        At the least distance.

    Raises
    ------
    InputError
        Where there are fewer doses than parameters.
    """
    limits = shape_bounds(data, shape, bounds)
    count = 2 + len(limits)
    if len(data.doses) < count:
        message = f"{shape} has {count} parameters and needs as many doses, got {len(data.doses)}"
        raise InputError([Problem(None, None, None, "doses", message)])
    precision = np.linalg.inv(data.covariance)
    highest = float(data.doses.max())

    def solved(parameters: tuple[float, ...]) -> tuple[float, float, float]:
        design = np.column_stack([np.ones(len(data.doses)), curve(shape, data.doses, parameters, highest)])
        normal = design.T @ precision @ design
        e = np.linalg.lstsq(normal, design.T @ precision @ data.means, rcond=None)[0]
        rest = data.means - design @ e
        return float(e[0]), float(e[1]), float(rest @ precision @ rest)

    best = least(lambda parameters: solved(parameters)[2], limits)
    e0, e1, distance = solved(best)
    edge = any(min(b - low, high - b) < 1e-4 * (high - low) for b, (low, high) in zip(best, limits, strict=True))
    return FittedCurve(shape, e0, e1, best, highest, distance, distance + 2.0 * count, edge)


def fit_best(data: DoseResponse, shapes: Sequence[str]) -> FittedCurve:
    """The shape with the least AIC.

    Parameters
    ----------
    data : DoseResponse
        Estimates.
    shapes : Sequence of str
        Shapes to choose from, such as those that the contrast test showed.

    Returns
    -------
    FittedCurve
        The best.
    """
    return min((fit(data, shape) for shape in shapes), key=lambda fitted: fitted.aic)


def average_weights(fitted: Sequence[FittedCurve]) -> FloatArray:
    """Weights of curves in an average: exp(-AIC / 2) over their sum.

    Parameters
    ----------
    fitted : Sequence of FittedCurve
        One or more.

    Returns
    -------
    FloatArray, shape (curves,)
        They add up to 1.
    """
    aic = np.array([each.aic for each in fitted])
    weights = np.exp(-0.5 * (aic - aic.min()))
    return weights / weights.sum()


def averaged(fitted: Sequence[FittedCurve], dose: ArrayLike) -> FloatArray:
    """Response averaged over curves by their weights.

    Parameters
    ----------
    fitted : Sequence of FittedCurve
        One or more.
    dose : array_like
        Doses.

    Returns
    -------
    FloatArray
        Of the shape of `dose`.
    """
    weights = average_weights(fitted)
    return np.asarray(sum(weight * each.at(dose) for weight, each in zip(weights, fitted, strict=True)))


def shape_bounds(
    data: DoseResponse, shape: str, bounds: Sequence[tuple[float, float]] | None = None
) -> tuple[tuple[float, float], ...]:
    """Where the parameters of a shape are sought.

    Parameters
    ----------
    data : DoseResponse
        Its highest dose scales parameters that are doses.
    shape : str
        One of `models.SHAPES`.
    bounds : Sequence of tuple of float, optional
        In place of the usual ones.

    Returns
    -------
    tuple of tuple of float
        One for each parameter.

    Raises
    ------
    InputError
        Where there are too few or many, or one is empty.
    """
    family = shape_of(shape)
    if bounds is None:
        scales = [float(data.doses.max()) if dose else 1.0 for dose in family.doses]
        return tuple((low * s, high * s) for (low, high), s in zip(family.bounds, scales, strict=True))
    if len(bounds) != len(family.parameters) or any(low >= high for low, high in bounds):
        message = f"must be {len(family.parameters)} pairs of a lower and a higher number for {shape}"
        raise InputError([Problem(None, None, None, "bounds", message)])
    return tuple((float(low), float(high)) for low, high in bounds)


def least(distance: Callable[[tuple[float, ...]], float], limits: Sequence[tuple[float, float]]) -> tuple[float, ...]:
    """Shape parameters at which a distance is least: the best of a grid, then a local search within the limits.

    Parameters
    ----------
    distance : callable
        Of a tuple of parameters.
    limits : Sequence of tuple of float
        One for each parameter.

    Returns
    -------
    tuple of float
        Empty where the shape has no parameters.
    """
    if not limits:
        return ()
    from itertools import product

    from scipy.optimize import minimize

    # what spans a factor of ten or more is searched on a log scale
    logs = [low > 0 and high >= 10.0 * low for low, high in limits]
    ends = [(np.log(low), np.log(high)) if log else (low, high) for (low, high), log in zip(limits, logs, strict=True)]

    def plain(values: Sequence[float]) -> tuple[float, ...]:
        return tuple(float(np.exp(v)) if log else float(v) for v, log in zip(values, logs, strict=True))

    axes = [np.linspace(low, high, GRID[len(limits)]) for low, high in ends]
    points = sorted(product(*axes), key=lambda point: distance(plain(point)))[:3]
    found = [
        minimize(
            lambda v: distance(plain(v.tolist())),
            np.array(point),
            method="Nelder-Mead",
            bounds=ends,
            options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 2000},
        )
        for point in points
    ]
    return plain(min(found, key=lambda each: float(each.fun)).x.tolist())
