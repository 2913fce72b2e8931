"""Effects of the arms of a trial over their control, from measured data and as the model expects them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.batch import Batch
from anagen.analysis.complete import NO_CONTROL
from anagen.analysis.contrasts import estimates
from anagen.results.schema import TABLES
from anagen.statistics.estimates import Estimates
from anagen.study.models import EndpointChoice
from anagen.trials.protocol import Protocol

EFFECT_COLUMNS = tuple(column.name for column in TABLES["effects"].columns)


def choices_of(plan: Protocol) -> list[tuple[str, EndpointChoice]]:
    """Endpoints to analyse with their role, the primary first."""
    return [
        ("primary", plan.study.endpoints.primary),
        *(("secondary", choice) for choice in plan.study.endpoints.secondary),
    ]


def contrasts_of(plan: Protocol) -> list[tuple[str, str]]:
    """Pairs (arm, control): every arm against the comparator it names, or the first control arm; against its own
    baseline where there is none.
    """
    control = next((arm.name for arm in plan.study.arms if arm.control), NO_CONTROL)
    pairs = [
        (arm.name, other) for arm in plan.study.arms for other in (arm.comparator or control, *arm.further_comparators)
    ]
    return [(arm, against) for arm, against in pairs if arm != against]


def effects_of(batch: Batch, plan: Protocol) -> pd.DataFrame:
    """Effects in the measured data of many trials: one row per trial, endpoint and contrast.

    The numbers of a trial do not depend on the other trials.

    Parameters
    ----------
    batch : Batch
        Trials.
    plan : Protocol
        The study.

    Returns
    -------
    pd.DataFrame
        Table with EFFECT_COLUMNS, kind "trial", ordered by trial.
    """
    pairs, number = contrasts_of(plan), len(batch.replicates)
    keys: list[dict[str, Any]] = []
    found: list[Estimates] = []
    for role, choice in choices_of(plan):
        found += estimates(batch, choice, pairs, plan)
        keys += [
            {
                "role": role,
                "endpoint": choice.endpoint,
                "week": choice.week,
                "measure": choice.measure,
                "threshold": np.nan if choice.threshold is None else choice.threshold,
                "arm": arm,
                "control": control,
            }
            for arm, control in pairs
        ]
    table = pd.DataFrame(keys * number)
    for field in fields(Estimates):
        table[field.name] = np.stack([getattr(each, field.name) for each in found], axis=1).ravel()
    table["replicate"] = np.repeat(batch.replicates, len(keys))
    table["draw"] = np.repeat(batch.draws, len(keys))
    return table.assign(kind="trial", estimand=plan.study.analysis.estimand)[list(EFFECT_COLUMNS)]
