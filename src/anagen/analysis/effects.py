"""Effects of the arms of a trial over their control, from measured data and as the model expects them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.ancova import (
    Estimates,
    ancova_many,
    paired_ancova_many,
    paired_risk_difference_many,
    risk_difference_many,
    within_arm_many,
)
from anagen.analysis.clusters import clusters_many
from anagen.analysis.crossover import crossover_many
from anagen.analysis.measures import measure_of
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.measures import RESPONDERS
from anagen.results.schema import TABLES
from anagen.scalp import ENDPOINTS
from anagen.study.models import EndpointChoice
from anagen.trials.estimands import with_composite
from anagen.trials.protocol import Protocol

EFFECT_COLUMNS = tuple(column.name for column in TABLES["effects"].columns)
NO_CONTROL = "baseline"


def choices_of(plan: Protocol) -> list[tuple[str, EndpointChoice]]:
    """Endpoints to analyse with their role, the primary first."""
    return [
        ("primary", plan.study.endpoints.primary),
        *(("secondary", choice) for choice in plan.study.endpoints.secondary),
    ]


def contrasts_of(plan: Protocol) -> list[tuple[str, str]]:
    """Pairs (arm, control): every arm against the comparator it names, or the first control arm; against its own
    baseline where there is none.
    """
    control = next((arm.name for arm in plan.study.arms if arm.control), NO_CONTROL)
    pairs = [(arm.name, arm.comparator or control) for arm in plan.study.arms]
    return [(arm, against) for arm, against in pairs if arm != against]


def trial_effects(visits: pd.DataFrame, plan: Protocol, *, replicate: int) -> pd.DataFrame:
    """Effects in the measured data of one trial: one row per endpoint and contrast.

    Parameters
    ----------
    visits : pd.DataFrame
        Rows of one replicate at draw 0.
    plan : Protocol
        The study.
    replicate : int
        Its number.

    Returns
    -------
    pd.DataFrame
        Table with EFFECT_COLUMNS, kind "trial".
    """
    return effects_of(measured_of(visits, plan)[:, None], plan, replicates=[replicate])


def measured_of(visits: pd.DataFrame, plan: Protocol) -> FloatArray:
    """Measured values of one trial as `effects_of` takes them, patients ordered by number.

    Parameters
    ----------
    visits : pd.DataFrame
        Rows of one replicate at draw 0.
    plan : Protocol
        The study.

    Returns
    -------
    FloatArray, shape (n_arms, n_patients, n_visits, n_endpoints)
        NaN where a patient was not seen, or is not in the arm.
    """
    seen = visits[visits["assigned"].to_numpy()]
    arm = pd.Index(plan.arms).get_indexer(seen["arm"])
    people, person = np.unique(seen["patient"].to_numpy(), return_inverse=True)
    week = pd.Index(plan.weeks).get_indexer(seen["week"])
    endpoint = pd.Index([endpoint.name for endpoint in plan.endpoints]).get_indexer(seen["endpoint"])
    measured = np.full((len(plan.arms), len(people), len(plan.weeks), len(plan.endpoints)), np.nan)
    measured[arm, person, week, endpoint] = seen["measured"].to_numpy(dtype=np.float64)
    return measured


def effects_of(
    measured: FloatArray,
    plan: Protocol,
    *,
    replicates: Sequence[int] | IntArray,
    event_weeks: FloatArray | None = None,
    first: IntArray | None = None,
    centre: IntArray | None = None,
) -> pd.DataFrame:
    """Effects in the measured data of many trials: one row per trial, endpoint and contrast.

    The numbers of a trial do not depend on the other trials.

    Parameters
    ----------
    measured : FloatArray, shape (n_arms, n_trials, n_patients, n_visits, n_endpoints)
        Arms, visits and endpoints in the order of the protocol; NaN where a patient was not seen, or is not in the arm.
    plan : Protocol
        The study.
    replicates : Sequence[int] or IntArray, shape (n_trials,)
        Numbers of the trials.
    event_weeks : FloatArray or None, shape (n_arms, n_trials, n_patients)
        Weeks of intercurrent events, infinity without one; None in a study without them.
    first : IntArray or None, shape (n_trials, n_patients)
        Arm that each patient of a crossover began with; None in another layout.
    centre : IntArray or None, shape (n_trials, n_patients)
        Centre of each patient where centres were randomised; None elsewhere.

    Returns
    -------
    pd.DataFrame
        Table with EFFECT_COLUMNS, kind "trial", ordered by trial.
    """
    names, pairs = [endpoint.name for endpoint in plan.endpoints], contrasts_of(plan)
    keys: list[dict[str, Any]] = []
    found: list[Estimates] = []
    for role, choice in choices_of(plan):
        column, visit = names.index(choice.endpoint), int(np.flatnonzero(plan.weeks == choice.week)[0])
        baseline, value = measured[..., 0, column], measured[..., visit, column]
        rising = ENDPOINTS[choice.endpoint].higher_is_better
        outcome = measure_of(choice.measure, value, baseline, choice.threshold, rising=rising)
        outcome = with_composite(outcome, event_weeks, choice.week, choice.endpoint, choice.measure, plan)
        for arm, control in pairs:
            found.append(contrast(outcome, baseline, (arm, control), choice, plan, first=first, centre=centre))
            keys.append(
                {
                    "role": role,
                    "endpoint": choice.endpoint,
                    "week": choice.week,
                    "measure": choice.measure,
                    "threshold": np.nan if choice.threshold is None else choice.threshold,
                    "arm": arm,
                    "control": control,
                }
            )
    table = pd.DataFrame(keys * measured.shape[1])
    for field in fields(Estimates):
        table[field.name] = np.stack([getattr(estimates, field.name) for estimates in found], axis=1).ravel()
    table["replicate"] = np.repeat(np.asarray(replicates, dtype=np.int64), len(keys))
    return table.assign(draw=0, kind="trial", estimand=plan.study.analysis.estimand)[list(EFFECT_COLUMNS)]


def contrast(
    outcome: FloatArray,
    baseline: FloatArray,
    pair: tuple[str, str],
    choice: EndpointChoice,
    plan: Protocol,
    *,
    first: IntArray | None = None,
    centre: IntArray | None = None,
) -> Estimates:
    """An arm against its control in every trial, by the analysis that suits the measure and the layout.

    Parameters
    ----------
    outcome : FloatArray, shape (n_arms, n_trials, n_patients)
        What is compared; NaN where a patient is not in the arm.
    baseline : FloatArray, shape (n_arms, n_trials, n_patients)
        The endpoint at baseline.
    pair : tuple of str
        Names of the arm and of its control, or NO_CONTROL.
    choice : EndpointChoice
        What is analysed.
    plan : Protocol
        The study.
    first : IntArray or None, shape (n_trials, n_patients)
        Arm that each patient of a crossover began with; None in another layout.
    centre : IntArray or None, shape (n_trials, n_patients)
        Centre of each patient where centres were randomised; None elsewhere.

    Returns
    -------
    Estimates
        One number a trial.

    Raises
    ------
    ValueError
        Where the sequences of a crossover, or the centres that were randomised, are not given.
    """
    alpha, shares = plan.study.analysis.alpha, choice.measure in RESPONDERS
    arm = plan.arms.index(pair[0])
    if pair[1] == NO_CONTROL:
        return within_arm_many(outcome[arm], alpha=alpha)
    control = plan.arms.index(pair[1])
    if plan.crossover:
        if first is None:
            raise ValueError("the analysis of a crossover needs the arm that each patient began with")
        return crossover_many(outcome[arm], outcome[control], first == arm, alpha=alpha)
    if plan.split_scalp:
        if shares:
            return paired_risk_difference_many(outcome[arm], outcome[control], alpha=alpha)
        return paired_ancova_many(outcome[arm], baseline[arm], outcome[control], baseline[control], alpha=alpha)
    if plan.study.design.randomisation.method == "cluster":
        if centre is None:
            raise ValueError("the analysis of centres that were randomised needs the centre of each patient")
        baselines = None if shares else (baseline[arm], baseline[control])
        return clusters_many(outcome[arm], outcome[control], baselines, centre, alpha=alpha)
    # nobody is in both arms of a parallel trial
    treated = np.isfinite(outcome[arm])
    both = np.where(treated, outcome[arm], outcome[control])
    if shares:
        return risk_difference_many(both, treated, ~treated, alpha=alpha)
    return ancova_many(both, np.where(treated, baseline[arm], baseline[control]), treated, ~treated, alpha=alpha)
