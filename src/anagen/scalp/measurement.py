"""From hairs to readings: what the instrument shows on average, and what one session of one trial shows.

    expected = value(detected hairs) * (1 + f * shift / d)           shift: vehicle, expectation [hairs/cm2]
    measured = value(detected hairs) * (1 + (f * shift + offset) / d) * (rater * count_error)**p * diameter_error**q
               + further error,        d = max(total, full_shift_density)

Where hardly any hair is left nobody reads eight hairs/cm2 too many: shift and offset are in proportion to what is
there, as at `full_shift_density`. The shift belongs to the arm and to follow-up visits, with a factor f of the
endpoint; the study offset belongs to the whole trial, so it cancels in a contrast; errors of counting belong to one
patient and visit and are shared by every count taken from that picture. A part of them stays with the patient from
visit to visit. The two sides of a scalp are looked at by one rater in one session and one light, so that their errors
go together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, lognormals, normals, uniforms
from anagen.scalp.endpoint import Endpoint
from anagen.scalp.endpoints.density import total
from anagen.scalp.hairs import Hairs
from anagen.scalp.judging import Look, Session
from anagen.scalp.methods import RATERS, Method

EVERY_VISIT = address_of("every visit")
"""Item under which the draws stand that a patient keeps from visit to visit."""


@dataclass(frozen=True, slots=True)
class Readings:
    """Values of endpoints, each of shape [patient, visit, endpoint]."""

    true: FloatArray
    expected: FloatArray
    measured: FloatArray


def reading_shift(shifts: Sequence[float], visits: FloatArray, rise: float) -> FloatArray:
    """Shift of counts at each visit.

    Parameters
    ----------
    shifts : Sequence[float]
        Shifts of the arm [hairs/cm2], added up.
    visits : FloatArray, shape (n_visits,)
        Days from baseline.
    rise : float
        Time constant with which they are reached [day].

    Returns
    -------
    FloatArray, shape (n_visits,)
        [hairs/cm2].
    """
    return sum(shifts) * -np.expm1(-np.maximum(visits, 0.0) / rise)


def session_errors(session: Session, *, purpose: Purpose, cv: float) -> FloatArray:
    """Log-normal factor of mean 1 for each patient and visit, addressed by the day of the visit.

    Its logarithm has a part that stays with the patient, z_area = sqrt(v) z_stays + sqrt(1 - v) z_visit with v the
    correlation between visits. Areas beside the first share a part of it, so that they correlate by r:
    z = sqrt(r) z_first + sqrt(1 - r) z_area.

    Parameters
    ----------
    session : Session
        Who is read, and when.
    purpose : Purpose
        Error of counting, or of diameters.
    cv : float
        Coefficient of variation.

    Returns
    -------
    FloatArray, shape (n_patients, n_visits)
        Factors.
    """
    patient, replicate = session.population.patient[:, None], session.population.replicate[:, None]
    sites = dict.fromkeys((0, session.site))
    stays = session.values["measurement.visits_correlation"]
    z = [
        math.sqrt(stays)
        * normals(session.seed, purpose, patient=patient, item=EVERY_VISIT, index=site, replicate=replicate)
        + math.sqrt(1.0 - stays)
        * normals(session.seed, purpose, patient=patient, item=session.hours, index=site, replicate=replicate)
        for site in sites
    ]
    together = session.values["measurement.sides_correlation"]
    # both sides share the first term, so that their errors correlate by `together`
    mixed = z[0] if len(z) == 1 else math.sqrt(together) * z[0] + math.sqrt(1.0 - together) * z[1]
    sigma2 = math.log1p(cv * cv)
    return np.exp(math.sqrt(sigma2) * mixed - 0.5 * sigma2)


def rater_errors(session: Session, *, study: int, cv: float) -> FloatArray:
    """Factor by which the rater of each picture counts high or low.

    A trial has RATERS raters, each with a log-normal bias; every session goes to one of them at random, who sees all
    its pictures.

    Parameters
    ----------
    session : Session
        Who is read, and when.
    study : int
        Number of the study, for its draws.
    cv : float
        Coefficient of variation of the bias.

    Returns
    -------
    FloatArray, shape (n_patients, n_visits)
        Factors.
    """
    seed, replicate = session.seed, session.population.replicate[:, None]
    u = uniforms(
        seed,
        Purpose.RATER,
        patient=session.population.patient[:, None],
        item=session.hours,
        replicate=replicate,
    )
    rater = (u * RATERS).astype(np.int64)
    return lognormals(seed, Purpose.RATER, cv=cv, patient=TRIAL_LEVEL, item=rater, index=study, replicate=replicate)


def read(
    session: Session,
    every: Hairs,
    detected: Hairs,
    endpoints: Sequence[Endpoint],
    method: Method,
    *,
    shift: FloatArray,
    expectation: FloatArray,
    offset_sd: float = 0.0,
    study: int = 0,
) -> Readings:
    """True, expected and measured values of endpoints.

    Parameters
    ----------
    session : Session
        Who is read, and when.
    every : Hairs
        All hairs, arrays of shape (n_patients, n_visits).
    detected : Hairs
        Those that the method detects.
    endpoints : Sequence[Endpoint]
        What to read.
    method : Method
        Instrument.
    shift : FloatArray, shape (n_patients, n_visits)
        Shift of counts that each arm's vehicle and expectation bring [hairs/cm2].
    expectation : FloatArray, shape (n_patients, n_visits)
        Points of coverage that patients add for being treated.
    offset_sd : float
        Standard deviation of the study offset [hairs/cm2].
    study : int
        Number of the study, for its draws.

    Returns
    -------
    Readings
        Arrays of shape (n_patients, n_visits, n_endpoints).
    """
    values, visits = session.values, session.visits
    count = session_errors(session, purpose=Purpose.COUNT_ERROR, cv=method.count_cv(values, detected.area))
    count = count * rater_errors(session, study=study, cv=method.number(method.rater_error, values))
    diameter = session_errors(session, purpose=Purpose.DIAMETER_ERROR, cv=method.number(method.diameter_error, values))
    replicate = session.population.replicate[:, None]
    offset_z = normals(session.seed, Purpose.STUDY_OFFSET, patient=TRIAL_LEVEL, item=study, replicate=replicate)
    offset = np.where(visits[None, :] > 0.0, offset_sd * offset_z, 0.0)
    hairs = np.maximum(total(detected), values["measurement.full_shift_density"])
    apart = None if method.crossing is None else method.apart(total(every), values)
    relative, relative_offset = shift / hairs, offset / hairs
    columns: list[tuple[FloatArray, FloatArray, FloatArray]] = []
    for endpoint in endpoints:
        if endpoint.judge is not None:
            columns.append(endpoint.judge.judge(Look(session, endpoint.value(every), expectation), endpoint.name))
            continue
        value = endpoint.value(every if endpoint.collected else detected)
        if apart is not None and endpoint.count_power and not endpoint.collected:
            value = value * apart**endpoint.count_power
        shifted = relative if endpoint.shift_factor is None else values[endpoint.shift_factor] * relative
        expected = value * (1.0 + shifted) if endpoint.shifted else value
        measured = value * np.maximum(1.0 + shifted + relative_offset, 0.0) if endpoint.shifted else value
        measured = measured * count**endpoint.count_power * diameter**endpoint.diameter_power
        if endpoint.own_error is not None:
            measured = measured + values[endpoint.own_error] * further_z(session, endpoint.name) * (
                share_error(value, endpoint.bounds) if endpoint.error_of_share else 1.0
            )
        columns.append(
            (endpoint.value(every), np.clip(expected, *endpoint.bounds), np.clip(measured, *endpoint.bounds))
        )
    true, expected, measured = (np.stack([column[i] for column in columns], axis=-1) for i in range(3))
    return Readings(true, expected, measured)


def further_z(session: Session, endpoint: str) -> FloatArray:
    """Standard normal error of one endpoint beside those of counting and of diameters, shape (n_patients, n_visits)."""
    return normals(
        session.seed,
        Purpose.DIAMETER_ERROR,
        patient=session.population.patient[:, None],
        item=session.hours,
        index=address_of(f"{endpoint} {session.site}"),
        replicate=session.population.replicate[:, None],
    )


def share_error(value: FloatArray, bounds: tuple[float, float]) -> FloatArray:
    """Size of an error relative to that in the middle between the bounds: 2 sqrt(p (1 - p)), p the place between them.

    Parameters
    ----------
    value : FloatArray
        Of any shape.
    bounds : tuple[float, float]
        Least and greatest value.

    Returns
    -------
    FloatArray
        0 to 1, of the shape of the value.

    Examples
    --------
    >>> share_error(np.array([0.0, 50.0, 100.0]), (0.0, 100.0)).tolist()
    [0.0, 1.0, 0.0]
    """
    place = np.clip((value - bounds[0]) / (bounds[1] - bounds[0]), 0.0, 1.0)
    return 2.0 * np.sqrt(place * (1.0 - place))
