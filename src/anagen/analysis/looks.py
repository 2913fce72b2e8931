"""Interim looks: at each, every claim that is open is shown, found futile, or goes on.

A look takes in the first patients in the order of admission whose primary visit is over. Boundaries are those of the
planned shares of patients. A claim is decided by itself: its arm stops, and the control goes on while any arm does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.analysis.batch import Batch
from anagen.analysis.decisions import (
    Decided,
    estimates_of_claims,
    level_of,
    margin_of,
    p_of_claim,
    sides_of,
    wanted_direction,
)
from anagen.core.arrays import BoolArray, FloatArray
from anagen.statistics.comparisons.comparison import joined
from anagen.statistics.estimates import Estimates
from anagen.statistics.sequential.asked import Bounds, boundaries
from anagen.study.analysis import Hypothesis, Interim
from anagen.study.claims import Claim, families_of
from anagen.trials.protocol import Protocol


def members_at(batch: Batch, share: float) -> BoolArray:
    """The first patients of every trial in the order of admission; shape (n_trials, n_patients).

    Parameters
    ----------
    batch : Batch
        Trials.
    share : float
        Of the patients, rounded up to a whole one.

    Returns
    -------
    BoolArray
        Who counts.
    """
    there = batch.received.any(axis=0)
    rank = np.cumsum(there, axis=1)
    return there & (rank <= np.ceil(share * there.sum(axis=1) - 1e-9)[:, None])


def decided_at_looks(batch: Batch, plan: Protocol) -> list[Decided]:
    """Claims of trials with interim looks at which no arm is chosen.

    Parameters
    ----------
    batch : Batch
        Trials of the planned size.
    plan : Protocol
        The study.

    Returns
    -------
    list[Decided]
        One a claim, family by family.
    """
    analysis = plan.study.analysis
    interim, hypothesis = analysis.interim, analysis.hypothesis or Hypothesis()
    assert interim is not None  # the caller has looked
    families, times = families_of(plan.study), (*interim.at, 1.0)
    claims = [claim for family in families for claim in family]
    found = [
        estimates_of_claims(batch if time == 1.0 else batch.of(members_at(batch, time)), claims, plan) for time in times
    ]
    made: list[Decided] = []
    place = 0
    for number, family in enumerate(families):
        of_family = [at_look[place : place + len(family)] for at_look in found]
        place += len(family)
        made += _of_family(number, family, of_family, times, hypothesis, interim, plan)
    return made


def _of_family(
    number: int,
    family: Sequence[Claim],
    found: Sequence[Sequence[Estimates]],
    times: Sequence[float],
    hypothesis: Hypothesis,
    interim: Interim,
    plan: Protocol,
) -> list[Decided]:
    from scipy.special import ndtr, ndtri

    alpha = plan.study.analysis.two_sided_alpha
    section, sides = plan.study.analysis.multiplicity, sides_of(plan)
    several = None if section is None or len(family) == 1 else section.method
    level = level_of(plan) / (len(family) if several == "bonferroni" else 1)
    bounds = boundaries(
        Bounds(
            interim.at, interim.efficacy, interim.gamma, interim.futility, interim.power, interim.binding, level, sides
        )
    )
    p = np.array(
        [
            [p_of_claim(each, hypothesis, claim.choice, alpha) for each, claim in zip(at, family, strict=True)]
            for at in found
        ]
    )
    z = -ndtri(np.clip(p, 1e-300, 1.0 - 1e-16))
    if several == "co_primary":
        z = np.broadcast_to(z.min(axis=1, keepdims=True), z.shape)
    looks, count = len(times), p.shape[2]
    look = np.full((len(family), count), looks)
    open_, shown = np.ones((len(family), count), dtype=np.bool_), np.zeros((len(family), count), dtype=np.bool_)
    futile = np.zeros_like(shown)
    for k in range(looks):
        before = np.ones(count, dtype=np.bool_)
        for i, claim in enumerate(family):
            # a look at which nothing can be estimated decides nothing
            there = open_[i] & np.isfinite(found[k][i].estimate)
            crossed = there & (z[k, i] >= bounds.efficacy[k]) & before
            if hypothesis.type == "dual_criterion":
                crossed &= wanted_direction(claim.choice) * found[k][i].estimate >= margin_of(hypothesis, claim.choice)
            low = bounds.futility[k] if bounds.has_futility and k < looks - 1 else -np.inf
            harm = -bounds.efficacy[k] if sides == 2 and k < looks - 1 else -np.inf
            lost = there & ~crossed & ((z[k, i] < low) | (z[k, i] <= harm))
            shown[i] |= crossed
            futile[i] |= lost
            look[i] = np.where(crossed | lost, k + 1, look[i])
            open_[i] &= ~(crossed | lost)
            if several == "fixed_sequence":
                before = before & shown[i]
    made: list[Decided] = []
    for i, claim in enumerate(family):
        chosen = joined(
            [
                (np.flatnonzero(look[i] == k + 1), found[k][i].taken(np.flatnonzero(look[i] == k + 1)))
                for k in range(looks)
            ],
            count,
        )
        own = np.take_along_axis(p[:, i], look[i][None] - 1, axis=0)[0]
        bound: FloatArray = sides * ndtr(-np.asarray(bounds.efficacy))
        verdict = np.where(shown[i], "shown", np.where(futile[i], "futile", "not shown"))
        if hypothesis.type == "dual_criterion":
            large = wanted_direction(claim.choice) * chosen.estimate >= margin_of(hypothesis, claim.choice)
            significant = np.take_along_axis(z[:, i], look[i][None] - 1, axis=0)[0] >= bounds.efficacy[-1]
            met = np.where(large | significant, "consider", "no-go")
            verdict = np.where(shown[i], "go", np.where(futile[i], "futile", met))
        made.append(
            Decided(
                claim=claim,
                family=number,
                found=chosen,
                p=np.minimum(sides * own, 1.0),
                adjusted=np.full(count, np.nan),
                level=bound[look[i] - 1],
                shown=shown[i],
                look=look[i],
                information=np.asarray(times)[look[i] - 1],
                verdict=verdict,
            )
        )
    return made
