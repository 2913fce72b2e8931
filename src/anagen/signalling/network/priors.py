"""Priors of weights and half-levels, and a network at the values of a parameter draw.

A weight w and a level of half effect e vary on the scale of their odds, so that no draw leaves its range:

    odds of the weight  w / (1 - w)        odds of the half-level  e / (m - e),  m = 0.5^(1/n)

A parameter is a factor on these odds, 1 at the value that stands in the file. So one draw serves a network and all that
are edited from it: an edge that a study silences stays silent, one that it weakens varies around the weaker weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from anagen.core.arrays import FloatArray
from anagen.parameters import Parameter
from anagen.signalling.network.elements import Edge
from anagen.signalling.network.network import Network

WEIGHT, EC50 = "edge_weight.", "edge_ec50."
"""How names of these parameters begin."""
USUAL_WEIGHT, USUAL_EC50 = 4.0, 2.5
"""Factors on the odds, up and down, that hold 90 % where an edge gives no interval: nobody measured these numbers."""


def is_of_edge(name: str) -> bool:
    """Whether a parameter belongs to an edge of the network.

    Parameters
    ----------
    name : str
        Of a parameter.

    Returns
    -------
    bool
        True for weights and half-levels.

    Examples
    --------
    >>> is_of_edge("edge_weight.AR_to_DKK1"), is_of_edge("network.catagen_weight")
    (True, False)
    """
    return name.startswith((WEIGHT, EC50))


def parameter_names_of(edge: Edge) -> tuple[str, str]:
    """Names of the parameters of an edge's weight and half-level.

    Parameters
    ----------
    edge : Edge
        The edge.

    Returns
    -------
    tuple[str, str]
        Of the weight, of the half-level.

    Examples
    --------
    >>> parameter_names_of(Edge("AR", "DKK1", "+", 0.5, 1.4, 0.5, "or", "Kwack 2008", "B", "in vitro"))
    ('edge_weight.AR_to_DKK1', 'edge_ec50.AR_to_DKK1')
    """
    return f"{WEIGHT}{edge.origin}_to_{edge.target}", f"{EC50}{edge.origin}_to_{edge.target}"


def edge_parameters(network: Network) -> dict[str, Parameter]:
    """The uncertain weights and half-levels of a network.

    Parameters
    ----------
    network : Network
        The network.

    Returns
    -------
    dict[str, Parameter]
        Name -> factor on the odds. Edges of weight 0 and 1, which mean what they say, and half-levels of inputs, which
        have none, are left out.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> factor = edge_parameters(load_network())["edge_weight.AR_to_DKK1"]
    >>> factor.value, round(factor.quantile(-1.6449), 2)
    (1.0, 0.25)
    """
    found: dict[str, Parameter] = {}
    for edge in network.edges:
        if edge.weight == 0.0:
            continue
        weight, ec50 = parameter_names_of(edge)
        if edge.weight < 1.0:
            interval = _factors(edge.weight, edge.weight_90, 1.0, USUAL_WEIGHT)
            found |= _parameter(weight, edge, "weight", edge.weight, interval)
        if edge.origin not in network.input_names:
            interval = _factors(edge.ec50, edge.ec50_90, edge.greatest_ec50, USUAL_EC50)
            found |= _parameter(ec50, edge, "level of half effect", edge.ec50, interval)
    return found


Odds = TypeVar("Odds", float, FloatArray)


def moved_odds(value: Odds, factor: Odds, most: Odds) -> Odds:
    """The value whose odds, below a greatest value, are those of `value` times a factor.

    Parameters
    ----------
    value : float or FloatArray
        Between 0 and `most`.
    factor : float or FloatArray
        On the odds value / (most - value).
    most : float or FloatArray
        Greatest value.

    Returns
    -------
    float or FloatArray
        Between 0 and `most`.

    Examples
    --------
    >>> moved_odds(0.5, 3.0, 1.0)
    0.75
    """
    return most * factor * value / (most - value + factor * value)


def drawn_network(network: Network, values: Mapping[str, float]) -> Network:
    """A network at the weights and half-levels of a parameter draw.

    Parameters
    ----------
    network : Network
        As its file says.
    values : Mapping[str, float]
        Parameter values. An edge of which they say nothing stays as it is.

    Returns
    -------
    Network
        The same object where nothing differs, as at central values.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> network = load_network()
    >>> drawn_network(network, {}) is network
    True
    >>> round(drawn_network(network, {"edge_weight.AR_to_DKK1": 2.0}).edge("AR->DKK1").weight, 3)
    0.75
    """
    edges: list[Edge] = []
    moved = False
    for edge in network.edges:
        weight, ec50 = (values.get(name, 1.0) for name in parameter_names_of(edge))
        if (weight == 1.0 and ec50 == 1.0) or edge.weight == 0.0:
            edges.append(edge)
            continue
        moved = True
        edges.append(
            replace(
                edge,
                weight=moved_odds(edge.weight, weight, 1.0),
                ec50=moved_odds(edge.ec50, ec50, edge.greatest_ec50),
                weight_90=None,
                ec50_90=None,
            )
        )
    return replace(network, edges=tuple(edges)) if moved else network


def _factors(value: float, interval: tuple[float, float] | None, most: float, usual: float) -> tuple[float, float]:
    """5 and 95 % points of the factor on the odds of a value."""
    if interval is None:
        return 1.0 / usual, usual
    own = value / (most - value)
    low, high = (end / (most - end) / own for end in interval)
    return low, high


def _parameter(name: str, edge: Edge, what: str, value: float, interval: tuple[float, float]) -> dict[str, Parameter]:
    low, high = min(interval[0], 1.0), max(interval[1], 1.0)
    if low == high:
        return {}
    return {
        name: Parameter(
            name=name,
            value=1.0,
            unit="1",
            distribution="lognormal",
            low=low,
            high=high,
            source=f"Assumption; the sign of the edge: {edge.source}",
            grade="C",
            note=f"Factor on the odds of the {what} {value:g} of {edge.name}; nobody measured it.",
        )
    }
