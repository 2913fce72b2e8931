"""Patients of a trial that was held, from whose age, sex, origin, grade and years since onset others are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from anagen.core.arrays import FloatArray, IntArray


@dataclass(frozen=True)
class Empirical:
    """An empirical distribution of covariates: one entry a patient, drawn whole and with replacement.

    Attributes
    ----------
    age : tuple[float, ...]
        Years.
    sex : tuple[str, ...]
        Names.
    ethnicity : tuple[str, ...]
        Names; empty where it is not known and drawn as the study says.
    severity : tuple[str, ...]
        Grades; empty where it is not known and drawn as the study says.
    years_since_onset : tuple[float, ...]
        Years; not a number where it is not known and drawn as the study says.

    Examples
    --------
    >>> two = Empirical((20.0, 40.0), ("male", "female"), ("", ""), ("IV", ""), (float("nan"),) * 2)
    >>> two.at(np.array([0.1, 0.9])).tolist(), two.age_deviates.round(3).tolist()
    ([0, 1], [-0.674, 0.674])
    """

    age: tuple[float, ...]
    sex: tuple[str, ...]
    ethnicity: tuple[str, ...]
    severity: tuple[str, ...]
    years_since_onset: tuple[float, ...]

    def at(self, u: FloatArray) -> IntArray:
        """Place of the patient whom each uniform draw takes.

        Parameters
        ----------
        u : FloatArray
            From 0 up to 1.
        """
        number = len(self.age)
        return np.minimum((np.asarray(u) * number).astype(np.int64), number - 1)

    @cached_property
    def age_deviates(self) -> FloatArray:
        """Standard normal deviate of each patient's age: what is correlated with age stays so.

        Of the mid-ranks, as patients of one age have one deviate.
        """
        from scipy.special import ndtri

        age = np.array(self.age)
        below = (age[None, :] < age[:, None]).sum(axis=1)
        same = (age[None, :] == age[:, None]).sum(axis=1)
        return np.asarray(ndtri((below + 0.5 * same) / len(age)), dtype=np.float64)
