"""Hairs that fall: per day from the whole scalp, and in the tests of the consulting room."""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.scalp.counting import CountJudge
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.hairs import Hairs

BUNDLE = 55.0
"""Hairs that are pulled at: 50 to 60, McDonald 2017, doi:10.1016/j.jaad.2016.10.002."""


def shed_per_day(hairs: Hairs) -> FloatArray:
    """Hairs shed per day from the hair-bearing scalp: affected zones like the target area, spared zones as they are."""
    affected, spared = hairs.shed / hairs.area, 0.0
    if hairs.spared_shed is not None:
        affected, spared = affected * (1.0 - hairs.spared_share), hairs.spared_shed * hairs.spared_share
    return (affected + spared) / hairs.shed_window * hairs.scalp_area


def due_per_day(hairs: Hairs) -> FloatArray:
    """Hairs of a bundle in the target area that fall on a day; not a number where there is no hair to pull at."""
    shed = hairs.shed / hairs.shed_window
    return BUNDLE * np.divide(shed, hairs.hairs, out=np.full_like(shed, np.nan), where=hairs.hairs > 0.0)


SHED_PER_DAY = Endpoint(
    "shed_per_day",
    "hairs shed per day",
    "hairs/day",
    shed_per_day,
    "From the whole hair-bearing scalp; normal 50 to 100, and up to 150 by other texts",
    count_power=1.0,
    collected=True,
    higher_is_better=False,
    spared_zones=True,
)
COMB_COUNT = Endpoint(
    "comb_count",
    "hairs combed out in 60 seconds",
    "hairs",
    shed_per_day,
    "Combed from the vertex forward for 60 s before a morning wash: Wasko 2008, doi:10.1001/archderm.144.6.759",
    judge=CountJudge("shedding.combed_share", "shedding.combed_between"),
    collected=True,
    higher_is_better=False,
    spared_zones=True,
)
WASH_COUNT = Endpoint(
    "wash_count",
    "hairs collected from a daily wash",
    "hairs",
    shed_per_day,
    "All hairs on a filter cloth, 24 hours after the wash before: Li 2022, doi:10.2147/CCID.S347898",
    judge=CountJudge("shedding.washed_share", "shedding.washed_between"),
    collected=True,
    higher_is_better=False,
    spared_zones=True,
)
HAIR_PULL = Endpoint(
    "hair_pull",
    "hairs that come with a pull",
    "hairs",
    due_per_day,
    "One pull at 50 to 60 hairs in the target area; normal 2 or fewer: McDonald 2017, doi:10.1016/j.jaad.2016.10.002",
    judge=CountJudge("shedding.pulled_days", "shedding.pulled_between"),
    collected=True,
    bounds=(0.0, BUNDLE),
    higher_is_better=False,
)
