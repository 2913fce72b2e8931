"""Tables of the Mechanism page: edges and levers as CSV, and where its figures come from."""

from __future__ import annotations

from anagen.signalling.network import EVIDENCE_GRADES
from anagen.studio.mechanism.view import MechanismView
from anagen.studio.page import Source
from anagen.studio.sheets import sheet
from anagen.therapies import THERAPIES

MOST_SOURCES = 12


def edges_csv(view: MechanismView) -> str:
    """Every edge with what it carries and where it comes from.

    Parameters
    ----------
    view : MechanismView
        What is shown.

    Returns
    -------
    str
        CSV with a header.
    """
    levers = [lever.name for lever in view.levers]
    header = ["edge", "from", "to", "sign", "weight", "grade", "silenced", "added"]
    header += [*(f"share of {lever}" for lever in levers), "system", "source", "note"]
    rows = [
        [
            edge.name, edge.origin, edge.target, edge.sign, edge.weight, edge.grade, edge.silenced, edge.own,
            *(edge.shares.get(lever, "") for lever in levers), edge.system, edge.source, edge.note,
        ]
        for edge in view.edges
    ]  # fmt: skip
    return sheet(header, rows)


def levers_csv(view: MechanismView) -> str:
    """Every lever on every day: a share removed, or a factor less 1.

    Parameters
    ----------
    view : MechanismView
        What is shown.

    Returns
    -------
    str
        CSV with a header.
    """
    rows = [
        [day, lever.name, lever.of, here, whole, *((lever.low[day], lever.high[day]) if lever.low else ("", ""))]
        for lever in view.levers
        for day, (here, whole) in enumerate(zip(lever.course, lever.whole, strict=True))
    ]
    return sheet(["day", "lever", "of", "share", "share with every edge on", "low 5 %", "high 95 %"], rows)


def sources_of(view: MechanismView) -> list[Source]:
    """Where the figures come from: the therapies, the edges that carry most, and what is assumed.

    Parameters
    ----------
    view : MechanismView
        What is shown.

    Returns
    -------
    list of Source
        For "How sure is this?".
    """
    found = [
        Source(f"How far {THERAPIES[name].title} moves the levers at most", f"posterior; trials: grade {_grade(name)}",
               THERAPIES[name].source)
        for name in view.given
    ]  # fmt: skip
    carrying = [edge for edge in view.edges if edge.share is not None and not edge.silenced][:MOST_SOURCES]
    found += [
        Source(f"{edge.name} ({edge.sign})", f"{edge.grade}: {EVIDENCE_GRADES[edge.grade]}", edge.source or edge.note)
        for edge in carrying
    ]
    found.append(
        Source("Weights, half-levels and levels at rest", "assumption", "docs/signalling.md: signs alone have sources")
    )
    return found


def _grade(therapy: str) -> str:
    return THERAPIES[therapy].grade or "none"
