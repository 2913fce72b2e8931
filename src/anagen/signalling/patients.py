"""How patients differ in what a therapy does: in their exposure, and in the strength of its effects."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, lognormals, uniforms
from anagen.delivery import Prescription, kinetics_of
from anagen.delivery.adherence import shares_taken
from anagen.patients import Population
from anagen.signalling.exposed import Mixed, scales_of_patients
from anagen.signalling.players import Player
from anagen.therapies.populations import transfer_of


def exposure_scale(
    player: Player,
    population: Population,
    values: Mapping[str, float],
    seed: int,
    mixed: Mixed | None = None,
) -> FloatArray:
    """Factor on exposure of each patient: doses taken, clearance, batch, and activation of a prodrug.

    Parameters
    ----------
    player : Player
        Who acts.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    mixed : Mixed or None
        What each way brings; None for a single way.

    Returns
    -------
    FloatArray, shape (n_patients,) or (n_patients, n_knots)
        1 for the act of a route; one for each knot where ways differ in it.
    """
    if not player.therapy:
        return np.ones(len(population))
    by_way = list(factors_by_way(player, population, values, seed, mixed).T)
    if mixed is None or all(np.array_equal(scale, by_way[0]) for scale in by_way):
        return by_way[0]
    return scales_of_patients(player, mixed, by_way, values)


def factors_by_way(
    player: Player,
    population: Population,
    values: Mapping[str, float],
    seed: int,
    mixed: Mixed | None = None,
) -> FloatArray:
    """Factor on what arrives in each way of a player in each patient.

    Parameters
    ----------
    player : Player
        Who acts.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    mixed : Mixed or None
        What each way brings; None for a single way.

    Returns
    -------
    FloatArray, shape (n_patients, n_ways)
        1 for the act of a route.
    """
    if not player.therapy:
        return np.ones((len(population), len(player.ways)))
    kept = (1.0,) * len(player.ways) if mixed is None else mixed.kept
    by_way = [
        share * _scale_of_way(way.prescription, population, values, seed)
        for way, share in zip(player.ways, kept, strict=True)
    ]
    return np.stack(by_way, axis=1)


def _scale_of_way(
    prescription: Prescription, population: Population, values: Mapping[str, float], seed: int
) -> FloatArray:
    """Factor on exposure of each patient to what is given in one way."""
    scale = np.ones(len(population))
    therapy = prescription.therapy
    if prescription.doses.daily and (prescription.adherence_mean < 1.0 or prescription.adherence_sd > 0.0):
        u = uniforms(
            seed,
            Purpose.ADHERENCE,
            patient=population.patient,
            item=address_of(therapy.name),
            replicate=population.replicate,
        )
        scale = scale * shares_taken(prescription.adherence_mean, prescription.adherence_sd, u)
    spread = kinetics_of(therapy.kinetics[prescription.route.name]).spread
    if spread is not None:
        # one draw for all ways: who clears a substance slowly does so however it came
        scale = scale * lognormals(
            seed,
            Purpose.PHARMACOKINETICS,
            cv=values[spread],
            patient=population.patient,
            item=address_of(therapy.name),
            replicate=population.replicate,
        )
    if therapy.batch is not None:
        scale = scale * lognormals(
            seed,
            Purpose.BATCH,
            cv=values[therapy.batch],
            patient=TRIAL_LEVEL,
            item=address_of(therapy.name),
            replicate=population.replicate,
        )
    if prescription.route.name in therapy.activation:
        column, power = therapy.activation[prescription.route.name]
        scale = scale * np.asarray(getattr(population, column), dtype=np.float64) ** values[power]
    return scale


def patient_strength(player: Player, population: Population, values: Mapping[str, float], seed: int) -> FloatArray:
    """Factor on the effects of a therapy in each patient, log-normal with mean 1.

    Parameters
    ----------
    player : Player
        Who acts.
    population : Population
        Patients.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    FloatArray, shape (n_patients,)
        1 for the act of a route; times the factor of patients unlike those in whom the therapy was studied. Drawn
        for each therapy, but for patients whose responsiveness is stated.
    """
    given = player.ways[0].prescription
    spread = _spread_of(player, population, values, seed)
    if not player.therapy or not given.transfer:
        return spread
    return spread * transfer_of(given.transfer, population.sex, values)


def _spread_of(player: Player, population: Population, values: Mapping[str, float], seed: int) -> FloatArray:
    therapy = player.ways[0].prescription.therapy
    if not player.therapy or therapy.response is None:
        return np.ones(len(population))
    cv = values[therapy.response]
    drawn = lognormals(
        seed,
        Purpose.THERAPY_RESPONSE,
        cv=cv,
        patient=population.patient,
        item=address_of(therapy.name),
        replicate=population.replicate,
    )
    stated = population.responsiveness
    if stated is None:
        return drawn
    spread = np.log1p(cv * cv)
    return np.where(np.isnan(stated), drawn, np.exp(np.sqrt(spread) * stated - 0.5 * spread))
