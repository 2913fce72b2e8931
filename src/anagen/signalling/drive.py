"""What acts in an arm -> the inputs of the network that it occupies over time, at every rung of exposure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.signalling.exposed import MOST, Exposed, Known, Mixed, exposed_to, mixed_ways, reach_at_knots, rungs_of
from anagen.signalling.players import Player
from anagen.signalling.times import FINE_PER_DAY, fine_days, knots_of


@dataclass(frozen=True, slots=True)
class Drive:
    """What an arm does to the inputs of the network, before anything follows from it.

    Attributes
    ----------
    players : tuple[Player, ...]
        Who acts.
    rungs : tuple[FloatArray, ...]
        Scalings of each player's exposure, the first 0, shape (n_rungs,).
    knots : FloatArray, shape (n_knots,)
        Days on which responses are known; the last is the end.
    levels : tuple[Mapping[str, FloatArray], ...]
        Occupancy of each player's inputs, shape (n_rungs, n_knots - 1).
    direct : tuple[tuple[FloatArray, ...], ...]
        Response to each action that acts beside the network, from each knot to the next, shape (n_rungs, n_knots); zero
        for other actions.
    reach : tuple[FloatArray, ...]
        Share of the follicles that each player reaches over that of the reference, shape (1,), or (n_knots,) where it
        is given in several ways.
    mixed : tuple[Mixed | None, ...]
        What the ways of each player bring; None for a single way.
    solved : tuple[FloatArray, ...]
        Factors of each player's ways at its rungs, shape (n_rungs, n_ways), where the rungs are the patients' own
        exposures; empty where patients are interpolated.
    """

    players: tuple[Player, ...]
    rungs: tuple[FloatArray, ...]
    knots: FloatArray
    levels: tuple[Mapping[str, FloatArray], ...]
    direct: tuple[tuple[FloatArray, ...], ...]
    reach: tuple[FloatArray, ...]
    mixed: tuple[Mixed | None, ...] = ()
    solved: tuple[FloatArray, ...] = ()


def drive_of(
    players: Sequence[Player],
    values: Mapping[str, float],
    *,
    end: float,
    known: Known | None = None,
    factors: Sequence[FloatArray] | None = None,
) -> Drive:
    """Step 2: occupancy of the network's inputs by everything that acts.

    Parameters
    ----------
    players : Sequence[Player]
        From `players_of`.
    values : Mapping[str, float]
        Parameter values.
    end : float
        Last day.
    known : Known or None
        Exposures of other arms under the same values up to the same day, added to here.
    factors : Sequence[FloatArray] or None
        Factors of each player's ways at its rungs, shape (n_rungs, n_ways), in place of the ladder.

    Returns
    -------
    Drive
        Of the players with any exposure. One that cannot act at all is left out, so that its arm is that of its control
        to the byte.
    """
    fine, known = fine_days(end), [] if known is None else known
    rungs, exposures = _exposures(players, fine, values, known, factors)
    acts = [exposure.acts for exposure in exposures]
    acting = [player for player, here in zip(players, acts, strict=True) if here]
    if len(acting) < len(players):
        factors = None if factors is None else [own for own, here in zip(factors, acts, strict=True) if here]
        rungs, exposures = _exposures(acting, fine, values, known, factors)
    knots = knots_of([player.days for player in acting], float(len(fine)) / FINE_PER_DAY)
    first = np.rint(knots[:-1] * FINE_PER_DAY).astype(np.int64)
    lengths = np.diff(np.append(first, len(fine)))

    def averaged(course: FloatArray) -> FloatArray:
        """Means between knots of a course on the fine grid."""
        return np.add.reduceat(course, first, axis=1) / lengths

    def level(player: Player, exposure: Exposed) -> dict[str, FloatArray]:
        occupied: dict[str, FloatArray] = {}
        for entry in player.occupies:
            course = exposure.courses[entry.exposure]
            share = course if entry.half is None else course / (course + values[entry.half])
            here = np.minimum(averaged(share), MOST)
            # cargo of several kinds that acts through one input does so independently (Bliss)
            before = occupied.get(entry.input)
            occupied[entry.input] = here if before is None else 1.0 - (1.0 - before) * (1.0 - here)
        return occupied

    def beside(player: Player, exposure: Exposed) -> tuple[FloatArray, ...]:
        rows: list[FloatArray] = []
        for action in player.actions:
            if action.half is None:
                rows.append(np.zeros((1, len(knots))))
                continue
            course = exposure.courses[action.exposure]
            mean = averaged(course / (course + values[action.half]))
            rows.append(np.concatenate([mean, mean[:, -1:]], axis=1))
        return tuple(rows)

    pairs = list(zip(acting, exposures, strict=True))
    mixed = [mixed_ways(player, e, at, first, values) for (player, e), at in zip(pairs, rungs, strict=True)]
    return Drive(
        players=tuple(acting),
        rungs=tuple(rungs),
        knots=knots,
        levels=tuple(level(player, exposure) for player, exposure in pairs),
        direct=tuple(beside(player, exposure) for player, exposure in pairs),
        reach=tuple(reach_at_knots(e, m) for e, m in zip(exposures, mixed, strict=True)),
        mixed=tuple(mixed),
        solved=() if factors is None else tuple(factors),
    )


def _exposures(
    players: Sequence[Player],
    fine: FloatArray,
    values: Mapping[str, float],
    known: Known,
    factors: Sequence[FloatArray] | None,
) -> tuple[list[FloatArray], list[Exposed]]:
    """Rungs of each player, and its exposure at every rung, taken from `known` where another arm has the same."""
    at = rungs_of(players, values) if factors is None else factors
    exposed = [exposed_to(player, scales, fine, values, known) for player, scales in zip(players, at, strict=True)]
    return [scales if scales.ndim == 1 else scales[:, 0] for scales in at], exposed
