"""Ways from an arm's inputs to the outputs behind its levers, each with its weakest evidence and what it does alone.

A path is a chain of distinct nodes along edges of positive weight. What it does alone is exact, by live edges: only the
edges of the path respond, every other edge sees its origin at rest. Each path gets copies of its nodes; a copy has all
edges of the original, but only the one that comes along the path leaves a moving copy. Copies are shared by paths with
the same beginning, and all of them are followed in one solution.

Effects of single paths do not add up to the whole: paths meet in products, and rings are in no path.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.explanation.case import Case, Treatment
from anagen.explanation.entries import entries_of, entry_input, mean_and_visit, network_title, prescribed_occupancy
from anagen.explanation.outputs import weakest
from anagen.signalling.changes import OUTPUT_NODES, changes, greatest_changes
from anagen.signalling.exposed import MOST
from anagen.signalling.network import Course, Edge, Input, Network, Node, basal_levels, resting_state, solve
from anagen.signalling.network.reach import leading_to
from anagen.therapies import Lever

LONGEST = 6
"""Edges in a path, the entry edge included."""
MOST_PATHS = 200
PATH_COLUMNS = (
    "player", "lever", "path", "entry", "output", "edges", "sign", "grade", "weakest", "system", "source", "alone",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Path:
    """A chain of edges from an input to a node."""

    edges: tuple[Edge, ...]

    @property
    def name(self) -> str:
        """The path as it is written, "VESICLE_WNT->WNT->GSK3B->BCATENIN"."""
        return "->".join([self.edges[0].origin, *(edge.target for edge in self.edges)])

    @property
    def output(self) -> str:
        """The node in which it ends."""
        return self.edges[-1].target

    @property
    def sign(self) -> str:
        """Whether it raises (+) or lowers (-) that node."""
        return "-" if sum(edge.sign == "-" for edge in self.edges) % 2 else "+"


def simple_paths(network: Network, entry: Edge, ends: frozenset[str], longest: int = LONGEST) -> list[Path]:
    """Paths that begin with an entry edge and end in one of `ends`, short ones first.

    Examples
    --------
    >>> from anagen.signalling.network import load_network
    >>> network = load_network()
    >>> [path.name for path in simple_paths(network, network.edge("VESICLE_WNT->WNT"), frozenset({"BCATENIN"}))]
    ['VESICLE_WNT->WNT->GSK3B->BCATENIN']
    """
    leading = leading_to(network, ends)
    outgoing: dict[str, list[Edge]] = {}
    for edge in network.edges:
        if edge.weight > 0.0 and edge.target in leading:
            outgoing.setdefault(edge.origin, []).append(edge)
    paths: list[Path] = []
    frontier = [(entry,)] if entry.target in leading else []
    while frontier:
        paths += [Path(edges) for edges in frontier if edges[-1].target in ends]
        frontier = [
            (*edges, edge)
            for edges in frontier
            if len(edges) < longest
            for edge in outgoing.get(edges[-1].target, ())
            if edge.target not in {step.target for step in edges}
        ]
    return paths


def path_table(case: Case, treatment: Treatment) -> tuple[pd.DataFrame, int]:
    """Every path of every player to each of its levers, and how many more were left out.

    Returns
    -------
    tuple[pd.DataFrame, int]
        Table with PATH_COLUMNS: alone is the lever's mean goal over the course where only this path of this player
        responds, in the lever's unit; the number of paths beyond MOST_PATHS, the longest, which are left out.
    """
    drive, values, network = treatment.drive, case.scene.values, case.network
    full = greatest_changes(drive.players, values)
    player_paths: list[tuple[int, Path]] = []
    for entry in entries_of(drive, network):
        ends = {node for a in drive.players[entry.player].actions if a.half is None for node in OUTPUT_NODES[a.lever]}
        player_paths += [(entry.player, path) for path in simple_paths(network, entry.edge, frozenset(ends))]
    player_paths.sort(key=lambda item: len(item[1].edges))
    kept, left_out = player_paths[:MOST_PATHS], max(0, len(player_paths) - MOST_PATHS)
    rows: list[dict[str, object]] = []
    for player, label in enumerate(treatment.labels):
        paths = [path for number, path in kept if number == player]
        if not paths:
            continue
        moved = live_levels(network, paths, prescribed_occupancy(drive, player), drive.knots, case.condition)
        basal = basal_levels(network, case.condition)
        rest = resting_state(network, basal)
        for path in paths:
            levels = np.repeat(rest[None], len(drive.knots), axis=0)
            levels[:, network.node_names.index(path.output)] = moved[path.name]
            change = changes(network, levels, rest, values)
            for action in drive.players[player].actions:
                if action.half is not None or path.output not in OUTPUT_NODES[action.lever]:
                    continue
                size = action.greatest(values) / full[player][action.lever]
                reached = drive.reach[player] * change[action.lever]
                mean = size * mean_and_visit(reached, drive.knots, case.window)[0]
                rows.append(_row(label, action.lever, path, float(mean)))
    return pd.DataFrame(rows, columns=list(PATH_COLUMNS)), left_out


def live_levels(
    network: Network,
    paths: list[Path],
    occupied: Mapping[str, FloatArray],
    knots: FloatArray,
    condition: str,
) -> dict[str, FloatArray]:
    """Level of the last node of each path where only that path responds, by name [knot].

    Parameters
    ----------
    network : Network
        The network that the paths belong to.
    paths : list[Path]
        Their entry edges leave inputs of `occupied`.
    occupied : Mapping[str, FloatArray]
        Input -> occupancy [knot interval].
    knots : FloatArray
        Days at which levels are told.
    condition : str
        Of the network.

    Returns
    -------
    dict[str, FloatArray]
        Name of the path -> level [knot].
    """
    copies: dict[tuple[str, ...], str] = {}
    nodes: list[Node] = []
    edges: list[Edge] = []
    inputs: dict[str, Input] = {}
    for path in paths:
        for length in range(1, len(path.edges) + 1):
            chain = tuple(edge.name for edge in path.edges[:length])
            if chain in copies:
                continue
            along = path.edges[length - 1]
            copies[chain] = f"{along.target}_COPY_{len(copies)}"
            nodes.append(replace(network.node(along.target), name=copies[chain]))
            if length == 1:
                origin = entry_input(along)
                inputs[origin] = Input(origin, network_title(network, along.origin))
            else:
                origin = copies[chain[:-1]]
            edges += [
                replace(edge, origin=origin if edge.name == along.name else edge.origin, target=copies[chain])
                for edge in network.edges
                if edge.target == along.target and edge.weight > 0.0
            ]
    larger = network.extended(nodes, inputs.values(), edges)
    courses = [
        Course.from_levels(entry_input(edge), knots[:-1], np.clip(occupied[edge.origin], 0.0, MOST)[None])
        for edge in {path.edges[0].name: path.edges[0] for path in paths}.values()
    ]
    levels = np.asarray(solve(larger, basal_levels(larger, condition)[None], courses, knots), dtype=np.float64)[0]
    place = {name: number for number, name in enumerate(larger.node_names)}
    return {path.name: levels[:, place[copies[tuple(edge.name for edge in path.edges)]]] for path in paths}


def _row(player: str, lever: Lever, path: Path, alone: float) -> dict[str, object]:
    weak = weakest(path.edges)
    return {
        "player": player,
        "lever": lever,
        "path": path.name,
        "entry": path.edges[0].name,
        "output": path.output,
        "edges": len(path.edges),
        "sign": path.sign,
        "grade": weak.grade,
        "weakest": weak.name,
        "system": weak.system,
        "source": weak.source,
        "alone": alone,
    }
