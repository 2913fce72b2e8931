"""What a trial decides, whether it has looks or not, and how many patients that takes."""

from __future__ import annotations

import numpy as np

from anagen.analysis.batch import Batch
from anagen.analysis.decisions import Decided, decided_at_end
from anagen.analysis.dropping import decided_with_dropping
from anagen.analysis.looks import decided_at_looks
from anagen.core.arrays import FloatArray
from anagen.trials.protocol import Protocol


def decisions(batch: Batch, plan: Protocol) -> list[Decided]:
    """Claims of trials, as the study's analysis has them.

    Parameters
    ----------
    batch : Batch
        Trials of the planned size.
    plan : Protocol
        The study.

    Returns
    -------
    list[Decided]
        One a claim.
    """
    interim = plan.study.analysis.interim
    if interim is None:
        return decided_at_end(batch, plan)
    return decided_at_looks(batch, plan) if interim.keep_arms is None else decided_with_dropping(batch, plan)


def patients_treated(decided: list[Decided], batch: Batch, plan: Protocol) -> FloatArray:
    """Patients of each trial by its end: an arm stops with its last claim, a control with the last arm.

    Parameters
    ----------
    decided : list[Decided]
        Claims.
    batch : Batch
        The trials.
    plan : Protocol
        The study.

    Returns
    -------
    FloatArray, shape (n_trials,)
        Whole patients where looks fall on them.
    """
    n = batch.received.sum(axis=2).astype(np.float64)
    if plan.split_scalp:
        return n[0]
    share = np.zeros_like(n)
    for each in decided:
        for name in (each.claim.arm, each.claim.control):
            place = plan.arms.index(name)
            share[place] = np.maximum(share[place], each.information)
    share = np.where(share == 0.0, 1.0, share)
    return np.asarray((n * share).sum(axis=0))
