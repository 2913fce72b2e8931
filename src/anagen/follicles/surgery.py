"""The day of surgery in a follicle's life, compiled: the old hair falls, and a rest begins.

On the day of surgery the follicle is at rest; its old hair falls after some time, and a new anagen begins when the
resting clock has run the rest. From there on `kernel.follow` carries it, so that grafts answer to levers as native
follicles do, with the sensitivity of the donor area.
"""

from __future__ import annotations

import numpy as np

from anagen.core.arrays import FloatArray
from anagen.core.compiled import merged
from anagen.core.elementary import exponential
from anagen.core.philox import normal, uniform
from anagen.follicles.arguments import Surgery, Visits
from anagen.follicles.board import add_hair, add_shed, chance_seen
from anagen.follicles.clocks import NEVER
from anagen.follicles.cycle import KENOGEN, Address, words
from anagen.follicles.lanes import CALIBRE, DURATION, FOLLICLE, PHASE, PHASE_START, SHAFT, SHOWN, Lanes
from anagen.follicles.process import ProcessConstants

GRAFT = np.uint64(41)
"""Third word of the address of a draw; the same number as core.streams.Purpose.GRAFT."""


@merged
def plant(
    i: int,
    address: Address,
    surgery: Surgery,
    terminal_rate: float,
    p: ProcessConstants,
    lanes: Lanes,
    visits: Visits,
    board: FloatArray,
    sums: FloatArray,
) -> None:
    """Count the old hair of a graft until it falls, and let the follicle rest from the day of surgery.

    Parameters
    ----------
    i : int
        Lane of the follicle.
    address : Address
        Of the patient's draws.
    surgery : Surgery
        Day, and laws of the fall and of the rest.
    terminal_rate : float
        Growth of a terminal hair [mm/day].
    p : ProcessConstants
        Of the follicle.
    lanes : Lanes
        Whose lane i is changed in place.
    visits : Visits
        When and how hairs are read; a visit on the day of surgery is made before it.
    board : FloatArray, shape (n_chunks, N_BOARD, CHUNK)
        Sums that are added to.
    sums : FloatArray, shape (n_visits, 2 * N_SUMS)
        Sums of the row, to which the shed hair is added.
    """
    days, state, marks = visits.days, lanes.state, lanes.marks
    n_visits = days.shape[0]
    wa, wb, _c, _d = words(address, marks[FOLLICLE, i], 0, GRAFT)
    fall = surgery.day + exponential(surgery.shed_mu + surgery.shed_sigma * normal(uniform(wa)))
    after = 0
    while after < n_visits and days[after] <= surgery.day:
        after += 1
    end = after
    while end < n_visits and days[end] < fall:
        end += 1
    shaft, calibre = state[SHAFT, i], state[CALIBRE, i]
    if end > after:
        add_hair(after, end, 0.0, shaft, calibre, 0.0, -NEVER, terminal_rate, p, visits, board)
    add_shed(after, fall, chance_seen(visits.detection, shaft * calibre), visits, sums)
    marks[PHASE, i], marks[SHOWN, i] = KENOGEN, 0
    state[PHASE_START, i] = surgery.day
    state[DURATION, i] = exponential(surgery.rest_mu + surgery.rest_sigma * normal(uniform(wb)))
