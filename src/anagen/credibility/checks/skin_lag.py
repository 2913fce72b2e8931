"""Diffusion through the stratum corneum: the lag time of the amount that has passed."""

from __future__ import annotations

import numpy as np

from anagen.credibility.checks.finding import Case, Finding
from anagen.delivery.skin.stratum_corneum import amount_out, flux_out, lag_time

THICKNESS, DIFFUSIVITY = 15e-4, 2e-7
"""[cm] and [cm2/h]; the check is of a ratio and does not depend on them."""
LATE = 20.0
"""Scaled time D t / L^2 at which the flux is steady."""


def check_skin_lag(case: Case) -> Finding:
    """Intercept of the steady part of the amount passed, against L^2 / 6 D."""
    del case
    time = np.array([LATE])
    intercept = (LATE - float(amount_out(time)[0]) / float(flux_out(time)[0])) * THICKNESS**2 / DIFFUSIVITY
    closed = THICKNESS**2 / (6.0 * DIFFUSIVITY)
    program = lag_time(THICKNESS, DIFFUSIVITY)
    return Finding(
        title="Lag time of diffusion through the stratum corneum",
        expected=f"L²/6D = {closed:.6g} h",
        actual=f"{intercept:.6g} h from the amount passed, {program:.6g} h as used",
        error=max(abs(intercept / closed - 1.0), abs(program / closed - 1.0)),
        tolerance=1e-9,
        unit="relative",
        source="Crank 1975, The Mathematics of Diffusion, ch. 4",
    )
