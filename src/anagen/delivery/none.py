"""Nothing is given."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery.route import Route


def nothing(days: FloatArray, amounts: FloatArray, grid: FloatArray, half_life: float) -> FloatArray:
    """Exposure of zero at every grid point."""
    return np.zeros_like(grid)


NO_ROUTE = Route(name="none", title="nothing is given", exposure=nothing, exposure_unit="none", source="Definition")
