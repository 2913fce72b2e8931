"""Tables of the report: every number formatted with sensible digits, ready for any page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.shares import wilson
from anagen.core.calendar import DAYS_PER_WEEK
from anagen.core.measures import RESPONDERS
from anagen.reports.amounts import MONTE_CARLO, arm_amounts, effect_amounts, published_amounts
from anagen.reports.cells import Cell, Table, figure, grouped, source, words
from anagen.reports.figures.effects import effect_data, row_measure, row_name
from anagen.reports.figures.panels import shown_measure
from anagen.reports.outline import Outline
from anagen.reports.summaries import mean_interval, shares_reached
from anagen.reports.wording import (
    DASH,
    NBSP,
    EndpointName,
    decimals_for,
    interval,
    is_number,
    lower_first,
    measure_scale,
    measure_unit,
    measure_words,
    name_of,
    number,
    p_text,
    percent,
    pretty_unit,
    sentence_case,
    significant,
    subject_text,
    therapy_title,
    titled,
    weeks,
    with_unit,
)
from anagen.signalling.network.priors import is_of_edge


def treatment_table(study: Mapping[str, Any], flow: Mapping[str, Any] | None = None) -> Table:
    """What every arm is given, how many patients were planned for it and, by `flow`, randomised to it."""
    rows: list[tuple[Cell, ...]] = []
    randomised: Mapping[str, int] = (flow or {}).get("randomised") or {}
    for arm in study["arms"]:
        therapies = [_therapy_text(use) for use in arm.get("therapies") or ()] or ["untreated"]
        role = "control" if arm.get("control") else "treated"
        came = randomised.get(arm["name"])
        patients = [figure(f"{int(arm['patients']):,}"), figure(DASH if came is None else f"{int(came):,}")]
        rows.append((words(arm["name"]), words("; ".join(therapies)), *patients, words(role)))
    return Table("Arms as planned", ("Arm", "Given", "Patients planned", "Randomised", "Role"), tuple(rows))


def _therapy_text(use: Mapping[str, Any]) -> str:
    parts = [therapy_title(str(use["therapy"]))]
    file = f" (from {use['product_file']['file']})" if use.get("product_file") else ""
    parts += [f"{use['product']}{file}"] if use.get("product") else []
    parts += [str(use["formulation"])] if use.get("formulation") else []
    if use.get("route"):
        parts.append(str(use["route"]))
    dose = use.get("dose")
    if dose:
        text = (
            dose
            if isinstance(dose, str)
            else dose.get("text") or f"{significant(dose.get('value'))} {dose.get('unit')}"
        )
        area = f" on {pretty_unit(use['treated_area']['text'])}" if use.get("treated_area") else ""
        parts.append(f"{text} per {pretty_unit(use['per'])}{area}" if use.get("per") else str(text))
    settings = use.get("settings") or {}
    parts += [f"{name.replace('_', ' ')} {quantity['text']}" for name, quantity in settings.items()]
    schedule = use.get("schedule") or {}
    times = _schedule_words(schedule, taken=use.get("per") in ("day", "application"))
    if dose and use.get("per") == "day":
        times = [words for words in times if words != "once a day"]  # "5 mg per day" has said so
    return ", ".join([*parts, *times])


def _schedule_words(schedule: Mapping[str, Any], *, taken: bool) -> list[str]:
    if schedule.get("phases"):
        return ["; then ".join(" ".join(_schedule_words(phase, taken=taken)) for phase in schedule["phases"])]
    if schedule.get("pause"):
        return [f"nothing until week {weeks(schedule['until'])}"]
    parts = [str(schedule["dose"]["text"])] if schedule.get("dose") else []
    per_day, every, sessions = schedule.get("per_day"), schedule.get("every"), schedule.get("sessions")
    if sessions and not (taken and (every or schedule.get("days"))):
        parts.append(f"{int(sessions)} session{'s' if int(sessions) != 1 else ''}")
    if schedule.get("days"):
        parts.append("on " + ", ".join(f"{day.title()}s" for day in schedule["days"]))
    if every and (not sessions or int(sessions) > 1):
        days = round(DAYS_PER_WEEK * float(every), 6)
        in_days = days < DAYS_PER_WEEK and days == round(days)
        parts.append(
            f"every {days:g} days" if in_days else f"every {weeks(every)} week{'s' if float(every) != 1 else ''}"
        )
    if per_day:
        parts.append("once a day" if float(per_day) == 1 else f"{float(per_day):g} times a day")
    if schedule.get("start"):
        parts.append(f"from week {weeks(schedule['start'])}")
    if schedule.get("until") is not None:
        parts.append(f"until week {weeks(schedule['until'])}")
    if schedule.get("doses"):
        parts.append("of " + ", ".join(str(dose["text"]) for dose in schedule["doses"]))
    return parts


#: Printed name and unit of patient columns; those of a virtual patient only, which no instrument reads, come last.
_COLUMNS = {
    "age": ("Age", "years"),
    "sex": ("Sex", ""),
    "ethnicity": ("Ethnicity", ""),
    "severity": ("Severity", ""),
    "years_since_onset": ("Time since onset", "years"),
}
_HIDDEN_COLUMNS = {
    "follicle_density": ("Follicle density", "follicles/cm²"),
    "shaft_diameter": ("Largest shaft diameter", "µm"),
    "sensitivity": ("Androgen sensitivity", "relative"),
    "sulfotransferase": ("Sulfotransferase activity", "relative"),
    "growth_rate": ("Growth rate of a terminal hair", "mm/day"),
}


def baseline_table(
    patients: pd.DataFrame, arms: Sequence[str], names: Mapping[str, EndpointName], endpoints: Sequence[str]
) -> Table:
    """Baseline characteristics per arm: mean (SD) for numbers, n (%) for categories.

    No p values: differences at baseline of a randomised trial are chance by construction (CONSORT 2010).

    Parameters
    ----------
    patients : pd.DataFrame
        The patients table.
    arms : Sequence[str]
        Names of the arms, in order.
    names : Mapping[str, EndpointName]
        Endpoint -> its printed name.
    endpoints : Sequence[str]
        Endpoints whose measured baseline is shown.
    """
    first = patients.loc[(patients["replicate"] == 0).to_numpy()]
    groups = [first.loc[(first["arm"].astype(str) == arm).to_numpy()] for arm in arms]
    measured = {}
    for endpoint in endpoints:
        name = name_of(endpoint, names)
        measured[f"baseline_{endpoint}"] = (f"{name.title}, measured", name.unit)
    rows: list[tuple[Cell, ...]] = [(words("Patients, n"), *(figure(f"{len(group):,}") for group in groups))]
    for column, (label, unit) in {**_COLUMNS, **measured, **_HIDDEN_COLUMNS}.items():
        if column not in first.columns or first[column].isna().all():
            continue
        if pd.api.types.is_numeric_dtype(first[column]):
            rows.append(_number_row(titled(label, unit), column, groups))
        else:
            rows += _category_rows(label, column, first[column], groups)
    return Table(
        "Baseline characteristics of the first replicate: mean (standard deviation) or n (%)",
        ("Characteristic", *arms),
        tuple(rows),
        "Measured baselines hold measurement error. The rows below them belong to the virtual "
        "patient and are not measured.",
    )


def _number_row(label: str, column: str, groups: Sequence[pd.DataFrame]) -> tuple[Cell, ...]:
    cells = []
    everyone = pd.concat([group[column] for group in groups]).astype(float)
    digits = decimals_for(everyone.std(), everyone.mean())  # the same in every arm
    for group in groups:
        values = group[column].dropna().astype(float)
        sd = values.std()
        mean = number(values.mean(), digits)
        cells.append(figure(f"{mean} ({number(sd, digits)})" if is_number(sd) else mean if len(values) else DASH))
    return (words(label), *cells)


def _category_rows(label: str, column: str, whole: pd.Series, groups: Sequence[pd.DataFrame]) -> list[tuple[Cell, ...]]:
    rows = []
    for level in sorted(whole.dropna().astype(str).unique()):
        cells = []
        for group in groups:
            count = int((group[column].astype(str) == level).sum())
            cells.append(figure(f"{count} ({percent(count / len(group))})" if len(group) else DASH))
        rows.append((words(f"{label}: {level}"), *cells))
    return rows


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
