"""What the model expects of each arm under every parameter draw, with its Monte-Carlo error.

Each draw has reference patients of its own, in GROUPS groups that are trials of their own (other patients, other
batches of a product). With E_d the mean over the patients of draw d and v_d the variance of that mean, from the
spread between its groups:

    centre          mean over draws of E_d; from few draws, E of the central values
    its error       sd(E_d) / sqrt(draws) of independent draws; less where they are rows of a posterior that were taken
                    in balanced order (`analysis.balance`)
    spread          E_d is drawn towards the centre by sqrt(1 - mean(v_d) / var(E_d)), so that its spread is that of the
                    parameters and not of few patients; by LEAST_SPREAD at most, as both variances are estimates: where
                    patients make most of the spread, the band is an upper bound

Draws share no patients because the mean over draws is then a mean over all of them: between two draws the effect in one
patient is correlated by 0.3 only, so that shared patients would bring most of their luck into the mean.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from anagen.analysis.among import of_chosen
from anagen.analysis.balance import Balance
from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.effects import EFFECT_COLUMNS, choices_of, contrasts_of
from anagen.analysis.measures import TABULATED, measure_of
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.measures import PER_CENT, RESPONDERS
from anagen.scalp import ENDPOINTS, Readings
from anagen.study.models import EndpointChoice
from anagen.trials.estimands import with_composite
from anagen.trials.protocol import Protocol
from anagen.trials.reference import GROUPS

OF_GROUPS = tuple(f"group_{number}" for number in range(GROUPS))
EXPECTED_COLUMNS = (
    "draw", "arm", "endpoint", "week", "measure", "threshold", "expected", *OF_GROUPS, "patients", "of"
)  # fmt: skip
LEAST_SPREAD = 0.5
"""Least factor by which the spread of draws is freed of the noise of patients."""


def expected_table(
    readings: Sequence[Readings], plan: Protocol, *, draw: int, event_weeks: Sequence[FloatArray] | None = None
) -> pd.DataFrame:
    """Mean expected value of every measure of every endpoint and week in each arm, over the reference patients.

    Responder shares, and values of patients who were chosen by what was measured, are taken from readings with
    measurement error, everything else from expected readings.

    Parameters
    ----------
    readings : Sequence[Readings]
        Of each arm, from `trials.reference.expected_readings`.
    plan : Protocol
        The study.
    draw : int
        Number of the parameter draw.
    event_weeks : Sequence[FloatArray] or None
        Of each arm, from `trials.reference.expected_with_events`.

    Returns
    -------
    pd.DataFrame
        Table with EXPECTED_COLUMNS: the mean over all patients and over each group, and how many patients have a value
        of how many.
    """
    keys: list[tuple[object, ...]] = []
    columns: list[FloatArray] = []
    responders = responder_shares(plan)
    for number, (arm, reading) in enumerate(zip(plan.arms, readings, strict=True)):
        after = None if event_weeks is None else event_weeks[number]
        for e, endpoint in enumerate(plan.endpoints):
            expected, measured = reading.expected[:, :, e], reading.measured[:, :, e]
            of_measure = [measure_of(measure, expected, expected[:, :1]) for measure in TABULATED]
            for w, week in enumerate(plan.weeks.tolist()):
                for measure, values in zip(TABULATED, of_measure, strict=True):
                    keys.append((draw, arm, endpoint.name, week, measure, math.nan))
                    columns.append(with_composite(values[:, w], after, week, endpoint.name, measure, plan))
                for name, at, measure, threshold in responders:
                    if name == endpoint.name and at == week:
                        rising = endpoint.higher_is_better
                        keys.append((draw, arm, endpoint.name, week, measure, threshold))
                        share = measure_of(measure, measured[:, w], measured[:, 0], threshold, rising=rising)
                        columns.append(with_composite(share, after, week, endpoint.name, measure, plan))
        for row, values, chosen in of_chosen(reading, plan):
            week, threshold = float(row.week or 0.0), math.nan if row.threshold is None else row.threshold
            keys.append((draw, arm, row.endpoint, week, row.tabulated, threshold))
            of_all = with_composite(values, after, week, row.endpoint, row.measure, plan)
            columns.append(np.where(chosen, of_all, np.nan))
    values = np.stack(columns)
    groups = mean_of(values.reshape(len(values), -1, GROUPS).swapaxes(1, 2))
    described = dict(zip(EXPECTED_COLUMNS[:6], zip(*keys, strict=True), strict=True))
    numbers = {"expected": mean_of(values), **dict(zip(OF_GROUPS, groups.T, strict=True))}
    counts = {"patients": np.isfinite(values).sum(axis=1), "of": values.shape[1]}
    return pd.DataFrame({**described, **numbers, **counts}, columns=list(EXPECTED_COLUMNS))


def mean_of(values: FloatArray) -> FloatArray:
    """Mean over the patients that have a value, along the last axis; missing where none has."""
    whole = np.isfinite(values)
    n = whole.sum(axis=-1)
    sums = np.where(whole, values, 0.0).sum(axis=-1)
    return np.divide(sums, n, out=np.full(n.shape, np.nan), where=n > 0)


def responder_shares(plan: Protocol) -> list[tuple[str, float, str, float]]:
    """Endpoint, week, measure and threshold of every share of responders that a study asks for or was published."""
    wanted = [choice for _, choice in choices_of(plan)]
    published = [row for row in plan.study.observed if row.endpoint in ENDPOINTS and row.among is None]
    return list(
        dict.fromkeys(
            (row.endpoint, float(row.week), str(row.measure), float(row.threshold))
            for row in (*wanted, *published)
            if row.measure in RESPONDERS and row.week is not None and row.threshold is not None
        )
    )


def over_draws(
    rows: pd.DataFrame, arm: str, control: str | None = None, *, balance: Balance | None = None
) -> pd.DataFrame:
    """Expected value of an arm, or of its difference from another, under every draw and in the centre.

    Parameters
    ----------
    rows : pd.DataFrame
        Rows of `expected_table` of one endpoint, week, measure and threshold, every draw and arm.
    arm : str
        The arm.
    control : str or None
        The arm it is compared with, patient by patient; None for the arm alone.
    balance : Balance or None
        From `balance_of`, which rows of a posterior the draws took; None where they are independent.

    Returns
    -------
    pd.DataFrame
        Columns expected and error, the Monte-Carlo standard error, by draw; draw 0 is the centre.

    Examples
    --------
    >>> values = {"expected": [1.0, 3.0], "group_0": [0.5, 3.0], "group_1": [1.5, 3.0]}
    >>> rows = pd.DataFrame({"draw": [0, 1], "arm": "a", **values, "group_2": [1.0, 3.0], "group_3": [1.0, 3.0]})
    >>> over_draws(rows, "a").round(3).to_dict("list")
    {'expected': [1.0, 3.0], 'error': [0.204, 0.0]}
    """
    chosen = rows[rows["arm"] == arm].sort_values("draw")
    columns = ["expected", *OF_GROUPS]
    values = chosen[columns].to_numpy(dtype=np.float64)
    if control is not None:
        values = values - rows[rows["arm"] == control].sort_values("draw")[columns].to_numpy(dtype=np.float64)
    draws, expected, error = centred(chosen["draw"].to_numpy(), values[:, 0], values[:, 1:], balance)
    return pd.DataFrame({"expected": expected, "error": error}, index=pd.Index(draws, name="draw"))


def centred(
    draws: IntArray, expected: FloatArray, groups: FloatArray, balance: Balance | None = None
) -> tuple[IntArray, FloatArray, FloatArray]:
    """Values and errors of the centre, as draw 0, and of every draw.

    Parameters
    ----------
    draws : IntArray, shape (n_draws,)
        Increasing, 0 for the central values.
    expected : FloatArray, shape (n_draws,)
        Mean over the reference patients.
    groups : FloatArray, shape (n_draws, GROUPS)
        Mean over each group of them.
    balance : Balance or None
        From `balance_of`, which rows of a posterior the draws took; None where they are independent.

    Returns
    -------
    draws : IntArray, shape (n,)
        0 and every draw.
    expected : FloatArray, shape (n,)
        The centre, and the draws with the spread of the parameters alone.
    error : FloatArray, shape (n,)
        Monte-Carlo standard errors.
    """
    errors, drawn = error_of_groups(groups), draws > 0
    if drawn.sum() < LEAST_DRAWS:
        return draws, expected, errors
    centre, error, spread = centre_of(
        expected[drawn], errors[drawn] ** 2, None if balance is None else balance.of(draws[drawn])
    )
    return (
        np.concatenate([[0], draws[drawn]]),
        np.concatenate([[centre], centre + spread * (expected[drawn] - centre)]),
        np.concatenate([[error], errors[drawn]]),
    )


def error_of_groups(groups: FloatArray) -> FloatArray:
    """Monte-Carlo standard error of a mean over reference patients, from the spread between their groups.

    Parameters
    ----------
    groups : FloatArray, shape (..., GROUPS)
        Mean over each group.

    Returns
    -------
    FloatArray, shape (...)
        Standard errors.

    Examples
    --------
    >>> error_of_groups(np.array([0.5, 1.5, 1.0, 1.0])).round(3).tolist()
    0.204
    """
    deviation = groups - groups.mean(axis=-1, keepdims=True)
    return np.sqrt((deviation**2).sum(axis=-1) / ((GROUPS - 1) * GROUPS))


def draws_to_simulate(draws: int) -> range:
    """Numbers of the draws that a run of so many simulates: with the central values, 0, where they are few.

    Parameters
    ----------
    draws : int
        Parameter draws that are asked for.

    Returns
    -------
    range
        From 0 or 1.

    Examples
    --------
    >>> draws_to_simulate(2), draws_to_simulate(200)
    (range(0, 3), range(1, 201))
    """
    return range(1 if draws >= LEAST_DRAWS else 0, draws + 1)


def centre_of(
    expected: FloatArray, variance: FloatArray | None = None, balance: Balance | None = None
) -> tuple[float, float, float]:
    """Mean over draws, its Monte-Carlo standard error, and the factor on spreads that takes patients out of them.

    Parameters
    ----------
    expected : FloatArray, shape (n_draws,)
        Expected value of each draw, in order.
    variance : FloatArray or None, shape (n_draws,)
        Of each mean, from its few patients; None where there are none.
    balance : Balance or None
        Of the same draws; None where they are independent.

    Returns
    -------
    centre : float
        Mean over the draws that have a value.
    error : float
        Its standard error.
    spread : float
        LEAST_SPREAD to 1.

    Examples
    --------
    >>> centre, error, spread = centre_of(np.arange(100.0), np.full(100, 8.25))
    >>> float(centre), round(float(spread), 3)
    (49.5, 0.995)
    """
    there = np.isfinite(expected)
    whole = expected[there]
    if len(whole) < 2:
        return (float(whole.mean()) if len(whole) else math.nan), math.nan, 1.0
    total = float(whole.var(ddof=1))
    noise = 0.0 if variance is None else float(np.nanmean(variance)) if np.isfinite(variance).any() else 0.0
    error = math.sqrt(total / len(whole))
    if balance is not None:
        error = balance.of(1 + np.flatnonzero(there)).error(whole, noise)
    spread = math.sqrt(max(0.0, 1.0 - noise / total)) if total > 0.0 else 1.0
    return float(whole.mean()), error, max(spread, LEAST_SPREAD)


def rows_of(choice: EndpointChoice, expected: pd.DataFrame) -> pd.DataFrame:
    """Rows of the table of one outcome."""
    chosen = expected[
        (expected["endpoint"] == choice.endpoint)
        & (expected["week"] == choice.week)
        & (expected["measure"] == choice.measure)
    ]
    return chosen[chosen["threshold"] == choice.threshold] if choice.measure in RESPONDERS else chosen


def expected_effects(expected: pd.DataFrame, plan: Protocol, *, balance: Balance | None = None) -> pd.DataFrame:
    """Expected effects of the centre and of every parameter draw, as rows of the effects table.

    The spread of `estimate` over draws 1, 2, ... is what parameters leave open; draw 0 is the centre.

    Parameters
    ----------
    expected : pd.DataFrame
        Rows of `expected_table` of every draw.
    plan : Protocol
        The study.
    balance : Balance or None
        From `balance_of`, which rows of a posterior the draws took; None where they are independent.

    Returns
    -------
    pd.DataFrame
        Table with EFFECT_COLUMNS, kind "expected"; the standard error is that of the simulation.
    """
    rows: list[pd.DataFrame] = []
    for role, choice in choices_of(plan):
        chosen = rows_of(choice, expected)
        for arm, control in contrasts_of(plan):
            found = over_draws(chosen, arm, None if control == NO_CONTROL else control, balance=balance)
            rows.append(
                pd.DataFrame(
                    {
                        "replicate": 0,
                        "draw": found.index.to_numpy(),
                        "kind": "expected",
                        "role": role,
                        "endpoint": choice.endpoint,
                        "week": choice.week,
                        "measure": choice.measure,
                        "threshold": np.nan if choice.threshold is None else choice.threshold,
                        "arm": arm,
                        "control": control,
                        "estimate": found["expected"].to_numpy(),
                        "standard_error": found["error"].to_numpy(),
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


def expected_notes(expected: pd.DataFrame, plan: Protocol) -> tuple[str, ...]:
    """For which outcomes some reference patients have no expected value, in sentences.

    Parameters
    ----------
    expected : pd.DataFrame
        Rows of `expected_table` of every draw.
    plan : Protocol
        The study.

    Returns
    -------
    tuple[str, ...]
        One sentence for each outcome of which a mean leaves somebody out.
    """
    notes: list[str] = []
    for _, choice in choices_of(plan):
        rows = rows_of(choice, expected)
        if (rows["patients"] < rows["of"]).any():
            together = rows.groupby("arm", sort=False)[["patients", "of"]].sum()
            title, of_all = ENDPOINTS[choice.endpoint].title, int(together["of"].iloc[0])
            counts = ", ".join(f"{n} in {arm}" for arm, n in together["patients"].items())
            why = "had 0 at baseline" if RESPONDERS.get(choice.measure, choice.measure) == PER_CENT else "had no hair"
            notes.append(
                f"Expected values of {title} at week {choice.week:g} are means over those of {of_all} reference "
                f"patients who have one ({counts}); the others {why}."
            )
    return tuple(dict.fromkeys(notes))
