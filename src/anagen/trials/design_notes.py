"""What a design means for its result, in sentences that need patients to be simulated."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.trials.carry_over import carry_over_notes
from anagen.trials.design_effect import design_effect_notes
from anagen.trials.protocol import Protocol


def notes_on_design(plan: Protocol, values: Mapping[str, float], *, seed: int) -> tuple[str, ...]:
    """Carry-over of a crossover and the design effect of randomised centres.

    Parameters
    ----------
    plan : Protocol
        The study.
    values : Mapping[str, float]
        Parameter values.
    seed : int
        Key of the draws.

    Returns
    -------
    tuple of str
        Empty for a design that has neither.
    """
    return (*carry_over_notes(plan, values, seed=seed), *design_effect_notes(plan, values, seed=seed))
