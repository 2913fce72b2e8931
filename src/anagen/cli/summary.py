"""A finished run in a few lines: arms, effect with its two uncertainties apart, and the published values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from anagen.analysis.plausibility import flag_text
from anagen.cli.claims_of_trials import print_claims
from anagen.cli.console import print_table
from anagen.core.measures import RESPONDERS
from anagen.parameters import standing
from anagen.reports.amounts import ARM_BASELINE, arm_amounts, effect_amounts, published_amounts
from anagen.reports.beside import beside_parts
from anagen.reports.numbers import DASH, has_band, is_number, no_band, p_text, percent, with_unit
from anagen.reports.wording import (
    contrast_text,
    endpoint_names,
    lower_first,
    measure_unit,
    measure_words,
    reached_words,
    subject_text,
    titled,
    weeks,
)

PREDICTED = (
    "Expected, above: what the model expects in patients. Predicted: what a publication of the trial would print, the "
    "expected value and a bias: what trials without a control, and small ones, say too much. With fewer than 20 draws "
    "the expected value stands at central parameters, the predicted one over the draws."
)


def print_summary(summary: Mapping[str, Any]) -> None:
    """Print what `summarise` gives."""
    primary, draws = summary["primary"], summary["draws"]
    unit = endpoint_names([primary["endpoint"]])[primary["endpoint"]].unit
    # A share of patients has no mean and SD of its own: the arms show what its threshold is compared with.
    measure = RESPONDERS.get(primary["measure"], primary["measure"])
    print(f"{summary['title'] or summary['study']}\n")
    counted = primary["measure"] in RESPONDERS and primary.get("threshold") is not None
    print_table(
        titled(f"Arms: {_what(primary, measure)}", measure_unit(measure, unit)),
        (
            *("arm", "planned, randomised, measured"),
            *([_reached(primary)] if counted else []),
            *("mean", "SD", "expected", "5-95 % over parameters"),
        ),
        (_arm_row(arm, measure, unit, draws, counted=counted) for arm in summary["arms"]),
    )
    at_draws = "assurance: each trial under parameters of its own" if summary["trials_at"] else "at central parameters"
    for effect in summary["effects"]:
        _print_effect(effect, _what(primary, primary["measure"]), unit, draws, at_draws, summary["beside"])
    if summary["claims"]:
        print_claims(summary)
    if summary["secondary"]:
        _print_secondary(summary["secondary"], draws)
    for flag in summary["flags"]:
        print(f"\n{flag_text(flag)}")
    for note in summary["notes"]:
        print(f"\n{note}")
    _print_safety(summary["safety"])
    if summary["comparison"]:
        _print_comparison(summary["comparison"])
    counts = summary["parameters_calibrated"], summary["parameters_prior_only"]
    if summary["parameters_are_hand_set"] or summary["parameters_calibrated"]:
        print(f"\n{standing(*counts, what='parameters that this run used')}")
    print(f"Results: {summary['folder']}")
    if summary["report"]:
        print(f"Report:  {summary['report']}")


def print_curve(summary: Mapping[str, Any]) -> None:
    """Print what `summarise_curve` gives."""
    from anagen.analysis.response import against
    from anagen.reports.curve import curve_amounts, effect_text, own_text

    primary, rows, draws = summary["primary"], summary["curve"], summary["draws"]
    measure = primary["measure"]
    unit = measure_unit(measure, endpoint_names([primary["endpoint"]])[primary["endpoint"]].unit, difference=True)
    several = len({row["arm"] for row in rows}) > 1
    print(f"{summary['title']}\n")
    header = [axis["title"] + (f" ({axis['unit']})" if axis["unit"] else "") for axis in summary["axes"]]
    header += [*(["arm"] if several else []), "effect", "25-75 %", "5-95 %", "the arm's own mean"]

    def shown(row: Mapping[str, Any]) -> list[object]:
        amounts = curve_amounts(row, measure, unit)
        return [
            *(row[axis["name"]] for axis in summary["axes"]),
            *([row["arm"]] if several else []),
            effect_text(amounts, row),
            amounts.band(row["effect_p25"], row["effect_p75"], draws),
            amounts.band(row["effect_p5"], row["effect_p95"], draws),
            own_text(amounts, row, measure),
        ]

    what = titled(f"Expected effect, {_what(primary, measure)}", unit)
    print_table(f"{what}, {against(rows[0]['control'])}", header, map(shown, rows))
    for line in (summary["how_to_read"], *summary["notes"]):
        print(line)
    posterior = summary["posterior"]
    print(f"\n{standing(0, 0) if posterior is None else standing(posterior['calibrated'], posterior['prior_only'])}")
    print(f"Results: {summary['folder']}")
    if summary["report"]:
        print(f"Report:  {summary['report']}")


def _what(primary: Mapping[str, Any], measure: str) -> str:
    name = endpoint_names([primary["endpoint"]])[primary["endpoint"]]
    words = measure_words(measure, primary.get("threshold"), name)
    return f"{lower_first(name.title)}, {words}, week {weeks(primary['week'])}"


def _reached(primary: Mapping[str, Any]) -> str:
    name = endpoint_names([primary["endpoint"]])[primary["endpoint"]]
    return reached_words(primary["measure"], primary["threshold"], name)


def _share_text(arm: Mapping[str, Any]) -> str:
    """How many of an arm reached the threshold: of its patients with an outcome, and in per cent."""
    if not arm.get("judged"):
        return DASH
    return f"{arm['reached']} of {arm['judged']} ({percent(arm['reached'] / arm['judged'])})"


def _arm_row(arm: Mapping[str, Any], measure: str, unit: str, draws: int, *, counted: bool) -> tuple[object, ...]:
    se = arm["sd"] / math.sqrt(arm["n"]) if is_number(arm["sd"]) and arm["n"] else None
    amounts = arm_amounts({"measure": measure, "se": se, "mean": arm["mean"]}, unit)
    return (
        arm["arm"] + (" (control)" if arm["control"] else ""),
        ", ".join(DASH if n is None else f"{n}" for n in (arm["patients"], arm["randomised"], arm["n"])),
        *([_share_text(arm)] if counted else []),
        amounts.bare(arm["mean"]),
        amounts.bare(arm["sd"], signed=False),
        amounts.with_error(arm["expected"], arm["expected_error"]),
        amounts.band(arm["parameter_low"], arm["parameter_high"], draws),
    )


def _print_effect(
    effect: Mapping[str, Any], what: str, unit: str, draws: int, at_draws: str, beside: Sequence[Mapping[str, Any]]
) -> None:
    alone = effect["control"] in (None, ARM_BASELINE)
    against = " against its own baseline" if alone else f" against {effect['control']}"
    low, high = effect["parameter_low"], effect["parameter_high"]
    amounts = effect_amounts({**effect, "low90": low, "high90": high}, unit)
    print(f"\nEffect of {effect['arm']}{against}, {what}")
    print(
        f"  this trial   {amounts.text(effect['estimate'])}  "
        f"({100 * effect['confidence']:g} % interval from the patients: "
        f"{amounts.interval(effect['ci_low'], effect['ci_high'])}; {p_text(effect['p_value'])}; {effect['method']})"
    )
    band = f"at central parameter values; {no_band(draws)}"
    if has_band(draws):
        band = f"mean over {draws} parameter draws; 5-95 % of them: {amounts.interval(low, high)}"
    expected = with_unit(amounts.with_error(effect["expected"], effect["expected_error"]), amounts.unit)
    print(f"  expected     {expected}  ({band})")
    row = {"arm": effect["arm"], "control": effect["control"], "low90": low, "high90": high}
    for part in beside_parts({"beside": beside}, row):
        print(f"  {part}")
    if effect["replicates"] > 1:
        print(
            f"  {effect['replicates']} trials  mean {amounts.bare(effect['replicate_mean'])}, "
            f"SD {amounts.bare(effect['replicate_sd'], signed=False)}, p below {effect['alpha']:g} in "
            f"{percent(effect['significant'])} ± {_share_error(effect)} ({at_draws})"
        )


def _share_error(effect: Mapping[str, Any]) -> str:
    """Monte-Carlo standard error of the share of trials with p below alpha, by Agresti and Coull's share."""
    n = effect["replicates"] + 4.0
    share = (effect["significant"] * effect["replicates"] + 2.0) / n
    return percent((share * (1.0 - share) / n) ** 0.5, 1)


def _print_secondary(effects: Sequence[Mapping[str, Any]], draws: int) -> None:
    """Effects in the secondary endpoints: no adjustment for how many there are."""
    names = endpoint_names([effect["endpoint"] for effect in effects])

    def shown(effect: Mapping[str, Any]) -> tuple[object, ...]:
        name = names[effect["endpoint"]]
        low, high = effect["parameter_low"], effect["parameter_high"]
        amounts = effect_amounts({**effect, "low90": low, "high90": high}, name.unit)
        return (
            titled(f"{name.title}, {measure_words(effect['measure'], effect['threshold'], name)}", amounts.unit),
            weeks(effect["week"]),
            contrast_text(effect["arm"], effect["control"]),
            amounts.bare(effect["estimate"]),
            amounts.interval(effect["ci_low"], effect["ci_high"]),
            amounts.with_error(effect["expected"], effect["expected_error"]),
            amounts.band(low, high, draws),
        )

    print()
    header = ("quantity", "week", "of", "this trial", "interval", "expected", "5-95 % over parameters")
    print_table("Secondary endpoints, not adjusted for their number", header, map(shown, effects))


def _print_safety(rows: list[dict[str, Any]]) -> None:
    """Patients with any adverse event and those who left for one, per arm; the table `safety` holds the rest."""
    counts = {
        event: ", ".join(f"{row['arm']} {row['with_event']} of {row['n']}" for row in rows if row["event"] == event)
        for event in ("any_adverse_event", "discontinuation")
    }
    if counts["any_adverse_event"]:
        some, left = counts["any_adverse_event"], counts["discontinuation"]
        print(f"\nAdverse events: {some}; discontinued because of one: {left}")


def _print_comparison(rows: list[dict[str, Any]]) -> None:
    names = endpoint_names([row["endpoint"] for row in rows])

    def shown(row: dict[str, Any]) -> tuple[object, ...]:
        name = names[row["endpoint"]]
        amounts = published_amounts(row, name.unit)
        return (
            titled(
                f"{name.title}, {measure_words(row['measure'], row.get('threshold'), name)}",
                measure_unit(row["measure"], name.unit),
            ),
            subject_text(row["subject"]),
            row["week"],
            amounts.bare(row["observed"]),
            amounts.bare(row["predicted"]),
            replace(amounts, signed=True).bare(row["bias"] or None),
            amounts.interval(row["low90"], row["high90"]),
            _inside(row),
        )

    print()
    numbers = [row for row in rows if row["observed"] is not None]
    header = ("quantity", "of", "week", "published", "predicted", "bias", "90 % prediction interval", "inside")
    print_table("Published results beside the prediction; remarks are in the report", header, map(shown, numbers))
    for row in rows:
        if row["observed"] is None:
            name = names[row["endpoint"]]
            print(f"{name.title}, {subject_text(row['subject'])}, week {weeks(row['week'])}: {row['remark']}")
    print(PREDICTED)


def _inside(row: dict[str, Any]) -> object:
    if not row["comparable"]:
        return "not comparable"
    return "not counted" if row["use"] == "exclude" else row["inside"]
