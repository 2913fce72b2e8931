"""Wnt and beta-catenin in Xenopus extract: Lee and others 2003, doi:10.1371/journal.pbio.0000010.

BIOMD0000000658; nM and minutes.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Floats = NDArray[np.float64]
TOTAL_BETA_CATENIN = [7, 8, 9, 10, 13, 14]
BOUND_TO_TCF = 13
FREE = 10


def course(wnt: Callable[[float], float], start: Floats, times: Floats) -> Floats:
    """Concentrations at times, [time, species]; binding (steps 7, 8, 16, 17) is a fast reversible reaction."""

    def flow(t: float, x: Floats) -> Floats:
        (dsh_i, dsh_a, complex_p, complex_, gsk3, apc_axin, apc, bcat_complex, bcat_p_complex, bcat_p, bcat, axin,
         tcf, bcat_tcf, bcat_apc) = x  # fmt: skip
        v1, v2 = 0.182 * dsh_i * wnt(t), 0.0182 * dsh_a
        v3 = 0.05 * dsh_a * complex_
        v4, v5 = 0.267 * complex_, 0.133 * complex_p
        v6 = 0.0909 * gsk3 * apc_axin - 0.909 * complex_
        v7 = 500.0 * (apc * axin - 50.0 * apc_axin)
        v8 = 500.0 * (bcat * complex_p - 120.0 * bcat_complex)
        v9, v10, v11 = 206.0 * bcat_complex, 206.0 * bcat_p_complex, 0.417 * bcat_p
        v12, v13 = 0.423, 2.57e-4 * bcat
        v14, v15 = 8.22e-5, 0.167 * axin
        v16 = 500.0 * (bcat * tcf - 30.0 * bcat_tcf)
        v17 = 500.0 * (bcat * apc - 1200.0 * bcat_apc)
        return np.array([
            v2 - v1, v1 - v2, v4 - v5 - v8 + v10, v5 - v3 - v4 + v6, v3 - v6, v3 - v6 + v7, -v7 - v17, v8 - v9,
            v9 - v10, v10 - v11, v12 - v8 - v13 - v16 - v17, v14 - v7 - v15, -v16, v16, v17,
        ])  # fmt: skip

    solution = solve_ivp(flow, (0.0, times[-1]), start, "BDF", times, rtol=1e-8, atol=1e-12)
    assert solution.success, solution.message
    return solution.y.T


def unstimulated() -> Floats:
    """The state without Wnt: totals 100 Dsh, 50 GSK3, 100 APC (98 of it free at first), 15 TCF, followed to rest."""
    start = np.zeros(15)
    start[[0, 4, 6, 12]] = 100.0, 50.0, 100.0, 15.0
    return course(lambda _t: 0.0, start, np.array([0.0, 1e6]))[-1]
