"""AE: adverse events of the subjects, as they were seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.sdtm.demographics import identified, numbered
from anagen.formats.cdisc.sdtm.exposure import focus
from anagen.formats.cdisc.trial import ROUNDING, Trial, iso, study_day
from anagen.formats.cdisc.variables import Made, made

ACTIONS = {True: "DRUG WITHDRAWN", False: "DOSE NOT CHANGED"}
OUTCOMES = {True: "RECOVERED/RESOLVED", False: "NOT RECOVERED/NOT RESOLVED"}


def event_records(trial: Trial) -> pd.DataFrame | None:
    """Adverse events with their days from baseline, in the order of AE.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    DataFrame or None
        Columns of the run's table, and `start`, `over`, `place`, `period`, `USUBJID`, `AESEQ`; None without an event.
    """
    rows = trial.events
    if not len(rows):
        return None
    begin = trial.course_of(rows, "begin")
    rows = rows.assign(
        place=trial.course_of(rows, "place"),
        period=trial.course_of(rows, "period"),
        start=np.floor(begin + rows["onset_week"] * DAYS_PER_WEEK + ROUNDING),
        over=np.floor(begin + rows["resolution_week"] * DAYS_PER_WEEK + ROUNDING).where(rows["resolved"]),
        USUBJID=trial.of_people(rows["patient"], "USUBJID"),
    )
    rows = rows.sort_values(["patient", "start", "place", "event"], kind="stable", ignore_index=True)
    return rows.assign(AESEQ=numbered(rows))


def adverse_events(trial: Trial) -> Made | None:
    """AE.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    Made or None
        None where nobody had an adverse event.
    """
    rows = event_records(trial)
    if rows is None:
        return None
    table = identified(trial, "AE", rows["patient"]).assign(
        AESEQ=rows["AESEQ"],
        AETERM=[in_ascii(title, "events.title") for title in rows["title"].astype("object")],
        AEDECOD=[in_ascii(name, "events.event").replace("_", " ").upper() for name in rows["event"].astype("object")],
        AESEV=rows["severity"].astype("object").str.upper(),
        AEACN=rows["discontinued"].map(ACTIONS),
        AEOUT=rows["resolved"].map(OUTCOMES),
        EPOCH="TREATMENT" if not trial.plan.crossover else "TREATMENT " + rows["period"].astype("str"),
        AESTDTC=iso(trial.date_at(rows["patient"], rows["start"])),
        AEENDTC=iso(trial.date_at(rows["patient"], rows["over"])),
        AESTDY=study_day(rows["start"]),
        AEENDY=study_day(rows["over"]),
    )
    if trial.plan.split_scalp:
        table["FOCID"] = focus(rows["place"])
    return made("AE", table, trial.number)
