"""What each edge carries: the share of a lever's change that is lost where that edge alone is silenced.

    share of edge e = 1 - R(without e) / R          R the mean change from rest behind the lever over the whole time

This is what `--without EDGE` does to the output behind the lever, the state of rest without the edge included. Shares of
edges side by side do not add up to 1 where one can stand in for another, and are below 0 where an edge works against the
lever. Only edges on a way from what is occupied to the lever carry anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.changes import OUTPUT_NODES, changes, rest_of
from anagen.signalling.network import Edge, Network
from anagen.signalling.network.reach import leading_to, reached_from
from anagen.signalling.network.readouts import REQUIRED
from anagen.signalling.tracing import Trace, followed_levels, occupied_together
from anagen.therapies import Lever

LEAST_CHANGE = 1e-9
"""Change behind a lever below which nothing reaches it."""


def reached_levers(traced: Trace) -> tuple[Lever, ...]:
    """Levers that are moved through the network as it is, in the order of the players' actions.

    Parameters
    ----------
    traced : Trace
        What is given and followed.

    Returns
    -------
    tuple of Lever
        Empty where nothing reaches a lever.
    """
    return tuple(lever for lever in traced.through if abs(_mean(traced.changed[lever], traced)) > LEAST_CHANGE)


def edges_on_the_way(network: Network, occupied: Sequence[str], levers: Sequence[Lever]) -> tuple[Edge, ...]:
    """Edges with a weight on some way from occupied inputs to the outputs behind levers.

    Parameters
    ----------
    network : Network
        The network.
    occupied : Sequence[str]
        Inputs.
    levers : Sequence of Lever
        Levers.

    Returns
    -------
    tuple of Edge
        In the order of the network.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> [edge.name for edge in edges_on_the_way(load_network(), ["DHT_BLOCK"], ["androgen_drive"])]
    ['DHT_BLOCK->DHT', 'DHT->AR']
    """
    reached = reached_from(network, occupied)
    leading = leading_to(network, [node for lever in levers for node in OUTPUT_NODES[lever]])
    return tuple(e for e in network.edges if e.weight > 0.0 and e.origin in reached and e.target in leading)


def carried_shares(traced: Trace, values: Mapping[str, float]) -> dict[str, dict[Lever, float]]:
    """Share of each lever's change that is lost without each edge on the way to it.

    Parameters
    ----------
    traced : Trace
        What is given and followed.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    dict[str, dict[Lever, float]]
        Edge -> lever -> share; edges that are on no way are left out. Empty where nothing reaches a lever.
    """
    levers = reached_levers(traced)
    if not levers:
        return {}
    network = traced.network
    occupied = [name for name in occupied_together(traced.drive) if name in network.input_names]
    whole = {lever: _mean(traced.changed[lever], traced) for lever in levers}
    ways = {lever: {e.name for e in edges_on_the_way(network, occupied, [lever])} for lever in levers}
    found: dict[str, dict[Lever, float]] = {}
    for edge in edges_on_the_way(network, occupied, levers):
        edited = network.without(edge.name)
        rest = rest_of(edited, traced.condition)
        levels = followed_levels(traced.drive, condition=traced.condition, network=edited, rest=rest, kept=REQUIRED)
        place = {name: number for number, name in enumerate(network.node_names)}
        at_rest = rest[[place[name] for name in REQUIRED]]
        left = changes(edited, levels, at_rest, values, REQUIRED)
        found[edge.name] = {
            lever: 1.0 - _mean(left[lever], traced) / whole[lever] for lever in levers if edge.name in ways[lever]
        }
    return found


def _mean(course: FloatArray, traced: Trace) -> float:
    knots = traced.drive.knots
    return float(np.trapezoid(course, knots)) / float(knots[-1] - knots[0])
