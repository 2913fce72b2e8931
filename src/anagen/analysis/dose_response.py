"""Is there a dose-response, of which shape, and which dose has the effect that is wanted (MCP-Mod), in every trial."""

from __future__ import annotations

import numpy as np
import pandas as pd

from anagen.analysis.batch import Batch, endpoint_place, visit_place
from anagen.analysis.complete import arm_index, covariates_of, of_own_arm, outcome_of
from anagen.analysis.decisions import level_of, wanted_direction
from anagen.core.arrays import FloatArray, IntArray
from anagen.core.errors import InputError
from anagen.results.schema import TABLES
from anagen.statistics.comparisons import TrialData
from anagen.statistics.dose_finding.contrast_test import contrast_statistics
from anagen.statistics.dose_finding.data import DoseResponse
from anagen.statistics.dose_finding.fit import fit
from anagen.statistics.dose_finding.models import SHAPES, Candidate
from anagen.statistics.dose_finding.target_dose import dose_for, target_dose
from anagen.statistics.single_imputation import last_observation_carried_forward
from anagen.study import analysis as said
from anagen.study.claims import pairs_of
from anagen.trials.protocol import Protocol

COLUMNS = tuple(column.name for column in TABLES["dose_response"].columns)


def dose_response_table(batch: Batch, plan: Protocol, *, curves: bool = True) -> pd.DataFrame:
    """One row per trial and candidate shape.

    Means of the doses are those of one ANCOVA of all arms, baseline and the study's covariates as covariates, complete
    cases. A shape whose contrast is significant is fitted; the target dose is that of the fitted curve.

    Parameters
    ----------
    batch : Batch
        Parallel trials.
    plan : Protocol
        Whose analysis has a dose_response.
    curves : bool
        Whether curves are fitted and target doses told; the interval of a target dose in trial 0 alone.

    Returns
    -------
    pd.DataFrame
        Table "dose_response".
    """
    section, choice = plan.study.analysis.dose_response, plan.study.endpoints.primary
    assert section is not None  # the caller has looked
    arms, doses = arms_of(section, plan)
    candidates = [Candidate(each.shape, tuple(each.parameters[name] for name in SHAPES[each.shape].parameters))
                  for each in section.shapes]  # fmt: skip
    sign, level = int(wanted_direction(choice)), level_of(plan)
    rows: list[dict[str, object]] = []
    for trial, (means, covariance, df) in enumerate(_means(batch, plan, arms)):
        label: dict[str, object] = {
            "replicate": int(batch.replicates[trial]),
            "draw": int(batch.draws[trial]),
            "endpoint": choice.endpoint,
            "week": choice.week,
            "level": level,
        }
        if not np.isfinite(means).all():
            nothing: dict[str, object] = {"statistic": np.nan, "p_value": 1.0, "shown": False}
            rows.extend({**label, "shape": each.shape, **nothing} for each in candidates)
            continue
        data = DoseResponse.of(doses, means, covariance, df)
        t, p = contrast_statistics(data, candidates, sign)
        for each, statistic, p_value in zip(candidates, t, p, strict=True):
            found = label | {"shape": each.shape, "statistic": statistic, "p_value": p_value}
            found["shown"] = bool(p_value <= level)
            if found["shown"] and curves:
                found |= _curve(data, each.shape, section, sign, interval=int(batch.replicates[trial]) == 0)
            rows.append(found)
    table = pd.DataFrame(rows)
    for name in COLUMNS:
        if name not in table:
            table[name] = np.nan
    return table[list(COLUMNS)]


def arms_of(section: said.DoseResponse, plan: Protocol) -> tuple[list[int], list[float]]:
    """Indices of the arms with a dose, the control first, and their doses."""
    control = next(other for arm, other in pairs_of(plan.study) if arm in section.doses)
    of_arm = {control: 0.0} | {arm: dose.value for arm, dose in section.doses.items() if arm != control}
    return [plan.arms.index(arm) for arm in of_arm], list(of_arm.values())


def _curve(
    data: DoseResponse, shape: str, section: said.DoseResponse, sign: int, *, interval: bool
) -> dict[str, object]:
    """The fitted curve of a shape, and the dose that it gives for the target."""
    try:
        fitted = fit(data, shape)
        found: dict[str, object] = {"aic": fitted.aic}
        if section.target is None:
            return found
        effect = sign * section.target.value
        if interval:
            told = target_dose(data, fitted, effect)
            return found | {"target_dose": told.dose, "target_low": told.low, "target_high": told.high}
        return found | {"target_dose": dose_for(fitted, effect)}
    except InputError:
        # a curve that cannot be fitted to these means has neither: the cells stay empty, the test stands
        return {}


def _means(batch: Batch, plan: Protocol, arms: list[int]) -> list[tuple[FloatArray, FloatArray, float]]:
    """Adjusted means of some arms in every trial, with their covariance and degrees of freedom."""
    choice = plan.study.endpoints.primary
    values = batch.measured[..., endpoint_place(plan, choice.endpoint)]
    if plan.study.analysis.missing == "last_observation":
        values = last_observation_carried_forward(values)
    outcome = outcome_of(batch, values[..., visit_place(plan, choice.week)], values[..., 0], choice, plan)
    arm = arm_index(batch)
    own, baseline = of_own_arm(outcome, arm), of_own_arm(values[..., 0], arm)
    covariates = covariates_of(batch)
    data = TrialData(own, baseline, arm, len(plan.arms), own[..., None], np.array([choice.week]), 0, covariates)
    used = (arm >= 0) & np.isfinite(own) & np.isfinite(baseline)
    for covariate in covariates:
        used &= np.isfinite(covariate.values)
    cube, held = data.columns(used)
    return [_adjusted(own[i][used[i]], arm[i][used[i]], cube[i][used[i]][:, held[i]], arms) for i in range(len(own))]


def _adjusted(y: FloatArray, arm: IntArray, x: FloatArray, arms: list[int]) -> tuple[FloatArray, FloatArray, float]:
    there, code = np.unique(arm, return_inverse=True)
    n = np.bincount(code)
    df = float(len(y) - len(there) - x.shape[1])
    k = len(arms)
    if not set(arms) <= set(there.tolist()) or df < 1.0:
        return np.full(k, np.nan), np.full((k, k), np.nan), df
    y_mean = np.bincount(code, weights=y) / n
    x_mean = np.stack([np.bincount(code, weights=column) / n for column in x.T], axis=1) if x.size else x[: len(there)]
    dy, dx = y - y_mean[code], x - x_mean[code]
    squares = dx.T @ dx
    if x.shape[1] and np.linalg.matrix_rank(squares) < x.shape[1]:
        return np.full(k, np.nan), np.full((k, k), np.nan), df
    inverse = np.linalg.inv(squares) if x.shape[1] else squares
    b = inverse @ (dx.T @ dy)
    residual = dy - dx @ b
    place = [int(np.flatnonzero(there == each)[0]) for each in arms]
    far = x_mean[place] - x.mean(axis=0)
    variance = float(residual @ residual) / df
    return y_mean[place] - far @ b, variance * (np.diag(1.0 / n[place]) + far @ inverse @ far.T), df
