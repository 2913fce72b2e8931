"""A study as a notebook shows it: what it asks, its arms, its primary endpoint."""

from __future__ import annotations

from anagen.core.shown import Shown
from anagen.study.describe import endpoint_words
from anagen.study.given import use_in_words
from anagen.study.models import StudyFields
from anagen.study.vocabulary import vocabulary


def card_of(study: StudyFields) -> Shown:
    """What is shown of a study.

    Parameters
    ----------
    study : StudyFields
        A checked study.

    Returns
    -------
    Shown
        One row for each arm.

    Examples
    --------
    >>> from anagen.study import Study
    >>> card_of(Study.load("exosome-vs-saline")).rows[1][:2]
    ('saline (control)', '30')
    """
    words = vocabulary()
    last = max(study.measurement.visits)
    rows = tuple(
        (
            f"{arm.name} (control)" if arm.control else arm.name,
            f"{arm.patients}",
            "; ".join(use_in_words(use, last, words, study.arms) for use in arm.therapies) or "no treatment",
        )
        for arm in study.arms
    )
    note = f"Primary endpoint: {endpoint_words(study.endpoints.primary, words)}."
    then = (".check()", "anagen.run(study)", '.set("PATH", "VALUE")', ".to_yaml()")
    return Shown("Study", study.title, study.question or "", ("arm", "patients", "given"), rows, note, then)
