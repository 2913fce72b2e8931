"""From hairs to readings: what the instrument shows on average, and what one session of one trial shows.

    expected = value(detected hairs) * (1 + shift / total)               shift: vehicle, expectation [hairs/cm2]
    measured = value(detected hairs) * (1 + (shift + offset) / total) * (rater * count_error)**p * diameter_error**q
               + own error

The shift belongs to the arm and to follow-up visits; the study offset belongs to the whole trial, so it cancels in a
contrast; errors of counting belong to one patient and visit and are shared by every count taken from that picture.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, normals, uniforms
from anagen.patients import Population
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.endpoints.density import total
from anagen.scalp.hairs import Hairs
from anagen.scalp.judging import Look
from anagen.scalp.methods import Method

RATERS = 2
"""Raters who count the pictures of a trial."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Values of endpoints, each of shape [patient, visit, endpoint]."""

    true: FloatArray
    expected: FloatArray
    measured: FloatArray


def reading_shift(shifts: Sequence[float], visits: FloatArray, rise: float) -> FloatArray:
    """Shift of counts at each visit [hairs/cm2]: sum of the arm's shifts, reached with time constant `rise` [day]."""
    return sum(shifts) * -np.expm1(-np.maximum(visits, 0.0) / rise)


def session_errors(
    population: Population, visits: FloatArray, *, seed: int, site: int, purpose: Purpose, cv: float
) -> FloatArray:
    """Log-normal factor of mean 1 per patient and visit, shape [patient, visit]; addressed by the day of the visit."""
    sigma2 = math.log1p(cv * cv)
    days = np.rint(visits * 24.0).astype(np.int64)
    z = normals(
        seed,
        purpose,
        patient=population.patient[:, None],
        item=days[None, :],
        index=site,
        replicate=population.replicate[:, None],
    )
    return np.exp(math.sqrt(sigma2) * z - 0.5 * sigma2)


def rater_errors(
    population: Population, visits: FloatArray, *, seed: int, site: int, study: int, cv: float
) -> FloatArray:
    """Factor by which the rater of each picture counts high or low, shape [patient, visit].

    A trial has RATERS raters, each with a log-normal bias of its own; every picture goes to one of them at random.
    """
    days = np.rint(visits * 24.0).astype(np.int64)
    u = uniforms(
        seed,
        Purpose.RATER,
        patient=population.patient[:, None],
        item=days[None, :],
        index=site,
        replicate=population.replicate[:, None],
    )
    rater = (u * RATERS).astype(np.int64)
    z = normals(
        seed, Purpose.RATER, patient=TRIAL_LEVEL, item=rater, index=study, replicate=population.replicate[:, None]
    )
    sigma2 = math.log1p(cv * cv)
    return np.exp(math.sqrt(sigma2) * z - 0.5 * sigma2)


def read(
    population: Population,
    every: Hairs,
    detected: Hairs,
    endpoints: Sequence[Endpoint],
    method: Method,
    values: Mapping[str, float],
    *,
    shift: FloatArray,
    visits: FloatArray,
    seed: int,
    site: int = 0,
    offset_sd: float = 0.0,
    study: int = 0,
    expectation: FloatArray | None = None,
) -> Readings:
    """True, expected and measured values of endpoints.

    Args:
        population: patients. every, detected: hairs [patient, visit], all and those the method detects.
        endpoints: what to read. method: instrument. values: parameter values.
        shift: shift of counts that each arm's vehicle and expectation bring [patient, visit], hairs/cm2.
        visits: days from baseline [visit]. seed, site: address of the errors.
        offset_sd: standard deviation of the study offset [hairs/cm2]; study: number of the study, for its draw.
        expectation: points of coverage that patients add for being treated [patient, visit]; None for none.

    Returns:
        Readings, shape [patient, visit, endpoint].
    """
    count = session_errors(
        population, visits, seed=seed, site=site, purpose=Purpose.COUNT_ERROR, cv=values[method.count_error]
    ) * rater_errors(population, visits, seed=seed, site=site, study=study, cv=values["measurement.rater_error"])
    diameter = session_errors(
        population, visits, seed=seed, site=site, purpose=Purpose.DIAMETER_ERROR, cv=values[method.diameter_error]
    )
    offset_z = normals(
        seed, Purpose.STUDY_OFFSET, patient=TRIAL_LEVEL, item=study, replicate=population.replicate[:, None]
    )
    offset = np.where(visits[None, :] > 0.0, offset_sd * offset_z, 0.0)
    hairs = total(detected)
    relative = np.divide(shift, hairs, out=np.zeros_like(hairs), where=hairs > 0.0)
    relative_offset = np.divide(offset, hairs, out=np.zeros_like(hairs), where=hairs > 0.0)
    columns: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for endpoint in endpoints:
        if endpoint.judge is not None:
            rate, hope = endpoint.value(every), np.zeros_like(hairs) if expectation is None else expectation
            columns.append(
                endpoint.judge.judge(Look(population, rate, hope, visits, values, seed, site), endpoint.name)
            )
            continue
        value = endpoint.value(every if endpoint.collected else detected)
        expected = value * (1.0 + relative) if endpoint.shifted else value
        measured = value * np.maximum(1.0 + relative + relative_offset, 0.0) if endpoint.shifted else value
        measured = measured * count**endpoint.count_power * diameter**endpoint.diameter_power
        if endpoint.own_error is not None:
            days = np.rint(visits * 24.0).astype(np.int64)
            z = normals(
                seed,
                Purpose.DIAMETER_ERROR,
                patient=population.patient[:, None],
                item=days[None, :],
                index=address_of(f"{endpoint.name} {site}"),
                replicate=population.replicate[:, None],
            )
            measured = measured + values[endpoint.own_error] * z * (
                share_error(value, endpoint.bounds) if endpoint.error_of_share else 1.0
            )
        columns.append(
            (endpoint.value(every), np.clip(expected, *endpoint.bounds), np.clip(measured, *endpoint.bounds))
        )
    true, expected, measured = (np.stack([column[i] for column in columns], axis=-1) for i in range(3))
    return Readings(true, expected, measured)


def share_error(value: FloatArray, bounds: tuple[float, float]) -> FloatArray:
    """Size of an error relative to that in the middle between the bounds: 2 sqrt(p (1 - p)), p the place between them.

    Example:
        >>> share_error(np.array([0.0, 50.0, 100.0]), (0.0, 100.0)).tolist()
        [0.0, 1.0, 0.0]
    """
    place = np.clip((value - bounds[0]) / (bounds[1] - bounds[0]), 0.0, 1.0)
    return 2.0 * np.sqrt(place * (1.0 - place))
