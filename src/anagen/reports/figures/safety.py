"""Dot plot of adverse events: share of patients by arm, and difference from the control arm, each with its interval.

Form after Amit, Heiberger & Lane 2008, doi:10.1002/pst.254.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from anagen.reports import style
from anagen.reports.numbers import interval, is_number, number
from anagen.reports.wording import sentence_case

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MOST_EVENTS = 16
ROW = 0.34
NAME_WIDTH = 1.75
GAP = 0.35


def safety_data(safety: pd.DataFrame) -> pd.DataFrame:
    """Rows of the events that anybody had, the most frequent first, at most MOST_EVENTS; any event stands on top."""
    seen = safety.groupby("event", sort=False, observed=True)["with_event"].sum()
    largest = safety.groupby("event", sort=False, observed=True)["share"].max()
    kept = [name for name in seen.index if seen[name] > 0]
    together = [name for name in ("any_adverse_event", "any_severe_event", "discontinuation") if name in kept]
    single = sorted((name for name in kept if name not in together), key=lambda name: (-largest[name], str(name)))
    order = [*together, *single][:MOST_EVENTS]
    rows = safety[safety["event"].isin(order)].copy()
    rows["place"] = [order.index(str(name)) for name in rows["event"]]
    return rows.sort_values("place", kind="stable", ignore_index=True)


def safety_alt(data: pd.DataFrame) -> str:
    """Text alternative: share in every arm, and difference with its interval."""
    sentences = []
    for _, row in data.iterrows():
        text = f"{sentence_case(str(row['title']))}, {row['arm']}: {number(100 * row['share'], 1)} %"
        if is_number(row["difference"]):
            bounds = interval(100 * row["difference_low"], 100 * row["difference_high"])
            text += f", {number(100 * row['difference'], 1, signed=True)} percentage points from control ({bounds})"
        sentences.append(text)
    return "Share of patients with adverse events. " + ". ".join(sentences) + "."


def safety_figure(data: pd.DataFrame, looks: Mapping[str, style.ArmLook], confidence_text: str) -> Figure:
    """Two panels that share their rows: shares by arm, and differences from the control arm.

    Parameters
    ----------
    data : pd.DataFrame
        From `safety_data`, not empty.
    looks : Mapping[str, style.ArmLook]
        Arm -> how it is drawn.
    confidence_text : str
        Confidence level as printed.
    """
    events = list(dict.fromkeys(data["title"].astype(str)))
    compared = bool(data["difference"].notna().any())
    words = style.heading(
        "Adverse events: share of patients" + (" and difference from control" if compared else ""),
        f"Marks: this trial; lines: {confidence_text} interval. An event that nobody had is in the table only.",
    )
    key = style.arm_key_height(list(looks))
    height = ROW * len(events)
    figure = style.new_figure(style.WIDTH, words.height + key + 0.1 + height + 0.55)
    style.draw_heading(figure, words)
    style.draw_arm_key(figure, looks, words.height)
    top = words.height + key + 0.1
    room = style.WIDTH - 2 * style.MARGIN - NAME_WIDTH
    width = (room - GAP) / 2 if compared else room
    left = style.MARGIN + NAME_WIDTH
    shares = style.inch_axes(figure, left, top, width, height)
    _draw_dots(shares, data, looks, events, ("share", "share_low", "share_high"))
    shares.set_xlim(left=0.0)
    shares.set_xlabel("Share of patients (%)", fontsize=style.SMALL_SIZE)
    if compared:
        differences = style.inch_axes(figure, left + width + GAP, top, width, height)
        rows = data[data["difference"].notna()]
        _draw_dots(differences, rows, looks, events, ("difference", "difference_low", "difference_high"))
        differences.axvline(0.0, color=style.INK, linewidth=0.9, zorder=1)
        differences.set_xlabel("Difference (percentage points)", fontsize=style.SMALL_SIZE)
    for place, title in enumerate(events):
        name = style.shorten(sentence_case(title), NAME_WIDTH - 0.1, style.SMALL_SIZE)
        style.inch_text(
            figure, left - 0.08, top + ROW * (place + 0.5), name, fontsize=style.SMALL_SIZE, ha="right", va="center"
        )
    return figure


def _draw_dots(
    axes: Axes, data: pd.DataFrame, looks: Mapping[str, style.ArmLook], events: list[str], columns: tuple[str, str, str]
) -> None:
    value, low, high = columns
    arms = [arm for arm in looks if (data["arm"].astype(str) == arm).any()]
    for _, row in data.iterrows():
        look = looks[str(row["arm"])]
        apart = (arms.index(str(row["arm"])) - (len(arms) - 1) / 2) * min(0.22, 0.7 / max(len(arms), 1))
        base = len(events) - events.index(str(row["title"])) - 0.5 - apart
        axes.plot([100 * row[low], 100 * row[high]], [base, base], color=look.colour, linewidth=1.2, zorder=2)
        axes.plot(
            100 * row[value], base, marker=look.marker, markersize=4.5, color=look.colour, linestyle="none", zorder=3
        )
    axes.set_ylim(0, len(events))
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    for edge in range(1, len(events)):
        axes.axhline(edge, color="#EEEEEE", linewidth=0.8, zorder=0)
    axes.grid(axis="x")
