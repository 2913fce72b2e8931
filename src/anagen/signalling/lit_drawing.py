"""Draws a network lit by what is given: occupied inputs, levels now beside those at rest, what each edge carries.

Colours stand as attributes, so that the picture is complete as a file, and every part has a class, by which a page may
colour it otherwise. There is no `style`, which pages with a strict policy of content refuse.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from anagen.signalling.drawing import (
    GRADE_COLOURS,
    IN_USE,
    LEVERS,
    LONG_NAME,
    MARGIN,
    READOUTS,
    SHARED,
    SIZES,
    TIE,
    columns_of,
    line_end,
    ties_of,
    two_lines,
)
from anagen.signalling.layout import Layout, Link, Point, laid_out, pieces_of
from anagen.signalling.network.elements import EVIDENCE_GRADES, Edge
from anagen.signalling.network.network import Network

FAINT = "#C9C9C9"
SILENCED = "#8A3A00"
THIN, WIDE = 1.4, 7.0
"""Width of a line that carries nothing, and what one adds that carries all."""
LEAST_SHARE = 0.005
"""Share from which on an edge is drawn as one that carries something."""
LEAST_MOVE = 0.005
"""Change of a level from which on a node is drawn as moved."""
HIT = 11.0
"""Width within which a pointer meets a line."""
LEGEND_HEIGHT, LEGEND_WIDTH = 84.0, 1080.0
ASSUMED = "C"
"""Grade that is drawn dashed: one report in cells, an animal or a model, or a hypothesis."""


@dataclass(frozen=True, slots=True)
class Lit:
    """What is drawn into a network.

    Attributes
    ----------
    occupied : Mapping[str, float]
        Input -> occupancy, of those in use.
    rest : Mapping[str, float]
        Node -> level where nothing is given.
    levels : Mapping[str, float]
        Node -> level now.
    shares : Mapping[str, float]
        Edge -> share that it carries; other edges carry nothing.
    levers : Mapping[str, str]
        Lever as `anagen.signalling.drawing.LEVERS` names it -> its value in words, "" where it does not move. Where
        only some edges are drawn, so are only the levers that are named here.
    silenced : Collection[str]
        Edges that are switched off.
    own : Collection[str]
        Edges that were added.
    chosen : str
        Edge that is looked at; "" where none is.
    """

    occupied: Mapping[str, float] = field(default_factory=dict[str, float])
    rest: Mapping[str, float] = field(default_factory=dict[str, float])
    levels: Mapping[str, float] = field(default_factory=dict[str, float])
    shares: Mapping[str, float] = field(default_factory=dict[str, float])
    levers: Mapping[str, str] = field(default_factory=dict[str, str])
    silenced: Collection[str] = ()
    own: Collection[str] = ()
    chosen: str = ""


def lit_svg(
    network: Network,
    lit: Lit,
    *,
    title: str,
    link: Callable[[str], str] | None = None,
    legend: bool = True,
    only: Collection[str] | None = None,
) -> str:
    """SVG text of a lit network.

    Parameters
    ----------
    network : Network
        With the weights that edges have before they are silenced.
    lit : Lit
        What is lit.
    title : str
        What is given, in words; the name of the picture.
    link : callable, optional
        Name of an edge -> address to which its line leads; no line is a link where left out.
    legend : bool
        Whether the picture tells what its lines mean; a page tells it in words of its own.
    only : Collection[str], optional
        Edges that are drawn; all with a weight where left out.

    Returns
    -------
    str
        An SVG element of the class "network".

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> lit_svg(load_network(), Lit(occupied={"WOUND": 0.4}), title="a needle").count("<svg")
    1
    """
    edges = [edge for edge in network.edges if edge.weight > 0.0 and (only is None or edge.name in only)]
    used = {name for edge in edges for name in (edge.origin, edge.target)}
    names = [name for name in (*network.input_names, *network.node_names) if name in used]
    columns = columns_of(names, network.input_names, edges, together=True)
    ties = _ties_of(names, lit)
    columns += [column for column in _right_columns(ties) if column]
    drawn = laid_out(columns, [*((edge.origin, edge.target) for edge in edges), *ties], SIZES)
    titles = {node.name: node.title for node in network.nodes} | {entry.name: entry.title for entry in network.inputs}
    head = LEGEND_HEIGHT if legend else MARGIN
    width, height = max(drawn.width + 2.0 * MARGIN, LEGEND_WIDTH if legend else 0.0), head + drawn.height + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="network" viewBox="0 0 {width:.0f} {height:.0f}" '
        'role="group" aria-labelledby="network-title" font-family="sans-serif" font-size="13">',
        f'<title id="network-title">{escape(title)}</title>',
        f'<rect class="paper" width="{width:.0f}" height="{height:.0f}" fill="#FFFFFF"/>',
        *(_legend(title) if legend else ()),
        f'<g transform="translate({MARGIN:g} {head:g})">',
        *_ties(drawn, ties, lit),
        *_edges(drawn, edges, lit, link),
        *(_box(name, titles.get(name, name), drawn.boxes[name], network, lit) for name in drawn.boxes),
        "</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _ties_of(names: Collection[str], lit: Lit) -> dict[Link, str]:
    """Ties to readouts and levers; where the picture shows some ways only, those of the levers that are named."""
    whole = ties_of(names)
    if whole:
        return whole
    wanted = {name: LEVERS[name] for name in lit.levers if name in LEVERS}
    behind = {readout for readouts in wanted.values() for readout in readouts}
    ends = {readout: {n: s for n, s in READOUTS[readout].items() if n in names} for readout in READOUTS}
    first = {(n, readout): sign for readout in READOUTS if readout in behind for n, sign in ends[readout].items()}
    have = {readout for _, readout in first}
    return first | {(r, lever): sign for lever, rs in wanted.items() for r, sign in rs.items() if r in have}


def _right_columns(ties: Mapping[Link, str]) -> list[list[str]]:
    """Readouts, then levers."""
    origins = {origin for origin, _ in ties}
    readouts = list(dict.fromkeys(target for _, target in ties if target in origins))
    return [readouts, list(dict.fromkeys(target for _, target in ties if target not in origins))]


def _legend(title: str) -> list[str]:
    parts = [f'<text class="ink" x="{MARGIN:g}" y="18" font-size="15" font-weight="bold">{escape(title)}</text>']
    for row, (grade, words) in enumerate(EVIDENCE_GRADES.items()):
        if grade == "none":
            continue
        y = 36.0 + 16.0 * row
        dash = ' stroke-dasharray="7 4"' if grade == ASSUMED else ""
        parts.append(
            f'<path d="M{MARGIN:g},{y:g} h34" stroke="{GRADE_COLOURS[grade]}" stroke-width="3"{dash} fill="none"/>'
            f'<text class="ink" x="{MARGIN + 42:g}" y="{y + 4:g}">grade {grade}: {escape(words)}</text>'
        )
    lines = (
        "yellow: given; blue frame: moved; bar: level now, upright mark: level at rest",
        "width: share of the change behind the levers that is lost without the edge",
        "grey: carries nothing; dotted: silenced. Signs have sources; weights are assumptions.",
    )
    parts += [f'<text class="ink" x="560" y="{40 + 16 * row:g}">{line}</text>' for row, line in enumerate(lines)]
    return parts


def _edges(drawn: Layout, edges: Sequence[Edge], lit: Lit, link: Callable[[str], str] | None) -> list[str]:
    """Every line: those that carry nothing first, so that they lie below the others."""
    parts: list[str] = []
    for carrying in (False, True):
        chosen = [edge for edge in edges if _carries(edge, lit) == carrying]
        for origin in dict.fromkeys(edge.origin for edge in chosen):
            parts += _from_one(drawn, [edge for edge in chosen if edge.origin == origin], lit, link)
    return parts


def _from_one(drawn: Layout, edges: Sequence[Edge], lit: Lit, link: Callable[[str], str] | None) -> list[str]:
    """Lines of one origin: a rim where they cross others, what they share, then what is one edge's own."""
    pieces: dict[tuple[Point, Point], list[Edge]] = {}
    for edge in edges:
        for piece in pieces_of(drawn.lines[edge.origin, edge.target], drawn, edge.origin):
            pieces.setdefault(piece, []).append(edge)
    parts = [
        _line(piece, "#FFFFFF", max(_width(edge, lit) for edge in those) + 4.0, "rim")
        for piece, those in pieces.items()
    ]
    for piece, those in pieces.items():
        if len(those) > 1:
            kinds = {_kind(edge, lit) for edge in those}
            kind, colour = (_kind(those[0], lit), _colour(those[0], lit)) if len(kinds) == 1 else ("shared", SHARED)
            dash = _dash(those[0], lit) if len({_dash(edge, lit) for edge in those}) == 1 else ""
            parts.append(_line(piece, colour, max(_width(edge, lit) for edge in those), kind, dash))
    for edge in edges:
        own = [piece for piece, those in pieces.items() if those == [edge]]
        parts.append(_one(edge, own, drawn.lines[edge.origin, edge.target][-1], lit, link))
    return parts


def _one(
    edge: Edge, own: Sequence[tuple[Point, Point]], end: Point, lit: Lit, link: Callable[[str], str] | None
) -> str:
    colour, width = _colour(edge, lit), _width(edge, lit)
    lines = "".join(_line(piece, colour, width, "own", _dash(edge, lit)) for piece in own)
    reach = "".join(
        f'<path class="hit" d="{_d(piece)}" stroke="#000000" stroke-opacity="0" stroke-width="{HIT:g}" fill="none"/>'
        for piece in own
    )
    cross = ""
    if edge.name in lit.silenced:
        x, y = end[0] - 14.0, end[1]
        cross = (
            f'<path class="cross" d="M{x - 4:.1f},{y - 4:.1f} l8,8 M{x - 4:.1f},{y + 4:.1f} l8,-8" '
            f'stroke="{SILENCED}" stroke-width="2" fill="none"/>'
        )
    words = _words(edge, lit)
    inside = f"<title>{escape(words)}</title>{reach}{lines}{line_end(end, edge.sign, colour, min(width, 5.0))}{cross}"
    kinds = f"edge {_kind(edge, lit)}{' chosen' if edge.name == lit.chosen else ''}"
    if link is None:
        return f'<g class="{kinds}">{inside}</g>'
    address = escape(link(edge.name), quote=True)
    return (
        f'<a class="{kinds}" href="{address}" data-edge="{escape(edge.name, quote=True)}" '
        f'aria-label="{escape(words, quote=True)}">{inside}</a>'
    )


def _words(edge: Edge, lit: Lit) -> str:
    verb = "activates" if edge.sign == "+" else "inhibits"
    share = lit.shares.get(edge.name)
    if edge.name in lit.silenced:
        carries = "silenced"
    else:
        carries = "carries nothing here" if share is None else f"carries {share:.0%}"
    own = "added, " if edge.name in lit.own else ""
    plain = (edge.origin.replace("_", " "), edge.target.replace("_", " "))
    return f"{plain[0]} {verb} {plain[1]}: {own}grade {edge.grade}, {carries}"


def _ties(drawn: Layout, ties: Mapping[Link, str], lit: Lit) -> list[str]:
    """Lines to readouts and levers, which only add up."""
    moving = {name for name in lit.levels if abs(lit.levels[name] - lit.rest.get(name, 0.0)) > LEAST_MOVE}
    moving |= {target for origin, target in ties if origin in moving}
    parts: list[str] = []
    for link, sign in sorted(ties.items(), key=lambda tie: tie[0][0] in moving):
        kind, colour, width = ("tie lit", SHARED, 1.6) if link[0] in moving else ("tie", TIE, 1.0)
        corners = drawn.lines[link]
        d = "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        parts.append(
            f'<g class="{kind}"><title>{escape(_plain(link[0]))} is part of {escape(_plain(link[1]))} ({sign})</title>'
            f'<path class="rim" d="{d}" stroke="#FFFFFF" stroke-width="{width + 3:g}" fill="none"/>'
            f'<path class="own" d="{d}" stroke="{colour}" stroke-width="{width:g}" fill="none"/>'
            f"{line_end(corners[-1], sign, colour, width)}</g>"
        )
    return parts


def _carries(edge: Edge, lit: Lit) -> bool:
    return edge.name not in lit.silenced and abs(lit.shares.get(edge.name, 0.0)) >= LEAST_SHARE


def _kind(edge: Edge, lit: Lit) -> str:
    if edge.name in lit.silenced:
        return "silenced"
    return f"grade-{edge.grade}" if _carries(edge, lit) else "faint"


def _colour(edge: Edge, lit: Lit) -> str:
    if edge.name in lit.silenced:
        return SILENCED
    return GRADE_COLOURS[edge.grade] if _carries(edge, lit) else FAINT


def _width(edge: Edge, lit: Lit) -> float:
    return THIN + (WIDE * min(abs(lit.shares[edge.name]), 1.0) if _carries(edge, lit) else 0.0)


def _dash(edge: Edge, lit: Lit) -> str:
    if edge.name in lit.silenced:
        return "1.5 4"
    return "7 4" if edge.grade == ASSUMED else ""


def _line(piece: tuple[Point, Point], colour: str, width: float, kind: str, dash: str = "") -> str:
    dots = f' stroke-dasharray="{dash}"' if dash else ""
    cap = "butt" if dash or kind == "rim" else "square"
    return (
        f'<path class="{kind}" d="{_d(piece)}" stroke="{colour}" stroke-width="{width:.2f}"{dots} '
        f'stroke-linecap="{cap}" fill="none"/>'
    )


def _d(piece: tuple[Point, Point]) -> str:
    (x, y), (to_x, to_y) = piece
    return f"M{x:.1f},{y:.1f} L{to_x:.1f},{to_y:.1f}"


def _box(name: str, title: str, place: Point, network: Network, lit: Lit) -> str:
    x, y = place[0], place[1] - 0.5 * SIZES.height
    told = ""
    if name in network.input_names:
        level = lit.occupied.get(name)
        kind, fill, stroke = ("given", "#E4E4E4", "#777777") if level is None else ("occupied", IN_USE, "#222222")
        told = "" if level is None else f"{level:.0%}"
    elif name in lit.levels:
        moved = abs(lit.levels[name] - lit.rest[name]) > LEAST_MOVE
        kind, fill, stroke = ("node moved", "#FFFFFF", "#0072B2") if moved else ("node", "#FFFFFF", "#8C8C8C")
        title = f"{title}; now {lit.levels[name]:.2f}, at rest {lit.rest[name]:.2f}"
    else:
        told = lit.levers.get(name, "")
        kind, fill, stroke = ("lever moved", "#D6EAF7", "#0072B2") if told else ("lever", "#F1F5F8", "#8C8C8C")
    thick = 2.2 if "moved" in kind or kind == "occupied" else 1.0
    return (
        f'<g class="box {kind}"><title>{escape(title)}</title><rect class="frame" x="{x:.1f}" y="{y:.1f}" '
        f'width="{SIZES.width:g}" height="{SIZES.height:g}" rx="5" fill="{fill}" stroke="{stroke}" '
        f'stroke-width="{thick:g}"/>{_label(name, place, raised=bool(told) or name in lit.levels)}'
        f"{_level(name, x, y, lit) if name in lit.levels else _told(told, x, y)}</g>"
    )


def _label(name: str, place: Point, *, raised: bool) -> str:
    label = _plain(name)
    lines = two_lines(label) if len(label) > LONG_NAME else [label]
    size = 13.0 if len(lines) == 1 else 11.0
    first = place[1] + 0.35 * size - 0.5 * (len(lines) - 1) * 12.0 - (5.0 if raised else 0.0)
    return "".join(
        f'<text class="ink" x="{place[0] + 0.5 * SIZES.width:.1f}" y="{first + 12.0 * row:.1f}" text-anchor="middle" '
        f'font-size="{size:g}" fill="#222222">{escape(line)}</text>'
        for row, line in enumerate(lines)
    )


def _told(words: str, x: float, y: float) -> str:
    """An occupancy or the value of a lever at the foot of its box."""
    if not words:
        return ""
    return (
        f'<text class="ink" x="{x + SIZES.width - 5:.1f}" y="{y + SIZES.height - 4:.1f}" text-anchor="end" '
        f'font-size="11" font-weight="bold" fill="#222222">{escape(words)}</text>'
    )


def _level(name: str, x: float, y: float, lit: Lit) -> str:
    """The level of a node now as a bar, and a mark where it rests."""
    room, bar = SIZES.width - 40.0, y + SIZES.height - 8.0
    now, rest = lit.levels[name], lit.rest[name]
    return (
        f'<rect class="track" x="{x + 5:.1f}" y="{bar:.1f}" width="{room:.1f}" height="4" fill="#E0E0E0"/>'
        f'<rect class="level" x="{x + 5:.1f}" y="{bar:.1f}" width="{room * now:.1f}" height="4" fill="#3E9BD3"/>'
        f'<path class="rest" d="M{x + 5 + room * rest:.1f},{bar - 2:.1f} v8" stroke="#222222" stroke-width="1.6"/>'
        f'<text class="ink" x="{x + SIZES.width - 4:.1f}" y="{y + SIZES.height - 3:.1f}" text-anchor="end" '
        f'font-size="10.5" fill="#222222">{now:.2f}</text>'
    )


def _plain(name: str) -> str:
    return name.replace("_", " ")
