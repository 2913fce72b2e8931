"""Follicles whose phases come to their end together: where they are listed, when they end, their draws."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from anagen.core.arrays import FloatArray, IntArray
from anagen.core.compiled import inlined, merged
from anagen.follicles.clocks import clock_time
from anagen.follicles.cycle import ANAGEN, Address, cycle_draws
from anagen.follicles.lanes import (
    AHEAD,
    ANAGEN_NORMAL,
    EXOGEN_FACTOR,
    LANES,
    LIVE,
    PHASE,
    REENTRY_NORMAL,
    STEP_NORMAL,
    Lanes,
    whole_vectors,
)
from anagen.follicles.process import ProcessConstants

END, GAP, ATTACKED, SINCE, LOOKED_UP, THICKNESS, KEPT, FIRST_DRAW, SECOND_DRAW, BEFORE, AFTER, DAYS, SHOWN, DUE = range(
    14
)
N_TURN = 14
"""Rows of `values`: day on which the phase ends; calibre over its smoothed target when it was known; 1 where the hazard
ended it; days since the calibre was known; target or smoothed target at the end; thickening then; recovery, or in the
end of an anagen the fall; two draws; calibre before and after; duration of the next phase; day on which the next hair
shows; what its clock shows when the phase ends."""
COLUMN, LOW = range(2)
"""Rows of `places`: column of the clock, and the last point at which it has not passed the end."""


class Turn(NamedTuple):
    """Follicles whose phase comes to its end, side by side.

    Attributes
    ----------
    who : IntArray, shape (LANES,)
        Their lanes.
    late : IntArray, shape (3, LANES)
        Lanes of those whose draws were not made in advance, their follicles and cycles.
    places : IntArray, shape (2, LANES)
        Rows COLUMN and LOW.
    values : FloatArray, shape (N_TURN, LANES)
        Rows END to DUE.
    """

    who: IntArray
    late: IntArray
    places: IntArray
    values: FloatArray


@merged
def room_for_turn() -> Turn:
    """Room for the follicles of a group.

    Returns
    -------
    Turn
        Zeros.
    """
    return Turn(
        np.zeros(LANES, dtype=np.int64),
        np.zeros((3, LANES), dtype=np.int64),
        np.zeros((2, LANES), dtype=np.int64),
        np.zeros((N_TURN, LANES)),
    )


@merged
def find_ends(n: int, clock: FloatArray, per_day: float, turn: Turn) -> None:
    """Find when the clocks of phases have run out: all searches halve their range at the same time.

    Parameters
    ----------
    n : int
        Number of follicles.
    clock : FloatArray, shape (n_points, n_columns)
        Cumulative clock [operational day].
    per_day : float
        Grid points to a day.
    turn : Turn
        Whose ends are filled in.
    """
    places, values = turn.places, turn.values
    for j in range(n):
        places[LOW, j] = 0
    size = clock.shape[0] - 1
    while size > 1:
        half = size >> 1
        for j in range(n):
            low = places[LOW, j]
            places[LOW, j] = low + half if clock[low + half, places[COLUMN, j]] <= values[DUE, j] else low
        size -= half
    for j in range(n):
        values[END, j] = clock_time(clock, places[COLUMN, j], places[LOW, j], values[DUE, j], per_day)


@merged
def draw_late(n: int, address: Address, p: ProcessConstants, turn: Turn, lanes: Lanes) -> None:
    """Make the draws of cycles beyond those made in advance, in the place of the last of these.

    Parameters
    ----------
    n : int
        Number of follicles.
    address : Address
        Of the patient's draws.
    p : ProcessConstants
        Of the follicles.
    turn : Turn
        Who they are.
    lanes : Lanes
        Whose draws are filled here.
    """
    draws, late, values = lanes.draws, turn.late, turn.values
    for j in range(whole_vectors(n)):
        factor, z_reentry, z_anagen, z_step = cycle_draws(address, late[1, j], late[2, j], p)
        values[BEFORE, j], values[AFTER, j], values[DAYS, j], values[SHOWN, j] = factor, z_reentry, z_anagen, z_step
    for j in range(n):
        i = late[0, j]
        draws[AHEAD - 1, EXOGEN_FACTOR, i], draws[AHEAD - 1, REENTRY_NORMAL, i] = values[BEFORE, j], values[AFTER, j]
        draws[AHEAD - 1, ANAGEN_NORMAL, i], draws[AHEAD - 1, STEP_NORMAL, i] = values[DAYS, j], values[SHOWN, j]


@inlined
def anagens_ended(i: int, marks: IntArray) -> int:
    """Anagens of a follicle that have ended in the treated time.

    Parameters
    ----------
    i : int
        Its lane.
    marks : IntArray, shape (N_MARKS, LANES)
        Of the lanes.

    Returns
    -------
    int
        0 or more.
    """
    return marks[LIVE, i] + (1 if marks[PHASE, i] == ANAGEN else 0)
