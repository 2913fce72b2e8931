"""How an imported model and the network are put together: a node that follows the model has an input of its own.

    dy/dt = (x - y) / 0.1 day,        x = (quantity - low) / (high - low), held in [0, 1)

What acted on the node before acts on it no more; what the node acts on stays. The model hears inputs of the network,
not its nodes, so that it is followed first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.signalling.imported import ImportedModel, LinkedLever, LinkedNode
from anagen.signalling.imported.following import at_start, follow
from anagen.signalling.imported.model import OfLever
from anagen.signalling.network.courses import Course
from anagen.signalling.network.elements import NAME, Edge, Input
from anagen.signalling.network.network import Network
from anagen.signalling.network.readouts import share_removed

ENDING = "_OF_MODEL"
LAG = 0.1
"""Time constant with which a node follows the model [day]."""
MOST = 1.0 - 1e-9
REMOVED: tuple[OfLever, ...] = ("androgen_drive", "immune_attack")
"""Levers behind which stands the share that is removed; see `anagen.signalling.changes.changes`."""


def input_of(link: LinkedNode) -> str:
    """Name of the input by which a node follows the model."""
    return f"{link.node}{ENDING}"


def coupled(network: Network, model: ImportedModel) -> Network:
    """A network of which some nodes and levers follow a model.

    Parameters
    ----------
    network : Network
        Without a model.
    model : ImportedModel
        The model.

    Returns
    -------
    Network
        With an input and an edge of weight 1 for every node that follows it.

    Raises
    ------
    ValueError
        Where the model names an input or node that the network lacks.
    """
    faults = [f"no input {link.input} in the network" for link in model.inputs if link.input not in network.input_names]
    faults += [f"no node {link.node} in the network" for link in model.nodes if link.node not in network.node_names]
    faults += [f"the name of {link.node} is too long to follow a model" for link in model.nodes
               if not NAME.fullmatch(input_of(link))]  # fmt: skip
    if faults:
        raise ValueError("; ".join(faults))
    following = {link.node for link in model.nodes}
    nodes = tuple(
        replace(node, tau=LAG, basal=dict.fromkeys(node.basal, 0.0)) if node.name in following else node
        for node in network.nodes
    )
    inputs = tuple(Input(input_of(link), f"{link.quantity} of the model {model.title}") for link in model.nodes)
    edges = tuple(
        Edge(input_of(link), link.node, "+", 1.0, 1.0, 0.25, "or", link.source, link.grade, "model")
        for link in model.nodes
    )
    kept = tuple(edge for edge in network.edges if edge.target not in following)
    return replace(
        network, nodes=nodes, inputs=(*network.inputs, *inputs), edges=(*kept, *edges), model=model
    )  # fmt: skip


def without_model(network: Network | None, what: str) -> None:
    """Refuse a network of which parts follow a model of somebody else, where only its own edges can be heeded.

    Parameters
    ----------
    network : Network or None
        The network; None for the shipped one.
    what : str
        What is asked of it ("an explanation").

    Raises
    ------
    InputError
        Naming the model.
    """
    if network is not None and network.model is not None:
        message = f"{what} follows edges of the network, and parts of it follow the model {network.model.title!r}"
        raise InputError([Problem(None, None, None, "network", f"{message}; leave that model out for it")])


def occupancy_at_rest(network: Network) -> FloatArray:
    """Occupancy of every input where nothing is given: 0, but for those by which nodes follow a model.

    Parameters
    ----------
    network : Network
        With or without a model.

    Returns
    -------
    FloatArray, shape (n_inputs,)
        At the start of the model.
    """
    levels = np.zeros(len(network.inputs))
    if network.model is not None:
        start = at_start(network.model, [link.quantity for link in network.model.nodes])
        for link in network.model.nodes:
            level = _level(link, np.array([start[link.quantity]]))
            levels[network.input_names.index(input_of(link))] = min(max(float(level[0]), 0.0), MOST)
    return levels


def followed_model(
    network: Network, occupancy: Mapping[str, FloatArray], knots: FloatArray
) -> tuple[list[Course], dict[OfLever, FloatArray]]:
    """What a model makes of what is given.

    Parameters
    ----------
    network : Network
        With or without a model.
    occupancy : Mapping[str, FloatArray]
        Input -> occupancy from each knot to the next, shape (n_rows, n_knots - 1).
    knots : FloatArray, shape (n_knots,)
        Days.

    Returns
    -------
    list[Course]
        Of the inputs by which nodes follow the model.
    dict[OfLever, FloatArray]
        Change behind each lever that follows it, from the first row, which is given nothing; shape (n_rows, n_knots).

    Raises
    ------
    InputError
        Where the equations of the model cannot be followed.
    """
    model = network.model
    if model is None:
        return [], {}
    links = (*model.nodes, *model.levers)
    try:
        told = follow(model, occupancy, knots, list(dict.fromkeys(link.quantity for link in links)))
    except ArithmeticError as error:
        raise InputError([Problem(None, None, None, "mechanism.network", str(error))]) from None
    courses: list[Course] = []
    for link in model.nodes:
        level = np.clip(_level(link, told[link.quantity]), 0.0, MOST)
        # held at the mean of both knots, as the network holds what is given
        courses.append(Course.from_levels(input_of(link), knots[:-1], 0.5 * (level[:, :-1] + level[:, 1:])))
    return courses, {link.lever: _change(link, _level(link, told[link.quantity])) for link in model.levers}


def _change(link: LinkedLever, level: FloatArray) -> FloatArray:
    return share_removed(level, level[:1]) if link.lever in REMOVED else level - level[:1]


def _level(link: LinkedNode | LinkedLever, quantity: FloatArray) -> FloatArray:
    return (quantity - link.low) / (link.high - link.low)
