"""What stands beside the model's mean effect: the next product or trial, and published trials pooled without a model.

The effect of the next product or trial under draw d is E_d + h_d u, with the spread h between trials of its kind
(`heterogeneity.drug`, `heterogeneity.procedure`) and u standard normal, made without random numbers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.bands import BAND, LEAST_DRAWS
from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.effects import contrasts_of
from anagen.analysis.expected import over_draws
from anagen.core.arrays import FloatArray
from anagen.evidence.between import kind_of
from anagen.evidence.bias_adjusted import SMALL, bias_adjusted
from anagen.evidence.estimates import Question, select
from anagen.evidence.predictive import NOISE_QUANTILES
from anagen.evidence.table import Published, published_trials
from anagen.scalp import ENDPOINTS
from anagen.statistics.shares import two_sided
from anagen.trials.protocol import Protocol

POOLED_ENDPOINTS = ("total_density", "nonvellus_density", "terminal_density")
"""Endpoints of whose changes trials are pooled, in hairs/cm2; the first of those with most trials is taken."""


def beside_model(plan: Protocol, expected: pd.DataFrame, values: Sequence[Mapping[str, float]]) -> list[dict[str, Any]]:
    """What `beside_effect` tells of every contrast with a control in the primary endpoint.

    Parameters
    ----------
    plan : Protocol
        The study.
    expected : pd.DataFrame
        Table of `expected_table`, all draws.
    values : Sequence[Mapping[str, float]]
        Parameter values of draws 1, 2, ...

    Returns
    -------
    list of dict
        Contrasts of which something is told.
    """
    choice = plan.study.endpoints.primary
    primary = (expected["endpoint"] == choice.endpoint) & (expected["week"] == float(choice.week))
    rows = expected[primary & (expected["measure"] == choice.measure)]
    told: list[dict[str, Any] | None] = []
    controls = {arm.name for arm in plan.study.arms if arm.control}
    for arm, control in contrasts_of(plan):
        if control != NO_CONTROL and arm not in controls:
            drawn = over_draws(rows, arm, control)["expected"]
            told.append(beside_effect(plan, arm, control, drawn[drawn.index > 0].to_numpy(), values))
    return [each for each in told if each is not None]


def beside_effect(
    plan: Protocol, arm: str, control: str, expected: FloatArray, values: Sequence[Mapping[str, float]]
) -> dict[str, Any] | None:
    """What is told beside the expected difference of two arms in the primary endpoint.

    Parameters
    ----------
    plan : Protocol
        The study.
    arm : str
        Treated.
    control : str
        What it is compared with.
    expected : FloatArray, shape (n_draws,)
        Expected difference under each draw [hairs/cm2].
    values : Sequence[Mapping[str, float]]
        Parameter values of each draw.

    Returns
    -------
    dict or None
        next_low, next_high (5 and 95 % of the true effect of a further product or trial), spread (median SD between
        trials), and trials: what `meta_analysis` finds; None where the endpoint does not count hairs, or draws are
        fewer than LEAST_DRAWS.
    """
    choice = plan.study.endpoints.primary
    counted = ENDPOINTS[choice.endpoint].shifted and choice.measure in ("change", "value")
    kind = kind_of(plan.prescriptions[plan.arms.index(arm)])
    if not counted or kind == "none" or len(expected) < LEAST_DRAWS:
        return None
    spread = np.array([each[f"heterogeneity.{kind}"] for each in values])
    samples = (np.asarray(expected)[:, None] + spread[:, None] * NOISE_QUANTILES).ravel()
    low, high = np.quantile(samples, BAND).tolist()
    pooled = meta_analysis(plan, arm, control)
    return {
        "arm": arm,
        "control": control,
        "kind": kind,
        "next_low": low,
        "next_high": high,
        "spread": float(np.median(spread)),
        "trials": None if pooled is None else pooled,
    }


def meta_analysis(plan: Protocol, arm: str, control: str) -> dict[str, Any] | None:
    """Published controlled trials of what one arm is given beyond another, pooled with their bias.

    Returns
    -------
    dict or None
        Therapy, endpoint and what `bias_adjusted` says; None where the arms differ in more than one therapy, or no
        controlled trial of it with a standard error is known.
    """
    given = [
        {entry.therapy.name for entry in plan.prescriptions[plan.arms.index(name)] if not entry.therapy.is_control}
        for name in (arm, control)
    ]
    added = given[0] - given[1]
    if len(added) != 1 or given[1] - given[0]:
        return None
    therapy = next(iter(added))
    return pooled_trials(
        therapy,
        week=float(plan.study.endpoints.primary.week),
        background="+".join(sorted(given[1])),
        condition=plan.study.population.condition,
        biased=kind_of(plan.prescriptions[plan.arms.index(arm)]) == "procedure",
    )


def pooled_trials(
    therapy: str, *, week: float, background: str = "", condition: str = "aga", biased: bool = True
) -> dict[str, Any] | None:
    """Controlled trials of a therapy on top of a background, pooled, less their bias where they are `biased`.

    None where there is none.

    Examples
    --------
    >>> found = pooled_trials("prp", week=24.0)
    >>> found["trials"], found["endpoint"]
    (2, 'total_density')
    """
    rows = [row for row in published_trials() if row.condition in (condition, "")]
    best: list[tuple[float, float, float, str]] = []
    counted = ""
    for endpoint in POOLED_ENDPOINTS:
        question = Question(therapy, endpoint, week=week, kind="contrast", background=background)
        found = [(e.value, e.se, 0.5 * float(e.n or 0), e.label) for e in select(rows, question).estimates if e.n]
        found += _by_others(rows, question)
        if len(found) > len(best):
            best, counted = found, endpoint
    if not best:
        return None
    effects, errors, sizes, labels = zip(*best, strict=True)
    told = bias_adjusted(effects, errors, [size if biased else math.inf for size in sizes])
    found_by = {"names": list(labels), "found": list(effects), "patients": [2.0 * size for size in sizes]}
    return {"therapy": therapy, "endpoint": counted, **found_by, **asdict(told)}


def _by_others(rows: Sequence[Published], question: Question) -> list[tuple[float, float, float, str]]:
    """The largest meta-analysis of others, which counts as one trial of SMALL patients per arm; none where none has an
    interval.
    """
    background = set(filter(None, (question.background or "").split("+")))
    pooled = [
        row
        for row in rows
        if row.kind == "pooled_contrast"
        and (row.endpoint, row.measure) == (question.endpoint, question.measure)
        and row.treatments - {question.therapy} == row.background == background
        and question.therapy in row.treatments
        and row.use != "exclude"
        and None not in (row.mean, row.ci_low, row.ci_high)
    ]
    largest = max(pooled, key=lambda row: (row.n_total or 0, row.year or 0), default=None)
    if largest is None:
        return []
    assert largest.mean is not None and largest.ci_low is not None and largest.ci_high is not None
    error = (largest.ci_high - largest.ci_low) / (2.0 * two_sided(0.05))
    name = " ".join(word.capitalize() for word in largest.study.removesuffix("-pooled").split("-"))
    return [(largest.mean, error, SMALL, f"{name} (several trials pooled)")]
