"""A finished run in short: arms, effect with its two uncertainties apart, published values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.analysis.bands import band
from anagen.core.measures import RESPONDERS, how_compared, two_sided_level
from anagen.core.plain import plain, records
from anagen.reports.amounts import ARM_BASELINE, effect_amounts
from anagen.reports.claims import claim_notes, claims_of
from anagen.reports.numbers import with_unit
from anagen.reports.outline import Choice, thresholds_of
from anagen.reports.report import counts_used
from anagen.reports.summaries import shares_reached
from anagen.reports.wording import contrast_text, endpoint_names, lower_first, measure_words, weeks
from anagen.results import Estimates

if TYPE_CHECKING:
    import pandas as pd

    from anagen.results import ResultContents


def summarise(contents: ResultContents) -> dict[str, Any]:
    """What a run gave in short, as plain values.

    Parameters
    ----------
    contents : ResultContents
        Of a finished run.

    Returns
    -------
    dict
        Arms, effects, published values beside predictions, flags, notes, adverse events, standing of the parameters.
    """
    manifest = contents.manifest
    calibrated, prior_only = counts_used(contents.parameters)
    return plain(
        {
            "study": manifest["study"],
            "title": contents.study.get("title"),
            "seed": manifest["seed"],
            "replicates": manifest["replicates"],
            "trials_at": manifest.get("trials_at"),
            "draws": manifest["draws"],
            "parameters": manifest["parameter_source"],
            "posterior": manifest.get("posterior"),
            "parameters_are_hand_set": bool(contents.parameters["hand_set"].any()),
            "parameters_calibrated": calibrated,
            "parameters_prior_only": prior_only,
            "arms": arm_rows(contents),
            "primary": manifest["primary"],
            "effects": effect_rows(contents),
            "beside": manifest.get("beside") or [],
            "secondary": secondary_rows(contents),
            "claims": _claims(contents),
            "decided": claims_of(contents.study, contents.claims),
            "claim_notes": claim_notes(contents.study, contents.claims),
            "looks": contents.study["analysis"].get("interim") is not None,
            "dose_response": _first_trial(contents.dose_response),
            "comparison": _comparison(contents),
            "flags": manifest.get("flags") or [],
            "notes": [*contents.flow.get("notes", ()), *filter(None, [_how_compared(contents)])],
            "safety": records(contents.safety),
        }
    )


def _claims(contents: ResultContents) -> list[dict[str, Any]]:
    """Claims of the first trial, with the share of trials that show each."""
    if contents.claims is None:
        return []
    share = contents.claims.groupby(["family", "claim"])["shown"].mean()
    trials = contents.claims["replicate"].nunique()
    return [
        {**row, "trials": trials, "shown_share": float(share.loc[(row["family"], row["claim"])])}
        for row in _first_trial(contents.claims)
    ]


def _first_trial(table: pd.DataFrame | None) -> list[dict[str, Any]]:
    return [] if table is None else records(table[table["replicate"] == 0])


def _how_compared(contents: ResultContents) -> str:
    shares = contents.manifest["primary"]["measure"] in RESPONDERS
    method = contents.study["analysis"].get("method", "ancova")
    return "" if shares else how_compared(len(contents.manifest["arms"]), method)


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
    name = endpoint_names([primary["endpoint"]])[primary["endpoint"]]
    lines = [_line(row, name.unit, int(contents.manifest["draws"])) for row in effect_rows(contents)]
    measure = measure_words(primary["measure"], primary.get("threshold"), name)
    what = f"{lower_first(name.title)}, {measure}, week {weeks(primary['week'])}"
    return f"{'; '.join(lines) or 'no contrast'} ({what})"


def _line(row: Mapping[str, Any], unit: str, draws: int) -> str:
    low, high = row["parameter_low"], row["parameter_high"]
    amounts = effect_amounts({**row, "low90": low, "high90": high}, unit)
    alone = row["control"] in (None, ARM_BASELINE)
    contrast = str(row["arm"]) if alone else contrast_text(row["arm"], row["control"])
    trial = f"{100 * row['confidence']:g} % {amounts.interval(row['ci_low'], row['ci_high'])}"
    return (
        f"{contrast}: expected {with_unit(amounts.with_error(row['expected'], row['expected_error']), amounts.unit)} "
        f"({amounts.band(low, high, draws)}), "
        f"this trial {amounts.text(row['estimate'])} ({trial})"
    )


def arm_rows(contents: ResultContents) -> list[dict[str, Any]]:
    """The primary endpoint per arm at its week: patients, mean and SD of the first trial, expected mean and its range.

    Where shares of patients are compared, also how many `reached` the threshold, of how many `judged`.

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
    # A share of patients has no mean and SD of its own: the arms are then told as what the threshold is compared with.
    measure = RESPONDERS.get(primary["measure"], primary["measure"])
    table = contents.arms
    at_primary = (
        (table["endpoint"] == primary["endpoint"]) & (table["week"] == primary["week"]) & (table["measure"] == measure)
    )
    shown = {row["arm"]: row for row in records(table[at_primary])}
    nothing = dict.fromkeys(("n", "mean", "sd", "expected", "expected_error", "parameter_low", "parameter_high"))
    randomised = contents.flow.get("randomised") or {}
    shares = _shares(contents)
    return [
        {
            "arm": arm["name"],
            "control": bool(arm.get("control", False)),
            "patients": arm.get("patients"),
            "randomised": randomised.get(arm["name"]),
            **shares.get(arm["name"], {}),
            **{key: shown.get(arm["name"], nothing)[key] for key in nothing},
        }
        for arm in contents.manifest["arms"]
    ]


def _comparison(contents: ResultContents) -> list[dict[str, Any]]:
    """Rows of the comparison, shares of patients with their threshold."""
    limits = thresholds_of(contents.study)
    rows = records(contents.comparison)
    return [{**row, "threshold": limits.get((row["endpoint"], row["measure"]))} for row in rows]


def _shares(contents: ResultContents) -> dict[str, dict[str, int]]:
    primary = contents.manifest["primary"]
    if primary["measure"] not in RESPONDERS or primary.get("threshold") is None:
        return {}
    choice = Choice(primary["endpoint"], float(primary["week"]), primary["measure"], float(primary["threshold"]))
    name = endpoint_names([choice.endpoint])[choice.endpoint]
    zone = str((contents.study.get("measurement") or {}).get("zone") or "")
    shares = shares_reached(contents.first("visits"), choice, rising=name.rising, zone=zone)
    return {arm: {"reached": share.reached, "judged": share.judged} for arm, share in shares.items()}


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
    alpha = two_sided_level(contents.study.get("analysis", {}))
    primary = contents.primary()
    rows = records(primary.trials(replicate=0).rows)
    return [_effect(row, primary.arm(row["arm"], row["control"]), alpha) for row in rows]


def secondary_rows(contents: ResultContents) -> list[dict[str, Any]]:
    """Effects in the secondary endpoints, as `effect_rows` gives those in the primary one.

    Parameters
    ----------
    contents : ResultContents
        Of a finished run.

    Returns
    -------
    list of dict
        One per endpoint, week, measure and contrast, in the order of the study.
    """
    alpha = two_sided_level(contents.study.get("analysis", {}))
    effects = contents.effects[contents.effects["role"] == "secondary"]
    asked_for = ("endpoint", "week", "measure", "threshold")
    found: list[dict[str, Any]] = []
    for row in records(Estimates(effects).trials(replicate=0).rows):
        same = effects
        for key in asked_for:
            same = same[same[key].isna() if row[key] is None else same[key] == row[key]]
        found.append(_effect(row, Estimates(same).arm(row["arm"], row["control"]), alpha))
    return found


def _effect(row: dict[str, Any], contrast: Estimates, alpha: float) -> dict[str, Any]:
    trials, central = contrast.trials().rows, contrast.expected(draw=0)
    low, high = band(contrast.drawn().values)
    return {
        **{key: value for key, value in row.items() if key not in ("replicate", "draw", "kind", "role")},
        "alpha": alpha,
        "confidence": 1.0 - alpha,
        "expected": central.values[0] if len(central.rows) else None,
        "expected_error": central.rows["standard_error"].iloc[0] if len(central.rows) else None,
        "parameter_low": low,
        "parameter_high": high,
        "replicates": len(trials),
        "replicate_mean": trials["estimate"].mean(),
        "replicate_sd": trials["estimate"].std() if len(trials) > 1 else None,
        "significant": float((trials["p_value"] < alpha).mean()),
    }
