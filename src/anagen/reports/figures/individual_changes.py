"""Individual changes at the primary week: every patient a dot, a box beside them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.core.arrays import BoolArray, FloatArray
from anagen.core.measures import RESPONDERS
from anagen.reports import style
from anagen.reports.figures.panels import shown_measure
from anagen.reports.numbers import number, with_unit
from anagen.reports.style import ArmLook
from anagen.reports.summaries import individual_values, rows_of
from anagen.reports.wording import EndpointName, lower_first, measure_unit, reached_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: Above this many dots in an arm they are drawn as one bitmap inside the SVG, which would otherwise be megabytes.
MOST_VECTOR_DOTS = 1500


def individual_data(visits: pd.DataFrame, endpoint: str, measure: str, week: float, *, zone: str = "") -> pd.DataFrame:
    """Measured value of every assigned patient at `week` in the first replicate, patients with missing values left out.

    Returns
    -------
    pd.DataFrame
        Frame with columns arm, patient, value [unit of the measure].
    """
    rows = rows_of(visits, endpoint, zone)
    keep = rows["assigned"].to_numpy(bool) & rows["week"].isin([0.0, week]).to_numpy()
    values = individual_values(rows.loc[keep], "measured", shown_measure(measure))
    values = values.loc[values["week"] == week].dropna(subset="value").copy()
    values["arm"] = values["arm"].astype(str)
    return values[["arm", "patient", "value"]].sort_values(["arm", "patient"], ignore_index=True)


def box_data(data: pd.DataFrame) -> pd.DataFrame:
    """Five quantiles, mean, number and number above zero of every arm.

    Returns
    -------
    pd.DataFrame
        Frame indexed by arm with columns n, above_zero, q05, q25, q50, q75, q95, mean.
    """
    groups = data.groupby("arm")["value"]
    levels = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
    table = pd.DataFrame({name: groups.quantile(level) for name, level in levels.items()})
    table.insert(0, "above_zero", (data["value"] > 0).groupby(data["arm"]).sum())
    table.insert(0, "n", groups.size())
    table["mean"] = groups.mean()
    return table


def swarm_offsets(values: FloatArray, width: float) -> FloatArray:
    """Sideways offsets that spread dots of similar value evenly, within `width` on either side of the middle.

    Parameters
    ----------
    values : FloatArray
        Shape (n,).
    width : float
        Greatest offset.

    Returns
    -------
    FloatArray
        Offsets, shape (n,); the widest bin fills the width.
    """
    if values.size == 0:
        return np.zeros(0)
    bins = int(np.clip(values.size / 8, 30, 90))
    low, high = float(values.min()), float(values.max())
    span = (high - low) or 1.0
    cell = np.minimum(((values - low) / span * bins).astype(int), bins - 1)
    counts = np.bincount(cell, minlength=bins)
    step = min(2 * width / max(int(counts.max()), 1), width / 3)
    offsets = np.zeros(values.size)
    for number_of_bin in np.flatnonzero(counts):
        members = np.flatnonzero(cell == number_of_bin)
        ranks = np.arange(members.size)
        side = np.where(ranks % 2 == 1, 1.0, -1.0) * ((ranks + 1) // 2)
        offsets[members] = (side - (0.5 if members.size % 2 == 0 else 0.0)) * step
    return offsets


def patient_counts(boxes: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """Patients above zero and patients measured, by arm, from `box_data`."""
    numbers = zip(boxes["above_zero"].to_numpy(int), boxes["n"].to_numpy(int), strict=True)
    return {str(arm): (int(above), int(n)) for arm, (above, n) in zip(boxes.index, numbers, strict=True)}


def individual_title(
    data: pd.DataFrame,
    arms: list[str],
    name: EndpointName,
    measure: str,
    week: float,
    threshold: float | None = None,
) -> str:
    """Title: how many of each of two arms went the wanted way, or reached the threshold; the content for more arms.

    Parameters
    ----------
    data : pd.DataFrame
        From `individual_data`.
    arms : list[str]
        Arms drawn.
    name : EndpointName
        Printed name of the endpoint.
    measure : str
        Measure of the endpoint.
    week : float
        Week that is shown.
    threshold : float, optional
        Of a share of patients.
    """
    shown = shown_measure(measure)
    values = {arm: data.loc[data["arm"] == arm, "value"].to_numpy(float) for arm in arms}
    if len(arms) <= 2 and measure in RESPONDERS and threshold is not None:
        upwards = name.rising if shown == "value" else threshold >= 0.0
        parts = _counted(values, lambda of: of >= threshold if upwards else of <= threshold)
        return f"{name.title} at week {week:g}: {parts} {reached_words(measure, threshold, name)}"
    if len(arms) <= 2 and shown != "value":
        parts = _counted(values, lambda of: of > 0.0 if name.rising else of < 0.0)
        return f"{name.title} {'rose' if name.rising else 'fell'} by week {week:g} in {parts}"
    what = "Individual values" if shown == "value" else "Individual changes"
    return f"{what} of {lower_first(name.title)} at week {week:g}"


def _counted(values: Mapping[str, FloatArray], which: Callable[[FloatArray], BoolArray]) -> str:
    return " and ".join(f"{int(which(of).sum())} of {of.size} patients on {arm}" for arm, of in values.items())


def individual_alt(boxes: pd.DataFrame, name: EndpointName, measure: str, week: float) -> str:
    """Text alternative: median and middle half of every arm."""
    unit = measure_unit(shown_measure(measure), name.unit)
    parts = "; ".join(
        f"{arm}: median {with_unit(number(row['q50'], 1), unit)}, middle half {number(row['q25'], 1)} to "
        f"{number(row['q75'], 1)}, {int(row['n'])} patients"
        for arm, row in boxes.iterrows()
    )
    return f"Dots of individual results for {lower_first(name.title)} at week {week:g}. {parts}."


def individual_figure(
    data: pd.DataFrame,
    looks: Mapping[str, ArmLook],
    name: EndpointName,
    measure: str,
    week: float,
    threshold: float | None = None,
) -> Figure:
    """Strip of dots and a box for every arm; a share of patients has a line at its threshold.

    Parameters
    ----------
    data : pd.DataFrame
        From `individual_data`, not empty.
    looks : Mapping[str, ArmLook]
        Arm -> how it is drawn.
    name : EndpointName
        Printed name of the endpoint.
    measure : str
        Measure of the endpoint.
    week : float
        Week that is shown.
    threshold : float, optional
        Of a share of patients.
    """
    boxes, shown = box_data(data), shown_measure(measure)
    arms = [arm for arm in looks if arm in boxes.index]
    words = style.heading(
        individual_title(data, arms, name, measure, week, threshold),
        "One dot per patient. Box: middle half of the patients with the median; whiskers: 5 to 95 %; diamond: mean. "
        + ("" if threshold is None else "Dashed line: the threshold. ")
        + "The spread includes measurement error.",
    )
    left, body = 0.72, 3.0
    wide = style.WIDTH - left - 0.15
    labels = {arm: style.wrap_text(arm, wide / len(arms) - 0.1, style.TEXT_SIZE) for arm in arms}
    below = 0.12 + (max(map(len, labels.values())) + 1) * style.line_height(style.TEXT_SIZE)
    figure = style.new_figure(style.WIDTH, words.height + body + below + 0.05)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, left, words.height, wide, body)
    counts = patient_counts(boxes)
    unit_inches = wide / len(arms)
    swarm = min(0.24, 0.55 / unit_inches)
    beside, half = swarm + 0.02, min(0.06, 0.11 / unit_inches)
    for position, arm in enumerate(arms):
        look = looks[arm]
        values = data.loc[data["arm"] == arm, "value"].to_numpy(float)
        size = float(np.clip(26 - values.size / 12, 5, 22))
        axes.scatter(
            position - beside / 2 + swarm_offsets(values, swarm),
            values,
            s=size,
            color=look.colour,
            alpha=0.6,
            marker=look.marker,
            linewidth=0,
            rasterized=values.size > MOST_VECTOR_DOTS,
            zorder=2,
        )
        box = boxes.loc[arm]
        x = position + beside
        axes.vlines(x, box["q05"], box["q95"], color=style.INK, linewidth=1.0, zorder=3)
        axes.bar(
            x,
            box["q75"] - box["q25"],
            bottom=box["q25"],
            width=2 * half,
            facecolor=style.PAPER,
            edgecolor=style.INK,
            linewidth=1.0,
            zorder=4,
        )
        axes.hlines(box["q50"], x - half, x + half, color=style.INK, linewidth=1.8, zorder=5)
        axes.plot(x, box["mean"], marker="D", markersize=4.0, color=look.colour, markeredgecolor=style.INK, zorder=6)
    if threshold is not None:
        axes.axhline(threshold, color=style.INK, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
    if shown != "value":
        axes.axhline(0.0, color="#8A8A8A", linewidth=0.8, zorder=1)
    axes.set_xlim(-0.5, len(arms) - 0.5)
    axes.set_xticks(
        range(len(arms)),
        ["\n".join(labels[arm]) + f"\nn = {counts[arm][1]}" for arm in arms],
        fontsize=style.TEXT_SIZE,
        color=style.INK,
    )
    axes.tick_params(axis="x", length=0)
    unit = measure_unit(shown, name.unit)
    what = f"Value at week {week:g}" if shown == "value" else f"Change at week {week:g}"
    axes.set_ylabel(f"{what} ({unit})" if unit else what)
    axes.grid(axis="y")
    return figure
