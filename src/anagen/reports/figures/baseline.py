"""Baseline distributions of every arm, small: were the arms alike when they began?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from anagen.reports import style
from anagen.reports.wording import EndpointName, titled

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def baseline_data(patients: pd.DataFrame, columns: Sequence[str], arms: Sequence[str]) -> pd.DataFrame:
    """Quantiles of baseline columns for every arm of the first replicate; empty columns are left out.

    Returns
    -------
    pd.DataFrame
        Frame with columns column, arm, n, q05, q25, q50, q75, q95.
    """
    first = patients.loc[(patients["replicate"] == 0).to_numpy()]
    rows: list[dict[str, object]] = []
    for column in columns:
        if column not in first.columns:
            continue
        for arm in arms:
            values = first.loc[(first["arm"].astype(str) == arm).to_numpy(), column].dropna().astype(float)
            if values.empty:
                continue
            levels = values.quantile([0.05, 0.25, 0.5, 0.75, 0.95]).to_numpy()
            rows.append(
                {
                    "column": column,
                    "arm": arm,
                    "n": len(values),
                    **dict(zip(("q05", "q25", "q50", "q75", "q95"), levels, strict=True)),
                }
            )
    return pd.DataFrame(rows, columns=["column", "arm", "n", "q05", "q25", "q50", "q75", "q95"])


def baseline_alt(data: pd.DataFrame, names: Mapping[str, EndpointName]) -> str:
    """Text alternative: medians of every arm."""
    sentences = []
    for column, group in data.groupby("column", sort=False):
        medians = ", ".join(f"{row['arm']} {row['q50']:.3g}" for _, row in group.iterrows())
        sentences.append(f"{names[str(column)].title}: median {medians}")
    return "Box plots of baseline values by arm. " + ". ".join(sentences) + "."


def baseline_figure(
    data: pd.DataFrame, names: Mapping[str, EndpointName], looks: Mapping[str, style.ArmLook]
) -> Figure:
    """Horizontal boxes, one panel per characteristic and one row per arm.

    Parameters
    ----------
    data : pd.DataFrame
        From `baseline_data`, not empty.
    names : Mapping[str, EndpointName]
        Printed title and unit of every column.
    looks : Mapping[str, style.ArmLook]
        Arm -> how it is drawn.

    Returns
    -------
    Figure
        As wide as a page.
    """
    words = style.heading(
        "The arms at baseline", "Box: middle half of the patients with the median; whiskers: 5 to 95 %."
    )
    columns = list(dict.fromkeys(data["column"]))
    arms = [arm for arm in looks if (data["arm"] == arm).any()]
    key = style.arm_key_height(arms)
    left, gap, tall = style.MARGIN + 0.08, 0.3, 0.2 * len(arms) + 0.2
    wide = (style.WIDTH - 2 * left - gap * (len(columns) - 1)) / len(columns)
    figure = style.new_figure(style.WIDTH, words.height + key + tall + 0.58)
    style.draw_heading(figure, words)
    style.draw_arm_key(figure, {arm: looks[arm] for arm in arms}, words.height)
    for position, column in enumerate(columns):
        axes = style.inch_axes(figure, left + position * (wide + gap), words.height + key, wide, tall)
        for row, arm in enumerate(arms):
            matches = data.loc[((data["column"] == column) & (data["arm"] == arm)).to_numpy()]
            if matches.empty:
                continue
            box, y, look = matches.iloc[0], len(arms) - 1 - row, looks[arm]
            axes.hlines(y, box["q05"], box["q95"], color=look.colour, linewidth=1.2)
            axes.barh(
                y,
                box["q75"] - box["q25"],
                left=box["q25"],
                height=0.5,
                facecolor=style.PAPER,
                edgecolor=look.colour,
                linewidth=1.3,
                zorder=3,
            )
            axes.vlines(box["q50"], y - 0.25, y + 0.25, color=look.colour, linewidth=2.2, zorder=4)
        axes.set_ylim(-0.6, len(arms) - 0.4)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.locator_params(axis="x", nbins=4)
        axes.grid(axis="x")
        name = names[column]
        axes.set_xlabel(
            "\n".join(style.wrap_text(titled(name.title, name.unit), wide, style.SMALL_SIZE)[:2]),
            fontsize=style.SMALL_SIZE,
        )
    return figure
