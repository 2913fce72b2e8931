"""Text of docs/protocol.md: the synopsis of a shipped study, with the numbers as they are now."""

from __future__ import annotations

import os
from pathlib import Path

from power_page import markdown

import anagen
from anagen.parameters import load_parameters
from anagen.planning.printed import Printed

DOCS = Path(__file__).parent
STUDY = "exosome-vs-saline"
TRIALS = DRAWS = 100
SHOWN = ("15a", "18", "19", "27a")
"""Items whose tables the page shows; of item 15a the arms alone."""


def page() -> str:
    """Text of the page.

    Returns
    -------
    str
        Markdown.
    """
    found = anagen.protocol(STUDY, power=True, replicates=TRIALS, draws=DRAWS, workers=os.cpu_count() or 1)
    of_item = {each.item.number: each.answer for each in found.answers}
    states = Printed(
        "Items",
        ("item", "section", "state", "open points"),
        tuple(
            (f"{each.item.number} {each.item.title}", each.item.section, each.answer.state, str(len(each.answer.open)))
            for each in found.answers
        ),
    )
    tables = {number: [markdown(filled(table)) for table in of_item[number].tables] for number in SHOWN}
    return (
        (DOCS / "protocol" / "page.txt")
        .read_text(encoding="utf-8")
        .format(
            sha=load_parameters().sha256(),
            trials=TRIALS,
            draws=DRAWS,
            headline=found.headline(),
            states=markdown(states),
            arms=tables["15a"][0],
            schedule=tables["18"][0],
            sample="\n\n".join([*of_item["19"].text, *tables["19"]]),
            estimand=tables["27a"][0],
            open="\n".join(f"- {number} {title}: {point}" for number, title, point in found.open_points()),
        )
    )


def filled(table: Printed) -> Printed:
    """A table whose first column has a name, as Markdown wants it."""
    header = tuple(name or "what" for name in table.header)
    return Printed(table.title, header, table.rows, table.note)


def write() -> None:
    """Write the page."""
    (DOCS / "protocol.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
