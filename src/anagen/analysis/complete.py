"""Arms against their controls with what is there: by the method, the measure and the layout of the study."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.analysis.batch import Batch, visit_place
from anagen.analysis.clusters import clusters_many
from anagen.analysis.crossover import crossover_many
from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.measures import RESPONDERS
from anagen.scalp import ENDPOINTS
from anagen.statistics.comparisons import COMPARISONS, Covariate, Options, TrialData
from anagen.statistics.estimates import Estimates
from anagen.statistics.two_arms import (
    paired_ancova_many,
    paired_risk_difference_many,
    risk_difference_many,
    within_arm_many,
)
from anagen.study.models import EndpointChoice
from anagen.trials.estimands import with_composite
from anagen.trials.protocol import Protocol

NO_CONTROL = "baseline"
COVARIANCE = {
    "unstructured": "unstructured",
    "heterogeneous_toeplitz": "heterogeneous Toeplitz",
    "heterogeneous_ar1": "heterogeneous AR(1)",
    "compound_symmetry": "compound symmetry",
}


def compared(
    batch: Batch,
    values: FloatArray,
    outcome: FloatArray,
    choice: EndpointChoice,
    pairs: Sequence[tuple[str, str]],
    plan: Protocol,
) -> list[Estimates]:
    """Every arm against its control in every trial, patients without an outcome left out.

    Parameters
    ----------
    batch : Batch
        Trials.
    values : FloatArray, shape (n_arms, n_trials, n_patients, n_visits)
        The endpoint at every visit.
    outcome : FloatArray, shape (n_arms, n_trials, n_patients)
        What is compared, from `outcome_of`.
    choice : EndpointChoice
        Which outcome it is.
    pairs : Sequence[tuple[str, str]]
        Names of arm and control, or NO_CONTROL.
    plan : Protocol
        The study.

    Returns
    -------
    list[Estimates]
        One a pair, with one number a trial.
    """
    alpha, shares = plan.study.analysis.two_sided_alpha, choice.measure in RESPONDERS
    joint = not (plan.same_patients or plan.of_centres or shares)
    together = [pair for pair in pairs if pair[1] != NO_CONTROL] if joint else []
    found = dict(zip(together, _by_method(batch, values, outcome, choice, together, plan), strict=True))
    for pair in pairs:
        arm = plan.arms.index(pair[0])
        if pair[1] == NO_CONTROL:
            found[pair] = within_arm_many(outcome[arm], alpha=alpha)
        elif not joint:
            control = plan.arms.index(pair[1])
            found[pair] = _by_layout(batch, outcome, values[..., 0], arm, control, plan, shares=shares)
    return [found[pair] for pair in pairs]


def outcome_of(
    batch: Batch, value: FloatArray, baseline: FloatArray, choice: EndpointChoice, plan: Protocol
) -> FloatArray:
    """What is compared, with what the study states for patients with an intercurrent event.

    Parameters
    ----------
    batch : Batch
        Trials.
    value : FloatArray, shape (n_arms, n_trials, n_patients)
        At the week of the choice.
    baseline : FloatArray, shape (n_arms, n_trials, n_patients)
        At baseline.
    choice : EndpointChoice
        What is compared.
    plan : Protocol
        The study.

    Returns
    -------
    FloatArray, shape (n_arms, n_trials, n_patients)
        NaN where it is missing.
    """
    rising = ENDPOINTS[choice.endpoint].higher_is_better
    outcome = measure_of(choice.measure, value, baseline, choice.threshold, rising=rising)
    return with_composite(outcome, batch.event_weeks, choice.week, choice.endpoint, choice.measure, plan)


def arm_index(batch: Batch) -> IntArray:
    """Index of each patient's arm in parallel trials, -1 where there is no patient; shape (n_trials, n_patients)."""
    return np.where(batch.received.any(axis=0), batch.received.argmax(axis=0), -1)


def of_own_arm(values: FloatArray, arm: IntArray) -> FloatArray:
    """Values [arm, trial, patient, ...] of the arm that each patient is in."""
    index = np.maximum(arm, 0).reshape(1, *arm.shape, *([1] * (values.ndim - 3)))
    own = np.take_along_axis(values, np.broadcast_to(index, (1, *values.shape[1:])), axis=0)[0]
    return np.where((arm >= 0).reshape(arm.shape + (1,) * (values.ndim - 3)), own, np.nan)


def covariates_of(batch: Batch) -> tuple[Covariate, ...]:
    """The covariates of a batch as a method of analysis takes them."""
    return tuple(Covariate(name, values, batch.levels.get(name, ())) for name, values in batch.covariates.items())


def options_of(plan: Protocol) -> Options:
    """Options of the study's method."""
    analysis = plan.study.analysis
    freedom = "kenward-roger" if analysis.degrees_of_freedom == "kenward_roger" else "satterthwaite"
    return Options(analysis.two_sided_alpha, analysis.variance, COVARIANCE[analysis.covariance], freedom)


def _by_method(
    batch: Batch,
    values: FloatArray,
    outcome: FloatArray,
    choice: EndpointChoice,
    pairs: Sequence[tuple[str, str]],
    plan: Protocol,
) -> list[Estimates]:
    """Means of parallel trials."""
    if not pairs:
        return []
    arm = arm_index(batch)
    method = COMPARISONS[plan.study.analysis.method]
    if "covariance" in method.takes:
        each = [
            outcome_of(batch, values[..., visit], values[..., 0], choice.model_copy(update={"week": week}), plan)
            for visit, week in enumerate(plan.weeks)
        ]
        visits = of_own_arm(np.stack(each[1:], axis=-1), arm)
    else:
        visits = of_own_arm(outcome[..., None], arm)
    data = TrialData(
        outcome=of_own_arm(outcome, arm),
        baseline=of_own_arm(values[..., 0], arm),
        arm=arm,
        n_arms=len(plan.arms),
        visits=visits,
        weeks=np.asarray(plan.weeks[1:]) if visits.shape[-1] > 1 else np.array([choice.week]),
        visit=visit_place(plan, choice.week) - 1 if visits.shape[-1] > 1 else 0,
        covariates=covariates_of(batch),
    )
    index = [(plan.arms.index(one), plan.arms.index(other)) for one, other in pairs]
    return method.compare(data, index, options_of(plan))


def _by_layout(
    batch: Batch, outcome: FloatArray, baseline: FloatArray, arm: int, control: int, plan: Protocol, *, shares: bool
) -> Estimates:
    """Sides of a scalp, periods of patients, centres, and shares of patients."""
    alpha = plan.study.analysis.two_sided_alpha
    if plan.crossover:
        assert batch.first is not None  # a crossover has sequences
        return crossover_many(outcome[arm], outcome[control], batch.first == arm, alpha=alpha)
    if plan.of_centres:
        assert batch.centre is not None  # centres were randomised
        baselines = None if shares else (baseline[arm], baseline[control])
        return clusters_many(outcome[arm], outcome[control], baselines, batch.centre, alpha=alpha)
    if plan.split_scalp:
        if shares:
            return paired_risk_difference_many(outcome[arm], outcome[control], alpha=alpha)
        return paired_ancova_many(outcome[arm], baseline[arm], outcome[control], baseline[control], alpha=alpha)
    # nobody is in both arms of a parallel trial
    treated = np.isfinite(outcome[arm])
    return risk_difference_many(np.where(treated, outcome[arm], outcome[control]), treated, ~treated, alpha=alpha)
