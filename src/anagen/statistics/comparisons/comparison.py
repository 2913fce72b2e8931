"""What an analysis of trials is given, and what one is: arms compared with their controls, in many trials at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.statistics.contrast import Contrast
from anagen.statistics.estimates import Estimates
from anagen.statistics.fall_back import Freedom

Option = Literal["covariates", "variance", "covariance", "freedom"]


@dataclass(frozen=True, slots=True)
class Covariate:
    """A covariate of every patient.

    Attributes
    ----------
    name : str
        Its name.
    values : FloatArray, shape (n_trials, n_patients)
        Numbers, or the index of the level of a factor.
    levels : tuple[str, ...]
        Names of the levels of a factor; none for a number.
    """

    name: str
    values: FloatArray
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrialData:
    """Trials as an analysis takes them: rows are trials, equally many places for patients in each.

    Attributes
    ----------
    outcome : FloatArray, shape (n_trials, n_patients)
        At the week that is analysed; NaN where it is missing.
    baseline : FloatArray, shape (n_trials, n_patients)
        The endpoint at baseline.
    arm : IntArray, shape (n_trials, n_patients)
        Index of the arm; -1 where there is no patient.
    n_arms : int
        How many arms the trial has.
    visits : FloatArray, shape (n_trials, n_patients, n_visits)
        The outcome at every visit after baseline.
    weeks : FloatArray, shape (n_visits,)
        Of these visits.
    visit : int
        Index of the visit that is analysed.
    covariates : tuple[Covariate, ...]
        Beside the baseline.
    """

    outcome: FloatArray
    baseline: FloatArray
    arm: IntArray
    n_arms: int
    visits: FloatArray
    weeks: FloatArray
    visit: int
    covariates: tuple[Covariate, ...] = ()

    def columns(self, used: BoolArray) -> tuple[FloatArray, BoolArray]:
        """Covariates as columns of a model, the baseline first; a factor has an indicator for each of its levels.

        Parameters
        ----------
        used : BoolArray, shape (n_trials, n_patients)
            Patients in the model.

        Returns
        -------
        FloatArray, shape (n_trials, n_patients, n_columns)
            0 for patients who are not used.
        BoolArray, shape (n_trials, n_columns)
            Which columns a trial's model holds: those that vary in it, but for the first level of a factor.
        """
        made = [self.baseline[..., None]]
        for covariate in self.covariates:
            values = covariate.values[..., None]
            made.append(values == np.arange(len(covariate.levels)) if covariate.levels else values)
        cube = np.where(used[..., None], np.concatenate(made, axis=-1), 0.0)
        held = np.asarray(_spread(cube, used) > 0.0)
        place = 1
        for covariate in self.covariates:
            here = slice(place, place + max(len(covariate.levels), 1))
            place = here.stop
            if covariate.levels:
                present = (cube[..., here] > 0.0).any(axis=1)
                first = np.argmax(present, axis=1)
                held[np.arange(len(held)), here.start + first] = False
        return cube, held


@dataclass(frozen=True, slots=True)
class Options:
    """How an analysis is done where there is a choice.

    Attributes
    ----------
    alpha : float
        Two-sided level.
    variance : {"classical", "hc3"}
        One residual variance for all, or standard errors that do not assume one.
    covariance : str
        Of the visits, see `anagen.statistics.mmrm`.
    freedom : str
        Degrees of freedom, see there.
    """

    alpha: float = 0.05
    variance: Literal["classical", "hc3"] = "classical"
    covariance: str = "unstructured"
    freedom: Freedom = "satterthwaite"


Compare = Callable[[TrialData, Sequence[tuple[int, int]], Options], list[Estimates]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A way to compare arms with their controls.

    Attributes
    ----------
    name : str
        As a study names it.
    title : str
        In words, for a sentence.
    compare : callable
        Takes the trials, pairs of indices (arm, control) and options; gives the estimates of each pair.
    takes : frozenset of str
        Options that it heeds.
    seconds : float
        Rough time of a trial of 150 patients and 4 visits.
    """

    name: str
    title: str
    compare: Compare
    takes: frozenset[Option] = field(default_factory=frozenset)
    seconds: float = 1e-4


def none_estimated(n: IntArray, n_control: IntArray, method: str, why: str) -> Estimates:
    """Estimates of trials that have none.

    Parameters
    ----------
    n : IntArray, shape (n_trials,)
        Patients of the arm.
    n_control : IntArray, shape (n_trials,)
        Of the control.
    method : str
        What was tried.
    why : str
        Why it failed.

    Returns
    -------
    Estimates
        Without numbers.
    """
    missing = np.full(n.shape, np.nan)
    said = np.full(n.shape, f"{method}; not estimable: {why}")
    return Estimates(missing, missing, missing, missing, missing, n, n_control, missing, said)


def one_trial(told: Contrast, *, n: int, n_control: int, method: str) -> Estimates:
    """The estimate of one trial.

    Parameters
    ----------
    told : Contrast
        Its numbers.
    n : int
        Patients of the arm.
    n_control : int
        Of the control.
    method : str
        In words.

    Returns
    -------
    Estimates
        Of one trial.
    """
    return Estimates(
        estimate=np.array([told.estimate]),
        standard_error=np.array([told.standard_error]),
        ci_low=np.array([told.ci_low]),
        ci_high=np.array([told.ci_high]),
        p_value=np.array([told.p_value]),
        n_arm=np.array([n]),
        n_control=np.array([n_control]),
        degrees_of_freedom=np.array([told.df]),
        method=np.array([method]),
    )


def joined(parts: Sequence[tuple[IntArray, Estimates]], count: int) -> Estimates:
    """Estimates of groups of trials as those of all, in order.

    Parameters
    ----------
    parts : Sequence[tuple[IntArray, Estimates]]
        Places of the trials of each group, and their estimates.
    count : int
        How many trials there are.

    Returns
    -------
    Estimates
        Of all.
    """
    order = np.argsort(np.concatenate([rows for rows, _ in parts]), kind="stable")
    if len(order) != count:
        raise ValueError(f"{len(order)} trials in groups, {count} in all")
    names = ("estimate", "standard_error", "ci_low", "ci_high", "p_value")
    names = (*names, "n_arm", "n_control", "degrees_of_freedom", "method")
    return Estimates(*(np.concatenate([getattr(each, name) for _, each in parts])[order] for name in names))


def _spread(cube: FloatArray, used: BoolArray) -> FloatArray:
    high = np.where(used[..., None], cube, -np.inf).max(axis=1, initial=-np.inf)
    low = np.where(used[..., None], cube, np.inf).min(axis=1, initial=np.inf)
    return np.where(high > low, high - low, 0.0)
