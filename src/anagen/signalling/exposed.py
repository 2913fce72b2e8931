"""Exposure to a substance however it is given: what is there adds up over its ways before anything saturates.

    E(t) = saturates(sum over ways of E_way(t) * half of the first way / half of this way)

so that every way counts as the exposure of the first way that does as much by itself (dose additivity, Loewe). Patients
differ in exposure by a factor of each way, and the network is followed for one factor on all. A patient's factor at a
knot is the one on all that occupies as much as the patient's own exposures do in the interval before it; what comes
later changes nothing earlier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.delivery import Exposure, kinetics_of
from anagen.signalling.players import Player
from anagen.signalling.sharing import FEWER_RUNGS, RUNGS, ladder, planned_rung
from anagen.signalling.ways import Way, misses_doses, same_exposure

MOST = 1.0 - 1e-9
"""Greatest occupancy of an input: fully occupied, an exposure would be infinite."""

Known = list[tuple[bool, Way, FloatArray, Exposure]]
"""Whether a substance is given, in which way, the rungs, and what arrives at these."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """Exposure to one player.

    Attributes
    ----------
    courses : Mapping[str, FloatArray]
        Name -> mean exposure over each interval of the fine grid, shape (n_rungs, n_fine).
    reach : FloatArray, shape (n_ways,)
        Share of the follicles that each way reaches over that of the reference.
    arrived : FloatArray or None
        What arrives in each way at the doses given, as the first way counts it, shape (n_ways, n_fine), of the exposure
        that is named first; None for a single way.
    """

    courses: Mapping[str, FloatArray]
    reach: FloatArray
    arrived: FloatArray | None = None

    @property
    def acts(self) -> bool:
        """Whether there is any exposure at all."""
        return any(bool(course.any()) for course in self.courses.values())


@dataclass(frozen=True, slots=True)
class Mixed:
    """What a player's ways bring to each interval between knots.

    Attributes
    ----------
    arrived : FloatArray, shape (n_ways, n_fine)
        See `Exposed`.
    first : IntArray, shape (n_knots - 1,)
        Place of each knot on the fine grid.
    scales : FloatArray, shape (n_rungs,)
        Factors on all doses.
    occupied : FloatArray, shape (n_rungs, n_knots - 1)
        Mean share occupied in each interval under these.
    kept : tuple[float, ...]
        Share of each way that reaches the scalp that is looked at: all of it in the target area.
    """

    arrived: FloatArray
    first: IntArray
    scales: FloatArray
    occupied: FloatArray
    kept: tuple[float, ...]


def rungs_of(players: Sequence[Player], values: Mapping[str, float]) -> list[FloatArray]:
    """Factors on all doses of each player for which the network is followed.

    Patients who differ by clearance alone differ little, so that fewer rungs do; where it has no spread, none differ.

    Parameters
    ----------
    players : Sequence[Player]
        Who acts.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    list[FloatArray]
        Of each player, the first 0, with 1 for the doses given, shape (n_rungs,).
    """
    most = RUNGS if sum(player.varies for player in players) <= 2 else FEWER_RUNGS
    found: list[FloatArray] = []
    for player in players:
        alone = player.varies and not any(map(_differs_beside_clearance, player.ways))
        spreads = [kinetics_of(way.kinetics).spread for way in player.ways]
        alike = alone and all(name is None or values[name] == 0.0 for name in spreads)
        found.append(ladder(FEWER_RUNGS if alone else most) if player.varies and not alike else np.array([0.0, 1.0]))
    return found


def exposed_to(
    player: Player, scales: FloatArray, fine: FloatArray, values: Mapping[str, float], known: Known
) -> Exposed:
    """Exposure to a player at every rung.

    Parameters
    ----------
    player : Player
        Who acts.
    scales : FloatArray, shape (n_rungs,) or (n_rungs, n_ways)
        Factors on all doses, or on those of each way; 1 among them.
    fine : FloatArray, shape (n_fine,)
        Start of each interval [day].
    values : Mapping[str, float]
        Parameter values.
    known : Known
        What other arms have under the same values, added to here.

    Returns
    -------
    Exposed
        Of all ways together.
    """
    of_ways = np.broadcast_to(scales.reshape(len(scales), -1), (len(scales), len(player.ways)))
    arrives = [
        _arriving(player, way, np.ascontiguousarray(at), fine, values, known)
        for way, at in zip(player.ways, of_ways.T, strict=True)
    ]
    reach = np.array([exposure.reach for exposure in arrives])
    saturates = kinetics_of(player.ways[0].kinetics).saturates
    courses, arrived = dict(arrives[0].courses), None
    if len(arrives) > 1:
        counted = [
            {name: course * _worth(player, way, name, values) for name, course in exposure.courses.items()}
            for way, exposure in zip(player.ways, arrives, strict=True)
        ]
        # a way whose product does not carry something brings none of it
        names = dict.fromkeys(name for way in counted for name in way)
        courses = {name: np.sum([way[name] for way in counted if name in way], axis=0) for name in names}
        arrived = np.stack([way[_first_named(player)][planned_rung(of_ways[:, 0])] for way in counted])
    return Exposed(courses if saturates is None else saturates(courses, values), reach, arrived)


def occupied_by(player: Player, course: FloatArray, values: Mapping[str, float]) -> FloatArray:
    """Share occupied by what arrives in all ways together, by the exposure that is named first.

    Parameters
    ----------
    player : Player
        Who acts.
    course : FloatArray
        What arrives, as the first way counts it, of any shape.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    FloatArray
        0 to 1, of the shape of the course.
    """
    half = next(entry.half for entry in (*player.occupies, *player.actions) if entry.exposure == _first_named(player))
    if half is not None:
        return course / (course + values[half])
    saturates = kinetics_of(player.ways[0].kinetics).saturates
    return course if saturates is None else saturates({_first_named(player): course}, values)[_first_named(player)]


def mixed_ways(
    player: Player, exposed: Exposed, scales: FloatArray, first: IntArray, values: Mapping[str, float]
) -> Mixed | None:
    """What a player's ways bring to each interval between knots; None where there is one way.

    Parameters
    ----------
    player : Player
        Who acts.
    exposed : Exposed
        From `exposed_to`.
    scales : FloatArray, shape (n_rungs,)
        Factors on all doses.
    first : IntArray, shape (n_knots - 1,)
        Place of each knot on the fine grid.
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    Mixed or None
        For `scales_of_patients` and `reach_at_knots`.
    """
    if exposed.arrived is None:
        return None
    whole = np.multiply.outer(scales, exposed.arrived.sum(axis=0))
    occupied = _averaged(occupied_by(player, whole, values), first)
    return Mixed(exposed.arrived, first, scales, occupied, (1.0,) * len(player.ways))


def scales_of_patients(
    player: Player, mixed: Mixed, by_way: Sequence[FloatArray], values: Mapping[str, float]
) -> FloatArray:
    """The factor on all doses that occupies as much as the patient's own exposures, at each knot.

    Parameters
    ----------
    player : Player
        Who acts.
    mixed : Mixed
        From `mixed_ways`.
    by_way : Sequence[FloatArray]
        Factor of each way in each patient, shape (n_patients,).
    values : Mapping[str, float]
        Parameter values.

    Returns
    -------
    FloatArray, shape (n_patients, n_knots)
        That of the interval before each knot; where only one way has brought anything, the factor of that way.
    """
    own = sum((np.multiply.outer(scale, course) for scale, course in zip(by_way, mixed.arrived, strict=True)), 0.0)
    occupied = _averaged(occupied_by(player, np.asarray(own), values), mixed.first)
    found = np.repeat(by_way[0][:, None], occupied.shape[1], axis=1)
    brought = np.add.reduceat(mixed.arrived, mixed.first, axis=1) > 0.0
    for interval in range(occupied.shape[1]):
        ways = np.flatnonzero(brought[:, interval])
        if len(ways) == 1:
            found[:, interval] = by_way[ways[0]]
        elif len(ways) > 1:
            # exposure relative to that of half occupancy is nearly in proportion to the factor
            at_rungs, at_patients = _relative(mixed.occupied[:, interval]), _relative(occupied[:, interval])
            found[:, interval] = np.interp(at_patients, at_rungs, mixed.scales)
    return np.concatenate([found[:, :1], found], axis=1)


def reach_at_knots(exposed: Exposed, mixed: Mixed | None) -> FloatArray:
    """Share of the follicles that what arrives reaches over that of the reference: the mean over ways.

    Parameters
    ----------
    exposed : Exposed
        From `exposed_to`.
    mixed : Mixed or None
        From `mixed_ways`.

    Returns
    -------
    FloatArray, shape (1,) or (n_knots,)
        By what arrived in the last interval before each knot in which anything did.
    """
    if mixed is None or bool((exposed.reach == exposed.reach[0]).all()):
        return exposed.reach[:1]
    mean = _averaged(mixed.arrived, mixed.first)
    whole = mean.sum(axis=0)
    last = np.maximum.accumulate(np.where(whole > 0.0, np.arange(len(whole)), -1))
    last = np.where(last < 0, np.argmax(whole > 0.0), last)
    place = np.append(last[:1], last)
    return np.divide(exposed.reach @ mean[:, place], whole[place], out=np.ones(len(place)), where=whole[place] > 0.0)


def _arriving(
    player: Player, way: Way, scales: FloatArray, fine: FloatArray, values: Mapping[str, float], known: Known
) -> Exposure:
    """What arrives in one way, taken from `known` where another arm has the same."""
    for therapy, other, at, exposure in known:
        same = therapy == player.therapy and np.array_equal(at, scales)
        if same and same_exposure(way, other, values, therapy=therapy):
            return exposure
    exposure = kinetics_of(way.kinetics).amounts(way.prescription, scales, fine, values)
    known.append((player.therapy, way, scales, exposure))
    return exposure


def _differs_beside_clearance(way: Way) -> bool:
    """Whether doses are missed, batches differ or a prodrug is activated."""
    given, therapy = way.prescription, way.prescription.therapy
    return misses_doses(given) or therapy.batch is not None or given.route.name in therapy.activation


def _worth(player: Player, way: Way, name: str, values: Mapping[str, float]) -> float:
    """Exposure of the first way that does as much as a unit of this way: the ratio of exposures at half."""
    of_first = (*player.occupies, *player.actions)
    for first, here in zip(of_first, (*way.occupies, *way.actions), strict=True):
        if first.exposure == name and first.half is not None and here.half is not None and first.half != here.half:
            return values[first.half] / values[here.half]
    return 1.0


def _first_named(player: Player) -> str:
    """The exposure by which patients are told apart."""
    return (*player.occupies, *player.actions)[0].exposure


def _averaged(course: FloatArray, first: IntArray) -> FloatArray:
    """Means between knots of a course on the fine grid."""
    return np.add.reduceat(course, first, axis=1) / np.diff(np.append(first, course.shape[1]))


def _relative(occupied: FloatArray) -> FloatArray:
    """Exposure relative to that of half occupancy."""
    return occupied / (1.0 - np.minimum(occupied, MOST))
