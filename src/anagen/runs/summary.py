"""A finished run in short: arms, effect with its two uncertainties apart, published values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.core.plain import plain, records
from anagen.reports.report import counts_used
from anagen.results.schema import RESPONDERS

if TYPE_CHECKING:
    import pandas as pd

    from anagen.results import ResultContents

PARAMETER_PERCENT = (0.05, 0.95)


def summarise(contents: ResultContents) -> dict[str, Any]:
    """What a run gave in short, as plain values.

    Parameters
    ----------
    contents : ResultContents
        Of a finished run.

    Returns
    -------
    dict
        Arms, effects, published values beside predictions, flags, adverse events, standing of the parameters.
    """
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
            "arms": arm_rows(contents),
            "primary": manifest["primary"],
            "effects": effect_rows(contents),
            "comparison": records(contents.comparison),
            "flags": manifest.get("flags") or [],
            "safety": records(contents.safety),
        }
    )


def headline_of(contents: ResultContents) -> str:
    """The primary effect of every contrast in a line.

    Parameters
    ----------
    contents : ResultContents
        Of a finished run.

    Returns
    -------
    str
        Contrast, expected effect with its range over parameters, the first trial with its interval, endpoint, week.
    """
    primary = contents.manifest["primary"]
    what = f"{primary['measure']} of {primary['endpoint']} at week {primary['week']:g}".replace("_", " ")
    return "; ".join(_line(row) for row in effect_rows(contents)) + f" ({what})"


def _line(row: Mapping[str, Any]) -> str:
    contrast = f"{row['arm']} - {row['control']}" if row["control"] else str(row["arm"])
    low, high = row["parameter_low"], row["parameter_high"]
    expected = "no expected effect" if row["expected"] is None else f"expected {row['expected']:+.1f}"
    if row["expected"] is not None and low is not None:
        expected += f" ({low:+.1f} to {high:+.1f} over parameters)"
    percent = f"{100.0 * row['confidence']:g} %"
    trial = f"this trial {row['estimate']:+.1f} ({percent} {row['ci_low']:+.1f} to {row['ci_high']:+.1f})"
    return f"{contrast}: {expected}; {trial}"


def arm_rows(contents: ResultContents) -> list[dict[str, Any]]:
    """The primary endpoint per arm at its week: patients, mean and SD of the first trial, expected mean and its range.

    Parameters
    ----------
    contents : ResultContents
        Of a finished run.

    Returns
    -------
    list of dict
        One per arm, in the order of the study.
    """
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


def effect_rows(contents: ResultContents) -> list[dict[str, Any]]:
    """The primary effect per contrast, with the uncertainty from patients and from parameters apart.

    Parameters
    ----------
    contents : ResultContents
        Of a finished run.

    Returns
    -------
    list of dict
        One per contrast: the first trial, the expected effect with its range, the spread over replicates.
    """
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
