"""What is impossible or inconsistent in rows of published results; each rule is one short function."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from anagen.evidence.conversion import CONVERSIONS
from anagen.evidence.from_studies import same_result, shipped_study_files, with_studies
from anagen.evidence.table import TRIALS, Published, read_published
from anagen.evidence.uses import use_of
from anagen.scalp import ENDPOINTS
from anagen.study import Study
from anagen.study.observed import Z95, Observed

ROUNDING = 0.005
"""Share by which numbers that were rounded before they were printed may disagree."""
SHARES = ("share", "responder", "responder_percent", "responder_value", "sucra")
RATIOS = ("risk_ratio", "odds_ratio", "ratio", "standardised_difference")
PLAUSIBLE: Mapping[str, tuple[float, float, float]] = {
    "total_density": (0.0, 1000.0, 250.0),
    "nonvellus_density": (0.0, 600.0, 250.0),
    "terminal_density": (0.0, 600.0, 250.0),
    "vellus_density": (0.0, 600.0, 250.0),
    "anagen_density": (0.0, 800.0, 250.0),
    "anagen_share": (0.0, 1.0, 1.0),
    "mean_diameter": (5.0, 200.0, 100.0),
    "cumulative_thickness": (0.0, 60.0, 20.0),
    "growth_rate": (0.0, 1.0, 0.5),
    "shed_per_day": (0.0, 2000.0, 2000.0),
    "comb_count": (0.0, 1000.0, 1000.0),
    "wash_count": (0.0, 2000.0, 2000.0),
    "hair_pull": (0.0, 60.0, 60.0),
    "salt": (0.0, 100.0, 100.0),
}
"""Endpoint -> lowest and highest level that a scalp can have, greatest change, in the endpoint's unit."""
LONGEST = 2080.0
"""Weeks beyond which a follow-up is taken for a slip: 40 years."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a row. line: of the file, 0 for a value of a study file."""

    study: str
    arm: str
    line: int
    field: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """Rows that were checked, and everything that is wrong in them."""

    rows: tuple[Published, ...]
    findings: list[Finding]


Rule = Callable[[Published], Iterator[tuple[str, str]]]


def check_published(file: Path | None = None) -> Checked:
    """Check published results for what is impossible or inconsistent.

    Parameters
    ----------
    file : Path, optional
        A file in the schema of the shipped table; the shipped table with the study files where None.

    Returns
    -------
    Checked
        The rows and what is wrong in them; rows that name a study file are compared with it.

    Raises
    ------
    InputError
        Where the file cannot be read.
    """
    rows = read_published(TRIALS if file is None else file)
    studies = shipped_study_files() if file is None or any(row.study_file for row in rows) else {}
    if file is None:
        rows = with_studies(rows, studies)
    return Checked(rows, findings(rows, studies))


def findings(rows: Sequence[Published], studies: Mapping[str, Study] | None = None) -> list[Finding]:
    """Everything that is wrong in rows, in their order, then duplicates, then disagreements with study files.

    Parameters
    ----------
    rows : Sequence[Published]
        To check.
    studies : Mapping[str, Study], optional
        Study files that rows name; None checks rows by themselves.

    Returns
    -------
    list[Finding]
        Empty where nothing is wrong.

    Examples
    --------
    >>> row = Published(study="s", source="", arm="a", kind="arm", therapy="none", endpoint="salt",
    ...     measure="value", unit="points", mean=120.0, read="abstract", use="check", reason="an example")
    >>> [finding.field for finding in findings([row])]
    ['source', 'mean']
    """
    problems = [
        Finding(row.study, row.arm, row.line, field, message)
        for row in rows
        for rule in RULES
        for field, message in rule(row)
    ]
    return [*problems, *_duplicates(rows), *(_disagreements(rows, studies) if studies is not None else ())]


def _sources(row: Published) -> Iterator[tuple[str, str]]:
    if not row.source:
        yield "source", "no source: name a DOI, PMID, PMC number, address or citation"
    if row.use != "calibrate" and not row.reason:
        yield "reason", f"{row.use} without a reason"
    if row.read == "memory" and row.use == "calibrate":
        yield "use", "a value from memory never informs parameters"
    if row.read == "derived" and row.use == "calibrate" and "from memory" in row.note:
        yield "use", "worked out with a value from memory, so that it never informs parameters either"
    if row.read == "derived" and not row.derived:
        yield "derived", "a derived value without its formula"


def _units(row: Published) -> Iterator[tuple[str, str]]:
    if row.mean is None and row.range_low is None:
        return
    if row.unit not in CONVERSIONS:
        yield "unit", f"unknown unit {row.unit!r}; known: {', '.join(CONVERSIONS)}"
        return
    expected = _expected_unit(row)
    if expected is not None and row.unit != expected:
        yield "unit", f"{row.measure} of {row.endpoint} is in {expected!r}, not in {row.unit!r}"
    if row.printed is None:
        return
    factor = CONVERSIONS[row.unit].get(row.printed_unit)
    if factor is None:
        known = ", ".join(CONVERSIONS[row.unit])
        yield "printed_unit", f"no way from {row.printed_unit!r} to {row.unit!r}; known: {known}"
    elif row.mean is not None and not _near(row.printed * factor, row.mean):
        yield "mean", f"{row.printed:g} {row.printed_unit} is {row.printed * factor:.4g}, not {row.mean:g} {row.unit}"


def _expected_unit(row: Published) -> str | None:
    if row.measure == "percent_change":
        return "%"
    if row.measure in SHARES or row.measure in RATIOS:
        return "1"
    if row.measure == "rank":
        return "rank"
    return ENDPOINTS[row.endpoint].unit if row.endpoint in ENDPOINTS else None


def _spreads(row: Published) -> Iterator[tuple[str, str]]:
    for field, value in _stated(row, "sd", "se", "iqr", "baseline_sd", "followup_sd"):
        if not value > 0.0:
            yield field, f"{value:g} is not above 0"
    for field, value in _stated(row, "n", "n_control", "n_total"):
        if value < 1:
            yield field, f"{value} patients"
    if row.se is not None and row.sd is not None and row.n and row.se > 0.0 and row.sd > 0.0:
        expected = row.sd / math.sqrt(row.n)
        if abs(row.se - expected) > 0.1 * expected:
            yield "se", f"{row.se:g} where sd / sqrt(n) is {expected:.3g}"


def _intervals(row: Published) -> Iterator[tuple[str, str]]:
    if row.range_low is not None and row.range_high is not None and row.range_low > row.range_high:
        yield "range_low", f"{row.range_low:g} is above range_high {row.range_high:g}"
    low, high = row.ci_low, row.ci_high
    if (low is None) != (high is None):
        yield "ci_low", "only one end of the interval"
    if low is None or high is None:
        return
    if low >= high:
        yield "ci_low", f"{low:g} is not below ci_high {high:g}"
        return
    if row.mean is None:
        return
    if not low <= row.mean <= high:
        yield "mean", f"{row.mean:g} lies outside its interval, {low:g} to {high:g}"
        return
    if row.measure in ("change", "percent_change", "value") and row.statistic != "median":
        lopsided = abs((low + high) / 2.0 - row.mean) / (high - low)
        if lopsided > 0.1:
            yield "ci_low", f"the interval {low:g} to {high:g} is not centred on {row.mean:g}"
        half = (high - low) / 2.0
        if row.se is not None and row.se > 0.0 and not 0.85 <= half / (Z95 * row.se) <= 1.3:
            yield "se", f"{row.se:g} where the interval says {half / Z95:.3g}"


def _sums(row: Published) -> Iterator[tuple[str, str]]:
    if row.measure == "change" and None not in (row.mean, row.baseline, row.followup):
        difference = (row.followup or 0.0) - (row.baseline or 0.0)
        slack = max(0.1, ROUNDING * abs(row.followup or 0.0))
        if abs(difference - (row.mean or 0.0)) > slack:
            yield "mean", f"baseline and follow-up differ by {difference:.4g}, not by {row.mean:g}"
    formula = re.fullmatch(r"(-?[\d.]+) - (-?[\d.]+)", row.derived)
    if formula is not None and row.printed is not None:
        result = float(formula[1]) - float(formula[2])
        if abs(result - row.printed) > max(1e-6, ROUNDING * abs(result)):
            yield "derived", f"{row.derived} is {result:.4g}, not {row.printed:g}"


def _weeks(row: Published) -> Iterator[tuple[str, str]]:
    for field, value in _stated(row, "week", "week_low", "week_high"):
        if not 0.0 <= value <= LONGEST:
            yield field, f"week {value:g}"


def _shares(row: Published) -> Iterator[tuple[str, str]]:
    if row.measure not in SHARES:
        return
    low = -1.0 if row.kind.endswith("contrast") else 0.0
    for field, value in _stated(row, "mean", "range_low", "range_high", "ci_low", "ci_high"):
        if not low <= value <= 1.0:
            yield field, f"a share of {value:g}; shares go from 0 to 1"


def _losses_and_ratios(row: Published) -> Iterator[tuple[str, str]]:
    if row.mean is None:
        return
    if row.measure == "percent_change" and row.mean < -100.0:
        yield "mean", f"a loss of {-row.mean:g} %"
    if row.measure in ("risk_ratio", "odds_ratio", "ratio") and row.mean <= 0.0:
        yield "mean", f"a ratio of {row.mean:g}"


def _levels(row: Published) -> Iterator[tuple[str, str]]:
    if row.endpoint not in PLAUSIBLE or row.measure not in ("change", "value"):
        return
    lowest, highest, change = PLAUSIBLE[row.endpoint]
    levels = ("baseline", "followup") if row.measure == "change" else ("mean", "baseline")
    for field, value in _stated(row, *levels):
        if not lowest <= value <= highest:
            yield field, f"{value:g} {row.unit} is not a level that a scalp has ({lowest:g} to {highest:g})"
    if row.measure == "change" and row.mean is not None and abs(row.mean) > change:
        yield "mean", f"a change of {row.mean:g} {row.unit} is beyond {change:g}"


def _stated(row: Published, *names: str) -> Iterator[tuple[str, float]]:
    """Named numbers of a row, without those that are not stated."""
    values = ((name, getattr(row, name)) for name in names)
    return ((name, value) for name, value in values if value is not None)


RULES: tuple[Rule, ...] = (_sources, _units, _spreads, _intervals, _sums, _weeks, _shares, _losses_and_ratios, _levels)


def _duplicates(rows: Sequence[Published]) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], Published] = {}
    for row in rows:
        what = (row.study, row.arm, row.endpoint, row.endpoint_printed, row.measure, row.threshold, row.kind)
        when = (row.week, row.week_low, row.week_high, row.sex, row.severity, row.condition, row.age, row.schedule)
        key = (*what, *when, row.mean, row.range_low)
        if key in seen:
            first = f"line {seen[key].line}" if seen[key].line else "an earlier row"
            yield Finding(row.study, row.arm, row.line, "study", f"says the same as {first}")
        seen.setdefault(key, row)


def _disagreements(rows: Sequence[Published], studies: Mapping[str, Study]) -> Iterator[Finding]:
    """Rows that name a study file which is not there, holds no such value, or holds another number or use."""
    for row in rows:
        if not row.study_file:
            continue
        study = studies.get(row.study_file)
        if study is None:
            yield Finding(row.study, row.arm, row.line, "study_file", f"no study file {row.study_file!r}")
            continue
        if not row.study_arm:
            continue
        same = [observed for observed in study.observed if same_result(row, observed)]
        if not same:
            message = f"{row.study_file} has no {row.measure} of {row.endpoint} of {row.study_arm!r} in that week"
            yield Finding(row.study, row.arm, row.line, "study_arm", message)
            continue
        agreeing = [observed for observed in same if _agrees(row, observed)]
        if not agreeing:
            values = " or ".join(f"{observed.value:g}" if observed.has_number else "no number" for observed in same)
            message = f"{row.mean} here, {values} in {row.study_file}" if row.mean is not None else "no number here"
            yield Finding(row.study, row.arm, row.line, "mean", message)
        elif row.use not in {use_of(observed, study).use for observed in agreeing}:
            file_use = use_of(agreeing[0], study).use
            yield Finding(row.study, row.arm, row.line, "use", f"{row.use} here, {file_use} in {row.study_file}")


def _agrees(row: Published, observed: Observed) -> bool:
    """Equal to the places that the study file gives, or to half a per cent."""
    if not observed.has_number:
        return row.mean is None
    value = observed.value
    return row.mean is not None and abs(row.mean - value) <= max(_last_place(value), ROUNDING * abs(value))


def _last_place(value: float) -> float:
    """Half a unit of the last place as written, with a little for the conversion of areas.

    Examples
    --------
    >>> _last_place(21.1)
    0.06
    """
    text = f"{value:g}"
    places = len(text.partition(".")[2])
    return 0.6 * 10.0**-places


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-4 * max(abs(one), abs(other), 1e-9)
