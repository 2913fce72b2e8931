"""The day of surgery in a follicle's life, compiled: the old hair falls, and a rest begins.

On the day of surgery the follicle is at rest; its old hair falls after some time, or when the new one shows, and a
new anagen begins when the re-entry clock has run the rest. From there on `kernel.follow` carries it, so that grafts
answer to levers as native follicles do, with the sensitivity of the donor area.
"""

from __future__ import annotations

import numpy as np

from anagen.core.compiled import merged
from anagen.core.elementary import exponential
from anagen.core.philox import normal, uniform
from anagen.follicles.arguments import Surgery
from anagen.follicles.cycle import RESTING, Address, words
from anagen.follicles.lanes import DURATION, FALL, FOLLICLE, HELD, PHASE, PHASE_START, Lanes
from anagen.follicles.process import ProcessConstants

GRAFT = np.uint64(41)
"""Third word of the address of a draw; the same number as core.streams.Purpose.GRAFT."""


@merged
def plant(i: int, address: Address, surgery: Surgery, p: ProcessConstants, lanes: Lanes) -> None:
    """Let a graft rest from the day of surgery: its club hair falls by the law of surgery, not by exogen.

    Parameters
    ----------
    i : int
        Lane of the follicle.
    address : Address
        Of the patient's draws.
    surgery : Surgery
        Day, and laws of the fall and of the rest.
    p : ProcessConstants
        Of the follicle.
    lanes : Lanes
        Whose lane i is changed in place.
    """
    state, marks = lanes.state, lanes.marks
    wa, wb, _c, _d = words(address, marks[FOLLICLE, i], 0, GRAFT)
    marks[PHASE, i], marks[HELD, i] = RESTING, 1
    state[FALL, i] = surgery.day + exponential(surgery.shed_mu + surgery.shed_sigma * normal(uniform(wa)))
    # a rest begins with catagen, which a graft does not pass through
    state[PHASE_START, i] = surgery.day - p.catagen_duration
    state[DURATION, i] = exponential(surgery.rest_mu + surgery.rest_sigma * normal(uniform(wb)))
