"""Text and pictures of docs/power.md: power and assurance of a shipped study, with the numbers as they are now."""

from __future__ import annotations

import os
from pathlib import Path

import anagen
from anagen.parameters import load_parameters
from anagen.planning.printed import Printed, printed_tables
from anagen.planning.wording import findings, how_to_read
from anagen.reports.page import draw_all

DOCS = Path(__file__).parent
FOLDER = DOCS / "power"
STUDY = "exosome-vs-saline"
SIZES = (20, 40, 80, 160)
SCENARIO_DRAWS = SCENARIO_TRIALS = 100
TEMPLATE = DOCS / "power" / "page.txt"


def page() -> str:
    """Text of the page; writes its pictures beside it.

    Returns
    -------
    str
        Markdown.
    """
    workers = os.cpu_count() or 1
    found = anagen.power(STUDY, SIZES, workers=workers)
    own = anagen.power(STUDY, SIZES, effect="8 hairs/cm^2", sd="20 hairs/cm^2", effect_sd="9 hairs/cm^2", correlation=0)
    grid = anagen.power(
        STUDY,
        (20,),
        effect=8,
        sd=20,
        correlation=0,
        replicates=SCENARIO_TRIALS,
        draws=SCENARIO_DRAWS,
        scenarios=FOLDER / "scenarios.yaml",
        workers=workers,
    )
    for name, result in (("power", found), ("own", own)):
        write_picture(name, result)
    ladder, estimates, *_, needed = printed_tables(found)
    return TEMPLATE.read_text(encoding="utf-8").format(
        sha=load_parameters().sha256(),
        headline=found.headline(),
        findings="\n".join(f"- {sentence}" for sentence in findings(found)),
        ladder=markdown(ladder),
        estimates=markdown(estimates),
        needed=markdown(needed),
        reading="\n".join(f"- {sentence}" for sentence in how_to_read(found)),
        own=markdown(printed_tables(own)[0]),
        own_headline=own.headline(),
        scenarios=(FOLDER / "scenarios.yaml").read_text(encoding="utf-8").strip(),
        grid=markdown(printed_tables(grid)[-1]),
        scenario_trials=SCENARIO_TRIALS,
        scenario_draws=SCENARIO_DRAWS,
    )


def write_picture(name: str, result: anagen.Power) -> None:
    """Write the picture of a result beside the page."""
    (drawn,) = draw_all({name: lambda: (result.plot("power"), result.headline())}, png=False).values()
    (FOLDER / f"{name}.svg").write_bytes(drawn.svg)


def markdown(table: Printed) -> str:
    """A table as Markdown, with its title above and its note below."""
    lines = [f"*{table.title}*", "", _row(table.header), _row(["---"] * len(table.header))]
    lines += [_row(row) for row in table.rows]
    return "\n".join([*lines, "", table.note] if table.note else lines)


def _row(cells: list[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def write() -> None:
    """Write the page and its pictures."""
    (DOCS / "power.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    write()
