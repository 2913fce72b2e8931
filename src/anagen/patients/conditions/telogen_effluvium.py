"""Telogen effluvium: a trigger sends follicles out of anagen together, and their hairs fall some three months later.

Acute: a step in the cumulative hazard on the day of the trigger, H += -ln(1 - share of anagen follicles struck).
Chronic: a raised hazard that rises and falls for years, h = rate * (1 + depth * sin(2 pi t / period + phase)).

References
----------
.. [1] Headington 1993, doi:10.1001/archderm.1993.01680240106016 (immediate anagen release)
.. [2] Whiting 1996, doi:10.1016/S0190-9622(96)80073-9 (chronic telogen effluvium).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_YEAR
from anagen.core.streams import Purpose, normals, uniforms
from anagen.patients.conditions.healthy import HEALTHY
from anagen.patients.population import Population

SHARE, PHASE = 0, 1
MOST_STRUCK = 0.9


def share_struck(population: Population, values: Mapping[str, float], seed: int) -> FloatArray:
    """Share of the anagen follicles of each patient that the trigger strikes, shape [patient].

    Odds are log-normal between patients, so that a share stays a share.
    """
    z = normals(seed, Purpose.DISEASE_TRAIT, patient=population.patient, item=SHARE, replicate=population.replicate)
    median = values["telogen_effluvium.share_struck"]
    odds = median / (1.0 - median) * np.exp(values["telogen_effluvium.share_spread"] * z)
    return np.minimum(odds / (1.0 + odds), MOST_STRUCK)


def hazard(
    population: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    days: FloatArray,
    factor: FloatArray,
    plots: IntArray,
) -> FloatArray:
    """Hazard of a premature end of anagen [1/day], shape [patient, day]; the trigger fills the day it falls on."""
    step = float(days[1] - days[0])
    # a week that was turned into years and back must still begin on its day
    onset = np.round(-population.years_since_onset * DAYS_PER_YEAR, 6)
    struck = -np.log1p(-share_struck(population, values, seed))
    today = (days[None, :] <= onset[:, None]) & (onset[:, None] < days[None, :] + step)
    acute = today * (struck / step)[:, None]
    phase = (
        2.0
        * math.pi
        * uniforms(seed, Purpose.DISEASE_TRAIT, patient=population.patient, item=PHASE, replicate=population.replicate)
    )
    lasting = values["telogen_effluvium.chronic_years"] * DAYS_PER_YEAR
    since = days[None, :] - onset[:, None]
    wave = np.sin(2.0 * math.pi * days[None, :] / values["telogen_effluvium.chronic_period"] + phase[:, None])
    chronic = np.where(
        (since >= 0.0) & (since < lasting),
        values["telogen_effluvium.chronic_rate"] * (1.0 + values["telogen_effluvium.chronic_depth"] * wave),
        0.0,
    )
    is_chronic = np.array([grade == "chronic" for grade in population.severity])
    return np.where(is_chronic[:, None], chronic, acute) * factor


TELOGEN_EFFLUVIUM = replace(
    HEALTHY,
    name="te",
    title="telogen effluvium",
    network="telogen_effluvium",
    severity_scale={"male": "course", "female": "course"},
    severities={"course": {"acute": 1.0, "chronic": 0.0}},
    severity_steps={"course": {"acute": 0.0, "chronic": 0.0}},
    onset_years="telogen_effluvium.onset_years",
    onset_spread="telogen_effluvium.onset_spread",
    reads=("telogen_effluvium.", "healthy."),
    earliest_age=1.0,
    least_years=0.0,
    hazard=hazard,
    history_days=730.0,
    triggered=True,
    source="Headington 1993, doi:10.1001/archderm.1993.01680240106016",
)
