"""ADEFF: what was measured, in the basic data structure, with baseline, change and what the estimand makes of it.

Records with ANL01FL = Y are those that the run analysed; what an intercurrent event does is the study's estimand:

treatment policy    every measured value counts
hypothetical        measured values after the event do not count
while on treatment  the last value before the event counts at every later visit: records with DTYPE LOCF
composite           the outcome that the study states counts at the visits that it analyses: records with DTYPE WORST

Outcomes that the analysis draws for missing ones (multiple imputation and its kind) are in no record.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from anagen.analysis.measures import measure_of
from anagen.core.errors import InputError, Problem
from anagen.core.measures import PER_CENT, RESPONDERS
from anagen.formats.cdisc.adam.subjects import carried, treatment
from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.sdtm.demographics import with_events
from anagen.formats.cdisc.sdtm.findings import codes_of, unit_of, visit_columns, week_name
from anagen.formats.cdisc.trial import Trial, study_day
from anagen.formats.cdisc.variables import Made, made
from anagen.scalp import ENDPOINTS
from anagen.study.models import EndpointChoice

MOST_CRITERIA = 9


def efficacy(trial: Trial, rows: pd.DataFrame, adsl: pd.DataFrame) -> Made:
    """ADEFF.

    Parameters
    ----------
    trial : Trial
        Exported.
    rows : DataFrame
        What was measured, from `sdtm.findings.measured`.
    adsl : DataFrame
        ADSL.

    Returns
    -------
    Made
        Measured records, and those that the estimand adds.
    """
    rows = rows.assign(dtype="", counts=True, source=rows["XHSEQ"].astype("float64"))
    rows = _with_base(_with_events(trial, rows))
    rows = _by_estimand(trial, rows)
    table = carried(trial, rows["patient"], adsl).assign(**treatment(trial, rows))
    names = rows["endpoint"].astype("object")
    order = {endpoint.name: place for place, endpoint in enumerate(trial.plan.endpoints, 1)}
    table = table.assign(
        PARAM=names.map({endpoint.name: parameter_name(endpoint.name) for endpoint in trial.plan.endpoints}),
        PARAMCD=names.map(codes_of(trial.plan.endpoints)),
        PARAMN=names.map(order),
        AVISIT=rows["week"].map(week_name),
        AVISITN=rows["week"],
        ADT=trial.date_at(rows["patient"], rows["day"]),
        ADY=study_day(rows["day"]),
        AVAL=rows["value"],
        BASE=rows["base"],
        CHG=rows["change"],
        PCHG=rows["percent"],
        ABLFL=((rows["week"] == 0.0) & (rows["dtype"] == "")).map({True: "Y", False: ""}),
        DTYPE=rows["dtype"],
        ANL01FL=rows["counts"].map({True: "Y", False: ""}),
        SRCDOM=(rows["dtype"] == "").map({True: "XH", False: ""}),
        SRCSEQ=rows["source"],
        **_criteria(trial, rows),
    )
    if "ICEVT" in adsl:
        of = adsl.set_index("USUBJID")
        table = table.assign(
            ICEVT=table["USUBJID"].map(of["ICEVT"]),
            ICEDY=table["USUBJID"].map(of["ICEDY"]),
            ICEFL=rows["after"].map({True: "Y", False: ""}),
        )
    return made("ADEFF", table, trial.number)


def parameter_name(endpoint: str) -> str:
    """An endpoint with its unit, in words."""
    entry = ENDPOINTS[endpoint]
    unit = unit_of(entry)
    title = in_ascii(entry.title, "endpoint")
    return title[:1].upper() + title[1:] + (f" ({unit})" if unit else "")


def criteria_of(trial: Trial) -> list[EndpointChoice]:
    """Responders that the study analyses, in its order."""
    endpoints = trial.study.endpoints
    found = [choice for choice in (endpoints.primary, *endpoints.secondary) if choice.measure in RESPONDERS]
    if len(found) > MOST_CRITERIA:
        message = f"{len(found)} outcomes are shares of responders, and ADEFF has room for {MOST_CRITERIA} criteria"
        raise InputError([Problem(None, None, None, "endpoints", message)])
    return found


def criterion_text(choice: EndpointChoice) -> str:
    """A criterion as an expression of variables, such as `CHG >= 10`."""
    variable = {"change": "CHG", PER_CENT: "PCHG"}.get(RESPONDERS[choice.measure], "AVAL")
    threshold = choice.threshold or 0.0
    rising = ENDPOINTS[choice.endpoint].higher_is_better if variable == "AVAL" else threshold >= 0.0
    return f"{variable} {'>=' if rising else '<='} {threshold:g}"


def _with_events(trial: Trial, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the week of the intercurrent event in their course, and whether they come after it."""
    events = with_events(trial).set_index(["patient", "place"])
    keys = pd.MultiIndex.from_arrays([rows["patient"], rows["place"]])
    week = events["event_week"].reindex(keys).to_numpy(dtype=np.float64)
    return rows.assign(event_week=week, after=rows["week"].to_numpy() > np.where(np.isnan(week), np.inf, week))


def _with_base(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the baseline of their course, change and percentage change."""
    course = ["patient", "place", "endpoint"]
    first = rows[rows["week"] == 0.0].astype({"endpoint": "object"}).set_index(course)["value"]
    keys = pd.MultiIndex.from_frame(rows[course].astype({"endpoint": "object"}))
    base = first.reindex(keys).to_numpy(dtype=np.float64)
    value = rows["value"].to_numpy(dtype=np.float64)
    later = rows["week"].to_numpy() > 0.0
    change = np.where(later, measure_of("change", value, base), np.nan)
    percent = np.where(later, measure_of(PER_CENT, value, base), np.nan)
    return rows.assign(base=base, change=change, percent=percent)


def _by_estimand(trial: Trial, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with what counts, and those that are added."""
    estimand = trial.study.analysis.estimand
    if estimand == "treatment_policy" or not with_events(trial)["event_week"].notna().any():
        return rows
    if estimand == "composite":
        return pd.concat([rows, *_worst(trial, rows)], ignore_index=True)
    rows = rows.assign(counts=~rows["after"])
    if estimand == "hypothetical":
        return rows
    return pd.concat([rows, _carried_forward(trial, rows)], ignore_index=True)


def _grid(trial: Trial, choice_weeks: list[float]) -> pd.DataFrame:
    """Courses with an event, at weeks after it."""
    courses = with_events(trial)
    courses = courses[courses["event_week"].notna()]
    columns = ["patient", "place", "period", "begin", "arm", "event_week"]
    grid = courses[columns].merge(pd.DataFrame({"week": choice_weeks}), how="cross")
    return grid[grid["week"] > grid["event_week"]].reset_index(drop=True).assign(after=True, counts=True)


def _carried_forward(trial: Trial, rows: pd.DataFrame) -> pd.DataFrame:
    """Records with the last value before an event at every visit after it."""
    grid = _grid(trial, trial.plan.weeks.tolist())
    before = rows[~rows["after"]].sort_values("week", kind="stable")
    last = before.astype({"endpoint": "object"}).groupby(["patient", "place", "endpoint"])["value"].last().reset_index()
    added = grid.merge(last, on=["patient", "place"])
    added = pd.concat([added, visit_columns(trial, added)], axis=1).assign(dtype="LOCF", source=np.nan)
    whole = pd.concat([rows, added], ignore_index=True)
    return _with_base(whole)[len(rows) :]


def _worst(trial: Trial, rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Records with the stated outcome of those with an event, at the visits that are analysed."""
    endpoints, worst = trial.study.endpoints, trial.study.analysis.worst
    parts: dict[tuple[str, float], pd.DataFrame] = {}
    for choice in (endpoints.primary, *endpoints.secondary):
        key = (choice.endpoint, choice.week)
        if key not in parts:
            grid = _grid(trial, [choice.week]).assign(
                endpoint=choice.endpoint, dtype="WORST", source=np.nan, value=np.nan, change=np.nan, percent=np.nan,
                base=np.nan,
            )  # fmt: skip
            parts[key] = pd.concat([grid, visit_columns(trial, grid)], axis=1)
        column = {"change": "change", PER_CENT: "percent", "value": "value"}.get(choice.measure)
        if column is not None:
            parts[key][column] = worst[choice.endpoint]
    for (endpoint, week), part in parts.items():
        rows.loc[(rows["endpoint"] == endpoint) & (rows["week"] == week) & rows["after"], "counts"] = False
        part["base"] = _with_base(pd.concat([rows, part.assign(base=np.nan)], ignore_index=True))["base"][
            len(rows) :
        ].to_numpy()
    return list(parts.values())


def _criteria(trial: Trial, rows: pd.DataFrame) -> dict[str, Any]:
    """CRITn and CRITnFL; after an event that makes no responder, N."""
    found: dict[str, Any] = {}
    for number, choice in enumerate(criteria_of(trial), 1):
        entry = ENDPOINTS[choice.endpoint]
        value, base = rows["value"].to_numpy(dtype=np.float64), rows["base"].to_numpy(dtype=np.float64)
        met = measure_of(choice.measure, value, base, choice.threshold, rising=entry.higher_is_better)
        here = ((rows["endpoint"] == choice.endpoint) & (rows["week"] > 0.0)).to_numpy()
        never = ((rows["dtype"] == "WORST") & (rows["week"] == choice.week)).to_numpy()
        flag = np.where(never | (met == 0.0), "N", np.where(met == 1.0, "Y", ""))
        found[f"CRIT{number}"] = np.where(here, criterion_text(choice), "")
        found[f"CRIT{number}FL"] = np.where(here, flag, "")
    return found
