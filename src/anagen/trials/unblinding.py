"""Patients who notice what they were given, and what that does to what they expect of it.

    expectation of a patient = f * expectation of the arm      from the moment of noticing on, f as the study states it

Who notices is a share that the study states, of all patients from the first dose on, or of those whom an adverse event
of the therapy or its route befalls, from that event on. Nothing published tells how many of them there are or what it
does to them, so that both numbers are a scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.streams import Purpose, uniforms
from anagen.delivery import Noticing, Prescription
from anagen.patients import Population
from anagen.study.conduct import Unblinding
from anagen.trials.safety import arm_hazards, event_names, occurrences


def noticing(prescriptions: Sequence[Prescription], rule: Unblinding | None) -> tuple[Prescription, ...]:
    """Therapies of an arm, some of whose patients notice them.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Of the arm.
    rule : Unblinding or None
        As the study states it for the arm.

    Returns
    -------
    tuple[Prescription, ...]
        The same where it states nothing.
    """
    if rule is None:
        return tuple(prescriptions)
    noticed = Noticing(rule.share, rule.expectation, rule.because == "adverse_event")
    return tuple(replace(part, noticed=noticed) for part in prescriptions)


def expectation_factor(
    prescriptions: Sequence[Prescription],
    population: Population,
    values: Mapping[str, float],
    visits: FloatArray,
    *,
    seed: int,
    scenarios: Iterable[str] = (),
) -> FloatArray | None:
    """Factor on the expectation of each patient of an arm at each visit.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of the arm.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    visits : FloatArray, shape (n_visits,)
        Days from baseline.
    seed : int
        Key of the draws.
    scenarios : Iterable[str]
        Rare adverse events that the study switches on.

    Returns
    -------
    FloatArray or None, shape (n_patients, n_visits)
        None where nobody notices anything.
    """
    rule = next((part.noticed for part in prescriptions if part.noticed is not None), None)
    if rule is None:
        return None
    u = uniforms(seed, Purpose.UNBLINDING, patient=population.patient, replicate=population.replicate)
    since = np.where(u < rule.share, 0.0, np.inf)
    if rule.by_event:
        hazards = arm_hazards(prescriptions, end=float(visits[-1]), scenarios=frozenset(scenarios))
        found = occurrences(hazards, event_names([hazards]), population, values, seed=seed)
        since = np.maximum(since, found.onset.min(axis=1, initial=np.inf))
    return np.where(visits[None, :] >= since[:, None], rule.factor, 1.0)


def felt(
    arms: Sequence[Sequence[Prescription]],
    hopes: Sequence[FloatArray],
    assigned: IntArray | None,
    population: Population,
    values: Mapping[str, float],
    visits: FloatArray,
    *,
    seed: int,
    scenarios: Iterable[str] = (),
) -> list[FloatArray]:
    """Expectation of patients, with that of those who notice what they were given.

    Parameters
    ----------
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm.
    hopes : Sequence[FloatArray]
        Expectation of each twin as if nobody noticed, shape (n_patients, n_visits) each.
    assigned : IntArray or None, shape (n_patients,)
        Arm of each patient; None where every patient is under every arm.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    visits : FloatArray, shape (n_visits,)
        Days from baseline.
    seed : int
        Key of the draws.
    scenarios : Iterable[str]
        Rare adverse events that the study switches on.

    Returns
    -------
    list[FloatArray]
        The same where nobody notices anything.
    """
    moved = list(hopes)
    for number, arm in enumerate(arms):
        rows = np.arange(len(population)) if assigned is None else np.flatnonzero(assigned == number)
        factor = expectation_factor(arm, population.take(rows), values, visits, seed=seed, scenarios=scenarios)
        if factor is not None:
            twin = number if assigned is None else 0
            whole = moved[twin].copy()
            whole[rows] *= factor
            moved[twin] = whole
    return moved
