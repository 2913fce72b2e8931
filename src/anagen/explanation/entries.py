"""Shares of what a lever is driven to: among therapies and acts, and within each among the edges by which it enters.

The goal of lever l is the sum over players p of  M(p, l) * share of p in the change of R_l / full(p, l),  with M the
greatest effect (docs/model.md). The change of R_l, the network's output behind the lever, is shared among the entry
edges: the edges of positive weight that leave an input which the player occupies. Every entry edge is given an input of
its own with the same course, so that a coalition of entry edges is a set of courses; what is left out sees an input at
zero, and the state of rest is the same for all coalitions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from anagen.core.arrays import FloatArray
from anagen.explanation.case import Case, Treatment
from anagen.explanation.coalitions import MOST_EXACT, Terms, lookup, masks_of, shares, terms_of
from anagen.explanation.outputs import BESIDE
from anagen.signalling.changes import OUTPUT_NODES, changes, greatest_changes
from anagen.signalling.drive import Drive
from anagen.signalling.exposed import MOST
from anagen.signalling.network import Course, Edge, Input, Network, basal_levels, resting_state, solve
from anagen.signalling.network.reach import leading_to
from anagen.signalling.network.readouts import REQUIRED
from anagen.signalling.sharing import planned_rung
from anagen.therapies import LEVERS, Lever

ROWS_AT_ONCE = 512
TWO = 2
"""A lever is told by two numbers: its mean over the course, and its value at the primary visit."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One way by which a player enters the network: an edge that leaves an input it occupies."""

    player: int
    edge: Edge


def entries_of(drive: Drive, network: Network) -> tuple[Entry, ...]:
    """Entry edges of everything that acts, player by player, in the order of the network's edges."""
    return tuple(
        Entry(number, edge)
        for number, levels in enumerate(drive.levels)
        for edge in network.edges
        if edge.weight > 0.0 and edge.origin in levels and bool(levels[edge.origin].any())
    )


def entry_input(edge: Edge) -> str:
    """Name of the input that stands for one entry edge."""
    return f"{edge.origin}_TO_{edge.target}"


def split_network(network: Network, entries: Sequence[Entry]) -> Network:
    """The network with an input of its own for every entry edge, at rest where the original is."""
    split = {entry.edge.name: entry.edge for entry in entries}
    fresh = tuple(Input(entry_input(edge), network_title(network, edge.origin)) for edge in split.values())
    edges = tuple(replace(edge, origin=entry_input(edge)) if edge.name in split else edge for edge in network.edges)
    return replace(network, inputs=(*network.inputs, *fresh), edges=edges)


def network_title(network: Network, name: str) -> str:
    """Title of an input or node."""
    return next(part.title for part in (*network.inputs, *network.nodes) if part.name == name)


def prescribed_occupancy(drive: Drive, player: int) -> Mapping[str, FloatArray]:
    """Occupancy of a player's inputs at the doses that are given, the rung of scaling 1 [knot interval]."""
    rung = planned_rung(drive.rungs[player])
    return {name: level[rung] for name, level in drive.levels[player].items()}


def coalition_changes(
    drive: Drive,
    entries: Sequence[Entry],
    masks: Sequence[int],
    network: Network,
    condition: str,
    values: Mapping[str, float],
    *,
    threads: int = 1,
) -> dict[Lever, FloatArray]:
    """Change of the output behind each lever where only the entries of a coalition are open, [coalition, knot]."""
    split = split_network(network, entries)
    basal = basal_levels(split, condition)
    rest = resting_state(split, basal)
    at_rest = rest[[split.node_names.index(name) for name in REQUIRED]]
    occupancy = [prescribed_occupancy(drive, player) for player in range(len(drive.players))]
    courses_by_lever: dict[Lever, list[FloatArray]] = {lever: [] for lever in LEVERS}
    for first in range(0, len(masks), ROWS_AT_ONCE):
        some = masks[first : first + ROWS_AT_ONCE]
        free: dict[str, FloatArray] = {}
        for number, entry in enumerate(entries):
            open_in = np.array([bool(mask >> number & 1) for mask in some])
            left = np.where(open_in[:, None], 1.0 - occupancy[entry.player][entry.edge.origin], 1.0)
            name = entry_input(entry.edge)
            # several that occupy one input do so independently of one another, as in the responses
            free[name] = free[name] * left if name in free else left
        courses = [
            Course.from_levels(name, drive.knots[:-1], np.clip(1.0 - left, 0.0, MOST)) for name, left in free.items()
        ]
        here = [np.repeat(row[None], len(some), axis=0) for row in (basal, rest)]
        levels = solve(
            split, here[0], courses, drive.knots, start=here[1], at_rest=True, threads=threads, kept=REQUIRED
        )
        change = changes(split, np.asarray(levels, dtype=np.float64), at_rest, values, REQUIRED)
        for lever, course in change.items():
            courses_by_lever[lever].append(course)
    return {lever: np.concatenate(parts) for lever, parts in courses_by_lever.items()}


def mean_and_visit(course: FloatArray, knots: FloatArray, window: tuple[float, float]) -> FloatArray:
    """Time average of a course over a window, and its value at the window's end, [..., 2].

    Parameters
    ----------
    course : FloatArray
        [..., knot], linear between knots.
    knots : FloatArray
        [day].
    window : tuple[float, float]
        First and last day.
    """
    first, last = window
    inside = knots[(knots > first) & (knots < last)]
    days = np.concatenate([[first], inside, [last]]) if last > first else np.array([last])
    place = np.clip(np.searchsorted(knots, days, side="right") - 1, 0, len(knots) - 2)
    part = (days - knots[place]) / (knots[place + 1] - knots[place])
    at = course[..., place] * (1.0 - part) + course[..., place + 1] * part
    mean = np.trapezoid(at, days, axis=-1) / (last - first) if last > first else at[..., -1]
    return np.stack([mean, at[..., -1]], axis=-1)


def lever_shares(case: Case, treatment: Treatment, *, most_exact: int = MOST_EXACT) -> pd.DataFrame:
    """Shares of every lever's goal, one row per lever, player and way of entry.

    Returns
    -------
    pd.DataFrame
        Table with columns lever, player, entry, edge origin and target, mean, visit (goal in the lever's unit: mean
        from the first dose to the primary visit, and at that visit), mean_error, visit_error (standard errors of
        sampling, 0 where exact), share (of the lever's mean), grade, system, source.
    """
    game = lever_game(case, treatment, most_exact=most_exact)
    return lever_table(case, treatment, game, lever_goals(case, treatment, game, game.masks))


@dataclass(frozen=True, slots=True)
class LeverGame:
    """The coalitions of the entry edges of an arm.

    Attributes
    ----------
    entries : tuple[Entry, ...]
        Its members.
    wanted : tuple[Lever, ...]
        Levers that anybody moves.
    relevant : Mapping[Lever, int]
        Mask of the entries from which a path leads to each of them.
    groups : tuple[tuple[int, ...], ...]
        Numbers of the entries of each player.
    terms : Terms
        How shares are made.
    masks : tuple[int, ...]
        Coalitions that these ask for, rising.
    """

    entries: tuple[Entry, ...]
    wanted: tuple[Lever, ...]
    relevant: Mapping[Lever, int]
    groups: tuple[tuple[int, ...], ...]
    terms: Terms
    masks: tuple[int, ...]


def lever_game(case: Case, treatment: Treatment, *, most_exact: int = MOST_EXACT) -> LeverGame:
    """The coalitions of the entry edges of an arm, none where nothing enters the network."""
    drive = treatment.drive
    entries = entries_of(drive, case.network)
    wanted: tuple[Lever, ...] = tuple(
        lever for lever in LEVERS if any(a.lever == lever for p in drive.players for a in p.actions)
    )
    relevant: dict[Lever, int] = {lever: _relevant(entries, case.network, lever) for lever in wanted}
    groups = tuple(
        tuple(number for number, entry in enumerate(entries) if entry.player == player)
        for player in range(len(drive.players))
    )
    terms = terms_of(groups, seed=case.scene.seed, most_exact=most_exact)
    masks = masks_of(terms, [relevant[lever] for lever in wanted] or [0]) if entries else []
    return LeverGame(entries, wanted, relevant, groups, terms, tuple(masks))


def lever_goals(case: Case, treatment: Treatment, game: LeverGame, masks: Sequence[int]) -> FloatArray:
    """What each player's share of a lever is measured in: mean and visit of the change under some coalitions.

    Returns
    -------
    FloatArray, shape (n_masks, n_levers, n_players, TWO)
        Levers in the order of `game.wanted`; blocks of ROWS_AT_ONCE coalitions do not depend on one another.
    """
    drive = treatment.drive
    goals = np.zeros((len(masks), len(game.wanted), len(drive.players), TWO))
    if not len(masks):
        return goals
    threads, values = case.scene.threads, case.scene.values
    table = coalition_changes(drive, game.entries, masks, case.network, case.condition, values, threads=threads)
    for place, lever in enumerate(game.wanted):
        whole = mean_and_visit(table[lever], drive.knots, case.window)
        for player, reach in enumerate(drive.reach):
            same = len(reach) == 1
            goals[:, place, player] = reach * whole if same else mean_and_visit(
                reach * table[lever], drive.knots, case.window
            )  # fmt: skip
    return goals


def lever_table(case: Case, treatment: Treatment, game: LeverGame, goals: FloatArray) -> pd.DataFrame:
    """The table of `lever_shares` from the goals of all coalitions, see `lever_goals`."""
    drive, values = treatment.drive, case.scene.values
    full = greatest_changes(drive.players, values)
    rows: list[dict[str, object]] = []
    for place, lever in enumerate(game.wanted):
        for player, label in enumerate(treatment.labels):
            member_shares, errors = [], []
            if game.entries:
                own = tuple(game.terms[member] for member in game.groups[player])
                known = lookup(game.masks, goals[:, place, player])
                member_shares, errors = shares(own, known, game.relevant[lever])
            for number, action in enumerate(drive.players[player].actions):
                if action.lever != lever:
                    continue
                size = action.greatest(values)
                if action.half is not None:
                    direct = drive.reach[player] * drive.direct[player][number][planned_rung(drive.rungs[player])]
                    alone = mean_and_visit(direct, drive.knots, case.window)
                    rows.append(_row(lever, label, None, size * alone, np.zeros(TWO)))
                    continue
                size /= full[player][lever]
                rows += [
                    _row(lever, label, game.entries[member].edge, size * share, abs(size) * error)
                    for member, share, error in zip(game.groups[player], member_shares, errors, strict=True)
                ]
    return with_shares(pd.DataFrame(rows, columns=list(COLUMNS)))


COLUMNS = (
    "lever", "player", "entry", "origin", "target", "mean", "visit", "mean_error", "visit_error", "grade", "system",
    "source",
)  # fmt: skip


def with_shares(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the share of each row in its lever's mean; missing where the lever does not move."""
    total = table.groupby("lever", sort=False)["mean"].transform("sum")
    table["share"] = np.where(total != 0.0, table["mean"] / total.where(total != 0.0, 1.0), np.nan)
    return table


def _relevant(entries: Sequence[Entry], network: Network, lever: Lever) -> int:
    """Mask of the entries from which some path leads to the lever's output."""
    leading = leading_to(network, OUTPUT_NODES[lever])
    return sum(1 << number for number, entry in enumerate(entries) if entry.edge.target in leading)


def _row(lever: Lever, player: str, edge: Edge | None, goal: FloatArray, error: FloatArray) -> dict[str, object]:
    return {
        "lever": lever,
        "player": player,
        "entry": BESIDE if edge is None else edge.name,
        "origin": "" if edge is None else edge.origin,
        "target": "" if edge is None else edge.target,
        "mean": float(goal[0]),
        "visit": float(goal[1]),
        "mean_error": float(error[0]),
        "visit_error": float(error[1]),
        "grade": "" if edge is None else edge.grade,
        "system": "" if edge is None else edge.system,
        "source": "" if edge is None else edge.source,
    }
