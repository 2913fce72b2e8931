"""Diffusion through the stratum corneum: the flux, whose early and late series meet."""

from __future__ import annotations

import numpy as np

from anagen.credibility.checks.finding import Case, Finding
from anagen.delivery.skin.stratum_corneum import flux_out
from anagen.reports.numbers import significant

SCALED_TIMES = np.geomspace(0.003, 4.0, 60)
TERMS = 400


def check_skin_flux(case: Case) -> Finding:
    """Flux over steady flux at scaled times D t / L^2, against 1 + 2 sum (-1)^n exp(-n^2 pi^2 D t / L^2)."""
    del case
    n = np.arange(1, TERMS + 1)
    series = 1.0 + 2.0 * ((-1.0) ** n * np.exp(-(n**2) * np.pi**2 * SCALED_TIMES[:, None])).sum(axis=1)
    error = float(np.abs(flux_out(SCALED_TIMES) - series).max())
    return Finding(
        title="Flux through the stratum corneum",
        expected=f"published series of {TERMS} terms at {len(SCALED_TIMES)} times",
        actual=f"largest difference {significant(error, 2)} of the steady flux",
        error=error,
        tolerance=1e-10,
        unit="of the steady flux",
        source="Crank 1975, The Mathematics of Diffusion, ch. 4",
    )
