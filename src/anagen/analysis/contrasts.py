"""Arms against their controls at one endpoint, missing outcomes as the study has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from anagen.analysis.batch import Batch, endpoint_place, visit_place
from anagen.analysis.complete import NO_CONTROL, compared, outcome_of
from anagen.analysis.imputed import imputed_estimates
from anagen.core.measures import RESPONDERS
from anagen.statistics.estimates import Estimates
from anagen.statistics.single_imputation import last_observation_carried_forward
from anagen.study.models import EndpointChoice
from anagen.trials.protocol import Protocol

WORDS = {
    "non_response": "patients without a value count as non-responders",
    "last_observation": "last observation carried forward",
}


def estimates(
    batch: Batch, choice: EndpointChoice, pairs: Sequence[tuple[str, str]], plan: Protocol
) -> list[Estimates]:
    """Every arm against its control in every trial.

    Parameters
    ----------
    batch : Batch
        Trials.
    choice : EndpointChoice
        What is compared.
    pairs : Sequence[tuple[str, str]]
        Names of arm and control, or NO_CONTROL.
    plan : Protocol
        The study.

    Returns
    -------
    list[Estimates]
        One a pair, with one number a trial.
    """
    analysis, shares = plan.study.analysis, choice.measure in RESPONDERS
    if analysis.imputes and all(control != NO_CONTROL for _, control in pairs):
        return imputed_estimates(batch, choice, pairs, plan)
    values = batch.measured[..., endpoint_place(plan, choice.endpoint)]
    if analysis.missing == "last_observation":
        values = last_observation_carried_forward(values)
    outcome = outcome_of(batch, values[..., visit_place(plan, choice.week)], values[..., 0], choice, plan)
    if shares and analysis.missing == "non_response":
        outcome = np.where(batch.received & np.isnan(outcome), 0.0, outcome)
    found = compared(batch, values, outcome, choice, pairs, plan)
    if analysis.missing == "last_observation" or (analysis.missing == "non_response" and shares):
        return [each.saying("complete cases", WORDS[analysis.missing]) for each in found]
    return found
