"""Words and numbers of a credibility report: the primary effect as printed, what was assessed, what came out."""

from __future__ import annotations

from dataclasses import dataclass

from anagen.analysis.effects import NO_CONTROL
from anagen.credibility.assessment import Assessment
from anagen.credibility.criteria import NOT_STATED
from anagen.reports.wording import (
    decimals_for,
    endpoint_names,
    interval,
    joined,
    lower_first,
    measure_scale,
    measure_unit,
    measure_words,
    name_of,
    number,
    with_unit,
)

JUDGEMENTS = ("met", "not met", "no evidence")


@dataclass(frozen=True, slots=True)
class EffectWords:
    """How the primary effect is printed: title of the endpoint, unit and scale of the difference, decimals."""

    title: str
    unit: str
    scale: float
    decimals: int

    def text(self, value: float, *, signed: bool = True, finer: int = 0) -> str:
        """An effect with its unit."""
        return with_unit(self.bare(value, signed=signed, finer=finer), self.unit)

    def bare(self, value: float, *, signed: bool = True, finer: int = 0) -> str:
        """An effect without its unit, with `finer` more decimals; a dash where it is missing."""
        return "–" if value != value else number(value * self.scale, self.decimals + finer, signed=signed)

    def range(self, low: float, high: float) -> str:
        """Two ends with their unit."""
        return with_unit(interval(low * self.scale, high * self.scale, self.decimals), self.unit)


def effect_words(found: Assessment) -> EffectWords:
    """How the primary effect of this assessment is printed."""
    choice = found.study.endpoints.primary
    name = name_of(choice.endpoint, endpoint_names([choice.endpoint]))
    scale = measure_scale(choice.measure)
    unit = measure_unit(choice.measure, name.unit, difference=True)
    return EffectWords(name.title, unit, scale, decimals_for(found.spread * scale, found.central * scale))


def against(found: Assessment) -> str:
    """What the arm is compared with, in words."""
    return "its own baseline" if found.outcome.control == NO_CONTROL else found.outcome.control


def quantity_of_interest(found: Assessment) -> str:
    """The primary effect in a sentence's middle."""
    choice = found.study.endpoints.primary
    title = lower_first(effect_words(found).title)
    limit = "" if choice.threshold is None else f", threshold {choice.threshold:g}"
    return (
        f"{title} ({measure_words(choice.measure)}{limit}) at week {choice.week:g}, {found.outcome.arm} against "
        f"{against(found)}"
    )


def context_of_use(found: Assessment) -> str:
    """The context of use: as the author states it, or what the study file implies."""
    if found.stakes.context is not None:
        return found.stakes.context
    return (
        f"Not stated by the author of the study. From the file: to predict {quantity_of_interest(found)}, before or "
        "beside evidence from patients."
    )


def stated(found: Assessment, name: str) -> str:
    """A stake with where it comes from: 'medium', or that nobody stated it."""
    level = str(getattr(found.stakes, name))
    return f"{level}, as the study file states" if name in found.stakes.stated else f"{level}: {NOT_STATED}"


def verdict(found: Assessment) -> str:
    """The outcome in one sentence."""
    judged = list(found.judgements().values())
    met, short, silent = (judged.count(name) for name in JUDGEMENTS)
    risk = found.stakes.risk
    if met == len(judged):
        return f"The evidence meets the goals of all {len(judged)} credibility factors for a decision of {risk} risk."
    parts = [f"{short} fall short" if short != 1 else "1 falls short"] if short else []
    parts += [f"for {silent} there is no evidence"] if silent else []
    return (
        f"The evidence does not suffice for a decision of {risk} risk: {met} of {len(judged)} credibility factors "
        f"reach their goal, {joined(parts)}."
    )


def prediction(found: Assessment) -> str:
    """The predicted effect with both uncertainties of this report, in one sentence."""
    words = effect_words(found)
    low, high = found.interval
    row = found.patients.iloc[-1]
    return (
        f"Expected effect {words.text(found.central)} at central parameter values; 90 % of {len(found.drawn)} "
        f"parameter draws lie from {words.range(low, high)}. Monte-Carlo standard error "
        f"{words.bare(float(row['standard_error']), signed=False, finer=1)} with {int(row['patients'])} patients."
    )
