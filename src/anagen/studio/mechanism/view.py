"""What the Mechanism page shows, as data: the same for the page and for programs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.reports.mechanism import EFFECT_TITLES, LEVER_WORDS, effect_share, effect_words
from anagen.signalling.carrying import edges_on_the_way, reached_levers
from anagen.signalling.network.elements import EvidenceGrade
from anagen.signalling.network.terms import factor_of, place_of, transfer_of
from anagen.signalling.tracing import occupied_together
from anagen.studio.mechanism.asked import Asked
from anagen.studio.mechanism.case import Case, Followed, bands_of, followed
from anagen.therapies import Lever

_DOI = re.compile(r"10\.\d{4,9}/[^\s;,\"'<>]+[^\s;,.\"'<>)]")


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class InputView(_View):
    """An input of the network: name, words, mean occupancy in the week (0 to 1)."""

    name: str
    title: str
    occupancy: float


class NodeView(_View):
    """A node: name, words, level at rest and in the week (0 to 1)."""

    name: str
    title: str
    rest: float
    level: float


class EdgeView(_View):
    """An edge of the network.

    way: whether it is on a way from what is given to a lever while nothing is silenced. share: the one that is shown,
    of one lever or the largest of any; None where it is on no way to it. shares: of every lever. transfer, factor,
    place: its term in the equation of its target. dois: those that its source names.
    """

    name: str
    origin: str
    target: str
    sign: str
    weight: float
    grade: EvidenceGrade
    system: str
    source: str
    note: str
    dois: tuple[str, ...]
    way: bool
    share: float | None
    shares: dict[str, float]
    silenced: bool
    own: bool
    transfer: str
    factor: str
    place: str


class LeverView(_View):
    """A lever of the follicle's cycle over time.

    effect: in the week, as `anagen.therapies.LEVERS` tells it; share: the same as a share removed or a factor less 1.
    course: the share on each day; whole: the same with every edge on; low, high: 5 and 95 % over parameter draws, empty
    where the range is not asked for. reached: whether anything moves it; through,
    beside: whether anything would do so through the network, and beside it.
    """

    name: str
    title: str
    of: str
    words: str
    effect: float
    share: float
    course: tuple[float, ...]
    whole: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    reached: bool
    through: bool
    beside: bool


class MechanismView(_View):
    """What follows from what is given.

    given: therapies; nothing: whether nothing reaches a lever through the network.
    """

    given: tuple[str, ...]
    condition: str
    sex: str
    weeks: int
    week: int
    inputs: tuple[InputView, ...]
    nodes: tuple[NodeView, ...]
    edges: tuple[EdgeView, ...]
    levers: tuple[LeverView, ...]
    silenced: tuple[str, ...]
    nothing: bool


def view_of(asked: Asked) -> MechanismView:
    """What is shown of a case.

    Parameters
    ----------
    asked : Asked
        From the address.

    Returns
    -------
    MechanismView
        Every number from functions of the product.
    """
    case = asked.case
    found = followed(case)
    whole = followed(Case(case.given, case.condition, case.sex, case.weeks)) if case.without or case.own else found
    first, last = asked.week * DAYS_PER_WEEK, (asked.week + 1) * DAYS_PER_WEEK
    occupied = found.traced.occupied(first, last)
    levels = found.traced.levels_between(first, last)
    network = found.prepared.network
    rest = dict(zip(network.node_names, found.traced.rest.tolist(), strict=True))
    return MechanismView(
        given=tuple(one.therapy for one in case.given),
        condition=found.prepared.condition,
        sex=case.sex,
        weeks=int(case.weeks),
        week=asked.week,
        inputs=tuple(
            InputView(name=entry.name, title=entry.title, occupancy=occupied.get(entry.name, 0.0))
            for entry in network.inputs
        ),
        nodes=tuple(
            NodeView(name=node.name, title=node.title, rest=rest[node.name], level=levels[node.name])
            for node in network.nodes
        ),
        edges=_edges(asked, found),
        levers=_levers(asked, found, whole),
        silenced=tuple(sorted(found.silenced)),
        nothing=not reached_levers(found.traced),
    )


def shown_share(shares: Mapping[str, float], lever: str) -> float | None:
    """The share of an edge that is shown: of one lever, or the largest of any.

    Parameters
    ----------
    shares : Mapping of str to float
        Lever -> share.
    lever : str
        Its name; "" for the largest of any.

    Returns
    -------
    float or None
        None where the edge is on no way to it.

    Examples
    --------
    >>> shown_share({"calibre_gain": 0.1, "telogen_exit": -0.4}, "")
    -0.4
    """
    if lever:
        return shares.get(lever)
    return max(shares.values(), key=abs, default=None)


def _edges(asked: Asked, found: Followed) -> tuple[EdgeView, ...]:
    """Edges with a weight: those that carry most first, then others on the ways, then the rest as they are listed."""
    network = found.prepared.network
    own = {edge.name for edge in asked.case.own}
    occupied = [name for name in occupied_together(found.prepared.drive) if name in network.input_names]
    ways = {edge.name for edge in edges_on_the_way(network, occupied, found.traced.through)}
    rows: list[EdgeView] = []
    for edge in network.edges:
        if edge.weight == 0.0:
            continue
        shares: dict[str, float] = {str(lever): share for lever, share in found.shares.get(edge.name, {}).items()}
        rows.append(
            EdgeView(
                name=edge.name,
                origin=edge.origin,
                target=edge.target,
                sign=edge.sign,
                weight=edge.weight,
                grade=edge.grade,
                system=edge.system,
                source=edge.source,
                note=edge.note,
                dois=tuple(_DOI.findall(f"{edge.source} {edge.note}")),
                way=edge.name in ways,
                share=shown_share(shares, asked.lever),
                shares=shares,
                silenced=edge.name in found.silenced,
                own=edge.name in own,
                transfer=transfer_of(edge, from_input=edge.origin in network.input_names),
                factor=factor_of(edge),
                place=place_of(edge),
            )
        )
    return tuple(
        sorted(rows, key=lambda row: (not (row.way or row.silenced), row.share is None, -abs(row.share or 0.0)))
    )


def _levers(asked: Asked, found: Followed, whole: Followed) -> tuple[LeverView, ...]:
    reached = reached_levers(found.traced)
    names: dict[Lever, None] = dict.fromkeys([*whole.traced.through, *whole.traced.beside])
    bands = bands_of(asked.case) if asked.range else {}
    day = int(asked.week * DAYS_PER_WEEK + 0.5 * DAYS_PER_WEEK)
    rows: list[LeverView] = []
    for name in names:
        effect = float(found.traced.effect(name)[day])
        low, high = bands.get(name, ((), ()))
        rows.append(
            LeverView(
                name=name,
                title=LEVER_WORDS[name],
                of=EFFECT_TITLES[name],
                words=effect_words(name, effect),
                effect=effect,
                share=effect_share(name, effect),
                course=_course(found, name),
                whole=_course(whole, name),
                low=tuple(effect_share(name, value) for value in low),
                high=tuple(effect_share(name, value) for value in high),
                reached=name in reached or name in found.traced.beside,
                through=name in found.traced.through,
                beside=name in found.traced.beside,
            )
        )
    return tuple(rows)


def _course(found: Followed, lever: Lever) -> tuple[float, ...]:
    return tuple(effect_share(lever, effect) for effect in found.traced.effect(lever).tolist())
