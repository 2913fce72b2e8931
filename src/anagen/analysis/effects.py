"""Effects of the arms of a trial over their control, from measured data and as the model expects them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.ancova import Estimate, ancova, paired_ancova, risk_difference, within_arm
from anagen.analysis.measures import TABULATED, measure_of
from anagen.core.arrays import FloatArray
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
    seen = visits[visits["assigned"].to_numpy()]
    rows: list[dict[str, Any]] = []
    for role, choice in choices_of(plan):
        wide = {arm: outcome_of(seen, arm, choice) for arm in plan.arms}
        for arm, control in contrasts_of(plan):
            estimate = compare(wide[arm], wide.get(control), choice, plan)
            rows.append(
                {
                    "replicate": replicate,
                    "draw": 0,
                    "kind": "trial",
                    "role": role,
                    "endpoint": choice.endpoint,
                    "week": choice.week,
                    "measure": choice.measure,
                    "threshold": np.nan if choice.threshold is None else choice.threshold,
                    "arm": arm,
                    "control": control,
                    **asdict(estimate),
                    "estimand": plan.study.analysis.estimand,
                }
            )
    return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))


def outcome_of(seen: pd.DataFrame, arm: str, choice: EndpointChoice) -> tuple[FloatArray, FloatArray]:
    """Outcome and baseline of the patients of an arm, ordered by patient."""
    rows = seen[(seen["arm"] == arm) & (seen["endpoint"] == choice.endpoint)]
    baseline = rows[rows["week"] == 0.0].sort_values("patient")["measured"].to_numpy(dtype=np.float64)
    value = rows[rows["week"] == choice.week].sort_values("patient")["measured"].to_numpy(dtype=np.float64)
    rising = ENDPOINTS[choice.endpoint].higher_is_better
    return measure_of(choice.measure, value, baseline, choice.threshold, rising=rising), baseline


def compare(
    arm: tuple[FloatArray, FloatArray],
    control: tuple[FloatArray, FloatArray] | None,
    choice: EndpointChoice,
    plan: Protocol,
) -> Estimate:
    """The estimate that suits the measure and the layout."""
    alpha = plan.study.analysis.alpha
    if control is None:
        return within_arm(arm[0], alpha=alpha)
    if choice.measure in RESPONDERS:
        return risk_difference(arm[0], control[0], paired=plan.split_scalp, alpha=alpha)
    adjust = paired_ancova if plan.split_scalp else ancova
    return adjust(arm[0], arm[1], control[0], control[1], alpha=alpha)


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
