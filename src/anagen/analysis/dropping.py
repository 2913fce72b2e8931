"""One look at which arms are dropped: those with the largest effects go on, and claims rest on both stages.

Effects are ranked by their z, each against its own control.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from anagen.analysis.batch import Batch
from anagen.analysis.decisions import Decided, estimates_of_claims, level_of, p_beyond, sides_of, wanted_direction
from anagen.analysis.looks import members_at
from anagen.core.arrays import BoolArray
from anagen.statistics.comparisons.comparison import joined
from anagen.statistics.sequential.arm_selection import adjusted_p_of_trials
from anagen.study.claims import Claim, pairs_of
from anagen.trials.protocol import Protocol


def decided_with_dropping(batch: Batch, plan: Protocol) -> list[Decided]:
    """Claims of trials in which arms are dropped at the interim look.

    Patients who were allocated to a dropped arm after the look do not count. Estimates are those of all patients of an
    arm; that of an arm that was chosen for its effect is too large on average.

    Parameters
    ----------
    batch : Batch
        Trials of the planned size.
    plan : Protocol
        The study.

    Returns
    -------
    list[Decided]
        One claim an arm.
    """
    from scipy.special import ndtri

    interim, choice = plan.study.analysis.interim, plan.study.endpoints.primary
    assert interim is not None and interim.keep_arms is not None  # the caller has looked
    time, sign, sides, level = interim.at[0], wanted_direction(choice), sides_of(plan), level_of(plan)
    claims = [Claim(arm, arm, control, choice) for arm, control in pairs_of(plan.study)]
    early = members_at(batch, time)
    first = estimates_of_claims(batch.of(early), claims, plan)
    z1 = np.stack([-ndtri(np.clip(p_beyond(each, sign, 0.0), 1e-300, 1.0 - 1e-16)) for each in first], axis=1)
    rank = np.argsort(np.argsort(-z1, axis=1, kind="stable"), axis=1, kind="stable")
    least = -np.inf if interim.futility is None else float(interim.futility)
    kept = (rank < interim.keep_arms) & (z1 >= least)
    later = _without(batch.of(batch.received.any(axis=0) & ~early), claims, kept, plan)
    second = estimates_of_claims(later, claims, plan)
    z2 = np.stack([-ndtri(np.clip(p_beyond(each, sign, 0.0), 1e-300, 1.0 - 1e-16)) for each in second], axis=1)
    sizes = dict(zip(plan.arms, plan.sizes, strict=True))
    allocation = float(np.mean([sizes[claim.arm] / sizes[claim.control] for claim in claims]))
    controls = [plan.arms.index(claim.control) for claim in claims]
    p = adjusted_p_of_trials(z1, np.where(kept, z2, np.nan), time, allocation, controls)
    of_all = estimates_of_claims(_without(batch, claims, kept, plan, early), claims, plan)
    made: list[Decided] = []
    for i, claim in enumerate(claims):
        on, off = np.flatnonzero(kept[:, i]), np.flatnonzero(~kept[:, i])
        found = joined([(on, of_all[i].taken(on)), (off, first[i].taken(off))], len(p))
        shown = np.asarray(p[:, i] <= level)
        made.append(
            Decided(
                claim=claim,
                family=0,
                found=found.saying("complete cases", "complete cases, both stages"),
                p=np.minimum(sides * p_beyond(found, sign, 0.0), 1.0),
                adjusted=np.minimum(sides * p[:, i], 1.0),
                level=np.full(len(p), sides * level),
                shown=shown,
                look=np.where(kept[:, i], 2, 1),
                information=np.where(kept[:, i], 1.0, time),
                verdict=np.where(kept[:, i], np.where(shown, "shown", "not shown"), "dropped"),
            )
        )
    return made


def _without(
    batch: Batch, claims: list[Claim], kept: BoolArray, plan: Protocol, early: BoolArray | None = None
) -> Batch:
    """A batch without patients of arms that were dropped; with `early`, without those who came after the look."""
    received, measured = batch.received.copy(), batch.measured.copy()
    for i, claim in enumerate(claims):
        arm = plan.arms.index(claim.arm)
        gone = ~kept[:, i][:, None] & (np.ones_like(received[arm]) if early is None else ~early)
        received[arm] &= ~gone
        measured[arm][gone] = np.nan
    return replace(batch, received=received, measured=measured)
