"""Gains of the same patients under every treatment, per parameter draw, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from anagen.analysis.balance import Balance, balance_of
from anagen.analysis.bands import LEAST_DRAWS, band
from anagen.analysis.expected import OF_GROUPS, centred, mean_of
from anagen.comparative.design import Comparison
from anagen.core.arrays import FloatArray
from anagen.core.provenance import sha256_of_json
from anagen.core.streams import TRIAL_LEVEL, Purpose, address_of, normals
from anagen.evidence.between import REFERENCE_LEVEL, Kind, kind_of
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key, threads_for
from anagen.parameters import ParameterSource, Source, parameter_source
from anagen.runs.tasks import blocks
from anagen.scalp import ENDPOINTS
from anagen.trials.cost import seconds_of_draw, size_of
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.reference import GROUPS, expected_readings, reference_scene

LARGEST_NNT = 1000.0
REPEATS = 100
"""Trials of each treatment that are drawn for every parameter draw, to see which would come out best."""


@dataclass(frozen=True, slots=True)
class Look:
    """One task: parameter draws of a comparison."""

    comparison: Comparison
    source: ParameterSource
    seed: int
    draws: range
    patients: int
    threshold: float
    threads: int


@dataclass(frozen=True, slots=True)
class ComparisonResult:
    """A finished comparison.

    Parameters
    ----------
    comparison : Comparison
        What was compared.
    table : pandas.DataFrame
        One row per treatment, the largest gain first; see `ranking.ranked` and `facts.with_facts`.
    tables : Tables
        Courses and shares of responders by arm and draw.
    manifest : dict
        What is needed to repeat it.
    """

    comparison: Comparison
    table: pd.DataFrame
    tables: Tables
    manifest: dict[str, object]


def simulate_gains(
    comparison: Comparison,
    *,
    seed: int = 1,
    patients: int = 200,
    draws: int = 200,
    threshold: float = 10.0,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
) -> Tables:
    """Gains of every treatment over its own control, in the same patients, on central values and parameter draws.

    Parameters
    ----------
    comparison : Comparison
        Treatments.
    seed : int, default 1
        Of every draw.
    patients : int, default 200
        Reference patients of the central values; each parameter draw has DRAW_PATIENTS of its own.
    draws : int, default 200
        Parameter draws beside the central values.
    threshold : float, default 10.0
        Least gain of a responder, in the endpoint's unit.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path, optional
        Keeps finished draws.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    source : Source, default "default"
        Of the parameters.

    Returns
    -------
    Tables
        "courses": draw, arm, week, gain. "shares": draw, arm, responders, control_responders, best (share of patients
        whose best treatment it is), between_sd (standard deviation between trials of the treatment's gain).
    """
    source = parameter_source(source)
    parameters_sha256 = study_parameters(comparison.study, source.load()).sha256()
    content = sha256_of_json({"study": comparison.study.model_dump(mode="json"), "n": patients, "threshold": threshold})
    threads = threads_for(workers)

    def task(numbers: range) -> Task[Look]:
        key = task_key(
            study_sha256=content,
            parameters_sha256=parameters_sha256,
            seed=seed,
            replicates=(0, 0),
            draws=(numbers.start, numbers.stop),
        )
        name = f"parameter draws {numbers.start} to {numbers.stop - 1}"
        return Task(name, key, Look(comparison, source, seed, numbers, patients, threshold, threads))

    size = size_of(comparison.study, source.load().draw(seed, 0), trials=0, draws=draws)
    several = blocks(draws, seconds_of_draw(size))
    tasks = [task(range(1)), *(task(range(1 + part.start, 1 + part.stop)) for part in several)]
    store = None if work_dir is None else ChunkStore(work_dir)
    tables = gather(run_tasks(tasks, look, workers=workers, store=store, progress=progress))
    balance = balance_of(study_parameters(comparison.study, source.load()), seed=seed, draws=draws)
    return {"courses": centred_rows(tables["courses"], "gain", balance), "shares": tables["shares"]}


def look(task: Task[Look]) -> Tables:
    """Tables of some parameter draws."""
    block = task.payload
    study, treatments = block.comparison.study, block.comparison.treatments
    plan, parameters = protocol(study), study_parameters(study, block.source.load())
    # a gain is an improvement: SALT falls where it gets better
    sign = 1.0 if ENDPOINTS[study.endpoints.primary.endpoint].higher_is_better else -1.0
    control = block.comparison.own_control
    courses: list[Mapping[str, object]] = []
    shares: list[Mapping[str, object]] = []
    for draw in block.draws:
        scene = reference_scene(
            plan, parameters.draw(block.seed, draw), seed=block.seed, draw=draw, threads=block.threads
        )
        readings = expected_readings(scene, draw=draw, n_patients=None if draw else block.patients)
        of_arm = {name: reading.expected[:, :, 0] for name, reading in zip(plan.arms, readings, strict=True)}
        change = {name: sign * (reading - reading[:, :1]) for name, reading in of_arm.items()}
        # who responds is decided by what is measured, with its error, as in a trial
        read = {name: reading.measured[:, :, 0] for name, reading in zip(plan.arms, readings, strict=True)}
        seen = {name: sign * (values[:, -1] - values[:, 0]) for name, values in read.items()}
        level = float(np.nanmean(of_arm[treatments[0]][:, 0]))
        gain = {name: change[name] - change[control[name]] for name in treatments}
        best = best_of(np.stack([gain[name][:, -1] for name in treatments]))
        for k, name in enumerate(treatments):
            own, against = (share_above(seen[arm], block.threshold) for arm in (name, control[name]))
            more = reached(seen[name], block.threshold) - reached(seen[control[name]], block.threshold)
            given = plan.prescriptions[plan.arms.index(name)]
            acts = any(entry.therapy.actions or entry.route.act is not None for entry in given)
            kind = kind_of(given) if acts else "none"
            spread = spread_between_trials(study.endpoints.primary.endpoint, kind, level, scene.values)
            shares.append(
                {"draw": draw, "arm": name, "responders": own, "control_responders": against, "best": float(best[k])}
                | {"more": own - against, "between_sd": spread, **groups_of_patients(more)}
            )
            courses += [
                {"draw": draw, "arm": name, "week": float(week), "gain": float(np.nanmean(gain[name][:, i]))}
                | groups_of_patients(gain[name][:, i])
                for i, week in enumerate(plan.weeks)
            ]
    return {"courses": pd.DataFrame(courses), "shares": pd.DataFrame(shares)}


def groups_of_patients(values: FloatArray) -> dict[str, float]:
    """Mean over each group of the reference patients, whose spread tells the Monte-Carlo error."""
    means = mean_of(values.reshape(-1, GROUPS).T)
    return dict(zip(OF_GROUPS, means.tolist(), strict=True))


def centred_rows(rows: pd.DataFrame, column: str, balance: Balance | None = None) -> pd.DataFrame:
    """Rows by draw with draw 0 at the centre, draws without the noise of few patients, and the Monte-Carlo error.

    Parameters
    ----------
    rows : pd.DataFrame
        Columns draw, arm, perhaps week, the column, and those of the groups.
    column : str
        What is centred.
    balance : Balance or None
        Which rows of a posterior the draws took; None where they are independent, or no error is asked for.

    Returns
    -------
    pd.DataFrame
        Columns draw, arm, perhaps week, the column and error.
    """
    keys = [name for name in ("arm", "week") if name in rows]
    parts: list[pd.DataFrame] = []
    for key, part in rows.groupby(keys, sort=False):
        ordered = part.sort_values("draw")
        draws, values, error = centred(
            ordered["draw"].to_numpy(), ordered[column].to_numpy(), ordered[list(OF_GROUPS)].to_numpy(), balance
        )
        described = dict(zip(keys, key, strict=True)) if isinstance(key, tuple) else {keys[0]: key}
        parts.append(pd.DataFrame({"draw": draws, **described, column: values, "error": error}))
    return pd.concat(parts, ignore_index=True)


def reached(values: FloatArray, threshold: float) -> FloatArray:
    """1 where a value reaches a threshold, 0 where it does not, missing where there is none."""
    return np.where(np.isfinite(values), (values >= threshold).astype(np.float64), np.nan)


def share_above(values: FloatArray, threshold: float) -> float:
    """Share of patients at or above a threshold; patients without a value are left out."""
    return float(mean_of(reached(values, threshold)))


def best_of(gains: FloatArray) -> FloatArray:
    """Share of patients for whom each treatment gains most; ties are split.

    Examples
    --------
    >>> best_of(np.array([[1.0, 2.0], [0.0, 2.0]])).tolist()
    [0.75, 0.25]
    """
    top = gains == np.nanmax(gains, axis=0)
    return np.asarray((top / top.sum(axis=0)).mean(axis=1), dtype=np.float64)


def spread_between_trials(endpoint: str, kind: Kind, level: float, values: Mapping[str, float]) -> float:
    """Standard deviation between trials of the true gain of one treatment, in the endpoint's unit.

    Trials of one drug or one procedure differ by more than their patients (other products, other hands, other people).
    See `anagen.evidence.between`, which takes the same spread for published results.

    Parameters
    ----------
    endpoint : str
        What is ranked.
    kind : Kind
        "drug", "procedure", or "none" for an arm that is not treated.
    level : float
        Mean of the endpoint at baseline, in its unit.
    values : Mapping[str, float]
        Parameter values.

    Examples
    --------
    >>> spread_between_trials("total_density", "drug", 200.0, {"heterogeneity.drug": 3.0})
    3.0
    >>> spread_between_trials("mean_diameter", "drug", 50.0, {"heterogeneity.drug": 4.0})
    1.0
    """
    if kind == "none":
        return 0.0
    if endpoint == "salt":
        return values["heterogeneity.salt"]
    counts = ENDPOINTS[endpoint].shifted
    return values[f"heterogeneity.{kind}"] * (1.0 if counts else abs(level) / REFERENCE_LEVEL)


def next_trials(gains: pd.DataFrame, spread: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    """Where each treatment would stand if one more trial of each were run.

    Parameters
    ----------
    gains : pd.DataFrame
        Mean gain by draw (rows) and arm (columns).
    spread : pd.DataFrame
        Standard deviation between trials, of the same shape.
    seed : int
        Key of the draws.

    Returns
    -------
    pd.DataFrame
        One row per arm: best (chance of the largest gain) and beats (chance to gain more than another of the treatments
        taken at random, SUCRA; ties count half); missing where there is no draw, and of a single treatment.

    Examples
    --------
    >>> gains = pd.DataFrame({"a": [2.0, 2.0], "b": [1.0, 1.0], "c": [0.0, 0.0]})
    >>> next_trials(gains, 0.0 * gains, seed=1).loc["b"].to_dict()
    {'best': 0.0, 'beats': 0.5}

    References
    ----------
    .. [1] SUCRA: Salanti 2011, doi:10.1016/j.jclinepi.2010.03.016.
    """
    names = [str(name) for name in gains.columns]
    nothing = np.full(len(names), np.nan)
    if not len(gains) or len(names) < 2:
        return pd.DataFrame({"best": nothing, "beats": nothing}, index=names)
    index = np.arange(len(gains) * REPEATS)
    trials = np.stack(
        [
            np.repeat(gains[name].to_numpy(), REPEATS)
            + np.repeat(spread[name].to_numpy(), REPEATS)
            * normals(
                seed, Purpose.STUDY_OFFSET, patient=TRIAL_LEVEL, item=address_of(f"next trial/{name}"), index=index
            )
            for name in gains.columns
        ]
    )
    below = [((one > trials) + 0.5 * (one == trials)).sum(axis=0) - 0.5 for one in trials]
    beats = np.array([each.mean() for each in below]) / (len(names) - 1)
    return pd.DataFrame({"best": best_of(trials), "beats": beats}, index=names)


def ranked(comparison: Comparison, tables: Tables, *, seed: int = 1) -> pd.DataFrame:
    """One row per treatment, the one that beats most others first; the largest gain first where draws are too few.

    Columns: arm, control, gain (mean over draws, at central values where they are few) with its Monte-Carlo error and
    its 5 % and 95 % quantiles over parameters, best (chance to have the largest gain in the next trials: parameter
    draws with the spread between trials), beats (chance to gain more than another of them at random, SUCRA),
    best_parameters (share of parameter draws alone in which its mean gain is the largest), best_patients (share of
    patients, central values), nnt (patients to treat for one more responder than under its own control, by measured
    changes; missing where there is none) with quantiles, more (the share of responders beyond the control's, of which
    it is the inverse) with quantiles, responders. The greater end of an NNT is missing where the range of the gain or
    of the share holds zero: it goes through infinity [1]_.

    References
    ----------
    .. [1] Altman 1998, doi:10.1136/bmj.317.7168.1309.
    """
    courses, shares = tables["courses"], tables["shares"]
    last = courses[courses["week"] == courses["week"].max()]
    wide = last.pivot(index="draw", columns="arm", values="gain")
    drawn = wide.loc[wide.index > 0]
    several = len(comparison.treatments) > 1
    winners = best_of(drawn.to_numpy().T) if several and len(drawn) else np.full(wide.shape[1], np.nan)
    alone = dict(zip(wide.columns, winners, strict=True))
    spread = shares.pivot(index="draw", columns="arm", values="between_sd")
    chance = next_trials(drawn, spread.reindex(index=drawn.index, columns=drawn.columns), seed=seed)
    rows: list[dict[str, object]] = []
    for name in comparison.treatments:
        arm_rows = shares[shares["arm"] == name].set_index("draw")
        central = {
            column: float(arm_rows[column].to_numpy()[arm_rows.index == 0][0])
            for column in arm_rows.columns.drop("arm")
        }
        more = centred_rows(shares[shares["arm"] == name], "more").set_index("draw")["more"]
        low, high = band(drawn[name], least=1)
        few, many = band(more.loc[more.index > 0], least=1)
        error = last.loc[(last["arm"] == name) & (last["draw"] == 0), "error"]
        gain = float(wide[name].to_numpy()[wide.index == 0][0])
        rows.append(
            {
                "arm": name,
                "control": comparison.own_control[name],
                "gain": gain,
                "gain_error": float(error.iloc[0]),
                "gain_low": low,
                "gain_high": high,
                "best": float(chance["best"][name]),
                "beats": float(chance["beats"][name]),
                "best_parameters": float(alone[name]),
                "best_patients": central["best"] if several else float("nan"),
                "responders": central["responders"],
                "control_responders": central["control_responders"],
                "nnt": needed(float(more.loc[0]), gain),
                "nnt_low": needed(many, high),
                "nnt_high": needed(few, low),
                "more": float(more.loc[0]),
                "more_low": few,
                "more_high": many,
            }
        )
    order = ["beats", "gain"] if len(drawn) >= LEAST_DRAWS else ["gain"]
    table = pd.DataFrame(rows).sort_values(order, ascending=False, kind="stable", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def needed(difference: float, gain: float) -> float:
    """Number needed to treat, 1 / difference.

    Parameters
    ----------
    difference : float
        Share of responders beyond that of the control.
    gain : float
        Gain at the same place of its range.

    Returns
    -------
    float
        Missing where the treatment has no more responders than its control, or no gain that could make any.

    Examples
    --------
    >>> needed(0.25, 3.0), needed(-0.1, 3.0), needed(0.01, -0.4)
    (4.0, nan, nan)
    """
    return 1.0 / difference if difference > 1.0 / LARGEST_NNT and gain > 0.0 else float("nan")
