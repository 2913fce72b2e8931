"""The trials behind an answer: at central parameter values, without an effect, and under parameter draws.

All trials have the largest size; smaller ones are parts of them (`parts`). A trial of a number has the same candidates
with and without an effect, so that what differs is the effect.

Without an effect every arm is given the therapies of its control: the same needle, the same visits, no new biology, and
whatever else differs between two groups of patients. An effect of a stated size is then added to what the arm's
patients measure after baseline, the same for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from anagen.analysis.expected import expected_table
from anagen.core.arrays import FloatArray
from anagen.core.numbers import MOST_DRAWS
from anagen.core.provenance import sha256_of_json
from anagen.execution import ChunkStore, Tables, Task, Workers, gather, run_tasks, task_key, threads_for
from anagen.parameters import ParameterSet, ParameterSource
from anagen.planning.analysing import Sample, estimates_of, flow_of_sizes, joined, sample_of
from anagen.planning.question import Question
from anagen.runs.tasks import blocks
from anagen.scalp import Readings
from anagen.study.conduct import Dropout
from anagen.trials.cost import seconds_of_draw, seconds_of_trial, size_of
from anagen.trials.matching import PILOTS, matched_scene
from anagen.trials.observation import Scene, arm_responses
from anagen.trials.protocol import Protocol, protocol, study_parameters
from anagen.trials.reference import GROUPS, expected_with_events
from anagen.trials.simulation import in_batches, scene_of, simulate_trials

Kind = Literal["central", "null", "draws", "truth"]
CENTRAL, NULL, DRAWS, TRUTH = "central", "null", "draws", "truth"
LEAST_TRUTH, MOST_TRUTH = 128, 1024
"""Reference patients who tell the true effect at central values: as many as an arm has in all trials, within these."""
PARTS = 16
"""Parts in which they are followed, each with groups, and so batches of a product, of its own: enough for an error that
is known to a fifth."""
Added = tuple[tuple[str, tuple[tuple[float, ...], ...]], ...]
"""Effects by name: of every contrast and outcome, in the unit of the endpoint."""


@dataclass(frozen=True, slots=True)
class Block:
    """Work of one task.

    Attributes
    ----------
    question : Question
        What is asked.
    source : ParameterSource
        Of the parameters.
    seed : int
        Key of the draws.
    kind : {"central", "null", "draws", "truth"}
        Trials at central values, the same without an effect, under parameter draws with what they expect, or what is
        expected at central values.
    numbers : range
        Trials, parameter draws, or parts of the reference patients.
    each : int
        Trials of a parameter draw; they are numbered from (draw - 1) * each.
    turn : int
        Without an effect: which of several controls of an arm is given.
    added : Added
        Without an effect: effects that are added, none among them.
    threads : int
        Blocks of patients at a time.
    """

    question: Question
    source: ParameterSource
    seed: int
    kind: Kind
    numbers: range
    each: int = 1
    turn: int = 0
    added: Added = ()
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Setting:
    """Where and how trials are simulated.

    Attributes
    ----------
    source : ParameterSource
        Of the parameters.
    seed : int
        Key of the draws.
    workers : Workers
        Processes, or the place of a Dask scheduler; results do not depend on it.
    store : Path or None
        Folder that keeps finished tasks.
    progress : Callable[[int, int], None] or None
        Called with (done, total).
    """

    source: ParameterSource
    seed: int
    workers: Workers = 1
    store: Path | None = None
    progress: Callable[[int, int], None] | None = None


def simulated(
    question: Question,
    setting: Setting,
    *,
    trials: int = 0,
    draws: int = 0,
    each: int = 0,
    truth: bool = False,
    added: Sequence[tuple[str, FloatArray]] = (),
) -> dict[str, pd.DataFrame]:
    """Trials of a study at central values or without an effect, and those of parameter draws.

    Parameters
    ----------
    question : Question
        What is asked.
    setting : Setting
        Where and how.
    trials : int
        Trials: without an effect where `added` names effects, else at central values.
    draws : int
        Parameter draws.
    each : int
        Trials of each of them; what it expects is worked out in any case.
    truth : bool
        Whether the effect at central values is worked out.
    added : Sequence[tuple[str, FloatArray]]
        Effects that are added to trials without one: name, and array of shape (n_pairs, n_choices) in the unit of the
        endpoints.

    Returns
    -------
    dict[str, pd.DataFrame]
        "estimates" and "flow" of trials, "expected" of parameter draws and of central values; as far as they were
        asked for.
    """
    parameters = study_parameters(question.study, setting.source.load())
    tasks = list(_tasks(question, parameters, setting, trials, draws, each, truth, added))
    store = None if setting.store is None else ChunkStore(setting.store)
    outputs = run_tasks(tasks, simulate, workers=setting.workers, store=store, progress=setting.progress)
    return gather(outputs)


def _tasks(
    question: Question,
    parameters: ParameterSet,
    setting: Setting,
    trials: int,
    draws: int,
    each: int,
    truth: bool,
    added: Sequence[tuple[str, FloatArray]],
) -> Iterator[Task[Block]]:
    size = size_of(question.study, parameters.draw(setting.seed, 0), trials=trials, draws=draws)
    of_trial = seconds_of_trial(size)
    content = sha256_of_json(
        {
            "study": question.study.model_dump(mode="json"),
            "sizes": question.sizes,
            "choices": [choice.model_dump(mode="json") for choice in question.choices],
            "pairs": question.pairs,
        }
    )
    effects: Added = tuple((name, tuple(tuple(map(float, row)) for row in array)) for name, array in added)

    def task(kind: Kind, numbers: range, turn: int = 0, people: int = 0) -> Task[Block]:
        told = {"kind": kind, "each": people or each, "turn": turn, "added": repr(effects)}
        of_draws = kind == DRAWS
        key = task_key(
            study_sha256=content,
            parameters_sha256=parameters.sha256(),
            seed=setting.seed,
            replicates=(0, 0) if of_draws else (numbers.start, numbers.stop),
            draws=(numbers.start, numbers.stop) if of_draws else (0, 0),
            settings=told,
        )
        threads = threads_for(setting.workers)
        block = Block(question, setting.source, setting.seed, kind, numbers, people or each, turn, effects, threads)
        return Task(f"{kind} {numbers.start} to {numbers.stop - 1}", key, block)

    for numbers in blocks(trials, of_trial):
        if not effects:
            yield task(CENTRAL, numbers)
        for turn in range(turns_of(question) if effects else 0):
            yield task(NULL, numbers, turn)
    for numbers in blocks(draws, seconds_of_draw(size) + each * of_trial):
        yield task(DRAWS, range(numbers.start + 1, numbers.stop + 1))
    if truth:
        of_arm = trials * question.plan.n_patients // len(question.plan.arms)
        together = -(-min(max(of_arm, LEAST_TRUTH), MOST_TRUTH) // (PARTS * GROUPS)) * GROUPS
        for numbers in blocks(PARTS, seconds_of_draw(size, together)):
            yield task(TRUTH, numbers, people=together)


def turns_of(question: Question) -> int:
    """How many controls the arm with the most of them has: trials without an effect are simulated for one at a time."""
    arms = [arm for arm, _ in question.pairs]
    return max(arms.count(arm) for arm in arms)


def pairs_of_turn(question: Question, turn: int) -> list[int]:
    """Places of the contrasts whose control is given in a turn.

    Parameters
    ----------
    question : Question
        What is asked.
    turn : int
        From 0.

    Returns
    -------
    list[int]
        One contrast an arm at most.
    """
    arms = [arm for arm, _ in question.pairs]
    return [i for i, arm in enumerate(arms) if arms[:i].count(arm) == turn]


def without_effect(plan: Protocol, pairs: Sequence[tuple[str, str]]) -> Protocol:
    """A study in which arms are given what their controls are given, and in which the same happens to them: rescue,
    intercurrent events, dropout, a stated placebo response; centres then do not differ in an effect.

    Parameters
    ----------
    plan : Protocol
        The study.
    pairs : Sequence[tuple[str, str]]
        Arm and control, one of an arm.

    Returns
    -------
    Protocol
        The same but for these arms.
    """
    same = dict(pairs)
    control = {plan.arms.index(arm): plan.arms.index(other) for arm, other in pairs}
    given = tuple(plan.prescriptions[control.get(i, i)] for i in range(len(plan.arms)))
    of_arm = {rescue.arm: rescue for rescue in plan.rescues}
    rescues = [replace(of_arm[control.get(i, i)], arm=i) for i in range(len(plan.arms)) if control.get(i, i) in of_arm]
    design = plan.study.design
    changed: dict[str, object] = {}
    if isinstance(design.dropout, Dropout):
        lost = {arm: design.dropout.of(same.get(arm, arm)) for arm in plan.arms} if design.dropout.by_arm else {}
        changed["dropout"] = design.dropout.model_copy(update={"by_arm": lost})
    if design.placebo_response:
        shifts = {arm: design.placebo_response.get(same.get(arm, arm)) for arm in plan.arms}
        changed["placebo_response"] = {arm: shift for arm, shift in shifts.items() if shift is not None}
    if design.centres is not None:
        changed["centres"] = design.centres.model_copy(update={"effect_sd": None})
    events = tuple(
        event.model_copy(update={"by_arm": {arm: event.of(same.get(arm, arm)) for arm in plan.arms}})
        if event.by_arm
        else event
        for event in plan.study.intercurrent
    )
    study = plan.study.model_copy(update={"design": design.model_copy(update=changed), "intercurrent": events})
    return replace(plan, study=study, prescriptions=given, rescues=tuple(rescues))


def simulate(task: Task[Block]) -> Tables:
    """Tables of one task: estimates and flow of its trials, what its parameter draws expect."""
    block = task.payload
    parameters = study_parameters(block.question.study, block.source.load())
    if block.kind == DRAWS:
        return _draws(block, parameters)
    scene = scene_of(block.question.study, parameters.draw(block.seed, 0), seed=block.seed, threads=block.threads)
    if block.kind == TRUTH:
        return {"expected": pd.concat([_part(block, scene, number) for number in block.numbers], ignore_index=True)}
    question, pairs = block.question, None
    if block.kind == NULL:
        pairs = pairs_of_turn(question, block.turn)
        plan = without_effect(scene.protocol, [question.pairs[i] for i in pairs])
        scene = replace(scene, protocol=plan)
    sample = joined([sample_of(trials) for trials in in_batches(scene, block.numbers)])
    added = [(name, np.array(array)) for name, array in block.added]
    found = estimates_of(sample, question, scene.protocol, kind=block.kind, pairs=pairs, added=added)
    return found | {"flow": flow_of_sizes(sample, question, scene.protocol, kind=block.kind)}


def _part(block: Block, scene: Scene, number: int) -> pd.DataFrame:
    """What is expected at central values of a part of the reference patients, as draw 0, -1, -2, ...

    Their groups are numbered behind those of every parameter draw, so that no patient is met twice.
    """
    readings, events = expected_with_events(scene, draw=MOST_DRAWS + 1 + number, n_patients=block.each)
    return _expected(readings, events, scene.protocol, -number)


def _expected(readings: list[Readings], events: list[FloatArray] | None, plan: Protocol, draw: int) -> pd.DataFrame:
    """What is expected, as the estimand of the study has it."""
    weeks = None if events is None else events[: len(plan.arms)]
    return expected_table(readings, plan, draw=draw, event_weeks=weeks)


def _draws(block: Block, parameters: ParameterSet) -> Tables:
    plan = protocol(block.question.study)
    samples: list[Sample] = []
    expected: list[pd.DataFrame] = []
    for draw in block.numbers:
        values = parameters.draw(block.seed, draw)
        # one pilot, as for a trial under a draw of its own in a run
        scene = matched_scene(plan, values, seed=block.seed, threads=block.threads, pilots=PILOTS[:1])
        responses = arm_responses(scene, plan.courses, float(plan.weeks[-1]))
        first = (draw - 1) * block.each
        for number in range(first, first + block.each):
            trials = simulate_trials(scene, [number], draw=draw, responses=responses)
            samples.append(sample_of(trials))
        expected.append(_expected(*expected_with_events(scene, draw=draw, responses=responses), plan, draw))
    tables: dict[str, pd.DataFrame] = {"expected": pd.concat(expected, ignore_index=True)}
    if samples:
        tables |= estimates_of(joined(samples), block.question, plan, kind=DRAWS)
    return tables
