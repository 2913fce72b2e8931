"""Where the hairs are in their cycle: share in anagen, hairs shed."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.hairs import Hairs


def anagen_share(hairs: Hairs) -> FloatArray:
    """Growing hairs over all hairs; not a number where there is no hair."""
    return np.divide(hairs.anagen, hairs.hairs, out=np.full_like(hairs.hairs, np.nan), where=hairs.hairs > 0.0)


def shed_per_day(hairs: Hairs) -> FloatArray:
    """Hairs shed per day if the whole scalp were like the target area."""
    return hairs.shed / hairs.shed_window / hairs.area * hairs.scalp_area


ANAGEN_SHARE = Endpoint(
    "anagen_share",
    "share of hairs in anagen",
    "1",
    anagen_share,
    "Phototrichogram, Van Neste 2000",
    own_error="measurement.anagen_share_error",
    bounds=(0.0, 1.0),
)
SHED_PER_DAY = Endpoint(
    "shed_per_day",
    "hairs shed per day",
    "hairs/day",
    shed_per_day,
    "Extrapolated to the hair-bearing scalp; normal 50 to 150",
    count_power=1.0,
    collected=True,
    higher_is_better=False,
)
