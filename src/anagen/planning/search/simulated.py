"""One simulation a design: its effects under parameter draws and the spread of its outcome, for trials of any size.

How large the trial is, in which ratio patients are allocated and which of its arms are kept changes neither, so that
designs which differ in these alone share a simulation. Every design has the same seed, and with it the same people and
parameter draws: what differs between two designs is the designs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from anagen.analysis.balance import balance_of
from anagen.analysis.decisions import wanted_direction
from anagen.core.arrays import FloatArray
from anagen.core.provenance import sha256_of_json
from anagen.execution import ChunkStore, Tables, Task, gather, run_tasks, task_key, threads_for
from anagen.planning.characteristics import effects_of_draws, residual_sd, spread, true_effect
from anagen.planning.question import Question, question_of
from anagen.planning.search.variant import PER_ARM
from anagen.planning.simulating import CENTRAL, DRAWS, TRUTH, Block, Kind, Setting, simulate
from anagen.runs.tasks import blocks
from anagen.study import Study
from anagen.trials.cost import seconds_of_draw, seconds_of_trial, size_of
from anagen.trials.protocol import study_parameters

PARTS, PEOPLE = 8, 32
"""Parts of reference patients who tell the effect at central values, and patients of each."""


@dataclass(frozen=True, eq=False)
class Simulated:
    """What a simulation tells of a design, whatever its size.

    Attributes
    ----------
    question : Question
        The design with PER_ARM patients in every arm, its primary endpoint and its contrasts.
    effects : FloatArray, shape (n_draws, n_pairs)
        True effect under every parameter draw, positive where it is wanted, in the unit of the effect.
    central : FloatArray, shape (n_pairs,)
        The same at central values.
    sd : FloatArray, shape (n_pairs,)
        Standard deviation of the outcome once the baseline is adjusted for.
    analysed : FloatArray, shape (n_pairs, 2)
        Share of the randomised that is analysed, in the arm and in its control.
    admitted : float
        Share of candidates that is admitted.
    left : float
        Share of patients that leaves before the last visit, for whatever reason.
    missed : float
        Share of visits that are missed by those who stay.
    than : float
        What the effect has to exceed for the study's claim, in the wanted direction: 0, or a margin.
    """

    question: Question
    effects: FloatArray
    central: FloatArray
    sd: FloatArray
    analysed: FloatArray
    admitted: float
    left: float
    missed: float
    than: float = 0.0

    @property
    def study(self) -> Study:
        """The design as it was simulated."""
        return self.question.study


def question_of_design(study: Study, arm: str | None) -> Question:
    """The primary endpoint of a study that is simulated, and its contrasts.

    Parameters
    ----------
    study : Study
        From `variant.simulated_study`.
    arm : str or None
        The arm that has to succeed; every one that is not a control where left out.

    Returns
    -------
    Question
        With one size.
    """
    primary = study.endpoints.primary
    return replace(question_of(study, [PER_ARM], arm=arm), choices=(primary,))


def simulated_designs(questions: Sequence[Question], setting: Setting, *, trials: int, draws: int) -> list[Simulated]:
    """Simulate several designs, all their tasks together.

    Parameters
    ----------
    questions : Sequence[Question]
        Of the designs, no two alike.
    setting : Setting
        Where and how.
    trials : int
        Trials of each at central values.
    draws : int
        Parameter draws.

    Returns
    -------
    list[Simulated]
        In the same order; it does not depend on what is simulated together.
    """
    tasks: list[Task[Block]] = []
    ends: list[int] = []
    for question in questions:
        tasks += _tasks(question, setting, trials, draws)
        ends.append(len(tasks))
    store = None if setting.store is None else ChunkStore(setting.store)
    outputs = list(run_tasks(tasks, simulate, workers=setting.workers, store=store, progress=setting.progress))
    found: list[Simulated] = []
    for question, end in zip(questions, ends, strict=True):
        found.append(_simulated(question, setting, gather(outputs[: end - (len(tasks) - len(outputs))]), draws))
        outputs = outputs[end - (len(tasks) - len(outputs)) :]
    return found


def _tasks(question: Question, setting: Setting, trials: int, draws: int) -> list[Task[Block]]:
    parameters = study_parameters(question.study, setting.source.load())
    size = size_of(question.study, parameters.draw(setting.seed, 0), trials=trials, draws=draws)
    content = sha256_of_json({"study": question.study.model_dump(mode="json"), "pairs": question.pairs})
    threads = threads_for(setting.workers)
    made: list[Task[Block]] = []

    def add(kind: Kind, numbers: range, each: int) -> None:
        of_draws = kind == DRAWS
        key = task_key(
            study_sha256=content,
            parameters_sha256=parameters.sha256(),
            seed=setting.seed,
            replicates=(0, 0) if of_draws else (numbers.start, numbers.stop),
            draws=(numbers.start, numbers.stop) if of_draws else (0, 0),
            settings={"search": kind, "each": each},
        )
        block = Block(question, setting.source, setting.seed, kind, numbers, each, threads=threads)
        made.append(Task(f"{kind} {numbers.start} to {numbers.stop - 1}", key, block))

    for numbers in blocks(trials, seconds_of_trial(size)):
        add(CENTRAL, numbers, 0)
    for numbers in blocks(draws, seconds_of_draw(size)):
        add(DRAWS, range(numbers.start + 1, numbers.stop + 1), 0)
    for numbers in blocks(PARTS, seconds_of_draw(size, PEOPLE)):
        add(TRUTH, numbers, PEOPLE)
    return made


def _simulated(question: Question, setting: Setting, tables: Tables, draws: int) -> Simulated:
    parameters = study_parameters(question.study, setting.source.load())
    balance = balance_of(parameters, seed=setting.seed, draws=draws)
    effects = effects_of_draws(tables["expected"], question, balance)
    sign, split = wanted_direction(question.choices[0]), question.plan.split_scalp
    estimates, flow = tables["estimates"], tables["flow"]
    of_pair: list[pd.DataFrame] = [estimates[estimates["pair"] == p] for p in range(len(question.pairs))]
    spreads = [sign * spread(effects, p, 0) for p in range(len(question.pairs))]
    return Simulated(
        question=question,
        effects=np.stack(spreads, axis=1),
        central=np.array([sign * true_effect(effects, p, 0)[0] for p in range(len(question.pairs))]),
        sd=np.array([residual_sd(rows, split=split) for rows in of_pair]),
        analysed=np.array([[rows[name].mean() / PER_ARM for name in ("n_arm", "n_control")] for rows in of_pair]),
        admitted=float(flow["randomised"].sum() / flow["screened"].sum()),
        left=float(flow["left"].sum() / flow["randomised"].sum()),
        missed=float(parameters.draw(setting.seed, 0)["measurement.missed_visit"]),
        than=question.beyond(question.choices[0]),
    )
