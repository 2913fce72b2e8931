"""Where the hairs are in their cycle: share in anagen."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.hairs import Hairs


def anagen_share(hairs: Hairs) -> FloatArray:
    """Growing hairs over all hairs; not a number where there is no hair."""
    return np.divide(hairs.anagen, hairs.hairs, out=np.full_like(hairs.hairs, np.nan), where=hairs.hairs > 0.0)


ANAGEN_SHARE = Endpoint(
    "anagen_share",
    "share of hairs in anagen",
    "1",
    anagen_share,
    "Phototrichogram, Van Neste 2000",
    own_error="measurement.anagen_share_error",
    bounds=(0.0, 1.0),
)
