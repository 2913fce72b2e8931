"""The rules of one follicle's cycle, compiled for kernels: durations of phases, a new anagen, growth of the hair."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anagen.core.compiled import inlined
from anagen.core.elementary import exponential, logarithm
from anagen.core.philox import Word, normal, philox4x32, uniform
from anagen.follicles.process import ProcessConstants

ANAGEN, RESTING, KENOGEN = 0, 1, 2
START, CYCLE, GATE, HAZARD = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
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
def kenogen_chance(c: float, p: ProcessConstants) -> float:
    """Chance that a follicle stays empty after telogen.

    Parameters
    ----------
    c : float
        Calibre, 0 to 1.
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    float
        0 to 1.
    """
    return min(p.kenogen_limit, p.kenogen_base + p.kenogen_slope * (1.0 - c))


@inlined
def kenogen_duration(share: float, p: ProcessConstants) -> float:
    """Duration of kenogen.

    Parameters
    ----------
    share : float
        Uniform in (0, 1): the draw's place among those that lead to kenogen.
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    float
        [operational day].
    """
    return p.kenogen_mean * exponential(p.duration_sigma * normal(share) - 0.5 * p.duration_sigma * p.duration_sigma)


@inlined
def cycle_draws(
    address: Address, follicle: int, cycle: int, p: ProcessConstants
) -> tuple[float, float, float, float, float]:
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
    tuple of 5 float
        Telogen factor of mean 1, uniform for kenogen, normal of the anagen duration, normal of the calibre step, and
        uniform for the recovery gate.
    """
    wa, wb, wc, wd = words(address, follicle, cycle, CYCLE)
    wg, _b, _c, _d = words(address, follicle, cycle, GATE)
    factor = exponential(p.telogen_sigma * normal(uniform(wa)) - 0.5 * p.telogen_sigma * p.telogen_sigma)
    return factor, uniform(wb), normal(uniform(wc)), normal(uniform(wd)), uniform(wg)


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
    c: float, goal: float, gate_open: int, z_anagen: float, z_step: float, u_gate: float, p: ProcessConstants
) -> tuple[float, int, float]:
    """Begin an anagen: a step of the calibre towards its target, with noise.

    Parameters
    ----------
    c : float
        Calibre before, 0 to 1.
    goal : float
        Calibre target.
    gate_open : int
        1 while recovery is possible.
    z_anagen : float
        Normal of the duration.
    z_step : float
        Normal of the step.
    u_gate : float
        Uniform for the recovery gate.
    p : ProcessConstants
        Of the follicle.

    Returns
    -------
    tuple[float, int, float]
        Calibre, recovery gate and duration [operational day] of the anagen.

    References
    ----------
    Whiting 2001.
    """
    if c < p.gate_calibre and u_gate < p.gate_probability:
        gate_open = 0
    step = p.calibre_step * (goal - c)
    if step > 0.0 and gate_open == 0:
        step = 0.0
    c = min(1.0, max(p.calibre_minimum, c + step + p.calibre_step_noise * c * z_step))
    sigma = p.duration_sigma
    duration = p.anagen_maximum * exponential(
        p.anagen_calibre_exponent * logarithm(c) + sigma * z_anagen - 0.5 * sigma * sigma
    )
    return c, gate_open, duration + p.anagen_floor
