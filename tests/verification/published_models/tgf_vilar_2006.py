"""TGF-beta receptors: Vilar and others 2006, doi:10.1371/journal.pcbi.0020003 (BIOMD0000000101). Minutes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

Floats = NDArray[np.float64]
RECEPTOR_I, RECEPTOR_II, SIGNALLING = 0, 1, 3
KA, KCD, KLID, KI, KR, MADE_I, MADE_II = 1.0, 1.0 / 36.0, 0.25, 1.0 / 3.0, 1.0 / 30.0, 8.0, 4.0


def course(ligand: float, start: Floats, times: Floats) -> Floats:
    """Receptors I and II, complexes at the surface and in endosomes, receptors in endosomes; [time, species]."""

    def flow(_t: float, x: Floats) -> Floats:
        r1, r2, c, ce, r1e, r2e = x
        binding = KA * ligand * r1 * r2
        return np.array([
            MADE_I - binding - (KCD + KI) * r1 + KR * r1e + KR * ce,
            MADE_II - binding - (KCD + KI) * r2 + KR * r2e + KR * ce,
            binding - (KCD + KLID + KI) * c,
            KI * c - KR * ce,
            KI * r1 - KR * r1e,
            KI * r2 - KR * r2e,
        ])  # fmt: skip

    solution = solve_ivp(flow, (0.0, times[-1]), start, "LSODA", times, rtol=1e-9, atol=1e-9)
    assert solution.success, solution.message
    return solution.y.T


def basal() -> Floats:
    """The state at ligand 3e-5, followed until nothing changes."""
    return course(3e-5, np.zeros(6), np.array([0.0, 1e5]))[-1]
