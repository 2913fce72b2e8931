"""A run as tasks of the execution layer: blocks of trials and of parameter draws, and what each gives."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Literal

import pandas as pd

from anagen.analysis.batch import batch_of
from anagen.analysis.decisions import table_of
from anagen.analysis.dose_response import dose_response_table
from anagen.analysis.effects import effects_of
from anagen.analysis.expected import draws_to_simulate, expected_table
from anagen.analysis.expected_safety import expected_safety
from anagen.analysis.plausibility import early_gains
from anagen.analysis.trial_decisions import decisions
from anagen.core.provenance import sha256_of_json
from anagen.core.within import tell_within
from anagen.execution import Tables, Task, gather, task_key
from anagen.parameters import ParameterSet, ParameterSource
from anagen.results import conform
from anagen.study import Study
from anagen.trials.cost import seconds_of_draw, seconds_of_trial, size_of
from anagen.trials.early_gain import watched
from anagen.trials.matching import PILOTS, matched_scene
from anagen.trials.observation import Scene
from anagen.trials.protocol import protocol, study_parameters
from anagen.trials.reference import expected_with_events, reference_scene
from anagen.trials.rescue import shares_below
from anagen.trials.simulation import Trials, in_batches, scene_of, simulate_trials
from anagen.trials.tables import tables_of

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


def _analysed(trials: Trials) -> Tables:
    """What the analysis finds in measured data."""
    batch, plan = batch_of(trials), trials.scene.protocol
    found = {"effects": effects_of(batch, plan)}
    if plan.study.analysis.decides:
        found["claims"] = table_of(decisions(batch, plan), batch, plan)
    if plan.study.analysis.dose_response is not None:
        found["dose_response"] = dose_response_table(batch, plan)
    return found


def simulate_block(task: Task[Block]) -> Tables:
    """Tables of one task: visits, patients, effects and flow of its trials, expected means of its parameter draws."""
    block = task.payload
    parameters = study_parameters(block.study, block.source.load())
    tables: dict[str, list[pd.DataFrame]] = {}
    pieces = max(len(block.replicates) + len(block.draws), 1)
    if len(block.replicates):
        simulated = 0
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
            tables |= {name: [*tables.get(name, ()), table] for name, table in _analysed(batch).items()}
            simulated += len(batch.replicates)
            tell_within(simulated, pieces)
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
        tell_within(draw - block.draws.start + 1, pieces)
    whole = gather({name: table} for name, parts in tables.items() for table in parts)
    if 0 in block.replicates:
        visits = whole["visits"]
        whole[FIRST_VISITS] = visits[visits["replicate"] == 0].reset_index(drop=True)
    # checked here, once, by whoever simulated them: whoever puts blocks together then need not read them
    return {name: conform(name, table) if name in LONG else table for name, table in whole.items()}
