"""From the levels of nodes to the outputs behind the levers.

growth G = mean(BCATENIN, CYCLIN, AKT, ERK, IGF1, BCL2)        catagen drive Q = mean(SMAD3, DKK1, IL6, TNF, ROS)
release B = STEM_CELLS        androgen = AR        attack = IFNG * CD8 * (1 - IMMUNE_PRIVILEGE)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anagen.core.arrays import FloatArray
from anagen.signalling.network.network import Network

GROWTH = ("BCATENIN", "CYCLIN", "AKT", "ERK", "IGF1", "BCL2")
CATAGEN = ("SMAD3", "DKK1", "IL6", "TNF", "ROS")
REQUIRED = (*GROWTH, *CATAGEN, "STEM_CELLS", "AR", "IFNG", "CD8", "IMMUNE_PRIVILEGE")


@dataclass(frozen=True, slots=True)
class Readouts:
    """Composite outputs of a network, each shaped like the levels without their last axis.

    Attributes
    ----------
    growth : FloatArray
        0 to 1.
    catagen : FloatArray
        0 to 1.
    release : FloatArray
        Level of STEM_CELLS, 0 to 1.
    androgen : FloatArray
        Level of AR, 0 to 1.
    attack : FloatArray
        0 to 1.
    """

    growth: FloatArray
    catagen: FloatArray
    release: FloatArray
    androgen: FloatArray
    attack: FloatArray


def readouts(
    network: Network, levels: FloatArray | NDArray[np.float32], names: Sequence[str] | None = None
) -> Readouts:
    """Composite outputs of levels [..., node].

    Parameters
    ----------
    network : Network
        The network.
    levels : FloatArray | NDArray[np.float32]
        Levels of the nodes, 0 to 1, shape (..., n_nodes).
    names : Sequence[str] or None
        The nodes along the last axis, where these are not all of the network.

    Returns
    -------
    Readouts
        Outputs of the shape of the levels without the nodes.

    Raises
    ------
    ValueError
        Where the network lacks a node that an output needs.

    Examples
    --------
    >>> from anagen.signalling.network import basal_levels, load_network, resting_state
    >>> network = load_network()
    >>> rest = {c: readouts(network, resting_state(network, basal_levels(network, c))) for c in network.conditions}
    >>> bool(rest["aga"].catagen > rest["healthy"].catagen), bool(rest["aga"].growth < rest["healthy"].growth)
    (True, True)
    """
    names = network.node_names if names is None else names
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise ValueError(f"the outputs need nodes that the network lacks: {', '.join(missing)}")
    level: Mapping[str, FloatArray] = dict(
        zip(names, np.moveaxis(np.asarray(levels, dtype=np.float64), -1, 0), strict=True)
    )
    return Readouts(
        growth=_mean(level, GROWTH),
        catagen=_mean(level, CATAGEN),
        release=level["STEM_CELLS"],
        androgen=level["AR"],
        attack=level["IFNG"] * level["CD8"] * (1.0 - level["IMMUNE_PRIVILEGE"]),
    )


def share_removed(now: FloatArray, before: FloatArray) -> FloatArray:
    """Share of a level that is gone; 0 where there was none.

    Parameters
    ----------
    now : FloatArray
        Levels.
    before : FloatArray
        What they were; both broadcast.

    Returns
    -------
    FloatArray
        1 where nothing is left.

    Examples
    --------
    >>> share_removed(np.array([0.1, 0.2]), np.array([0.4, 0.0])).tolist()
    [0.75, 0.0]
    """
    whole = np.where(before > 0.0, before, 1.0)
    return np.where(before > 0.0, 1.0 - now / whole, 0.0)


def _mean(level: Mapping[str, FloatArray], names: tuple[str, ...]) -> FloatArray:
    # added in a fixed order: NumPy's mean over an axis may add in another order for another shape
    total = level[names[0]]
    for name in names[1:]:
        total = total + level[name]
    return total / len(names)
