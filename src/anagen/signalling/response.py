"""What acts in an arm -> the response of each lever over time, 0 to 1, through the network, in four steps.

1. `players_of`: who acts, therapies and the acts of routes.
2. `drive_of`: which inputs of the network they occupy over time.
3. `network_changes`: what the network makes of it, behind each lever.
4. `shared_response`: whose doing the change is, over the greatest that each could do.

The network is followed for all players together, for each alone and for each among all others; where patients differ
in exposure, at a fixed ladder of scalings, from which each patient's response is interpolated. So the result does not
depend on who else is simulated, and any number of therapies costs at most twice what they cost alone.

    response of lever i to player k = share_k(R_i(t) - R_i(rest)) / greatest change of i by k

R_i is the network's output behind the lever; the greatest change is told in `anagen.signalling.changes`. Where players
meet, each gets a point between what it changes alone and what it adds to all others, the same point c for all, where
shares add up to the joint change (`anagen.signalling.sharing`); for two this is Shapley's value. A player that changes
nothing gets exactly nothing. For a patient at exposures x_k:

    share_k(x) = first_k(x_k) + c J_k(x_k) * sum over others of s_j J_j(x_j) / sum over others of s_j J_j(1)

J_k(x_k) = last_k(x_k) - first_k(x_k) is what all others at the doses given change about k, s_j the sign of J_j(1).
Exact for two players where only one has another exposure than planned; what a patient does not take meets nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import Prescription
from anagen.signalling.changes import OUTPUT_NODES, changes, greatest_changes, network_at, rest_of
from anagen.signalling.drive import Drive, drive_of
from anagen.signalling.exposed import MOST, Known, Mixed
from anagen.signalling.network import Course, Network, basal_levels, solve
from anagen.signalling.network.coupling import followed_model
from anagen.signalling.network.readouts import REQUIRED
from anagen.signalling.players import Player, players_of
from anagen.signalling.sharing import followed, shares_of
from anagen.therapies import Lever


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
        Response to each action of each player where all others are at the doses given, shape (n_rungs, n_knots).
    met : tuple[tuple[FloatArray | None, ...], ...]
        The part of each table that others make, of the same shape; None where nothing meets.
    meeting : Mapping[Lever, tuple[FloatArray, ...]]
        J of every player with all others, behind each lever where players meet, shape (n_rungs, n_knots).
    mixed : tuple[Mixed | None, ...]
        See `Drive`.
    solved : tuple[FloatArray, ...]
        See `Drive`.
    """

    players: tuple[Player, ...]
    rungs: tuple[FloatArray, ...]
    knots: FloatArray
    tables: tuple[tuple[FloatArray, ...], ...]
    met: tuple[tuple[FloatArray | None, ...], ...] = ()
    meeting: Mapping[Lever, tuple[FloatArray, ...]] = field(default_factory=dict[Lever, tuple[FloatArray, ...]])
    mixed: tuple[Mixed | None, ...] = ()
    solved: tuple[FloatArray, ...] = ()


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
        An edited network; the shipped one where None. Its edges are taken at the weights of the parameter values.
        Effects always refer to the shipped one at these weights, so that an ablated edge takes from them.

    Returns
    -------
    Response
        Of everything that acts.

    Raises
    ------
    ValueError
        Where an action's lever has no way from the therapy's inputs through the shipped network.

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
    network = network_at(values, network)
    known: Known = []
    drives = [drive_of(players_of(arm), values, end=end, known=known) for arm in arms]
    rest = rest_of(network, condition) if any(drive.players for drive in drives) else None
    return [response_of(drive, values, condition=condition, network=network, rest=rest) for drive in drives]


def response_of(
    drive: Drive,
    values: Mapping[str, float],
    *,
    condition: str,
    network: Network | None = None,
    rest: FloatArray | None = None,
) -> Response:
    """Steps 3 and 4: response of every lever to occupied inputs, see `arm_response` and `network_changes`.

    A network that is given is followed as it is, at the weights that it has.
    """
    changed = network_changes(drive, values, condition=condition, network=network or network_at(values), rest=rest)
    return shared_response(drive, changed, values)


def network_changes(
    drive: Drive,
    values: Mapping[str, float],
    *,
    condition: str,
    network: Network,
    rest: FloatArray | None = None,
) -> dict[Lever, FloatArray]:
    """Step 3: change of the output behind each lever, for every combination of rungs that is `followed`.

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
        Change from rest of every lever that somebody moves through the network, shape (n_rows, n_knots).
    """
    if not drive.players:
        return {}
    place = followed(drive.rungs).rungs
    free: dict[str, FloatArray] = {}
    for player, occupied in enumerate(drive.levels):
        for name, level in occupied.items():
            # several that occupy one input do so independently of one another (Bliss)
            left = 1.0 - level[place[:, player]]
            free[name] = free[name] * left if name in free else left
    occupied = {name: np.clip(1.0 - left, 0.0, MOST) for name, left in free.items() if name in network.input_names}
    of_model, behind = followed_model(network, occupied, drive.knots)
    courses = [*(Course.from_levels(name, drive.knots[:-1], level) for name, level in occupied.items()), *of_model]
    basal = basal_levels(network, condition)
    rest = rest_of(network, condition) if rest is None else rest
    basal, start = (np.repeat(row[None], len(place), axis=0) for row in (basal, rest))
    moved: set[Lever] = {action.lever for player in drive.players for action in player.actions if action.half is None}
    ends = {node for lever in moved for node in OUTPUT_NODES[lever]}
    levels = solve(network, basal, courses, drive.knots, start=start, at_rest=True, ends=ends, kept=REQUIRED)
    levels = np.asarray(levels, dtype=np.float64)
    # on the first knot, day 0, nothing has acted yet; a model may move by itself, and the first row is given nothing
    before = levels[:1, :1] if network.model is None else levels[:1]
    changed = changes(network, levels, before, values, REQUIRED) | behind
    return {lever: change for lever, change in changed.items() if lever in moved}


def shared_response(drive: Drive, changed: Mapping[Lever, FloatArray], values: Mapping[str, float]) -> Response:
    """Step 4: each player's share of a change, over the greatest that it could make.

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
    full = greatest_changes(drive.players, values)
    shared = {lever: shares_of(change, drive.rungs) for lever, change in changed.items()}
    meeting: dict[Lever, tuple[FloatArray, ...]] = {}
    for lever in changed if len(drive.players) > 1 else ():
        meeting[lever] = shared[lever].met

    def table(player: int, number: int) -> tuple[FloatArray, FloatArray | None]:
        action = drive.players[player].actions[number]
        if action.half is not None:
            return drive.reach[player] * drive.direct[player][number], None
        size = drive.reach[player] / full[player][action.lever]
        of_lever = shared[action.lever]
        others = of_lever.between * of_lever.met[player]
        return size * (of_lever.first[player] + others), size * others if len(drive.players) > 1 else None

    pairs = [
        [table(player, number) for number in range(len(entry.actions))] for player, entry in enumerate(drive.players)
    ]
    return Response(
        players=drive.players,
        rungs=drive.rungs,
        knots=drive.knots,
        tables=tuple(tuple(whole for whole, _ in own) for own in pairs),
        met=tuple(tuple(others for _, others in own) for own in pairs),
        meeting=meeting,
        mixed=drive.mixed,
        solved=drive.solved,
    )
