"""Whether a comparison can have been blinded: both arms must be given something in the same ways.

Who swallows a tablet and lays nothing on knows that he is not in the arm with the lotion. A double dummy (a placebo
tablet with the lotion, a vehicle with the tablet) or a sham keeps that from him.
"""

from __future__ import annotations

from collections.abc import Iterable

from anagen.study.controls import compared
from anagen.study.given import listed
from anagen.study.models import StudyFields
from anagen.study.treatment import Arm
from anagen.study.vocabulary import Vocabulary

NOTHING, SHAM = "none", "sham"
FEIGNED = ("oral", "topical", NOTHING)
"""Routes that a sham procedure does not stand for: it feigns what is done to the scalp, not a tablet or a lotion."""

WAYS = {
    "oral": "a tablet",
    "topical": "a lotion on the scalp",
    "intradermal": "an injection",
    "graft": "a transplantation",
    "light": "light",
    "thread": "threads",
    "cooling": "cooling",
    SHAM: "a sham procedure",
}
"""What patients see of a route; what is done by another is told by the title of the route."""


def ways_of(arm: Arm) -> tuple[str, ...]:
    """Routes by which an arm is given something, active or not, each once.

    Parameters
    ----------
    arm : Arm
        Of a checked study.

    Returns
    -------
    tuple of str
        Names of routes; empty where nothing is given.
    """
    return tuple(dict.fromkeys(use.route for use in arm.therapies if use.route != NOTHING))


def cannot_be_blinded(arm: Arm, other: Arm) -> bool:
    """Whether two arms are given something in different ways, so that patients can tell in which they are.

    Parameters
    ----------
    arm, other : Arm
        Of a checked study.

    Returns
    -------
    bool
        False where both are given something by the same routes; a sham stands for any procedure.
    """
    first, second = set(ways_of(arm)), set(ways_of(other))
    return not (_covered(first, second) and _covered(second, first))


def blinding_warnings(study: StudyFields, words: Vocabulary) -> tuple[str, ...]:
    """One sentence per comparison of a study that cannot have been blinded.

    Parameters
    ----------
    study : StudyFields
        A checked study.
    words : Vocabulary
        Registered names.

    Returns
    -------
    tuple of str
        Sentences without a full stop; empty where every arm and its control are given something in the same ways.

    Examples
    --------
    >>> from anagen.study import Study
    >>> from anagen.study.vocabulary import vocabulary
    >>> blinding_warnings(Study.load("exosome-vs-saline"), vocabulary())
    ()
    """
    return tuple(
        f"{warning_of(arm, other, words)}{_contradicts(study)}"
        for arm, other in compared(study)
        if cannot_be_blinded(arm, other)
    )


def warning_of(arm: Arm, other: Arm, words: Vocabulary) -> str:
    """Why a comparison of two arms cannot have been blinded, and what follows from it.

    Parameters
    ----------
    arm, other : Arm
        Two arms for which `cannot_be_blinded` holds.
    words : Vocabulary
        Registered names.

    Returns
    -------
    str
        A sentence without a full stop.
    """
    shifts = dict.fromkeys(
        shift for way in (*ways_of(arm), *ways_of(other)) if (shift := words.routes[way].reading) is not None
    )
    read = f" (here {listed(shifts)})" if shifts else ""
    return (
        f"{arm.name} is given {_told(ways_of(arm), words)} and {other.name} {_told(ways_of(other), words)}, without a "
        "double dummy or sham: blinding cannot have held, and their difference holds what is expected of and read "
        f"after each way of giving as well{read}"
    )


def _covered(ways: set[str], others: set[str]) -> bool:
    """Whether somebody with `others` is given something in each of these ways, or is led to believe so."""
    procedures = any(way not in FEIGNED for way in others)
    return all(way in others or (way == SHAM and procedures) or (SHAM in others and way not in FEIGNED) for way in ways)


def _told(ways: Iterable[str], words: Vocabulary) -> str:
    named = [WAYS.get(way, f"something {words.routes[way].title}") for way in ways]
    return listed(named) if named else "nothing"


def _contradicts(study: StudyFields) -> str:
    return "; the file says design.blinding: double" if study.design.blinding == "double" else ""
