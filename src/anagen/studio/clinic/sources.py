"""Where the figures of the Clinic come from, for "How sure is this?"."""

from __future__ import annotations

from anagen.prognoses.visible import COVERED, judged_by
from anagen.studio.clinic.case import Case
from anagen.studio.page import Source


def sources_of(case: Case) -> list[Source]:
    """What every figure of the page rests on.

    Parameters
    ----------
    case : Case
        The question.

    Returns
    -------
    list of Source
        The courses, the therapies, harms, cost, what is seen, the drawing.
    """
    facts = case.facts()
    found = [
        Source(
            "Courses and bands",
            "posterior and priors",
            "Parameters informed in part by published trials (docs/calibration.md), the others by their priors; a band "
            "is the middle nine tenths of the draws",
        )
    ]
    for known in facts.therapies:
        level = f"GRADE {known.certainty}" if known.certainty else "not set"
        because = f" ({known.reasons})" if known.reasons else ""
        found.append(Source(f"{known.title}: effect", f"{known.grade}; {level}{because}", known.evidence))
        found.append(Source(f"{known.title}: cost", "assumption", known.cost_source))
    found += [Source(f"Harm: {harm.title}", harm.grade, harm.source) for harm in facts.harms]
    seen = (
        "Seven points of a panel, Kaufman 1998, J Am Acad Dermatol 39:578; hidden scalp by Van Neste 2021, "
        "doi:10.20517/2347-9264.2020.220"
        if judged_by(case.asked.person.condition) == COVERED
        else "SALT, Olsen 2004, doi:10.1016/j.jaad.2003.09.032; a rise of 10 points is an assumption"
    )
    found.append(Source("What is seen", "C", seen))
    found.append(Source("Where follicles stand, how skin looks", "drawing", "docs/picture.md; no part of the model"))
    return found
