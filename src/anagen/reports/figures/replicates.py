"""Estimates of the same trial repeated with other patients: how much one trial's result owes to who came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.reports import style
from anagen.reports.wording import (
    EndpointName,
    contrast_text,
    is_share,
    lower_first,
    measure_scale,
    measure_unit,
    measure_words,
)
from anagen.results import Estimates

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def replicate_data(effects: pd.DataFrame, alpha: float = 0.05) -> pd.DataFrame:
    """Estimates of the primary endpoint over replicates.

    Parameters
    ----------
    effects : pandas.DataFrame
        The table of effects.
    alpha : float
        Level of the tests.

    Returns
    -------
    pandas.DataFrame
        Columns arm, control, replicate, draw, estimate, p_value, significant (p < alpha; NaN p is False).
    """
    columns = ["arm", "control", "replicate", "draw", "estimate", "p_value"]
    rows = Estimates(effects).primary().trials().rows[columns].copy()
    rows["arm"], rows["control"] = rows["arm"].astype(str), rows["control"].astype(str)
    rows["significant"] = (rows["p_value"].to_numpy(float) < alpha) & rows["estimate"].notna().to_numpy()
    return rows.dropna(subset="estimate").reset_index(drop=True)


def expected_effects(effects: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Expected effect at the primary endpoint of every (arm, control)."""
    rows = Estimates(effects).primary().expected(draw=0).rows
    return {(str(row["arm"]), str(row["control"])): float(row["estimate"]) for _, row in rows.iterrows()}


def replicate_title(data: pd.DataFrame, alpha: float) -> str:
    """Title: how many replicates are significant for one contrast; the content for several."""
    if data[["arm", "control"]].drop_duplicates().shape[0] == 1:
        return f"{int(data['significant'].sum())} of {len(data)} replicates of this trial find p < {alpha:g}"
    return f"Estimates over {data['replicate'].nunique()} replicates of this trial"


def replicate_alt(data: pd.DataFrame, alpha: float) -> str:
    """Text alternative: median and range of the estimates of every contrast."""
    sentences = [
        f"{contrast_text(str(arm), str(control))}: median {group['estimate'].median():.3g}, from "
        f"{group['estimate'].min():.3g} to {group['estimate'].max():.3g}, {int(group['significant'].sum())} of "
        f"{len(group)} with p < {alpha:g}"
        for (arm, control), group in data.groupby(["arm", "control"], sort=False)
    ]
    return "Histogram of estimates over replicates. " + ". ".join(sentences) + "."


def replicate_figure(
    data: pd.DataFrame,
    expected: Mapping[tuple[str, str], float],
    looks: Mapping[str, style.ArmLook],
    name: EndpointName,
    measure: str,
    alpha: float,
    threshold: float | None = None,
) -> Figure:
    """Histogram of the estimates for every contrast, significant ones in the arm's colour.

    Parameters
    ----------
    data : pd.DataFrame
        From `replicate_data` with at least two replicates.
    expected : Mapping[tuple[str, str], float]
        (arm, control) -> effect that the model expects.
    looks : Mapping[str, style.ArmLook]
        Arm -> how it is drawn.
    name : EndpointName
        Printed name of the endpoint.
    measure : str
        Measure of the endpoint.
    alpha : float
        Level of significance.
    threshold : float, optional
        Of a share of patients.
    """
    values = "parameter values of its own" if (data["draw"] > 0).any() else "the same central parameter values"
    words = style.heading(
        replicate_title(data, alpha),
        f"Each replicate has its own patients and {values}. Filled: p < {alpha:g}; pale: not. "
        "Dashed line: effect the model expects, the mean over parameter draws where there are enough.",
    )
    scale = measure_scale(measure)
    groups = list(data.groupby(["arm", "control"], sort=False))
    shown = [value * scale for pair, value in expected.items() if np.isfinite(value)]
    values = np.concatenate([data["estimate"].to_numpy(float) * scale, [0.0], shown])
    count = max(len(group) for _, group in groups)
    edges = np.linspace(values.min(), values.max(), int(np.clip(2 * np.sqrt(count), 8, 40)) + 1)
    if edges[0] == edges[-1]:
        edges = np.array([edges[0] - 0.5, edges[0] + 0.5])
    several = len(groups) > 1
    titled, tall, gap = (0.22 if several else 0.0), (1.1 if several else 2.0), 0.32
    figure = style.new_figure(style.WIDTH, words.height + len(groups) * (titled + tall + gap) + 0.25)
    style.draw_heading(figure, words)
    top = words.height
    unit = measure_unit(measure, name.unit, difference=True)
    what = f"the {measure_words(measure, threshold, name)}" if is_share(measure) else lower_first(name.title)
    label = f"Estimated difference in {what}" + (f" ({unit})" if unit else "")
    for number, ((arm, control), group) in enumerate(groups, 1):
        if several:
            title = style.shorten(contrast_text(str(arm), str(control)), 3.6, weight="bold")
            style.inch_text(figure, 0.62, top, title, fontweight="bold")
            share = f"{int(group['significant'].sum())} of {len(group)} with p < {alpha:g}"
            style.inch_text(figure, style.WIDTH - 0.15, top, share, ha="right", color=style.MUTED)
        axes = style.inch_axes(figure, 0.62, top + titled, style.WIDTH - 0.77, tall)
        estimates = group["estimate"].to_numpy(float) * scale
        seen = group["significant"].to_numpy(bool)
        look = looks.get(str(arm), style.ArmLook(style.PALETTE[0], "o"))
        hits, _ = np.histogram(estimates[seen], edges)
        misses, _ = np.histogram(estimates[~seen], edges)
        middle, wide = (edges[:-1] + edges[1:]) / 2, np.diff(edges) * 0.94
        axes.bar(middle, hits, wide, color=look.colour, alpha=0.9)
        axes.bar(middle, misses, wide, bottom=hits, color=look.colour, alpha=0.3)
        axes.set_ylim(0, 1.08 * max(1, int((hits + misses).max())))
        axes.axvline(0.0, color=style.INK, linewidth=0.9)
        if np.isfinite(expected.get((str(arm), str(control)), np.nan)):
            centre = expected[(str(arm), str(control))] * scale
            axes.axvline(centre, color=style.INK, linewidth=1.3, linestyle=(0, (4, 2)))
        axes.set_ylabel("Replicates")
        axes.locator_params(axis="y", integer=True, nbins=4 if several else 6)
        axes.grid(axis="y")
        if number == len(groups):
            axes.set_xlabel(label)
        top += titled + tall + gap
    return figure
