"""Alopecia areata: immune privilege has collapsed, and CD8 cells end anagen in patches; nothing is destroyed for good.

    hazard = attack_rate * severity * A(t),     ln A follows ln( active(t) * factor(t)**response )

`active` is 1 while a patch is active and 0 while it is quiet: it goes quiet by itself at a rate that falls with extent
and duration, and flares again. `factor` is what a therapy leaves of the attack. An attacked hair is lost at once,
and the follicle tries again after its rest; recovery is never gated.

References
----------
.. [1] Dobreva 2015, doi:10.1016/j.jtbi.2015.05.033 (privilege, attack, shortened anagen)
.. [2] King 2022, doi:10.1056/NEJMoa2110343 (course of severe disease with and without a Janus kinase inhibitor).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.calendar import DAYS_PER_YEAR
from anagen.core.streams import Purpose, normals, uniforms
from anagen.patients.condition import ExtentClass, Patches
from anagen.patients.conditions.healthy import HEALTHY
from anagen.patients.population import Population
from anagen.patients.scalp_map import PLOTS, cover, nearest_patch, patch_centres

TURNS = 6
"""Times a patch can go quiet or flare again within a study."""
ATTACK, RESPONSE, SETTLING, RETURN = 0, 1, 2, 3
REFERENCE_EXTENT = 0.85
NEARLY_ALL = 0.9
"""Extent from which on loss counts as nearly that of all hair."""
REFERENCE_YEARS = 3.0
LEAST_YEARS = 0.5
"""Younger episodes are no different from one of this length."""


def trait(population: Population, values: Mapping[str, float], seed: int, number: int, spread: str) -> FloatArray:
    """Log-normal factor of median 1 that is the patient's own, shape [patient]."""
    z = normals(seed, Purpose.DISEASE_TRAIT, patient=population.patient, item=number, replicate=population.replicate)
    return np.exp(values[f"alopecia_areata.{spread}"] * z)


def years(population: Population) -> FloatArray:
    """Length of the present episode relative to the reference, shape [patient]."""
    return np.maximum(population.years_since_onset, LEAST_YEARS) / REFERENCE_YEARS


def remission_rate(population: Population, values: Mapping[str, float]) -> FloatArray:
    """Rate at which a patch goes quiet by itself [1/day], shape [patient]; loss of all hair hardly ever remits."""
    nearly_all = np.maximum(population.extent - NEARLY_ALL, 0.0) / (1.0 - NEARLY_ALL)
    return (
        values["alopecia_areata.remission_rate"]
        / DAYS_PER_YEAR
        * np.exp(-values["alopecia_areata.extent_on_remission"] * (population.extent - REFERENCE_EXTENT))
        * np.exp(-values["alopecia_areata.total_loss_on_remission"] * nearly_all)
        * years(population) ** -values["alopecia_areata.years_on_remission"]
    )


def waiting_times(population: Population, seed: int, item: IntArray, index: int) -> FloatArray:
    """Unit-exponential draws, one per patient and `item` [patient, ...]."""
    shape = (-1,) + (1,) * (item.ndim - 1)
    u = uniforms(
        seed,
        Purpose.DISEASE_COURSE,
        patient=population.patient.reshape(shape),
        item=item,
        index=index,
        replicate=population.replicate.reshape(shape),
    )
    return -np.log(u)


def first_flare(population: Population, values: Mapping[str, float], seed: int, plots: IntArray) -> FloatArray:
    """Day on which skin that was spared at baseline is taken by the disease, for plots [patient, ...]."""
    rate = values["alopecia_areata.new_patch_rate"] / DAYS_PER_YEAR
    return waiting_times(population, seed, plots, 1) / rate


def patches(population: Population, values: Mapping[str, float], seed: int, last_day: float) -> Patches:
    """Plots of the scalp map under a patch at baseline, or taken by the last day."""
    centres = patch_centres(population, seed)
    covered = cover(population.extent, centres)
    plots = np.broadcast_to(np.arange(len(PLOTS), dtype=np.int64), covered.shape)
    begins = np.where(covered > 0.0, -np.inf, first_flare(population, values, seed, plots))
    return Patches(covered, begins < last_day, begins, centres[:, 0])


def active(
    population: Population, values: Mapping[str, float], *, seed: int, days: FloatArray, plots: IntArray
) -> FloatArray:
    """1 where the patch on a plot is active, 0 where it is quiet or has not begun, shape [patient, day].

    Patches go quiet together with the patient's disease, or by themselves; they flare again one by one.
    """
    rows = np.arange(len(population))
    centres = patch_centres(population, seed)
    covered = cover(population.extent, centres)[rows, plots] > 0.0
    patch = nearest_patch(centres)[rows, plots]
    rate = remission_rate(population, values)
    together = values["alopecia_areata.remission_shared"]
    relapse = values["alopecia_areata.relapse_rate"] / DAYS_PER_YEAR
    begin = np.where(
        covered,
        -population.years_since_onset * DAYS_PER_YEAR,
        first_flare(population, values, seed, plots),
    )
    whole = waiting_times(population, seed, np.zeros_like(plots), 2) / (rate * together)
    local = waiting_times(population, seed, patch, 3) / (rate * (1.0 - together))
    lag = values["alopecia_areata.remission_lag"] * waiting_times(population, seed, plots, 4)
    # some patches that are still bare at baseline have gone quiet already
    quiet = np.maximum(begin, -values["alopecia_areata.remission_lead"]) + np.minimum(whole, local) + lag
    on = (days[None, :] >= begin[:, None]) & (days[None, :] < quiet[:, None])
    turn = quiet
    for k in range(1, TURNS // 2):
        flare = turn + waiting_times(population, seed, patch, 2 * k + 4) / relapse
        turn = flare + waiting_times(population, seed, patch, 2 * k + 5) / rate
        on |= (days[None, :] >= flare[:, None]) & (days[None, :] < turn[:, None])
    return on.astype(np.float64)


def hazard(
    population: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    days: FloatArray,
    factor: FloatArray,
    plots: IntArray,
) -> FloatArray:
    """Hazard of a premature end of anagen on one plot of each patient [1/day], shape [patient, day]."""
    from anagen.patients.attack import follow_attack

    beyond = population.extent - REFERENCE_EXTENT
    strong = values["alopecia_areata.attack_rate"] * trait(population, values, seed, ATTACK, "attack_spread")
    response = (
        values["alopecia_areata.response"]
        * trait(population, values, seed, RESPONSE, "response_spread")
        * np.exp(-values["alopecia_areata.extent_on_response"] * beyond)
        * years(population) ** -values["alopecia_areata.years_on_response"]
    )
    fall = (
        values["alopecia_areata.settling_time"]
        * trait(population, values, seed, SETTLING, "settling_spread")
        * np.exp(values["alopecia_areata.extent_on_settling"] * beyond)
    )
    rise = values["alopecia_areata.return_time"] * trait(population, values, seed, RETURN, "return_spread")
    on = active(population, values, seed=seed, days=days, plots=plots)
    strength = follow_attack(
        on, factor, response, fall, rise, float(days[1] - days[0]), values["alopecia_areata.quiet"]
    )
    return strong[:, None] * strength


ALOPECIA_AREATA = replace(
    HEALTHY,
    name="aa",
    title="alopecia areata",
    network="alopecia_areata",
    severity_scale={"male": "salt", "female": "salt"},
    severities={"salt": {}},
    severity_steps={"salt": {}},
    onset_years="alopecia_areata.episode_years",
    onset_spread="alopecia_areata.episode_spread",
    reads=("alopecia_areata.", "healthy.", "salt."),
    earliest_age=1.0,
    least_years=0.02,
    extents=(
        ExtentClass("limited", 1.0, 20.0, "alopecia_areata.share_limited"),
        ExtentClass("moderate", 20.0, 50.0, "alopecia_areata.share_moderate"),
        ExtentClass("severe", 50.0, 95.0, "alopecia_areata.share_severe"),
        ExtentClass("very severe", 95.0, 100.0, "alopecia_areata.share_very_severe"),
    ),
    hazard=hazard,
    history_days=730.0,
    loses_hair_at_once=True,
    reentry_speed="alopecia_areata.reentry_speed",
    patches=patches,
    source="Olsen 2004, doi:10.1016/j.jaad.2003.09.032 (SALT); King 2022, doi:10.1056/NEJMoa2110343",
)
