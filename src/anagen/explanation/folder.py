"""The files of an explanation: JSON, tables, pictures and page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from anagen.core.disk import write_durably
from anagen.core.plain import json_text
from anagen.explanation import wording
from anagen.explanation.explain import Explanation
from anagen.explanation.page import build_page, draw_pictures
from anagen.reports.page import write_figures

PAGE, DOCUMENT = "explain.html", "explain.json"


def document_of(explanation: Explanation) -> dict[str, Any]:
    """Everything that was found, as plain values: what `anagen explain --json` prints."""
    return {
        **explanation.about,
        "headline": wording.headline(explanation),
        "findings": wording.sentences(explanation),
        "notes": wording.notes(explanation),
        **{name: table.to_dict(orient="records") for name, table in explanation.tables().items()},
    }


def write_explanation(explanation: Explanation, folder: Path) -> None:
    """Write explain.html, explain.json, a CSV file per table and the pictures into an existing folder.

    The same explanation gives the same bytes.

    Parameters
    ----------
    explanation : Explanation
        What is written.
    folder : Path
        An existing folder.
    """
    pictures = draw_pictures(explanation)
    write_durably(folder / DOCUMENT, f"{json_text(document_of(explanation))}\n".encode())
    for name, table in explanation.tables().items():
        write_durably(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n").encode())
    write_figures(pictures, folder)
    write_durably(folder / PAGE, build_page(explanation, pictures).encode())
