"""What an assay can measure: a node of the network, a readout behind a lever, or cells and follicles in culture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.network import Network, readouts
from anagen.signalling.network.readouts import CATAGEN, GROWTH, REQUIRED

COMPOSITES: dict[str, tuple[str, ...]] = {
    "growth": GROWTH,
    "catagen": CATAGEN,
    "release": ("STEM_CELLS",),
    "androgen": ("AR",),
    "attack": ("IFNG", "CD8", "IMMUNE_PRIVILEGE"),
}
"""Readout of the network -> the nodes that make it, see `anagen.signalling.network.readouts`."""


@dataclass(frozen=True, slots=True)
class Culture:
    """An assay of cells or follicles, read through a quantity of the network.

    Attributes
    ----------
    title : str
        In words.
    follows : str
        The node or readout that it rises and falls with: an assumption, grade C.
    """

    title: str
    follows: str


CULTURES: dict[str, Culture] = {
    "papilla_proliferation": Culture("proliferation of dermal papilla cells", "CYCLIN"),
    "follicle_elongation": Culture("elongation of cultured follicles", "growth"),
    "tube_formation": Culture("tubes formed by endothelial cells", "VEGF"),
}
"""Assays of cells and follicles. How steeply they follow the network nobody knows: see `slope_name`."""


def known_readouts(network: Network) -> tuple[str, ...]:
    """Everything that an assay of a network can measure.

    Parameters
    ----------
    network : Network
        The network.

    Returns
    -------
    tuple[str, ...]
        Assays of cells and follicles, readouts behind levers, nodes.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> known_readouts(load_network())[:4]
    ('papilla_proliferation', 'follicle_elongation', 'tube_formation', 'growth')
    """
    whole = all(name in network.node_names for name in REQUIRED)
    known = (*network.node_names, *(COMPOSITES if whole else ()))
    cultures = [name for name, culture in CULTURES.items() if culture.follows in known]
    return (*cultures, *(COMPOSITES if whole else ()), *network.node_names)


def followed_by(readout: str) -> str:
    """The node or readout of the network by which a measurement is read.

    Parameters
    ----------
    readout : str
        One of `known_readouts`.

    Returns
    -------
    str
        Itself but for assays of cells and follicles.

    Examples
    --------
    >>> followed_by("tube_formation"), followed_by("ERK")
    ('VEGF', 'ERK')
    """
    return CULTURES[readout].follows if readout in CULTURES else readout


def nodes_of(readout: str) -> tuple[str, ...]:
    """The nodes whose levels make a readout.

    Parameters
    ----------
    readout : str
        One of `known_readouts`.

    Returns
    -------
    tuple[str, ...]
        At least one.

    Examples
    --------
    >>> nodes_of("follicle_elongation") == nodes_of("growth")
    True
    """
    followed = followed_by(readout)
    return COMPOSITES.get(followed, (followed,))


def level_of(readout: str, network: Network, levels: FloatArray) -> FloatArray:
    """Level of what a measurement follows.

    Parameters
    ----------
    readout : str
        One of `known_readouts`.
    network : Network
        The network.
    levels : FloatArray, shape (..., n_nodes)
        Of the nodes.

    Returns
    -------
    FloatArray
        0 to 1, of the shape of the levels without the nodes.
    """
    followed = followed_by(readout)
    if followed in COMPOSITES:
        return np.asarray(getattr(readouts(network, levels), followed), dtype=np.float64)
    return np.asarray(levels[..., network.node_names.index(followed)], dtype=np.float64)
