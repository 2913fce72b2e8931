"""Gains of the same patients under every treatment, per parameter draw, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from anagen.analysis.bands import band
from anagen.comparative.design import Comparison
from anagen.core.arrays import FloatArray
from anagen.core.provenance import sha256_of_json
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key, threads_for
from anagen.parameters import ParameterSource, Source, parameter_source
from anagen.scalp import ENDPOINTS
from anagen.trials.protocol import study_parameters
from anagen.trials.reference import expected_readings
from anagen.trials.simulation import scene_of

LARGEST_NNT = 1000.0


@dataclass(frozen=True, slots=True)
class Look:
    """One task: parameter draws of a comparison."""

    comparison: Comparison
    source: ParameterSource
    seed: int
    draw: int
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
        One row per treatment, the largest central gain first; see `ranking.ranked` and `facts.with_facts`.
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
        Reference patients.
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
        whose best treatment it is).
    """
    source = parameter_source(source)
    parameters_sha256 = study_parameters(comparison.study, source.load()).sha256()
    content = sha256_of_json({"study": comparison.study.model_dump(mode="json"), "n": patients, "threshold": threshold})
    tasks = [
        Task(
            f"parameter draw {draw}",
            task_key(
                study_sha256=content,
                parameters_sha256=parameters_sha256,
                seed=seed,
                replicates=(0, 0),
                draws=(draw, draw + 1),
            ),
            Look(comparison, source, seed, draw, patients, threshold, threads_for(workers)),
        )
        for draw in range(draws + 1)
    ]
    store = None if work_dir is None else ChunkStore(work_dir)
    return gather(run_tasks(tasks, look, workers=workers, store=store, progress=progress))


def look(task: Task[Look]) -> Tables:
    """Tables of one parameter draw."""
    block = task.payload
    study, treatments = block.comparison.study, block.comparison.treatments
    values = study_parameters(study, block.source.load()).draw(block.seed, block.draw)
    scene = scene_of(study, values, seed=block.seed, threads=block.threads)
    readings = expected_readings(scene, n_patients=block.patients)
    of_arm = {name: reading.expected[:, :, 0] for name, reading in zip(scene.protocol.arms, readings, strict=True)}
    # a gain is an improvement: SALT falls where it gets better
    sign = 1.0 if ENDPOINTS[study.endpoints.primary.endpoint].higher_is_better else -1.0
    change = {name: sign * (reading - reading[:, :1]) for name, reading in of_arm.items()}
    control = block.comparison.own_control
    gain = {name: change[name] - change[control[name]] for name in treatments}
    courses = pd.DataFrame(
        [
            {"draw": block.draw, "arm": name, "week": float(week), "gain": float(np.nanmean(gain[name][:, i]))}
            for name in treatments
            for i, week in enumerate(scene.protocol.weeks)
        ]
    )
    best = best_of(np.stack([gain[name][:, -1] for name in treatments]))
    shares = pd.DataFrame(
        [
            {
                "draw": block.draw,
                "arm": name,
                "responders": share_above(change[name][:, -1], block.threshold),
                "control_responders": share_above(change[control[name]][:, -1], block.threshold),
                "best": float(best[k]),
            }
            for k, name in enumerate(treatments)
        ]
    )
    return {"courses": courses, "shares": shares}


def share_above(values: FloatArray, threshold: float) -> float:
    """Share of patients at or above a threshold; patients without a value are left out."""
    known = values[np.isfinite(values)]
    return float((known >= threshold).mean()) if len(known) else float("nan")


def best_of(gains: FloatArray) -> FloatArray:
    """Share of patients for whom each treatment gains most; ties are split.

    Examples
    --------
    >>> best_of(np.array([[1.0, 2.0], [0.0, 2.0]])).tolist()
    [0.75, 0.25]
    """
    top = gains == np.nanmax(gains, axis=0)
    return np.asarray((top / top.sum(axis=0)).mean(axis=1), dtype=np.float64)


def ranked(comparison: Comparison, tables: Tables) -> pd.DataFrame:
    """One row per treatment, the largest central gain first.

    Columns: arm, control, gain with its 5 % and 95 % quantiles over parameters, best (share of parameter draws in which
    its mean gain is the largest), best_patients (share of patients, central values), nnt (patients to treat for one
    more responder than under its own control; missing where there is none) with quantiles, responders.
    """
    courses, shares = tables["courses"], tables["shares"]
    last = courses[courses["week"] == courses["week"].max()]
    wide = last.pivot(index="draw", columns="arm", values="gain")
    drawn = wide.loc[wide.index > 0]
    winners = best_of(drawn.to_numpy().T) if len(drawn) else np.full(wide.shape[1], np.nan)
    chance = dict(zip(wide.columns, winners, strict=True))
    rows: list[dict[str, object]] = []
    for name in comparison.treatments:
        arm_rows = shares[shares["arm"] == name].set_index("draw")
        central = {
            column: float(arm_rows[column].to_numpy()[arm_rows.index == 0][0])
            for column in arm_rows.columns.drop("arm")
        }
        more = arm_rows["responders"] - arm_rows["control_responders"]
        low, high = band(drawn[name], least=1)
        few, many = band(more.loc[more.index > 0], least=1)
        rows.append(
            {
                "arm": name,
                "control": comparison.own_control[name],
                "gain": float(wide[name].to_numpy()[wide.index == 0][0]),
                "gain_low": low,
                "gain_high": high,
                "best": float(chance[name]),
                "best_patients": central["best"],
                "responders": central["responders"],
                "control_responders": central["control_responders"],
                "nnt": needed(central["responders"] - central["control_responders"]),
                "nnt_low": needed(many),
                "nnt_high": needed(few),
            }
        )
    table = pd.DataFrame(rows).sort_values("gain", ascending=False, kind="stable", ignore_index=True)
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table


def needed(difference: float) -> float:
    """Number needed to treat, 1 / difference; missing where the treatment has no more responders than its control.

    Examples
    --------
    >>> needed(0.25), needed(-0.1)
    (4.0, nan)
    """
    return 1.0 / difference if difference > 1.0 / LARGEST_NNT else float("nan")
