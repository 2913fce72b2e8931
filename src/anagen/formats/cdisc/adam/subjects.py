"""ADSL: one record per subject, with what every analysis takes of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.sdtm.demographics import planned_arms, with_events
from anagen.formats.cdisc.sdtm.exposure import focus
from anagen.formats.cdisc.trial import ROUNDING, Trial, study_day
from anagen.formats.cdisc.variables import Made, made

OF_SUBJECT = ("SITEID", "AGE", "SEX", "RACE", "ITTFL", "SAFFL")
"""Variables of ADSL that the other datasets carry along."""


def subjects(trial: Trial, demographics: pd.DataFrame) -> Made:
    """ADSL.

    Parameters
    ----------
    trial : Trial
        Exported.
    demographics : DataFrame
        DM.

    Returns
    -------
    Made
        One record per subject.
    """
    people, first = trial.people, trial.first
    patients = people.index.to_series()
    dm = demographics.set_index("USUBJID")
    copied = {name: people["USUBJID"].map(dm[name]) for name in
              ("SUBJID", "SITEID", "AGE", "AGEU", "SEX", "RACE", "ARM", "ARMCD", "ACTARM")}  # fmt: skip
    table = pd.DataFrame({"STUDYID": trial.identifier, "USUBJID": people["USUBJID"], **copied}, index=people.index)
    completed = ~people["left"]
    adverse = people["reason"] == "adverse event"
    table = table.assign(
        AGEEX=first["age"],
        SEVBL=[in_ascii(grade, "severity") for grade in first["severity"].astype("object").fillna("")],
        ONSETYR=first["years_since_onset"],
        RANDDT=people["baseline"],
        TRTSDT=pd.to_datetime(people["USUBJID"].map(dm["RFXSTDTC"])),
        TRTEDT=pd.to_datetime(people["USUBJID"].map(dm["RFXENDTC"])),
        ITTFL="Y",
        SAFFL="Y",
        COMPLFL=completed.map({True: "Y", False: "N"}),
        EOSSTT=completed.map({True: "COMPLETED", False: "DISCONTINUED"}),
        EOSDT=trial.date_at(patients, people["end"]),
        EOSDY=study_day(people["end"]),
        DCSREAS=np.select([completed, adverse], ["", "ADVERSE EVENT"], "OTHER"),
        **_treatments(trial, first),
    )
    events = with_events(trial).set_index("patient")
    events = events[events["event"] != ""]
    if trial.study.intercurrent or trial.plan.rescues or len(events):
        day = pd.Series(np.floor(events["event_day"].to_numpy() + ROUNDING), index=events.index).reindex(people.index)
        table = table.assign(
            ICEVT=events["event"].reindex(people.index).fillna("").str.replace("_", " ").str.upper(),
            ICEDT=trial.date_at(patients, day),
            ICEDY=study_day(day),
        )
    return made("ADSL", table, trial.number)


def _treatments(trial: Trial, first: pd.DataFrame) -> dict[str, Any]:
    """Treatments by period."""
    names = trial.name_at
    if trial.plan.split_scalp:
        together = planned_arms(trial)["ARM"]
        return {"TRT01P": together, "TRT01PN": 1, "TRT01A": together, "TRT01AN": 1}
    place = first["place"]
    treatments: dict[str, Any] = {
        "TRT01P": place.map(names),
        "TRT01PN": 1 + place,
        "TRT01A": place.map(names),
        "TRT01AN": 1 + place,
    }
    if not trial.plan.crossover:
        return treatments
    second = trial.courses[trial.courses["period"] == 2].set_index("patient")
    patients = first.index.to_series()
    begun = second["place"].reindex(first.index)
    begin = second["begin"].reindex(first.index)
    return treatments | {
        "TRT02P": (1 - place).map(names),
        "TRT02PN": 2 - place,
        "TRT02A": begun.map(names),
        "TRT02AN": 1 + begun,
        "TRTSEQP": planned_arms(trial)["ARM"],
        "AP01SDT": trial.people["baseline"],
        "AP02SDT": trial.date_at(patients, begin),
    }


def carried(trial: Trial, patients: pd.Series, adsl: pd.DataFrame) -> pd.DataFrame:
    """STUDYID, USUBJID and the variables of ADSL that other datasets carry along, for rows of subjects.

    Parameters
    ----------
    trial : Trial
        Exported.
    patients : Series
        Number of the subject of each row.
    adsl : DataFrame
        ADSL.

    Returns
    -------
    DataFrame
        With the index of `patients`.
    """
    of = adsl.set_index("USUBJID")
    subject = trial.of_people(patients, "USUBJID")
    table = pd.DataFrame({"STUDYID": trial.identifier, "USUBJID": subject}, index=patients.index)
    return table.assign(**{name: subject.map(of[name]) for name in OF_SUBJECT})


def treatment(trial: Trial, rows: pd.DataFrame) -> dict[str, Any]:
    """TRTP and its kin, and where they are a period or a side APERIOD and FOCID, for rows with `place` and `period`.

    Parameters
    ----------
    trial : Trial
        Exported.
    rows : DataFrame
        Of courses.

    Returns
    -------
    dict of str to Any
        Those variables that a trial of this layout has.
    """
    name = rows["place"].map(trial.name_at)
    found: dict[str, Any] = {"TRTP": name, "TRTPN": 1 + rows["place"], "TRTA": name, "TRTAN": 1 + rows["place"]}
    if trial.plan.crossover:
        found |= {"APERIOD": rows["period"], "APERIODC": "PERIOD " + rows["period"].astype("str")}
    if trial.plan.split_scalp:
        found["FOCID"] = focus(rows["place"])
    return found
