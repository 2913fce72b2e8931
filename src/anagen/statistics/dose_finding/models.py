"""Shapes that a dose-response may have: effect = e0 + e1 g(dose; shape).

References
----------
.. [1] Bretz, Pinheiro & Branson 2005, doi:10.1111/j.1541-0420.2005.00344.x.
.. [2] Pinheiro, Bornkamp, Glimm & Bretz 2014, doi:10.1002/sim.6052.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.reading import nearest

SCALE = 1.2
"""The beta model ends at this many times the highest dose."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A family of curves.

    Attributes
    ----------
    name : str
        As candidates name it.
    curve : callable
        g(dose, parameters, highest dose).
    parameters : tuple of str
        Names of what sets the shape; none for the linear.
    bounds : tuple of tuple of float
        Where parameters are sought in a fit, as multiples of the highest dose where they are doses.
    doses : tuple of bool
        Whether each parameter is a dose.
    """

    name: str
    curve: Callable[[FloatArray, tuple[float, ...], float], FloatArray]
    parameters: tuple[str, ...]
    bounds: tuple[tuple[float, float], ...]
    doses: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A shape with its parameters guessed, before the trial.

    Attributes
    ----------
    shape : str
        One of `SHAPES`.
    parameters : tuple of float
        As many as the shape has.
    """

    shape: str
    parameters: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        """Refuses a shape that is unknown or guesses that do not fit it."""
        wanted = shape_of(self.shape).parameters
        if len(self.parameters) != len(wanted) or not np.isfinite(self.parameters).all():
            message = f"{self.shape} takes {len(wanted)} finite numbers" + (f" ({', '.join(wanted)})" if wanted else "")
            raise InputError([Problem(None, None, None, "parameters", f"{message}, got {len(self.parameters)}")])


def _emax(dose: FloatArray, p: tuple[float, ...], _: float) -> FloatArray:
    return dose / (p[0] + dose)


def _sigmoid(dose: FloatArray, p: tuple[float, ...], _: float) -> FloatArray:
    return dose ** p[1] / (p[0] ** p[1] + dose ** p[1])


def _logistic(dose: FloatArray, p: tuple[float, ...], _: float) -> FloatArray:
    from scipy.special import expit

    return np.asarray(expit((dose - p[0]) / p[1]))


def _beta(dose: FloatArray, p: tuple[float, ...], highest: float) -> FloatArray:
    a, b = p
    top = (a + b) ** (a + b) / (a**a * b**b)
    x = dose / (SCALE * highest)
    return top * x**a * (1.0 - x) ** b


SHAPES: dict[str, Shape] = {
    shape.name: shape
    for shape in (
        Shape("linear", lambda dose, p, h: dose, (), (), ()),
        Shape("emax", _emax, ("ed50",), ((0.001, 1.5),), (True,)),
        Shape("sigmoid_emax", _sigmoid, ("ed50", "hill"), ((0.001, 1.5), (0.5, 10.0)), (True, False)),
        Shape("exponential", lambda dose, p, h: np.expm1(dose / p[0]), ("delta",), ((0.1, 2.0),), (True,)),
        Shape("quadratic", lambda dose, p, h: dose + p[0] * dose**2 / h, ("delta",), ((-2.0, 2.0),), (False,)),
        Shape("logistic", _logistic, ("ed50", "delta"), ((0.001, 1.5), (0.01, 0.5)), (True, True)),
        Shape("beta", _beta, ("delta1", "delta2"), ((0.05, 4.0), (0.05, 4.0)), (False, False)),
    )
}
"""The shapes that are known. Quadratic: dose + delta dose**2 / highest dose."""


def shape_of(name: str) -> Shape:
    """A shape by its name.

    Parameters
    ----------
    name : str
        One of `SHAPES`.

    Returns
    -------
    Shape
        The family.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    if name not in SHAPES:
        names = tuple(SHAPES)
        raise InputError([Problem(None, None, None, "shape", f"unknown shape {name!r}", names, nearest(name, names))])
    return SHAPES[name]


def curve(name: str, dose: ArrayLike, parameters: tuple[float, ...], highest: float) -> FloatArray:
    """The curve g of a shape.

    Parameters
    ----------
    name : str
        One of `SHAPES`.
    dose : array_like
        Doses, 0 or more.
    parameters : tuple of float
        Of the shape.
    highest : float
        Highest dose of the trial.

    Returns
    -------
    FloatArray
        Of the shape of `dose`.

    Examples
    --------
    >>> curve("emax", [0.0, 0.5, 1.5], (0.5,), 1.5).tolist()
    [0.0, 0.5, 0.75]
    """
    return shape_of(name).curve(np.asarray(dose, dtype=np.float64), parameters, highest)
