"""What each edge carries: the share of a lever's change that is lost where that edge alone is silenced.

    share of edge e = 1 - R(without e) / R          R the mean change from rest behind the lever over all days

The network is taken as settled under each day's mean occupancy, which leaves out that nodes lag by up to a few days and
is fast enough for a switch to be tried. This is what `--without EDGE` does to the output behind the lever, the state of
rest without the edge included. Shares of edges side by side do not add up to 1 where one can stand in for another, and
are below 0 where an edge works against the lever. Only edges on a way from what is occupied to a lever carry anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.changes import OUTPUT_NODES, changes
from anagen.signalling.network import Edge, Network, basal_levels, resting_state
from anagen.signalling.network.circuit import circuit_of
from anagen.signalling.network.reach import leading_to, reached_from
from anagen.signalling.network.settling import settled
from anagen.signalling.tracing import Trace, occupied_together
from anagen.therapies import Lever

ROUNDED = 6
"""Digits of an occupancy that tell two days apart."""
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
    network, rows = traced.network, occupancy_of_days(traced)
    occupied = [name for name, row in zip(network.input_names, rows.T, strict=True) if bool(row.any())]
    ways = {lever: {e.name for e in edges_on_the_way(network, occupied, [lever])} for lever in levers}
    whole = settled_changes(network, traced.condition, rows, values)
    found: dict[str, dict[Lever, float]] = {}
    for edge in edges_on_the_way(network, occupied, levers):
        left = settled_changes(network.without(edge.name), traced.condition, rows, values)
        found[edge.name] = {lever: 1.0 - left[lever] / whole[lever] for lever in levers if edge.name in ways[lever]}
    return found


def occupancy_of_days(traced: Trace) -> FloatArray:
    """Mean occupancy of every input of the network on each day.

    Parameters
    ----------
    traced : Trace
        What is given and followed.

    Returns
    -------
    FloatArray, shape (n_days, n_inputs)
        0 to 1.
    """
    knots, days = traced.drive.knots, np.append(traced.days, traced.drive.knots[-1])
    rows = np.zeros((len(traced.days), len(traced.network.inputs)))
    for name, level in occupied_together(traced.drive).items():
        if name in traced.network.input_names:
            sums = np.append(0.0, np.cumsum(level * np.diff(knots)))
            rows[:, traced.network.input_names.index(name)] = np.diff(np.interp(days, knots, sums)) / np.diff(days)
    return rows


def settled_changes(
    network: Network, condition: str, occupancy: FloatArray, values: Mapping[str, float]
) -> dict[Lever, float]:
    """Mean change from rest behind each lever where the network settles under each row of occupancies.

    Parameters
    ----------
    network : Network
        The network.
    condition : str
        One of its conditions.
    occupancy : FloatArray, shape (n_rows, n_inputs)
        0 to 1.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    dict[Lever, float]
        Of every lever.
    """
    different, times = np.unique(np.round(occupancy, ROUNDED), axis=0, return_counts=True)
    rows: list[FloatArray] = list(different)
    circuit, basal = circuit_of(network), basal_levels(network, condition)

    def levels_under(row: FloatArray) -> FloatArray:
        found = settled(circuit, row, basal)
        return resting_state(network, basal, row) if found is None else found

    rest = levels_under(np.zeros(len(network.inputs)))
    levels = np.stack([levels_under(row) for row in rows])
    share = times / len(occupancy)
    return {lever: float(change @ share) for lever, change in changes(network, levels, rest, values).items()}


def _mean(course: FloatArray, traced: Trace) -> float:
    knots = traced.drive.knots
    return float(np.trapezoid(course, knots)) / float(knots[-1] - knots[0])
