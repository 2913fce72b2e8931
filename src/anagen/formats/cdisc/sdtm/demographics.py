"""DM and DS: who the subjects are, and how they went through the trial."""

from __future__ import annotations

import numpy as np
import pandas as pd

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.formats.cdisc.trial import ROUNDING, Trial, iso, study_day
from anagen.formats.cdisc.variables import Made, made

RACES = {"caucasian": "WHITE", "asian": "ASIAN", "african": "BLACK OR AFRICAN AMERICAN"}
"""Our names of ethnicities -> terms of RACE; others are written in capitals."""

INTERCURRENT = {
    "stops_treatment": ("Stopped treatment", "TREATMENT STOPPED"),
    "switch": ("Switched to other therapies", "TREATMENT SWITCHED"),
    "transplant": ("Had hair transplanted outside the trial", "HAIR TRANSPLANTED"),
    "rescue": ("Went on with the rescue of the arm", "RESCUE"),
}
"""Intercurrent event -> DSTERM, DSDECOD."""


def identified(trial: Trial, domain: str, patients: pd.Series) -> pd.DataFrame:
    """STUDYID, DOMAIN and USUBJID of rows of subjects.

    Parameters
    ----------
    trial : Trial
        Exported.
    domain : str
        Two letters.
    patients : Series
        Number of the subject of each row.

    Returns
    -------
    DataFrame
        With the index of `patients`.
    """
    table = pd.DataFrame({"STUDYID": trial.identifier, "DOMAIN": domain}, index=patients.index)
    return table.assign(USUBJID=trial.of_people(patients, "USUBJID"))


def numbered(table: pd.DataFrame) -> pd.Series:
    """Sequence numbers within subjects, in the order of the rows."""
    return table.groupby("USUBJID").cumcount() + 1


def planned_arms(trial: Trial) -> pd.DataFrame:
    """Code and name of each subject's arm: of a crossover its sequence, of a split scalp all arms.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    DataFrame
        ARMCD and ARM, by the subject's number.
    """
    first = trial.first["place"]
    codes = [f"A{1 + place}" for place in range(len(trial.plan.arms))]
    names = trial.arm_names
    if trial.plan.split_scalp:
        return pd.DataFrame({"ARMCD": "SPLIT", "ARM": " and ".join(names) + ", side by side"}, index=first.index)
    if trial.plan.crossover:
        # everybody begins the first period, with one of two arms
        told = [(place, 1 - place) for place in map(int, first)]
        return pd.DataFrame(
            {
                "ARMCD": [f"{codes[one]}-{codes[other]}" for one, other in told],
                "ARM": [f"{names[one]} then {names[other]}" for one, other in told],
            },
            index=first.index,
        )
    return pd.DataFrame({"ARMCD": first.map(dict(enumerate(codes))), "ARM": first.map(trial.name_at)})


def demographics(trial: Trial, exposure: pd.DataFrame | None) -> Made:
    """DM.

    Parameters
    ----------
    trial : Trial
        Exported.
    exposure : DataFrame or None
        EX, for first and last treatment; None where nothing is given.

    Returns
    -------
    Made
        One record per subject.
    """
    people = trial.people
    first = trial.first
    patients = people.index.to_series()
    table = identified(trial, "DM", patients)
    arms = planned_arms(trial)
    given = None if exposure is None else exposure.groupby("USUBJID")
    end = iso(trial.date_at(patients, people["end"]))
    table = table.assign(
        SUBJID=people["SUBJID"],
        RFSTDTC=iso(people["baseline"]),
        RFENDTC=end,
        RFXSTDTC="" if given is None else people["USUBJID"].map(given["EXSTDTC"].min()),
        RFXENDTC="" if given is None else people["USUBJID"].map(given["EXENDTC"].max()),
        RFICDTC=iso(people["enrolled"]),
        RFPENDTC=end,
        SITEID=people["SITEID"],
        AGE=np.floor(first["age"]),
        AGEU="YEARS",
        SEX=first["sex"].astype("object").map({"male": "M", "female": "F"}),
        RACE=[RACES.get(name, name.upper()) for name in map(str, first["ethnicity"])],
        ARMCD=arms["ARMCD"],
        ARM=arms["ARM"],
        ACTARMCD=arms["ARMCD"],
        ACTARM=arms["ARM"],
    )
    return made("DM", table, trial.number)


def disposition(trial: Trial) -> Made:
    """DS: randomisation, how each subject's participation ended, and intercurrent events.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made
        Two records per subject, and one per intercurrent event.
    """
    people = trial.people
    patients = people.index.to_series()
    randomised = identified(trial, "DS", patients).assign(
        patient=patients, DSTERM="Randomized", DSDECOD="RANDOMIZED", DSCAT="PROTOCOL MILESTONE", day=0.0
    )
    adverse = people["reason"] == "adverse event"
    ended = identified(trial, "DS", patients).assign(
        patient=patients,
        DSTERM=np.select(
            [~people["left"], adverse, people["left_between"]],
            ["Completed", "Left because of an adverse event", "Left between the periods, reason not recorded"],
            "Left for another reason than an adverse event",
        ),
        DSDECOD=np.select([~people["left"], adverse], ["COMPLETED", "ADVERSE EVENT"], "OTHER"),
        DSCAT="DISPOSITION EVENT",
        day=people["end"].mask(people["left_between"]),
    )
    table = pd.concat([randomised, ended, *_intercurrent(trial)])
    table["order"] = table["day"].fillna(np.inf)
    table = table.sort_values(["patient", "order"], kind="stable", ignore_index=True)
    table = table.assign(
        DSSEQ=numbered(table),
        DSSTDTC=iso(trial.date_at(table["patient"], table["day"])),
        DSSTDY=study_day(table["day"]),
    )
    return made("DS", table.drop(columns=["patient", "day", "order"]), trial.number)


def _intercurrent(trial: Trial) -> list[pd.DataFrame]:
    """Records of intercurrent events, where the study has them."""
    courses = with_events(trial)
    there = courses[courses["event"] != ""]
    if not len(there):
        return []
    told = [INTERCURRENT[name] for name in there["event"]]
    table = identified(trial, "DS", there["patient"]).assign(
        patient=there["patient"], day=np.floor(there["event_day"] + ROUNDING)
    )
    return [table.assign(DSTERM=[t for t, _ in told], DSDECOD=[d for _, d in told], DSCAT="OTHER EVENT")]


def with_events(trial: Trial) -> pd.DataFrame:
    """Courses with `event`, empty without one, and `event_day`, from baseline with its fraction; a rescue is one.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    DataFrame
        Rows of `courses`.
    """
    courses = trial.courses
    none = pd.Series("", index=courses.index, dtype="object")
    event = courses["event"].astype("object").fillna("") if "event" in courses else none
    week = courses["event_week"] if "event_week" in courses else pd.Series(np.nan, index=courses.index)
    if "rescued" in courses:
        at = {trial.plan.arms[rescue.arm]: rescue.rule.week for rescue in trial.plan.rescues}
        rescued = courses["rescued"].astype("bool") & (event == "")
        event = event.mask(rescued, "rescue")
        week = week.mask(rescued, courses["arm"].astype("object").map(at).astype("float64"))
    return courses.assign(event=event, event_week=week, event_day=courses["begin"] + week * DAYS_PER_WEEK)
