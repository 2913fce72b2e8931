"""A search in words: the answer, what follows from it, and what a reader has to know; the same everywhere."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from anagen.analysis.decisions import wanted_direction
from anagen.core.measures import RESPONDERS
from anagen.core.words import counted
from anagen.planning.search.axes import Axis
from anagen.planning.search.candidates import ASSURANCE, Candidate
from anagen.planning.search.price import STATED, TREATMENTS
from anagen.planning.search.variant import refusal
from anagen.planning.wording import outcome_words, standing_words
from anagen.reports.numbers import is_number, number, percent, significant
from anagen.reports.wording import contrast_text
from anagen.study.conduct import Price
from anagen.study.given import listed

if TYPE_CHECKING:
    from anagen.planning.search.result import DesignSearch

ITEMS = {
    "patient": "patients randomised",
    "screening": "candidates screened",
    "visit": "visits attended",
    "session": "sessions of treatment",
    "centre": "centres",
    "month": "months",
}
"""What the prices of a study are per."""


def title_of(result: DesignSearch) -> str:
    """The page in a line."""
    return f"Search for a design: {result.pool.space.study.title}"


def goal_of(result: DesignSearch) -> tuple[str, float]:
    """Kind and share of the goal."""
    ((kind, share),) = result.manifest["goal"].items()
    return kind, share


def headline(result: DesignSearch) -> str:
    """The best trial, or why there is none."""
    kind, share = goal_of(result)
    goal = f"{percent(share)} {kind}"
    if result.best is not None:
        within = " within the limits" if result.limits.stated else ""
        least = "The cheapest trial" if _priced(result) else "The smallest trial"
        return f"{least} that reaches {goal}{within}: {candidate_words(result, result.best)}."
    return f"No trial reaches {goal}{_limit_words(result)}: {why_not(result)}"


def why_not(result: DesignSearch) -> str:
    """Why no candidate reaches the goal, with what cannot be exceeded."""
    kind, share = goal_of(result)
    table, sizes = result.designs, result.table
    if result.limits.stated and sizes["reaches_goal"].any():
        cheapest = sizes[sizes["reaches_goal"]].iloc[0]
        cost = f"costs {money(result, cheapest['cost'])} and " if _priced(result) else ""
        soonest = sizes[sizes["reaches_goal"]]["months"].min()
        told = (
            f"the cheapest that reaches it {cost}takes {months_words(cheapest['months'])}, the shortest takes "
            f"{months_words(soonest)}."
        )
        return f"{told} {_closest(result)}"
    highest = table.iloc[int(table["ceiling"].to_numpy().argmax())]
    ceiling = float(highest["ceiling"])
    rising = wanted_direction(result.pool.space.study.endpoints.primary) > 0.0
    margin = next(found for found in result.pool.known.values() if found is not None).than
    beyond = f"{'above' if rising else 'below'} {'the margin' if margin else 'zero'}"
    if kind == ASSURANCE and share >= ceiling:
        return (
            f"assurance cannot exceed {percent(ceiling)} in any of the designs, the probability over "
            f"{result.manifest['draws']} parameter draws that the effect lies {beyond} at all "
            f"({_design_words(result, highest)}). More patients do not raise it: more must be learnt of the effect "
            "first."
        )
    if kind != ASSURANCE and not (table["effect"] > margin).any():
        return (
            f"at central parameter values the effect of no design lies {beyond}, so that power falls with every "
            "patient more."
        )
    most = sizes[kind].max()
    largest = result.pool.space.patients.labels[-1]
    where = "" if result.pool.space.patients.derived else f" with up to {largest} patients in the smallest arm"
    close = f", and the ceiling of {percent(ceiling)} lies close to the goal" if kind == ASSURANCE else ""
    return f"the candidates reach at most {percent(most)}{where}{close}; more patients, or another design, are needed."


def _closest(result: DesignSearch) -> str:
    kind, _ = goal_of(result)
    if result.closest is None:
        return "Within the limits there is no trial at all."
    sure = percent(result.closest.reached(kind))
    return f"Within the limits {sure} is the most: {candidate_words(result, result.closest)}."


def _limit_words(result: DesignSearch) -> str:
    limits: list[str] = []
    if result.limits.budget is not None:
        limits.append(money(result, result.limits.budget))
    if result.limits.months is not None:
        limits.append(months_words(result.limits.months))
    return f" within {listed(limits)}" if limits else ""


def candidate_words(result: DesignSearch, each: Candidate) -> str:
    """A candidate: what it is, how large, what it costs and takes, how likely it succeeds."""
    study = result.pool.space.study
    sizes = ", ".join(f"{n:,} {study.arms[i].name}" for i, n in zip(each.kept, each.sizes, strict=True))
    patients = f"{each.in_all:,} patients ({sizes})"
    design = result.pool.known[each.key.places]
    if design is not None and design.question.plan.split_scalp:
        patients = f"{each.in_all:,} patients with both arms each"
    told = [*_values(result, each.labels), patients]
    if is_number(each.cost["total"]):
        told.append(cost_words(result, each.cost))
    told.append(months_words(each.months))
    sure, error = each.assurance
    told.append(f"assurance {percent(sure)} ± {number(100.0 * error, 0)}, power {percent(each.power)}")
    return "; ".join(told)


def _values(result: DesignSearch, labels: dict[str, Any]) -> list[str]:
    """Values of what varies, but where there was one alone that nobody asked for."""
    space = result.pool.space
    axes: list[Axis] = [axis for axis in space.axes if len(axis.labels) > 1 or not axis.derived]
    told = [f"{axis.name} {labels[axis.name]}" for axis in axes]
    if len(space.arms.labels) > 1:
        told.append(f"arms {labels['arms']}")
    return told


def _design_words(result: DesignSearch, row: Any) -> str:
    words = _values(result, {str(name): row[name] for name in row.index})
    return "highest with " + ", ".join(words) if words else "all designs alike"


def cost_words(result: DesignSearch, cost: dict[str, Any]) -> str:
    """A cost with its currency; a range where only that is known."""
    if cost["low"] == cost["high"]:
        return money(result, cost["total"])
    return f"{money(result, cost['low'])} to {money(result, cost['high'])} for treatments"


def money(result: DesignSearch, amount: float) -> str:
    """An amount, to three digits, with its currency."""
    if not is_number(amount):
        return "not priced"
    digits = max(0, math.floor(math.log10(amount)) - 2) if amount >= 1.0 else 0
    return f"{round(amount, -digits):,.0f} {result.pool.prices.currency}"


def months_words(months: float) -> str:
    """A length of time."""
    return f"{number(months, 1)} months"


def _priced(result: DesignSearch) -> bool:
    return result.pool.prices.kind in (STATED, TREATMENTS)


def findings(result: DesignSearch) -> list[str]:
    """What follows from the tables, in sentences."""
    space, table = result.pool.space, result.table
    known = result.pool.known
    refusals = [places for places, found in known.items() if found is None]
    refused = len(refusals)
    why = refusal(space, refusals[0])[0] if refusals else None
    not_seen = space.designs - len(known)
    told = [
        f"Looked at: {counted(len(table), 'candidate')} of {counted(len(known) - refused, 'simulated design')}"
        + (f"; {counted(refused, 'combination')} refused by its rules ({why.field} {why.message})" if why else "")
        + (f"; {not_seen:,} of {space.designs:,} designs were not looked at (--trials)" if not_seen else "")
        + f". {counted(int(table['on_front'].sum()), 'candidate')} no other beats in cost, months and chance of "
        "success."
    ]
    effects = result.designs
    if len(effects) > 1 and effects["patients"].notna().any():
        first = effects.iloc[0]
        named = ", ".join([*_values(result, dict(first)), f"allocation {first['allocation']}"])
        cost = f" at {money(result, first['cost'])}" if is_number(first["cost"]) else ""
        told.append(f"Without limits of budget and months the design that needs least is {named}{cost}.")
    sd, drawn = effects["adjusted_sd"].median(), effects["sd_of_draws"].median()
    told.append(
        f"The outcome of a patient has a standard deviation of {significant(sd, 3)} once the baseline is adjusted for; "
        f"what is not known of the effect has one of {significant(drawn, 2)}, and no design makes that smaller "
        "(medians over designs)."
    )
    return told


def how_to_read(result: DesignSearch) -> list[str]:
    """What stands behind the numbers, in sentences."""
    manifest, space = result.manifest, result.pool.space
    question = next(found for found in result.pool.known.values() if found is not None).question
    pairs = listed(contrast_text(*pair) for pair in question.pairs)
    told = [
        f"Outcome: {outcome_words(space.study.endpoints.primary)}, {pairs}."
        + (" The week is that of each design." if _several(space.axes, "week") else ""),
        f"Of every design {manifest['replicates']} trials at central values and {manifest['draws']} parameter draws "
        "were simulated. Power and assurance of all sizes, ratios and arms follow from them in closed form; ± is the "
        "Monte-Carlo standard error over draws. `anagen power best.yaml` simulates the trial itself.",
        "All designs have the same people and draws, so that their differences are better known than each by itself. "
        "The best of many is chosen by numbers with an error, and looks a little better than it is.",
    ]
    if space.study.endpoints.primary.measure in RESPONDERS:
        told.append("The outcome is a share of patients, of which closed forms are the rougher the fewer there are.")
    if len(question.pairs) > 1:
        told.append(
            "A trial of several tested arms succeeds where at least one of them does, each contrast at the level of "
            "the study divided by their number (Bonferroni); the study of the best trial has that level."
        )
    if any(axis.name == "week" and len(axis.values) > 1 for axis in space.axes):
        told.append(
            "A trial ends with the visit of its primary endpoint. Where that is earlier than in the study, shares of "
            "patients lost by the last visit are those of the same rate, and sessions after it fall away."
        )
    told += [*_cost_sentences(result), _months_sentence(result)]
    return told


def _several(axes: tuple[Axis, ...], name: str) -> bool:
    return any(axis.name == name and len(axis.values) > 1 for axis in axes)


def _cost_sentences(result: DesignSearch) -> list[str]:
    prices = result.pool.prices
    if prices.kind == STATED:
        named = [ITEMS[name] for name in Price.model_fields if name not in prices.left_out]
        left = [ITEMS[name] for name in prices.left_out]
        without = f" Without a price, and left out: {listed(left)}." if left else ""
        return [
            f"Cost is what the study states for {listed(named)} (design.cost), times how many there are on average."
            f"{without} The dose moves no cost but through them."
        ]
    if prices.kind == TREATMENTS:
        sources = "; ".join(f"{name}: {source}" for name, source in prices.sources.items())
        left = f" Without a price: {listed(prices.left_out)}." if prices.left_out else ""
        return [
            "The study states no prices (design.cost), so that cost is that of the treatments alone, by their usual "
            "price a year, from the lower to the upper one, and ordered by the middle; conduct is left out. "
            f"{sources}.{left}"
        ]
    return ["Nothing in the study has a price (design.cost): cost is left out, and patients are counted in its place."]


def _months_sentence(result: DesignSearch) -> str:
    if result.pool.space.study.design.enrolment is None:
        return (
            "The study does not say how fast patients are enrolled (design.enrolment), so that months are those from "
            "baseline to the last visit."
        )
    return "Months count from the opening of recruitment to the last visit of the last patient, on average."


def standing_of(result: DesignSearch) -> str:
    """How far the parameters are known, in a sentence."""
    return standing_words(result.manifest | {"normal": None, "scenarios": None})
