"""Trials as the analysis takes them, put together from their tables."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from anagen.analysis.batch import Batch
from anagen.analysis.effects import effects_of
from anagen.trials.protocol import Protocol


def batch_of_visits(trials: Sequence[pd.DataFrame], plan: Protocol, *, first: int = 0) -> Batch:
    """Rows of `visits` of one trial each; without covariates and intercurrent events."""
    measured = np.stack([_measured(visits, plan) for visits in trials], axis=1)
    number = len(trials)
    return Batch(
        measured=measured,
        received=np.isfinite(measured[..., 0, 0]),
        replicates=first + np.arange(number),
        draws=np.zeros(number, dtype=np.int64),
        seed=0,
        covariates={},
        levels={},
    )


def trial_effects(visits: pd.DataFrame, plan: Protocol, *, replicate: int) -> pd.DataFrame:
    """Effects in the rows of one trial."""
    return effects_of(batch_of_visits([visits], plan, first=replicate), plan)


def _measured(visits: pd.DataFrame, plan: Protocol) -> np.ndarray:
    seen = visits[visits["assigned"].to_numpy()]
    arm = pd.Index(plan.arms).get_indexer(seen["arm"])
    people, person = np.unique(seen["patient"].to_numpy(), return_inverse=True)
    week = pd.Index(plan.weeks).get_indexer(seen["week"])
    endpoint = pd.Index([endpoint.name for endpoint in plan.endpoints]).get_indexer(seen["endpoint"])
    measured = np.full((len(plan.arms), len(people), len(plan.weeks), len(plan.endpoints)), np.nan)
    measured[arm, person, week, endpoint] = seen["measured"].to_numpy(dtype=np.float64)
    return measured
