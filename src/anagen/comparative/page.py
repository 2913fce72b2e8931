"""The page of a comparison, and its table in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anagen.analysis.bands import LEAST_DRAWS
from anagen.comparative.admission import not_admitted
from anagen.comparative.design import Comparison
from anagen.comparative.picture import draw_comparison
from anagen.parameters import standing
from anagen.reports.amounts import Amounts
from anagen.reports.cells import plain_table
from anagen.reports.glossary import glossary
from anagen.reports.numbers import DASH, has_band, interval, is_number, no_band, number, percent, with_unit
from anagen.reports.page import DrawnFigure, draw_all, render
from anagen.reports.style import styled
from anagen.reports.wording import EndpointName, endpoint_names, pretty_unit
from anagen.study.blinding import cannot_be_blinded, warning_of
from anagen.study.vocabulary import vocabulary
from anagen.therapies import THERAPIES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from anagen.comparative.ranking import ComparisonResult

PICTURE = "comparison"
HOW_TO_READ = (
    "The same virtual patients are simulated under every treatment and under its own control (vehicle, sham, saline by "
    "the same needle), so differences are not the luck of a sample. A gain is the mean difference from the control at "
    "the last visit, as the instrument reads it: the mean over parameter draws, or at central values where there are "
    "fewer than 20.",
    "Ranges are over draws of the parameters: together from a posterior where there is one, each from its prior "
    "where not. Best: chance of the largest gain if one more trial of each were run, with what differs between trials "
    "of one treatment; beats others: chance to gain more than another of these treatments taken at random (SUCRA); "
    "best for patients: share of the patients at central values.",
    "Wide priors make a treatment look both better and worse than it is known to be: one with little evidence can come "
    "out best by chance. Regimens are the usual ones, so that a course of sessions may have ended months before the "
    "last visit.",
)
CANNOT_TELL = (
    "What the ranking cannot tell: which treatment is better in your patients. Nobody compared these treatments head "
    "to head here; the order rests on the model, on the trials behind each and on ranges of what is not known of each."
)
DISCLAIMER = "Anagen is research software. Its results are not medical advice."
HEADER = {
    "rank": "rank",
    "treatment": "treatment",
    "control": "own control",
    "gain": "gain",
    "band": "5 to 95 %",
    "best": "best",
    "beats": "beats others",
    "best_patients": "best for patients",
    "nnt": "NNT (5 to 95 %)",
    "adverse_events": "adverse events",
    "cost": "cost",
    "grade": "grade",
    "certainty": "certainty",
    "known": "grade, certainty",
    "evidence": "evidence",
    "warnings": "bear in mind",
}
"""Columns of the table in words."""
EFFECT = ("rank", "treatment", "control", "gain", "band", "best", "beats", "best_patients", "nnt")
KNOWN = ("treatment", "adverse_events", "warnings", "cost", "grade", "certainty", "evidence")
ESSENTIAL = ("rank", "treatment", "control", "gain", "band", "best", "beats", "nnt", "known")
"""Columns that say what a treatment does, what else is known of it, and those that a terminal has room for."""


def build_page(result: ComparisonResult, picture: DrawnFigure) -> str:
    """HTML of the page, with the picture inside it."""
    rows = rows_of(result)

    def part(columns: tuple[str, ...]) -> list[list[str]]:
        return [[row[column] for column in columns] for row in rows]

    return render(
        "comparative/templates/comparison.html.j2",
        title=title_of(result),
        headline=headline(result),
        reading=tuple(filter(None, (not_admitted(result.comparison), *HOW_TO_READ, *spoken(result)))),
        glossary=glossary(),
        standing=standing_of(result.manifest),
        disclaimer=DISCLAIMER,
        picture=picture,
        tables=[
            plain_table(name, [HEADER[column] for column in columns], part(columns))
            for name, columns in (("Effect", EFFECT), ("What else is known", KNOWN))
        ],
        method=_method(result.manifest),
    )


def figure_of(result: ComparisonResult) -> Figure:
    """The picture of a comparison: gains as a forest, and their courses."""
    title, unit = title_of(result), pretty_unit(_endpoint(result).unit)
    names = {name: arm_title(result.comparison, name) for name in result.comparison.treatments}
    table = result.table
    if not has_band(_draws(result)):
        table = table.assign(gain_low=float("nan"), gain_high=float("nan"))

    with styled():
        return draw_comparison(table, result.tables["courses"], names, title=title, unit=unit)


def draw_picture(result: ComparisonResult) -> DrawnFigure:
    """The picture of the page, as SVG and PNG."""
    alt = f"{title_of(result)}. {headline(result)}"
    return draw_all({PICTURE: lambda: (figure_of(result), alt)})[PICTURE]


def title_of(result: ComparisonResult) -> str:
    """What is compared, in a line."""
    week = result.comparison.study.endpoints.primary.week
    return f"{_endpoint(result).title} at week {week:g}: gain over own control in the same patients"


def cannot_tell() -> str:
    """What the ranking cannot tell, in a sentence or two."""
    return CANNOT_TELL


def response_of(result: ComparisonResult) -> str:
    """Who is a responder and what the number needed to treat means, in sentences."""
    unit = pretty_unit(_endpoint(result).unit)
    threshold = with_unit(f"{float(str(result.manifest['threshold'])):g}", unit)
    return (
        f"NNT: patients to treat for one more responder than under the own control. A responder is a patient whose own "
        f"measured value, with its error, improves by at least {threshold} by the last visit: errors of measurement "
        "make responders in every control arm, so the difference counts and not the share. Where the range holds no "
        "difference, or that of the gain holds zero, the NNT goes through infinity and its range ends in none "
        "(Altman 1998, doi:10.1136/bmj.317.7168.1309)."
    )


def order_of(result: ComparisonResult) -> str:
    """By what the rows are ranked, in a sentence; empty for a single treatment."""
    draws = _draws(result)
    if len(result.table) < 2:
        return ""
    if has_band(draws):
        return "Rows stand in the order of the chance to beat others."
    return (
        f"Rows stand in the order of their gains; one by the chance to beat others needs {LEAST_DRAWS} parameter draws."
    )


def headline(result: ComparisonResult) -> str:
    """The largest gain and the chance that it is the largest, in a sentence or two."""
    first = result.table.sort_values("gain", ascending=False, kind="stable").iloc[0]
    arm, control = (arm_title(result.comparison, str(first[key])) for key in ("arm", "control"))
    gain = with_unit(_gain(first), pretty_unit(_endpoint(result).unit))
    best = f" The chance that no other here gains more is {percent(first['best'])}." if is_number(first["best"]) else ""
    return f"Largest expected gain: {arm}, {gain} over {control}.{best}"


def arm_title(comparison: Comparison, name: str) -> str:
    """An arm in words: titles of its therapies, with the route where it is not the usual one.

    Examples
    --------
    >>> from anagen.comparative.design import comparison
    >>> arm_title(comparison(["lllt+exosome@microneedle"]), "lllt+exosome@microneedle")
    'low-level light + exosomes (microneedle)'
    """
    parts = comparison.parts[name]
    if not parts:
        return name
    words = " + ".join(
        part.therapy.title + ("" if part.route == part.therapy.routes[0] else f" ({part.route})") for part in parts
    )
    # Controls that differ by their sessions alone are numbered.
    return words + (name[name.rindex(" (") :] if name.endswith(")") else "")


def rows_of(result: ComparisonResult) -> list[dict[str, str]]:
    """The table in words, the best first: texts by the keys of `HEADER`."""
    draws = _draws(result)
    return [
        {
            "rank": str(row["rank"]),
            "treatment": arm_title(result.comparison, str(row["arm"])),
            "control": arm_title(result.comparison, str(row["control"])),
            "gain": _gain(row),
            "band": interval(row["gain_low"], row["gain_high"]) if has_band(draws) else no_band(draws),
            "best": percent(row["best"]) if is_number(row["best"]) else DASH,
            "beats": percent(row["beats"]) if is_number(row["beats"]) else DASH,
            "best_patients": percent(row["best_patients"]) if is_number(row["best_patients"]) else DASH,
            "nnt": needed_words(row["nnt"], row["nnt_low"], row["nnt_high"], draws),
            "adverse_events": str(row["adverse_events"]),
            "cost": str(row["cost"]),
            "grade": grade_words(row),
            "certainty": certainty_words(row),
            "known": f"{grade_words(row)}, {certainty_words(row)}",
            "evidence": str(row["evidence"]),
            "warnings": bear_in_mind(row) or DASH,
        }
        for _, row in result.table.iterrows()
    ]


def bear_in_mind(row: Mapping[str, Any] | pd.Series) -> str:
    """Contraindications, warnings, and how the patients are unlike those studied; empty where nothing is known."""
    contraindicated = f"Contraindicated: {row['contraindicated']}." if row["contraindicated"] else ""
    return " ".join(filter(None, (contraindicated, sentence(row["warnings"]), str(row["unlike_those_studied"]))))


def grade_words(row: Mapping[str, Any] | pd.Series) -> str:
    """The grade of a treatment, and in whom it was earned where that is somebody else."""
    return f"{row['grade']} ({row['grade_from']})" if row["grade_from"] else str(row["grade"])


def certainty_words(row: Mapping[str, Any] | pd.Series) -> str:
    """How far the size of an effect can be trusted, and in whom it is not known."""
    return f"{row['certainty']}: {row['not_known']}" if row["not_known"] else str(row["certainty"])


def sentence(words: object) -> str:
    """Words with a capital and a full stop; nothing of nothing.

    Examples
    --------
    >>> sentence("take care"), sentence("")
    ('Take care.', '')
    """
    text = str(words)
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def spoken(result: ComparisonResult) -> tuple[str, ...]:
    """What is said beside the table, in the terminal and on the page."""
    return (
        order_of(result),
        cannot_tell(),
        ended_of(result.comparison),
        response_of(result),
        blinding_of(result.comparison),
        taken_over(_draws(result)),
    )


def ended_of(compared: Comparison) -> str:
    """Which courses of sessions are over before the last visit, in sentences; empty where none is.

    A course is over where the interval between its sessions has passed once more. What is ranked is then what is left
    of it, and its range is narrow where nothing is, however little is known of the treatment.

    Parameters
    ----------
    compared : Comparison
        What is compared.

    Returns
    -------
    str
        Of every treatment, when its last session is.
    """
    arms, last = {arm.name: arm for arm in compared.study.arms}, compared.study.endpoints.primary.week
    told: list[str] = []
    for name in compared.treatments:
        for use in arms[name].therapies:
            weeks = use.schedule.session_weeks()
            end = max(weeks, default=last)
            if end + (end - weeks[-2] if len(weeks) > 1 else 0.0) >= last:
                continue
            which = f"the last of {len(weeks)} sessions is" if len(weeks) > 1 else "the one session is"
            told.append(f"{THERAPIES[use.therapy].title}, {which} in week {end:g}")
    if not told:
        return ""
    return (
        f"Over before week {last:g}, so that what is left by then is ranked: {'; '.join(dict.fromkeys(told))}. Where "
        "little is left its range is narrow, however little is known of the treatment. Sessions that go on until the "
        "last visit can be asked for."
    )


def blinding_of(compared: Comparison) -> str:
    """Which gains and which orders no blinded trial could show, in a sentence or two; empty where all could be blinded.

    Parameters
    ----------
    compared : Comparison
        What was compared.

    Returns
    -------
    str
        Of treatments whose own control is given in other ways, then of treatments that are given in different ways.
    """
    words, arms = vocabulary(), {arm.name: arm for arm in compared.study.arms}
    pairs = [(arms[name], arms[compared.own_control[name]]) for name in compared.treatments]
    told = [f"{warning_of(arm, other, words)}." for arm, other in pairs if cannot_be_blinded(arm, other)]
    treated = [arms[name] for name in compared.treatments]
    if any(cannot_be_blinded(treated[0], other) for other in treated[1:]):
        told.append(
            "Each gain is over the treatment's own control. They are given in different ways: in a trial of one "
            "against the other without a double dummy or sham blinding cannot hold, and what is expected "
            "and read differs."
        )
    return " ".join(told)


def taken_over(draws: int) -> str:
    """Which numbers are means over parameter draws, and which stand at central values, in a sentence.

    Examples
    --------
    >>> taken_over(1).partition(" all ")[0]
    'With 1 parameter draw'
    """
    if not has_band(draws):
        of_draws = "With 1 parameter draw" if draws == 1 else f"With {draws} parameter draws"
        return (
            f"{of_draws} all numbers but the chance of being best and the rough ranges are at central parameter values."
        )
    return (
        f"Gain, NNT and their ranges are over {draws} parameter draws; best for patients, adverse events and shares of "
        "responders in ranking.csv are at central parameter values, so that NNT is not one over their difference."
    )


def _gain(row: Mapping[str, Any] | pd.Series) -> str:
    """The gain with its Monte-Carlo error."""
    return Amounts("", 1.0, 1).with_error(row["gain"], row["gain_error"], finer=0)


def standing_of(manifest: Mapping[str, Any]) -> str:
    """How far the parameters of a comparison are known, in a sentence."""
    posterior = manifest.get("posterior")
    return standing(0, 0) if posterior is None else standing(posterior["calibrated"], posterior["prior_only"])


def _endpoint(result: ComparisonResult) -> EndpointName:
    endpoint = result.comparison.study.endpoints.primary.endpoint
    return endpoint_names([endpoint])[endpoint]


def _draws(result: ComparisonResult) -> int:
    return int(str(result.manifest["draws"]))


def needed_words(central: float, low: float, high: float, draws: int) -> str:
    """A number needed to treat with its range, none where there is none: no decimals from 10 on.

    Examples
    --------
    >>> needed_words(4.31, 2.6, 8.6, 200), needed_words(25.6, 7.0, float("nan"), 200)
    ('4.3 (2.6 to 8.6)', '26 (7.0 to none)')
    >>> needed_words(float("nan"), 55.5, float("nan"), 200), needed_words(320.0, 50.0, 900.0, 0)
    ('none (56 to none)', '320')
    """

    def told(value: float) -> str:
        return number(value, 1 if value < 9.95 else 0) if is_number(value) else "none"

    return f"{told(central)} ({told(low)} to {told(high)})" if is_number(low) and has_band(draws) else told(central)


def _method(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    patients = f"{manifest['patients']} reference patients, the same under every arm; seed {manifest['seed']}"
    return [
        ("Software", f"{manifest['package']} {manifest['version']}"),
        ("Patients", patients),
        ("Parameter draws", str(manifest["draws"])),
        ("Parameters", f"{manifest['parameter_source']}, SHA-256 {manifest['parameters_sha256']}"),
        ("Responder", f"own change of at least {manifest['threshold']}"),
        ("Regimens", "the usual one of each therapy; manifest.json holds the whole study"),
    ]
