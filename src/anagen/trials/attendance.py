"""Sessions of treatment that patients miss: what is given to whom, session by session.

A patient attends each day of sessions with a probability of his own, drawn from the law of `delivery.adherence` with
the mean and the spread between patients that a therapy states; without a spread it is the mean for everybody, so that
sessions are missed independently. Therapies of one day share the draw, and so do the arms under which a patient is
followed.
Doses that patients take themselves are not concerned: of these a share is taken (`signalling.patients`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.streams import Purpose, uniforms
from anagen.delivery import Doses, Prescription
from anagen.delivery.adherence import shares_taken
from anagen.patients import Population

SHARE = 2**32 - 1
"""Item of the draw of a patient's own probability; a session has the hour of its day."""


class Numbered(Protocol):
    """Patients by their numbers, which is all that draws of sessions are addressed by; a `Population` is one."""

    @property
    def patient(self) -> IntArray:
        """Numbers of the patients within their trial."""
        ...

    @property
    def replicate(self) -> IntArray:
        """Numbers of their trials."""
        ...

    def __len__(self) -> int:
        """How many there are."""
        ...


def misses_sessions(prescription: Prescription) -> bool:
    """Whether patients miss sessions of a therapy.

    Parameters
    ----------
    prescription : Prescription
        What is given.

    Returns
    -------
    bool
        False for what patients take themselves.
    """
    whole = prescription.adherence_mean == 1.0 and prescription.adherence_sd == 0.0
    return not (prescription.doses.daily or whole)


def attended_sessions(
    prescription: Prescription, population: Numbered, *, seed: int, begins: FloatArray | None = None
) -> BoolArray:
    """Which sessions of a therapy patients attend.

    Parameters
    ----------
    prescription : Prescription
        What is given.
    population : Numbered
        Patients.
    seed : int
        Key of the draws.
    begins : FloatArray or None, shape (n_patients,)
        Day from which each patient's sessions count, 0 or that of the second period of a crossover; None for 0.

    Returns
    -------
    BoolArray, shape (n_patients, n_sessions)
        In the order of the doses.
    """
    return sessions_attended(prescription, population.patient, population.replicate, seed=seed, begins=begins)


def sessions_attended(
    prescription: Prescription,
    patient: IntArray,
    replicate: IntArray,
    *,
    seed: int,
    begins: FloatArray | None = None,
) -> BoolArray:
    """Which sessions of a therapy patients attend, who are told by their numbers.

    Parameters
    ----------
    prescription : Prescription
        What is given.
    patient : IntArray, shape (n_patients,)
        Numbers that address the patients' draws.
    replicate : IntArray, shape (n_patients,)
        Trials that they belong to.
    seed : int
        Key of the draws.
    begins : FloatArray or None, shape (n_patients,)
        Day from which each patient's sessions count, 0 or that of the second period of a crossover; None for 0.

    Returns
    -------
    BoolArray, shape (n_patients, n_sessions)
        In the order of the doses.
    """
    days = prescription.doses.days
    if not misses_sessions(prescription):
        return np.ones((len(patient), len(days)), dtype=np.bool_)
    who = {"patient": patient[:, None], "replicate": replicate[:, None]}
    own = uniforms(seed, Purpose.SESSION, item=SHARE, **who)
    share = shares_taken(prescription.adherence_mean, prescription.adherence_sd, own)
    at = days[None, :] if begins is None else days[None, :] + begins[:, None]
    return np.asarray(uniforms(seed, Purpose.SESSION, item=_hours(at), **who) < share)


def session_days(prescriptions: Sequence[Prescription]) -> FloatArray:
    """Days with at least one session in the clinic; what patients take themselves has none.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of an arm.

    Returns
    -------
    FloatArray, shape (n_days,)
        Increasing [day].
    """
    days = [part.doses.days for part in prescriptions if not part.doses.daily]
    return np.unique(np.concatenate(days)) if days else np.empty(0)


def attended_days(
    prescriptions: Sequence[Prescription], population: Numbered, *, seed: int, begins: FloatArray | None = None
) -> tuple[FloatArray, BoolArray]:
    """Days of sessions in the clinic, and who comes to them.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of an arm.
    population : Numbered
        Patients.
    seed : int
        Key of the draws.
    begins : FloatArray or None, shape (n_patients,)
        Day from which each patient's sessions count, 0 or that of the second period of a crossover; None for 0.

    Returns
    -------
    days : FloatArray, shape (n_days,)
        With at least one session, increasing; what patients take themselves has none.
    comes : BoolArray, shape (n_patients, n_days)
        Who has at least one of them.
    """
    days = session_days(prescriptions)
    comes = np.zeros((len(population), len(days)), dtype=np.bool_)
    for part in (part for part in prescriptions if not part.doses.daily):
        place = np.searchsorted(days, part.doses.days)
        comes[:, place] |= attended_sessions(part, population, seed=seed, begins=begins)
    return days, comes


def courses_attended(
    arms: Sequence[Sequence[Prescription]], population: Population, assigned: IntArray | None, *, seed: int
) -> list[tuple[list[tuple[Prescription, ...]], IntArray]] | None:
    """Courses with the sessions that patients attend, and who has which.

    Parameters
    ----------
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm.
    population : Population
        Patients.
    assigned : IntArray or None, shape (n_patients,)
        Arm of each patient; None where every patient is under every arm.
    seed : int
        Key of the draws.

    Returns
    -------
    list or None
        Courses, and the place of each patient's, shape (n_patients,): once for patients in the arm assigned, else once
        for every arm. None where nobody misses a session.
    """
    if not any(misses_sessions(part) for arm in arms for part in arm):
        return None
    everybody = np.arange(len(population))
    if assigned is None:
        return [_courses([arm], population, np.zeros_like(everybody), seed=seed) for arm in arms]
    return [_courses(arms, population, assigned, seed=seed)]


def _courses(
    arms: Sequence[Sequence[Prescription]], population: Population, assigned: IntArray, *, seed: int
) -> tuple[list[tuple[Prescription, ...]], IntArray]:
    courses: list[tuple[Prescription, ...]] = []
    which = np.zeros(len(population), dtype=np.int64)
    for number, arm in enumerate(arms):
        rows = np.flatnonzero(assigned == number)
        if not any(map(misses_sessions, arm)):
            which[rows] = len(courses)
            courses.append(tuple(arm))
            continue
        kept = [attended_sessions(part, population.take(rows), seed=seed) for part in arm]
        patterns, place = np.unique(np.concatenate(kept, axis=1), axis=0, return_inverse=True)
        which[rows] = len(courses) + place.ravel()
        ends = np.cumsum([0, *(part.shape[1] for part in kept)])
        for pattern in patterns:
            parts = (attended(p, pattern[ends[i] : ends[i + 1]]) for i, p in enumerate(arm))
            courses.append(tuple(part for part in parts if len(part.doses.days)))
    return courses, which


def attended(prescription: Prescription, kept: BoolArray) -> Prescription:
    """A therapy with some of its sessions.

    Parameters
    ----------
    prescription : Prescription
        As it is planned.
    kept : BoolArray, shape (n_sessions,)
        Sessions that take place.

    Returns
    -------
    Prescription
        The same course without the others; nothing of it is missed any more.
    """
    if not misses_sessions(prescription):
        return prescription
    doses = prescription.doses
    given = Doses(doses.days[kept], doses.amounts[..., kept], doses.daily)
    return replace(prescription, doses=given, adherence_mean=1.0, adherence_sd=0.0)


def _hours(days: FloatArray) -> IntArray:
    return np.rint(days * 24.0).astype(np.int64)
