"""Every figure of one result: drawn once, saved as SVG and PNG, or the reason in words why it is not drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Any

import pandas as pd

from anagen.reports import style
from anagen.reports.numbers import BAND_COLUMNS, for_people
from anagen.reports.outline import Choice, Outline, is_crossover, is_split_scalp, outline_of, thresholds_of
from anagen.reports.page import DrawnFigure, draw_all
from anagen.reports.wording import EndpointName, endpoint_names, name_of
from anagen.study.treatment import weekday_weeks

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from anagen.results.contents import ResultContents

Draw = Callable[[], "tuple[Figure, str]"]
"""Draws a picture and gives it with its text alternative."""
FIGURES = (
    "effects",
    "trajectories",
    "secondary",
    "individual_changes",
    "replicates",
    "consort",
    "safety",
    "baseline",
    "predicted_observed",
)


def draw_figures(contents: ResultContents, names: Mapping[str, EndpointName] | None = None) -> dict[str, DrawnFigure]:
    """All figures of a result, by name in the order of `FIGURES`.

    Parameters
    ----------
    contents : ResultContents
        The result.
    names : Mapping of str to EndpointName, optional
        Printed names of endpoints; looked up in the registry of endpoints where None.

    Returns
    -------
    dict of str to DrawnFigure
        Every figure, or why it is not drawn.
    """
    outline = outline_of(contents.study)
    words = endpoint_names(endpoints_named(contents)) if names is None else names
    looks = style.arm_looks(outline.arms, outline.controls)

    def made(make: _Maker) -> tuple[Figure, str] | str:
        found = make(contents, outline, words, looks)
        return found if isinstance(found, str) else found()

    return draw_all({name: partial(made, make) for name, make in _MAKERS})


def figures_of(contents: ResultContents) -> dict[str, Draw | str]:
    """What draws each of `FIGURES` with its text alternative, or in words why a result has nothing to draw in it.

    Parameters
    ----------
    contents : ResultContents
        What the run gave.

    Returns
    -------
    dict of str to callable or str
        In the order of `FIGURES`; nothing is drawn until it is called, in the style of `style.styled`.
    """
    outline, words = outline_of(contents.study), endpoint_names(endpoints_named(contents))
    looks = style.arm_looks(outline.arms, outline.controls)
    return {name: make(contents, outline, words, looks) for name, make in _MAKERS}


def endpoints_named(contents: ResultContents) -> list[str]:
    """Endpoints that any table or the study mentions, in order of appearance."""
    outline = outline_of(contents.study)
    named = [outline.primary.endpoint, *(choice.endpoint for choice in outline.secondary)]
    for table in (contents.effects, contents.arms, contents.comparison):
        if table is not None and "endpoint" in table.columns:
            named += [str(endpoint) for endpoint in table["endpoint"].unique()]
    measured = [column for column in contents.first("patients").columns if column.startswith("baseline_")]
    named += [column.removeprefix("baseline_") for column in measured]
    return list(dict.fromkeys(named))


def _effects(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import effects

    data = effects.effect_data(contents.effects)
    if data.empty:
        return "No contrast was analysed, so there is no effect to draw."
    if data["estimate"].isna().all() and data["expected"].isna().all():
        return "No effect could be estimated: no patient has both a baseline and a value at the visit."
    return lambda: (effects.effect_figure(data, words, looks, outline.confidence_text), effects.effect_alt(data, words))


def _trajectories(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import trajectories as t

    choice = outline.primary
    data = _course(contents, outline, choice)
    if data["week"].nunique() < 2:
        return "Only one visit holds this endpoint, so there is no course over time to draw."
    name = name_of(choice.endpoint, words)
    return lambda: (
        t.trajectories_figure(
            data,
            looks,
            name,
            choice.measure,
            week=choice.week,
            controls=outline.controls,
            comparators=outline.comparators,
            confidence_text=outline.confidence_text,
            sessions=treatment_sessions(contents.study, float(data["week"].max())),
            courses=treatment_courses(contents.study, float(data["week"].max())),
        ),
        t.trajectories_alt(data, name, choice.measure, choice.week),
    )


def _course(contents: Any, outline: Outline, choice: Choice) -> pd.DataFrame:
    from anagen.reports.figures.trajectories import trajectory_data

    return trajectory_data(
        contents.first("visits"),
        for_people(contents.arms, int(contents.manifest.get("draws") or 0), *BAND_COLUMNS),
        choice.endpoint,
        choice.measure,
        confidence=outline.confidence,
        zone=outline.zone,
    )


def _secondary(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import secondary as s

    panels = []
    for choice in distinct_secondary(outline):
        data = _course(contents, outline, choice)
        if data["week"].nunique() >= 2:
            panels.append((name_of(choice.endpoint, words), choice.measure, data))
    if not panels:
        return "The study names no secondary endpoint that was measured at more than one visit."
    return lambda: (
        s.secondary_figure(panels, looks, confidence_text=outline.confidence_text),
        s.secondary_alt(panels),
    )


def distinct_secondary(outline: Outline) -> list[Choice]:
    """Secondary endpoints to draw over time: each endpoint and measure once, without the primary one."""
    from anagen.reports.figures.panels import shown_measure

    seen = {(outline.primary.endpoint, shown_measure(outline.primary.measure))}
    kept: list[Choice] = []
    for choice in outline.secondary:
        key = (choice.endpoint, shown_measure(choice.measure))
        if key not in seen:
            seen.add(key)
            kept.append(choice)
    return kept


def _individual(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import individual_changes as i

    choice = outline.primary
    data = i.individual_data(contents.first("visits"), choice.endpoint, choice.measure, choice.week, zone=outline.zone)
    if data.empty:
        return f"No patient was measured at both baseline and week {choice.week:g}."
    name = name_of(choice.endpoint, words)
    return lambda: (
        i.individual_figure(data, looks, name, choice.measure, choice.week, choice.threshold),
        i.individual_alt(i.box_data(data), name, choice.measure, choice.week),
    )


def _replicates(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import replicates as r

    data = r.replicate_data(contents.effects, outline.alpha)
    if data["replicate"].nunique() < 2:
        return "The trial was run once; repeat it with other patients (replicates) to see how far its result varies."
    choice = outline.primary
    return lambda: (
        r.replicate_figure(
            data,
            r.expected_effects(contents.effects),
            looks,
            name_of(choice.endpoint, words),
            choice.measure,
            outline.alpha,
            choice.threshold,
        ),
        r.replicate_alt(data, outline.alpha),
    )


def _consort(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import consort as c

    data = c.flow_data(contents.flow, outline.arms)
    given = "side" if is_split_scalp(outline) else "period" if is_crossover(outline) else ""
    return lambda: (c.consort_figure(data, looks, same_patients=given), c.consort_alt(data))


def _baseline(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import baseline as b

    primary = f"baseline_{outline.primary.endpoint}"
    names = {
        "age": EndpointName("Age", "years"),
        "years_since_onset": EndpointName("Time since onset", "years"),
        primary: name_of(outline.primary.endpoint, words),
    }
    data = b.baseline_data(contents.first("patients"), list(names), outline.arms)
    if data.empty:
        return "No baseline characteristic was recorded."
    return lambda: (b.baseline_figure(data, names, looks), b.baseline_alt(data, names))


def _safety(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import safety as s

    data = s.safety_data(contents.safety)
    if data.empty:
        return (
            "No patient of this trial had an adverse event, so none is drawn; the table tells how many would fit, and "
            "what is expected."
        )
    return lambda: (s.safety_figure(data, looks, outline.confidence_text), s.safety_alt(data))


def _comparison(contents: Any, outline: Outline, words: Mapping[str, EndpointName], looks: Any) -> Draw | str:
    from anagen.reports.figures import predicted_observed as p

    table: pd.DataFrame | None = contents.comparison
    if table is None or table.empty:
        return "The study file holds no published results to compare with."
    data = p.comparison_data(table)
    if data.empty:
        return "No published value has a prediction of the same quantity; the table says why."
    return lambda: (p.comparison_figure(data, words, thresholds_of(contents.study)), p.comparison_alt(data, words))


_Maker = Callable[[Any, Outline, Mapping[str, EndpointName], Any], Draw | str]
"""Looks at the data and gives what draws the picture, or in words why there is none."""
_MAKERS: tuple[tuple[str, _Maker], ...] = (
    ("effects", _effects),
    ("trajectories", _trajectories),
    ("secondary", _secondary),
    ("individual_changes", _individual),
    ("replicates", _replicates),
    ("consort", _consort),
    ("safety", _safety),
    ("baseline", _baseline),
    ("predicted_observed", _comparison),
)


def treatment_sessions(study: Mapping[str, Any], last_week: float) -> dict[str, list[float]]:
    """Weeks on which every arm has a treatment session; arms treated daily or not at all are left out.

    Parameters
    ----------
    study : Mapping[str, Any]
        As plain data.
    last_week : float
        Of the trial [weeks].
    """
    sessions: dict[str, list[float]] = {}
    for arm in study["arms"]:
        weeks = sorted({week for use in arm.get("therapies") or () for week in _session_weeks(use, last_week)})
        if weeks:
            sessions[str(arm["name"])] = weeks
    return sessions


def treatment_courses(study: Mapping[str, Any], last_week: float) -> dict[str, list[tuple[float, float]]]:
    """First and last week of every course of daily treatment of every arm that has one.

    Parameters
    ----------
    study : Mapping[str, Any]
        As plain data.
    last_week : float
        Of the trial [weeks].

    Examples
    --------
    >>> use = {"schedule": {"per_day": 2.0, "until": 12.0}}
    >>> treatment_courses({"arms": [{"name": "lotion", "therapies": [use]}]}, 24.0)
    {'lotion': [(0.0, 12.0)]}
    """
    courses: dict[str, list[tuple[float, float]]] = {}
    for arm in study["arms"]:
        schedules = [use.get("schedule") or {} for use in arm.get("therapies") or ()]
        phases = [phase for schedule in schedules for phase in schedule.get("phases") or [schedule]]
        spans = [
            (float(phase.get("start") or 0.0), min(last_week, float(phase.get("until") or last_week)))
            for phase in phases
            if phase.get("per_day")
        ]
        kept = sorted({(first, last) for first, last in spans if first < last})
        if kept:
            courses[str(arm["name"])] = kept
    return courses


def _session_weeks(use: Mapping[str, Any], last_week: float) -> Iterator[float]:
    schedule = use.get("schedule") or {}
    if schedule.get("phases"):
        for phase in schedule["phases"]:
            yield from _session_weeks({"schedule": phase}, last_week)
        return
    if schedule.get("days"):
        weeks = islice(weekday_weeks(schedule["days"], float(schedule["start"])), int(schedule["sessions"]))
        yield from (week for week in weeks if week <= last_week)
        return
    every, count = schedule.get("every"), schedule.get("sessions")
    start, until = float(schedule.get("start") or 0.0), schedule.get("until")
    if schedule.get("per_day") or (not every and not count):
        return
    end = min(last_week, float(until)) if until is not None else last_week
    total = int(count) if count else int((end - start) / float(every or 1.0)) + 1
    for number in range(total):
        week = start + number * float(every or 0.0)
        if week <= end:
            yield week
