"""Pictures of a credibility report: risk matrix, convergence, screening, and shares of the variance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from anagen.credibility.assessment import Assessment
from anagen.credibility.criteria import LEVELS, Level, model_risk
from anagen.credibility.phrasing import effect_amounts, endpoint_title
from anagen.reports import style
from anagen.reports.wording import lower_first

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patches import Patch

GRADE_COLOURS = {"A": style.PALETTE[0], "B": style.PALETTE[2], "C": style.PALETTE[1]}
RISK_COLOURS: dict[Level, str] = {"low": "#D7ECE3", "medium": "#FBE7C2", "high": "#F6CDB4"}
NAMED = 8
"""Parameters that are labelled in the screening."""
ROW = 0.3


def risk_figure(assessment: Assessment) -> Figure:
    """Matrix of influence and consequence with the risk of every field and the study's place."""
    stakes = assessment.stakes
    words = style.heading(
        f"Model risk: {stakes.risk}",
        "Influence of the model on the decision against the consequence of a wrong decision; the dot is this study.",
    )
    side, left = 0.62, 1.35
    figure = style.new_figure(style.WIDTH, words.height + 3 * side + 0.62)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, left, words.height, 3 * 1.45, 3 * side)
    for x, consequence in enumerate(LEVELS):
        for y, influence in enumerate(LEVELS):
            risk = model_risk(influence, consequence)
            axes.add_patch(_field(x, y, RISK_COLOURS[risk]))
            axes.text(x + 0.5, y + 0.24, f"{risk} risk", ha="center", va="center", color=style.MUTED, fontsize=8)
    here = LEVELS.index(stakes.consequence) + 0.5, LEVELS.index(stakes.influence) + 0.62
    axes.plot(*here, marker="o", markersize=11, color=style.INK)
    axes.set_xlim(0, 3)
    axes.set_ylim(0, 3)
    axes.set_xticks(np.arange(3) + 0.5, list(LEVELS))
    axes.set_yticks(np.arange(3) + 0.5, list(LEVELS))
    axes.tick_params(length=0)
    axes.set_xlabel("Decision consequence")
    axes.set_ylabel("Model influence")
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def convergence_figure(assessment: Assessment) -> Figure:
    """The expected effect against the number of patients, and its 90 % interval against the number of draws."""
    amounts = effect_amounts(assessment)
    heading = style.heading(
        "How the result settles",
        "Left: expected effect at central values, with 95 % intervals of its Monte-Carlo error. Right: ends of the "
        "90 % interval over parameter draws, with 95 % intervals of their own; an arrow where there are too few draws "
        "for one.",
    )
    tall, wide, left = 2.0, 2.45, 0.68
    figure = style.new_figure(style.WIDTH, heading.height + tall + 0.6)
    style.draw_heading(figure, heading)
    first = style.inch_axes(figure, left, heading.height, wide, tall)
    table = assessment.patients
    half = 1.959964 * table["standard_error"].to_numpy(float) * amounts.scale
    effect = table["effect"].to_numpy(float) * amounts.scale
    places = np.arange(len(table))
    first.errorbar(places, effect, half, fmt="o", color=style.PALETTE[0], capsize=3, linewidth=1.3, markersize=5)
    first.set_xticks(places, [f"{int(n)}" for n in table["patients"]])
    first.set_xlim(-0.5, len(table) - 0.5)
    first.set_xlabel("Reference patients")
    first.set_ylabel(amounts.unit or "effect")
    first.grid(axis="y")
    _intervals(style.inch_axes(figure, left + wide + 0.75, heading.height, wide, tall), assessment)
    return figure


def _intervals(axes: Axes, assessment: Assessment) -> None:
    amounts, table = effect_amounts(assessment), assessment.draws
    places = np.arange(len(table))
    lows, highs = (table[name].to_numpy(float) * amounts.scale for name in ("low", "high"))
    reach = float(highs.max() - lows.min()) if len(table) else 1.0
    for end, values, colour in (("low", lows, style.PALETTE[1]), ("high", highs, style.PALETTE[2])):
        for place, value in zip(places, values, strict=True):
            row = table.iloc[place]
            for side, towards in ((f"{end}_from", -1.0), (f"{end}_to", 1.0)):
                limit = float(row[side]) * amounts.scale
                if np.isfinite(limit):
                    axes.plot([place, place], [value, limit], color=colour, linewidth=1.3)
                else:
                    axes.annotate(
                        "",
                        (place, value + 0.22 * towards * reach),
                        (place, value),
                        arrowprops={
                            "arrowstyle": "->",
                            "color": colour,
                            "linewidth": 1.3,
                            "shrinkA": 0,
                            "shrinkB": 0,
                        },
                        annotation_clip=False,
                    )
        axes.plot(places, values, marker="o", markersize=5, color=colour, linestyle="none", label=end)
    axes.margins(y=0.18)
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.16 * reach, high + 0.16 * reach)
    axes.set_xticks(places, [f"{int(n)}" for n in table["draws"]])
    axes.set_xlim(-0.5, max(len(table), 1) - 0.5)
    axes.set_xlabel("Parameter draws")
    axes.set_ylabel(amounts.unit or "effect")
    axes.grid(axis="y")


def screening_figure(assessment: Assessment) -> Figure:
    """Morris screening: mean size of the elementary effects against their spread, coloured by grade."""
    amounts, sensitivity = effect_amounts(assessment), assessment.sensitivity
    heading = style.heading(
        f"{sensitivity.influential} of {len(sensitivity.screening)} uncertain parameters move the expected effect",
        "Morris screening: mean absolute change of the effect when a parameter goes from its 5 % to its 95 % quantile, "
        "against the standard deviation of that change; above the line a parameter interacts or acts unevenly.",
    )
    tall = 2.9
    figure = style.new_figure(style.WIDTH, heading.height + tall + 0.55)
    style.draw_heading(figure, heading)
    axes = style.inch_axes(figure, 0.62, heading.height, style.WIDTH - 2.75, tall)
    grades = assessment.register.set_index("name")["grade"]
    table = sensitivity.screening
    x, y = (table[name].to_numpy(float) * amounts.scale for name in ("mu_star", "sigma"))
    colours = [GRADE_COLOURS[str(grades[name])] for name in table["name"]]
    axes.scatter(x, y, c=colours, s=26, zorder=3)
    most = float(max(x.max(), y.max(), 1e-12)) * 1.08
    axes.plot([0, most], [0, most], color=style.RULE, linewidth=1, zorder=1)
    axes.set_xlim(-0.03 * most, most)
    axes.set_ylim(-0.03 * most, most)
    labelled = [place for place in range(min(NAMED, len(table))) if x[place] > 0.0]
    heights = style.spread_labels([float(y[place]) for place in labelled], 0.068 * most)
    for place, height in zip(labelled, heights, strict=True):
        text = style.shorten(str(table["name"].iloc[place]), 1.95, 7.0)
        axes.annotate(
            text,
            (x[place], y[place]),
            (1.04 * most, height),
            fontsize=7.0,
            va="center",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": style.RULE, "linewidth": 0.7, "shrinkB": 3},
        )
    for place, (grade, colour) in enumerate(GRADE_COLOURS.items()):
        axes.text(
            0.02, 0.97 - 0.065 * place, f"● grade {grade}", transform=axes.transAxes, fontsize=8, color=colour, va="top"
        )
    axes.set_xlabel(f"mean size of the change ({amounts.unit})" if amounts.unit else "mean size of the change")
    axes.set_ylabel("its standard deviation")
    axes.grid()
    return figure


def shares_figure(assessment: Assessment) -> Figure:
    """The strongest parameters: the effect at the ends of each prior, and shares of the variance."""
    amounts, sensitivity = effect_amounts(assessment), assessment.sensitivity
    table = sensitivity.indices.merge(sensitivity.swings, on="name", sort=False)
    heading = style.heading(
        "What the spread of the expected effect comes from",
        "Left: the effect with one parameter at its 5 % (pale) and 95 % quantile (full), all others central. Right: "
        "Sobol indices with 95 % intervals: total (bar) and first order (dot).",
    )
    tall = len(table) * ROW + 0.1
    names, panel = 2.2, 1.95
    figure = style.new_figure(style.WIDTH, heading.height + tall + 0.55)
    style.draw_heading(figure, heading)
    left = style.inch_axes(figure, names, heading.height, panel, tall)
    right = style.inch_axes(figure, names + panel + 0.25, heading.height, panel, tall)
    grades = assessment.register.set_index("name")["grade"]
    centre = sensitivity.central * amounts.scale
    for place, (_, row) in enumerate(table.iterrows()):
        colour = GRADE_COLOURS[str(grades[row["name"]])]
        for end, strength in (("low", 0.35), ("high", 0.95)):
            value = float(row[end]) * amounts.scale
            left.barh(place, value - centre, left=centre, height=0.62, color=colour, alpha=strength, zorder=2)
        right.barh(place, max(float(row["total"]), 0.0), height=0.62, color=colour, alpha=0.45, zorder=2)
        ends = [float(row["total"]) - float(row["total_conf"]), float(row["total"]) + float(row["total_conf"])]
        right.plot(ends, [place, place], color=style.INK, linewidth=0.9, zorder=3)
        right.plot(float(row["first"]), place, marker="o", markersize=4.5, color=style.INK, zorder=4)
        style.inch_text(
            figure,
            style.MARGIN,
            heading.height + tall * (place + 0.5) / len(table),
            style.shorten(str(row["name"]), names - 0.25, style.SMALL_SIZE),
            va="center",
            fontsize=style.SMALL_SIZE,
        )
    left.axvline(centre, color=style.INK, linewidth=0.9, zorder=3)
    for axes in (left, right):
        axes.set_ylim(len(table) - 0.5, -0.5)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x")
    right.axvline(0.0, color=style.MUTED, linewidth=0.8)
    left.set_xlabel(amounts.unit or "effect")
    right.set_xlabel("share of the variance")
    return figure


def risk_alt(assessment: Assessment) -> str:
    """The risk matrix in words."""
    stakes = assessment.stakes
    return f"Influence {stakes.influence}, consequence {stakes.consequence}: model risk {stakes.risk}."


def convergence_alt(assessment: Assessment) -> str:
    """Convergence in words."""
    amounts = effect_amounts(assessment)
    parts = [
        f"{int(row['patients'])} patients {amounts.bare(row['effect'])}" for _, row in assessment.patients.iterrows()
    ]
    title = lower_first(endpoint_title(assessment))
    return f"Expected effect in {title} by number of patients: {', '.join(parts)} {amounts.unit}."


def screening_alt(assessment: Assessment) -> str:
    """The screening in words."""
    amounts = effect_amounts(assessment)
    rows = assessment.sensitivity.screening.head(NAMED)
    return "Largest mean changes: " + ", ".join(
        f"{row['name']} {amounts.bare(row['mu_star'], signed=False)}" for _, row in rows.iterrows()
    )


def shares_alt(assessment: Assessment) -> str:
    """Shares of the variance in words."""
    rows = assessment.sensitivity.indices
    return "Total shares of the variance: " + ", ".join(
        f"{row['name']} {row['total']:.2f}" for _, row in rows.iterrows()
    )


def _field(x: int, y: int, colour: str) -> Patch:
    from matplotlib.patches import Rectangle

    return Rectangle((x + 0.02, y + 0.03), 0.96, 0.94, facecolor=colour, edgecolor="none")
