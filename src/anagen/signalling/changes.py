"""From levels of the network to the output behind each lever, and how far a therapy can move it at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.network import Network, basal_levels, load_network, readouts, resting_state
from anagen.signalling.players import Player
from anagen.therapies import Lever

REFERENCE: dict[Lever, str] = {"immune_attack": "alopecia_areata"}
"""Condition of the network in which a lever's greatest effect is defined; androgenetic alopecia for the others."""
LEAST_CHANGE = 1e-12


def changes(
    network: Network, levels: FloatArray, rest: FloatArray, values: Mapping[str, float]
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

    Returns
    -------
    dict[Lever, FloatArray]
        Change behind each lever, of the broadcast shape without the nodes.
    """
    now, before = readouts(network, levels), readouts(network, rest)
    weight = values["network.catagen_weight"]
    return {
        "androgen_drive": _share_removed(now.androgen, before.androgen),
        "anagen_extension": (now.growth - before.growth) - weight * (now.catagen - before.catagen),
        "telogen_exit": now.release - before.release,
        "calibre_gain": now.growth - before.growth,
        "immune_attack": _share_removed(now.attack, before.attack),
    }


def saturated_changes(players: Sequence[Player], values: Mapping[str, float]) -> list[dict[Lever, float]]:
    """Change behind each lever of a player where all its inputs are occupied, in the shipped network.

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
    network = load_network()
    known: dict[tuple[frozenset[str], str], dict[Lever, FloatArray]] = {}

    def change(player: Player, lever: Lever) -> float:
        inputs = frozenset(entry.input for entry in player.occupies if entry.reference)
        key = inputs, REFERENCE.get(lever, "aga")
        if key not in known:
            known[key] = changes(network, *_saturated_levels(*key), values)
        found = float(known[key][lever])
        if abs(found) < LEAST_CHANGE:
            raise ValueError(f"no way leads through the network from {player.name} to {lever}")
        return found

    return [
        {action.lever: change(player, action.lever) for action in player.actions if action.half is None}
        for player in players
    ]


def rest_of(network: Network, condition: str) -> FloatArray:
    """Levels of a network where nothing is given, which no parameter draw moves; those of the shipped one are kept.

    Parameters
    ----------
    network : Network
        The network.
    condition : str
        One of its conditions.

    Returns
    -------
    FloatArray, shape (n_nodes,)
        Read only.
    """
    if network is load_network():
        return _saturated_levels(frozenset[str](), condition)[1]
    return resting_state(network, basal_levels(network, condition))


@cache
def _saturated_levels(inputs: frozenset[str], condition: str) -> tuple[FloatArray, FloatArray]:
    """Levels of the shipped network with inputs fully occupied, and at rest [node]."""
    network = load_network()
    occupancy = np.array([1.0 if name in inputs else 0.0 for name in network.input_names])
    basal = basal_levels(network, condition)
    return resting_state(network, basal, occupancy), resting_state(network, basal)


def _share_removed(now: FloatArray, before: FloatArray) -> FloatArray:
    whole = np.where(before > 0.0, before, 1.0)
    return np.where(before > 0.0, 1.0 - now / whole, 0.0)
