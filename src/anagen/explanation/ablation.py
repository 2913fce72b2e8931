"""What is left where one edge is missing or one node does not respond: levers, and the gain in the primary endpoint.

An edge is taken away as `--without EDGE` does: at weight 0, in the arm and its control, with the state of rest that
follows. A node is kept at its resting level, for what it acts on and for the outputs, so that nothing else changes;
silencing only what leaves it would leave, say, AKT inside growth. Greatest effects always refer to the shipped network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from anagen.analysis.expected import error_of_groups
from anagen.core.arrays import FloatArray
from anagen.explanation.case import Case, Treatment
from anagen.explanation.entries import entries_of, mean_and_visit
from anagen.explanation.gain import People, Twin, in_each_group, outcomes
from anagen.signalling import Response
from anagen.signalling.changes import OUTPUT_NODES, rest_of
from anagen.signalling.network import Network
from anagen.signalling.network.reach import leading_to, reached_from
from anagen.signalling.response import response_of
from anagen.signalling.sharing import planned_rung
from anagen.therapies import LEVERS, Lever

LEAST_LEVER_CHANGE = 0.005
"""Share of a lever's mean goal below which a missing part is not followed into follicles."""
ABLATION_COLUMNS = (
    "part", "kind", "place", "sign", "weight", "grade", "system", "source",
    *(f"{lever}_left" for lever in LEVERS), "greatest_change", "simulated", "gain", "change", "error",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the network that can be missing.

    Attributes
    ----------
    kind : str
        "edge" or "node".
    place : str
        "entry" leaves an occupied input, "inner" is reached from one, "context" acts on the way without being reached.
    """

    name: str
    kind: str
    place: str


def parts_of(case: Case) -> tuple[Part, ...]:
    """Every edge of positive weight that acts on a lever of the arm, and every node that the arm moves on the way."""
    network = case.network
    moved: set[Lever] = {a.lever for player in case.arm.drive.players for a in player.actions if a.half is None}
    entries = entries_of(case.arm.drive, network)
    if not moved or not entries:
        return ()
    leading = leading_to(network, [node for lever in moved for node in OUTPUT_NODES[lever]])
    reached = reached_from(network, {entry.edge.target for entry in entries})
    entered = {entry.edge.name for entry in entries}
    parts: list[Part] = []
    for edge in network.edges:
        if edge.weight == 0.0 or edge.target not in leading or edge.target not in reached:
            continue
        if edge.name in entered:
            parts.append(Part(edge.name, "edge", "entry"))
        elif edge.origin in reached:
            parts.append(Part(edge.name, "edge", "inner"))
        elif edge.origin not in network.input_names:
            parts.append(Part(edge.name, "edge", "context"))
    parts += [Part(name, "node", "inner") for name in network.node_names if name in reached and name in leading]
    return tuple(parts)


def without_part(network: Network, part: Part, condition: str) -> Network:
    """The network without an edge, or with a node kept at its resting level."""
    if part.kind == "edge":
        return network.without(part.name)
    level = float(rest_of(network, condition)[network.node_names.index(part.name)])
    node = network.node(part.name)
    held = network.edited(part.name, basal={**node.basal, condition: level})
    edges = tuple(replace(edge, weight=0.0) if edge.target == part.name else edge for edge in held.edges)
    return replace(held, edges=edges)


def goals(case: Case, treatment: Treatment, response: Response) -> FloatArray:
    """Mean goal of every lever over the course at the doses that are given, all players together [lever]."""
    values = np.zeros(len(LEVERS))
    for player, scales, tables in zip(response.players, treatment.drive.rungs, response.tables, strict=True):
        for action, table in zip(player.actions, tables, strict=True):
            mean = mean_and_visit(table[planned_rung(scales)], response.knots, case.window)[0]
            values[tuple(LEVERS).index(action.lever)] += action.greatest(case.scene.values) * mean
    return values


def ablations(case: Case, people: People, parts: Sequence[Part]) -> pd.DataFrame:
    """Levers and gain where each part is missing, one row per part, in the order given.

    Returns
    -------
    pd.DataFrame
        Table with ABLATION_COLUMNS. <lever>_left: share of the lever's mean goal that is left (missing where the lever
        does not move). greatest_change: largest change of any of them. simulated: whether follicles were followed;
        where the change is below LEAST_LEVER_CHANGE they were not and gain, change, error are missing, unless nothing
        changes at all. gain: expected gain without the part; change: against the whole network; error: its Monte-Carlo
        standard error, of twins.
    """
    both = [treatment for treatment in (case.arm, case.control) if treatment is not None]
    shipped = _responses(case, both, case.network)
    whole = [goals(case, treatment, response) for treatment, response in zip(both, shipped, strict=True)]
    scale = np.where(np.abs(whole[0]) > 0.0, np.abs(whole[0]), np.inf)
    rows: list[dict[str, object]] = []
    twins: list[Twin] = list(zip(both, shipped, strict=True))
    place: dict[int, tuple[int, int | None]] = {}
    for number, part in enumerate(parts):
        edited = _responses(case, both, without_part(case.network, part, case.condition))
        left = [goals(case, treatment, response) for treatment, response in zip(both, edited, strict=True)]
        change = np.abs(left[0] - whole[0]) / scale
        rows.append(_described(case, part, left[0], whole[0], float(change.max(initial=0.0))))
        if all(np.array_equal(partial, full) for partial, full in zip(left, whole, strict=True)):
            place[number] = (0, None if case.control is None else 1)
        elif change.max(initial=0.0) >= LEAST_LEVER_CHANGE:
            rows[-1]["simulated"] = True
            at: list[int] = []
            for arm, treatment in enumerate(both):
                if np.array_equal(left[arm], whole[arm]):
                    at.append(arm)
                    continue
                at.append(len(twins))
                twins.append((treatment, edited[arm]))
            place[number] = (at[0], at[1] if len(at) > 1 else None)
    values = outcomes(case, people, twins)
    base = _gain(values, 0, None if case.control is None else 1)
    for number, (arm, control) in place.items():
        gain = _gain(values, arm, control)
        rows[number] |= {
            "gain": float(np.nanmean(gain)),
            "change": float(np.nanmean(gain - base)),
            "error": float(error_of_groups(in_each_group((gain - base)[None]))[0]),
        }
    return pd.DataFrame(rows, columns=list(ABLATION_COLUMNS))


def _responses(case: Case, treatments: Sequence[Treatment], network: Network) -> list[Response]:
    """The response of each treatment through a network, whose state of rest is found once."""
    rest = rest_of(network, case.condition)
    return [
        response_of(treatment.drive, case.scene.values, condition=case.condition, network=network, rest=rest)
        for treatment in treatments
    ]


def _gain(values: FloatArray, arm: int, control: int | None) -> FloatArray:
    return values[arm] - (0.0 if control is None else values[control])


def _described(case: Case, part: Part, left: FloatArray, whole: FloatArray, greatest: float) -> dict[str, object]:
    described: dict[str, object] = {
        "part": part.name, "kind": part.kind, "place": part.place, "greatest_change": greatest, "simulated": False,
        "gain": np.nan, "change": np.nan, "error": np.nan,
    }  # fmt: skip
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(whole != 0.0, left / whole, np.nan)
    described |= {f"{lever}_left": float(share[number]) for number, lever in enumerate(LEVERS)}
    if part.kind == "edge":
        edge = case.network.edge(part.name)
        return described | {
            "sign": edge.sign, "weight": edge.weight, "grade": edge.grade, "system": edge.system,
            "source": edge.source,
        }  # fmt: skip
    node = case.network.node(part.name)
    return described | {"sign": "", "weight": np.nan, "grade": node.grade, "system": "", "source": node.source}
