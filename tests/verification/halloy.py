"""The three-phase follicular automaton of Halloy and others, as equations and as independent follicles.

Source: Halloy, Bernard, Loussouarn & Goldbeter 2000, doi:10.1073/pnas.97.15.8328; 2002, J Theor Biol 214:469. Months.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from anagen.core.streams import Purpose, uniforms

Floats = NDArray[np.float64]
MEANS = np.array([3.6, 2.4, 2.0])
"""Mean stay in anagen, telogen and latency (kenogen)."""
START = (0.34, 0.33, 0.33)
Stay = Callable[[NDArray[np.int64], Floats], Floats]
"""stay(phase, uniform draws) -> durations."""


def deterministic(times: Floats) -> Floats:
    """Shares of anagen, telogen and latency at times, shape [time, phase]: dx_i/dt = x_(i-1)/mu_(i-1) - x_i/mu_i."""

    def flow(_t: float, x: Floats) -> Floats:
        out = x / MEANS
        return np.roll(out, 1) - out

    solution = solve_ivp(flow, (0.0, float(times[-1])), START, t_eval=times, rtol=1e-10, atol=1e-12, method="DOP853")
    return solution.y.T


def exponential_stay(phase: NDArray[np.int64], u: Floats) -> Floats:
    return -MEANS[phase] * np.log(u)


def automaton(phase: NDArray[np.int64], times: Floats, stay: Stay, *, seed: int) -> NDArray[np.int64]:
    """Phases of independent follicles at times, shape [time, follicle]; each starts at the beginning of its phase.

    Event by event, without a time step; draws are addressed by (seed, follicle, number of the event).
    """
    follicles = np.arange(len(phase))
    phase = phase.copy()
    end = np.zeros(len(phase))
    event = np.zeros(len(phase), dtype=np.int64)
    seen = np.zeros((len(times), len(phase)), dtype=np.int64)
    entering = np.ones(len(phase), dtype=bool)
    first = True
    for i, time in enumerate(times):
        while True:
            entering = np.ones(len(phase), dtype=bool) if first else end <= time
            if not entering.any():
                break
            if not first:
                phase[entering] = (phase[entering] + 1) % 3
            first = False
            u = uniforms(seed, Purpose.CYCLE, patient=follicles[entering], index=event[entering])
            end[entering] += stay(phase[entering], u)
            event[entering] += 1
        seen[i] = phase
    return seen


def shares(phases: NDArray[np.int64]) -> Floats:
    """Share of the follicles in each phase, shape [time, phase]."""
    return np.stack([(phases == p).mean(axis=1) for p in range(3)], axis=1)
