"""Trials and the smaller trials in them, analysed: one row per trial, size, outcome and contrast."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from anagen.analysis import batch as batches
from anagen.analysis.batch import Batch, batch_of, endpoint_place, visit_place
from anagen.analysis.contrasts import estimates
from anagen.analysis.decisions import Decided, wanted_direction
from anagen.analysis.dose_response import dose_response_table
from anagen.analysis.trial_decisions import decisions, patients_treated
from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.planning.parts import parts_of
from anagen.planning.question import Question
from anagen.statistics.estimates import Estimates
from anagen.trials.protocol import Protocol
from anagen.trials.simulation import Trials

NUMBERS = ("estimate", "standard_error", "ci_low", "ci_high", "p_value", "n_arm", "n_control")


@dataclass(frozen=True, slots=True)
class Sample:
    """Measured trials of the largest size.

    Attributes
    ----------
    batch : Batch
        What was measured; patients stand in the order of admission.
    candidates : IntArray, shape (n_trials, n_patients)
        Number of the candidate that each patient was.
    left : BoolArray, shape (n_trials, n_patients)
        Who left before the last visit.
    """

    batch: Batch
    candidates: IntArray
    left: BoolArray


def sample_of(trials: Trials) -> Sample:
    """What was measured in simulated trials.

    Parameters
    ----------
    trials : Trials
        Simulated.

    Returns
    -------
    Sample
        Of the same trials.
    """
    number = len(trials.replicates)
    return Sample(
        batch=batch_of(trials),
        candidates=np.asarray(trials.population.patient, dtype=np.int64).reshape(number, -1),
        left=~np.isnan(trials.left).reshape(number, -1),
    )


def joined(samples: Sequence[Sample]) -> Sample:
    """Samples of equal trials one after another."""
    return Sample(
        batch=batches.joined([each.batch for each in samples]),
        candidates=np.concatenate([each.candidates for each in samples]),
        left=np.concatenate([each.left for each in samples]),
    )


def estimates_of(
    sample: Sample,
    question: Question,
    plan: Protocol,
    *,
    kind: str,
    pairs: Sequence[int] | None = None,
    added: Sequence[tuple[str, FloatArray]] = (),
) -> dict[str, pd.DataFrame]:
    """Effects in every trial, at every size, as the study's analysis has them, and what the trials decide.

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
    dict[str, pd.DataFrame]
        "estimates" with columns kind, truth, draw, trial, part, patients, pair, outcome, the numbers of an estimate and
        whether the claim is shown; "claims", where the study states any, with a row per trial.
    """
    chosen = range(len(question.pairs)) if pairs is None else pairs
    nothing = np.zeros((len(question.pairs), len(question.choices)))
    tables: list[pd.DataFrame] = []
    claims: list[pd.DataFrame] = []
    for truth, effects in added or ((kind, nothing),):
        moved = with_effects(sample.batch, question, plan, effects)
        for size in question.sizes:
            parts = parts_of(sample.batch.received, question.arm_sizes(size), together=in_order(plan))
            for number, members in enumerate(parts):
                batch = moved.of(members)
                labels = {
                    "kind": kind,
                    "truth": truth,
                    "draw": batch.draws,
                    "trial": batch.replicates,
                    "part": number,
                    "patients": size,
                }
                decided = decisions(batch, plan) if plan.study.analysis.decides else []
                tables += _rows(batch, question, plan, chosen, decided, labels)
                if decided:
                    claims.append(_claims(batch, plan, decided, labels))
    found = {"estimates": pd.concat(tables, ignore_index=True)}
    return found | ({"claims": pd.concat(claims, ignore_index=True)} if claims else {})


def with_effects(batch: Batch, question: Question, plan: Protocol, effects: FloatArray) -> Batch:
    """A batch with effects added to what arms measured after baseline.

    At the week of an outcome its own effect is added, at other visits that of the nearest week.

    Parameters
    ----------
    batch : Batch
        Trials.
    question : Question
        What is asked.
    plan : Protocol
        The study.
    effects : FloatArray, shape (n_pairs, n_choices)
        In the unit of the endpoints.

    Returns
    -------
    Batch
        The same where all effects are 0.
    """
    if not effects.any():
        return batch
    measured = batch.measured.copy()
    for endpoint in dict.fromkeys(choice.endpoint for choice in question.choices):
        places = [c for c, choice in enumerate(question.choices) if choice.endpoint == endpoint]
        visits = [visit_place(plan, question.choices[c].week) for c in places]
        column = endpoint_place(plan, endpoint)
        for visit in range(1, len(plan.weeks)):
            nearest = places[int(np.argmin([abs(plan.weeks[visit] - plan.weeks[v]) for v in visits]))]
            for p, (arm, _) in enumerate(question.pairs):
                measured[plan.arms.index(arm), :, :, visit, column] += effects[p, nearest]
    return batch.with_measured(measured)


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
        members = parts_of(sample.batch.received, question.arm_sizes(size), together=in_order(plan))[0]
        screened = np.where(members, sample.candidates, -1).max(axis=1) + 1
        counts = {"randomised": members.sum(axis=1), "left": (members & sample.left).sum(axis=1)}
        labels = {"kind": kind, "draw": sample.batch.draws, "trial": sample.batch.replicates, "patients": size}
        tables.append(pd.DataFrame(labels | {"screened": screened} | counts))
    return pd.concat(tables, ignore_index=True)


def in_order(plan: Protocol) -> bool:
    """Whether a smaller trial takes patients in the order of admission whatever their arm."""
    randomisation = plan.study.design.randomisation
    return plan.split_scalp or (bool(randomisation.strata) and not randomisation.exact)


def _rows(
    batch: Batch,
    question: Question,
    plan: Protocol,
    chosen: Iterable[int],
    decided: Sequence[Decided],
    labels: dict[str, object],
) -> list[pd.DataFrame]:
    """Estimates of every outcome and contrast; where the study claims something of one, those that it rests on."""
    alpha, places = plan.study.analysis.two_sided_alpha, list(chosen)
    claimed = {(each.claim.arm, each.claim.control, each.claim.choice): each for each in decided}
    tables: list[pd.DataFrame] = []
    for c, choice in enumerate(question.choices):
        sign, asked = wanted_direction(choice), [question.pairs[p] for p in places]
        free = [pair for pair in asked if (*pair, choice) not in claimed]
        found: dict[tuple[str, str], Estimates] = (
            dict(zip(free, estimates(batch, choice, free, plan), strict=True)) if free else {}
        )
        for p, pair in zip(places, asked, strict=True):
            claim = claimed.get((*pair, choice))
            made = found[pair] if claim is None else claim.found
            shown = (made.p_value < alpha) & (sign * made.estimate > 0.0) if claim is None else claim.shown
            place = {"pair": p, "outcome": c, "claimed": claim is not None, "shown": shown}
            tables.append(pd.DataFrame(labels | place | {name: getattr(made, name) for name in NUMBERS}))
    return tables


def _claims(batch: Batch, plan: Protocol, decided: Sequence[Decided], labels: dict[str, object]) -> pd.DataFrame:
    """What each trial decides as a whole."""
    shown = np.stack([each.shown for each in decided])
    early = np.stack([(each.information < 1.0) & each.shown for each in decided])
    futile = np.stack([np.isin(each.verdict, ["futile", "dropped"]) for each in decided])
    rows: dict[str, object] = {
        "any": shown.any(axis=0),
        "all": shown.all(axis=0),
        "early": early.any(axis=0),
        "futile": futile.all(axis=0),
        "treated": patients_treated(list(decided), batch, plan),
    }
    if plan.study.analysis.dose_response is not None:
        doses = dose_response_table(batch, plan, curves=False)
        rows["dose_response"] = doses.groupby(["draw", "replicate"], sort=False)["shown"].any().to_numpy()
    return pd.DataFrame(labels | rows)
