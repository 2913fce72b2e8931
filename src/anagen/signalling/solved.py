"""Responses of a few patients, solved at their own exposures instead of interpolated between the rungs of a ladder.

A population is followed on a ladder of exposures that serves everybody (`anagen.signalling.sharing`). For one person
that is more work than needed and leaves an error of interpolation. Here the rungs of a player are nothing, the doses
given, and the exposures of the patients themselves:

    rungs of player k = 0, 1, x_k1, x_k2, ...        x_kp the factor on its doses in patient p, one for each way

The meeting of players follows from the same rows of the network as for a population (`response.shared_response`), so
that both ways agree where the ladder is fine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.patients import Population
from anagen.signalling.changes import network_at, rest_of
from anagen.signalling.drive import Drive, drive_of
from anagen.signalling.exposed import Known
from anagen.signalling.network import Network
from anagen.signalling.patients import factors_by_way
from anagen.signalling.players import Player, players_of
from anagen.signalling.response import Response, response_of

MOST_SOLVED = 64
"""Patients beyond whom a ladder, which serves any number of them, is less work."""
TOLERANCE = 1e-12
"""Relative difference up to which a factor is that of a rung."""


def solved_responses(
    arms: Sequence[Sequence[Prescription]],
    population: Population,
    values: Mapping[str, float],
    *,
    seed: int,
    condition: str,
    end: float,
    network: Network | None = None,
) -> list[Response]:
    """Response of every lever in each of a few patients, exact at the exposures of these patients.

    Parameters
    ----------
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm.
    population : Population
        Patients, at most MOST_SOLVED.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.
    condition : str
        Condition of the network ("aga").
    end : float
        Last day.
    network : Network or None
        See `anagen.signalling.response.arm_response`.

    Returns
    -------
    list[Response]
        One for each arm; it serves these patients and no others.

    Raises
    ------
    ValueError
        Where there are more patients than that, or as in `arm_response`.
    """
    if len(population) > MOST_SOLVED:
        raise ValueError(f"{len(population)} patients are more than the {MOST_SOLVED} that are solved one by one")
    at = network_at(values, network)
    known: Known = []
    drives: list[Drive] = []
    for arm in arms:
        players = players_of(arm)
        factors = [own_rungs(player, population, values, seed) for player in players]
        drives.append(drive_of(players, values, end=end, known=known, factors=factors))
    rest = rest_of(at, condition) if any(drive.players for drive in drives) else None
    return [response_of(drive, values, condition=condition, network=at, rest=rest) for drive in drives]


def own_rungs(player: Player, population: Population, values: Mapping[str, float], seed: int) -> FloatArray:
    """Nothing, the doses given, and the exposures of the patients, each once.

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
    FloatArray, shape (n_rungs, n_ways)
        Factors of each way; the first row is 0, the second 1.
    """
    own = np.unique(factors_by_way(player, population, values, seed), axis=0)
    others = own[~((own == 1.0).all(axis=1) | (own == 0.0).all(axis=1))]
    ways = own.shape[1]
    return np.concatenate([np.zeros((1, ways)), np.ones((1, ways)), others])


def solved_weights(
    response: Response, population: Population, values: Mapping[str, float], seed: int
) -> list[FloatArray]:
    """Weights of each player's rungs in patients for whom the response was solved: 1 at the patient's own rung.

    Parameters
    ----------
    response : Response
        From `solved_responses`.
    population : Population
        Patients among those.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    list[FloatArray]
        For each player, shape (n_patients, n_rungs).

    Raises
    ------
    ValueError
        Where the response was not solved for a patient.
    """
    found: list[FloatArray] = []
    for player, rungs, mixed in zip(response.players, response.solved, response.mixed, strict=True):
        own = factors_by_way(player, population, values, seed, mixed)
        apart = np.abs(own[:, None, :] - rungs[None]).max(axis=-1)
        place = apart.argmin(axis=1)
        if bool((apart[np.arange(len(own)), place] > TOLERANCE * (1.0 + own.max(axis=1))).any()):
            raise ValueError(f"the response to {player.name} was not solved for all of these patients")
        found.append(np.eye(len(rungs))[place])
    return found
