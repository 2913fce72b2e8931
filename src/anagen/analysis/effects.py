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
from anagen.analysis.measures import TABULATED, measure_of
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.measures import PER_CENT, RESPONDERS
from anagen.results.schema import TABLES
from anagen.scalp import ENDPOINTS, Readings
from anagen.study.models import EndpointChoice
from anagen.trials.protocol import Protocol

EFFECT_COLUMNS = tuple(column.name for column in TABLES["effects"].columns)
EXPECTED_COLUMNS = ("draw", "arm", "endpoint", "week", "measure", "threshold", "expected", "patients", "of")
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


def effects_of(measured: FloatArray, plan: Protocol, *, replicates: Sequence[int] | IntArray) -> pd.DataFrame:
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
        for arm, control in pairs:
            found.append(contrast(outcome, baseline, (arm, control), choice, plan))
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
    outcome: FloatArray, baseline: FloatArray, pair: tuple[str, str], choice: EndpointChoice, plan: Protocol
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

    Returns
    -------
    Estimates
        One number a trial.
    """
    alpha, shares = plan.study.analysis.alpha, choice.measure in RESPONDERS
    arm = plan.arms.index(pair[0])
    if pair[1] == NO_CONTROL:
        return within_arm_many(outcome[arm], alpha=alpha)
    control = plan.arms.index(pair[1])
    if plan.split_scalp:
        if shares:
            return paired_risk_difference_many(outcome[arm], outcome[control], alpha=alpha)
        return paired_ancova_many(outcome[arm], baseline[arm], outcome[control], baseline[control], alpha=alpha)
    # nobody is in both arms of a parallel trial
    treated = np.isfinite(outcome[arm])
    both = np.where(treated, outcome[arm], outcome[control])
    if shares:
        return risk_difference_many(both, treated, ~treated, alpha=alpha)
    return ancova_many(both, np.where(treated, baseline[arm], baseline[control]), treated, ~treated, alpha=alpha)


def expected_table(readings: Sequence[Readings], plan: Protocol, *, draw: int) -> pd.DataFrame:
    """Mean expected value of every measure of every endpoint and week in each arm, over the reference patients.

    Responder shares are taken from readings with measurement error, everything else from expected readings.

    Returns
    -------
    pd.DataFrame
        Table with columns draw, arm, endpoint, week, measure, threshold, expected, and how many patients have a value
        of how many.
    """
    rows: list[tuple[object, ...]] = []
    responders = responder_shares(plan)

    def add(*key: object, values: FloatArray) -> None:
        rows.append((draw, *key, mean_of(values), int(np.isfinite(values).sum()), len(values)))

    for arm, reading in zip(plan.arms, readings, strict=True):
        for e, endpoint in enumerate(plan.endpoints):
            expected, measured = reading.expected[:, :, e], reading.measured[:, :, e]
            for w, week in enumerate(plan.weeks.tolist()):
                for measure in TABULATED:
                    values = measure_of(measure, expected[:, w], expected[:, 0])
                    add(arm, endpoint.name, week, measure, np.nan, values=values)
                for name, at, measure, threshold in responders:
                    if name == endpoint.name and at == week:
                        rising = endpoint.higher_is_better
                        values = measure_of(measure, measured[:, w], measured[:, 0], threshold, rising=rising)
                        add(arm, endpoint.name, week, measure, threshold, values=values)
    return pd.DataFrame(rows, columns=list(EXPECTED_COLUMNS))


def expected_notes(expected: pd.DataFrame, plan: Protocol) -> tuple[str, ...]:
    """For which outcomes some reference patients have no expected value, in sentences.

    Parameters
    ----------
    expected : pd.DataFrame
        Rows of `expected_table`; those of draw 0 are looked at.
    plan : Protocol
        The study.

    Returns
    -------
    tuple[str, ...]
        One sentence for each outcome of which a mean leaves somebody out.
    """
    notes: list[str] = []
    central = expected[expected["draw"] == 0]
    for _, choice in choices_of(plan):
        rows = central[
            (central["endpoint"] == choice.endpoint)
            & (central["week"] == choice.week)
            & (central["measure"] == choice.measure)
        ]
        if (rows["patients"] < rows["of"]).any():
            title, of_all = ENDPOINTS[choice.endpoint].title, int(rows["of"].iloc[0])
            counts = ", ".join(f"{n} in {arm}" for arm, n in zip(rows["arm"], rows["patients"], strict=True))
            why = "had 0 at baseline" if RESPONDERS.get(choice.measure, choice.measure) == PER_CENT else "had no hair"
            notes.append(
                f"Expected values of {title} at week {choice.week:g} are means over those of {of_all} reference "
                f"patients who have one ({counts}); the others {why}."
            )
    return tuple(dict.fromkeys(notes))


def responder_shares(plan: Protocol) -> list[tuple[str, float, str, float]]:
    """Endpoint, week, measure and threshold of every share of responders that a study asks for or was published."""
    wanted = [choice for _, choice in choices_of(plan)]
    published = [row for row in plan.study.observed if row.endpoint in ENDPOINTS]
    return list(
        dict.fromkeys(
            (row.endpoint, float(row.week), str(row.measure), float(row.threshold))
            for row in (*wanted, *published)
            if row.measure in RESPONDERS and row.week is not None and row.threshold is not None
        )
    )


def mean_of(values: FloatArray) -> float:
    """Mean over the patients that have a value; missing where none has."""
    whole = values[np.isfinite(values)]
    return float(whole.mean()) if len(whole) else float("nan")


def expected_effects(expected: pd.DataFrame, plan: Protocol) -> pd.DataFrame:
    """Expected effects of every parameter draw: differences of the arms' means, as rows of the effects table.

    The spread of `estimate` over draws 1, 2, ... is what parameters leave open; draw 0 is the central expectation.
    """
    rows: list[pd.DataFrame] = []
    for role, choice in choices_of(plan):
        threshold = np.nan if choice.threshold is None else choice.threshold
        chosen = expected[
            (expected["endpoint"] == choice.endpoint)
            & (expected["week"] == choice.week)
            & (expected["measure"] == choice.measure)
        ]
        if choice.measure in RESPONDERS:
            chosen = chosen[chosen["threshold"] == threshold]
        wide = chosen.pivot(index="draw", columns="arm", values="expected")
        for arm, control in contrasts_of(plan):
            difference = wide[arm] - (wide[control] if control != NO_CONTROL else 0.0)
            rows.append(
                pd.DataFrame(
                    {
                        "replicate": 0,
                        "draw": wide.index.to_numpy(),
                        "kind": "expected",
                        "role": role,
                        "endpoint": choice.endpoint,
                        "week": choice.week,
                        "measure": choice.measure,
                        "threshold": threshold,
                        "arm": arm,
                        "control": control,
                        "estimate": difference.to_numpy(),
                        "standard_error": np.nan,
                        "ci_low": np.nan,
                        "ci_high": np.nan,
                        "p_value": np.nan,
                        "n_arm": 0,
                        "n_control": 0,
                        "method": "mean over counterfactual twins",
                        "estimand": plan.study.analysis.estimand,
                    },
                    columns=list(EFFECT_COLUMNS),
                )
            )
    return pd.concat(rows, ignore_index=True)
