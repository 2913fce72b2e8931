"""Numbers of patients: exact and rounded up, with those added who will be lost or who come in groups.

References
----------
.. [1] Donner & Klar 2000, Design and Analysis of Cluster Randomization Trials in Health Research.
.. [2] Eldridge, Ashby & Kerry 2006, doi:10.1093/ije/dyl129 (clusters of unequal size).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.core.reading import nearest

Test = Literal["superiority", "non_inferiority", "equivalence"]
TESTS: tuple[Test, ...] = get_args(Test)
SLACK = 1e-9
"""A size this close above a whole number is that number."""


@dataclass(frozen=True, slots=True)
class Size:
    """Patients that a trial needs.

    Attributes
    ----------
    total : float
        In all, as the formula gives it; pairs or patients where each is their own control.
    first : float
        In the first arm (treatment); equal to the total where there is one group.
    second : float
        In the second arm (control); 0 where there is one group.
    """

    total: float
    first: float
    second: float

    @property
    def arms(self) -> tuple[int, ...]:
        """Whole patients per arm, each rounded up; one number where there is one group."""
        return tuple(math.ceil(n - SLACK) for n in (self.first, self.second) if n > 0)

    @property
    def rounded(self) -> int:
        """Whole patients in all."""
        return sum(self.arms)

    def times(self, factor: float) -> Size:
        """The size times a factor.

        Parameters
        ----------
        factor : float
            Such as a design effect.

        Returns
        -------
        Size
            Exact numbers, larger or smaller.
        """
        return Size(self.total * factor, self.first * factor, self.second * factor)


def split(total: float, allocation: float | None) -> Size:
    """A total divided between arms.

    Parameters
    ----------
    total : float
        Patients in all.
    allocation : float or None
        Patients of the first arm for each of the second; None for one group.

    Returns
    -------
    Size
        Not rounded.
    """
    if allocation is None:
        return Size(total, total, 0.0)
    return Size(total, total * allocation / (1.0 + allocation), total / (1.0 + allocation))


def with_dropout(size: Size, share: float) -> Size:
    """Patients to randomise so that enough are left: n / (1 - share).

    Parameters
    ----------
    size : Size
        Patients who have to be measured.
    share : float
        Lost, 0 to below 1.

    Returns
    -------
    Size
        Patients to randomise.

    Examples
    --------
    >>> with_dropout(Size(100.0, 50.0, 50.0), 0.2).arms
    (63, 63)
    """
    return size.times(1.0 / (1.0 - real("dropout", share, 0.0, 0.95)))


def design_effect(cluster_size: float, icc: float, cv: float = 0.0) -> float:
    """How many times as many patients are needed where they come in clusters: 1 + ((1 + cv**2) m - 1) icc.

    Parameters
    ----------
    cluster_size : float
        Mean number of patients of a cluster, m.
    icc : float
        Correlation of two patients of one cluster, 0 to 1.
    cv : float
        Coefficient of variation of cluster sizes.

    Returns
    -------
    float
        At least 1 where clusters have a patient or more.

    Examples
    --------
    >>> round(design_effect(20, 0.05), 10)
    1.95
    """
    size = real("cluster_size", cluster_size, 1.0, 1e6)
    spread = real("cv", cv, 0.0, 10.0)
    return 1.0 + ((1.0 + spread * spread) * size - 1.0) * real("icc", icc, 0.0, 1.0)


def checked_test(test: str) -> Test:
    """The kind of a test by its name.

    Parameters
    ----------
    test : str
        "superiority", "non-inferiority" or "equivalence"; an underscore is a hyphen.

    Returns
    -------
    Test
        One of `TESTS`.

    Raises
    ------
    InputError
        Where there is none of that name.
    """
    plain = test.strip().lower().replace("-", "_").replace(" ", "_")
    plain = "non_inferiority" if plain in ("noninferiority", "ni") else plain
    for known in TESTS:
        if plain == known:
            return known
    allowed = tuple(name.replace("_", "-") for name in TESTS)
    raise InputError([Problem(None, None, None, "test", f"unknown test {test!r}", allowed, nearest(test, allowed))])


def check_common(alpha: float, sides: int, allocation: float, test: str, margin: float) -> None:
    """Refuses what no plan can have.

    Parameters
    ----------
    alpha : float
        Type I error.
    sides : int
        1 or 2.
    allocation : float
        First arm for each of the second.
    test : str
        One of `TESTS`.
    margin : float
        Of non-inferiority or equivalence.

    Raises
    ------
    InputError
        With everything that is wrong.
    """
    real("alpha", alpha, 1e-6, 0.5)
    real("allocation", allocation, 0.01, 100.0)
    if sides not in (1, 2):
        raise InputError([Problem(None, None, None, "sides", f"must be 1 or 2, got {sides!r}")])
    checked_test(test)
    if test != "superiority" and not 0.0 < margin < float("inf"):
        message = f"must be above 0 for a test of {test.replace('_', '-')}, got {margin:g}"
        raise InputError([Problem(None, None, None, "margin", message)])
    if test == "superiority" and margin != 0.0:
        message = 'belongs to a test of non-inferiority or equivalence; give that test (test="non-inferiority")'
        raise InputError([Problem(None, None, None, "margin", message)])
