"""Two pictures of an explanation: what carries the gain, and the ways through the network that carry it.

Colour of an edge is the grade of its evidence, its width what it carries; a bar at its end inhibits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from anagen.explanation.explain import Explanation
from anagen.explanation.gain import COURSE_ROWS
from anagen.explanation.wording import amount, gain_text, scale_of, unit_of, with_error
from anagen.reports import style
from anagen.reports.mechanism import LEVER_WORDS
from anagen.reports.wording import has_band, is_number, therapy_title
from anagen.signalling.network import EVIDENCE_GRADES, Edge
from anagen.signalling.network.drawing import GRADE_COLOURS, IN_USE, columns_of
from anagen.signalling.network.elements import EvidenceGrade

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR, LABELS, VALUES = 0.26, 2.55, 1.05
BOX, TALL, APART, STEP = 1.12, 0.24, 0.5, 0.42
THIN, THICK = 0.7, 6.0
NAMED_EDGE = 0.02
"""Part of all that is carried above which an entry edge is labelled."""
GREY = "#9A9A9A"
BEHIND = {"facecolor": "#FFFFFF", "edgecolor": "none", "pad": 0.4, "alpha": 0.8}


def gain_figure(explanation: Explanation) -> Figure:
    """Waterfall of the gain: one bar per therapy or act and lever, from zero to the whole, with bands over draws."""
    rows = explanation.gain[(explanation.gain["gain"] != 0.0) | (~explanation.gain["player"].isin(COURSE_ROWS))]
    scale, colours = scale_of(explanation.about), _colours(list(rows["player"]))
    against = f"over {explanation.about['control']}" if explanation.about["control"] else "against its own baseline"
    words = style.heading(
        f"What carries the gain of {explanation.about['arm']} {against}",
        "Each bar begins where the one above it ends. Thin lines: 5 to 95 % of each contribution over parameter draws. "
        "±: Monte-Carlo standard error.",
    )
    height = words.height + (len(rows) + 1) * BAR + 0.55
    figure = style.new_figure(style.WIDTH, height)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, LABELS, words.height, style.WIDTH - LABELS - VALUES, (len(rows) + 1) * BAR)
    start = 0.0
    for place, (_, row) in enumerate(rows.iterrows()):
        size = float(row["gain"]) * scale
        axes.barh(place, size, left=start, height=0.62, color=colours[str(row["player"])], zorder=2)
        if is_number(row["low"]) and has_band(explanation.about["draws"]):
            ends = [start + float(row[name]) * scale for name in ("low", "high")]
            axes.plot(ends, [place, place], color=style.INK, linewidth=0.9, zorder=3)
        name = therapy_title(str(row["player"])) + (f": {LEVER_WORDS[row['lever']]}" if row["lever"] else "")
        value = gain_text(explanation.about, row)
        _row_texts(figure, words.height + (place + 0.5) * BAR, name, value, "normal")
        start += size
    axes.barh(len(rows), start, height=0.62, color=style.INK, zorder=2)
    _row_texts(
        figure,
        words.height + (len(rows) + 0.5) * BAR,
        "whole gain",
        with_error(explanation.about, explanation.about["gain_total"], explanation.about["gain_error"]),
        "bold",
    )
    axes.set_ylim(len(rows) + 0.5, -0.5)
    axes.axvline(0.0, color=style.MUTED, linewidth=0.8, zorder=1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel(unit_of(explanation.about))
    return figure


def gain_alt(explanation: Explanation) -> str:
    """The waterfall in words."""
    parts = [
        f"{row['player']} {LEVER_WORDS.get(str(row['lever']), '')} {amount(explanation.about, row['gain'])}"
        for _, row in explanation.gain.iterrows()
        if row["gain"] != 0.0
    ]
    whole = amount(explanation.about, explanation.about["gain_total"])
    return f"Contributions to the gain: {', '.join(parts)}; whole {whole}."


def network_figure(explanation: Explanation) -> Figure:
    """The ways of the arm through the network, from its inputs to its levers."""
    flows = edge_flows(explanation)
    edges = [edge for edge in explanation.network.edges if edge.name in flows]
    used = {name for edge in edges for name in (edge.origin, edge.target)}
    names = [name for name in (*explanation.network.input_names, *explanation.network.node_names) if name in used]
    ends = lever_flows(explanation)
    levers = list(dict.fromkeys(lever for _, lever in ends))
    columns = [*columns_of(names, explanation.network.input_names, edges), levers]
    words = style.heading(
        f"Ways through which {explanation.about['arm']} acts",
        "Width: what an edge carries in the arm. Colour: grade of its evidence. A bar at its end inhibits. Grey: which "
        "nodes stand behind which lever. Weights are assumptions; only signs have sources.",
        width=max(style.WIDTH, _across(len(columns))),
    )
    tallest = max(len(column) for column in columns) * STEP
    width, key = max(style.WIDTH, _across(len(columns))), 0.3
    figure = style.new_figure(width, words.height + tallest + key + 0.15)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, 0.0, words.height, width, tallest + key)
    axes.set_xlim(0.0, width)
    axes.set_ylim(tallest + key, 0.0)
    axes.axis("off")
    gap = (width - 2 * style.MARGIN - BOX) / max(len(columns) - 1, 1)
    places = {
        name: (style.MARGIN + number * gap, (row + 0.5) * tallest / len(column))
        for number, column in enumerate(columns)
        for row, name in enumerate(column)
    }
    most = max([*flows.values(), 1e-300])
    for edge in edges:
        _edge(axes, edge, places, edges, flows[edge.name] / most)
    for (node, lever), flow in ends.items():
        _tie(axes, places[node], places[lever], flow / most)
    whole = sum(ends.values())
    for edge in edges:
        if edge.origin in explanation.network.input_names and flows[edge.name] > NAMED_EDGE * whole:
            x, y = places[edge.target]
            text = amount(explanation.about, _entry(explanation, edge.name))
            above = y + _shift(edge, edges, places, False) - 0.05
            axes.text(x - 0.1, above, text, fontsize=6.0, ha="right", va="bottom", zorder=6, bbox=BEHIND)
    for name, place in places.items():
        lever = name in levers
        fill = IN_USE if name in explanation.network.input_names else "#EDEDED" if lever else "#FFFFFF"
        _box(axes, LEVER_WORDS.get(name, name.replace("_", " ")), place, fill)
    _key(axes, [edge.grade for edge in edges], tallest + 0.5 * key)
    return figure


def network_alt(explanation: Explanation) -> str:
    """The network in words: the ways that carry most."""
    rows = explanation.paths.head(5)
    parts = [
        f"{row['path']} {amount(explanation.about, row['carried'])} (grade {row['grade']})"
        for _, row in rows.iterrows()
    ]
    return f"Ways that carry most: {'; '.join(parts)}."


def edge_flows(explanation: Explanation) -> dict[str, float]:
    """What every edge carries: the sum over the paths along it, of either sign."""
    flows: dict[str, float] = {}
    for _, row in explanation.paths.iterrows():
        size = abs(float(row["carried"])) if is_number(row["carried"]) else 0.0
        for origin, target in pairwise(str(row["path"]).split("->")):
            flows[f"{origin}->{target}"] = flows.get(f"{origin}->{target}", 0.0) + size
    return flows


def lever_flows(explanation: Explanation) -> dict[tuple[str, str], float]:
    """What every output node carries to every lever."""
    flows: dict[tuple[str, str], float] = {}
    for _, row in explanation.paths.iterrows():
        key = (str(row["output"]), str(row["lever"]))
        flows[key] = flows.get(key, 0.0) + (abs(float(row["carried"])) if is_number(row["carried"]) else 0.0)
    return flows


def _entry(explanation: Explanation, edge: str) -> float:
    return float(explanation.levers.loc[explanation.levers["entry"] == edge, "carried"].sum())


def _across(columns: int) -> float:
    return 2 * style.MARGIN + columns * BOX + (columns - 1) * APART


def _colours(players: Sequence[str]) -> Mapping[str, str]:
    acting = [player for player in dict.fromkeys(players) if player not in COURSE_ROWS]
    hues = {player: style.PALETTE[number % len(style.PALETTE)] for number, player in enumerate(acting)}
    return hues | dict.fromkeys(COURSE_ROWS, style.CONTROL_GREYS[1])


def _row_texts(figure: Figure, middle: float, name: str, value: str, weight: str) -> None:
    label = style.shorten(name, LABELS - 0.25, style.SMALL_SIZE, weight)
    options: dict[str, Any] = {"fontsize": style.SMALL_SIZE, "va": "center", "fontweight": weight}
    style.inch_text(figure, LABELS - 0.1, middle, label, ha="right", **options)
    style.inch_text(figure, style.WIDTH - style.MARGIN, middle, value, ha="right", **options)


def _shift(edge: Edge, edges: Sequence[Edge], places: Mapping[str, tuple[float, float]], outgoing: bool) -> float:
    """Spreads the ends of a box's edges over its height, in the order of what they lead to."""
    beside = [e for e in edges if (e.origin == edge.origin if outgoing else e.target == edge.target)]
    ranked = sorted(beside, key=lambda other: places[other.target if outgoing else other.origin][1])
    if len(ranked) < 2:
        return 0.0
    room = TALL - 0.08
    return -0.5 * room + room * ranked.index(edge) / (len(ranked) - 1)


def _edge(
    axes: Axes, edge: Edge, places: Mapping[str, tuple[float, float]], edges: Sequence[Edge], flow: float
) -> None:
    from matplotlib.patches import ArrowStyle, FancyArrowPatch
    from matplotlib.path import Path

    (x0, y0), (x1, y1) = places[edge.origin], places[edge.target]
    y0, y1 = y0 + _shift(edge, edges, places, True), y1 + _shift(edge, edges, places, False)
    if x1 > x0:
        start, stop = x0 + BOX, x1 - 0.02
        bend = 0.42 * (stop - start)
        points = [(start, y0), (start + bend, y0), (stop - bend, y1), (stop, y1)]
    else:
        start, stop = x0 + BOX, x1 + BOX + 0.02
        reach = max(start, stop) + 0.3
        points = [(start, y0), (reach, y0), (reach, y1), (stop, y1)]
    activates, colour = edge.sign == "+", GRADE_COLOURS[edge.grade]
    head = ArrowStyle("-|>", head_length=4.0, head_width=2.2) if activates else ArrowStyle("-")
    if not activates:
        axes.plot([stop, stop], [y1 - 0.085, y1 + 0.085], color=colour, linewidth=2.6, solid_capstyle="butt", zorder=4)
    codes = [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4]
    axes.add_patch(
        FancyArrowPatch(
            path=Path(points, codes),
            arrowstyle=head,
            mutation_scale=1.0,
            linewidth=THIN + (THICK - THIN) * flow,
            color=colour,
            alpha=0.8,
            fill=activates,
            joinstyle="miter",
            capstyle="butt",
            shrinkA=0.0,
            shrinkB=0.0,
            zorder=3,
        )
    )


def _tie(axes: Axes, node: tuple[float, float], lever: tuple[float, float], flow: float) -> None:
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    start, stop = node[0] + BOX, lever[0]
    bend = 0.42 * (stop - start)
    path = Path(
        [(start, node[1]), (start + bend, node[1]), (stop - bend, lever[1]), (stop, lever[1])],
        [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4],
    )
    width = THIN + (THICK - THIN) * flow
    axes.add_patch(PathPatch(path, fill=False, edgecolor=GREY, alpha=0.45, linewidth=width, capstyle="butt", zorder=2))


def _box(axes: Axes, text: str, place: tuple[float, float], fill: str) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, y = place
    shape = "round,pad=0,rounding_size=0.05"
    corner = (x, y - 0.5 * TALL)
    axes.add_patch(
        FancyBboxPatch(corner, BOX, TALL, boxstyle=shape, facecolor=fill, edgecolor=style.INK, linewidth=0.8, zorder=4)
    )
    size = 7.0 if style.text_width(text, 7.0) < BOX - 0.06 else 5.6
    axes.text(x + 0.5 * BOX, y, text, fontsize=size, ha="center", va="center", zorder=5)


def _key(axes: Axes, grades: Sequence[EvidenceGrade], middle: float) -> None:
    x = style.MARGIN
    shown: list[EvidenceGrade] = [grade for grade in EVIDENCE_GRADES if grade in grades]
    for grade in shown:
        axes.plot([x, x + 0.3], [middle, middle], color=GRADE_COLOURS[grade], linewidth=2.5)
        axes.text(x + 0.36, middle, f"grade {grade}", fontsize=7.0, va="center", color=style.MUTED)
        x += 1.0
