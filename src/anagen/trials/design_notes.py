"""What a design means for its result, in sentences that need patients to be simulated."""

from __future__ import annotations

from collections.abc import Mapping

from anagen.study.conduct_words import unblinding_sentences
from anagen.trials.carry_over import carry_over_notes
from anagen.trials.design_effect import design_effect_notes
from anagen.trials.protocol import Protocol


def notes_on_design(plan: Protocol, values: Mapping[str, float], *, seed: int) -> tuple[str, ...]:
    """Carry-over of a crossover, the design effect of randomised centres, and what the study makes patients do.

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
    return (
        *carry_over_notes(plan, values, seed=seed),
        *design_effect_notes(plan, values, seed=seed),
        *unblinding_sentences(plan.study),
        *missed_sessions(plan),
    )


def missed_sessions(plan: Protocol) -> tuple[str, ...]:
    """Arms whose patients miss sessions, in one sentence each.

    Parameters
    ----------
    plan : Protocol
        The study.

    Returns
    -------
    tuple of str
        Empty where every session is attended.
    """
    return tuple(
        f"In {arm.name} {100.0 * use.adherence.mean:g} % of the sessions of {use.therapy} are attended on average, "
        "each by chance."
        for arm in plan.study.arms
        for use in arm.therapies
        if use.adherence is not None and not use.taken and use.adherence.mean < 1.0
    )
