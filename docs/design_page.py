"""Text and picture of docs/design.md: a trial that is searched, and a goal that no trial reaches, as they are now."""

from __future__ import annotations

import os
from pathlib import Path

from power_page import markdown

import anagen
from anagen.parameters import load_parameters
from anagen.planning.search.printed import printed_tables
from anagen.planning.search.wording import findings, how_to_read
from anagen.reports.page import draw_all

DOCS = Path(__file__).parent
FOLDER = DOCS / "design"
STUDY = FOLDER / "minoxidil.yaml"
VARY = ["arms.minoxidil.formulation=solution-2%,solution-5%", "week=16,24"]
BEYOND, BEYOND_VARY = "exosome-vs-saline", ["dose=1e10,3e10", "week=24"]
GOAL, BUDGET, DRAWS = "assurance=0.8", "500000 EUR", 60


def page() -> str:
    """Text of the page; writes its picture and the best study beside it.

    Returns
    -------
    str
        Markdown.
    """
    workers = os.cpu_count() or 1
    found = anagen.design(STUDY, VARY, goal=GOAL, budget=BUDGET, draws=DRAWS, workers=workers)
    beyond = anagen.design(BEYOND, BEYOND_VARY, goal=GOAL, draws=DRAWS, trials=60, workers=workers)
    (drawn,) = draw_all({"front": lambda: (found.plot(), found.headline())}, png=False).values()
    (FOLDER / "front.svg").write_bytes(drawn.svg)
    if found.study is None:
        raise RuntimeError("the example no longer has a trial that reaches its goal: choose another")
    front, designs, *items = printed_tables(found)
    return (
        (FOLDER / "page.txt")
        .read_text(encoding="utf-8")
        .format(
            sha=load_parameters().sha256(),
            vary=" ".join(f"--vary {each}" for each in VARY),
            goal=GOAL,
            budget=BUDGET,
            draws=DRAWS,
            headline=found.headline(),
            findings=listed(findings(found)),
            front=markdown(front),
            designs=markdown(designs),
            items="\n\n".join(markdown(table) for table in items),
            reading=listed(how_to_read(found)),
            study=found.study.to_yaml().strip(),
            beyond_vary=" ".join(f"--vary {each}" for each in BEYOND_VARY),
            beyond=beyond.headline(),
            beyond_reading=listed(how_to_read(beyond)[-2:]),
        )
    )


def listed(sentences: list[str]) -> str:
    """Sentences as a list."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def write() -> None:
    """Write the page and its picture."""
    (DOCS / "design.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
