"""The rules of one follicle's cycle, compiled for kernels: durations of phases, a new anagen, growth of the hair."""

from __future__ import annotations

import numpy as np

from anagen.core.compiled import inlined
from anagen.core.elementary import exponential, logarithm
from anagen.core.philox import Word, normal, philox4x32, uniform
from anagen.follicles.process import ProcessConstants

ANAGEN, RESTING, KENOGEN = 0, 1, 2
START, CYCLE, GATE, HAZARD = np.uint64(1), np.uint64(2), np.uint64(3), np.uint64(4)
"""Third word of the address of a draw; the same numbers as core.streams.Purpose."""


@inlined
def growth_rate(diameter: float, terminal_rate: float, p: ProcessConstants) -> float:
    """Linear growth [mm/day], rising with diameter [um] from a vellus to a terminal hair.

    Source: Van Neste 2016, doi:10.1111/srt.12274.
    """
    share = (diameter - p.vellus_diameter) / (p.terminal_growth_diameter - p.vellus_diameter)
    return p.vellus_growth_rate + (terminal_rate - p.vellus_growth_rate) * min(1.0, max(0.0, share))


@inlined
def kenogen_chance(c: float, p: ProcessConstants) -> float:
    """Chance that a follicle of calibre c stays empty after telogen."""
    return min(p.kenogen_limit, p.kenogen_base + p.kenogen_slope * (1.0 - c))


@inlined
def kenogen_duration(share: float, p: ProcessConstants) -> float:
    """Duration of kenogen [day] from `share`, uniform in (0, 1): the draw's place among those that lead to kenogen."""
    return p.kenogen_mean * exponential(p.duration_sigma * normal(share) - 0.5 * p.duration_sigma * p.duration_sigma)


@inlined
def cycle_draws(
    follicle: Word, cycle: Word, replicate: Word, seed: Word, patient: Word, p: ProcessConstants
) -> tuple[float, float, float, float, float]:
    """Draws of the rest after anagen number `cycle` and of the anagen after it, a pure function of their address.

    Returns:
        Telogen factor of mean 1, uniform for kenogen, normal of the anagen duration, normal of the calibre step, and
        uniform for the recovery gate.
    """
    wa, wb, wc, wd = philox4x32(follicle, cycle, CYCLE, replicate, seed, patient)
    wg, _b, _c, _d = philox4x32(follicle, cycle, GATE, replicate, seed, patient)
    factor = exponential(p.telogen_sigma * normal(uniform(wa)) - 0.5 * p.telogen_sigma * p.telogen_sigma)
    return factor, uniform(wb), normal(uniform(wc)), normal(uniform(wd)), uniform(wg)


@inlined
def hazard_exposure(follicle: Word, cycle: Word, replicate: Word, seed: Word, patient: Word) -> float:
    """Cumulative hazard at which an anagen ends prematurely, after `cycle` completed ones: unit exponential."""
    wa, _b, _c, _d = philox4x32(follicle, cycle, HAZARD, replicate, seed, patient)
    return -logarithm(uniform(wa))


@inlined
def begin_anagen(
    c: float, goal: float, gate_open: int, z_anagen: float, z_step: float, u_gate: float, p: ProcessConstants
) -> tuple[float, int, float]:
    """Calibre, recovery gate and duration of a new anagen: a step towards the target, with noise (Whiting 2001)."""
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
