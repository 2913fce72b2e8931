"""Which weights and half-levels of the network its readouts hang on: rank correlation over parameter draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.parameters import ParameterSet
from anagen.signalling.changes import settled_levels
from anagen.signalling.network import Network, readouts
from anagen.signalling.network.coupling import without_model
from anagen.signalling.network.priors import drawn_network, edge_parameters

READOUTS = ("growth", "catagen", "release", "androgen", "attack")
TOLD = 6
"""Parameters told of each readout."""


def readout_sensitivity(
    network: Network, condition: str, occupied: Mapping[str, float], *, draws: int, seed: int
) -> list[dict[str, Any]]:
    """Spearman's rank correlation of every readout with every uncertain weight and half-level.

    Parameters
    ----------
    network : Network
        The network.
    condition : str
        One of its conditions.
    occupied : Mapping[str, float]
        Input -> level, 0 to 1. With any, the change of a readout from rest is correlated, else its level at rest.
    draws : int
        Parameter draws.
    seed : int
        Of the draws.

    Returns
    -------
    list[dict]
        readout, parameter, correlation; strongest first within a readout. A readout that nothing moves is left out.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> rows = readout_sensitivity(load_network(), "aga", {"DHT_BLOCK": 0.7}, draws=64, seed=1)
    >>> [row["parameter"] for row in rows if row["readout"] == "androgen"][0]
    'edge_ec50.DHT_to_AR'
    """
    without_model(network, "a sensitivity analysis")
    parameters = ParameterSet(edge_parameters(network))
    occupancy = np.array([occupied.get(name, 0.0) for name in network.input_names])
    drawn = [parameters.draw(seed, number) for number in range(1, draws + 1)]
    values = np.array([list(values.values()) for values in drawn])
    moved = np.array([_readouts_of(drawn_network(network, values), condition, occupancy) for values in drawn])
    rows: list[dict[str, Any]] = []
    for place, readout in enumerate(READOUTS):
        if np.ptp(moved[:, place]) == 0.0:
            continue
        found = _rank_correlation(values, moved[:, place])
        order = np.argsort(-np.abs(found), kind="stable")
        names = list(parameters)
        rows += [
            {"readout": readout, "parameter": names[number], "correlation": float(found[number])}
            for number in order.tolist()
        ]
    return rows


def chance_limit(draws: int, parameters: int) -> float:
    """Greatest rank correlation that chance gives to one of many parameters in 95 of 100 runs.

        z(1 - 0.025 / parameters) / sqrt(draws - 1)

    Parameters
    ----------
    draws : int
        Parameter draws.
    parameters : int
        Parameters that are looked at together (Bonferroni).

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> round(chance_limit(512, 100), 2)
    0.15
    """
    from scipy.special import ndtri

    return float(min(-ndtri(0.025 / parameters) / np.sqrt(draws - 1.0), 1.0))


def telling(rows: Sequence[Mapping[str, Any]], limit: float) -> list[Mapping[str, Any]]:
    """The strongest few rows of every readout that chance does not explain.

    Parameters
    ----------
    rows : Sequence[Mapping]
        From `readout_sensitivity`.
    limit : float
        From `chance_limit`.

    Returns
    -------
    list[Mapping]
        `TOLD` of each at most.
    """
    chosen = [row for row in rows if abs(row["correlation"]) > limit]
    return [row for readout in READOUTS for row in [some for some in chosen if some["readout"] == readout][:TOLD]]


def _readouts_of(network: Network, condition: str, occupancy: FloatArray) -> list[float]:
    """Readouts of a network at rest; where inputs are occupied, what these change."""
    rest = readouts(network, settled_levels(network, condition, np.zeros(len(occupancy))))
    if not occupancy.any():
        return [float(getattr(rest, name)) for name in READOUTS]
    now = readouts(network, settled_levels(network, condition, occupancy))
    return [float(getattr(now, name)) - float(getattr(rest, name)) for name in READOUTS]


def _rank_correlation(columns: FloatArray, outcome: FloatArray) -> FloatArray:
    """Spearman's correlation of every column with an outcome."""
    ranks = np.argsort(np.argsort(columns, axis=0, kind="stable"), axis=0, kind="stable").astype(np.float64)
    of_outcome = np.argsort(np.argsort(outcome, kind="stable"), kind="stable").astype(np.float64)
    ranks -= ranks.mean(axis=0)
    of_outcome -= of_outcome.mean()
    scale = np.sqrt((ranks**2).sum(axis=0) * (of_outcome**2).sum())
    return np.asarray(ranks.T @ of_outcome / scale, dtype=np.float64)
