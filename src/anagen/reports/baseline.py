"""What each arm is given and who is in it, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.reports.cells import Cell, Table, figure, words
from anagen.reports.numbers import (
    DASH,
    decimals_for,
    is_number,
    number,
    percent,
    significant,
)
from anagen.reports.wording import (
    EndpointName,
    name_of,
    pretty_unit,
    therapy_title,
    titled,
    weeks,
)


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
