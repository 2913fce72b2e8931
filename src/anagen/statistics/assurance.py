"""Assurance: the chance that a trial succeeds, averaged over what is believed of the effect beforehand.

Power answers for one assumed effect. Assurance has a ceiling that no number of patients lifts: the prior chance
that the
effect is on the right side at all.

References
----------
.. [1] O'Hagan, Stevens & Campbell 2005, doi:10.1002/pst.175.
.. [2] Spiegelhalter & Freedman 1986, doi:10.1002/sim.4780050103.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real
from anagen.statistics.quadrature import legendre
from anagen.statistics.sample_size.means import MeansPlan, powers_at
from anagen.statistics.sample_size.sizes import Size

NODES = 64
REACH = 8.0


@dataclass(frozen=True, slots=True)
class Assurance:
    """Chance of success averaged over a prior.

    Attributes
    ----------
    chance : float
        Assurance.
    mc_error : float
        Its Monte-Carlo standard error where the prior is a sample of draws, else 0.
    ceiling : float
        Prior chance that the effect is on the right side: assurance of a trial without end.
    ceiling_mc_error : float
        Its Monte-Carlo standard error.
    effect_given_success : float
        Expected effect where the trial succeeds.
    """

    chance: float
    mc_error: float
    ceiling: float
    ceiling_mc_error: float
    effect_given_success: float


def closed_form(mean: float, sd: float, se: float, alpha: float = 0.025) -> float:
    """Assurance of a one-sided normal test under a normal prior: Phi((m - z_a se) / sqrt(se**2 + s**2)).

    Parameters
    ----------
    mean : float
        Prior mean of the effect.
    sd : float
        Prior SD, 0 or more.
    se : float
        Standard error that the trial will have.
    alpha : float
        One-sided type I error.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> round(closed_form(8.0, 9.0, 20.0 * (2 / 40) ** 0.5), 6)
    0.469653
    """
    from scipy.special import ndtr, ndtri

    real("se", se, 1e-300, 1e300)
    real("sd", sd, 0.0, 1e300)
    return float(ndtr((mean + ndtri(real("alpha", alpha, 1e-9, 0.999)) * se) / np.hypot(se, sd)))


def with_normal_prior(plan: MeansPlan, size: Size, mean: float, sd: float) -> Assurance:
    """Assurance of a t test under a normal prior, by integration over the effect.

    Success is on the side of benefit, whatever the number of sides.

    Parameters
    ----------
    plan : MeansPlan
        Its difference is left out.
    size : Size
        Patients who are measured.
    mean : float
        Prior mean of the difference.
    sd : float
        Prior SD, above 0.

    Returns
    -------
    Assurance
        Without Monte-Carlo error.

    Examples
    --------
    >>> plan = MeansPlan(difference=8.0, sd=20.0)
    >>> round(with_normal_prior(plan, plan.size(80), 8.0, 9.0).chance, 5)
    0.4654
    """
    from scipy.special import ndtr

    spread = real("prior_sd", sd, 1e-12, 1e12)
    effects, widths = _grid(plan, size, mean, spread)
    z = (effects - mean) / spread
    mass = widths * np.exp(-0.5 * z * z) / (spread * np.sqrt(2.0 * np.pi))
    success = _success(plan, size, effects)
    chance = float(mass @ success)
    low, high = _border(plan)
    ceiling = float(ndtr((high - mean) / spread) - ndtr((low - mean) / spread))
    return Assurance(chance, 0.0, ceiling, 0.0, float(mass @ (success * effects)) / chance)


def with_draws(plan: MeansPlan, size: Size, draws: ArrayLike) -> Assurance:
    """Assurance of a t test under a prior that is given as draws, such as those of a simulation.

    Parameters
    ----------
    plan : MeansPlan
        Its difference is left out.
    size : Size
        Patients who are measured.
    draws : array_like, shape (draws,)
        Differences, each as likely as the others; two or more.

    Returns
    -------
    Assurance
        With Monte-Carlo errors.

    Raises
    ------
    InputError
        Where there are fewer than two draws, or one is not finite.
    """
    effects = np.asarray(draws, dtype=np.float64).ravel()
    if len(effects) < 2 or not np.isfinite(effects).all():
        raise InputError([Problem(None, None, None, "draws", "must be two or more finite numbers")])
    success = _success(plan, size, effects)
    low, high = _border(plan)
    right = ((effects > low) & (effects < high)).astype(np.float64)
    root = np.sqrt(len(effects))
    chance = float(success.mean())
    expected = float(success @ effects / success.sum()) if success.sum() > 0 else float("nan")
    return Assurance(
        chance, float(success.std(ddof=1) / root), float(right.mean()), float(right.std(ddof=1) / root), expected
    )


def _grid(plan: MeansPlan, size: Size, mean: float, spread: float) -> tuple[FloatArray, FloatArray]:
    """Effects and weights of a Gauss-Legendre rule, fine where power rises from 0 to 1."""
    from scipy.special import stdtrit

    se, df = plan.se_and_df(size)
    bar = -float(stdtrit(max(df, 1.0), plan.alpha / plan.sides)) * se
    low, high = _border(plan)
    rises = [low + bar] if np.isinf(high) else [low + bar, high - bar]
    ends = mean - REACH * spread, mean + REACH * spread
    cuts = [*ends, *np.linspace(*ends, 5), *(rise + step * se for rise in rises for step in (-REACH, 0.0, REACH))]
    edges = np.unique(np.clip(cuts, *ends))
    nodes, weights = legendre(NODES)
    half = 0.5 * np.diff(edges)[:, None]
    return (0.5 * (edges[:-1] + edges[1:])[:, None] + half * nodes).ravel(), (half * weights).ravel()


def _success(plan: MeansPlan, size: Size, effects: FloatArray) -> FloatArray:
    """Chance of success on the side of benefit under each effect."""
    one_sided = plan if plan.test != "superiority" else replace(plan, sides=1, alpha=plan.alpha / plan.sides)
    return powers_at(one_sided, size, effects)


def _border(plan: MeansPlan) -> tuple[float, float]:
    """Effects between which the claim is true."""
    if plan.test == "equivalence":
        return -plan.margin, plan.margin
    return (-plan.margin if plan.test == "non_inferiority" else 0.0), np.inf
