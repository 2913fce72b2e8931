"""Tables of the report: every number formatted with sensible digits, ready for any page."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from anagen.core.measures import RESPONDERS
from anagen.reports.amounts import MONTE_CARLO, arm_amounts, effect_amounts, published_amounts
from anagen.reports.cells import Cell, Table, figure, grouped, source, words
from anagen.reports.figures.effects import effect_data, row_measure, row_name
from anagen.reports.figures.panels import shown_measure
from anagen.reports.numbers import (
    DASH,
    NBSP,
    interval,
    is_number,
    number,
    p_text,
    percent,
    significant,
    with_unit,
)
from anagen.reports.outline import Outline
from anagen.reports.summaries import mean_interval, shares_reached
from anagen.reports.wording import (
    EndpointName,
    lower_first,
    measure_scale,
    measure_unit,
    measure_words,
    name_of,
    pretty_unit,
    sentence_case,
    subject_text,
    titled,
    weeks,
)
from anagen.signalling.network.priors import is_of_edge
from anagen.statistics.shares import wilson


def effects_table(effects: pd.DataFrame, names: Mapping[str, EndpointName], outline: Outline) -> Table:
    """Differences from control with both intervals and the p value."""
    rows = []
    for _, row in effect_data(effects).iterrows():
        name = name_of(str(row["endpoint"]), names)
        amounts = effect_amounts(row, name.unit)
        quantity = lower_first(titled(f"{name.title}, {row_measure(row, name)}", amounts.unit))
        title = f"{sentence_case(str(row['role']))}: {quantity}"
        cells = (
            words(row_name(row)),
            figure(amounts.bare(row["estimate"])),
            figure(amounts.interval(row["ci_low"], row["ci_high"])),
            figure(p_text(row["p_value"]).removeprefix("p = ").removeprefix("p ")),
            figure(amounts.with_error(row["expected"], row["expected_error"])),
            figure(amounts.band(row["low90"], row["high90"], row["draws"])),
        )
        rows.append((f"{title}, week{NBSP}{weeks(row['week'])}", cells))
    patients = f"{outline.confidence_text} CI (patients)"
    return Table(
        "Differences from control" if outline.controls else "Results of the arms, with no control",
        ("Contrast" if outline.controls else "Arm", "Estimate", patients, "p", "Expected", "90 % range (parameters)"),
        grouped(rows),
        f"p values of secondary endpoints and of several contrasts are not adjusted for multiplicity. {MONTE_CARLO}",
    )


def _quantity(name: EndpointName, measure: str, threshold: float | None = None) -> str:
    return titled(f"{name.title}, {measure_words(measure, threshold, name)}", measure_unit(measure, name.unit))


def _times(value: object, scale: float) -> float:
    return float(value) * scale if is_number(value) else float("nan")  # type: ignore[arg-type]


def arms_table(
    arms: pd.DataFrame,
    names: Mapping[str, EndpointName],
    outline: Outline,
    draws: int,
    visits: pd.DataFrame | None = None,
) -> Table:
    """Mean of every arm at the weeks of the primary and secondary endpoints: measured and expected.

    Shares of patients who reached a threshold are counted in `visits`.
    """
    chosen: dict[tuple[str, float], set[str]] = {}
    for choice in (outline.primary, *outline.secondary):
        chosen.setdefault((choice.endpoint, choice.week), {"value"}).add(shown_measure(choice.measure))
    rows = []
    for _, row in arms.iterrows():
        at = (str(row["endpoint"]), float(row["week"]))
        if str(row["measure"]) not in chosen.get(at, ()):
            continue
        measure, name = str(row["measure"]), name_of(str(row["endpoint"]), names)
        amounts = arm_amounts(row, name.unit)
        low, high = map(float, mean_interval(row["n"], row["mean"], row["se"], outline.confidence))
        cells = (
            words(row["arm"]),
            figure(weeks(row["week"])),
            figure(f"{int(row['n']):,}" if is_number(row["n"]) else DASH),
            figure(amounts.bare(row["mean"])),
            figure(amounts.interval(low, high)),
            figure(amounts.bare(row["sd"], signed=False)),
            figure(amounts.with_error(row["expected"], row["expected_error"])),
            figure(amounts.band(row["parameter_low"], row["parameter_high"], draws)),
        )
        rows.append((_quantity(name, measure), cells))
    rows += _share_rows(visits, names, outline)
    patients = f"{outline.confidence_text} CI (patients)"
    return Table(
        "Arms: measured in the first replicate, and expected",
        ("Arm", "Week", "n", "Mean", patients, "SD", "Expected", "90 % range (parameters)"),
        grouped(rows),
        f"Other visits, endpoints and measures are in the table of arms in the result folder. {MONTE_CARLO}",
    )


def _share_rows(
    visits: pd.DataFrame | None, names: Mapping[str, EndpointName], outline: Outline
) -> list[tuple[str, tuple[Cell, ...]]]:
    rows = []
    for choice in dict.fromkeys((outline.primary, *outline.secondary)):
        if visits is None or choice.measure not in RESPONDERS or not is_number(choice.threshold):
            continue
        name = name_of(choice.endpoint, names)
        shares = shares_reached(visits, choice, rising=name.rising, zone=outline.zone)
        for arm in (arm for arm in outline.arms if arm in shares):
            found = shares[arm]
            low, high = (float(end) for end in wilson(found.reached, found.judged, outline.alpha))
            cells = (
                words(arm),
                figure(weeks(choice.week)),
                figure(f"{found.judged:,}"),
                figure(f"{percent(found.share)} ({found.reached:,} of {found.judged:,})"),
                figure(interval(100.0 * low, 100.0 * high, 0, signed=False)),
                *(figure(DASH) for _ in range(3)),
            )
            rows.append((_quantity(name, choice.measure, choice.threshold), cells))
    return rows


def comparison_table(
    comparison: pd.DataFrame,
    names: Mapping[str, EndpointName],
    thresholds: Mapping[tuple[str, str], float] | None = None,
) -> Table:
    """Predicted against observed, every row of the study's published results; `thresholds` from `thresholds_of`."""
    rows, limits = [], thresholds or {}
    for _, row in comparison.iterrows():
        measure, name = str(row["measure"]), name_of(str(row["endpoint"]), names)
        amounts = published_amounts(row, name.unit)
        week = f", week{NBSP}{weeks(row['week'])}" if is_number(row["week"]) else ""
        observed = amounts.bare(row["observed"])
        if is_number(row["observed_se"]):
            observed += f" ({amounts.bare(row['observed_se'])})"
        cells = (
            words(f"{subject_text(row['subject'])}{week}"),
            figure(observed),
            figure(amounts.bare(row["predicted"])),
            figure(amounts.interval(row["low90"], row["high90"])),
            words(_verdict(row)),
            figure(number(row["z"], 1, signed=True) if is_number(row["z"]) else DASH),
            _source_read(row, measure_unit(measure, name.unit)),
        )
        rows.append((_quantity(name, measure, limits.get((str(row["endpoint"]), measure))), cells))
    return Table(
        "Predicted against observed",
        (
            "Quantity",
            "Observed (SE)",
            "Predicted",
            "90 % predictive interval",
            "Observed is",
            "z",
            "Source and remark",
        ),
        grouped(rows),
        "z: observed minus predicted in units of the prediction's standard deviation. The interval holds patients, "
        "parameters, and how far trials of one treatment lie apart; the prediction holds what uncontrolled and small "
        "trials say too much. Values that the study file excludes are shown and not counted.",
    )


def _verdict(row: pd.Series) -> str:
    if pd.isna(row["comparable"]) or not bool(row["comparable"]) or pd.isna(row["inside"]):
        return "not compared"
    if row["use"] == "exclude":
        return "not counted"
    return "inside" if bool(row["inside"]) else "outside"


def _source_read(row: pd.Series, unit: str) -> Cell:
    parts = [*source(row["source"]).parts]
    read, remark = row.get("read"), row.get("remark")
    if isinstance(read, str) and read:
        parts.append((f" ({read})", None))
    if isinstance(remark, str) and remark:
        parts.append((f". {sentence_case(remark)}", None))
    if isinstance(row["reason"], str) and row["reason"]:
        kind = "Excluded" if row["use"] == "exclude" else "For checking only"
        parts.append((f". {kind}: {row['reason']}", None))
    if is_number(row["bias"]) and row["bias"] != 0.0:
        added = with_unit(number(_times(row["bias"], measure_scale(str(row["measure"]))), 1, signed=True), unit)
        parts.append((f". The prediction holds {added} for its design", None))
    return Cell(tuple(parts))


def parameters_table(parameters: pd.DataFrame) -> Table:
    """Parameters the run used: unit, 90 % prior, source and grade; the 90 % posterior where some are calibrated."""
    table = parameters
    note = ""
    if "used" in table.columns:
        used = table["used"].fillna(False).astype(bool)
        left = int((~used).sum())
        table = table.loc[used.to_numpy()]
        note = (
            f"{left} further parameter{'s' if left != 1 else ''} of the package play no part in this run."
            if left
            else ""
        )
    edges = table["name"].map(is_of_edge).to_numpy(dtype=np.bool_)
    if edges.any():
        table = table.loc[~edges]
        many = int(edges.sum())
        said = f"{many} weights and half-levels of the signalling network are drawn too; parameters.csv has them."
        note = f"{note} {said}".strip()
    informed = table["informed_by"] == "posterior"
    several = bool(informed.any())
    rows = []
    for (_, row), calibrated in zip(table.iterrows(), informed, strict=True):
        shape = row.get("distribution")
        prior = shape if isinstance(shape, str) and shape else DASH
        low, high = (row[f"prior_{end}" if calibrated else end] for end in ("low", "high"))
        if is_number(low) and is_number(high) and low != high:
            prior = f"{significant(low)} to {significant(high)} ({prior})"
        posterior = f"{significant(row['low'])} to {significant(row['high'])}" if calibrated else DASH
        rows.append(
            (
                words(str(row["name"])),
                figure(significant(row["value"], 4)),
                words(pretty_unit(str(row["unit"])) if isinstance(row["unit"], str) else ""),
                words(prior),
                *([words(posterior)] if several else []),
                words(row["grade"]),
                words("yes" if bool(row["hand_set"]) else "no"),
                _source_note(row),
            )
        )
    return Table(
        "Parameters used",
        (
            *("Parameter", "Value", "Unit", "90 % prior"),
            *(["90 % posterior"] if several else []),
            *("Grade", "Hand-set", "Source and note"),
        ),
        tuple(rows),
        note,
    )


def _source_note(row: pd.Series) -> Cell:
    parts, note = [*source(row["source"]).parts], row.get("note")
    if isinstance(note, str) and note:
        parts.append((f". {sentence_case(note)}", None))
    return Cell(tuple(parts))
