"""Trials of an effect and a standard deviation that somebody states: no biology, a Normal model.

    baseline b ~ N(0, 1),   change y = r s b + s sqrt(1 - r^2) e + delta [in the arm],   e ~ N(0, 1)

s is the standard deviation of the change (between sides, of their difference), r its correlation with the baseline, and
each patient's value is missing with the study's dropout. delta is the stated effect; where what is not known of it has
a standard deviation too, a trial draws its own, N(delta, tau).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import pandas as pd

from anagen.analysis.batch import Batch, endpoint_place, visit_place
from anagen.core.arrays import FloatArray
from anagen.core.errors import InputError, Problem
from anagen.core.measures import RESPONDERS
from anagen.core.provenance import sha256_of_json
from anagen.core.streams import TRIAL_LEVEL, Purpose, normals, uniforms
from anagen.execution import ChunkStore, Tables, Task, gather, run_tasks, task_key
from anagen.planning.analysing import Sample, estimates_of, flow_of_sizes, joined, sample_of
from anagen.planning.question import Question, null_effects
from anagen.planning.simulating import CENTRAL, DRAWS, NULL, Setting, without_effect
from anagen.study import Study
from anagen.study.models import EndpointChoice
from anagen.trials.protocol import study_parameters
from anagen.trials.randomisation import allocation_ratio
from anagen.trials.simulation import in_batches, scene_of

TRIALS = 10_000
"""Trials where none are asked for: a Normal one costs next to nothing."""
TRIALS_PER_TASK = 500
CORRELATED = 1_000
"""Control patients of the study who tell how the change hangs on the baseline."""
BASELINE, REST, MISSING, EFFECT = range(4)
"""Items of a draw."""


@dataclass(frozen=True, slots=True)
class NormalModel:
    """What stands in for the model, in the unit of the effect.

    Attributes
    ----------
    effect : float
        Difference between an arm and its control.
    sd : float
        Standard deviation of the change of a patient.
    effect_sd : float
        Standard deviation of what is not known of the effect.
    correlation : float
        Of the change with the baseline, -1 to 1.
    dropout : float
        Share of patients without an outcome.
    """

    effect: float
    sd: float
    effect_sd: float = 0.0
    correlation: float = 0.0
    dropout: float = 0.0


@dataclass(frozen=True, slots=True)
class NormalBlock:
    """Work of one task: trials of the Normal model.

    Attributes
    ----------
    question : Question
        What is asked.
    model : NormalModel
        Of the outcome.
    seed : int
        Key of the draws.
    trials : range
        Numbers of the trials.
    """

    question: Question
    model: NormalModel
    seed: int
    trials: range


def for_normal(question: Question) -> Question:
    """The question with its main outcome alone, analysed as a difference of means.

    Raises
    ------
    InputError
        Where the main outcome is a share of patients.
    """
    choice = question.choices[0]
    if choice.measure in RESPONDERS:
        message = "is a difference of means with a standard deviation; the outcome here is a share of patients"
        raise InputError([Problem(None, None, None, "effect", message)])
    return replace(question, choices=(choice,))


def baseline_correlation(question: Question, setting: Setting) -> float:
    """Correlation of the change with the baseline in the control patients of the study, at central values.

    Parameters
    ----------
    question : Question
        What is asked.
    setting : Setting
        Source of the parameters and seed.

    Returns
    -------
    float
        -1 to 1, of patients about the mean of their trial; 0 where the baseline is the same for all.
    """
    plan, choice = question.plan, question.choices[:1]
    values = study_parameters(question.study, setting.source.load()).draw(setting.seed, 0)
    control = plan.arms.index(question.pairs[0][1])
    trials = range(max(1, math.ceil(CORRELATED / plan.sizes[control])))
    scene = scene_of(question.study, values, seed=setting.seed)
    scene = replace(scene, protocol=without_effect(plan, question.pairs[:1]))
    batch = joined([sample_of(batch) for batch in in_batches(scene, trials)]).batch
    column = batch.measured[control, ..., endpoint_place(plan, choice[0].endpoint)]
    before, after = column[..., 0], column[..., visit_place(plan, choice[0].week)]
    change = after - before if choice[0].measure == "change" else after
    if choice[0].measure == "percent_change":
        change = np.divide(100.0 * (after - before), before, out=np.full_like(after, np.nan), where=before > 0.0)
    whole = np.isfinite(before) & np.isfinite(change)
    apart = [
        np.where(whole, x - np.nanmean(np.where(whole, x, np.nan), axis=1, keepdims=True), 0.0)
        for x in (before, change)
    ]
    squares = math.sqrt(float((apart[0] ** 2).sum() * (apart[1] ** 2).sum()))
    return float((apart[0] * apart[1]).sum()) / squares if squares > 0.0 else 0.0


def simulated_normal(
    question: Question, model: NormalModel, setting: Setting, *, trials: int
) -> dict[str, pd.DataFrame]:
    """Trials of the Normal model with its effect, without one, and with effects that differ between trials.

    Parameters
    ----------
    question : Question
        From `for_normal`.
    model : NormalModel
        Of the outcome.
    setting : Setting
        Seed, workers and progress.
    trials : int
        Trials of each kind; all have the same patients.

    Returns
    -------
    dict[str, pd.DataFrame]
        "estimates", "flow" and "effects", the true effect of every trial.
    """
    content = sha256_of_json(
        {"study": question.study.model_dump(mode="json"), "sizes": question.sizes, "pairs": question.pairs}
    )
    tasks = [
        Task(
            f"trials {first} to {min(first + TRIALS_PER_TASK, trials) - 1}",
            task_key(
                study_sha256=content,
                parameters_sha256=repr(model),
                seed=setting.seed,
                replicates=(first, min(first + TRIALS_PER_TASK, trials)),
                draws=(0, 0),
                settings={"kind": "normal", "outcome": question.choices[0].model_dump_json()},
            ),
            NormalBlock(question, model, setting.seed, range(first, min(first + TRIALS_PER_TASK, trials))),
        )
        for first in range(0, trials, TRIALS_PER_TASK)
    ]
    store = None if setting.store is None else ChunkStore(setting.store)
    return gather(run_tasks(tasks, simulate_normal, workers=setting.workers, store=store, progress=setting.progress))


def simulate_normal(task: Task[NormalBlock]) -> Tables:
    """Tables of one task."""
    block, effects = task.payload, effects_of_trials(task.payload)
    nothing = np.full(len(effects), null_effects(block.question)[0, 0])
    kinds = ((CENTRAL, np.full(len(effects), block.model.effect)), (NULL, nothing), (DRAWS, effects))
    (choice,) = block.question.choices
    # what is stated is the outcome itself, whatever is made of readings elsewhere
    plain = choice.model_copy(update={"measure": "change", "threshold": None})
    asked = replace(block.question, study=one_visit(block.question.study, plain), choices=(plain,))
    plan = asked.plan
    samples = [normal_sample(replace(block, question=asked), given) for _, given in kinds]
    parts = [estimates_of(sample, asked, plan, kind=kind) for (kind, _), sample in zip(kinds, samples, strict=True)]
    tables = {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}
    told = pd.DataFrame({"draw": samples[0].batch.draws, "effect": effects})
    return tables | {"flow": flow_of_sizes(samples[0], asked, plan, kind=CENTRAL), "effects": told}


def one_visit(study: Study, choice: EndpointChoice) -> Study:
    """The study with one endpoint and the analysis that one visit without covariates can have.

    The Normal model has neither further visits nor covariates: MMRM is then ANCOVA of all arms, and what is missing is
    left out.

    Parameters
    ----------
    study : Study
        What is planned.
    choice : EndpointChoice
        The outcome.

    Returns
    -------
    Study
        With the same arms and claims.
    """
    analysis = study.analysis
    method = "ancova" if analysis.method == "ancova" else "ancova_all_arms"
    plain: dict[str, object] = {"covariates": (), "covariance": "unstructured", "degrees_of_freedom": "satterthwaite"}
    plain |= {"missing": "complete_cases", "imputations": None, "delta": None, "estimand": "treatment_policy"}
    endpoints = study.endpoints.model_copy(update={"primary": choice, "secondary": ()})
    changed = analysis.model_copy(update={"method": method, **plain})
    return study.model_copy(update={"endpoints": endpoints, "analysis": changed})


def effects_of_trials(block: NormalBlock) -> FloatArray:
    """True effect of every trial of a block where the effect is not known."""
    z = normals(
        block.seed, Purpose.PLANNING, patient=TRIAL_LEVEL, item=EFFECT, replicate=np.array(block.trials, dtype=np.int64)
    )
    return block.model.effect + block.model.effect_sd * z


def normal_sample(block: NormalBlock, effects: FloatArray) -> Sample:
    """Patients of the Normal model, an effect for each trial.

    Parameters
    ----------
    block : NormalBlock
        Trials.
    effects : FloatArray, shape (n_trials,)
        True effect in each of them.

    Returns
    -------
    Sample
        With a baseline of mean 0; patients are allocated in the ratio of the arms.
    """
    plan, model = block.question.plan, block.model
    trials = np.array(block.trials, dtype=np.int64)[:, None]
    people = np.arange(plan.n_patients, dtype=np.int64)[None, :]

    def drawn(item: int) -> FloatArray:
        return normals(block.seed, Purpose.PLANNING, patient=people, item=item, replicate=trials)

    baseline = drawn(BASELINE)
    change = model.sd * (model.correlation * baseline + math.sqrt(1.0 - model.correlation**2) * drawn(REST))
    left = uniforms(block.seed, Purpose.PLANNING, patient=people, item=MISSING, replicate=trials) < model.dropout
    treated = {plan.arms.index(arm) for arm, _ in block.question.pairs}
    if plan.split_scalp:
        received = np.ones((len(plan.arms), *baseline.shape), dtype=np.bool_)
    else:
        ratio = allocation_ratio(plan.sizes)
        order = np.array(list(chain(*_rounds(ratio, plan.n_patients // sum(ratio)))))
        of_arm = order == np.arange(len(plan.arms))[:, None]
        received = np.broadcast_to(of_arm[:, None], (len(plan.arms), *change.shape))
    (choice,) = block.question.choices
    measured = np.full((*received.shape, len(plan.weeks), len(plan.endpoints)), np.nan)
    column, visit = endpoint_place(plan, choice.endpoint), visit_place(plan, choice.week)
    for arm in range(len(plan.arms)):
        here = effects[:, None] if arm in treated else 0.0
        # of two sides the difference is what varies: the untreated side stands still
        still = plan.split_scalp and arm not in treated
        before, after = (np.zeros_like(baseline), np.zeros_like(change)) if still else (baseline, change)
        measured[arm, ..., 0, column] = np.where(received[arm], before, np.nan)
        measured[arm, ..., visit, column] = np.where(received[arm] & ~left, before + after + here, np.nan)
    numbers = trials[:, 0]
    batch = Batch(measured, np.asarray(received), numbers, numbers + 1, block.seed, {}, {})
    return Sample(batch, np.broadcast_to(people, change.shape), left)


def _rounds(ratio: tuple[int, ...], number: int) -> Iterator[list[int]]:
    for _ in range(number):
        yield [arm for arm, many in enumerate(ratio) for _ in range(many)]
