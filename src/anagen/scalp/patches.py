"""How much of the scalp is bare: a few follicles of every diseased plot of the map, followed and added up.

bare = sum over plots of share * cover * max(0, 1 - terminal hairs / terminal hairs of a healthy plot)

Only terminal hair of some length counts as hair, as in the Severity of Alopecia Tool. A plot stands for a piece of
scalp and its patch; its follicles share the course of that patch. Plots that the disease does not reach are never bare.

Source: Olsen 2004, doi:10.1016/j.jaad.2003.09.032.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.follicles import FollicleParameters, Reading, TargetArea, hair_sums, stationary_shares
from anagen.follicles.engine import PATIENTS_PER_BLOCK
from anagen.follicles.kernel import SUMS
from anagen.patients import Population
from anagen.patients.scalp_map import plot_shares
from anagen.signalling import Levers
from anagen.signalling.disease import Disease, of_patients

FIRST_SITE = 32
"""Plot p of the map draws as target area FIRST_SITE + p of the patient."""
TERMINAL = SUMS.index("terminal")


def bare_scalp(
    population: Population,
    levers: Callable[[Population], list[Levers]],
    disease: Disease,
    process: FollicleParameters,
    reading: Reading,
    values: Mapping[str, float],
    *,
    seed: int,
    grid: FloatArray,
    threads: int = 1,
) -> FloatArray:
    """Share of the scalp without terminal hair.

    Args:
        population: patients. levers: levers of therapies alone, per block of patients, one per twin.
        disease: the condition, which has patches. process: the follicle's parameters. reading: visits and thresholds;
        its area and detection do not matter. values: parameter values. seed: key of the draws.
        grid: table times of the disease. threads: blocks at a time; the result does not depend on it.

    Returns:
        Share, 0 to 1, shape [patient, twin, visit].
    """
    n = len(population)
    blocks = [np.arange(i, min(i + PATIENTS_PER_BLOCK, n), dtype=np.int64) for i in range(0, n, PATIENTS_PER_BLOCK)]

    def run(rows: IntArray) -> FloatArray:
        patients = population.take(rows)
        return _block(patients, levers(patients), disease, process, reading, values, seed, grid)

    if threads > 1 and len(blocks) > 1:
        with ThreadPoolExecutor(threads) as pool:
            return np.concatenate(list(pool.map(run, blocks)))
    return np.concatenate([run(rows) for rows in blocks])


def _block(
    patients: Population,
    given: list[Levers],
    disease: Disease,
    process: FollicleParameters,
    reading: Reading,
    values: Mapping[str, float],
    seed: int,
    grid: FloatArray,
) -> FloatArray:
    if disease.condition.patches is None:
        raise ValueError(f"{disease.condition.title} has no patches")
    map_of = disease.condition.patches(patients, values, seed, float(reading.visits[-1]))
    follicles = round(values["salt.follicles_per_plot"])
    z = np.array([values[disease.condition.sensitivity[sex]] for sex in patients.sex])
    counted = replace(process, emergence_length=values["salt.least_length"])
    healthy = follicles * np.array(
        [
            terminal_share(counted, own, rate)
            for own, rate in zip(z.tolist(), patients.growth_rate.tolist(), strict=True)
        ]
    )
    # follicles of a plot are counted, not measured per area: the same number for everybody
    even = replace(patients, follicle_density=np.full(len(patients), float(follicles)))
    bare = np.zeros((len(patients), len(given), len(reading.visits)))
    for plot, share in enumerate(plot_shares().tolist()):
        rows = np.flatnonzero(map_of.attacked[:, plot])
        if len(rows) == 0:
            continue
        here = even.take(rows)
        plots = np.full(len(rows), plot, dtype=np.int64)
        target = TargetArea(
            population=here,
            sensitivity=z[rows, None],
            within_patient_sd=values["population.shaft_diameter_within_patient"],
            starts_terminal=False,
            site=FIRST_SITE + plot,
            run_in=disease.run_in(here, grid),
            lost_at_once=disease.condition.loses_hair_at_once,
        )

        def diseased(people: Population, rows: IntArray = rows, plots: IntArray = plots) -> list[Levers]:
            return [disease.levers(of_patients(lever, rows), people, grid, plots) for lever in given]

        sums = hair_sums(target, diseased, counted, replace(reading, area=1.0), seed=seed, grid=grid)
        covered = np.where(map_of.cover[rows, plot] > 0.0, map_of.cover[rows, plot], 1.0)
        lost = np.clip(1.0 - sums[..., TERMINAL] / healthy[rows, None, None], 0.0, 1.0)
        bare[rows] += share * covered[:, None, None] * lost
    return np.minimum(bare, 1.0)


def terminal_share(process: FollicleParameters, z: float, terminal_rate: float) -> float:
    """Share of the follicles of healthy scalp that show a hair of the process's least length, at rest.

    share = (A - time until the hair is long enough + C + T) / mean cycle, at the calibre target of sensitivity z.

    Example:
        >>> from anagen.parameters import load_parameters
        >>> process = FollicleParameters.from_values(load_parameters().draw(0, 0))
        >>> 0.8 < terminal_share(process, 0.146, 0.367) < 1.0
        True
    """
    shares = stationary_shares(process, 1.0 / (1.0 + z**process.calibre_hill))
    hidden = process.emergence_lag + process.emergence_length / terminal_rate
    return shares.filled - hidden * shares.cycles_per_day
