"""Words and numbers of a credibility report: the primary effect as printed, what was assessed, what came out."""

from __future__ import annotations

from dataclasses import replace

from anagen.analysis.complete import NO_CONTROL
from anagen.credibility.assessment import Assessment
from anagen.credibility.criteria import NOT_STATED
from anagen.reports.amounts import Amounts, amounts_of
from anagen.reports.numbers import with_unit
from anagen.reports.wording import endpoint_names, joined, lower_first, measure_unit, measure_words, name_of

JUDGEMENTS = ("met", "not met", "no evidence")


def effect_amounts(assessment: Assessment) -> Amounts:
    """How the primary effect of this assessment is printed."""
    choice = assessment.study.endpoints.primary
    unit = name_of(choice.endpoint, endpoint_names([choice.endpoint])).unit
    # Differences carry a sign here, those from an arm's baseline too.
    amounts = amounts_of(
        choice.measure, unit, assessment.spread, assessment.central, control=assessment.outcome.control
    )
    return replace(amounts, unit=measure_unit(choice.measure, unit, difference=True), signed=True)


def endpoint_title(assessment: Assessment) -> str:
    """Title of the primary endpoint."""
    endpoint = assessment.study.endpoints.primary.endpoint
    return name_of(endpoint, endpoint_names([endpoint])).title


def against(assessment: Assessment) -> str:
    """What the arm is compared with, in words."""
    return "its own baseline" if assessment.outcome.control == NO_CONTROL else assessment.outcome.control


def quantity_of_interest(assessment: Assessment) -> str:
    """The primary effect in a sentence's middle."""
    choice = assessment.study.endpoints.primary
    title = lower_first(endpoint_title(assessment))
    limit = "" if choice.threshold is None else f", threshold {choice.threshold:g}"
    return (
        f"{title} ({measure_words(choice.measure)}{limit}) at week {choice.week:g}, {assessment.outcome.arm} against "
        f"{against(assessment)}"
    )


def context_of_use(assessment: Assessment) -> str:
    """The context of use: as the author states it, or what the study file implies."""
    if assessment.stakes.context is not None:
        return assessment.stakes.context
    return (
        f"Not stated by the author of the study. From the file: to predict {quantity_of_interest(assessment)}, "
        "before or "
        "beside evidence from patients."
    )


def stated(assessment: Assessment, name: str) -> str:
    """A stake with where it comes from: 'medium', or that nobody stated it."""
    level = str(getattr(assessment.stakes, name))
    return f"{level}, as the study file states" if name in assessment.stakes.stated else f"{level}: {NOT_STATED}"


def verdict(assessment: Assessment) -> str:
    """The outcome in one sentence."""
    judged = list(assessment.judgements().values())
    met, short, silent = (judged.count(name) for name in JUDGEMENTS)
    risk = assessment.stakes.risk
    if met == len(judged):
        return f"The evidence meets the goals of all {len(judged)} credibility factors for a decision of {risk} risk."
    parts = [f"{short} fall short" if short != 1 else "1 falls short"] if short else []
    parts += [f"for {silent} there is no evidence"] if silent else []
    return (
        f"The evidence does not suffice for a decision of {risk} risk: {met} of {len(judged)} credibility factors "
        f"reach their goal, {joined(parts)}."
    )


def prediction(assessment: Assessment) -> str:
    """The predicted effect with both uncertainties of this report, in one sentence."""
    amounts = effect_amounts(assessment)
    low, high = assessment.interval
    row = assessment.patients.iloc[-1]
    return (
        f"Expected effect {amounts.text(assessment.central)}, the mean over {len(assessment.drawn)} parameter draws; "
        f"90 % of them lie from {with_unit(amounts.interval(low, high), amounts.unit)}. At central parameter values "
        f"its Monte-Carlo standard error is {amounts.bare(float(row['standard_error']), signed=False, finer=1)} with "
        f"{int(row['patients'])} patients."
    )
