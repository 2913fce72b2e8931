"""Runs the settings of a response curve as tasks of the execution layer."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.analysis.balance import balance_of
from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.expected import expected_notes
from anagen.analysis.response import ResponseCurve, response_draws, response_table
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MAX_SEED
from anagen.evidence.beside import beside_effect
from anagen.execution import ChunkStore, Task, Workers, gather, run_tasks, threads_for
from anagen.parameters import ParameterSet, ParameterSource, Source, parameter_source, source_facts
from anagen.reports.beside import next_trial
from anagen.results import CURVE_KIND, build_manifest
from anagen.runs.tasks import Block, simulate_block, tasks_of
from anagen.sweeps.plan import Sweep
from anagen.trials.protocol import Protocol, protocol, study_parameters


def run_sweep(
    sweep: Sweep,
    *,
    seed: int = 1,
    draws: int = 200,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
) -> ResponseCurve:
    """The response curve of a sweep.

    Every setting is run as `run_study` runs the parameter draws of a plain run, with the same seed, so that its
    expected effects are those of a plain run of the same study to the last bit.

    Parameters
    ----------
    sweep : Sweep
        What is varied.
    seed : int, default 1
        0 to 2**32 - 1.
    draws : int, default 200
        Parameter draws beside the central values.
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path, optional
        Keeps finished tasks, so that a killed run goes on.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Returns
    -------
    ResponseCurve
        Table of the curve, its draws and its manifest.

    Raises
    ------
    InputError
        Where the seed is out of range, a population cannot be recruited or the posterior not be read.
    """
    if not 0 <= seed <= MAX_SEED:
        raise InputError((Problem(None, None, None, "seed", f"a seed lies between 0 and {MAX_SEED}, got {seed}"),))
    source = parameter_source(source)
    model = source.load()
    sets = [study_parameters(point.study, model) for point in sweep.points]
    groups = [
        tasks_of(
            point.study,
            parameters,
            source=source,
            seed=seed,
            replicates=0,
            draws=draws,
            threads=threads_for(workers),
        )
        for point, parameters in zip(sweep.points, sets, strict=True)
    ]
    # Two settings can make the same study, such as a default written out.
    tasks: dict[str, Task[Block]] = {task.key: task for group in groups for task in group}
    outputs = run_tasks(
        list(tasks.values()),
        simulate_block,
        workers=workers,
        store=None if work_dir is None else ChunkStore(work_dir),
        progress=progress,
    )
    outputs_by_key = dict(zip(tasks, outputs, strict=True))
    plans = [protocol(point.study) for point in sweep.points]
    expected = [gather(outputs_by_key[task.key] for task in group)["expected"] for group in groups]
    balances = [balance_of(parameters, seed=seed, draws=draws) for parameters in sets]
    parts = [
        response_draws(table, plan, setting=setting, arms=sweep.arms, balance=balance)
        for setting, (table, plan, balance) in enumerate(zip(expected, plans, balances, strict=True))
    ]
    left_out = (note for table, plan in zip(expected, plans, strict=True) for note in expected_notes(table, plan))
    every_draw = pd.concat(parts, ignore_index=True)
    primary = sweep.points[0].study.endpoints.primary.model_dump(mode="json")
    return ResponseCurve(
        title=sweep.title,
        axes=sweep.axes,
        primary=primary,
        table=response_table(every_draw, sweep.axes, [point.place for point in sweep.points], primary),
        draws=every_draw,
        studies=[{"setting": i, "study": point.study.model_dump(mode="json")} for i, point in enumerate(sweep.points)],
        manifest=_manifest(sweep, sets, source, primary, seed=seed, draws=draws),
        notes=(*sweep.notes, *dict.fromkeys(left_out), *_next_trials(every_draw, plans, sets, seed=seed, draws=draws)),
    )


def _next_trials(
    every_draw: pd.DataFrame, plans: list[Protocol], sets: list[ParameterSet], *, seed: int, draws: int
) -> Iterator[str]:
    """That bands are those of the mean effect, and where the next product or trial may lie at the setting with most."""
    for arm, rows in every_draw.groupby("arm", sort=False):
        central = rows[rows["draw"] == 0]
        most = int(central["setting"].iloc[int(central["effect"].fillna(-math.inf).to_numpy().argmax())])
        drawn = rows[(rows["setting"] == most) & (rows["draw"] > 0)]
        control = str(drawn["control"].iloc[0]) if len(drawn) else NO_CONTROL
        if control == NO_CONTROL:
            continue
        values = [sets[most].draw(seed, draw) for draw in range(1, draws + 1)]
        told = beside_effect(plans[most], str(arm), control, drawn["effect"].to_numpy(), values)
        if told is not None:
            yield (
                f"Bands are those of the mean effect. At the setting with the greatest effect of {arm}, "
                f"{next_trial(told)}."
            )


def _manifest(
    sweep: Sweep,
    sets: list[ParameterSet],
    source: ParameterSource,
    primary: dict[str, Any],
    *,
    seed: int,
    draws: int,
) -> dict[str, Any]:
    """Manifest of the curve; its hashes are those of the first setting, and those of all stand under `settings`."""
    study = sweep.points[0].study
    base = build_manifest(
        study=study.study,
        study_sha256=sweep.points[0].study.sha256,
        seed=seed,
        replicates=0,
        draws=draws,
        parameters_sha256=sets[0].sha256(),
        arms=[{"name": arm.name, "patients": arm.patients, "control": arm.control} for arm in study.arms],
        primary=primary,
        **source_facts(source, sets[0]),
    )
    return base | {
        "kind": CURVE_KIND,
        "axes": [
            {"name": axis.name, "title": axis.title, "unit": axis.unit, "values": list(axis.labels)}
            for axis in sweep.axes
        ],
        "settings": [
            {
                "setting": i,
                "values": [axis.labels[place] for axis, place in zip(sweep.axes, point.place, strict=True)],
                "options": list(point.study.options),
                "study_sha256": point.study.sha256,
                "parameters_sha256": parameters.sha256(),
            }
            for i, (point, parameters) in enumerate(zip(sweep.points, sets, strict=True))
        ],
    }
