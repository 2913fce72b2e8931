"""Two pictures of an explanation: what carries the gain, and the ways through the network that carry it.

Colour of an edge is the grade of its evidence, its width what it carries; a bar at its end inhibits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from anagen.explanation.explain import Explanation
from anagen.explanation.gain import COURSE_ROWS
from anagen.explanation.wording import amount, gain_text, scale_of, unit_of, with_error
from anagen.reports import style
from anagen.reports.mechanism import LEVER_WORDS
from anagen.reports.numbers import has_band, is_number
from anagen.reports.wording import therapy_title
from anagen.signalling.drawing import GRADE_COLOURS, IN_USE, SHARED, columns_of, two_lines
from anagen.signalling.layout import Layout, Link, Point, Sizes, laid_out, pieces_of
from anagen.signalling.listening import added_inputs
from anagen.signalling.network import EVIDENCE_GRADES, Edge
from anagen.signalling.network.elements import EvidenceGrade

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BAR, LABELS, VALUES = 0.26, 2.55, 1.05
SIZES = Sizes(width=1.12, height=0.34, apart=0.14, lane=0.11, track=0.09, room=0.26)
LABEL = 0.125
"""Height that a number at the end of a line takes; boxes with several grow, so that none lies on another."""
TALLEST = 1.0
THIN, THICK = 0.8, 4.5
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
        f"What carries the gain of {explanation.about['arm']} {against}"
        if explanation.about["gain_told"]
        else f"{explanation.about['arm']} {against}: no gain beyond the error of the simulation",
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
    named = _named(explanation, edges, flows, sum(ends.values()))
    sizes = replace(SIZES, height=_height(edges, named))
    drawn = laid_out(columns, [*((edge.origin, edge.target) for edge in edges), *ends], sizes)
    width, key = max(style.WIDTH, drawn.width + 2 * style.MARGIN), 0.3
    words = style.heading(
        f"Ways through which {explanation.about['arm']} acts",
        "Width: what an edge carries in the arm. Colour: grade of its evidence; dark where edges of several grades "
        "share a way. An arrowhead activates, a bar inhibits. Grey: which nodes stand behind which lever. Weights are "
        "assumptions; only signs have sources.",
        width=width,
    )
    figure = style.new_figure(width, words.height + drawn.height + key + 0.15)
    style.draw_heading(figure, words)
    axes = style.inch_axes(figure, 0.0, words.height, width, drawn.height + key)
    axes.set_xlim(-0.5 * (width - drawn.width), drawn.width + 0.5 * (width - drawn.width))
    axes.set_ylim(drawn.height + key, 0.0)
    axes.axis("off")
    most = max([*flows.values(), 1e-300])
    looks = {(edge.origin, edge.target): (GRADE_COLOURS[edge.grade], flows[edge.name] / most) for edge in edges}
    looks |= {link: (GREY, flow / most) for link, flow in ends.items()}
    signs = {(edge.origin, edge.target): edge.sign for edge in edges}
    _lines(axes, drawn, looks, signs)
    for edge in named:
        x, y = drawn.lines[edge.origin, edge.target][-1]
        digits = 2 if edge.origin in added_inputs(explanation.network) else None
        text = amount(explanation.about, _entry(explanation, edge.name), digits)
        axes.text(x - 0.13, y, text, fontsize=6.5, ha="right", va="center", zorder=6, bbox=BEHIND)
    for name, place in drawn.boxes.items():
        lever = name in levers
        fill = IN_USE if name in explanation.network.input_names else "#EDEDED" if lever else "#FFFFFF"
        _box(axes, LEVER_WORDS.get(name, name.replace("_", " ")), place, fill, sizes.height)
    _key(axes, [edge.grade for edge in edges], drawn.height + 0.5 * key)
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


def _named(
    explanation: Explanation, edges: Sequence[Edge], flows: Mapping[str, float], whole: float
) -> tuple[Edge, ...]:
    """Entry edges that get a number: those that carry something worth it, and one's own inputs whatever they carry."""
    own = added_inputs(explanation.network)
    return tuple(
        edge
        for edge in edges
        if edge.origin in own
        or (edge.origin in explanation.network.input_names and flows[edge.name] > NAMED_EDGE * whole)
    )


def _height(edges: Sequence[Edge], named: Sequence[Edge]) -> float:
    """Height of the boxes: the most lines that enter one with a number need room for theirs."""
    crowded = {edge.target for edge in named if [other.target for other in named].count(edge.target) > 1}
    lines = [sum(edge.target == name for edge in edges) for name in crowded]
    return min(TALLEST, max([SIZES.height, *(LABEL * number / 0.9 for number in lines)]))


def _entry(explanation: Explanation, edge: str) -> float:
    return float(explanation.levers.loc[explanation.levers["entry"] == edge, "carried"].sum())


def _colours(players: Sequence[str]) -> Mapping[str, str]:
    acting = [player for player in dict.fromkeys(players) if player not in COURSE_ROWS]
    hues = {player: style.PALETTE[number % len(style.PALETTE)] for number, player in enumerate(acting)}
    return hues | dict.fromkeys(COURSE_ROWS, style.CONTROL_GREYS[1])


def _row_texts(figure: Figure, middle: float, name: str, value: str, weight: str) -> None:
    label = style.shorten(name, LABELS - 0.25, style.SMALL_SIZE, weight)
    options: dict[str, Any] = {"fontsize": style.SMALL_SIZE, "va": "center", "fontweight": weight}
    style.inch_text(figure, LABELS - 0.1, middle, label, ha="right", **options)
    style.inch_text(figure, style.WIDTH - style.MARGIN, middle, value, ha="right", **options)


def _lines(axes: Axes, drawn: Layout, looks: Mapping[Link, tuple[str, float]], signs: Mapping[Link, str]) -> None:
    """Every line over a white rim, so that crossings are no junctions, then its end; ties to levers have none."""
    # what carries most is drawn last, over what it crosses
    for origin in dict.fromkeys(link[0] for link in sorted(drawn.lines, key=lambda link: looks[link][1])):
        own = [link for link in drawn.lines if link[0] == origin]
        pieces: dict[tuple[Point, Point], list[Link]] = {}
        for link in own:
            for piece in pieces_of(drawn.lines[link], drawn, origin):
                pieces.setdefault(piece, []).append(link)
        for rim in (True, False):
            for (start, stop), links in pieces.items():
                colours = {looks[link][0] for link in links}
                wide = THIN + (THICK - THIN) * min(1.0, sum(looks[link][1] for link in links))
                axes.plot(
                    [start[0], stop[0]],
                    [start[1], stop[1]],
                    color="white" if rim else colours.pop() if len(colours) == 1 else SHARED,
                    linewidth=wide + (2.4 if rim else 0.0),
                    solid_capstyle="butt" if rim else "projecting",
                    zorder=3,
                )
        for link in own:
            if link in signs:
                _end(axes, drawn.lines[link][-1], signs[link], *looks[link])


def _end(axes: Axes, at: Point, sign: str, colour: str, flow: float) -> None:
    """The end of a line: an arrowhead that activates, a bar that inhibits."""
    x, y = at
    half = 0.04 + 0.03 * flow
    if sign == "+":
        axes.fill([x, x - 0.11, x - 0.11], [y, y - half, y + half], color=colour, linewidth=0.0, zorder=4)
    else:
        axes.fill(
            [x - 0.045, x, x, x - 0.045],
            [y - half, y - half, y + half, y + half],
            color=colour,
            linewidth=0.0,
            zorder=4,
        )


def _box(axes: Axes, text: str, place: tuple[float, float], fill: str, tall: float) -> None:
    from matplotlib.patches import FancyBboxPatch

    x, y = place
    shape = "round,pad=0,rounding_size=0.05"
    corner = (x, y - 0.5 * tall)
    axes.add_patch(
        FancyBboxPatch(
            corner, SIZES.width, tall, boxstyle=shape, facecolor=fill, edgecolor=style.INK, linewidth=0.8, zorder=4
        )
    )
    if style.text_width(text, 7.5) > SIZES.width - 0.08:
        text = "\n".join(two_lines(text))
    axes.text(x + 0.5 * SIZES.width, y, text, fontsize=7.5, ha="center", va="center", zorder=5, linespacing=0.95)


def _key(axes: Axes, grades: Sequence[EvidenceGrade], middle: float) -> None:
    x = style.MARGIN
    shown: list[EvidenceGrade] = [grade for grade in EVIDENCE_GRADES if grade in grades]
    for grade in shown:
        axes.plot([x, x + 0.3], [middle, middle], color=GRADE_COLOURS[grade], linewidth=2.5)
        axes.text(x + 0.36, middle, f"grade {grade}", fontsize=7.0, va="center", color=style.MUTED)
        x += 1.0
