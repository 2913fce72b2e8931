"""The page of a protocol: one self-contained HTML file, items in the order of SPIRIT 2025, open points marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anagen.planning.synopsis.answer import ANSWERED, IN_PART, OPEN, capital
from anagen.planning.synopsis.items import SOURCE
from anagen.planning.wording import DISCLAIMER
from anagen.reports.cells import Cell, Table, figure, grouped, words
from anagen.reports.numbers import is_figure
from anagen.reports.page import render

if TYPE_CHECKING:
    from anagen.planning.printed import Printed
    from anagen.planning.synopsis.result import ProtocolSynopsis

BADGES = {ANSWERED: "met", IN_PART: "part", OPEN: "open"}
NOTICE = (
    "This is a draft made from a study file. It is no protocol until every open point is filled in and it was reviewed "
    "by a statistician, an ethics committee and the authorities concerned."
)


def build_page(result: ProtocolSynopsis) -> str:
    """HTML of the page.

    Parameters
    ----------
    result : ProtocolSynopsis
        What is told.

    Returns
    -------
    str
        The page; the same bytes for the same result.
    """
    sections: dict[str, list[dict[str, object]]] = {}
    for each in result.answers:
        sections.setdefault(each.item.section, []).append(
            {
                "number": each.item.number,
                "title": each.item.title,
                "asks": each.item.asks,
                "state": each.answer.state,
                "badge": BADGES[each.answer.state],
                "text": each.answer.text,
                "points": each.answer.points,
                "tables": [table_of(table) for table in each.answer.tables],
                "open": [capital(point) for point in each.answer.open],
            }
        )
    return render(
        "planning/templates/protocol.html.j2",
        styles=("planning/templates/protocol.css",),
        title=result.title,
        headline=result.headline(),
        notice=(NOTICE, DISCLAIMER),
        source=SOURCE,
        sections=list(sections.items()),
        open_points=[(number, title, capital(point)) for number, title, point in result.open_points()],
        method=result.method(),
    )


def table_of(table: Printed) -> Table:
    """A table for the page; in a schedule, rows without marks head those below them."""
    if table.header[:1] != ("",):
        # numbers stand flush right where a column holds nothing else
        numeric = [all(is_figure(row[i]) for row in table.rows) for i in range(len(table.header))]
        body = tuple(
            tuple(figure(cell) if i and numeric[i] else Cell(((cell, None),)) for i, cell in enumerate(row))
            for row in table.rows
        )
        return Table(table.title, tuple(name[:1].upper() + name[1:] for name in table.header), body, table.note)
    groups: list[tuple[str, tuple[Cell, ...]]] = []
    heading = ""
    for row in table.rows:
        if not any(row[1:]):
            heading = row[0]
            continue
        groups.append((heading, tuple(figure(cell) if place else words(cell) for place, cell in enumerate(row))))
    columns = tuple(name[:1].upper() + name[1:] for name in table.header)
    return Table(table.title, columns, grouped(groups), table.note)
