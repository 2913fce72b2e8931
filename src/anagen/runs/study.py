"""A study from end to end: tasks for trials and parameter draws, their tables put together, effects and comparison."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from anagen.analysis.arms import arm_table
from anagen.analysis.balance import balance_of
from anagen.analysis.effects import effects_of
from anagen.analysis.expected import draws_to_simulate, expected_effects, expected_notes, expected_table
from anagen.analysis.expected_safety import expected_safety
from anagen.analysis.plausibility import early_gains, flags_of
from anagen.analysis.safety import safety_table
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.errors import InputError, Problem
from anagen.core.numbers import MAX_SEED
from anagen.core.provenance import sha256_of_json
from anagen.evidence.beside import beside_model
from anagen.evidence.comparison import comparison_table
from anagen.execution import ChunkStore, KeptTables, Tables, Task, Workers, gather, run_tasks, task_key, threads_for
from anagen.parameters import ParameterSet, ParameterSource, Source, parameter_source, source_facts
from anagen.patients import CONDITIONS
from anagen.results import ResultContents, Rows, build_manifest, conform
from anagen.runs.rehearsal import room_for
from anagen.signalling.occupied import occupied_inputs
from anagen.study import Study
from anagen.trials.cost import seconds_of_draw, seconds_of_trial, size_of
from anagen.trials.early_gain import watched
from anagen.trials.matching import PILOTS, matched_scene
from anagen.trials.observation import Scene
from anagen.trials.protocol import Protocol, protocol, study_parameters
from anagen.trials.reference import expected_with_events, reference_scene
from anagen.trials.rescue import shares_below
from anagen.trials.simulation import Trials, in_batches, scene_of, simulate_trials
from anagen.trials.tables import tables_of
from anagen.trials.young_loss import severity_notes

SECONDS_PER_TASK = 2.0
"""Processor time of a task, from `trials.cost`: long beside what every task begins with, short beside a run."""
LONG = ("visits", "patients", "events")
"""Tables that grow with every trial."""
FIRST_VISITS = "first_visits"
"""Visits of trial 0 with all digits, before they are rounded to those of the file: arms are summarised from them."""
Kept = Literal["all", "effects"]
"""What is kept of trials after the first: all their rows, or the effects alone."""
At = Literal["central", "draws"]
"""Parameter values of trials: the central ones for all, or a draw of its own for each."""
AT_DRAWS = "trial r under the values of parameter draw r + 1"
EFFECTS_KEPT = "visits, patients and events of the first trial; effects of all"
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
    keep: Kept = "all"
    at: At = "central"


def run_study(
    study: Study,
    *,
    seed: int = 1,
    patients: int | None = None,
    replicates: int = 1,
    draws: int = 200,
    workers: Workers = 1,
    work_dir: Path | None = None,
    progress: Callable[[int, int], None] | None = None,
    source: Source = "default",
    keep: Kept = "all",
    trials_at: At = "central",
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
    workers : int or str, default 1
        Processes, or the place of a Dask scheduler; the result does not depend on it.
    work_dir : Path, optional
        Keeps finished tasks, so that a killed run goes on.
    progress : Callable[[int, int], None], optional
        Called with (done, total).
    source : Source, default "default"
        Of the parameters; see `parameter_source`.
    keep : {"all", "effects"}, default "all"
        What is kept of trials after the first.
    trials_at : {"central", "draws"}, default "central"
        Parameter values of trials: the central ones, or for trial r those of draw r + 1.

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
    young = severity_notes(plan, parameters.draw(seed, 0), seed=seed)
    tasks = tasks_of(
        sized,
        parameters,
        source=source,
        seed=seed,
        replicates=replicates,
        draws=draws,
        threads=threads_for(workers),
        keep=keep,
        at=trials_at,
    )
    outputs = run_tasks(
        tasks,
        simulate_block,
        workers=workers,
        store=None if work_dir is None else ChunkStore(work_dir),
        progress=progress,
    )
    tables, rows = _received(outputs)
    visits, expected = tables[FIRST_VISITS], tables["expected"]
    flow = json.loads(str(tables["flow"]["json"].iloc[0]))
    balance = balance_of(parameters, seed=seed, draws=draws)
    effects = pd.concat([tables["effects"], expected_effects(expected, plan, balance=balance)], ignore_index=True)
    return ResultContents(
        study=sized.model_dump(mode="json"),
        rows=rows,
        effects=effects,
        arms=arm_table(visits, expected, plan, balance=balance),
        comparison=comparison_table(
            visits,
            expected,
            plan,
            values_by_draw={draw: parameters.draw(seed, draw) for draw in range(draws + 1) if sized.observed},
            expected_events=tables["expected_events"],
        ),
        safety=safety_table(rows["events"].first, rows["patients"].first, tables["expected_events"], plan),
        flow={**flow, "notes": [*flow["notes"], *young, *expected_notes(expected, plan)]},
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
            beside=beside_model(plan, expected, [parameters.draw(seed, draw) for draw in range(1, draws + 1)]),
            mechanism=mechanism_of(plan, parameters.draw(seed, 0)),
            **source_facts(source, parameters),
            **edits_of(study, plan),
            **({"kept": EFFECTS_KEPT} if keep == "effects" else {}),
            **({"trials_at": AT_DRAWS} if trials_at == "draws" else {}),
        ),
    )


def _received(outputs: Iterable[Tables]) -> tuple[dict[str, pd.DataFrame], dict[str, Rows]]:
    """Small tables put together; of long ones the blocks, which stay on the disk where the run keeps them there."""
    blocks: dict[str, list[pd.DataFrame | Path]] = {name: [] for name in LONG}

    def small() -> Iterator[Tables]:
        for tables in outputs:
            for name in LONG:
                if name in tables:
                    blocks[name].append(tables.files[name] if isinstance(tables, KeptTables) else tables[name])
            yield {name: tables[name] for name in tables if name not in LONG}

    return gather(small()), {name: Rows(name, tuple(parts)) for name, parts in blocks.items()}


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
    keep: Kept = "all",
    at: At = "central",
) -> list[Task[Block]]:
    """Tasks of a run: blocks of replicates, then blocks of parameter draws, each of about SECONDS_PER_TASK.

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
    keep : {"all", "effects"}, default "all"
        As in `run_study` and `Block`.
    at : {"central", "draws"}, default "central"
        As in `run_study` and `Block`.
    """
    size = size_of(study, parameters.draw(seed, 0), trials=replicates, draws=draws)
    per_trial, per_draw = seconds_of_trial(size), seconds_of_draw(size)
    if at == "draws":
        per_trial += seconds_of_draw(size)
    content, priors = sha256_of_json(study.model_dump(mode="json")), parameters.sha256()

    def task(name: str, block: Block) -> Task[Block]:
        key = task_key(
            study_sha256=content,
            parameters_sha256=priors,
            seed=seed,
            replicates=(block.replicates.start, block.replicates.stop),
            draws=(block.draws.start, block.draws.stop),
            settings={"keep": keep, "at": at} if (keep, at) != ("all", "central") and len(block.replicates) else None,
        )
        return Task(name, key, block)

    numbers = draws_to_simulate(draws)
    trials = blocks(replicates, per_trial)
    courses = [range(numbers.start + d.start, numbers.start + d.stop) for d in blocks(len(numbers), per_draw)]
    return [
        *(
            task(
                f"trials {r.start} to {r.stop - 1}",
                Block(study, source, seed, r, range(0), r.start == 0, threads, keep, at),
            )
            for r in trials
        ),
        *(
            task(f"parameter draws {d.start} to {d.stop - 1}", Block(study, source, seed, range(0), d, False, threads))
            for d in courses
        ),
    ]


def blocks(number: int, seconds: float) -> list[range]:
    """Equal blocks of about SECONDS_PER_TASK, on every machine the same.

    Examples
    --------
    >>> blocks(21, 0.2)
    [range(0, 7), range(7, 14), range(14, 21)]
    """
    many = min(number, math.ceil(number * seconds / SECONDS_PER_TASK))
    ends = [number * place // many for place in range(many + 1)] if many else []
    return [range(first, last) for first, last in pairwise(ends)]


def batches(scene: Scene, block: Block) -> Iterator[Trials]:
    """Trials of a block, many at once; the first of a study alone where it has twins or only its rows are kept."""
    numbers = block.replicates
    if numbers.start > 0 or not (block.twins or block.keep == "effects"):
        return in_batches(scene, numbers)
    first = simulate_trials(scene, numbers[:1], twins=block.twins)
    return chain([first], in_batches(scene, numbers[1:]) if len(numbers) > 1 else ())


def at_own_draws(block: Block, parameters: ParameterSet) -> Iterator[Trials]:
    """Trials of a block, each under a parameter draw of its own: trial r under draw r + 1."""
    plan = protocol(block.study)
    for number in block.replicates:
        draw = number + 1
        values = parameters.draw(block.seed, draw)
        # one trial: an error of 2 % in its mean baseline is that of its own patients
        scene = matched_scene(plan, values, seed=block.seed, threads=block.threads, pilots=PILOTS[:1])
        yield simulate_trials(scene, [number], twins=block.twins and number == 0, draw=draw)


def simulate_block(task: Task[Block]) -> Tables:
    """Tables of one task: visits, patients, effects and flow of its trials, expected means of its parameter draws."""
    block = task.payload
    parameters = study_parameters(block.study, block.source.load())
    tables: dict[str, list[pd.DataFrame]] = {}
    if len(block.replicates):
        if block.at == "draws":
            trials = at_own_draws(block, parameters)
        else:
            central = parameters.draw(block.seed, 0)
            trials = batches(scene_of(block.study, central, seed=block.seed, threads=block.threads), block)
        for batch in trials:
            if block.keep == "all" or batch.replicates[0] == 0:
                found = tables_of(batch)
                tables.setdefault("visits", []).append(found.visits)
                tables.setdefault("patients", []).append(found.patients)
                tables.setdefault("events", []).append(found.events)
                flow = {"replicate": batch.replicates[:1], "json": [json.dumps(found.flow)]}
                tables.setdefault("flow", []).append(pd.DataFrame(flow))
            effects = effects_of(
                batch.analysed(),
                batch.scene.protocol,
                replicates=batch.replicates.tolist(),
                event_weeks=batch.event_weeks(),
            )
            tables.setdefault("effects", []).append(effects.assign(draw=batch.draw))
    plan = protocol(block.study)
    for draw in block.draws:
        values = parameters.draw(block.seed, draw)
        scene = reference_scene(plan, values, seed=block.seed, draw=draw, threads=block.threads)
        watch = watched(scene)
        readings, events = expected_with_events(scene if watch is None else watch.scene, draw=draw)
        events = None if events is None else events[: len(plan.arms)]
        if watch is not None:
            tables.setdefault("early", []).append(early_gains(readings, watch, draw=draw))
            readings = watch.as_planned(readings)
        table = expected_table(readings, scene.protocol, draw=draw, event_weeks=events)
        tables.setdefault("expected", []).append(table)
        below = shares_below(readings, scene.protocol)
        events = expected_safety(scene.protocol, scene.values, draw=draw, below=below)
        tables.setdefault("expected_events", []).append(events)
    whole = gather({name: table} for name, parts in tables.items() for table in parts)
    if 0 in block.replicates:
        visits = whole["visits"]
        whole[FIRST_VISITS] = visits[visits["replicate"] == 0].reset_index(drop=True)
    # checked here, once, by whoever simulated them: whoever puts blocks together then need not read them
    return {name: conform(name, table) if name in LONG else table for name, table in whole.items()}


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
