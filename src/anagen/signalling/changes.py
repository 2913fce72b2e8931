"""From levels of the network to the output behind each lever, and how far a therapy can move it at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.network import Network, basal_levels, load_network, readouts, resting_state
from anagen.signalling.network.circuit import circuit_of
from anagen.signalling.network.coupling import occupancy_at_rest
from anagen.signalling.network.priors import drawn_network, parameter_names_of
from anagen.signalling.network.readouts import CATAGEN, GROWTH, share_removed
from anagen.signalling.network.settling import settled
from anagen.signalling.players import Player
from anagen.therapies import Action, Lever

REFERENCE: dict[Lever, str] = {"immune_attack": "alopecia_areata"}
"""Condition of the network in which a lever's greatest effect is defined; androgenetic alopecia for the others."""
OUTPUT_NODES: dict[Lever, tuple[str, ...]] = {
    "androgen_drive": ("AR",),
    "anagen_extension": (*GROWTH, *CATAGEN),
    "telogen_exit": ("STEM_CELLS",),
    "calibre_gain": GROWTH,
    "immune_attack": ("IFNG", "CD8", "IMMUNE_PRIVILEGE"),
}
"""Nodes of the network whose levels make the output behind each lever; see docs/signalling.md."""
LEAST_CHANGE = 1e-12
LEAST_SHARE = 0.2
"""Least part of the change at central weights that a draw's change counts as, lest a response be a ratio to nothing.
Where weights all but close a therapy's ways to a lever, the lever then moves less."""
DRAWS_KEPT = 4
"""Parameter draws of which levels are kept: those of one draw are asked for by every arm."""
Occupied = tuple[tuple[str, float], ...]
"""Inputs of the network with their occupancy, 0 to 1."""


def changes(
    network: Network,
    levels: FloatArray,
    rest: FloatArray,
    values: Mapping[str, float],
    names: Sequence[str] | None = None,
) -> dict[Lever, FloatArray]:
    """Change from rest of the output behind each lever.

    anagen_extension: growth - weight * catagen drive. telogen_exit: release. calibre_gain: growth. androgen_drive,
    immune_attack: share removed of the receptor's activity and of the attack.

    Parameters
    ----------
    network : Network
        Whose nodes the levels are.
    levels : FloatArray, shape (..., n_nodes)
        Levels of the nodes, 0 to 1.
    rest : FloatArray, shape (..., n_nodes)
        The same at rest; both broadcast.
    values : Mapping[str, float]
        Parameter values.
    names : Sequence[str] or None
        The nodes along the last axis, where these are not all of the network.

    Returns
    -------
    dict[Lever, FloatArray]
        Change behind each lever, of the broadcast shape without the nodes.
    """
    now, before = readouts(network, levels, names), readouts(network, rest, names)
    weight = values["network.catagen_weight"]
    return {
        "androgen_drive": share_removed(now.androgen, before.androgen),
        "anagen_extension": (now.growth - before.growth) - weight * (now.catagen - before.catagen),
        "telogen_exit": now.release - before.release,
        "calibre_gain": now.growth - before.growth,
        "immune_attack": share_removed(now.attack, before.attack),
    }


def greatest_changes(players: Sequence[Player], values: Mapping[str, float]) -> list[dict[Lever, float]]:
    """Change behind each lever of a player that counts as its greatest, in the shipped network at a parameter draw.

    Greatest effects were calibrated with the network as it then was. So that another network, or other weights, leave
    the effect of what was calibrated where it is, the change is taken at an occupancy that the usual dose brings, over
    the share of the greatest effect that it then had:

        greatest change = change at the reference occupancy / response at the reference occupancy

    Where a therapy names no reference, all its inputs are fully occupied and the response is 1.

    Parameters
    ----------
    players : Sequence[Player]
        Who acts.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    list[dict[Lever, float]]
        One for each player, its levers that are moved through the network.

    Raises
    ------
    ValueError
        Where no way leads through the network from a player to one of its levers.
    """
    factors = _factors(values)
    central = tuple(1.0 for _ in factors)
    known: dict[tuple[Occupied, str, tuple[float, ...]], dict[Lever, FloatArray]] = {}

    def at(occupied: Occupied, condition: str, factors: tuple[float, ...]) -> dict[Lever, FloatArray]:
        key = occupied, condition, factors
        if key not in known:
            known[key] = changes(load_network(), _levels(*key), _levels((), condition, factors), values)
        return known[key]

    def change(player: Player, action: Action) -> float:
        occupied = tuple(
            (entry.input, 1.0 if entry.reference_occupancy is None else values[entry.reference_occupancy])
            for entry in player.occupies
            if entry.reference
        )
        condition = REFERENCE.get(action.lever, "aga")
        usual = float(at(occupied, condition, central)[action.lever])
        if abs(usual) < LEAST_CHANGE:
            raise ValueError(f"no way leads through the network from {player.name} to {action.lever}")
        found = usual * max(float(at(occupied, condition, factors)[action.lever]) / usual, LEAST_SHARE)
        return found if action.reference_response is None else found / values[action.reference_response]

    return [
        {action.lever: change(player, action) for action in player.actions if action.half is None} for player in players
    ]


def rest_of(network: Network, condition: str) -> FloatArray:
    """Levels of a network where nothing is given.

    Parameters
    ----------
    network : Network
        The network.
    condition : str
        One of its conditions.

    Returns
    -------
    FloatArray, shape (n_nodes,)
        At rest.
    """
    return settled_levels(network, condition, occupancy_at_rest(network))


def network_at(values: Mapping[str, float], network: Network | None = None) -> Network:
    """A network at the weights and half-levels of a parameter draw.

    Parameters
    ----------
    values : Mapping[str, float]
        Parameter values.
    network : Network or None
        An edited network; the shipped one where None.

    Returns
    -------
    Network
        See `anagen.signalling.network.priors.drawn_network`.
    """
    return _shipped_at(_factors(values)) if network is None else drawn_network(network, values)


def _factors(values: Mapping[str, float]) -> tuple[float, ...]:
    """What a parameter draw says of every edge of the shipped network."""
    return tuple(values.get(name, 1.0) for edge in load_network().edges for name in parameter_names_of(edge))


@lru_cache(maxsize=DRAWS_KEPT)
def _shipped_at(factors: tuple[float, ...]) -> Network:
    """The shipped network at the values of a draw."""
    names = (name for edge in load_network().edges for name in parameter_names_of(edge))
    return drawn_network(load_network(), dict(zip(names, factors, strict=True)))


@lru_cache(maxsize=8 * DRAWS_KEPT)
def _levels(occupied: Occupied, condition: str, factors: tuple[float, ...]) -> FloatArray:
    """Levels of the shipped network at the values of a draw with inputs occupied [node]; read only."""
    network, level = _shipped_at(factors), dict(occupied)
    levels = settled_levels(network, condition, np.array([level.get(name, 0.0) for name in network.input_names]))
    levels.setflags(write=False)
    return levels


def settled_levels(network: Network, condition: str, occupancy: FloatArray) -> FloatArray:
    """Levels at which a network rests under inputs that stay occupied.

    Parameters
    ----------
    network : Network
        The network.
    condition : str
        One of its conditions.
    occupancy : FloatArray, shape (n_inputs,)
        0 to 1.

    Returns
    -------
    FloatArray, shape (n_nodes,)
        0 to 1.
    """
    basal = basal_levels(network, condition)
    levels = settled(circuit_of(network), occupancy, basal)
    # what does not settle by itself is looked for, and refused where it is not there
    return resting_state(network, basal, occupancy) if levels is None else levels
