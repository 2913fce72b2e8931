"""The folder of a prognosis: table, people, answer, pictures and the scalps drawn."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from anagen.core.disk import write_durably
from anagen.core.plain import json_text
from anagen.reports.page import draw_all, write_figures

if TYPE_CHECKING:
    from anagen.prognoses.result import Prognosis

WEEKS, PEOPLE, ANSWER, SCALPS, STUDY = "weeks.csv", "people.csv", "prognosis.json", "scalps.svg", "study.yaml"


def write_prognosis(result: Prognosis, folder: Path) -> None:
    """Write everything into an existing folder, byte for byte the same each time.

    Parameters
    ----------
    result : Prognosis
        What is written.
    folder : Path
        Where.
    """
    write_durably(folder / WEEKS, result.table.to_csv(index=False, lineterminator="\n").encode())
    if result.people is not None:
        write_durably(folder / PEOPLE, result.people.to_csv(index=False, lineterminator="\n").encode())
    write_durably(folder / ANSWER, f"{json_text(result.document())}\n".encode())
    write_durably(folder / STUDY, result.asked.study.to_yaml().encode())
    last = int(result.asked.weeks[-1])
    write_durably(folder / SCALPS, result.scalps(sorted({0, last // 2, last})))
    alt = result.headline()
    names = result.figures()
    drawn = draw_all({name: (lambda name=name: (result.plot(name), alt)) for name in names})
    write_figures(drawn, folder)
