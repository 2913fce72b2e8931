"""Pictures of the Mechanism page, from what it shows."""

from __future__ import annotations

from collections.abc import Callable

from anagen.core.calendar import DAYS_PER_WEEK
from anagen.reports.charts import Band, Line, Mark, line_chart
from anagen.reports.numbers import percent
from anagen.signalling.lit_drawing import Lit, lit_svg
from anagen.studio.mechanism.asked import Asked
from anagen.studio.mechanism.case import followed
from anagen.studio.mechanism.view import LeverView, MechanismView


def network_picture(
    asked: Asked, view: MechanismView, *, title: str, link: Callable[[str], str] | None, legend: bool
) -> str:
    """The network lit by what is given.

    Parameters
    ----------
    asked : Asked
        From the address.
    view : MechanismView
        What is shown.
    title : str
        What is given, in words.
    link : callable or None
        Edge -> address of the page that looks at it.
    legend : bool
        Whether the picture explains itself.

    Returns
    -------
    str
        SVG.
    """
    network = followed(asked.case).prepared.network
    lit = Lit(
        occupied={entry.name: entry.occupancy for entry in view.inputs if entry.occupancy > 0.0},
        rest={node.name: node.rest for node in view.nodes},
        levels={node.name: node.level for node in view.nodes},
        shares={edge.name: edge.share for edge in view.edges if edge.share is not None},
        levers={lever.title: _signed(lever.share) if lever.reached else "" for lever in view.levers},
        silenced=view.silenced,
        own={edge.name for edge in view.edges if edge.own},
        chosen=asked.edge,
    )
    ways = ways_shown(view)
    return lit_svg(network, lit, title=title, link=link, legend=legend, only=None if asked.whole or not ways else ways)


def ways_shown(view: MechanismView) -> frozenset[str]:
    """Edges on the ways to the levers, with those that are silenced and those that were added.

    Parameters
    ----------
    view : MechanismView
        What is shown.

    Returns
    -------
    frozenset of str
        Names.
    """
    return frozenset(edge.name for edge in view.edges if edge.way or edge.silenced or edge.own)


def lever_picture(lever: LeverView, week: int, weeks: int) -> str:
    """One lever over time, beside what it would be with every edge on where edges were changed.

    Parameters
    ----------
    lever : LeverView
        The lever.
    week : int
        Week that is looked at.
    weeks : int
        How long it is followed.

    Returns
    -------
    str
        SVG.
    """
    x = [day / DAYS_PER_WEEK for day in range(len(lever.course))]
    lines = [Line("as edited" if lever.course != lever.whole else lever.title, x, lever.course)]
    if lever.course != lever.whole:
        lines.append(Line("every edge on", x, lever.whole, aside=True))
    greatest = max(lever.course, key=abs)
    return line_chart(
        lines,
        name=f"lever-{lever.name.replace('_', '-')}",
        title=f"{lever.title[:1].upper()}{lever.title[1:]} over {weeks} weeks",
        description=f"In week {week}: {lever.words}. Furthest from rest: {_signed(greatest)} {lever.of}.",
        x_title="week",
        y_title=f"{lever.of}, %",
        bands=[Band("5 to 95 %", x, lever.low, lever.high)] if lever.low else (),
        marks=[Mark(week + 0.5, f"week {week}: {_signed(lever.share)}")],
        percent=True,
        width=400.0,
        height=230.0,
    )


def _signed(share: float) -> str:
    return ("+" if share > 0.0 else "") + percent(share, 0 if abs(share) >= 0.0995 else 1)
