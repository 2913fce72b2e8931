"""Trials and the smaller trials in them, analysed: one row per trial, size, outcome and contrast."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from anagen.analysis.ancova import Estimates
from anagen.analysis.effects import contrast
from anagen.analysis.measures import measure_of
from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.planning.parts import parts_of
from anagen.planning.question import Question
from anagen.scalp import ENDPOINTS
from anagen.study.models import EndpointChoice
from anagen.trials.protocol import Protocol
from anagen.trials.simulation import Trials

NUMBERS = ("estimate", "standard_error", "ci_low", "ci_high", "p_value", "n_arm", "n_control")


@dataclass(frozen=True, slots=True)
class Sample:
    """Measured trials of the largest size.

    Attributes
    ----------
    values : FloatArray, shape (n_choices, n_arms, n_trials, n_patients)
        Measured at the week of every outcome; NaN where a patient was not seen or is not in the arm.
    baselines : FloatArray, shape (n_choices, n_arms, n_trials, n_patients)
        The same at baseline.
    received : BoolArray, shape (n_arms, n_trials, n_patients)
        Who was given which arm, in the order of admission.
    candidates : IntArray, shape (n_trials, n_patients)
        Number of the candidate that each patient was.
    left : BoolArray, shape (n_trials, n_patients)
        Who left before the last visit.
    draws : IntArray, shape (n_trials,)
        Parameter draw of each trial.
    trials : IntArray, shape (n_trials,)
        Number of each trial.
    """

    values: FloatArray
    baselines: FloatArray
    received: BoolArray
    candidates: IntArray
    left: BoolArray
    draws: IntArray
    trials: IntArray


def sample_of(trials: Trials, choices: Sequence[EndpointChoice]) -> Sample:
    """What was measured in simulated trials, for some outcomes.

    Parameters
    ----------
    trials : Trials
        Simulated.
    choices : Sequence[EndpointChoice]
        Outcomes.

    Returns
    -------
    Sample
        Of the same trials.
    """
    plan, measured = trials.scene.protocol, trials.measured()
    names, number = [endpoint.name for endpoint in plan.endpoints], len(trials.replicates)
    columns = [names.index(choice.endpoint) for choice in choices]
    visits = [int(np.flatnonzero(plan.weeks == choice.week)[0]) for choice in choices]
    return Sample(
        values=np.stack([measured[..., visit, column] for visit, column in zip(visits, columns, strict=True)]),
        baselines=np.stack([measured[..., 0, column] for column in columns]),
        received=trials.received.reshape(len(plan.arms), number, -1),
        candidates=np.asarray(trials.population.patient, dtype=np.int64).reshape(number, -1),
        left=~np.isnan(trials.left).reshape(number, -1),
        draws=np.full(number, trials.draw, dtype=np.int64),
        trials=np.asarray(trials.replicates, dtype=np.int64),
    )


def joined(samples: Sequence[Sample]) -> Sample:
    """Samples of equal trials one after another."""
    return Sample(
        values=np.concatenate([each.values for each in samples], axis=2),
        baselines=np.concatenate([each.baselines for each in samples], axis=2),
        received=np.concatenate([each.received for each in samples], axis=1),
        candidates=np.concatenate([each.candidates for each in samples]),
        left=np.concatenate([each.left for each in samples]),
        draws=np.concatenate([each.draws for each in samples]),
        trials=np.concatenate([each.trials for each in samples]),
    )


def analysed(
    outcome: FloatArray, baseline: FloatArray, pair: tuple[str, str], choice: EndpointChoice, plan: Protocol
) -> Estimates:
    """An arm against its control in every trial: the one place that decides how a planned trial is analysed.

    Today that is the analysis of a run, which `anagen.analysis.effects.contrast` chooses by measure and layout.

    Parameters
    ----------
    outcome : FloatArray, shape (n_arms, n_trials, n_patients)
        What is compared; NaN where a patient is not in the arm.
    baseline : FloatArray, shape (n_arms, n_trials, n_patients)
        The endpoint at baseline.
    pair : tuple[str, str]
        Arm and control.
    choice : EndpointChoice
        The outcome.
    plan : Protocol
        The study.

    Returns
    -------
    Estimates
        One number a trial.
    """
    return contrast(outcome, baseline, pair, choice, plan)


def estimates_of(
    sample: Sample,
    question: Question,
    plan: Protocol,
    *,
    kind: str,
    pairs: Sequence[int] | None = None,
    added: Sequence[tuple[str, FloatArray]] = (),
) -> pd.DataFrame:
    """Effects in every trial, at every size.

    Parameters
    ----------
    sample : Sample
        Trials of the largest size.
    question : Question
        What is asked.
    plan : Protocol
        The study as it was simulated.
    kind : str
        What the trials are, for the table.
    pairs : Sequence[int] or None
        Contrasts that are analysed, by their place; all where left out.
    added : Sequence[tuple[str, FloatArray]]
        Effects that are added to what the arm's patients measure after baseline, in the unit of the endpoint: name,
        and array of shape (n_pairs, n_choices); none where empty.

    Returns
    -------
    pd.DataFrame
        Columns kind, truth, draw, trial, part, patients, pair, outcome, and the numbers of an estimate.
    """
    chosen = range(len(question.pairs)) if pairs is None else pairs
    nothing = np.zeros((len(question.pairs), len(question.choices)))
    tables: list[pd.DataFrame] = []
    for truth, effects in added or ((kind, nothing),):
        for size in question.sizes:
            sizes = question.arm_sizes(size)
            parts = parts_of(sample.received, sizes, together=in_order(plan))
            for number, members in enumerate(parts):
                rows = np.flatnonzero(members.any(axis=0))
                here = slice(int(rows[0]), int(rows[-1]) + 1)
                who = members[:, here]
                for c, choice in enumerate(question.choices):
                    values = np.where(who, sample.values[c][..., here], np.nan)
                    baseline = np.where(who, sample.baselines[c][..., here], np.nan)
                    for p in chosen:
                        given = _with_effect(values, plan.arms.index(question.pairs[p][0]), float(effects[p, c]))
                        rising = ENDPOINTS[choice.endpoint].higher_is_better
                        outcome = measure_of(choice.measure, given, baseline, choice.threshold, rising=rising)
                        found = analysed(outcome, baseline, question.pairs[p], choice, plan)
                        labels = {"kind": kind, "truth": truth, "draw": sample.draws, "trial": sample.trials}
                        place = {"part": number, "patients": size, "pair": p, "outcome": c}
                        tables.append(pd.DataFrame(labels | place | {name: getattr(found, name) for name in NUMBERS}))
    return pd.concat(tables, ignore_index=True)


def flow_of_sizes(sample: Sample, question: Question, plan: Protocol, *, kind: str) -> pd.DataFrame:
    """How many are screened, randomised and leave at every size, in the first trial of each study.

    Parameters
    ----------
    sample : Sample
        Trials of the largest size.
    question : Question
        What is asked.
    plan : Protocol
        The study.
    kind : str
        What the trials are, for the table.

    Returns
    -------
    pd.DataFrame
        Columns kind, draw, trial, patients, screened, randomised, left.
    """
    tables: list[pd.DataFrame] = []
    for size in question.sizes:
        members = parts_of(sample.received, question.arm_sizes(size), together=in_order(plan))[0]
        screened = np.where(members, sample.candidates, -1).max(axis=1) + 1
        counts = {"randomised": members.sum(axis=1), "left": (members & sample.left).sum(axis=1)}
        labels = {"kind": kind, "draw": sample.draws, "trial": sample.trials, "patients": size, "screened": screened}
        tables.append(pd.DataFrame(labels | counts))
    return pd.concat(tables, ignore_index=True)


def in_order(plan: Protocol) -> bool:
    """Whether a smaller trial takes patients in the order of admission whatever their arm."""
    randomisation = plan.study.design.randomisation
    return plan.split_scalp or (bool(randomisation.strata) and not randomisation.exact)


def _with_effect(values: FloatArray, arm: int, effect: float) -> FloatArray:
    if effect == 0.0:
        return values
    moved = values.copy()
    moved[arm] += effect
    return moved
