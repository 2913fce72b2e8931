"""A study from end to end: tasks for trials and parameter draws, their tables put together, effects and comparison."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from anagen.analysis.arms import arm_table
from anagen.analysis.effects import effects_of
from anagen.analysis.expected import draws_to_simulate, expected_effects, expected_notes, expected_table
from anagen.analysis.expected_safety import expected_safety
from anagen.analysis.plausibility import early_gains, flags_of
from anagen.analysis.safety import safety_table
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MAX_SEED
from anagen.core.provenance import sha256_of_json
from anagen.evidence.comparison import comparison_table
from anagen.execution import ChunkStore, Tables, Task, gather, run_tasks, task_key
from anagen.parameters import ParameterSet, ParameterSource, Source, parameter_source, source_facts
from anagen.patients import CONDITIONS
from anagen.results import ResultContents, build_manifest
from anagen.runs.rehearsal import room_for
from anagen.signalling.occupied import occupied_inputs
from anagen.study import Study
from anagen.trials.early_gain import watched
from anagen.trials.protocol import Protocol, protocol, study_parameters
from anagen.trials.reference import expected_readings, reference_scene
from anagen.trials.simulation import in_batches, scene_of, simulate_trials
from anagen.trials.tables import tables_of

REPLICATES_PER_TASK = 10
DRAWS_PER_TASK = 5
MOST_THREADS = 8
EVERY_STUDY = ("follicle.", "population.", "measurement.", "reading.rise")
"""Prefixes of parameters that every study reads, beside those of its arms, instrument and condition."""


@dataclass(frozen=True, slots=True)
class Block:
    """Work of one task: trials `replicates` at central values, or expected courses of parameter draws `draws`."""

    study: Study
    source: ParameterSource
    seed: int
    replicates: range
    draws: range
    twins: bool
    threads: int


def run_study(
    study: Study,
    *,
    seed: int = 1,
    patients: int | None = None,
    replicates: int = 1,
    draws: int = 200,
    workers: int = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
) -> ResultContents:
    """Simulate a study and analyse it.

    Parameters
    ----------
    study : Study
        The study file.
    seed : int, default 1
        0 to 2**32 - 1.
    patients : int, optional
        Patients per arm, or None for the study's own numbers.
    replicates : int, default 1
        Trials, each with its own patients.
    draws : int, default 200
        Parameter draws beside the central values.
    workers : int, default 1
        Processes; the result does not depend on it.
    work_dir : Path, optional
        Keeps finished tasks, so that a killed run goes on.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    source : Source, default "default"
        Of the parameters; see `parameter_source`.

    Returns
    -------
    ResultContents
        Visits, patients, effects, arms, comparison, events, safety, flow, parameters, manifest.

    Raises
    ------
    InputError
        Where the seed is out of range, the population cannot be recruited or the posterior not be read.

    Examples
    --------
    >>> from anagen.study import Study
    >>> contents = run_study(Study.load("studies/exosome-vs-saline.yaml"), patients=5, draws=0)  # doctest: +SKIP
    """
    if not 0 <= seed <= MAX_SEED:
        raise InputError((Problem(None, None, None, "seed", f"a seed lies between 0 and {MAX_SEED}, got {seed}"),))
    sized = study if patients is None else study.with_patients(patients)
    plan = protocol(sized)
    source = parameter_source(source)
    room_for(sized, source, trials=replicates, draws=draws)
    parameters = study_parameters(sized, source.load())
    tasks = tasks_of(
        sized,
        parameters,
        source=source,
        seed=seed,
        replicates=replicates,
        draws=draws,
        threads=1 if workers > 1 else threads_here(),
    )
    outputs = run_tasks(
        tasks,
        simulate_block,
        workers=workers,
        store=None if work_dir is None else ChunkStore(work_dir),
        progress=progress,
    )
    tables = gather(outputs)
    visits, expected = tables["visits"], tables["expected"]
    flow = json.loads(str(tables["flow"]["json"].iloc[0]))
    effects = pd.concat([tables["effects"], expected_effects(expected, plan)], ignore_index=True)
    return ResultContents(
        study=sized.model_dump(mode="json"),
        visits=visits,
        patients=tables["patients"],
        effects=effects,
        arms=arm_table(visits, expected, plan),
        comparison=comparison_table(
            visits,
            expected,
            plan,
            values_by_draw={draw: parameters.draw(seed, draw) for draw in range(draws + 1)},
            expected_events=tables["expected_events"],
        ),
        events=tables["events"],
        safety=safety_table(tables["events"], tables["patients"], tables["expected_events"], plan),
        flow={**flow, "notes": [*flow["notes"], *expected_notes(expected, plan)]},
        parameters=parameter_table(parameters, plan),
        manifest=build_manifest(
            study=sized.study,
            study_sha256=study.sha256,
            seed=seed,
            replicates=replicates,
            draws=draws,
            parameters_sha256=parameters.sha256(),
            arms=[{"name": arm.name, "patients": arm.patients, "control": arm.control} for arm in sized.arms],
            primary=sized.endpoints.primary.model_dump(mode="json"),
            patients_per_arm=patients,
            flags=flags_of(tables.get("early")),
            mechanism=mechanism_of(plan, parameters.draw(seed, 0)),
            **source_facts(source, parameters),
            **edits_of(study, plan),
        ),
    )


def mechanism_of(plan: Protocol, values: Mapping[str, float]) -> list[dict[str, Any]]:
    """Per arm, the network's inputs that it occupies and how far, and levers moved beside the network."""
    end = float(plan.weeks[-1]) * DAYS_PER_WEEK
    return [
        {"arm": arm, **occupied_inputs(prescriptions, values, end=end)}
        for arm, prescriptions in zip(plan.arms, plan.prescriptions, strict=True)
    ]


def edits_of(study: Study, plan: Protocol) -> dict[str, str]:
    """What the manifest says of options that changed the file and of an edited network, where there are any."""
    edits = {"options": " ".join(study.options)} if study.options else {}
    mechanism, network = plan.study.mechanism, plan.network
    if mechanism is not None and network is not None:
        edits |= {"without": ", ".join(mechanism.without), "network_sha256": network.sha256()}
        if mechanism.network is not None:
            edits |= {"network_file": mechanism.network.file, "network_file_sha256": mechanism.network.sha256}
    return edits


def tasks_of(
    study: Study,
    parameters: ParameterSet,
    *,
    source: ParameterSource,
    seed: int,
    replicates: int,
    draws: int,
    threads: int,
) -> list[Task[Block]]:
    """Tasks of a run: blocks of replicates, then blocks of parameter draws.

    Parameters
    ----------
    study : Study
        What is run.
    parameters : ParameterSet
        Of the study, as they are hashed.
    source : ParameterSource
        Where a task finds them again.
    seed : int
        As in `run_study` and `Block`.
    replicates : int
        As in `run_study` and `Block`.
    draws : int
        As in `run_study` and `Block`.
    threads : int
        As in `run_study` and `Block`.
    """
    content, priors = sha256_of_json(study.model_dump(mode="json")), parameters.sha256()

    def task(name: str, block: Block) -> Task[Block]:
        key = task_key(
            study_sha256=content,
            parameters_sha256=priors,
            seed=seed,
            replicates=(block.replicates.start, block.replicates.stop),
            draws=(block.draws.start, block.draws.stop),
        )
        return Task(name, key, block)

    trials = [range(i, min(i + REPLICATES_PER_TASK, replicates)) for i in range(0, replicates, REPLICATES_PER_TASK)]
    numbers = draws_to_simulate(draws)
    courses = [numbers[i : i + DRAWS_PER_TASK] for i in range(0, len(numbers), DRAWS_PER_TASK)]
    return [
        *(
            task(f"trials {r.start} to {r.stop - 1}", Block(study, source, seed, r, range(0), r.start == 0, threads))
            for r in trials
        ),
        *(
            task(f"parameter draws {d.start} to {d.stop - 1}", Block(study, source, seed, range(0), d, False, threads))
            for d in courses
        ),
    ]


def simulate_block(task: Task[Block]) -> Tables:
    """Tables of one task: visits, patients, effects and flow of its trials, expected means of its parameter draws."""
    block = task.payload
    parameters = study_parameters(block.study, block.source.load())
    tables: dict[str, list[pd.DataFrame]] = {}
    if len(block.replicates):
        scene = scene_of(block.study, parameters.draw(block.seed, 0), seed=block.seed, threads=block.threads)
        numbers = block.replicates
        trials = in_batches(scene, numbers[1:] if block.twins else numbers)
        for batch in chain([simulate_trials(scene, numbers[:1], twins=True)] if block.twins else [], trials):
            found = tables_of(batch)
            tables.setdefault("visits", []).append(found.visits)
            tables.setdefault("patients", []).append(found.patients)
            tables.setdefault("events", []).append(found.events)
            effects = effects_of(batch.measured(), scene.protocol, replicates=batch.replicates.tolist())
            tables.setdefault("effects", []).append(effects)
            tables.setdefault("flow", []).append(
                pd.DataFrame({"replicate": batch.replicates[:1], "json": [json.dumps(found.flow)]})
            )
    plan = protocol(block.study)
    for draw in block.draws:
        values = parameters.draw(block.seed, draw)
        scene = reference_scene(plan, values, seed=block.seed, draw=draw, threads=block.threads)
        watch = watched(scene)
        readings = expected_readings(scene if watch is None else watch.scene, draw=draw)
        if watch is not None:
            tables.setdefault("early", []).append(early_gains(readings, watch, draw=draw))
            readings = watch.as_planned(readings)
        tables.setdefault("expected", []).append(expected_table(readings, scene.protocol, draw=draw))
        tables.setdefault("expected_events", []).append(expected_safety(scene.protocol, scene.values, draw=draw))
    return gather({name: table} for name, parts in tables.items() for table in parts)


def parameter_table(parameters: ParameterSet, plan: Protocol) -> pd.DataFrame:
    """Every parameter with value, prior, source and grade, what informs it, and whether this study reads it."""
    read = plan.parameter_names()
    population = plan.study.population
    condition = CONDITIONS[population.condition]
    rows: list[dict[str, Any]] = []
    for row in parameters.rows():
        name = str(row["name"])
        general = name.startswith(EVERY_STUDY) or condition.is_read(name)
        general = general or (population.season is not False and name.startswith("season."))
        general = general and not (
            name.startswith("measurement.") and name.endswith(("_sensitivity", "_midpoint", "_count_error"))
        )
        kept = {
            key: row[key]
            for key in ("name", "value", "unit", "low", "high", "distribution", "grade", "hand_set", "source", "note")
        }
        informed = {key: row[key] for key in ("informed_by", "prior_value", "prior_low", "prior_high")}
        rows.append(kept | {"used": name in read or general} | informed)
    return pd.DataFrame(rows)


def threads_here() -> int:
    """Threads for one process: the processors it may use, at most MOST_THREADS."""
    return min(MOST_THREADS, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
