"""Superoxide dismutase and catalase: Kowald and others 2006, doi:10.1016/j.jtbi.2005.06.034 (BIOMD0000000108). M, s."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Floats = NDArray[np.float64]
SUPEROXIDE, PEROXIDE = 0, 2


def steady_state(dismutase: float, catalase: float) -> Floats:
    """Superoxide, Cu(II)-dismutase, hydrogen peroxide, LOO, hydroxyl, LOOH and lipid radicals [M].

    A hundredth of superoxide is protonated; dismutase alternates between Cu(II) and Cu(I).
    """

    def flow(_t: float, x: Floats) -> Floats:
        o2, copper2, h2o2, loo, oh, looh, lipid = x
        copper1, protonated = dismutase - copper2, o2 / 100.0
        first, second = 1.6e9 * o2 * copper2, 1.6e9 * o2 * copper1
        v4, v5, v6, v7 = 1e5 * o2 * loo, 2e4 * o2 * h2o2, 1.0 * h2o2 * copper2, 3.4e7 * h2o2 * catalase
        v16, v18 = 1e3 * protonated, 7.0 * loo
        return np.array([
            6.6e-7 - first - second - v4 - v5 - v16,
            second + 0.0087 * copper1 - first - 0.0087 * copper2,
            second + v16 - v5 - v6 - v7,
            3e4 * lipid - v4 - v18 - 2.0 * 8.8e4 * loo**2,
            2.0 * v5 + 2.0 * v6 - 1e6 * oh - 2.5e8 * oh,
            v4 + v18 - 0.38 * looh,
            v16 + 2.5e8 * oh + v18 - 3e4 * lipid,
        ])  # fmt: skip

    start = np.array([0.0, dismutase / 2.0, 0.0, 0.0, 0.0, 0.0, 0.0])
    solution = solve_ivp(flow, (0.0, 3e5), start, "BDF", rtol=1e-8, atol=1e-18)
    assert solution.success, solution.message
    return solution.y[:, -1]
