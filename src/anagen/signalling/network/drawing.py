"""Draws a network as SVG: inputs on the left, edges coloured by their evidence, inhibition ends in a bar."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from html import escape

from anagen.signalling.network.elements import EVIDENCE_GRADES, Edge, EvidenceGrade
from anagen.signalling.network.network import Network

GRADE_COLOURS: dict[EvidenceGrade, str] = {"A": "#0072B2", "B": "#009E73", "C": "#D55E00", "none": "#9A9A9A"}
"""Okabe and Ito's colours, which people with any colour vision can tell apart."""
IN_USE = "#F0E442"
"""Fill of inputs in use: yellow of the same palette, on which black text reads."""
BOX_WIDTH, BOX_HEIGHT = 148.0, 24.0
COLUMN, ROW, MARGIN, HEAD = 262.0, 42.0, 20.0, 70.0
SWEEPS = 24


def network_svg(network: Network, *, show_silent: bool = False, occupied: Collection[str] = ()) -> str:
    """SVG text of a network.

    Parameters
    ----------
    network : Network
        Network.
    show_silent : bool
        Also draw edges of weight 0, dotted, and nodes that nothing else reaches.
    occupied : Collection[str]
        Inputs in use, drawn filled; what they cannot reach is then drawn faintly.

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
    columns = columns_of(names, network.input_names, edges)
    moved = _moved(occupied, edges)
    tallest = max((len(column) for column in columns), default=1)
    places: dict[str, tuple[float, float]] = {}
    for number, column in enumerate(columns):
        gap = tallest * ROW / max(len(column), 1)
        for row, name in enumerate(column):
            places[name] = (MARGIN + number * COLUMN, HEAD + (row + 0.5) * gap)
    width = 2.0 * MARGIN + (len(columns) - 1) * COLUMN + BOX_WIDTH + 60.0
    height = HEAD + tallest * ROW + MARGIN
    titles = {node.name: node.title for node in network.nodes} | {entry.name: entry.title for entry in network.inputs}
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" role="img" '
        f'font-family="sans-serif" font-size="12">',
        f"<title>Signalling network: {escape(network.title)}</title>",
        f'<rect width="{width:.0f}" height="{height:.0f}" fill="white"/>',
        _definitions(),
        _legend(edges),
        *(_line(edge, places, edges, faint=bool(occupied) and edge.origin not in moved) for edge in edges),
        *(
            _box(name, titles[name], places[name], name in network.input_names, in_use=name in occupied)
            for name in names
        ),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def columns_of(names: Sequence[str], inputs: Collection[str], edges: Sequence[Edge]) -> list[list[str]]:
    """Names in columns from left to right, rows ordered so that neighbours lie near each other.

    Parameters
    ----------
    names : Sequence[str]
        Of inputs and nodes.
    inputs : Collection[str]
        Which of them are inputs.
    edges : Sequence[Edge]
        Between them.

    Returns
    -------
    list[list[str]]
        Names of the nodes in each column, from the inputs to the outputs.
    """
    return _ordered(_columns(names, set(inputs), edges), edges)


def _moved(occupied: Collection[str], edges: Sequence[Edge]) -> set[str]:
    """The occupied inputs and every node that they reach."""
    reached = set(occupied)
    grown = True
    while grown:
        fresh = {edge.target for edge in edges if edge.origin in reached and edge.weight > 0.0} - reached
        reached |= fresh
        grown = bool(fresh)
    return reached


def _columns(names: Sequence[str], inputs: set[str], edges: Sequence[Edge]) -> list[list[str]]:
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
    for name in inputs & set(names):
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


def _definitions() -> str:
    markers: list[str] = []
    for grade, colour in GRADE_COLOURS.items():
        markers.append(
            f'<marker id="plus-{grade}" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" '
            f'markerUnits="userSpaceOnUse" orient="auto"><path d="M0,0 L8,4 L0,8 z" fill="{colour}"/></marker>'
            f'<marker id="minus-{grade}" viewBox="0 0 4 12" refX="3" refY="6" markerWidth="4" markerHeight="12" '
            f'markerUnits="userSpaceOnUse" orient="auto"><rect width="3" height="12" fill="{colour}"/></marker>'
        )
    return f"<defs>{''.join(markers)}</defs>"


def _legend(edges: Sequence[Edge]) -> str:
    parts: list[str] = []
    present = {edge.grade for edge in edges}
    shown: list[EvidenceGrade] = [grade for grade in EVIDENCE_GRADES if grade in present]
    for number, grade in enumerate(shown):
        y = 16.0 + number * 15.0
        dots = ' stroke-dasharray="2 4"' if grade == "none" else ""
        label = f"{grade}: {EVIDENCE_GRADES[grade]}" if grade != "none" else EVIDENCE_GRADES[grade]
        parts.append(
            f'<path d="M{MARGIN},{y} h34" stroke="{GRADE_COLOURS[grade]}" stroke-width="2.5"{dots}/>'
            f'<text x="{MARGIN + 42}" y="{y + 4}">{escape(label)}</text>'
        )
    x = MARGIN + 700.0
    colour = GRADE_COLOURS["A"]
    for y, sign, label in ((16.0, "plus", "activates"), (31.0, "minus", "inhibits")):
        parts.append(
            f'<path d="M{x},{y} h34" stroke="{colour}" stroke-width="2" marker-end="url(#{sign}-A)"/>'
            f'<text x="{x + 44}" y="{y + 4}">{label}</text>'
        )
    parts.append(f'<text x="{x}" y="50">grey boxes: inputs; line width: weight</text>')
    return "".join(parts)


def _line(edge: Edge, places: Mapping[str, tuple[float, float]], edges: Sequence[Edge], *, faint: bool = False) -> str:
    (x0, y0), (x1, y1) = places[edge.origin], places[edge.target]
    y0 += _offset(edge, [other for other in edges if other.origin == edge.origin], places, outgoing=True)
    y1 += _offset(edge, [other for other in edges if other.target == edge.target], places, outgoing=False)
    end = "plus" if edge.sign == "+" else "minus"
    if x1 > x0:
        start, stop = x0 + BOX_WIDTH, x1 - 2.0
        bend = 0.42 * (stop - start)
        path = f"M{start:.1f},{y0:.1f} C{start + bend:.1f},{y0:.1f} {stop - bend:.1f},{y1:.1f} {stop:.1f},{y1:.1f}"
    else:
        # backwards or within a column: around the right-hand side
        start, stop = x0 + BOX_WIDTH, x1 + BOX_WIDTH + 2.0
        reach = max(start, stop) + 34.0 + 0.05 * abs(y1 - y0)
        path = f"M{start:.1f},{y0:.1f} C{reach:.1f},{y0:.1f} {reach:.1f},{y1:.1f} {stop:.1f},{y1:.1f}"
    silent = edge.weight == 0.0
    dots = ' stroke-dasharray="2 4"' if silent else ""
    width = 0.9 + 1.8 * edge.weight
    opacity = 0.25 if faint else 0.85
    about = f"{edge.name} ({edge.sign}), weight {edge.weight:g}, {edge.system}: {edge.source or edge.note}"
    return (
        f'<path d="{path}" fill="none" stroke="{GRADE_COLOURS[edge.grade]}" stroke-width="{width:.2f}"'
        f'{dots} opacity="{opacity}" marker-end="url(#{end}-{edge.grade})"><title>{escape(about)}</title></path>'
    )


def _offset(
    edge: Edge, siblings: Sequence[Edge], places: Mapping[str, tuple[float, float]], *, outgoing: bool
) -> float:
    """Spreads the ends of a box's edges over its height, in the order of what they lead to."""
    ranked = sorted(siblings, key=lambda other: places[other.target if outgoing else other.origin][1])
    if len(ranked) < 2:
        return 0.0
    room = BOX_HEIGHT - 6.0
    return -0.5 * room + room * ranked.index(edge) / (len(ranked) - 1)


def _box(name: str, title: str, place: tuple[float, float], is_input: bool, *, in_use: bool = False) -> str:
    x, y = place
    fill, stroke = ("#E4E4E4", "#777777") if is_input else ("#FFFFFF", "#222222")
    if in_use:
        fill, stroke = IN_USE, "#222222"
    return (
        f'<g><title>{escape(title)}</title><rect x="{x:.1f}" y="{y - 0.5 * BOX_HEIGHT:.1f}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" rx="5" fill="{fill}" stroke="{stroke}"/>'
        f'<text x="{x + 0.5 * BOX_WIDTH:.1f}" y="{y + 4:.1f}" text-anchor="middle">'
        f"{escape(name.replace('_', ' '))}</text></g>"
    )
