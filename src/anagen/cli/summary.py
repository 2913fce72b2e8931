"""A finished run in a few lines: arms, effect with its two uncertainties apart, and the published values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.analysis.plausibility import flag_text
from anagen.cli.console import interval, number, p_value, plain, print_table, records
from anagen.parameters import standing
from anagen.reports.report import counts_used
from anagen.results.schema import RESPONDERS

if TYPE_CHECKING:
    import pandas as pd

    from anagen.results import ResultContents
    from anagen.runs.to_folder import FinishedRun
    from anagen.sweeps.job import FinishedCurve

PARAMETER_PERCENT = (0.05, 0.95)


def summarise(run: FinishedRun) -> dict[str, Any]:
    """What a run found, as plain values: the document that `anagen run --json` prints."""
    contents = run.contents
    manifest = contents.manifest
    calibrated, prior_only = counts_used(contents.parameters)
    return plain(
        {
            "study": manifest["study"],
            "title": contents.study.get("title"),
            "seed": manifest["seed"],
            "replicates": manifest["replicates"],
            "draws": manifest["draws"],
            "parameters": manifest["parameter_source"],
            "posterior": manifest.get("posterior"),
            "parameters_are_hand_set": bool(contents.parameters["hand_set"].any()),
            "parameters_calibrated": calibrated,
            "parameters_prior_only": prior_only,
            "arms": _arms(contents),
            "primary": manifest["primary"],
            "effects": _effects(contents),
            "comparison": records(contents.comparison),
            "flags": manifest.get("flags") or [],
            "safety": records(contents.safety),
            "folder": str(run.folder),
            "report": None if run.report is None else str(run.report),
        }
    )


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


def summarise_curve(finished: FinishedCurve) -> dict[str, Any]:
    """What a response curve found, as plain values: the document that `--json` prints."""
    from anagen.reports.curve import HOW_TO_READ

    curve, manifest = finished.curve, finished.curve.manifest
    return plain(
        {
            "study": manifest["study"],
            "title": curve.title,
            "seed": manifest["seed"],
            "draws": manifest["draws"],
            "parameters": manifest["parameter_source"],
            "posterior": manifest.get("posterior"),
            "primary": manifest["primary"],
            "axes": manifest["axes"],
            "how_to_read": " ".join(HOW_TO_READ),
            "notes": curve.notes,
            "curve": records(curve.table),
            "folder": str(finished.folder),
            "report": None if finished.report is None else str(finished.report),
        }
    )


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


def _arms(contents: ResultContents) -> list[dict[str, Any]]:
    primary = contents.manifest["primary"]
    # A share of responders has no mean and SD of its own: the arms are then told as changes.
    measure = RESPONDERS.get(primary["measure"], primary["measure"])
    table = contents.arms
    at_primary = (
        (table["endpoint"] == primary["endpoint"]) & (table["week"] == primary["week"]) & (table["measure"] == measure)
    )
    found = {row["arm"]: row for row in records(table[at_primary])}
    nothing = dict.fromkeys(("n", "mean", "sd", "expected", "parameter_low", "parameter_high"))
    return [
        {
            "arm": arm["name"],
            "control": bool(arm.get("control", False)),
            "patients": arm.get("patients"),
            **{key: found.get(arm["name"], nothing)[key] for key in nothing},
        }
        for arm in contents.manifest["arms"]
    ]


def _effects(contents: ResultContents) -> list[dict[str, Any]]:
    alpha = float(contents.study.get("analysis", {}).get("alpha", 0.05))
    primary = contents.effects[contents.effects["role"] == "primary"]
    trials = primary[(primary["kind"] == "trial") & (primary["draw"] == 0)]
    expected = primary[primary["kind"] == "expected"]
    first = trials[trials["replicate"] == 0]
    return [
        _effect(row, trials[_same_contrast(trials, row)], expected[_same_contrast(expected, row)], alpha)
        for row in records(first)
    ]


def _same_contrast(table: pd.DataFrame, row: Mapping[str, Any]) -> pd.Series:
    control = table["control"].isna() if row["control"] is None else table["control"] == row["control"]
    return (table["arm"] == row["arm"]) & control


def _effect(row: dict[str, Any], trials: pd.DataFrame, expected: pd.DataFrame, alpha: float) -> dict[str, Any]:
    central = expected.loc[expected["draw"] == 0, "estimate"]
    drawn = expected.loc[expected["draw"] > 0, "estimate"].dropna()
    low, high = drawn.quantile(list(PARAMETER_PERCENT)) if len(drawn) > 1 else (None, None)
    return {
        **{key: value for key, value in row.items() if key not in ("replicate", "draw", "kind", "role")},
        "alpha": alpha,
        "confidence": 1.0 - alpha,
        "expected": central.iloc[0] if len(central) else None,
        "parameter_low": low,
        "parameter_high": high,
        "replicates": len(trials),
        "replicate_mean": trials["estimate"].mean(),
        "replicate_sd": trials["estimate"].std() if len(trials) > 1 else None,
        "significant": float((trials["p_value"] < alpha).mean()),
    }


def _words(name: str) -> str:
    return name.replace("_", " ")
