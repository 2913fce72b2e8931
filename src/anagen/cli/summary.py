"""A finished run in a few lines: arms, effect with its two uncertainties apart, and the published values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.analysis.plausibility import flag_text
from anagen.cli.console import interval, number, p_value, print_table
from anagen.parameters import standing

if TYPE_CHECKING:
    pass

PARAMETER_PERCENT = (0.05, 0.95)


def print_summary(summary: Mapping[str, Any]) -> None:
    """Prints what `summarise` gives."""
    primary = summary["primary"]
    what = f"{_words(primary['measure'])} of {_words(primary['endpoint'])} at week {number(primary['week'])}"
    print(f"{summary['title'] or summary['study']}\n")
    print_table(
        f"Arms: {what}",
        ("arm", "patients", "measured", "mean", "SD", "expected", "5-95 % over parameters"),
        (
            (
                arm["arm"] + (" (control)" if arm["control"] else ""),
                arm["patients"],
                arm["n"],
                arm["mean"],
                arm["sd"],
                arm["expected"],
                interval(arm["parameter_low"], arm["parameter_high"]),
            )
            for arm in summary["arms"]
        ),
    )
    for effect in summary["effects"]:
        _print_effect(effect, what)
    for flag in summary["flags"]:
        print(f"\n{flag_text(flag)}")
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
    """Prints what `summarise_curve` gives."""
    primary, rows = summary["primary"], summary["curve"]
    what = f"{_words(primary['measure'])} of {_words(primary['endpoint'])} at week {number(primary['week'])}"
    several = len({row["arm"] for row in rows}) > 1
    control = rows[0]["control"]
    print(f"{summary['title']}\n")
    header = [axis["title"] + (f" ({axis['unit']})" if axis["unit"] else "") for axis in summary["axes"]]
    header += [*(["arm"] if several else []), "effect", "25-75 %", "5-95 %", "the arm's own mean"]
    print_table(
        f"Expected effect, {what}, {'from baseline' if control == 'baseline' else f'against {control}'}",
        header,
        (
            [
                *(row[axis["name"]] for axis in summary["axes"]),
                *([row["arm"]] if several else []),
                number(row["effect"], sign=True),
                interval(row["effect_p25"], row["effect_p75"]),
                interval(row["effect_p5"], row["effect_p95"]),
                number(row["own"], sign=True),
            ]
            for row in rows
        ),
    )
    for line in (summary["how_to_read"], *summary["notes"]):
        print(line)
    posterior = summary["posterior"]
    print(f"\n{standing(0, 0) if posterior is None else standing(posterior['calibrated'], posterior['prior_only'])}")
    print(f"Results: {summary['folder']}")
    if summary["report"]:
        print(f"Report:  {summary['report']}")


def _print_effect(effect: Mapping[str, Any], what: str) -> None:
    against = f" against {effect['control']}" if effect["control"] else ""
    level = f"{100 * effect['confidence']:g} %"
    print(f"\nEffect of {effect['arm']}{against}, {what}")
    print(
        f"  this trial   {number(effect['estimate'], sign=True)}  "
        f"({level} interval from the patients: {interval(effect['ci_low'], effect['ci_high'])}; "
        f"{p_value(effect['p_value'])}; {effect['method']})"
    )
    low, high = effect["parameter_low"], effect["parameter_high"]
    spread = "" if low is None else f"  (5-95 % from the parameters: {interval(low, high)})"
    print(f"  expected     {number(effect['expected'], sign=True)}{spread}")
    if effect["replicates"] > 1:
        print(
            f"  {effect['replicates']} trials  mean {number(effect['replicate_mean'], sign=True)}, "
            f"SD {number(effect['replicate_sd'])}, p below {effect['alpha']:g} in {100 * effect['significant']:.3g} %"
        )


def _print_safety(rows: list[dict[str, Any]]) -> None:
    """Patients with any adverse event and those who left for one, per arm; the table `safety` holds the rest."""
    told = {
        event: ", ".join(f"{row['arm']} {row['with_event']} of {row['n']}" for row in rows if row["event"] == event)
        for event in ("any_adverse_event", "discontinuation")
    }
    if told["any_adverse_event"]:
        print(f"\nAdverse events: {told['any_adverse_event']}; left for one: {told['discontinuation']}")


def _print_comparison(rows: list[dict[str, Any]]) -> None:
    print()
    print_table(
        "Published results beside the prediction",
        (
            "subject",
            "endpoint",
            "week",
            "measure",
            "published",
            "predicted",
            "90 % prediction interval",
            "inside",
            "remark",
        ),
        (
            (
                row["subject"],
                _words(row["endpoint"]),
                row["week"],
                _words(row["measure"]),
                row["observed"],
                row["predicted"],
                interval(row["low90"], row["high90"]),
                _inside(row),
                "; ".join(filter(None, (row["remark"], row["reason"]))),
            )
            for row in rows
        ),
    )


def _inside(row: dict[str, Any]) -> object:
    if not row["comparable"]:
        return "not comparable"
    return "not counted" if row["use"] == "exclude" else row["inside"]


def _words(name: str) -> str:
    return name.replace("_", " ")
