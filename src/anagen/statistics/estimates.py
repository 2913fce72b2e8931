"""A difference between two arms as an analysis tells it: of one trial, and of many at once."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from anagen.core.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference between arms: estimate, standard error, confidence limits, two-sided p value, patients used,
    method.
    """

    estimate: float
    standard_error: float
    ci_low: float
    ci_high: float
    p_value: float
    n_arm: int
    n_control: int
    method: str


@dataclass(frozen=True, slots=True)
class Estimates:
    """The same of many trials, in arrays of shape [trial].

    Attributes
    ----------
    estimate : FloatArray
        Difference between arms, in the unit of the outcome; this and the next four are NaN where it cannot be had.
    standard_error : FloatArray
        Its standard error.
    ci_low : FloatArray
        Lower confidence limit.
    ci_high : FloatArray
        Upper confidence limit.
    p_value : FloatArray
        Two-sided.
    n_arm : IntArray
        Patients used.
    n_control : IntArray
        Patients used.
    degrees_of_freedom : FloatArray
        Of Student's t; infinite where limits are Normal or not from a standard error.
    method : NDArray[np.str_]
        How it was estimated, or why it was not.
    """

    estimate: FloatArray
    standard_error: FloatArray
    ci_low: FloatArray
    ci_high: FloatArray
    p_value: FloatArray
    n_arm: IntArray
    n_control: IntArray
    degrees_of_freedom: FloatArray
    method: NDArray[np.str_]

    def of(self, trial: int) -> Estimate:
        """The numbers of one trial."""
        return Estimate(
            float(self.estimate[trial]),
            float(self.standard_error[trial]),
            float(self.ci_low[trial]),
            float(self.ci_high[trial]),
            float(self.p_value[trial]),
            int(self.n_arm[trial]),
            int(self.n_control[trial]),
            str(self.method[trial]),
        )

    def saying(self, words: str, instead: str) -> Estimates:
        """The same with other words in the method."""
        return replace(self, method=np.char.replace(self.method.astype(str), words, instead))

    def taken(self, trials: IntArray) -> Estimates:
        """The numbers of some trials."""
        return Estimates(*(getattr(self, field.name)[trials] for field in fields(self)))
