"""ADAE: adverse events for their analysis, with the treatment that they happened under."""

from __future__ import annotations

import pandas as pd

from anagen.formats.cdisc.adam.subjects import carried, treatment
from anagen.formats.cdisc.sdtm.events import event_records
from anagen.formats.cdisc.trial import Trial
from anagen.formats.cdisc.variables import Made, made

GRADES = {"MILD": 1, "MODERATE": 2, "SEVERE": 3}


def adverse_events_analysis(trial: Trial, events: pd.DataFrame | None, adsl: pd.DataFrame) -> Made | None:
    """ADAE.

    Parameters
    ----------
    trial : Trial
        Exported.
    events : DataFrame or None
        AE, sorted by subject and sequence; None where there is none.
    adsl : DataFrame
        ADSL.

    Returns
    -------
    Made or None
        None where nobody had an adverse event.
    """
    rows = event_records(trial)
    if events is None or rows is None:
        return None
    of = events.set_index(["USUBJID", "AESEQ"])
    keys = pd.MultiIndex.from_arrays([rows["USUBJID"], rows["AESEQ"].astype("float64")])
    copied = {name: of[name].reindex(keys).to_numpy() for name in ("AETERM", "AEDECOD", "AESEV", "AEOUT", "AEACN")}
    table = carried(trial, rows["patient"], adsl).assign(**treatment(trial, rows), AESEQ=rows["AESEQ"], **copied)
    dates = {name: of[name].reindex(keys).to_numpy() for name in ("AESTDTC", "AEENDTC", "AESTDY", "AEENDY")}
    table = table.assign(
        ASEVN=table["AESEV"].map(GRADES),
        ASTDT=pd.to_datetime(pd.Series(dates["AESTDTC"], index=rows.index)),
        ASTDY=dates["AESTDY"],
        AENDT=pd.to_datetime(pd.Series(dates["AEENDTC"], index=rows.index)),
        AENDY=dates["AEENDY"],
        TRTEMFL="Y",
        AOCCFL=(~rows["patient"].duplicated()).map({True: "Y", False: ""}),
        CAUSE=rows["cause"].astype("object").str.upper(),
        CAUSESRC=rows["source"].astype("object").str.upper(),
        SCENARFL=rows["scenario"].map({True: "Y", False: ""}),
    )
    return made("ADAE", table, trial.number)
