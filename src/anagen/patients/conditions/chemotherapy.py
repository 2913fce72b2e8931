"""Hair loss under chemotherapy: each cycle poisons the bulbs of growing hairs, which fall one to three weeks later.

The hazard of each cycle is spread evenly over the days in which its hairs fall, and adds up to
H = -ln(1 - share of anagen hairs lost per cycle).

References
----------
.. [1] Paus 2013, doi:10.1016/S1470-2045(12)70553-3 (dystrophic anagen and catagen).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_YEAR
from anagen.core.streams import Purpose, normals
from anagen.patients.conditions.healthy import HEALTHY
from anagen.patients.population import Population

SHARE = 0
MOST_LOST = 0.98


def hazard(
    population: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    days: FloatArray,
    factor: FloatArray,
    plots: IntArray,
) -> FloatArray:
    """Hazard that a growing hair is lost [1/day], shape [patient, day]; the first cycle is the onset."""
    z = normals(seed, Purpose.DISEASE_TRAIT, patient=population.patient, item=SHARE, replicate=population.replicate)
    median = values["chemotherapy.share_lost_per_cycle"]
    odds = median / (1.0 - median) * np.exp(values["chemotherapy.share_spread"] * z)
    per_cycle = -np.log1p(-np.minimum(odds / (1.0 + odds), MOST_LOST))
    since = days[None, :] + population.years_since_onset[:, None] * DAYS_PER_YEAR
    length = values["chemotherapy.loss_days"]
    falling = np.zeros_like(since)
    for cycle in range(round(values["chemotherapy.cycles"])):
        begin = cycle * values["chemotherapy.cycle_days"] + values["chemotherapy.loss_after"]
        falling += (since >= begin) & (since < begin + length)
    return falling * (per_cycle / length)[:, None] * factor


CHEMOTHERAPY = replace(
    HEALTHY,
    name="chemotherapy",
    title="hair loss under chemotherapy",
    onset_years="chemotherapy.onset_years",
    onset_spread="chemotherapy.onset_spread",
    reads=("chemotherapy.", "healthy."),
    earliest_age=1.0,
    least_years=0.0,
    hazard=hazard,
    history_days=730.0,
    loses_hair_at_once=True,
    triggered=True,
    source="Paus 2013, doi:10.1016/S1470-2045(12)70553-3",
)
