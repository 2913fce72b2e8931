"""What a dose-finding trial showed: an estimate for every dose, with their covariance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real


@dataclass(frozen=True, slots=True)
class DoseResponse:
    """Estimates at several doses, from an analysis of any kind.

    Attributes
    ----------
    doses : FloatArray, shape (doses,)
        Rising.
    means : FloatArray, shape (doses,)
        Estimates, such as least-squares means.
    covariance : FloatArray, shape (doses, doses)
        Of the estimates.
    df : float
        Degrees of freedom of the SD; infinite where the covariance is taken as known.
    """

    doses: FloatArray
    means: FloatArray
    covariance: FloatArray
    df: float = np.inf

    @classmethod
    def of(cls, doses: Sequence[float], means: ArrayLike, covariance: ArrayLike, df: float = np.inf) -> DoseResponse:
        """Estimates as they are given.

        Parameters
        ----------
        doses : Sequence of float
            Two or more, from 0, no two alike.
        means : array_like
            An estimate for each.
        covariance : array_like
            Of the estimates.
        df : float
            Degrees of freedom.

        Returns
        -------
        DoseResponse
            Doses in rising order.

        Raises
        ------
        InputError
            Where the numbers do not fit together.
        """
        dose, mean = np.asarray(doses, dtype=np.float64), np.asarray(means, dtype=np.float64)
        spread = np.asarray(covariance, dtype=np.float64)
        problems: list[tuple[str, str]] = []
        if dose.ndim != 1 or len(dose) < 2 or (dose < 0).any() or len(np.unique(dose)) != len(dose):
            problems.append(("doses", "must be two or more, from 0, no two alike"))
        elif mean.shape != dose.shape or not np.isfinite(mean).all():
            problems.append(("means", f"must be {len(dose)} finite numbers, one for each dose"))
        elif (
            spread.shape != (len(dose),) * 2 or not np.allclose(spread, spread.T) or np.linalg.eigvalsh(spread)[0] <= 0
        ):
            problems.append(("covariance", f"must be a positive definite matrix of {len(dose)} rows and columns"))
        if problems:
            raise InputError([Problem(None, None, None, field, message) for field, message in problems])
        order = np.argsort(dose)
        return cls(dose[order], mean[order], spread[np.ix_(order, order)], df)

    @classmethod
    def summaries(cls, doses: Sequence[float], means: ArrayLike, sizes: ArrayLike, sd: float) -> DoseResponse:
        """Group means with one SD within groups.

        Parameters
        ----------
        doses : Sequence of float
            Of the groups.
        means : array_like
            Of the groups.
        sizes : array_like
            Patients of the groups.
        sd : float
            SD within groups, pooled.

        Returns
        -------
        DoseResponse
            With patients less groups as degrees of freedom.
        """
        n = np.asarray(sizes, dtype=np.float64)
        return cls.of(doses, means, np.diag(real("sd", sd, 1e-12, 1e12) ** 2 / n), float(n.sum() - len(n)))

    @classmethod
    def patients(cls, doses: ArrayLike, responses: ArrayLike) -> DoseResponse:
        """One row for each patient.

        Parameters
        ----------
        doses : array_like, shape (patients,)
            Dose given.
        responses : array_like, shape (patients,)
            Response seen.

        Returns
        -------
        DoseResponse
            Group means and pooled SD.

        Raises
        ------
        InputError
            Where the two differ in length or no group has two patients.
        """
        dose, response = np.asarray(doses, dtype=np.float64), np.asarray(responses, dtype=np.float64)
        if dose.shape != response.shape or dose.ndim != 1 or not np.isfinite(response).all():
            raise InputError([Problem(None, None, None, "responses", "must be finite numbers, one for each patient")])
        levels, group = np.unique(dose, return_inverse=True)
        n = np.bincount(group)
        means = np.bincount(group, response) / n
        df = len(dose) - len(levels)
        if df < 1:
            raise InputError([Problem(None, None, None, "responses", "must hold two patients at some dose")])
        sd = float(np.sqrt(np.sum((response - means[group]) ** 2) / df))
        return cls.summaries(levels.tolist(), means, n, sd)
