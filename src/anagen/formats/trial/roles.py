"""What columns, parameters, arms and words of a trial's table probably mean: guesses, for the user to confirm."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from anagen.patients.conditions import CONDITIONS
from anagen.scalp import ENDPOINTS
from anagen.therapies import THERAPIES
from anagen.therapies.names import meant_by, synonyms

ROLES: Mapping[str, tuple[str, ...]] = {
    "subject": ("usubjid", "subjid", "subject", "subjectid", "patient", "patientid", "participant", "participantid",
                "patientno", "patientnumber", "id", "pid"),
    "arm": ("trt01p", "trtp", "arm", "actarm", "treatment", "treatmentarm", "treatmentgroup", "group", "trt", "trta",
            "trt01a", "arms"),
    "visit": ("avisit", "visit", "timepoint", "visitname"),
    "week": ("week", "weeks", "wk", "studyweek", "avisitn"),
    "day": ("ady", "day", "studyday", "days"),
    "date": ("adt", "date", "visitdate", "assessmentdate", "dateofvisit"),
    "endpoint": ("paramcd", "param", "parameter", "endpoint", "outcome", "test", "variable", "measurement"),
    "value": ("aval", "value", "result", "measuredvalue"),
    "baseline": ("base", "baseline", "baselinevalue"),
    "include": ("anl01fl",),
    "derived": ("dtype",),
    "sex": ("sex", "gender"),
    "age": ("age", "ageyears", "ageatbaseline", "ageyrs"),
    "ethnicity": ("race", "ethnicity", "origin", "ancestry"),
    "years_since_onset": ("yearssinceonset", "duration", "durationyears", "durationofhairloss", "yearsofhairloss",
                          "onsetyr", "onsetyears"),
    "n": ("n", "number", "patients", "npatients", "subjects"),
    "mean": ("mean", "average", "meanvalue", "meanchange"),
    "sd": ("sd", "std", "stddev", "standarddeviation", "stdev"),
    "se": ("se", "sem", "stderr", "standarderror"),
    "ci_low": ("cilow", "lcl", "lower", "lowercl", "cilower", "lower95", "ci95low", "cilo"),
    "ci_high": ("cihigh", "ucl", "upper", "uppercl", "ciupper", "upper95", "ci95high", "cihi"),
    "measure": ("measure", "statistic"),
}  # fmt: skip
"""What a column may be, with names by which it is guessed, the likelier first; ADaM's before others."""
SCALES = tuple(dict.fromkeys(scale for condition in CONDITIONS.values() for scale in condition.scales()))
WHEN = ("visit", "week", "date", "day")
"""Roles of columns that say when, of which one is read; the likelier first."""
GRADED = ("sevbl", "severity", "stage", "grade", "severitygrade", "baselinegrade", "severityatbaseline")
"""Names of columns of grades on a scale that they do not name."""
SEX_WORDS = {"m": "male", "male": "male", "man": "male", "men": "male", "f": "female", "female": "female",
             "woman": "female", "women": "female", "w": "female"}  # fmt: skip
ETHNICITY_WORDS = {"white": "caucasian", "caucasian": "caucasian", "asian": "asian", "african": "african",
                   "black": "african", "blackorafricanamerican": "african"}  # fmt: skip
_ENDPOINT_SIGNS: tuple[tuple[str, str], ...] = (
    (r"\bsalt\b", "salt"),
    (r"non.?vellus", "nonvellus_density"),
    (r"terminal.*(diam|thick|calib)", "terminal_diameter"),
    (r"terminal", "terminal_density"),
    (r"vellus", "vellus_density"),
    (r"anagen.*(share|%|percent|proportion|fraction|ratio)", "anagen_share"),
    (r"anagen", "anagen_density"),
    (r"cumulative", "cumulative_thickness"),
    (r"diam|thickness|calib", "mean_diameter"),
    (r"growth.?rate", "growth_rate"),
    (r"coverage", "coverage"),
    (r"hairdens|hair.?dens|density|hair.?count|\btahc\b|\bhairs?\b", "total_density"),
)
_WIDE = re.compile(r"(?P<what>.*?)[ _.-]*(?:week|wk|w|visit week)[ _.-]*(?P<week>\d+(?:[.,]\d+)?)$", re.IGNORECASE)
_WIDE_BASE = re.compile(
    r"(?P<what>.*?)[ _.-]*(?:baseline|base|bl)$|^(?:baseline|bl)[ _.-]*(?P<after>.+)$", re.IGNORECASE
)
_WEEK = re.compile(r"(?:week|wk|w)[ _-]*(-?\d+(?:\.\d+)?)|(-?\d+(?:\.\d+)?)[ _-]*(?:weeks?|wks?|w)", re.IGNORECASE)
_MONTH = re.compile(r"(?:month|m)[ _-]*(\d+)|(\d+)[ _-]*(?:months?|mo?)", re.IGNORECASE)
_DAY = re.compile(r"(?:day|d)[ _-]*(\d+)|(\d+)[ _-]*(?:days?)", re.IGNORECASE)
WEEKS_PER_MONTH = 52.0 / 12.0


def plain(text: str) -> str:
    """A name without capitals, spaces and marks.

    Examples
    --------
    >>> plain("Patient ID")
    'patientid'
    """
    return re.sub(r"[^a-z0-9]", "", text.lower())


def guessed_columns(header: Sequence[str]) -> dict[str, str]:
    """Role of every column that has a likely one; each single role once.

    Parameters
    ----------
    header : Sequence[str]
        Names of the columns.

    Returns
    -------
    dict[str, str]
        Column -> a role, an endpoint, or an endpoint with its week ("total_density week 12").

    Examples
    --------
    >>> guessed_columns(["USUBJID", "TRT01P", "AVISIT", "ADT", "PARAMCD", "AVAL"])
    {'USUBJID': 'subject', 'TRT01P': 'arm', 'AVISIT': 'visit', 'PARAMCD': 'endpoint', 'AVAL': 'value'}
    >>> guessed_columns(["id", "group", "density_w0", "density_w12"])["density_w12"]
    'total_density week 12'
    """
    found: dict[str, str] = {}
    names = {name: plain(name) for name in header}
    for role, known in ROLES.items():
        for word in known:
            column = next((name for name, bare in names.items() if bare == word and name not in found), None)
            if column is not None:
                found[column] = role
                break
    said = [role for role in WHEN if role in found.values()]
    found = {name: role for name, role in found.items() if role not in said[1:]}
    wide = {name: _wide(name) for name in header}
    if sum(role is not None for role in wide.values()) > 1:
        found |= {
            name: role for name, role in wide.items() if role is not None and found.get(name) in (None, "baseline")
        }
    for name in header:
        if name in found:
            continue
        scale = next((scale for scale in SCALES if scale != "salt" and scale in names[name]), None)
        if scale is not None:
            found[name] = scale
        elif (endpoint := guessed_endpoint(name)) and "value" not in found.values() and "mean" not in found.values():
            found[name] = endpoint
    return found


def _wide(name: str) -> str | None:
    """A column of one week, of an endpoint or of the one that the table names."""
    match = _WIDE.fullmatch(name)
    if match is not None:
        what, week = match["what"], match["week"].replace(",", ".")
    else:
        match = _WIDE_BASE.fullmatch(name)
        if match is None:
            return None
        what, week = match["what"] or match["after"] or "", "0"
    endpoint = guessed_endpoint(what) or ("value" if not plain(what) else None)
    return None if endpoint is None else f"{endpoint} week {week}"


def guessed_endpoint(text: str) -> str:
    """The endpoint that a name probably means; empty where none does.

    Examples
    --------
    >>> guessed_endpoint("HAIRDENS"), guessed_endpoint("Nonvellus hairs"), guessed_endpoint("weight")
    ('total_density', 'nonvellus_density', '')
    """
    exact = text.strip().lower().replace(" ", "_").replace("-", "_")
    if exact in ENDPOINTS:
        return exact
    spaced = text.lower().replace("_", " ")
    titled = max((name for name, known in ENDPOINTS.items() if known.title.lower() in spaced),
                 key=lambda name: len(ENDPOINTS[name].title), default="")  # fmt: skip
    return titled or next((name for sign, name in _ENDPOINT_SIGNS if re.search(sign, spaced)), "")


def guessed_factor(endpoint: str, text: str) -> tuple[float, str]:
    """By what values have to be multiplied to have the endpoint's unit here, and the unit that a name shows.

    Examples
    --------
    >>> guessed_factor("total_density", "Hairs per mm2"), guessed_factor("total_density", "Hairs")
    ((100.0, 'mm2'), (1.0, ''))
    """
    unit = ENDPOINTS[endpoint].unit if endpoint in ENDPOINTS else ""
    spaced = text.lower().replace("²", "2").replace("^", "").replace("µ", "u")
    signs: tuple[tuple[str, float, str], ...] = ()
    if unit.endswith("/cm2"):
        signs = ((r"mm2|mm-2", 100.0, "mm2"), (r"(?:in|inch)2|sq\.? ?in|square inch", 1 / 6.4516, "inch2"),
                 (r"inch|5\.1 ?cm2|5\.07 ?cm2", 1 / 5.067, "1-inch circle"), (r"cm2|cm-2", 1.0, "cm2"))  # fmt: skip
    elif unit in ("um", "µm"):
        signs = ((r"\bmm\b", 1000.0, "mm"), (r"\bum\b|micro", 1.0, "um"))
    elif endpoint in ENDPOINTS and ENDPOINTS[endpoint].possible == (0.0, 1.0):
        signs = ((r"%|percent|per cent", 0.01, "%"),)
    return next(((factor, shown) for sign, factor, shown in signs if re.search(sign, spaced)), (1.0, ""))


def guessed_therapy(arm: str) -> str:
    """What an arm of a name is probably given, as a table writes it; empty where no therapy is known in it.

    Examples
    --------
    >>> guessed_therapy("Minoxidil 5% solution"), guessed_therapy("Vehicle"), guessed_therapy("Group A")
    ('{therapy: minoxidil, formulation: solution-5%}', 'placebo', '')
    """
    words = re.sub(r"[^a-z0-9%]+", " ", arm.lower()).strip()
    if not words:
        return ""
    if re.search(r"\b(placebo|vehicle)\b", words):
        return "placebo"
    if re.search(r"\b(untreated|no treatment|observation)\b", words):
        return "none"
    known = meant_by(arm)
    if known is None:
        names = [
            name for name in synonyms().values() if re.search(rf"\b{re.escape(name.words.lower())}\b", arm.lower())
        ]
        known = max(names, key=lambda name: len(name.words), default=None)
    if known is None:
        return ""
    joined = words.replace(" %", "%")
    forms = [
        name
        for name in known.therapy.formulations
        if (share := re.search(r"[\d.]+%", name)) and share[0] in joined.split()
    ]
    form = known.formulation or next(
        (name for name in forms if name.split("-")[0] in joined), forms[0] if forms else None
    )
    return known.therapy.name if form is None else f"{{therapy: {known.therapy.name}, formulation: {form}}}"


def is_control(means: str) -> bool:
    """Whether what an arm is given is a control.

    Examples
    --------
    >>> is_control("placebo"), is_control("minoxidil")
    (True, False)
    """
    known = meant_by(means)
    return known is not None and THERAPIES[known.therapy.name].is_control


def guessed_week(visit: str) -> str:
    """Week of a visit of a name, as text; empty where it does not say one.

    Examples
    --------
    >>> [guessed_week(name) for name in ("Baseline", "Week 12", "Month 6", "Day 85", "Visit 3", "24")]
    ['0', '12', '26', '12', '', '24']
    """
    text = visit.strip()
    if plain(text) in ("baseline", "bl", "base"):
        return "0"
    if re.fullmatch(r"-?\d+(\.\d+)?", text):
        return f"{float(text):g}"
    for pattern, weeks in ((_WEEK, 1.0), (_MONTH, WEEKS_PER_MONTH)):
        if (match := pattern.fullmatch(text)) is not None:
            return f"{round(float(match[1] or match[2]) * weeks, 0 if weeks != 1.0 else 6):g}"
    if (match := _DAY.fullmatch(text)) is not None:
        return f"{round((float(match[1] or match[2]) - 1.0) / 7.0):g}"
    return ""


def guessed_scale(grades: Collection[str], sexes: Collection[str]) -> str:
    """Scale of which all words of a column are grades, for patients of one sex; empty where none or several are.

    Examples
    --------
    >>> guessed_scale(["IIIv", "IV"], ["male"]), guessed_scale(["III"], ["male", "female"])
    ('norwood', '')
    """
    fitting = {
        scale
        for condition in CONDITIONS.values()
        for sex in (sexes if len(sexes) == 1 else ())
        for scale in condition.scales_of(sex)
        if grades and not condition.extents and all(guessed_grade(word, scale) for word in grades)
    }
    return fitting.pop() if len(fitting) == 1 else ""


def guessed_grade(text: str, scale: str) -> str:
    """Grade of a scale that a word means; empty where none does.

    Examples
    --------
    >>> guessed_grade("iii vertex", "norwood"), guessed_grade("Type IV", "norwood"), guessed_grade("2", "norwood")
    ('IIIv', 'IV', '')
    """
    grades = next((known.grades(scale) for known in CONDITIONS.values() if scale in known.scales()), ())
    bare = re.sub(r"^(?:type|grade|stage|norwood|hamilton|ludwig|sinclair|savin|[-\s])+", "", text.strip().lower())
    bare = re.sub(r"\s*vertex$|\s+v$", "v", bare)
    return next((grade for grade in grades if grade.lower() == bare), "")
