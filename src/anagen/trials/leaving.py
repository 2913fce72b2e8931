"""Who leaves, or has an event, where that depends on how a patient does: odds that a score multiplies.

    P(patient i between two visits)  =  expit(a + log(odds ratio) z_i)

z is the score in standard deviations over the patients of the trial, higher for those worse off; `a` is such that the
share that is asked for is met on average in every trial.

References
----------
.. [1] Rubin 1976, doi:10.1093/biomet/63.3.581 (missing at random).
.. [2] Little & Rubin 2019, Statistical analysis with missing data, doi:10.1002/9781119482260.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.core.streams import Purpose, uniforms
from anagen.patients import Population
from anagen.scalp import ENDPOINTS, Readings
from anagen.study.conduct import Dropout
from anagen.trials.dropout import dropout_week
from anagen.trials.event_rows import TrialEvents
from anagen.trials.observation import Scene

STEPS = 60
"""Halvings of the interval in which `a` is looked for."""
FARTHEST = 40.0


def standardised(score: FloatArray, group: IntArray, counted: BoolArray) -> FloatArray:
    """A score in standard deviations from the mean of its trial; 0 where it is not known, or where all are alike.

    Parameters
    ----------
    score : FloatArray, shape (n_patients,)
        Any score; NaN where it is not known.
    group : IntArray, shape (n_patients,)
        Number of the trial.
    counted : BoolArray, shape (n_patients,)
        Whose scores make mean and deviation.

    Returns
    -------
    FloatArray, shape (n_patients,)
        z.

    Examples
    --------
    >>> standardised(np.array([1.0, 3.0, np.nan]), np.zeros(3, dtype=np.int64), np.ones(3, dtype=bool)).tolist()
    [-1.0, 1.0, 0.0]
    """
    known = np.isfinite(score)
    weight, value = (counted & known).astype(np.float64), np.where(known, score, 0.0)
    n = np.maximum(np.bincount(group, weight), 1.0)
    away = value - (np.bincount(group, weight * value) / n)[group]
    sd = np.sqrt(np.bincount(group, weight * away**2) / n)[group]
    return np.divide(away, sd, out=np.zeros_like(away), where=known & (sd > 0.0))


def probabilities(
    z: FloatArray, group: IntArray, counted: BoolArray, target: FloatArray, odds_ratio: float
) -> FloatArray:
    """Probability of each patient, so that its mean over those counted in a group is the target.

    Parameters
    ----------
    z : FloatArray, shape (n_patients,)
        Score in standard deviations.
    group : IntArray, shape (n_patients,)
        Number of the group whose mean is met.
    counted : BoolArray, shape (n_patients,)
        Over whom the mean is taken.
    target : FloatArray, shape (n_groups,)
        Mean probability; 0 to 1.
    odds_ratio : float
        Per standard deviation.

    Returns
    -------
    FloatArray, shape (n_patients,)
        Probabilities.

    Examples
    --------
    >>> z = np.array([-1.0, 1.0])
    >>> p = probabilities(z, np.zeros(2, dtype=np.int64), np.ones(2, dtype=bool), np.array([0.2]), 4.0)
    >>> p.round(3).tolist(), float(p.mean().round(6))
    ([0.035, 0.365], 0.2)
    """
    from scipy.special import expit

    if odds_ratio == 1.0:
        return target[group]
    weight = counted.astype(np.float64)
    n = np.maximum(np.bincount(group, weight, minlength=len(target)), 1.0)
    low, high = np.full(len(target), -FARTHEST), np.full(len(target), FARTHEST)
    slope = np.log(odds_ratio) * z
    for _ in range(STEPS):
        middle = 0.5 * (low + high)
        share = np.asarray(expit(middle[group] + slope), dtype=np.float64)
        mean = np.bincount(group, weight * share, minlength=len(target)) / n
        below = mean < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    found = np.asarray(expit(0.5 * (low + high)[group] + slope), dtype=np.float64)
    return np.where(target[group] <= 0.0, 0.0, np.where(target[group] >= 1.0, 1.0, found))


def groups_of(replicate: IntArray, arm: IntArray, apart: IntArray) -> tuple[IntArray, IntArray]:
    """Number of each patient's trial, and of the group whose share is met: the trial, or an arm with its own share.

    Parameters
    ----------
    replicate : IntArray, shape (n_patients,)
        Trial.
    arm : IntArray, shape (n_patients,)
        Arm.
    apart : IntArray, shape (n_apart,)
        Arms with a share of their own.

    Returns
    -------
    tuple[IntArray, IntArray]
        Trial and group, from 0.
    """
    _, trial = np.unique(replicate, return_inverse=True)
    own = np.isin(arm, apart)
    return trial, trial * (int(arm.max(initial=0)) + 2) + np.where(own, arm + 1, 0)


def weeks_of_leaving(
    population: Population,
    arm: IntArray,
    rule: Dropout,
    arms: tuple[str, ...],
    weeks: FloatArray,
    scores: FloatArray,
    *,
    seed: int,
) -> FloatArray:
    """Week in which each patient leaves by a rule that depends on a score; not a number for those who do not.

    Leaving is spread evenly over the trial; between two visits it takes those who are worse off more often.

    Parameters
    ----------
    population : Population
        Patients of one trial or of many.
    arm : IntArray, shape (n_patients,)
        Arm of each.
    rule : Dropout
        Shares, what they depend on, how strongly.
    arms : tuple[str, ...]
        Names of the arms.
    weeks : FloatArray, shape (n_visits,)
        Visits.
    scores : FloatArray, shape (n_patients, n_visits - 1)
        For every interval between visits, what leaving depends on; higher is worse, NaN where it is not known.
    seed : int
        Key of the draws.

    Returns
    -------
    FloatArray, shape (n_patients,)
        [week].
    """
    shares = np.array([rule.of(name) for name in arms])
    apart = np.array([number for number, name in enumerate(arms) if name in rule.by_arm], dtype=np.int64)
    trial, group = groups_of(population.replicate, arm, apart)
    everybody = np.ones(len(arm), dtype=np.bool_)
    whole = np.maximum(np.bincount(group), 1.0)
    share = np.bincount(group, shares[arm]) / whole
    left = np.full(len(arm), np.nan)
    binary = rule.depends_on == "adverse_event"
    for number, (start, end) in enumerate(pairwise(weeks.tolist())):
        here = np.isnan(left)
        still = np.bincount(group, here.astype(np.float64))
        due = share * (end - start) / weeks[-1] * whole
        target = np.clip(np.divide(due, still, out=np.zeros_like(due), where=still > 0.0), 0.0, 1.0)
        score = scores[:, number]
        # an adverse event is there or not: the odds ratio is that of having had one
        z = np.nan_to_num(score) if binary else standardised(score, trial, everybody)
        p = probabilities(z, group, here, target, rule.odds_ratio)
        u = uniforms(seed, Purpose.DROPOUT, patient=population.patient, item=1 + number, replicate=population.replicate)
        goes = here & (u < p)
        left[goes] = (start + (u / np.maximum(p, 1e-300)) * (end - start))[goes]
    return left


def scores_of_change(change: FloatArray, seen: BoolArray, *, known: bool, rising: bool) -> FloatArray:
    """Score of every interval between visits from changes: higher for those who have gained less.

    Parameters
    ----------
    change : FloatArray, shape (n_patients, n_visits)
        From baseline.
    seen : BoolArray, shape (n_patients, n_visits)
        Who came to which visit.
    known : bool
        True for the change at the last visit attended (missing at random), False for that at the next one, which is
        then not seen (missing not at random).
    rising : bool
        Whether more is better.

    Returns
    -------
    FloatArray, shape (n_patients, n_visits - 1)
        NaN in the first interval where only what is known counts.
    """
    sign = -1.0 if rising else 1.0
    if not known:
        return sign * change[:, 1:]
    score = np.full((len(change), change.shape[1] - 1), np.nan)
    for visit in range(1, change.shape[1] - 1):
        score[:, visit] = np.where(seen[:, visit], sign * change[:, visit], score[:, visit - 1])
    return score


def leaving_at_random(scene: Scene, population: Population, received: BoolArray, rule: Dropout) -> FloatArray:
    """Week of leaving where that depends on nothing but the arm; not a number for everybody under another rule.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients.
    received : BoolArray, shape (n_arms, n_patients)
        Who is in which arm.
    rule : Dropout
        Of the study.

    Returns
    -------
    FloatArray, shape (n_patients,)
        [week].
    """
    last = float(scene.protocol.weeks[-1])
    if rule.missing != "mcar":
        return np.full(len(population), np.nan)
    if not rule.by_arm:
        return dropout_week(population, share=rule.share, last_week=last, seed=scene.seed)
    share = np.array([rule.of(name) for name in scene.protocol.arms])[received.argmax(axis=0)]
    u = uniforms(scene.seed, Purpose.DROPOUT, patient=population.patient, replicate=population.replicate)
    return np.where(u < share, u / np.maximum(share, 1e-300) * last, np.nan)


def leaving_by_rule(
    scene: Scene,
    population: Population,
    received: BoolArray,
    readings: Sequence[Readings],
    harms: TrialEvents,
    came: BoolArray,
    rule: Dropout,
) -> FloatArray:
    """Week of leaving where that depends on change, baseline or adverse events, of the primary endpoint.

    Parameters
    ----------
    scene : Scene
        Study, values, seed.
    population : Population
        Patients of parallel arms.
    received : BoolArray, shape (n_arms, n_patients)
        Who is in which arm.
    readings : Sequence[Readings]
        Of each arm.
    harms : TrialEvents
        Adverse events if nobody left for other reasons.
    came : BoolArray, shape (n_patients, n_visits)
        Who comes to which visit if nobody leaves.
    rule : Dropout
        Of the study.

    Returns
    -------
    FloatArray, shape (n_patients,)
        [week].
    """
    plan = scene.protocol
    arm, names = received.argmax(axis=0), [endpoint.name for endpoint in plan.endpoints]
    primary = plan.study.endpoints.primary.endpoint
    column, rising = names.index(primary), ENDPOINTS[primary].higher_is_better
    kind = "expected" if rule.missing == "mnar" else "measured"
    values = np.stack([getattr(reading, kind)[:, :, column] for reading in readings])[arm, np.arange(len(arm))]
    if rule.depends_on == "adverse_event":
        first = harms.table.groupby(["replicate", "patient"])["onset_week"].min()
        keys = list(zip(population.replicate.tolist(), population.patient.tolist(), strict=True))
        onset = first.reindex(keys).to_numpy(dtype=np.float64) if len(first) else np.full(len(arm), np.nan)
        scores = (onset[:, None] <= plan.weeks[None, :-1]).astype(np.float64)
    elif rule.depends_on == "baseline":
        worse = -values[:, 0] if rising else values[:, 0]
        scores = np.repeat(worse[:, None], len(plan.weeks) - 1, axis=1)
    else:
        change = values - values[:, :1]
        scores = scores_of_change(change, came, known=rule.missing == "mar", rising=rising)
    return weeks_of_leaving(population, arm, rule, plan.arms, plan.weeks, scores, seed=scene.seed)
