"""From the levels of nodes to the levers of the follicle's clocks.

growth G = mean(BCATENIN, AKT, ERK, IGF1)        catagen drive Q = mean(SMAD3, DKK1, IL6, TNF, ROS)
release B = BCATENIN - BMP        androgen drive a = AR / AR at rest        attack = IFNG * CD8 * (1 - IMMUNE_PRIVILEGE)

anagen clock    exp(-growth_gain (G - G0) + catagen_gain (Q - Q0))        resting clock    exp(release_gain (B - B0))
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from anagen.core.arrays import FloatArray
from anagen.signalling.network.network import Network, by_name

if TYPE_CHECKING:
    from anagen.signalling.levers import Levers

GROWTH = ("BCATENIN", "AKT", "ERK", "IGF1")
CATAGEN = ("SMAD3", "DKK1", "IL6", "TNF", "ROS")
REQUIRED = (*GROWTH, *CATAGEN, "BMP", "AR", "IFNG", "CD8", "IMMUNE_PRIVILEGE")


@dataclass(frozen=True, slots=True)
class Readouts:
    """Composite outputs of a network, each shaped like the levels without their last axis.

    growth, catagen: 0 to 1. release: -1 to 1. androgen: level of AR, 0 to 1. attack: 0 to 1.
    """

    growth: FloatArray
    catagen: FloatArray
    release: FloatArray
    androgen: FloatArray
    attack: FloatArray


@dataclass(frozen=True, slots=True)
class LeverGains:
    """How strongly the readouts move the clocks; the only values of this layer that trials can identify.

    growth, catagen: on the log rate of the anagen clock. release: on that of telogen and kenogen. calibre:
    calibre target per unit of growth. attack: hazard of a premature end of anagen at full attack [1/day].
    """

    growth: float
    catagen: float
    release: float
    calibre: float
    attack: float


def readouts(network: Network, levels: FloatArray | NDArray[np.float32]) -> Readouts:
    """Composite outputs of levels [..., node].

    Raises:
        ValueError: where the network lacks a node that an output needs.

    Example:
        >>> from anagen.signalling.network import basal_levels, load_network, resting_state
        >>> network = load_network()
        >>> rest = {c: readouts(network, resting_state(network, basal_levels(network, c))) for c in network.conditions}
        >>> bool(rest["aga"].catagen > rest["healthy"].catagen), bool(rest["aga"].growth < rest["healthy"].growth)
        (True, True)
    """
    missing = [name for name in REQUIRED if name not in network.node_names]
    if missing:
        raise ValueError(f"the outputs need nodes that the network lacks: {', '.join(missing)}")
    level: Mapping[str, FloatArray] = by_name(np.asarray(levels, dtype=np.float64), network)
    return Readouts(
        growth=_mean(level, GROWTH),
        catagen=_mean(level, CATAGEN),
        release=level["BCATENIN"] - level["BMP"],
        androgen=level["AR"],
        attack=level["IFNG"] * level["CD8"] * (1.0 - level["IMMUNE_PRIVILEGE"]),
    )


def levers_from(course: Readouts, rest: Readouts, gains: LeverGains) -> Levers:
    """Levers of a course of readouts [patient, grid point] against the readouts at rest [patient].

    At rest every lever is exactly neutral, but for the attack that the condition has untreated.

    Raises:
        ValueError: where the androgen receptor is silent at rest, so that there is nothing to relate its level to.

    Example:
        >>> from anagen.signalling.network import basal_levels, load_network, resting_state
        >>> network = load_network()
        >>> rest = readouts(network, resting_state(network, basal_levels(network, "aga"))[None])
        >>> course = readouts(network, resting_state(network, basal_levels(network, "aga"))[None, None])
        >>> levers = levers_from(course, rest, LeverGains(1.0, 1.0, 1.0, 0.1, 0.01))
        >>> levers.androgen_drive[0, 0], levers.anagen_brake[0, 0], levers.resting_clock[0, 0]
        (np.float64(1.0), np.float64(0.0), np.float64(0.0))
    """
    from anagen.signalling.levers import Levers

    if bool((rest.androgen <= 0.0).any()):
        raise ValueError("the androgen receptor is silent at rest: androgen drive relative to untreated has no meaning")
    grown = course.growth - rest.growth[:, None]
    return Levers(
        androgen_drive=course.androgen / rest.androgen[:, None],
        anagen_brake=gains.growth * grown - gains.catagen * (course.catagen - rest.catagen[:, None]),
        resting_clock=gains.release * (course.release - rest.release[:, None]),
        calibre_boost=gains.calibre * grown,
        attack=gains.attack * course.attack,
        attack_factor=np.ones_like(course.attack),
    )


def _mean(level: Mapping[str, FloatArray], names: tuple[str, ...]) -> FloatArray:
    # added in a fixed order: NumPy's mean over an axis may add in another order for another shape
    total = level[names[0]]
    for name in names[1:]:
        total = total + level[name]
    return total / len(names)
