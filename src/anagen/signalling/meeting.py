"""Tables of an arm -> the response of each patient, where what is given together meets at that patient's exposures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import compiled
from anagen.signalling.response import Response
from anagen.signalling.sharing import planned_rung
from anagen.therapies import Lever


def patient_responses(response: Response, share: Sequence[FloatArray]) -> list[list[FloatArray]]:
    """Response of each patient to each action of each player, at the exposures of that patient.

    Parameters
    ----------
    response : Response
        Of the arm.
    share : Sequence[FloatArray]
        Weights of each player's rungs, see `interpolated`.

    Returns
    -------
    list[list[FloatArray]]
        Of shape (n_patients, n_knots), or (1, n_knots) where it is the same for all.
    """
    meeting = meeting_of_patients(response, share)
    return [
        [patient_response(response, share, meeting, number, place) for place in range(len(player.actions))]
        for number, player in enumerate(response.players)
    ]


def meeting_of_patients(response: Response, share: Sequence[FloatArray]) -> dict[Lever, list[FloatArray]]:
    """J of every player at the exposures of each patient, behind each lever that is moved through the network.

    Parameters
    ----------
    response : Response
        Of the arm.
    share : Sequence[FloatArray]
        Weights of each player's rungs.

    Returns
    -------
    dict[Lever, list[FloatArray]]
        One for each player; empty where nothing meets.
    """
    through = {action.lever for player in response.players for action in player.actions if action.half is None}
    return {
        lever: [interpolated(own, part) for own, part in zip(of_lever, share, strict=True)]
        for lever, of_lever in response.meeting.items()
        if lever in through
    }


def patient_response(
    response: Response,
    share: Sequence[FloatArray],
    meeting: Mapping[Lever, Sequence[FloatArray]],
    number: int,
    place: int,
) -> FloatArray:
    """Response of each patient to one action of one player.

    Parameters
    ----------
    response : Response
        Of the arm.
    share : Sequence[FloatArray]
        Weights of each player's rungs.
    meeting : Mapping[Lever, Sequence[FloatArray]]
        From `meeting_of_patients`.
    number : int
        Of the player.
    place : int
        Of its action.

    Returns
    -------
    FloatArray
        Of shape (n_patients, n_knots), or (1, n_knots) where it is the same for all.
    """
    row = interpolated(response.tables[number][place], share[number])
    met = response.met[number][place] if response.met else None
    if met is None:
        return row
    lever = response.players[number].actions[place].lever
    own = interpolated(met, share[number])
    factor = others_factor(response, lever, meeting[lever], number)
    # interplay that changes sign over time can't be scaled by a ratio without bound
    most = np.abs(own) + np.abs(met[planned_rung(response.rungs[number])] * factor)
    return row + (np.clip(own * factor, -most, most) - own)


def others_factor(response: Response, lever: Lever, at_patient: Sequence[FloatArray], player: int) -> FloatArray:
    """Interplay of all others at the exposures of each patient over that at the doses given, [patient or 1, knot].

    Parameters
    ----------
    response : Response
        Of the arm.
    lever : Lever
        Behind which lever.
    at_patient : Sequence[FloatArray]
        J of every player at the exposures of each patient.
    player : int
        Whose others.

    Returns
    -------
    FloatArray
        1 where all others are at the doses given, 0 where none of them has any exposure.
    """
    above, below = np.zeros((1, len(response.knots))), np.zeros(len(response.knots))
    for other, (table, here) in enumerate(zip(response.meeting[lever], at_patient, strict=True)):
        if other != player:
            given = table[planned_rung(response.rungs[other])]
            above = above + np.sign(given) * here
            below = below + np.abs(given)
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0.0)


def interpolated(table: FloatArray, share: FloatArray) -> FloatArray:
    """Response of each patient between the rungs of a table.

    Parameters
    ----------
    table : FloatArray, shape (n_rungs, n_knots)
        Response.
    share : FloatArray, shape (n_patients, n_rungs) or (n_patients, n_rungs, n_knots)
        Weights of the rungs.

    Returns
    -------
    FloatArray, shape (n_patients, n_knots) or (1, n_knots)
        A single row where it is the same for all.
    """
    rows = share[:1] if bool((share == share[:1]).all()) else share
    total = np.zeros((len(rows), table.shape[1]))
    if rows.ndim == 2:
        add_rungs(np.ascontiguousarray(rows), np.ascontiguousarray(table), total)
        return total
    for weight, level in zip(np.moveaxis(rows, 1, 0), table, strict=True):
        if weight.any():
            total += weight * level
    return total


@compiled
def add_rungs(share: FloatArray, table: FloatArray, total: FloatArray) -> None:
    """Add up the rungs of a table, each with its weight in each patient.

    Parameters
    ----------
    share : FloatArray, shape (n_patients, n_rungs)
        Weights; a patient has few that are not 0.
    table : FloatArray, shape (n_rungs, n_knots)
        Response.
    total : FloatArray, shape (n_patients, n_knots)
        Added to here.
    """
    # rung by rung: a matrix product may add in another order for another number of patients
    for i in range(share.shape[0]):
        for rung in range(share.shape[1]):
            weight = share[i, rung]
            if weight != 0.0:
                for k in range(table.shape[1]):
                    total[i, k] += weight * table[rung, k]
