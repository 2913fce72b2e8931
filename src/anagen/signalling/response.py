"""What an arm is given -> the response of each lever over time, 0 to 1, through the network; nobody's own numbers yet.

Everything given is a player: a therapy, or the act of a route (a needle). The network is followed once for every
combination of players and, where patients differ in exposure, for a fixed ladder of scalings of it, from which each
patient's response is interpolated. So the result does not depend on who else is simulated.

    response of lever i to player k = share_k(R_i(t) - R_i(rest)) / (R_i(all inputs of k occupied) - R_i(rest))

R_i is the network's output behind the lever. Where players meet, the change of R_i is shared among them after Shapley:
the mean, over all orders of adding them, of what adding k changes. Shares add up to the joint change, and a player
that changes nothing gets exactly nothing.

Source of the sharing: Shapley 1953, doi:10.1515/9781400881970-018.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.delivery import KINETICS, Exposure, Prescription
from anagen.signalling.network import Course, Network, basal_levels, load_network, readouts, resting_state, solve
from anagen.signalling.sharing import LADDER, ladder, shapley
from anagen.therapies import Action, Lever, Occupancy

FINE_PER_DAY = 8
"""Points a day on which exposure and levers are followed."""
REFERENCE: dict[Lever, str] = {"attack": "alopecia_areata"}
"""Condition of the network in which a lever's greatest effect is defined; androgenetic alopecia for the others."""
MOST = 1.0 - 1e-9
LEAST_CHANGE = 1e-12


@dataclass(frozen=True, slots=True)
class Player:
    """One thing given: a therapy, or the act of a route.

    Args:
        name: of the therapy, or of the route for its act. prescription: what is given, or through which it is done.
        kinetics: name of its kinetics. occupies, actions: see `Therapy`. therapy: False for the act of a route.
        varies: True where patients differ in exposure.
    """

    name: str
    prescription: Prescription
    kinetics: str
    occupies: tuple[Occupancy, ...]
    actions: tuple[Action, ...]
    therapy: bool
    varies: bool


@dataclass(frozen=True, slots=True)
class Response:
    """Response of an arm.

    Args:
        players: who acts. rungs: per player, the scalings of its exposure, the first 0 [rung].
        knots: days on which responses are known; the last is the end [knot].
        tables: per player and action, response [rung of player 1, ..., rung of player n, knot].
    """

    players: tuple[Player, ...]
    rungs: tuple[FloatArray, ...]
    knots: FloatArray
    tables: tuple[tuple[FloatArray, ...], ...]


@dataclass(frozen=True, slots=True)
class Drive:
    """What an arm does to the inputs of the network, before anything follows from it.

    Args:
        players, rungs, knots: see `Response`. levels: per player, occupancy of its inputs [rung, knot interval].
        direct: per player and action, response of what acts beside the network [rung, knot]; zero for other actions.
        reach: per player, share of the follicles reached over that of the reference.
    """

    players: tuple[Player, ...]
    rungs: tuple[FloatArray, ...]
    knots: FloatArray
    levels: tuple[Mapping[str, FloatArray], ...]
    direct: tuple[tuple[FloatArray, ...], ...]
    reach: tuple[float, ...]


def players_of(prescriptions: Sequence[Prescription]) -> tuple[Player, ...]:
    """Everything in an arm that acts: the act of each route once, on all its days, and each therapy."""
    found: list[Player] = []
    for route in dict.fromkeys(prescription.route for prescription in prescriptions):
        if route.act is None:
            continue
        through = [prescription for prescription in prescriptions if prescription.route is route]
        # whatever is given through one needle on one day, the skin is pierced once
        for settings in {tuple(sorted(p.settings.items())) for p in through}:
            same = [p for p in through if tuple(sorted(p.settings.items())) == settings]
            found.append(_act_of(same))
    for prescription in prescriptions:
        therapy = prescription.therapy
        if therapy.actions:
            spread = prescription.adherence_mean < 1.0 or prescription.adherence_sd > 0.0
            varies = (
                (prescription.regimen.daily and spread)
                or therapy.batch is not None
                or prescription.route.name in therapy.activation
            )
            kinetics = therapy.kinetics[prescription.route.name]
            found.append(Player(therapy.name, prescription, kinetics, therapy.occupies, therapy.actions, True, varies))
    # in an order of their own, so that the order in the study file changes no byte
    return tuple(sorted(found, key=lambda player: (player.therapy, player.name, player.prescription.route.name)))


def arm_response(
    prescriptions: Sequence[Prescription],
    values: Mapping[str, float],
    *,
    condition: str,
    end: float,
    network: Network | None = None,
) -> Response:
    """Response of every lever to what an arm is given, from day 0 to day `end`.

    Args:
        prescriptions: therapies of the arm. values: parameter values. condition: of the network ("aga").
        end: last day [day]. network: an edited network; the shipped one where None. Effects always refer to the
        shipped one, so that an ablated edge takes from them.

    Raises:
        ValueError: where an action's lever has no way from the therapy's inputs through the shipped network, or where
        more players differ between patients than the ladder provides for.

    Example:
        >>> from anagen.delivery import ROUTES, sessions
        >>> from anagen.parameters import load_parameters
        >>> from anagen.therapies import THERAPIES
        >>> course = sessions(start=0, every=2, number=3, amount=1e10)
        >>> given = Prescription(THERAPIES["exosome"], ROUTES["intradermal"], course)
        >>> response = arm_response([given], load_parameters().draw(1, 0), condition="aga", end=84.0)
        >>> [player.name for player in response.players]
        ['intradermal', 'exosome']
    """
    return response_of(drive_of(prescriptions, values, end=end), values, condition=condition, network=network)


def drive_of(prescriptions: Sequence[Prescription], values: Mapping[str, float], *, end: float) -> Drive:
    """Occupancy of the inputs by everything that an arm is given, from day 0 to day `end`; see `arm_response`."""
    fine = np.arange(math.ceil(end * FINE_PER_DAY)) / FINE_PER_DAY
    acting, rungs, exposures = _exposures(players_of(prescriptions), fine, values)
    knots = knots_of([player.prescription.regimen.days for player in acting], float(len(fine)) / FINE_PER_DAY)
    if not acting:
        return Drive((), (), knots, (), (), ())
    levels, direct = _driven(acting, exposures, len(fine), knots, values)
    reach = tuple(exposure.reach for exposure in exposures)
    return Drive(acting, rungs, knots, tuple(levels), tuple(tuple(rows) for rows in direct), reach)


def response_of(
    drive: Drive, values: Mapping[str, float], *, condition: str, network: Network | None = None
) -> Response:
    """Response of every lever to occupied inputs; see `arm_response`."""
    acting, knots = drive.players, drive.knots
    if not acting:
        return Response((), (), knots, ())
    outputs = _outputs(acting, drive.rungs, drive.levels, knots, values, condition, network or load_network())
    full = saturated_changes(acting, values)
    tables: list[tuple[FloatArray, ...]] = []
    for k, player in enumerate(acting):
        rows: list[FloatArray] = []
        for number, action in enumerate(player.actions):
            if action.half is not None:
                rows.append(drive.reach[k] * _along(drive.direct[k][number], k, len(acting)))
            else:
                rows.append(drive.reach[k] * shapley(outputs[action.lever], k) / full[k][action.lever])
        tables.append(tuple(rows))
    return Response(acting, drive.rungs, knots, tuple(tables))


def knots_of(sessions: Sequence[FloatArray], end: float) -> FloatArray:
    """Days on which the network is looked at: every day, and more often for a week after each rare session.

    Eight times a day for two days, then four times for four; a dose on every day makes daily knots enough, because
    exposure then moves slowly.
    """
    days = np.arange(math.ceil(end) + 1, dtype=np.float64)
    extra = [days]
    for course in sessions:
        if len(course) > 1 and float(np.diff(course).min()) < 2.0:
            continue
        for start in course:
            extra.append(start + np.concatenate([np.arange(16) / 8.0, 2.0 + np.arange(17) / 4.0]))
    # sessions fall on multiples of an eighth of a day at the finest, as the exposure does
    found = np.unique(np.round(np.concatenate(extra) * FINE_PER_DAY)) / FINE_PER_DAY
    return np.append(found[(found >= 0.0) & (found < end)], end)


def _act_of(through: Sequence[Prescription]) -> Player:
    """The act of one route with one choice of settings, on all days of the prescriptions given through it."""
    first = through[0]
    act = first.route.act
    assert act is not None
    days = np.unique(np.concatenate([p.regimen.days for p in through]))
    regimen = replace(first.regimen, days=days, amounts=np.ones_like(days))
    doing = replace(first, regimen=regimen, adherence_mean=1.0, adherence_sd=0.0)
    return Player(first.route.name, doing, act.kinetics, act.occupies, act.actions, False, False)


def _exposures(
    players: Sequence[Player], fine: FloatArray, values: Mapping[str, float]
) -> tuple[tuple[Player, ...], tuple[FloatArray, ...], tuple[Exposure, ...]]:
    """Players that can act, the rungs of each, and its exposure at every rung."""
    varying = sum(player.varies for player in players)
    if varying not in LADDER:
        raise ValueError(f"{varying} therapies differ in exposure between patients; at most {max(LADDER)} can")
    rungs = tuple(ladder(LADDER[varying]) if player.varies else np.array([0.0, 1.0]) for player in players)
    found = tuple(
        KINETICS[player.kinetics].exposure(player.prescription, scales, fine, values)
        for player, scales in zip(players, rungs, strict=True)
    )
    acts = [any(bool(course.any()) for course in exposure.courses.values()) for exposure in found]
    if all(acts):
        return tuple(players), rungs, found
    # what cannot act at all is left out, so that its arm is that of its control to the byte
    return _exposures([player for player, does in zip(players, acts, strict=True) if does], fine, values)


def _driven(
    acting: Sequence[Player], exposures: Sequence[Exposure], length: int, knots: FloatArray, values: Mapping[str, float]
) -> tuple[list[dict[str, FloatArray]], list[list[FloatArray]]]:
    """Per player: occupancy of its inputs [rung, knot interval], and response of actions beside the network
    [rung, knot].
    """
    first = np.rint(knots[:-1] * FINE_PER_DAY).astype(np.int64)
    lengths = np.diff(np.append(first, length))

    def averaged(course: FloatArray) -> FloatArray:
        return np.add.reduceat(course, first, axis=1) / lengths

    levels: list[dict[str, FloatArray]] = []
    direct: list[list[FloatArray]] = []
    for player, exposure in zip(acting, exposures, strict=True):
        occupied: dict[str, FloatArray] = {}
        for entry in player.occupies:
            seen = exposure.courses[entry.exposure]
            level = seen if entry.half is None else seen / (seen + values[entry.half])
            occupied[entry.input] = np.minimum(averaged(level), MOST)
        levels.append(occupied)
        beside: list[FloatArray] = []
        for action in player.actions:
            if action.half is None:
                beside.append(np.zeros((1, len(knots))))
                continue
            seen = exposure.courses[action.exposure]
            mean = averaged(seen / (seen + values[action.half]))
            # the mean of an interval stands at its middle; knots take the mean of both sides
            padded = np.concatenate([mean[:, :1], mean, mean[:, -1:]], axis=1)
            beside.append(0.5 * (padded[:, 1:] + padded[:, :-1]))
        direct.append(beside)
    return levels, direct


def _outputs(
    acting: Sequence[Player],
    rungs: Sequence[FloatArray],
    levels: Sequence[Mapping[str, FloatArray]],
    knots: FloatArray,
    values: Mapping[str, float],
    condition: str,
    network: Network,
) -> dict[Lever, FloatArray]:
    """Change of the output behind each lever from rest, [rung of player 1, ..., rung of player n, knot]."""
    shape = tuple(len(scales) for scales in rungs)
    n_rows = math.prod(shape)
    place = np.unravel_index(np.arange(n_rows), shape)
    free: dict[str, FloatArray] = {}
    for player, occupied in enumerate(levels):
        for name, level in occupied.items():
            # several that occupy one input do so independently of one another (Bliss)
            left = 1.0 - level[place[player]]
            free[name] = free[name] * left if name in free else left
    courses = [
        Course.from_levels(name, knots[:-1], np.clip(1.0 - left, 0.0, MOST))
        for name, left in free.items()
        if name in network.input_names
    ]
    basal = np.repeat(basal_levels(network, condition)[None], n_rows, axis=0)
    followed = np.asarray(solve(network, basal, courses, knots), dtype=np.float64)
    # on the first knot, day 0, nothing given has acted yet
    rest = followed[:1, :1]
    return {
        lever: change.reshape(*shape, len(knots)) for lever, change in changes(network, followed, rest, values).items()
    }


def changes(
    network: Network, levels: FloatArray, rest: FloatArray, values: Mapping[str, float]
) -> dict[Lever, FloatArray]:
    """Change from rest of the output behind each lever.

    anagen_brake: growth - weight * catagen drive. resting_clock: release. calibre_boost: growth. androgen_drive,
    attack: share removed of the receptor's activity and of the attack.

    Args:
        network: network. levels, rest: levels of the nodes [..., node], broadcast. values: parameter values.
    """
    now, before = readouts(network, levels), readouts(network, rest)
    weight = values["network.catagen_weight"]
    return {
        "androgen_drive": _share_removed(now.androgen, before.androgen),
        "anagen_brake": (now.growth - before.growth) - weight * (now.catagen - before.catagen),
        "resting_clock": now.release - before.release,
        "calibre_boost": now.growth - before.growth,
        "attack": _share_removed(now.attack, before.attack),
    }


def _share_removed(now: FloatArray, before: FloatArray) -> FloatArray:
    whole = np.where(before > 0.0, before, 1.0)
    return np.where(before > 0.0, 1.0 - now / whole, 0.0)


def saturated_changes(acting: Sequence[Player], values: Mapping[str, float]) -> list[dict[Lever, float]]:
    """Per player, the change behind each of its levers where all its inputs are occupied, in the shipped network."""
    found: list[dict[Lever, float]] = []
    for player in acting:
        given = frozenset(entry.input for entry in player.occupies if entry.reference)
        own: dict[Lever, float] = {}
        for action in player.actions:
            if action.half is not None:
                continue
            full, rest = _saturated_levels(given, REFERENCE.get(action.lever, "aga"))
            own[action.lever] = float(changes(load_network(), full, rest, values)[action.lever])
            if abs(own[action.lever]) < LEAST_CHANGE:
                raise ValueError(f"no way leads through the network from {player.name} to {action.lever}")
        found.append(own)
    return found


@cache
def _saturated_levels(given: frozenset[str], condition: str) -> tuple[FloatArray, FloatArray]:
    """Levels of the shipped network with inputs fully occupied, and at rest [node]."""
    network = load_network()
    occupancy = np.array([1.0 if name in given else 0.0 for name in network.input_names])
    basal = basal_levels(network, condition)
    return resting_state(network, basal, occupancy), resting_state(network, basal)


def _along(response: FloatArray, player: int, players: int) -> FloatArray:
    """A player's own response [rung, knot] with an axis of length 1 for every other player."""
    shape = [1] * players + [response.shape[1]]
    shape[player] = response.shape[0]
    return response.reshape(shape)
