"""How sure the figures of the page Evidence are: where each comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anagen.comparative.gains import shipped_gains
from anagen.studio.evidence.observed import observed_of
from anagen.studio.page import Source
from anagen.therapies import EVIDENCE_GRADES, THERAPIES
from anagen.therapies.certainty import LEVELS

if TYPE_CHECKING:
    from anagen.evidence.effect import PooledEffect
    from anagen.studio.evidence.filters import Asked

STALE = "older than the parameters: run make docs"


def sources_of(found: Asked, effect: PooledEffect | None) -> list[Source]:
    """Sources of what the page shows.

    Parameters
    ----------
    found : Asked
        What was asked for.
    effect : PooledEffect or None
        What is pooled.

    Returns
    -------
    list of Source
        Published rows, pooling, the model's gain, predictions; grade and certainty of the therapy.
    """
    gains, values = shipped_gains(), observed_of(found)
    told = gains.manifest
    made = (
        f"anagen compare, usual courses: version {told['version']}, {told['draws']} parameter draws of "
        f"{told['patients']} patients, {told['parameter_source']}, parameters {str(told['parameters_sha256'])[:12]}"
    )
    sources = [
        Source("Published results", "as each row says", "the table of published trials and the study files"),
        Source(
            "Pooled mean", "random effects", "Paule and Mandel's tau, Hartung and Knapp's interval; docs/evidence.md"
        ),
        Source("The model's number", "posterior" if gains.current else STALE, made),
        Source("Predictions", "posterior" if values.current else STALE, values.made),
    ]
    therapy = None if effect is None else THERAPIES.get(effect.question.therapy)
    if therapy is not None and not therapy.is_control:
        grade = f"{therapy.grade}: {EVIDENCE_GRADES[therapy.grade]}"
        sources.append(Source(f"Grade of {therapy.title}", grade, therapy.evidence))
        if therapy.certainty is not None:
            level = f"{therapy.certainty.level}: {LEVELS[therapy.certainty.level]}"
            sources.append(Source("Certainty of its size", level, therapy.certainty.measured()))
    return sources
