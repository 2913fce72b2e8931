"""Pictures of a calibration: priors and posteriors, correlations, emulators, published against predicted, ranks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from anagen.calibration.records import Calibration
from anagen.calibration.simulation_based import BINS, Ranks
from anagen.reports import style
from anagen.statistics.shares import binomial_quantile

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SHOWN = 24
ROW = 0.24
LABELS = 2.6
PANEL = 1.75
GAP = 0.42
PAIRS = 6
DOTS = 400
SCALES = {
    "change": "change [unit of the endpoint]",
    "percent_change": "change [%]",
    "responder": "responders [share]",
    "value": "value [unit of the endpoint]",
}
"""Kinds of values that share a panel, with the words of its axes."""
POSTERIOR = style.PALETTE[0]


def draw_parameters(table: pd.DataFrame, title: str = "What published values say of parameters") -> Figure:
    """Prior and posterior 90 % intervals of the parameters of which data say most, in standard deviations of the prior.

    Parameters
    ----------
    table : pd.DataFrame
        With name, contraction and shift, as of `tables.parameter_rows`.
    title : str
        Above the picture.
    """
    shown = table.head(SHOWN)
    words = style.heading(
        title,
        "Grey: prior, blue: posterior; 90 % intervals in standard deviations of the prior. Right: contraction.",
    )
    height = ROW * len(shown)
    figure = style.new_figure(style.WIDTH, words.height + height + 0.6)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, LABELS, words.height, style.WIDTH - LABELS - 0.6, height)
    places = np.arange(len(shown))[::-1]
    for place, (_, row) in zip(places, shown.iterrows(), strict=True):
        sd = float(np.sqrt(max(1.0 - row["contraction"], 0.0)))
        axes.plot([-1.645, 1.645], [place, place], color=style.RULE, linewidth=5, solid_capstyle="butt")
        axes.plot([row["shift"] - 1.645 * sd, row["shift"] + 1.645 * sd], [place, place], color=POSTERIOR, linewidth=2)
        axes.plot(row["shift"], place, "o", color=POSTERIOR, markersize=4)
        axes.annotate(
            f"{row['contraction']:.2f}",
            (1.02, place),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=style.SMALL_SIZE,
        )
    axes.set_yticks(places, [style.shorten(str(name), LABELS - 0.2, style.SMALL_SIZE) for name in shown["name"]])
    axes.set_ylim(-0.7, len(shown) - 0.3)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.set_xlabel("standard deviations of the prior")
    return figure


def draw_pairs(calibration: Calibration, correlations: pd.DataFrame) -> Figure:
    """Posterior draws of the pairs of parameters that are correlated most, in deviates."""
    shown = correlations.head(PAIRS)
    words = style.heading(
        "Parameters that published values tie together",
        "Posterior draws of the most correlated pairs, in standard deviations of the prior.",
    )
    rows = int(np.ceil(len(shown) / 3))
    figure = style.new_figure(style.WIDTH, words.height + rows * (PANEL + 0.75))
    style.draw_heading(figure, words)
    x = calibration.chains.thinned(DOTS)
    for number, (_, pair) in enumerate(shown.iterrows()):
        down, across = divmod(number, 3)
        left = 0.55 + across * (PANEL + GAP)
        axes = style.inch_axes(figure, left, words.height + 0.1 + down * (PANEL + 0.75), PANEL - 0.1, PANEL - 0.1)
        first, second = (calibration.joint.names.index(str(pair[key])) for key in ("first", "second"))
        axes.plot(x[:, first], x[:, second], ".", color=POSTERIOR, markersize=2, alpha=0.5)
        axes.set_xlabel(style.shorten(str(pair["first"]), PANEL + 0.2, style.SMALL_SIZE), fontsize=style.SMALL_SIZE)
        axes.set_ylabel(style.shorten(str(pair["second"]), PANEL, style.SMALL_SIZE), fontsize=style.SMALL_SIZE)
        axes.set_title(f"r = {pair['correlation']:+.2f}", fontsize=style.SMALL_SIZE)
    return figure


def draw_published(table: pd.DataFrame) -> Figure:
    """Published values against the prediction of new trials like them, before and after.

    Parameters
    ----------
    table : pd.DataFrame
        `tables.target_table`.
    """
    kinds = table["measure"].map(lambda measure: "responder" if str(measure).startswith("responder") else measure)
    present = [kind for kind in SCALES if (kinds == kind).any()]
    words = style.heading(
        "Published values and the trials that the model expects",
        "Blue: posterior with its 90 % predictive interval; grey: prior. On the line, both are the same.",
    )
    rows = int(np.ceil(len(present) / 2))
    side = 2.45
    figure = style.new_figure(style.WIDTH, words.height + rows * (side + 0.75))
    style.draw_heading(figure, words)
    for number, kind in enumerate(present):
        down, across = divmod(number, 2)
        axes = style.inch_axes(
            figure, 0.65 + across * (side + 0.7), words.height + 0.1 + down * (side + 0.75), side, side - 0.1
        )
        part = table[kinds == kind]
        for name, colour in (("prior", style.RULE), ("posterior", POSTERIOR)):
            at = part["observed"].to_numpy(dtype=float)
            low, high = (part[f"{name}_{end}90"].to_numpy(dtype=float) for end in ("low", "high"))
            axes.vlines(at, low, high, color=colour, linewidth=3 if name == "prior" else 1)
            axes.plot(at, part[f"{name}_predictive"], "o", color=colour, markersize=3)
        ends = np.array([part["observed"].min(), part["observed"].max()], dtype=float)
        axes.plot(ends, ends, color=style.INK, linewidth=0.8)
        axes.set_xlabel(f"published {SCALES[kind]}", fontsize=style.SMALL_SIZE)
        axes.set_ylabel("predicted", fontsize=style.SMALL_SIZE)
    return figure


def draw_emulators(calibration: Calibration) -> Figure:
    """Emulated against simulated values at posterior draws, each value less its mean and over its own error."""
    words = style.heading(
        "Emulators against the simulation",
        "Values at posterior draws that no emulator was fitted to, less their mean, in units of the published error.",
    )
    side = 3.4
    figure = style.new_figure(style.WIDTH, words.height + side + 0.65)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, 0.8, words.height + 0.05, side, side)
    checked = calibration.checked
    centre = checked.groupby(["study", "row"])["simulated"].transform("mean")
    simulated = (checked["simulated"] - centre) / checked["error"]
    emulated = (checked["emulated"] - centre) / checked["error"]
    axes.plot(simulated, emulated, ".", color=POSTERIOR, markersize=2, alpha=0.5)
    ends = np.array([np.nanmin(simulated), np.nanmax(simulated)])
    axes.plot(ends, ends, color=style.INK, linewidth=0.8)
    axes.set_xlabel("simulated [standard errors]")
    axes.set_ylabel("emulated [standard errors]")
    return figure


def draw_ranks(ranks: dict[str, Ranks]) -> Figure:
    """Ranks of known truths among posterior draws, all deviates together, with the band that one deviate would keep."""
    words = style.heading(
        "Truths that were put in, ranked among the draws that came out",
        "All deviates together; flat where density and sampler are right. Grey: 99 % band of a bin, draws independent.",
    )
    wide = (style.WIDTH - 0.75 - 0.25 * (len(ranks) - 1)) / len(ranks)
    figure = style.new_figure(style.WIDTH, words.height + PANEL + 0.85)
    style.draw_heading(figure, words)
    for number, (name, calibration) in enumerate(ranks.items()):
        axes = style.inch_axes(figure, 0.6 + number * (wide + 0.25), words.height + 0.3, wide, PANEL)
        flat = calibration.ranks.ravel()
        counts = np.bincount(flat // (100 // BINS), minlength=BINS) / len(flat) * BINS
        low, high = binomial_quantile([0.005, 0.995], len(flat), 1.0 / BINS) / len(flat) * BINS
        axes.axhspan(low, high, color=style.RULE, linewidth=0)
        axes.bar((np.arange(BINS) + 0.5) / BINS, counts, width=0.9 / BINS, color=POSTERIOR)
        axes.set_ylim(0.0, 1.6)
        axes.set_xlim(0.0, 1.0)
        axes.set_title(style.shorten(name, wide, style.SMALL_SIZE), fontsize=style.SMALL_SIZE)
        axes.set_xlabel("rank", fontsize=style.SMALL_SIZE)
        if number == 0:
            axes.set_ylabel("share, 1 is uniform", fontsize=style.SMALL_SIZE)
        else:
            axes.tick_params(axis="y", labelleft=False)
    return figure
