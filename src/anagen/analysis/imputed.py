"""Effects where missing outcomes are drawn many times, pooled by Rubin's rules."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.analysis.batch import Batch, endpoint_place, visit_place
from anagen.analysis.complete import arm_index, compared, of_own_arm, outcome_of
from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.errors import InputError
from anagen.core.streams import Purpose, generator
from anagen.scalp import ENDPOINTS
from anagen.statistics.comparisons.comparison import joined, none_estimated, one_trial
from anagen.statistics.estimates import Estimates
from anagen.statistics.imputation import Assumption, impute
from anagen.statistics.rubin import pool
from anagen.study.amounts import allowed_units, fits
from anagen.study.analysis import IMPUTATIONS
from anagen.study.models import EndpointChoice
from anagen.study.values import Quantity
from anagen.trials.protocol import Protocol

ASSUMPTIONS: dict[str, Assumption] = {
    "multiple_imputation": "missing at random",
    "jump_to_reference": "jump to reference",
    "copy_increments": "copy increments in reference",
    "copy_reference": "copy reference",
}


def imputed_estimates(
    batch: Batch, choice: EndpointChoice, pairs: Sequence[tuple[str, str]], plan: Protocol
) -> list[Estimates]:
    """Every arm against its control, missing outcomes drawn.

    Values at the visits up to that of the endpoint are drawn together, with the baseline as covariate. Every data set
    is analysed as the complete trial would be, and the estimates are pooled.

    Parameters
    ----------
    batch : Batch
        Parallel trials.
    choice : EndpointChoice
        What is compared.
    pairs : Sequence[tuple[str, str]]
        Names of arm and control.
    plan : Protocol
        The study.

    Returns
    -------
    list[Estimates]
        One a pair, with one number a trial.

    References
    ----------
    .. [1] Barnard & Rubin 1999, doi:10.1093/biomet/86.4.948.
    """
    controls = list(dict.fromkeys(control for _, control in pairs))
    if len(controls) > 1:
        # each control is the reference of those that are compared with it
        made = {
            control: iter(imputed_estimates(batch, choice, [pair for pair in pairs if pair[1] == control], plan))
            for control in controls
        }
        return [next(made[control]) for _, control in pairs]
    count = len(batch.replicates)
    found = [_of_trial(batch.of(_only(batch, trial)), trial, choice, pairs, plan) for trial in range(count)]
    return [
        joined([(np.array([trial]), found[trial][place]) for trial in range(count)], count)
        for place in range(len(pairs))
    ]


def _penalty(delta: Quantity, choice: EndpointChoice) -> float:
    """What is taken from a drawn value of an endpoint; 0 where the amount is in another endpoint's unit."""
    endpoint = ENDPOINTS[choice.endpoint]
    if not fits(delta, allowed_units("change", endpoint.unit)):
        return 0.0
    return delta.value if endpoint.higher_is_better else -delta.value


def _only(batch: Batch, trial: int) -> BoolArray:
    """Patients of a trial."""
    there = np.asarray(batch.received.any(axis=0))
    return there & (np.arange(len(there)) == trial)[:, None]


def _of_trial(
    batch: Batch, trial: int, choice: EndpointChoice, pairs: Sequence[tuple[str, str]], plan: Protocol
) -> list[Estimates]:
    analysis, alpha = plan.study.analysis, plan.study.analysis.two_sided_alpha
    column, visit = endpoint_place(plan, choice.endpoint), visit_place(plan, choice.week)
    arm = arm_index(batch)[trial]
    who = np.asarray(arm >= 0)
    measured = batch.measured[..., column][:, trial : trial + 1, :, : visit + 1]
    values = of_own_arm(measured, arm[None])[0][who]
    baseline, later = values[:, 0], values[:, 1:]
    used = analysis.imputations or IMPUTATIONS
    assumption = ASSUMPTIONS[analysis.missing]
    words = f"multiple imputation of {used} data sets ({assumption})"
    n = [np.array([int((arm == plan.arms.index(name)).sum())]) for pair in pairs for name in pair]
    sizes = list(zip(n[::2], n[1::2], strict=True))
    control = plan.arms.index(pairs[0][1])
    # an item of its own for every draw and endpoint, so that no two share their random numbers
    item = int(batch.draws[trial]) * len(plan.endpoints) + column
    random = generator(batch.seed, Purpose.IMPUTATION, replicate=int(batch.replicates[trial]), item=item, index=visit)
    try:
        made = impute(
            later,
            arm[who],
            baseline[:, None] if np.ptp(baseline) > 0.0 else None,
            generator=random,
            imputations=used,
            assumption=assumption,
            reference=control,
        )
    except InputError as error:
        return [none_estimated(*size, words, error.problems[0].message) for size in sizes]
    except np.linalg.LinAlgError:
        return [none_estimated(*size, words, "too few patients for the covariance of the visits") for size in sizes]
    outcome = made.outcome
    if analysis.delta is not None:
        exempt = [plan.arms.index(each.name) for each in plan.study.arms if each.control]
        left = made.after_last[None] & ~np.isin(arm[who], exempt)[None, :, None]
        outcome = outcome - np.where(left, _penalty(analysis.delta, choice), 0.0)
    complete = _as_trials(batch, trial, outcome, column, visit)
    values = complete.measured[..., column]
    whole = compared(
        complete, values, outcome_of(complete, values[..., visit], values[..., 0], choice, plan), choice, pairs, plan
    )
    pooled: list[Estimates] = []
    for each, size in zip(whole, sizes, strict=True):
        try:
            told = pool(each.estimate, each.standard_error, df_complete=float(each.degrees_of_freedom[0]))
        except InputError:
            why = "a data set has no estimate, or all patients in it the same outcome"
            pooled.append(none_estimated(*size, words, why))
            continue
        contrast = told.contrast("", method=words, n={}, alpha=alpha)
        method = str(each.method[0]).replace("complete cases", words)
        pooled.append(one_trial(contrast, n=int(size[0][0]), n_control=int(size[1][0]), method=method))
    return pooled


def _as_trials(batch: Batch, trial: int, outcome: FloatArray, column: int, visit: int) -> Batch:
    """Each data set as a trial of its own."""
    many = len(outcome)
    received = np.repeat(batch.received[:, [trial]], many, axis=1)
    measured = np.repeat(batch.measured[:, [trial]], many, axis=1)
    who = np.asarray(batch.received[:, trial].any(axis=0))
    filled = np.full((many, len(who), visit), np.nan)
    filled[:, who] = outcome
    measured[..., 1 : visit + 1, column] = np.where(received[..., None], filled[None], np.nan)
    return Batch(
        measured=measured,
        received=received,
        replicates=np.repeat(batch.replicates[[trial]], many),
        draws=np.repeat(batch.draws[[trial]], many),
        seed=batch.seed,
        covariates={name: np.repeat(values[[trial]], many, axis=0) for name, values in batch.covariates.items()},
        levels=batch.levels,
        event_weeks=None if batch.event_weeks is None else np.repeat(batch.event_weeks[:, [trial]], many, axis=1),
    )
