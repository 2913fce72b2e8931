"""XH and SV: what was measured of hair, in a domain of our own, and the visits at which it was.

SDTM has no domain for counts of hair in a target area; codes that begin with X are for domains of sponsors.
"""

from __future__ import annotations

import pandas as pd

from anagen.formats.cdisc.letters import in_ascii
from anagen.formats.cdisc.sdtm.demographics import identified, numbered
from anagen.formats.cdisc.sdtm.exposure import focus
from anagen.formats.cdisc.trial import Trial, days_of, iso, study_day
from anagen.formats.cdisc.variables import Made, made
from anagen.scalp import Endpoint

CODES = {
    "total_density": "HAIRDENS", "nonvellus_density": "NVELDENS", "terminal_density": "TERMDENS",
    "vellus_density": "VELLDENS", "anagen_density": "ANAGDENS", "anagen_share": "ANAGSHAR", "mean_diameter": "HAIRDIAM",
    "terminal_diameter": "TERMDIAM", "followed_diameter": "FOLLDIAM", "cumulative_thickness": "CUMTHICK",
    "growth_rate": "GROWRATE", "hair_mass": "HAIRMASS", "shed_per_day": "SHEDDAY", "comb_count": "COMBCNT",
    "wash_count": "WASHCNT", "hair_pull": "HAIRPULL", "coverage": "COVERAGE", "gpa": "GPA",
    "gpa_investigator": "GPAINV", "patient_score": "PATSCORE", "salt": "SALT",
}  # fmt: skip
"""Endpoint -> code of its test and parameter; those of other packages take the first letters of their name."""
LONGEST_TEST, LONGEST_CODE = 40, 8


def codes_of(endpoints: tuple[Endpoint, ...]) -> dict[str, str]:
    """Endpoint -> code of at most 8 letters, none of them twice.

    Parameters
    ----------
    endpoints : tuple of Endpoint
        Of a study.

    Returns
    -------
    dict of str to str
        As XHTESTCD and PARAMCD have them.

    Examples
    --------
    >>> from anagen.scalp import ENDPOINTS
    >>> codes_of((ENDPOINTS["salt"],))
    {'salt': 'SALT'}
    """
    found: dict[str, str] = {}
    for endpoint in endpoints:
        plain = "".join(letter for letter in endpoint.name.upper() if letter.isalnum())[:LONGEST_CODE] or "X"
        code, number = CODES.get(endpoint.name, plain), 1
        while code in found.values():
            number += 1
            code = f"{plain[: LONGEST_CODE - len(str(number))]}{number}"
        found[endpoint.name] = code
    return found


def test_name(endpoint: Endpoint) -> str:
    """Name of a test, at most 40 characters."""
    title = in_ascii(endpoint.title, "endpoint")
    name = title if len(title) <= LONGEST_TEST else endpoint.name.replace("_", " ")
    return (name[:1].upper() + name[1:])[:LONGEST_TEST]


def unit_of(endpoint: Endpoint) -> str:
    """Unit of an endpoint in ASCII; none of a share."""
    return "" if endpoint.unit == "1" else in_ascii(endpoint.unit, "unit")


def visit_columns(trial: Trial, rows: pd.DataFrame) -> pd.DataFrame:
    """VISITNUM, VISIT, VISITDY, EPOCH and `day` from baseline of rows with `week` and `period`.

    Parameters
    ----------
    trial : Trial
        Exported.
    rows : DataFrame
        With the week within its period.

    Returns
    -------
    DataFrame
        With the index of `rows`.
    """
    places = {week: place for place, week in enumerate(trial.plan.weeks.tolist())}
    day = rows["begin"] + days_of(rows["week"].to_numpy())
    number = 1.0 + rows["week"].map(places) + (rows["period"] - 1) * len(places)
    name = rows["week"].map(week_name)
    epoch: pd.Series | str = "TREATMENT"
    if trial.plan.crossover:
        name = "PERIOD " + rows["period"].astype("str") + " " + name
        epoch = "TREATMENT " + rows["period"].astype("str")
    table = pd.DataFrame({"VISITNUM": number, "VISIT": name, "VISITDY": study_day(day), "day": day}, index=rows.index)
    return table.assign(EPOCH=epoch)


def week_name(week: float) -> str:
    """Name of the visit of a week."""
    return "BASELINE" if week == 0.0 else f"WEEK {week:g}"


def measured(trial: Trial) -> pd.DataFrame:
    """What was measured, with subject, course, visit and XHSEQ, in the order of XH.

    Parameters
    ----------
    trial : Trial
        Exported.

    Returns
    -------
    DataFrame
        Columns of the run's table, and those of the visit, `place`, `period`, `begin`, `code`, `USUBJID`, `XHSEQ`.
    """
    rows = trial.visits
    rows = rows.assign(
        place=trial.course_of(rows, "place"),
        period=trial.course_of(rows, "period"),
        begin=trial.course_of(rows, "begin"),
        code=rows["endpoint"].astype("object").map(codes_of(trial.plan.endpoints)),
        USUBJID=trial.of_people(rows["patient"], "USUBJID"),
    )
    rows = pd.concat([rows, visit_columns(trial, rows)], axis=1)
    # a side is an arm; elsewhere a subject has one record of a test at a visit
    rows = rows.sort_values(["patient", "code", "place", "VISITNUM"], kind="stable", ignore_index=True)
    if trial.plan.crossover:
        rows = rows.sort_values(["patient", "code", "VISITNUM"], kind="stable", ignore_index=True)
    return rows.assign(XHSEQ=numbered(rows))


def findings(trial: Trial, rows: pd.DataFrame) -> Made:
    """XH.

    Parameters
    ----------
    trial : Trial
        Exported.
    rows : DataFrame
        From `measured`.

    Returns
    -------
    Made
        One record per value that was measured.
    """
    by_name = {endpoint.name: endpoint for endpoint in trial.plan.endpoints}
    names = rows["endpoint"].astype("object")
    units = names.map({name: unit_of(endpoint) for name, endpoint in by_name.items()})
    digits = [f"{value:.9g}" for value in rows["value"]]
    zone = in_ascii(trial.study.measurement.zone, "measurement.zone").upper()
    places = {name: "SCALP" if endpoint.whole_scalp else f"SCALP {zone}" for name, endpoint in by_name.items()}
    table = identified(trial, "XH", rows["patient"]).assign(
        XHSEQ=rows["XHSEQ"],
        XHTESTCD=rows["code"],
        XHTEST=names.map({name: test_name(endpoint) for name, endpoint in by_name.items()}),
        XHORRES=digits,
        XHORRESU=units,
        XHSTRESC=digits,
        XHSTRESN=rows["value"],
        XHSTRESU=units,
        XHLOC=names.map(places),
        XHMETHOD=in_ascii(trial.study.measurement.method, "measurement.method").upper(),
        XHLOBXFL=(rows["week"] == 0.0).map({True: "Y", False: ""}),
        VISITNUM=rows["VISITNUM"],
        VISIT=rows["VISIT"],
        VISITDY=rows["VISITDY"],
        EPOCH=rows["EPOCH"],
        XHDTC=iso(trial.date_at(rows["patient"], rows["day"])),
        XHDY=study_day(rows["day"]),
    )
    if trial.plan.split_scalp:
        table["FOCID"] = focus(rows["place"])
    return made("XH", table, trial.number)


def subject_visits(trial: Trial, rows: pd.DataFrame) -> Made:
    """SV.

    Parameters
    ----------
    trial : Trial
        Exported.
    rows : DataFrame
        From `measured`.

    Returns
    -------
    Made
        One record per subject and visit at which something was measured.
    """
    seen = rows.drop_duplicates(["patient", "VISITNUM"])
    date = iso(trial.date_at(seen["patient"], seen["day"]))
    table = identified(trial, "SV", seen["patient"]).assign(
        VISITNUM=seen["VISITNUM"], VISIT=seen["VISIT"], VISITDY=seen["VISITDY"], EPOCH=seen["EPOCH"], SVSTDTC=date,
        SVENDTC=date, SVSTDY=study_day(seen["day"]), SVENDY=study_day(seen["day"]),
    )  # fmt: skip
    return made("SV", table, trial.number)
