"""What acts in an arm -> the response of each lever over time, 0 to 1, through the network, in four steps.

1. `players_of`: who acts, therapies and the acts of routes.
2. `drive_of`: which inputs of the network they occupy over time.
3. `network_changes`: what the network makes of it, behind each lever.
4. `shared_response`: whose doing the change is, over the greatest that each could do.

The network is followed once for every combination of players and, where patients differ in exposure, for a fixed ladder
of scalings of it, from which each patient's response is interpolated. So the result does not depend on who else is
simulated.

    response of lever i to player k = share_k(R_i(t) - R_i(rest)) / (R_i(all inputs of k occupied) - R_i(rest))

R_i is the network's output behind the lever. Where players meet, the change of R_i is shared among them after Shapley:
the mean, over all orders of adding them, of what adding k changes. Shares add up to the joint change, and a player
that changes nothing gets exactly nothing.

Source of the sharing: Shapley 1953, doi:10.1515/9781400881970-018.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Exposure, Prescription, kinetics_of
from anagen.signalling.changes import changes, saturated_changes
from anagen.signalling.network import Course, Network, basal_levels, load_network, resting_state, solve
from anagen.signalling.players import Player, players_of, same_exposure
from anagen.signalling.sharing import LADDER, MOST_VARYING, ladder, shapley
from anagen.signalling.times import FINE_PER_DAY, fine_days, knots_of
from anagen.therapies import Lever

MOST = 1.0 - 1e-9
"""Greatest occupancy of an input: fully occupied, an exposure would be infinite."""


Exposures = list[tuple[Player, FloatArray, Exposure]]
"""Players, their rungs, and their exposure at these."""


@dataclass(frozen=True, slots=True)
class Drive:
    """What an arm does to the inputs of the network, before anything follows from it.

    Attributes
    ----------
    players : tuple[Player, ...]
        Who acts.
    rungs : tuple[FloatArray, ...]
        Scalings of each player's exposure, the first 0, shape (n_rungs,).
    knots : FloatArray, shape (n_knots,)
        Days on which responses are known; the last is the end.
    levels : tuple[Mapping[str, FloatArray], ...]
        Occupancy of each player's inputs, shape (n_rungs, n_knots - 1).
    direct : tuple[tuple[FloatArray, ...], ...]
        Response to each action that acts beside the network, shape (n_rungs, n_knots); zero for other actions.
    reach : tuple[float, ...]
        Share of the follicles that each player reaches over that of the reference.
    """

    players: tuple[Player, ...]
    rungs: tuple[FloatArray, ...]
    knots: FloatArray
    levels: tuple[Mapping[str, FloatArray], ...]
    direct: tuple[tuple[FloatArray, ...], ...]
    reach: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Response:
    """Response of an arm.

    Attributes
    ----------
    players : tuple[Player, ...]
        Who acts.
    rungs : tuple[FloatArray, ...]
        See `Drive`.
    knots : FloatArray, shape (n_knots,)
        See `Drive`.
    tables : tuple[tuple[FloatArray, ...], ...]
        Response to each action of each player, shape (n_rungs of player 1, ..., n_rungs of player n, n_knots).
    """

    players: tuple[Player, ...]
    rungs: tuple[FloatArray, ...]
    knots: FloatArray
    tables: tuple[tuple[FloatArray, ...], ...]


def arm_response(
    prescriptions: Sequence[Prescription],
    values: Mapping[str, float],
    *,
    condition: str,
    end: float,
    network: Network | None = None,
) -> Response:
    """Response of every lever to what an arm is given, from day 0 to day `end`: the four steps in order.

    Parameters
    ----------
    prescriptions : Sequence[Prescription]
        Therapies of the arm.
    values : Mapping[str, float]
        Parameter values.
    condition : str
        Condition of the network ("aga").
    end : float
        Last day.
    network : Network or None
        An edited network; the shipped one where None. Effects always refer to the shipped one, so that an ablated
        edge takes from them.

    Returns
    -------
    Response
        Of everything that acts.

    Raises
    ------
    ValueError
        Where an action's lever has no way from the therapy's inputs through the shipped network, or where more players
        differ between patients than the ladder provides for.

    Examples
    --------
    >>> from anagen.delivery import ROUTES, sessions
    >>> from anagen.parameters import load_parameters
    >>> from anagen.therapies import THERAPIES
    >>> doses = sessions(start=0, every=2, number=3, amount=1e10)
    >>> vesicles = Prescription(THERAPIES["exosome"], ROUTES["intradermal"], doses)
    >>> response = arm_response([vesicles], load_parameters().draw(1, 0), condition="aga", end=84.0)
    >>> [player.name for player in response.players]
    ['intradermal', 'exosome']
    """
    return arm_responses([prescriptions], values, condition=condition, end=end, network=network)[0]


def arm_responses(
    arms: Sequence[Sequence[Prescription]],
    values: Mapping[str, float],
    *,
    condition: str,
    end: float,
    network: Network | None = None,
) -> list[Response]:
    """Responses of all arms of a study, each to the byte that of the arm alone; what they share is computed once.

    Parameters
    ----------
    arms : Sequence[Sequence[Prescription]]
        Therapies of each arm.
    values : Mapping[str, float]
        Parameter values.
    condition : str
        Condition of the network ("aga").
    end : float
        Last day.
    network : Network or None
        See `arm_response`.

    Returns
    -------
    list[Response]
        One for each arm.

    Raises
    ------
    ValueError
        See `arm_response`.

    Examples
    --------
    >>> from anagen.delivery import ROUTES, sessions
    >>> from anagen.parameters import load_parameters
    >>> from anagen.therapies import THERAPIES
    >>> doses = sessions(start=0, every=2, number=3, amount=1e10)
    >>> names = ("exosome", "saline-injection")
    >>> arms = [[Prescription(THERAPIES[name], ROUTES["intradermal"], doses)] for name in names]
    >>> responses = arm_responses(arms, load_parameters().draw(1, 0), condition="aga", end=84.0)
    >>> [[player.name for player in response.players] for response in responses]
    [['intradermal', 'exosome'], ['intradermal']]
    """
    network = network or load_network()
    known: Exposures = []
    drives = [drive_of(players_of(arm), values, end=end, known=known) for arm in arms]
    acting = any(drive.players for drive in drives)
    rest = resting_state(network, basal_levels(network, condition)) if acting else None
    return [response_of(drive, values, condition=condition, network=network, rest=rest) for drive in drives]


def response_of(
    drive: Drive,
    values: Mapping[str, float],
    *,
    condition: str,
    network: Network | None = None,
    rest: FloatArray | None = None,
) -> Response:
    """Steps 3 and 4: response of every lever to occupied inputs, see `arm_response` and `network_changes`."""
    changed = network_changes(drive, values, condition=condition, network=network or load_network(), rest=rest)
    return shared_response(drive, changed, values)


def drive_of(
    players: Sequence[Player], values: Mapping[str, float], *, end: float, known: Exposures | None = None
) -> Drive:
    """Step 2: occupancy of the network's inputs by everything that acts.

    Parameters
    ----------
    players : Sequence[Player]
        From `players_of`.
    values : Mapping[str, float]
        Parameter values.
    end : float
        Last day.
    known : Exposures or None
        Exposures of other arms under the same values up to the same day, added to here.

    Returns
    -------
    Drive
        Of the players with any exposure. One that cannot act at all is left out, so that its arm is that of its control
        to the byte.

    Raises
    ------
    ValueError
        Where more players differ between patients than the ladder provides for.
    """
    fine, known = fine_days(end), [] if known is None else known
    rungs, exposures = _exposures(players, fine, values, known)
    acting = [player for player, exposure in zip(players, exposures, strict=True) if _acts(exposure)]
    if len(acting) < len(players):
        rungs, exposures = _exposures(acting, fine, values, known)
    knots = knots_of([player.prescription.doses.days for player in acting], float(len(fine)) / FINE_PER_DAY)
    first = np.rint(knots[:-1] * FINE_PER_DAY).astype(np.int64)
    lengths = np.diff(np.append(first, len(fine)))

    def averaged(course: FloatArray) -> FloatArray:
        """Means between knots of a course on the fine grid."""
        return np.add.reduceat(course, first, axis=1) / lengths

    def level(player: Player, exposure: Exposure) -> dict[str, FloatArray]:
        occupied: dict[str, FloatArray] = {}
        for entry in player.occupies:
            course = exposure.courses[entry.exposure]
            share = course if entry.half is None else course / (course + values[entry.half])
            occupied[entry.input] = np.minimum(averaged(share), MOST)
        return occupied

    def beside(player: Player, exposure: Exposure) -> tuple[FloatArray, ...]:
        rows: list[FloatArray] = []
        for action in player.actions:
            if action.half is None:
                rows.append(np.zeros((1, len(knots))))
                continue
            course = exposure.courses[action.exposure]
            mean = averaged(course / (course + values[action.half]))
            # the mean of an interval stands at its middle; knots take the mean of both sides
            padded = np.concatenate([mean[:, :1], mean, mean[:, -1:]], axis=1)
            rows.append(0.5 * (padded[:, 1:] + padded[:, :-1]))
        return tuple(rows)

    pairs = list(zip(acting, exposures, strict=True))
    return Drive(
        players=tuple(acting),
        rungs=tuple(rungs),
        knots=knots,
        levels=tuple(level(player, exposure) for player, exposure in pairs),
        direct=tuple(beside(player, exposure) for player, exposure in pairs),
        reach=tuple(exposure.reach for exposure in exposures),
    )


def network_changes(
    drive: Drive,
    values: Mapping[str, float],
    *,
    condition: str,
    network: Network,
    rest: FloatArray | None = None,
) -> dict[Lever, FloatArray]:
    """Step 3: change of the output behind each lever, for every combination of rungs.

    Parameters
    ----------
    drive : Drive
        From `drive_of`.
    values : Mapping[str, float]
        Parameter values.
    condition : str
        Condition of the network.
    network : Network
        The network that is followed.
    rest : FloatArray or None
        Its levels at rest, shape (n_nodes,); found here where None.

    Returns
    -------
    dict[Lever, FloatArray]
        Change from rest, shape (n_rungs of player 1, ..., n_rungs of player n, n_knots); nothing where nobody acts.
    """
    if not drive.players:
        return {}
    shape = tuple(len(scales) for scales in drive.rungs)
    n_rows = math.prod(shape)
    place = np.unravel_index(np.arange(n_rows), shape)
    free: dict[str, FloatArray] = {}
    for player, occupied in enumerate(drive.levels):
        for name, level in occupied.items():
            # several that occupy one input do so independently of one another (Bliss)
            left = 1.0 - level[place[player]]
            free[name] = free[name] * left if name in free else left
    courses = [
        Course.from_levels(name, drive.knots[:-1], np.clip(1.0 - left, 0.0, MOST))
        for name, left in free.items()
        if name in network.input_names
    ]
    basal = basal_levels(network, condition)
    rest = resting_state(network, basal) if rest is None else rest
    basal, start = np.repeat(basal[None], n_rows, axis=0), np.repeat(rest[None], n_rows, axis=0)
    levels = np.asarray(solve(network, basal, courses, drive.knots, start=start, at_rest=True), dtype=np.float64)
    # on the first knot, day 0, nothing has acted yet
    change = changes(network, levels, levels[:1, :1], values)
    return {lever: rows.reshape(*shape, len(drive.knots)) for lever, rows in change.items()}


def shared_response(drive: Drive, changed: Mapping[Lever, FloatArray], values: Mapping[str, float]) -> Response:
    """Step 4: each player's share of a change, over the change with all its inputs occupied.

    Parameters
    ----------
    drive : Drive
        From `drive_of`.
    changed : Mapping[Lever, FloatArray]
        From `network_changes`.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    Response
        With one table for each action of each player.
    """
    full = saturated_changes(drive.players, values)

    def table(player: int, number: int) -> FloatArray:
        action = drive.players[player].actions[number]
        if action.half is not None:
            return drive.reach[player] * _along(drive.direct[player][number], player, len(drive.players))
        return drive.reach[player] * shapley(changed[action.lever], player) / full[player][action.lever]

    return Response(
        players=drive.players,
        rungs=drive.rungs,
        knots=drive.knots,
        tables=tuple(
            tuple(table(player, number) for number in range(len(entry.actions)))
            for player, entry in enumerate(drive.players)
        ),
    )


def _exposures(
    players: Sequence[Player], fine: FloatArray, values: Mapping[str, float], known: Exposures
) -> tuple[list[FloatArray], list[Exposure]]:
    """Rungs of each player, and its exposure at every rung, taken from `known` where another arm has the same."""
    varying = sum(player.varies for player in players)
    if varying not in LADDER:
        raise ValueError(f"{varying} therapies differ in exposure between patients; at most {MOST_VARYING} can")
    rungs = [ladder(LADDER[varying]) if player.varies else np.array([0.0, 1.0]) for player in players]
    exposures: list[Exposure] = []
    for player, scales in zip(players, rungs, strict=True):
        same = (e for other, at, e in known if np.array_equal(at, scales) and same_exposure(player, other, values))
        exposure = next(same, None)
        if exposure is None:
            exposure = kinetics_of(player.kinetics).exposure(player.prescription, scales, fine, values)
            known.append((player, scales, exposure))
        exposures.append(exposure)
    return rungs, exposures


def _acts(exposure: Exposure) -> bool:
    return any(bool(course.any()) for course in exposure.courses.values())


def _along(response: FloatArray, player: int, players: int) -> FloatArray:
    """A response [rung, knot] of one player with an axis of length 1 for every other."""
    shape = [1] * players + [response.shape[1]]
    shape[player] = response.shape[0]
    return response.reshape(shape)
