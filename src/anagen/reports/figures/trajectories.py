"""Mean of every arm over time: what this trial measured, and what the model expects over its parameters.

Two uncertainties, drawn apart: bars on the dots are the confidence interval of the measured mean (which patients
came), the pale band is the 90 % interval of the expected mean over parameter draws (what is not known).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.reports import style
from anagen.reports.figures.panels import (
    MOST_ARMS,
    Panel,
    axis_words,
    draw_grid,
    draw_panel,
    marks_explained,
    shown_measure,
)
from anagen.reports.numbers import is_number, number, with_unit
from anagen.reports.style import ArmLook
from anagen.reports.summaries import individual_values, mean_interval, rows_of
from anagen.reports.wording import EndpointName, lower_first, measure_unit

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MODELLED = ("expected", "expected_error", "parameter_low", "parameter_high")
COLUMNS = ("arm", "week", "n", "mean", "se", "ci_low", "ci_high", *MODELLED)


def trajectory_data(
    visits: pd.DataFrame, arms: pd.DataFrame, endpoint: str, measure: str, *, confidence: float = 0.95, zone: str = ""
) -> pd.DataFrame:
    """Measured and expected mean of every arm at every visit of the first replicate.

    Measured, from the visits: patients assigned to the arm, t interval. Expected and its 90 % range over parameter
    draws (NaN without draws), from the table of arms.

    Parameters
    ----------
    visits : pd.DataFrame
        The visits table.
    arms : pd.DataFrame
        The arms table.
    endpoint : str
        Name of the endpoint.
    measure : str
        Measure of the endpoint.
    confidence : float, default 0.95
        As a share.
    zone : str, default ""
        Zone of the scalp.

    Returns
    -------
    pd.DataFrame
        Frame with columns `COLUMNS`, one row per arm and week, in the unit of the measure.
    """
    measure = shown_measure(measure)
    rows = rows_of(visits, endpoint, zone)
    measured = individual_values(rows.loc[rows["assigned"].to_numpy(bool)], "measured", measure).dropna(subset="value")
    table = measured.groupby(["arm", "week"], observed=True)["value"].agg(["size", "mean", "std"]).reset_index()
    table = table.rename(columns={"size": "n"})
    table["arm"] = table["arm"].astype(str)
    table["se"] = table["std"] / np.sqrt(table["n"])
    table["ci_low"], table["ci_high"] = mean_interval(table["n"], table["mean"], table["se"], confidence)
    keep = (arms["endpoint"] == endpoint) & (arms["measure"] == measure)
    model = arms.loc[keep.to_numpy(), ["arm", "week", *MODELLED]]
    model = model.assign(arm=model["arm"].astype(str), week=model["week"].astype(float))
    table = table.merge(model, on=["arm", "week"], how="outer")
    return table[list(COLUMNS)].sort_values(["arm", "week"], ignore_index=True)


def trajectories_title(data: pd.DataFrame, arms: Sequence[str], name: EndpointName, measure: str, week: float) -> str:
    """Title that states what the first two arms did by the primary week; the content where that is not known."""
    measure = shown_measure(measure)
    unit = measure_unit(measure, name.unit)
    at_week = data.loc[data["week"] == week].set_index("arm")["mean"]
    if len(arms) <= 2 and all(is_number(at_week.get(arm)) for arm in arms):
        signed = measure != "value"
        parts = " and ".join(f"{with_unit(number(at_week[arm], 1, signed=signed), unit)} on {arm}" for arm in arms)
        return f"{name.title} at week {week:g}: {parts}"
    return f"{name.title}: {'mean' if measure == 'value' else 'mean change'} of each arm over time"


def trajectories_alt(data: pd.DataFrame, name: EndpointName, measure: str, week: float) -> str:
    """Text alternative: the measured means at the primary week."""
    unit = measure_unit(shown_measure(measure), name.unit)
    at_week = data.loc[data["week"] == week]
    parts = "; ".join(f"{row.arm} {with_unit(number(row.mean_, 1), unit)}" for row in _named(at_week))
    return (
        f"Line chart of {lower_first(name.title)} by arm over weeks. At week {week:g}: {parts or 'no measured values'}."
    )


def _named(table: pd.DataFrame) -> list[pd.Series]:
    return [row for _, row in table.rename(columns={"mean": "mean_"}).iterrows()]


def trajectories_figure(
    data: pd.DataFrame,
    looks: Mapping[str, ArmLook],
    name: EndpointName,
    measure: str,
    *,
    week: float,
    controls: Sequence[str] = (),
    comparators: Mapping[str, str] | None = None,
    confidence_text: str = "95 %",
    sessions: Mapping[str, Sequence[float]] | None = None,
    courses: Mapping[str, Sequence[tuple[float, float]]] | None = None,
) -> Figure:
    """Trajectories of the primary endpoint, arms labelled at the end of their lines.

    With more than three arms every treated arm has a panel of its own, beside the controls, or beside the arm that it
    names as its comparator.

    Parameters
    ----------
    data : pd.DataFrame
        From `trajectory_data`.
    looks : Mapping[str, ArmLook]
        Arm -> how it is drawn.
    name : EndpointName
        Printed name of the endpoint.
    measure : str
        Measure of the endpoint.
    week : float
        Of the primary endpoint.
    controls : Sequence[str], default ()
        Names of control arms.
    comparators : Mapping[str, str], optional
        Arm -> the arm that it is compared with.
    confidence_text : str, default "95 %"
        Confidence level as printed.
    sessions : Mapping[str, Sequence[float]], optional
        Weeks on which an arm is treated, drawn as ticks below the time axis.
    courses : Mapping[str, Sequence[tuple[float, float]]], optional
        First and last week of every course of daily treatment, drawn as bars there.
    """
    arms = [arm for arm in looks if (data["arm"] == arm).any()]
    about = marks_explained([data], confidence_text, measure_unit(shown_measure(measure), name.unit))
    words = style.heading(trajectories_title(data, arms, name, measure, week), about)
    if len(arms) > MOST_ARMS:
        return _arm_panels(data, {arm: looks[arm] for arm in arms}, words, name, measure, controls, comparators or {})
    labels = {arm: style.wrap_text(arm, 1.35, style.TEXT_SIZE, "bold") for arm in arms}
    right = (
        max((style.text_width(line, weight="bold") for lines in labels.values() for line in lines), default=0.5) + 0.25
    )
    treated = session_rows({arm: (sessions or {}).get(arm, ()) for arm in arms}, courses or {})
    strip, body, left = 0.17 * len(treated), 3.0, 0.72
    figure = style.new_figure(style.WIDTH, words.height + body + strip + (0.56 if treated else 0.5))
    style.draw_heading(figure, words)
    wide = style.WIDTH - left - right
    axes = style.inch_axes(figure, left, words.height, wide, body)
    draw_panel(axes, data, {arm: looks[arm] for arm in arms}, measure, size=5.5)
    axes.set_ylabel(axis_words(name, measure))
    axes.axvline(week, color=style.RULE, linewidth=0.9, linestyle=(0, (4, 3)), zorder=0)
    _label_ends(axes, data, arms, labels, looks, body)
    if treated:
        below = style.inch_axes(figure, left, words.height + body + 0.06, wide, strip, sharex=axes)
        _draw_sessions(axes, below, treated, looks)
    else:
        axes.set_xlabel("Weeks since baseline")
    return figure


def _arm_panels(
    data: pd.DataFrame,
    looks: Mapping[str, ArmLook],
    words: style.Heading,
    name: EndpointName,
    measure: str,
    controls: Sequence[str],
    comparators: Mapping[str, str],
) -> Figure:
    beside = {arm: look for arm, look in looks.items() if arm in controls}
    panels: list[Panel] = []
    for arm, look in looks.items():
        if arm in beside:
            continue
        named = comparators.get(arm)
        against = beside if named is None or named not in looks else {named: looks[named]}
        shown = data.loc[data["arm"].isin([arm, *against]).to_numpy()]
        panels.append(Panel(arm, axis_words(name, measure), shown, {arm: look, **against}, measure))
    return draw_grid(words, panels, beside, one_scale=True)


def session_rows(
    sessions: Mapping[str, Sequence[float]], courses: Mapping[str, Sequence[tuple[float, float]]]
) -> list[tuple[tuple[str, ...], tuple[float, ...], tuple[tuple[float, float], ...]]]:
    """Arms that share a schedule, with the weeks of their sessions and of their daily courses; one row each."""
    rows: dict[tuple[tuple[float, ...], tuple[tuple[float, float], ...]], list[str]] = {}
    for arm, when in sessions.items():
        spans = tuple(courses.get(arm, ()))
        if len(when) or spans:
            rows.setdefault((tuple(float(week) for week in when), spans), []).append(arm)
    return [(tuple(arms), weeks, spans) for (weeks, spans), arms in rows.items()]


def _label_ends(
    axes: Axes,
    data: pd.DataFrame,
    arms: Sequence[str],
    labels: Mapping[str, list[str]],
    looks: Mapping[str, ArmLook],
    body: float,
) -> None:
    low, high = axes.get_ylim()
    per_inch = (high - low) / body
    last = float(data["week"].max())
    ends: list[float] = []
    for arm in arms:
        rows = data.loc[data["arm"] == arm].sort_values("week")
        values = rows["expected"].dropna() if rows["expected"].notna().any() else rows["mean"].dropna()
        ends.append(float(values.iloc[-1]) if len(values) else 0.0)
    most = max(len(lines) for lines in labels.values()) if labels else 1
    gap = style.line_height(style.TEXT_SIZE) * most * per_inch
    for arm, y in zip(arms, style.spread_labels(ends, gap), strict=True):
        axes.annotate(
            "\n".join(labels[arm]),
            (last, y),
            xytext=(10, 0),
            textcoords="offset points",
            va="center",
            ha="left",
            color=looks[arm].colour,
            fontweight="bold",
            fontsize=style.TEXT_SIZE - 0.5,
            annotation_clip=False,
            linespacing=1.1,
            parse_math=False,
        )
    axes.set_ylim(low, high)


def _draw_sessions(
    axes: Axes,
    strip: Axes,
    rows: Sequence[tuple[tuple[str, ...], tuple[float, ...], tuple[tuple[float, float], ...]]],
    looks: Mapping[str, ArmLook],
) -> None:
    """Ticks at treatment sessions, and bars along daily courses, above the week labels; one row per schedule."""
    for row, (arms, when, spans) in enumerate(rows):
        colour = looks[arms[0]].colour if len(arms) == 1 else style.INK
        shown = [week for week in when if week <= axes.get_xlim()[1]]
        strip.vlines(shown, len(rows) - row - 0.85, len(rows) - row - 0.15, color=colour, linewidth=1.4)
        middle = len(rows) - row - 0.5
        for first, last in spans:
            strip.hlines(middle, first, last, color=colour, linewidth=2.2)
            strip.vlines(last, middle - 0.3, middle + 0.3, color=colour, linewidth=1.4)
    strip.set_ylim(0, len(rows))
    strip.set_yticks([])
    strip.spines["left"].set_visible(False)
    axes.tick_params(labelbottom=False, bottom=False)
    strip.set_xlabel(sessions_explained(rows))


def sessions_explained(rows: Sequence[tuple[Sequence[str], Sequence[float], Sequence[tuple[float, float]]]]) -> str:
    """Name of the time axis, with the marks of treatment that are drawn above it.

    >>> sessions_explained([(("mask",), (0.0, 4.0), ())])
    'Weeks since baseline (above the axis, ticks: sessions)'
    """
    ticks, bars = any(len(when) for _, when, _ in rows), any(len(spans) for *_, spans in rows)
    marks = [*(["ticks: sessions"] if ticks else []), *(["bars: daily treatment"] if bars else [])]
    return f"Weeks since baseline (above the axis, {'; '.join(marks)})" if marks else "Weeks since baseline"
