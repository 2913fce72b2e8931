"""What is given over time: exposures that jump at doses and decay in between, or follow a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray


@dataclass(frozen=True, slots=True)
class Course:
    """Exposure of one input for every patient: E(t) = sum over doses before t of amount * exp(-rate (t - day)).

    The input's level is the occupancy E / (E + half). Exposure is carried relative to `half`.

    Attributes
    ----------
    name : str
        Input of the network.
    days : FloatArray
        Rising, [dose].
    amounts : FloatArray
        [patient, dose], in units of `half`.
    rates : FloatArray
        Rate constants [1/day], [patient].

    Raises
    ------
    ValueError
        Where shapes do not fit, days do not rise or a number is out of range.
    """

    name: str
    days: FloatArray
    amounts: FloatArray
    rates: FloatArray

    def __post_init__(self) -> None:
        if self.days.ndim != 1 or self.amounts.ndim != 2 or self.rates.ndim != 1:
            raise ValueError(f"{self.name}: days is [dose], amounts [patient, dose], rates [patient]")
        if self.amounts.shape != (len(self.rates), len(self.days)):
            raise ValueError(
                f"{self.name}: amounts {self.amounts.shape} do not fit {len(self.rates)} patients and "
                f"{len(self.days)} doses"
            )
        if not all(bool(np.isfinite(array).all()) for array in (self.days, self.amounts, self.rates)):
            raise ValueError(f"{self.name}: days, amounts and rates must be finite")
        if bool((np.diff(self.days) < 0.0).any()):
            raise ValueError(f"{self.name}: days must not fall")
        if bool((self.rates < 0.0).any()):
            raise ValueError(f"{self.name}: a rate constant must not be negative")

    @classmethod
    def from_doses(
        cls,
        name: str,
        days: Sequence[float] | FloatArray,
        amounts: FloatArray | float,
        rates: FloatArray | float,
        half: float,
        n_patients: int,
    ) -> Course:
        """Doses in the exposure's own unit.

        Parameters
        ----------
        name : str
            Input.
        days : Sequence[float] | FloatArray
            Of the doses.
        amounts : FloatArray | float
            Exposure added by each dose, broadcast to [patient, dose].
        rates : FloatArray | float
            Rate constants of elimination [1/day], broadcast to [patient].
        half : float
            Exposure at half occupancy.
        n_patients : int
            How many patients.

        Returns
        -------
        Course
            One event for each dose.

        Examples
        --------
        >>> Course.from_doses("VESICLE_WNT", [0.0, 28.0], 1e10, 0.7, half=2e9, n_patients=3).amounts[0]
        array([5., 5.])
        """
        when = np.asarray(days, dtype=np.float64)
        added = np.broadcast_to(np.asarray(amounts, dtype=np.float64) / half, (n_patients, len(when)))
        if bool((added < 0.0).any()):
            raise ValueError(f"{name}: a dose must not be negative")
        return cls(name, when, added, np.broadcast_to(np.asarray(rates, dtype=np.float64), (n_patients,)))

    @classmethod
    def from_levels(cls, name: str, days: Sequence[float] | FloatArray, levels: FloatArray) -> Course:
        """A tabulated occupancy that holds from each day to the next.

        Parameters
        ----------
        name : str
            Input.
        days : Sequence[float] | FloatArray
            Rising [day].
        levels : FloatArray
            Occupancy [patient, day], from 0 to below 1.

        Returns
        -------
        Course
            One event for each change of a level.

        Examples
        --------
        >>> Course.from_levels("MINOXIDIL", [0.0, 7.0], np.array([[0.5, 0.0]])).amounts
        array([[ 1., -1.]])
        """
        table = np.asarray(levels, dtype=np.float64)
        if not bool(((table >= 0.0) & (table < 1.0)).all()):
            raise ValueError(f"{name}: an occupancy must lie between 0 and below 1")
        steps = np.diff(table / (1.0 - table), axis=1, prepend=0.0)
        return cls(name, np.asarray(days, dtype=np.float64), steps, np.zeros(len(table)))

    def occupancy(self, at: FloatArray) -> FloatArray:
        """Level of the input at days, [patient, day], in closed form; a dose counts from its own day on."""
        since = at[None, :, None] - self.days[None, None, :]
        left = np.where(since >= 0.0, np.exp(-self.rates[:, None, None] * np.maximum(since, 0.0)), 0.0)
        exposure = np.maximum(np.einsum("pd,ptd->pt", self.amounts, left), 0.0)
        return exposure / (1.0 + exposure)
