r"""Power and assurance of a candidate in closed form, from the effects and the spread of its design.

With an effect delta_i of arm i over its control, less a margin where the study claims one, a standard deviation s_i
that is left once the baseline is adjusted for, and n_i and n_0 patients analysed, an arm succeeds where its estimate
lies beyond t_(1 - alpha/2) standard errors in the wanted direction. Of one arm that chance is that of the noncentral t
distribution (`closed_form.power_by_t`). Of several arms at least one has to succeed, each at the level alpha / k;
estimates against the same control move together,

    P(at least one)  =  1 - E_z[ prod_i Phi((t SE_i - delta_i + s_0 z) / s_i') ]
    s_0 = s / sqrt(n_0),    s_i' = s_i / sqrt(n_i)

with z standard Normal, in Gauss-Hermite quadrature. Assurance is the mean over the parameter draws.

References
----------
.. [1] Dunnett 1955, doi:10.1080/01621459.1955.10501294 (several arms against one control).
.. [2] O'Hagan, Stevens & Campbell 2005, doi:10.1002/pst.175 (assurance).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.planning.closed_form import power_by_t
from anagen.planning.search.simulated import Simulated

NODES = 48


@dataclass(frozen=True, eq=False)
class Chance:
    """What a trial of some arms and ratio can reach, whatever its size.

    Attributes
    ----------
    simulated : Simulated
        The design.
    pairs : tuple[int, ...]
        Contrasts of the arms that are kept, by their place.
    ratio : tuple[int, ...]
        Whole numbers, one an arm of the study.
    """

    simulated: Simulated
    pairs: tuple[int, ...]
    ratio: tuple[int, ...]

    @property
    def effects(self) -> FloatArray:
        """Effects of the arms kept beyond what the study's claim asks for, shape (n_draws, n_kept)."""
        return self.simulated.effects[:, list(self.pairs)] - self.simulated.than

    @property
    def ceiling(self) -> float:
        """What assurance cannot exceed: the share of draws under which an arm kept has an effect as wanted."""
        return float((self.effects > 0.0).any(axis=1).mean()) if len(self.effects) else math.nan

    @property
    def level(self) -> float:
        """Two-sided level of each contrast."""
        return self.simulated.study.analysis.two_sided_alpha / len(self.pairs)

    def assurance(self, patients: int) -> tuple[float, float]:
        """Mean of power over the parameter draws, and its Monte-Carlo error.

        Parameters
        ----------
        patients : int
            Of the smallest arm.

        Returns
        -------
        tuple[float, float]
            0 to 1.
        """
        of_draws = self.power_at(self.effects, patients)
        if not len(of_draws):
            return math.nan, math.nan
        return float(of_draws.mean()), float(of_draws.std(ddof=1)) / math.sqrt(len(of_draws))

    def power(self, patients: int) -> float:
        """Power at central parameter values."""
        central = self.simulated.central[None, list(self.pairs)] - self.simulated.than
        return float(self.power_at(central, patients)[0])

    def power_at(self, effects: FloatArray, patients: int) -> FloatArray:
        """Chance of success under given effects.

        Parameters
        ----------
        effects : FloatArray, shape (n, n_kept)
            Positive where they are wanted.
        patients : int
            Of the smallest arm.

        Returns
        -------
        FloatArray, shape (n,)
            0 to 1.
        """
        arms, controls, freedom = self._sizes(patients)
        error = np.sqrt(arms + controls)
        if len(self.pairs) == 1:
            return power_by_t(effects[:, 0], error[0], freedom[0], self.level)
        missed = np.ones(len(effects))
        places = self.simulated.question.pairs
        for control in dict.fromkeys(places[p][1] for p in self.pairs):
            here = [i for i, p in enumerate(self.pairs) if places[p][1] == control]
            missed *= none_succeeds(
                effects[:, here], np.sqrt(arms[here]), np.sqrt(controls[here]), error[here], freedom[here], self.level
            )
        return 1.0 - missed

    def _sizes(self, patients: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Variance of the mean of every arm and of its control, and degrees of freedom."""
        found, question = self.simulated, self.simulated.question
        names = [arm.name for arm in question.study.arms]
        unit = patients / min(self.ratio[i] for i in self.arms)
        rows: list[tuple[float, float, float]] = []
        for p in self.pairs:
            arm, control = (names.index(name) for name in question.pairs[p])
            n, n_control = (
                unit * self.ratio[place] * share for place, share in zip((arm, control), found.analysed[p], strict=True)
            )
            sd = float(found.sd[p])
            if question.plan.split_scalp:
                rows.append((sd**2 / n, 0.0, n - 2.0))
            else:
                rows.append((sd**2 / n, sd**2 / n_control, n + n_control - 3.0))
        arms, controls, freedom = (np.array(column) for column in zip(*rows, strict=True))
        return arms, controls, freedom

    @property
    def arms(self) -> tuple[int, ...]:
        """Numbers of the arms kept, controls among them."""
        names = [arm.name for arm in self.simulated.study.arms]
        tested = {name for p in self.pairs for name in self.simulated.question.pairs[p]}
        return tuple(i for i, name in enumerate(names) if name in tested)


def none_succeeds(
    effects: FloatArray, arm: FloatArray, control: FloatArray, error: FloatArray, freedom: FloatArray, level: float
) -> FloatArray:
    """Chance that none of several arms with one control succeeds.

    Parameters
    ----------
    effects : FloatArray, shape (n, k)
        True effects, positive where they are wanted.
    arm : FloatArray, shape (k,)
        Standard error of the mean of each arm.
    control : FloatArray, shape (k,)
        That of the control, as each contrast has it.
    error : FloatArray, shape (k,)
        Standard error of each difference.
    freedom : FloatArray, shape (k,)
        Degrees of freedom of each.
    level : float
        Two-sided, of each contrast.

    Returns
    -------
    FloatArray, shape (n,)
        0 to 1.

    Examples
    --------
    Two arms without an effect, equal groups: two estimates with a correlation of a half, each beyond 1.96 errors in one
    direction with a chance of 0.025.

    >>> half = np.full(2, 0.5**0.5)
    >>> none = none_succeeds(np.zeros((1, 2)), half, half, np.ones(2), np.full(2, 1e6), 0.05)
    >>> round(1.0 - float(none[0]), 4)
    0.0454
    """
    from scipy.special import ndtr, stdtrit

    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    limit = -np.asarray(stdtrit(np.maximum(freedom, 1.0), level / 2.0)) * error
    shift = limit[None, :, None] - effects[:, :, None] + control[None, :, None] * nodes[None, None, :]
    below = np.asarray(ndtr(shift / arm[None, :, None]), dtype=np.float64)
    return np.asarray(below.prod(axis=1) @ weights / math.sqrt(2.0 * math.pi), dtype=np.float64)


def smallest(chance: Chance, goal: float, *, kind: str, sizes: Sequence[int]) -> int | None:
    """Smallest of increasing sizes at which the chance reaches a goal; None where it does at none.

    Parameters
    ----------
    chance : Chance
        Of a design.
    goal : float
        0 to 1.
    kind : str
        "assurance" or "power".
    sizes : Sequence[int]
        Patients of the smallest arm, increasing.

    Returns
    -------
    int or None
        One of the sizes.
    """

    def reaches(patients: int) -> bool:
        return (chance.assurance(patients)[0] if kind == "assurance" else chance.power(patients)) >= goal

    if not len(sizes) or not reaches(sizes[-1]):
        return None
    low, high = -1, len(sizes) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(sizes[middle]) else (middle, high)
    return sizes[high]
