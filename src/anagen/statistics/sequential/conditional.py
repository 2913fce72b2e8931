"""How likely a trial still is to succeed, seen from an interim look.

References
----------
.. [1] Lan & Wittes 1988, doi:10.2307/2531870 (B values and conditional power).
.. [2] Spiegelhalter, Freedman & Blackburn 1986, doi:10.1016/0197-2456(86)90003-6 (predictive power).
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from anagen.core.errors import InputError, Problem
from anagen.core.numbers import real, whole
from anagen.statistics.sequential.design import SequentialDesign
from anagen.statistics.sequential.integration import crossing_chances, start

Assumed = Literal["trend", "null", "design"]
LEAST, MOST = 1e-6, 1.0 - 1e-6


def trend(z: float, time: float) -> float:
    """Drift that an interim result points to: z / sqrt(t).

    Parameters
    ----------
    z : float
        Statistic at the look.
    time : float
        Its information fraction.

    Returns
    -------
    float
        Expected z at full information.
    """
    return z / np.sqrt(real("time", time, LEAST, MOST))


def conditional_power(z: float, time: float, critical: float, drift: float | None = None) -> float:
    """Chance that the final statistic is above its critical value, given what an interim look showed.

    Phi((z sqrt(t) + drift (1 - t) - c) / sqrt(1 - t)); under the null drift is 0, under the current trend z / sqrt(t).

    Parameters
    ----------
    z : float
        Statistic at the look.
    time : float
        Its information fraction, 0 to 1 and neither.
    critical : float
        Critical value of the final analysis.
    drift : float, optional
        Expected z at full information; that of the current trend where left out.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> round(conditional_power(1.2, 0.5, 1.959964), 5), round(conditional_power(1.2, 0.5, 1.959964, 0.0), 5)
    (0.35502, 0.058)
    """
    from scipy.special import ndtr

    t = real("time", time, LEAST, MOST)
    assumed = trend(z, t) if drift is None else drift
    return float(ndtr((z * np.sqrt(t) + assumed * (1.0 - t) - critical) / np.sqrt(1.0 - t)))


def predictive_power(
    z: float, time: float, critical: float, prior_mean: float = 0.0, prior_sd: float = np.inf
) -> float:
    """Chance of final success, averaged over what is believed of the effect after the look.

    With a prior N(m, s**2) of the drift its posterior has precision 1 / s**2 + t and mean (m / s**2 + z sqrt(t)) over
    it; the flat prior gives Phi((z / sqrt(t) - c) sqrt(t / (1 - t))).

    Parameters
    ----------
    z : float
        Statistic at the look.
    time : float
        Its information fraction.
    critical : float
        Critical value of the final analysis.
    prior_mean : float
        Mean of the prior of the drift: effect over the standard error at full information.
    prior_sd : float
        Its SD on the same scale; infinite for a flat prior, 0 for a known effect.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> round(predictive_power(1.2, 0.5, 1.959964), 5)
    0.39631
    """
    from scipy.special import ndtr

    t = real("time", time, LEAST, MOST)
    if prior_sd == 0.0:
        return conditional_power(z, t, critical, prior_mean)
    known = 0.0 if np.isinf(prior_sd) else real("prior_sd", prior_sd, 0.0, 1e12) ** -2
    precision = known + t
    mean = (known * prior_mean + z * np.sqrt(t)) / precision
    spread = np.sqrt((1.0 - t) + (1.0 - t) ** 2 / precision)
    return float(ndtr((z * np.sqrt(t) + mean * (1.0 - t) - critical) / spread))


def conditional_power_of(
    design: SequentialDesign, look: int, z: float, assumed: Assumed | float = "trend", power: float = 0.8
) -> float:
    """Chance of success at any later look of a design, given the statistic at one look.

    Parameters
    ----------
    design : SequentialDesign
        Its later boundaries are kept, those of futility too.
    look : int
        Number of the look, from 1; not the last.
    z : float
        Statistic there.
    assumed : {"trend", "null", "design"} or float
        Effect from now on: as seen, none, as planned, or a drift.
    power : float
        Power for which the design was planned; for "design".

    Returns
    -------
    float
        0 to 1; success is on the upper side.

    Raises
    ------
    InputError
        Where the look is none before the last, or what is assumed has another name.
    """
    at = whole("look", look, 1, len(design.times) - 1)
    time = design.times[at - 1]
    if assumed == "trend":
        drift = trend(z, time)
    elif assumed == "null":
        drift = 0.0
    elif assumed == "design":
        drift = design.drift_for(power)
    elif isinstance(assumed, int | float):
        drift = float(assumed)
    else:
        names = ("trend", "null", "design")
        raise InputError([Problem(None, None, None, "assumed", f"unknown assumption {assumed!r}", names)])
    lower = [-c for c in design.efficacy] if design.sides == 2 else [*design.futility[:-1], -np.inf]
    up, _ = crossing_chances(design.times[at:], design.efficacy[at:], lower[at:], drift, start(time, z))
    return float(up.sum())
