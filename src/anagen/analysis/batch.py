"""Measured trials as the analysis takes them: values as the estimand has them, and the patients' covariates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from anagen.core.arrays import BoolArray, FloatArray, IntArray
from anagen.trials.allocation import stratum_columns
from anagen.trials.protocol import Protocol
from anagen.trials.simulation import Trials


@dataclass(frozen=True, slots=True)
class Batch:
    """Trials under one study; patients stand in the order of admission.

    Attributes
    ----------
    measured : FloatArray, shape (n_arms, n_trials, n_patients, n_visits, n_endpoints)
        NaN where a patient was not seen, or is not in the arm.
    received : BoolArray, shape (n_arms, n_trials, n_patients)
        Who was given which arm: one, or both sides of a split scalp.
    replicates : IntArray, shape (n_trials,)
        Numbers of the trials.
    draws : IntArray, shape (n_trials,)
        Parameter draw of each.
    seed : int
        Address of what the analysis draws.
    covariates : Mapping[str, FloatArray]
        Those that the study's analysis names: numbers, or levels of a factor, shape (n_trials, n_patients).
    levels : Mapping[str, tuple[str, ...]]
        Names of the levels of factors.
    event_weeks : FloatArray or None, shape (n_arms, n_trials, n_patients)
        Weeks of intercurrent events, infinity without one; None in a study without them.
    first : IntArray or None, shape (n_trials, n_patients)
        Arm that each patient of a crossover began with; None in another layout.
    centre : IntArray or None, shape (n_trials, n_patients)
        Centre of each patient where centres were randomised; None elsewhere.
    """

    measured: FloatArray
    received: BoolArray
    replicates: IntArray
    draws: IntArray
    seed: int
    covariates: Mapping[str, FloatArray]
    levels: Mapping[str, tuple[str, ...]]
    event_weeks: FloatArray | None = None
    first: IntArray | None = None
    centre: IntArray | None = None

    def of(self, members: BoolArray) -> Batch:
        """Some of the patients, as trials of their own.

        Parameters
        ----------
        members : BoolArray, shape (n_trials, n_patients)
            Who counts.

        Returns
        -------
        Batch
            Without the places before the first and behind the last of them.
        """
        there = np.flatnonzero(members.any(axis=0))
        here = slice(int(there[0]), int(there[-1]) + 1) if len(there) else slice(0, 1)
        who = members[:, here]
        return replace(
            self,
            measured=np.where(who[..., None, None], self.measured[:, :, here], np.nan),
            received=self.received[:, :, here] & who,
            covariates={name: values[:, here] for name, values in self.covariates.items()},
            event_weeks=None if self.event_weeks is None else self.event_weeks[:, :, here],
            first=None if self.first is None else self.first[:, here],
            centre=None if self.centre is None else self.centre[:, here],
        )

    def with_measured(self, measured: FloatArray) -> Batch:
        """The same patients with other values."""
        return replace(self, measured=measured)


def batch_of(trials: Trials) -> Batch:
    """Simulated trials, as the estimand of their study has them.

    Parameters
    ----------
    trials : Trials
        Simulated.

    Returns
    -------
    Batch
        Of the same trials.
    """
    plan, number = trials.scene.protocol, len(trials.replicates)
    covariates: dict[str, FloatArray] = {}
    levels: dict[str, tuple[str, ...]] = {}
    for name in plan.study.analysis.covariates:
        if name == "age":
            covariates[name] = np.asarray(trials.population.age, dtype=np.float64).reshape(number, -1)
            continue
        (column,) = stratum_columns(trials.scene, trials.population, [name])
        known, code = np.unique(np.asarray(column, dtype=object).astype(str), return_inverse=True)
        levels[name] = tuple(map(str, known))
        covariates[name] = code.reshape(number, -1).astype(np.float64)
    return Batch(
        measured=trials.analysed(),
        received=trials.received.reshape(len(plan.arms), number, -1),
        replicates=np.asarray(trials.replicates, dtype=np.int64),
        draws=np.full(number, trials.draw, dtype=np.int64),
        seed=trials.scene.seed,
        covariates=covariates,
        levels=levels,
        event_weeks=trials.event_weeks(),
        first=trials.first_arms(),
        centre=trials.centres(),
    )


def joined(batches: list[Batch]) -> Batch:
    """Batches of equal trials one after another.

    Parameters
    ----------
    batches : list[Batch]
        At least one, of one study.

    Returns
    -------
    Batch
        All trials; levels of factors are those of all.
    """
    levels = {
        name: tuple(sorted({level for each in batches for level in each.levels[name]})) for name in batches[0].levels
    }

    def values(batch: Batch, name: str) -> FloatArray:
        if name not in levels:
            return batch.covariates[name]
        code = np.array([levels[name].index(level) for level in batch.levels[name]], dtype=np.float64)
        return code[batch.covariates[name].astype(np.int64)]

    weeks = [each.event_weeks for each in batches if each.event_weeks is not None]
    firsts = [each.first for each in batches if each.first is not None]
    centres = [each.centre for each in batches if each.centre is not None]
    return Batch(
        measured=np.concatenate([each.measured for each in batches], axis=1),
        received=np.concatenate([each.received for each in batches], axis=1),
        replicates=np.concatenate([each.replicates for each in batches]),
        draws=np.concatenate([each.draws for each in batches]),
        seed=batches[0].seed,
        covariates={name: np.concatenate([values(each, name) for each in batches]) for name in batches[0].covariates},
        levels=levels,
        event_weeks=np.concatenate(weeks, axis=1) if weeks else None,
        first=np.concatenate(firsts) if firsts else None,
        centre=np.concatenate(centres) if centres else None,
    )


def endpoint_place(plan: Protocol, name: str) -> int:
    """Column of an endpoint."""
    return [endpoint.name for endpoint in plan.endpoints].index(name)


def visit_place(plan: Protocol, week: float) -> int:
    """Index of the visit of a week."""
    return int(np.flatnonzero(plan.weeks == week)[0])
