"""Power over the number of patients, and the outcomes of a study side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from anagen.planning.wording import main_rows, outcome_words, per_arm, rows_of_outcome, short_outcome
from anagen.reports import style
from anagen.reports.numbers import is_number, percent
from anagen.reports.wording import contrast_text, weeks

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from anagen.planning.result import Power

TALL, LEFT, BELOW, GAP = 2.9, 0.65, 0.55, 0.35
MOST_PANELS = 6
MOST_LINES = 12
NAMES = {
    "power": "power",
    "power_fixed": "power at the fixed effect",
    "assurance": "assurance",
    "type_one_error": "type I error",
}


def draw_power(result: Power) -> Figure:
    """Shares of success of the main outcome over the number of patients, a panel for each contrast.

    Parameters
    ----------
    result : Power
        What is drawn.

    Returns
    -------
    Figure
        Lines with their Monte-Carlo errors, the goal and the ceiling of the assurance.
    """
    question = result.found.question
    looks = style.arm_looks(list(NAMES.values()), [NAMES["type_one_error"]])
    drawn = {NAMES[name]: looks[NAMES[name]] for name in NAMES if result.table[name].notna().any()}
    goal, ceiling = percent(result.manifest["goal"]), bool(result.table["ceiling"].notna().any())
    dotted = " Dotted: what assurance cannot exceed, the chance that there is an effect at all." if ceiling else ""
    words = style.heading(
        f"How often a trial succeeds, {outcome_words(question.choices[0])}",
        f"Whiskers: Monte-Carlo standard error. Dashed: the goal of {goal}.{dotted}",
    )
    pairs = question.pairs[:MOST_PANELS]
    columns = 1 if len(pairs) == 1 else 2
    lines = -(-len(pairs) // columns)
    key, head = style.arm_key_height(list(drawn)), 0.24 if len(pairs) > 1 else 0.0
    wide = (style.WIDTH - LEFT - 0.2 - GAP * (columns - 1)) / columns
    tall = TALL if columns == 1 else 2.0
    figure = style.new_figure(style.WIDTH, words.height + key + lines * (head + tall + BELOW) + 0.1)
    style.draw_heading(figure, words)
    style.draw_arm_key(figure, drawn, words.height)
    rows = main_rows(result.table, result)
    for place, pair in enumerate(pairs):
        line, column = divmod(place, columns)
        x, y = LEFT + column * (wide + GAP), words.height + key + line * (head + tall + BELOW)
        if head:
            title = style.shorten(contrast_text(*pair), wide, style.SMALL_SIZE)
            style.inch_text(figure, x, y, title, fontsize=style.SMALL_SIZE, fontweight="bold")
        axes = style.inch_axes(figure, x, y + head, wide, tall)
        of_pair = [row for row in rows if (row["arm"], row["control"]) == pair]
        _draw(axes, of_pair, drawn, float(result.manifest["goal"]))
        axes.set_xlabel(f"patients {per_arm(result)}")
        if column == 0:
            axes.set_ylabel("trials that succeed (%)")
    return figure


def draw_outcomes(result: Power) -> Figure:
    """Power of every outcome over the number of patients.

    Parameters
    ----------
    result : Power
        What is drawn.

    Returns
    -------
    Figure
        A line for each outcome and contrast, twelve at most.
    """
    question = result.found.question
    lines: dict[str, list[dict[str, Any]]] = {}
    for place, choice in enumerate(question.choices):
        rows = rows_of_outcome(result.table, result, place)
        for pair in question.pairs:
            named = f"{short_outcome(choice)}, week {weeks(choice.week)}"
            named += f", {contrast_text(*pair)}" if len(question.pairs) > 1 else ""
            lines[named] = [row for row in rows if (row["arm"], row["control"]) == pair]
    shown = dict(list(lines.items())[:MOST_LINES])
    cut = f" The first {len(shown)} of {len(lines)} are drawn." if len(lines) > len(shown) else ""
    where = "at central parameter values" if result.manifest["normal"] is None else "of the stated effect"
    words = style.heading(
        f"Power {where}, by outcome and visit",
        f"Whiskers: Monte-Carlo standard error. Dashed: the goal of {percent(result.manifest['goal'])}.{cut}",
    )
    looks = style.arm_looks(list(shown))
    key = style.arm_key_height(list(looks))
    figure = style.new_figure(style.WIDTH, words.height + key + TALL + BELOW + 0.1)
    style.draw_heading(figure, words)
    style.draw_arm_key(figure, looks, words.height)
    axes = style.inch_axes(figure, LEFT, words.height + key, style.WIDTH - LEFT - 0.2, TALL)
    for place, (named, rows) in enumerate(shown.items()):
        _line(axes, rows, "power", looks[named], _shift(rows, place, len(shown)))
    _frame(axes, next(iter(shown.values())), float(result.manifest["goal"]))
    axes.set_xlabel(f"patients {per_arm(result)}")
    axes.set_ylabel("trials that succeed (%)")
    return figure


def alt_of(result: Power, name: str) -> str:
    """What a picture shows, for those who cannot see it."""
    if name == "outcomes":
        return f"Power over the number of patients per arm for every outcome. {result.headline()}"
    return f"Power, assurance and type I error over the number of patients per arm. {result.headline()}"


def _draw(axes: Axes, rows: Sequence[dict[str, Any]], looks: dict[str, style.ArmLook], goal: float) -> None:
    if is_number(rows[0]["ceiling"]):
        axes.axhline(100.0 * rows[0]["ceiling"], color=looks[NAMES["assurance"]].colour, linewidth=1.2, linestyle=":")
    drawn = [name for name in NAMES if NAMES[name] in looks]
    for place, name in enumerate(drawn):
        _line(axes, rows, name, looks[NAMES[name]], _shift(rows, place, len(drawn)))
    _frame(axes, rows, goal)


def _shift(rows: Sequence[dict[str, Any]], place: int, many: int) -> float:
    """A little to the side, so that whiskers of several lines do not hide each other."""
    span = float(rows[-1]["patients"] - rows[0]["patients"]) or 1.0
    return 0.006 * span * (place - (many - 1) / 2.0)


def _line(axes: Axes, rows: Sequence[dict[str, Any]], name: str, look: style.ArmLook, shift: float) -> None:
    sizes, shares, errors = (
        np.array([row[column] for row in rows], dtype=np.float64) for column in ("patients", name, f"{name}_error")
    )
    axes.errorbar(
        sizes + shift,
        100.0 * shares,
        yerr=100.0 * errors,
        color=look.colour,
        marker=look.marker,
        markersize=5.5,
        markeredgecolor=style.PAPER,
        markeredgewidth=0.6,
        elinewidth=0.9,
        capsize=2.2,
        linewidth=1.6,
    )


def _frame(axes: Axes, rows: Sequence[dict[str, Any]], goal: float) -> None:
    sizes = [int(row["patients"]) for row in rows]
    axes.axhline(100.0 * goal, color=style.MUTED, linewidth=1.0, linestyle="--")
    axes.set_ylim(0.0, 103.0)
    margin = 0.05 * ((sizes[-1] - sizes[0]) or 1)
    axes.set_xlim(sizes[0] - margin, sizes[-1] + margin)
    wide = float(axes.get_position().width) * style.WIDTH
    kept: list[int] = []
    for size in sizes:
        room = 0.0 if not kept else (size - kept[-1]) / ((sizes[-1] - sizes[0]) or 1) * wide
        if not kept or room > 0.32:
            kept.append(size)
    axes.set_xticks(kept, [str(size) for size in kept])
    axes.grid(axis="y")
