"""Draws a network as SVG: what is given on the left, levers on the right, edges coloured by their evidence.

No line runs behind a box (`anagen.signalling.layout`): what comes out of a box begins there.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape

from anagen.signalling.layout import Layout, Link, Point, Sizes, laid_out, pieces_of
from anagen.signalling.network.coupling import occupancy_at_rest
from anagen.signalling.network.elements import EVIDENCE_GRADES, Edge, EvidenceGrade
from anagen.signalling.network.network import Network
from anagen.signalling.network.readouts import CATAGEN, GROWTH
from anagen.signalling.network.rest import basal_levels, resting_state

GRADE_COLOURS: dict[EvidenceGrade, str] = {"A": "#0072B2", "B": "#009E73", "C": "#D55E00", "none": "#9A9A9A"}
"""Okabe and Ito's colours, which people with any colour vision can tell apart."""
IN_USE = "#F0E442"
"""Fill of inputs in use: yellow of the same palette, on which black text reads."""
SHARED, TIE = "#4D4D4D", "#8C8C8C"
"""Colours of a line that edges of several grades share, and of what only adds up, to readouts and on to levers."""
SIZES = Sizes(width=108.0, height=44.0, apart=8.0, lane=9.0, track=8.0, room=12.0)
MARGIN, HEAD, FOOT, LONG_NAME = 14.0, 104.0, 8.0, 12
SWEEPS = 24
READOUTS: dict[str, dict[str, str]] = {
    "growth": dict.fromkeys(GROWTH, "+"),
    "catagen drive": dict.fromkeys(CATAGEN, "+"),
    "release": {"STEM_CELLS": "+"},
    "androgen": {"AR": "+"},
    "attack": {"IFNG": "+", "CD8": "+", "IMMUNE_PRIVILEGE": "-"},
}
"""Readout -> the nodes that make it, each with its sign."""
LEVERS: dict[str, dict[str, str]] = {
    "anagen extension": {"growth": "+", "catagen drive": "-"},
    "calibre gain": {"growth": "+"},
    "telogen exit": {"release": "+"},
    "androgen drive": {"androgen": "+"},
    "immune attack": {"attack": "+"},
}
"""Lever -> the readouts that stand behind it, each with its sign."""


def network_svg(
    network: Network, *, show_silent: bool = False, occupied: Collection[str] = (), condition: str | None = None
) -> str:
    """SVG text of a network.

    Parameters
    ----------
    network : Network
        Network.
    show_silent : bool
        Also draw edges of weight 0, dotted, and nodes that nothing else reaches.
    occupied : Collection[str]
        Inputs in use, drawn filled; what they cannot reach is then drawn faintly.
    condition : str or None
        Condition whose levels at rest are drawn into the boxes; aga, or the first of the network, where None.

    Returns
    -------
    str
        A self-contained SVG document. Line width grows with weight; colour is the grade of the evidence.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> network_svg(load_network()).startswith("<svg")
    True
    """
    edges = [edge for edge in network.edges if show_silent or edge.weight > 0.0]
    used = {name for edge in edges for name in (edge.origin, edge.target)}
    names = [name for name in (*network.input_names, *network.node_names) if name in used]
    columns = columns_of(names, network.input_names, edges, together=True)
    ties = ties_of(names)
    if ties:
        columns += [list(READOUTS), list(LEVERS)]
    drawn = laid_out(columns, [*((edge.origin, edge.target) for edge in edges), *ties], SIZES)
    if condition is None:
        condition = "aga" if "aga" in network.conditions else network.conditions[0]
    rest = dict(zip(network.node_names, _at_rest(network, condition), strict=True))
    moved = _moved(occupied, edges)
    titles = {node.name: node.title for node in network.nodes} | {entry.name: entry.title for entry in network.inputs}
    width, height = drawn.width + 2.0 * MARGIN, HEAD + drawn.height + FOOT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'font-family="sans-serif" font-size="13" style="min-width:{0.62 * width:.0f}px">',
        f"<title>Signalling network: {escape(network.title)}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>',
        _legend(edges, condition, ties=bool(ties), occupied=bool(occupied)),
        f'<g transform="translate({MARGIN:g} {HEAD:g})">',
        *_lines(drawn, edges, ties, {edge.name for edge in edges if occupied and edge.origin not in moved}),
        *(_box(name, titles.get(name, ""), drawn.boxes[name], network, rest, occupied) for name in drawn.boxes),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def ties_of(names: Collection[str]) -> dict[Link, str]:
    """Links from nodes to readouts and on to levers, with their signs; none where a network lacks a node for them.

    Parameters
    ----------
    names : Collection[str]
        Nodes that are drawn.

    Returns
    -------
    dict[Link, str]
        Origin and target -> "+" or "-".
    """
    if not {node for nodes in READOUTS.values() for node in nodes} <= set(names):
        return {}
    pairs = [(READOUTS, name) for name in READOUTS] + [(LEVERS, name) for name in LEVERS]
    return {(origin, name): sign for table, name in pairs for origin, sign in table[name].items()}


def columns_of(
    names: Sequence[str], inputs: Collection[str], edges: Sequence[Edge], *, together: bool = False
) -> list[list[str]]:
    """Names in columns from left to right, rows ordered so that neighbours lie near each other.

    Parameters
    ----------
    names : Sequence[str]
        Of inputs and nodes.
    inputs : Collection[str]
        Which of them are inputs.
    edges : Sequence[Edge]
        Between them.
    together : bool, default False
        Whether all inputs stand in the first column, rather than right before what they act on.

    Returns
    -------
    list[list[str]]
        Names of the nodes in each column, from the inputs to the outputs.
    """
    return _ordered(_columns(names, set(inputs), edges, together), edges)


def _moved(occupied: Collection[str], edges: Sequence[Edge]) -> set[str]:
    """The occupied inputs and every node that they reach."""
    reached = set(occupied)
    grown = True
    while grown:
        fresh = {edge.target for edge in edges if edge.origin in reached and edge.weight > 0.0} - reached
        reached |= fresh
        grown = bool(fresh)
    return reached


def _columns(names: Sequence[str], inputs: set[str], edges: Sequence[Edge], together: bool) -> list[list[str]]:
    """Column of each name: inputs first, then as far right as the longest path without loops leads."""
    depth = dict.fromkeys(names, 0)
    forward = _without_loops(names, edges)
    for _ in names:
        for origin, target in forward:
            depth[target] = max(depth[target], depth[origin] + 1)
    for name in names:
        if name not in inputs:
            depth[name] = max(depth[name], 1)
    # an input stands right before the first node that it acts on
    for name in () if together else inputs & set(names):
        depth[name] = max(0, min(depth[target] for origin, target in forward if origin == name) - 1)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in names:
        columns[depth[name]].append(name)
    return columns


def _without_loops(names: Sequence[str], edges: Sequence[Edge]) -> list[tuple[str, str]]:
    """Edges as pairs, without those that close a loop when names are visited in order."""
    targets: dict[str, list[str]] = {name: [] for name in names}
    for edge in edges:
        targets[edge.origin].append(edge.target)
    done: set[str] = set()
    kept: list[tuple[str, str]] = []

    def visit(name: str, path: set[str]) -> None:
        if name in done:
            return
        for target in targets[name]:
            if target not in path and target != name:
                kept.append((name, target))
                visit(target, path | {target})
        done.add(name)

    for name in names:
        visit(name, {name})
    return kept


def _ordered(columns: list[list[str]], edges: Sequence[Edge]) -> list[list[str]]:
    """Rows ordered so that neighbours lie near each other: repeated sorting by the mean place of the neighbours."""
    neighbours: dict[str, list[str]] = {name: [] for column in columns for name in column}
    for edge in edges:
        neighbours[edge.origin].append(edge.target)
        neighbours[edge.target].append(edge.origin)
    place: dict[str, float] = {}
    for column in columns:
        place |= {name: (row + 0.5) / len(column) for row, name in enumerate(column)}
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else reversed(columns):
            column.sort(key=lambda name: _mean_place(name, neighbours, place))
            place.update({name: (row + 0.5) / len(column) for row, name in enumerate(column)})
    return columns


def _mean_place(name: str, neighbours: Mapping[str, Sequence[str]], place: Mapping[str, float]) -> float:
    near = [place[other] for other in neighbours[name]]
    return sum(near) / len(near) if near else place[name]


def _legend(edges: Sequence[Edge], condition: str, *, ties: bool, occupied: bool) -> str:
    parts = [f'<text x="{MARGIN}" y="18" font-size="15" font-weight="bold">What is given, signals, and levers</text>']
    grades: list[EvidenceGrade] = [grade for grade in EVIDENCE_GRADES if any(edge.grade == grade for edge in edges)]
    for number, grade in enumerate(grades):
        y = 36.0 + number * 17.0
        dots = ' stroke-dasharray="2 4"' if grade == "none" else ""
        label = f"grade {grade}: {EVIDENCE_GRADES[grade]}" if grade != "none" else EVIDENCE_GRADES[grade]
        parts.append(
            f'<path d="M{MARGIN:g},{y:g} h34" stroke="{GRADE_COLOURS[grade]}" stroke-width="3"{dots} fill="none"/>'
            f'<text x="{MARGIN + 42:g}" y="{y + 4:g}">{escape(label)}</text>'
        )
    x = MARGIN + 620.0
    for y, sign, label in ((36.0, "+", "activates"), (53.0, "-", "inhibits")):
        parts.append(
            f'<path d="M{x:g},{y:g} h34" stroke="{SHARED}" stroke-width="2" fill="none"/>'
            + line_end((x + 36.0, y), sign, SHARED, 2.0)
            + f'<text x="{x + 46:g}" y="{y + 4:g}">{label}</text>'
        )
    given = "yellow: in use; " if occupied else ""
    lines = [
        f"grey boxes: what is given; {given}bars and numbers: level at rest, {condition.replace('_', ' ')}",
        "dark lines: edges of several grades on one way; colour where they part",
        "width: weight. Weights are assumptions; only signs have sources.",
    ]
    if ties:
        lines.append("on the right: readouts, and the levers of the hair cycle that they move")
    parts += [f'<text x="{x + 150:g}" y="{40 + 17 * row:g}">{escape(line)}</text>' for row, line in enumerate(lines)]
    return "".join(parts)


def _lines(drawn: Layout, edges: Sequence[Edge], ties: Mapping[Link, str], faint: Collection[str]) -> list[str]:
    """Every line: a white rim first, where it crosses others, then what origins share, then what is one edge's own."""
    looks = {(edge.origin, edge.target): (GRADE_COLOURS[edge.grade], 1.2 + 2.0 * edge.weight) for edge in edges}
    looks |= dict.fromkeys(ties, (TIE, 1.2))
    about = {(edge.origin, edge.target): edge for edge in edges}
    parts: list[str] = []
    for origin in dict.fromkeys(link[0] for link in drawn.lines):
        own = [link for link in drawn.lines if link[0] == origin]
        pieces: dict[tuple[Point, Point], list[Link]] = {}
        for link in own:
            for piece in pieces_of(drawn.lines[link], drawn, origin):
                pieces.setdefault(piece, []).append(link)
        for wide, rim in ((4.0, True), (0.0, False)):
            for (start, stop), links in pieces.items():
                colours = {looks[link][0] for link in links}
                colour = colours.pop() if len(colours) == 1 else SHARED
                width = max(looks[link][1] for link in links) + wide
                pale = all(link in about and about[link].name in faint for link in links)
                silent = all(link in about and about[link].weight == 0.0 for link in links)
                dots = ' stroke-dasharray="2 4"' if silent and not rim else ""
                parts.append(
                    f'<path d="M{start[0]:.1f},{start[1]:.1f} L{stop[0]:.1f},{stop[1]:.1f}" '
                    f'stroke="{"white" if rim else colour}" stroke-width="{width:.2f}"{dots} fill="none" '
                    f'stroke-linecap="{"butt" if rim or silent else "square"}"'
                    + (' opacity="0.25"' if pale and not rim else "")
                    + "/>"
                )
        for link in own:
            sign = about[link].sign if link in about else ties[link]
            colour, width = looks[link]
            words = _words(about[link]) if link in about else f"{origin} is part of {link[1]} ({sign})"
            pale = ' opacity="0.25"' if link in about and about[link].name in faint else ""
            parts.append(
                f"<g{pale}><title>{escape(words)}</title>{line_end(drawn.lines[link][-1], sign, colour, width)}</g>"
            )
    return parts


def _words(edge: Edge) -> str:
    """What is told of an edge where the pointer rests on it."""
    return f"{edge.name} ({edge.sign}), weight {edge.weight:g}, {edge.system}: {edge.source or edge.note}"


def line_end(at: Point, sign: str, colour: str, width: float) -> str:
    """The end of a line: an arrowhead that activates, a bar that inhibits.

    Parameters
    ----------
    at : Point
        Where the line ends.
    sign : str
        "+" or "-".
    colour : str
        Of the line.
    width : float
        Of the line.

    Returns
    -------
    str
        SVG, of the class "tip" or "bar".
    """
    x, y = at
    half = 2.6 + 0.6 * width
    if sign == "+":
        return (
            f'<path class="tip" d="M{x:.1f},{y:.1f} L{x - 9:.1f},{y - half:.1f} L{x - 9:.1f},{y + half:.1f} Z" '
            f'fill="{colour}"/>'
        )
    bar = half + 1.2
    path = f"M{x - 3:.1f},{y - bar:.1f} L{x - 3:.1f},{y + bar:.1f}"
    return f'<path class="bar" d="{path}" stroke="{colour}" stroke-width="3.5" fill="none"/>'


def _box(
    name: str, title: str, place: Point, network: Network, rest: Mapping[str, float], occupied: Collection[str]
) -> str:
    x, y = place[0], place[1] - 0.5 * SIZES.height
    given, node = name in network.input_names, name in rest
    fill, stroke = ("#E4E4E4", "#777777") if given else ("#FFFFFF", "#222222") if node else ("#EAF2F8", "#555555")
    if name in occupied:
        fill, stroke = IN_USE, "#222222"
    middle, label = x + 0.5 * SIZES.width, name.replace("_", " ")
    lines = two_lines(label) if len(label) > LONG_NAME else [label]
    size = 13.0 if len(lines) == 1 else 11.5
    first = place[1] + 0.35 * size - 0.5 * (len(lines) - 1) * 13.0 - (3.0 if node else 0.0)
    words = "".join(
        f'<text x="{middle:.1f}" y="{first + 13.0 * row:.1f}" text-anchor="middle" font-size="{size:g}">'
        f"{escape(line)}</text>"
        for row, line in enumerate(lines)
    )
    level = ""
    if node:
        room, bar = SIZES.width - 36.0, y + SIZES.height - 7.0
        level = (
            f'<rect x="{x + 5:.1f}" y="{bar:.1f}" width="{room:.1f}" height="4" fill="#E0E0E0"/>'
            f'<rect x="{x + 5:.1f}" y="{bar:.1f}" width="{room * rest[name]:.1f}" height="4" fill="#56B4E9"/>'
            f'<text x="{x + SIZES.width - 4:.1f}" y="{y + SIZES.height - 2:.1f}" text-anchor="end" font-size="10" '
            f'fill="#444444">{rest[name]:.2f}</text>'
        )
        title = f"{title}; at rest {rest[name]:.2f}"
    return (
        f'<g><title>{escape(title or label)}</title><rect x="{x:.1f}" y="{y:.1f}" width="{SIZES.width:g}" '
        f'height="{SIZES.height:g}" rx="5" fill="{fill}" stroke="{stroke}"/>{words}{level}</g>'
    )


def two_lines(label: str) -> list[str]:
    """A long name in two lines, broken at the blank nearest its middle.

    Parameters
    ----------
    label : str
        The name.

    Returns
    -------
    list[str]
        One line where there is no blank.

    Examples
    --------
    >>> two_lines("IMMUNE PRIVILEGE")
    ['IMMUNE', 'PRIVILEGE']
    """
    blanks = [place for place, letter in enumerate(label) if letter == " "]
    if not blanks:
        return [label]
    at = min(blanks, key=lambda place: abs(place - len(label) / 2))
    return [label[:at], label[at + 1 :]]


def _at_rest(network: Network, condition: str) -> list[float]:
    """Level of every node where nothing is given."""
    levels = resting_state(network, basal_levels(network, condition), occupancy_at_rest(network))
    return levels.tolist()
