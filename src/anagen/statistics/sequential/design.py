"""What a group-sequential design is, and how it behaves: power, inflation, expected sample size, boundaries in all
scales.

References
----------
.. [1] Jennison & Turnbull 1999, Group Sequential Methods with Applications to Clinical Trials.
.. [2] Wassmer & Brannath 2016, doi:10.1007/978-3-319-32562-0.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real, whole
from anagen.statistics.sequential.integration import crossing_chances

MOST_LOOKS = 20
LEAST_STEP = 0.005
"""Smallest information between two looks, as a fraction of the whole."""
MOST_DRIFT = 60.0


@dataclass(frozen=True, slots=True)
class SequentialDesign:
    """A group-sequential test of one effect.

    Attributes
    ----------
    times : tuple of float
        Information fractions of the looks; the last is 1.
    alpha : float
        Type I error, of both sides together where two-sided.
    sides : int
        1 or 2.
    efficacy : tuple of float
        Boundaries on the z scale: stop for success at or above them (or at or below their negatives where two-sided).
    futility : tuple of float
        Stop as futile below them; minus infinity where a look has none. The last is the last efficacy boundary.
    binding : bool
        Whether efficacy boundaries count on the trial being stopped where it is futile.
    name : str
        What the boundaries are called.
    """

    times: tuple[float, ...]
    alpha: float
    sides: int
    efficacy: tuple[float, ...]
    futility: tuple[float, ...]
    binding: bool
    name: str

    @property
    def has_futility(self) -> bool:
        """Whether any interim look has a futility boundary."""
        return bool(np.isfinite(self.futility[:-1]).any())

    def chances(self, drift: float, *, futility: bool = True) -> tuple[FloatArray, FloatArray]:
        """Chance of stopping for success, and of stopping as futile, at each look.

        Parameters
        ----------
        drift : float
            Expected z at full information.
        futility : bool
            Whether trials stop where they are futile.

        Returns
        -------
        FloatArray, shape (looks,)
            Success.
        FloatArray, shape (looks,)
            Futility; at the last look everything that is not a success.
        """
        up, low = self._split(drift, futility)
        if self.sides == 2:
            up, low = up + low, np.zeros_like(low)
        low[-1] = max(1.0 - up.sum() - low[:-1].sum(), 0.0)
        return up, low

    def _split(self, drift: float, futility: bool) -> tuple[FloatArray, FloatArray]:
        none = [-np.inf] * len(self.times)
        lower = [-z for z in self.efficacy] if self.sides == 2 else [*self.futility[:-1], -np.inf] if futility else none
        return crossing_chances(self.times, self.efficacy, lower, drift)

    def alpha_spent(self) -> FloatArray:
        """Type I error spent by each look.

        Returns
        -------
        FloatArray, shape (looks,)
            Cumulative; the last is alpha.
        """
        return np.cumsum(self.chances(0.0, futility=self.binding)[0])

    def power(self, drift: float) -> float:
        """Chance of success.

        Parameters
        ----------
        drift : float
            Expected z at full information; its sign counts in a two-sided test as in a one-sided: the wrong side is
            no success.

        Returns
        -------
        float
            0 to 1.
        """
        return float(self._split(drift, futility=True)[0].sum())

    def drift_for(self, power: float) -> float:
        """Expected z at full information that gives a power.

        Parameters
        ----------
        power : float
            Above the type I error of one side and below 1.

        Returns
        -------
        float
            Drift.

        Raises
        ------
        InputError
            Where the power is out of bounds.
        """
        from scipy.optimize import brentq

        least = self.power(0.0)
        if not least < power < 1.0:
            message = f"must lie between the type I error {least:.4g} and 1, got {power:g}"
            raise InputError([Problem(None, None, None, "power", message)])
        return float(brentq(lambda drift: self.power(drift) - power, 0.0, MOST_DRIFT, xtol=1e-11))

    def inflation(self, power: float) -> float:
        """Largest sample size over that of a trial with one analysis, the normal formula for both.

        Parameters
        ----------
        power : float
            See `drift_for`.

        Returns
        -------
        float
            At least 1.
        """
        from scipy.special import ndtri

        fixed = -ndtri(self.alpha / self.sides) + ndtri(power)
        return float((self.drift_for(power) / fixed) ** 2)

    def expected_information(self, drift: float) -> float:
        """Expected information at the end of the trial, as a fraction of the most.

        Parameters
        ----------
        drift : float
            Expected z at full information.

        Returns
        -------
        float
            0 to 1.
        """
        up, low = self.chances(drift)
        return float((up + low) @ np.asarray(self.times))

    def expected_ratio(self, power: float, truth: float = 1.0) -> float:
        """Expected sample size over that of a trial with one analysis.

        Parameters
        ----------
        power : float
            Power for which the design is sized.
        truth : float
            True effect as a multiple of the planned one: 1 under the alternative, 0 under the null.

        Returns
        -------
        float
            Below 1 where looks save patients.
        """
        return self.inflation(power) * self.expected_information(truth * self.drift_for(power))

    def p_values(self) -> FloatArray:
        """Efficacy boundaries as p values, of one or both sides as the test.

        Returns
        -------
        FloatArray, shape (looks,)
            A look is a success where p is at or below it.
        """
        from scipy.special import ndtr

        return np.asarray(self.sides * ndtr(-np.asarray(self.efficacy)))

    def effects(self, se: float, df: Sequence[float] | None = None, *, futility: bool = False) -> FloatArray:
        """Boundaries as estimates.

        Parameters
        ----------
        se : float
            Standard error of the effect at full information; it is se / sqrt(t) at a look.
        df : Sequence of float, optional
            Degrees of freedom at each look, where the test is a t test: the boundary with the same p value is taken.
        futility : bool
            The futility boundaries in place of those for efficacy.

        Returns
        -------
        FloatArray, shape (looks,)
            Smallest estimate that is a success; largest that is futile.
        """
        from scipy.special import ndtr, stdtrit

        z = np.asarray(self.futility if futility else self.efficacy)
        if df is not None:
            with np.errstate(invalid="ignore"):
                z = np.where(np.isfinite(z), -stdtrit(np.asarray(df), ndtr(-z)), z)
        return z * se / np.sqrt(self.times)


def checked_times(times: int | Sequence[float]) -> tuple[float, ...]:
    """Information fractions of the looks.

    Parameters
    ----------
    times : int or Sequence of float
        A number of equally spaced looks, or their fractions, rising to 1.

    Returns
    -------
    tuple of float
        Checked.

    Raises
    ------
    InputError
        Where they do not rise to 1, lie too close, or are too many.

    Examples
    --------
    >>> checked_times(4)
    (0.25, 0.5, 0.75, 1.0)
    """
    if isinstance(times, int | np.integer):
        looks = whole("looks", times, 1, MOST_LOOKS)
        return tuple((look + 1) / looks for look in range(looks))
    fractions = tuple(real("looks", time, 0.0, 1.0) for time in times)
    steps = np.diff((0.0, *fractions))
    if not fractions or fractions[-1] != 1.0 or (steps < LEAST_STEP).any() or len(fractions) > MOST_LOOKS:
        message = (
            f"must be 1 to {MOST_LOOKS} information fractions that rise by at least {LEAST_STEP} each and end at 1, "
            f"such as 0.5, 1; got {', '.join(f'{time:g}' for time in fractions) or 'none'}"
        )
        raise InputError([Problem(None, None, None, "looks", message)])
    return fractions
