"""Boundaries as a study asks for them: looks, spending of the level, futility."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from anagen.statistics.sequential.boundaries import design, spending_design
from anagen.statistics.sequential.design import SequentialDesign
from anagen.statistics.sequential.futility import beta_spending, binding_design, fixed_futility


@dataclass(frozen=True, slots=True)
class Bounds:
    """What decides the boundaries of a claim: see `anagen.study.analysis.Interim`; level is one-sided."""

    at: tuple[float, ...]
    efficacy: str
    gamma: float
    futility: str | float | None
    power: float
    binding: bool
    level: float
    sides: int


@lru_cache(maxsize=64)
def boundaries(asked: Bounds) -> SequentialDesign:
    """Boundaries of a claim.

    Parameters
    ----------
    asked : Bounds
        Looks, spending and level.

    Returns
    -------
    SequentialDesign
        Its last look is the final analysis.

    Examples
    --------
    >>> asked = Bounds((0.5,), "obrien_fleming", -4.0, None, 0.8, False, 0.025, 1)
    >>> [round(z, 3) for z in boundaries(asked).efficacy]
    [2.963, 1.969]
    """
    from scipy.special import ndtri

    times, level, sides, futility = (*asked.at, 1.0), asked.level, asked.sides, asked.futility
    if asked.binding and isinstance(futility, str):
        return binding_design(times, asked.efficacy, futility, alpha=level, power=asked.power, gamma=asked.gamma)
    if asked.efficacy == "none":
        last = -float(ndtri(level))
        made = design(times, sides * level, sides, [*([float("inf")] * len(asked.at)), last], "no early success")
    else:
        made = spending_design(times, asked.efficacy, alpha=sides * level, sides=sides, gamma=asked.gamma)
    if isinstance(futility, str):
        return beta_spending(made, futility, power=asked.power, gamma=asked.gamma)
    return made if futility is None else fixed_futility(made, [futility] * len(asked.at))
