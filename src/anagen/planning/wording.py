"""Power in words: the headline, the tables, and what a reader has to know, the same in the terminal and on the page."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.analysis.bands import LEAST_DRAWS
from anagen.analysis.decisions import wanted_direction
from anagen.core.measures import RESPONDERS
from anagen.parameters import standing
from anagen.reports.numbers import DASH, decimals_for, is_number, number, percent, significant, with_unit
from anagen.reports.wording import (
    EndpointName,
    contrast_text,
    endpoint_names,
    measure_scale,
    measure_unit,
    measure_words,
    quantity_words,
    weeks,
)
from anagen.study.analysis_words import analysis_sentences

if TYPE_CHECKING:
    import pandas as pd

    from anagen.planning.result import Power
    from anagen.study.models import EndpointChoice

Row = Mapping[str, Any]
SUMMARY = (
    "arm", "control", "endpoint", "week", "measure", "patients", "power", "power_error", "type_one_error",
    "type_one_error_error", "assurance", "assurance_error", "ceiling",
)  # fmt: skip
DISCLAIMER = "Anagen is research software. Its results are not medical advice."
SUCCESS = (
    "A trial succeeds where the difference is significant at the study's two-sided level and lies in the wanted "
    "direction. The type I error counts trials without an effect that are significant in either direction."
)
TOLD_APART = 2.0
"""Monte-Carlo errors by which two means have to differ to be told apart."""
SURE = 0.995
"""Ceiling from which assurance has none that is worth a sentence."""
SUCCESS_OF_CLAIM = (
    "A trial succeeds where it shows the claim of the study about that arm. The type I error counts trials in which "
    "the claim is just not true and is shown all the same."
)
ERRORS = (
    "± is the Monte-Carlo standard error of the simulation, in the same unit; it tells how far another seed could lie, "
    "not how far the model is right."
)


def title_of(result: Power) -> str:
    """The page in a line."""
    return f"Power and sample size: {result.found.question.study.title}"


def name_of_choice(choice: EndpointChoice) -> EndpointName:
    """Printed name of the endpoint of an outcome."""
    return endpoint_names([choice.endpoint])[choice.endpoint]


def outcome_words(choice: EndpointChoice) -> str:
    """An outcome for the middle of a sentence: what is compared, and when."""
    return f"{quantity_words(name_of_choice(choice), choice.measure, choice.threshold)} at week {weeks(choice.week)}"


def short_outcome(choice: EndpointChoice) -> str:
    """An outcome for the cell of a table."""
    name = name_of_choice(choice)
    return f"{name.title}, {measure_words(choice.measure, choice.threshold, name)}"


def unit_of(choice: EndpointChoice) -> str:
    """Printed unit of an effect on an outcome."""
    return measure_unit(choice.measure, name_of_choice(choice).unit, difference=True)


def headline(result: Power) -> str:
    """How many patients the goal asks for on the main outcome, by power and by assurance."""
    return " ".join(
        _answer(result, row, result.found.question.choices[0]) for row in main_rows(result.smallest, result)
    )


def main_rows(table: pd.DataFrame, result: Power) -> list[dict[str, Any]]:
    """Rows of the main outcome."""
    return rows_of_outcome(table, result, 0)


def rows_of_outcome(table: pd.DataFrame, result: Power, outcome: int) -> list[dict[str, Any]]:
    """Rows of one outcome, by its place."""
    choice = result.found.question.choices[outcome]
    chosen = table[
        (table["endpoint"] == choice.endpoint) & (table["week"] == choice.week) & (table["measure"] == choice.measure)
    ]
    same = chosen["threshold"].isna() if choice.threshold is None else chosen["threshold"] == choice.threshold
    return chosen[same].to_dict(orient="records")  # pyright: ignore[reportReturnType]


def _answer(result: Power, row: Row, choice: EndpointChoice) -> str:
    goal = percent(result.manifest["goal"])
    against = contrast_text(str(row["arm"]), str(row["control"]))
    first = f"{against}, {outcome_words(choice)}: {goal} power needs {size_words(result, row, 'power')}"
    if not is_number(row["assurance_least"]):
        return f"{first}."
    if row["above_ceiling"]:
        return f"{first}; {goal} assurance is out of reach, as it cannot exceed {percent(row['assurance_ceiling'])}."
    return f"{first}, {goal} assurance {size_words(result, row, 'assurance')}."


def size_words(result: Power, row: Row, which: str) -> str:
    """The smallest number of patients per arm in words, with its Monte-Carlo interval, or where it lies."""
    sizes, size = result.found.question.sizes, row[which]
    closed = row.get(f"{which}_closed_form", math.nan)
    if is_number(size):
        ends = [row[f"{which}_{end}"] for end in ("low", "high")]
        low = f"{ends[0]:.0f}" if is_number(ends[0]) else f"fewer than {sizes[0]}"
        high = f"{ends[1]:.0f}" if is_number(ends[1]) else f"more than {sizes[-1]}"
        return f"about {size:.0f} patients {per_arm(result)} ({low} to {high})"
    if row[f"{which}_least"] >= row["goal"]:
        return f"at most {sizes[0]} patients {per_arm(result)}"
    told = ""
    if is_number(closed):
        apart = "; where the two lie apart the simulation counts" if closed <= sizes[-1] else ""
        told = f", about {about(closed)} in closed form{apart}"
    return f"more than {sizes[-1]} patients {per_arm(result)}{told}"


def about(size: float) -> str:
    """A number of patients that stands on a simulated effect, to two digits.

    Examples
    --------
    >>> about(1492.0), about(55.0)
    ('1,500', '55')
    """
    digits = max(0, math.floor(math.log10(size)) - 1)
    return f"{round(size, -digits):,.0f}"


def per_arm(result: Power) -> str:
    """Of which patients a size tells: those of every arm, of the smallest, or all of them with both sides."""
    question = result.found.question
    if question.plan.split_scalp:
        return "with two sides each"
    return "per arm" if len(set(question.plan.sizes)) == 1 else "in the smallest arm"


def findings(result: Power) -> list[str]:
    """What follows from the tables, in sentences."""
    question, told = result.found.question, list[str]()
    for row in main_rows(result.smallest, result):
        largest = [
            each
            for each in main_rows(result.table, result)
            if (each["arm"], each["control"]) == (row["arm"], row["control"])
        ][-1]
        told += _of_contrast(result, row, largest)
    if len(question.choices) > 1:
        told.append(fewest(result))
    return told


def _of_contrast(result: Power, row: Row, largest: Row) -> list[str]:
    choice = result.found.question.choices[0]
    told, unit, goal = list[str](), unit_of(choice), percent(row["goal"])
    scale, sign = measure_scale(choice.measure), wanted_direction(choice)
    decimals = decimals_for(abs(largest["estimate_sd"]) * scale)
    against = contrast_text(str(row["arm"]), str(row["control"]))
    sized = f"{largest['patients']:.0f} patients {per_arm(result)}"

    def amount(value: float) -> str:
        return with_unit(number(value * scale, decimals, signed=True), unit)

    if is_number(largest["ceiling"]):
        ceiling = percent(row["assurance_ceiling"])
        wanted = "above" if sign > 0.0 else "below"
        plain = result.found.question.beyond(choice) == 0.0
        true = f"the effect lies {wanted} zero at all" if plain else "the claim is true"
        what = (
            f"{against}: whatever the number of patients, assurance cannot exceed {ceiling}, the probability over "
            f"{_draws(result)} that {true}."
        )
        if row["above_ceiling"]:
            what += f" The goal of {goal} lies above it: no size reaches it; more must be learnt of the effect first."
        if largest["ceiling"] < SURE:
            told.append(what)
        told.append(
            f"With {sized}, who is recruited moves the estimate by a standard "
            f"deviation of {amount_sd(largest['estimate_sd'], scale, unit)}; what is not known of the effect moves it "
            f"by {amount_sd(largest['sd_of_draws'], scale, unit)}, and no number of patients makes that smaller."
        )
    curse = largest["draws_estimate_given_success"]
    if is_number(curse):
        error = largest["draws_estimate_given_success_error"]
        within = is_number(error) and abs(curse - largest["effect_given_success"]) <= TOLD_APART * error
        told.append(
            f"Over the draws, trials that succeed with {sized} estimate "
            f"{amount(curse)} on average, while the true effect in them is {amount(largest['effect_given_success'])} "
            f"(over all draws {amount(largest['effect_mean'])}): "
            + (
                "no further apart than the error of the simulation, with so many patients."
                if within
                else "what is published of successes is larger than what is true."
            )
        )
    if is_number(largest["margin"]):
        margin = amount(largest["margin"])
        shown = percent(largest["power_margin"])
        over = ""
        if is_number(largest["assurance_margin"]):
            most = percent(largest["ceiling_margin"])
            over = f", {percent(largest['assurance_margin'])} over {_draws(result)} (at most {most})"
        told.append(
            f"The whole confidence interval lies beyond {margin} with {sized} in {shown} of trials at "
            f"{_centre(result)}{over}."
        )
    return told


def amount_sd(value: object, scale: float, unit: str) -> str:
    """A standard deviation with its unit."""
    return with_unit(significant(float(value) * scale, 2), unit) if is_number(value) else DASH  # type: ignore[arg-type]


def fewest(result: Power) -> str:
    """Which outcome needs the fewest patients for the goal, in a sentence."""
    goal, sizes = percent(result.manifest["goal"]), result.found.question.sizes
    ranked: list[tuple[float, str]] = []
    for number_of, choice in enumerate(result.found.question.choices):
        for row in rows_of_outcome(result.smallest, result, number_of):
            against = contrast_text(str(row["arm"]), str(row["control"]))
            words = f"{outcome_words(choice)} ({against})"
            closed = row["power_closed_form"]
            if row["power_least"] >= row["goal"]:
                # of several that the smallest size is enough for, the closed form tells which needs fewer
                ranked.append((min(closed if is_number(closed) else sizes[0], sizes[0]), words))
            elif is_number(row["power"]):
                ranked.append((row["power"], words))
            elif is_number(closed):
                where = f"about {about(closed)} {per_arm(result)} in closed form"
                ranked.append((max(closed, sizes[-1] + 1), f"{words}, {where}"))
    if not ranked:
        return f"No outcome reaches {goal} power at any size: at {_centre(result)} none moves in the wanted direction."
    return f"Of the outcomes compared the one that needs the fewest for {goal} power is {min(ranked)[1]}."


def how_to_read(result: Power) -> list[str]:
    """What stands behind the numbers, in sentences."""
    manifest, question = result.manifest, result.found.question
    return [
        SUCCESS if not question.study.analysis.decides else SUCCESS_OF_CLAIM,
        *_what_was_simulated(result),
        ERRORS,
        "Sizes are paired: a smaller trial is made of the first patients of a larger one, and a large trial holds "
        "several small ones.",
        *(
            [f"No assurance is told: it needs {LEAST_DRAWS} parameter draws or more."]
            if not is_number(result.table["ceiling"].iloc[0]) and manifest["normal"] is None
            else []
        ),
        *_analysis(result),
    ]


def _analysis(result: Power) -> list[str]:
    """How the trials are analysed, and what closed forms leave out."""
    study = result.found.question.study
    if result.manifest["normal"] is not None and (study.analysis.method != "ancova" or study.analysis.covariates):
        told = ["Stated outcomes have one visit and no covariates: they are analysed by ANCOVA with the baseline."]
    else:
        told = [f"The analysis is that of the study. {' '.join(analysis_sentences(study))}"]
    if not study.analysis.decides:
        return [f"{told[0]} Each contrast is tested by itself, without a correction for several comparisons."]
    return [*told, "Closed forms are of one test of a contrast by itself, without looks and without other claims."]


def _what_was_simulated(result: Power) -> list[str]:
    manifest, choice = result.manifest, result.found.question.choices[0]
    trials, draws = manifest["replicates"], manifest["draws"]
    if manifest["normal"] is not None:
        model, unit = manifest["normal"], unit_of(choice)
        size, sd = (with_unit(f"{model[name]:g}", unit) for name in ("effect", "sd"))
        known = f", known to within a standard deviation of {model['effect_sd']:g}" if model["effect_sd"] else ""
        return [
            f"No biology is simulated: an effect of {size}{known} and a standard "
            f"deviation of the change of {sd} were stated. Outcomes are Normal, their "
            f"correlation with the baseline is {model['correlation']:.2f}, and {percent(model['dropout'])} have none; "
            f"{trials:,} trials."
        ]
    told = [
        f"Power: {trials:,} trials of the largest size at central parameter values. Type I error: as many in which "
        "every arm is given what its control is given, the same needle and visits and no new biology.",
    ]
    if is_number(result.table["power_fixed"].iloc[0]):
        whence = "the stated effect" if manifest["truth"] is not None else "the median effect over the parameter draws"
        told.append(
            f"Power at a fixed effect: the trials without an effect, with {whence} added to what the arm's patients "
            "measure after baseline, the same for each."
        )
    if draws >= LEAST_DRAWS:
        told.append(
            f"Assurance: the share of success over {draws:,} parameter draws, each with trials of its own; the chance "
            "of success by all that is known and not known now. The central values need not be the middle of the "
            "draws."
        )
    return told


def standing_words(manifest: Mapping[str, Any]) -> str:
    """How far the parameters are known, in a sentence."""
    if manifest["normal"] is not None and manifest["scenarios"] is None:
        return "No parameter of an effect is in these numbers: effect and standard deviation were stated."
    posterior = manifest.get("posterior")
    return standing(0, 0) if posterior is None else standing(posterior["calibrated"], posterior["prior_only"])


def _draws(result: Power) -> str:
    return "the parameter draws" if result.manifest["normal"] is None else "the effects that are possible"


def _centre(result: Power) -> str:
    return "central parameter values" if result.manifest["normal"] is None else "the stated effect"


def share(row: Row, name: str) -> str:
    """A share in per cent with its Monte-Carlo error, without the sign of per cent."""
    if not is_number(row[name]):
        return DASH
    return f"{number(100.0 * row[name], 1)} ± {number(100.0 * row[f'{name}_error'], 1)}"


def is_share_of_patients(choice: EndpointChoice) -> bool:
    """Whether an outcome is a share of patients."""
    return choice.measure in RESPONDERS
