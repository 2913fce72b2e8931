"""The answer in words, made from the numbers of the result and from nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from anagen.analysis.bands import LEAST_DRAWS
from anagen.core.measures import RESPONDERS
from anagen.reports.amounts import arm_amounts, effect_amounts
from anagen.reports.beside import beside_parts, beside_sentences
from anagen.reports.claims import claims_of
from anagen.reports.figures.effects import effect_data
from anagen.reports.figures.replicates import replicate_data
from anagen.reports.numbers import NBSP, is_number, p_text, percent, with_unit
from anagen.reports.outline import Outline, is_crossover, is_split_scalp, outline_of
from anagen.reports.summaries import chance_of_significance, mean_interval, shares_reached
from anagen.reports.wording import (
    EndpointName,
    contrast_text,
    joined,
    lower_first,
    name_of,
    quantity_words,
    reached_words,
)
from anagen.results import Estimates

if TYPE_CHECKING:
    from anagen.results.contents import ResultContents


@dataclass(frozen=True)
class Answer:
    """One sentence that answers the question, the paragraphs behind it, and one line per contrast if several."""

    headline: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()


def answer_of(contents: ResultContents, names: Mapping[str, EndpointName]) -> Answer:
    """What the trial found: estimates, both intervals, the control arm, and whether the design is likely to see it."""
    outline = outline_of(contents.study)
    primary = effect_data(contents.effects)
    primary = primary.loc[primary["role"] == "primary"]
    if primary.empty or not outline.controls:
        return _without_control(contents, outline, names)
    rows = [row for _, row in primary.iterrows()]
    decided = claims_of(contents.study, contents.claims)
    headline = " ".join(decided) if decided else _headline(rows, outline, names)
    control = [*_share_sentences(contents, outline, names), *_control_sentences(contents, outline, names)]
    if len(rows) == 1:
        sentences = [
            _contrast_sentence(rows[0], outline, names),
            *control,
            *beside_sentences(contents.manifest, rows[0]),
            *([] if contents.claims is not None else [_design_sentence(contents, outline, rows[0])]),
        ]
        return Answer(headline, tuple(map(_unbroken, sentences)))
    quantity = _quantity(outline, names)
    often = "" if contents.claims is not None else ", and how often such a trial would see it"
    about = (
        f"Differences from control in {quantity} at week {outline.primary.week:g}, with the {outline.confidence_text} "
        "confidence interval over patients, the difference that the model expects with its Monte-Carlo error (±) and "
        f"its 90 % range over the parameter values that are not known{often}:"
    )
    points = tuple(_unbroken(_contrast_line(contents, outline, names, row)) for row in rows)
    return Answer(headline, tuple(map(_unbroken, [*control, about])), points)


def _unbroken(text: str) -> str:
    for loose in (" %", "p = ", "p < "):
        text = text.replace(loose, loose.replace(" ", NBSP))
    return text


def _contrast_line(
    contents: ResultContents, outline: Outline, names: Mapping[str, EndpointName], row: pd.Series
) -> str:
    amounts = effect_amounts(row, name_of(outline.primary.endpoint, names).unit)
    text = f"{contrast_text(row['arm'], row['control'])}: {amounts.text(row['estimate'])}"
    if is_number(row["ci_low"]):
        text += f" ({amounts.interval(row['ci_low'], row['ci_high'])}; {p_text(row['p_value'])})"
    if is_number(row["expected"]):
        text += f"; expected {amounts.with_error(row['expected'], row['expected_error'])}"
        text += f" ({amounts.band(row['low90'], row['high90'], row['draws'])})"
        text += "".join(f"; {part}" for part in beside_parts(contents.manifest, row))
    chance, hits = _chance(contents, outline, row)
    if hits:
        text += f"; p < {outline.alpha:g} in {hits}"
    elif is_number(chance):
        text += f"; p < {outline.alpha:g} in {_rough(chance)} of such trials"
    return f"{text}."


def _quantity(outline: Outline, names: Mapping[str, EndpointName]) -> str:
    choice = outline.primary
    return quantity_words(name_of(choice.endpoint, names), choice.measure, choice.threshold)


def _headline(rows: Sequence[pd.Series], outline: Outline, names: Mapping[str, EndpointName]) -> str:
    clear = [row for row in rows if _excludes_zero(row)]
    unclear = [row for row in rows if not _excludes_zero(row)]
    quantity = _quantity(outline, names)
    at = f"at week {outline.primary.week:g}"
    if len(rows) == 1 and not is_number(rows[0]["estimate"]):
        return f"This virtual trial gives no estimate for {quantity} {at}."
    if not clear:
        arms = f"{rows[0]['arm']} and {rows[0]['control']}" if len(rows) == 1 else "any arm and its control"
        return f"No statistically significant difference between {arms} in {quantity} {at}."
    ways: dict[str, list[str]] = {}
    for row in clear:
        ways.setdefault(_way(row, outline, names), []).append(str(row["arm"]))
    than = str(rows[0]["control"]) if len({str(row["control"]) for row in rows}) == 1 else "its control"
    every = len(rows) > 1 and not unclear and len(ways) == 1
    sides = [f"{way} on {'every treated arm' if every else joined(arms)}" for way, arms in ways.items()]
    first = f"{quantity[:1].upper()}{quantity[1:]} {at} was {' and '.join(sides)} than on {than}"
    if not unclear:
        return f"{first}."
    others = joined([str(row["arm"]) for row in unclear])
    return f"{first}; no statistically significant difference on {others}."


def _way(row: pd.Series, outline: Outline, names: Mapping[str, EndpointName]) -> str:
    """Direction of a difference; a fall that goes further is no "smaller change", it is a lower number."""
    choice = outline.primary
    plain = choice.measure in RESPONDERS or name_of(choice.endpoint, names).rising
    more, less = ("larger", "smaller") if plain else ("higher", "lower")
    return more if row["estimate"] > 0 else less


def _excludes_zero(row: pd.Series) -> bool:
    return is_number(row["ci_low"]) and is_number(row["ci_high"]) and bool(row["ci_low"] > 0 or row["ci_high"] < 0)


def _contrast_sentence(row: pd.Series, outline: Outline, names: Mapping[str, EndpointName]) -> str:
    choice = outline.primary
    amounts = effect_amounts(row, name_of(choice.endpoint, names).unit)
    quantity = f"the difference between {row['arm']} and {row['control']} in {_quantity(outline, names)}"
    if is_number(row["estimate"]):
        text = f"At week {choice.week:g} {quantity} was {amounts.text(row['estimate'])}"
        if is_number(row["ci_low"]) and is_number(row["ci_high"]):
            bounds = amounts.interval(row["ci_low"], row["ci_high"])
            text += f" ({outline.confidence_text} confidence interval over patients {bounds}; {p_text(row['p_value'])})"
        else:
            text += " (no confidence interval could be calculated)"
        text += "."
    else:
        text = f"At week {choice.week:g} {quantity} could not be estimated from the measured values."
    if not is_number(row["expected"]):
        return text
    expected = with_unit(amounts.with_error(row["expected"], row["expected_error"]), amounts.unit)
    whose = "The model expects" if is_number(row["low90"]) else "At central parameter values the model expects"
    text += f" {whose} {expected}"
    if is_number(row["low90"]):
        bounds = amounts.interval(row["low90"], row["high90"])
        return f"{text}; over the parameter values that are not known, 90 % of {int(row['draws'])} draws gave {bounds}."
    few = (
        f"fewer than {LEAST_DRAWS} parameter draws are too few for a band"
        if row["draws"]
        else "no parameter draws were run"
    )
    return f"{text}; {few}, so how far this depends on the parameters is not shown."


def _arm_rows(contents: ResultContents, outline: Outline) -> pd.DataFrame:
    choice = outline.primary
    measure = RESPONDERS.get(choice.measure, choice.measure)
    arms = contents.arms
    keep = (
        (arms["endpoint"].astype(str) == choice.endpoint) & (arms["week"] == choice.week) & (arms["measure"] == measure)
    )
    return arms.loc[keep.to_numpy()]


def _arm_mean(row: pd.Series, outline: Outline, names: Mapping[str, EndpointName]) -> str:
    amounts = arm_amounts(row, name_of(outline.primary.endpoint, names).unit)
    low, high = map(float, mean_interval(row["n"], row["mean"], row["se"], outline.confidence))
    text = amounts.text(row["mean"])
    return f"{text} ({outline.confidence_text} interval {amounts.interval(low, high)})" if is_number(low) else text


def _control_sentences(contents: ResultContents, outline: Outline, names: Mapping[str, EndpointName]) -> list[str]:
    controls = list(dict.fromkeys(effect_data(contents.effects)["control"].astype(str)))
    rows = _arm_rows(contents, outline)
    sentences: list[str] = []
    for control in controls:
        control_rows = rows.loc[(rows["arm"].astype(str) == control).to_numpy()]
        if control_rows.empty or not is_number(control_rows["mean"].iloc[0]):
            continue
        row = control_rows.iloc[0]
        what = "stood at" if row["measure"] == "value" else "itself changed by"
        text = f"The control arm, {control}, {what} {_arm_mean(row, outline, names)}"
        if is_number(row["expected"]):
            expected = arm_amounts(row, "").with_error(row["expected"], row["expected_error"])
            text += f"; the model expects {expected}"
            # what is true of every arm is said once
            text += ", apart from any measurement offset that the arms of one study share" if not sentences else ""
        sentences.append(f"{text}.")
    if not sentences:
        return []
    reference = "it" if len(sentences) == 1 else "its own control"
    return [" ".join([*sentences, f"Only the difference from {reference} is credited to the therapy."])]


def _share_sentences(contents: ResultContents, outline: Outline, names: Mapping[str, EndpointName]) -> list[str]:
    """How many of each arm are counted, where shares of patients are compared."""
    choice, name = outline.primary, name_of(outline.primary.endpoint, names)
    if choice.measure not in RESPONDERS or not is_number(choice.threshold):
        return []
    shares = shares_reached(contents.first("visits"), choice, rising=name.rising, zone=outline.zone)
    counts = [
        f"{shares[arm].reached} of {shares[arm].judged} patients ({percent(shares[arm].share)}) on {arm}"
        for arm in outline.arms
        if arm in shares
    ]
    did = reached_words(choice.measure, choice.threshold, name)
    title = lower_first(name.title)
    return [f"By {title} at week {choice.week:g}, {joined(counts)} {did}."] if counts else []


LEAST_REPLICATES = 20
"""Trials from which on their share that succeeds says something of the design."""


def _chance(contents: ResultContents, outline: Outline, row: pd.Series) -> tuple[float, str]:
    """Chance of p < alpha where the effect is the expected one, and "x of n replicates" where replicates were run."""
    if contents.claims is not None:
        # what counts there is the claim, not each p value by itself
        return float("nan"), ""
    runs = replicate_data(contents.effects, outline.alpha)
    runs = runs.loc[((runs["arm"] == row["arm"]) & (runs["control"] == row["control"])).to_numpy()]
    if len(runs) > 1:
        hits = int(runs["significant"].sum())
        return hits / len(runs), f"{hits} of {len(runs)} replicates"
    if is_number(row["standard_error"]) and row["standard_error"] > 0 and is_number(row["expected"]):
        return float(chance_of_significance(row["expected"], float(row["standard_error"]), outline.alpha)), ""
    return float("nan"), ""


def _design_sentence(contents: ResultContents, outline: Outline, row: pd.Series) -> str:
    """Whether a trial of this design is likely to reach p < alpha, over patients and over parameters."""
    level = f"p < {outline.alpha:g}"
    chance, hits = _chance(contents, outline, row)
    if hits and contents.manifest.get("trials_at"):
        text = f"Repeated with other patients and parameter values of its own each time, {hits} of this trial"
        return f"{text} reached {level}, which is the assurance of the design: {_verdict(chance)}."
    few = 0 < int(contents.manifest.get("replicates") or 0) < LEAST_REPLICATES
    if hits:
        text = f"Repeated with other patients at the central parameter values, {hits} of this trial reached {level}"
    elif is_number(chance):
        text = (
            f"With the standard error of this one run, a trial of this design would reach {level} in "
            f"{_rough(chance)} of repetitions where the difference is the expected one"
        )
    else:
        return "Whether this design is likely to see the difference cannot be said from this run."
    average = _average_chance(contents, outline, row)
    if is_number(average):
        text += f"; averaged over the parameter draws, in {_rough(average)}"
        chance = average
    elif hits and few:
        return f"{text}: too few trials to say how likely the design is to see such a difference."
    return f"{text}: {_verdict(chance)}."


def _average_chance(contents: ResultContents, outline: Outline, row: pd.Series) -> float:
    values = Estimates(contents.effects).primary().drawn().arm(row["arm"], row["control"]).values
    draws = values[np.isfinite(values)]
    if draws.size < LEAST_DRAWS or not is_number(row["standard_error"]) or row["standard_error"] <= 0:
        return float("nan")
    return float(np.mean(chance_of_significance(draws, float(row["standard_error"]), outline.alpha)))


def _rough(chance: float) -> str:
    if chance > 0.99:
        return "over 99 %"
    return "under 1 %" if chance < 0.01 else f"about {100 * chance:.0f} %"


def _verdict(chance: float) -> str:
    if chance >= 0.8:
        return "the design is likely to see such a difference"
    if chance >= 0.5:
        return "the design is more likely to see such a difference than to miss it"
    if chance >= 0.2:
        return "the design is more likely to miss such a difference than to see it"
    return "the design is unlikely to see such a difference"


def _without_control(contents: ResultContents, outline: Outline, names: Mapping[str, EndpointName]) -> Answer:
    rows = _arm_rows(contents, outline)
    title = lower_first(name_of(outline.primary.endpoint, names).title)
    sentences = []
    for _, row in rows.iterrows():
        what = "stood at" if row["measure"] == "value" else "changed by"
        if is_number(row["mean"]):
            sentences.append(
                f"On {row['arm']}, {title} {what} {_arm_mean(row, outline, names)} at week {outline.primary.week:g}."
            )
    reason = f" The study file gives the reason: {outline.uncontrolled}." if outline.uncontrolled else ""
    limits = (
        "There is no control arm, so this change is not the effect of the therapy: it also holds the natural course, "
        f"measurement error and regression to the mean.{reason}"
    )
    first = sentences[0] if sentences else f"No mean is available for {title} at week {outline.primary.week:g}."
    shares = _share_sentences(contents, outline, names)
    return Answer(_unbroken(first), tuple(map(_unbroken, (*sentences[1:], *shares, limits))))


def patients_phrase(outline: Outline, flow: Mapping[str, Any]) -> str:
    """How many virtual patients took part, in words."""
    counts = [int(n) for n in (flow.get("randomised") or {}).values() if is_number(n)]
    if not counts:
        return "an unknown number of virtual patients"
    if is_split_scalp(outline):
        return f"{max(counts):,} virtual patients, each given every treatment side by side on one scalp"
    if is_crossover(outline):
        return f"{max(counts):,} virtual patients, each given both treatments one after the other"
    return f"{sum(counts):,} virtual patients in {len(outline.arms)} arm{'s' if len(outline.arms) != 1 else ''}"
