"""The rules of one follicle's cycle, compiled for kernels: durations of phases, a new anagen, growth of the hair."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anagen.core.compiled import inlined
from anagen.core.elementary import exponential, logarithm
from anagen.core.philox import Word, normal, philox4x32, uniform
from anagen.follicles.process import ProcessConstants

ANAGEN, RESTING = 0, 1
"""Phases. Catagen is the start of RESTING; kenogen is what of RESTING is left when the club hair has fallen."""
START, CYCLE, HAZARD = np.uint64(1), np.uint64(2), np.uint64(4)
"""Third word of the address of a draw; the same numbers as core.streams.Purpose."""


class Address(NamedTuple):
    """Address of the draws of a patient's follicles, but for follicle, cycle and purpose.

    Attributes
    ----------
    seed : Word
        Seed of the run.
    patient : Word
        Number of the patient.
    replicate : Word
        Number of the trial.
    site : Word
        Number of the target area, in the bits above the number of a follicle.
    """

    seed: Word
    patient: Word
    replicate: Word
    site: Word


@inlined
def words(address: Address, follicle: int, item: int, purpose: Word) -> tuple[Word, Word, Word, Word]:
    """Four random words of one follicle.

    Parameters
    ----------
    address : Address
        Of the patient.
    follicle : int
        Number of the follicle, below 2**24.
    item : int
        Number of the cycle or of the draw.
    purpose : Word
        What they are for.

    Returns
    -------
    tuple of 4 Word
        Below 2**32.
    """
    return philox4x32(
        np.uint64(follicle) | address.site, np.uint64(item), purpose, address.replicate, address.seed, address.patient
    )


@inlined
def growth_rate(diameter: float, terminal_rate: float, p: ProcessConstants) -> float:
    """Linear growth, rising with diameter from a vellus to a terminal hair.

    Parameters
    ----------
    diameter : float
        Of the hair [um].
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    float
        [mm/day].

    References
    ----------
    Van Neste 2016, doi:10.1111/srt.12274.
    """
    share = (diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter)
    return p.vellus_growth_rate + (terminal_rate - p.vellus_growth_rate) * min(1.0, max(0.0, share))


@inlined
def reentry_duration(c: float, z: float, p: ProcessConstants) -> float:
    """Time from the end of catagen to re-entry into anagen: log-normal, longer in a miniaturised follicle.

    Parameters
    ----------
    c : float
        Calibre, 0 to 1.
    z : float
        Standard normal.
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    float
        [day of the re-entry clock].
    """
    sigma = p.reentry_sigma
    return p.reentry_mean * exponential(p.reentry_slope * (1.0 - c) + sigma * z - 0.5 * sigma * sigma)


@inlined
def day_shown(t_anagen: float, diameter: float, terminal_rate: float, p: ProcessConstants) -> float:
    """Day on which the hair of an anagen is long enough to be counted.

    Parameters
    ----------
    t_anagen : float
        Start of the anagen [day].
    diameter : float
        Of the hair at that time [um].
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    float
        [day].
    """
    return t_anagen + p.emergence_lag + p.emergence_length / growth_rate(diameter, terminal_rate, p)


@inlined
def cycle_draws(address: Address, follicle: int, cycle: int, p: ProcessConstants) -> tuple[float, float, float, float]:
    """Draws of the rest after an anagen and of the anagen after it, a pure function of their address.

    Parameters
    ----------
    address : Address
        Of the patient.
    follicle : int
        Number of the follicle.
    cycle : int
        Number of completed anagens.
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    tuple of 4 float
        Exogen factor of mean 1, and normals of re-entry, of the anagen duration and of the calibre step.
    """
    wa, wb, wc, wd = words(address, follicle, cycle, CYCLE)
    factor = exponential(p.exogen_sigma * normal(uniform(wa)) - 0.5 * p.exogen_sigma * p.exogen_sigma)
    return factor, normal(uniform(wb)), normal(uniform(wc)), normal(uniform(wd))


@inlined
def hazard_exposure(address: Address, follicle: int, cycle: int) -> float:
    """Cumulative hazard at which an anagen ends prematurely: unit exponential.

    Parameters
    ----------
    address : Address
        Of the patient.
    follicle : int
        Number of the follicle.
    cycle : int
        Number of completed anagens.

    Returns
    -------
    float
        Positive.
    """
    wa, _b, _c, _d = words(address, follicle, cycle, HAZARD)
    return -logarithm(uniform(wa))


@inlined
def begin_anagen(
    c: float, goal: float, recovery: float, elapsed: float, z_anagen: float, z_step: float, p: ProcessConstants
) -> tuple[float, float, float]:
    """Begin an anagen: a step of the calibre towards its target, no further than it can recover, with noise.

    With R the calibre that can still be reached, l its rate of loss and c_R the calibre above which nothing is lost,
    R <- R exp(-l max(0, 1 - c / c_R) elapsed), c <- c + step (min(goal, R) - c) + noise c z.

    Parameters
    ----------
    c : float
        Calibre before, 0 to 1.
    goal : float
        Calibre target.
    recovery : float
        Calibre that could still be reached at the last anagen.
    elapsed : float
        Time since then [day].
    z_anagen : float
        Normal of the duration.
    z_step : float
        Normal of the step.
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    tuple[float, float, float]
        Calibre, recovery and duration [operational day] of the anagen.

    References
    ----------
    Whiting 2001.
    """
    recovery *= exponential(-p.recovery_loss * max(0.0, 1.0 - c / p.recovery_calibre) * elapsed)
    step = p.calibre_step * (min(goal, recovery) - c)
    c = min(1.0, max(p.calibre_minimum, c + step + p.calibre_step_noise * c * z_step))
    sigma = p.anagen_sigma
    duration = p.anagen_maximum * exponential(
        p.anagen_calibre_exponent * logarithm(c) + sigma * z_anagen - 0.5 * sigma * sigma
    )
    return c, recovery, duration + p.anagen_floor
